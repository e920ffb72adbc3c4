"""The structured communication a dossier gives whoever pays money back, by which what comes in is matched.

Ten digits and two that check them: the fund (1 to 8), the year (2), the kind (1 to 5), the serial (6), then the ten
digits modulo 97, written as 97 when that is 0. Source: Febelfin, structured communication of a credit transfer.
"""

import re

from models.messages.words import Fund

LETTERS = "STPOJ"
"""Kinds as a dossier number names them; the digit is the place."""
FUNDS = tuple(Fund)
_NUMBER = re.compile(rf"({'|'.join(FUNDS)})-[0-9]{{2}}([0-9]{{2}})-([{LETTERS}])-([0-9]*)([0-9]{{6}})")


def communication_of(number: str) -> str:
    """The twelve digits of a dossier such as `ANT-2026-S-000123`; one dossier always gives the same.

    Of a serial above a million the last six digits count: which claim is meant stands in the row `recovery`.

    Raises:
        ValueError: it is not a dossier number.
    """
    found = _NUMBER.fullmatch(number)
    if found is None:
        raise ValueError(f"{number!r} is not a dossier number")
    fund, year, letter, _, serial = found.groups()
    return checked(f"{FUNDS.index(Fund(fund)) + 1}{year}{LETTERS.index(letter) + 1}{serial}")


def checked(ten: str) -> str:
    """Ten digits with the two that check them."""
    return f"{ten}{int(ten) % 97 or 97:02}"


def is_communication(digits: str) -> bool:
    """Whether these are twelve digits of which the last two check the others."""
    return len(digits) == 12 and digits.isascii() and digits.isdecimal() and checked(digits[:10]) == digits


def plain_digits(typed: str) -> str:
    """A communication without the marks that people and banks write around it: `+++226/1000/12360+++`."""
    return re.sub(r"[\s+*/.-]", "", typed)


def spelled(communication: str) -> str:
    """As it stands in a letter: `+++226/1000/12360+++`."""
    return f"+++{communication[:3]}/{communication[3:7]}/{communication[7:]}+++"
