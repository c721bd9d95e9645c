"""Forms to fill, the records without which work doesn't go on, documents to hand over."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from aftersales.terms.base import Label, Term
from aftersales.terms.deadlines import TargetScope

FieldKind = Literal["text", "number", "date", "instant", "choice", "choices", "signature", "photo", "boolean"]
RecordSubject = Literal["ticket", "work_order", "visit", "asset", "site", "customer", "contract", "dealer", "worker"]
Due = Literal["go_live", "handover", "acceptance", "per_visit", "on_request", "per_period", "on_event"]
GatedOperation = Literal[
    "start", "propose_plan", "resolve", "close", "visit_done", "work_order_done", "phase", "acceptance", "handover",
    "revisit", "substitute", "record",
]  # fmt: skip


class FieldCondition(Struct, frozen=True, kw_only=True):
    """A field has one of these values; a boolean is `true` or `false`, a number as it is written."""

    field: str
    values: tuple[str, ...]


class FormField(Struct, frozen=True, kw_only=True):
    """A field of a form.

    `required_when` asks for it only while another field has a value. A number lies between `minimum` and `maximum`
    (both included). `must_be` are the values without which the form isn't submitted, such as a box to be ticked.
    A photo is a file that was uploaded to the record under the field's code.
    """

    code: str
    label: Label
    kind: FieldKind = "text"
    required: bool = True
    required_when: FieldCondition | None = None
    choices: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    must_be: tuple[str, ...] = ()
    section: str | None = None


class FormTemplate(Term, frozen=True, kw_only=True):
    """A record that must be kept in this shape.

    `signatures` names who signs it, `seal` wants the stamp of a company as well. `about` is what a record must be
    linked to. `filled_by` are outsiders (`customer`, `dealer`) who may fill it in beside the company's own people;
    an `internal` record isn't shown to customers. It is kept for `keep_years` at least; None: for good.
    """

    fields: tuple[FormField, ...]
    signatures: tuple[str, ...] = ()
    seal: bool = False
    unique_per: RecordSubject | None = None
    kind: Literal["record", "register", "report", "sheet", "card", "certificate", "survey"] = "record"
    about: tuple[RecordSubject, ...] = ()
    filled_by: tuple[Literal["customer", "dealer"], ...] = ()
    internal: bool = False
    keep_years: int | None = None


class RecordRule(Term, frozen=True, kw_only=True):
    """An operation that is refused while a record or a document is missing.

    `needs` are codes of forms: one complete record of each must be linked to what the operation is about (the
    ticket, work order, visit, asset, contract, or the record that is submitted, `forms`), in `state` or beyond;
    `where` are values that it must have. `anywhere` looks for it without that link. `matching` names a field of the
    record that must be equal to the operation's key: the part that is fitted, say. `deliverables` must have been
    received. `phases` are the phases of a contract before which it stands, `scope` chooses tickets.
    """

    before: GatedOperation
    needs: tuple[str, ...] = ()
    state: Literal["submitted", "archived"] = "submitted"
    where: tuple[FieldCondition, ...] = ()
    matching: str | None = None
    anywhere: bool = False
    forms: tuple[str, ...] = ()
    deliverables: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    scope: TargetScope = TargetScope()


class ReferenceStandard(Term, frozen=True, kw_only=True):
    """A published standard that the text refers to; `superseded_by` is the edition that replaced it (A30)."""

    designation: str
    superseded_by: str | None = None


class Deliverable(Term, frozen=True, kw_only=True):
    """A document the customer must have received by a phase, and how confidential it may be.

    `author` is the department that writes it, `sections` are what it must hold before it is published. `asset_types`
    limits it to assets of these types. `form` is a record that serves as the document.
    """

    due: Due
    confidentiality: Literal["public", "customer", "secret"] = "customer"
    author: str | None = None
    sections: tuple[str, ...] = ()
    asset_types: tuple[str, ...] = ()
    form: str | None = None
