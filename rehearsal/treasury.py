"""The rehearsed treasurer: collects what is due, has it signed by two, and reads back what the rehearsed bank says.

Nobody answers a task `payment` by hand then: a dossier hears from the bank alone whether it paid.
"""

import asyncio
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
from schwifty import IBAN
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.errors import Refusal
from models.messages.words import Fund, Role
from rehearsal.bank import Manners, RehearsedBank
from rehearsal.parts import seed_of
from starter import Starter
from treasury.accounts import say_who, verify_account
from treasury.handing_over import outbox
from treasury.intake import take_in

PATIENCE = 120.0
"""Seconds for a run to leave the house."""
LOOK_AGAIN = 0.1
LONG_AFTER = timedelta(days=60)
"""By then the bank said all it has to say of a file."""
_FUNDS = """
    SELECT DISTINCT dossier.fund FROM payment JOIN dossier ON dossier.number = payment.dossier
    WHERE payment.state = 'instructed' AND dossier.rehearsed ORDER BY 1
"""
_HELD = """
    SELECT line.line, line.dossier, line.reason, payment.account_of
    FROM payment_line AS line JOIN payment USING (payment)
    WHERE line.run = $1 AND line.state = 'held' ORDER BY line.line
"""
_RUN = "SELECT state, file_name, content, execution_on FROM payment_run WHERE run = $1"
_NEW_ACCOUNT = "UPDATE contact SET iban = :iban WHERE dossier = :dossier AND party = :party"
_COUNTS = {
    "runs": "SELECT count(*) FROM payment_run WHERE content IS NOT NULL",
    "lines": "SELECT count(*) FROM payment_line WHERE state IN ('executed', 'rejected', 'returned')",
    "files": "SELECT count(*) FROM bank_file",
}
_EUROS = {
    "ledger": """
        SELECT coalesce(sum(payment.amount - line.withheld), 0) FROM payment JOIN payment_line AS line USING (payment)
        WHERE payment.state = 'confirmed' AND line.state = 'executed'
    """,
    "files": "SELECT coalesce(sum(amount), 0) FROM payment_line WHERE state = 'executed'",
    "statements": """
        SELECT coalesce(sum(CASE direction WHEN 'debit' THEN amount ELSE -amount END), 0) FROM bank_entry
        WHERE state = 'matched' AND matched_as IN ('payment', 'run', 'return')
    """,
}
_BY_HAND = """
    SELECT count(*) FROM payment WHERE state = 'confirmed'
        AND NOT EXISTS (SELECT FROM payment_line AS line
            WHERE line.payment = payment.payment AND line.state = 'executed')
"""


class Treasurer:
    """Finance of all funds, and the bank they write to."""

    def __init__(
        self,
        engine: AsyncEngine,
        pool: asyncpg.Pool,
        starter: Starter,
        bank_folder: Path,
        manners: Manners | None = None,
    ) -> None:
        self._engine, self._pool, self._starter = engine, pool, starter
        self._bank_folder = bank_folder
        self._bank = RehearsedBank(seed=4, manners=manners or Manners())

    async def pay(self) -> int:
        """Pay everything that is due, by one file per fund; returns how many lines the bank got.

        Raises:
            TimeoutError: a run does not leave the house.
        """
        paid = [await self._run(Fund(row["fund"])) for row in await self._pool.fetch(_FUNDS)]
        while await self._starter.redeliver(older_than=timedelta(0)):
            pass
        return sum(paid)

    async def other_account(self, dossier: str, party: str) -> None:
        """A beneficiary gives another account, as on the page where that is asked."""
        serial = seed_of(f"{dossier}/{party}/{time.monotonic_ns()}") % 10_000_000
        iban = str(IBAN.generate("BE", bank_code="539", account_code=f"{serial:07d}"))
        async with transaction(self._engine) as connection:
            await say_who(connection, party)
            given = {"iban": iban, "dossier": dossier, "party": party}
            await connection.execute(text(_NEW_ACCOUNT), given)

    async def _run(self, fund: Fund) -> int:
        first, second = f"{fund}-{Role.FINANCE}-1", f"{fund}-{Role.FINANCE}-2"
        try:
            run = (await self._starter.collect_payments(fund, first, rehearsed=True)).run
        except Refusal as nothing:
            if nothing.code == "NothingDue":
                return 0
            raise
        for line in await self._pool.fetch(_HELD, run):
            await self._look_into(fund, line)
            await self._starter.change_line(run, line["line"], "release", first)
        for person in (first, second):
            standing = await self._starter.sign_run(run, person)
        await self._with_the_bank(fund, run)
        await self._starter.heard_of_the_bank(run)
        return standing.lines

    async def _look_into(self, fund: Fund, line: asyncpg.Record) -> None:
        """An account that nobody knew is looked at by somebody else; one that cannot be right is asked again."""
        dossier, party = line["dossier"], line["account_of"]
        if line["reason"] != "account_unverified":
            await self.other_account(dossier, party)
        by = await self._starter.staff(f"{fund}-{Role.TEAM_LEAD}-1")
        await verify_account(self._engine, dossier, party, by, right=True, name_check="match")

    async def _with_the_bank(self, fund: Fund, run: str) -> None:
        """The bank takes the file, and puts down what it has to say of it."""
        file = await self._left(run)
        place = outbox(self._bank_folder, fund, rehearsed=True) / file["file_name"]
        content = await asyncio.to_thread(place.read_bytes)
        assert content == file["content"], "what was written is what was signed"
        self._bank.receive(content)
        await asyncio.to_thread(place.unlink)
        for name, said in self._bank.answers(file["execution_on"] + LONG_AFTER):
            await take_in(self._engine, said, name, f"{fund}-{Role.FINANCE}-1")

    async def _left(self, run: str) -> asyncpg.Record:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = await self._pool.fetchrow(_RUN, run)
            if found is not None and found["state"] in ("handed_over", "settled"):
                return found
            await asyncio.sleep(LOOK_AGAIN)
        raise TimeoutError(f"{run} does not leave the house")


async def counted(pool: asyncpg.Pool) -> dict[str, Any]:
    """What went by files, counted in the database: the same euros by the ledger, by the files and by the statements."""
    entries = Counter[str]()
    for state, lines in await pool.fetch("SELECT state, count(*) FROM bank_entry GROUP BY 1 ORDER BY 1"):
        entries[state] = lines
    strange = await pool.fetch("SELECT why, count(*) FROM bank_entry WHERE state = 'unmatched' GROUP BY 1 ORDER BY 1")
    return {
        **{name: await pool.fetchval(question) for name, question in _COUNTS.items()},
        "by_hand": await pool.fetchval(_BY_HAND),
        "entries": dict(entries),
        "unmatched": {row["why"]: row["count"] for row in strange},
        "euros": {name: str(await pool.fetchval(question)) for name, question in _EUROS.items()},
    }
