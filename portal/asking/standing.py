"""Where a person stands when a link is opened: which question it asks, what was answered to it, and what goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from database import glance
from models.messages.commands import Actor
from models.messages.facts import Facts
from models.messages.words import Language, Party
from models.tables import Contact
from onward import line_of
from portal.access.rows import seen_by
from portal.access.visitor import Visitor
from portal.house import House
from reading import following, stated
from reading.following import Asked, File, Whose
from reading.timeline import Entry
from schemes.calendar import ONE_DAY, local_date
from schemes.coded_answers import day_in
from schemes.correcting import CORRECTED

QUESTIONS = frozenset({"follow_up", "status"})
"""Codes of what is asked by a link."""
GUIDED = frozenset({"guidance_1", "guidance_2", "guidance_3"})


@dataclass(frozen=True)
class Noted:
    """An answer as it was given. `on`: the local day of it."""

    outcome: str
    since: date | None
    on: date


@dataclass(frozen=True)
class Standing:
    """Everything a page of a link needs. `asked` is the question that is answered now, `own` that of the link.

    Where another fund went on, `number` is the dossier there, and `file` that of the fund before until it opened.
    """

    number: str
    file: File | None
    entries: tuple[Entry, ...]
    """What happened, also at the funds before."""
    contact: Any
    asked: Asked | None
    own: Asked | None
    moment: str | None
    dismissed_on: date | None
    about_now: bool
    """Whether the question is not an earlier one beside one that is open."""

    @property
    def language(self) -> Language | None:
        """The language of the person; None when nothing is known any more."""
        return Language(self.contact.language) if self.contact is not None else None

    @property
    def actor(self) -> Actor:
        """Who speaks, as for somebody who signed in by a link."""
        return Actor(person=f"{Party.PARTICIPANT}:{self.number}", party=Party.PARTICIPANT)

    @property
    def closed(self) -> bool:
        """Whether there is nothing left to tell: the dossier is closed, or gone. Handed over is not closed."""
        if self.file is None:
            return True
        return self.file.number == self.number and self.file.followed.dossier.outcome is not None

    @property
    def correct_until(self) -> date | None:
        """The last day to put the last answer right, when nothing more will be asked; None while something will."""
        dossier = self.file.followed.dossier if self.file is not None else None
        if dossier is None or dossier.waiting_for != "correction" or dossier.waiting_until is None:
            return None
        return dossier.waiting_until - ONE_DAY

    @property
    def left(self) -> bool:
        """Whether was told that this person died or went away: then nothing is asked any more."""
        return getattr(self.contact, "left_on", None) is not None

    @property
    def older(self) -> bool:
        """Whether something newer is asked than what the link was sent for."""
        return self.own is not None and self.asked is not None and self.own.request != self.asked.request

    @property
    def today(self) -> date:
        """The day it is in this dossier: a rehearsed one lives by its own clock."""
        rehearsed = self.file is not None and self.file.followed.dossier.rehearsed
        return local_date(self.file.followed.at if rehearsed and self.file else datetime.now(UTC))

    @property
    def guided(self) -> bool:
        """Whether the guidance still runs."""
        return self.file is not None and self.file.followed.dossier.phase in GUIDED

    @property
    def resumes(self) -> bool:
        """Whether a new job was told that interrupts the guidance: losing it makes the guidance go on."""
        return self.guided and self.file is not None and self.file.followed.dossier.waiting_for == "new_job"

    @property
    def consents(self) -> bool:
        """Whether the person wants to be asked; the last word on it counts."""
        words = [one.data["fact"] for one in self.entries if one.type == "reported"]
        said = [fact for fact in words if fact in ("consent_withdrawn", "consent_given")]
        return not said or said[-1] == "consent_given"

    @property
    def died(self) -> bool:
        """Whether a relative told that this person died."""
        return self.left and self._told("deceased")

    @property
    def called(self) -> bool:
        """Whether the person asked today to be called."""
        return self._told("wants_help", self.today)

    @property
    def answers(self) -> tuple[Noted, ...]:
        """What was answered to the question of this page, the last one at the end: both are kept."""
        if self.asked is None:
            return ()
        return tuple(_noted(one) for one in self.entries if _answers(one, self.asked.request))

    def _told(self, fact: str, on: date | None = None) -> bool:
        told = [one.data for one in self.entries if one.type == "reported" and one.data["fact"] == fact]
        return any(on is None or one["on"] == on.isoformat() for one in told)

    def turn(self, asked: Asked) -> str:
        """How a question is named in an address: as `follow_up/2`, in full when it was asked at the fund before."""
        return asked.request.removeprefix(f"{self.number}/")


def _answers(entry: Any, request: str) -> bool:
    """Whether a fact is an answer of the person to this question: in time, or about it when it was closed."""
    if entry.type not in ("request_answered", "answer_kept") or "outcome" not in entry.data["values"]:
        return False
    return bool(entry.data["values"].get("request", entry.data.get("request")) == request)


def _noted(entry: Any) -> Noted:
    values = entry.data["values"]
    since = values.get("since")
    return Noted(values["outcome"], date.fromisoformat(since) if since else None, local_date(entry.at))


async def standing_of(house: House, link: Any, turn: str = "") -> Standing:
    """Where the person of this link stands. `turn` names another question, as `Standing.turn` does."""
    async with glance(house.engine) as connection:
        line = await line_of(connection, link.dossier)
        number = line[-1]
        known = select(Contact).where(col(Contact.dossier) == number, col(Contact.party) == link.party)
        contact = (await connection.execute(known)).one_or_none()
        facts = await stated.facts(connection, number) if number else None
    files = await _files(house, Party(link.party), line)
    entries = tuple(entry for file in files for entry in file.entries)
    questions = [one for file in files for one in file.requests if one.code in QUESTIONS]
    own = next((one for one in questions if one.request == link.request), None)
    named = next((one for one in questions if turn and one.request in (turn, f"{number}/{turn}")), None)
    fresh = asked_now(questions, own)
    asked = named or fresh
    dismissed = dismissed_on(facts, entries)
    moment = (link.moment if asked is own else None) or _moment_of(asked, entries)
    file = files[-1] if files else None
    return Standing(number, file, entries, contact, asked, own, moment, dismissed, asked is fresh)


async def _files(house: House, party: Party, line: tuple[str, ...]) -> list[File]:
    """The dossier of a person at every fund, as far as they opened."""
    visitor = Visitor(session="", csrf="", person=f"{party}:{line[0]}", name="", party=party, dossiers=line)
    async with seen_by(house.reading, visitor) as rows:
        found = [await following.file(rows, Whose(party=party, dossiers=line), number) for number in line]
    return [file for file in found if file is not None]


def _moment_of(asked: Asked | None, entries: tuple[Entry, ...]) -> str | None:
    """Which moment a question is about. Said with every answer: the next fund does not know the questions of the one
    before."""
    opened = (one.data for one in entries if one.type == "request_opened" and asked is not None)
    return next((data.get("moment") for data in opened if asked and data["request"] == asked.request), None)


def dismissed_on(facts: Facts | None, entries: tuple[Entry, ...]) -> date | None:
    """The day of the dismissal, as it was last put right."""
    told = [one.data["values"] for one in entries if one.type == "reported" and one.data["fact"] == CORRECTED]
    days = [day for values in told if (day := day_in(values, "dismissed_on"))]
    return days[-1] if days else getattr(facts, "dismissed_on", None)


def asked_now(questions: Sequence[Asked], own: Asked | None) -> Asked | None:
    """The question of the link while it is open; else a newer one that is; else the own one, answered late."""
    newer = [one for one in questions if one.state == "open" and (own is None or one.opened_at >= own.opened_at)]
    return newer[-1] if newer else own
