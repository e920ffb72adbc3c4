"""Whether what stands is true: verify it, write rows anew, and decide on mails of which nobody knows."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy import func, select, update
from sqlmodel import col

from commands import servers
from commands.console import FOUND, MISUSED, command, leave, progress, say, say_json, say_table
from commands.tasks import Json, Person
from database import transaction
from models.errors import Refusal
from models.tables import DossierRow, Effect
from verification import rebuild, verify

app = typer.Typer()


@app.command("verify", epilog="Voorbeeld: doorstroom verify --workflows --json")
@command
async def verify_all(
    workflows: Annotated[bool, typer.Option("--workflows", help="Vergelijk ook met wat in Temporal loopt.")] = False,
    as_json: Json = False,
) -> None:
    """Kijk na of alles klopt: journaal, volgende stap, mails, betalingen en tabellen. Verandert niets."""
    async with servers.house() as house:
        async with house.engine.connect() as connection:
            total = await connection.scalar(select(func.count()).select_from(DossierRow))
        with progress("Nazien", total) as bar:
            found = await verify(
                house.engine,
                client=house.client if workflows else None,
                task_queue=house.settings.temporal_task_queue,
                progress=bar,
            )
    if as_json:
        say_json(found)
    elif found.clean:
        say(f"Alles klopt: {found.dossiers} dossiers, {found.events} events.")
    else:
        rows = [(fault.dossier, fault.check, fault.text) for fault in found.faults]
        say_table(f"{len(rows)} fouten in {found.dossiers} dossiers", ("dossier", "nazicht", "wat"), rows)
    if not found.clean:
        raise typer.Exit(FOUND)


@app.command("rebuild", epilog="Voorbeeld: doorstroom rebuild ANT-2024-S-000001")
@command
async def rebuild_rows(
    numbers: Annotated[list[str] | None, typer.Argument(metavar="[NUMMER]...", help="Nummers van dossiers.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Alle dossiers.")] = False,
) -> None:
    """Schrijf de tabellen die uit events volgen opnieuw. Mails en wie een taak in handen heeft blijven."""
    if bool(numbers) == everything:
        leave(MISUSED, "Geef een of meer nummers op, of --all.")
    async with servers.database() as engine:
        with progress("Opnieuw schrijven", len(numbers) if numbers else None) as bar:
            done = await rebuild(engine, numbers, bar)
    say(f"{done} dossiers opnieuw geschreven uit hun events.")


@app.command(
    epilog="Voorbeeld: doorstroom settle ANT-2024-S-000001/mail/receipt/1/applicant --sent --person ANT-lead-1"
)
@command
async def settle(
    effect: Annotated[str, typer.Argument(help="Naam van de mail, zoals 'doorstroom mails --state unknown' ze toont.")],
    person: Person,
    sent: Annotated[bool, typer.Option("--sent", help="De mail is aangekomen.")] = False,
    again: Annotated[bool, typer.Option("--again", help="De mail kwam niet aan: stuur ze opnieuw.")] = False,
) -> None:
    """Beslis over een mail waarvan niet geweten is of ze vertrok."""
    if sent == again:
        leave(MISUSED, "Kies --sent of --again.")
    async with servers.house() as house:
        actor = await house.starter.staff(person)
        now = datetime.now(UTC)
        values = (
            {"state": "sent", "ended_at": now} if sent else {"state": "planned", "not_before": now, "ended_at": None}
        )
        decided = (
            update(Effect)
            .where(col(Effect.effect) == effect, col(Effect.state) == "unknown")
            .where(col(Effect.dossier).startswith(f"{actor.fund}-", autoescape=True))
            .values(problem=f"decided by {person}", **values)
            .returning(col(Effect.effect))
        )
        async with transaction(house.engine) as connection:
            if (await connection.execute(decided)).one_or_none() is None:
                raise Refusal(
                    "NothingToSettle", f"Over de mail {effect} valt voor fonds {actor.fund} niets te beslissen."
                )
    say("Genoteerd: de mail is aangekomen." if sent else "Genoteerd: de mail wordt opnieuw gestuurd.")
