"""How the votes on one dossier stand: who may vote, the last vote of each, the mind of each bench and of the board."""

from collections.abc import Iterable, Mapping

from models.messages.message import Message
from models.messages.words import Fund
from reading.meetings import BoardTask, Cast, Member
from schemes.votes import Ballot, Bench, Choice, Result, Tally, result, tally


class Counted(Message):
    """The votes on one dossier. `tallies` holds the benches that still have to speak."""

    fund: Fund
    tallies: tuple[Tally, ...]
    result: Result
    ballots: tuple[Ballot, ...]
    members: Mapping[Bench, tuple[str, ...]]
    excluded: tuple[str, ...]

    def choice_of(self, person: str) -> Choice | None:
        """What somebody voted last."""
        return next((ballot.choice for ballot in self.ballots if ballot.person == person), None)


def counted(fund: Fund, task: BoardTask, seats: Iterable[Member], cast: Iterable[Cast]) -> Counted:
    """Count the votes on the dossier of this task. A bench that spoke before, elsewhere, is not asked again."""
    asked = tuple(Bench) if task.step == f"board_{Bench.EMPLOYERS}" else (Bench.UNIONS,)
    sitting = tuple(seats)
    members = {
        bench: tuple(seat.person for seat in sitting if seat.bench == bench and seat.person not in task.excluded)
        for bench in asked
    }
    ballots = last_votes(task.dossier, cast)
    tallies = tuple(tally(bench, members[bench], ballots) for bench in asked)
    return Counted(
        fund=fund,
        tallies=tallies,
        result=result(tallies),
        ballots=ballots,
        members=members,
        excluded=task.excluded,
    )


def last_votes(dossier: str, cast: Iterable[Cast]) -> tuple[Ballot, ...]:
    """The last vote of each on a dossier, in the order in which people first voted."""
    last: dict[str, Ballot] = {}
    for one in cast:
        if one.dossier == dossier:
            last[one.person] = Ballot(person=one.person, bench=Bench(one.bench), choice=Choice(one.choice))
    return tuple(last.values())
