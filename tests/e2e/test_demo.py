"""`aftersales demo` and the provisioning before it, as a person sees them."""

import asyncio
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftersales.access import ROLES
from aftersales_server.cli import build
from aftersales_server.demo.access import FILE, read_access
from aftersales_server.demo.provision import doors, provision, provision_demo
from aftersales_server.demo.stories import workshop
from aftersales_server.demo.world import TENANTS
from aftersales_server.errors import OperatorError
from aftersales_server.settings import Settings
from aftersales_server.startup import Access
from tests.e2e.conftest import RunningInstance


@pytest.fixture
def terminal(instance: RunningInstance, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A terminal in the folder of the running instance."""
    for name, value in instance.settings.to_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner()


def test_given_a_running_instance_when_a_story_is_asked_for_then_its_timeline_is_printed(
    terminal: CliRunner,
) -> None:
    result = terminal.invoke(build(), ["demo", "workshop"])
    assert result.exit_code == 0, result.output
    assert "A workshop visit" in result.output
    assert "Why:" in result.output
    assert "Every date is the one worked out by hand." in result.output


def test_given_a_date_that_differs_when_the_demo_ends_then_it_says_so_and_fails(
    terminal: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workshop, "ANSWER_DUE", "2026-06-20 09:41")
    result = terminal.invoke(build(), ["demo", "workshop"])
    assert result.exit_code != 0
    assert isinstance(result.exception, OperatorError)
    assert "2 dates or facts differ" in result.exception.sentence


def test_given_a_story_that_there_is_not_when_asked_for_then_the_known_ones_are_named(terminal: CliRunner) -> None:
    result = terminal.invoke(build(), ["demo", "opera"])
    assert isinstance(result.exception, OperatorError)
    assert "hospital" in result.exception.sentence


def test_given_no_demo_tenants_when_the_demo_is_started_then_it_says_what_to_do(
    terminal: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERSALES_DATA_DIR", str(tmp_path))
    result = terminal.invoke(build(), ["demo"])
    assert isinstance(result.exception, OperatorError)
    assert "make run" in result.exception.sentence


def test_given_provisioned_tenants_when_provisioned_again_then_the_same_tokens_come_back(
    instance: RunningInstance,
) -> None:
    assert asyncio.run(provision(instance.settings)) == instance.access
    kept = instance.settings.data_folder / FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_given_the_tokens_were_lost_when_provisioned_again_then_new_ones_open_the_same_tenants(
    instance: RunningInstance, tmp_path: Path
) -> None:
    elsewhere = replace(instance.settings, data_folder=tmp_path)
    again = asyncio.run(provision(elsewhere))
    assert [tenant.slug for tenant in again.tenants] == [plan.slug for plan in TENANTS]
    assert again.platform_token != instance.access.platform_token
    assert read_access(tmp_path) == again
    token = again.tenant("huakang-his").tokens["owner"]
    answer = instance.http.post(
        f"{instance.settings.base_url}/t/huakang-his/graphql",
        json={"query": "{ customers(first: 100) { nodes { code } } members(first: 100) { nodes { email } } }"},
        headers={"authorization": f"Bearer {token}"},
    ).json()["data"]
    assert sorted(row["code"] for row in answer["customers"]["nodes"]) == ["H-BJ", "H-CD", "H-LF"]
    assert len(answer["members"]["nodes"]) == len(ROLES)


def test_the_printed_example_of_every_tenant_is_a_query_that_works(instance: RunningInstance) -> None:
    for door in doors(instance.settings, instance.access)[1:]:
        token, body = door.example.split("Bearer ")[1].split("'")[0], door.example.split("-d '")[1].rstrip("'")
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        answer = instance.http.post(door.url, content=body, headers=headers)
        assert answer.status_code == 200
        assert "errors" not in answer.json()


def test_given_a_clock_that_may_not_be_moved_when_started_then_no_demo_tenants_are_made(
    shared_settings: Settings, tmp_path: Path
) -> None:
    production = replace(shared_settings, data_folder=tmp_path, development_clock=False)

    async def start() -> list[Access]:
        return await provision_demo(production)

    assert asyncio.run(start()) == []
    assert not (tmp_path / FILE).exists()
