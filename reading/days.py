"""The local day of a moment, for who reads the journal; the rules have a calendar of their own, which reads nothing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def local_day(at: datetime) -> date:
    """The day that it was in Brussels."""
    return at.astimezone(BRUSSELS).date()
