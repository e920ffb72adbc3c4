"""The web application as a process of its own."""

import asyncio
from typing import Annotated

import typer

import logs
from commands import servers
from commands.console import Unavailable, answers, say
from commands.opaque_key import opaque_key
from portal.app import make_app
from portal.house import open_house
from portal.serving import serve
from settings import Port

app = typer.Typer()


@app.command("portal", epilog="Voorbeeld: doorstroom portal --host 0.0.0.0 --port 8080")
def run_portal(
    host: Annotated[str | None, typer.Option(help="Adres waarop het portaal luistert.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Poort waarop het luistert.")] = None,
) -> None:
    """Open het portaal voor medewerkers, werkgevers en partners, tot Ctrl-C of SIGTERM."""
    with answers():
        asyncio.run(_run(host, port))


async def _run(host: str | None, port: Port | None) -> None:
    async with servers.house() as house:
        logs.configure(house.settings.log_format, house.settings.log_level)
        if house.settings.portal_database_url is None:
            raise Unavailable("Zet DOORSTROOM_PORTAL_DATABASE_URL: PostgreSQL als de rol waaronder bladzijden lezen.")
        host = house.settings.portal_host if host is None else host
        port = house.settings.portal_port if port is None else port
        settings = house.settings.model_copy(update={"import_key": opaque_key(house.settings).decode()})
        async with open_house(settings, house.engine, house.starter) as opened:
            say(f"Het portaal luistert op http://{host}:{port}")
            await serve(make_app(opened), host=host, port=port)
