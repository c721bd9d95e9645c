"""Identifiers arrive in index order, whatever the machine's clock does."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from aftersales.kit.ids import new_id


def test_ids_rise_strictly_and_say_that_they_are_version_7() -> None:
    made = [new_id() for _ in range(20_000)]
    assert all(earlier < later for earlier, later in pairwise(made))
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}


def test_ids_of_several_threads_are_all_different() -> None:
    with ThreadPoolExecutor(max_workers=4) as threads:
        made = [one for many in threads.map(lambda _: [new_id() for _ in range(2_000)], range(4)) for one in many]
    assert len(set(made)) == len(made)


def test_given_a_clock_that_falls_back_then_ids_rise_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    real = time.time_ns()
    monkeypatch.setattr("aftersales.kit.ids.time.time_ns", lambda: real - 3_600_000_000_000)
    assert new_id() > before
