"""Who may use a route. Every route declares it; a test lists them all."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated

from fastapi import Depends, Request

from models.messages.words import Party, Role
from portal.access import csrf
from portal.access.visitor import Visitor
from portal.house import house_of

PARTIES_OUTSIDE = (Party.APPLICANT, Party.EXPERT, Party.AGENCY, Party.PARTICIPANT)
PEOPLE = frozenset({Party.STAFF, *PARTIES_OUTSIDE})
"""Who can be signed in."""
COOKIE, SECURE_COOKIE = "doorstroom", "__Host-doorstroom"


WORKING = frozenset(Role) - {Role.AUDITOR}
"""Roles that change anything at all."""


class NotSignedIn(Exception):
    """Nobody is signed in, or the session ended: go and sign in, then come back."""


class NotAllowed(Exception):
    """Signed in, but this is not for this visitor."""

    def __init__(self, parties: frozenset[Party], roles: frozenset[Role]) -> None:
        super().__init__(f"for {sorted(parties)} {sorted(roles)}")
        self.parties = parties
        self.roles = roles


class Right:
    """Who may use a route, as a dependency that gives the visitor."""

    def __init__(self, parties: Iterable[Party], roles: Iterable[Role] = ()) -> None:
        self.parties = frozenset(parties)
        self.roles = frozenset(roles)
        """One of these is enough; none named: every role."""

    async def __call__(self, request: Request) -> Visitor:
        visitor = await visitor_of(request)
        if visitor is None:
            raise NotSignedIn
        if visitor.party not in self.parties or (self.roles and not self.roles & visitor.roles):
            raise NotAllowed(self.parties, self.roles)
        if request.method not in csrf.SAFE and self._only_reads(visitor):
            raise NotAllowed(self.parties, self.roles or WORKING)
        await csrf.guard(request, visitor)
        return visitor

    def _only_reads(self, visitor: Visitor) -> bool:
        """An auditor changes nothing that is of staff, but where a route names the role."""
        of_staff = visitor.is_staff and Party.APPLICANT not in self.parties
        return of_staff and visitor.roles == {Role.AUDITOR} and Role.AUDITOR not in self.roles

    def __str__(self) -> str:
        if self.parties >= PEOPLE:
            return "whoever is signed in"
        roles = f" ({', '.join(sorted(self.roles))})" if self.roles else ""
        return ", ".join(sorted(self.parties)) + roles


class Everybody:
    """An open route: gives the visitor when one is signed in. It changes nothing a session could be abused for."""

    async def __call__(self, request: Request) -> Visitor | None:
        return await visitor_of(request)

    def __str__(self) -> str:
        return "everybody"


def may(*parties: Party, roles: Iterable[Role] = ()) -> Callable[[Request], Awaitable[Visitor]]:
    """A route for these parties; of staff, for those who hold one of these roles."""
    return Right(parties, roles)


def anyone() -> Callable[[Request], Awaitable[Visitor | None]]:
    """A route that needs no sign-in."""
    return Everybody()


async def visitor_of(request: Request) -> Visitor | None:
    """Who holds the session of this request; looked up once per request."""
    if not hasattr(request.state, "visitor"):
        secret = request.cookies.get(cookie_name(request))
        request.state.visitor = await house_of(request).sessions.visitor(secret) if secret else None
    found: Visitor | None = request.state.visitor
    return found


def cookie_name(request: Request) -> str:
    """Over https the cookie is bound to this host by its name."""
    return SECURE_COOKIE if request.url.scheme == "https" else COOKIE


Staff = Annotated[Visitor, Depends(may(Party.STAFF))]
Outsider = Annotated[Visitor, Depends(may(*PARTIES_OUTSIDE))]
SignedIn = Annotated[Visitor, Depends(may(*PEOPLE))]
"""What most routes declare; a room with rights of its own names them itself."""
