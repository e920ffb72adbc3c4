"""Orders to pay (pain.001): the same order always gives the same bytes.

Sources: ISO 20022, pain.001.001.03 and .09; Febelfin, XML message for credit transfer initiation 3.3. No postal
address, because unstructured ones are refused from November 2026 (domain.md 7). The elements are written as a stream:
a tree of typed objects takes sixteen times as long for a large file.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from banking.elements import Row, document, element
from banking.references import LONGEST, allowed
from models.errors import Refusal
from models.messages.message import Message
from schemes.calendar import BRUSSELS
from schemes.communications import is_communication
from schemes.identifiers import enterprise_number
from schemes.money import CENT

NAME, TEXT = 70, 140
"""Characters of a name and of a free communication; a longer name is cut off, a longer text refused."""
MOST = Decimal("999999999.99")
"""The largest amount of one credit transfer (SEPA rulebook), in euro."""
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")


class Version(StrEnum):
    """Which message the bank of a fund takes."""

    NINE = "pain.001.001.09"
    THREE = "pain.001.001.03"


class Transfer(Message):
    """One line: an amount in euro to an account, with a structured communication (12 digits) or a free text."""

    end_to_end: str
    amount: Decimal
    name: str
    iban: str
    bic: str | None = None
    communication: str | None = None
    text: str | None = None


class Order(Message):
    """One file: from one account, on one day. The number is of the fund, who is debtor and initiating party."""

    message_id: str
    created: datetime
    execution_on: date
    debtor: str
    enterprise_number: str
    iban: str
    bic: str
    transfers: tuple[Transfer, ...]
    version: Version = Version.NINE
    batch_booked: bool = False
    """One line for all on the statement; otherwise each is told there by itself, and matched by itself."""

    @property
    def total(self) -> Decimal:
        """Of all lines, in euro."""
        return sum((transfer.amount for transfer in self.transfers), Decimal(0))


def written(order: Order) -> bytes:
    """The file.

    Raises:
        Refusal: a line or the order itself is such that a bank would refuse it, or read it in another way than meant.
    """
    for fault in _faults(order):
        raise Refusal("OrderImpossible", fault)
    into = BytesIO()
    with document(into, order.version) as out, out.element("CstmrCdtTrfInitn"):
        out.write(element("GrpHdr", _header(order)))
        with out.element("PmtInf"):
            for part in element("PmtInf", _batch(order)):
                out.write(part)
            for transfer in order.transfers:
                out.write(element("CdtTrfTxInf", _line(transfer, order.version)))
    return into.getvalue()


def _header(order: Order) -> Iterator[Row]:
    yield "MsgId", order.message_id
    yield "CreDtTm", order.created.astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M:%S")
    yield from _sums(order)
    yield "InitgPty/Nm", _name(order.debtor)
    yield "InitgPty/Id/OrgId/Othr/Id", enterprise_number(order.enterprise_number)
    yield "InitgPty/Id/OrgId/Othr/Issr", "KBO-BCE"


def _sums(order: Order) -> Iterator[Row]:
    yield "NbOfTxs", str(len(order.transfers))
    yield "CtrlSum", f"{order.total:.2f}"


def _batch(order: Order) -> Iterator[Row]:
    yield "PmtInfId", order.message_id
    yield "PmtMtd", "TRF"
    yield "BtchBookg", str(order.batch_booked).lower()
    yield from _sums(order)
    yield "PmtTpInf/SvcLvl/Cd", "SEPA"
    yield "ReqdExctnDt/Dt" if order.version is Version.NINE else "ReqdExctnDt", order.execution_on.isoformat()
    yield "Dbtr/Nm", _name(order.debtor)
    yield "DbtrAcct/Id/IBAN", order.iban
    yield "DbtrAcct/Ccy", "EUR"
    yield f"DbtrAgt/FinInstnId/{_bic(order.version)}", order.bic
    yield "ChrgBr", "SLEV"


def _line(transfer: Transfer, version: Version) -> Iterator[Row]:
    yield "PmtId/EndToEndId", transfer.end_to_end
    yield "Amt/InstdAmt", transfer.amount
    if transfer.bic:
        yield f"CdtrAgt/FinInstnId/{_bic(version)}", transfer.bic
    yield "Cdtr/Nm", _name(transfer.name)
    yield "CdtrAcct/Id/IBAN", transfer.iban
    if transfer.communication:
        yield "RmtInf/Strd/CdtrRefInf/Tp/CdOrPrtry/Cd", "SCOR"
        yield "RmtInf/Strd/CdtrRefInf/Tp/Issr", "BBA"
        yield "RmtInf/Strd/CdtrRefInf/Ref", transfer.communication
    elif transfer.text:
        yield "RmtInf/Ustrd", allowed(transfer.text)


def _bic(version: Version) -> str:
    return "BICFI" if version is Version.NINE else "BIC"


def _name(name: str) -> str:
    return allowed(name)[:NAME].strip()


def _faults(order: Order) -> Iterator[str]:
    if not order.transfers:
        yield "Er is geen enkele betaling om in een bestand te zetten."
    if not _is_reference(order.message_id):
        yield f"Het kenmerk {order.message_id!r} past niet bij een bank."
    if wrong := _wrong_account(order.iban, order.bic):
        yield f"De rekening van het fonds deugt niet: {wrong}."
    if not _name(order.debtor):
        yield "De naam van het fonds ontbreekt."
    seen: set[str] = set()
    for transfer in order.transfers:
        twice = transfer.end_to_end in seen
        seen.add(transfer.end_to_end)
        if wrong := "ze staat er twee keer in" if twice else _wrong(transfer):
            yield f"Betaling {transfer.end_to_end}: {wrong}. Haal ze uit de betaalopdracht en kijk ze na."


def _wrong(transfer: Transfer) -> str | None:
    """What a bank would stumble over in a line, or None."""
    if not _is_reference(transfer.end_to_end):
        return "het kenmerk past niet bij een bank"
    if not transfer.amount.is_finite() or not 0 < transfer.amount <= MOST or transfer.amount % CENT:
        return f"het bedrag {transfer.amount} is niet positief, te groot of niet in hele centen"
    if not _name(transfer.name):
        return "de naam van de begunstigde ontbreekt"
    if transfer.communication and transfer.text:
        return "ze heeft een gestructureerde mededeling en een vrije tekst, en er past er een"
    if transfer.communication and not is_communication(transfer.communication):
        return f"de gestructureerde mededeling {transfer.communication!r} klopt niet"
    if transfer.text and not 0 < len(allowed(transfer.text)) <= TEXT:
        return f"de mededeling is leeg of langer dan {TEXT} tekens"
    return _wrong_account(transfer.iban, transfer.bic)


def _wrong_account(iban: str, bic: str | None) -> str | None:
    try:
        reachable = IBAN(iban, validate_bban=True).in_sepa_zone
    except SchwiftyException:
        return "het rekeningnummer klopt niet"
    if iban != iban.replace(" ", "").upper():
        return "het rekeningnummer is niet aaneen en in hoofdletters geschreven"
    if not reachable:
        return "het rekeningnummer ligt buiten het eurobetaalgebied (SEPA)"
    return None if bic is None or _BIC.fullmatch(bic) else f"de BIC {bic!r} klopt niet"


def _is_reference(reference: str) -> bool:
    return 0 < len(reference) <= LONGEST and allowed(reference) == reference
