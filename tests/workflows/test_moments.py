"""Moments of a follow-up, lived on the real house: who is asked, what an answer is about, and when nobody is asked."""

from __future__ import annotations

import asyncio
import contextlib
import random
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from activities.trajectories import Trajectories
from database import transaction
from models.errors import Refusal
from models.messages.commands import Actor, ReportFact
from models.messages.receipts import Reference
from models.messages.words import FollowUpOutcome, Fund, Outcome, Party, Role, UnknownReason
from reading import outcomes
from reading.guided import turns_of
from schemes.last_words import CONSENT, PRESENCE
from tests.workflows.conftest import House
from tests.workflows.dismissed import DISMISSED_ON, SILENT, Life, dismissed
from tests.workflows.playing import outside
from verification import rebuild, verify

JOB: dict[str, Any] = {"outcome": FollowUpOutcome.SAME_SECTOR}
SEEKING: dict[str, Any] = {"outcome": FollowUpOutcome.JOB_SEEKING}
KNOWN = {"offered_on": date(2024, 1, 15), "answer": "accepted", "started_on": date(2024, 2, 5)}
ONE_PHASE = KNOWN | {"dismissal": "restructuring", "announced_on": date(2023, 12, 1), "age_on_announcement": 40}
GUIDED: dict[str, Any] = {"hours": {"hours": "20"}, "status": SEEKING, "agency_outcome": SILENT, "follow_up": SEEKING}
LAST_DAY = "select until from request where dossier = :number and code = 'agency_outcome'"
ASKED = (Party.PARTICIPANT, "follow_up")
BETWEEN = (Party.CALENDAR, "follow_up")
STAFF = Actor(person="ANT-handler-1", party=Party.STAFF, fund=Fund.ANTWERPEN, roles=frozenset({Role.HANDLER}))


@pytest.fixture
def house(shared_house: House) -> House:
    """One house for all these lives, which have nothing to do with each other."""
    return shared_house


async def asked(life: Life) -> list[tuple[str, str | None, str]]:
    """Every question about a moment: its code, the moment, and how it stands."""
    rows = await life.rows("select code, moment, state from request where dossier = :number order by opened_at")
    return [(row["code"], row["moment"], row["state"]) for row in rows if row["moment"]]


async def due(life: Life) -> dict[str, tuple[date | None, str | None]]:
    """Which moments apply, and when."""
    rows = await life.rows("select moment, due_on, because from follow_up_due where dossier = :number")
    return {row["moment"]: (row["due_on"], row["because"]) for row in rows}


async def reported(life: Life) -> list[str]:
    return [fact["fact"] for fact in await life.facts_of("reported")]


