"""SQLAlchemy Core statements compiled once to asyncpg's SQL, with named parameters put in order."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.sql import Executable
from sqlalchemy.sql.elements import ClauseElement

_DIALECT = asyncpg_dialect()  # type: ignore[no-untyped-call]


class Statement:
    """A statement compiled for asyncpg. `arguments(params)` gives the values in the order of `$1, $2, …`.

    `locks` says whether it is a SELECT … FOR UPDATE.
    """

    __slots__ = ("_defaults", "_order", "_required", "locks", "names", "sql")

    def __init__(self, executable: Executable) -> None:
        assert isinstance(executable, ClauseElement)  # noqa: S101 - narrows SQLAlchemy's split type hierarchy
        compiled = executable.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self.sql = str(compiled)
        self._order: tuple[str, ...] = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
        self.locks = getattr(executable, "_for_update_arg", None) is not None
        self.names = frozenset(self._order)
        self._defaults: dict[str, Any] = dict(compiled.params)
        self._required = frozenset(name for name, bind in compiled.binds.items() if bind.required)  # type: ignore[attr-defined]

    def arguments(self, params: Mapping[str, Any]) -> list[Any]:
        unknown = params.keys() - self._defaults.keys()
        if unknown:
            raise TypeError(f"the statement has no parameter {sorted(unknown)}")
        missing = self._required - params.keys()
        if missing:
            # Left out it would be NULL, and a comparison with NULL finds nothing without a word.
            raise TypeError(f"the statement needs the parameter {sorted(missing)}")
        return [params[name] if name in params else self._defaults[name] for name in self._order]


@lru_cache(maxsize=1024)
def compiled(executable: Executable) -> Statement:
    """The compiled form of a module-level statement; compiled once per statement object."""
    return Statement(executable)
