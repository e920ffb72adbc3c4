"""The structured communication a dossier gives whoever pays money back, and its number read from one again.

Ten digits and two that check them: the fund (1 to 8), the year (2), the kind (1 to 5), the serial (6), then the ten
digits modulo 97, written as 97 when that is 0. Source: Febelfin, structured communication of a credit transfer.
"""

import re

from models.messages.words import Fund

LETTERS = "STPOJ"
"""Kinds as a dossier number names them; the digit is the place."""
FUNDS = tuple(Fund)
CENTURY = 2000
_NUMBER = re.compile(rf"({'|'.join(FUNDS)})-20([0-9]{{2}})-([{LETTERS}])-([0-9]{{6}})")


def communication_of(number: str) -> str:
    """The twelve digits of a dossier such as `ANT-2026-S-000123`; one dossier always gives the same.

    Raises:
        ValueError: it is not a dossier number, or its year or serial needs more digits than there are.
    """
    found = _NUMBER.fullmatch(number)
    if found is None:
        raise ValueError(f"{number!r} does not fit in a structured communication")
    fund, year, letter, serial = found.groups()
    return checked(f"{FUNDS.index(Fund(fund)) + 1}{year}{LETTERS.index(letter) + 1}{serial}")


def checked(ten: str) -> str:
    """Ten digits with the two that check them."""
    return f"{ten}{int(ten) % 97 or 97:02}"


def is_communication(digits: str) -> bool:
    """Whether these are twelve digits of which the last two check the others."""
    return len(digits) == 12 and digits.isascii() and digits.isdecimal() and checked(digits[:10]) == digits


def dossier_of(communication: str) -> str | None:
    """The number of the dossier that gives this communication, written with or without its marks; None: none of us."""
    digits = "".join(each for each in communication if each not in "+*/ ")
    if not is_communication(digits):
        return None
    place, year, kind, serial = int(digits[0]), digits[1:3], int(digits[3]), digits[4:10]
    if not 1 <= place <= len(FUNDS) or not 1 <= kind <= len(LETTERS):
        return None
    return f"{FUNDS[place - 1]}-{CENTURY + int(year)}-{LETTERS[kind - 1]}-{serial}"


def spelled(communication: str) -> str:
    """As it stands in a letter: `+++226/1000/12360+++`."""
    return f"+++{communication[:3]}/{communication[3:7]}/{communication[7:]}+++"
