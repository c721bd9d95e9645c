"""The channel ladder: which step may follow which, who may skip one, and when a remote session is allowed. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from aftersales.kit.errors import Forbidden, InvalidInput, StateRefused
from aftersales.terms.deadlines import ChannelLadder

CLIMBING_KINDS: Final = frozenset({"fault", "question", "advice"})
"""What is tried from step to step (P08-10, P10-27); planned work such as a health check isn't."""
ORDER: Final = ("phone", "remote", "on_site")


class Attempt(Struct, frozen=True, kw_only=True):
    """A try on a step, and how it ended; `skipped` is a step left out by an override."""

    step: str
    outcome: str


class Window(Struct, frozen=True, kw_only=True):
    """From when until when a customer lets the company in, both instants included."""

    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None = None


def applies(ladder: ChannelLadder | None, kind: str, grade: str | None) -> bool:
    """Whether such tickets climb the ladder; a vertical without one leaves every step free."""
    return ladder is not None and kind in CLIMBING_KINDS and (not ladder.grades or grade in ladder.grades)


def missing_steps(ladder: ChannelLadder, to: str, attempts: Iterable[Attempt]) -> tuple[str, ...]:
    """The required steps that weren't tried without success (or skipped) yet."""
    if to not in ladder.steps:
        raise StateRefused("LADDER_STEP_UNKNOWN", step=to)
    done = {attempt.step for attempt in attempts if attempt.outcome in {"unsolved", "skipped"}}
    return tuple(step for step in ladder.requires.get(to, ()) if step not in done)


def steps_to_skip(
    ladder: ChannelLadder | None,
    kind: str,
    grade: str | None,
    to: str,
    attempts: Sequence[Attempt],
    *,
    roles: frozenset[str],
    override_reason: str | None,
    unbound: bool = False,
) -> tuple[str, ...]:
    """The steps that are left out on the way; empty when every required one failed.

    LADDER_STEP_REQUIRED without a reason for leaving one out; OVERRIDE_FORBIDDEN when nobody of the actor's roles
    may (P08-19). `unbound` is for the system itself, which isn't bound to roles.
    """
    if ladder is None or not applies(ladder, kind, grade):
        return ()
    missing = missing_steps(ladder, to, attempts)
    if not missing:
        return ()
    if not (override_reason or "").strip():
        raise StateRefused("LADDER_STEP_REQUIRED", step=to, missing=", ".join(missing))
    if not unbound and not roles & set(ladder.override_roles):
        raise Forbidden("OVERRIDE_FORBIDDEN", field="overrideReason")
    return missing


def further(current: str, to: str) -> str:
    """The farther of two steps: a ticket never falls back on the ladder."""
    return max(current, to, key=ORDER.index)


def check_window(window: Window, at: datetime) -> None:
    """Refuse a session outside of its authorisation (P10-21), each way with its own code."""
    if window.revoked_at is not None and window.revoked_at <= at:
        raise StateRefused("AUTHORISATION_REVOKED")
    if at < window.valid_from:
        raise StateRefused("AUTHORISATION_NOT_YET_VALID", valid_from=window.valid_from.isoformat())
    if at > window.valid_until:
        raise StateRefused("AUTHORISATION_EXPIRED", valid_until=window.valid_until.isoformat())


def best_window(windows: Sequence[Window], at: datetime) -> int:
    """Which authorisation a session at that instant stands on; the refusal of the latest one when none does."""
    if not windows:
        raise StateRefused("AUTHORISATION_REQUIRED")
    for position, window in enumerate(windows):
        if window.revoked_at is None and window.valid_from <= at <= window.valid_until:
            return position
    latest = max(range(len(windows)), key=lambda position: windows[position].valid_until)
    check_window(windows[latest], at)
    return latest


def change_record_missing(ladder: ChannelLadder | None, *, code_changed: bool, change_record: str | None) -> bool:
    """Whether a session that changed code lacks its record (P10-22)."""
    demanded = ladder is not None and ladder.change_record_for_remote_changes
    return demanded and code_changed and not (change_record or "").strip()


def session_minutes(started_at: datetime, ended_at: datetime) -> int:
    """Whole minutes of a session (P08-16); PERIOD_INVERTED when it ends before it began."""
    if ended_at < started_at:
        raise InvalidInput("PERIOD_INVERTED", field="endedAt")
    return int((ended_at - started_at).total_seconds()) // 60
