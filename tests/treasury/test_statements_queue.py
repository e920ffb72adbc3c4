"""What people do with a line that fits nothing: two of finance match it by hand, one sets it aside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import transaction
from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.words import Fund, Party
from models.tables import BankAct, BankEntry
from schemes.communications import communication_of
from tests.treasury.bank_says import Booked, camt, claimed, entries, finance, lines_stand, pain002, read, sent, told
from treasury.queue import Handled, match_by_hand, set_aside, take_back

ANN, BOB = finance("ANT-finance-1"), finance("ANT-finance-2")


async def last(engine: AsyncEngine) -> int:
    """The last line of the bank."""
    async with engine.connect() as connection:
        found = await connection.scalar(select(col(BankEntry.entry)).order_by(col(BankEntry.entry).desc()).limit(1))
    assert found is not None
    return found


async def acts(engine: AsyncEngine) -> list[tuple[str, str, str | None]]:
    async with engine.connect() as connection:
        found = await connection.execute(select(BankAct).order_by(col(BankAct.act)))
        return [(row.sort, row.by, row.matched_to) for row in found]


@pytest.fixture
async def line(engine: AsyncEngine) -> str:
    """A payment of which the bank booked the debit without our reference."""
    (line,) = await sent(engine, "100.00")
    await read(engine, camt(Booked(None, "100.00", reference="B1", text="zonder kenmerk")))
    return line


async def test_two_people_match_a_line_by_hand_and_the_dossier_hears_of_it(engine: AsyncEngine, line: str) -> None:
    entry = await last(engine)

    proposed = await match_by_hand(engine, entry, line, ANN)
    assert (proposed.state, proposed.waits_for_second, await told(engine)) == ("unmatched", True, [])
    agreed = await match_by_hand(engine, entry, line, BOB)

    assert agreed == Handled(entry=entry, state="matched", matched_as="payment", matched_to=line)
    assert await lines_stand(engine) == {line: "executed"}
    assert await told(engine) == [("settle_payment", "confirmed", "B1")]
    assert await acts(engine) == [("proposed", ANN.person, line), ("matched", BOB.person, line)]


async def test_the_same_person_twice_is_one_person(engine: AsyncEngine, line: str) -> None:
    entry = await last(engine)
    await match_by_hand(engine, entry, line, ANN)

    again = await match_by_hand(engine, entry, line, ANN)

    assert again.waits_for_second
    assert await acts(engine) == [("proposed", ANN.person, line)]


async def test_whoever_stands_in_for_the_first_is_no_second(engine: AsyncEngine, line: str) -> None:
    entry = await last(engine)
    await match_by_hand(engine, entry, line, ANN)

    assert (
        await match_by_hand(engine, entry, line, BOB.model_copy(update={"for_person": ANN.person}))
    ).waits_for_second
    assert await lines_stand(engine) == {line: "sealed"}


async def test_the_database_itself_refuses_one_person_for_two(engine: AsyncEngine, line: str) -> None:
    await match_by_hand(engine, await last(engine), line, ANN)

    with pytest.raises(DBAPIError, match="bank_entry_four_eyes"):
        async with transaction(engine) as connection:
            await connection.execute(text("UPDATE bank_entry SET decided_by = proposed_by"))


async def test_what_waits_for_a_second_person_is_not_matched_by_itself(engine: AsyncEngine) -> None:
    (first,) = await sent(engine, "100.00")
    await read(engine, camt(Booked("ANT-2026-S-001001-1-1", "100.00", reference="B1")))
    await match_by_hand(engine, await last(engine), first, ANN)

    await sent(engine, "100.00", number=2)
    await read(engine, camt(Booked(None, "1.00"), name="2"))

    assert (await entries(engine))[0][0] == "unmatched"


async def test_money_on_a_claim_without_its_communication(engine: AsyncEngine) -> None:
    claim = await claimed(engine, "ANT-2026-S-000777", "250.00", communication_of("ANT-2026-S-000777"))
    await read(engine, camt(Booked(None, "80.00", "CRDT", reference="B4", text="terugbetaling")))
    entry = await last(engine)

    await match_by_hand(engine, entry, claim, ANN)
    await match_by_hand(engine, entry, claim, BOB)

    assert await told(engine) == [("recovery_received", "80.00", f"B4/{entry}")]


async def test_a_return_without_our_reference(engine: AsyncEngine) -> None:
    (line,) = await sent(engine, "100.00")
    await read(engine, camt(Booked(line, "100.00"), Booked(None, "100.00", "CRDT", reason="AC04")))
    entry = await last(engine)

    await match_by_hand(engine, entry, line, ANN)
    await match_by_hand(engine, entry, line, BOB)

    assert await lines_stand(engine) == {line: "returned"}
    assert [outcome for _, outcome, _ in await told(engine)] == ["confirmed", "returned"]


async def test_a_line_that_is_taken_is_not_matched_a_second_time(engine: AsyncEngine, line: str) -> None:
    await read(engine, camt(Booked(None, "100.00", reference="B2"), name="2"))
    first, second = (await last(engine)) - 1, await last(engine)
    for person in (ANN, BOB):
        await match_by_hand(engine, first, line, person)
    await match_by_hand(engine, second, line, ANN)

    with pytest.raises(Refusal, match="al een andere lijn gekoppeld"):
        await match_by_hand(engine, second, line, BOB)

    assert len(await told(engine)) == 1


Act = Callable[[AsyncEngine, int, str], Awaitable[object]]
REFUSED: dict[str, tuple[Act, str]] = {
    "another amount": (lambda e, entry, _: match_by_hand(e, entry, "ANT-2026-S-001001-1-1", ANN), "AmountDiffers"),
    "a line that is not there": (lambda e, entry, _: match_by_hand(e, entry, "ANT-2026-S-9-1-1", ANN), "UnknownTarget"),
    "an entry that is not there": (lambda e, entry, line: match_by_hand(e, entry + 99, line, ANN), "UnknownEntry"),
    "somebody of another fund": (
        lambda e, entry, line: match_by_hand(e, entry, line, finance("LIM-finance-1", Fund.LIMBURG)),
        "WrongRole",
    ),
    "somebody who is not of finance": (
        lambda e, entry, _: set_aside(e, entry, "kosten", Actor(person="x", party=Party.STAFF, fund=Fund.ANTWERPEN)),
        "WrongRole",
    ),
    "a reason that says nothing": (lambda e, entry, _: set_aside(e, entry, " . ", ANN), "ReasonMissing"),
    "nothing to take back": (lambda e, entry, _: take_back(e, entry, ANN), "NothingToUndo"),
}


@pytest.mark.parametrize(("act", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_does_not_fit_is_refused(engine: AsyncEngine, line: str, act: Act, code: str) -> None:
    await sent(engine, "99.00", number=2)

    with pytest.raises(Refusal) as refused:
        await act(engine, await last(engine), line)

    assert refused.value.code == code
    assert await acts(engine) == []


async def test_an_unsent_and_a_rejected_line_are_no_target(engine: AsyncEngine) -> None:
    (unsent,) = await sent(engine, "100.00", state="held")
    (rejected,) = await sent(engine, "100.00", number=2)
    await read(engine, pain002((rejected, "RJCT", "AC04"), message="ANT-2026-B-0002-01"))
    await read(engine, camt(Booked(None, "100.00")))
    entry = await last(engine)

    for target, code in ((unsent, "NotSent"), (rejected, "AlreadyReturned")):
        with pytest.raises(Refusal) as refused:
            await match_by_hand(engine, entry, target, ANN)
        assert refused.value.code == code


async def test_set_aside_and_taken_back(engine: AsyncEngine, line: str) -> None:
    entry = await last(engine)

    await set_aside(engine, entry, "kosten van de bank", ANN)
    assert (await entries(engine))[0] == ("set_aside", "not_ours", None)
    with pytest.raises(Refusal, match="staat niet meer open"):
        await match_by_hand(engine, entry, line, ANN)
    await take_back(engine, entry, BOB)

    assert (await entries(engine))[0] == ("unmatched", "not_ours", None)
    assert await acts(engine) == [("set_aside", ANN.person, None), ("undone", BOB.person, None)]


async def test_a_match_the_dossier_knows_of_does_not_go_back(engine: AsyncEngine, line: str) -> None:
    entry = await last(engine)
    for person in (ANN, BOB):
        await match_by_hand(engine, entry, line, person)

    with pytest.raises(Refusal, match="Dat gaat niet terug"):
        await take_back(engine, entry, ANN)


@pytest.mark.parametrize(
    "change",
    ["amount = 1", "direction = 'credit'", "end_to_end = 'x'", "booked_on = booked_on + 1", "fund = 'LIM'"],
)
@pytest.mark.usefixtures("line")
async def test_what_the_bank_said_stands(engine: AsyncEngine, change: str) -> None:
    with pytest.raises(DBAPIError, match="what the bank said stands"):
        async with transaction(engine) as connection:
            await connection.execute(text(f"UPDATE bank_entry SET {change}"))


async def test_no_line_of_ours_is_matched_twice_whoever_writes(engine: AsyncEngine) -> None:
    (line,) = await sent(engine, "100.00")
    await read(engine, camt(Booked(line, "100.00", reference="B1"), Booked(line, "100.00", reference="B2")))

    with pytest.raises(DBAPIError, match="bank_entry_once"):
        async with transaction(engine) as connection:
            await connection.execute(
                text("UPDATE bank_entry SET state = 'matched', matched_as = 'payment', matched_to = :line"),
                {"line": line},
            )
