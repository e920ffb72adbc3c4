"""What an intake clerk notices about the terms of one dismissal, in sentences for the screen."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Literal

from models.messages.message import Message
from schemes.dismissals import DismissalFacts
from schemes.outplacement_terms import (
    answer_deadline,
    default_notice_deadline,
    employer_response_deadline,
    offer_deadline,
)
from schemes.regimes import Regime


class FindingCode(StrEnum):
    """The closed list of findings about terms; the values are the codes of the office."""

    OFFER_TOO_LATE = "AANBOD_TE_LAAT"
    DEFAULT_NOTICE_NOT_FOLLOWED = "INGEBREKESTELLING_NIET_GEVOLGD"
    NO_OFFER = "GEEN_AANBOD"
    NO_ANSWER = "GEEN_ANTWOORD"


class TermFinding(Message):
    """One finding: its code, the column it is about and a Dutch sentence; a clerk always checks it."""

    code: FindingCode
    column: Literal["Datum aanbod", "Antwoord"]
    next_step: Literal["controleren"] = "controleren"
    sentence: str


def findings(regime: Regime, facts: DismissalFacts, as_of: date) -> tuple[TermFinding, ...]:
    """Terms that were missed, seen from the day the file was handed over (peildatum).

    A term whose last day is not past on `as_of` gives no finding.
    """
    return tuple(_findings(regime, facts, as_of))


def _findings(regime: Regime, facts: DismissalFacts, as_of: date) -> Iterator[TermFinding]:
    yield from _about_the_offer(regime, facts, as_of)
    yield from _about_the_default_notice(regime, facts, as_of)
    yield from _about_the_answer(regime, facts, as_of)


def _about_the_offer(regime: Regime, facts: DismissalFacts, as_of: date) -> Iterator[TermFinding]:
    deadline = offer_deadline(regime, facts)
    if deadline is None:
        return
    last_day = deadline.last_day
    if facts.offered_on is None:
        if as_of > last_day:
            sentence = f"De werkgever moest uiterlijk op {_day(last_day)} een aanbod doen, maar deed dat niet."
            yield TermFinding(code=FindingCode.NO_OFFER, column="Datum aanbod", sentence=sentence)
    elif facts.offered_on > last_day:
        sentence = f"Het aanbod van {_day(facts.offered_on)} kwam na de uiterste dag {_day(last_day)}."
        if facts.default_notice_on is not None:
            sentence += f" De werknemer stelde in gebreke op {_day(facts.default_notice_on)}."
        yield TermFinding(code=FindingCode.OFFER_TOO_LATE, column="Datum aanbod", sentence=sentence)


def _about_the_default_notice(regime: Regime, facts: DismissalFacts, as_of: date) -> Iterator[TermFinding]:
    """A notice of default after its own last day binds nobody and gives no finding."""
    notice, window = facts.default_notice_on, default_notice_deadline(regime, facts)
    if notice is None or window is None or notice > window.last_day:
        return
    deadline = employer_response_deadline(regime, notice)
    if deadline is not None and (facts.offered_on or as_of) > deadline.last_day:
        sentence = (
            f"Na de ingebrekestelling van {_day(notice)} kwam er geen aanbod vóór of op {_day(deadline.last_day)}."
        )
        yield TermFinding(code=FindingCode.DEFAULT_NOTICE_NOT_FOLLOWED, column="Datum aanbod", sentence=sentence)


def _about_the_answer(regime: Regime, facts: DismissalFacts, as_of: date) -> Iterator[TermFinding]:
    if facts.offered_on is None or facts.answered_on is not None:
        return
    deadline = answer_deadline(regime, facts.offered_on)
    if deadline is not None and as_of > deadline.last_day:
        offered, last_day = _day(facts.offered_on), _day(deadline.last_day)
        sentence = f"Op het aanbod van {offered} kwam geen antwoord; de termijn liep tot {last_day}."
        yield TermFinding(code=FindingCode.NO_ANSWER, column="Antwoord", sentence=sentence)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
