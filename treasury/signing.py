"""Two distinct people of finance sign the lines as they are; neither decided on what is paid."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database import transaction
from models.errors import Refusal
from models.messages.payment_runs import RunStanding, SignRun
from treasury.standing import check_finance, check_open, locked, now, standing

_SIGNED = "SELECT person, on_behalf_of FROM payment_signature WHERE run = :run"
_DECIDED = """
    SELECT line.line FROM payment_line AS line JOIN task USING (dossier)
    WHERE line.run = :run AND line.state = 'included' AND task.step = 'payment' AND task.state = 'open'
        AND task.excluded && CAST(:persons AS varchar[])
    ORDER BY line.line LIMIT 1
"""
_SIGN = """
    WITH signature AS (
        INSERT INTO payment_signature (run, person, on_behalf_of, at) VALUES (:run, :person, :absent, :at)
    )
    UPDATE payment_run SET state = 'signing' WHERE run = :run
"""


async def sign(engine: AsyncEngine, command: SignRun) -> RunStanding:
    """Put one signature; the same person signing again changes nothing.

    Raises:
        Refusal: the run is closed or empty, the person is not of finance, took a step before the payment of one of
            its lines, or stands in for who signed already.
    """
    async with transaction(engine) as connection:
        run = await locked(connection, command.run)
        check_finance(command.by, run.fund)
        signed = (await connection.execute(text(_SIGNED), {"run": command.run})).all()
        if command.by.person not in {row.person for row in signed}:
            check_open(run)
            await _sign(connection, command, signed)
        return await standing(connection, command.run)


async def _sign(connection: AsyncConnection, command: SignRun, signed: Any) -> None:
    person, absent = command.by.person, command.by.for_person
    others = {name for row in signed for name in (row.person, row.on_behalf_of) if name}
    if {person, absent} & others:
        raise Refusal(
            "SameHand",
            "Twee verschillende personen ondertekenen: deze handtekening staat er al. Laat een collega tekenen.",
        )
    if (await standing(connection, command.run)).lines == 0:
        raise Refusal("NoLines", f"In betaalopdracht {command.run} staat geen enkele lijn om te betalen.")
    persons = [name for name in (person, absent) if name]
    decided = await connection.scalar(text(_DECIDED), {"run": command.run, "persons": persons})
    if decided is not None:
        raise Refusal(
            "FourEyes",
            f"Vier ogen: u (of wie u vervangt) nam al een stap in het dossier van lijn {decided}. "
            "Laat een collega tekenen, of sluit de lijn uit.",
        )
    await connection.execute(text(_SIGN), {"run": command.run, "person": person, "absent": absent, "at": now()})
