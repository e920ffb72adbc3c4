"""What somebody confirmed, told to the dossier: the answer to the question, and what follows from it for the guidance.

An answer is coded; nothing of it names a person. The same words again are a new answer when another came between.
"""

from collections.abc import Awaitable
from typing import NamedTuple

from models.errors import Refusal
from models.messages.commands import Accepted, AnswerRequest, ReportFact
from portal.asking.choices import Told
from portal.asking.elsewhere import pass_on
from portal.asking.preferences import consent
from portal.asking.standing import Standing
from portal.following.answered import LATER
from portal.house import House
from portal.language import marked as _
from portal.refusals import Refused


class Heard(NamedTuple):
    """How it went. `later`: it is kept, and noted as soon as the dossier can."""

    later: bool = False


async def tell(house: House, standing: Standing, told: Told) -> Heard:
    """Tell a dossier what its person confirmed. An answer is told to others that ask the same now; that there may be
    no more questions to all of the person.

    One that another fund goes on with and that did not start there yet is started now.

    Raises:
        Refusal: a rule says no; then nothing of it was noted.
    """
    if told.outcome is None:
        return Heard(await consent(house, standing.number, False, standing.today, standing.actor))
    await house.starter.start(standing.number)
    later = False
    for fact in _reports(standing, told):
        later |= await _kept(house.starter.report(standing.number, fact))
    answer = _answer(standing, told)
    later |= await _kept(house.starter.answer(standing.number, answer))
    await pass_on(house, standing.number, answer.values, about_now=standing.about_now)
    return Heard(later)


def _answer(standing: Standing, told: Told) -> AnswerRequest:
    """The answer as the dossier hears it. `request` and `moment` say which question it is about, whatever is asked by
    then, also when the fund before asked it; `again` which word it is, so that the first answer counts again when
    somebody returns to it.

    Raises:
        Refusal: nothing was ever asked.
    """
    asked = standing.asked
    if asked is None:
        raise Refused("NothingAsked", _("Er is nu geen vraag waarop u kunt antwoorden."))
    values = {"outcome": told.outcome.value if told.outcome else "", "request": asked.request}
    if told.since is not None:
        values["since"] = told.since.isoformat()
    if standing.moment is not None:
        values["moment"] = standing.moment
    if told.again:
        values["again"] = str(told.again)
    known = asked.request.startswith(f"{standing.number}/")
    return AnswerRequest(request=asked.request if known else asked.code, by=standing.actor, values=values)


def _reports(standing: Standing, told: Told) -> tuple[ReportFact, ...]:
    """What is told beside the answer: help that is wanted, a new job that was lost again. That somebody found work the
    dossier hears from the answer itself.
    """
    on, by = standing.today, standing.actor
    facts: list[ReportFact] = []
    if told.lost_on is not None:
        facts.append(ReportFact(fact="job_lost", on=told.lost_on, by=by))
    if told.call:
        facts.append(ReportFact(fact="wants_help", on=on, by=by))
    return tuple(facts)


async def _kept(told: Awaitable[Accepted]) -> bool:
    """Whether what was told is kept and not yet heard.

    Raises:
        Refusal: a rule says no.
    """
    try:
        await told
    except Refusal as refusal:
        if refusal.code != LATER:
            raise
        return True
    return False
