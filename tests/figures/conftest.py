"""A year of a fund in small: people of several employers, agencies and ages, and what became of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models.messages.words import FollowUpOutcome as Word
from models.messages.words import Party, UnknownReason
from tests.figures.lives import Dated, Life, asks, calls, live, named, reported, told

WORDS: tuple[tuple[Word, UnknownReason | None, Party | None], ...] = (
    *(((Word.SAME_SECTOR, None, Party.PARTICIPANT),) * 5),
    *(((Word.OTHER_SECTOR, None, Party.PARTICIPANT),) * 3),
    (Word.SELF_EMPLOYED, None, Party.AGENCY),
    (Word.FORMER_EMPLOYER, None, Party.STAFF),
    *(((Word.JOB_SEEKING, None, Party.PARTICIPANT),) * 3),
    (Word.TRAINING, None, Party.AGENCY),
    (Word.PENSION, None, Party.PARTICIPANT),
    *(((Word.UNKNOWN, UnknownReason.NO_ANSWER, Party.STAFF),) * 3),
    (Word.UNKNOWN, UnknownReason.NO_CONSENT, None),
    (Word.UNKNOWN, UnknownReason.CONTACT_LOST, None),
)
"""Twenty people; two more were not asked yet."""
REGIMES = ("faillissement", "collectief-onder45", "bijzonder-45plus")
AGENCIES = ("RiseSmart", "Travvant", "SBS & <Zonen>")


def story(serial: int, started_on: date) -> list[Dated]:
    """Half a year of guidance; three months later the question, and what came of it."""
    outcome, reason, by = WORDS[serial - 1]
    end, day = started_on + timedelta(days=182), started_on + timedelta(days=274)
    said: list[Dated] = [reported(end, "guidance_ended")]
    if reason is not UnknownReason.NO_CONSENT:
        said += asks(serial, day, "3_months")
    if by in (Party.AGENCY, Party.STAFF):
        said += asks(serial, day + timedelta(days=20), "3_months", of=Party.AGENCY, mail=False)
    if by is Party.STAFF:
        said.append(calls(serial, day + timedelta(days=40), "3_months"))
    since = started_on + timedelta(days=60 + 10 * serial) if outcome is not Word.UNKNOWN else None
    return [*said, told(day + timedelta(days=45), "3_months", outcome, reason, by, since)]


def lives(**more: Any) -> list[Life]:
    """The twenty-two."""
    found = []
    for serial in range(1, len(WORDS) + 3):
        started_on = date(2024, 1, 8) + timedelta(days=7 * serial)
        found.append(
            Life(
                serial,
                story(serial, started_on) if serial <= len(WORDS) else (),
                started_on=started_on,
                age=20 + 2 * serial,
                regime=REGIMES[serial % 3],
                agency=AGENCIES[serial % 3],
                enterprise=f"0000.000.12{serial % 2}",
                **more,
            )
        )
    return found


@pytest.fixture
def lived(engine: AsyncEngine, database_urls: Any) -> Callable[..., Awaitable[None]]:
    """Have the small year stand in the tables."""

    async def stands(**more: Any) -> None:
        await live(engine, database_urls.app, *lives(**more))
        await named(engine, e120="Gieterij De Zandvorm", e121="=HYPERLINK(1) & Zonen nv")

    return stands
