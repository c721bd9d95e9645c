"""Discovery of verticals and guarded calls of their hooks.

Installed is not enabled: a hook of a vertical is called only through `hook_of(vertical, …)`, for tenants that
enabled it, and a fault is reported with the names of the vertical and the hook.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from importlib.metadata import entry_points
from typing import Any

import pluggy
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from aftersales.kit.errors import InvalidInput, PluginFault
from aftersales.plugins import hookspecs
from aftersales.plugins.vertical import ENGINE_VERSION, Vertical

ENTRY_POINT_GROUP = "aftersales.verticals"
BEHAVIOUR_TIMEOUT_SECONDS = 2.0
"""How long a behaviour may take before its call fails; a hung thread is abandoned, never joined."""
MAX_ABANDONED_CALLS = 8
"""After so many hung calls a vertical is refused at once instead of collecting more threads."""


class Registry:
    """The installed verticals. Building it validates every hook: a typo or a wrong signature fails at boot."""

    def __init__(self, verticals: Iterable[Vertical], *, engine: str = ENGINE_VERSION) -> None:
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self._verticals: dict[str, Vertical] = {}
        self._callers: dict[tuple[str, str], pluggy.HookCaller] = {}
        self._in_flight: dict[str, int] = {}
        self._lock = threading.Lock()
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
                raise PluginFault(
                    "VERTICAL_FAILED", vertical=entry.name, hook="entry point", reason=repr(vertical)
                )
            found.append(vertical)
        return cls(found)

    def _register(self, vertical: Vertical, engine: str) -> None:
        try:
            fits = engine in SpecifierSet(vertical.engine, prereleases=True)
        except InvalidSpecifier:
            fits = False
        if not fits:
            raise PluginFault(
                "VERTICAL_ENGINE_MISMATCH", vertical=vertical.name, wanted=vertical.engine, engine=engine
            )
        if vertical.name in self._verticals:
            raise PluginFault("ALREADY_EXISTS", thing="vertical", value=vertical.name)
        try:
            self._manager.register(vertical.hooks, name=vertical.name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as fault:
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
        with self._lock:
            running = self._in_flight.get(vertical, 0)
            if running >= MAX_ABANDONED_CALLS:
                raise PluginFault(
                    "VERTICAL_FAILED", vertical=vertical, hook=hook, reason=f"{running} calls still hang"
                )
            self._in_flight[vertical] = running + 1
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()

        def settle(setter: Callable[[Any], None], value: Any) -> None:
            if not answer.done():
                setter(value)

        def work() -> None:
            try:
                value, setter = self.call(vertical, hook, **facts), answer.set_result
            except BaseException as fault:
                value, setter = fault, answer.set_exception
            finally:
                with self._lock:
                    self._in_flight[vertical] -= 1
            if not loop.is_closed():
                loop.call_soon_threadsafe(settle, setter, value)

        threading.Thread(target=work, name=f"{vertical}.{hook}", daemon=True).start()
        try:
            return await asyncio.wait_for(answer, timeout_seconds)
        except TimeoutError:
            reason = f"no answer within {timeout_seconds} s"
            raise PluginFault("VERTICAL_FAILED", vertical=vertical, hook=hook, reason=reason) from None
