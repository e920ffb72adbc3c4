"""The page of one's own details, behind a link of a message and behind a sign-in."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException

from models.errors import Refusal
from models.messages.words import Language, Party
from models.tables.asking import secret_digest
from portal.access import limits
from portal.access.rights import anyone, may
from portal.access.visitor import Visitor
from portal.asking import letters, links, renewing
from portal.asking.pages import UNPROCESSABLE, over
from portal.asking.preferences import CHANNELS, REACHED_BY, consent, contact_of, keep, known_channels, read_wanted
from portal.asking.showing import meant, page
from portal.asking.standing import Standing, standing_of
from portal.house import House, house_of
from portal.language import OWN_NAMES, tongue
from portal.pages import Flash, chosen, go, language_of, render

router = APIRouter()
Somebody = Annotated[Visitor | None, Depends(anyone())]
Participant = Annotated[Visitor, Depends(may(Party.PARTICIPANT))]
LINKED, SIGNED = "/antwoord/{secret}/gegevens", "/mijn-dossiers/{number}/gegevens"


class _Own:
    """Whose details these are, by which address, and how a page of them is shown."""

    def __init__(self, request: Request, standing: Standing, secret: str | None, visitor: Visitor | None) -> None:
        self.request, self.standing, self.secret, self.visitor = request, standing, secret, visitor
        self.address = request.url.path.removesuffix("/gegevens")

    @property
    def language(self) -> Language:
        """The language of the page."""
        own = self.standing.language if self.visitor is None else None
        return (chosen(self.request) or own) if own is not None else language_of(self.request, self.visitor)

    def page(self, contact: Mapping[str, Any], **wrong: Any) -> Response:
        """The form, as it stands or as it came back."""
        typed = {name: contact[name] or "" for name in ("email", "phone", "street", "postcode", "municipality")}
        typed |= {"taal": contact["language"], "kanaal": contact["channel"] or ""}
        values: dict[str, Any] = {
            "typed": typed | wrong.get("typed", {}),
            "problems": wrong.get("problems", {}),
            "refusal": wrong.get("refusal"),
            "again": wrong.get("again", False),
            "standing": self.standing,
            "address": self.address,
            "questions": REACHED_BY,
            "channels": CHANNELS,
            "there": known_channels(contact),
            "tongues": OWN_NAMES,
            "status": UNPROCESSABLE if wrong else 200,
        }
        if self.secret is not None:
            return page(self.request, self.secret, self.language, "asking/details.html", **values)
        return render(self.request, self.visitor, "asking/details.html", proof=None, **values)


@router.get(LINKED)
async def show_by_link(request: Request, _: Somebody, secret: str) -> Response:
    """The details of the person of a link."""
    own = await _of_link(request, secret)
    return own if isinstance(own, Response) else await _shown(own)


@router.post(LINKED)
async def save_by_link(request: Request, _: Somebody, secret: str) -> Response:
    """Keep them."""
    genuine = await meant(request, secret)
    own = await _of_link(request, secret)
    if isinstance(own, Response):
        return own
    await limits.count(house_of(request).engine, links.ANSWERED, secret_digest(secret)[:32])
    return await _saved(own, genuine=genuine)


@router.get(SIGNED)
async def show_own(request: Request, visitor: Participant, number: str) -> Response:
    """The own details of who is signed in."""
    return await _shown(await _of_visitor(request, visitor, number))


@router.post(SIGNED)
async def save_own(request: Request, visitor: Participant, number: str) -> Response:
    """Keep them."""
    return await _saved(await _of_visitor(request, visitor, number), genuine=True)


async def _of_link(request: Request, secret: str) -> _Own | Response:
    state, link = await links.look(house_of(request).engine, secret)
    if state is not links.State.OPEN:
        return await renewing.ended(request, secret)
    standing = await standing_of(house_of(request), link)
    if standing.left or standing.contact is None:
        return over(request, secret, standing)
    return _Own(request, standing, secret, None)


async def _of_visitor(request: Request, visitor: Visitor, number: str) -> _Own:
    """
    Raises:
        HTTPException: 404, the same for another's dossier and for one that does not exist.
    """
    standing = await standing_of_visitor(house_of(request), visitor, number)
    if standing.file is None or standing.contact is None or standing.left:
        raise HTTPException(404)
    return _Own(request, standing, None, visitor)


async def standing_of_visitor(house: House, visitor: Visitor, number: str) -> Standing:
    """Where somebody who is signed in stands in an own dossier; empty for one that is not."""
    own = number if number in visitor.dossiers else ""
    return await standing_of(house, links.Question(own, Party.PARTICIPANT, "", None))


async def _shown(own: _Own) -> Response:
    contact = await contact_of(house_of(own.request), own.standing.number)
    if contact is None:
        raise HTTPException(404)
    return own.page(contact)


async def _saved(own: _Own, *, genuine: bool) -> Response:
    house, number, standing = house_of(own.request), own.standing.number, own.standing
    contact = await contact_of(house, number)
    if contact is None:
        raise HTTPException(404)
    typed = {name: text.strip() for name, text in (await own.request.form()).items() if isinstance(text, str)}
    say = tongue(own.language)
    if not genuine:
        return own.page(contact, typed=typed, again=True)
    try:
        if said := typed.get("vragen"):
            await consent(house, number, said == "ja", standing.today, standing.actor)
            return go(f"{own.address}/gegevens", Flash(text=say("Bewaard. Dank u.")))
        wanted, problems = read_wanted(typed, say)
        if wanted is None:
            return own.page(contact, typed=typed, problems=problems)
        await keep(house, number, contact, wanted, standing.today, standing.actor)
    except Refusal as refusal:
        return own.page(contact, typed=typed, refusal=refusal)
    response = go(f"{own.address}/gegevens", Flash(text=tongue(wanted.language)("Bewaard. Dank u.")))
    if contact["email"] and contact["email"] != wanted.reached["email"]:
        response.background = BackgroundTask(letters.tell_old_address, house.settings, contact["email"], own.language)
    return response
