"""Answering by one click: the link shows the answer that was chosen, a button confirms it, and it can be changed."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

import policies
from models.errors import Refusal
from models.messages.words import Fund
from portal.access import audit, csrf, limits
from portal.access.rights import anyone
from portal.access.visitor import Visitor
from portal.asking import links, renewing
from portal.asking.choices import SAID, SAID_BY_OTHERS, WAYS, Unclear, told
from portal.asking.showing import meant, page
from portal.asking.standing import Standing, standing_of
from portal.asking.telling import tell
from portal.house import house_of
from portal.pages import go, render

router = APIRouter()
Somebody = Annotated[Visitor | None, Depends(anyone())]
UNPROCESSABLE = 422


@router.get("/antwoord")
async def type_code(request: Request, _: Somebody) -> Response:
    """Where the code of a letter is typed."""
    return render(request, None, "asking/code.html", problem=False, typed="")


@router.post("/antwoord")
async def open_code(request: Request, _: Somebody, code: Annotated[str, Form(max_length=40)] = "") -> Response:
    """From the code of a letter to the page of its question."""
    house = house_of(request)
    if not csrf.same_site(request):
        raise csrf.foreign()
    await limits.count(house.engine, links.CODES_TRIED, audit.source_of(request))
    secret = await links.by_code(house.engine, code)
    if secret is None:
        await audit.turned_away(request, "unknown_code")
        await limits.count(house.engine, links.WRONG_CODES, "house")
        return render(request, None, "asking/code.html", status=UNPROCESSABLE, problem=True, typed=code)
    return go(f"/antwoord/{secret}")


@router.get("/antwoord/{secret}")
async def show(request: Request, _: Somebody, secret: str, keuze: str = "", vraag: str = "") -> Response:
    """The answer that was chosen, to confirm it; or the answers to choose from. Looking changes nothing."""
    state, link = await links.look(house_of(request).engine, secret)
    if state is not links.State.OPEN:
        return await renewing.ended(request, secret)
    standing = await standing_of(house_of(request), link, vraag)
    if standing.closed or standing.left:
        return over(request, secret, standing)
    if keuze in WAYS:
        return _confirm(request, secret, standing, keuze, {})
    return page(request, secret, standing.language, "asking/question.html", standing=standing, ways=WAYS.values())


@router.post("/antwoord/{secret}")
async def confirm(request: Request, _: Somebody, secret: str) -> Response:
    """Take the answer: the one thing that counts."""
    house = house_of(request)
    genuine = await meant(request, secret)
    state, link = await links.look(house.engine, secret)
    if state is not links.State.OPEN:
        return await renewing.ended(request, secret)
    typed = {name: text for name, text in (await request.form()).items() if isinstance(text, str)}
    standing = await standing_of(house, link, typed.get("vraag", ""))
    keuze = typed.get("keuze", "")
    if standing.closed or standing.left or keuze not in WAYS:
        return go(f"/antwoord/{secret}")
    if not genuine:
        return _confirm(request, secret, standing, keuze, typed, again=True)
    await limits.count(house.engine, links.ANSWERED, link.link[:32])
    try:
        heard = await tell(house, standing, told(WAYS[keuze], typed, standing.today, standing.dismissed_on))
    except Unclear as unclear:
        return _confirm(request, secret, standing, keuze, typed, problems=unclear.problems)
    except Refusal as refusal:
        return _confirm(request, secret, standing, keuze, typed, refusal=refusal)
    return go(f"/antwoord/{secret}/bedankt?keuze={keuze}{'&straks=1' if heard.later else ''}{_turn(standing)}")


@router.get("/antwoord/{secret}/bedankt")
async def thank(
    request: Request, _: Somebody, secret: str, keuze: str = "", vraag: str = "", straks: bool = False
) -> Response:
    """What was noted, what happens now, and that it can be changed."""
    state, link = await links.look(house_of(request).engine, secret)
    if state is not links.State.OPEN:
        return await renewing.ended(request, secret)
    standing = await standing_of(house_of(request), link, vraag)
    if standing.left or (standing.closed and not standing.answers):
        return over(request, secret, standing)
    answers = standing.answers
    values: dict[str, Any] = {
        "stopped": not standing.consents,
        "present": answers[-1] if answers else None,
        "said": SAID.get(answers[-1].outcome, SAID_BY_OTHERS) if answers else "",
        "before": [SAID.get(one.outcome, SAID_BY_OTHERS) for one in answers[:-1]],
        "later": straks,
        "seeking": keuze == "zoekend",
    }
    return page(request, secret, standing.language, "asking/thanks.html", standing=standing, **values)


def over(request: Request, secret: str, standing: Standing) -> Response:
    """Nothing is asked any more: thanks, and why."""
    fund = policies.funds()[Fund(standing.number.split("-")[0])]
    return page(request, secret, standing.language, "asking/over.html", standing=standing, fund=fund)


def _confirm(
    request: Request, secret: str, standing: Standing, keuze: str, typed: dict[str, str], **wrong: Any
) -> Response:
    problems, refusal, again = wrong.get("problems", {}), wrong.get("refusal"), wrong.get("again", False)
    return page(
        request,
        secret,
        standing.language,
        "asking/confirm.html",
        status=UNPROCESSABLE if wrong else 200,
        standing=standing,
        way=WAYS[keuze],
        typed=typed,
        problems=problems,
        refusal=refusal,
        again=again,
    )


def _turn(standing: Standing) -> str:
    return f"&vraag={standing.turn(standing.asked)}" if standing.asked else ""
