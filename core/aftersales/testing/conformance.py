"""The conformance kit: what the engine relies on in every vertical, as a test class to subclass.

    class TestMyVertical(VerticalConformance):
        vertical = VERTICAL
        samples = ({}, {"call_back_minutes": 10})

It needs no database and no network; `aftersales.testing` is imported by tests only.
"""

import builtins
import re
import socket
import subprocess
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, ClassVar, NoReturn
from unittest import mock

import msgspec
from msgspec import Struct

from aftersales.plugins import hookspecs
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales.plugins.verdicts import (
    CustomerFacts,
    EligibilityFacts,
    EligibilityVerdict,
    EventFacts,
    FollowUp,
    GradeVerdict,
    Refusal,
    SegmentVerdict,
    SettingsProblem,
    TicketFacts,
)
from aftersales.plugins.vertical import Vertical, VerticalSettings
from aftersales.terms.base import Label
from aftersales.terms.playbook import DECLARATIONS, VerticalPlaybook

VERTICAL_NAME = re.compile(r"[a-z][a-z0-9_]*")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]*")
CHINESE = re.compile("[\u4e00-\u9fff]")
A_DAY = date(2026, 6, 18)
AN_INSTANT = datetime(2026, 6, 18, 1, 0, tzinfo=UTC)


def require(condition: object, message: str) -> None:
    """Fail the running test with a sentence for the plugin's author."""
    if not condition:
        raise AssertionError(message)


def sample_facts(playbook: VerticalPlaybook) -> Struct:
    """The facts of a ticket about which nothing is known yet: every fact at its default."""
    scheme = playbook.grade_scheme
    if scheme is None:
        raise AssertionError(f"{playbook.vertical} declares no grades, so it has no facts")
    return scheme.facts()


