"""Payments: what is due, runs that two people sign, accounts to look at, and the yearly list for the tax slip."""

from datetime import date
from typing import Annotated, Any, Literal, cast

import typer

from commands import beneficiaries, dutch, servers
from commands.bank import day
from commands.beneficiaries import Funds
from commands.console import command, say, say_json, say_table
from commands.tasks import Json, Person
from models.errors import Refusal
from models.messages.payment_runs import SAID_BY_PEOPLE, DiscardReason, HoldReason, RunStanding
from models.messages.words import Fund
from reading import payment_runs as read
from treasury.due import due_payments
from treasury.handing_over import stands_in_outbox

app = typer.Typer()
_payments = typer.Typer(
    no_args_is_help=True, help="Betalen: wat betaalbaar is, betaalopdrachten, rekeningen, fiscale lijst."
)
app.add_typer(_payments, name="payments")
_payments.add_typer(beneficiaries.app)
_RUN, _LINE = "ANT-2026-B-0001", "ANT-2026-S-000123-1-1"

Run = Annotated[str, typer.Argument(help="Nummer van de betaalopdracht, zoals ANT-2026-B-0001.")]
Line = Annotated[str, typer.Argument(help="Kenmerk van de lijn, zoals 'payments show' het toont.")]
Rehearsed = Annotated[bool, typer.Option("--rehearsed", help="Oefendossiers, waarbij geen geld beweegt.")]
Reason = Annotated[str, typer.Option(help=f"Waarom: {', '.join(sorted(SAID_BY_PEOPLE))}.")]


@_payments.command("due", epilog="Voorbeeld: doorstroom payments due --fund ANT")
@command
async def show_due(fund: Funds = None, rehearsed: Rehearsed = False, as_json: Json = False) -> None:
    """Toon wat betaalbaar is en in geen betaalopdracht staat, en wat een betaling in de weg staat."""
    async with servers.reading() as connection:
        found = [one for of in fund or Fund for one in await due_payments(connection, of, rehearsed=rehearsed)]
    if as_json:
        say_json({"due": found})
        return
    rows = [
        (one.payment, one.holder, one.iban, dutch.euro(one.amount), dutch.words(one.obstacle) if one.obstacle else "")
        for one in found
    ]
    say_table(f"{len(rows)} betalingen", ("betaling", "begunstigde", "rekening", "bedrag", "kan nog niet"), rows)


@_payments.command(epilog="Voorbeeld: doorstroom payments collect --fund ANT --person ANT-finance-1")
@command
async def collect(
    fund: Annotated[Fund, typer.Option(help="Fonds waarvan de rekening betaalt.")],
    person: Person,
    on: Annotated[
        str | None, typer.Option(help="Dag van uitvoering (2026-03-14); weggelaten: de volgende bankdag.")
    ] = None,
    rehearsed: Rehearsed = False,
    as_json: Json = False,
) -> None:
    """Stel een betaalopdracht samen van alles wat voor een fonds betaalbaar is."""
    wished: date | None = day(on) if on else None
    async with servers.house() as house:
        stands = await house.starter.collect_payments(fund, person, rehearsed=rehearsed, on=wished)
    _tell(stands, as_json)


@_payments.command("list", epilog="Voorbeeld: doorstroom payments list --fund ANT --state signing")
@command
async def list_runs(
    fund: Funds = None,
    state: Annotated[list[str] | None, typer.Option(help="Alleen in deze toestand; mag herhaald worden.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Hoeveel runs hoogstens.")] = 50,
    before: Annotated[str | None, typer.Option(help="Verder vanaf hier: de laatste run van de vorige lijst.")] = None,
    as_json: Json = False,
) -> None:
    """Toon betaalopdrachten, de laatste eerst."""
    async with servers.reading() as connection:
        found = await read.runs(connection, fund or Fund, states=state, before=before, limit=limit)
    if as_json:
        say_json({"runs": found})
        return
    rows = [
        (one.run, dutch.words(one.state), dutch.day(one.execution_on), str(one.lines), str(one.held),
         dutch.euro(one.total), ", ".join(signed.person for signed in one.signatures))
        for one in found
    ]  # fmt: skip
    say_table(
        f"{len(rows)} betaalopdrachten",
        ("run", "toestand", "uitvoering", "lijnen", "apart", "totaal", "getekend"),
        rows,
    )


