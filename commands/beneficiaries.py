"""Who gets the money: accounts that a second person looks at, and what each person was paid in a year."""

import csv
import sys
from typing import Annotated, cast

import typer

from commands import dutch, servers
from commands.console import command, say, say_json, say_table
from commands.tasks import Json, Person
from models.messages.words import Fund, Party
from reading import payment_runs as read
from treasury.accounts import NameCheck

app = typer.Typer()

Funds = Annotated[list[Fund] | None, typer.Option("--fund", help="Alleen dit fonds; mag herhaald worden.")]


@app.command("accounts", epilog="Voorbeeld: doorstroom payments accounts --fund ANT")
@command
async def list_accounts(
    fund: Funds = None,
    settled: Annotated[bool, typer.Option("--settled", help="Rekeningen die al nagezien zijn.")] = False,
    as_json: Json = False,
) -> None:
    """Toon rekeningen die een tweede persoon moet nazien."""
    async with servers.reading() as connection:
        found = await read.accounts(connection, fund or Fund, settled=settled)
    if as_json:
        say_json({"accounts": found})
        return
    rows = [
        (
            one.dossier,
            one.party,
            one.holder or "",
            one.iban or "",
            one.old_iban or "",
            one.changed_by,
            dutch.words(one.state),
        )
        for one in found
    ]
    columns = ("dossier", "partij", "begunstigde", "rekening", "bij werkgever", "opgegeven door", "toestand")
    say_table(f"{len(rows)} rekeningen", columns, rows)


@app.command(
    "verify-account",
    epilog="Voorbeeld: doorstroom payments verify-account ANT-2026-S-000123 --right --name-check match "
    "--person ANT-finance-2",
)
@command
async def verify_account(
    dossier: Annotated[str, typer.Argument(help="Nummer van het dossier.")],
    person: Person,
    right: Annotated[bool, typer.Option("--right/--wrong", help="Of de rekening van de begunstigde is.")],
    name_check: Annotated[
        str, typer.Option(help="Wat de bank zegt van naam en nummer: match, close, no_match of not_possible.")
    ],
    party: Annotated[Party, typer.Option(help="Van welke partij de rekening is.")] = Party.APPLICANT,
) -> None:
    """Zie een rekening na als tweede persoon: ze klopt, of ze wordt geweigerd."""
    if name_check not in ("match", "close", "no_match", "not_possible"):
        raise typer.BadParameter("kies match, close, no_match of not_possible.")
    async with servers.house() as house:
        checked = cast(NameCheck, name_check)
        await house.starter.verify_account(dossier, party, person, right=right, name_check=checked)
    say(f"De rekening bij {dossier} is {'nagezien' if right else 'geweigerd'}.")


@app.command("tax-list", epilog="Voorbeeld: doorstroom payments tax-list --year 2025 --fund ANT")
@command
async def tax_list(
    year: Annotated[int, typer.Option(min=2000, max=2100, help="Kalenderjaar van de uitvoering.")],
    fund: Funds = None,
    as_json: Json = False,
) -> None:
    """Geef als CSV wat elke persoon in een jaar kreeg: bruto, ingehouden en netto, voor de fiscale fiche."""
    async with servers.reading() as connection:
        found = await read.paid_to_people(connection, fund or Fund, year)
    if as_json:
        say_json({"year": year, "people": found})
        return
    out = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    out.writerow(("fonds", "naam", "rekening", "betalingen", "bruto", "ingehouden", "netto", "dossiers"))
    for one in found:
        money = (str(amount).replace(".", ",") for amount in (one.gross, one.withheld, one.net))
        out.writerow((one.fund, one.holder, one.iban, one.payments, *money, " ".join(one.dossiers)))