async def test_at_the_end_of_a_phase_the_person_is_asked_and_reminded_and_then_the_agency(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    await life.follows(GUIDED | {"status": SILENT, "agency_outcome": SEEKING}, until=(Party.AGENCY, "agency_outcome"))
    assert (await asked(life))[:2] == [("status", "phase_1", "lapsed"), ("agency_outcome", "phase_1", "open")]
    facts = [fact for fact in await life.facts_of("mail_planned") if fact["party"] == Party.PARTICIPANT]
    assert [fact["template"] for fact in facts] == ["trajectory_follow_up"] + ["trajectory_follow_up_reminder"] * 2
    assert {fact["values"]["moment"] for fact in facts} == {"phase_1"}
    await life.comes_to(next(iter(await life.rows(LAST_DAY)))["until"])
    [agency] = await life.rows("select reminders from request where dossier = :number and code = 'agency_outcome'")
    assert agency["reminders"] == 1, "it hears it once more before its last day"
    await life.follows(GUIDED | {"agency_outcome": SEEKING}, until=(Party.CALENDAR, "guidance"))
    assert await life.followed() == [("phase_1", FollowUpOutcome.JOB_SEEKING, None, Party.AGENCY)]


async def test_an_old_link_corrects_its_own_moment_while_another_question_is_open(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    await life.follows(GUIDED, until=BETWEEN)
    await life.follows(GUIDED, until=ASKED)
    first = f"{life.number}/follow_up/1"
    await life.says("follow_up", Party.PARTICIPANT, **JOB, since="2024-06-03", request=first)
    assert (await life.followed())[-1] == ("end", FollowUpOutcome.SAME_SECTOR, None, Party.PARTICIPANT)
    assert (await asked(life))[-1] == ("follow_up", "3_months", "open")
    await life.says(first, Party.PARTICIPANT, **JOB)
    await life.says("follow_up", Party.PARTICIPANT, **SEEKING, moment="end")
    told = "select outcome, since, previous, corrections, request, asked_on from follow_up where dossier = :number"
    (stands,) = await life.rows(told)
    assert (stands["outcome"], stands["previous"]) == (FollowUpOutcome.JOB_SEEKING, FollowUpOutcome.SAME_SECTOR)
    assert (stands["corrections"], stands["request"], stands["asked_on"]) == (2, first, date(2024, 5, 6))
    await life.says("follow_up", Party.PARTICIPANT, outcome=FollowUpOutcome.TRAINING)
    await life.awaits(*BETWEEN)
    assert (await life.followed())[-1][:2] == ("3_months", FollowUpOutcome.TRAINING)


async def test_the_word_of_an_agency_never_goes_before_that_of_the_person(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    await life.follows(GUIDED, until=BETWEEN)
    await life.says("agency_outcome", Party.AGENCY, **JOB, moment="end")
    await life.follows(GUIDED | {"follow_up": SILENT, "agency_outcome": JOB}, until=BETWEEN)
    await life.comes_to(date(2024, 9, 1))
    await life.follows({"follow_up": SILENT, "agency_outcome": JOB}, until=(Party.AGENCY, "agency_outcome"))
    await life.says(f"{life.number}/follow_up/2", Party.PARTICIPANT, **SEEKING)
    await life.awaits(*BETWEEN)
    seeking = (FollowUpOutcome.JOB_SEEKING, None, Party.PARTICIPANT)
    assert await life.followed() == [("end", *seeking), ("3_months", *seeking)]
    assert (await asked(life))[-1] == ("agency_outcome", "3_months", "cancelled")


async def test_an_answer_steers_the_guidance_as_a_new_job_and_its_loss_do(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    row = await life.follows(GUIDED | {"status": JOB}, until=(Party.CALENDAR, "new_job"))
    assert row["otherwise"] == "guidance_ends"
    assert "new_job" in await reported(life)
    assert {day for day, _ in (await due(life)).values()} == {None, date(2024, 4, 6)}
    await life.comes_to(date(2024, 5, 20))
    await life.says("status", Party.PARTICIPANT, **SEEKING, moment="phase_1", since="2024-05-13")
    await life.awaits(Party.CALENDAR, "guidance")
    assert (await reported(life))[-1] == "job_lost"
    assert (await due(life))["phase_2"][0] == (await life.dossier())["waiting_until"]


async def test_a_job_told_with_its_kind_spares_the_question_at_the_end(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    await life.awaits(Party.CALENDAR, "guidance")
    await life.comes_to(date(2024, 3, 1))
    await life.tells("new_job", date(2024, 3, 1), Party.PARTICIPANT, outcome=FollowUpOutcome.SELF_EMPLOYED)
    await life.follows(GUIDED, until=ASKED)
    assert await life.followed() == [("end", FollowUpOutcome.SELF_EMPLOYED, None, Party.PARTICIPANT)]
    assert await asked(life) == [("follow_up", "3_months", "open")]
    (since,) = [row["since"] for row in await life.rows("select since from follow_up where dossier = :number")]
    assert since == date(2024, 3, 1)
    assert (await due(life))["phase_1"] == (None, "ended_before")


async def test_who_agrees_again_is_asked_again(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    await life.follows(GUIDED, until=ASKED)
    await life.tells("consent_withdrawn", date(2024, 5, 20), Party.PARTICIPANT)
    await life.follows(GUIDED, until=BETWEEN)
    await life.tells("consent_given", date(2024, 6, 20), Party.PARTICIPANT)
    await life.follows(GUIDED, until=ASKED)
    assert await life.followed() == [("end", FollowUpOutcome.UNKNOWN, UnknownReason.NO_CONSENT, None)]
    assert [kind for kind, *_ in await asked(life)] == ["follow_up", "agency_outcome", "follow_up"]
    withdrawn = await life.facts_of("mails_withdrawn")
    assert [(fact["because"], fact["occasion"]) for fact in withdrawn] == [("consent_withdrawn", "follow_up/1")]


async def test_who_says_stop_go_on_and_stop_again_on_one_day_is_asked_no_more(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    await life.follows(GUIDED, until=ASKED)
    words = ["consent_withdrawn", "consent_given", "consent_withdrawn", "consent_given", "consent_withdrawn"]
    for word in words:
        await asyncio.gather(*(life.tells(word, date(2024, 5, 6), Party.PARTICIPANT) for _ in range(2)))
        await life.tells(word, date(2024, 5, 6), Party.PARTICIPANT)
    assert [fact for fact in await reported(life) if fact in CONSENT] == words
    sent = await life.mails("trajectory_follow_up")
    assert (await life.follows(GUIDED))["outcome"] == Outcome.COMPLETED
    assert await life.mails("trajectory_follow_up") == sent
    assert {(outcome, reason) for _, outcome, reason, _ in await life.followed()} == {
        (FollowUpOutcome.UNKNOWN, UnknownReason.NO_CONSENT)
    }


async def test_a_death_ends_everything_at_once_and_every_moment_is_known(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    await life.follows(GUIDED | {"status": SEEKING}, until=(Party.PARTICIPANT, "status"))
    await life.tells("deceased", date(2024, 4, 8), Party.AGENCY)
    await life.awaits(Party.CALENDAR, "farewell")
    told = (FollowUpOutcome.MOVED_OR_DIED, None, Party.AGENCY)
    moments = ["phase_1", "end", "3_months", "6_months", "12_months"]
    assert await life.followed() == [(moment, *told) for moment in moments]
    assert (await asked(life))[-1] == ("status", "phase_1", "cancelled")
    assert [fact["because"] for fact in await life.facts_of("mails_withdrawn")] == ["deceased", "deceased"]
    (ended,) = [fact for fact in await life.facts_of("reported") if fact["fact"] == "guidance_ended"]
    assert ended["on"] == "2024-04-08"
    to_the_person = "select state from effect where dossier = :number and template = 'trajectory_follow_up'"
    (row,) = await life.rows(to_the_person)
    assert row["state"] != "planned", "it had left in that moment, or never will"
    row = await life.follows({"condolence": "written"})
    assert (row["outcome"], row["reason"]) == (Outcome.STOPPED, "deceased")
    assert await life.rows("select step, state from task where dossier = :number") == [
        {"step": "condolence", "state": "done"}
    ]


async def test_nobody_is_told_to_call_who_died_unless_it_was_not_so(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    await life.awaits(Party.CALENDAR, "guidance")
    await life.comes_to(date(2024, 3, 25))
    await life.tells("wants_help", date(2024, 3, 25), Party.PARTICIPANT)
    await life.tells("deceased", date(2024, 3, 25))
    await life.awaits(Party.CALENDAR, "farewell")
    tasks = "select step, state from task where dossier = :number order by opened_at, step"
    stands = [tuple(row.values()) for row in await life.rows(tasks)]
    assert stands == [("hours_behind", "cancelled"), ("call_back", "cancelled"), ("condolence", "open")]
    await house.starter.report(life.number, ReportFact(fact="still_here", on=date(2024, 3, 26), by=STAFF))
    await life.awaits(Party.CALENDAR, "guidance")
    open_now = f"{tasks.partition('order')[0]} and state = 'open' order by step"
    stands = [tuple(row.values()) for row in await life.rows(open_now)]
    assert stands == [("call_back", "open"), ("hours_behind", "open")], "and nobody writes to the family"


async def test_before_the_guidance_a_death_is_the_end_and_no_moment_applies(house: House) -> None:
    life = await Life.live(house, dismissed())
    await life.awaits(Party.APPLICANT, "offer")
    await life.tells("deceased", DISMISSED_ON)
    row = await life.follows({"condolence": "written"})
    assert (row["outcome"], row["reason"]) == (Outcome.NOT_STARTED, "deceased")
    assert await life.followed() == []
    assert set((await due(life)).values()) == {(None, "not_started")}


async def test_a_word_told_by_mistake_is_taken_back_by_staff_and_the_story_goes_on(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    await life.follows(GUIDED, until=BETWEEN)
    await life.tells("emigrated", date(2024, 6, 20))
    await life.awaits(Party.CALENDAR, "farewell")
    with pytest.raises(Refusal, match="medewerkers"):
        await life.tells("still_here", date(2024, 6, 21))
    await house.starter.report(life.number, ReportFact(fact="still_here", on=date(2024, 6, 21), by=STAFF))
    await life.awaits(*BETWEEN)
    assert (await life.followed())[-1] == (
        "12_months",
        FollowUpOutcome.UNKNOWN,
        UnknownReason.NOT_ASKED_YET,
        Party.STAFF,
    )
    assert (await life.follows(GUIDED))["outcome"] == Outcome.COMPLETED
    stands = await life.rows("select moment, outcome, corrections from follow_up where dossier = :number")
    assert {row["outcome"] for row in stands} == {FollowUpOutcome.JOB_SEEKING}
    assert {row["moment"]: row["corrections"] for row in stands}["12_months"] == 2


async def test_a_death_that_was_taken_back_and_is_told_again_counts_again(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    await life.follows(GUIDED, until=BETWEEN)
    died_on, told_on = date(2024, 3, 1), date(2024, 6, 20)
    await life.comes_to(told_on)
    for _ in range(2):
        await asyncio.gather(*(life.tells("deceased", died_on, Party.PARTICIPANT) for _ in range(2)))
        await life.awaits(Party.CALENDAR, "farewell")
        back = ReportFact(fact="still_here", on=told_on, by=STAFF)
        await asyncio.gather(*(house.starter.report(life.number, back) for _ in range(2)))
        await life.awaits(*BETWEEN)
    await life.tells("deceased", died_on, Party.PARTICIPANT)
    await life.awaits(Party.CALENDAR, "farewell")
    told = [fact for fact in await reported(life) if fact in PRESENCE]
    assert told == ["deceased", "still_here"] * 2 + ["deceased"]
    sent = await life.mails("trajectory_follow_up")
    row = await life.follows({"condolence": "written"})
    assert (row["outcome"], row["reason"]) == (Outcome.COMPLETED, "deceased")
    assert await life.mails("trajectory_follow_up") == sent
    assert [code for code, *_ in await asked(life)] == ["follow_up"]
    stands = await life.rows("select moment, outcome from follow_up where dossier = :number")
    later = {row["outcome"] for row in stands if row["moment"] != "end"}
    assert later == {FollowUpOutcome.MOVED_OR_DIED}


async def ends_read(house: House, life: Life, employer: str) -> list[date | None]:
    """The last day of the guidance as the figures, the agency's page and the employer's dossier read it."""
    async with transaction(house.engine) as connection:
        people = await outcomes.people(connection, Fund.ANTWERPEN, date(2026, 12, 31), rehearsed=True)
        told = "select type, data from event where dossier = :number order by sequence"
        journal = (await connection.execute(text(told), {"number": life.number})).all()
    guided = await Trajectories(house.engine).guided(Reference(number=employer))
    return [
        *(one["ended_on"] for one in people if one["number"] == life.number),
        turns_of(list(journal))["ended_on"],
        *(one.ended_on for one in guided if one.trajectory == life.number),
    ]


async def test_a_death_taken_back_during_the_guidance_gives_the_guidance_back(house: House) -> None:
    employer = "OUT-2024-99998"
    life, working = [await Life.live(house, dismissed(**KNOWN), parent=employer) for _ in range(2)]
    await life.follows(GUIDED, until=(Party.PARTICIPANT, "status"))
    await working.awaits(Party.CALENDAR, "guidance")
    await working.comes_to(date(2024, 3, 4))
    await working.tells("new_job", date(2024, 3, 4), Party.PARTICIPANT)
    await working.awaits(Party.CALENDAR, "new_job")
    planned = [await due(one) for one in (life, working)]
    told_on = life.clock.date()
    for one in (life, working):
        await one.tells("deceased", told_on)
        await one.awaits(Party.CALENDAR, "farewell")
        await house.starter.report(one.number, ReportFact(fact="still_here", on=told_on, by=STAFF))
    await life.awaits(Party.PARTICIPANT, "status")
    assert (await asked(life))[-1] == ("status", "phase_1", "open")
    await working.awaits(Party.CALENDAR, "new_job")
    assert len(await working.facts_of("clock_stopped")) == 1
    assert [await due(one) for one in (life, working)] == planned
    assert await ends_read(house, life, employer) == [None] * 3, "nobody reads the end that was none"
    row = await life.follows(GUIDED, until=(Party.CALENDAR, "guidance"))
    assert row["waiting_until"] == date(2024, 8, 6)
    assert (await life.follows(GUIDED | {"condolence": "written"}))["outcome"] == Outcome.COMPLETED
    assert len(await life.rows("select code from request where dossier = :number and code = 'hours'")) == 3
    assert {row["outcome"] for row in await life.rows("select outcome from follow_up where dossier = :number")} == {
        FollowUpOutcome.JOB_SEEKING
    }
    ended = [fact["on"] for fact in await life.facts_of("reported") if fact["fact"] == "guidance_ended"]
    assert ended == [str(told_on), "2025-02-05"]
    assert await ends_read(house, life, employer) == [date(2025, 2, 5)] * 3


async def test_a_death_may_be_taken_back_while_the_employer_is_told_of_it(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN), parent="OUT-2024-99999")
    await life.awaits(Party.CALENDAR, "guidance")
    handle = house.client.get_workflow_handle(life.number)
    for soon in range(12):
        words = [("deceased", outside(Party.AGENCY)), ("still_here", STAFF)]
        for fact, by in words:
            report = ReportFact(fact=fact, on=life.clock.date(), by=by, values={"again": str(soon)})
            await handle.signal("fact_reported", report)
            await asyncio.sleep(soon / 200)
        async with life.awaiting("guidance that goes on"):
            while (await reported(life)).count("still_here") <= soon:
                await asyncio.sleep(0.02)
        await life.awaits(Party.CALENDAR, "guidance")


async def test_when_the_last_channel_fails_the_agency_is_asked_for_another_and_the_person_again(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    row = await life.follows(GUIDED, until=ASKED)
    await life.tells("channel_failed", date(2024, 5, 20), Party.SYSTEM, channel="email", left="letter")
    assert (await asked(life))[-1] == ("follow_up", "end", "open")
    await life.tells("channel_failed", date(2024, 5, 21), Party.SYSTEM, channel="letter", left="")
    await life.awaits(Party.AGENCY, "new_contact")
    await life.tells("channel_mended", date(2024, 5, 22), Party.AGENCY)
    again = await life.awaits(*ASKED)
    assert again["waiting_until"] == row["waiting_until"]
    assert [(code, state) for code, _, state in await asked(life)] == [
        ("follow_up", "cancelled"),
        ("new_contact", "answered"),
        ("follow_up", "open"),
    ]
    await life.tells("channel_failed", date(2024, 5, 23), Party.SYSTEM, channel="sms", left="")
    await life.follows({"new_contact": SILENT, "agency_outcome": SILENT}, until=BETWEEN)
    assert await life.followed() == [("end", FollowUpOutcome.UNKNOWN, UnknownReason.CONTACT_LOST, None)]


async def test_what_the_same_person_told_in_another_dossier_spares_the_question(house: House) -> None:
    first, second, stranger = [await Life.live(house, dismissed(**ONE_PHASE)) for _ in range(3)]
    people = [(first, "same"), (second, "same"), (stranger, "other")]
    async with transaction(house.engine) as connection:
        for life, person in people:
            query = (
                "insert into participant (dossier, line, first_name, last_name, person)"
                " values (:number, 1, 'A', 'B', :p)"
            )
            await connection.execute(text(query), {"number": life.number, "p": person})
    await first.follows(GUIDED | {"follow_up": JOB}, until=BETWEEN)
    await second.follows(GUIDED, until=BETWEEN)
    await stranger.follows(GUIDED, until=ASKED)
    assert await second.followed() == [("end", FollowUpOutcome.SAME_SECTOR, None, Party.PARTICIPANT)]
    assert await second.mails("trajectory_follow_up") == []
    (row,) = await second.rows("select elsewhere, asked_on from follow_up where dossier = :number")
    assert tuple(row.values()) == (first.number, None)
    assert (await reported(second))[-1] == "earlier_answer"


async def test_who_wants_help_is_called_back_and_the_story_goes_on(house: House) -> None:
    life = await Life.live(house, dismissed(**ONE_PHASE))
    await life.follows(GUIDED, until=ASKED)
    await life.tells("wants_help", date(2024, 5, 20), Party.PARTICIPANT)
    await life.tells("wants_help", date(2024, 5, 21), Party.PARTICIPANT)
    assert (await life.dossier())["waiting_for"] == "follow_up"
    await life.does("call_back", "ANT-handler-1", "helped")
    assert (await life.follows(GUIDED))["outcome"] == Outcome.COMPLETED


async def test_it_is_said_ahead_which_moments_apply_and_when(house: House) -> None:
    life = await Life.live(house, dismissed(**KNOWN))
    await life.awaits(Party.CALENDAR, "guidance")
    assert await due(life) == {
        "phase_1": (date(2024, 4, 6), None),
        "phase_2": (date(2024, 8, 6), None),
        "end": (date(2025, 2, 6), None),
        "3_months": (date(2025, 5, 5), None),
        "6_months": (date(2025, 8, 5), None),
        "12_months": (date(2026, 2, 5), None),
    }


class Chance:
    """Somebody who answers, keeps silent, changes their mind, moves house or dies, as chance has it."""

    def __init__(self, life: Life, seed: int) -> None:
        self.life, self.dice = life, random.Random(seed)

    async def lives(self) -> None:
        script: dict[str, Any] = {"hours": SILENT, "phone": UnknownReason.NO_ANSWER, "condolence": "written"}
        script |= {"call_back": "helped"}
        for _ in range(60):
            row = await self.life.dossier()
            if not row or not row["waiting_on"]:
                await asyncio.sleep(0.02)
            if row.get("outcome"):
                return
            if row and self.dice.random() < 0.4:
                await self.tells()
            said = {
                code: self.dice.choice((SILENT, JOB, SEEKING)) for code in ("status", "follow_up", "agency_outcome")
            }
            left = {code: [what] for code, what in (script | said | {"new_contact": SILENT}).items()}
            row = await self.life.dossier()
            if row and not row["outcome"] and not await self.life._acts(row, left):
                await asyncio.sleep(0.03)
        await self.life.follows(
            script | dict.fromkeys(("status", "follow_up", "agency_outcome", "new_contact"), SILENT)
        )

    async def tells(self) -> None:
        """Something that nobody asked."""
        facts = ("consent_withdrawn", "consent_given", "channel_failed", "channel_mended", "wants_help", "new_job")
        last = "deceased" if self.dice.random() < 0.08 else ""
        fact = last or self.dice.choice((*facts, "job_lost", "answer", "answer"))
        with_values = {"left": ""} if fact == "channel_failed" else {}
        with contextlib.suppress(Refusal):  # the dossier may be closed by now
            if fact == "answer":
                moment = self.dice.choice(("phase_1", "end", "3_months", "6_months", "12_months"))
                word = self.dice.choice((FollowUpOutcome.ILL, FollowUpOutcome.TRAINING, FollowUpOutcome.PENSION))
                await self.life.says("follow_up", Party.PARTICIPANT, outcome=word, moment=moment)
            else:
                await self.life.tells(fact, self.life.clock.date(), Party.PARTICIPANT, **with_values)


SEEDS = range(10)


async def test_whatever_happens_in_any_order_every_moment_ends_with_an_outcome_or_a_reason(house: House) -> None:
    lives = [await Life.live(house, dismissed(**(KNOWN if seed % 2 else ONE_PHASE))) for seed in SEEDS]
    async with asyncio.TaskGroup() as group:
        for seed, life in zip(SEEDS, lives, strict=True):
            group.create_task(Chance(life, seed).lives())
    for life in lives:
        stands = await life.rows("select * from follow_up where dossier = :number order by moment")
        applies = {moment for moment, (_, because) in (await due(life)).items() if because is None}
        assert applies <= {row["moment"] for row in stands}, life.number
        assert all(row["reason"] for row in stands if row["outcome"] == FollowUpOutcome.UNKNOWN), life.number
        assert nothing_was_sent_in_vain(
            await life.rows("select type, data from event where dossier = :number order by sequence")
        ), life.number
        before = await life.rows("select * from follow_up_due where dossier = :number order by moment")
        await rebuild(house.engine, [life.number])
        assert await life.rows("select * from follow_up where dossier = :number order by moment") == stands
        assert await life.rows("select * from follow_up_due where dossier = :number order by moment") == before
        found = await verify(house.engine, number=life.number, client=None)
        assert [fault for fault in found.faults if fault.check in ("followed", "projection", "journal")] == []


def nothing_was_sent_in_vain(events: list[dict[str, Any]]) -> bool:
    """No message to the person after a death, without consent, or about a question that was answered."""
    dead = consents = answered = None
    for event in events:
        data = event["data"]
        if event["type"] == "reported":
            dead = dead or data["fact"] == "deceased"
            consents = {"consent_withdrawn": False, "consent_given": True}.get(data["fact"], consents)
        elif event["type"] in ("request_opened", "request_answered"):
            answered = data["request"] if event["type"] == "request_answered" else None
        elif event["type"] == "mail_planned" and data["party"] == Party.PARTICIPANT:
            asked_again = answered is not None and answered.endswith(data["occasion"].rsplit("/", 1)[0])
            if dead or consents is False or asked_again:
                return False
    return True
