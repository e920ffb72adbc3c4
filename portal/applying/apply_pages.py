"""Applying: choose what, fill in page by page, read it over, send, and get a receipt. Lists are in `list_pages`."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse, Response

from absences import today
from models.errors import Refusal
from models.messages.words import Instrument, Party
from portal.access.rights import may
from portal.access.rows import Rows
from portal.access.visitor import Act, Visitor
from portal.applying import register
from portal.applying.drafts import Drafts, Elsewhere, Standing
from portal.applying.sending import look, send, uploads_of
from portal.applying.showing import everything, lines_of, page_of, receipt_of
from portal.documents.uploads import Belongs
from portal.forms import FORMS, form_of, shared
from portal.forms.answers import Filled, all_faults, answers_in, faults_of
from portal.forms.filling import fields_of, problems_by_column, typed_in
from portal.forms.questions import Form, Group
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of, render
from portal.refusals import Refused, in_words
from portal.wording import Wording
from schemes.identifiers import dotted

router = APIRouter()
Applicant = Annotated[Visitor, Depends(may(Party.APPLICANT))]
CONFLICT, UNPROCESSABLE = 409, 422


async def draft_of(request: Request, visitor: Visitor, draft: str) -> tuple[Standing, Form]:
    """The draft in the address, when it is the visitor's to fill in."""
    standing = await Drafts(house_of(request).engine).find(visitor, draft)
    if standing is None:
        raise HTTPException(404)
    return standing, FORMS[standing.instrument]


def said(request: Request, visitor: Visitor, text: str, **values: object) -> str:
    """A text in the visitor's language."""
    return tongue(language_of(request, visitor))(text, **values)


def group_of(form: Form, page: str) -> Group:
    """The page in the address."""
    group = form.group(page)
    if group is None:
        raise HTTPException(404)
    return group


@router.get("/aanvragen")
async def choose(request: Request, visitor: Applicant, rows: Rows) -> Response:
    """What can be applied for, and what is being filled in."""
    return await _choice(request, visitor, rows)


async def _choice(request: Request, visitor: Visitor, rows: Any, refusal: Refusal | None = None) -> Response:
    firms = [
        firm for firm in await register.establishments(rows, visitor) if visitor.may(Act.APPLY, firm.enterprise_number)
    ]
    known = {firm.enterprise_number for firm in firms}
    others = [number for number in visitor.enterprises if number not in known and visitor.may(Act.APPLY, number)]
    return render(
        request,
        visitor,
        "parties/choose.html",
        status=UNPROCESSABLE if refusal else 200,
        refusal=refusal and in_words(tongue(language_of(request, visitor)), refusal),
        forms=FORMS.values(),
        why_not={form.instrument: why_not(visitor, form.instrument, bool(firms)) for form in FORMS.values()},
        firms=firms,
        others=others,
        dotted=dotted,
        drafts=await Drafts(house_of(request).engine).unsent(visitor),
        titles={form.instrument: form.title for form in FORMS.values()},
    )


def why_not(visitor: Visitor, instrument: Instrument, employs: bool) -> str | None:
    """Why somebody may not apply for this, in words; None when it is allowed.

    A career account is the worker's own affair: the employer never learns of it (domain.md 9).
    """
    acts = any(visitor.may(Act.APPLY, enterprise) for enterprise in visitor.enterprises)
    if instrument is Instrument.CAREER_ACCOUNT:
        return "employer" if employs else None
    if not visitor.enterprises:
        return "nobody"
    return None if acts else "reader"


