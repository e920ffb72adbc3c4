"""Mails leave the house here: claimed in the ledger before they are sent, and never sent blindly again."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import aiosmtplib
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col
from temporalio import activity

import policies
from activities.mail_texts import MailContext, render
from database import transaction
from models.messages.words import Fund, Language, Party
from models.tables import Contact, Effect, StaffMember

OPEN_CLAIM = timedelta(seconds=60)
"""A claim older than this belongs to a sender that died; whether its mail left nobody knows."""
PATIENCE = 15.0
"""Seconds the mail server gets for one answer; well below OPEN_CLAIM."""
PAUSE = 2.0


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    starttls: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt. `again` is when to try again, only where nothing can have left."""

    state: str
    problem: str | None = None
    again: timedelta | None = None


@dataclass(frozen=True)
class Addressee:
    """Who gets a mail: one person, or all of a role."""

    name: str
    language: Language
    addresses: tuple[str, ...]

    @property
    def digest(self) -> str:
        """By which the same person is recognised without keeping the address in the ledger."""
        return hashlib.sha256("|".join(sorted(self.addresses)).lower().encode()).hexdigest()


class PostRoom:
    """Sends what is planned, one mail at a time."""

    def __init__(self, engine: AsyncEngine, server: MailServer, sender_id: str) -> None:
        self._engine = engine
        self._server = server
        self._sender_id = sender_id

    @activity.defn
    async def deliver(self) -> None:
        """Send planned mails until this worker stops; PostgreSQL wakes it when one is planned."""
        sent = 0
        async with _announcements(self._engine) as announced:
            leaving = asyncio.create_task(_ring_at_shutdown(announced))
            while not activity.is_worker_shutdown():
                activity.heartbeat(sent)
                announced.clear()
                sent += await self.deliver_planned(activity.heartbeat)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(announced.wait(), PAUSE)
            leaving.cancel()

    async def deliver_planned(self, beat: Any = lambda *_: None) -> int:
        """Send everything that is planned and due now; returns how many left the house."""
        await self._doubt_open_claims()
        sent = 0
        smtp: aiosmtplib.SMTP | None = None
        try:
            while not _stopping() and (claimed := await self._claim()) is not None:
                beat(sent)
                outcome, smtp = await self._send(claimed, smtp)
                await self._settle(claimed["effect"], outcome)
                sent += outcome.state == "sent"
        finally:
            if smtp is not None:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                    await smtp.quit()
        return sent

    async def _claim(self) -> dict[str, Any] | None:
        now = datetime.now(UTC)
        due = (
            select(col(Effect.effect))
            .where(col(Effect.state) == "planned", col(Effect.not_before) <= now)
            .order_by(col(Effect.not_before), col(Effect.effect))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        claim = (
            update(Effect)
            .where(col(Effect.effect).in_(due))
            .values(state="claimed", claimed_at=now, claimed_by=self._sender_id, attempts=Effect.attempts + 1)
            .returning(*Effect.__table__.columns)  # type: ignore[attr-defined]
        )
        async with transaction(self._engine) as connection:
            found = (await connection.execute(claim)).mappings().one_or_none()
            return None if found is None else dict(found)

    async def _send(
        self, effect: dict[str, Any], smtp: aiosmtplib.SMTP | None
    ) -> tuple[Outcome, aiosmtplib.SMTP | None]:
        async with transaction(self._engine) as connection:
            addressee = await _addressee(connection, effect)
            if addressee is None:
                return Outcome("unreachable", "no address is known"), smtp
            if await _had_it(connection, effect, addressee.digest):
                return Outcome("merged"), smtp
            named = update(Effect).where(col(Effect.effect) == effect["effect"]).values(recipient=addressee.digest)
            await connection.execute(named)
        mail = _mail(effect, addressee, self._server.sender)
        try:
            if smtp is None or not smtp.is_connected:
                smtp = await self._connect()
            await smtp.mail(self._server.sender)
            for address in addressee.addresses:
                await smtp.rcpt(address)
        except aiosmtplib.SMTPResponseException as refused:
            return _refused(refused, effect["attempts"]), None
        except (aiosmtplib.SMTPException, OSError) as away:
            return Outcome("planned", str(away), again=_later(effect["attempts"])), None
        return await _hand_over(smtp, mail, effect["attempts"])

    async def _connect(self) -> aiosmtplib.SMTP:
        server = self._server
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            start_tls=server.starttls,
            timeout=PATIENCE,
        )
        await smtp.connect()
        await smtp.ehlo()
        return smtp

    async def _settle(self, effect: str, outcome: Outcome) -> None:
        now = datetime.now(UTC)
        ended = None if outcome.again else now
        values: dict[str, Any] = {"state": outcome.state, "problem": outcome.problem, "ended_at": ended}
        if outcome.again:
            values["not_before"] = now + outcome.again
        async with transaction(self._engine) as connection:
            await connection.execute(update(Effect).where(col(Effect.effect) == effect).values(**values))

    async def _doubt_open_claims(self) -> None:
        """A claim whose sender died may or may not have left: a person decides (`doorstroom settle`)."""
        stale = datetime.now(UTC) - OPEN_CLAIM
        doubted = (
            update(Effect)
            .where(col(Effect.state) == "claimed", col(Effect.claimed_at) < stale)
            .values(state="unknown", problem="the sender stopped between claim and outcome")
        )
        async with transaction(self._engine) as connection:
            await connection.execute(doubted)


