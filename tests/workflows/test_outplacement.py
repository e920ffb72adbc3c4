"""Employers' dossiers of outplacement with the people in them: who pays what, and what is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import Client

from database import make_engine
from embedded import EmbeddedMail
from models.messages.commands import SettlePayment
from models.messages.facts import OutplacementFacts
from models.messages.words import FollowUpOutcome, Outcome, Party
from tests.conftest import NewDatabase
from tests.workflows.conftest import House, open_house
from tests.workflows.dismissed import DISMISSED_ON, SILENT, Life, Script, dismissed

COLLECTIVE = {"dismissal": "restructuring", "announced_on": date(2023, 12, 1), "age_on_announcement": 40}
KNOWN = {"offered_on": date(2024, 1, 15), "answer": "accepted", "started_on": date(2024, 2, 5)}
GUIDED: dict[str, Any] = {
    "hours": {"hours": "30"},
    "status": {"outcome": FollowUpOutcome.JOB_SEEKING},
    "agency_outcome": {"outcome": FollowUpOutcome.SAME_SECTOR},
    "follow_up": {"outcome": FollowUpOutcome.SAME_SECTOR},
}
PAPERS = "invoice|proof_of_payment"
SETTLED: dict[str, Any] = {
    "admissibility": "admissible",
    "public_refund": {"public_refund": "asked"},
    "agreement": {"papers": "agency_contract|participant_list"},
    "invoices": {"invoiced": "6000.50", "refund": "2500.25", "papers": f"{PAPERS}|public_refund_decision"},
    "determination": "confirm",
    "approval": "approve",
    "board_employers": "approve",
    "board_unions": "approve",
    "payment": "confirmed",
}


@pytest.fixture(scope="module")
async def house(temporal_client: Client, new_database: NewDatabase, mail_server: EmbeddedMail) -> AsyncIterator[House]:
    """One house for all these lives, which have nothing to do with each other."""
    async with new_database() as urls:
        engine = make_engine(urls.app)
        async with open_house(temporal_client, engine, urls.app, mail_server) as running:
            yield running
        await engine.dispose()


def notified(people: int, **changed: Any) -> OutplacementFacts:
    facts: dict[str, Any] = {
        "notified_on": DISMISSED_ON,
        "dismissal": "restructuring",
        "bankrupt": False,
        "announced_on": date(2023, 12, 1),
        "people": people,
        "agency": "RiseSmart",
    }
    return OutplacementFacts(**facts | changed)


async def family(house: House, facts: OutplacementFacts, *people: dict[str, Any]) -> tuple[Life, list[Life]]:
    """An employer's dossier with its trajectories."""
    employer = await Life.live(house, facts)
    lives = [await Life.live(house, dismissed(**person), parent=employer.number) for person in people]
    return employer, lives


async def guided(lives: list[Life], script: Script = GUIDED) -> None:
    """Live the trajectories to their end."""
    await asyncio.gather(*(life.follows(script) for life in lives))


async def test_three_people_of_a_restructuring_are_paid_by_the_formula_to_the_cent(house: House) -> None:
    employer, lives = await family(house, notified(3), *[COLLECTIVE | KNOWN] * 3)
    row = await employer.follows(SETTLED, until=(Party.CALENDAR, "guidance"))
    assert (row["waiting_until"], row["otherwise"]) == (date(2025, 1, 8), "asks_invoices")
    await asyncio.gather(*(life.follows(GUIDED, until=(Party.PARTICIPANT, "follow_up")) for life in lives))
    row = await employer.follows(SETTLED, until=(Party.CALENDAR, "trajectories"))
    assert row["otherwise"] == "closes"
    assert await employer.payments() == [Decimal("2600.25")], "3500.25 is left and the employer bears 3 x 300"
    (decision,) = await employer.rows("select outcome, level, steps from decision where dossier = :number")
    assert (decision["outcome"], decision["level"]) == (Outcome.GRANTED, "approver")
    assert "employer_share: -900.00" in decision["steps"]
    await guided(lives)
    row = await employer.follows(SETTLED)
    assert (row["outcome"], row["reason"]) == (Outcome.GRANTED, "completed")
    assert [(await life.ends())[0] for life in lives] == [Outcome.COMPLETED] * 3


