"""How many people an employer has on the day that counts for a year."""

from models.messages.message import Message


class CompanyYear(Message):
    """Whose headcount is asked: the employer of a dossier, for a calendar year."""

    number: str
    year: int


class Headcount(Message):
    """Heads on 30 September of the year before `year`, over all establishments within the fund; None: not known."""

    year: int
    workers: int | None
    employees: int | None
