"""Whether what stands is true: verify it, write rows anew, and decide on messages of which nobody knows."""

from typing import Annotated

import typer
from sqlalchemy import func, select

import doubts
from commands import servers
from commands.console import FOUND, MISUSED, command, leave, progress, say, say_json, say_table
from commands.tasks import Json, Person
from models.tables import DossierRow
from verification import rebuild, verify

app = typer.Typer()
_SETTLED = {
    "sent": "Genoteerd: het bericht is aangekomen.",
    "planned": "Genoteerd: het bericht wordt opnieuw gestuurd.",
    "withdrawn": "Genoteerd: het bericht kwam niet aan, en is niet meer nodig. Er vertrekt niets.",
}


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
    effect: Annotated[str, typer.Argument(help="Naam van het bericht, zoals 'mails --state unknown' ze toont.")],
    person: Person,
    sent: Annotated[bool, typer.Option("--sent", help="Het bericht is aangekomen.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Het kwam niet aan: stuur het opnieuw.")] = False,
) -> None:
    """Beslis over een bericht waarvan niet geweten is of het vertrok."""
    if sent == again:
        leave(MISUSED, "Kies --sent of --again.")
    async with servers.house() as house:
        actor = await house.starter.staff(person)
        state = await doubts.settle(house.engine, effect, person, [str(actor.fund)], arrived=sent)
    say(_SETTLED[state])
