"""Identifiers: UUIDv7 made in the application, so that rows arrive in index order and need no round trip."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last_milliseconds = 0
_counter = 0
_COUNTER_LIMIT = 1 << 12


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): strictly increasing within a process, random enough to be unguessable.

    The wall clock is used for ordering only; business time never comes from an id.
    """
    global _last_milliseconds, _counter
    with _lock:
        milliseconds = time.time_ns() // 1_000_000
        if milliseconds > _last_milliseconds:
            _last_milliseconds, _counter = milliseconds, 0
        else:
            _counter += 1
            if _counter >= _COUNTER_LIMIT:
                _last_milliseconds, _counter = _last_milliseconds + 1, 0
            milliseconds = _last_milliseconds
        sequence = _counter
    random_bits = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    value = (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | sequence << 64 | 0b10 << 62 | random_bits
    return UUID(int=value)
