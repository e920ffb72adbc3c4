"""Budgets: what stands, who waits, and what two people decide about them."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer

from budgets import Budgets
from commands import dutch, servers
from commands.console import command, say, say_json, say_table
from commands.tasks import Json, Person, amount
from models.messages.commands import Actor
from models.messages.words import Fund
from reading import budgets as reading
from schemes.calendar import local_date

app = typer.Typer()
_budget = typer.Typer(
    no_args_is_help=True, help="Budgetten: wat er nog vrij is, wie wacht, en wat twee personen erover beslissen."
)
app.add_typer(_budget, name="budget")

OfFund = Annotated[Fund, typer.Option(help="Fonds waarvan het budget is.")]
Year = Annotated[int | None, typer.Option(min=2020, max=2099, help="Alleen van dit jaar.")]
Name = Annotated[str, typer.Argument(help="Naam van het budget, zoals ANT/2026/formal_training/111; * betekent alle.")]
Acts = Annotated[list[int], typer.Argument(help="Nummers van voorstellen, zoals 'doorstroom budget acts' ze toont.")]
Reason = Annotated[str, typer.Option(help="Waarom; wie beslist, leest het.")]
Hand = Callable[[Budgets, int, Actor], Awaitable[None]]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="Hoeveel regels hoogstens.")]


@_budget.command("list", epilog="Voorbeeld: doorstroom budget list --fund ANT --year 2026")
@command
async def list_budgets(fund: OfFund, year: Year = None, as_json: Json = False) -> None:
    """Toon de budgetten van een fonds: wat vastligt, wat vrij is en wat tegen het jaareinde verwacht wordt."""
    today = local_date(datetime.now(ZoneInfo("Europe/Brussels")))
    async with servers.reading() as connection:
        found = await reading.envelopes(connection, fund, year or today.year)
    if as_json:
        say_json([one.model_dump(mode="json") | {"forecast": str(reading.forecast(one, today))} for one in found])
        return
    amounts = ("budget", "gereserveerd", "vastgelegd", "betaald", "terug", "vrij", "wachten", "verwacht")
    rows = [
        (
            one.envelope + (" (afgesloten)" if one.state == "closed" else ""),
            *map(dutch.euro, (one.budget, one.reserved, one.committed, one.paid, one.recovered, one.left)),
            str(one.waiting),
            dutch.euro(reading.forecast(one, today)),
        )
        for one in found
    ]
    say_table(f"{len(found)} budgetten van {fund.value} in {year or today.year}", ("naam", *amounts), rows)


@_budget.command(epilog="Voorbeeld: doorstroom budget waiting --fund ANT --year 2026")
@command
async def waiting(
    fund: OfFund,
    year: Year = None,
    envelope: Annotated[str | None, typer.Option(help="Alleen van dit budget.")] = None,
    limit: Limit = 50,
    after: Annotated[str | None, typer.Option(help="Verder vanaf hier: de waarde 'next' van de vorige lijst.")] = None,
    as_json: Json = False,
) -> None:
    """Toon wie op geld wacht, in volgorde van ontvangst."""
    async with servers.reading() as connection:
        page = await reading.waiting(connection, fund, year=year, envelope=envelope, after=after, limit=limit)
    if as_json:
        say_json(page)
        return
    columns = ("plaats", "dossier", "ontvangen", "nodig", "budget")
    rows = [
        (str(one.place), one.dossier, dutch.day(one.received_at), dutch.euro(one.wanted), one.envelope or "geen")
        for one in page.dossiers
    ]
    say_table(f"{len(page.dossiers)} dossiers wachten", columns, rows)
    if page.next:
        say(f"Er zijn er meer: --after '{page.next}'")


@_budget.command(epilog="Voorbeeld: doorstroom budget acts --fund ANT --pending")
@command
async def acts(
    fund: OfFund,
    year: Year = None,
    pending: Annotated[bool, typer.Option("--pending", help="Alleen waarover nog niet beslist is.")] = False,
    limit: Limit = 50,
    before: Annotated[int | None, typer.Option(help="Verder vanaf hier: de waarde 'next' van de vorige lijst.")] = None,
    as_json: Json = False,
) -> None:
    """Toon wat over budgetten voorgesteld en beslist werd, het nieuwste eerst."""
    async with servers.reading() as connection:
        page = await reading.acts(connection, fund, year=year, pending=pending or None, before=before, limit=limit)
    if as_json:
        say_json(page)
        return
    columns = ("nummer", "wat", "budget", "bedrag", "waarom", "voorgesteld door", "stand", "door")
    rows = [
        (
            *(str(one.act), dutch.words(one.sort), " naar ".join(filter(None, (one.envelope, one.to_envelope)))),
            *(dutch.euro(one.amount), one.reason, one.proposed_by, dutch.words(one.state), one.decided_by or "-"),
        )
        for one in page.acts
    ]
    say_table(f"{len(page.acts)} voorstellen", columns, rows)
    if page.next:
        say(f"Er zijn er meer: --before {page.next}")


@_budget.command(
    epilog="Voorbeeld: doorstroom budget propose ANT/2026/formal_training/111 open --amount 120000 --reason begroting "
    "--person ANT-finance-1"
)
@command
async def propose(
    envelope: Name,
    sort: Annotated[
        Literal["open", "raise", "lower", "shift", "close"], typer.Argument(help="open, raise, lower, shift of close.")
    ],
    person: Person,
    reason: Reason,
    amount: Annotated[Decimal | None, typer.Option(parser=amount, help="Bedrag in euro, zoals 1250,50.")] = None,
    to: Annotated[str | None, typer.Option(help="Bij shift: naam van het budget dat het geld krijgt.")] = None,
    as_json: Json = False,
) -> None:
    """Stel voor een budget te openen, te verhogen, te verlagen, te verschuiven of af te sluiten."""
    async with servers.house() as house:
        actor = await house.starter.staff(person)
        act = await Budgets(house.engine).propose(envelope, sort, actor, reason=reason, amount=amount, to=to)
    _proposed((act,), as_json)


@_budget.command(
    "close-year",
    epilog="Voorbeeld: doorstroom budget close-year ANT 2026 --reason jaareinde --person ANT-finance-1",
)
@command
async def close_year(
    fund: Annotated[Fund, typer.Argument(help="Fonds waarvan het jaar eindigt.")],
    year: Annotated[int, typer.Argument(min=2020, max=2099, help="Jaar dat afgesloten wordt.")],
    person: Person,
    reason: Reason,
    as_json: Json = False,
) -> None:
    """Stel voor elk open budget van een jaar af te sluiten: wat vrij is vervalt, wie wacht gaat naar het volgende."""
    async with servers.house() as house:
        actor = await house.starter.staff(person)
        proposed = await Budgets(house.engine).close_year(fund, year, actor, reason=reason)
    _proposed(proposed, as_json)


@_budget.command(epilog="Voorbeeld: doorstroom budget approve 12 13 --person ANT-board-1")
@command
async def approve(acts: Acts, person: Person) -> None:
    """Keur voorstellen van een ander goed; vanaf dan gelden ze."""
    await _settle(acts, person, Budgets.approve, "goedgekeurd")


@_budget.command(epilog="Voorbeeld: doorstroom budget refuse 12 --person ANT-board-1")
@command
async def refuse(acts: Acts, person: Person) -> None:
    """Weiger voorstellen van een ander; er verandert niets."""
    await _settle(acts, person, Budgets.refuse, "geweigerd")


@_budget.command(epilog="Voorbeeld: doorstroom budget withdraw 12 --person ANT-finance-1")
@command
async def withdraw(acts: Acts, person: Person) -> None:
    """Trek eigen voorstellen in."""
    await _settle(acts, person, Budgets.withdraw, "ingetrokken")


async def _settle(acts: Acts, person: Person, hand: Hand, done: str) -> None:
    """One after the other, so that what stands before a refusal stays done and is told."""
    async with servers.house() as house:
        actor, budgets = await house.starter.staff(person), Budgets(house.engine)
        for act in acts:
            await hand(budgets, act, actor)
            say(f"Voorstel {act} is {done}.")


def _proposed(acts: tuple[int, ...], as_json: bool) -> None:
    if as_json:
        say_json({"acts": list(acts)})
        return
    say(*(f"Voorstel {act} wacht op een tweede persoon." for act in acts))
