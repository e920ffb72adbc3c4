"""Where a payment run stands, and the lock under which it changes."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refusal
from models.messages.commands import Actor
from models.messages.payment_runs import RunStanding
from models.messages.words import Role

OPEN_FOR_CHANGE = frozenset({"draft", "signing"})
SIGNATURES_NEEDED = 2

_LOCKED = "SELECT * FROM payment_run WHERE run = :run FOR UPDATE"
_STANDING = """
    SELECT run.run, run.state, run.execution_on,
        count(line.line) FILTER (WHERE line.state NOT IN ('held', 'excluded', 'discarded')) AS lines,
        count(line.line) FILTER (WHERE line.state = 'held') AS held,
        coalesce(sum(line.amount) FILTER (WHERE line.state NOT IN ('held', 'excluded', 'discarded')), 0) AS total,
        count(line.line) FILTER (WHERE line.state IN ('sealed', 'accepted')) AS waiting,
        (SELECT count(*) FROM payment_signature AS signed WHERE signed.run = run.run) AS signatures
    FROM payment_run AS run LEFT JOIN payment_line AS line USING (run)
    WHERE run.run = :run GROUP BY run.run
"""


async def standing(connection: AsyncConnection, run: str) -> RunStanding:
    """Where a run stands now.

    Raises:
        Refusal: there is no such run.
    """
    found = (await connection.execute(text(_STANDING), {"run": run})).mappings().one_or_none()
    if found is None:
        raise unknown_run(run)
    return RunStanding.model_validate(dict(found))


async def locked(connection: AsyncConnection, run: str) -> Any:
    """The run's row, which nobody else changes until this transaction ends.

    Raises:
        Refusal: there is no such run.
    """
    found = (await connection.execute(text(_LOCKED), {"run": run})).one_or_none()
    if found is None:
        raise unknown_run(run)
    return found


def check_finance(by: Actor, fund: str) -> None:
    """Only finance of the fund touches its runs.

    Raises:
        Refusal: it is somebody else.
    """
    if by.fund != fund or Role.FINANCE not in by.roles:
        raise Refusal(
            "WrongRole", f"Betalingen van fonds {fund} zijn voor medewerkers met de rol 'finance' van dat fonds."
        )


def check_open(run: Any) -> None:
    """Only what is not sealed may still change.

    Raises:
        Refusal: it is sealed, handed over, settled or discarded.
    """
    if run.state not in OPEN_FOR_CHANGE:
        raise Refusal(
            "RunClosed",
            f"Betaalopdracht {run.run} kan niet meer veranderen. Bekijk ze opnieuw.",
        )


def unknown_run(run: str) -> Refusal:
    """What is said of a run that is not there."""
    return Refusal("UnknownRun", f"Betaalopdracht {run} bestaat niet. Kijk het nummer na.")


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
