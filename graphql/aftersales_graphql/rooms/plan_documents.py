"""The after-sales plan in words, from the terms, each sentence with its clause."""

import strawberry

from aftersales.kit.errors import InvalidInput, Language
from aftersales.kit.messages import LANGUAGES
from aftersales.plandocs import rendering, service
from aftersales.plandocs.commands import PlanDocumentRequest
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import id_given


@strawberry.type(description="One promise in words.")
class PlanSentence:
    text: str
    clause: str | None = strawberry.field(description="The clause that the term comes from.")
    clauses: list[str] = strawberry.field(description="All clauses that the sentence keeps, the term's own first.")
    source: str = strawberry.field(description="Who set it; `default` is ours, because the text gives nothing.")
    kind: str = strawberry.field(description="The kind of term, by the name of its declaration.")
    term: str = strawberry.field(description="The term's code.")


@strawberry.type(description="Sentences under one heading.")
class PlanSection:
    code: str
    title: str
    sentences: list[PlanSentence]


@strawberry.type(description="An after-sales plan as a document; as Word at `/t/{tenant}/plans/document.docx`.")
class PlanDocument:
    title: str
    language: str
    sections: list[PlanSection]
    html: str = strawberry.field(description="A page of its own, to be shown or printed; it loads and runs nothing.")


@query()
async def plan_document(
    call: Call,
    vertical: str | None = None,
    contract_id: strawberry.ID | None = None,
    language: str | None = None,
    service_plan_id: strawberry.ID | None = None,
) -> PlanDocument:
    """What is offered now for a vertical, a service plan, or a contract as it was signed: exactly one of them.

    `language` is zh-CN or en, by default the caller's.
    """
    made = await service.plan_document(
        call.uow,
        PlanDocumentRequest(
            language=language_given(language, call.language),
            vertical=vertical,
            contract_id=None if contract_id is None else id_given("ServiceContract", contract_id, "contractId"),
            service_plan_id=None
            if service_plan_id is None
            else id_given("ServicePlan", service_plan_id, "servicePlanId"),
        ),
    )
    return PlanDocument(
        title=made.title,
        language=made.language,
        sections=[
            PlanSection(
                code=section.code,
                title=section.title,
                sentences=[
                    PlanSentence(
                        text=one.text, clause=one.clause, clauses=list(one.clauses), source=one.source,
                        kind=one.kind, term=one.term,
                    )
                    for one in section.sentences
                ],
            )
            for section in made.sections
        ],
        html=rendering.html(made),
    )  # fmt: skip


def language_given(value: str | None, default: Language) -> Language:
    """A language by its code; VALUE_UNKNOWN for one that there isn't."""
    for known in LANGUAGES:
        if known == (value or default):
            return known
    raise InvalidInput(
        "VALUE_UNKNOWN", field="language", field_name="language", value=value, known=", ".join(LANGUAGES)
    )


@root
class PlanDocumentQueries:
    plan_document = plan_document
