"""Somebody answers for a person who died or lives abroad: two questions at most, and no proof."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.access import limits
from portal.access.rights import anyone
from portal.access.visitor import Visitor
from portal.asking import links, renewing
from portal.asking.choices import past_day
from portal.asking.leaving import Leaving, leave
from portal.asking.pages import UNPROCESSABLE, over
from portal.asking.showing import meant, page
from portal.asking.standing import Standing, standing_of
from portal.house import house_of
from portal.language import marked as _
from portal.pages import go

router = APIRouter()
Somebody = Annotated[Visitor | None, Depends(anyone())]
HERE = "/antwoord/{secret}/voor-een-ander"
FACTS = {"overleden": "deceased", "buitenland": "emigrated"}


@router.get(HERE)
async def ask(request: Request, _visitor: Somebody, secret: str) -> Response:
    """What can be told for somebody else."""
    state, link = await links.look(house_of(request).engine, secret)
    if state is not links.State.OPEN:
        return await renewing.ended(request, secret)
    standing = await standing_of(house_of(request), link)
    if standing.left:
        return over(request, secret, standing)
    return _form(request, secret, standing)


@router.post(HERE)
async def hear(request: Request, _visitor: Somebody, secret: str) -> Response:
    """Take the word of whoever writes, at once."""
    house = house_of(request)
    genuine = await meant(request, secret)
    state, link = await links.look(house.engine, secret)
    if state is not links.State.OPEN:
        return await renewing.ended(request, secret)
    standing = await standing_of(house, link)
    if standing.left:
        return go(f"/antwoord/{secret}")
    typed = {name: text for name, text in (await request.form()).items() if isinstance(text, str)}
    problems: dict[str, str] = {}
    if typed.get("wat") not in FACTS:
        problems["wat"] = _("Kies wat er gebeurd is.")
    on = past_day(typed.get("dag", ""), standing.today, problems, "dag")
    if problems or not genuine:
        return _form(request, secret, standing, typed=typed, problems=problems, again=not genuine)
    await limits.count(house.engine, links.ANSWERED, link.link[:32])
    await leave(house, standing.number, cast(Leaving, FACTS[typed["wat"]]), on or standing.today, standing.actor)
    return go(f"/antwoord/{secret}")


def _form(request: Request, secret: str, standing: Standing, **wrong: Any) -> Response:
    values: dict[str, Any] = {"typed": {}, "problems": {}, "again": False} | wrong
    status = UNPROCESSABLE if wrong else 200
    return page(request, secret, standing.language, "asking/relative.html", status=status, standing=standing, **values)
