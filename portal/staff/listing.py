"""What the address of a work list says: the tab, the typed question and the place. All state of a list is in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from absences import stood_in_for, today
from portal.access.visitor import Visitor
from reading.asked import Asked, Term, parse, part_printed, printed
from reading.inbox import Desk, InboxQuery, Tab
from reading.misread import Misread

PATH = "/werklijst"
SLUGS: Mapping[Tab, str] = {
    Tab.MINE: "mijn",
    Tab.TEAM: "team",
    Tab.UNASSIGNED: "vrij",
    Tab.TODAY: "vandaag",
    Tab.OVERDUE: "telaat",
    Tab.SNOOZED: "uitgesteld",
    Tab.PAUSED: "wacht",
    Tab.DONE: "klaar",
}
_TABS = {slug: tab for tab, slug in SLUGS.items()}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of the question, and the address of the list without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One list as it was asked for. `problem` says what was not understood; the list is then not narrowed."""

    desk: Desk
    language: str
    tab: Tab = Tab.MINE
    typed: str = ""
    asked: Asked = field(default_factory=Asked)
    problem: str | None = None
    after: str | None = None
    before: str | None = None

    def query(self, limit: int = PAGE) -> InboxQuery:
        """The question to the database."""
        return InboxQuery(self.desk, self.tab, self.asked, limit, self.after, self.before)

    def values(self) -> dict[str, str]:
        """What stands in the address, the place left out: for the links of one dossier and the fields of a form."""
        return {"lijst": SLUGS[self.tab]} | ({"q": self.typed} if self.typed else {})

    def address(self, path: str = PATH, **more: str | None) -> str:
        """The address of this list, or of another page about it."""
        said = self.values() | {name: value for name, value in more.items() if value is not None}
        return f"{path}?{urlencode(said)}"

    def place(self) -> dict[str, str]:
        """Where in the list this page stands."""
        return {name: at for name, at in (("na", self.after), ("voor", self.before)) if at}

    def of_tab(self, tab: Tab) -> str:
        """The same question on another tab."""
        return replace(self, tab=tab, after=None, before=None).address()

    def chips(self) -> tuple[Chip, ...]:
        """What was understood, part by part."""
        return tuple(Chip(part_printed(part, self.language), self._without(part)) for part in self.asked.parts())

    def _without(self, part: Term | str) -> str:
        return replace(self, typed=printed(self.asked.without(part), self.language)).address()


async def desk_of(connection: AsyncConnection, visitor: Visitor) -> Desk:
    """The work of a member of staff today in Brussels, with that of the absent colleagues stood in for."""
    absent = await stood_in_for(connection, visitor.person, today())
    roles = visitor.roles.union(*(actor.roles for actor in absent))
    stands_for = tuple(actor.for_person for actor in absent if actor.for_person)
    return Desk(visitor.person, visitor.funds, tuple(sorted(roles)), today(), stands_for)


def listing_of(desk: Desk, language: str, said: Mapping[str, str]) -> Listing:
    """The list that these values of an address or form ask for; what is not understood is told in `problem`."""
    typed = said.get("q", "").strip()
    asked, problem = Asked(), None
    try:
        asked = parse(typed)
    except Misread as misread:
        problem = misread.in_(language)
    return Listing(
        desk=desk,
        language=language,
        tab=_TABS.get(said.get("lijst", ""), Tab.MINE),
        typed=typed if problem else printed(asked, language),
        asked=asked,
        problem=problem,
        after=said.get("na") or None,
        before=said.get("voor") or None,
    )


async def wanted(request: Request, visitor: Visitor, language: str, connection: AsyncConnection) -> Listing:
    """The list that the address of a request asks for."""
    return listing_of(await desk_of(connection, visitor), language, request.query_params)
