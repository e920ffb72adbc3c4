"""A file of the bank is taken in once and whole, or refused with a sentence; what it says is matched at once.

Its digest tells whether it was here before; a line that stood in an earlier file tells nothing new and counts once.
"""

import asyncio
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import policies
from banking import statements, status
from banking.bookings import Entry
from banking.records import message_of
from database import transaction
from models.errors import Refusal
from models.messages.message import Message
from models.messages.words import Fund
from schemes.calendar import local_date
from schemes.identifiers import compact_iban
from treasury.matching import match, one_at_a_time

_KNOWN = "SELECT file, fund, sort, entries FROM bank_file WHERE digest = :digest"
_FILE = """
    INSERT INTO bank_file (fund, sort, name, digest, received_at, "by", entries)
    VALUES (:fund, :sort, :name, :digest, :at, :by, :entries) ON CONFLICT (digest) DO NOTHING RETURNING file
"""
_STATEMENTS = """
    INSERT INTO bank_statement (file, place, fund, account, reference, since, until, opening, closing, credited,
        debited, entries)
    VALUES (:file, :place, :fund, :account, :reference, :since, :until, :opening, :closing, :credited, :debited,
        :entries)
"""
_COLUMNS = {
    "place": "int",
    "account": "text",
    "says": "text",
    "booked_on": "date",
    "amount": "numeric",
    "direction": "text",
    "bank_reference": "text",
    "end_to_end": "text",
    "message_id": "text",
    "communication": "text",
    "counterparty": "text",
    "counterparty_iban": "text",
    "text": "text",
    "reason": "text",
}
_NAMES = ", ".join(_COLUMNS)
_ARRAYS = ", ".join(f"${place}::{sort}[]" for place, sort in enumerate(_COLUMNS.values(), start=4))
_ENTRIES = f"""
    WITH said AS MATERIALIZED (
        SELECT *, md5(concat_ws('|', account, says, direction, amount, end_to_end, bank_reference,
            CASE WHEN bank_reference IS NULL OR end_to_end IS NULL THEN concat_ws('|', message_id, communication) END,
            CASE WHEN bank_reference IS NULL THEN
                concat_ws('|', booked_on, counterparty_iban, counterparty, text, reason) END)) AS words
        FROM unnest({_ARRAYS}) AS said ({_NAMES})
    ), numbered AS (
        SELECT *, row_number() OVER (PARTITION BY words ORDER BY place) AS nth FROM said
    ), named AS (
        SELECT *, nth > 1 AND bank_reference IS NOT NULL AND end_to_end IS NOT NULL AS told_before,
            CASE WHEN nth = 1 THEN words ELSE words || '/' || nth END AS identity
        FROM numbered
    )
    INSERT INTO bank_entry (file, fund, identity, state, why, {_NAMES})
    SELECT $1, $2, identity,
        CASE WHEN told_before OR earlier.entry IS NOT NULL THEN 'repeated' ELSE 'unmatched' END,
        CASE WHEN told_before OR earlier.entry IS NOT NULL THEN 'same_line' ELSE $3 END,
        {", ".join(f"named.{name}" for name in _COLUMNS)}
    FROM named LEFT JOIN LATERAL (
        SELECT entry FROM bank_entry WHERE bank_entry.identity = named.identity AND state <> 'repeated'
    ) AS earlier ON true
    ORDER BY named.place
"""
"""A line is known by what it says: by the bank's reference and ours where it has both; else by all it says and by how
many such lines stood before it in its file, because two people may pay the same on one day."""
_OF_RUN = "SELECT fund FROM payment_run WHERE message_id = :message"


HEAD = 4096
"""Bytes in which the root of a message stands."""


class TakenIn(Message):
    """What became of a file."""

    file: int
    name: str
    fund: Fund
    sort: str
    entries: int
    repeated: bool = False
    """The same file was here before; nothing changed."""
    states: dict[str, int] = {}
    """How many of its lines are matched, unmatched and repeated."""


@dataclass
class _Read:
    """A file as it was read, before anything is kept."""

    sort: str
    accounts: set[str] = field(default_factory=set)
    messages: set[str] = field(default_factory=set)
    statements: list[dict[str, Any]] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)


async def take_in(
    engine: AsyncEngine, content: bytes, name: str, by: str, *, funds: Collection[Fund] = tuple(Fund)
) -> TakenIn:
    """Read a file, keep what it says and match it, in one transaction. The same file again changes nothing.

    `funds`: of which funds whoever brings it may bring files.

    Raises:
        Refusal: it cannot be read, is of another sort, or speaks of an account or a run that is not of one fund of
            this house.
    """
    digest = hashlib.sha256(content).hexdigest()
    async with transaction(engine) as connection:
        if (known := await _known(connection, digest, name)) is not None:
            _check_fund(known.fund, funds)
            return known
    read = await asyncio.to_thread(_read, content)
    async with transaction(engine) as connection:
        fund = await _fund_of(connection, read)
        _check_fund(fund, funds)
        await one_at_a_time(connection, fund)
        head = {"fund": fund, "sort": read.sort, "name": name, "digest": digest, "by": by}
        file = await connection.scalar(text(_FILE), {**head, "at": datetime.now(UTC), "entries": len(read.entries)})
        if file is None:
            known = await _known(connection, digest, name)
            assert known is not None
            return known
        await _keep(connection, read, file, fund)
        await match(connection, fund)
        states = await _states(connection, file)
    return TakenIn(file=file, name=name, fund=fund, sort=read.sort, entries=len(read.entries), states=states)


