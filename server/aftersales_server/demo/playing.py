"""Plays stories against a running instance, from wherever its clock stands, and sets the clock right afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from aftersales_server.demo.access import DemoAccess
from aftersales_server.demo.client import Caller
from aftersales_server.demo.stories.story import Difference, Row, Script, Story

RESET_CLOCK = "mutation { resetClock { now userErrors { code message } } }"
REQUEST_SECONDS = 30.0


@dataclass(frozen=True)
class Played:
    """A story as it went."""

    script: Script
    company: str
    rows: list[Row]
    differences: list[Difference]
    explanation: str


def play(script: Script, http: httpx.Client, base_url: str, access: DemoAccess) -> Played:
    """Play one story; what the API refuses or what doesn't come in time is raised."""
    story = Story(http, base_url, access, script.slug)
    script.play(story)
    return Played(script, story.name, story.rows, story.differences, story.explanation)


@contextmanager
def stage(base_url: str, access: DemoAccess) -> Iterator[httpx.Client]:
    """A client for stories; when they are over, the clock shows the machine's time again."""
    with httpx.Client(timeout=REQUEST_SECONDS, trust_env=False) as http:
        try:
            yield http
        finally:
            Caller(http, f"{base_url}/platform/graphql", access.platform_token).query(RESET_CLOCK)
