"""The demo tenants' tokens, kept in a file of the data folder so that a later start can print them again."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE = "demo-tokens.json"


@dataclass(frozen=True)
class DemoTenant:
    """A provisioned tenant: its tokens by role, and the webhook secret where it has an endpoint."""

    slug: str
    name: str
    tokens: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoAccess:
    """Every way in: the platform admin's token and each tenant's."""

    platform_token: str
    tenants: tuple[DemoTenant, ...]

    def tenant(self, slug: str) -> DemoTenant:
        return next(tenant for tenant in self.tenants if tenant.slug == slug)


def read_access(data_folder: Path) -> DemoAccess | None:
    """What was kept; None when there is nothing, or nothing that can be read."""
    try:
        raw = json.loads((data_folder / FILE).read_text())
        tenants = tuple(DemoTenant(**tenant) for tenant in raw["tenants"])
        return DemoAccess(platform_token=raw["platform_token"], tenants=tenants)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_access(data_folder: Path, access: DemoAccess) -> None:
    """Keep it, readable by this account only; a file that is half written never takes the place of a whole one."""
    path = data_folder / FILE
    draft = path.with_name(f"{FILE}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(access), file, ensure_ascii=False, indent=2)
    os.replace(draft, path)
