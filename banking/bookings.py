"""One booking of a statement, and each transaction in it (`Ntry` and `TxDtls` of camt.053 and camt.054)."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from banking.records import Record
from banking.references import communication_in
from models.errors import Refusal
from schemes.identifiers import compact_iban
from schemes.money import CENT

_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{0,5})?")
_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
"""Where the amount of a transaction stands, by version of the message."""
_NOT_GIVEN = ("NOTPROVIDED", "NOT PROVIDED", "NONREF")


class Direction(StrEnum):
    """Which way money went: credit comes in, debit goes out."""

    CREDIT = "credit"
    DEBIT = "debit"


@dataclass(frozen=True, slots=True)
class Entry:
    """One transaction that was booked. `place` counts through the file, `detail` within one booking (0: it is alone).

    `lines` is how many payments it stands for: of a batch that the bank told as one sum, without details, `message_id`
    and `payment_info_id` tell whose it is. `reason` is the ISO code with which money came back.
    """

    place: int
    account: str
    booked_on: date
    amount: Decimal
    """In euro, above nought."""
    direction: Direction
    reversal: bool
    bank_reference: str | None
    message_id: str | None
    payment_info_id: str | None
    text: str | None
    lines: int = 1
    detail: int = 0
    end_to_end: str | None = None
    communication: str | None = None
    """The twelve digits of a structured communication that checks, wherever it was written."""
    counterparty: str | None = None
    counterparty_iban: str | None = None
    reason: str | None = None

    @property
    def moved(self) -> Decimal:
        """What it adds to the balance, in euro."""
        return self.amount if self.direction is Direction.CREDIT else -self.amount


def booking(entry: Record, account: str) -> Entry | None:
    """A booking as one sum, without the words that end it; None when it is not final or moves nothing.

    Raises:
        Refusal: amount, currency, direction or day are missing or cannot be.
    """
    if entry.first("Sts/Cd", "Sts") != "BOOK":
        return None
    amount = amount_of(entry, "Amt", account)
    if not amount:
        return None
    lines = entry.first("NtryDtls/Btch/NbOfTxs") or ""
    return Entry(
        place=0,
        account=account,
        booked_on=day_of(entry.first("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"), account),
        amount=amount,
        direction=direction_of(entry, account),
        reversal=entry.first("RvslInd") in ("true", "1"),
        bank_reference=_given(entry, "AcctSvcrRef", "NtryRef"),
        message_id=_given(entry, "NtryDtls/Btch/MsgId"),
        payment_info_id=_given(entry, "NtryDtls/Btch/PmtInfId"),
        text=None,
        lines=int(lines) if re.fullmatch("[0-9]{1,9}", lines) else 1,
    )


def transaction(whole: Entry, detail: Record, number: int) -> tuple[Entry, bool]:
    """A transaction in a booking, and whether the bank told its amount; otherwise it has that of the booking.

    Raises:
        Refusal: what is told of its amount cannot be.
    """
    structured = " ".join(detail.all("RmtInf/Strd/CdtrRefInf/Ref"))
    text = " ".join([structured, *detail.all("RmtInf/Ustrd")]).strip() or detail.first("AddtlTxInf")
    path = next((path for path in _AMOUNTS if path in detail.found), None)
    direction = direction_of(detail, whole.account) if "CdtDbtInd" in detail.found else whole.direction
    name, iban = _counterparty(detail, whole)
    told = replace(
        whole,
        lines=1,
        detail=number,
        amount=amount_of(detail, path, whole.account) if path else whole.amount,
        direction=direction,
        bank_reference=_given(detail, "Refs/AcctSvcrRef") or whole.bank_reference,
        end_to_end=_given(detail, "Refs/EndToEndId"),
        message_id=_given(detail, "Refs/MsgId") or whole.message_id,
        payment_info_id=_given(detail, "Refs/PmtInfId") or whole.payment_info_id,
        communication=communication_in(structured) or communication_in(text or ""),
        text=text,
        counterparty=name,
        counterparty_iban=iban,
        reason=detail.first("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
    )
    return told, path is not None


def amount_of(record: Record, path: str, account: str) -> Decimal:
    """An amount in euro, from nought.

    Raises:
        Refusal: it is missing, not a positive number of whole cents, or in another currency.
    """
    text, currency = record.first(path) or "", record.first(f"{path}@Ccy")
    if currency != "EUR":
        raise _impossible(account, f"een bedrag in {currency or 'een onbekende munt'} in plaats van in euro")
    if not _AMOUNT.fullmatch(text) or Decimal(text) % CENT:
        raise _impossible(account, f"een bedrag dat niet kan: {text[:30]!r}")
    return Decimal(text).quantize(CENT)


def direction_of(record: Record, account: str) -> Direction:
    """Whether it came in or went out.

    Raises:
        Refusal: it does not say.
    """
    match record.first("CdtDbtInd"):
        case "CRDT":
            return Direction.CREDIT
        case "DBIT":
            return Direction.DEBIT
        case _:
            raise _impossible(account, "een bedrag waarvan niet gezegd is of het erbij of eraf gaat")


def day_of(text: str | None, account: str) -> date:
    """The day of a date or a moment, as the bank's own calendar has it.

    Raises:
        Refusal: there is none.
    """
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        raise _impossible(account, f"een dag die niet kan: {text!r}" if text else "een boeking zonder dag") from None


def _counterparty(detail: Record, whole: Entry) -> tuple[str | None, str | None]:
    """Who is on the other side. Of money that came back the bank names us as who paid, as in the order."""
    sides = ("Dbtr", "Cdtr") if whole.direction is Direction.CREDIT else ("Cdtr", "Dbtr")
    for side in sides:
        name = detail.first(f"RltdPties/{side}/Pty/Nm", f"RltdPties/{side}/Nm")
        iban = compact_iban(detail.first(f"RltdPties/{side}Acct/Id/IBAN") or "") or None
        if (name or iban) and iban != whole.account:
            return name, iban
    return None, None


def _given(record: Record, *paths: str) -> str | None:
    text = record.first(*paths)
    return None if text is None or text.upper() in _NOT_GIVEN else text


def _impossible(account: str, what: str) -> Refusal:
    return Refusal(
        "BookingImpossible",
        f"In het bestand staat bij rekening {account} {what}. Er is niets van opgenomen: vraag het de bank.",
    )
