"""The person in front of the screen, as signed in."""

from enum import StrEnum

from models.messages.commands import Actor
from models.messages.message import Message
from models.messages.words import Fund, Language, Party, Role


class Act(StrEnum):
    """What somebody may be allowed to do for an enterprise."""

    READ = "read"
    APPLY = "apply"
    ANSWER = "answer"


class Visitor(Message):
    """Who asks for a page. `person` is opaque and what events carry; the name is shown to the person alone."""

    session: str
    """Digest of the session's secret."""
    csrf: str
    """Secret that a form of this session carries."""
    person: str
    name: str
    language: Language = Language.DUTCH
    party: Party
    funds: tuple[Fund, ...] = ()
    """Staff: the funds worked for."""
    roles: frozenset[Role] = frozenset()
    enterprises: tuple[str, ...] = ()
    """Enterprise numbers acted for, the own one and those by mandate."""
    restricted: dict[str, frozenset[Act]] = {}
    """Enterprises for which not everything may be done, with what may."""
    dossiers: tuple[str, ...] = ()
    """Dossiers opened by a link, or taken part in as expert or participant."""
    agency: str | None = None
    door: str = ""
    """How this visitor came in: an identity provider's door, `link` or `demo`."""
    demo: bool = False

    def actor(self) -> Actor:
        """Who speaks, for a command."""
        fund = self.funds[0] if self.funds else None
        return Actor(person=self.person, party=self.party, fund=fund, roles=self.roles)

    @property
    def is_staff(self) -> bool:
        """Whether this is a member of staff."""
        return self.party is Party.STAFF

    def may(self, act: Act, enterprise: str) -> bool:
        """Whether this visitor may do this for an enterprise."""
        return enterprise in self.enterprises and act in self.restricted.get(enterprise, frozenset(Act))
