"""The work list: see what is to be done, take it in hand, hand it over, finish it."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from commands import dutch, servers
from commands.codes import CODE
from commands.console import command, say, say_json, say_table
from models.messages.words import Fund, Role
from reading.worklist import WaitingTask, WorkListQuery, tasks
from schemes.calendar import local_date

app = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help="Antwoord als JSON.")]
Task = Annotated[str, typer.Argument(help="Naam van de taak, zoals 'doorstroom tasks' ze toont.")]
Person = Annotated[str, typer.Option("--person", help="Code van de medewerker.")]


def amount(typed: str) -> Decimal:
    """An amount as people type it, with a comma or a point.

    Raises:
        typer.BadParameter: it is no amount.
    """
    try:
        return Decimal(typed.replace(" ", "").replace(",", ".")).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise typer.BadParameter(f"'{typed}' is geen bedrag; schrijf bijvoorbeeld 1250,50.") from None


@app.command("tasks", epilog="Voorbeeld: doorstroom tasks --role handler --fund ANT --overdue")
@command
async def list_tasks(
    role: Annotated[list[Role] | None, typer.Option(help="Alleen taken voor deze rol; mag herhaald worden.")] = None,
    person: Annotated[str | None, typer.Option(help="Alleen taken die deze medewerker nu kan nemen.")] = None,
    fund: Annotated[Fund | None, typer.Option(help="Alleen taken van dit fonds.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Alleen taken waarvan de laatste dag voorbij is.")] = False,
    dossier: Annotated[str | None, typer.Option(help="Alleen taken van dit dossier.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Hoeveel taken hoogstens.")] = 50,
    after: Annotated[str | None, typer.Option(help="Verder vanaf hier: de waarde 'next' van de vorige lijst.")] = None,
    as_json: Json = False,
) -> None:
    """Toon de open taken, de dringendste eerst."""
    async with servers.house() as house:
        query = WorkListQuery(dossier=dossier, limit=limit, after=after)
        if person is not None:
            actor = await house.starter.staff(person)
            funds = (actor.fund,) if actor.fund else query.funds
            query = query.model_copy(update={"person": person, "funds": funds, "roles": tuple(sorted(actor.roles))})
        if fund is not None:
            query = query.model_copy(update={"funds": (fund,)})
        if role:
            query = query.model_copy(update={"roles": tuple(role)})
        today = local_date(datetime.now(ZoneInfo("Europe/Brussels")))
        if overdue:
            query = query.model_copy(update={"late_on": today})
        async with house.engine.connect() as connection:
            page = await tasks(connection, query)
    if as_json:
        say_json(page)
        return
    columns = ("taak", "wat", "voor", "uiterlijk", "bedrag", "advies", "in handen van")
    say_table(f"{len(page.tasks)} taken", columns, [_row(task) for task in page.tasks])
    if page.next:
        say(f"Er zijn er meer: --after '{page.next}'")


def _row(task: WaitingTask) -> tuple[str, ...]:
    return (
        task.task,
        dutch.words(task.step),
        f"{dutch.words(task.role)} {task.fund}",
        dutch.day(task.due),
        dutch.euro(task.amount),
        dutch.words(task.advice),
        task.holder or "",
    )


@app.command(epilog="Voorbeeld: doorstroom claim ANT-2024-S-000001/review/1 --person ANT-handler-1")
@command
async def claim(task: Task, person: Person) -> None:
    """Neem een taak in handen."""
    async with servers.house() as house:
        await house.starter.claim(task, person)
    say(f"{task} is nu in handen van {person}.")


@app.command(epilog="Voorbeeld: doorstroom release ANT-2024-S-000001/review/1 --person ANT-handler-1")
@command
async def release(task: Task, person: Person) -> None:
    """Leg een taak terug op de lijst."""
    async with servers.house() as house:
        await house.starter.release(task, person)
    say(f"{task} ligt weer op de lijst.")


@app.command(
    epilog="Voorbeeld: doorstroom reassign ANT-2024-S-000001/review/1 --person ANT-handler-1 --to ANT-handler-2"
)
@command
async def reassign(
    task: Task, person: Person, to: Annotated[str, typer.Option(help="Code van de collega die overneemt.")]
) -> None:
    """Geef een taak door aan een collega."""
    async with servers.house() as house:
        await house.starter.reassign(task, person, to)
    say(f"{task} is nu in handen van {to}.")


@app.command(
    epilog="Voorbeeld: doorstroom complete ANT-2024-S-000001/review/1 --person ANT-handler-1 --outcome approve"
)
@command
async def complete(
    task: Task,
    person: Person,
    outcome: Annotated[str, typer.Option(help="Een van de uitkomsten die de taak toelaat.")],
    reason: Annotated[
        list[str] | None, typer.Option(parser=CODE, help="Code van een reden; mag herhaald worden.")
    ] = None,
    amount: Annotated[Decimal | None, typer.Option(parser=amount, help="Bedrag in euro, zoals 1250,50.")] = None,
    as_json: Json = False,
) -> None:
    """Werk een taak af met een uitkomst."""
    async with servers.house() as house:
        accepted = await house.starter.complete(task, person, outcome, reasons=tuple(reason or ()), amount=amount)
    if as_json:
        say_json(accepted)
    elif accepted.repeated:
        say(f"{task} was al afgewerkt met deze uitkomst; er gebeurde niets dubbel.")
    else:
        say(f"{task} is afgewerkt: {dutch.words(outcome)}.")
