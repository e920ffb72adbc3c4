"""Links that carry an answer: what became of you? Kept as digests, so that who reads the table can answer nothing."""

import secrets
from datetime import datetime, timedelta
from hashlib import scrypt

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.tables.access import link_digest
from models.tables.columns import instant

ANSWER_LINK_LASTS = timedelta(days=60)
"""How long a question may be answered by its link, and as often as somebody changes their mind."""
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Signs that nobody mistakes for another; a prime number of them, so that one check sign finds every slip."""
SECRET_SIGNS = 20
"""Of 31 signs: 99 bits, short enough for a text message."""
CODE_SIGNS = 8
_HOUSE = b"doorstroom answer on paper"


class AnswerLink(SQLModel, table=True):
    """One question to one party of a dossier, answered without signing in. The key is a digest of its secret.

    `paper`: digest of the short code on a letter, which opens the same page when it is typed. Erasable.
    """

    __tablename__ = "answer_link"
    __table_args__ = (
        Index("answer_link_paper", "paper", unique=True),
        Index("answer_link_dossier", "dossier"),
        Index("answer_link_ends", "ends_at"),
    )

    link: str = Field(primary_key=True)
    paper: str | None = None
    dossier: str
    fund: str
    request: str
    """The question, by its full name."""
    code: str
    moment: str | None = None
    """Which moment after the guidance it asks about, where the message said so."""
    party: str
    made_at: datetime = instant()
    ends_at: datetime = instant()
    effect: str | None = None
    """The message that carried it."""


def new_secret() -> str:
    """A secret for an address."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SECRET_SIGNS))


def secret_digest(secret: str) -> str:
    """By which a link is found, however its letters were typed."""
    return link_digest(secret.strip().lower())


def new_code() -> str:
    """A short code for paper: seven signs and a check sign."""
    signs = [secrets.randbelow(len(ALPHABET)) for _ in range(CODE_SIGNS - 1)]
    check = -sum(place * sign for place, sign in enumerate(signs, 1)) * pow(CODE_SIGNS, -1, len(ALPHABET))
    return "".join(ALPHABET[sign] for sign in (*signs, check % len(ALPHABET)))


def read_code(typed: str) -> str | None:
    """A short code as it was typed, with spaces, dashes or capitals; None when a sign of it must be wrong."""
    code = "".join(sign for sign in typed.lower() if sign not in " -.\u00a0")
    if len(code) != CODE_SIGNS or not set(code) <= set(ALPHABET):
        return None
    total = sum(place * ALPHABET.index(sign) for place, sign in enumerate(code, 1))
    return code if total % len(ALPHABET) == 0 else None


def code_digest(code: str) -> str:
    """By which a short code is found. Made slow: somebody who reads the table cannot try them all."""
    return scrypt(code.encode(), salt=_HOUSE, n=2**13, r=8, p=1, dklen=32).hex()
