"""The repeating groups of a form: add, repair and remove a row, or paste and load a list and look at it first."""

from collections.abc import Callable
from typing import Any, NamedTuple

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from absences import today
from models.errors import Refusal
from portal.access.visitor import Visitor
from portal.applying.apply_pages import CONFLICT, UNPROCESSABLE, Applicant, draft_of, group_of, number_in, said
from portal.applying.drafts import Drafts, Elsewhere, Standing
from portal.applying.sending import uploads_of
from portal.applying.showing import page_of
from portal.documents.uploads import Belongs
from portal.forms.answers import Filled, answers_in, row_faults
from portal.forms.filling import Problem, fields_of, problems_by_column, typed_in
from portal.forms.lists import loaded, pasted
from portal.forms.questions import Form, Group, Rows
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.refusals import Refused, in_words

router = APIRouter()
MOST_OF_A_LIST = 5 * 1024 * 1024
"""Bytes of a list that is loaded."""


Edit = Callable[[Filled], Filled]


class _List(NamedTuple):
    standing: Standing
    form: Form
    group: Group
    rows: Rows


async def _list_in(request: Request, visitor: Visitor, draft: str, page: str) -> _List:
    standing, form = await draft_of(request, visitor, draft)
    group = group_of(form, page)
    if group.rows is None:
        raise HTTPException(404)
    return _List(standing, form, group, group.rows)


@router.post("/aanvragen/{draft}/{page}/rij")
async def put_row(request: Request, visitor: Applicant, draft: str, page: str) -> Response:
    """Add a row, or put a repaired one in its place; one with mistakes is shown again as it was typed."""
    at = await _list_in(request, visitor, draft, page)
    told = await request.form()
    typed = {column: text for column, text in typed_in(at.rows.questions, told).items() if text}
    number = number_in(told.get("rij"))

    def edit(before: Filled) -> Filled:
        if number is None:
            return before.model_copy(update={"rows": (*before.rows, typed)})
        return before.model_copy(update={"rows": (*before.rows[: number - 1], typed, *before.rows[number:])})

    if not typed or row_faults(at.group, (typed,), answers_in(at.standing.typed), today()):
        return await _again(request, visitor, draft, page, typed, number)
    seen = None if number is None else number_in(told.get("versie")) or 0
    return await _changed(request, visitor, draft, page, edit, seen, _("De lijst is bewaard."), "#rij")


@router.post("/aanvragen/{draft}/{page}/rij-weg")
async def remove_row(request: Request, visitor: Applicant, draft: str, page: str) -> Response:
    """Take a row away."""
    await _list_in(request, visitor, draft, page)
    told = await request.form()
    number = number_in(told.get("rij")) or 0

    def edit(before: Filled) -> Filled:
        kept = tuple(row for place, row in enumerate(before.rows, start=1) if place != number)
        return before.model_copy(update={"rows": kept})

    seen = number_in(told.get("versie")) or 0
    return await _changed(request, visitor, draft, page, edit, seen, _("De rij is weggehaald."), "#lijst")


@router.post("/aanvragen/{draft}/{page}/lijst")
async def offer(request: Request, visitor: Applicant, draft: str, page: str) -> Response:
    """Read a pasted or loaded list; nothing of it counts before somebody looked and said yes."""
    rows = (await _list_in(request, visitor, draft, page)).rows
    try:
        found = await _offered(request, rows)
    except Refusal as refusal:
        told = in_words(tongue(language_of(request, visitor)), refusal)
        return await _page(request, visitor, draft, page, UNPROCESSABLE, refusal=told)

    def edit(before: Filled) -> Filled:
        return before.model_copy(update={"offered": found})

    return await _changed(request, visitor, draft, page, edit, None, _("Kijk de lijst na."), "#aanbod")


@router.post("/aanvragen/{draft}/{page}/lijst-over")
async def take_over(request: Request, visitor: Applicant, draft: str, page: str) -> Response:
    """Add the list that was looked at, put it in the place of all rows, or leave it."""
    rows = (await _list_in(request, visitor, draft, page)).rows
    how = str((await request.form()).get("hoe", ""))

    def edit(before: Filled) -> Filled:
        kept = {"toevoegen": (*before.rows, *before.offered), "vervangen": before.offered}.get(how, before.rows)
        return before.model_copy(update={"rows": kept[: rows.most], "offered": ()})

    told = _("De lijst is niet overgenomen.") if how == "niet" else _("De lijst is overgenomen.")
    return await _changed(request, visitor, draft, page, edit, None, told, "#lijst")


async def _offered(request: Request, rows: Rows) -> tuple[dict[str, str], ...]:
    if int(request.headers.get("content-length") or MOST_OF_A_LIST + 1) > MOST_OF_A_LIST:
        raise Refused("FileTooLarge", _("Deze lijst is te groot: hoogstens 5 MB."))
    async with request.form() as told:
        file = told.get("bestand")
        if isinstance(file, UploadFile) and file.filename:
            return await loaded(rows, file.filename, await file.read())
        return pasted(rows, str(told.get("lijst", "")))


async def _changed(
    request: Request, visitor: Visitor, draft: str, page: str, edit: Edit, seen: int | None, text: str, place: str
) -> Response:
    try:
        await Drafts(house_of(request).engine).save(visitor, draft, page, edit, seen)
    except Elsewhere:
        told = said(
            request,
            visitor,
            _("Deze lijst veranderde in een ander venster. Kijk na wat er nu staat en doe het opnieuw."),
        )
        return await _page(request, visitor, draft, page, CONFLICT, refusal=told)
    flash = Flash(text=said(request, visitor, text))
    return go(f"/aanvragen/{draft}/{page}{place}", flash)


async def _again(
    request: Request, visitor: Visitor, draft: str, page: str, typed: dict[str, str], number: int | None
) -> Response:
    """The row as it was typed, with what is wrong beside its fields."""
    at = await _list_in(request, visitor, draft, page)
    answers, say = answers_in(at.standing.typed), tongue(language_of(request, visitor))
    problems = problems_by_column(say, row_faults(at.group, (typed,), answers, today()), 1)
    fields = fields_of(at.rows.questions, typed, answers, problems)
    named = [Problem(problem, f"#{f.id}") for f in fields if (problem := f.problem)]
    more = {"row_fields": fields, "row": number, "problems": named}
    return await _page(request, visitor, draft, page, UNPROCESSABLE, **more)


async def _page(request: Request, visitor: Visitor, draft: str, page: str, status: int, **more: Any) -> Response:
    at = await _list_in(request, visitor, draft, page)
    files = await uploads_of(house_of(request)).of(Belongs(draft=draft))
    values = page_of(at.standing, at.form, at.group, files, tongue(language_of(request, visitor)))
    limit = house_of(request).settings.upload_limit_mb
    return render(request, visitor, "parties/page.html", status=status, limit_mb=limit, **(values | more))
