"""What one call of a plan has at hand, and what a finished step looks like."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from aftersales.kit.errors import Language
from aftersales_graphql.principal import Principal


@dataclass(slots=True)
class Call:
    """One root field's call: who asks, in which language, within which unit of work, with which services.

    `uow` is the open unit of work; `services` are whatever the composition root injected, by name.
    """

    principal: Principal
    language: Language
    uow: Any
    services: Mapping[str, Any] = field(default_factory=dict)
    request_id: str = ""

    @property
    def now(self) -> datetime:
        """The transaction's instant, UTC."""
        return self.uow.now  # type: ignore[no-any-return]


class Frame(NamedTuple):
    """The values that fill a plan's parameters: the call, the variables and, for references, the ids."""

    call: Call
    variables: Mapping[str, Any]
    argument: Any = None


Bind = Callable[[Frame], Any]
Shaper = Callable[[Any, Frame], Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement that answers with one JSON value already keyed like the response.

    `shape` post-processes the decoded JSON when some field is computed in Python; None lets bytes pass.
    """

    sql: str
    binds: tuple[Bind, ...]
    shape: Shaper | None
    cost: int

    def arguments(self, frame: Frame) -> list[Any]:
        return [bind(frame) for bind in self.binds]