@router.post("/aanvragen")
async def begin(request: Request, visitor: Applicant, rows: Rows) -> Response:
    """Begin a draft, with what the register of employers knows."""
    told = await request.form()
    form = form_of(str(told.get("wat", "")))
    if form is None:
        raise HTTPException(404)
    chosen = str(told.get("voor", ""))
    firms = await register.establishments(rows, visitor)
    firm = next((one for one in firms if one.establishment_number == chosen), None)
    enterprise = firm.enterprise_number if firm is not None else chosen
    try:
        if why_not(visitor, form.instrument, bool(firms)) is not None:
            raise Refused("NotAllowed", _("Dit kunt u niet aanvragen. Bij de tegel staat waarom."))
        alone = form.instrument is Instrument.CAREER_ACCOUNT
        prefilled: Mapping[str, Filled] = {} if alone else register.prefilled(form.instrument, enterprise, firm)
        drafts = Drafts(house_of(request).engine)
        draft = await drafts.start(visitor, None if alone else enterprise, form.instrument, prefilled)
    except Refusal as refusal:
        return await _choice(request, visitor, rows, refusal)
    return go(f"/aanvragen/{draft}/{form.groups[0].code}")


@router.get("/aanvragen/{draft}")
async def resume(request: Request, visitor: Applicant, draft: str) -> Response:
    """Back to where something is still to be filled in."""
    standing, form = await draft_of(request, visitor, draft)
    if standing.sent_as is not None:
        return go(f"/aanvragen/{draft}/ontvangst")
    faults = all_faults(form, standing.typed, today())
    return go(f"/aanvragen/{draft}/{faults[0].group if faults else 'nakijken'}")


@router.post("/aanvragen/{draft}/weg")
async def discard(request: Request, visitor: Applicant, draft: str) -> Response:
    """Throw a draft and its documents away."""
    house, belongs = house_of(request), Belongs(draft=draft)
    standing = (await draft_of(request, visitor, draft))[0]
    if standing.sent_as is None:
        await uploads_of(house).forget(belongs.rows)
        await Drafts(house.engine).discard(visitor, draft)
    return go("/aanvragen", Flash(text=said(request, visitor, _("De aanvraag in opbouw is weggegooid."))))


@router.get("/aanvragen/{draft}/nakijken")
async def summary(request: Request, visitor: Applicant, draft: str) -> Response:
    """Everything on one page, to read before it is sent; printable."""
    return await _summary(request, visitor, draft)


async def _summary(request: Request, visitor: Visitor, draft: str, refusal: Refusal | None = None) -> Response:
    standing, form = await draft_of(request, visitor, draft)
    if standing.sent_as is not None:
        return go(f"/aanvragen/{draft}/ontvangst")
    files = await uploads_of(house_of(request)).of(Belongs(draft=draft))
    language = language_of(request, visitor)
    values = everything(standing, form, files, tongue(language), Wording(language))
    if not values["problems"]:
        try:
            values["lines"] = lines_of(await look(house_of(request), standing, files), language)
        except Refusal as no_rules:
            refusal = refusal or no_rules
    status, told = UNPROCESSABLE if refusal else 200, refusal and in_words(tongue(language), refusal)
    return render(request, visitor, "parties/summary.html", status=status, **(values | {"refusal": told}))


@router.post("/aanvragen/{draft}/verstuur")
async def send_it(request: Request, visitor: Applicant, draft: str) -> Response:
    """Send the application; sent twice, it is one dossier."""
    standing = (await draft_of(request, visitor, draft))[0]
    house = house_of(request)
    try:
        number = await send(house, visitor, draft)
    except Refusal as refusal:
        return await _summary(request, visitor, draft, refusal)
    if standing.enterprise_number is None and number not in visitor.dossiers:
        await house.sessions.gain(visitor, number)
    return go(f"/aanvragen/{draft}/ontvangst")


@router.get("/aanvragen/{draft}/ontvangst")
async def receipt(request: Request, visitor: Applicant, draft: str) -> Response:
    """The number, what happens next and until when."""
    standing, form = await draft_of(request, visitor, draft)
    if standing.sent_as is None:
        return go(f"/aanvragen/{draft}/nakijken")
    return render(request, visitor, "parties/receipt.html", **receipt_of(standing, form))


