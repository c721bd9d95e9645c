"""What the platform writes to people, in Chinese and in English."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from aftersales.kit.errors import Language

_SUBJECTS: Final[dict[str, tuple[str, str]]] = {
    "warning": ("【预警】{thing}:{milestone}将于 {due} 到期", "[Warning] {thing}: {milestone} is due at {due}"),
    "breach": ("【超时】{thing}:{milestone}已于 {due} 到期", "[Overdue] {thing}: {milestone} was due at {due}"),
    "escalation": (
        "【升级】{thing}:{milestone}自 {due} 起超时,请处理",
        "[Escalation] {thing}: {milestone} is overdue since {due}",
    ),
    "handover": (
        "【移交】{thing}:{milestone}未在 {due} 前完成,由公司接手",
        "[Handover] {thing}: {milestone} wasn't done by {due}, the company takes over",
    ),
}
_BODY: Final = (
    "{title}\n承诺:{milestone},到期 {due}({zone})。\n条款:{clause}。通知角色:{role}。\n",
    "{title}\nPromise: {milestone}, due at {due} ({zone}).\nClause: {clause}. Told as: {role}.\n",
)
_STANDS_IN: Final = (
    "(没有成员担任 {role},因此由负责人代收。)\n",
    "(Nobody holds the role {role}, so you as the owner are told instead.)\n",
)
KINDS: Final[dict[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "major_incident": (
        ("【重大事故】{number}", "[Major incident] {number}"),
        (
            "{title}\n请立即成立应急小组并制定应急预案。\n条款:{clause}。通知角色:{role}。\n",
            "{title}\nConvene the emergency group now and draw up an emergency plan.\n"
            "Clause: {clause}. Told as: {role}.\n",
        ),
    ),
}
"""Notices that the platform words itself: subject and body by kind."""
_NO_CLAUSE: Final = ("未注明", "none named")


def pick(pair: tuple[str, str], language: Language) -> str:
    """The text of the language."""
    return pair[0] if language == "zh-CN" else pair[1]


def alarm_subject(kind: str, thing: str, milestone: str, due_at: datetime, zone: str, language: Language) -> str:
    """One line: what is due or overdue, since when, in the tenant's time zone."""
    template = pick(_SUBJECTS.get(kind, _SUBJECTS["warning"]), language)
    return template.format(thing=thing, milestone=milestone, due=_local(due_at, zone))


def alarm_body(
    *, title: str, milestone: str, due_at: datetime, zone: str, clause: str | None, role: str, language: Language
) -> str:
    """What was promised, by which clause, and in which role the reader is told."""
    return pick(_BODY, language).format(
        title=title,
        milestone=milestone,
        due=_local(due_at, zone),
        zone=zone,
        clause=clause or pick(_NO_CLAUSE, language),
        role=role,
    )


def of_kind(kind: str, number: str, title: str, clause: str | None, role: str, language: Language) -> tuple[str, str]:
    """Subject and body of a notice of a known kind about a ticket."""
    subject, body = KINDS[kind]
    return pick(subject, language).format(number=number), pick(body, language).format(
        title=title, clause=clause or pick(_NO_CLAUSE, language), role=role
    )


def stand_in_note(role: str, language: Language) -> str:
    """Why an owner gets what another role should have got."""
    return pick(_STANDS_IN, language).format(role=role)


def _local(instant: datetime, zone: str) -> str:
    return instant.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
