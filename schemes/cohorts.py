"""What can be said of a dismissed person before anything is received: regime, days that are near or over, amounts."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from models.messages.facts import TrajectoryFacts
from models.messages.message import Message
from schemes.dismissals import DismissalFacts, FactMissing
from schemes.outplacement_amounts import NOTHING, OutplacementRates, SupportCase, support_case
from schemes.outplacement_terms import answer_deadline, default_notice_deadline, offer_deadline, phases
from schemes.regimes import OLDER_WORKER, Regime, choose_regime

NEAR = timedelta(days=14)
UNDECIDED = "undecided"
"""Instead of a regime: a fact is missing, which the trajectory will ask."""
LIKELY_AGES = range(15, 80)
AgeGroup = Literal["under_45", "45_plus"]


class LastDay(Message):
    """The last day of a term: `offer`, `default_notice` or `answer`."""

    what: str
    day: date


class Outlook(Message):
    """What stands in a preview of one person; coded, nothing that names anybody. `expected` is euro, at most."""

    regime: str
    case: str
    age_group: AgeGroup
    expected: Decimal
    over: tuple[LastDay, ...] = ()
    near: tuple[LastDay, ...] = ()


class Unlikely(NamedTuple):
    """A fact that cannot be: the column it stands in and what to do, in plain Dutch."""

    column: str
    sentence: str


def outlook(facts: TrajectoryFacts, today: date, rates: OutplacementRates) -> Outlook:
    """What can be said of this dismissal today."""
    known = DismissalFacts.of(facts)
    group: AgeGroup = "45_plus" if facts.age_on_dismissal >= OLDER_WORKER else "under_45"
    try:
        regime = choose_regime(known).regime
        case = support_case(regime, known, "209" if facts.status == "employee" else "111")
        days = tuple(_last_days(regime, facts, known))
    except FactMissing:
        return Outlook(regime=UNDECIDED, case=UNDECIDED, age_group=group, expected=NOTHING)
    return Outlook(
        regime=regime,
        case=case,
        age_group=group,
        expected=most_expected(case, rates),
        over=tuple(one for one in days if one.day < today),
        near=tuple(one for one in days if today <= one.day <= today + NEAR),
    )


def most_expected(case: SupportCase, rates: OutplacementRates) -> Decimal:
    """The most that the fund pays the employer for one person of this case, in euro.

    Nothing where invoices are shared or another pot pays: that is known with the invoices only.
    """
    match case:
        case SupportCase.NO_DUTY:
            return rates.first_phase_amount + rates.second_phase_amount
        case SupportCase.DUTY_INDEMNITY | SupportCase.DUTY_WORKED_NOTICE:
            return rates.long_guidance_amount
        case _:
            return NOTHING


def hours_due(regime: str | None) -> Decimal:
    """Hours of guidance that the law gives a person of this regime; none while it is not known."""
    if regime not in set(Regime):
        return NOTHING
    return sum((Decimal(phase.hours) for phase in phases(Regime(regime), date(2000, 1, 1))), NOTHING)


def unlikely(facts: TrajectoryFacts) -> Iterator[Unlikely]:
    """Facts of one row that cannot be together: to be repaired before the file is received."""
    if facts.age_on_dismissal not in LIKELY_AGES:
        sentence = f"bij het ontslag was deze persoon {facts.age_on_dismissal} jaar. Kijk de geboortedatum na."
        yield Unlikely("Geboortedatum", sentence)
    if facts.dismissed_on < facts.service_began_on:
        yield Unlikely("Kennisgeving ontslag", "ligt voor de eerste werkdag. Kijk beide dagen na.")
    if facts.contract_ended_on < facts.dismissed_on:
        yield Unlikely("Einde overeenkomst", "ligt voor de kennisgeving van het ontslag. Kijk beide dagen na.")
    if not 0 < facts.employment_fraction <= 1:
        yield Unlikely("Tewerkstellingsbreuk", "1 is voltijds, 0,5 is halftijds; meer dan 1 kan niet.")
    if facts.answered_on is not None and facts.offered_on is not None and facts.answered_on < facts.offered_on:
        yield Unlikely("Datum antwoord", "ligt voor de dag van het aanbod. Kijk beide dagen na.")


def _last_days(regime: Regime, facts: TrajectoryFacts, known: DismissalFacts) -> Iterator[LastDay]:
    if facts.started_on is not None or facts.answer is not None:
        return
    if facts.offered_on is not None:
        if answer := answer_deadline(regime, facts.offered_on):
            yield LastDay(what="answer", day=answer.last_day)
        return
    if offer := offer_deadline(regime, known):
        yield LastDay(what="offer", day=offer.last_day)
    if notice := default_notice_deadline(regime, known):
        yield LastDay(what="default_notice", day=notice.last_day)
