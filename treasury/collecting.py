"""What is due becomes a draft run: each payment at most once, whoever collects at the same moment.

Nothing here decides that a payment is taken only once; two partial unique indexes of `payment_line` do.
"""

import json
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from banking.references import end_to_end
from database import transaction
from models.errors import Refusal
from models.messages.payment_runs import HoldReason, RunOpening, RunStanding
from schemes.calendar import ONE_DAY, local_date, next_bank_day
from treasury.due import DuePayment, due_payments
from treasury.standing import check_finance, now, standing

_BEGIN = """
    INSERT INTO payment_run (run, fund, rehearsed, execution_on, state, made_by, made_at, lines, total)
    VALUES (:run, :fund, :rehearsed, :execution_on, 'draft', :by, :at, 0, 0)
    ON CONFLICT DO NOTHING RETURNING run
"""
_ANSWERED = """
    UPDATE payment_line AS line SET state = CASE payment.state WHEN 'returned' THEN 'returned' ELSE 'executed' END,
        reason = 'answered_by_hand', changed_at = :at
    FROM payment WHERE line.fund = :fund AND line.state = 'unknown' AND payment.payment = line.payment
        AND payment.state IN ('confirmed', 'returned')
"""
"""A line whose outcome nobody knew lets go of its instalment once somebody answered for the dossier."""
_RETIRE = """
    UPDATE payment_line AS line
    SET line = line || '/' || (SELECT count(*) FROM payment_line AS earlier WHERE earlier.payment = line.payment)
    WHERE line = ANY (:lines) AND state IN ('excluded', 'discarded')
"""
"""The name of a line at the bank follows from the payment. One that was left out never reached the bank: its name goes
to the line that takes the payment now."""
_COLUMNS = (
    "line, run, payment, dossier, fund, instalment, gross, withheld, amount, natural_person, holder, iban, "
    "communication, state, reason, by, changed_at"
)
_LINES = f"""
    INSERT INTO payment_line ({_COLUMNS})
    SELECT {_COLUMNS} FROM jsonb_populate_recordset(NULL::payment_line, CAST(:lines AS jsonb))
    ORDER BY line ON CONFLICT DO NOTHING RETURNING line
"""
_OF_PAYMENT = {
    *("payment", "dossier", "fund", "instalment", "gross", "withheld", "amount", "natural_person", "holder", "iban"),
    "communication",
}
_TO_VERIFY = """
    INSERT INTO account_check (dossier, party, digest, state, changed_by, changed_at)
    SELECT dossier, party, digest, 'to_verify', 'unknown', :at
    FROM jsonb_to_recordset(CAST(:accounts AS jsonb)) AS new (dossier text, party text, digest text)
    ON CONFLICT DO NOTHING
"""


async def collect(engine: AsyncEngine, opening: RunOpening) -> RunStanding:
    """Make a draft run of everything that is due to a fund; collected again under the same number, nothing happens.

    What cannot be paid as it stands is held with the reason.

    Raises:
        Refusal: (NothingDue) nothing is due and no run is made; or the person or the day is not right.
    """
    check_finance(opening.by, opening.fund)
    at = now()
    today = local_date(at)
    if opening.on is not None and opening.on < today:
        raise Refusal("DayPast", "De dag van uitvoering is al voorbij. Kies vandaag of later.")
    execution_on = next_bank_day(opening.on or today + ONE_DAY)
    async with transaction(engine) as connection:
        begin = {"run": opening.run, "fund": opening.fund, "rehearsed": opening.rehearsed, "by": opening.by.person}
        values = begin | {"execution_on": execution_on, "at": at}
        if await connection.scalar(text(_BEGIN), values) is not None:
            await _take(connection, opening)
        return await standing(connection, opening.run)


async def _take(connection: AsyncConnection, opening: RunOpening) -> None:
    """Put every payment that is due in a line of the run."""
    at = now()
    await connection.execute(text(_ANSWERED), {"fund": opening.fund, "at": at})
    found = await due_payments(connection, opening.fund, rehearsed=opening.rehearsed)
    lines = [_line(one, opening) for one in found]
    await connection.execute(text(_RETIRE), {"lines": [line["line"] for line in lines]})
    taken = (await connection.execute(text(_LINES), {"lines": json.dumps(lines, default=str)})).scalars().all()
    if not taken:
        raise Refusal("NothingDue", f"Er is nu niets te betalen voor fonds {opening.fund}.")
    unseen = [
        {"dossier": one.dossier, "party": one.account_of, "digest": one.digest}
        for one in found
        if one.obstacle == HoldReason.ACCOUNT_UNVERIFIED
    ]
    await connection.execute(text(_TO_VERIFY), {"accounts": json.dumps(unseen), "at": at})


def _line(one: DuePayment, opening: RunOpening) -> dict[str, Any]:
    return {
        "line": end_to_end(one.payment),
        "run": opening.run,
        **one.model_dump(include=_OF_PAYMENT),
        "state": "held" if one.obstacle else "included",
        "reason": one.obstacle,
        "by": opening.by.person,
        "changed_at": now(),
    }
