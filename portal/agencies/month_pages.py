"""One month of an agency on one page: hours, sessions and first talks of everybody, typed in or from a file."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from models.errors import Refusal
from portal.access.rows import Rows, seen_by
from portal.access.visitor import Visitor
from portal.agencies import month_file, registering, typed
from portal.agencies.month_file import COLUMNS, Line, Wrong
from portal.agencies.months import NAMED, a_month, as_month, beside, guided_in, usual
from portal.agencies.participants import NUMBER, UNPROCESSABLE, Agency, one_of
from portal.agencies.registering import Act, Why, wrong_in
from portal.agencies.typed import Typed
from portal.house import House, house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.refusals import in_words
from reading.guided import Guided, guided
from schemes.calendar import local_date

router = APIRouter(prefix="/bureau/maand")
AT_ONCE = 8
"""Dossiers that are told something at the same time."""
ON_A_PAGE = 200
NOT_YOURS = _("Dit dossier is niet van uw bureau, of het bestaat niet.")


class Row(NamedTuple):
    """One participant in the table, with what is typed and why it is refused."""

    one: Guided
    typed: Typed
    wrong: Mapping[str, str]


class Previewed(NamedTuple):
    """One line of a file: of whom it is, what it changes, or why it cannot be registered."""

    line: Line
    one: Guided | None
    act: Act
    wrong: Mapping[str, str]

    @property
    def state(self) -> str:
        """wrong, new or known."""
        if self.wrong:
            return "wrong"
        return "new" if self.one and registering.unsaid(self.one, self.act) != Act() else "known"


@router.get("")
async def this_month(_visitor: Agency, rows: Rows) -> Response:
    """To the month that is to be filled in now."""
    return go(f"/bureau/maand/{as_month(usual(_today(await guided(rows))))}")


@router.get("/{month}")
async def show(request: Request, visitor: Agency, rows: Rows, month: str, blad: int = 1) -> Response:
    """Everybody who was guided in a month, with the hours that are registered."""
    about = _month(month)
    return _page(request, visitor, await guided(rows, month=month), about, sheet=blad)


@router.post("/{month}")
async def keep(request: Request, visitor: Agency, rows: Rows, month: str, blad: int = 1) -> Response:
    """Register what was typed, row by row: a row that is refused stays, and does not hold up the others."""
    about, form, now = _month(month), await request.form(), datetime.now(UTC)
    found = await guided(rows, month=month)
    acts: dict[str, Act] = {}
    refused: dict[str, Mapping[str, Why]] = {}
    rows_typed: dict[str, Typed] = {}
    for one in _sheet(_in_month(found, about), blad):
        row = Typed(**{field: str(form.get(f"{name}.{one.number}", "")) for field, name in NAMED.items()})
        read = typed.read(row, about)
        problems = read.problems or registering.problems_of(one, read.act, now)
        rows_typed[one.number] = row
        if problems:
            refused[one.number] = problems
        elif registering.unsaid(one, read.act) != Act():
            acts[one.number] = read.act
    by_number = {one.number: one for one in found}
    told = await _all(house_of(request), visitor, [(by_number[number], act) for number, act in acts.items()])
    refused |= {number: {"hours": Why(_said(visitor, refusal))} for number, refusal in told.items()}
    say = tongue(language_of(request, visitor))
    kept = len(acts) - len(told)
    if refused:
        return _page(request, visitor, found, about, sheet=blad, typed_rows=rows_typed, refused=refused, kept=kept)
    done, nothing = _("Bewaard. Aantal deelnemers: %(count)s."), _("Er was niets nieuws te bewaren.")
    text = say(done, count=kept) if kept else say(nothing)
    return go(f"/bureau/maand/{month}?blad={blad}", Flash(text=text, tone="good" if kept else "warn"))


@router.get("/{month}/sjabloon.csv")
async def template(_visitor: Agency, rows: Rows, month: str) -> Response:
    """The file of the month to fill in."""
    about = _month(month)
    text = month_file.template(_in_month(await guided(rows, month=month), about), about)
    named = {"content-disposition": f'attachment; filename="uren-{as_month(about)}.csv"', "cache-control": "no-store"}
    return Response(text, media_type="text/csv; charset=utf-8", headers=named)


@router.post("/{month}/bestand")
async def look(request: Request, visitor: Agency, rows: Rows, month: str, bestand: UploadFile) -> Response:
    """What a file would register, and what is wrong with it, before anything happens."""
    about = _month(month)
    lines, wrong = month_file.lines(await bestand.read(month_file.MOST_BYTES + 1), about)
    previewed = await _previewed(request, visitor, rows, lines)
    return _preview(request, visitor, about, previewed, wrong)


@router.post("/{month}/bestand/bevestigen")
async def confirm(request: Request, visitor: Agency, rows: Rows, month: str) -> Response:
    """Register the lines that were looked at; they are read again, whatever the form brought."""
    about = _month(month)
    try:
        lines = month_file.unpacked(str((await request.form()).get("regels", "")))
    except ValueError as bad:
        raise HTTPException(422) from bad
    previewed = await _previewed(request, visitor, rows, lines)
    good = [(one.one, one.act) for one in previewed if one.state == "new" and one.one is not None]
    told = await _all(house_of(request), visitor, good)
    say = tongue(language_of(request, visitor))
    if told:
        shown = [
            one._replace(wrong={"number": _said(visitor, told[one.line.number])})
            for one in previewed
            if one.line.number in told
        ]
        return _preview(request, visitor, about, shown, [])
    text = say(_("Bewaard. Aantal regels uit het bestand: %(count)s."), count=len(good))
    return go(f"/bureau/maand/{month}", Flash(text=text))


async def _all(house: House, visitor: Visitor, acts: Iterable[tuple[Guided, Act]]) -> dict[str, Refusal]:
    """Tell every dossier what is new, some at the same time and each in order; what was refused, by number."""
    of_one: dict[str, list[tuple[Guided, Act]]] = {}
    for one, act in sorted(acts, key=lambda pair: (pair[0].number, pair[1].month.month if pair[1].month else date.max)):
        of_one.setdefault(one.number, []).append((one, act))
    hands, refused = asyncio.Semaphore(AT_ONCE), dict[str, Refusal]()

    async def tell(number: str, told: list[tuple[Guided, Act]]) -> None:
        async with hands:
            try:
                for place, (one, act) in enumerate(told):
                    known = await _anew(house, visitor, number) if place else one
                    await registering.register(house, visitor.actor(), known, act, datetime.now(UTC))
            except Refusal as refusal:
                refused[number] = refusal

    await asyncio.gather(*(tell(number, told) for number, told in of_one.items()))
    return refused


async def _anew(house: House, visitor: Visitor, number: str) -> Guided:
    async with seen_by(house.reading, visitor) as rows:
        return await one_of(rows, number)


async def _previewed(request: Request, visitor: Visitor, rows: Rows, lines: list[Line]) -> list[Previewed]:
    """Each line beside the participant it is about, whoever that is of the agency."""
    say, now = tongue(language_of(request, visitor)), datetime.now(UTC)
    numbers = {line.number for line in lines if NUMBER.fullmatch(line.number)}
    known = {one.number: one for one in await guided(rows, numbers=numbers)}
    previewed = []
    for line in lines:
        one, about = known.get(line.number), a_month(line.month)
        if one is None or about is None:
            previewed.append(Previewed(line, None, Act(), {"number": say(NOT_YOURS)}))
            continue
        read = typed.read(line.typed, about)
        problems = read.problems or registering.problems_of(one, read.act, now)
        previewed.append(Previewed(line, one, read.act, wrong_in(say, problems)))
    return previewed


def _preview(
    request: Request, visitor: Visitor, month: date, previewed: list[Previewed], wrong: list[Wrong]
) -> Response:
    counted = {state: sum(one.state == state for one in previewed) for state in ("new", "known", "wrong")}
    return render(
        request,
        visitor,
        "agencies/month_file.html",
        status=UNPROCESSABLE if wrong or counted["wrong"] else 200,
        month=as_month(month),
        first=month,
        previewed=previewed,
        wrong=wrong,
        counted=counted,
        columns=COLUMNS,
        packed=month_file.packed(one.line for one in previewed if one.state == "new"),
    )


def _page(
    request: Request,
    visitor: Visitor,
    found: tuple[Guided, ...],
    month: date,
    *,
    sheet: int = 1,
    typed_rows: Mapping[str, Typed] | None = None,
    refused: Mapping[str, Mapping[str, Why]] | None = None,
    kept: int = 0,
) -> Response:
    say, refused = tongue(language_of(request, visitor)), refused or {}
    everybody = _in_month(found, month)
    table = [
        Row(one, (typed_rows or {}).get(one.number, _standing(one, month)), wrong_in(say, refused.get(one.number, {})))
        for one in _sheet(everybody, sheet)
    ]
    values: dict[str, Any] = {
        "first": month,
        "month": as_month(month),
        "before": as_month(beside(month, -1)),
        "after": as_month(beside(month, 1)) if beside(month, 1) <= _today(found) else None,
        "table": table,
        "kept": kept,
        "sheet": sheet,
        "sheets": -(-len(everybody) // ON_A_PAGE),
        "filled": sum(one.month(as_month(month)) is not None for one in everybody),
        "everybody": len(everybody),
    }
    return render(request, visitor, "agencies/month.html", status=UNPROCESSABLE if refused else 200, **values)


def _standing(one: Guided, month: date) -> Typed:
    """What is registered, as it would be typed."""
    stands = one.month(as_month(month))
    if stands is None:
        return Typed()
    first_on = f"{stands.told.first_on:%d/%m/%Y}" if stands.told.first_on else ""
    return Typed(typed.shown(stands.told.hours), str(stands.told.sessions), first_on)


def _sheet(everybody: list[Guided], sheet: int) -> list[Guided]:
    return everybody[(max(sheet, 1) - 1) * ON_A_PAGE : max(sheet, 1) * ON_A_PAGE]


def _in_month(found: Iterable[Guided], month: date) -> list[Guided]:
    now = datetime.now(UTC)
    people = list(found)
    courses = {one.number: registering.course_of(one, now) for one in people}
    return sorted(guided_in(people, month, courses), key=lambda one: (one.name.casefold(), one.number))


def _today(found: Iterable[Guided]) -> date:
    """Today, or the furthest day that a rehearsed participant came to."""
    now = datetime.now(UTC)
    days = [registering.course_of(one, now).today for one in found if one.closed is None]
    return max(days, default=local_date(now))


def _month(text: str) -> date:
    found = a_month(text)
    if found is None:
        raise HTTPException(404)
    return found


def _said(visitor: Visitor, refusal: Refusal) -> str:
    return in_words(tongue(visitor.language), refusal).replace("%", "%%")
