"""What a person of finance does with a draft run: leave a line out, hold it, release it, or discard the whole run.

Every change takes the signatures away: who signed, signed other lines.
"""

from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database import transaction
from models.errors import Refusal
from models.messages.payment_runs import SAID_BY_PEOPLE, ChangeLine, DiscardRun, RunStanding
from schemes.identifiers import compact_iban
from treasury.checking import ANSWERED, OF_PAYMENT, found_wrong, holder
from treasury.standing import OPEN_FOR_CHANGE, check_finance, check_open, locked, now, standing

_LINE = "SELECT * FROM payment_line WHERE run = :run AND line = :line FOR UPDATE"
_CHANGED = """
    UPDATE payment_line SET state = :state, reason = :reason, by = :by, changed_at = :at
    WHERE run = :run AND line = :line
"""
_RELEASED = """
    UPDATE payment_line
    SET state = 'included', reason = NULL, iban = :iban, holder = :holder, by = :by, changed_at = :at
    WHERE run = :run AND line = :line
"""
_UNSIGN = """
    WITH gone AS (DELETE FROM payment_signature WHERE run = :run)
    UPDATE payment_run SET state = 'draft' WHERE run = :run AND state = 'signing'
"""
_DISCARD = """
    WITH lines AS (
        UPDATE payment_line SET state = 'discarded', reason = :reason, by = :by, changed_at = :at
        WHERE run = :run AND state IN ('included', 'held')
    ), signatures AS (DELETE FROM payment_signature WHERE run = :run)
    UPDATE payment_run SET state = 'discarded', reason = :reason, ended_at = :at WHERE run = :run
"""
_AFTER = {"exclude": "excluded", "hold": "held", "release": "included"}
_MAY_BECOME = {"exclude": ("included", "held"), "hold": ("included",), "release": ("held",)}


async def change_line(engine: AsyncEngine, change: ChangeLine) -> RunStanding:
    """Exclude, hold or release one line; done again it changes nothing.

    Raises:
        Refusal: the run is closed, the line is not of this run, no reason was given, or what is released cannot be
            paid as it stands: the sentence says what to do.
    """
    async with transaction(engine) as connection:
        run = await locked(connection, change.run)
        check_finance(change.by, run.fund)
        check_open(run)
        line = (await connection.execute(text(_LINE), {"run": change.run, "line": change.line})).one_or_none()
        if line is None:
            raise Refusal("UnknownLine", f"Lijn {change.line} staat niet in betaalopdracht {change.run}.")
        if line.state != _AFTER[change.change]:
            await _change(connection, change, line)
            await connection.execute(text(_UNSIGN), {"run": change.run})
        return await standing(connection, change.run)


async def _change(connection: AsyncConnection, change: ChangeLine, line: Any) -> None:
    if line.state not in _MAY_BECOME[change.change]:
        raise Refusal("LineClosed", f"Lijn {change.line} is '{line.state}' en kan dit niet meer worden.")
    if change.change == "release":
        await _release(connection, change, line)
        return
    if change.reason not in SAID_BY_PEOPLE:
        listed = ", ".join(sorted(SAID_BY_PEOPLE))
        raise Refusal("ReasonMissing", f"Geef een reden waarom deze lijn niet betaald wordt: {listed}.")
    said = {"state": _AFTER[change.change], "reason": change.reason, "by": change.by.person, "at": now()}
    await connection.execute(text(_CHANGED), {"run": change.run, "line": change.line} | said)


async def _release(connection: AsyncConnection, change: ChangeLine, line: Any) -> None:
    """What was held is looked at anew, with the account as it is known now."""
    found = await connection.execute(text(f"{OF_PAYMENT} AND NOT {ANSWERED}"), {"payment": line.payment})
    row = found.mappings().one_or_none()
    if row is None or row["state"] != "instructed":
        raise Refusal("PaymentSettled", f"Betaling {line.payment} is intussen afgehandeld. Sluit de lijn uit.")
    wrong = found_wrong(dict(row), line.amount, line.natural_person)
    if wrong is not None:
        raise Refusal(f"Line_{wrong}", f"Lijn {change.line} kan nog niet betaald worden: {SENTENCES[wrong]}")
    values = {"run": change.run, "line": change.line, "by": change.by.person, "at": now()}
    named = {"iban": compact_iban(row["iban"]), "holder": holder(dict(row), line.natural_person)}
    try:
        async with connection.begin_nested():
            await connection.execute(text(_RELEASED), values | named)
    except IntegrityError as taken:
        raise Refusal(
            "PaymentTaken", f"Betaling {line.payment} staat intussen in een andere betaalopdracht."
        ) from taken


async def discard(engine: AsyncEngine, command: DiscardRun) -> RunStanding:
    """Pay nothing of this run; its payments are due again. Discarded again it stays so.

    Raises:
        Refusal: it is sealed already, or somebody else's.
    """
    async with transaction(engine) as connection:
        run = await locked(connection, command.run)
        check_finance(command.by, run.fund)
        if run.state != "discarded":
            check_open(run)
            values = {"run": command.run, "reason": command.reason, "by": command.by.person, "at": now()}
            await connection.execute(text(_DISCARD), values)
        return await standing(connection, command.run)


async def lapse(engine: AsyncEngine, number: str) -> RunStanding:
    """Nobody signed in time: the run is discarded and its payments are due again."""
    async with transaction(engine) as connection:
        run = await locked(connection, number)
        if run.state in OPEN_FOR_CHANGE:
            values = {"run": number, "reason": "not_signed_in_time", "by": "system", "at": now()}
            await connection.execute(text(_DISCARD), values)
        return await standing(connection, number)


SENTENCES = {
    "holder_missing": "de naam van de begunstigde ontbreekt. Vul ze aan in het dossier.",
    "amount_too_large": "het bedrag is te groot voor een overschrijving. Sluit de lijn uit.",
    "account_missing": "er is geen rekening bekend. Vraag ze aan de begunstigde.",
    "account_invalid": "het rekeningnummer klopt niet. Vraag het juiste aan de begunstigde.",
    "account_unverified": "de rekening is nog niet nagezien. Laat een tweede persoon ze nazien.",
    "account_refused": "de rekening is bij nazicht geweigerd. Vraag een andere aan de begunstigde.",
    "amount_not_positive": "na inhouding blijft er niets te betalen. Sluit de lijn uit.",
    "above_grant": "het bedrag gaat boven wat is toegekend. Kijk het dossier na.",
    "closed_dossier": "het dossier is gesloten. Sluit de lijn uit.",
}
"""What the house found wrong, and what to do about it."""
