"""`aftersales db …`: the schema of the database."""

from typing import Annotated

import typer

from aftersales_server.cli.terminal import say, step
from aftersales_server.errors import OperatorError
from aftersales_server.installation import installation

app = typer.Typer(help="Migrate the database: AFTERSALES_DATABASE_URL's, or the embedded one.", no_args_is_help=True)


@app.command()
def upgrade(revision: Annotated[str, typer.Argument(help="The revision to reach.")] = "head") -> None:
    """Create the roles and bring the schema to a revision (default: the newest)."""
    from aftersales_server import migrations

    with installation(step) as settings, step(f"Upgrading the database to {revision}"):
        migrations.upgrade(settings, revision)


@app.command()
def current() -> None:
    """Print the revision that the database is at."""
    from aftersales_server import migrations

    with installation() as settings:
        revision, head = migrations.current_revision(settings), migrations.head_revision()
    say(f"{revision or 'empty'}{'' if revision == head else f' (newest: {head})'}")


@app.command()
def check() -> None:
    """Fail when the models and the migrated database differ."""
    from aftersales_server import migrations

    with installation() as settings:
        differences = migrations.pending_differences(settings)
    if differences:
        raise OperatorError(
            "The models differ from the migrated database: write a version with `aftersales db revision`.",
            detail="\n".join(str(difference) for difference in differences),
        )
    say("The models and the database agree.")


@app.command()
def revision(
    message: Annotated[str, typer.Argument(help="What the version does, in a few words.")],
    empty: Annotated[bool, typer.Option(help="Write an empty version, for data or hand-written SQL.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only this table, or this package's tables.")] = None,
) -> None:
    """Write a new version file from the difference between models and database (for developers)."""
    from aftersales_server import migrations

    with installation() as settings:
        migrations.upgrade(settings)
        say(str(migrations.write_revision(settings, message, empty=empty, only=only or ())))


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="db")
