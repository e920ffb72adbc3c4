"""Sees which dossiers people look into, on whatever page, and writes it down: a new page cannot forget it."""

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from database import transaction
from models.messages.words import Party
from models.tables import SensitiveRead
from portal.access.visitor import Visitor
from portal.house import House

NUMBER = re.compile(r"[A-Z]{3}-\d{4}-[A-Z]-\d{6}")
LOOKING = frozenset({Party.STAFF, Party.AGENCY, Party.EXPERT})
"""Who sees data of others; an employer or participant sees the own."""
OK = 200
PAGE = "page"
"""What was looked at, when the page itself did not say `request.state.looked_at = "contact"` or the like."""


class Witness:
    """Writes a row for every page of a dossier that was shown, after it was sent."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and remember what came of it."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, receive, watched)
        seen = _seen(scope) if status == OK else None
        if seen is not None:
            async with transaction(self._house.engine) as connection:
                await connection.execute(insert(SensitiveRead).values(**seen, at=datetime.now(UTC)))


def _seen(scope: Scope) -> dict[str, Any] | None:
    """Who saw which dossier; None when nobody saw data of others."""
    told = scope.get("state", {})
    visitor = told.get("visitor")
    number = told.get("dossier") or scope.get("path_params", {}).get("number", "")
    if not isinstance(visitor, Visitor) or visitor.party not in LOOKING or not NUMBER.fullmatch(str(number)):
        return None
    what = told.get("looked_at", PAGE)
    return {"person": visitor.person, "party": visitor.party.value, "dossier": number, "what": what}
