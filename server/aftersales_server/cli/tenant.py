"""`aftersales tenant …` and `aftersales member …`: who is on the platform and with which verticals."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from aftersales_server.cli._platform import JsonFlag, as_json, in_registry, json_object, row_id
from aftersales_server.cli.terminal import say

app = typer.Typer(help="Provision tenants: create, configure, suspend, archive.", no_args_is_help=True)
members = typer.Typer(help="The people and systems that act in a tenant.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(metavar="TENANT", help="The tenant's slug.")]
Vertical = Annotated[str, typer.Argument(metavar="VERTICAL", help="An installed vertical, such as solar.")]
Json = Annotated[bool, JsonFlag]
Reason = Annotated[str, typer.Option(help="Why; kept with the action.")]


@app.command()
def create(
    slug: Annotated[str, typer.Argument(help="Its address: lower-case letters, digits, hyphens.")],
    name: Annotated[str, typer.Argument(help="The company's name.")],
    verticals: Annotated[
        list[str] | None,
        typer.Option("--vertical", help="A vertical, with settings if need be: solar or 'solar={\"…\": …}'."),
    ] = None,
    time_zone: Annotated[str, typer.Option(help="IANA time zone.")] = "Asia/Shanghai",
    language: Annotated[str, typer.Option(help="zh-CN or en.")] = "zh-CN",
    hotline: Annotated[str | None, typer.Option(help="The number that customers call.")] = None,
    json: Json = False,
) -> None:
    """Create a tenant with its verticals enabled."""
    from aftersales_tenants.commands import CreateTenant

    given = dict(_vertical(text) for text in verticals or ())
    command = CreateTenant(
        slug=slug, name=name, time_zone=time_zone, language=language, hotline=hotline, verticals=given
    )
    tenant_id = in_registry(lambda registry: registry.create_tenant(command))
    say(as_json({"id": tenant_id, "slug": slug}) if json else f"Created {slug} ({tenant_id}).")


@app.command("list")
def list_(json: Json = False) -> None:
    """List all tenants."""
    rows = in_registry(lambda registry: registry.tenants())
    if json:
        say(as_json(rows))
        return
    for row in rows:
        say(f"{row['slug']:<24}  {row['state']:<9}  {', '.join(row['verticals']) or '-':<40}  {row['name']}")
    if not rows:
        say("There are no tenants yet: `aftersales tenant create SLUG NAME`.")


@app.command()
def show(slug: Slug, json: Json = False) -> None:
    """Show a tenant with its verticals, settings, members and tokens."""
    row = in_registry(lambda registry: registry.tenant(slug))
    if json:
        say(as_json(row))
        return
    say(f"{row['slug']}  {row['name']}  ({row['state']}, {row['time_zone']}, {row['language']})")
    for vertical, settings in row["verticals"].items():
        say(f"  vertical  {vertical}  {as_json(settings) if settings else ''}".rstrip())
    for vertical in row["disabled_verticals"]:
        say(f"  vertical  {vertical}  (disabled)")
    for member in row["members"]:
        say(f"  member    {member['id']}  {member['email']}  {', '.join(member['roles'])}  {member['state']}")
    for token in row["tokens"]:
        say(f"  token     {token['id']}  {token['member_name']}  {_validity(token)}")


@app.command()
def update(
    slug: Slug,
    name: Annotated[str | None, typer.Option(help="The company's name.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="IANA time zone.")] = None,
    language: Annotated[str | None, typer.Option(help="zh-CN or en.")] = None,
    hotline: Annotated[str | None, typer.Option(help="The number that customers call.")] = None,
) -> None:
    """Change a tenant's name, zone, language or hotline."""
    from aftersales_tenants.commands import UpdateTenant

    command = UpdateTenant(slug=slug, name=name, time_zone=time_zone, language=language, hotline=hotline)
    in_registry(lambda registry: registry.update_tenant(command))
    say(f"Updated {slug}.")


