"""`aftersales plan simulate`: every date and promise of a contract, before it is signed."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from aftersales_server.cli.plan import app
from aftersales_server.cli.terminal import say
from aftersales_server.errors import OperatorError
from aftersales_server.installation import installation
from aftersales_server.settings import Settings

if TYPE_CHECKING:
    from aftersales.kit.errors import Language
    from aftersales.simulation.commands import AssumedAssets, AssumedEvent, SimulateContract
    from aftersales.simulation.values import SimulatedChange, SimulatedDate, StandingPromise

MOMENTS = {"begins": ("开始", "begins"), "due": ("到期", "due"), "ends": ("结束", "ends")}
Day = Annotated[str | None, typer.Option(help="The day on which it is assumed, as 2026-03-01.")]


@app.command()
def simulate(
    tenant: Annotated[str, typer.Option(help="The tenant's slug.")],
    starts: Annotated[str | None, typer.Option(help="The contract's first day; by default the first event's.")] = None,
    ends: Annotated[str | None, typer.Option(help="The contract's last day; left out: open-ended.")] = None,
    vertical: Annotated[str | None, typer.Option(help="Under this vertical's terms as they are offered now.")] = None,
    plan: Annotated[str | None, typer.Option(help="Under this service plan, a draft or published: its UUID.")] = None,
    compared_with: Annotated[str | None, typer.Option(help="`present`, or the UUID of another plan.")] = None,
    acceptance: Day = None,
    handover: Day = None,
    completion: Day = None,
    go_live: Day = None,
    event: Annotated[list[str] | None, typer.Option(help="Any other event, as site_survey=2026-01-10.")] = None,
    asset: Annotated[list[str] | None, typer.Option(help="Assets of a type, as solar_water_heater=2.")] = None,
    field: Annotated[list[str] | None, typer.Option(help="What the contract states, as guarantee_months=24.")] = None,
    region: Annotated[str | None, typer.Option(help="The customer's region (GB/T 2260).")] = None,
    tier: Annotated[str | None, typer.Option(help="The customer's tier.")] = None,
    until: Annotated[str | None, typer.Option(help="How far to list what repeats.")] = None,
    language: Annotated[str, typer.Option(help="zh-CN or en.")] = "zh-CN",
) -> None:
    """List every date of a contract, then what has none and what is missing. Nothing is written."""
    from aftersales.simulation.commands import SimulateContract

    named = {"acceptance": acceptance, "handover": handover, "completion": completion, "go_live": go_live}
    events = events_given(named, event or ())
    first = _day(starts, "--starts") or min((one.on for one in events), default=None)
    if first is None:
        raise OperatorError("--starts names the contract's first day, unless an event does.")
    command = SimulateContract(
        starts_on=first, ends_on=_day(ends, "--ends"), until=_day(until, "--until"), vertical=vertical,
        service_plan_id=_plan(plan, "--plan"), events=events, assets=assets_given(asset or ()), region=region,
        tier=tier, fields=fields_given(field or ()),
        compared_with_plan_id=None if compared_with == "present" else _plan(compared_with, "--compared-with"),
        compared_with_present=compared_with == "present",
    )  # fmt: skip
    with installation() as settings:
        for line in asyncio.run(_life(settings, tenant, command, language)):
            say(line)


def events_given(named: Mapping[str, str | None], pairs: Iterable[str]) -> "tuple[AssumedEvent, ...]":
    """The assumed events: those with an option of their own, and name=day."""
    from aftersales.simulation.commands import AssumedEvent

    given = [(name, day) for name, day in named.items() if day is not None]
    found = []
    for name, text in (*given, *_pairs(pairs, "--event")):
        on = _day(text, f"--{name}")
        if on is None:
            raise OperatorError(f"--event {name} names no day: write {name}=2026-03-01.")
        found.append(AssumedEvent(event=name, on=on))
    return tuple(found)


def assets_given(pairs: Iterable[str]) -> "tuple[AssumedAssets, ...]":
    """Types of assets with their number, one where none is told."""
    from aftersales.simulation.commands import AssumedAssets

    found = []
    for name, text in _pairs(pairs, "--asset"):
        if text and not text.isdecimal():
            raise OperatorError(f"--asset {name}={text}: {text} is no whole number.")
        found.append(AssumedAssets(asset_type=name, count=int(text or 1)))
    return tuple(found)


def fields_given(pairs: Iterable[str]) -> dict[str, str]:
    """What the contract states, by field."""
    return dict(_pairs(pairs, "--field"))


def _pairs(texts: Iterable[str], option: str) -> Sequence[tuple[str, str]]:
    found = [text.partition("=") for text in texts]
    if any(not name for name, _, _ in found):
        raise OperatorError(f"{option} takes name=value.")
    return [(name, value) for name, _, value in found]


def _day(text: str | None, option: str) -> date | None:
    try:
        return None if not text else date.fromisoformat(text)
    except ValueError:
        raise OperatorError(f"{option}: {text} is no day: write 2026-03-01.") from None


def _plan(text: str | None, option: str) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise OperatorError(f"{option}: {text} is no UUID.") from None


async def _life(settings: Settings, slug: str, command: "SimulateContract", language: str) -> list[str]:
    """The lines to print."""
    from aftersales.kit.actor import SYSTEM
    from aftersales.kit.messages import LANGUAGES
    from aftersales.plandocs.rules import told
    from aftersales.simulation import service
    from aftersales_server.composition import open_composition

    chosen: Language | None = next((known for known in LANGUAGES if known == language), None)
    if chosen is None:
        raise OperatorError(f"--language is one of {', '.join(LANGUAGES)}, not {language!r}.")
    async with open_composition(settings, app_size=1, system_size=2) as opened:
        tenant = await (await opened.registry(SYSTEM)).tenant(slug)
        principal = await opened.gateway.system(tenant["id"])
        async with opened.gateway.open(principal) as uow:
            found = await service.simulate_contract(uow, command)
    life = found.simulation
    lines = [_date_line(one, chosen) for one in life.dates]
    if not life.complete:
        lines.append(f"… what repeats is listed as far as {life.until}")
    lines += ["", *(_promise_line(one, chosen) for one in life.promises)]
    for missing in life.missing:
        lines.append(_joined(f"? {missing.stated}: {missing.field}", told(missing.label, chosen), missing.clause))
    return [*lines, *(_change_line(one, chosen) for one in found.changes)]


def _date_line(one: "SimulatedDate", language: "Language") -> str:
    from aftersales.plandocs.rules import told
    from aftersales.terms.base import Label

    price = (
        None if one.free is None else told(Label("免费", "free") if one.free else Label("收费", "billable"), language)
    )
    many = f"x{one.count}" if one.count > 1 else None
    return _joined(str(one.on), told(Label(*MOMENTS[one.moment]), language), told(one.label, language), one.clause,
                   price, many)  # fmt: skip


def _promise_line(one: "StandingPromise", language: "Language") -> str:
    from aftersales.plandocs.rules import told

    return _joined(f"- {told(one.words, language)}", one.clause, one.waits_for and f"<{one.waits_for}>")


def _change_line(one: "SimulatedChange", language: "Language") -> str:
    from aftersales.plandocs.rules import told

    before, after = one.date_before, one.date_after
    what = after or before or one.promise_after or one.promise_before
    days = f"{before.on if before else '-'} -> {after.on if after else '-'}" if before or after else None
    return _joined(f"~ {one.change:10}", None if what is None else told(what.label, language), days)


def _joined(*parts: str | None) -> str:
    return "  ".join(part for part in parts if part)
