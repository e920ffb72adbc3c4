"""Words of which the last one counts: whether somebody may be asked, is here, can be reached, may be written about.

Somebody may say stop, go on and stop again on one day. What a dossier heard before it leaves aside, so a word that
comes back after another one carries a number, and the same word said twice in a row carries the same one.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from models.messages.commands import ReportFact
from schemes.follow_up import GONE

STILL_HERE = "still_here"
CONSENT = ("consent_withdrawn", "consent_given")
PRESENCE = (*GONE, STILL_HERE)
CHANNELS = ("channel_failed", "channel_mended")
PUBLICATION = ("publication_consent",)
TURNS = (CONSENT, PRESENCE, CHANNELS, PUBLICATION)
"""Facts that take each other's place."""
AGAIN = "again"
"""The value of a report that says after how many others it came."""


class Said(NamedTuple):
    """A word that a dossier heard, or that is on its way to it."""

    fact: str
    values: Mapping[str, str]


def taking_turns(fact: str) -> tuple[str, ...]:
    """The facts whose place this one takes; none for what simply happened."""
    return next((facts for facts in TURNS if fact in facts), ())


def superseded(facts: Sequence[str]) -> set[str]:
    """Of facts in the order in which they were told, those whose place another one took since."""
    last = {taking_turns(fact): fact for fact in facts}
    return {fact for fact in facts if taking_turns(fact) and last[taking_turns(fact)] != fact}


def numbered(report: ReportFact, said: Sequence[Said]) -> ReportFact:
    """The report as a word of its own after everything that was `said` in its place, oldest first."""
    if not said:
        return report
    last = said[-1]
    again = last.values.get(AGAIN) if _word(*last) == _word(report.fact, report.values) else str(len(said))
    return report if again is None else report.model_copy(update={"values": {**report.values, AGAIN: again}})


def _word(fact: str, values: Mapping[str, str]) -> tuple[str, str | None]:
    return fact, values.get("consent")
