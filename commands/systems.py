"""Other systems that may speak to the house through its API."""

from typing import Annotated

import typer

from commands import dutch, servers
from commands.console import command, say, say_json, say_table
from commands.tasks import Json
from models.messages.words import Fund, Party
from portal.api.clients import Clients, Registration
from portal.api.scopes import Scope

app = typer.Typer()
_clients = typer.Typer(no_args_is_help=True, help="Toepassingen die met het huis praten langs de API.")
app.add_typer(_clients, name="api-client")


@_clients.command(
    "add",
    epilog="Voorbeeld: doorstroom api-client add Learnlog --fund ANT --scope applications:write --scope dossiers:read",
)
@command
async def add_client(
    name: Annotated[str, typer.Argument(help="Hoe de toepassing heet.")],
    party: Annotated[
        Party, typer.Option(help="Voor wie ze spreekt: system (een fonds), applicant (een werkgever) of agency.")
    ] = Party.SYSTEM,
    fund: Annotated[list[Fund] | None, typer.Option(help="Bij system: het fonds; mag herhaald worden.")] = None,
    enterprise: Annotated[
        list[str] | None, typer.Option(help="Bij applicant: het ondernemingsnummer; mag herhaald worden.")
    ] = None,
    agency: Annotated[str | None, typer.Option(help="Bij agency: de naam van het bureau.")] = None,
    scope: Annotated[
        list[Scope] | None, typer.Option(help="Recht; mag herhaald worden. Weggelaten: alleen dossiers:read.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Laat een toepassing toe. Het geheim wordt deze ene keer getoond; bewaar het goed."""
    told = Registration(
        name=name,
        party=party,
        funds=tuple(fund or ()),
        enterprises=tuple(enterprise or ()),
        agency=agency,
        scopes=frozenset(scope or (Scope.DOSSIERS_READ,)),
    )
    async with servers.database() as engine:
        client, secret = await Clients(engine).add(told)
    if as_json:
        say_json({"client": client, "secret": secret, "scopes": sorted(told.scopes)})
        return
    say(f"{name} is toegelaten als {client}, met {', '.join(sorted(told.scopes))}.")
    say(f"Geheim, nu en nooit meer te zien: {secret}")


@_clients.command("list", epilog="Voorbeeld: doorstroom api-client list")
@command
async def list_clients(as_json: Json = False) -> None:
    """Toon de toepassingen, voor wie ze spreken en wat ze mogen."""
    async with servers.database() as engine:
        found = await Clients(engine).all()
    if as_json:
        say_json({"clients": found})
        return
    rows = [
        (
            one.client,
            one.name,
            ", ".join((*one.funds, *one.enterprises, *([one.agency] if one.agency else []))),
            ", ".join(sorted(one.scopes)),
            dutch.day(one.last_used_at),
            "ja" if one.active else "nee",
        )
        for one in found
    ]
    say_table(
        f"{len(rows)} toepassingen", ("code", "naam", "voor wie", "rechten", "laatst gebruikt", "toegelaten"), rows
    )


@_clients.command("revoke", epilog="Voorbeeld: doorstroom api-client revoke api-4f1c2a9b7d3e")
@command
async def revoke_client(client: Annotated[str, typer.Argument(help="Code van de toepassing.")]) -> None:
    """Sluit een toepassing af; ook wat ze al had gekregen, werkt meteen niet meer."""
    async with servers.database() as engine:
        await Clients(engine).revoke(client)
    say(f"{client} is afgesloten.")
