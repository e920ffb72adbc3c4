"""The end of a run: the bank said of every line what became of it, or a person says so.

A line of which the bank said nothing in time is `unknown`: it keeps its payment, is never paid again by itself, and may
be answered by hand.
"""

from collections.abc import Mapping
from typing import Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.errors import Refusal
from models.messages.commands import Actor, SettlePayment
from models.messages.payment_runs import RunStanding
from treasury.standing import check_finance, locked, now, standing

_GIVE_UP = """
    UPDATE payment_line SET state = 'unknown', reason = 'no_word', by = 'system', changed_at = :at
    WHERE run = :run AND state IN ('sealed', 'accepted')
"""
_SETTLED = """
    UPDATE payment_run SET state = 'settled', ended_at = :at
    WHERE run = :run AND state = 'handed_over' AND NOT EXISTS (
        SELECT FROM payment_line WHERE payment_line.run = :run AND payment_line.state IN ('sealed', 'accepted')
    )
"""
_LINE = "SELECT * FROM payment_line WHERE line = :line FOR UPDATE"
_SAID = """
    UPDATE payment_line SET state = :state, reason = :reason, by = :by, changed_at = :at WHERE line = :line
"""
_TELL = """
    INSERT INTO pending_command (dossier, update_id, name, command, sent_at)
    VALUES (:dossier, :update_id, 'settle_payment', CAST(:command AS jsonb), :at) ON CONFLICT DO NOTHING
"""
_OUTCOMES: Mapping[str, Literal["confirmed", "returned"]] = {"executed": "confirmed", "returned": "returned"}


async def look(engine: AsyncEngine, number: str) -> RunStanding:
    """Where a run stands; it is settled when the bank has said the last word on every line."""
    async with transaction(engine) as connection:
        await locked(connection, number)
        await connection.execute(text(_SETTLED), {"run": number, "at": now()})
        return await standing(connection, number)


async def give_up(engine: AsyncEngine, number: str) -> RunStanding:
    """The bank was given its days: lines without a last word become unknown, and the run is settled."""
    async with transaction(engine) as connection:
        if (await locked(connection, number)).state == "handed_over":
            await connection.execute(text(_GIVE_UP), {"run": number, "at": now()})
            await connection.execute(text(_SETTLED), {"run": number, "at": now()})
        return await standing(connection, number)


async def settle_line(
    engine: AsyncEngine, line: str, outcome: Literal["executed", "returned"], by: Actor, reference: str
) -> None:
    """A person found out at the bank what became of an unknown line; its dossier is told in the same transaction.

    `reference` is the bank's own, or where it was found. Said again in the same way, nothing happens.

    Raises:
        Refusal: there is no such line, it is not unknown, or the person is not of finance.
    """
    async with transaction(engine) as connection:
        found = (await connection.execute(text(_LINE), {"line": line})).one_or_none()
        if found is None:
            raise Refusal("UnknownLine", f"Lijn {line} bestaat niet. Kijk het kenmerk na.")
        check_finance(by, found.fund)
        if found.state == outcome:
            return
        if found.state != "unknown":
            raise Refusal("NothingUnknown", f"Van lijn {line} is niets meer onduidelijk. Bekijk ze opnieuw.")
        said = {"line": line, "state": outcome, "reason": "settled_by_person", "by": by.person, "at": now()}
        await connection.execute(text(_SAID), said)
        command = SettlePayment(payment=found.payment, outcome=_OUTCOMES[outcome], reference=reference)
        told = {"dossier": found.dossier, "update_id": f"bank:{line}:{_OUTCOMES[outcome]}", "at": now()}
        await connection.execute(text(_TELL), told | {"command": command.model_dump_json()})
