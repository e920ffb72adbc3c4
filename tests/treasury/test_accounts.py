"""A new account blocks the payment until a second person looked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.errors import Refusal
from models.messages.payment_runs import HoldReason
from models.messages.words import Fund, Instrument
from tests.treasury.due import FIRST, SECOND, Payment, Till, account, due, execute, finance, lines, rows
from treasury.accounts import digest, say_who, verify_account

CHANGED = "UPDATE contact SET iban = :iban"


async def look(engine: AsyncEngine, one: Payment, by: Any = SECOND, *, right: bool = True, **more: Any) -> None:
    told = {"name_check": "match"} | more
    await verify_account(engine, one.number, "applicant", by, right=right, **told)


async def test_every_change_of_an_account_is_noted_whoever_makes_it(engine: AsyncEngine) -> None:
    one = Payment()
    await due(engine, one)
    await execute(engine, CHANGED, iban=account(77))
    async with transaction(engine) as connection:
        await say_who(connection, "ANT-handler-1")
        await connection.exec_driver_sql(f"UPDATE contact SET iban = '{account(78)}'")
    told = "SELECT digest, state, changed_by FROM account_check ORDER BY changed_by"
    assert await rows(engine, told) == [
        (digest(account(78)), "to_verify", "ANT-handler-1"),
        (digest(account(77)), "to_verify", "unknown"),
    ]


async def test_the_same_account_in_another_spelling_is_no_change(engine: AsyncEngine) -> None:
    one = Payment()
    await due(engine, one)
    spaced = " ".join(account(one.serial)[at : at + 4] for at in range(0, 16, 4)).lower()
    await execute(engine, CHANGED, iban=spaced)
    assert await rows(engine, "SELECT 1 FROM account_check") == []
    assert (await Till(engine).collect()).lines == 1


async def test_a_person_who_changes_the_account_waits_too(engine: AsyncEngine) -> None:
    one = Payment(instrument=Instrument.CAREER_ACCOUNT, iban="new")
    await due(engine, one)
    await execute(engine, CHANGED, iban=account(79))
    await Till(engine).collect()
    assert await lines(engine, "ANT-2026-B-0001") == {one.line: ("held", HoldReason.ACCOUNT_UNVERIFIED)}


async def test_once_a_second_person_looked_the_line_is_released(engine: AsyncEngine) -> None:
    one = Payment(iban="new")
    await due(engine, one)
    till = Till(engine)
    await till.collect()
    await look(engine, one, name_check="close")
    await look(engine, one, name_check="close")
    assert (await till.change(one.line, "release")).lines == 1
    assert await rows(engine, "SELECT state, verified_by, name_check FROM account_check") == [
        ("verified", "ANT-finance-2", "close")
    ]


async def test_a_refused_account_is_never_paid(engine: AsyncEngine) -> None:
    one = Payment(iban="new")
    await due(engine, one)
    till = Till(engine)
    await till.collect()
    await look(engine, one, right=False, name_check="no_match")
    with pytest.raises(Refusal, match="geweigerd"):
        await till.change(one.line, "release")


async def test_an_account_changed_after_it_was_collected_is_left_out_of_the_file(engine: AsyncEngine) -> None:
    one, other = Payment(), Payment()
    await due(engine, one, other)
    till = Till(engine)
    await till.collect()
    await till.sign(FIRST, SECOND)
    await execute(engine, CHANGED + " WHERE dossier = :dossier", iban=account(80), dossier=one.number)
    assert (await till.seal()).lines == 1
    assert (await lines(engine, till.run))[one.line] == ("excluded", HoldReason.ACCOUNT_CHANGED)


async def test_a_payment_is_left_out_while_an_answer_with_another_account_is_on_its_way(engine: AsyncEngine) -> None:
    one, other = Payment(), Payment()
    await due(engine, one, other)
    till = Till(engine)
    await till.collect()
    await till.sign(FIRST, SECOND)
    told = json.dumps({"by": {"party": "applicant"}, "enclosed": {"account": account(80)}})
    kept = "INSERT INTO pending_command VALUES (:dossier, 'u', 'answer_request', CAST(:told AS jsonb), now())"
    await execute(engine, kept, dossier=one.number, told=told)
    assert (await till.seal()).lines == 1
    assert (await lines(engine, till.run))[one.line] == ("excluded", HoldReason.ACCOUNT_CHANGED)


NO: dict[str, tuple[dict[str, Any], str]] = {
    "who brought it": ({"by": finance("ANT-handler-1")}, "SecondPerson"),
    "who stands in for who brought it": ({"by": finance("ANT-finance-3", for_person="ANT-handler-1")}, "SecondPerson"),
    "somebody of another fund": ({"by": finance("LIM-finance-1", Fund.LIMBURG)}, "WrongRole"),
    "the bank says it is another's": ({"name_check": "no_match"}, "NameDiffers"),
    "another account than was looked at": ({"iban": account(82)}, "AccountChanged"),
}


@pytest.mark.parametrize(("how", "code"), NO.values(), ids=NO.keys())
async def test_not_everybody_may_say_that_an_account_is_right(
    engine: AsyncEngine, how: dict[str, Any], code: str
) -> None:
    one = Payment()
    await due(engine, one)
    async with transaction(engine) as connection:
        await say_who(connection, "ANT-handler-1")
        await connection.exec_driver_sql(f"UPDATE contact SET iban = '{account(81)}'")
    with pytest.raises(Refusal) as no:
        await look(engine, one, **how)
    assert no.value.code == code


async def test_the_database_itself_wants_a_second_person(engine: AsyncEngine) -> None:
    await due(engine, Payment(iban="new"))
    await Till(engine).collect()
    with pytest.raises(IntegrityError, match="account_check_second_person"):
        await execute(engine, "UPDATE account_check SET state = 'verified', changed_by = 'A', verified_by = 'A'")


async def test_what_one_settled_another_does_not_turn(engine: AsyncEngine) -> None:
    one = Payment(iban="new")
    await due(engine, one)
    await Till(engine).collect()
    await look(engine, one, FIRST)
    with pytest.raises(Refusal, match="al nagezien"):
        await look(engine, one, SECOND, right=False)


@pytest.mark.parametrize(("iban", "code"), [(None, "NoAccount"), ("known", "NothingToVerify")])
async def test_there_has_to_be_something_to_look_at(engine: AsyncEngine, iban: str | None, code: str) -> None:
    one = Payment(iban=iban)
    await due(engine, one)
    with pytest.raises(Refusal) as no:
        await look(engine, one)
    assert no.value.code == code
