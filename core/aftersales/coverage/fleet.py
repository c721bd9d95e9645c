"""One question about a whole fleet, answered asset by asset: a recall, a batch of tubes, a frozen winter."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from aftersales.access import require
from aftersales.assets import rules as asset_rules
from aftersales.contracts.amendments import terms_as_of
from aftersales.contracts.models import ServiceContract
from aftersales.coverage import queries, rules
from aftersales.coverage.compiling import AGREED, agreed_terms, compile_terms
from aftersales.coverage.standings import starts_of
from aftersales.coverage.values import CoverageFacts, CoverageTerms, CoverageVerdict, PartHistory
from aftersales.kit.errors import AftersalesError
from aftersales.kit.guards import happened_on, today
from aftersales.plans import snapshots
from aftersales.scope import TenantWork

PAGE: Final = 1000
BEGINNING: Final = UUID(int=0)


class FleetQuestion(Struct, frozen=True, kw_only=True):
    """Is work on `component` of every asset of a type free, if it failed on `on` (by default today) by `cause`?"""

    vertical: str
    asset_type: str
    component: str
    cause: str | None = None
    symptoms: tuple[str, ...] = ()
    evidence: frozenset[str] = frozenset()
    on: date | None = None


class FleetAnswer(Struct, frozen=True, kw_only=True):
    """The verdict on one asset, or the code of why there is none (a start that isn't known, a missing reading)."""

    asset_id: UUID
    number: str
    verdict: CoverageVerdict | None
    refusal: str | None


class Fleet:
    """A question whose terms are compiled, to be answered page by page within one unit of work.

    The question itself is refused like a single one: ASSET_TYPE_UNKNOWN, COMPONENT_UNKNOWN, CAUSE_UNKNOWN,
    INSTANT_IN_FUTURE. Days of repair aren't counted here; a decision on a ticket counts them.
    """

    def __init__(self, uow: TenantWork, question: FleetQuestion) -> None:
        self._uow = uow
        self._question = question
        self._playbook = uow.scope.vertical(question.vertical)
        self._asset_type = asset_rules.known_type(self._playbook, question.asset_type)
        self._zone = ZoneInfo(uow.scope.time_zone)
        self._present = today(uow.now, uow.scope.time_zone)
        self.on = happened_on(uow.now, uow.scope.time_zone, question.on, "onDay")
        self._common = compile_terms(self._playbook, self._asset_type, self._zone)
        rules.check_question(self._common, question.component, question.cause)
        self._agreed: dict[tuple[UUID | None, bytes], CoverageTerms] = {}

    async def page(self, after: UUID, first: int = PAGE) -> list[FleetAnswer]:
        """The verdicts on the next assets behind `after`, in the order of their ids; fewer than `first` at the end."""
        rows = await queries.fleet_page(
            self._uow, vertical=self._question.vertical, asset_type=self._question.asset_type,
            component=self._question.component, on=self.on, after=after, first=first,
        )  # fmt: skip
        return [_answer(row, self._question, await self._terms(row), self.on, self._present) for row in rows]

    async def _terms(self, row: Any) -> CoverageTerms:
        own, terms_id = row["warranty_terms"], row["terms_id"]
        if row["other_revision"]:
            contract = await self._uow.get(ServiceContract, row["contract_id"])
            kept, apart = await terms_as_of(self._uow, contract, self.on)
            return compile_terms(
                kept, kept.asset_type(self._question.asset_type) or self._asset_type, self._zone,
                agreed=agreed_terms(apart),
            )  # fmt: skip
        if not (own or terms_id):
            return self._common
        key = (terms_id, msgspec.json.encode(own))
        if key not in self._agreed:
            # Contracts of a fleet repeat each other; a fleet of nothing but special terms starts over.
            if len(self._agreed) >= PAGE:
                self._agreed.clear()
            signed = self._playbook if terms_id is None else await snapshots.load(self._uow, terms_id)
            self._agreed[key] = compile_terms(
                signed, signed.asset_type(self._question.asset_type) or self._asset_type, self._zone,
                agreed=agreed_terms({AGREED: own or ()}),
            )  # fmt: skip
        return self._agreed[key]


async def decide_fleet(uow: TenantWork, question: FleetQuestion) -> AsyncIterator[FleetAnswer]:
    """Stream the verdicts in the order of the assets' ids, page by page: memory doesn't grow with the fleet.

    Nothing is written; `reviews.start_fleet_review` has a worker do the same and keeps what it finds.
    """
    require(uow.actor, "coverage.decide")
    fleet, after = Fleet(uow, question), BEGINNING
    while True:
        page = await fleet.page(after)
        for answer in page:
            yield answer
        if len(page) < PAGE:
            return
        after = page[-1].asset_id


async def summarise_fleet(uow: TenantWork, question: FleetQuestion) -> dict[str, int]:
    """How many assets of the fleet get each outcome, and how many each refusal."""
    counted: Counter[str] = Counter()
    async for answer in decide_fleet(uow, question):
        counted[answer.verdict.outcome if answer.verdict else str(answer.refusal)] += 1
    return dict(counted)


def _answer(row: Any, question: FleetQuestion, terms: CoverageTerms, on: date, present: date) -> FleetAnswer:
    facts = CoverageFacts(
        component=question.component,
        occurred_on=on,
        today=present,
        starts={
            **{event: date.fromisoformat(day) for event, day in (row["start_events"] or {}).items()},
            **starts_of(
                {**row["attributes"], "accepted_on": row["accepted_on"]},
                {**(row["parent_attributes"] or {}), "accepted_on": row["parent_accepted_on"]},
            ),
        },
        cause=question.cause,
        symptoms=question.symptoms,
        evidence=question.evidence,
        usage=row["usage"],
        history=PartHistory(replaced_on=row["replaced_on"]),
    )
    try:
        verdict = rules.decide(facts, terms)
    except AftersalesError as refusal:
        return FleetAnswer(asset_id=row["id"], number=row["number"], verdict=None, refusal=refusal.code)
    return FleetAnswer(asset_id=row["id"], number=row["number"], verdict=verdict, refusal=None)
