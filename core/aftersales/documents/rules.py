"""Which documents may leave the house, and which are ready to be published. Pure."""

from collections.abc import Mapping
from typing import Any

from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.records import Deliverable


def check_may_leave(confidentiality: str) -> None:
    """DOCUMENT_SECRET for a trade secret, whoever asks for it (P09-03)."""
    if confidentiality == "secret":
        raise StateRefused("DOCUMENT_SECRET", field="documentId")


def check_publishable(declared: Deliverable, author_department: str | None, sections: Mapping[str, Any]) -> None:
    """DOCUMENT_AUTHOR_WRONG for another department than the one that writes it, DOCUMENT_SECTION_MISSING (P11-34)."""
    if declared.author is not None and author_department != declared.author:
        raise InvalidInput("DOCUMENT_AUTHOR_WRONG", field="authorDepartment", author=declared.author)
    for section in declared.sections:
        if not sections.get(section):
            raise InvalidInput("DOCUMENT_SECTION_MISSING", field=f"sections.{section}", section=section)
