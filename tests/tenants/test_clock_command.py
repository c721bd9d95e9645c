"""`aftersales clock`, as a developer uses it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from aftersales.kit.errors import AftersalesError
from aftersales_server.cli import build
from aftersales_server.errors import OperatorError
from aftersales_server.settings import Settings


@pytest.fixture
def clock(fresh_settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command on a database of its own, since the clock is everybody's."""
    settings: Settings = fresh_settings()

    def run(*arguments: str, development: bool = True) -> Result:
        for name, value in replace(settings, development_clock=development).to_environment().items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(build(), ["clock", *arguments])

    return run


def shown(result: Result) -> datetime:
    assert result.exit_code == 0, result.output
    return datetime.fromisoformat(result.output.strip())


def test_the_clock_is_moved_shown_and_reset(clock: Any) -> None:
    wanted = datetime(2030, 1, 1, 9, 0, tzinfo=UTC)
    assert timedelta(0) <= shown(clock("move", "2030-01-01T17:00:00+08:00")) - wanted < timedelta(minutes=1)
    assert timedelta(0) <= shown(clock("show")) - wanted < timedelta(minutes=1)
    assert abs(shown(clock("reset")) - datetime.now(UTC)) < timedelta(minutes=1)
    assert abs(shown(clock("show")) - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("arguments", "development", "told"),
    [
        (("move", "tomorrow"), True, "takes an instant"),
        (("move", "2030-01-01T17:00:00"), True, "needs a time zone"),
        (("move", "2900-01-01T17:00:00Z"), True, "impossible"),
        (("move", "2030-01-01T17:00:00Z"), False, "clock"),
        (("reset",), False, "clock"),
    ],
)
def test_a_clock_that_may_not_or_cant_be_moved_is_refused_with_a_sentence(
    clock: Any, arguments: tuple[str, ...], development: bool, told: str
) -> None:
    result = clock(*arguments, development=development)
    assert result.exit_code != 0
    refusal = result.exception
    assert isinstance(refusal, OperatorError | AftersalesError)
    assert told in (refusal.sentence if isinstance(refusal, OperatorError) else refusal.message("en"))
