"""The own dossiers: a list with one sentence each, and one dossier with what is asked, decided, paid and sent."""

from datetime import UTC, date, datetime
from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from models.messages.words import Party
from portal import conversation
from portal.access.rights import Outsider
from portal.access.rows import Rows
from portal.access.visitor import Visitor
from portal.following.history import history
from portal.following.possible import possible
from portal.following.top import Sayer, Top, reference_of, top_of
from portal.following.tracker import track
from portal.language import of_office
from portal.pages import go, render
from reading import budgets, following, letters, stated
from reading.following import File, Followed, Whose
from schemes.calendar import local_date

router = APIRouter()


class Shown(NamedTuple):
    """A dossier in a list."""

    followed: Followed
    top: Top
    sentence: str


class Money(NamedTuple):
    """One line of the payment schedule: what was planned, and what became of it."""

    instalment: int
    moment: str
    amount: object
    state: str
    on: date | None
    reference: str | None


@router.get("/mijn-dossiers")
async def list_own(request: Request, visitor: Outsider, rows: Rows, onderneming: str | None = None) -> Response:
    """The own dossiers: what is asked of the visitor first, then what runs, then what was closed."""
    whose = whose_of(visitor)
    sayer = Sayer(visitor.language, visitor.party)
    narrowed = onderneming if onderneming in visitor.enterprises else None
    found = [
        Shown(one, top_of(one), sayer.sentence(one))
        for one in await following.followed(rows, whose, enterprise=narrowed)
    ]
    if visitor.party is Party.PARTICIPANT and len(found) == 1:
        return go(f"/mijn-dossiers/{found[0].followed.dossier.number}")
    groups = {
        "yours": [one for one in found if one.top.status == "you"],
        "running": [one for one in found if one.top.status not in ("you", "closed")],
        "closed": [one for one in found if one.top.status == "closed"],
    }
    return render(
        request,
        visitor,
        "parties/following.html",
        groups=groups,
        narrowed=narrowed,
        full=len(found) == following.MOST,
        many=len(visitor.enterprises) > 1,
    )


@router.get("/mijn-dossiers/{number}")
async def show(request: Request, visitor: Outsider, rows: Rows, number: str) -> Response:
    """One dossier, from the sentence on top to its whole history."""
    file = await following.file(rows, whose_of(visitor), number)
    if file is None:
        opening = await following.received(rows, whose_of(visitor), number)
        if opening is None:
            raise HTTPException(404)
        return render(request, visitor, "parties/opening.html", number=number, received_at=opening)
    sayer, told_in = Sayer(visitor.language, visitor.party), of_office(visitor.language)
    return render(
        request,
        visitor,
        "parties/simple.html" if visitor.party is Party.PARTICIPANT else "parties/dossier.html",
        file=file,
        dossier=file.followed.dossier,
        top=top_of(file.followed),
        sentence=sayer.sentence(file.followed),
        sayer=sayer,
        steps=track(file.followed.dossier),
        place=await place_in_line(rows, number),
        money=schedule(file),
        lines=history(file.entries, told_in, visitor.party),
        told_in=told_in,
        possible=possible(file, visitor.party, datetime.now(UTC)),
        brought=await stated.brought(rows, number, visitor.party.value),
        conversation=await conversation.messages(rows, number, visitor.party),
        letters=await letters.letters(rows, number),
    )


async def place_in_line(rows: Rows, number: str) -> int:
    """The place of a dossier among those who wait for room in a budget; 0 when it does not wait."""
    line = await budgets.budget_line(rows, number)
    return line.place if line else 0


def whose_of(visitor: Visitor) -> Whose:
    """Whose dossiers a visitor follows."""
    return Whose(party=visitor.party, enterprises=visitor.enterprises, dossiers=visitor.dossiers)


async def own_file(rows: Rows, visitor: Visitor, number: str) -> File:
    """A dossier of this visitor.

    Raises:
        HTTPException: 404, the same as for a number that does not exist.
    """
    file = await following.file(rows, whose_of(visitor), number)
    if file is None:
        raise HTTPException(404)
    return file


def schedule(file: File) -> tuple[Money, ...]:
    """Every planned part of the grant and every payment: a part that was paid shows what was paid, not the plan."""
    planned = {part.instalment: part.moment for part in file.instalments}
    paid = [
        Money(
            payment.instalment,
            planned.get(payment.instalment, ""),
            payment.amount,
            payment.state,
            local_date(payment.ended_at or payment.instructed_at),
            reference_of(payment.reference) if payment.state == "confirmed" and payment.reference else None,
        )
        for payment in file.payments
    ]
    begun = {payment.instalment for payment in file.payments}
    over = file.followed.dossier.outcome is not None
    coming = [
        Money(part.instalment, part.moment, part.amount, "planned", None, None)
        for part in file.instalments
        if part.instalment not in begun and part.amount > 0 and not over
    ]
    return (*sorted(paid, key=lambda money: money.instalment), *coming)
