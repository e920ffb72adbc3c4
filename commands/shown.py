"""Reading: a dossier with its past and what comes, why it waits, lists of dossiers and of mails."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from commands import dutch, servers
from commands.console import command, say, say_json, say_table
from commands.phases import to_come
from commands.steps import Number
from commands.tasks import Json
from commands.told import mail_line, told, who
from models.errors import Refusal
from models.messages.words import Fund, Kind, Party
from reading import dossiers as read
from reading import parties
from reading.timeline import Timeline, timeline
from reading.waiting import Wait, waiting

app = typer.Typer()


@app.command(epilog="Voorbeeld: doorstroom show ANT-2024-S-000001")
@command
async def show(number: Number, as_json: Json = False) -> None:
    """Toon een dossier: wat er gebeurde, de stukken, het geld, de mails en wat komt."""
    async with servers.reading() as connection:
        found = await timeline(connection, number)
        if found is None:
            raise await _not_opened(connection, number)
        holders = [wait.holder for wait in found.waiting.waits if wait.holder]
        names = {**found.names, **await parties.names(connection, number, holders)}
    if as_json:
        say_json(found)
    else:
        say(*_lines(found, names))


@app.command("waiting", epilog="Voorbeeld: doorstroom waiting ANT-2024-S-000001")
@command
async def show_waiting(number: Number, as_json: Json = False) -> None:
    """Zeg op wie een dossier wacht, sinds wanneer, tot wanneer en wat er anders gebeurt."""
    async with servers.reading() as connection:
        dossier = await read.standing(connection, number)
        if dossier is None:
            raise await _not_opened(connection, number)
        found = await waiting(connection, dossier)
        names = await parties.names(connection, number, [wait.holder for wait in found.waits if wait.holder])
    if as_json:
        say_json(found)
        return
    if dossier.outcome is not None:
        say(f"Dossier {number} is afgesloten op {dutch.day(dossier.closed_at)}: {dutch.words(dossier.outcome)}.")
    for wait in found.waits:
        say(*_waits(wait, names))


@app.command(
    "dossiers", epilog="Voorbeeld: doorstroom dossiers --kind subsidy --fund ANT --open --waiting-on applicant"
)
@command
async def list_dossiers(
    kind: Annotated[Kind | None, typer.Option(help="Alleen dit soort.")] = None,
    fund: Annotated[Fund | None, typer.Option(help="Alleen van dit fonds.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Alleen dossiers die nog lopen.")] = False,
    waiting_on: Annotated[Party | None, typer.Option(help="Alleen dossiers die op deze partij wachten.")] = None,
    parent: Annotated[str | None, typer.Option(help="Alleen dossiers die uit dit dossier voortkomen.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Hoeveel dossiers hoogstens.")] = 50,
    after: Annotated[str, typer.Option(help="Verder vanaf hier: de waarde 'next' van de vorige lijst.")] = "",
    as_json: Json = False,
) -> None:
    """Toon een lijst van dossiers."""
    query = read.DossierQuery(
        kind=kind, fund=fund, open_only=open_only, waiting_on=waiting_on, parent=parent, limit=limit, after=after
    )
    async with servers.reading() as connection:
        page = await read.dossiers(connection, query)
    if as_json:
        say_json(page)
        return
    columns = ("nummer", "soort", "fase", "wacht op", "tot", "toegekend", "betaald", "uitkomst")
    say_table(f"{len(page.dossiers)} dossiers", columns, [_row(dossier) for dossier in page.dossiers])
    if page.next:
        say(f"Er zijn er meer: --after {page.next}")


@app.command("mails", epilog="Voorbeeld: doorstroom mails --state unknown")
@command
async def list_mails(
    state: Annotated[
        str | None,
        typer.Option(
            help="planned, claimed, sending, sent, merged, unreachable, refused, unknown, bounced, to_print of posted."
        ),
    ] = None,
    dossier: Annotated[str | None, typer.Option(help="Alleen mails van dit dossier.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10000, help="Hoeveel mails hoogstens.")] = 50,
    as_json: Json = False,
) -> None:
    """Toon mails, sms-berichten en brieven, en wat ermee gebeurde."""
    async with servers.reading() as connection:
        found = await read.mails(connection, dossier=dossier, state=state, limit=limit)
    if as_json:
        say_json({"mails": found})
        return
    rows = [
        (
            mail.effect,
            dutch.words(mail.channel),
            dutch.mail_state(mail.state),
            dutch.day(mail.planned_at),
            str(mail.attempts),
            mail.problem or "",
        )
        for mail in found
    ]
    say_table(f"{len(found)} mails", ("bericht", "weg", "toestand", "gepland", "pogingen", "probleem"), rows)


def _row(dossier: read.Standing) -> tuple[str, ...]:
    return (
        dossier.number,
        dutch.words(dossier.instrument),
        dutch.words(dossier.phase),
        dutch.words(dossier.waiting_on),
        dutch.day(dossier.waiting_until),
        dutch.euro(dossier.granted),
        dutch.euro(dossier.paid),
        dutch.words(dossier.outcome),
    )


async def _not_opened(connection: AsyncConnection, number: str) -> Refusal:
    received = await read.received_at(connection, number)
    if received is None:
        return Refusal("UnknownDossier", f"Dossier {number} bestaat niet. Kijk het nummer na.")
    return Refusal(
        "NotStarted", f"Dossier {number} is ontvangen op {dutch.day(received)} en start zodra een worker draait."
    )


def _lines(found: Timeline, names: Mapping[str, str]) -> Iterator[str]:
    dossier = found.dossier
    yield f"Dossier {dossier.number}: {dutch.words(dossier.instrument)}, {dutch.words(dossier.fund)}"
    yield (
        f"Gevraagd {dutch.euro(dossier.asked)}, toegekend {dutch.euro(dossier.granted)}, "
        f"betaald {dutch.euro(dossier.paid)}, teruggekregen {dutch.euro(dossier.recovered)}"
    )
    yield from ("", "Wat er gebeurde")
    for entry in found.entries:
        yield f"  {dutch.day(entry.at)}  {told(entry, names)}"
    if found.documents:
        yield from ("", "Stukken")
        yield from (
            f"  {dutch.day(paper.received_at)}  {dutch.words(paper.code)}: {paper.name}" for paper in found.documents
        )
    if found.payments:
        yield from ("", "Betalingen")
        yield from (f"  {pay.payment}  {dutch.euro(pay.amount)}: {dutch.words(pay.state)}" for pay in found.payments)
    if found.mails:
        yield from ("", "Mails")
        yield from (
            f"  {dutch.day(mail.planned_at)}  {mail_line(mail.template, mail.role or mail.party, mail.state)}"
            for mail in found.mails
        )
    yield from ("", "Wat komt")
    yield from (f"  {line}" for line in _what_comes(found, names))


def _what_comes(found: Timeline, names: Mapping[str, str]) -> Iterator[str]:
    dossier = found.dossier
    if dossier.outcome is not None:
        yield f"Niets meer: afgesloten op {dutch.day(dossier.closed_at)}, {dutch.words(dossier.outcome)}."
        return
    for wait in found.waiting.waits:
        yield from _waits(wait, names)
    later = to_come(Kind(dossier.kind), dossier.phase)
    if later:
        yield f"Daarna: {', '.join(dutch.words(phase) for phase in later)}."


def _waits(wait: Wait, names: Mapping[str, str]) -> Iterator[str]:
    holder = f", in handen van {who(wait.holder, names)}" if wait.holder else ""
    wants = f" ({dutch.listed(wait.wants)})" if wait.wants else ""
    derivation = f" ({wait.derivation})" if wait.derivation else ""
    if wait.goes_out_at is not None:
        yield f"Beantwoord: {dutch.words(wait.what)}; dat gaat uit om {dutch.hour(wait.goes_out_at)}."
        return
    then = "dan" if wait.on == Party.CALENDAR else "anders"
    yield (
        f"Wacht op {dutch.words(wait.on)}{holder}: {dutch.words(wait.what)}{wants}, sinds {dutch.day(wait.since)}, "
        f"tot en met {dutch.day(wait.until)}{derivation}; {then} {dutch.otherwise(wait.otherwise)}."
    )
    if wait.outcomes:
        yield f"Te kiezen: doorstroom complete {wait.key} --outcome {'|'.join(wait.outcomes)}"
