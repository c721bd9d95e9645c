"""Discovery of verticals and guarded calls of their hooks.

Installed is not enabled: a hook of a vertical is called by the vertical's name, for tenants that enabled it, and a
fault is reported with the names of the vertical and the hook.
"""

from collections.abc import Iterable
from functools import partial
from importlib.metadata import entry_points
from typing import Any

import pluggy
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from aftersales.kit.errors import InvalidInput, PluginFault
from aftersales.plugins import hookspecs
from aftersales.plugins.lanes import Lanes, TooManyHang
from aftersales.plugins.vertical import ENGINE_VERSION, Vertical

ENTRY_POINT_GROUP = "aftersales.verticals"
BEHAVIOUR_TIMEOUT_SECONDS = 2.0
"""How long a behaviour may take before its call fails; a hung thread is abandoned, never joined."""
MAX_HANGING_CALLS = 8
"""While so many of its calls hang, a vertical is refused at once instead of collecting more threads."""


class Registry:
    """The installed verticals. Building it validates every hook: a typo or a wrong signature fails at boot."""

    def __init__(self, verticals: Iterable[Vertical], *, engine: str = ENGINE_VERSION) -> None:
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._verticals: dict[str, Vertical] = {}
        self._callers: dict[tuple[str, str], pluggy.HookCaller] = {}
        self._lanes: dict[str, Lanes] = {}
        for vertical in verticals:
            self._register(vertical, engine)
        self._manager.check_pending()

    @classmethod
    def installed(cls) -> "Registry":
        """All verticals found through the entry points of the installed distributions."""
        found = []
        for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda item: item.name):
            vertical = entry.load()
            if not isinstance(vertical, Vertical) or vertical.name != entry.name:
                raise PluginFault("VERTICAL_FAILED", vertical=entry.name, hook="entry point", reason=repr(vertical))
            found.append(vertical)
        return cls(found)

    def _register(self, vertical: Vertical, engine: str) -> None:
        try:
            fits = engine in SpecifierSet(vertical.engine, prereleases=True)
        except InvalidSpecifier:
            fits = False
        if not fits:
            raise PluginFault("VERTICAL_ENGINE_MISMATCH", vertical=vertical.name, wanted=vertical.engine, engine=engine)
        if vertical.name in self._verticals:
            raise PluginFault("ALREADY_EXISTS", thing="vertical", value=vertical.name)
        try:
            hash(vertical.hooks)  # pluggy keeps plugins in sets: one that can't be in a set would break the others.
            self._manager.register(vertical.hooks, name=vertical.name)
            self._manager.check_pending()
        except (pluggy.PluginValidationError, TypeError) as fault:
            raise PluginFault(
                "VERTICAL_FAILED", vertical=vertical.name, hook="registration", reason=str(fault)
            ) from fault
        self._verticals[vertical.name] = vertical

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._verticals)

    def vertical(self, name: str) -> Vertical:
        """The installed vertical of that name; VERTICAL_UNKNOWN otherwise."""
        try:
            return self._verticals[name]
        except KeyError:
            raise InvalidInput("VERTICAL_UNKNOWN", field="vertical", vertical=name) from None

    def implements(self, vertical: str, hook: str) -> bool:
        """Whether the vertical has an implementation of the hook at all; lets callers skip the call."""
        return bool(self._caller(vertical, hook).get_hookimpls())

    def _caller(self, vertical: str, hook: str) -> pluggy.HookCaller:
        key = (vertical, hook)
        caller = self._callers.get(key)
        if caller is None:
            others = [plugin for name, plugin in self._manager.list_name_plugin() if name != vertical]
            caller = self._callers[key] = self._manager.subset_hook_caller(hook, others)
        return caller

    def call(self, vertical: str, hook: str, **facts: Any) -> Any:
        """Call one vertical's hook; what it raises comes out as a PluginFault that names vertical and hook.

        Declarations give the list of all implementations' results, `firstresult` hooks one value or None.
        """
        try:
            return self._caller(vertical, hook)(**facts)
        except Exception as fault:
            reason = f"{type(fault).__name__}: {fault}"
            raise PluginFault("VERTICAL_FAILED", vertical=vertical, hook=hook, reason=reason) from fault

    async def behave(
        self, vertical: str, hook: str, *, timeout_seconds: float = BEHAVIOUR_TIMEOUT_SECONDS, **facts: Any
    ) -> Any:
        """Call a behaviour off the event loop, with a time limit: a vertical that hangs fails its own call only."""
        if not self.implements(vertical, hook):
            return None
        lanes = self._lanes.get(vertical)
        if lanes is None:
            lanes = self._lanes[vertical] = Lanes(f"vertical {vertical}", MAX_HANGING_CALLS)
        try:
            return await lanes.run(partial(self.call, vertical, hook, **facts), timeout_seconds)
        except TimeoutError:
            reason = f"no answer within {timeout_seconds} s"
        except TooManyHang as refused:
            reason = str(refused)
        raise PluginFault("VERTICAL_FAILED", vertical=vertical, hook=hook, reason=reason)
