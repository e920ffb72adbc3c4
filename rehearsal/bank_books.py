"""What a rehearsed bank books, and the files in which it tells it: answers (pain.002), notifications and statements.

Two dialects: that of pain.001.001.03 (pain.002.001.03, camt version 02) and that of .09 (pain.002.001.10, camt 08).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO

from lxml import etree

from banking.elements import Row, document, element


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file that was handed over."""

    end_to_end: str
    amount: Decimal
    account: str
    message_id: str
    execution_on: date
    name: str
    iban: str
    text: str
    communication: str
    old: bool
    """It came in the older of the two versions."""


@dataclass(frozen=True, slots=True)
class Booking:
    """What stands on a statement: out has a minus. Who is on the other side, and for money that came back, why."""

    on: date
    account: str
    amount: Decimal
    reference: str
    end_to_end: str = "NOTPROVIDED"
    message_id: str | None = None
    name: str = ""
    iban: str = ""
    communication: str = ""
    text: str = ""
    reason: str = ""
    lines: tuple[Line, ...] = ()
    """Of a batch that is booked as one sum."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One statement or notification: a day of an account."""

    name: str
    account: str
    on: date
    number: int
    bookings: Sequence[Booking]
    opening: Decimal | None
    old: bool

    def written(self) -> bytes:
        """As a file: with balances it is a statement, without them a notification."""
        kind = "054" if self.opening is None else "053"
        root, each = ("BkToCstmrDbtCdtNtfctn", "Ntfctn") if self.opening is None else ("BkToCstmrStmt", "Stmt")
        into = BytesIO()
        with document(into, f"camt.{kind}.001.{'02' if self.old else '08'}") as out, out.element(root):
            header = [("MsgId", self.name), ("CreDtTm", f"{self.on}T20:00:00")]
            out.write(element("GrpHdr", header))
            with out.element(each):
                for part in element(each, self._head()):
                    out.write(part)
                for balance in self._balances():
                    out.write(balance)
                for booking in self.bookings:
                    out.write(_entry(booking, self.old))
        return into.getvalue()

    def _head(self) -> Iterator[Row]:
        yield "Id", f"{self.account[-4:]}-{self.on:%Y%m%d}-{self.number}"
        yield "LglSeqNb", str(self.number)
        yield "CreDtTm", f"{self.on}T20:00:00"
        yield "Acct/Id/IBAN", self.account
        yield "Acct/Ccy", "EUR"

    def _balances(self) -> Iterator[etree._Element]:
        if self.opening is None:
            return
        closing = self.opening + sum(booking.amount for booking in self.bookings)
        for code, amount in (("OPBD", self.opening), ("CLBD", closing)):
            yield element("Bal", [("Tp/CdOrPrtry/Cd", code), *_signed(amount), ("Dt/Dt", self.on.isoformat())])


def answer(name: str, line: Line, word: tuple[str, str], rejected: Iterable[tuple[Line, str]]) -> bytes:
    """A pain.002 on the file of this line: a word on it all with its reason, and the lines that were rejected."""
    into = BytesIO()
    message = f"pain.002.001.{'03' if line.old else '10'}"
    with document(into, message) as out, out.element("CstmrPmtStsRpt"):
        out.write(element("GrpHdr", [("MsgId", name), ("CreDtTm", f"{line.execution_on}T06:00:00")]))
        status, reason = word
        told = [("StsRsnInf/Rsn/Cd", reason)] if reason else []
        about = [("OrgnlMsgId", line.message_id), ("OrgnlMsgNmId", f"pain.001.001.{'03' if line.old else '09'}")]
        out.write(element("OrgnlGrpInfAndSts", [*about, ("GrpSts", status), *told]))
        batch = element("OrgnlPmtInfAndSts", [("OrgnlPmtInfId", line.message_id)])
        for each, why in rejected:
            rows = [("OrgnlEndToEndId", each.end_to_end), ("TxSts", "RJCT"), ("StsRsnInf/Rsn/Cd", why)]
            batch.append(element("TxInfAndSts", rows))
        if len(batch) > 1:
            out.write(batch)
    return into.getvalue()


def _entry(booking: Booking, old: bool) -> etree._Element:
    made = element("Ntry", _of_entry(booking, old))
    details = made.find("NtryDtls")
    assert details is not None
    if booking.lines:
        details.append(element("Btch", [("MsgId", booking.message_id or ""), ("NbOfTxs", str(len(booking.lines)))]))
    else:
        details.append(element("TxDtls", _of_transaction(booking, old)))
    return made


def _of_entry(booking: Booking, old: bool) -> Iterator[Row]:
    yield from _signed(booking.amount)
    if booking.reason:
        yield "RvslInd", "true"
    yield "Sts" if old else "Sts/Cd", "BOOK"
    yield "BookgDt/Dt", booking.on.isoformat()
    yield "ValDt/Dt", booking.on.isoformat()
    yield "AcctSvcrRef", booking.reference
    yield "BkTxCd/Domn/Cd", "PMNT"
    yield "BkTxCd/Domn/Fmly/Cd", "ICDT" if booking.amount < 0 else "RCDT"
    yield "BkTxCd/Domn/Fmly/SubFmlyCd", "ESCT"
    yield "NtryDtls", ""


def _of_transaction(booking: Booking, old: bool) -> Iterator[Row]:
    if booking.message_id:
        yield "Refs/MsgId", booking.message_id
        yield "Refs/PmtInfId", booking.message_id
    yield "Refs/EndToEndId", booking.end_to_end
    if not old:
        yield from _signed(booking.amount)
    side = "Dbtr" if booking.amount > 0 and not booking.reason else "Cdtr"
    if booking.name:
        yield f"RltdPties/{side}/Nm" if old else f"RltdPties/{side}/Pty/Nm", booking.name
    if booking.iban:
        yield f"RltdPties/{side}Acct/Id/IBAN", booking.iban
    if booking.text:
        yield "RmtInf/Ustrd", booking.text
    if booking.communication:
        yield "RmtInf/Strd/CdtrRefInf/Tp/CdOrPrtry/Cd", "SCOR"
        yield "RmtInf/Strd/CdtrRefInf/Tp/Issr", "BBA"
        yield "RmtInf/Strd/CdtrRefInf/Ref", booking.communication
    if booking.reason:
        yield "RtrInf/Rsn/Cd", booking.reason


def _signed(amount: Decimal) -> list[Row]:
    return [("Amt", abs(amount)), ("CdtDbtInd", "DBIT" if amount < 0 else "CRDT")]
