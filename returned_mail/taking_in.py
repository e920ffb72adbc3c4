"""What mail servers send back: which address does not work any more, so that the message goes another way.

A folder holds one `.eml` file for each mail that came back. A notice of delivery (RFC 3464), or one that only looks
like it, names our own mail by its Message-ID, which follows from the ledger. A file is taken in once and then gone,
because it holds an address; one that cannot be read goes to `refused` with the reason beside it.
"""

import asyncio
import hashlib
import os
import time
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from database import transaction
from models.errors import Refusal
from models.messages.commands import Actor, ReportFact
from models.messages.message import Message
from models.messages.words import Party
from returned_mail.notices import Notice, Sort, notice_of
from returned_mail.wanted import AGAIN, asked_no_more

log = structlog.get_logger("returned_mail")
AT_REST = timedelta(seconds=2)
"""A file that changed less than this ago is still being written."""
LARGEST = 2_000_000
"""Bytes of a mail that came back, with the mail of ours that may be in it."""
HANDFUL = 100
CHANNELS = {
    "email": ("lower(email)", "email_failed_at"),
    "sms": ("lower(phone)", "phone_failed_at"),
    "letter": (
        """(SELECT string_agg(line, '|' ORDER BY line COLLATE "C") FROM (VALUES (lower(street)),
            (lower(concat_ws(' ', nullif(postcode, ''), nullif(municipality, '')))), (lower(country))
        ) AS lines (line) WHERE line <> '')""",
        "address_failed_at",
    ),
}
"""The address that a message went to, as the ledger knows it by its digest, and what is noted when it does not work."""

_ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended('returned mail', 0))"
_TAKE = """
    INSERT INTO returned_mail (digest, sort, status, received_at) VALUES (:digest, :sort, :status, :at)
    ON CONFLICT DO NOTHING RETURNING true
"""
_IS_ABOUT = "UPDATE returned_mail SET effect = :effect, dossier = :dossier, fund = :fund WHERE digest = :digest"
_FIND = """
    SELECT effect FROM effect
    WHERE coalesce(channel, 'email') = 'email' AND state NOT IN ('planned', 'claimed', 'merged')
        AND coalesce(ended_at, claimed_at, planned_at) > :since
        AND left(encode(sha256(convert_to(effect, 'UTF8')), 'hex'), 32) = :key
"""
_OURS = """
    SELECT effect, dossier, party, occasion, state, recipient, dated, leaves_on, coalesce(channel, 'email') AS channel
    FROM effect WHERE effect = :effect FOR UPDATE
"""
_CONTACT = """
    SELECT *, coalesce(encode(sha256(convert_to({address}, 'UTF8')), 'hex') = :recipient, true) AS went_there,
        EXISTS (SELECT FROM receipt WHERE number = :dossier AND kind = 'trajectory') AS followed
    FROM contact WHERE dossier = :dossier AND party = :party FOR UPDATE
"""
_FAILED = "UPDATE contact SET {failed_at} = coalesce({failed_at}, :at) WHERE dossier = :dossier AND party = :party"
_BOUNCED = "UPDATE effect SET state = 'bounced', problem = :problem, ended_at = :at WHERE effect = :effect"
_NOTED = "UPDATE effect SET problem = :problem WHERE effect = :effect"
_MADE_ANEW = "DELETE FROM letter WHERE effect = :effect"
"""What is on paper names an address: the next letter is written to where the person lives then."""
_TELL = """
    INSERT INTO pending_command (dossier, update_id, name, command, sent_at)
    VALUES (:dossier, :update_id, 'report_fact', CAST(:command AS jsonb), :at) ON CONFLICT DO NOTHING
"""
LEFT = frozenset({"sending", "sent", "unknown", "posted"})
"""States of a message that may come back; a server may give up before its sender could write down that it left."""
REMEMBERED = timedelta(days=60)
"""How long after it left a mail may come back."""


class CameBack(Message):
    """What became of a file."""

    name: str
    sort: Sort
    effect: str | None = None
    repeated: bool = False


async def look(
    engine: AsyncEngine, folder: Path, channels: Collection[str] = ("email", "letter"), *, at_rest: timedelta = AT_REST
) -> list[CameBack]:
    """Take in the files that lie in `in`, oldest first; what another worker is looking at is left to that one.

    `channels` are the ways out that this house has.

    Raises:
        OSError: the folder cannot be read or written.
    """
    inbox = folder / "in"
    waiting = await asyncio.to_thread(_waiting, inbox, at_rest)
    if not waiting:
        return []
    async with transaction(engine) as alone:
        if not await alone.scalar(text(_ALONE)):
            return []
        taken = [await _take(engine, inbox, place, channels) for place in waiting]
    return [one for one in taken if one is not None]


async def take_in(engine: AsyncEngine, content: bytes, name: str, channels: Collection[str]) -> CameBack:
    """Read one mail that came back and do what follows from it, in one transaction. The same file changes nothing.

    Raises:
        Refusal: it cannot be read, is no notice of delivery, or is about no mail of this house.
    """
    if len(content) > LARGEST:
        raise Refusal("TooLarge", f"Dit bestand is groter dan {LARGEST // 1_000_000} MB. Er is niets van opgenomen.")
    notice = notice_of(content)
    digest, at = hashlib.sha256(content).hexdigest(), datetime.now(UTC)
    async with transaction(engine) as connection:
        taken = {"digest": digest, "sort": notice.sort, "status": notice.status, "at": at}
        if await connection.scalar(text(_TAKE), taken) is None:
            return CameBack(name=name, sort=notice.sort, repeated=True)
        if notice.sort == "ignored":
            return CameBack(name=name, sort=notice.sort)
        effect = await _effect_of(connection, notice, at)
        number = effect.split("/", 1)[0]
        about = {"effect": effect, "dossier": number, "fund": number.split("-", 1)[0]}
        await connection.execute(text(_IS_ABOUT), {**about, "digest": digest})
        if notice.sort == "hard":
            await came_back(connection, effect, notice.status or "5", channels, at)
        else:
            await connection.execute(text(_NOTED), {"effect": effect, "problem": f"delayed: {notice.status or 4}"})
        return CameBack(name=name, sort=notice.sort, effect=effect)