async def test_half_of_the_invoices_is_the_most_an_employer_bears_and_who_did_not_start_does_not_count(
    house: House,
) -> None:
    refused = COLLECTIVE | {"answer": "refused"}
    employer, lives = await family(house, notified(3), COLLECTIVE | KNOWN, COLLECTIVE | KNOWN, refused)
    await guided(lives)
    invoices = {"invoiced": "700.01", "refund": "0", "papers": f"{PAPERS}|public_refund_decision"}
    row = await employer.follows(SETTLED | {"invoices": invoices})
    assert row["outcome"] == Outcome.GRANTED
    assert await employer.payments() == [Decimal("350.00")]


@pytest.mark.parametrize(
    ("person", "paid"),
    [
        pytest.param({"age_on_dismissal": 30, "status": "employee"}, ["2300.00"], id="no-duty-employee"),
        pytest.param({"indemnity_weeks": Decimal(40), "four_weeks_withheld": False}, ["500.00"], id="nothing-withheld"),
        pytest.param({"indemnity_weeks": Decimal(40), "four_weeks_withheld": True}, [], id="weeks-withheld"),
    ],
)
async def test_one_person_is_paid_by_the_case_of_the_law(house: House, person: dict[str, Any], paid: list[str]) -> None:
    employer, lives = await family(house, notified(1, dismissal="individual", announced_on=None), person | KNOWN)
    await guided(lives)
    row = await employer.follows(SETTLED | {"invoices": {"invoiced": "2500", "papers": PAPERS}})
    assert [str(amount) for amount in await employer.payments()] == paid
    assert row["outcome"] == (Outcome.GRANTED if paid else Outcome.COMPLETED)
    assert row["paid"] == sum(map(Decimal, paid))


async def test_the_amounts_of_a_person_never_exceed_the_invoices(house: House) -> None:
    person = {"age_on_dismissal": 30, "status": "employee"} | KNOWN
    employer, lives = await family(house, notified(1, dismissal="individual", announced_on=None), person)
    await guided(lives)
    await employer.follows(SETTLED | {"invoices": {"invoiced": "1999.99", "papers": PAPERS}})
    assert await employer.payments() == [Decimal("1999.99")]


async def test_who_was_paid_stays_open_until_the_bank_can_no_longer_bring_it_back(house: House) -> None:
    person = {"age_on_dismissal": 30, "status": "employee"} | KNOWN
    employer, lives = await family(house, notified(1, dismissal="individual", announced_on=None), person)
    await guided(lives)
    settled = SETTLED | {"invoices": {"invoiced": "1999.99", "papers": PAPERS}, "account": {"iban": "given"}}
    row = await employer.follows(settled, until=(Party.CALENDAR, "payment_stays"))
    assert row["otherwise"] == "closes"
    assert row["waiting_until"] > employer.clock.date(), "some bank days"

    payment = f"{employer.number}/payment/1/1"
    back = SettlePayment(payment=payment, outcome="returned", reference="AC04")
    await house.starter.tell(employer.number, "settle_payment", back, f"bank:{payment}:returned:AC04")
    row = await employer.follows(settled, until=(Party.CALENDAR, "payment_stays"))
    states = await employer.rows("select state from payment where dossier = :number order by payment")
    assert [one["state"] for one in states] == ["returned", "confirmed"]
    assert (await employer.follows(settled))["outcome"] == Outcome.GRANTED


async def test_a_bankrupt_employer_gets_nothing_and_twenty_people_are_followed_all_the_same(house: House) -> None:
    person = {"dismissal": "closure", "bankrupt": True, "answer": "accepted", "started_on": date(2024, 2, 5)}
    facts = notified(20, dismissal="closure", bankrupt=True, announced_on=None, agency=None)
    employer, lives = await family(house, facts, *[person] * 20)
    row = await employer.follows({"admissibility": "admissible"}, until=(Party.CALENDAR, "guidance"))
    assert row["waiting_on"] == Party.CALENDAR
    await guided(lives)
    assert await employer.ends() == (Outcome.COMPLETED, "completed")
    asked = await employer.rows("select code from request where dossier = :number")
    assert asked == []
    assert (await employer.dossier())["granted"] == 0


