"""Who was dismissed before: noticed by a keyed digest of the person when a trajectory is received."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from importing.applications import Application
from models.messages.facts import EarlierTrajectory, TrajectoryFacts
from models.messages.words import Kind, Outcome
from models.tables import DossierRow, Participant, Receipt
from schemes.earlier import most_telling, relation

AT_ONCE = 500


class KnownPeople:
    """Trajectories by person: those that were received before, and those that are being received now."""

    def __init__(self) -> None:
        self._of: dict[str, list[tuple[str, str | None, TrajectoryFacts]]] = defaultdict(list)

    async def look_up(self, connection: AsyncConnection, people: Iterable[str | None]) -> None:
        """Read the trajectories of these people, but for those that another fund went on with."""
        keys = sorted({person for person in people if person is not None})
        for start in range(0, len(keys), AT_ONCE):
            query = (
                select(col(Participant.person), col(Receipt.number), col(Receipt.enterprise_number), col(Receipt.facts))
                .join(Receipt, col(Receipt.number) == col(Participant.dossier))
                .outerjoin(DossierRow, col(DossierRow.number) == col(Receipt.number))
                .where(
                    col(Participant.person).in_(keys[start : start + AT_ONCE]),
                    col(Receipt.kind) == Kind.TRAJECTORY.value,
                    col(DossierRow.outcome).is_distinct_from(Outcome.HANDED_OVER.value),
                )
            )
            for person, number, enterprise, facts in await connection.execute(query):
                self._of[person].append((number, enterprise, TrajectoryFacts.model_validate(facts)))

    def earlier(self, trajectory: Application, number: str | None = None) -> EarlierTrajectory | None:
        """The other trajectory of the same person that says most; `number` is the own one when it was received."""
        facts, enterprise = trajectory.facts, trajectory.personal.enterprise_number
        if not isinstance(facts, TrajectoryFacts):
            return None
        return most_telling(
            EarlierTrajectory(number=other, relation=relation(first, facts, same_employer=whose == enterprise))
            for other, whose, first in self._of.get(key_of(trajectory) or "", ())
            if other != number
        )

    def named(self, dossier: Application) -> Application:
        """An employer dossier whose people carry what is known of other trajectories of theirs."""
        people = tuple(noticed(one, self.earlier(one)) for one in dossier.trajectories)
        return dossier.model_copy(update={"trajectories": people})

    def received(self, trajectory: Application, number: str) -> None:
        """Remember one that was received just now."""
        key = key_of(trajectory)
        if key is not None and isinstance(trajectory.facts, TrajectoryFacts):
            whose = trajectory.personal.enterprise_number
            self._of[key].append((number, whose, trajectory.facts))


def key_of(application: Application) -> str | None:
    """The keyed digest of the person whom a trajectory is about."""
    people = application.personal.people
    return people[0].key if people else None


def noticed(application: Application, earlier: EarlierTrajectory | None) -> Application:
    """The application with the other trajectory of the same person in its facts."""
    if earlier is None:
        return application
    return application.model_copy(update={"facts": application.facts.model_copy(update={"earlier": earlier})})
