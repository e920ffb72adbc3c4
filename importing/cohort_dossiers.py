"""To which employer dossier the people of a closure go, and who has a trajectory in it already."""

from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from importing.applications import Application
from importing.cohorts import Announced, Row
from importing.faults import Fault
from importing.known_people import key_of
from models.errors import Refusal
from models.messages.words import Kind
from models.tables import DossierRow, HandedOn, Participant, Receipt

NUMBER = "Trajectnummer"


class Place(NamedTuple):
    """An open dossier, or none yet; then the key under which the next one is received."""

    number: str | None
    key: str


class Inside(NamedTuple):
    """Trajectories of one employer dossier, by the key of the person and by the number that an office gave."""

    people: dict[str, str]
    given: dict[str, str | None]
    """Whose number it is; None: of somebody without a key."""

    def holds(self, one: Application) -> bool:
        """Whether this person is in it."""
        return key_of(one) in self.people or (one.reference in self.given and self.given[one.reference] is None)

    def gave_away(self, one: Application) -> bool:
        """Whether somebody else in it has the number of this person, who is not in it."""
        return one.reference in self.given and not self.holds(one)

    def held_against(self, row: Row, file: str) -> Row:
        """The row, with a fault when its number belongs to somebody else."""
        if row.application is None or not self.gave_away(row.application):
            return row
        fault = Fault(file=file, row=row.row, column=NUMBER, message=_taken(row.application))
        return Row(row.row, row.name, None, (fault,))

    def newcomers(self, people: tuple[Application, ...]) -> list[Application]:
        """Who is not in it yet.

        Raises:
            Refusal: the number of one of them was given to somebody else meanwhile.
        """
        for one in people:
            if self.gave_away(one):
                raise Refusal("NumberGiven", _taken(one))
        return [one for one in people if not self.holds(one)]


async def place_of(connection: AsyncConnection, announced: Announced, secret: bytes) -> Place:
    """Where the people of this announcement go, whoever brought its dossier.

    In a dossier that is closed nothing would be asked or paid for them: after it a new one opens.

    Raises:
        Refusal: another fund goes on with this closure.
    """
    reference = announced.reference(secret)
    known = (await connection.execute(_dossiers_of(announced, reference))).all()
    ours = [one.number for one in known if one.outcome is None and one.onward is None]
    if ours:
        return Place(ours[0], reference)
    if known and known[-1].onward is not None:
        onward = await _last_of(connection, known[-1].onward)
        message = f"Een ander fonds volgt deze sluiting verder, in dossier {onward}. Bezorg de lijst aan dat fonds."
        raise Refusal("GoesOnElsewhere", message)
    turns = sum(one.reference == reference for one in known)
    return Place(None, f"{reference}/{turns + 1}" if turns else reference)


async def inside_of(connection: AsyncConnection, number: str | None) -> Inside:
    """Who has a trajectory in this employer dossier."""
    inside = Inside({}, {})
    if number is None:
        return inside
    query = (
        select(col(Receipt.number), col(Receipt.reference), col(Participant.person))
        .outerjoin(Participant, col(Participant.dossier) == col(Receipt.number))
        .where(col(Receipt.parent) == number, col(Receipt.kind) == Kind.TRAJECTORY.value)
    )
    for trajectory, reference, person in await connection.execute(query):
        if person is not None:
            inside.people[person] = trajectory
        if reference is not None:
            inside.given[reference] = person
    return inside


def _dossiers_of(announced: Announced, reference: str) -> Any:
    """Every dossier of an announcement, the oldest first: a successor of the employer changes what is known of it."""
    day = announced.announced_on.isoformat() if announced.announced_on else None
    told = and_(
        col(Receipt.enterprise_number) == announced.enterprise_number,
        col(Receipt.facts)["dismissal"].astext == announced.dismissal,
        col(Receipt.facts)["announced_on"].astext.is_not_distinct_from(day),
    )
    onward = select(col(HandedOn.number)).where(col(HandedOn.predecessor) == col(Receipt.number)).limit(1)
    return (
        select(
            col(Receipt.number),
            col(Receipt.reference),
            col(DossierRow.outcome),
            onward.scalar_subquery().label("onward"),
        )
        .outerjoin(DossierRow, col(DossierRow.number) == col(Receipt.number))
        .where(
            col(Receipt.fund) == announced.fund,
            col(Receipt.kind) == Kind.OUTPLACEMENT.value,
            or_(col(Receipt.reference) == reference, told),
        )
        .order_by(col(Receipt.received_at), col(Receipt.number))
    )


async def _last_of(connection: AsyncConnection, number: str) -> str:
    """The dossier in which one that was handed on, perhaps again, is now."""
    query = select(col(HandedOn.number))
    while (onward := await connection.scalar(query.where(col(HandedOn.predecessor) == number).limit(1))) is not None:
        number = onward
    return number


def _taken(one: Application) -> str:
    return f"{NUMBER} {one.reference} is in dit dossier van iemand anders. Geef deze persoon een ander nummer."
