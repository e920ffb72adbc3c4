"""Paying from the command line: from what is due to the file, what is in doubt, and the list for the tax slip."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models.messages.words import Instrument
from tests.treasury.due import Payment, Till, due, execute

ONE, TWO = ("--person", "ANT-finance-1"), ("--person", "ANT-handler-2")


@pytest.mark.usefixtures("house")
async def test_money_that_is_due_goes_to_the_bank_after_two_signatures(
    cli: Any, engine: AsyncEngine, eventually: Any, tmp_path: Path
) -> None:
    good, bad, new = Payment(Decimal("1234.50")), Payment(), Payment(iban="new")
    await due(engine, good, bad, new)
    listed = (await cli("payments", "due", "--fund", "ANT", "--json")).json["due"]
    assert [one["obstacle"] for one in listed] == [None, None, "account_unverified"]
    assert "3 betalingen" in (await cli("payments", "due")).out

    run = (await cli("payments", "collect", "--fund", "ANT", *ONE, "--json")).json["run"]
    await cli("payments", "exclude", run, bad.line, *ONE, "--reason", "dispute")
    (looked_at,) = (await cli("payments", "accounts", "--json")).json["accounts"]
    assert looked_at["iban"] == new.stated
    assert new.number in (await cli("payments", "accounts")).out
    await cli("payments", "verify-account", new.number, "--right", "--name-check", "match", *TWO)
    await cli("payments", "release", run, new.line, *ONE)
    await cli("payments", "hold", run, new.line, *ONE, "--reason", "to_look_into")
    assert "1 van 2 handtekeningen" in (await cli("payments", "sign", run, *ONE)).out
    await cli("payments", "sign", run, *TWO)
    await eventually("SELECT 1 FROM payment_run WHERE state = 'handed_over'")

    shown = (await cli("payments", "show", run, "--json")).json
    assert (shown["run"]["lines"], shown["run"]["total"]) == (1, "1234.50")
    assert run in (await cli("payments", "list", "--state", "handed_over")).out
    assert good.line in (await cli("payments", "show", run)).out
    (file,) = [found.name for found in (tmp_path / ".doorstroom" / "bank" / "out" / "ANT").iterdir()]
    assert file == f"{run}-01.xml"

    await execute(engine, "UPDATE payment_line SET state = 'unknown' WHERE line = :line", line=good.line)
    await cli("payments", "settle-unknown", good.line, "--outcome", "executed", "--reference", "uittreksel 4", *ONE)
    await eventually("SELECT 1 FROM payment_line WHERE state = 'executed'")


@pytest.mark.usefixtures("house")
async def test_a_discarded_run_pays_nothing(cli: Any, engine: AsyncEngine) -> None:
    await due(engine, Payment())
    run = (await cli("payments", "collect", "--fund", "ANT", *ONE, "--on", "2027-05-01", "--json")).json
    assert run["execution_on"] == "2027-05-03"
    assert "verworpen" in (await cli("payments", "discard", run["run"], "--reason", "wrong_day", *ONE)).out
    for words, says in (
        (("sign", run["run"], *ONE), "verworpen|discarded|voorbij"),
        (("hand-over", run["run"], "--bank-has-it", *ONE), "voorbij"),
    ):
        refused = await cli("payments", *words, ok=False)
        assert refused.code == 1
        assert any(part in refused.err for part in says.split("|")), refused.err


async def test_the_tax_list_is_a_table_for_a_spreadsheet(cli: Any, engine: AsyncEngine) -> None:
    one = Payment(Decimal("205.50"), instrument=Instrument.CAREER_ACCOUNT, name="Emiel Zilverdonckers")
    await due(engine, one)
    stands = await Till(engine).sealed()
    await execute(engine, "UPDATE payment_line SET state = 'executed'")
    assert stands.execution_on is not None
    year = str(stands.execution_on.year)
    assert (await cli("payments", "tax-list", "--year", year)).out.splitlines() == [
        "fonds;naam;rekening;betalingen;bruto;ingehouden;netto;dossiers",
        f"ANT;Emiel Zilverdonckers;{one.stated};1;205,50;0,00;205,50;{one.number}",
    ]
    assert (await cli("payments", "tax-list", "--year", year, "--json")).json["people"][0]["net"] == "205.50"


WRONG = {
    "a reason of the house": ("exclude", "R", "L", "--reason", "account_invalid", *ONE),
    "another outcome": ("settle-unknown", "L", "--outcome", "perhaps", "--reference", "x", *ONE),
    "another check": ("verify-account", "D", "--right", "--name-check", "nearly", *ONE),
    "another reason to discard": ("discard", "R", "--reason", "tired", *ONE),
}


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG.keys())
async def test_a_word_that_is_not_known_is_told_with_those_that_are(cli: Any, words: tuple[str, ...]) -> None:
    answer = await cli("payments", *words, ok=False)
    assert (answer.code, "kies" in answer.err) == (2, True)
