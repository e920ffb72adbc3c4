"""Intake of formal and informal training: every rule that a clerk would check, each with its source (domain.md 3)."""

from collections.abc import Callable
from decimal import Decimal

from models.messages.facts import TrainingFacts
from models.messages.policies import TrainingPolicy
from models.messages.words import Instrument
from schemes.checks import Check, stated
from schemes.competence import competent_fund
from schemes.completeness import (
    account_number_valid,
    documents_present,
    end_not_before_start,
    no_agency_workers,
    no_managers,
    nothing_missing,
    people_as_counted,
)
from schemes.terms import Term

Rule = Callable[[TrainingFacts, TrainingPolicy], Check]


def check_training(facts: TrainingFacts, policy: TrainingPolicy) -> tuple[Check, ...]:
    """All checks of a training dossier, passed or not, always the same ones in the same order."""
    return (
        nothing_missing(starts_on=facts.starts_on, ends_on=facts.ends_on, hours=facts.hours, cost=facts.cost),
        *(rule(facts, policy) for rule in RULES),
        people_as_counted(facts.participants, facts.stated_participants),
        no_agency_workers(facts.participants),
        no_managers(facts.participants),
        end_not_before_start(facts.starts_on, facts.ends_on),
        account_number_valid(facts.iban_valid),
    )


def documents(facts: TrainingFacts, policy: TrainingPolicy) -> Check:
    """Before the course a quote and a programme, after it the proof; informal training has its own list (example)."""
    groups = policy.documents_before if facts.filed == "before" else policy.documents_after
    return documents_present(facts.documents, groups, "domain.md 3.2, example list")


def amount_readable(facts: TrainingFacts, _: TrainingPolicy) -> Check:
    """The amount asked is a number."""
    return Check(
        code="BEDRAG_ONLEESBAAR",
        passed=facts.asked is not None,
        blocking="complete",
        source="[assumption]",
        fields=("asked",),
    )


def amount_plausible(facts: TrainingFacts, policy: TrainingPolicy) -> Check:
    """Not more than cost minus SME wallet, nor than rate x planned hours x participants (domain.md 3.3 and 3.4)."""
    values = stated(asked=facts.asked, cost=facts.cost, sme_wallet=facts.sme_wallet, highest=highest(facts, policy))
    case = _implausible(facts, policy)
    return Check(
        code="BEDRAG_TYPFOUT",
        passed=case is None,
        blocking="complete",
        source="domain.md 3.4",
        fields=("cost",) if case == "cost" else ("asked",),
        values=values | ({"case": case} if case else {}),
    )


def highest(facts: TrainingFacts, policy: TrainingPolicy) -> Decimal | None:
    """Rate x planned hours x everybody on the form; None when the hours are not known."""
    if facts.hours is None:
        return None
    return policy.rate_per_participant_hour * facts.hours * len(facts.participants)


def _implausible(facts: TrainingFacts, policy: TrainingPolicy) -> str | None:
    """Which figure looks wrong: the asked amount (its comma), the cost, the part after the wallet, or the hours."""
    most = highest(facts, policy)
    if facts.asked is None:
        return None
    too_many_hours = most is not None and facts.asked > most
    if facts.cost is not None and facts.asked > facts.cost:
        return "comma" if too_many_hours else "cost"
    if facts.cost is not None and facts.asked > facts.cost - facts.sme_wallet:
        return "wallet"
    return "hours" if too_many_hours else None


def nothing_in_the_future(facts: TrainingFacts, _: TrainingPolicy) -> Check:
    """A course that was followed did not end after the file was handed over; nobody was born after it either."""
    followed = (facts.ends_on, facts.starts_on) if facts.filed == "after" else ()
    late = next((day for day in followed if day is not None and day > facts.known_on), None)
    unborn = [str(person.line) for person in facts.participants if person.born_after_handover]
    return Check(
        code="DATUM_IN_TOEKOMST",
        passed=late is None and not unborn,
        blocking="complete",
        source="[assumption]",
        fields=("ends_on", "starts_on") if late else ("participants",) if unborn else (),
        values=stated(case=None if late else "birth" if unborn else None, day=late, lines=",".join(unborn) or None),
    )


def filed_in_time(facts: TrainingFacts, policy: TrainingPolicy) -> Check:
    """After the course: at the latest the claim term after its last day, that day included (example: three months)."""
    last_day = Term.parse(policy.claim_term).after(facts.ends_on) if facts.ends_on else None
    late = facts.filed == "after" and last_day is not None and facts.filed_on > last_day
    return Check(
        code="TE_LAAT_INGEDIEND",
        passed=not late,
        blocking="refuse",
        source="domain.md 3.3, example",
        fields=("ends_on", "filed_on"),
        values=stated(ends_on=facts.ends_on, filed_on=facts.filed_on, last_day=last_day, term=policy.claim_term),
    )


def enough_hours(facts: TrainingFacts, policy: TrainingPolicy) -> Check:
    """Formal training counts at least 4 hours, informal at least 32 (P1)."""
    formal = facts.instrument is Instrument.FORMAL_TRAINING
    return Check(
        code="UREN_TE_WEINIG",
        passed=facts.hours is None or facts.hours >= policy.minimum_hours,
        blocking="refuse",
        source="P1",
        fields=("hours",),
        values=stated(case="formal" if formal else "informal", hours=facts.hours, minimum=policy.minimum_hours),
    )


def not_too_many_hours(facts: TrainingFacts, policy: TrainingPolicy) -> Check:
    """Informal training counts at most 160 hours (P1); beyond it a handler looks whether it is still a training."""
    most = policy.maximum_hours
    return Check(
        code="UREN_TE_VEEL",
        passed=facts.hours is None or most is None or facts.hours <= most,
        blocking="look",
        source="P1",
        fields=("hours",),
        values=stated(hours=facts.hours, maximum=most),
    )


def fund_competent(facts: TrainingFacts, policy: TrainingPolicy) -> Check:
    """The establishment lies in the province of the fund on the day of filing (domain.md 1)."""
    fund = competent_fund(facts.postcode, facts.filed_on)
    case = "none" if fund is None else None
    return Check(
        code="BUITEN_PROVINCIE",
        passed=fund is policy.fund,
        blocking="refer",
        source="domain.md 1",
        fields=("postcode",),
        values=stated(case=case, postcode=facts.postcode, municipality=facts.municipality, own=policy.fund, fund=fund),
    )


def not_a_duplicate(facts: TrainingFacts, _: TrainingPolicy) -> Check:
    """The same course for the same people is not asked for twice."""
    return Check(
        code="DUBBELE_AANVRAAG",
        passed=facts.duplicate_of is None,
        blocking="look",
        source="domain.md 3.4, [assumption]",
        fields=("duplicate_of",),
        values=stated(duplicate_of=facts.duplicate_of),
    )


RULES: tuple[Rule, ...] = (
    documents,
    amount_readable,
    amount_plausible,
    nothing_in_the_future,
    filed_in_time,
    enough_hours,
    not_too_many_hours,
    fund_competent,
    not_a_duplicate,
)
