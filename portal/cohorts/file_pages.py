"""From a file to a cohort: choose it, see what is in it, repair it, and receive it as one."""

import asyncio
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

import policies
from database import transaction
from importing import ImportRefused
from importing.cohort_files import discard, preview, receive
from importing.cohorts import Announced, Cohort, read_cohort, template
from importing.office import Office
from models.errors import Refusal
from models.messages.policies import OutplacementPolicy
from models.messages.words import Fund, Instrument, Party, Role
from portal.access.rights import Staff, may
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.applying.sending import secret_of
from portal.cohorts.closure_form import QUESTIONS, announced_in
from portal.cohorts.spreadsheet import as_csv
from portal.documents.uploads import MEGABYTE
from portal.forms.filling import Problem, fields_of, typed_in
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.refusals import Refused, in_words
from reading import cohort_files
from schemes.calendar import local_date
from schemes.outplacement_amounts import OutplacementRates

router = APIRouter(prefix="/cohorten")
INTAKE = frozenset({Role.INTAKE, Role.TEAM_LEAD})
"""Who receives files of closures."""
Clerk = Annotated[Visitor, Depends(may(Party.STAFF, roles=INTAKE))]
NOTHING: Mapping[str, str] = {}
SHOWN = 200
"""Faults of a file that cannot be read, told on the page at once."""


@router.get("/nieuw")
async def new(request: Request, visitor: Clerk) -> Response:
    """What holds for everybody, and the file."""
    return _form(request, visitor, {"Faillissement": "nee", "Taal": "nl"})


@router.get("/sjabloon.csv")
async def empty(_visitor: Clerk) -> Response:
    """A short list to fill in, with one invented person."""
    return as_csv(template(), "sjabloon-cohort.csv")


@router.post("/nieuw")
async def upload(request: Request, visitor: Clerk) -> Response:
    """Look at a file; nothing stands in a dossier after it."""
    try:
        _may_be_read(request)
    except Refusal as refusal:
        say = tongue(language_of(request, visitor))
        return _form(request, visitor, {}, faults=[in_words(say, refusal)])
    async with request.form(max_files=1, max_fields=len(QUESTIONS) + 2) as form:
        return await _taken_in(request, visitor, form)


async def _taken_in(request: Request, visitor: Visitor, form: Any) -> Response:
    say, typed = tongue(language_of(request, visitor)), typed_in(QUESTIONS, form)
    try:
        announced, problems = announced_in(visitor.funds[0], typed, say)
        chosen = form.get("lijst")
        if announced is None or not isinstance(chosen, UploadFile) or not chosen.filename:
            missing = {} if isinstance(chosen, UploadFile) and chosen.filename else {"lijst": say(_("Kies de lijst."))}
            return _form(request, visitor, typed, problems, missing)
        file = await _look(request, visitor, announced, chosen)
    except ImportRefused as refused:
        return _form(request, visitor, typed, faults=[str(one) for one in refused.faults[:SHOWN]])
    except Refusal as refusal:
        return _form(request, visitor, typed, faults=[in_words(say, refusal)])
    return go(f"/cohorten/bestand/{file}")


@router.get("/bestand/{file}")
async def look(request: Request, visitor: Staff, rows: Rows, file: str, na: int = 0, toon: str = "") -> Response:
    """Everything that can be said of a file; once received, how far it runs."""
    return await _shown(request, visitor, rows, file, na=na, faulty=toon == "fouten")


@router.get("/bestand/{file}/fouten.csv")
async def faults(_visitor: Staff, rows: Rows, file: str) -> Response:
    """What has to be repaired, by row and column, as a list."""
    if await cohort_files.file_of(rows, file) is None:
        raise HTTPException(404)
    found, after = [("Rij", "Kolom", "Wat is er mis?")], 0
    while True:
        some, behind = await cohort_files.lines(rows, file, after=after, faulty=True)
        found += [(str(one.row), fault["column"] or "", fault["message"]) for one in some for fault in one.faults]
        if behind is None:
            return as_csv(found, "fouten.csv")
        after = behind


