"""How a jointly run board decides: each bench by itself, and the whole only when both are of one mind.

Boards are jointly run, so a decision may need both benches (domain.md 1, covenant). The covenant gives no quorum and no
majority: the numbers of `EXAMPLE` are example values, to be set by each board.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from models.messages.message import Message


class Bench(StrEnum):
    """The two sides of a jointly run board."""

    EMPLOYERS = "employers"
    UNIONS = "unions"


def bench_of(task: str) -> Bench | None:
    """The bench that a task of the board belongs to, by its name `DOSSIER/step/occurrence`; None: not of the board."""
    return next((bench for bench in Bench if f"board_{bench}/" in task), None)


class Choice(StrEnum):
    """What a member of the board votes."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class BoardRules(Message):
    """The rules of a board. Percentages: a quorum is reached at it, a majority only above it."""

    quorum: int
    """How many of the members who may vote have to, abstentions included."""
    majority: int
    """How many of the votes for and against; who abstains is not counted."""


EXAMPLE = BoardRules(quorum=50, majority=50)
"""At least half of a bench, and more votes for than against. Example values: no source gives any."""

Mind = Literal["approve", "refuse", "no_quorum", "tied"]
Result = Literal["approve", "refuse", "adjourned"]


class Ballot(Message):
    """The vote of one member on one dossier; the last one that was cast counts."""

    person: str
    bench: Bench
    choice: Choice


class Tally(Message):
    """How one bench voted, and of what mind it is."""

    bench: Bench
    members: int
    """Who may vote: members of the bench who took no earlier step in the dossier."""
    in_favour: int
    against: int
    abstained: int
    mind: Mind

    @property
    def voted(self) -> int:
        """How many voted at all."""
        return self.in_favour + self.against + self.abstained


def tally(bench: Bench, members: Iterable[str], ballots: Iterable[Ballot], rules: BoardRules = EXAMPLE) -> Tally:
    """Count the votes of a bench. `members` may vote; what others voted does not count."""
    entitled = frozenset(members)
    cast = [ballot.choice for ballot in ballots if ballot.bench is bench and ballot.person in entitled]
    in_favour, against = cast.count(Choice.FOR), cast.count(Choice.AGAINST)
    return Tally(
        bench=bench,
        members=len(entitled),
        in_favour=in_favour,
        against=against,
        abstained=cast.count(Choice.ABSTAIN),
        mind=_mind(len(entitled), len(cast), in_favour, against, rules),
    )


def result(tallies: Iterable[Tally]) -> Result:
    """What the board decides: what both approve is approved, what one refuses is refused; else it comes back later."""
    minds = {one.mind for one in tallies}
    if minds & {"no_quorum", "tied"}:
        return "adjourned"
    return "refuse" if "refuse" in minds else "approve"


def speaker(bench: Bench, mind: Mind, ballots: Iterable[Ballot], excluded: Iterable[str]) -> str | None:
    """Who writes the outcome of a bench down: the first who voted so and took no earlier step; None: nobody can."""
    wanted = {"approve": Choice.FOR, "refuse": Choice.AGAINST}.get(mind)
    barred = frozenset(excluded)
    able = (one.person for one in ballots if (one.bench, one.choice) == (bench, wanted) and one.person not in barred)
    return next(able, None)


def _mind(members: int, voted: int, in_favour: int, against: int, rules: BoardRules) -> Mind:
    if not voted or voted * 100 < members * rules.quorum:
        return "no_quorum"
    decided = in_favour + against
    if in_favour * 100 > decided * rules.majority:
        return "approve"
    return "refuse" if against * 100 > decided * rules.majority else "tied"
