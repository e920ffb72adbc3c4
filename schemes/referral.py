"""Where an application goes that belongs elsewhere: another fund, or another kind at the same fund."""

from collections.abc import Iterable
from decimal import Decimal

from models.messages.facts import Facts, ProjectFacts, TrainingFacts, TransitionFacts
from models.messages.words import Fund, Instrument
from schemes.checks import Check
from schemes.competence import competent_fund


def referral(facts: Facts, fund: Fund, failed: Iterable[Check]) -> tuple[Fund, Facts] | None:
    """The fund and the facts of the application to be made; None when none of the eight funds takes it.

    Outside the territory: the fund of the establishment on the day of filing (domain.md 1). A transition without a new
    function, or a project that is training: formal training at the same fund (domain.md 4 and 5).
    """
    codes = {check.code for check in failed}
    match facts:
        case TrainingFacts() if "BUITEN_PROVINCIE" in codes:
            other = competent_fund(facts.postcode, facts.filed_on)
            return (other, facts) if other is not None and other is not fund else None
        case TransitionFacts() | ProjectFacts():
            return fund, as_training(facts)
    return None


def as_training(facts: TransitionFacts | ProjectFacts) -> TrainingFacts:
    """The same application as formal training before the course; the establishment's place is filled in on receipt."""
    people = facts.participants if isinstance(facts, TransitionFacts) else ()
    return TrainingFacts(
        instrument=Instrument.FORMAL_TRAINING,
        filed_on=facts.filed_on,
        filed="before",
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        hours=facts.hours if isinstance(facts, TransitionFacts) else None,
        participants=people,
        cost=facts.cost,
        sme_wallet=Decimal(0),
        asked=facts.asked,
        postcode="",
        municipality="",
        joint_committee=facts.joint_committee if isinstance(facts, TransitionFacts) else "",
        documents=facts.documents,
        iban_valid=facts.iban_valid,
        known_on=facts.filed_on,
    )
