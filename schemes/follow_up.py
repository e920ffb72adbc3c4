"""What became of a person after outplacement: when it is asked, of whom, and what is noted when nobody knows.

Source: domain.md 6.4. The moments and the number of reminders are the fund's own (policy); that the person goes before
the agency, and the agency before the telephone, is a choice of this house.
"""

from datetime import date

from models.messages.message import Message
from models.messages.policies import OutplacementPolicy
from models.messages.words import FollowUpOutcome, Party, UnknownReason
from schemes.deadlines import Suspension
from schemes.outplacement_terms import FOUR_WEEKS, GENERAL, SPECIAL, THREE_MONTHS, Phase, phases
from schemes.regimes import Regime
from schemes.terms import Term, add_months

AT_THE_END = "end"
"""The moment at which the agency tells what it knows, when the guidance is over."""
LASTING = frozenset({FollowUpOutcome.PENSION, FollowUpOutcome.MOVED_OR_DIED})
"""Outcomes after which a person is left in peace: they hold for every later moment."""


class Told(Message):
    """What somebody told of a person; unknown always has a reason."""

    outcome: FollowUpOutcome
    reason: UnknownReason | None = None
    by: Party | None = None

    @property
    def lasts(self) -> bool:
        """Whether nothing has to be asked any more."""
        return self.outcome in LASTING


def moment_of(months: int) -> str:
    """The name of a moment after the guidance."""
    return f"{months}_months"


def moment_of_phase(number: int) -> str:
    """The name of the moment at which a phase of the guidance ends."""
    return f"phase_{number}"


def due(ended_on: date, months: int) -> date:
    """The day on which is asked, some calendar months after the last day of the guidance."""
    return add_months(ended_on, months)


def question_term(policy: OutplacementPolicy) -> Term:
    """How long a person may answer: the answer term once for the question and once for every reminder."""
    once = Term.parse(policy.follow_up_answer_term)
    return once.model_copy(update={"amount": once.amount * (policy.follow_up_reminders + 1)})


def question_reminders(policy: OutplacementPolicy) -> tuple[str, ...]:
    """When is asked again, counted back from the last day: an answer term apart."""
    once = Term.parse(policy.follow_up_answer_term)
    times = range(policy.follow_up_reminders, 0, -1)
    return tuple(str(once.model_copy(update={"amount": once.amount * left})) for left in times)


def asked_in_turn(*, consents: bool, reachable: bool) -> tuple[Party, ...]:
    """Who is asked, one after the other until somebody knows: the person, the agency, and staff by telephone.

    A person who wants no questions or cannot be reached is passed over; the agency may know.
    """
    if not consents or not reachable:
        return (Party.AGENCY,)
    return (Party.PARTICIPANT, Party.AGENCY, Party.STAFF)


def unknown(*, consents: bool, reachable: bool) -> Told:
    """What is noted when nobody of those asked knew."""
    if not consents:
        reason = UnknownReason.NO_CONSENT
    else:
        reason = UnknownReason.NO_ANSWER if reachable else UnknownReason.CONTACT_LOST
    return Told(outcome=FollowUpOutcome.UNKNOWN, reason=reason)


def told(word: str | None, by: Party) -> Told | None:
    """What a word of the closed list says; None for any other word, and for unknown."""
    if word not in set(FollowUpOutcome) or word == FollowUpOutcome.UNKNOWN:
        return None
    return Told(outcome=FollowUpOutcome(word), by=by)


def of_call(word: str) -> Told:
    """What a telephone call gives: an outcome, or why it is still not known; told by staff."""
    if found := told(word, Party.STAFF):
        return found
    known = set(UnknownReason) - {UnknownReason.NOT_ASKED_YET}
    reason = UnknownReason(word) if word in known else UnknownReason.NO_ANSWER
    return Told(outcome=FollowUpOutcome.UNKNOWN, reason=reason, by=Party.STAFF)


def return_until(regime: Regime, job_began_on: date) -> date | None:
    """Until when somebody in a new job may come back to the guidance: lost within three months, told in four weeks.

    None where the law knows no resumption (domain.md 6.2; the three months of a cell are practice, not law [P28]).
    """
    if regime not in GENERAL | SPECIAL:
        return None
    return FOUR_WEEKS.after(THREE_MONTHS.after(job_began_on))


def guidance_phases(regime: Regime, started_on: date, suspensions: tuple[Suspension, ...] = ()) -> tuple[Phase, ...]:
    """The phases of the law; guidance that the law does not ask follows the longest ones, 2, 6 and 12 months.

    So the support for a voluntary offer, paid for the first six months and the next six [P52], can be followed
    [assumption].
    """
    return phases(regime, started_on, suspensions) or phases(Regime.GENERAL_INDEMNITY, started_on, suspensions)
