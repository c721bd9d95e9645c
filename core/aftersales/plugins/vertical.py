"""What a plugin's entry point exports: the vertical's name, the engines it fits, its settings and its hooks."""

from dataclasses import dataclass
from types import ModuleType

from msgspec import Struct

from aftersales.terms.base import Label

ENGINE_VERSION = "0.1.0"
"""The version of the hook interface; a vertical declares the range that it fits."""


class VerticalSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tenant's own values for a vertical. Subclass it; every field needs a default, unknown names are refused.

    `time_zone` is the IANA zone in which the vertical's calendars run and its days end.
    """

    time_zone: str = "Asia/Shanghai"


@dataclass(frozen=True, kw_only=True)
class Vertical:
    """An industry. The entry point group is `aftersales.verticals`; the entry's name must equal `name`.

    `engine` is a version specifier (`>=0.1,<1`); outside it the vertical is refused at boot.
    """

    name: str
    label: Label
    version: str
    engine: str
    settings: type[VerticalSettings]
    hooks: ModuleType | object
