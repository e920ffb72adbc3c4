"""Documents: added by a plain form or in parts by a script, taken away, and served to who may read them.

What is served is never run: it is downloaded, or shown by the browser alone under a policy that allows nothing.
"""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from sqlalchemy import select
from sqlmodel import col

from models.errors import Refusal
from models.messages.words import Party
from models.tables import DossierRow, Upload
from portal.access.rights import Outsider, SignedIn
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.applying.apply_pages import UNPROCESSABLE, Applicant, draft_of
from portal.applying.drafts import Drafts
from portal.applying.sending import uploads_of
from portal.applying.showing import page_of
from portal.documents.incoming import TakenIn, take_in
from portal.documents.uploads import Belongs, Elsewhere, File, file_of
from portal.forms.filling import Problem
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.refusals import Refused, in_words

router = APIRouter()
HARMLESS = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'"
)
"""What a browser may do with a document it shows: draw it."""


@router.post("/aanvragen/{draft}/documenten/bestand")
async def add(request: Request, visitor: Applicant, draft: str) -> Response:
    """Documents chosen in a plain form; those that are refused are told by name, the others are kept."""
    await draft_of(request, visitor, draft)
    uploads, page = uploads_of(house_of(request)), f"/aanvragen/{draft}/documenten"
    say = tongue(language_of(request, visitor))
    try:
        taken = await take_in(request, visitor, uploads, Belongs(draft=draft))
    except Refusal as refusal:
        taken = TakenIn({}, (), (("", refusal),))
    if taken.files and not taken.refused:
        return go(f"{page}#documenten", Flash(text=say(_("Toegevoegd: %(names)s."), names=_names(taken.files))))
    told = [f"{name}: {in_words(say, why)}" if name else in_words(say, why) for name, why in taken.refused]
    problems = [Problem(text, "#bestand") for text in told or [say(_("Kies eerst een bestand."))]]
    standing, form = await draft_of(request, visitor, draft)
    group = next(one for one in form.groups if one.attachments)
    values = page_of(standing, form, group, await uploads.of(Belongs(draft=draft)), say)
    limit = house_of(request).settings.upload_limit_mb
    more = {"problems": problems, "limit_mb": limit}
    return render(request, visitor, "parties/page.html", status=UNPROCESSABLE, **(values | more))


def _names(files: tuple[File, ...]) -> str:
    return ", ".join(file.name for file in files)


@router.post("/aanvragen/{draft}/documenten/weg")
async def take_away(request: Request, visitor: Applicant, draft: str) -> Response:
    """Take a document out of a draft."""
    await draft_of(request, visitor, draft)
    upload = str((await request.form()).get("document", ""))
    await uploads_of(house_of(request)).remove(Belongs(draft=draft), upload)
    said = tongue(language_of(request, visitor))(_("Het document is verwijderd."))
    return go(f"/aanvragen/{draft}/documenten#documenten", Flash(text=said))


@router.post("/documenten")
async def announce(request: Request, visitor: Outsider, rows: Rows) -> Response:
    """By script: announce a document of a draft or dossier; its parts follow."""
    told = await request.form()
    belongs = await _belonging(request, visitor, rows, told)
    size = str(told.get("size", ""))
    uploads = uploads_of(house_of(request))
    try:
        if not (size.isascii() and size.isdecimal()):
            raise Refused("FileRefused", _("Van dit bestand is de grootte niet bekend."))
        code, name = str(told.get("code", "")), str(told.get("name", ""))
        upload = await uploads.announce(visitor, belongs, code, name, int(size))
        if size == "0":
            await uploads.check(upload)
    except Refusal as refusal:
        return JSONResponse({"problem": in_words(tongue(visitor.language), refusal)}, status_code=UNPROCESSABLE)
    return JSONResponse({"upload": upload, "arrived": 0})


async def _belonging(request: Request, visitor: Visitor, rows: Any, told: Any) -> Belongs:
    """To what a document may be added: an own draft, or a dossier that this visitor sees as one of its parties."""
    draft, dossier = told.get("draft"), told.get("dossier")
    if isinstance(draft, str) and draft:
        standing = await Drafts(house_of(request).engine).find(visitor, draft)
        if standing is not None and standing.sent_as is None:
            return Belongs(draft=draft)
    if isinstance(dossier, str) and dossier and await _concerned(rows, dossier):
        return Belongs(dossier=dossier, party=visitor.party)
    raise HTTPException(404)


async def _concerned(rows: Any, dossier: str) -> bool:
    query = select(col(DossierRow.number)).where(col(DossierRow.number) == dossier)
    return (await rows.execute(query)).first() is not None


@router.get("/documenten/{upload}/stand")
async def progress(request: Request, visitor: Outsider, upload: str) -> Response:
    """By script: how many bytes of an own document are there, to go on after the line was lost."""
    file = await uploads_of(house_of(request)).own(visitor, upload)
    if file is None:
        raise HTTPException(404)
    return JSONResponse({"arrived": file.arrived, "done": file.state == "kept"})


@router.put("/documenten/{upload}")
async def append(request: Request, visitor: Outsider, upload: str, plaats: int) -> Response:
    """By script: the next part of an own document, as the body of the request."""
    try:
        file = await uploads_of(house_of(request)).append(visitor, upload, plaats, request.stream())
    except Elsewhere as there:
        return JSONResponse({"arrived": there.arrived}, status_code=409)
    except Refusal as refusal:
        return JSONResponse({"problem": in_words(tongue(visitor.language), refusal)}, status_code=UNPROCESSABLE)
    return JSONResponse({"arrived": file.arrived, "done": file.state == "kept", "name": file.name})


@router.get("/documenten/{upload}")
async def download(request: Request, visitor: SignedIn, rows: Rows, upload: str) -> Response:
    """The document itself, to keep."""
    file = await readable(request, visitor, rows, upload)
    return _served(request, file, "attachment")


@router.get("/documenten/{upload}/inzien")
async def view(request: Request, visitor: SignedIn, rows: Rows, upload: str) -> Response:
    """The document in the browser, when it is a page or a picture; anything else is downloaded."""
    file = await readable(request, visitor, rows, upload)
    return _served(request, file, "inline" if file.shown else "attachment")


async def readable(request: Request, visitor: Visitor, rows: Any, upload: str) -> File:
    """A document that this visitor may read: handed in to a dossier that concerns the visitor, or an own loose one.

    What may not be read is not there: 404.
    """
    row = (await rows.execute(select(Upload).where(col(Upload.upload) == upload))).one_or_none()
    if row is not None:
        request.state.dossier, request.state.looked_at = row.dossier, "document"
        return file_of(row)
    uploads = uploads_of(house_of(request))
    if visitor.party is Party.STAFF:
        raise HTTPException(404)
    file = await uploads.own(visitor, upload)
    if file is None and (of_draft := await uploads.draft_of(upload)) is not None:
        standing = await Drafts(house_of(request).engine).find(visitor, of_draft)
        file = await uploads.loose(Belongs(draft=of_draft), upload) if standing is not None else None
    if file is None or file.state != "kept":
        raise HTTPException(404)
    return file


def _served(request: Request, file: File, how: str) -> Response:
    path = uploads_of(house_of(request)).path(file)
    if not path.is_file():
        raise HTTPException(404)
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.name, safe='')}",
        "Content-Security-Policy": HARMLESS if how == "inline" else "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return FileResponse(path, media_type=file.media_type, headers=headers)
