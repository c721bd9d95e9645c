"""Forms to fill, documents to hand over."""

from typing import Literal

from msgspec import Struct

from aftersales.terms.base import Label, Term


class FormField(Struct, frozen=True, kw_only=True):
    """A field of a form."""

    code: str
    label: Label
    kind: Literal["text", "number", "date", "instant", "choice", "signature", "photo", "boolean"] = "text"
    required: bool = True
    choices: tuple[str, ...] = ()


class FormTemplate(Term, frozen=True, kw_only=True):
    """A record that must be kept in this shape; `signatures` names who signs it."""

    fields: tuple[FormField, ...]
    signatures: tuple[str, ...] = ()
    unique_per: Literal["asset", "site", "ticket", "worker"] | None = None


class ReferenceStandard(Term, frozen=True, kw_only=True):
    """A published standard that the text refers to; `superseded_by` is the edition that replaced it (A30)."""

    designation: str
    superseded_by: str | None = None


class Deliverable(Term, frozen=True, kw_only=True):
    """A document the customer must have received by a phase, and how confidential it may be."""

    due: Literal["go_live", "handover", "per_visit", "on_request", "per_period", "on_event"]
    confidentiality: Literal["public", "customer", "secret"] = "customer"