async def came_back(
    connection: AsyncConnection, effect: str, status: str, channels: Collection[str], at: datetime
) -> bool:
    """A message did not arrive, now or ever: the address is noted, its dossier is told, and the message goes by the
    next way that works, all or nothing. False when it was settled before.

    An address that was put right since is not blamed; the message then goes there. What asks a question that was
    answered, taken back or left open too long goes nowhere any more.
    """
    found = (await connection.execute(text(_OURS), {"effect": effect})).mappings().one_or_none()
    if found is None or found["state"] not in LEFT or found["channel"] not in CHANNELS:
        return False
    problem = {"effect": effect, "problem": f"came back: {status}", "at": at}
    if found["party"] == Party.STAFF:  # a colleague of several; the others have it
        await connection.execute(text(_NOTED), problem)
        return True
    address, failed_at = CHANNELS[found["channel"]]
    whose = {"dossier": found["dossier"], "party": found["party"]}
    asked = text(_CONTACT.format(address=address))
    contact = (await connection.execute(asked, {**whose, "recipient": found["recipient"]})).mappings().one_or_none()
    if contact is not None and not contact["went_there"]:
        await _go_on(connection, found, problem)
        return True
    left = _ways_left(contact, found, channels) if contact is not None else []
    if contact is not None:
        await connection.execute(text(_FAILED.format(failed_at=failed_at)), {**whose, "at": at})
    if contact is not None and contact["followed"] and found["party"] == Party.PARTICIPANT:
        await connection.execute(text(_TELL), _told(found, left, at))
    if left:
        await _go_on(connection, found, problem)
    else:
        await connection.execute(text(_BOUNCED), problem)
    return True


async def _go_on(connection: AsyncConnection, found: Any, problem: dict[str, Any]) -> None:
    """Plan the message again, unless the question that it is about has ended."""
    if await asked_no_more(connection, found["dossier"], found["occasion"]):
        await connection.execute(text(_BOUNCED), problem)
        return
    await connection.execute(text(AGAIN), problem)
    if found["channel"] == "letter":
        await connection.execute(text(_MADE_ANEW), {"effect": found["effect"]})


def _ways_left(contact: Any, found: Any, channels: Collection[str]) -> list[str]:
    """By which ways this party is still reached; only a person who is followed has others than mail."""
    if found["party"] != Party.PARTICIPANT:
        return []
    works = {
        "email": contact["email"] and contact["email_failed_at"] is None,
        "sms": contact["phone"] and contact["phone_failed_at"] is None,
        "letter": contact["street"]
        and (contact["postcode"] or contact["municipality"])
        and contact["address_failed_at"] is None,
    }
    return [way for way, open_ in works.items() if open_ and way in channels and way != found["channel"]]


def _told(found: Any, left: list[str], at: datetime) -> dict[str, Any]:
    on: date = found["leaves_on"] or found["dated"]
    values = {"channel": found["channel"], "left": ",".join(left)}
    report = ReportFact(fact="channel_failed", on=on, by=Actor(person="system", party=Party.SYSTEM), values=values)
    update_id = f"channel_failed:{found['effect']}:{found['channel']}"
    return {"dossier": found["dossier"], "update_id": update_id, "command": report.model_dump_json(), "at": at}


async def _effect_of(connection: AsyncConnection, notice: Notice, at: datetime) -> str:
    for key in notice.keys:
        found = await connection.scalar(text(_FIND), {"key": key, "since": at - REMEMBERED})
        if found is not None:
            return str(found)
    raise Refusal("NotOurs", "Deze mail gaat over geen enkele mail van dit huis. Lees hem zelf.")


async def _take(engine: AsyncEngine, inbox: Path, place: Path, channels: Collection[str]) -> CameBack | None:
    try:
        content = await asyncio.to_thread(_content, place)
        taken = await take_in(engine, content, place.name, channels)
    except FileNotFoundError:  # another worker was here before us
        return None
    except Refusal as refusal:
        log.warning("returned_mail_refused", code=refusal.code)
        await asyncio.to_thread(_put_aside, place, inbox / "refused", refusal.message)
        return None
    log.info("returned_mail_read", sort=taken.sort, dossier=taken.effect and taken.effect.split("/")[0])
    await asyncio.to_thread(place.unlink, missing_ok=True)
    return taken


def _content(place: Path) -> bytes:
    with place.open("rb") as file:
        return file.read(LARGEST + 1)


def _waiting(inbox: Path, at_rest: timedelta) -> list[Path]:
    if not inbox.is_dir():
        return []
    last = time.time() - at_rest.total_seconds()
    found = sorted(
        (place.stat().st_mtime, place)
        for place in inbox.glob("*.eml")
        if place.is_file() and not place.is_symlink() and not place.name.startswith(".")
    )
    return [place for changed, place in found if changed <= last][:HANDFUL]


def _put_aside(place: Path, folder: Path, reason: str) -> None:
    """Move it, under another name when one of that name lies there; the reason lies beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    to, nth = folder / place.name, 1
    while to.exists():
        nth += 1
        to = folder / f"{place.stem}-{nth}{place.suffix}"
    to.with_name(f"{to.name}.txt").write_text(f"{reason}\n", "utf-8")
    os.replace(place, to)