@app.command()
def enable(
    slug: Slug,
    vertical: Vertical,
    settings: Annotated[str | None, typer.Option(help="Its settings, a JSON object; default: those it had.")] = None,
) -> None:
    """Enable a vertical, or change the settings of an enabled one."""
    from aftersales_tenants.commands import EnableVertical

    given = None if settings is None else json_object(settings, "--settings")
    command = EnableVertical(slug=slug, vertical=vertical, settings=given)
    in_registry(lambda registry: registry.enable_vertical(command))
    say(f"{vertical} is enabled for {slug}.")


@app.command()
def disable(slug: Slug, vertical: Vertical) -> None:
    """Refuse new use of a vertical; its data and settings are kept."""
    from aftersales_tenants.commands import DisableVertical

    command = DisableVertical(slug=slug, vertical=vertical)
    in_registry(lambda registry: registry.disable_vertical(command))
    say(f"{vertical} is disabled for {slug}; its data are kept.")


@app.command()
def suspend(slug: Slug, reason: Reason = "") -> None:
    """Refuse all requests of a tenant until it is resumed."""
    _move(slug, reason, lambda registry, command: registry.suspend(command))
    say(f"{slug} is suspended.")


@app.command()
def resume(slug: Slug, reason: Reason = "") -> None:
    """Let a suspended tenant work again."""
    _move(slug, reason, lambda registry, command: registry.resume(command))
    say(f"{slug} works again.")


@app.command()
def archive(slug: Slug, reason: Reason = "") -> None:
    """End a tenant for good; its data are kept until they are erased."""
    _move(slug, reason, lambda registry, command: registry.archive(command))
    say(f"{slug} is archived.")


@members.command()
def add(
    slug: Slug,
    email: Annotated[str, typer.Argument(help="The member's e-mail address.")],
    name: Annotated[str, typer.Argument(help="The member's name.")],
    roles: Annotated[list[str], typer.Option("--role", help="A role, such as dispatcher; may be repeated.")],
    language: Annotated[str | None, typer.Option(help="zh-CN or en; default: the tenant's.")] = None,
    customer: Annotated[str | None, typer.Option(help="The id of a customer's member's customer.")] = None,
    service_unit: Annotated[str | None, typer.Option(help="The id of a dealer's member's service unit.")] = None,
    json: Json = False,
) -> None:
    """Add a member; `aftersales token issue` then lets it in."""
    from aftersales_tenants.commands import AddMember

    command = AddMember(
        slug=slug,
        email=email,
        name=name,
        roles=roles,
        language=language,
        customer_id=None if customer is None else row_id(customer),
        service_unit_id=None if service_unit is None else row_id(service_unit),
    )
    member_id = in_registry(lambda registry: registry.add_member(command))
    say(as_json({"id": member_id}) if json else f"Added {email} ({member_id}).")


@members.command("update")
def update_member(
    slug: Slug,
    email: Annotated[str, typer.Argument(help="The member's e-mail address.")],
    name: Annotated[str | None, typer.Option(help="The member's name.")] = None,
    roles: Annotated[list[str] | None, typer.Option("--role", help="All its roles from now on.")] = None,
    language: Annotated[str | None, typer.Option(help="zh-CN or en.")] = None,
    state: Annotated[
        str | None, typer.Option(help="inactive closes the door to all its tokens; active opens it.")
    ] = None,
) -> None:
    """Change a member's name, roles, language or state."""
    from aftersales_tenants.commands import UpdateMember

    command = UpdateMember(slug=slug, email=email, name=name, roles=roles or None, language=language, state=state)
    in_registry(lambda registry: registry.update_member(command))
    say(f"Updated {email}.")


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="tenant")
    root.add_typer(members, name="member")


def _move(slug: str, reason: str, step: Callable[[Any, Any], Any]) -> None:
    from aftersales_tenants.commands import TenantState

    command = TenantState(slug=slug, reason=reason)
    in_registry(lambda registry: step(registry, command))


def _vertical(text: str) -> tuple[str, dict[str, Any]]:
    name, _, settings = text.partition("=")
    return name, json_object(settings, "--vertical") if settings else {}


def _validity(token: dict[str, Any]) -> str:
    if token["revoked_at"] is not None:
        return f"revoked {token['revoked_at']:%Y-%m-%d %H:%M}Z"
    if token["expires_at"] is not None:
        return f"valid until {token['expires_at']:%Y-%m-%d %H:%M}Z"
    return "valid"
