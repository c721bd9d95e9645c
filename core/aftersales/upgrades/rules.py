"""What a release costs, what may follow what, and how problems become a backlog. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal, get_args

from msgspec import Struct

from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.base import Label
from aftersales.terms.upgrades import UpgradeRule

ChoiceState = Literal["scheduled", "declined", "installed"]
CHOICE_STATES: tuple[ChoiceState, ...] = get_args(ChoiceState)
Basis = Literal["free", "quote"]
QUARTERS: Final = 4
MONTHS: Final = 3
FIRST_YEAR, LAST_YEAR = 1990, 2999


class ReleaseTraits(Struct, frozen=True):
    """What rules look at."""

    kind: str
    subject: str


class Entitlement(Struct, frozen=True, kw_only=True):
    """Whether a release is free for an asset on a day, by which rule and clause."""

    basis: Basis
    rule: str | None
    clause: str | None
    reason: Label

    @property
    def free(self) -> bool:
        return self.basis == "free"


UNRULED: Final = Entitlement(
    basis="quote", rule=None, clause=None, reason=Label("没有免费条款,须报价", "no term makes it free, so it is quoted")
)


def entitlement(release: ReleaseTraits, rules: Iterable[UpgradeRule], in_term: Mapping[str, bool]) -> Entitlement:
    """The rule that counts: one that makes the release free beats one that has it quoted.

    `in_term` says for every warranty class whether some part of the asset is within its term on the day.
    """
    fitting = [rule for rule in rules if _fits(rule, release, in_term)]
    for rule in sorted(fitting, key=lambda rule: rule.basis != "free"):
        free = rule.basis == "free"
        verdict = Label("免费", "free") if free else Label("须报价", "quoted")
        return Entitlement(
            basis=rule.basis,
            rule=rule.code,
            clause=rule.clause,
            reason=Label(f"{rule.label.zh}:{verdict.zh}", f"{rule.label.en}: {verdict.en}"),
        )
    return UNRULED


def _fits(rule: UpgradeRule, release: ReleaseTraits, in_term: Mapping[str, bool]) -> bool:
    if release.kind not in rule.kinds or (rule.subjects and release.subject not in rule.subjects):
        return False
    if rule.applies_when == "always":
        return True
    covered = any(in_term.values()) if rule.warranty_class is None else in_term.get(rule.warranty_class, False)
    return covered == (rule.applies_when == "in_term")


def check_channel(channel: str, remote_allowed: bool) -> None:
    """REMOTE_NOT_ALLOWED where the asset can't be reached from afar: somebody goes there (P01-25)."""
    if channel == "remote" and not remote_allowed:
        raise StateRefused("REMOTE_NOT_ALLOWED", field="channel")


def check_installable(kind: str, state: str | None) -> None:
    """RELEASE_INSTALLED the second time, RELEASE_DECLINED, RELEASE_NOT_CHOSEN for a patch nobody asked for (P10-07)."""
    if state == "installed":
        raise StateRefused("RELEASE_INSTALLED", field="releaseId")
    if state == "declined":
        raise StateRefused("RELEASE_DECLINED", field="releaseId")
    if state is None and kind == "patch":
        raise StateRefused("RELEASE_NOT_CHOSEN", field="releaseId")


def quarter_days(year: int, quarter: int) -> tuple[date, date]:
    """The first day of a quarter, and the first day after it; QUARTER_INVALID."""
    if not 1 <= quarter <= QUARTERS or not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput("QUARTER_INVALID", field="quarter", value=f"{year}-{quarter}")
    first = date(year, MONTHS * (quarter - 1) + 1, 1)
    following = date(year + 1, 1, 1) if quarter == QUARTERS else date(year, MONTHS * quarter + 1, 1)
    return first, following