@_payments.command("show", epilog="Voorbeeld: doorstroom payments show ANT-2026-B-0001")
@command
async def show_run(
    run: Run,
    after: Annotated[str, typer.Option(help="Verder na deze lijn.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10000, help="Hoeveel lijnen hoogstens.")] = 200,
    as_json: Json = False,
) -> None:
    """Toon een betaalopdracht met haar lijnen."""
    settings = servers.found_settings()
    async with servers.reading() as connection:
        found = await read.one_run(connection, run)
        if found is None:
            raise Refusal("UnknownRun", f"Betaalopdracht {run} bestaat niet. Kijk het nummer na.")
        lines = await read.lines(connection, run, after=after, limit=limit)
    if as_json:
        say_json({"run": found, "lines": lines})
        return
    say(f"Betaalopdracht {found.run}: {dutch.words(found.state)}, uitvoering {dutch.day(found.execution_on)}, "
        f"lijnen: {found.lines}, {dutch.euro(found.total)}")  # fmt: skip
    say(f"Getekend door: {', '.join(signed.person for signed in found.signatures) or 'nog niemand'}")
    if found.file_name:
        say(f"Bestand {found.file_name}, sha256 {found.file_hash}")
    if found.file_name and found.state == "unknown":
        lies = stands_in_outbox(settings.bank_folder, found.fund, found.file_name, rehearsed=found.rehearsed)
        say("Het bestand ligt nog klaar voor de bank." if lies else "Het bestand ligt niet (meer) klaar voor de bank.")
    rows = [
        (one.line, one.holder, one.iban, dutch.euro(one.amount), dutch.words(one.state), dutch.words(one.reason))
        for one in lines
    ]
    say_table(f"{len(rows)} lijnen", ("lijn", "begunstigde", "rekening", "bedrag", "toestand", "reden"), rows)


@_payments.command(epilog="Voorbeeld: doorstroom payments sign ANT-2026-B-0001 --person ANT-finance-1")
@command
async def sign(
    run: Run,
    person: Person,
    for_person: Annotated[str | None, typer.Option("--for", help="De afwezige collega die u vervangt.")] = None,
    as_json: Json = False,
) -> None:
    """Onderteken de lijnen zoals ze nu zijn; na de tweede handtekening gaat het bestand naar de bank."""
    async with servers.house() as house:
        _tell(await house.starter.sign_run(run, person, for_person), as_json)


@_payments.command(
    epilog=f"Voorbeeld: doorstroom payments exclude {_RUN} {_LINE} --person ANT-finance-1 --reason dispute"
)
@command
async def exclude(run: Run, line: Line, person: Person, reason: Reason, as_json: Json = False) -> None:
    """Laat een lijn uit deze run; ze is daarna weer betaalbaar."""
    await _change(run, line, "exclude", person, reason, as_json)


@_payments.command(
    epilog=f"Voorbeeld: doorstroom payments hold {_RUN} {_LINE} --person ANT-finance-1 --reason to_look_into"
)
@command
async def hold(run: Run, line: Line, person: Person, reason: Reason, as_json: Json = False) -> None:
    """Zet een lijn apart binnen deze run."""
    await _change(run, line, "hold", person, reason, as_json)


@_payments.command(epilog=f"Voorbeeld: doorstroom payments release {_RUN} {_LINE} --person ANT-finance-1")
@command
async def release(run: Run, line: Line, person: Person, as_json: Json = False) -> None:
    """Neem een lijn die apart stond weer op, als niets haar meer in de weg staat."""
    await _change(run, line, "release", person, None, as_json)


@_payments.command(
    epilog="Voorbeeld: doorstroom payments discard ANT-2026-B-0001 --person ANT-finance-1 --reason wrong_day"
)
@command
async def discard(
    run: Run,
    person: Person,
    reason: Annotated[str, typer.Option(help="Waarom: made_by_mistake, wrong_day of other.")],
    as_json: Json = False,
) -> None:
    """Verwerp een run die nog niet verzegeld is; haar betalingen zijn weer betaalbaar."""
    if reason not in ("made_by_mistake", "wrong_day", "other"):
        raise typer.BadParameter("kies made_by_mistake, wrong_day of other.")
    async with servers.house() as house:
        _tell(await house.starter.discard_run(run, person, cast(DiscardReason, reason)), as_json)


@_payments.command(
    "hand-over", epilog="Voorbeeld: doorstroom payments hand-over ANT-2026-B-0001 --bank-has-it --person ANT-finance-1"
)
@command
async def hand_over(
    run: Run,
    person: Person,
    bank_has_it: Annotated[
        bool, typer.Option("--bank-has-it/--bank-has-it-not", help="Wat de bank zegt over dit bestand.")
    ],
    as_json: Json = False,
) -> None:
    """Zeg of de bank een bestand heeft waarvan niemand dat weet; zo niet, dan wordt hetzelfde opnieuw klaargelegd."""
    async with servers.house() as house:
        _tell(await house.starter.settle_hand_over(run, person, bank_has_it=bank_has_it), as_json)


@_payments.command(
    "settle-unknown",
    epilog=f"Voorbeeld: doorstroom payments settle-unknown {_LINE} --outcome executed --reference 'uittreksel 42' "
    "--person ANT-finance-1",
)
@command
async def settle_unknown(
    line: Line,
    person: Person,
    outcome: Annotated[str, typer.Option(help="executed (betaald) of returned (niet betaald of teruggekomen).")],
    reference: Annotated[str, typer.Option(help="Waar dat bij de bank staat.")],
) -> None:
    """Zeg wat er werd van een lijn waarover de bank zweeg; het dossier hoort het."""
    if outcome not in ("executed", "returned"):
        raise typer.BadParameter("kies executed of returned.")
    async with servers.house() as house:
        known = cast(Literal["executed", "returned"], outcome)
        await house.starter.settle_line(line, known, person, reference)
    say(f"{line} is nu {dutch.words(outcome)}; het dossier hoort het.")


async def _change(
    run: str, line: str, change: Literal["exclude", "hold", "release"], person: str, reason: str | None, as_json: bool
) -> None:
    if reason is not None and reason not in SAID_BY_PEOPLE:
        raise typer.BadParameter(f"kies een reden: {', '.join(sorted(SAID_BY_PEOPLE))}.")
    async with servers.house() as house:
        why = None if reason is None else HoldReason(reason)
        _tell(await house.starter.change_line(run, line, change, person, why), as_json)


def _tell(stands: RunStanding, as_json: Any) -> None:
    if as_json:
        say_json(stands)
        return
    held = f", {stands.held} apart" if stands.held else ""
    say(
        f"Betaalopdracht {stands.run}: {dutch.words(stands.state)}, "
        f"{stands.lines} lijnen voor {dutch.euro(stands.total)}{held}, {stands.signatures} van 2 handtekeningen."
    )
