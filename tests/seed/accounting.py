"""Which clause of the fifteen plans is kept by which test; `python -m tests.seed.accounting` prints it plan by plan.

A test names its clauses with `@pytest.mark.clause("P08-12")`. Clauses that no test names stand in
`not_yet_built.toml`, each with what is missing. The marks are read from the tests' source, so the account is the
same whether the whole suite runs or one file of it.
"""

import ast
import json
import sys
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

SEED = Path(__file__).parent
TESTS = SEED.parent
SCOPE_TAGS = frozenset({"TEN", "CUS", "INT", "GRD", "SLA", "CAL", "ESC", "CHN", "DSP"})
SCOPE_PLANS = frozenset({5, 6, 8, 9, 10, 14})


@dataclass(frozen=True)
class Clause:
    """A row of the clause table."""

    id: str
    plan: int
    meaning: str
    tags: frozenset[str]

    @property
    def in_scope(self) -> bool:
        """Whether the engine's first stage (tickets, deadlines, dispatch, tenants) has to keep it."""
        return self.plan in SCOPE_PLANS and bool(self.tags & SCOPE_TAGS)


def clauses() -> dict[str, Clause]:
    """All 462 clauses by id."""
    rows = json.loads((SEED / "clauses.json").read_text(encoding="utf-8"))
    return {row["id"]: Clause(row["id"], row["plan"], row["meaning"], frozenset(row["tags"])) for row in rows}


def not_yet_built() -> dict[str, str]:
    """Clause id -> what is missing until it can be kept."""
    return {
        clause: reason
        for table in tomllib.loads((SEED / "not_yet_built.toml").read_text(encoding="utf-8")).values()
        for clause, reason in table.items()
    }


def marked(marker: str = "clause") -> dict[str, list[str]]:
    """Clause id -> the tests that carry the marker with it, as `file::function`."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for scope in ast.walk(tree):
            if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            for node in [*scope.decorator_list]:
                for call in ast.walk(node):
                    if not _is_marker(call, marker):
                        continue
                    for argument in call.args:  # type: ignore[attr-defined]
                        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                            raise TypeError(f"{path}:{call.lineno}: a clause id must be written out")  # type: ignore[attr-defined]
                        found[argument.value].append(f"{path.relative_to(TESTS.parent)}::{scope.name}")
    return dict(found)


def _is_marker(node: ast.AST, marker: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == marker
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr == "mark"
    )


def main() -> int:
    """Print the account; exit status 1 when a clause has neither a test nor a line in the list."""
    known, tested, missing = clauses(), marked(), not_yet_built()
    write = sys.stdout.write
    unaccounted = 0
    for plan in sorted({clause.plan for clause in known.values()}):
        rows = [clause for clause in known.values() if clause.plan == plan]
        done = [clause for clause in rows if clause.id in tested]
        scope = [clause for clause in rows if clause.in_scope]
        in_scope = f", in scope {sum(clause.id in tested for clause in scope)}/{len(scope)}" if scope else ""
        write(f"\nPlan {plan}: {len(done)}/{len(rows)} tested{in_scope}\n")
        for clause in rows:
            if clause.id in tested:
                first, *others = tested[clause.id]
                more = f" (+{len(others)} more)" if others else ""
                write(f"  ✔ {clause.id}  {first}{more}\n")
            elif clause.id in missing:
                write(f"  · {clause.id}  not yet: {missing[clause.id]}\n")
            else:
                unaccounted += 1
                write(f"  ✘ {clause.id}  NEITHER A TEST NOR A REASON — {clause.meaning}\n")
    write(f"\n{sum(clause in tested for clause in known)}/{len(known)} clauses tested, {unaccounted} unaccounted\n")
    return 1 if unaccounted else 0


if __name__ == "__main__":
    raise SystemExit(main())
