"""A grant that is raised when all its parts were paid: the difference is paid too, once, and never more than that."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.messages.words import Document, Party
from tests.workflows import test_project_financing as projects
from tests.workflows import test_transition_support as transitions
from tests.workflows.playing import Play, euros, outside


@pytest.fixture
def house(shared_house: Any) -> Any:
    return shared_house


async def settled(house: Any, amount: str) -> Play:
    """A transition of which less is granted than was asked, and every part is paid."""
    play = await transitions.filed(house)
    await transitions.signed(play)
    await play.does("review", "ANT-handler-2", "approve", amount=Decimal(amount))
    await play.board_approves()
    await play.pays()
    await play.awaits("calendar", "execution")
    await play.moves(transitions.FIRST_REPORT)
    await play.reports_halfway()
    return await transitions.to_the_retention(play)


async def raised(play: Play, amount: str) -> None:
    """The decision is turned back, and the board grants more."""
    await play.house.starter.reverse_decision(play.number, Decimal(amount), "wrong_amount", "ANT-approver-1")
    await play.does("reversal_board_employers", "ANT-board-1", "approve")
    await play.does("reversal_board_unions", "ANT-board-2", "approve")
    await play.does("review", "ANT-handler-2", "approve", amount=Decimal(amount))
    await play.board_approves()


async def test_what_a_grant_was_raised_by_after_the_last_part_is_paid_each_time_under_a_new_number(house: Any) -> None:
    play = await settled(house, "10000.00")
    assert await play.payments() == euros(["3000", "4000", "3000"])
    await raised(play, "12000.00")
    await play.task("determination")
    assert await play.planned() == euros(["3000", "4000", "3000", "2000"]), "it is told before it is paid"
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays()
    await play.awaits("calendar", "retention")
    await raised(play, "15220.00")
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays()
    row = await play.awaits("calendar", "retention")
    assert (row["granted"], row["paid"]) == (Decimal(15220), Decimal(15220))
    assert await play.payments() == euros(["3000", "4000", "3000", "2000", "3220"])
    keys = await play.rows("select payment, instalment from payment where dossier = :number order by instalment")
    assert [row["payment"] for row in keys] == [f"{play.number}/payment/{part}/1" for part in range(1, 6)]


async def test_a_raise_of_which_nothing_is_left_in_the_end_is_told_as_nothing_and_not_paid(house: Any) -> None:
    play = await settled(house, "10000.00")
    await raised(play, "15220.00")
    await play.does("determination", "ANT-handler-1", "confirm", amount=Decimal(10000))
    row = await play.awaits("calendar", "retention")
    assert (row["granted"], row["paid"]) == (Decimal(10000), Decimal(10000))
    assert await play.planned() == euros(["3000", "4000", "3000", "0"])
    assert await play.payments() == euros(["3000", "4000", "3000"])
    instructed = await play.rows("select 1 from payment where dossier = :number and instalment > 3")
    assert instructed == []


async def test_what_was_claimed_for_the_result_is_not_claimed_again_when_a_decision_is_taken_anew(house: Any) -> None:
    """The slice of what was paid by then is claimed once; of what is paid after it, only its own slice."""
    play = await settled(house, "10000.00")
    await play.moves(transitions.HALF_A_YEAR_LATER)
    await left(play)
    await play.claimed()
    await play.claims("approved")
    await raised(play, "15220.00")
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays()
    await left(play)
    await play.claimed()
    claims = await play.rows("select amount, reason from recovery where dossier = :number order by recovery")
    assert [(row["amount"], row["reason"]) for row in claims] == [
        (Decimal("3000.00"), "retention"),
        (Decimal("1566.00"), "retention"),
    ]


async def left(play: Play) -> None:
    """Nobody says who kept the job, and staff finds that it was not kept."""
    await play.awaits("applicant", "retention")
    await play.says("retention", Party.APPLICANT, Document.EMPLOYMENT_PROOF, retained="no")
    await play.does("retention_check", "ANT-lead-1", "failed", reasons=("retention",))


async def test_an_objection_that_is_followed_after_the_last_part_pays_what_it_brings(house: Any) -> None:
    """A project so short that the term of the objection still runs when everything is paid."""
    day = date(2024, 2, 5)
    play = await projects.filed(house, starts_on=date(2024, 1, 23), ends_on=day)
    await play.does("no_training", "ANT-handler-1", "project")
    await play.does("review", "ANT-handler-2", "approve", amount=Decimal(5000))
    await play.board_approves()
    await play.pays()
    await play.awaits("calendar", "execution")
    await play.moves(date(2024, 2, 6))
    await play.awaits("expert", "final_report")
    await play.says("final_report", Party.EXPERT, Document.FINAL_REPORT, Document.SURVEY_REPORT)
    await play.does("report_review", "ANT-handler-1", "accept")
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays(2)
    await play.awaits("calendar", "measurement")
    assert await play.payments() == euros(["2000", "2000", "1000"])
    await house.starter.object(play.number, outside(Party.APPLICANT), "all of it counts")
    await play.does("objection", "ANT-approver-2", "overturned", reasons=("heard",))
    await play.does("review", "ANT-handler-2", "approve")
    await play.board_approves()
    await play.does("determination", "ANT-handler-1", "confirm")
    await play.pays()
    row = await play.awaits("calendar", "measurement")
    assert (row["granted"], row["paid"]) == (Decimal(6675), Decimal(6675))
    assert await play.payments() == euros(["2000", "2000", "1000", "1675"])
