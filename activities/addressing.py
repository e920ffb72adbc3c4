"""From a message in the ledger to who gets it and by which way."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from activities.carriers import Addressee, Carrier, Claimed, Outcome
from models.messages.words import Language, Party
from schemes.calendar import local_date
from schemes.reaching import Channel, ways

KNOWN_ELSEWHERE = frozenset({Party.APPLICANT, Party.AGENCY})
GONE = Outcome("withdrawn", "this person died or went away")
_CONTACTS = "SELECT * FROM contact WHERE dossier = ANY($1::varchar[])"
_INSTEAD = """
    SELECT receipt.number AS dossier, 'applicant' AS party, employer.name, employer.email, employer.language
    FROM receipt JOIN contact employer ON employer.dossier = receipt.parent AND employer.party = 'applicant'
    WHERE receipt.number = ANY($1::varchar[]) AND receipt.kind = 'trajectory' AND employer.email IS NOT NULL
    UNION ALL
    SELECT receipt.number, 'agency', caseworker.name, caseworker.email, caseworker.language
    FROM receipt CROSS JOIN LATERAL (
        SELECT name, email, language FROM portal_account account
        WHERE party = 'agency' AND active AND agency = receipt.agency
        ORDER BY (SELECT max(at) FROM sign_in WHERE person = account.person AND outcome = 'in') DESC NULLS LAST, person
        LIMIT 1
    ) caseworker
    WHERE receipt.number = ANY($1::varchar[])
"""
"""Who is reached of a trajectory where it names nobody: its employer's dossier knows the employer, and an agency's
account that was used last the agency."""
_STAFF = "SELECT email, language FROM staff_member WHERE fund = $1 AND $2 = ANY(roles) AND active ORDER BY person"
_PEOPLE = """
    SELECT wanted.dossier, participant.person, coalesce(receipt.rehearsed, false) AS rehearsed,
        (SELECT moment FROM house_clock WHERE receipt.rehearsed) AS clock
    FROM unnest($1::varchar[]) AS wanted (dossier)
    LEFT JOIN receipt ON receipt.number = wanted.dossier
    LEFT JOIN participant ON participant.dossier = wanted.dossier AND participant.line = 1
