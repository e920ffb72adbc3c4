"""Belgian numbers and account numbers, checked by libraries that follow the standards (domain.md 7)."""

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.be import vat
from stdnum.exceptions import ValidationError


def enterprise_number(typed: str) -> str:
    """The ten digits of an enterprise number written in any way: 0409.845.289, BE0409845289 or 409845289.

    Raises ValueError when it has another length or its check digits are wrong (last two = 97 - first eight mod 97).
    """
    try:
        return str(vat.validate(_full(typed)))
    except ValidationError as wrong:
        raise ValueError(f"{typed!r} is not an enterprise number") from wrong


def establishment_number(typed: str) -> str:
    """The ten digits of an establishment unit: first digit 2 to 8, same check digits as the enterprise number.

    Raises ValueError when it is none.
    """
    digits = str(vat.compact(typed))
    if len(digits) != 10 or not digits.isdecimal() or digits[0] not in "2345678" or vat.checksum(digits) != 0:
        raise ValueError(f"{typed!r} is not an establishment unit number")
    return digits


def dotted(digits: str) -> str:
    """Ten digits as people write them: 0409.845.289 or 2.999.010.168."""
    if digits.startswith(("0", "1")):
        return f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"
    return f"{digits[0]}.{digits[1:4]}.{digits[4:7]}.{digits[7:]}"


def iban_valid(typed: str) -> bool:
    """Whether an account number passes ISO 7064 and the inner check of its country, in whatever way it is written."""
    try:
        IBAN(compact_iban(typed), validate_bban=True)
    except SchwiftyException:
        return False
    return True


def compact_iban(typed: str) -> str:
    """An account number in capitals without spaces, points, dashes or the word IBAN, right or wrong."""
    return "".join(sign for sign in typed.upper() if sign.isascii() and sign.isalnum()).removeprefix("IBAN")


def _full(typed: str) -> str:
    """A spreadsheet that took the number for a number has dropped its leading zeros: put them back."""
    return typed.strip().zfill(10) if typed.strip().isdecimal() else typed