async def _known(connection: AsyncConnection, digest: str, name: str) -> TakenIn | None:
    found = (await connection.execute(text(_KNOWN), {"digest": digest})).mappings().one_or_none()
    if found is None:
        return None
    states = await _states(connection, found["file"])
    return TakenIn(**found, name=name, repeated=True, states=states)


async def _states(connection: AsyncConnection, file: int) -> dict[str, int]:
    counted = "SELECT state, count(*) AS lines FROM bank_entry WHERE file = :file GROUP BY state ORDER BY state"
    return {row.state: row.lines for row in await connection.execute(text(counted), {"file": file})}


async def _keep(connection: AsyncConnection, read: _Read, file: int, fund: str) -> None:
    """All lines in one statement, whether there are three or a hundred thousand."""
    if read.statements:
        rows = [{"file": file, "fund": fund, **row} for row in read.statements]
        await connection.execute(text(_STATEMENTS), rows)
    if read.entries:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        arrays = [list(column) for column in zip(*read.entries, strict=True)]
        await raw.execute(_ENTRIES, file, fund, "new", *arrays)


async def _fund_of(connection: AsyncConnection, read: _Read) -> Fund:
    if not read.sort.startswith("pain"):
        return _owner(read.accounts)
    for message in read.messages:
        found = await connection.scalar(text(_OF_RUN), {"message": message})
        if found is not None:
            return Fund(found)
    raise Refusal(
        "UnknownRun",
        f"Dit antwoord gaat over {', '.join(sorted(read.messages)) or 'geen enkel bestand'}: zo'n betaalbestand heeft "
        "dit huis niet verstuurd. Vraag de bank voor wie het is.",
    )


def _check_fund(fund: Fund, funds: Collection[Fund]) -> None:
    if fund not in funds:
        raise Refusal("OtherFund", "Dit bestand gaat over een ander fonds. Er is niets van opgenomen.")


def _owner(accounts: set[str]) -> Fund:
    strangers = sorted(account for account in accounts if account not in own_accounts())
    if strangers or not accounts:
        told = ", ".join(strangers) or "geen rekening"
        raise Refusal(
            "ForeignAccount",
            f"Dit bestand gaat over {told}, en dat is de rekening van geen enkel fonds. Er is niets van opgenomen.",
        )
    owners = {own_accounts()[account] for account in accounts}
    if len(owners) > 1:
        raise Refusal(
            "SeveralFunds",
            f"Dit bestand gaat over rekeningen van {', '.join(sorted(owners))}. Vraag de bank een bestand per fonds.",
        )
    return owners.pop()


@lru_cache(maxsize=1)
def own_accounts() -> dict[str, Fund]:
    """The fund that holds each account, by IBAN without spaces."""
    return {compact_iban(person.iban): fund for fund, person in policies.funds().items()}


def _read(content: bytes) -> _Read:
    message = message_of(content[:HEAD])
    read = _Read(".".join(message.split(".")[:2]))
    if read.sort.startswith("pain"):
        _read_status(content, read, local_date(datetime.now(UTC)))
    else:
        _read_statements(content, read)
    return read


def _read_statements(content: bytes, read: _Read) -> None:
    for said in statements.read(content):
        if isinstance(said, statements.Statement):
            read.accounts.add(said.account)
            read.statements.append(_statement_row(said, len(read.statements) + 1))
        else:
            told = read.statements[-1]
            told["credited" if said.direction == "credit" else "debited"] += said.amount
            told["entries"] += 1
            told["since"] = min(told["since"] or said.booked_on, said.booked_on)
            told["until"] = max(told["until"] or said.booked_on, said.booked_on)
            read.entries.append(_entry_row(said))


def _statement_row(said: statements.Statement, place: int) -> dict[str, Any]:
    return {
        "place": place,
        "account": said.account,
        "reference": said.number or said.identification,
        "since": said.first,
        "until": said.last,
        "opening": said.opening,
        "closing": said.closing,
        "credited": Decimal(0),
        "debited": Decimal(0),
        "entries": 0,
    }


def _entry_row(said: Entry) -> tuple[Any, ...]:
    """In the order of `_COLUMNS`."""
    return (
        said.place,
        said.account,
        "booked",
        said.booked_on,
        said.amount,
        str(said.direction),
        said.bank_reference,
        said.end_to_end,
        said.message_id or said.payment_info_id,
        said.communication,
        said.counterparty,
        said.counterparty_iban,
        said.text,
        said.reason,
    )


def _read_status(content: bytes, read: _Read, today: date) -> None:
    for said in status.read(content):
        read.messages.add(said.message_id)
        words = {"end_to_end": said.end_to_end, "message_id": said.message_id, "reason": said.reason, "text": said.text}
        row = {"place": said.place, "says": str(said.says), "booked_on": today, **words}
        read.entries.append(tuple(row.get(name) for name in _COLUMNS))
