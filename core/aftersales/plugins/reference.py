"""The reference of all hooks, written from the hook specifications themselves by `make docs`."""

import inspect
from collections.abc import Iterator
from types import FunctionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from aftersales.plugins import hookspecs
from aftersales.terms.base import Term

INTRODUCTION = """# Hooks

Written from `aftersales.plugins.hookspecs` by `make docs`; a test compares the two.

A *declaration* returns frozen terms. It is called once when a Playbook is compiled for a set of settings, never
while a request is served. A *behaviour* runs at a decision point, gets frozen facts and returns a frozen verdict
within two seconds. Neither does any I/O. `settings` is the tenant's own value of your settings type.
Every term also has `code`, `label`, `clause`, `source` and `note`."""


def hooks() -> dict[str, FunctionType]:
    """Name -> specification, in the order of the file."""
    return {
        name: value
        for name, value in vars(hookspecs).items()
        if isinstance(value, FunctionType) and hasattr(value, f"{hookspecs.PROJECT}_spec")
    }


def is_behaviour(specification: FunctionType) -> bool:
    """Whether the hook decides about facts; the others declare terms from the settings alone."""
    return len(inspect.signature(specification).parameters) > 1


def render() -> str:
    """The whole reference as Markdown."""
    found = hooks()
    declarations = [name for name in found if not is_behaviour(found[name])]
    behaviours = [name for name in found if is_behaviour(found[name])]
    lines = [INTRODUCTION, "", "## Declarations", ""]
    for name in declarations:
        lines += _entry(name, found[name])
    lines += ["## Behaviours", ""]
    for name in behaviours:
        lines += _entry(name, found[name])
    return "\n".join(lines).rstrip() + "\n"


def _entry(name: str, specification: FunctionType) -> Iterator[str]:
    hints = get_type_hints(specification)
    answer = hints.pop("return")
    arguments = ", ".join(f"{argument}: {hint.__name__}" for argument, hint in hints.items())
    yield f"### `{name}({arguments}) -> {_name(answer)}`"
    yield ""
    yield inspect.cleandoc(specification.__doc__ or "")
    yield ""
    for struct in _structs(answer):
        yield f"`{struct.__name__}`: {' '.join(inspect.cleandoc(struct.__doc__ or '').split())}"
        yield ""
        own = [field for field in msgspec.structs.fields(struct) if field.name not in Term.__struct_fields__]
        for field in own if issubclass(struct, Term) else msgspec.structs.fields(struct):
            necessity = "required" if field.required else f"default `{_default(field)}`"
            yield f"- `{field.name}`: `{_name(field.type)}`, {necessity}"
        yield ""


def _structs(annotation: Any) -> Iterator[type[Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        yield annotation
    for argument in get_args(annotation):
        yield from _structs(argument)


def _name(annotation: Any) -> str:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return "None" if annotation is type(None) else annotation.__name__
    text = str(annotation).replace("typing.", "").replace("collections.abc.", "")
    for struct in _structs(annotation):
        text = text.replace(f"{struct.__module__}.{struct.__qualname__}", struct.__name__)
    return text.replace("decimal.", "").replace("datetime.date", "date").replace("msgspec.", "")


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.default is not msgspec.NODEFAULT:
        return f"{type(field.default).__name__}()" if isinstance(field.default, Struct) else repr(field.default)
    return "empty"
