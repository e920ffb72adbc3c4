"""Everything in the samples that says who somebody is, in every form in which it could turn up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from importing import Application, Batch, EmployerRow
from importing.applications import PersonalData

SHORTEST = 4
"""Letters; shorter parts of a name, such as 'Van', are words of any text."""
EXPERT = "Externe expert"


def traces(batch: Batch) -> set[str]:
    """Names, addresses, account numbers, telephone numbers and birth dates of everybody in the samples."""
    found: set[str] = set()
    for application in batch.applications:
        for one in (application, *application.trajectories):
            found.update(_of_application(one))
    for employer in batch.employers:
        found.update(_of_employer(employer))
    return {trace for trace in found if trace}


def _of_application(application: Application) -> Iterator[str]:
    personal: PersonalData = application.personal
    yield from _name(personal.contact_name)
    yield from _name(personal.texts.get(EXPERT, ""))
    yield from _reached(personal.email, personal.phone, personal.iban)
    for person in personal.people:
        yield from _name(f"{person.first_name} {person.last_name}")
        if person.birth_date is not None:
            yield from _day(person.birth_date)


def _of_employer(employer: EmployerRow) -> Iterator[str]:
    yield from _name(employer.contact_name)
    yield from _reached(employer.email, employer.phone, employer.iban)


def _name(name: str) -> Iterator[str]:
    yield from (part for part in re.findall(r"[^\W\d_]+", name) if len(part) >= SHORTEST)


def _reached(email: str, phone: str, iban: str) -> Iterator[str]:
    yield email
    yield email.split("@")[0] if "." in email.split("@")[0] else ""
    digits = re.sub(r"\D", "", phone)
    yield from (phone, digits, f"+32{digits[1:]}" if digits else "")
    yield from (iban, re.sub(r"\s", "", iban))


def _day(day: date) -> Iterator[str]:
    yield from (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%Y}", f"{day:%d.%m.%Y}", f"{day:%Y%m%d}")
    yield f"{day.day}/{day.month}/{day.year}"


def found_in(text: str, searched: Iterable[str]) -> list[str]:
    """Which traces stand in a text, as whole words, however they are capitalised."""
    said = text.casefold()
    words = set(re.findall(r"\w+", said))
    return sorted(trace for trace in {one.casefold() for one in searched} if _stands(trace, said, words))


def _stands(trace: str, said: str, words: set[str]) -> bool:
    if re.fullmatch(r"\w+", trace):
        return trace in words
    return trace in said and re.search(rf"(?<!\w){re.escape(trace)}(?!\w)", said) is not None