"""
_WITHDRAW = text(
    """
    UPDATE effect SET state = 'withdrawn', ended_at = :at
    WHERE party = 'participant' AND state IN ('planned', 'claimed', 'to_print') AND (
        effect.person = :person OR dossier IN (SELECT dossier FROM participant WHERE person = :person AND line = 1)
    )
    """
)

Rows = Mapping[tuple[str, str], Mapping[str, Any]]


class Addressing:
    """Looks up who gets what. For messages to others than participants nothing is asked that was not asked before."""

    def __init__(self, pool: asyncpg.Pool, carriers: Mapping[Channel, Carrier]) -> None:
        self._pool = pool
        self._carriers = carriers

    async def of(self, effects: list[dict[str, Any]], now: datetime) -> list[Claimed]:
        """Each message with who gets it."""
        if not effects:
            return []
        rows = await self._pool.fetch(_CONTACTS, [effect["dossier"] for effect in effects])
        contacts = {(row["dossier"], row["party"]): row for row in rows}
        contacts |= await self._instead(effects, contacts)
        followed = {effect["dossier"] for effect in effects if effect["party"] == Party.PARTICIPANT}
        people = await self._pool.fetch(_PEOPLE, sorted(followed)) if followed else []
        known = {row["dossier"]: row for row in people}
        return [(effect, await self._addressee(effect, contacts, known, now)) for effect in effects]

    async def _instead(self, effects: list[dict[str, Any]], contacts: Rows) -> Rows:
        """For employers and agencies that a trajectory has no address of: the contact with what is known elsewhere."""
        about = {(effect["dossier"], effect["party"]) for effect in effects}
        known = {whose: contacts[whose] for whose in about if whose in contacts and whose[1] in KNOWN_ELSEWHERE}
        lacking = {whose: contact for whose, contact in known.items() if not contact["email"]}
        if not lacking:
            return {}
        rows = await self._pool.fetch(_INSTEAD, sorted({dossier for dossier, _ in lacking}))
        found = {(row["dossier"], row["party"]): row for row in rows}
        return {whose: {**contact, **found[whose]} for whose, contact in lacking.items() if whose in found}

    async def _addressee(
        self, effect: dict[str, Any], contacts: Rows, known: Mapping[str, Mapping[str, Any]], now: datetime
    ) -> Addressee | Outcome | None:
        if effect["party"] == Party.STAFF:
            return await self._staff(effect)
        contact = contacts.get((effect["dossier"], effect["party"]))
        if contact is None:
            return None
        if effect["party"] == Party.PARTICIPANT:
            return self._participant(effect, contact, known[effect["dossier"]], now)
        if contact["left_on"] is not None:
            return GONE
        if not contact["email"]:
            return None
        return Addressee(contact["name"], Language(contact["language"]), (contact["email"],))

    async def _staff(self, effect: dict[str, Any]) -> Addressee | None:
        people = await self._pool.fetch(_STAFF, effect["dossier"].split("-")[0], effect["role"])
        if not people:
            return None
        return Addressee("", Language(people[0]["language"]), tuple(person["email"] for person in people))

    def _participant(
        self, effect: dict[str, Any], contact: Mapping[str, Any], known: Mapping[str, Any], now: datetime
    ) -> Addressee | Outcome | None:
        if contact["left_on"] is not None and contact["left_on"] <= own_day(effect, known, now):
            return GONE
        preferred = Channel(contact["channel"]) if contact["channel"] else None
        channels = ways(preferred, self._works(effect["template"], contact))
        if not channels:
            return None
        return Addressee(
            contact["name"],
            Language(contact["language"]),
            _addresses(contact)[channels[0]],
            channel=channels[0],
            others=channels[1:],
            person=known["person"] or _by_address(contact),
            rehearsed=known["rehearsed"],
            clock=known["clock"],
        )

    def _works(self, template: str, contact: Mapping[str, Any]) -> list[Channel]:
        """The ways on which nothing came back, and for which there is a text."""
        addresses = _addresses(contact)
        failed = dict(zip(Channel, ("email_failed_at", "phone_failed_at", "address_failed_at"), strict=True))
        return [
            channel
            for channel in Channel
            if addresses[channel] and contact[failed[channel]] is None and self._carries(channel, template)
        ]

    def _carries(self, channel: Channel, template: str) -> bool:
        return channel is Channel.EMAIL or (channel in self._carriers and self._carriers[channel].takes(template))


async def withdraw_for(connection: AsyncConnection, person: str, at: datetime) -> int:
    """Nothing that is planned reaches this person any more, in whatever dossier; returns how many messages that were.

    Belongs in the transaction in which `contact.left_on` is written. `person` is the key of the participant.
    """
    return (await connection.execute(_WITHDRAW, {"person": person, "at": at})).rowcount


def own_day(effect: Mapping[str, Any], known: Mapping[str, Any], now: datetime) -> date:
    """The day it is for this dossier."""
    day: date = effect["dated"]
    return day if known["rehearsed"] and known["clock"] is None else local_date(known["clock"] or now)


def _addresses(contact: Mapping[str, Any]) -> dict[Channel, tuple[str, ...]]:
    place = " ".join(_written((contact["postcode"], contact["municipality"])))
    on_paper = _written((contact["street"], place, contact["country"])) if contact["street"] and place else ()
    return {
        Channel.EMAIL: _written((contact["email"],)),
        Channel.SMS: _written((contact["phone"],)),
        Channel.LETTER: on_paper,
    }


def _written(parts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(part for part in parts if part)


def _by_address(contact: Mapping[str, Any]) -> str:
    """Who has no key is known by the first address there is, whichever way a message takes."""
    address = next(filter(None, _addresses(contact).values()))
    return hashlib.sha256("|".join(address).lower().encode()).hexdigest()
