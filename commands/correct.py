"""Put facts of a trajectory right from the command line, with what moves by it."""

from typing import Annotated

import typer

from commands import dutch, servers
from commands.codes import value
from commands.console import command, say, say_json
from commands.opaque_key import opaque_key
from commands.steps import Number
from commands.tasks import Json, Person
from models.errors import Refusal
from portal.staff.putting_right import TYPED, Plan, plan_of, put_right, wanted
from reading.course import lived
from schemes.correcting import BECAUSE

app = typer.Typer()


@app.command(
    epilog="Voorbeeld: doorstroom correct ANT-2024-J-000001 --because illness --set contract_ended_on=2025-03-14 "
    "--person ANT-handler-1 --dry-run"
)
@command
async def correct(
    number: Number,
    because: Annotated[str, typer.Option("--because", help=f"Waarom: {', '.join(BECAUSE)}.")],
    given: Annotated[
        list[str], typer.Option("--set", metavar="GEGEVEN=WAARDE", help=f"Mag herhaald: {', '.join(TYPED)}.")
    ],
    person: Person,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Toon alleen wat er zou verschuiven.")] = False,
    as_json: Json = False,
) -> None:
    """Verbeter gegevens van een traject, en toon welke data daardoor verschuiven."""
    async with servers.house() as house:
        async with house.engine.connect() as connection:
            found = await lived(connection, number)
        if found is None:
            raise Refusal("UnknownDossier", f"Er is geen traject {number}. Kijk het nummer na.")
        asked = wanted(found, dict(value(one) for one in given), because)
        plan = plan_of(found, asked)
        if not dry_run:
            secret = opaque_key(house.settings)
            await put_right(house.starter, house.engine, secret, number, found, asked, person)
    if as_json:
        moved = [one.model_dump(mode="json") for one in plan.moved]
        say_json({"dossier": number, "before": plan.before, "after": plan.after, "moved": moved, "done": not dry_run})
        return
    for line in _lines(plan):
        say(line)
    say("Er is niets gebeurd." if dry_run else "Verbeterd.")


def _lines(plan: Plan) -> list[str]:
    if plan.before is not plan.after:
        first = f"Stelsel: {dutch.words(plan.after)} in plaats van {dutch.words(plan.before)}"
    else:
        first = f"Stelsel blijft {dutch.words(plan.before)}"
    moved = [
        f"{dutch.words(one.what)}: {dutch.day(one.before) if one.before else 'geen'} -> "
        + (dutch.day(one.after) if one.after else "vervalt")
        for one in plan.moved
    ]
    return [first, *(moved or ["Er verschuift geen enkele dag."])]
