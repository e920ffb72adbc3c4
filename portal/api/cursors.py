"""Where a next page begins, packed so that nobody builds on what stands in it."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from portal.api.problems import FieldFault, ProblemRaised

One = TypeVar("One")


def packed(place: str | int) -> str:
    """A cursor for this place."""
    return base64.urlsafe_b64encode(str(place).encode()).decode().rstrip("=")


def unpacked(cursor: str | None) -> str:
    """The place of a cursor; empty at the beginning.

    Raises:
        ProblemRaised: it is none of ours.
    """
    if cursor is None:
        return ""
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise no_cursor() from None
    if not place.isprintable() or packed(place) != cursor:
        raise no_cursor()
    return place


def unpacked_number(cursor: str | None) -> int:
    """The same for a list that is counted; 0 at the beginning."""
    place = unpacked(cursor)
    if place and not (place.isascii() and place.isdigit() and len(place) < 10):
        raise no_cursor()
    return int(place or 0)


def no_cursor() -> ProblemRaised:
    """What is said of a cursor that is none."""
    told = FieldFault(field="/cursor", message="Dit is geen plaats in deze lijst. Neem de waarde over uit 'next'.")
    return ProblemRaised(422, "BadCursor", "De cursor klopt niet.", fields=[told])


def page(found: Sequence[One], limit: int) -> tuple[Sequence[One], One | None]:
    """The page in what was found with one more, and its last when there is a next page."""
    shown = found[:limit]
    return shown, shown[-1] if len(found) > limit else None
