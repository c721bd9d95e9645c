"""Which form is meant: the tenant's own version, a vertical's, or one that every tenant has."""

import hashlib
from typing import Any, NamedTuple

import msgspec

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.kit.entities import encode, json_text
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.records import queries, rules
from aftersales.records.commands import (
    CHOICES_AT_ONCE,
    FIELDS_AT_ONCE,
    FieldDetails,
    RetireFormTemplate,
    SaveFormTemplate,
)
from aftersales.records.core_forms import CORE_FORMS
from aftersales.records.models import FormTemplateRow
from aftersales.scope import TenantScope, TenantWork
from aftersales.terms.base import Label
from aftersales.terms.records import FieldCondition, FormField, FormTemplate

DIGEST_LENGTH = 12


class Form(NamedTuple):
    """A form, the vertical that brings it (None: the tenant's own or everybody's), and its version."""

    template: FormTemplate
    vertical: str | None
    version: str


def from_stored(definition: dict[str, Any]) -> FormTemplate:
    """A form as it was kept."""
    return msgspec.convert(definition, FormTemplate, strict=False)


def to_stored(template: FormTemplate) -> dict[str, Any]:
    """A form as it is kept."""
    kept: dict[str, Any] = msgspec.to_builtins(template, enc_hook=encode)
    return kept


def digest(template: FormTemplate) -> str:
    """The version of a declared form: the same for the same content."""
    return hashlib.sha256(json_text(to_stored(template))).hexdigest()[:DIGEST_LENGTH]


def declared_forms(scope: TenantScope, vertical: str | None = None) -> list[Form]:
    """The forms of one vertical (VERTICAL_NOT_ENABLED) or of all, then those that every tenant has."""
    named = [vertical] if vertical is not None else sorted(scope.playbook.verticals)
    found = [
        Form(template, name, digest(template)) for name in named for template in scope.vertical(name).form_templates
    ]
    taken = {form.template.code for form in found}
    return found + [Form(core, None, digest(core)) for core in CORE_FORMS if core.code not in taken]


async def forms_of(uow: TenantWork, vertical: str | None = None) -> list[Form]:
    """Every form that may be filled in; the tenant's own take the place of declared ones with the same code."""
    own = [
        Form(from_stored(row.definition), row.vertical, str(row.form_version))
        for row in await queries.active_templates(uow)
        if vertical is None or row.vertical in {None, vertical}
    ]
    taken = {form.template.code for form in own}
    return own + [form for form in declared_forms(uow.scope, vertical) if form.template.code not in taken]


async def form_of(uow: TenantWork, code: str, vertical: str | None = None) -> Form:
    """The form of that code, the vertical's before another's; FORM_UNKNOWN."""
    found = next((form for form in await forms_of(uow, vertical) if form.template.code == code), None)
    if found is None and vertical is not None:
        found = next((form for form in await forms_of(uow) if form.template.code == code), None)
    if found is None:
        raise InvalidInput("FORM_UNKNOWN", field="form", form=code)
    return found


async def save_form_template(uow: TenantWork, command: SaveFormTemplate) -> FormTemplateRow:
    """Keep a form of the tenant's own; one with the same code becomes its next version.

    FORM_INVALID, REQUIRED, TEXT_TOO_LONG, VERTICAL_NOT_ENABLED.
    """
    require(uow.actor, "settings.manage")
    if command.vertical is not None:
        uow.scope.enabled(command.vertical)
    code = clean_text(command.code, "code", CODE_LIMIT, required=True)
    if len(command.fields) > FIELDS_AT_ONCE:
        raise InvalidInput("FORM_INVALID", field="fields", reason=f"more than {FIELDS_AT_ONCE} fields")
    template = FormTemplate(
        code=code,
        label=Label(
            *(_name(text, field) for text, field in ((command.name_zh, "nameZh"), (command.name_en, "nameEn")))
        ),
        source="tenant",
        fields=tuple(_field(field, f"fields.{number}") for number, field in enumerate(command.fields)),
        signatures=tuple(clean_text(one, "signatures", CODE_LIMIT, required=True) for one in command.signatures),
        seal=command.seal,
        unique_per=command.unique_per,
        about=command.about,
        filled_by=command.filled_by,
        internal=command.internal,
        keep_years=command.keep_years,
    )
    rules.check_template(template)
    number = 1
    for earlier in await queries.templates_of_code(uow, code):
        earlier.state = "retired"
        number = max(number, earlier.form_version + 1)
    row = uow.add(
        FormTemplateRow(
            id=new_id(), code=code, form_version=number, vertical=command.vertical, definition=to_stored(template),
            created_at=uow.now, actor=uow.actor.label,
        )
    )  # fmt: skip
    await _note(uow, "form.saved", row)
    return row


async def retire_form_template(uow: TenantWork, command: RetireFormTemplate) -> FormTemplateRow:
    """Begin no more records with this form; a declared form of the same code counts again."""
    require(uow.actor, "settings.manage")
    row = await locked(uow, FormTemplateRow, command.form_template_id, command.expected_version)
    if row.state != "active":
        raise StateRefused("FORM_UNKNOWN", field="formTemplateId", form=row.code)
    row.state = "retired"
    await _note(uow, "form.retired", row)
    return row


def _name(text: str, field: str) -> str:
    return clean_text(text, field, NAME_LIMIT, required=True)


def _field(given: FieldDetails, path: str) -> FormField:
    if len(given.choices) > CHOICES_AT_ONCE or len(given.must_be) > CHOICES_AT_ONCE:
        raise InvalidInput("FORM_INVALID", field=f"{path}.choices", reason=f"more than {CHOICES_AT_ONCE} choices")
    condition = given.required_when
    return FormField(
        code=clean_text(given.code, f"{path}.code", CODE_LIMIT, required=True),
        label=Label(_name(given.name_zh, f"{path}.nameZh"), _name(given.name_en, f"{path}.nameEn")),
        kind=given.kind,
        required=given.required,
        required_when=FieldCondition(field=condition.field, values=condition.values) if condition else None,
        choices=tuple(clean_text(one, f"{path}.choices", NAME_LIMIT, required=True) for one in given.choices),
        minimum=given.minimum,
        maximum=given.maximum,
        must_be=given.must_be,
        section=clean_text(given.section, f"{path}.section", NAME_LIMIT) or None,
    )


async def _note(uow: TenantWork, kind: str, row: FormTemplateRow) -> None:
    await journal.record(
        uow, kind, subject_type="form", subject_id=row.id, data={"code": row.code, "form_version": row.form_version}
    )
