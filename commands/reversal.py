"""Put a decision right afterwards, and claim money back, from the command line."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from commands import dutch, servers
from commands.codes import CODE
from commands.console import command, say, say_json
from commands.steps import Number, a_day
from commands.tasks import Json, Person, amount
from models.errors import Refusal
from portal.staff.reversal import plan_of
from reading.reversal import money
from schemes.reversal import Plan

app = typer.Typer()

Euros = Annotated[Decimal, typer.Option("--amount", parser=amount, help="Bedrag in euro, zoals 1250,50.")]
Why = Annotated[str, typer.Option("--reason", parser=CODE, help="Code van de reden.")]
Recovery = Annotated[str, typer.Argument(help="Naam van de terugvordering, zoals ANT-2024-T-000001/recovery/1.")]


@app.command(
    epilog="Voorbeeld: doorstroom reverse ANT-2024-S-000001 --amount 600 --reason wrong_amount "
    "--person ANT-approver-1 --dry-run"
)
@command
async def reverse(
    number: Number,
    right: Euros,
    reason: Why,
    person: Person,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Toon alleen wat er zou gebeuren.")] = False,
    as_json: Json = False,
) -> None:
    """Stel voor om een beslissing te herzien, en toon wat daaruit volgt."""
    async with servers.house() as house:
        async with house.engine.connect() as connection:
            standing = await money(connection, number)
        if standing is None:
            raise Refusal("UnknownDossier", f"Dossier {number} bestaat niet. Kijk het nummer na.")
        plan = plan_of(standing, right)
        accepted = None if dry_run else await house.starter.reverse_decision(number, right, reason, person)
    if as_json:
        say_json(accepted or plan)
        return
    for line in _lines(plan):
        say(line)
    say("Er is niets gebeurd." if dry_run else "Dit is voorgesteld; er gebeurt niets voor een ander het goedkeurt.")


def _lines(plan: Plan) -> list[str]:
    agrees = "beide banken van het bestuur" if plan.level == "board" else "een andere beslisser"
    effects = (
        dutch.words(effect.code) + (f" {dutch.euro(effect.amount)}" if effect.amount is not None else "")
        for effect in plan.effects
    )
    told = [f"{place}. {line}" for place, line in enumerate((f"akkoord van {agrees}", *effects), start=1)]
    return [*told, f"Uitkomst: {dutch.words(plan.outcome)}, {dutch.euro(plan.amount)}"]


@app.command(
    epilog="Voorbeeld: doorstroom claim-back ANT-2024-S-000001 --amount 250 --reason paid_twice --person ANT-handler-1"
)
@command
async def claim_back(number: Number, asked: Euros, reason: Why, person: Person, as_json: Json = False) -> None:
    """Stel voor om geld terug te vorderen; een tweede persoon moet akkoord gaan."""
    async with servers.house() as house:
        accepted = await house.starter.order_recovery(number, asked, reason, person)
    if as_json:
        say_json(accepted)
    else:
        say(f"Voorgesteld om {dutch.euro(asked)} terug te vorderen; een beslisser moet akkoord gaan.")


@app.command(
    epilog="Voorbeeld: doorstroom paid-back ANT-2024-T-000001/recovery/1 --amount 100 --reference 2025-117 "
    "--on 31/01/2025"
)
@command
async def paid_back(
    recovery: Recovery,
    came: Euros,
    reference: Annotated[str, typer.Option(help="Referentie van de bank; dezelfde telt één keer.")],
    on: Annotated[date, typer.Option("--on", parser=a_day, help="Dag waarop het geboekt is.")],
    as_json: Json = False,
) -> None:
    """Boek geld dat terugkwam op een terugvordering."""
    async with servers.house() as house:
        accepted = await house.starter.recovery_received(recovery, came, reference, on)
    if as_json:
        say_json(accepted)
    else:
        say("Dit was al geboekt." if accepted.repeated else f"{dutch.euro(came)} is geboekt op {recovery}.")
