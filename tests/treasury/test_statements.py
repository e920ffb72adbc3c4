"""Every line of the bank is matched once, whatever it says and whenever it is read."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

import policies
from models.errors import Refusal
from models.messages.words import Fund
from schemes.communications import communication_of
from schemes.identifiers import compact_iban
from tests.treasury.bank_says import (
    MESSAGE,
    Booked,
    camt,
    claimed,
    entries,
    lines_stand,
    pain002,
    read,
    sent,
    told,
)


async def test_a_debit_under_our_reference_confirms_the_payment(engine: AsyncEngine) -> None:
    first, second = await sent(engine, "866.40", "120.00")

    taken = await read(engine, camt(Booked(first, "866.40", reference="B1")))

    assert taken.states == {"matched": 1}
    assert await lines_stand(engine) == {first: "executed", second: "sealed"}
    assert await told(engine) == [("settle_payment", "confirmed", "B1")]


async def test_the_same_file_again_changes_nothing_and_says_so(engine: AsyncEngine) -> None:
    (line,) = await sent(engine, "866.40")
    file = camt(Booked(line, "866.40", reference="B1"))
    first = await read(engine, file)

    again = await read(engine, file, "another-name.xml")

    assert (again.file, again.repeated, first.repeated) == (first.file, True, False)
    assert len(await entries(engine)) == 1


DEBITS = {
    "a cent less": ([Booked("{0}", "866.39")], [("unmatched", "amount_differs", None)], "sealed"),
    "an unknown reference": (
        [Booked("ANT-2026-S-999999-1-1", "5.00")],
        [("unmatched", "unknown_reference", None)],
        "sealed",
    ),
    "costs of the bank": ([Booked(None, "12.00", text="Kosten")], [("unmatched", "not_ours", None)], "sealed"),
    "a stranger who pays": ([Booked(None, "50.00", "CRDT")], [("unmatched", "unknown_payer", None)], "sealed"),
    "a return of a stranger": (
        [Booked(None, "50.00", "CRDT", reason="AC04")],
        [("unmatched", "return_unknown", None)],
        "sealed",
    ),
    "paid twice in one file": (
        [Booked("{0}", "866.40", reference="B1"), Booked("{0}", "866.40", reference="B2")],
        [("matched", None, "{0}"), ("unmatched", "executed_twice", None)],
        "executed",
    ),
    "one booking told twice": (
        [Booked("{0}", "866.40", reference="B1"), Booked("{0}", "866.40", reference="B1")],
        [("matched", None, "{0}"), ("repeated", "same_line", None)],
        "executed",
    ),
    "paid and back on one statement": (
        [Booked("{0}", "866.40", reference="B1"), Booked("{0}", "866.40", "CRDT", "B2", "AC04")],
        [("matched", None, "{0}"), ("matched", None, "{0}")],
        "returned",
    ),
    "back before it is told to have left": (
        [Booked("{0}", "866.40", "CRDT", "B2", "AC04"), Booked("{0}", "866.40", reference="B1")],
        [("matched", None, "{0}"), ("matched", None, "{0}")],
        "returned",
    ),
    "a part comes back": (
        [Booked("{0}", "866.40", reference="B1"), Booked("{0}", "800.00", "CRDT", "B2", "AC04")],
        [("matched", None, "{0}"), ("unmatched", "amount_differs", None)],
        "executed",
    ),
    "back twice": (
        [Booked("{0}", "866.40", "CRDT", "B2", "AC04"), Booked("{0}", "866.40", "CRDT", "B3", "AC04")],
        [("matched", None, "{0}"), ("unmatched", "returned_twice", None)],
        "returned",
    ),
}


@pytest.mark.parametrize(("booked", "expected", "state"), DEBITS.values(), ids=DEBITS.keys())
async def test_what_a_statement_says_is_matched_or_told_why_not(
    engine: AsyncEngine, booked: list[Booked], expected: list[tuple[str, str, str]], state: str
) -> None:
    (line,) = await sent(engine, "866.40")
    named = [Booked(**{**vars(one), "end_to_end": one.end_to_end and one.end_to_end.format(line)}) for one in booked]

    await read(engine, camt(*named))

    assert await entries(engine) == [(stand, why, to and to.format(line)) for stand, why, to in expected]
    assert await lines_stand(engine) == {line: state}


async def test_what_was_told_by_camt_054_is_repeated_in_camt_053(engine: AsyncEngine) -> None:
    (line,) = await sent(engine, "866.40")

    await read(engine, camt(Booked(line, "866.40", reference="B1"), sort="054"))
    with_reference = await read(engine, camt(Booked(line, "866.40", reference="B1", text="anders gezegd")))
    without = await read(engine, camt(Booked(line, "866.40"), name="2"))

    assert (with_reference.states, without.states) == ({"repeated": 1}, {"repeated": 1})
    assert len(await told(engine)) == 1


async def test_two_people_who_pay_the_same_on_one_day_are_two_lines(engine: AsyncEngine) -> None:
    stranger = Booked(None, "50.00", "CRDT")

    first = await read(engine, camt(stranger, stranger))
    again = await read(engine, camt(stranger, stranger, sort="054"))

    assert (first.states, again.states) == ({"unmatched": 2}, {"repeated": 2})


async def test_one_sum_stands_for_all_lines_of_a_run(engine: AsyncEngine) -> None:
    lines = await sent(engine, "100.00", "200.00", "300.00")

    await read(engine, camt(Booked(None, "600.00", message=MESSAGE, reference="SOM")))

    assert set((await lines_stand(engine)).values()) == {"executed"}
    assert await told(engine) == [("settle_payment", "confirmed", "SOM")] * len(lines)


@pytest.mark.parametrize("details_first", [True, False], ids=["details first", "the sum first"])
async def test_a_sum_and_its_details_count_once(engine: AsyncEngine, details_first: bool) -> None:
    lines = await sent(engine, "100.00", "200.00", "300.00")
    amounts = ("100.00", "200.00", "300.00")
    details = camt(*(Booked(line, amount) for line, amount in zip(lines, amounts, strict=True)), sort="054")
    whole = camt(Booked(None, "600.00", message=MESSAGE))

    for file in (details, whole) if details_first else (whole, details):
        await read(engine, file)

    assert {stand for stand, _, _ in await entries(engine)} == {"matched", "repeated"}
    assert len(await told(engine)) == 3
    assert set((await lines_stand(engine)).values()) == {"executed"}


async def test_a_sum_without_what_the_bank_rejected_beforehand(engine: AsyncEngine) -> None:
    first, second, third = await sent(engine, "100.00", "200.00", "300.00")

    await read(engine, camt(Booked(None, "400.00", message=MESSAGE)))
    assert (await entries(engine))[0][:2] == ("unmatched", "amount_differs")
    await read(engine, pain002((second, "RJCT", "AC04")))

    assert await lines_stand(engine) == {first: "executed", second: "rejected", third: "executed"}
    assert (await entries(engine))[0] == ("matched", None, "ANT-2026-B-0001")


async def test_the_bank_accepts_and_rejects_lines(engine: AsyncEngine) -> None:
    first, second, third = await sent(engine, "100.00", "200.00", "300.00")

    taken = await read(engine, pain002((first, "ACSP", None), (second, "RJCT", "AC04"), (third, "PDNG", None)))

    assert taken.states == {"matched": 3}
    assert await lines_stand(engine) == {first: "accepted", second: "rejected", third: "sealed"}
    assert await told(engine) == [("settle_payment", "returned", "AC04")]


@pytest.mark.parametrize(("said", "state"), [("ACTC", "accepted"), ("RJCT", "rejected"), ("PDNG", "sealed")])
async def test_the_bank_speaks_of_a_whole_file(engine: AsyncEngine, said: str, state: str) -> None:
    await sent(engine, "100.00", "200.00")

    taken = await read(engine, pain002(whole=said))

    assert set((await lines_stand(engine)).values()) == {state}
    assert taken.states == {"matched": 1}


async def test_that_the_bank_carried_an_order_out_is_no_proof_until_it_is_booked(engine: AsyncEngine) -> None:
    (line,) = await sent(engine, "100.00")

    await read(engine, pain002((line, "ACSC", None)))

    assert await lines_stand(engine) == {line: "accepted"}
    assert await told(engine) == []


async def test_paid_though_rejected_is_for_a_person(engine: AsyncEngine) -> None:
    (line,) = await sent(engine, "100.00")
    await read(engine, pain002((line, "RJCT", "AC04")))

    await read(engine, camt(Booked(line, "100.00")))

    assert (await entries(engine))[-1] == ("unmatched", "paid_though_rejected", None)
    assert await lines_stand(engine) == {line: "rejected"}


async def test_what_was_booked_and_given_back_because_it_was_rejected_adds_up(engine: AsyncEngine) -> None:
    (line,) = await sent(engine, "100.00")
    await read(engine, pain002((line, "RJCT", "AC04")))

    await read(engine, camt(Booked(line, "100.00"), Booked(line, "100.00", "CRDT", reason="AC04")))

    assert [stand for stand, _, _ in await entries(engine)] == ["matched", "matched", "matched"]
    assert len(await told(engine)) == 1


async def test_rejected_though_executed_is_for_a_person(engine: AsyncEngine) -> None:
    (line,) = await sent(engine, "100.00")
    await read(engine, camt(Booked(line, "100.00")))

    await read(engine, pain002((line, "RJCT", "AC04")))

    assert (await entries(engine))[-1] == ("unmatched", "rejected_though_executed", None)
    assert await lines_stand(engine) == {line: "executed"}


@pytest.mark.parametrize("state", ["included", "held", "excluded", "discarded"])
async def test_a_debit_of_what_was_never_sent_is_for_a_person(engine: AsyncEngine, state: str) -> None:
    (line,) = await sent(engine, "100.00", state=state)

    await read(engine, camt(Booked(line, "100.00")))

    assert await entries(engine) == [("unmatched", "not_sent", None)]


async def test_what_is_paid_back_under_our_communication_goes_to_its_claim(engine: AsyncEngine) -> None:
    dossier = "ANT-2026-S-000777"
    claim = await claimed(engine, dossier, "250.00", communication_of(dossier))

    await read(engine, camt(Booked(None, "100.00", "CRDT", "B7", communication=communication_of(dossier))))

    assert [(stand, to) for stand, _, to in await entries(engine)] == [("matched", claim)]
    ((name, amount, reference),) = await told(engine)
    assert (name, amount, reference.partition("/")[0]) == ("recovery_received", "100.00", "B7")


@pytest.mark.parametrize("state", ["ordered", "received", "written_off", "declined"])
async def test_on_a_claim_that_is_not_open_nothing_is_expected(engine: AsyncEngine, state: str) -> None:
    dossier = "ANT-2026-S-000777"
    await claimed(engine, dossier, "250.00", communication_of(dossier), state)

    await read(engine, camt(Booked(None, "100.00", "CRDT", communication=communication_of(dossier))))

    assert await entries(engine) == [("unmatched", "no_open_claim", None)]


REFUSED = {
    "an account of nobody here": (camt(Booked(None, "1.00"), account="BE68539007547034"), "ForeignAccount"),
    "an answer on a file of others": (pain002(whole="ACTC", message="ELDERS-1"), "UnknownRun"),
    "no message of a bank": (b"Datum;Bedrag\n", "BankFileUnknown"),
    "half of one": (camt(Booked(None, "1.00"))[:-40], "BankFileUnreadable"),
}


@pytest.mark.parametrize(("file", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_file_that_is_not_ours_is_refused_whole(engine: AsyncEngine, file: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        await read(engine, file)

    assert refused.value.code == code
    assert await entries(engine) == []


async def test_a_payment_of_another_fund_is_for_a_person(engine: AsyncEngine) -> None:
    (line,) = await sent(engine, "100.00")
    other = compact_iban(policies.funds()[Fund.LIMBURG].iban)

    await read(engine, camt(Booked(line, "100.00"), account=other))

    assert await entries(engine) == [("unmatched", "other_account", None)]


async def test_what_lacked_its_run_is_matched_when_the_run_is_there(engine: AsyncEngine) -> None:
    line = "ANT-2026-S-000001-1-1"
    await read(engine, camt(Booked(line, "100.00")))

    await sent(engine, "100.00")
    await read(engine, camt(Booked(None, "1.00", text="kosten"), name="2"))

    assert await lines_stand(engine) == {line: "executed"}
    assert (await entries(engine))[0] == ("matched", None, line)