class VerticalConformance:
    """Subclass it with `vertical`; `samples` are settings that tenants might have, the empty ones included.

    `clauses` are the clause numbers that exist, for those of the form `clause_form`; without it, clauses aren't
    looked up. `events` are kinds of events that `on_event` is tried with.
    """

    vertical: ClassVar[Vertical]
    samples: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)
    clauses: ClassVar[Collection[str] | None] = None
    clause_form: ClassVar[str] = r"P\d\d-\d\d"
    events: ClassVar[tuple[str, ...]] = ("ticket.opened", "ticket.closed", "asset.arrived")

    # --- what the tests work with -----------------------------------------------------------------------

    def registry(self) -> Registry:
        """A registry with this vertical alone."""
        return Registry([self.vertical])

    def playbooks(self) -> Iterator[VerticalPlaybook]:
        """The compiled terms under every sample of settings."""
        compiler = PlaybookCompiler(self.registry())
        for sample in self.samples:
            yield compiler.playbook({self.vertical.name: sample}).verticals[self.vertical.name]

    def settings(self) -> Iterator[VerticalSettings]:
        """The samples as the vertical's own type."""
        compiler = PlaybookCompiler(self.registry())
        for sample in self.samples:
            yield compiler.settings(self.vertical.name, sample)

    def declared(self, registry: Registry, settings: VerticalSettings) -> dict[str, list[Any]]:
        """What every declaration hook gives, uncompiled."""
        return {hook: registry.call(self.vertical.name, hook, settings=settings) for hook in DECLARATIONS}

    # --- the vertical -----------------------------------------------------------------------------------

    def test_it_fits_this_engine_and_names_itself(self) -> None:
        registry = self.registry()
        require(VERTICAL_NAME.fullmatch(self.vertical.name), "the name is snake_case")
        require(registry.names == (self.vertical.name,), "the registry knows it")
        require(self.vertical.label.zh and self.vertical.label.en, "it has a name in both languages")

    def test_every_hook_like_name_is_a_hook(self) -> None:
        known = {name for name in vars(hookspecs) if hasattr(getattr(hookspecs, name), "aftersales_spec")}
        for name in dir(self.vertical.hooks):
            if hasattr(getattr(self.vertical.hooks, name), "aftersales_impl"):
                require(name in known, f"{name} is marked as a hook, but the engine has none of that name")

    # --- its settings -----------------------------------------------------------------------------------

    def test_settings_have_defaults_and_survive_storage(self) -> None:
        require(issubclass(self.vertical.settings, VerticalSettings), "the settings subclass VerticalSettings")
        self.vertical.settings()
        for settings in self.settings():
            stored = msgspec.json.encode(settings)
            require(
                msgspec.json.decode(stored, type=self.vertical.settings) == settings,
                f"settings change when they are stored and read again: {stored!r}",
            )

    def test_unknown_settings_are_refused(self) -> None:
        try:
            msgspec.convert({"no_such_setting": 1}, self.vertical.settings)
        except msgspec.ValidationError:
            return
        raise AssertionError("a setting of an unknown name is taken without a word")

    def test_the_samples_of_settings_have_no_problems(self) -> None:
        registry = self.registry()
        for settings in self.settings():
            for problems in registry.call(self.vertical.name, "settings_problems", settings=settings):
                for problem in problems:
                    require(isinstance(problem, SettingsProblem), f"{problem!r} is no SettingsProblem")
                    require(False, f"the sample {settings} is refused: {problem.field}: {problem.reason.en}")

    # --- its declarations -------------------------------------------------------------------------------

    def test_its_declarations_compile(self) -> None:
        for playbook in self.playbooks():
            require(playbook.terms(), "the vertical declares nothing at all")

    def test_declarations_are_the_same_each_time(self) -> None:
        registry = self.registry()
        for settings in self.settings():
            require(
                self.declared(registry, settings) == self.declared(registry, settings),
                "declaring twice gives different terms",
            )

    def test_declarations_do_no_io(self) -> None:
        registry = self.registry()
        for settings in self.settings():
            with no_io():
                self.declared(registry, settings)

    def test_labels_speak_both_languages(self) -> None:
        for playbook in self.playbooks():
            for term in playbook.terms():
                for label in labels_of(term):
                    require(label.zh.strip() and label.en.strip(), f"{term.code} lacks a name in one language")
                    if term.source != "tenant":
                        require(not CHINESE.search(label.en), f"{term.code}: the English name is Chinese: {label.en}")
                        require(CHINESE.search(label.zh), f"{term.code}: the Chinese name isn't Chinese: {label.zh}")

    def test_codes_are_names(self) -> None:
        for playbook in self.playbooks():
            for term in playbook.terms():
                require(CODE.fullmatch(term.code), f"the code {term.code!r} isn't made of letters, digits and _")

    def test_every_clause_exists(self) -> None:
        for playbook in self.playbooks():
            for clause in clauses_of(playbook.terms()):
                if self.clauses is not None and re.fullmatch(self.clause_form, clause):
                    require(clause in self.clauses, f"there is no clause {clause}")

    def test_sources_are_honest(self) -> None:
        for playbook in self.playbooks():
            for term in playbook.terms():
                if term.source in ("vertical", "statute"):
                    require(term.clause, f"{term.code} names {term.source} as its source, but no clause")
                require(term.source != "contract", f"{term.code}: only a contract is its own source")

    def test_terms_can_be_stored(self) -> None:
        for playbook in self.playbooks():
            for term in playbook.terms():
                stored = msgspec.json.encode(term, enc_hook=_name_of_type)
                require(msgspec.json.decode(stored)["code"] == term.code, f"{term.code} can't be stored")

    # --- its behaviours ---------------------------------------------------------------------------------

    def test_classify_fault_answers_with_a_grade(self) -> None:
        registry = self.registry()
        for playbook in self.playbooks():
            if playbook.grade_scheme is None or not registry.implements(self.vertical.name, "classify_fault"):
                continue
            verdict = self._ask(registry, "classify_fault", facts=sample_facts(playbook), settings=playbook.settings)
            require(verdict is None or isinstance(verdict, GradeVerdict), f"{verdict!r} is no GradeVerdict")
            if verdict is not None:
                require(playbook.grade_scheme.grade(verdict.grade), f"{verdict.grade} isn't declared")

    def test_segment_and_eligibility_answer_with_verdicts(self) -> None:
        registry = self.registry()
        customer = CustomerFacts(tier="standard", last_paid_visit_on=A_DAY, on=A_DAY)
        for playbook in self.playbooks():
            verdict = self._ask(registry, "segment_customer", facts=customer, settings=playbook.settings)
            require(verdict is None or isinstance(verdict, SegmentVerdict), f"{verdict!r} is no SegmentVerdict")
            for campaign in {offer.campaign for offer in playbook.campaign_offers} | {"no_such_campaign"}:
                asked = EligibilityFacts(
                    campaign=campaign,
                    offer=None,
                    asset_type="no_such_type",
                    attributes={},
                    usage=None,
                    service_unit=None,
                    on=A_DAY,
                )
                answer = self._ask(registry, "judge_eligibility", facts=asked, settings=playbook.settings)
                require(answer is None or isinstance(answer, EligibilityVerdict), f"{answer!r} is no verdict")

    def test_before_close_answers_with_refusals(self) -> None:
        registry = self.registry()
        ticket = TicketFacts(
            number="T-2026-000001",
            kind="fault",
            channel="phone",
            state="resolved",
            grade=None,
            facts={},
            milestones={},
            cause=None,
            measures=None,
        )
        for playbook in self.playbooks():
            for refusals in self._ask(registry, "before_close", ticket=ticket, settings=playbook.settings):
                require(all(isinstance(refusal, Refusal) for refusal in refusals), f"{refusals!r}: not all Refusals")

    def test_on_event_answers_with_follow_ups(self) -> None:
        registry = self.registry()
        for playbook in self.playbooks():
            for kind in self.events:
                event = EventFacts(kind=kind, at=AN_INSTANT, data={})
                for answers in self._ask(registry, "on_event", event=event, settings=playbook.settings):
                    for answer in answers:
                        require(isinstance(answer, FollowUp), f"{answer!r} is no FollowUp")
                        msgspec.json.encode(answer.payload)

    def _ask(self, registry: Registry, hook: str, **facts: Any) -> Any:
        with no_io():
            return registry.call(self.vertical.name, hook, **facts)


@contextmanager
def no_io() -> Iterator[None]:
    """Inside, opening a file, a socket or a process fails with a sentence that says why."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a hook does I/O; the engine does that, hooks only decide")

    with (
        mock.patch.object(socket, "socket", refuse),
        mock.patch.object(socket, "create_connection", refuse),
        mock.patch.object(subprocess, "Popen", refuse),
        mock.patch.object(builtins, "open", refuse),
    ):
        yield


def labels_of(value: object) -> Iterator[Label]:
    """Every label in a term, however deep."""
    if isinstance(value, Label):
        yield value
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from labels_of(getattr(value, name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from labels_of(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from labels_of(item)


def clauses_of(value: object) -> Iterator[str]:
    """Every clause that is named in terms, however deep."""
    if isinstance(value, Struct):
        clause = getattr(value, "clause", None)
        if isinstance(clause, str):
            yield clause
        for name in value.__struct_fields__:
            yield from clauses_of(getattr(value, name))
    elif isinstance(value, tuple | list):
        for item in value:
            yield from clauses_of(item)


def _name_of_type(value: Any) -> str:
    if isinstance(value, type):
        return value.__name__
    raise TypeError(f"{value!r} can't be stored")


__all__ = ["VerticalConformance", "clauses_of", "labels_of", "no_io", "require", "sample_facts"]
