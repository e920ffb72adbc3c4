"""Which fund is competent for an establishment, by postcode and day (domain.md 1)."""

from datetime import date

from models.messages.words import Fund

ZWIJNDRECHT = 2070
ZWIJNDRECHT_MOVED_ON = date(2025, 1, 1)
"""Merger with Beveren and Kruibeke: from that day the fund of Oost-Vlaanderen (domain.md 1, P59)."""

_RANGES: tuple[tuple[int, int, Fund | None], ...] = (
    (1000, 1299, Fund.BRABANT),
    (1300, 1499, None),
    (1500, 1999, Fund.VLAAMS_BRABANT),
    (2000, 2999, Fund.ANTWERPEN),
    (3000, 3499, Fund.VLAAMS_BRABANT),
    (3500, 3999, Fund.LIMBURG),
    (8000, 8999, Fund.WEST_VLAANDEREN),
    (9000, 9999, Fund.OOST_VLAANDEREN),
)
"""Belgian postcodes by province. Assumption: Brussels belongs to mtech+ Brabant and Vlaams-Brabant to RTM, because the
sources do not say which of INOM, RTM and mtech+ Brabant handles a file. The Walloon provinces have other funds."""


def competent_fund(postcode: str, on: date) -> Fund | None:
    """The fund of the establishment's postcode on a day; None when none of the eight is competent."""
    if not (postcode.isascii() and postcode.isdecimal() and len(postcode) == 4):
        return None
    number = int(postcode)
    if number == ZWIJNDRECHT and on >= ZWIJNDRECHT_MOVED_ON:
        return Fund.OOST_VLAANDEREN
    return next((fund for first, last, fund in _RANGES if first <= number <= last), None)
