"""Links in messages to people outside: one opens the dossier it is about, once; one carries an answer."""

import secrets
from datetime import UTC, datetime
from typing import Any

import asyncpg

from models.messages.words import Party
from models.tables.access import DOSSIER_LINK_LASTS, link_digest
from models.tables.asking import ANSWER_LINK_LASTS, code_digest, new_code, new_secret, secret_digest

OUTSIDE = frozenset({Party.APPLICANT, Party.EXPERT, Party.AGENCY, Party.PARTICIPANT})
ASKS = "trajectory_follow_up"
"""How the messages begin that ask what became of a person."""
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


_WRITE_ANSWER = """
    INSERT INTO answer_link (link, paper, dossier, fund, request, code, moment, party, made_at, ends_at, effect)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""


async def answer_link_for(pool: asyncpg.Pool, portal: str | None, effect: dict[str, Any]) -> str | None:
    """A new address at which the question of this message is answered without signing in; a choice may be added to it
    (`?keuze=job`). None for a message that asks nothing of the kind, and where no portal is known.
    """
    if portal is None or not _asks(effect):
        return None
    secret = new_secret()
    await pool.execute(_WRITE_ANSWER, secret_digest(secret), None, *_question(effect))
    return f"{portal}/antwoord/{secret}"


async def answer_code_for(pool: asyncpg.Pool, portal: str | None, effect: dict[str, Any]) -> str | None:
    """A new short code for a letter, typed at `/antwoord` of the portal; None where `answer_link_for` gives none."""
    if portal is None or not _asks(effect):
        return None
    code = new_code()
    await pool.execute(_WRITE_ANSWER, secret_digest(new_secret()), code_digest(code), *_question(effect))
    return f"{code[:4]}-{code[4:]}".upper()


def _asks(effect: dict[str, Any]) -> bool:
    return bool(effect["template"].startswith(ASKS) and effect["party"] == Party.PARTICIPANT)


def _question(effect: dict[str, Any]) -> tuple[Any, ...]:
    """The question a message asks: its occasion begins with the code and the turn of it."""
    dossier, now = effect["dossier"], datetime.now(UTC)
    code, turn = effect["occasion"].split("/")[:2]
    values = effect["values"]
    moment = values.get("moment") or (f"{values['months']}_months" if "months" in values else None)
    about = (dossier, dossier.split("-")[0], f"{dossier}/{code}/{turn}", code, moment)
    return (*about, Party.PARTICIPANT.value, now, now + ANSWER_LINK_LASTS, effect["effect"])
