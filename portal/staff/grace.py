"""How long an answer may be taken back before anything follows from it."""

from datetime import timedelta

GRACE = timedelta(minutes=10)
