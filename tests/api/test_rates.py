"""A tenant's share of requests: used up, refilled, and nobody else's."""

from typing import Any
from uuid import uuid4

import pytest

from aftersales.kit.errors import TooManyRequests
from aftersales_graphql.rates import BUCKETS, RateLimiter
from tests.api.serving import Directory, serve
from tests.api.world import World


class Seconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_share_is_used_up_and_grows_again() -> None:
    """Given 60 requests a minute, when 60 came at once, then a second later there is room for one."""
    seconds, tenant = Seconds(), uuid4()
    limiter = RateLimiter(60, seconds=seconds)
    for _ in range(60):
        limiter.take(tenant)
    with pytest.raises(TooManyRequests) as refused:
        limiter.take(tenant)
    assert (refused.value.code, refused.value.retry_after, refused.value.status) == ("RATE_LIMITED", 1, 429)
    seconds.now += 1
    limiter.take(tenant)
    with pytest.raises(TooManyRequests):
        limiter.take(tenant)


def test_a_refused_request_costs_nothing() -> None:
    """Given an empty bucket, when asked again and again, then it is full a minute later all the same."""
    seconds, tenant = Seconds(), uuid4()
    limiter = RateLimiter(6, seconds=seconds)
    for _ in range(6):
        limiter.take(tenant)
    for _ in range(60):
        seconds.now += 0.1
        with pytest.raises(TooManyRequests):
            limiter.take(tenant)
    seconds.now += 54
    for _ in range(6):
        limiter.take(tenant)


def test_another_tenant_has_a_share_of_its_own() -> None:
    """Given one tenant without room, then another has all of its own; zero means no limit at all."""
    limiter, busy = RateLimiter(1, seconds=Seconds()), uuid4()
    limiter.take(busy)
    limiter.take(uuid4())
    with pytest.raises(TooManyRequests):
        limiter.take(busy)
    unlimited = RateLimiter(0)
    for _ in range(100):
        unlimited.take(busy)


def test_only_so_many_tenants_are_remembered() -> None:
    """Given more tenants than are remembered, then the one that was quiet longest is forgotten first."""
    limiter = RateLimiter(1, seconds=Seconds())
    first = uuid4()
    limiter.take(first)
    for _ in range(BUCKETS):
        limiter.take(uuid4())
    assert len(limiter._buckets) == BUCKETS
    limiter.take(first)


async def test_http_tells_when_to_come_again(world: World) -> None:
    """Given a server with two requests a minute, when the third comes, then 429, Retry-After and a code in words."""
    async with serve(world, Directory(world), requests_per_minute=2) as served:
        answers: list[Any] = [await served.post("{ __typename }", headers={"accept-language": "en"}) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert 1 <= int(answers[2].headers["retry-after"]) <= 30
        [error] = answers[2].json()["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert "2 a minute" in error["message"]
        other = await served.post(
            "{ __typename }", slug="theirs", headers={"authorization": "Bearer theirs-dispatcher"}
        )
        assert other.status_code == 200
