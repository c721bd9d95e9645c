"""Threads on which a vertical's behaviours run: kept for the next call, left behind when one hangs."""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

Call = tuple[Callable[[], Any], Callable[[Any, BaseException | None], None]]


class TooManyHang(Exception):  # noqa: N818 - a refusal, not a defect
    """So many calls hang that no further one is tried; `count` says how many."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(f"{count} calls still hang")


class Lanes:
    """One vertical's threads. They are daemons: a call that never ends doesn't keep the process from ending."""

    def __init__(self, name: str, max_hanging: int) -> None:
        self._name = name
        self._max_hanging = max_hanging
        self._lock = threading.Lock()
        self._idle: list[SimpleQueue[Call]] = []
        self._hanging = 0

    async def run(self, work: Callable[[], Any], timeout_seconds: float) -> Any:
        """What `work` returns or raises; TimeoutError when it takes longer, TooManyHang when too many did."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        late = finished = False

        def finish(value: Any, fault: BaseException | None) -> None:
            if answer.done():
                return
            if fault is None:
                answer.set_result(value)
            else:
                answer.set_exception(fault)

        def deliver(value: Any, fault: BaseException | None) -> None:
            nonlocal finished
            with self._lock:
                finished = True
                if late:
                    self._hanging -= 1
            if not loop.is_closed():
                loop.call_soon_threadsafe(finish, value, fault)

        with self._lock:
            if self._hanging >= self._max_hanging:
                raise TooManyHang(self._hanging)
            lane = self._idle.pop() if self._idle else None
        if lane is None:
            lane = SimpleQueue()
            threading.Thread(target=self._serve, args=(lane,), name=self._name, daemon=True).start()
        lane.put((work, deliver))
        try:
            return await asyncio.wait_for(answer, timeout_seconds)
        except TimeoutError:
            with self._lock:
                if not finished:
                    late = True
                    self._hanging += 1
            raise

    def _serve(self, lane: "SimpleQueue[Call]") -> None:
        while True:
            work, deliver = lane.get()
            value: Any = None
            fault: BaseException | None = None
            try:
                value = work()
            except BaseException as raised:
                fault = raised
            with self._lock:
                self._idle.append(lane)
            deliver(value, fault)
