"""The link in a mail to somebody outside: it opens the dossier that the mail is about, once, and nothing else."""

import secrets
from datetime import UTC, datetime
from typing import Any

import asyncpg

from models.messages.words import Party
from models.tables.access import DOSSIER_LINK_LASTS, link_digest

OUTSIDE = frozenset({Party.APPLICANT, Party.EXPERT, Party.AGENCY, Party.PARTICIPANT})
_WRITE = """
    INSERT INTO login_link (link, purpose, address, dossier, party, opens, made_at, ends_at, mail)
    VALUES ($1, 'dossier', $2, $3, $4, $5, $6, $7, 'sent')
"""


async def link_for(pool: asyncpg.Pool, portal: str | None, effect: dict[str, Any], address: str) -> str | None:
    """A new link for a mail of the ledger; None for staff, who sign in, and where no portal is known.

    `address` is the digest of where the mail goes. Written down before the mail leaves: a link that reaches nobody lets
    nobody in, one that reaches somebody must be known.
    """
    if portal is None or effect["party"] not in OUTSIDE:
        return None
    secret, now, dossier = secrets.token_urlsafe(32), datetime.now(UTC), effect["dossier"]
    places = (link_digest(secret), address, dossier, effect["party"], f"/mijn-dossiers/{dossier}", now)
    await pool.execute(_WRITE, *places, now + DOSSIER_LINK_LASTS)
    return f"{portal}/link/{secret}"
