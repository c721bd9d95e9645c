"""The `aftersales` command. Every module of this package that has a `register(app)` adds its commands to it."""

import importlib
import pkgutil
import sys

import typer

from aftersales_server.cli.terminal import fail
from aftersales_server.errors import OperatorError

__all__ = ["build", "main"]


def build() -> typer.Typer:
    """The command with all sub-commands."""
    app = typer.Typer(
        name="aftersales",
        help="Run and administer the after-sales platform.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        if module.name.startswith("_"):
            continue
        register = getattr(importlib.import_module(f"{__name__}.{module.name}"), "register", None)
        if register is not None:
            register(app)
    return app


def main() -> None:
    """The console script: an error that a person can act on becomes one sentence and an exit code."""
    try:
        build()()
    except OperatorError as error:
        fail(error.sentence, error.detail)
        sys.exit(error.exit_code)
    except Exception as error:
        code, sentence = getattr(error, "code", None), getattr(error, "message", None)
        if not isinstance(code, str) or not callable(sentence):
            raise
        # An AftersalesError; its class isn't imported here, since that would load the engine for every command.
        fail(str(sentence("en")), code)
        sys.exit(1)
