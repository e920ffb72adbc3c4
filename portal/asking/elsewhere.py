"""What became of a person is one truth: another dossier that asks the same person now hears the answer too.

What was passed on says of which question it is the answer, so that a word that is put right is put right there as well,
until the person says something else there.
"""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text

from database import glance
from models.errors import Refusal
from models.messages.commands import Actor, AnswerRequest
from models.messages.words import FollowUpOutcome, Party
from portal.access.visitor import Visitor
from portal.asking.person import SAME
from portal.asking.standing import QUESTIONS, asked_now
from portal.following.answered import LATER, Answer, give
from portal.house import House
from reading.following import Asked

PASSED_ON = "elsewhere"
"""The value that names the question to which the answer was given."""
_ALSO_ASKED = text(
    f"""
    SELECT q.dossier, q.request, there.enterprise_number = here.enterprise_number AS same_employer,
        CAST(coalesce((
            SELECT data -> 'values' ->> 'dismissed_on' FROM event
            WHERE dossier = q.dossier AND type = 'reported' AND data ->> 'fact' = 'facts_corrected'
                AND data -> 'values' ->> 'dismissed_on' IS NOT NULL ORDER BY sequence DESC LIMIT 1
        ), there.facts ->> 'dismissed_on') AS date) AS dismissed_on
    FROM request q
    JOIN dossier d ON d.number = q.dossier AND d.kind = 'trajectory' AND d.outcome IS NULL
    JOIN receipt there ON there.number = q.dossier
    JOIN receipt here ON here.number = :number AND here.rehearsed = there.rehearsed
    WHERE q.dossier IN ({SAME}) AND q.dossier <> :number AND q.code IN ('follow_up', 'status') AND (
        (q.state = 'open' AND :now) OR :answered = (
            SELECT data -> 'values' ->> '{PASSED_ON}' FROM event
            WHERE dossier = q.dossier AND type IN ('request_answered', 'answer_kept')
                AND coalesce(data -> 'values' ->> 'request', data ->> 'request') = q.request
            ORDER BY sequence DESC LIMIT 1
        )
    )
    ORDER BY q.request
    """
)
"""Questions to this person in other dossiers: open now, or answered last by what was said to this one."""


async def give_everywhere(house: House, visitor: Visitor, answer: Answer, requests: Sequence[Asked]) -> None:
    """Give an answer of the own pages as `give` does. What a person says of itself is passed on, also when its own
    dossier hears it later. `requests`: what that dossier asked so far.

    Raises:
        Refusal: a rule says no; or no answer came yet, then it is kept.
    """
    own = next((one for one in requests if one.request == answer.request and one.code in QUESTIONS), None)
    if own is None or visitor.party is not Party.PARTICIPANT:
        await give(house, visitor, answer)
        return
    answer = answer._replace(values={**answer.values, "request": own.request})
    kept: Refusal | None = None
    try:
        await give(house, visitor, answer)
    except Refusal as refusal:
        if refusal.code != LATER:
            raise
        kept = refusal
    about_now = asked_now([one for one in requests if one.code in QUESTIONS], own) is own
    await pass_on(house, answer.number, answer.values, about_now=about_now)
    if kept is not None:
        raise kept


async def pass_on(house: House, number: str, said: Mapping[str, str], *, about_now: bool) -> None:
    """Tell what a person answered to one question to the other dossiers that ask the same; a word about an earlier
    moment only where it puts right what was passed on.

    One that does not take it goes on asking.
    """
    answered = said["request"]
    sought = {"number": number, "answered": answered, "now": about_now}
    async with glance(house.engine) as connection:
        found = (await connection.execute(_ALSO_ASKED, sought)).all()
    for other in found:
        if (values := _as_said_there(other, said)) is None:
            continue
        by = Actor(person=f"{Party.PARTICIPANT}:{other.dossier}", party=Party.PARTICIPANT)
        values |= {"request": other.request, PASSED_ON: answered}
        with contextlib.suppress(Refusal):
            await house.starter.answer(other.dossier, AnswerRequest(request=other.request, by=by, values=values))


def _as_said_there(other: Any, said: Mapping[str, str]) -> dict[str, str] | None:
    """The words as they hold for another dismissal; None for work that was there before it, which is no new work.

    Who works again for the employer of one dossier works in the same sector for that of another: all are of it.
    """
    values = {name: said[name] for name in ("outcome", "since", "again") if name in said}
    if "since" in values and date.fromisoformat(values["since"]) <= other.dismissed_on:
        return None
    if values["outcome"] == FollowUpOutcome.FORMER_EMPLOYER and not other.same_employer:
        values["outcome"] = FollowUpOutcome.SAME_SECTOR.value
    return values
