"""A grant in parts: what each slice comes to, to the cent, whatever was paid or changed before.

Every part brings what was paid up to its own share of the grant. So parts always add up to the grant, a grant that was
lowered underway is never overpaid by a later part, and one that was raised is made good by the next; when no next part
is left, by a closing part.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from models.messages.facts import ProjectFacts
from models.messages.message import Message
from models.messages.policies import Slice
from schemes.calendar import ONE_DAY
from schemes.money import HUNDRED, cents, percentage
from schemes.terms import Term

NOTHING = Decimal(0)
Moment = Literal["approval", "interim_report", "final_report", "retention"]


class Instalment(Message):
    """A part of a grant in euro, whole cents, and the moment of the policy that makes it payable."""

    number: int
    moment: Moment
    amount: Decimal


def instalments(
    granted: Decimal, slices: Sequence[Slice], settled: int = 0, paid: Decimal = NOTHING
) -> tuple[Instalment, ...]:
    """The parts still to be paid of a grant in euro, after `settled` parts by which `paid` euro was paid.

    Half a cent goes up; what rounding moves, the last part takes back. A part is never below zero.
    Source: the slices of the policy (domain.md 4: 30/40/30, 5: 40/40/20, example).
    """
    parts: list[Instalment] = []
    share, reached = NOTHING, paid
    for number, part in enumerate(slices, start=1):
        share += part.percentage
        goal = granted if share >= HUNDRED else cents(percentage(granted, share))
        if number <= settled:
            continue
        parts.append(Instalment(number=number, moment=part.moment, amount=max(goal - reached, NOTHING)))
        reached = max(reached, goal)
    return tuple(parts)


def closing_part(granted: Decimal, slices: Sequence[Slice], settled: int, paid: Decimal) -> Instalment:
    """What is left of a grant in euro that was raised when all its `slices` were settled, under a number of its own.

    Zero when all was paid. [assumption: payable with the last slice, once the final amount is determined anew]
    """
    return Instalment(number=settled + 1, moment=slices[-1].moment, amount=max(granted - paid, NOTHING))


def next_report_day(starts_on: date, ends_on: date, every: str, after: date) -> date | None:
    """The first day after `after` on which a regular report is due, each `every` from the start; None near the end.

    Reports that fell due meanwhile are covered by the one that came. Source: domain.md 4 (each eight weeks, example).
    """
    term = Term.parse(every)
    day = term.after(starts_on)
    while day <= after:
        day = term.after(day)
    return day if day <= ends_on else None


def interim_day(facts: ProjectFacts) -> date:
    """When the one interim report of a project is due: the planned day of its part, or halfway [assumption]."""
    halfway = facts.starts_on + (facts.ends_on - facts.starts_on) // 2
    planned = (part.planned_on for part in facts.instalments if part.moment == "interim_report")
    day = next(planned, None) or halfway
    return min(max(day, facts.starts_on + ONE_DAY), max(facts.ends_on, facts.starts_on + ONE_DAY))
