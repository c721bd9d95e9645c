"""`aftersales plan render`: the after-sales plan as a page or as a Word document, for a bid."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aftersales_server.cli.terminal import say
from aftersales_server.errors import OperatorError
from aftersales_server.installation import installation
from aftersales_server.settings import Settings

if TYPE_CHECKING:
    from aftersales.kit.errors import Language

app = typer.Typer(help="The after-sales plan as a document.", no_args_is_help=True)
FORMATS = ("html", "docx")


@app.command()
def render(
    tenant: Annotated[str, typer.Option(help="The tenant's slug.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")],
    vertical: Annotated[str | None, typer.Option(help="The plan of this vertical, as it is offered now.")] = None,
    contract: Annotated[str | None, typer.Option(help="The plan of the contract of this number, as signed.")] = None,
    language: Annotated[str, typer.Option(help="zh-CN or en.")] = "zh-CN",
    format_: Annotated[str | None, typer.Option("--format", help="html or docx; by default the file's ending.")] = None,
) -> None:
    """Write the plan of a vertical or of a contract, from its terms, every sentence with its clause."""
    kind = format_ or output.suffix.removeprefix(".")
    if kind not in FORMATS:
        raise OperatorError(f"--format is one of {', '.join(FORMATS)}, not {kind!r}.")
    with installation() as settings:
        made = asyncio.run(_render(settings, tenant, vertical, contract, language, kind))
    try:
        output.write_bytes(made)
    except OSError as fault:
        raise OperatorError(f"{output} can't be written: {fault.strerror}.") from fault
    say(f"Wrote {output} ({len(made)} bytes).")


async def _render(
    settings: Settings, slug: str, vertical: str | None, contract: str | None, language: str, kind: str
) -> bytes:
    from aftersales.kit.actor import SYSTEM
    from aftersales.kit.errors import NotFound
    from aftersales.kit.messages import LANGUAGES
    from aftersales.plandocs import queries, rendering, service
    from aftersales.plandocs.commands import PlanDocumentRequest
    from aftersales_server.composition import open_composition

    chosen: Language | None = next((known for known in LANGUAGES if known == language), None)
    if chosen is None:
        raise OperatorError(f"--language is one of {', '.join(LANGUAGES)}, not {language!r}.")
    async with open_composition(settings, app_size=1, system_size=2) as opened:
        tenant = await (await opened.registry(SYSTEM)).tenant(slug)
        principal = await opened.gateway.system(tenant["id"])
        async with opened.gateway.open(principal) as uow:
            contract_id = None
            if contract is not None:
                contract_id = await queries.contract_of_number(uow, contract)
                if contract_id is None:
                    raise NotFound("NOT_FOUND", thing="ServiceContract")
            document = await service.plan_document(
                uow, PlanDocumentRequest(language=chosen, vertical=vertical, contract_id=contract_id)
            )
    return rendering.word_document(document) if kind == "docx" else rendering.html(document).encode()


def register(parent: typer.Typer) -> None:
    """Add the commands to `aftersales`."""
    parent.add_typer(app, name="plan")
