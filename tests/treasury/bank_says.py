"""Small files of a bank, and payment runs that it was sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

import policies
from database import transaction
from models.messages.commands import Actor
from models.messages.words import Fund, Party, Role
from models.tables import BankEntry, PaymentLine, PaymentRun, PendingCommand, RecoveryRow
from schemes.identifiers import compact_iban
from treasury.intake import TakenIn, take_in

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = date(2026, 3, 4)
ACCOUNT = compact_iban(policies.funds()[Fund.ANTWERPEN].iban)
PAYEE = "BE68539007547034"
MESSAGE = "ANT-2026-B-0001-01"


@dataclass(frozen=True)
class Booked:
    """One booking: a debit of a line of ours unless it says otherwise."""

    end_to_end: str | None
    amount: str
    direction: str = "DBIT"
    reference: str | None = None
    reason: str | None = None
    communication: str | None = None
    message: str | None = None
    """The file whose lines are booked as one sum."""
    text: str | None = None

    def written(self) -> str:
        """As it stands in a statement."""
        number = f"<AcctSvcrRef>{self.reference}</AcctSvcrRef>" if self.reference else ""
        return (
            f'<Ntry><Amt Ccy="EUR">{self.amount}</Amt><CdtDbtInd>{self.direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
            f"<BookgDt><Dt>{DAY}</Dt></BookgDt>{number}<NtryDtls>{self._details()}</NtryDtls></Ntry>"
        )

    def _details(self) -> str:
        if self.message:
            return f"<Btch><MsgId>{self.message}</MsgId><NbOfTxs>3</NbOfTxs></Btch>"
        other = "Dbtr" if self.direction == "CRDT" else "Cdtr"
        party = f"<RltdPties><{other}><Pty><Nm>Bedrijf A</Nm></Pty></{other}></RltdPties>"
        ours = f"<Refs><EndToEndId>{self.end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>"
        number = self.communication
        remittance = (
            f"<RmtInf><Strd><CdtrRefInf><Ref>{number}</Ref></CdtrRefInf></Strd></RmtInf>"
            if number
            else f"<RmtInf><Ustrd>{escape(self.text)}</Ustrd></RmtInf>"
            if self.text
            else ""
        )
        back = f"<RtrInf><Rsn><Cd>{self.reason}</Cd></Rsn></RtrInf>" if self.reason else ""
        return f"<TxDtls>{ours}{party}{remittance}{back}</TxDtls>"


def camt(
    *entries: Booked, sort: str = "053", account: str = ACCOUNT, name: str = "1", opening: str = "1000000"
) -> bytes:
    """A statement (053, with balances that add up) or a notification (054)."""
    root, part = ("BkToCstmrStmt", "Stmt") if sort == "053" else ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
    moved = sum(Decimal(one.amount) if one.direction == "CRDT" else -Decimal(one.amount) for one in entries)
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{DAY}</Dt></Dt></Bal>"
        for code, amount in (("OPBD", Decimal(opening)), ("CLBD", Decimal(opening) + moved))
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{sort}.001.08">'
        f"<{root}><GrpHdr><MsgId>{name}</MsgId><CreDtTm>2026-03-05T01:00:00Z</CreDtTm></GrpHdr>"
        f"<{part}><Id>{name}</Id><Acct><Id><IBAN>{account}</IBAN></Id></Acct>"
        f"{balances if sort == '053' else ''}{''.join(one.written() for one in entries)}</{part}></{root}></Document>"
    ).encode()


def pain002(*lines: tuple[str, str, str | None], message: str = MESSAGE, whole: str = "") -> bytes:
    """The bank's word on single lines (reference, status, reason), or on the whole file."""
    told = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{line}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else "")
        + "</TxInfAndSts>"
        for line, status, reason in lines
    )
    group = f"<GrpSts>{whole}</GrpSts>" if whole else ""
    batch = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message}</OrgnlPmtInfId>{told}</OrgnlPmtInfAndSts>" if told else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">'
        "<CstmrPmtStsRpt><GrpHdr><MsgId>S1</MsgId><CreDtTm>2026-03-03T08:00:00Z</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.001</OrgnlMsgNmId>{group}"
        f"</OrgnlGrpInfAndSts>{batch}</CstmrPmtStsRpt></Document>"
    ).encode()


