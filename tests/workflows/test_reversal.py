"""A decision that was wrong, put right on the real house: proposed by one, agreed on by others, carried out as told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.errors import Refusal
from tests.workflows.playing import euros
from tests.workflows.subsidies import FILED, PROOF, Subsidy, apply, planned, training

APPLICANT = "applicant"


@pytest.fixture
def house(shared_house: Any) -> Any:
    return shared_house


async def approved(house: Any, people: int = 4) -> Subsidy:
    """So many times 200 euro, reviewed by one and approved by another; the payment is instructed."""
    play = await apply(house, training(people))
    await play.approved()
    await play.task("payment")
    return play


async def paid(house: Any) -> Subsidy:
    play = await approved(house)
    await play.pays()
    await play.awaits("calendar", "follow_up")
    return play


async def proposed(play: Subsidy, amount: str, person: str = "ANT-approver-1") -> None:
    await play.house.starter.reverse_decision(play.number, Decimal(amount), "wrong_amount", person)


async def effects(play: Subsidy, kind: str = "reversal_settled") -> list[tuple[str, Decimal | None]]:
    found = (await play.events(kind))[-1]["data"]["effects"]
    return [(one["code"], None if one["amount"] is None else Decimal(one["amount"])) for one in found]


async def decisions(play: Subsidy) -> list[tuple[str, Decimal]]:
    rows = await play.rows("select outcome, granted from decision where dossier = :number order by decision")
    return [(row["outcome"], row["granted"]) for row in rows]


async def test_what_was_paid_too_much_is_decided_anew_told_with_a_new_term_and_claimed(house: Any) -> None:
    play = await paid(house)
    await proposed(play, "600.00")
    assert await effects(play, "reversal_proposed") == [("claims_back", Decimal(200)), ("new_letter", None)]
    assert await decisions(play) == [("granted", Decimal(800))], "nothing happens before somebody agrees"
    with pytest.raises(Refusal, match="Vier ogen"):
        await play.does("reversal_approval", "ANT-approver-1", "approve")
    await play.does("reversal_approval", "ANT-approver-2", "approve")
    await play.claimed()
    assert (await play.claims("approved"))["amount"] == Decimal(200)
    assert await decisions(play) == [("granted", Decimal(800)), ("partially_granted", Decimal(800))]
    mail = next(e["data"] for e in await play.events("mail_planned") if e["data"]["template"] == "decision_reversed")
    assert {name: mail["values"][name] for name in ("was", "amount", "claimed", "until")} == {
        "was": "800.00",
        "amount": "600.00",
        "claimed": "200.00",
        "until": "2024-04-03",
    }
    await play.awaits("calendar", "follow_up")


async def test_when_nothing_is_left_of_the_grant_the_dossier_ends_as_refused_once_all_came_back(house: Any) -> None:
    play = await paid(house)
    await proposed(play, "0.00")
    await play.does("reversal_approval", "ANT-approver-2", "approve")
    await play.awaits("calendar", "objection_term")
    await play.claimed()
    await play.moves(date(2024, 4, 4))
    await play.awaits(APPLICANT, "recovery")
    await play.pays_back("800.00", "2024-1")
    assert await play.ends() == ("refused", "wrong_amount")
    assert (await play.dossier())["recovered"] == Decimal(800)


async def test_a_payment_that_is_instructed_is_waited_for(house: Any) -> None:
    play = await approved(house)
    await proposed(play, "600.00")
    assert (await effects(play, "reversal_proposed"))[0] == ("waits_for_payment", Decimal(800))
    await play.does("reversal_approval", "ANT-approver-2", "approve")
    assert await decisions(play) == [("granted", Decimal(800))]
    await play.pays()
    await play.task("recovery_approval")
    assert await effects(play) == [("claims_back", Decimal(200)), ("new_letter", None)]
    assert await play.payments() == euros(["800"])


async def test_what_was_not_paid_yet_is_simply_not_paid(house: Any) -> None:
    play = await apply(house, planned(4))
    await play.approved()
    await play.awaits("calendar", "training")
    await proposed(play, "500.00")
    await play.does("reversal_approval", "ANT-approver-2", "approve")
    row = await play.sees("lowered", lambda row: row["granted"] == Decimal(500) and row["waiting_for"] == "training")
    assert await effects(play) == [
        ("stops_instalments", Decimal(300)),
        ("releases_budget", Decimal(300)),
        ("new_letter", None),
    ]
    assert await play.planned() == euros(["500"])
    await play.moves(row["waiting_until"])
    await play.awaits(APPLICANT, "evidence")
    await play.says("evidence", APPLICANT, *PROOF)  # type: ignore[arg-type]
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays()
    assert await play.recoveries() == []
    await play.awaits("calendar", "follow_up")
    assert await play.payments() == euros(["500"])


async def test_more_than_was_granted_is_decided_on_again(house: Any) -> None:
    play = await apply(house, training(4))
    await play.does("review", "ANT-handler-1", "approve")
    await play.does("approval", "ANT-approver-1", "reduce", amount=Decimal(600), reasons=("unclear",))
    await play.pays()
    await play.awaits("calendar", "follow_up")
    await proposed(play, "800.00")
    assert await effects(play, "reversal_proposed") == [("decides_anew", None), ("new_letter", None)]
    await play.does("reversal_approval", "ANT-approver-2", "approve")
    await play.does("review", "ANT-handler-1", "approve")
    await play.does("approval", "ANT-approver-1", "approve")
    await play.pays()
    await play.sees("the rest is paid", lambda row: row["paid"] == Decimal(800))
    assert await play.payments() == euros(["600", "200"])


async def test_above_the_limit_of_the_board_both_benches_agree(house: Any) -> None:
    play = await apply(house, training(30))
    await play.does("review", "ANT-handler-1", "approve")
    await play.board_approves()
    await play.pays()
    await play.awaits("calendar", "follow_up")
    await proposed(play, "5900.00")
    await play.does("reversal_board_employers", "ANT-board-1", "approve")
    with pytest.raises(Refusal, match="Vier ogen"):
        await play.does("reversal_board_unions", "ANT-board-1", "approve")
    await play.does("reversal_board_unions", "ANT-board-2", "approve")
    await play.claimed()
    assert (await play.claims("approved"))["amount"] == Decimal(100)


async def test_who_does_not_agree_leaves_all_as_it_was(house: Any) -> None:
    play = await paid(house)
    await proposed(play, "600.00")
    with pytest.raises(Refusal, match="al een voorstel"):
        await proposed(play, "500.00")
    await play.does("reversal_approval", "ANT-approver-2", "refuse", reasons=("unclear",))
    assert (await play.events("reversal_settled"))[-1]["data"]["outcome"] == "refused"
    assert await decisions(play) == [("granted", Decimal(800))]
    assert await play.recoveries() == []


async def test_an_objection_that_is_followed_ends_the_claim_that_rests_on_the_decision(house: Any) -> None:
    play = await paid(house)
    await proposed(play, "600.00")
    await play.does("reversal_approval", "ANT-approver-2", "approve")
    await play.task("recovery_approval")
    await play.objects()
    await play.does("objection", "ANT-approver-2", "overturned", reasons=("new_facts",))
    await play.claims("declined")
    await play.does("review", "ANT-handler-1", "approve")
    await play.does("approval", "ANT-approver-1", "approve")
    await play.awaits("calendar", "follow_up")
    assert await decisions(play) == [
        ("granted", Decimal(800)),
        ("partially_granted", Decimal(800)),
        ("granted", Decimal(800)),
    ]
    assert await play.payments() == euros(["800"])


@pytest.mark.parametrize(
    ("person", "amount", "code"),
    [
        pytest.param("ANT-handler-1", "600.00", "WrongRole", id="by a handler"),
        pytest.param("ANT-approver-1", "800.00", "ReversalImpossible", id="to what it is already"),
        pytest.param("ANT-approver-1", "-1.00", "ReversalImpossible", id="below nothing"),
    ],
)
async def test_what_cannot_be_turned_back(house: Any, person: str, amount: str, code: str) -> None:
    play = await paid(house)
    with pytest.raises(Refusal) as refused:
        await proposed(play, amount, person)
    assert refused.value.code == code


async def test_before_anything_was_decided_there_is_nothing_to_turn_back(house: Any) -> None:
    play = await apply(house, training(4))
    await play.task("review")
    with pytest.raises(Refusal, match="nu geen beslissing"):
        await proposed(play, "0.00")


async def test_the_term_of_an_objection_runs_anew_from_the_new_decision(house: Any) -> None:
    play = await paid(house)
    later = date(2024, 4, 22)
    await play.moves(later)
    await proposed(play, "600.00")
    await play.does("reversal_approval", "ANT-approver-2", "approve")
    await play.task("recovery_approval")
    assert later > FILED
    await play.moves(date(2024, 5, 22))
    await play.objects()
    await play.task("objection")
