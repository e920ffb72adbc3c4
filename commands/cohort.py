"""A closure as one file, and the keys by which one person is known in several dossiers."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

import policies
from commands import servers
from commands.console import command, progress, say, say_json, say_table
from commands.opaque_key import opaque_key
from commands.steps import a_day
from commands.tasks import Json
from importing import ImportRefused
from importing.cohort_files import preview, receive
from importing.cohorts import KINDS, Announced, Cohort, read_cohort
from importing.office import Office
from importing.persons import fill_keys
from models.errors import Refusal
from models.messages.words import Fund, Instrument
from schemes.calendar import local_date
from schemes.cohorts import outlook
from schemes.identifiers import enterprise_number
from schemes.outplacement_amounts import OutplacementRates

app = typer.Typer()
cohort = typer.Typer(no_args_is_help=True, help="Een sluiting of herstructurering als één lijst.")
people = typer.Typer(no_args_is_help=True, help="Personen in verschillende dossiers.")
app.add_typer(cohort, name="cohort")
app.add_typer(people, name="people")

File = Annotated[Path, typer.Argument(metavar="BESTAND", help="CSV of .xlsx met de ontslagen personen.")]
Enterprise = Annotated[str, typer.Option(help="Ondernemingsnummer van de werkgever.")]
Name = Annotated[str, typer.Option(help="Naam van de werkgever.")]
Kind = Annotated[str, typer.Option(help="sluiting of herstructurering.")]
AnnouncedOn = Annotated[date | None, typer.Option(parser=a_day, help="Dag van de aankondiging.")]
Bankrupt = Annotated[bool, typer.Option("--bankrupt", help="De onderneming is failliet.")]
Agency = Annotated[str, typer.Option(help="Bureau, als er voor iedereen één is.")]
OfFund = Annotated[Fund, typer.Option(help="Fonds dat de lijst ontvangt.")]


@cohort.command(
    "preview",
    epilog="Voorbeeld: doorstroom cohort preview sluiting.csv --employer 0409845289 --name 'Bedrijf' "
    "--announced-on 12/01/2026",
)
@command
async def look(
    file: File,
    employer: Enterprise,
    name: Name = "",
    kind: Kind = "sluiting",
    announced_on: AnnouncedOn = None,
    bankrupt: Bankrupt = False,
    agency: Agency = "",
    fund: OfFund = Fund.ANTWERPEN,
    as_json: Json = False,
) -> None:
    """Kijk een lijst na: fouten per rij en kolom, en hoeveel personen per regime. Er wordt niets bewaard."""
    closure = _closure(fund, employer, name, kind, announced_on, bankrupt, agency)
    async with servers.house() as house:
        read = read_cohort(file, closure, _office(opaque_key(house.settings), fund))
    _refuse_faults(read)
    rates = _rates(fund)
    today = local_date(datetime.now(UTC))
    found: dict[str, int] = {}
    for row in read.rows:
        assert row.application is not None
        regime = outlook(row.application.facts, today, rates).regime  # type: ignore[arg-type]
        found[regime] = found.get(regime, 0) + 1
    if as_json:
        say_json({"people": len(read.rows), "regimes": found})
        return
    say_table(
        f"{len(read.rows)} personen, zonder fouten",
        ("regime", "personen"),
        [(regime, str(count)) for regime, count in sorted(found.items())],
    )


@cohort.command(
    "receive",
    epilog="Voorbeeld: doorstroom cohort receive sluiting.csv --employer 0409845289 --name 'Bedrijf' "
    "--announced-on 12/01/2026",
)
@command
async def take(
    file: File,
    employer: Enterprise,
    name: Name = "",
    kind: Kind = "sluiting",
    announced_on: AnnouncedOn = None,
    bankrupt: Bankrupt = False,
    agency: Agency = "",
    fund: OfFund = Fund.ANTWERPEN,
    as_json: Json = False,
) -> None:
    """Ontvang een lijst: iedereen of niemand. Twee keer dezelfde lijst geeft hetzelfde dossier."""
    closure = _closure(fund, employer, name, kind, announced_on, bankrupt, agency)
    async with servers.house() as house:
        secret = opaque_key(house.settings)
        read = read_cohort(file, closure, _office(secret, fund))
        _refuse_faults(read)
        kept = await preview(
            house.engine, read, closure, _rates(fund), name=file.name, person="operations", secret=secret
        )
        with progress("Ontvangsten bewaren", None):
            number = await receive(house.engine, kept, secret)
    if as_json:
        say_json({"number": number, "people": len(read.rows)})
        return
    say(f"Ontvangen in dossier {number}: {len(read.rows)} personen. De dossiers starten vanzelf.")


@people.command("key", epilog="Voorbeeld: doorstroom people key")
@command
async def key(as_json: Json = False) -> None:
    """Geef personen uit trajecten van vroeger hun sleutel, zodat iemand die terugkomt herkend wordt."""
    async with servers.house() as house:
        filled = await fill_keys(house.engine, opaque_key(house.settings))
    if as_json:
        say_json({"filled": filled})
        return
    say(f"{filled} personen kregen hun sleutel.")


def _closure(
    fund: Fund, employer: str, name: str, kind: str, announced_on: date | None, bankrupt: bool, agency: str
) -> Announced:
    if kind not in KINDS:
        raise Refusal("UnknownKind", f"'{kind}' is geen soort ontslag van een groep. Kies: {', '.join(KINDS)}.")
    if announced_on is None and not bankrupt:
        raise Refusal("AnnouncementMissing", "Geef de dag van de aankondiging (--announced-on), of --bankrupt.")
    try:
        number = enterprise_number(employer)
    except ValueError:
        raise Refusal("BadEnterprise", f"'{employer}' is geen ondernemingsnummer.") from None
    return Announced(
        fund=fund,
        enterprise_number=number,
        employer_name=name or number,
        dismissal=KINDS[kind],
        bankrupt=bankrupt,
        announced_on=announced_on,
        agency=agency,
    )


def _office(secret: bytes, fund: Fund) -> Office:
    return Office(local_date(datetime.now(UTC)), secret, fund)


def _rates(fund: Fund) -> OutplacementRates:
    found = policies.in_force(fund, Instrument.OUTPLACEMENT, local_date(datetime.now(UTC)))
    return OutplacementRates.model_validate(found)


def _refuse_faults(read: Cohort) -> None:
    faults = [fault for row in read.rows for fault in row.faults]
    if faults:
        raise ImportRefused(faults)
