"""What the ledger hears of messages that leave: marked before, and how they ended after."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from activities.carriers import Addressee, Outcome
from models.messages.commands import Actor, ReportFact
from models.messages.words import Party
from schemes.reaching import Channel

_SENDING = """
    WITH sent AS (
        UPDATE effect SET state = 'sent', problem = NULL, ended_at = $3
        FROM unnest($6::varchar[], $7::int[]) AS book (effect, attempts)
        WHERE effect.effect = book.effect AND effect.attempts = book.attempts AND claimed_by = $4
            AND state IN ('claimed', 'sending', 'unknown')
    )
    UPDATE effect SET state = 'sending', recipient = $2, claimed_at = $3, channel = $8, person = $9, leaves_on = $10,
        left_at = $11
    WHERE effect = $1 AND state = 'claimed' AND claimed_by = $4 AND attempts = $5 AND NOT EXISTS (
        SELECT FROM effect other
        WHERE other.dossier = effect.dossier AND other.template = effect.template
            AND other.occasion = effect.occasion AND other.recipient = $2 AND other.effect <> $1
            AND other.state IN ('sending', 'sent', 'unknown')
    )
    RETURNING effect
"""
"""Only what is in our own hand still: a sender that was slow is taken for dead, and its mails go to another one.

On the same trip the mails that left before this one are noted; for the statement they are being sent still. That a
person has one message a day is held by an index here, whoever else sends."""
_ENDED = """
    UPDATE effect SET state = $2::varchar, problem = $3, not_before = COALESCE($4, not_before),
        ended_at = CASE WHEN $4::timestamptz IS NULL THEN $5::timestamptz END,
        person = CASE $2::varchar WHEN 'planned' THEN $8 ELSE person END,
        leaves_on = CASE $2::varchar WHEN 'planned' THEN $9 ELSE leaves_on END,
        left_at = CASE $2::varchar WHEN 'planned' THEN $10 ELSE left_at END
    WHERE effect = $1 AND state IN ('claimed', 'sending', 'unknown') AND claimed_by = $6 AND attempts = $7
"""
"""Who sent a mail knows that it left, also after others took it for unknown; but what a person settled stands. What is
tried again keeps the turn that it had."""
_FAILED = {Channel.EMAIL: ("email", "email_failed_at"), Channel.SMS: ("phone", "phone_failed_at")}
"""What is noted of an address that does not work; letters come back later, by hand."""
_NOBODY_THERE = """
    WITH ended AS (
        {ended}
        RETURNING effect, attempts, dossier, party
    ), marked AS (
        UPDATE contact SET {failed_at} = $5 FROM ended
        WHERE contact.dossier = ended.dossier AND contact.party = ended.party AND contact.{address} = $11
            AND {failed_at} IS NULL
        RETURNING contact.dossier, ended.effect, ended.attempts
    )
    INSERT INTO pending_command (dossier, update_id, name, command, sent_at)
    SELECT dossier, format('channel_failed:%s:%s', effect, attempts), 'report_fact', $12::jsonb, $5 FROM marked
    WHERE EXISTS (SELECT FROM receipt WHERE number = dossier AND kind = 'trajectory' AND $13)
    ON CONFLICT DO NOTHING
"""
"""The address that failed is noted, and the dossier is told of it, once."""

_LOST = """
    WITH ended AS (
        {ended}
        RETURNING effect, attempts, dossier, party
    )
    INSERT INTO pending_command (dossier, update_id, name, command, sent_at)
    SELECT dossier, format('channel_failed:%s:%s', effect, attempts), 'report_fact',
        jsonb_set($11::jsonb, '{{values,channel}}', to_jsonb(
            coalesce(channel, CASE WHEN phone <> '' THEN 'sms' WHEN street <> '' THEN 'letter' ELSE 'email' END))), $5
    FROM ended JOIN contact USING (dossier, party)
    WHERE EXISTS (SELECT FROM receipt WHERE number = dossier AND kind = 'trajectory')
        AND (coalesce(email, '') = '' OR email_failed_at IS NOT NULL OR 'email' <> ALL ($12::varchar[]))
        AND (coalesce(phone, '') = '' OR phone_failed_at IS NOT NULL OR 'sms' <> ALL ($12::varchar[]))
        AND (coalesce(street, '') = '' OR address_failed_at IS NOT NULL OR 'letter' <> ALL ($12::varchar[]))
        AND NOT EXISTS (
            SELECT FROM pending_command WHERE pending_command.dossier = ended.dossier
                AND command ->> 'fact' = 'channel_failed' AND command -> 'values' ->> 'left' = '')
        AND (
            SELECT data -> 'values' ->> 'left' FROM event WHERE event.dossier = ended.dossier AND type = 'reported'
                AND data ->> 'fact' IN ('channel_failed', 'channel_mended') ORDER BY sequence DESC LIMIT 1
        ) IS DISTINCT FROM ''
    ON CONFLICT DO NOTHING
