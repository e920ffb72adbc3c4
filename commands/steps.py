"""What people outside the work list do with one dossier: answer, ask more time, withdraw, object, report, pay."""

from datetime import date, datetime
from typing import Annotated

import typer
from sqlalchemy import select
from sqlmodel import col

from commands import dutch, servers
from commands.codes import CODE, account, answered
from commands.console import command, say, say_json
from commands.tasks import Json, Person
from database import transaction
from enclosed import Enclosed
from models.errors import Refusal
from models.messages.commands import Accepted, Actor, AnswerRequest, ReportFact, SettlePayment
from models.messages.words import Document, Party
from models.tables import PaymentRow

app = typer.Typer()

Number = Annotated[str, typer.Argument(help="Nummer van het dossier, zoals ANT-2024-S-000001.")]
By = Annotated[Party, typer.Option("--by", help="Wie spreekt.")]


def a_day(typed: str) -> date:
    """A day as dd/mm/yyyy or yyyy-mm-dd.

    Raises:
        typer.BadParameter: it is no day.
    """
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 - a local day has no zone
        except ValueError:
            continue
    raise typer.BadParameter(f"'{typed}' is geen dag; schrijf 31/01/2025 of 2025-01-31.")


Day = Annotated[date, typer.Option("--on", parser=a_day, help="Dag waarop het gebeurde: 31/01/2025 of 2025-01-31.")]


def party(by: Party) -> Actor:
    """Somebody outside, known by the place in the dossier: the name stands in a row."""
    return Actor(person=by.value, party=by)


def _told(accepted: Accepted, as_json: bool, sentence: str) -> None:
    if as_json:
        say_json(accepted)
    else:
        say("Dit was al bekend; er gebeurde niets dubbel." if accepted.repeated else sentence)


@app.command(
    epilog="Voorbeeld: doorstroom answer ANT-2024-S-000001 completion --document invoice --document proof_of_payment"
)
@command
async def answer(
    number: Number,
    request: Annotated[str, typer.Argument(help="Code van de vraag, zoals completion, evidence of survey.")],
    document: Annotated[list[Document] | None, typer.Option(help="Soort document; mag herhaald worden.")] = None,
    given: Annotated[
        list[str] | None, typer.Option("--value", metavar="NAAM=WAARDE", help="Antwoord op een veld; mag herhaald.")
    ] = None,
    iban: Annotated[
        str | None, typer.Option("--iban", parser=account, help="Rekening om op te betalen; nooit in het logboek.")
    ] = None,
    by: By = Party.APPLICANT,
    as_json: Json = False,
) -> None:
    """Beantwoord een vraag van het fonds; ook te vroeg of te laat wordt het bewaard."""
    told = AnswerRequest(
        request=request,
        by=party(by),
        documents=frozenset(document or ()),
        values=dict(answered(one) for one in given or ()),
    )
    async with servers.house() as house:
        enclosed = Enclosed(account=iban) if iban else None
        _told(await house.starter.answer(number, told, enclosed), as_json, f"Het antwoord op '{request}' is bewaard.")


@app.command(
    epilog="Voorbeeld: doorstroom extend ANT-2024-S-000001 completion --until 30/06/2025 --person ANT-handler-1 "
    "--reason ziekte"
)
@command
async def extend(
    number: Number,
    request: Annotated[str, typer.Argument(help="Code van de vraag die openstaat.")],
    until: Annotated[date, typer.Option(parser=a_day, help="Nieuwe laatste dag, inbegrepen.")],
    person: Person,
    reason: Annotated[str, typer.Option(parser=CODE, help="Code van de reden.")],
    as_json: Json = False,
) -> None:
    """Geef één dossier meer tijd om te antwoorden."""
    async with servers.house() as house:
        accepted = await house.starter.extend(number, request, until, person, reason)
    _told(accepted, as_json, f"'{request}' mag tot en met {dutch.day(until)}.")


@app.command(epilog="Voorbeeld: doorstroom withdraw ANT-2024-S-000001")
@command
async def withdraw(
    number: Number,
    by: By = Party.APPLICANT,
    reason: Annotated[str, typer.Option(parser=CODE, help="Code van de reden.")] = "applicant",
    as_json: Json = False,
) -> None:
    """Trek een aanvraag in."""
    async with servers.house() as house:
        accepted = await house.starter.withdraw(number, party(by), reason)
    _told(accepted, as_json, f"Dossier {number} is ingetrokken.")


@app.command("object", epilog="Voorbeeld: doorstroom object ANT-2024-S-000001 --ground bedrag_te_laag")
@command
async def file_objection(
    number: Number,
    ground: Annotated[str, typer.Option(parser=CODE, help="Code van de grond; de tekst hoort in een document.")],
    by: By = Party.APPLICANT,
    as_json: Json = False,
) -> None:
    """Maak bezwaar tegen de laatste beslissing."""
    async with servers.house() as house:
        accepted = await house.starter.object(number, party(by), ground)
    _told(accepted, as_json, f"Het bezwaar tegen de beslissing over {number} is ingediend.")


@app.command(epilog="Voorbeeld: doorstroom report ANT-2024-J-000001 new_job --on 31/01/2025 --by participant")
@command
async def report(
    number: Number,
    fact: Annotated[str, typer.Argument(parser=CODE, help="Code van wat er gebeurde, zoals new_job.")],
    on: Day,
    by: By = Party.PARTICIPANT,
    given: Annotated[
        list[str] | None, typer.Option("--value", metavar="NAAM=WAARDE", help="Bijzonderheid; mag herhaald worden.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Meld iets dat niet gevraagd werd."""
    told = ReportFact(fact=fact, on=on, by=party(by), values=dict(answered(one) for one in given or ()))
    async with servers.house() as house:
        _told(await house.starter.report(number, told), as_json, f"'{fact}' is gemeld in dossier {number}.")


@app.command(epilog="Voorbeeld: doorstroom confirm-payment ANT-2024-S-000001/payment/1/1 --reference 2024-118-0042")
@command
async def confirm_payment(
    payment: Annotated[str, typer.Argument(help="Naam van de betaling, zoals 'doorstroom show' ze toont.")],
    reference: Annotated[str, typer.Option(parser=CODE, help="Referentie van de bank.")],
    returned: Annotated[bool, typer.Option("--returned", help="Het geld kwam terug.")] = False,
) -> None:
    """Geef door wat de bank met een betaling deed."""
    async with servers.house() as house:
        async with transaction(house.engine) as connection:
            query = select(PaymentRow).where(col(PaymentRow.payment) == payment)
            found = (await connection.execute(query)).one_or_none()
        if found is None:
            raise Refusal("UnknownPayment", f"De betaling {payment} bestaat niet. Kijk het dossier na.")
        if found.state != "instructed":
            raise Refusal("PaymentSettled", f"De betaling {payment} is al afgehandeld: {dutch.words(found.state)}.")
        outcome = "returned" if returned else "confirmed"
        settlement = SettlePayment(payment=payment, outcome=outcome, reference=reference)
        await house.starter.settle_payment(settlement)
    say(f"Genoteerd: {payment} is {dutch.words(outcome)}.")
