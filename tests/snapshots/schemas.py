"""The schemas that clients rely on, as text in git: the core's, each vertical's, all together, the platform's."""

from pathlib import Path

from aftersales.plugins.registry import Registry
from aftersales_graphql.composition import parts_for
from aftersales_graphql.machine.schema import TenantSchema, compose
from aftersales_graphql.platform import PLATFORM

FOLDER = Path(__file__).parent
BUILT_IN = ("auto_4s", "landscaping", "software_his", "solar")
SETS: dict[str, frozenset[str]] = {
    "core": frozenset(),
    **{name: frozenset({name}) for name in BUILT_IN},
    "all_verticals": frozenset(BUILT_IN),
}


def schema_of(verticals: frozenset[str], registry: Registry) -> TenantSchema:
    """The schema of tenants with these verticals."""
    return compose(parts_for(registry)(verticals), verticals)


def current() -> dict[str, str]:
    """The SDL of every snapshot, by its name, as the code says it now."""
    registry = Registry.installed()
    found = {name: schema_of(verticals, registry).sdl() for name, verticals in SETS.items()}
    found["platform"] = compose([PLATFORM], frozenset()).sdl()
    return found


def kept(name: str) -> str:
    """The SDL of a snapshot as it lies in git; empty where there is none."""
    file = FOLDER / f"{name}.graphql"
    return file.read_text() if file.exists() else ""


def write() -> None:
    """Write all snapshots, and remove those of schemas that are no more."""
    made = current()
    for file in FOLDER.glob("*.graphql"):
        if file.stem not in made:
            file.unlink()
    for name, sdl in made.items():
        (FOLDER / f"{name}.graphql").write_text(sdl)