@router.post("/bestand/{file}/ontvangen")
async def confirm(request: Request, visitor: Clerk, rows: Rows, file: str) -> Response:
    """Receive everybody, or nobody; the workers start the dossiers."""
    if await cohort_files.file_of(rows, file) is None:
        raise HTTPException(404)
    house = house_of(request)
    try:
        await receive(house.engine, file, secret_of(house))
    except Refusal as refusal:
        return await _shown(request, visitor, rows, file, problem=refusal)
    say = tongue(language_of(request, visitor))
    return go(f"/cohorten/bestand/{file}", Flash(text=say(_("De lijst is ontvangen. De dossiers starten vanzelf."))))


@router.post("/bestand/{file}/weg")
async def throw_away(request: Request, visitor: Clerk, rows: Rows, file: str) -> Response:
    """Forget a file that was not received, with every name in it."""
    if await cohort_files.file_of(rows, file) is None:
        raise HTTPException(404)
    async with transaction(house_of(request).engine) as connection:
        await discard(connection, file)
    say = tongue(language_of(request, visitor))
    return go("/cohorten", Flash(text=say(_("De lijst is weggegooid. Er is niets van bewaard."))))


def rates_of(fund: Fund) -> OutplacementPolicy:
    """The policy of outplacement of today.

    Raises:
        Refusal: the fund has none.
    """
    found = policies.in_force(fund, Instrument.OUTPLACEMENT, local_date(datetime.now(UTC)))
    assert isinstance(found, OutplacementPolicy)
    return found


def _may_be_read(request: Request) -> None:
    """A form whose file is not larger than a document may be; it is kept on disk while it is read.

    Raises:
        Refusal: it is larger, or does not say how large it is.
    """
    most = house_of(request).settings.upload_limit_mb
    announced = request.headers.get("content-length", "")
    if not announced.isdecimal() or int(announced) > (most + 1) * MEGABYTE:
        raise Refused("FileTooLarge", _("Dit bestand is te groot: hoogstens %(most)s MB."), most=most)


async def _look(request: Request, visitor: Visitor, announced: Announced, chosen: UploadFile) -> str:
    house = house_of(request)
    rates = OutplacementRates.model_validate(rates_of(announced.fund))
    office = Office(local_date(datetime.now(UTC)), secret_of(house), announced.fund)
    name = Path(chosen.filename or "").name[:120]
    content = await chosen.read()
    cohort = await asyncio.to_thread(_read, content, name, announced, office)
    return await preview(
        house.engine, cohort, announced, rates, name=name, person=visitor.person, secret=secret_of(house)
    )


def _read(content: bytes, name: str, announced: Announced, office: Office) -> Cohort:
    """What is read is read from disk: limits and archives are the importer's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"lijst{Path(name).suffix.lower()[:5]}"
        path.write_bytes(content)
        return read_cohort(path, announced, office)


def _form(
    request: Request,
    visitor: Visitor,
    typed: Mapping[str, str],
    problems: Mapping[str, str] = NOTHING,
    more: Mapping[str, str] = NOTHING,
    faults: list[str] | None = None,
) -> Response:
    fields = fields_of(QUESTIONS, typed, typed, problems)
    wrong = {question.column: question.field for question in QUESTIONS}
    listed = [Problem(text, f"#{wrong.get(column, column)}") for column, text in (*problems.items(), *more.items())]
    return render(
        request,
        visitor,
        "cohorts/new.html",
        status=422 if listed or faults else 200,
        fields=fields,
        problems=listed,
        faults=faults or [],
        missing=more.get("lijst"),
        limit=house_of(request).settings.upload_limit_mb,
    )


async def _shown(
    request: Request,
    visitor: Visitor,
    rows: Any,
    file: str,
    *,
    na: int = 0,
    faulty: bool = False,
    problem: Refusal | None = None,
) -> Response:
    found = await cohort_files.file_of(rows, file)
    if found is None:
        raise HTTPException(404)
    status = 422 if problem else 200
    if found.state == "received":
        how_far = await cohort_files.progress(rows, found.dossier)
        return render(request, visitor, "cohorts/progress.html", status=status, file=found, how_far=how_far)
    lines, behind = await cohort_files.lines(rows, file, after=na, faulty=faulty)
    return render(
        request,
        visitor,
        "cohorts/preview.html",
        status=status,
        problem=problem,
        file=found,
        counts=await cohort_files.counts(rows, file),
        rates=rates_of(Fund(found.fund)),
        lines=[one for one in lines if one.row > 0],
        behind=behind,
        after=na,
        faulty=faulty,
        last_day=cohort_files.last_day,
        clerk=bool(INTAKE & visitor.roles),
    )
