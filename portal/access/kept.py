"""What somebody typed when the session had just ended: sealed for an hour, shown again to the same person alone."""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import ColumnElement, delete, insert, select
from sqlmodel import col

from database import glance, transaction
from models.errors import Refusal
from models.messages.message import Message
from models.tables import KeptForm
from portal.access import csrf
from portal.access.keys import seal, unseal
from portal.access.rights import cookie_name
from portal.access.visitor import Visitor
from portal.house import house_of

COOKIE = "doorstroom_formulier"
LASTS = timedelta(hours=1)
LARGEST = 200_000
"""Characters of a form that is kept."""
_USE = "kept form"


class Typed(Message):
    """A form as it was sent: by whom, to which address, with which fields in their order."""

    person: str
    address: str
    fields: tuple[tuple[str, str], ...]


async def keep(request: Request, response: Response) -> bool:
    """Keep the form of this request, when an ended session of the same browser sent it; False when there is nothing.

    A form that another site sends is not kept: it would be shown again as if this person had typed it.
    """
    house = house_of(request)
    typed = await _typed(request)
    if typed is None:
        return False
    secret = secrets.token_urlsafe(32)
    row = {"form": _digest(secret), "sealed": seal(house.settings, _USE, typed.model_dump(mode="json"))}
    now = datetime.now(UTC)
    async with transaction(house.engine) as connection:
        await connection.execute(delete(KeptForm).where(col(KeptForm.ends_at) < now))
        await connection.execute(insert(KeptForm).values(**row, ends_at=now + LASTS))
    secure = request.url.scheme == "https"
    lasts = int(LASTS.total_seconds())
    response.set_cookie(COOKIE, secret, max_age=lasts, httponly=True, samesite="lax", secure=secure)
    return True


async def kept(request: Request, visitor: Visitor) -> Typed | None:
    """The form that this browser kept, when this visitor typed it."""
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    house = house_of(request)
    query = select(col(KeptForm.sealed)).where(_is(secret), col(KeptForm.ends_at) > datetime.now(UTC))
    async with glance(house.engine) as connection:
        sealed = await connection.scalar(query)
    opened = unseal(house.settings, _USE, sealed) if sealed is not None else None
    typed = Typed.model_validate(opened) if opened is not None else None
    return typed if typed is not None and typed.person == visitor.person else None


async def drop(request: Request, response: Response) -> None:
    """Throw the kept form away: it was sent again, or is not wanted any more."""
    secret = request.cookies.get(COOKIE)
    if secret:
        async with transaction(house_of(request).engine) as connection:
            await connection.execute(delete(KeptForm).where(_is(secret)))
    response.delete_cookie(COOKIE)


async def _typed(request: Request) -> Typed | None:
    """What was sent, when the session that sent it is known and had shown that form."""
    secret = request.cookies.get(cookie_name(request))
    if not secret or int(request.headers.get("content-length") or LARGEST + 1) > LARGEST:
        return None
    ended = await house_of(request).sessions.ended(secret)
    if ended is None:
        return None
    try:
        await csrf.guard(request, ended)
    except Refusal:
        return None
    form = await request.form()
    fields = tuple((name, value) for name, value in form.multi_items() if isinstance(value, str) and name != csrf.FIELD)
    address = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return Typed(person=ended.person, address=address, fields=fields) if fields else None


def _is(secret: str) -> ColumnElement[bool]:
    return col(KeptForm.form) == _digest(secret)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