async def _ring_at_shutdown(announced: asyncio.Event) -> None:
    await activity.wait_for_worker_shutdown()
    announced.set()


@asynccontextmanager
async def _announcements(engine: AsyncEngine) -> AsyncIterator[asyncio.Event]:
    """An event that PostgreSQL sets when a mail is planned."""
    announced = asyncio.Event()
    async with engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None

        def ring(*_: object) -> None:
            announced.set()

        await raw.add_listener("effect_planned", ring)
        try:
            yield announced
        finally:
            with contextlib.suppress(Exception):  # the connection may be what broke
                await raw.remove_listener("effect_planned", ring)


async def _addressee(connection: AsyncConnection, effect: dict[str, Any]) -> Addressee | None:
    if effect["party"] == Party.STAFF:
        fund = effect["dossier"].split("-")[0]
        query = select(StaffMember).where(
            col(StaffMember.fund) == fund, col(StaffMember.active), col(StaffMember.roles).any(effect["role"])
        )
        people = (await connection.execute(query.order_by(col(StaffMember.person)))).all()
        if not people:
            return None
        return Addressee("", Language(people[0].language), tuple(person.email for person in people))
    query = select(Contact).where(col(Contact.dossier) == effect["dossier"], col(Contact.party) == effect["party"])  # type: ignore[assignment]
    contact = (await connection.execute(query)).one_or_none()
    if contact is None or not contact.email:
        return None
    return Addressee(contact.name, Language(contact.language), (contact.email,))


async def _had_it(connection: AsyncConnection, effect: dict[str, Any], recipient: str) -> bool:
    """Whether the same person already got this mail for this occasion, in another role."""
    query = select(func.count()).where(
        col(Effect.dossier) == effect["dossier"],
        col(Effect.template) == effect["template"],
        col(Effect.occasion) == effect["occasion"],
        col(Effect.recipient) == recipient,
        col(Effect.effect) != effect["effect"],
        col(Effect.state).in_(("sent", "claimed", "unknown")),
    )
    return bool((await connection.execute(query)).scalar_one())


def _mail(effect: dict[str, Any], addressee: Addressee, sender: str) -> EmailMessage:
    fund = policies.funds()[Fund(effect["dossier"].split("-")[0])]
    context = MailContext(
        number=effect["dossier"],
        fund_name=fund.name,
        fund_email=fund.email,
        recipient_name=addressee.name or None,
        values=effect["values"],
    )
    rendered = render(effect["template"], addressee.language, context)
    mail = EmailMessage()
    mail["Subject"] = rendered.subject
    mail["From"] = sender
    mail["To"] = ", ".join(addressee.addresses)
    mail["Date"] = format_datetime(datetime.now(UTC))
    key = hashlib.sha256(effect["effect"].encode()).hexdigest()[:32]
    mail["Reply-To"] = fund.email
    mail["Message-ID"] = f"<{key}@{sender.rsplit('@', 1)[-1]}>"
    mail["X-Doorstroom-Effect"] = effect["effect"]
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(rendered.text)
    return mail


async def _hand_over(
    smtp: aiosmtplib.SMTP, mail: EmailMessage, attempts: int
) -> tuple[Outcome, aiosmtplib.SMTP | None]:
    """The one moment at which it can become unknown whether a mail left."""
    try:
        await smtp.data(mail.as_bytes())
    except aiosmtplib.SMTPResponseException as refused:
        return _refused(refused, attempts), None
    except (aiosmtplib.SMTPException, OSError) as lost:
        return Outcome("unknown", str(lost)), None
    return Outcome("sent"), smtp


def _refused(answer: aiosmtplib.SMTPResponseException, attempts: int) -> Outcome:
    """4xx: later; 5xx: never, somebody has to look at the address."""
    text = f"{answer.code}"
    return Outcome("planned", text, again=_later(attempts)) if answer.code < 500 else Outcome("refused", text)


def _stopping() -> bool:
    return activity.in_activity() and activity.is_worker_shutdown()


def _later(attempts: int) -> timedelta:
    return timedelta(seconds=min(2**attempts, 900))
