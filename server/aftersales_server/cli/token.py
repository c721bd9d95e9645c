"""`aftersales token …` and `aftersales platform-token …`: access tokens, shown once when they are issued."""

from typing import Annotated

import typer

from aftersales_server.cli._platform import JsonFlag, as_json, in_registry, instant, on_platform, row_id
from aftersales_server.cli.terminal import say

app = typer.Typer(help="Access tokens of a tenant's members.", no_args_is_help=True)
platform = typer.Typer(help="Access tokens of platform admins.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(metavar="TENANT", help="The tenant's slug.")]
TokenId = Annotated[str, typer.Argument(metavar="ID", help="The id that was printed when it was issued.")]
Expires = Annotated[str | None, typer.Option(help="The last instant at which it is valid, with zone; default: none.")]
Json = Annotated[bool, JsonFlag]


@app.command()
def issue(
    slug: Slug,
    email: Annotated[str, typer.Argument(help="The member's e-mail address.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    expires: Expires = None,
    json: Json = False,
) -> None:
    """Issue a token to a member. It is printed this once; only its digest is kept."""
    from aftersales_tenants.commands import IssueToken

    command = IssueToken(slug=slug, email=email, name=name, expires_at=instant(expires, "--expires"))
    issued = in_registry(lambda registry: registry.issue_token(command))
    say(as_json({"id": issued.id, "token": issued.token}) if json else f"{issued.token}\n(id {issued.id})")


@app.command()
def revoke(slug: Slug, token_id: TokenId) -> None:
    """Make a member's token worthless from now on."""
    from aftersales_tenants.commands import RevokeToken

    command = RevokeToken(slug=slug, token_id=row_id(token_id))
    in_registry(lambda registry: registry.revoke_token(command))
    say("Revoked.")


@platform.command("issue")
def issue_platform(
    name: Annotated[str, typer.Argument(help="Whose it is.")], expires: Expires = None, json: Json = False
) -> None:
    """Issue a token to a platform admin. It is printed this once; only its digest is kept."""
    until = instant(expires, "--expires")
    issued = on_platform(lambda platform: platform.issue_token(name, until))
    say(as_json({"id": issued.id, "token": issued.token}) if json else f"{issued.token}\n(id {issued.id})")


@platform.command("revoke")
def revoke_platform(token_id: TokenId) -> None:
    """Make a platform admin's token worthless from now on."""
    wanted = row_id(token_id)
    on_platform(lambda platform: platform.revoke_token(wanted))
    say("Revoked.")


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="token")
    root.add_typer(platform, name="platform-token")
