"""Which documents may leave the house. Pure."""

from aftersales.kit.errors import StateRefused


def check_may_leave(confidentiality: str) -> None:
    """DOCUMENT_SECRET for a trade secret, whoever asks for it (P09-03)."""
    if confidentiality == "secret":
        raise StateRefused("DOCUMENT_SECRET", field="documentId")
