"""`aftersales tenant`, `member`, `token` and `platform-token`, as an operator uses them."""

import json
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from aftersales_server.cli import main
from aftersales_server.settings import Settings

Run = Callable[..., "Said"]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def aftersales(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command on this worker's database."""
    for name, value in settings.to_environment().items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["aftersales", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        said = capsys.readouterr()
        return Said(int(end.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def slug() -> str:
    return f"cli-{secrets.token_hex(4)}"


def test_from_nothing_to_a_token(aftersales: Run, slug: str) -> None:
    """Given a new tenant with two verticals and an owner, when a token is issued, then it is shown once."""
    created = aftersales(
        "tenant", "create", slug, "Example GmbH", "--vertical", "solar", "--vertical",
        'software_his={"profile": "hospital"}', "--time-zone", "Europe/Berlin", "--language", "en", "--json",
    )  # fmt: skip
    assert created.code == 0
    added = aftersales("member", "add", slug, "owner@example.org", "Olga", "--role", "owner")
    assert added.code == 0
    issued = aftersales("token", "issue", slug, "owner@example.org", "--expires", "2099-12-31T23:59:59+08:00", "--json")
    token = issued.document["token"]
    assert token.startswith("as_")

    shown = aftersales("tenant", "show", slug, "--json")
    told = shown.document
    assert told["verticals"] == {"solar": {}, "software_his": {"profile": "hospital"}}
    assert (told["time_zone"], told["language"], told["state"]) == ("Europe/Berlin", "en", "active")
    assert [member["email"] for member in told["members"]] == ["owner@example.org"]
    assert [kept["id"] for kept in told["tokens"]] == [issued.document["id"]]
    assert token not in shown.out
    assert "digest" not in shown.out
    assert slug in aftersales("tenant", "list").out


def test_a_token_can_be_revoked(aftersales: Run, slug: str) -> None:
    aftersales("tenant", "create", slug, "Example")
    aftersales("member", "add", slug, "a@example.org", "A", "--role", "dispatcher")
    issued = aftersales("token", "issue", slug, "a@example.org", "--json").document
    assert aftersales("token", "revoke", slug, issued["id"]).code == 0
    assert "revoked" in aftersales("tenant", "show", slug).out


def test_a_member_is_changed(aftersales: Run, slug: str) -> None:
    aftersales("tenant", "create", slug, "Example")
    aftersales("member", "add", slug, "a@example.org", "A", "--role", "dispatcher")
    assert aftersales("member", "update", slug, "a@example.org", "--role", "finance", "--state", "inactive").code == 0
    [member] = aftersales("tenant", "show", slug, "--json").document["members"]
    assert (member["roles"], member["state"]) == (["finance"], "inactive")


def test_verticals_are_enabled_changed_and_disabled(aftersales: Run, slug: str) -> None:
    aftersales("tenant", "create", slug, "Example")
    assert aftersales("tenant", "enable", slug, "solar").code == 0
    before = aftersales("tenant", "show", slug, "--json").document["settings_version"]
    assert aftersales("tenant", "disable", slug, "solar").code == 0
    told = aftersales("tenant", "show", slug, "--json").document
    assert (told["verticals"], told["disabled_verticals"]) == ({}, ["solar"])
    assert told["settings_version"] > before


def test_a_tenant_is_suspended_resumed_and_archived(aftersales: Run, slug: str) -> None:
    aftersales("tenant", "create", slug, "Example")
    assert aftersales("tenant", "suspend", slug, "--reason", "unpaid").code == 0
    assert aftersales("tenant", "resume", slug).code == 0
    assert aftersales("tenant", "archive", slug).code == 0
    back = aftersales("tenant", "resume", slug)
    assert back.code != 0
    assert "archived" in back.err


def test_a_tenant_can_be_renamed(aftersales: Run, slug: str) -> None:
    aftersales("tenant", "create", slug, "Example")
    assert aftersales("tenant", "update", slug, "--name", "Other").code == 0
    assert aftersales("tenant", "show", slug, "--json").document["name"] == "Other"


def test_a_platform_token_is_issued_and_revoked(aftersales: Run) -> None:
    issued = aftersales("platform-token", "issue", "Ada", "--json").document
    assert issued["token"].startswith("asp_")
    assert aftersales("platform-token", "revoke", issued["id"]).code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("tenant", "create", "Bad Slug", "Name"), "SLUG_INVALID"),
        (("tenant", "create", "good", "Name", "--time-zone", "Mars/Base"), "ZONE_UNKNOWN"),
        (("tenant", "create", "good", "Name", "--language", "tlh"), "LANGUAGE_UNKNOWN"),
        (("tenant", "create", "good", "Name", "--vertical", "casino"), "VERTICAL_UNKNOWN"),
        (("tenant", "create", "good", "Name", "--vertical", "solar={]"), "JSON object"),
        (("tenant", "show", "nobody-here"), "TENANT_UNKNOWN"),
        (("tenant", "suspend", "nobody-here"), "TENANT_UNKNOWN"),
        (("token", "issue", "nobody-here", "a@example.org"), "TENANT_UNKNOWN"),
        (("token", "issue", "nobody-here", "a@example.org", "--expires", "2099-01-01"), "time zone"),
        (("token", "revoke", "nobody-here", "not-an-id"), "no id"),
        (("platform-token", "revoke", "01890000-0000-7000-8000-000000000000"), "NOT_FOUND"),
    ],
)
def test_a_refusal_is_a_sentence_and_an_exit_code(aftersales: Run, arguments: tuple[str, ...], told: str) -> None:
    said = aftersales(*arguments)
    assert said.code != 0
    assert said.out == ""
    assert told in said.err
    assert "Traceback" not in said.err


def test_a_refused_creation_leaves_nothing_behind(aftersales: Run, slug: str) -> None:
    refused = aftersales("tenant", "create", slug, "Name", "--vertical", 'solar={"no_such_setting": 1}')
    assert refused.code != 0
    assert "VERTICAL_SETTINGS_INVALID" in refused.err
    assert aftersales("tenant", "show", slug).code != 0
    assert aftersales("tenant", "create", slug, "Name").code == 0
    assert "TENANT_SLUG_TAKEN" in aftersales("tenant", "create", slug, "Name").err


def test_an_unmigrated_database_is_named_and_not_traced(
    aftersales: Run, fresh_settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in fresh_settings(migrated=False).to_environment().items():
        monkeypatch.setenv(name, value)
    said = aftersales("tenant", "list")
    assert said.code != 0
    assert "aftersales db upgrade" in said.err
