"""Reasons and grounds are codes: what a person writes freely may hold names, and events stand for ever."""

import re

import typer

from models.messages.words import FollowUpOutcome
from schemes.identifiers import iban_valid

OUTCOME = "outcome"
"""The field that says what became of a person, in a word of the closed list; some have spaces."""
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


def CODE(typed: str) -> str:  # noqa: N802 - reads as a type where it is used
    """A code of letters, digits, '_', '.' and '-'.

    Raises:
        typer.BadParameter: it is free text.
    """
    if not _CODE.fullmatch(typed):
        raise typer.BadParameter(
            f"'{typed}' is geen code. Gebruik letters, cijfers, '_', '.' of '-', zoals BIJLAGE_ONTBREEKT; "
            "vrije tekst hoort in een document."
        )
    return typed


def value(typed: str) -> tuple[str, str]:
    """A coded answer `name=value`.

    Raises:
        typer.BadParameter: there is no '=' in it.
    """
    name, separator, told = typed.partition("=")
    if not separator or not name:
        raise typer.BadParameter(f"'{typed}' heeft niet de vorm naam=waarde, zoals survey=tevreden.")
    return CODE(name), told


def answered(typed: str) -> tuple[str, str]:
    """A field of an answer `name=value`, as a dossier may hear it: a code, a number, or a day as yyyy-mm-dd.

    Raises:
        typer.BadParameter: it is free text, no word of the list of outcomes, or an account number.
    """
    name, told = value(typed)
    if iban_valid(told):
        raise typer.BadParameter(
            f"Zet geen rekeningnummer in '{name}': wat een dossier hoort, blijft altijd staan. "
            "Geef het met: doorstroom answer ... --iban."
        )
    if name == OUTCOME:
        if told not in tuple(FollowUpOutcome):
            raise typer.BadParameter(f"'{told}' is geen uitkomst. Kies uit: {', '.join(FollowUpOutcome)}.")
    elif not _CODE.fullmatch(told):
        raise typer.BadParameter(
            f"De waarde van '{name}' is geen code, getal of dag. Gebruik letters, cijfers, '_', '.' of '-', zoals "
            "tevreden, 12.50 of 2025-01-31; vrije tekst hoort in een document."
        )
    return name, told


def account(typed: str) -> str:
    """An account number to pay to, as typed.

    Raises:
        typer.BadParameter: its digits cannot be right; they are not repeated.
    """
    if not iban_valid(typed):
        raise typer.BadParameter("Dit is geen geldig rekeningnummer. Kijk de cijfers na.")
    return typed