"""
"""Nobody is reached by any way of this house, and the dossier does not know yet: silence would be taken for an answer
that did not come."""


@dataclass(frozen=True)
class Ended:
    """How one attempt ended."""

    effect: dict[str, Any]
    to: Addressee | None
    outcome: Outcome


class Books:
    """How messages ended that is not written down yet. They outlive the desk: PostgreSQL may be away when one left; and
    two desks may write in them, when one was taken for dead that is only slow.
    """

    def __init__(self, pool: asyncpg.Pool, now: Callable[[], datetime], channels: Collection[Channel]) -> None:
        self._pool = pool
        self._now = now
        self._channels = list(channels)
        self._open: list[Ended] = []

    def note(self, ended: Ended) -> None:
        """To be written down with what follows."""
        self._open.append(ended)

    async def mark_sending(self, effect: dict[str, Any], to: Addressee) -> bool:
        """Write down that this one is being sent, and how the one before it ended; False when the person has it.

        Raises:
            asyncpg.UniqueViolationError: the person has another message on this day.
        """
        left = [ended for ended in self._open if ended.outcome.state == "sent"]
        await self.close(keep="sent")
        marked = await self._pool.fetchval(
            _SENDING,
            effect["effect"],
            to.digest,
            self._now(),
            effect["claimed_by"],
            effect["attempts"],
            [before.effect["effect"] for before in left],
            [before.effect["attempts"] for before in left],
            to.channel.value,
            effect["person"],
            effect["leaves_on"],
            self._now() if to.person and not to.rehearsed else effect["left_at"],
        )
        self._strike(left)
        return marked is not None

    async def close(self, *, keep: str | None = None) -> None:
        """Write down how the last ones ended; those that ended in the state `keep` stay open."""
        for ended in [ended for ended in self._open if ended.outcome.state != keep]:
            await self._write(ended, self._now())
            self._strike([ended])

    def _strike(self, written: list[Ended]) -> None:
        """These are written down; what was noted meanwhile is not."""
        done = {id(ended) for ended in written}
        self._open = [ended for ended in self._open if id(ended) not in done]

    async def _write(self, ended: Ended, now: datetime) -> None:
        effect, outcome, to = ended.effect, ended.outcome, ended.to
        again = now + outcome.again if outcome.again is not None else None
        whose = (effect["claimed_by"], effect["attempts"], *_turn(effect))
        told = (effect["effect"], outcome.state, outcome.problem, again, now)
        if outcome.state == "unreachable" and effect["party"] == Party.PARTICIPANT:
            lost = _channel_failed(effect, Channel.EMAIL).model_dump_json()
            await self._pool.execute(_LOST.format(ended=_ENDED), *told, *whose, lost, self._channels)
            return
        if to is None or not outcome.wrong_address or to.channel not in _FAILED:
            await self._pool.execute(_ENDED, *told, *whose)
            return
        address, failed_at = _FAILED[to.channel]
        state, again = ("planned", now) if to.others else (outcome.state, None)
        await self._pool.execute(
            _NOBODY_THERE.format(ended=_ENDED, address=address, failed_at=failed_at),
            *(effect["effect"], state, outcome.problem, again, now),
            *whose,
            to.addresses[0],
            _channel_failed(effect, to.channel, to.others).model_dump_json(),
            effect["party"] == Party.PARTICIPANT,
        )


def _turn(effect: dict[str, Any]) -> tuple[Any, ...]:
    return effect["person"], effect["leaves_on"], effect["left_at"]


def _channel_failed(effect: dict[str, Any], channel: Channel, left: Collection[Channel] = ()) -> ReportFact:
    """What a trajectory hears: by which way its person is not reached any more, and which ways are left."""
    return ReportFact(
        fact="channel_failed",
        on=effect["leaves_on"] or effect["dated"],
        by=Actor(person="system", party=Party.SYSTEM),
        values={"channel": channel.value, "left": ",".join(left)},
    )