async def test_an_employer_who_sends_no_invoices_gets_no_support(house: House) -> None:
    employer, lives = await family(house, notified(1), COLLECTIVE | KNOWN)
    await guided(lives)
    row = await employer.follows(SETTLED | {"invoices": SILENT})
    assert (row["outcome"], row["reason"]) == (Outcome.LAPSED, "invoices")
    assert await employer.payments() == []


async def test_invoices_that_cannot_be_read_are_asked_again_and_early_ones_are_kept(house: House) -> None:
    employer, lives = await family(house, notified(1), COLLECTIVE | KNOWN)
    await employer.follows(SETTLED, until=(Party.CALENDAR, "guidance"))
    await lives[0].follows(GUIDED, until=(Party.CALENDAR, "guidance"))
    await employer.says("invoices", Party.APPLICANT, invoiced="2.000 euro", refund="0")
    row = await employer.awaits(Party.APPLICANT, "invoices")
    (asked,) = await employer.rows("select wants from request where dossier=:number and state='open'")
    assert asked["wants"] == ["invoiced", "refund", "invoice", "proof_of_payment", "public_refund_decision"]
    assert row["otherwise"] == "no_support"
    await employer.follows(SETTLED, until=(Party.CALENDAR, "trajectories"))
    assert await employer.payments() == [Decimal("3200.25")]


async def test_when_nobody_starts_there_is_nothing_to_settle(house: House) -> None:
    employer, lives = await family(house, notified(1), COLLECTIVE | {"answer": "refused"})
    await guided(lives, {})
    row = await employer.follows(SETTLED)
    assert (row["outcome"], row["reason"]) == (Outcome.NOT_STARTED, "nobody_started")


async def test_a_parent_that_is_closed_before_its_people_leaves_them_alone(house: House) -> None:
    employer, lives = await family(house, notified(1), COLLECTIVE | KNOWN)
    row = await employer.follows(SETTLED | {"agreement": SILENT})
    assert (row["outcome"], row["reason"]) == (Outcome.LAPSED, "agreement")
    await guided(lives)
    assert (await lives[0].ends())[0] == Outcome.COMPLETED


async def test_a_parent_finds_out_by_looking_when_no_trajectory_told_it(house: House) -> None:
    employer = await Life.live(house, notified(1))
    await employer.follows(SETTLED, until=(Party.CALENDAR, "guidance"))
    orphan = await Life.live(house, dismissed(**COLLECTIVE | {"answer": "refused"}))
    await orphan.follows({})
    await employer.comes_to(date(2024, 6, 1))
    assert (await employer.dossier())["waiting_for"] == "guidance"
    for table in ("receipt", "dossier"):
        await employer.adopts(table, orphan.number)
    await employer.comes_to(date(2024, 7, 2))
    assert await employer.ends() == (Outcome.NOT_STARTED, "nobody_started")


async def test_a_wrong_account_number_is_asked_again_before_a_clerk_looks(house: House) -> None:
    facts = notified(1, iban_valid=False, agency="Bureau Onbekend")
    employer = await Life.live(house, facts)
    await employer.awaits(Party.APPLICANT, "completion")
    corrected = facts.model_copy(update={"iban_valid": True})
    await employer.says("completion", Party.APPLICANT, facts=corrected)
    await employer.awaits(Party.STAFF, "admissibility")
    (task,) = await employer.rows("select advice from task where dossier = :number")
    assert task["advice"] == "look"
    await employer.does("admissibility", "ANT-intake-1", "refuse", reasons=("agency_not_accepted",))
    await employer.comes_to((await employer.awaits(Party.CALENDAR, "objection_term"))["waiting_until"])
    await employer.comes_to(date(2024, 12, 1))
    assert await employer.ends() == (Outcome.REFUSED, "agency_not_accepted")
