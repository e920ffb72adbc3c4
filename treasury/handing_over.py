"""The file leaves the house: said first, then written, then said to be done.

Whoever dies between the first and the last leaves behind that nobody knows. Then a person looks whether the bank has
the file; it is never written again by itself.
"""

import asyncio
import os
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.errors import Refusal
from models.messages.payment_runs import RunStanding, SettleHandOver
from treasury.standing import check_finance, locked, now, standing

_HANDING_OVER = "UPDATE payment_run SET state = 'handing_over' WHERE run = :run"
_HANDED_OVER = """
    UPDATE payment_run SET state = 'handed_over', handed_over_at = :at
    WHERE run = :run AND state IN ('handing_over', 'unknown')
"""
_NOT_YET = "UPDATE payment_run SET state = 'sealed' WHERE run = :run AND state = 'handing_over'"
_UNKNOWN = "UPDATE payment_run SET state = 'unknown' WHERE run = :run"
_AGAIN = "UPDATE payment_run SET state = 'sealed' WHERE run = :run"


def outbox(bank_folder: Path, fund: str, *, rehearsed: bool) -> Path:
    """Where the bank of a fund takes its files; rehearsed ones stand where no bank looks."""
    return (bank_folder / "rehearsed" if rehearsed else bank_folder) / "out" / fund


async def hand_over(engine: AsyncEngine, number: str, bank_folder: Path) -> RunStanding:
    """Write the sealed file where the bank takes it. Done again after it was done, nothing happens.

    What an earlier attempt began and did not end becomes `unknown`, for a person to settle.

    Raises:
        OSError: the folder cannot be written; the run is as sealed as before.
    """
    async with transaction(engine) as connection:
        run = await locked(connection, number)
        if run.state == "handing_over":
            await connection.execute(text(_UNKNOWN), {"run": number})
        if run.state != "sealed":
            return await standing(connection, number)
        await connection.execute(text(_HANDING_OVER), {"run": number})
    place = _place(bank_folder, run)
    try:
        await asyncio.to_thread(_lay_ready, place, run.content)
    except OSError:  # nothing left the house: there is no doubt, and it may be tried again
        async with transaction(engine) as connection:
            await connection.execute(text(_NOT_YET), {"run": number})
        raise
    await asyncio.to_thread(_give, place)
    async with transaction(engine) as connection:
        await connection.execute(text(_HANDED_OVER), {"run": number, "at": now()})
        return await standing(connection, number)


async def settle_hand_over(engine: AsyncEngine, command: SettleHandOver) -> RunStanding:
    """A person looked at the bank: it has the file, or it does not and the same file is to be written again.

    Raises:
        Refusal: nothing is in doubt, or the person is not of finance.
    """
    async with transaction(engine) as connection:
        run = await locked(connection, command.run)
        check_finance(command.by, run.fund)
        repeated = run.state == "handed_over" if command.bank_has_it else run.state == "sealed"
        if not repeated:
            if run.state != "unknown":
                text_of = f"Van betaalopdracht {command.run} is niets meer onduidelijk. Bekijk ze opnieuw."
                raise Refusal("NothingUnknown", text_of)
            settled = _HANDED_OVER if command.bank_has_it else _AGAIN
            await connection.execute(text(settled), {"run": command.run, "at": now()})
        return await standing(connection, command.run)


def stands_in_outbox(bank_folder: Path, fund: str, file_name: str, *, rehearsed: bool) -> bool:
    """Whether the file still lies where the bank will take it: what a person who settles wants to know."""
    return (outbox(bank_folder, fund, rehearsed=rehearsed) / file_name).exists()


def _place(bank_folder: Path, run: Any) -> Path:
    return outbox(bank_folder, run.fund, rehearsed=run.rehearsed) / str(run.file_name)


def _unfinished(place: Path) -> Path:
    return place.with_suffix(".tmp")


def _lay_ready(place: Path, content: bytes) -> None:
    """The whole file under a name that no bank looks for."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with _unfinished(place).open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _give(place: Path) -> None:
    """Its own name, at once: a bank that looks meanwhile never finds half of one. From here on it may be taken."""
    os.replace(_unfinished(place), place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
