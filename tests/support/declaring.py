"""A platform over one vertical that a test declares itself: plans whose industry nobody has built."""

from dataclasses import replace
from typing import Any

from aftersales import hookimpl
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales.plugins.vertical import Vertical
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.scopes import Scopes
from tests.fixtures.database import TestPlatform
from tests.terms.making import vertical


def declared(name: str, **terms: tuple[Any, ...]) -> Vertical:
    """A vertical whose hooks return these terms, by the hook's name."""
    return vertical(name, **{hook: _returning(hook, found) for hook, found in terms.items()})


def over(platform: TestPlatform, *verticals: Vertical) -> TestPlatform:
    """The same database and clock under these verticals."""
    compiler = PlaybookCompiler(Registry(list(verticals)))
    gateway = Gateway(platform.pools, Scopes(compiler), platform.clock)
    return replace(platform, gateway=gateway, compiler=compiler)


def _returning(hook: str, terms: tuple[Any, ...]) -> Any:
    def declare(settings: Any) -> tuple[Any, ...]:
        return terms

    declare.__name__ = hook
    return hookimpl(declare)
