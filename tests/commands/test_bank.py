"""What the bank says, on the command line: read files, match by hand, set aside, and see whether all is explained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.messages.words import Role
from models.tables import StaffMember
from tests.treasury.bank_says import Booked, camt, sent

PEOPLE = {
    "ANT-finance-1": ("ANT", Role.FINANCE),
    "ANT-finance-2": ("ANT", Role.FINANCE),
    "LIM-finance-1": ("LIM", Role.FINANCE),
    "ANT-handler-9": ("ANT", Role.HANDLER),
}
PERIOD = ("--fund", "ANT", "--since", "2026-03-01", "--until", "2026-03-31")


@pytest.fixture
async def files(engine: AsyncEngine, tmp_path: Path, environment: str) -> Path:
    """A folder with a statement: one payment of ours, one debit that does not say so, and costs."""
    assert environment
    people = [
        {"person": person, "fund": fund, "name": person, "email": f"{person}@fonds.example", "roles": [role]}
        | {"language": "nl", "active": True}
        for person, (fund, role) in PEOPLE.items()
    ]
    async with transaction(engine) as connection:
        await connection.execute(insert(StaffMember), people)
    first, _ = await sent(engine, "100.00", "250.00")
    booked = (
        Booked(first, "100.00"),
        Booked(None, "250.00", text="zonder kenmerk"),
        Booked(None, "7.50", text="kosten"),
    )
    (tmp_path / "statement.xml").write_bytes(camt(*booked))
    (tmp_path / "letter.txt").write_text("geachte", "utf-8")
    return tmp_path


async def test_from_a_statement_to_every_euro_explained(cli: Any, files: Path) -> None:
    statement = str(files / "statement.xml")
    read = await cli("bank", "read", statement, "--person", "ANT-finance-1", "--json")
    assert [(one["entries"], one["states"]) for one in read.json["files"]] == [(3, {"matched": 1, "unmatched": 2})]
    assert "was er al" in (await cli("bank", "read", statement, "--person", "ANT-finance-1")).out

    debit, costs = (await cli("bank", "queue", "--fund", "ANT", "--json")).json["entries"]
    assert [debit["why"], costs["why"]] == ["not_ours", "not_ours"]
    assert (await cli("bank", "reconciliation", *PERIOD, ok=False)).code == 3

    line = "ANT-2026-S-000002-1-1"
    proposed = await cli("bank", "match", str(debit["entry"]), line, "--person", "ANT-finance-1")
    assert "zodra een collega" in proposed.out
    assert (await cli("bank", "match", str(debit["entry"]), line, "--person", "ANT-finance-2")).code == 0
    aside = ("bank", "set-aside", str(costs["entry"]), "--person", "ANT-finance-1")
    await cli(*aside, "--reason", "kosten van de rekening")
    await cli(*aside, "--undo")
    await cli(*aside, "--reason", "kosten van de rekening")

    (account,) = (await cli("bank", "reconciliation", *PERIOD, "--json")).json["accounts"]
    assert (account["complete"], account["paid_by_statements"], account["paid_by_lines"]) == (True, "350.00", "350.00")
    assert {one["what"]: one["euros"] for one in account["sums"]} == {"payment": "350.00", "set_aside": "7.50"}
    assert "volledig verklaard" in (await cli("bank", "reconciliation", *PERIOD)).out
    assert (await cli("bank", "queue")).out.startswith("Lijnen: 0")


async def test_of_several_files_the_good_ones_are_read_and_the_others_named(cli: Any, files: Path) -> None:
    both = (str(files / "letter.txt"), str(files / "statement.xml"))
    answer = await cli("bank", "read", *both, "--person", "ANT-finance-1", ok=False)

    assert answer.code == 1
    assert "letter.txt: Dit is geen bericht van een bank" in answer.err
    assert "statement.xml" in answer.out


@pytest.mark.parametrize(
    ("person", "says"),
    [
        pytest.param("LIM-finance-1", "een ander fonds", id="of another fund"),
        pytest.param("ANT-handler-9", "finance", id="not of finance"),
    ],
)
async def test_only_finance_of_the_fund_reads_its_files(cli: Any, files: Path, person: str, says: str) -> None:
    answer = await cli("bank", "read", str(files / "statement.xml"), "--person", person, ok=False)

    assert answer.code == 1
    assert says in answer.err
