"""What the bank says: read its files, look at what fits nothing, and see whether everything is explained."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from commands import dutch, servers
from commands.console import FOUND, REFUSED, command, leave, say, say_json, say_table
from commands.tasks import Json, Person
from models.errors import Refusal
from models.messages.words import Fund
from reading import statements
from schemes.calendar import local_date
from treasury import queue
from treasury.intake import TakenIn, take_in
from treasury.standing import check_finance

app = typer.Typer()
_bank = typer.Typer(
    no_args_is_help=True, help="Wat de bank zegt: bestanden lezen, lijnen koppelen, nazien of alles klopt."
)
app.add_typer(_bank, name="bank")

Entry = Annotated[int, typer.Argument(help="Nummer van de lijn, zoals 'doorstroom bank queue' het toont.")]
OneFund = Annotated[Fund, typer.Option(help="Fonds waarvan de rekening is.")]


def day(typed: str) -> date:
    """A day as `2026-03-14`.

    Raises:
        typer.BadParameter: it is no day.
    """
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise typer.BadParameter(f"'{typed}' is geen dag; schrijf bijvoorbeeld 2026-03-14.") from None


@_bank.command("read", epilog="Voorbeeld: doorstroom bank read afschrift-2026-03-05.xml --person ANT-finance-1")
@command
async def read_files(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Bestanden van de bank.")],
    person: Person,
    as_json: Json = False,
) -> None:
    """Lees bestanden van de bank (pain.002, camt.053, camt.054) en koppel elke lijn één keer."""
    taken: list[TakenIn] = []
    refused: list[str] = []
    async with servers.house() as house:
        by = await house.starter.staff(person)
        assert by.fund is not None, "staff works for a fund"
        check_finance(by, by.fund)
        for file in files:
            try:
                taken.append(await take_in(house.engine, file.read_bytes(), file.name, person, funds=(by.fund,)))
            except Refusal as refusal:
                refused.append(f"{file.name}: {refusal.message}")
        if taken:
            await house.starter.bank_spoke({one.fund for one in taken})
    if as_json:
        say_json({"files": taken, "refused": refused})
    elif taken:
        rows = [(one.name, one.sort, one.fund, str(one.entries), *_counted(one)) for one in taken]
        columns = ("bestand", "soort", "fonds", "lijnen", "gekoppeld", "open", "herhaald", "")
        say_table(f"{len(taken)} bestanden gelezen", columns, rows)
    if refused:
        leave(REFUSED, *refused)


def _counted(one: TakenIn) -> tuple[str, ...]:
    counts = (str(one.states.get(state, 0)) for state in ("matched", "unmatched", "repeated"))
    return (*counts, "was er al" if one.repeated else "")


@_bank.command("queue", epilog="Voorbeeld: doorstroom bank queue --fund ANT")
@command
async def show_queue(
    fund: Annotated[list[Fund] | None, typer.Option(help="Alleen van dit fonds; mag herhaald worden.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Verder na deze lijn.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Hoeveel lijnen hoogstens.")] = 50,
    as_json: Json = False,
) -> None:
    """Toon de lijnen die bij niets passen, de oudste eerst."""
    funds = tuple(str(one) for one in fund or tuple(Fund))
    async with servers.reading() as connection:
        page = await statements.queue(connection, funds, after=after, limit=limit)
    if as_json:
        say_json(page)
        return
    rows = [_row(one) for one in page.entries]
    columns = ("lijn", "fonds", "dag", "bedrag", "kenmerk", "van of aan", "waarom open", "voorstel")
    say_table(f"Lijnen: {len(rows)}", columns, rows)
    if page.next:
        say(f"Er zijn er meer: --after {page.next}")


def _row(one: statements.QueueEntry) -> tuple[str, ...]:
    sign = "-" if one.direction == "debit" else ""
    proposed = f"{one.proposed_to} ({one.proposed_by})" if one.proposed_to else ""
    return (
        str(one.entry),
        one.fund,
        dutch.day(one.booked_on),
        f"{sign}{dutch.euro(one.amount)}" if one.amount is not None else dutch.words(one.says),
        one.end_to_end or one.communication or one.text or "",
        one.counterparty or "",
        dutch.words(one.why),
        proposed,
    )


@_bank.command("match", epilog="Voorbeeld: doorstroom bank match 118 ANT-2026-S-000012-1-1 --person ANT-finance-1")
@command
async def match_entry(
    entry: Entry,
    target: Annotated[str, typer.Argument(help="Betaallijn of terugvordering waarbij de lijn hoort.")],
    person: Person,
    as_json: Json = False,
) -> None:
    """Koppel een lijn met de hand; ze telt zodra een tweede persoon hetzelfde zegt."""
    async with servers.house() as house:
        handled = await queue.match_by_hand(house.engine, entry, target, await house.starter.staff(person))
    if as_json:
        say_json(handled)
    elif handled.waits_for_second:
        say(f"Genoteerd: lijn {entry} hoort bij {target}. Ze telt zodra een collega van de financiën hetzelfde zegt.")
    else:
        say(f"Lijn {entry} is gekoppeld aan {target}; het dossier krijgt het te horen.")


@_bank.command("set-aside", epilog="Voorbeeld: doorstroom bank set-aside 119 --reason 'kosten' --person ANT-finance-1")
@command
async def set_entry_aside(
    entry: Entry,
    person: Person,
    reason: Annotated[str, typer.Option(help="Waarom de lijn nergens bij hoort.")] = "",
    back: Annotated[bool, typer.Option("--undo", help="Zet de lijn terug in de wachtrij.")] = False,
    as_json: Json = False,
) -> None:
    """Zet een lijn opzij die van geen betaling of terugvordering is, of zet ze terug in de wachtrij."""
    async with servers.house() as house:
        by = await house.starter.staff(person)
        work = queue.take_back(house.engine, entry, by) if back else queue.set_aside(house.engine, entry, reason, by)
        handled = await work
    if as_json:
        say_json(handled)
    else:
        say(f"Lijn {entry} staat weer in de wachtrij." if back else f"Lijn {entry} staat opzij.")


@_bank.command(
    "reconciliation", epilog="Voorbeeld: doorstroom bank reconciliation --fund ANT --since 2026-01-01 --json"
)
@command
async def show_reconciliation(
    fund: OneFund,
    since: Annotated[date | None, typer.Option(parser=day, help="Eerste dag; anders 1 januari van dit jaar.")] = None,
    until: Annotated[date | None, typer.Option(parser=day, help="Laatste dag; anders vandaag.")] = None,
    as_json: Json = False,
) -> None:
    """Zeg per rekening of elke euro verklaard is, en wat niet."""
    today = local_date(datetime.now(UTC))
    first, last = since or date(today.year, 1, 1), until or today
    async with servers.reading() as connection:
        found = await statements.reconciliation(connection, fund, first, last)
    if as_json:
        say_json({"accounts": found})
    for one in () if as_json else found:
        rows = [(dutch.words(s.direction), dutch.words(s.what), str(s.lines), dutch.euro(s.euros)) for s in one.sums]
        rows += [("", dutch.words(s.what), str(s.lines), dutch.euro(s.euros)) for s in one.unexplained]
        told = "volledig verklaard" if one.complete else "NIET volledig verklaard"
        say_table(f"{one.account}, {told}", ("richting", "wat", "lijnen", "euro"), rows)
    if not all(one.complete for one in found):
        raise typer.Exit(FOUND)
