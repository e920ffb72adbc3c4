"""Saved views: a list under a name, for oneself or for everybody of the fund."""

from datetime import UTC, datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import glance, transaction
from models.errors import Refusal
from models.tables import SavedView
from portal.access.rights import Staff
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.house import house_of
from portal.language import marked as _
from portal.language import tongue
from portal.pages import Flash, go, language_of
from portal.refusals import Refused
from portal.staff.listing import PATH, Listing, desk_of, listing_of

router = APIRouter()
LONGEST_NAME = 60


class View(NamedTuple):
    """A saved view as a person sees it."""

    id: int
    name: str
    address: str
    shared: bool
    own: bool


async def of(engine: AsyncEngine, visitor: Visitor, listing: Listing) -> tuple[View, ...]:
    """The own views and those shared in the visitor's funds, by name."""
    mine = col(SavedView.person) == visitor.person
    theirs = col(SavedView.shared) & col(SavedView.fund).in_([fund.value for fund in visitor.funds])
    async with glance(engine) as connection:
        rows = await connection.execute(select(SavedView).where(or_(mine, theirs)).order_by(col(SavedView.name)))
        return tuple(
            View(
                row.id,
                row.name,
                listing_of(listing.desk, listing.language, {"lijst": row.tab, "q": row.asked}).address(),
                row.shared,
                row.person == visitor.person,
            )
            for row in rows
        )


@router.post(f"{PATH}/weergaven")
async def save(
    request: Request,
    visitor: Staff,
    rows: Rows,
    naam: Annotated[str, Form()],
    lijst: Annotated[str, Form()] = "",
    q: Annotated[str, Form()] = "",
    gedeeld: Annotated[bool, Form()] = False,
) -> Response:
    """Keep this list under a name; an own view of that name is replaced.

    Raises:
        Refusal: there is no name, it is too long, or the question is not understood.
    """
    language = language_of(request, visitor)
    listing = listing_of(await desk_of(rows, visitor), language.value, {"lijst": lijst, "q": q})
    name = " ".join(naam.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused("ViewName", _("Geef de weergave een naam van hoogstens %(most)s tekens."), most=LONGEST_NAME)
    if listing.problem:
        raise Refusal("ViewQuestion", listing.problem)
    values = {"tab": listing.values()["lijst"], "asked": listing.typed, "shared": gedeeld}
    row = upsert(SavedView).values(
        person=visitor.person, fund=visitor.funds[0].value, name=name, made_at=datetime.now(UTC), **values
    )
    async with transaction(house_of(request).engine) as connection:
        await connection.execute(row.on_conflict_do_update(index_elements=["person", "name"], set_=values))
    return go(listing.address(), Flash(text=tongue(language)(_("De weergave '%(name)s' is bewaard."), name=name)))


@router.post(PATH + "/weergaven/{view}/weg")
async def forget(request: Request, visitor: Staff, view: int) -> Response:
    """Forget an own view; somebody else's stays."""
    own = delete(SavedView).where(col(SavedView.id) == view, col(SavedView.person) == visitor.person)
    async with transaction(house_of(request).engine) as connection:
        gone = (await connection.execute(own.returning(col(SavedView.name)))).scalar_one_or_none()
    say = tongue(language_of(request, visitor))
    return go(PATH, Flash(text=say(_("De weergave '%(name)s' is weg."), name=gone)) if gone else None)
