"""What ties a payment to its dossier at the bank: names of files and lines, communications, signs that are allowed.

Sources: Febelfin, XML message for credit transfer initiation 3.3 (references of at most 35 characters, structured
communication); EPC217-08, best practices for the extended character set.
"""

import re
import unicodedata

from models.errors import Refusal
from schemes.communications import is_communication

LONGEST = 35
"""Characters of a reference in a message of a bank."""
_PAYMENT = re.compile(r"([A-Z]{3}-[0-9]{4}-[A-Z]-[0-9]{6,})/payment/([0-9]+)/([0-9]+)")
_WRITTEN = re.compile(r"(?<![0-9])[0-9]{3}[ ./-]?[0-9]{4}[ ./-]?[0-9]{5}(?![0-9])")


def message_id(run: str, attempt: int) -> str:
    """The name of a file at the bank: `ANT-2026-B-0001-01` is the first attempt of that payment run.

    Raises:
        Refusal: the run's number leaves no room for the attempt.
    """
    return _fitting(f"{run}-{attempt:02}")


def end_to_end(payment: str) -> str:
    """The name of a line at the bank: `ANT-2025-S-000123-1-2` is `ANT-2025-S-000123/payment/1/2`.

    Raises:
        Refusal: it is no key of a payment, or one that is too long.
    """
    found = _PAYMENT.fullmatch(payment)
    if found is None:
        raise Refusal("PaymentUnknown", f"{payment!r} is geen betaling van een dossier. Kijk de betaling na.")
    return _fitting("-".join(found.groups()))


def communication_in(text: str) -> str | None:
    """The twelve digits of the one structured communication in a text that somebody typed.

    With any marks or none: `+++226/1000/12360+++`, `226100012360`. None: there is none that checks, or several, and
    then a person reads it.
    """
    found = {"".join(digit for digit in written if digit.isdecimal()) for written in _WRITTEN.findall(text)}
    right = [digits for digits in found if is_communication(digits)]
    return right[0] if len(right) == 1 else None


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
