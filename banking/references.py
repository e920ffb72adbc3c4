"""What ties a payment to its dossier at the bank and back: names of files and lines, communications, signs allowed.

Sources: Febelfin, XML message for credit transfer initiation 3.3 (references of at most 35 characters, structured
communication); EPC217-08, best practices for the extended character set.
"""

import re
import unicodedata

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from models.errors import Refusal
from schemes.communications import FUNDS, LETTERS, is_communication

LONGEST = 35
"""Characters of a reference in a message of a bank."""
_PAYMENT = re.compile(r"([A-Z]{3}-[0-9]{4}-[A-Z]-[0-9]{6,})/payment/([0-9]+)/([0-9]+)")
_END_TO_END = re.compile(r"([A-Z]{3}-[0-9]{4}-[A-Z]-[0-9]{6,})-([0-9]+)-([0-9]+)")
_MESSAGE = re.compile(r"([A-Z]{3}-[0-9]{4}-[A-Z]-[0-9]+)-([0-9]{2,})")
_WRITTEN = re.compile(r"(?<![0-9])[0-9]{3}[ ./-]?[0-9]{4}[ ./-]?[0-9]{5}(?![0-9])")


def message_id(run: str, attempt: int) -> str:
    """The name of a file at the bank: `ANT-2026-B-0001-01` is the first attempt of that payment run.

    Raises:
        Refusal: the run's number leaves no room for the attempt.
    """
    return _fitting(f"{run}-{attempt:02}")


def run_of(message: str) -> tuple[str, int] | None:
    """The payment run and the attempt that a bank names; None: not a file of ours."""
    found = _MESSAGE.fullmatch(message)
    return (found[1], int(found[2])) if found else None


def end_to_end(payment: str) -> str:
    """The name of a line at the bank: `ANT-2025-S-000123-1-2` is `ANT-2025-S-000123/payment/1/2`.

    Raises:
        Refusal: it is no key of a payment, or one that is too long.
    """
    found = _PAYMENT.fullmatch(payment)
    if found is None:
        raise Refusal("PaymentUnknown", f"{payment!r} is geen betaling van een dossier. Kijk de betaling na.")
    return _fitting("-".join(found.groups()))


def payment_of(reference: str) -> str | None:
    """The payment that a bank names by our own reference; None: not one of ours."""
    found = _END_TO_END.fullmatch(reference)
    return f"{found[1]}/payment/{found[2]}/{found[3]}" if found else None


def communication_in(text: str) -> str | None:
    """The twelve digits of the one structured communication in a text that somebody typed.

    With any marks or none: `+++226/1000/12360+++`, `226100012360`. None: there is none that checks, or several, and
    then a person reads it.
    """
    found = {"".join(digit for digit in written if digit.isdecimal()) for written in _WRITTEN.findall(text)}
    right = [digits for digits in found if is_communication(digits)]
    return right[0] if len(right) == 1 else None


def dossier_named(communication: str) -> str | None:
    """The dossier whose own communication this is, below a million dossiers per series; None: not one of ours.

    It says which dossier a stranger probably means. Which claim is paid, the row of the claim says.
    """
    if not is_communication(communication):
        return None
    fund, kind = int(communication[0]), int(communication[3])
    if not (1 <= fund <= len(FUNDS) and 1 <= kind <= len(LETTERS)):
        return None
    return f"{FUNDS[fund - 1]}-20{communication[1:3]}-{LETTERS[kind - 1]}-{communication[4:10]}"


def bic_of(iban: str) -> str | None:
    """The bank of an account number, where the code table of its country names one."""
    try:
        bic = IBAN(iban).bic
    except SchwiftyException:
        return None
    return str(bic) if bic else None


_SIGNS = "&;[{]}\\|_~’‘`´–—ØøĐđÐðĦħıŁłŦŧ", "+,(())//--''''--OoDdDdHhiLlTt"
_LIGATURES = {"€": "EUR", "ß": "ss", "ẞ": "SS", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Þ": "Th", "þ": "th"}
_OWN_WAY = str.maketrans(dict(zip(*_SIGNS, strict=True)) | _LIGATURES)
"""Signs that do not fall apart into a letter and its mark."""
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")


def allowed(text: str) -> str:
    """The same in the characters every bank of the euro area takes: marks fall off, the unknown becomes a full stop.

    A slash never stands at an end or twice in a row, which systems of banks read as a sign of their own.
    """
    letters = text.translate(_OWN_WAY)
    if not letters.isascii():
        apart = unicodedata.normalize("NFKD", letters)
        letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    plain = _NOT_ALLOWED.sub(".", " ".join(letters.split()))
    return re.sub(r"//+", "/", plain).strip("/ ")


def _fitting(reference: str) -> str:
    if len(reference) > LONGEST or allowed(reference) != reference:
        raise Refusal("ReferenceImpossible", f"{reference!r} past niet als kenmerk bij een bank. Meld dit nummer.")
    return reference
