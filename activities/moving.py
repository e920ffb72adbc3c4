"""What one dossier tells others in a command that is kept, so that it is heard wherever they went on meanwhile: the
people of an employer's dossier that another fund takes over, and who is dismissed again soon."""

import json
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity
from temporalio.exceptions import ApplicationError

from database import transaction
from models.messages.commands import Actor, ReportFact
from models.messages.receipts import PeopleOf
from models.messages.trajectories import ToldEarlier
from models.messages.words import Party

_TELL = text(
    """
    INSERT INTO pending_command (dossier, update_id, name, command, sent_at)
    SELECT r.number, 'moves:' || CAST(:parent AS text), 'report_fact', CAST(:command AS jsonb),
        now() - interval '1 hour'
    FROM receipt r LEFT JOIN dossier d ON d.number = r.number
    WHERE r.parent = :dossier AND r.kind = 'trajectory' AND r.started_at IS NOT NULL AND d.outcome IS NULL
    ON CONFLICT DO NOTHING
    """
)
_UNSTARTED = text("SELECT count(*) FROM receipt WHERE parent = :dossier AND kind = 'trajectory' AND started_at IS NULL")


_TELL_ONE = text(
    """
    INSERT INTO pending_command (dossier, update_id, name, command, sent_at)
    VALUES (:dossier, :fact || ':' || :teller, 'report_fact', CAST(:command AS jsonb), now() - interval '1 hour')
    ON CONFLICT DO NOTHING
    """
)


class Moves:
    """Writes commands to trajectories, which the workers' sweep sends until they are answered."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    def every(self) -> list[Any]:
        """What a worker registers."""
        return [self.move_people, self.tell_earlier]

    @activity.defn
    async def move_people(self, order: PeopleOf) -> None:
        """Tell everybody whose trajectory runs. Ordered twice, it is told once.

        Raises:
            ApplicationError: somebody's trajectory did not start yet; it is tried again until it did.
        """
        by = Actor(person=order.dossier, party=Party.SYSTEM)
        values = {"fund": order.fund, "parent": order.parent}
        report = ReportFact(fact="moves_fund", on=order.on, by=by, values=values)
        told = {"dossier": order.dossier, "parent": order.parent, "command": json.dumps(report.model_dump(mode="json"))}
        async with transaction(self._engine) as connection:
            await connection.execute(_TELL, told)
            left = await connection.scalar(_UNSTARTED, {"dossier": order.dossier})
        if left:
            raise ApplicationError(f"{left} people of {order.dossier} have not started yet", type="NotStarted")

    @activity.defn
    async def tell_earlier(self, told: ToldEarlier) -> None:
        """Tell the earlier trajectory of a person something. Ordered twice, it is told once."""
        command = json.dumps(told.report.model_dump(mode="json"))
        values = {"dossier": told.earlier, "teller": told.dossier, "fact": told.report.fact, "command": command}
        async with transaction(self._engine) as connection:
            await connection.execute(_TELL_ONE, values)
