"""Reasons and grounds are codes: what a person writes freely may hold names, and events stand for ever."""

import re

import typer

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
