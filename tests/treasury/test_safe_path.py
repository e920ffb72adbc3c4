"""Money that came back goes to another account only after two people looked, from the file of the bank to the next."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from database import transaction
from embedded import EmbeddedMail
from models.errors import Refusal
from models.messages.payment_runs import RunStanding
from models.messages.words import Fund, Party
from models.tables import NumberSeries
from tests.patience import patient
from tests.treasury.bank_says import Booked, camt, read
from tests.treasury.due import account, value
from tests.workflows.conftest import House, open_house
from tests.workflows.subsidies import Subsidy, apply, training
from treasury.accounts import say_who
from verification import verify

FIRST, SECOND, LEAD = "ANT-finance-1", "ANT-handler-2", "ANT-lead-1"


@pytest.fixture
async def house(
    temporal_client: Client,
    engine: AsyncEngine,
    database_urls: Any,
    mailbox: EmbeddedMail,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    monkeypatch.setenv("DOORSTROOM_BANK_FOLDER", str(tmp_path))
    years = [{"series": f"ANT-{year}-B", "last": random.randrange(10**6, 10**9)} for year in range(2026, 2040)]
    async with transaction(engine) as connection:
        await connection.execute(insert(NumberSeries), years)  # Temporal is shared and remembers every number
    async with open_house(temporal_client, engine, database_urls.app, mailbox) as running:
        yield running


async def gives(play: Subsidy, iban: str) -> None:
    """The applicant gives an account, on a page."""
    async with transaction(play.house.engine) as connection:
        await say_who(connection, "applicant")
        given = {"iban": iban, "number": play.number}
        await connection.execute(text("UPDATE contact SET iban = :iban WHERE dossier = :number"), given)


async def collected(house: House) -> tuple[str, dict[str, str]]:
    """A new run, and why each of its lines is held."""
    run = (await house.starter.collect_payments(Fund.ANTWERPEN, FIRST, rehearsed=True)).run
    held = await house.rows("SELECT line, reason FROM payment_line WHERE run = :run AND state = 'held'", run=run)
    return run, {row["line"]: row["reason"] for row in held}


async def looked_at(house: House, play: Subsidy, run: str, line: str) -> None:
    """A second person looks at the account, and finance releases the line."""
    await house.starter.verify_account(play.number, "applicant", LEAD, right=True, name_check="match")
    await house.starter.change_line(run, line, "release", FIRST)


async def with_the_bank(house: House, run: str) -> None:
    """Two people sign, and the file leaves."""
    for person in (FIRST, SECOND):
        await house.starter.sign_run(run, person)
    async with patient():
        while await value(house.engine, f"SELECT state FROM payment_run WHERE run = '{run}'") != "handed_over":
            await asyncio.sleep(0.05)


async def told_by(house: House, *booked: Booked, name: str) -> None:
    """A statement is read, and the sweep tells the dossiers."""
    await read(house.engine, camt(*booked, name=name))
    while await house.starter.redeliver(older_than=timedelta(0)):
        pass


async def test_money_that_came_back_is_paid_to_an_account_that_two_people_looked_at(house: House) -> None:
    play = await apply(house, training())
    await play.task("payment")
    await gives(play, account(1))
    first, held = await collected(house)
    line = f"{play.number}-1-1"
    assert held == {line: "account_unverified"}
    await looked_at(house, play, first, line)
    await with_the_bank(house, first)

    await told_by(house, Booked(line, "400.00", reference="B1"), name="1")
    await play.awaits("calendar", "follow_up")
    await told_by(house, Booked(line, "400.00", "CRDT", "R1", "AC04"), name="2")
    await play.awaits("applicant", "account")
    await gives(play, account(2))
    await play.says("account", Party.APPLICANT, iban="given")
    await play.task("payment")

    second, held = await collected(house)
    line = f"{play.number}-1-2"
    assert held == {line: "account_unverified"}, "nobody looked at the new account yet"
    with pytest.raises(Refusal, match="geen enkele lijn"):
        await house.starter.sign_run(second, FIRST)
    await looked_at(house, play, second, line)
    assert await value(house.engine, f"SELECT iban FROM payment_line WHERE line = '{line}'") == account(2)
    await with_the_bank(house, second)
    await told_by(house, Booked(line, "400.00", reference="B2"), name="3")

    assert (await play.awaits("calendar", "follow_up"))["paid"] == 400
    assert [fault.text for fault in (await verify(house.engine)).faults] == []


async def test_what_the_bank_puts_in_its_folder_settles_the_run_and_reaches_the_dossier(
    house: House, tmp_path: Path
) -> None:
    play = await apply(house, training())
    await play.task("payment")
    await gives(play, account(3))
    run, held = await collected(house)
    (line,) = held
    await looked_at(house, play, run, line)
    await with_the_bank(house, run)

    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "statement.xml").write_bytes(camt(Booked(line, "400.00", reference="B1")))

    async with patient():
        ended = await house.client.get_workflow_handle(run, result_type=RunStanding).result()
        while (await play.dossier())["paid"] != 400:
            await asyncio.sleep(0.2)
    assert ended.state == "settled"
    assert (tmp_path / "in" / "done" / "statement.xml").exists()
