"""Which letter leaves when a task is answered, written with the values it will have: shown before anything is decided.

It is the story that decides what is sent; what it would send is said here a second time, for the eye alone, and a test
holds the two against each other.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import policies
from activities.mail_texts import MailContext, render
from letters.composing import LETTERS, ON_PAPER_ONLY
from models.messages.policies import Policy
from models.messages.words import Fund, Instrument, Language, Outcome
from reading.dossiers import Standing
from reading.staff_dossier import Task
from schemes.deadlines import Deadline
from schemes.terms import Term

GRANTS = frozenset({("approval", "approve"), ("approval", "reduce"), ("board_unions", "approve")})
"""Answers by which a grant is decided; the board's is complete with its second bench."""
REFUSES = frozenset(
    {"admissibility", "review", "approval", "board_employers", "board_unions", "determination", "signature_fund"}
)
MAY_LOWER = frozenset(
    {("review", "approve"), ("determination", "confirm"), ("report_missing", "recover"), ("condition_missing", "lower")}
)
"""Answers that may name a lower amount."""
MUST_LOWER = frozenset({("approval", "reduce")})
ACCOUNT_TERM = "30 days"

Values = Mapping[str, object]


class Answer(NamedTuple):
    """An answer as it is typed: it may still change. Amount in euro."""

    outcome: str
    reasons: tuple[str, ...] = ()
    amount: Decimal | None = None


class Letter(NamedTuple):
    """A letter before it leaves."""

    template: str
    subject: str
    text: str

    @property
    def has_page(self) -> bool:
        """Whether a page goes with the mail."""
        return self.template in LETTERS and self.template not in ON_PAPER_ONLY


class Planned(NamedTuple):
    """What an answer would send: the template with its values, as the story says them."""

    template: str
    values: dict[str, str]


def planned(task: Task, answer: Answer, dossier: Standing, today: date) -> Planned | None:
    """What this answer sends by itself; None when it sends nothing."""
    policy = policies.of_version(Fund(dossier.fund), Instrument(dossier.instrument), dossier.policy)
    found = _Writing(task, answer, dossier, policy, today).found()
    if found is None:
        return None
    template, values = found
    return Planned(template, {key: str(value) for key, value in values.items() if value is not None})


def letter(task: Task, answer: Answer, dossier: Standing, today: date, name: str, language: Language) -> Letter | None:
    """The letter of this answer, to a name and in a language; None when the answer sends none by itself."""
    found = planned(task, answer, dossier, today)
    if found is None:
        return None
    fund = policies.funds()[Fund(dossier.fund)]
    context = MailContext(
        number=dossier.number,
        fund_name=fund.name,
        fund_email=fund.email,
        recipient_name=name or None,
        values=found.values,
    )
    written = render(found.template, language, context)
    return Letter(found.template, written.subject, written.text)


class _Writing(NamedTuple):
    """Everything a letter may speak of."""

    task: Task
    answer: Answer
    dossier: Standing
    policy: Policy
    today: date

    def found(self) -> tuple[str, Values] | None:
        """The template with its values."""
        step, outcome = self.task.step, self.answer.outcome
        if outcome == "refuse" and step in REFUSES:
            paid = self.dossier.paid
            return self._decision(Outcome.REFUSED if paid <= 0 else Outcome.PARTIALLY_GRANTED, paid)
        if (step, outcome) in GRANTS:
            granted = self.amount
            asked = self.dossier.asked
            whole = asked is None or granted >= asked
            return self._decision(Outcome.GRANTED if whole else Outcome.PARTIALLY_GRANTED, granted)
        if (step, outcome) == ("review", "ask"):
            return self._question(self.policy.procedure.completion_term, "lapses", stops_clock=True)
        if (step, outcome) == ("payment", "confirmed"):
            reference = f"{self.dossier.number}/payment"
            return "payment_done", {"amount": self.task.amount, "on": self.today, "reference": reference}
        if (step, outcome) == ("payment", "returned"):
            return self._question(ACCOUNT_TERM, "asked_again", wants="iban")
        return self._other(step, outcome)

    def _other(self, step: str, outcome: str) -> tuple[str, Values] | None:
        if step == "objection":
            return "objection_decided", {"outcome": outcome}
        if step == "change":
            decided = Outcome.GRANTED if outcome == "approve" else Outcome.REFUSED
            reasons = "|".join(self.answer.reasons)
            return "change_decided", {"outcome": decided, "reason": reasons, "amount": self.task.amount}
        return None

    @property
    def amount(self) -> Decimal:
        """What is granted: a lower amount where the answer names one, never more than the task is about."""
        most = self.task.amount or Decimal(0)
        lower = self.answer.amount if (self.task.step, self.answer.outcome) in MUST_LOWER else None
        return most if lower is None else min(lower, most)

    def _decision(self, outcome: Outcome, granted: Decimal) -> tuple[str, Values]:
        template = {Outcome.GRANTED: "decision_granted", Outcome.PARTIALLY_GRANTED: "decision_partial"}
        objection = Deadline(start=self.today, term=Term.parse(self.policy.procedure.objection_term))
        return template.get(outcome, "decision_refused"), {
            "amount": granted,
            "asked": self.dossier.asked,
            "instrument": self.dossier.instrument,
            "reasons": "|".join(self.answer.reasons),
            "until": objection.last_day,
        }

    def _question(self, term: str, silence: str, *, wants: str = "", stops_clock: bool = False) -> tuple[str, Values]:
        until = Deadline(start=self.today, term=Term.parse(term)).last_day
        values = {"until": until, "wants": wants, "silence": silence, "stops_clock": stops_clock or None}
        return "request_documents", values