@router.get("/aanvragen/{draft}/{page}")
async def fill_in(
    request: Request, visitor: Applicant, draft: str, page: str, rij: int | None = None, vanaf: int = 1
) -> Response:
    """One page of the form, as it stands."""
    standing, form = await draft_of(request, visitor, draft)
    if standing.sent_as is not None:
        return go(f"/aanvragen/{draft}/ontvangst")
    group = group_of(form, page)
    files = await uploads_of(house_of(request)).of(Belongs(draft=draft))
    values = page_of(standing, form, group, files, tongue(language_of(request, visitor)), row=rij, first=vanaf)
    return render(request, visitor, "parties/page.html", limit_mb=house_of(request).settings.upload_limit_mb, **values)


@router.post("/aanvragen/{draft}/{page}")
async def save(request: Request, visitor: Applicant, draft: str, page: str) -> Response:
    """Keep what was typed, right or wrong, and go on; a script saves while somebody types."""
    standing, form = await draft_of(request, visitor, draft)
    group = group_of(form, page)
    told = await request.form()
    typed = typed_in(group.questions, told) | fixed_in(standing, group)
    seen = number_in(told.get("versie")) or 0
    theirs = {q.column for q in group.questions if told.get(f"anders-{q.field}")}
    by_script = "application/json" in request.headers.get("accept", "")

    def edit(before: Filled) -> Filled:
        kept = {column: text for column, text in typed.items() if column not in theirs}
        return before.model_copy(update={"fields": before.fields | kept})

    try:
        standing = await Drafts(house_of(request).engine).save(visitor, draft, page, edit, seen)
    except Elsewhere as changed:
        if by_script:
            return JSONResponse({"elsewhere": True}, status_code=CONFLICT)
        return await _shown_again(request, visitor, draft, group, typed, changed.filled)
    if by_script:
        version = standing.typed.get(page, Filled()).version
        return JSONResponse({"saved": Wording(visitor.language).clock(standing.saved_at), "version": version})
    if told.get("actie") == "later":
        return go("/aanvragen", Flash(text=said(request, visitor, _("Uw aanvraag is bewaard. U vindt ze hier terug."))))
    if _wrong(standing, group):
        return await _shown_again(request, visitor, draft, group, typed, None)
    following = form.after(page)
    return go(f"/aanvragen/{draft}/{following.code if following else 'nakijken'}")


def number_in(typed: object) -> int | None:
    """A whole number that a page sent; None for anything else."""
    return int(typed) if isinstance(typed, str) and typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def fixed_in(standing: Standing, group: Group) -> dict[str, str]:
    """What the draft itself says and nobody may type otherwise: for which enterprise it is."""
    if standing.enterprise_number is None or group.question(shared.ENTERPRISE) is None:
        return {}
    return {shared.ENTERPRISE: dotted(standing.enterprise_number)}


def _wrong(standing: Standing, group: Group) -> bool:
    filled = standing.typed.get(group.code, Filled())
    return bool(faults_of(group, filled, answers_in(standing.typed), today()))


async def _shown_again(
    request: Request, visitor: Visitor, draft: str, group: Group, typed: Mapping[str, str], elsewhere: Filled | None
) -> Response:
    """The page with what was typed: beside each field what is wrong, or what another window made of it."""
    standing, form = await draft_of(request, visitor, draft)
    say = tongue(language_of(request, visitor))
    files = await uploads_of(house_of(request)).of(Belongs(draft=draft))
    values = page_of(standing, form, group, files, say, told=True)
    if elsewhere is not None:
        other = {c: text for c, text in elsewhere.fields.items() if c in typed and text != typed[c]}
        faults = faults_of(group, Filled(fields=dict(typed)), answers_in(standing.typed), today())
        problems = problems_by_column(say, faults)
        fields = fields_of(group.questions, typed, typed, problems, other, fixed_in(standing, group))
        values |= {"fields": fields, "problems": [], "elsewhere": True}
    limit = house_of(request).settings.upload_limit_mb
    status = CONFLICT if elsewhere is not None else UNPROCESSABLE
    return render(request, visitor, "parties/page.html", status=status, limit_mb=limit, **values)
