"""Compiles what verticals declare into a Playbook, and keeps compiled Playbooks.

A Playbook depends on nothing but (engine, verticals with versions, settings), so tenants with equal settings
share one; a tenant's change of settings gives another key, in every process, without any message.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from aftersales.kit.errors import InvalidInput
from aftersales.plugins.checks import check_attributes, check_floors, check_references, nonsense
from aftersales.plugins.registry import Registry
from aftersales.plugins.verdicts import SettingsProblem
from aftersales.plugins.vertical import ENGINE_VERSION, VerticalSettings
from aftersales.terms.playbook import DECLARATIONS, Playbook, VerticalPlaybook

KEPT_PLAYBOOKS = 512
"""Compiled Playbooks kept per process; the least recently used goes first."""

SettingsByVertical = Mapping[str, Mapping[str, Any]]


class PlaybookCompiler:
    """`playbook(settings)` for a tenant's enabled verticals; compiled on first use, then from memory."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._kept: OrderedDict[str, Playbook] = OrderedDict()

    def key(self, enabled: SettingsByVertical) -> str:
        parts = [(name, self.registry.vertical(name).version, dict(enabled[name])) for name in sorted(enabled)]
        return hashlib.sha256(msgspec.json.encode((ENGINE_VERSION, parts), order="deterministic")).hexdigest()

    def playbook(self, enabled: SettingsByVertical, key: str | None = None) -> Playbook:
        """The Playbook of these verticals and settings; `key` saves hashing where the caller kept it."""
        key = key or self.key(enabled)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        compiled = Playbook(
            key=key,
            engine=ENGINE_VERSION,
            verticals={name: self._compile(name, enabled[name]) for name in sorted(enabled)},
        )
        self._kept[key] = compiled
        while len(self._kept) > KEPT_PLAYBOOKS:
            self._kept.popitem(last=False)
        return compiled

    def settings(self, vertical: str, raw: Mapping[str, Any]) -> VerticalSettings:
        """A tenant's settings as the vertical's own type; VERTICAL_SETTINGS_INVALID names what doesn't fit."""
        settings_type = self.registry.vertical(vertical).settings
        try:
            return msgspec.convert(dict(raw), settings_type, strict=False)
        except msgspec.ValidationError as fault:
            raise InvalidInput(
                "VERTICAL_SETTINGS_INVALID", field="settings", vertical=vertical, reason=str(fault)
            ) from None

    def check_settings(self, vertical: str, raw: Mapping[str, Any]) -> VerticalSettings:
        """The settings, after type check, the vertical's own check and a trial compilation."""
        settings = self.settings(vertical, raw)
        for problems in self.registry.call(vertical, "settings_problems", settings=settings):
            if not isinstance(problems, Sequence) or isinstance(problems, str):
                raise nonsense(vertical, "settings_problems", f"{type(problems).__name__} instead of a sequence")
            for problem in problems:
                if not isinstance(problem, SettingsProblem):
                    raise nonsense(
                        vertical, "settings_problems", f"{type(problem).__name__} instead of SettingsProblem"
                    )
                raise InvalidInput(
                    "VERTICAL_SETTINGS_REFUSED",
                    field=problem.field,
                    vertical=vertical,
                    reason_zh=problem.reason.zh,
                    reason_en=problem.reason.en,
                )
        self._compile(vertical, raw)
        return settings

    def _compile(self, vertical: str, raw: Mapping[str, Any]) -> VerticalPlaybook:
        settings = self.settings(vertical, raw)
        declared: dict[str, Any] = {}
        for hook, term_type in DECLARATIONS.items():
            terms: list[Any] = []
            for result in self.registry.call(vertical, hook, settings=settings):
                if not isinstance(result, Sequence) or isinstance(result, str):
                    raise nonsense(vertical, hook, f"{type(result).__name__} instead of a sequence")
                terms.extend(result)
            codes: set[str] = set()
            for term in terms:
                if not isinstance(term, term_type):
                    raise nonsense(vertical, hook, f"{type(term).__name__} instead of {term_type.__name__}")
                if term.code in codes:
                    raise nonsense(vertical, hook, f"the code {term.code} twice")
                if term.source == "vertical" and not term.clause:
                    raise nonsense(vertical, hook, f"{term.code} claims the text as its source but names no clause")
                codes.add(term.code)
            declared[hook] = tuple(terms)
        playbook = VerticalPlaybook(vertical=vertical, settings=settings, **declared)
        check_references(playbook)
        check_floors(playbook)
        check_attributes(playbook)
        return playbook
