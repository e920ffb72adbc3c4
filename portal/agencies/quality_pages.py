"""Pages of agencies for staff, and each agency's own: quality by its numbers, agreements by their prices, as a file."""

import csv
import io
from collections.abc import Iterable
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

import policies
from absences import today
from models.messages.words import Fund
from policies import agreements
from policies.agreements import Agreed
from portal.access.rights import Staff
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.agencies.participants import Agency
from portal.agencies.quality import QualityShown, qualities
from portal.days import AskedDay as Day
from portal.figures.gathering import YES
from portal.language import marked as _
from portal.language import tongue
from portal.pages import language_of, render
from portal.staff.export import harmless
from portal.wording import Wording
from reading.agencies import courses
from schemes.calendar import end_of_day

router = APIRouter()
HIDDEN = "<5"
"""What a file writes for a number that is hidden; the page says it in words."""
REHEARSED = _("Oefening: deze cijfers gaan over oefendossiers, niet over echte mensen.")


class Asked:
    """A period and the day from which it is seen: of nothing said, this year until today.

    Rehearsed people are looked at when somebody asks for them, or when there are no others.
    """

    def __init__(self, van: Day = None, tot: Day = None, op: Day = None, oefening: str = "") -> None:
        self.day = op or today()
        self.until = tot or self.day
        self.since = van or self.until.replace(month=1, day=1)
        self.rehearsed = oefening == YES

    def query(self) -> str:
        """The same question in an address."""
        return f"van={self.since}&tot={self.until}&op={self.day}" + (f"&oefening={YES}" if self.rehearsed else "")


Period = Annotated[Asked, Depends()]


class Found(NamedTuple):
    """The agencies of a question. `rehearsed`: by rehearsed people; `has_both`: there are of each."""

    agencies: tuple[QualityShown, ...]
    rehearsed: bool
    has_both: bool


@router.get("/bureaus")
async def overview(request: Request, visitor: Staff, rows: Rows, asked: Period) -> Response:
    """Every agency of the fund beside the others."""
    found = await _found(rows, asked)
    return render(request, visitor, "agencies/overview.html", asked=asked, found=found.agencies, seen=found)


@router.get("/bureaus/cijfers.csv")
async def as_csv(request: Request, visitor: Staff, rows: Rows, asked: Period) -> Response:
    """The same numbers as a file."""
    return _file(request, visitor, await _found(rows, asked), f"bureaus-{asked.day}.csv")


@router.get("/bureaus/overeenkomsten")
async def agreed(request: Request, visitor: Staff, op: Day = None) -> Response:
    """The framework agreements of the fund, with the source of each price."""
    day = op or today()
    found = _agreements(visitor.funds, None)
    return render(request, visitor, "agencies/agreements.html", agreements=found, told=told, day=day)


@router.get("/bureaus/{agency}")
async def one_agency(request: Request, visitor: Staff, rows: Rows, agency: str, asked: Period) -> Response:
    """One agency in full, with its agreements."""
    known, found = _agreements(visitor.funds, agency), await _found(rows, asked)
    found = found._replace(agencies=tuple(one for one in found.agencies if one.agency == agency))
    if not found.agencies and not known:
        raise HTTPException(404)
    return _one(request, visitor, asked, agency, found, known)


@router.get("/bureau/kwaliteit")
async def own(request: Request, visitor: Agency, rows: Rows, asked: Period) -> Response:
    """What an agency sees of itself: the same numbers as the fund."""
    found = await _found(rows, asked, visitor.agency or "")
    return _one(request, visitor, asked, visitor.agency or "", found, ())


@router.get("/bureau/kwaliteit.csv")
async def own_csv(request: Request, visitor: Agency, rows: Rows, asked: Period) -> Response:
    """The agency's own numbers as a file."""
    return _file(request, visitor, await _found(rows, asked, visitor.agency or ""), f"kwaliteit-{asked.day}.csv")


async def _found(rows: Rows, asked: Asked, agency: str | None = None) -> Found:
    period = (asked.since, asked.until)
    told = await courses(rows, end_of_day(asked.day), accepted=period, agency=agency, rehearsed=asked.rehearsed)
    counted = qualities(told.courses, asked.since, asked.until, asked.day)
    return Found(counted, told.rehearsed, told.has_both)


def _one(
    request: Request,
    visitor: Visitor,
    asked: Asked,
    agency: str,
    found: Found,
    known: tuple[tuple[Fund, Agreed], ...],
) -> Response:
    return render(
        request,
        visitor,
        "agencies/quality.html",
        asked=asked,
        agency=agency,
        own=not visitor.is_staff,
        found=next(iter(found.agencies), None),
        seen=found,
        agreements=known,
        told=told,
        day=asked.day,
    )


def _agreements(funds: Iterable[Fund], agency: str | None) -> tuple[tuple[Fund, Agreed], ...]:
    """The agreements of these funds, of all agencies or of one."""
    return tuple(
        (fund, one)
        for fund in funds
        for one in sorted(agreements.every(fund), key=lambda one: (one.agreement.agency, one.agreement.valid_from))
        if agency in (None, one.agreement.agency)
    )


def told(agreed: Agreed) -> tuple[str, ...]:
    """Where the values of an agreement come from, each source once and in full."""
    known = policies.sources()
    parts = (", ".join(known.get(p.strip(), p.strip()) for p in one.split(",")) for one in agreed.sources.values())
    return tuple(dict.fromkeys(parts))


def _file(request: Request, visitor: Visitor, found: Found, name: str) -> Response:
    language = language_of(request, visitor)
    say, words = tongue(language), Wording(language)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    heads = (_("Bureau"), _("Wat"), _("Aantal"), _("Van"))
    writer.writerow([say(head) for head in heads])
    if found.rehearsed:
        writer.writerow([say(REHEARSED), "", "", ""])
    for one in found.agencies:
        of_one: list[tuple[str, int | None, str]] = [
            (say(_("begonnen")), one.started, ""),
            (say(_("wacht op het eerste gesprek")), one.waiting, ""),
            (say(_("dagen tot het eerste gesprek, mediaan")), one.first_talk.median, ""),
            (say(_("dagen tot het eerste gesprek, 90 procent")), one.first_talk.late, ""),
            (say(_("vragen beantwoord")), one.answered.part, _cell(one.answered.whole)),
            (say(_("dagen tot een antwoord, mediaan")), one.answer_days.median, ""),
            (say(_("begeleiding voorbij")), one.ended, ""),
            (say(_("vond werk, van iedereen")), one.jobs.part, _cell(one.jobs.whole)),
            (say(_("vond werk, van wie het bekend is")), one.jobs_of_known.part, _cell(one.jobs_of_known.whole)),
            (say(_("onbekend")), one.unknown.part, _cell(one.unknown.whole)),
        ]
        for phase in one.phases:
            what = say(_("genoeg uren in fase %(number)s"), number=phase.number)
            of_one.append((what, phase.enough.part, _cell(phase.enough.whole)))
        ended = _cell(one.ended)
        of_one += [(words.word(code, "follow_up_outcomes"), count, ended) for code, count in one.outcomes]
        of_one += [(words.word(code, "unknown_reasons"), count, ended) for code, count in one.reasons]
        for what, count, of in of_one:
            writer.writerow([harmless(one.agency), what, _cell(count), of])
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(f"\ufeff{text.getvalue()}", media_type="text/csv; charset=utf-8", headers=headers)


def _cell(count: int | None) -> str:
    return HIDDEN if count is None else str(count)
