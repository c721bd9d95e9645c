"""PostgreSQL's refusals as errors of ours: by SQLSTATE, with constraint names freed of shard suffixes."""

import re

import asyncpg

from aftersales.kit.errors import AftersalesError, Conflict, InvalidInput, NotFound, Unavailable

_SHARD_SUFFIX = re.compile(r"_\d{5,}$")
_unique_codes: dict[str, tuple[str, str | None]] = {}


def on_unique(constraint: str, code: str, field: str | None = None) -> None:
    """Say which error a unique constraint or index means; rooms call this beside their models."""
    _unique_codes[constraint] = (code, field)


def translate(fault: asyncpg.PostgresError) -> AftersalesError | asyncpg.PostgresError:
    """Our error for a refusal that a caller can cause; anything else comes back as it is (a defect of ours)."""
    constraint = _without_shard(getattr(fault, "constraint_name", None))
    match fault.sqlstate or "":
        case "23505":
            code, field = _unique_codes.get(constraint, ("ALREADY_EXISTS", None))
            if code == "ALREADY_EXISTS":
                table = _without_shard(getattr(fault, "table_name", None))
                return Conflict(code, field=field, thing=table or "row", value="")
            return Conflict(code, field=field)
        case "23503":
            return NotFound("REFERENCE_MISSING")
        case "23514":
            return InvalidInput("CHECK_REFUSED", constraint=constraint)
        case "22003" | "22008":
            return InvalidInput("NUMBER_OUT_OF_RANGE")
        case "22P05" | "22021":
            return InvalidInput("TEXT_INVALID", field_name="text")
        # asyncpg's own, for an argument that it couldn't encode; any other cause is a defect of ours.
        case "22000" if isinstance(fault.__cause__, UnicodeEncodeError):
            return InvalidInput("TEXT_INVALID", field_name="text")
        case "22000" if isinstance(fault.__cause__, OverflowError):
            return InvalidInput("NUMBER_OUT_OF_RANGE")
        case "40001" | "40P01" | "55P03" | "57014":
            return Unavailable("DATABASE_BUSY")
        case "57P01" | "57P02" | "57P03" | "53300":
            return Unavailable("DATABASE_UNAVAILABLE")
        case state if state.startswith("08"):
            return Unavailable("DATABASE_UNAVAILABLE")
        case _:
            return fault


def _without_shard(name: str | None) -> str:
    return _SHARD_SUFFIX.sub("", name or "")
