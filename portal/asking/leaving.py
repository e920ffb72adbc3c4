"""Somebody died or went to live abroad, as a relative, the agency or staff tells: at once nothing is sent any more.

Nobody has to prove anything. It holds in every dossier of the same person, and staff can take it back.
"""

from datetime import date
from typing import Literal

from database import glance, transaction
from models.messages.commands import Actor, ReportFact
from portal.asking.person import change, tell_all
from portal.house import House

Leaving = Literal["deceased", "emigrated"]


async def leave(house: House, number: str, fact: Leaving, on: date, by: Actor) -> None:
    """Nothing is sent to this person from now on, and every trajectory that runs hears why.

    The contacts are written first: what the dossiers hear may be kept for later, a message may not slip out.

    Raises:
        Refusal: a trajectory does not take it.
    """
    async with transaction(house.engine) as connection:
        await change(connection, number, "left_on = :on", on=on)
    async with glance(house.engine) as connection:
        await tell_all(house, connection, number, ReportFact(fact=fact, on=on, by=by))


async def take_back(house: House, number: str, on: date, by: Actor) -> None:
    """It was a mistake: every trajectory that still can goes on where it was, and the person is reached again.

    `by` is a member of staff; nobody else is heard.

    Raises:
        Refusal: a trajectory does not take it; then nothing changed.
    """
    async with glance(house.engine) as connection:
        await tell_all(house, connection, number, ReportFact(fact="still_here", on=on, by=by))
    async with transaction(house.engine) as connection:
        await change(connection, number, "left_on = NULL")
