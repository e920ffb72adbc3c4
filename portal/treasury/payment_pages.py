"""The pages of what is due and of payment runs: what goes to the bank, who signed, and the bank's word per line."""

from typing import Literal, cast

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from models.errors import Refusal
from models.messages.payment_runs import SAID_BY_PEOPLE, HoldReason
from portal.access.rows import Rows
from portal.days import TypedDay
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of
from portal.refusals import Refused
from portal.treasury.desk import Finance, Looking, Text, fund_of
from portal.treasury.payment_views import DISCARDED_BY_PEOPLE, due_page, run_page
from reading import payment_runs as reading

router = APIRouter(prefix="/geld/betalingen")


@router.get("")
async def overview(request: Request, visitor: Looking, rows: Rows, fonds: str | None = None) -> Response:
    """What is due, what is on its way, and what is over."""
    return await due_page(request, visitor, rows, fund_of(visitor, fonds))


@router.post("")
async def collect(
    request: Request,
    visitor: Finance,
    rows: Rows,
    fund: Text,
    day: TypedDay = None,
    rehearsed: Text = "no",
) -> Response:
    """Put a run together of everything that is due."""
    of_fund = fund_of(visitor, fund)
    starter = house_of(request).starter
    try:
        run = await starter.collect_payments(of_fund, visitor.person, rehearsed=rehearsed == "yes", on=day)
    except Refusal as refusal:
        typed = {"day": day.isoformat() if day else ""}
        return await due_page(request, visitor, rows, of_fund, problem=refusal, typed=typed)
    say = tongue(language_of(request, visitor))
    return go(f"/geld/betalingen/{run.run}", Flash(text=say(_("De betaalopdracht is samengesteld. Kijk ze na."))))


@router.get("/{run}")
async def one(
    request: Request, visitor: Looking, rows: Rows, run: str, stand: str | None = None, na: str = ""
) -> Response:
    """One run: its lines, who signed, its file, and what the bank said."""
    return await run_page(request, visitor, rows, await _known(rows, run), state=stand, after=na)


@router.post("/{run}/regel")
async def change(
    request: Request, visitor: Finance, rows: Rows, run: str, line: Text, change: Text = "", reason: Text = ""
) -> Response:
    """Leave a payment out, hold it, or release it; who signed has to sign again."""
    found = await _known(rows, run)
    try:
        if change not in ("exclude", "hold", "release"):
            raise Refused("UnknownAnswer", _("Kies wat er met de betaling moet gebeuren."))
        wanted = cast(Literal["exclude", "hold", "release"], change)
        why = HoldReason(reason) if reason in SAID_BY_PEOPLE else None
        await house_of(request).starter.change_line(run, line, wanted, visitor.person, why)
    except Refusal as refusal:
        return await run_page(request, visitor, rows, found, problem=refusal)
    return go(f"/geld/betalingen/{run}#{line}")


@router.post("/{run}/tekenen")
async def sign(
    request: Request, visitor: Finance, rows: Rows, run: str, lines: Text = "", total: Text = ""
) -> Response:
    """Sign for what the page showed; the second signature seals the run and hands it over."""
    found = await _known(rows, run)
    try:
        if (lines, total) != (str(found.lines), str(found.total)):
            raise Refused("RunChanged", _("De opdracht veranderde intussen. Kijk ze opnieuw na en teken dan."))
        standing = await house_of(request).starter.sign_run(run, visitor.person)
    except Refusal as refusal:
        return await run_page(request, visitor, rows, found, problem=refusal)
    say = tongue(language_of(request, visitor))
    told = _("Getekend. Een collega tekent als tweede.")
    if standing.signatures > 1:
        told = _("Getekend door twee personen: de opdracht gaat naar de bank.")
    return go(f"/geld/betalingen/{run}", Flash(text=say(told)))


@router.post("/{run}/verwerpen")
async def discard(request: Request, visitor: Finance, rows: Rows, run: str, reason: Text = "") -> Response:
    """Pay nothing of this run."""
    found = await _known(rows, run)
    try:
        if reason not in DISCARDED_BY_PEOPLE:
            raise Refused("ReasonMissing", _("Kies waarom deze opdracht verworpen wordt."))
        await house_of(request).starter.discard_run(run, visitor.person, reason)
    except Refusal as refusal:
        return await run_page(request, visitor, rows, found, problem=refusal)
    say = tongue(language_of(request, visitor))
    return go(
        f"/geld/betalingen/{run}", Flash(text=say(_("De opdracht is verworpen. De betalingen zijn weer te betalen.")))
    )


@router.post("/{run}/zekerheid")
async def settle_hand_over(request: Request, visitor: Finance, rows: Rows, run: str, answer: Text = "") -> Response:
    """Say whether the bank has the file of which nobody knows."""
    found = await _known(rows, run)
    try:
        if answer not in ("has_it", "has_it_not"):
            raise Refused("UnknownAnswer", _("Kies of de bank het bestand heeft."))
        await house_of(request).starter.settle_hand_over(run, visitor.person, bank_has_it=answer == "has_it")
    except Refusal as refusal:
        return await run_page(request, visitor, rows, found, problem=refusal)
    return go(f"/geld/betalingen/{run}")


@router.post("/{run}/uitkomst")
async def settle_line(
    request: Request, visitor: Finance, rows: Rows, run: str, line: Text, outcome: Text = "", reference: Text = ""
) -> Response:
    """Say what became of a payment of which the bank said nothing."""
    found = await _known(rows, run)
    try:
        if outcome not in ("executed", "returned") or not reference.strip():
            raise Refused("UnknownAnswer", _("Zeg wat de bank antwoordde, met haar kenmerk."))
        known = cast(Literal["executed", "returned"], outcome)
        await house_of(request).starter.settle_line(line, known, visitor.person, reference.strip())
    except Refusal as refusal:
        return await run_page(request, visitor, rows, found, problem=refusal)
    return go(f"/geld/betalingen/{run}#{line}")


@router.get("/{run}/bestand")
async def download(_visitor: Finance, rows: Rows, run: str) -> Response:
    """The file as it is handed over, byte for byte."""
    found = await _known(rows, run)
    content = await reading.content(rows, run)
    if content is None:
        raise HTTPException(404)
    named = f'attachment; filename="{found.file_name}"'
    headers = {"Content-Disposition": named, "Cache-Control": "no-store"}
    return Response(content, media_type="application/xml", headers=headers)


async def _known(rows: Rows, run: str) -> reading.Run:
    found = await reading.one_run(rows, run)
    if found is None:
        raise HTTPException(404)
    return found
