"""How long personal data of a closed dossier is kept.

What tells of people goes some years after the dossier was closed (domain.md 9 names 24 months for notes of a trajectory
and 2 years for what was refused, both [example]; one term for all is a choice of this house). What proves a payment
stays with the books: ten years after the year of the last payment (WIB art. 315, domain.md 9 [P103] [P104]).
"""

from datetime import date

from models.messages.message import Message
from schemes.terms import add_months

MONTHS = 12


class Retention(Message):
    """The terms, in whole years."""

    people_years: int
    books_years: int


class Spent(Message):
    """Whose terms are over."""

    people: bool
    books: bool


def spent(terms: Retention, closed_on: date, last_paid_on: date | None, today: date) -> Spent:
    """Which terms are over on a day. Without a payment there are no books: then all goes with the first term."""
    people = today > add_months(closed_on, MONTHS * terms.people_years)
    if last_paid_on is None:
        return Spent(people=people, books=people)
    return Spent(people=people, books=people and today.year > last_paid_on.year + terms.books_years)
