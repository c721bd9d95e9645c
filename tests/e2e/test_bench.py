"""The bench runs and writes what it measured; how fast anything was isn't looked at here."""

import json
from pathlib import Path

import pytest
from bench.__main__ import main

GROUPS = {
    "deadlines",
    "coverage",
    "pricing",
    "playbook and schema",
    "loading",
    "hot path",
    "requests",
    "sweep",
    "fleet",
    "planned work",
    "imports",
    "search",
}


def test_given_small_sizes_when_the_bench_runs_then_every_part_has_figures_and_no_hook_is_dispatched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--quick", "--results", str(tmp_path)])
    (written,) = tmp_path.glob("*.json")
    run = json.loads(written.read_text())
    assert {figure["group"] for figure in run["figures"]} == GROUPS
    assert all(figure["value"] >= 0 for figure in run["figures"])
    assert str(written) in capsys.readouterr().out.replace("\n", "")
    hooks = {row["name"]: row["value"] for row in run["figures"] if row["name"].startswith("hooks dispatched")}
    assert len(hooks) == 4
    # The dataset's reports state no fact, so the declared default grades them; nothing on these paths asks a hook.
    assert not any(hooks.values())
