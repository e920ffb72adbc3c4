"""A cohort followed: the list of cohorts, one of them with its people, and its file."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from absences import today
from models.messages.words import Role
from portal.access.rights import Staff
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.cohorts.file_pages import INTAKE
from portal.cohorts.spreadsheet import Value, as_csv, as_xlsx
from portal.language import marked as _
from portal.language import tongue
from portal.pages import language_of, render
from portal.wording import Wording
from reading import cohort_files, cohorts
from reading.cohorts import Someone, Wanted
from schemes.cohorts import hours_due

router = APIRouter(prefix="/cohorten")
ACTING = INTAKE | {Role.HANDLER}
"""Who says that a closure has a successor, or goes to another fund."""
ASKED = {"naam": "name", "fase": "phase", "uitkomst": "outcome", "regime": "regime", "alleen": "only", "na": "after"}
"""What the address says, and what is asked with it."""
ONLY = {
    "late": _("Te laat"),
    "asked": _("Wacht op een antwoord"),
    "unreachable": _("Niet te bereiken"),
    "known": _("Eerder ontslagen"),
}
COLUMNS = (
    _("Dossier"),
    _("Naam"),
    _("Fase"),
    _("Uitkomst"),
    _("Regime"),
    _("Bureau"),
    _("Uren"),
    _("Laatst bekend"),
    _("Reden"),
    _("Uiterste dag"),
    _("Ander traject"),
)


@router.get("")
async def overview(request: Request, visitor: Staff, rows: Rows, na: str = "") -> Response:
    """Cohorts of the own funds, newest first, with the files that wait."""
    found, behind = await cohorts.cohorts(rows, visitor.funds, today(), na)
    return render(
        request,
        visitor,
        "cohorts/overview.html",
        cohorts=found,
        behind=behind,
        waiting=await cohort_files.waiting(rows, visitor.funds),
        clerk=bool(INTAKE & visitor.roles),
    )


@router.get("/{number}")
async def cohort(request: Request, visitor: Staff, rows: Rows, number: str) -> Response:
    """One closure as one thing."""
    return await shown(request, visitor, rows, number)


@router.get("/{number}/uitvoer.csv")
async def csv_file(request: Request, visitor: Staff, rows: Rows, number: str) -> Response:
    """Everybody, as CSV."""
    return as_csv(list(await _table(request, visitor, rows, number)), f"cohort-{number}.csv")


@router.get("/{number}/uitvoer.xlsx")
async def xlsx_file(request: Request, visitor: Staff, rows: Rows, number: str) -> Response:
    """Everybody, as a workbook."""
    return as_xlsx(list(await _table(request, visitor, rows, number)), f"cohort-{number}.xlsx")


async def shown(request: Request, visitor: Visitor, rows: Any, number: str) -> Response:
    """The page of one cohort."""
    head = await cohorts.head(rows, number)
    if head is None:
        raise HTTPException(404)
    day, said = today(), request.query_params
    wanted = Wanted(**{name: said.get(asked, "") for asked, name in ASKED.items()})
    everybody = await cohorts.everybody(rows, number)
    listed, behind = await cohorts.people(rows, number, wanted, day)
    kept = {asked: said[asked] for asked in ASKED if said.get(asked) and asked != "na"}
    return render(
        request,
        visitor,
        "cohorts/cohort.html",
        head=head,
        standing=cohorts.standing(everybody, day),
        due=sum((hours_due(one.regime) for one in everybody if _guided(one)), Decimal(0)),
        people=listed,
        wanted=wanted,
        only=ONLY,
        narrowed=bool(kept),
        next=f"/cohorten/{number}?{urlencode(kept | {'na': behind})}#mensen" if behind else None,
        files=await cohort_files.files_into(rows, number),
        today=day,
        no_end=cohorts.NO_END,
        clerk=bool(INTAKE & visitor.roles),
        acting=bool(ACTING & visitor.roles),
    )


def _guided(one: Someone) -> bool:
    """Whether hours are due to this person: the guidance began or is still to come."""
    return one.outcome not in ("not_started", "handed_over", "withdrawn")


async def _table(request: Request, visitor: Visitor, rows: Any, number: str) -> Iterator[tuple[Value, ...]]:
    if await cohorts.head(rows, number) is None:
        raise HTTPException(404)
    language = language_of(request, visitor)
    say, words = tongue(language), Wording(language)
    everybody = sorted(await cohorts.everybody(rows, number), key=lambda one: (one.waits, one.number))
    return iter([tuple(say(column) for column in COLUMNS), *(_line(one, words) for one in everybody)])


def _line(one: Someone, words: Wording) -> tuple[Value, ...]:
    last: date | None = None if one.waits == cohorts.NO_END else one.waits
    known = words.word(one.became, "follow_up_outcomes") if one.became else ""
    told = (known, words.word(one.unknown, "reasons") if one.unknown else "")
    where = (words.word(one.phase, "phases") if one.outcome is None else "", words.word(one.outcome, "outcomes"))
    what = (words.word(one.regime, "regimes") if one.regime else "", one.agency or "", one.hours)
    return (one.number, one.name, *where, *what, *told, last, one.earlier or "")
