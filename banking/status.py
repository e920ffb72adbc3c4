"""What the bank says of a file it was sent (pain.002): of the whole, and of single lines.

That an order was taken on, or even carried out, is no proof that money moved: a booking is. Sources: ISO 20022,
pain.002.001.03 and .10 onwards; external code sets, payment status.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from banking.records import Record, Stream, records
from models.errors import Refusal

_TAKEN = re.compile(r"pain\.002\.001\.(03|0[4-9]|1[0-9])")
_CUTS = {
    "OrgnlGrpInfAndSts": ("Document",),
    "OrgnlPmtInfAndSts": ("Document",),
    "TxInfAndSts": ("Document", "OrgnlPmtInfAndSts"),
}


class Says(StrEnum):
    """What it comes down to."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXECUTED = "executed"
    PENDING = "pending"


_MEANING = {
    **dict.fromkeys(("ACCP", "ACTC", "ACSP", "ACWC", "ACWP", "ACFC", "ACPD", "ACIS"), Says.ACCEPTED),
    **dict.fromkeys(("ACSC", "ACCC"), Says.EXECUTED),
    **dict.fromkeys(("RJCT", "CANC"), Says.REJECTED),
}
"""Every other code, PART and PDNG among them, leaves open what becomes of a line that is not named by itself."""
SEEN_BEFORE = frozenset({"DU01", "DU02", "DU03", "DU04", "DU05", "DUPL", "AM05"})
"""A refusal because the bank has the same file or line already. What becomes of that one is said of that one: to take
this for a rejection would pay it once more."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The bank's word on one line, or on all of a file when `end_to_end` is None. `code` and `reason` are of ISO."""

    place: int
    message_id: str
    end_to_end: str | None
    says: Says
    code: str
    reason: str | None
    text: str | None


def read(source: Stream | bytes) -> Iterator[Verdict]:
    """Every word on a file that was sent, in the order in which the bank ends it.

    Raises:
        Refusal: the file cannot be read or trusted, or does not say which file it is about.
    """
    about, of_all, place = "", "", 0
    for record in records(source, lambda message: bool(_TAKEN.fullmatch(message)), _CUTS):
        end_to_end, code = None, of_all
        match record.name:
            case "OrgnlGrpInfAndSts":
                about = record.first("OrgnlMsgId") or ""
                code = of_all = record.first("GrpSts") or ""
            case "OrgnlPmtInfAndSts":
                code = "" if of_all else record.first("PmtInfSts") or ""
            case _:
                end_to_end = record.first("OrgnlEndToEndId")
                code = record.first("TxSts") or _of_batch(record) or of_all
        if not about:
            raise Refusal("StatusOfNothing", "Dit antwoord van de bank noemt geen betaalbestand. Vraag het de bank.")
        if code and (end_to_end or record.name != "TxInfAndSts"):
            place += 1
            yield _verdict(place, about, end_to_end, code, record)


def _of_batch(line: Record) -> str | None:
    return line.within.first("PmtInfSts") if line.within is not None else None


def _verdict(place: int, about: str, end_to_end: str | None, code: str, record: Record) -> Verdict:
    reason = record.first("StsRsnInf/Rsn/Cd", "StsRsnInf/Rsn/Prtry")
    return Verdict(
        place=place,
        message_id=about,
        end_to_end=end_to_end,
        says=Says.PENDING if reason in SEEN_BEFORE else _MEANING.get(code, Says.PENDING),
        code=code,
        reason=reason,
        text=" ".join(record.all("StsRsnInf/AddtlInf")) or None,
    )
