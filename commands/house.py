"""The house itself: its tables, its worker, its staff, and whether it stands."""

import asyncio
import os
import sys
from typing import Annotated

import typer
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col
from temporalio.service import RPCError

import logs
import worker as working
from commands import servers
from commands.console import UNAVAILABLE, Unavailable, answers, command, say, say_json, say_table
from commands.tasks import Json
from connection import connect
from database import migrate, transaction
from models.messages.words import Fund, Language, Role
from models.tables import StaffMember
from reading.dossiers import counts
from settings import Settings

app = typer.Typer()


@app.command("migrate", epilog="Voorbeeld: DOORSTROOM_DATABASE_OWNER_URL=postgresql://... doorstroom migrate")
@command
async def migrate_tables() -> None:
    """Breng de tabellen op het peil van deze versie."""
    url = Settings().migration_url
    if url is None:
        raise Unavailable("Zet DOORSTROOM_DATABASE_OWNER_URL of DATABASE_URL; de demonstratie migreert zichzelf.")
    await migrate(url)
    say("De tabellen zijn op peil.")


@app.command("worker", epilog="Voorbeeld: doorstroom worker --promote")
def run_worker(
    promote: Annotated[bool, typer.Option("--promote", help="Maak deze versie meteen de geldende.")] = False,
) -> None:
    """Laat dossiers werken, mails vertrekken en late ontvangsten starten, tot Ctrl-C of SIGTERM."""
    with answers():
        settings = servers.found_settings()
        logs.configure(settings.log_format, settings.log_level)
        asyncio.run(working.run(settings, current=promote))
    sys.stdout.flush()
    # The SDK's native threads now and then abort at interpreter exit; everything is flushed and closed here.
    os._exit(0)


@app.command("promote", epilog="Voorbeeld: DOORSTROOM_BUILD_ID=2025.2 doorstroom promote")
@command
async def promote_build() -> None:
    """Maak de versie van deze omgeving de geldende: nieuwe dossiers, en oude tussen twee fasen, gaan ernaartoe."""
    settings = servers.found_settings()
    await working.promote(await connect(settings), settings)
    say(f"Versie {settings.build_id} geldt nu.")


@app.command("status", epilog="Voorbeeld: doorstroom status --json")
@command
async def show_status(as_json: Json = False) -> None:
    """Zeg of databank en Temporal antwoorden, en hoeveel er openstaat."""
    async with servers.house() as house:
        async with house.engine.connect() as connection:
            revision = await connection.scalar(text("SELECT version_num FROM alembic_version"))
            found = await counts(connection)
        try:
            healthy = await asyncio.wait_for(house.client.service_client.check_health(), timeout=5)
        except (RPCError, RuntimeError, TimeoutError):
            healthy = False
    if as_json:
        say_json({"database": revision, "temporal": healthy, **found})
    else:
        rows = [
            ("databank", f"tabellen op peil {revision}"),
            ("Temporal", "antwoordt" if healthy else "antwoordt niet"),
        ]
        rows += [(_LINES[name], str(count)) for name, count in found.items()]
        say_table("Hoe het huis staat", ("wat", "stand"), rows)
    if not healthy:
        raise typer.Exit(UNAVAILABLE)


_LINES = {
    "open_dossiers": "open dossiers",
    "closed_dossiers": "afgesloten dossiers",
    "unstarted_receipts": "ontvangsten die nog niet gestart zijn",
    "planned_mails": "mails die nog moeten vertrekken",
    "unknown_mails": "mails waarover iemand moet beslissen",
    "refused_mails": "mails die geweigerd zijn",
    "unreachable_mails": "mails zonder adres",
}

_staff = typer.Typer(no_args_is_help=True, help="Medewerkers van de fondsen en hun rollen.")
app.add_typer(_staff, name="staff")


@_staff.command(
    "add",
    epilog="Voorbeeld: doorstroom staff add ANT-handler-3 --fund ANT --name 'An Peeters' --email an@fonds.example "
    "--role handler --role finance",
)
@command
async def add_staff(
    person: Annotated[str, typer.Argument(help="Code van de medewerker; staat voor altijd in events, dus geen naam.")],
    fund: Annotated[Fund, typer.Option(help="Fonds waarvoor de medewerker werkt.")],
    name: Annotated[str, typer.Option(help="Naam.")],
    email: Annotated[str, typer.Option(help="E-mailadres.")],
    role: Annotated[list[Role], typer.Option(help="Rol; mag herhaald worden.")],
    language: Annotated[Language, typer.Option(help="Taal van de mails.")] = Language.DUTCH,
    inactive: Annotated[bool, typer.Option("--inactive", help="De medewerker is weg.")] = False,
) -> None:
    """Voeg een medewerker toe, of verander er een."""
    values = {"fund": fund, "name": name, "email": email, "language": language, "active": not inactive}
    values["roles"] = [one.value for one in role]
    written = upsert(StaffMember).values(person=person, **values)
    async with servers.database() as engine, transaction(engine) as connection:
        await connection.execute(written.on_conflict_do_update(index_elements=["person"], set_=values))
    say(f"{person} is opgeslagen voor fonds {fund}.")


@_staff.command("list", epilog="Voorbeeld: doorstroom staff list --fund ANT")
@command
async def list_staff(
    fund: Annotated[Fund | None, typer.Option(help="Alleen van dit fonds.")] = None, as_json: Json = False
) -> None:
    """Toon de medewerkers."""
    query = select(StaffMember).order_by(col(StaffMember.fund), col(StaffMember.person))
    if fund is not None:
        query = query.where(col(StaffMember.fund) == fund)
    async with servers.reading() as connection:
        found = [dict(row) for row in (await connection.execute(query)).mappings()]
    if as_json:
        say_json({"staff": found})
        return
    rows = [
        (one["person"], one["fund"], one["name"], ", ".join(one["roles"]), "ja" if one["active"] else "nee")
        for one in found
    ]
    say_table(f"{len(rows)} medewerkers", ("code", "fonds", "naam", "rollen", "actief"), rows)
