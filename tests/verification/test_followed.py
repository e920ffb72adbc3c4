"""A verification sees whoever was forgotten: a moment that is due without a question, an outcome or a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models.messages import events as e
from models.messages.words import FollowUpOutcome, Outcome, Party, UnknownReason
from verification import verify

DUE = date(2024, 3, 10)
APPLIES = e.MomentsPlanned(moments=(e.PlannedMoment(moment="end", due=DUE),))
NOT_APPLYING = e.MomentsPlanned(moments=(e.PlannedMoment(moment="end", because="not_started"),))
SOMEDAY = e.MomentsPlanned(moments=(e.PlannedMoment(moment="end"),))
KNOWN = e.FollowedUp(moment="end", outcome=FollowUpOutcome.TRAINING)
WITH_REASON = e.FollowedUp(moment="end", outcome=FollowUpOutcome.UNKNOWN, reason=UnknownReason.NO_ANSWER)
WITHOUT_REASON = e.FollowedUp(moment="end", outcome=FollowUpOutcome.UNKNOWN)
CLOSED = e.Closed(outcome=Outcome.COMPLETED, reason="completed")
FORGOTTEN = "het moment 'end' is sinds 10/03/2024 niet bevraagd"
UNKNOWN_WHY = "van het moment 'end' is de uitkomst onbekend zonder reden"
NEVER = "gesloten, maar van het moment 'end' is geen uitkomst en geen reden bekend"


def waits(until: date) -> e.Waited:
    return e.Waited(reason="follow_up", until=until, then="asks_person")


ASKED = e.RequestOpened(
    request="ANT-2024-S-000001/follow_up/1",
    code="follow_up",
    party=Party.PARTICIPANT,
    wants=("outcome",),
    until=date(2024, 6, 1),
    derivation="",
    silence="asks_agency",
    stops_clock=False,
    moment="end",
    beside=True,
)
LATER = waits(date(2024, 6, 1))
CASES: dict[str, tuple[list[e.AnyEvent], str | None]] = {
    "waits for the day": ([APPLIES, waits(DUE)], None),
    "waits for a later day": ([APPLIES, LATER], FORGOTTEN),
    "waits for a later day on a question": ([APPLIES, ASKED, LATER], None),
    "was told": ([APPLIES, KNOWN, LATER], None),
    "has a reason": ([APPLIES, WITH_REASON, LATER], None),
    "is unknown, nobody knows why": ([APPLIES, WITHOUT_REASON, LATER], UNKNOWN_WHY),
    "comes on a day nobody knows": ([SOMEDAY, LATER], None),
    "does not apply": ([NOT_APPLYING, CLOSED], None),
    "closed with an outcome": ([APPLIES, KNOWN, CLOSED], None),
    "closed without a word": ([APPLIES, CLOSED], NEVER),
}


@pytest.mark.parametrize(("events", "text"), CASES.values(), ids=CASES)
async def test_nobody_is_forgotten_in_silence(
    engine: AsyncEngine, live: Any, made: Any, events: list[e.AnyEvent], text: str | None
) -> None:
    await live([[made.opened(), *events]])
    found = await verify(engine, now=made.now)
    assert [fault.text for fault in found.faults if fault.check == "followed"] == ([text] if text else [])