def reference(serial: int) -> str:
    """The EndToEndId of the first payment of a dossier."""
    return f"ANT-2026-S-{serial:06}-1-1"


async def sent(engine: AsyncEngine, *amounts: str, state: str = "sealed", number: int = 1) -> list[str]:
    """A run that the bank has, with a line per amount; returns the EndToEndIds."""
    run, first = f"ANT-2026-B-{number:04}", (number - 1) * 1000 + 1
    lines = [_line(run, first + place, Decimal(amount), state) for place, amount in enumerate(amounts)]
    content = _ordered(lines)
    values = {
        "run": run,
        "fund": "ANT",
        "rehearsed": True,
        "execution_on": DAY,
        "state": "handed_over",
        "made_by": "ANT-finance-1",
        "made_at": AT,
        "lines": len(lines),
        "message_id": f"{run}-01",
        "total": sum(map(Decimal, amounts)),
        "file_name": f"{run}.xml",
        "file_hash": hashlib.sha256(content).hexdigest(),
        "content": content,
    }
    async with transaction(engine) as connection:
        await connection.execute(insert(PaymentRun).values(values))
        await connection.execute(insert(PaymentLine), lines)
    return [line["line"] for line in lines]


def _ordered(lines: list[dict[str, Any]]) -> bytes:
    """What a file of these lines orders, and nothing else of it."""
    told = "".join(
        f"<CdtTrfTxInf><PmtId><EndToEndId>{line['line']}</EndToEndId></PmtId>"
        f'<Amt><InstdAmt Ccy="EUR">{line["amount"]}</InstdAmt></Amt></CdtTrfTxInf>'
        for line in lines
    )
    return f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">{told}</Document>'.encode()


def _line(run: str, serial: int, amount: Decimal, state: str) -> dict[str, Any]:
    dossier = f"ANT-2026-S-{serial:06}"
    return {
        "line": reference(serial),
        "run": run,
        "payment": f"{dossier}/payment/1/1",
        "dossier": dossier,
        "fund": "ANT",
        "instalment": 1,
        "gross": amount,
        "withheld": Decimal(0),
        "amount": amount,
        "natural_person": False,
        "holder": "Bedrijf A",
        "iban": PAYEE,
        "state": state,
        "by": "ANT-finance-1",
        "changed_at": AT,
    }


async def claimed(engine: AsyncEngine, dossier: str, amount: str, communication: str, state: str = "approved") -> str:
    """A claim of which the letter went out; returns its key."""
    row = {
        "recovery": f"{dossier}/recovery/1",
        "dossier": dossier,
        "amount": Decimal(amount),
        "reason": "retention",
        "state": state,
        "ordered_at": AT,
        "communication": communication,
    }
    async with transaction(engine) as connection:
        await connection.execute(insert(RecoveryRow).values(row))
    return f"{dossier}/recovery/1"


async def read(engine: AsyncEngine, content: bytes, name: str = "file.xml") -> TakenIn:
    """Take a file in, as finance uploads it."""
    return await take_in(engine, content, name, "ANT-finance-1")


async def lines_stand(engine: AsyncEngine) -> dict[str, str]:
    """The state of every payment line."""
    async with engine.connect() as connection:
        return {row.line: row.state for row in await connection.execute(select(PaymentLine))}


async def entries(engine: AsyncEngine) -> list[tuple[str, str | None, str | None]]:
    """State, why, and what it is matched to, of every line of the bank in order."""
    async with engine.connect() as connection:
        found = await connection.execute(select(BankEntry).order_by(col(BankEntry.entry)))
        return [(row.state, row.why, row.matched_to) for row in found]


async def told(engine: AsyncEngine) -> list[tuple[str, str, str]]:
    """What dossiers are about to hear: the command, its outcome or amount, and the reference."""
    async with engine.connect() as connection:
        found = await connection.execute(select(PendingCommand).order_by(col(PendingCommand.update_id)))
        return [
            (row.name, row.command.get("outcome") or row.command["amount"], row.command["reference"]) for row in found
        ]


def finance(person: str = "ANT-finance-1", fund: Fund = Fund.ANTWERPEN) -> Actor:
    """Somebody of finance."""
    return Actor(person=person, party=Party.STAFF, fund=fund, roles=frozenset({Role.FINANCE}))
