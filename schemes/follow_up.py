"""What became of a person after outplacement: when it is asked, of whom, and what is noted when nobody knows.

Source: domain.md 6.4. The moments and the number of reminders are the fund's own (policy); that the person goes before
the agency, and the agency before the telephone, is a choice of this house.
"""

from collections.abc import Collection, Sequence
from datetime import date

from models.messages.events import PlannedMoment
from models.messages.message import Message
from models.messages.policies import OutplacementPolicy
from models.messages.words import FollowUpOutcome, Party, UnknownReason
from schemes.calendar import ONE_DAY
from schemes.deadlines import Suspension
from schemes.outplacement_terms import FOUR_WEEKS, GENERAL, SPECIAL, THREE_MONTHS, Phase, phases
from schemes.regimes import Regime
from schemes.terms import Term, add_months

AT_THE_END = "end"
"""The moment at which the agency tells what it knows, when the guidance is over."""
LASTING = frozenset({FollowUpOutcome.PENSION, FollowUpOutcome.MOVED_OR_DIED})
"""Outcomes after which a person is left in peace: they hold for every later moment."""
WORK = frozenset(
    {
        FollowUpOutcome.SAME_SECTOR,
        FollowUpOutcome.OTHER_SECTOR,
        FollowUpOutcome.SELF_EMPLOYED,
        FollowUpOutcome.FORMER_EMPLOYER,
    }
)
"""Outcomes that are work: told while the guidance runs, they suspend it as a new job does."""
GONE = ("deceased", "emigrated")
"""Told of a person, these end every question at once."""
FRESH = Term(amount=-28, unit="days")
"""How long a word counts as the answer to a question that was not put yet, also one told in another dossier."""


class Told(Message):
    """What somebody told of a person; unknown always has a reason."""

    outcome: FollowUpOutcome
    reason: UnknownReason | None = None
    by: Party | None = None
    since: date | None = None
    elsewhere: str | None = None
    """The other dossier in which the same person told it."""

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


def firm_from(said_on: date, policy: OutplacementPolicy) -> date:
    """The first day on which a word counts for good: the person had one answer term to put it right."""
    return Term.parse(policy.follow_up_answer_term).after(said_on) + ONE_DAY


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


def told(word: str | None, by: Party, since: date | None = None) -> Told | None:
    """What a word of the closed list says; None for any other word, and for unknown."""
    if word not in set(FollowUpOutcome) or word == FollowUpOutcome.UNKNOWN:
        return None
    return Told(outcome=FollowUpOutcome(word), by=by, since=since)


def fresh_since(today: date) -> date:
    """The first day on which a word had to be said to spare a question today."""
    return FRESH.after(today)


def gone(by: Party) -> Told:
    """What is noted of every moment that is left of somebody who died or went abroad."""
    return Told(outcome=FollowUpOutcome.MOVED_OR_DIED, by=by)


def may_correct(by: Party, told_by: Party | None) -> bool:
    """Whether a later word goes before what stands: the word of an agency never before that of the person."""
    return by in (Party.PARTICIPANT, Party.STAFF) or told_by is not Party.PARTICIPANT


def planned_moments(
    phase_ends: Sequence[date],
    ended_on: date | None,
    months: Sequence[int],
    *,
    early: bool = False,
    asked: Collection[str] = (),
) -> tuple[PlannedMoment, ...]:
    """Which moments apply to somebody who started, and the day on which each is asked.

    `phase_ends` are the last days of the phases of the regime; the end of the last one is the end of the guidance.
    `ended_on` is None while the guidance stands still, so that nobody knows the days. After an `early` end the phases
    that were not `asked` about before it do not apply.
    """
    found = []
    for number, last in enumerate(phase_ends[:-1], 1):
        moment = moment_of_phase(number)
        if early and moment not in asked:
            found.append(PlannedMoment(moment=moment, because="ended_before"))
        else:
            found.append(PlannedMoment(moment=moment, due=last + ONE_DAY if ended_on else None))
    found.append(PlannedMoment(moment=AT_THE_END, due=ended_on + ONE_DAY if ended_on else None))
    later = ((moment_of(number), due(ended_on, number) if ended_on else None) for number in months)
    return (*found, *(PlannedMoment(moment=moment, due=day) for moment, day in later))


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
