"""Statements (camt.053) and notifications (camt.054): every booking on an account of ours, one entry per transaction.

Read as a stream: a statement first, then its entries, and at its end the check that they lead from the opening balance
to the closing one. Sources: ISO 20022, versions 02 to 12; Febelfin, XML message for statement 2.1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from banking.bookings import Direction, Entry, amount_of, booking, day_of, direction_of, transaction
from banking.records import Record, Stream, records
from models.errors import Refusal
from schemes.identifiers import compact_iban
from schemes.money import euro

_TAKEN = re.compile(r"camt\.05[34]\.001\.(0[2-9]|1[0-2])")
_CUTS = {
    "Stmt": ("Document",),
    "Ntfctn": ("Document",),
    "Bal": ("Stmt",),
    "Ntry": ("Stmt", "Ntfctn"),
    "TxDtls": ("Ntry",),
}
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement or notification of one account; balances in euro, None where the bank told none."""

    identification: str
    account: str
    number: str | None
    first: date | None
    last: date | None
    opening: Decimal | None
    closing: Decimal | None


def read(source: Stream | bytes) -> Iterator[Statement | Entry]:
    """Each statement, followed by its entries. Bookings that are not final yet, or move nothing, are left out.

    A refusal may come after entries: store them in one transaction, and nothing is kept of such a file.

    Raises:
        Refusal: the file cannot be read or trusted, is not in euro, or its entries do not lead to its closing balance.
    """
    book = _Book()
    for record in records(source, lambda message: bool(_TAKEN.fullmatch(message)), _CUTS):
        if record.name == "Bal":
            book.balances.append(record)
            continue
        told = record if record.name in ("Stmt", "Ntfctn") else _above(record)
        if told is not book.told:
            yield book.open(told)
        match record.name:
            case "TxDtls":
                book.tell(record)
            case "Ntry":
                yield from book.booked(record)
            case _:
                book.close()


def _above(record: Record) -> Record:
    """The statement that a booking or a transaction stands in."""
    while record.within is not None and record.name not in ("Stmt", "Ntfctn"):
        record = record.within
    return record


@dataclass(slots=True)
class _Book:
    """The statement that is being read, and of its booking the transactions heard until now."""

    told: Record | None = None
    account: str = ""
    balances: list[Record] = field(default_factory=list)
    moved: Decimal = Decimal(0)
    place: int = 0
    whole: Entry | None = None
    details: list[Entry] = field(default_factory=list)
    heard: int = 0
    entry: Record | None = None

    def open(self, told: Record) -> Statement:
        """What stands above the entries."""
        statement = _statement(told, self.balances)
        self.told, self.account, self.moved = told, statement.account, Decimal(0)
        return statement

    def tell(self, detail: Record) -> None:
        """One transaction of a booking; what stands before it in the file says enough of the booking itself."""
        if detail.within is not self.entry and detail.within is not None:
            self.entry, self.details, self.heard = detail.within, [], 0
            self.whole = booking(detail.within, self.account)
        if self.whole is None:
            return
        self.heard += 1
        part, told = transaction(self.whole, detail, self.heard)
        if told or self.heard == 1:
            self.details.append(part)

    def booked(self, entry: Record) -> Iterator[Entry]:
        """The entries of a booking that ended: its transactions where their amounts make it up, else the sum."""
        whole = self.whole if entry is self.entry else booking(entry, self.account)
        if whole is None:
            return
        self.moved += whole.moved
        words, heard = entry.first("AddtlNtryInf"), self.heard if entry is self.entry else 0
        if heard == 1:
            (alone,) = self.details
            amount, direction, text = whole.amount, whole.direction, alone.text or words
            yield replace(alone, place=self._next(), amount=amount, direction=direction, detail=0, text=text)
        elif heard and len(self.details) == heard and sum(part.moved for part in self.details) == whole.moved:
            for part in self.details:
                if part.amount:
                    yield replace(part, place=self._next(), text=part.text or words)
        else:
            yield replace(whole, place=self._next(), text=words, lines=max(whole.lines, heard))

    def _next(self) -> int:
        self.place += 1
        return self.place

    def close(self) -> None:
        """Whether the entries lead from the one balance to the other."""
        opening, closing = (_balance(self.balances, kinds, self.account) for kinds in (_OPENING, _CLOSING))
        self.balances = []
        assert self.told is not None
        one_of_several = self.told.first("StmtPgntn/PgNb") not in (None, "1") or (
            self.told.first("StmtPgntn/LastPgInd") in ("false", "0")
        )
        if one_of_several or opening is None or closing is None or opening + self.moved == closing:
            return
        number = self.told.first("LglSeqNb", "ElctrncSeqNb", "Id") or "zonder nummer"
        raise Refusal(
            "StatementDoesNotAddUp",
            f"Afschrift {number} van {self.account}: het beginsaldo {euro(opening)} en de boekingen geven samen "
            f"{euro(opening + self.moved)}, maar het eindsaldo is {euro(closing)}. Er is niets van opgenomen: "
            "vraag de bank een nieuw bestand.",
        )


def _statement(told: Record, balances: list[Record]) -> Statement:
    account = compact_iban(told.first("Acct/Id/IBAN") or "")
    if not account:
        raise Refusal(
            "StatementOfNobody", "Een afschrift in dit bestand noemt geen rekening (IBAN): vraag het de bank."
        )
    if told.first("Acct/Ccy") not in (None, "EUR"):
        raise Refusal("StatementNotInEuro", f"De rekening {account} is niet in euro: zulke afschriften lezen wij niet.")
    first, last = told.first("FrToDt/FrDtTm"), told.first("FrToDt/ToDtTm")
    return Statement(
        identification=told.first("Id") or "",
        account=account,
        number=told.first("LglSeqNb", "ElctrncSeqNb"),
        first=day_of(first, account) if first else None,
        last=day_of(last, account) if last else None,
        opening=_balance(balances, _OPENING, account),
        closing=_balance(balances, _CLOSING, account),
    )


def _balance(balances: list[Record], kinds: tuple[str, ...], account: str) -> Decimal | None:
    """In euro; the first of these kinds that the bank told."""
    for kind in kinds:
        for balance in balances:
            if balance.first("Tp/CdOrPrtry/Cd") == kind:
                amount = amount_of(balance, "Amt", account)
                return amount if direction_of(balance, account) is Direction.CREDIT else -amount
    return None
