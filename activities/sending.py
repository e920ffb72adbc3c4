"""One mail from the ledger to the mail server, and how it ended into the books."""

import contextlib
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import aiosmtplib
import asyncpg

import policies
from activities.letters import Attachment, LetterDesk
from activities.links import answer_link_for, link_for
from activities.mail_form import over_the_line
from activities.mail_texts import MailContext, render
from models.errors import Defect, Refusal
from models.messages.words import Fund, Language

PATIENCE = 15.0
"""Seconds the mail server gets for one answer; well below the age at which a claim is doubted."""

_SENDING = """
    WITH sent AS (
        UPDATE effect SET state = 'sent', problem = NULL, ended_at = $3
        FROM unnest($6::varchar[], $7::int[]) AS book (effect, attempts)
        WHERE effect.effect = book.effect AND effect.attempts = book.attempts AND claimed_by = $4
            AND state IN ('claimed', 'sending', 'unknown')
    )
    UPDATE effect SET state = 'sending', recipient = $2, claimed_at = $3
    WHERE effect = $1 AND state = 'claimed' AND claimed_by = $4 AND attempts = $5 AND NOT EXISTS (
        SELECT FROM effect other
        WHERE other.dossier = effect.dossier AND other.template = effect.template
            AND other.occasion = effect.occasion AND other.recipient = $2 AND other.effect <> $1
            AND other.state IN ('sending', 'sent', 'unknown')
    )
    RETURNING effect
"""
"""Only what is in our own hand still: a sender that was slow is taken for dead, and its mails go to another one.

On the same trip the mails that left before this one are noted; for the statement they are being sent still."""
_ENDED = """
    UPDATE effect SET state = $2, problem = $3, not_before = COALESCE($4, not_before),
        ended_at = CASE WHEN $4::timestamptz IS NULL THEN $5::timestamptz END
    WHERE effect = $1 AND state IN ('claimed', 'sending', 'unknown') AND claimed_by = $6 AND attempts = $7
"""
"""Who sent a mail knows that it left, also after others took it for unknown; but what a person settled stands."""


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    starttls: bool = False
    portal: str | None = None
    """Address of the portal, to which a mail to somebody outside links."""


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


Claimed = tuple[dict[str, Any], Addressee | None]
"""A mail in hand and who gets it; nobody when no address is known."""


Books = list[tuple[dict[str, Any], Outcome]]
"""How mails ended that is not written down yet. They outlive the desk: PostgreSQL may be away when a mail has left."""


class SendingDesk:
    """One connection to the mail server and the books of one handful."""

    def __init__(self, pool: asyncpg.Pool, server: MailServer, books: Books) -> None:
        self._pool = pool
        self._server = server
        self._smtp: aiosmtplib.SMTP | None = None
        self._open = books
        self._letters = LetterDesk(pool)

    async def send(self, claimed: Claimed) -> bool:
        """See one mail through; True when it left."""
        effect, addressee = claimed
        try:
            language = addressee.language if addressee else None
            letter = await self._letters.letter(effect, language, on_paper=addressee is None)
        except (Refusal, Defect) as wrong:  # a letter that cannot be made goes to a person, and holds up no other
            outcome = Outcome("refused", str(wrong))
        else:
            outcome = await self._attempt(effect, addressee, letter) if addressee else _nowhere(letter)
        self._open.append((effect, outcome))
        return outcome.state == "sent"

    async def _attempt(self, effect: dict[str, Any], addressee: Addressee, letter: Attachment | None) -> Outcome:
        try:
            smtp = await self._connected()
            link = await link_for(self._pool, self._server.portal, effect, addressee.digest)
            answer = await answer_link_for(self._pool, self._server.portal, effect)
            mail = _mail(effect, addressee, self._server.sender, link, letter, answer)
            if not await self._mark_sending(effect, addressee):
                return Outcome("merged")
            await smtp.mail(self._server.sender)
            for address in addressee.addresses:
                await smtp.rcpt(address)
        except aiosmtplib.SMTPResponseException as refused:
            self._smtp = None
            return _refused(refused, effect["attempts"])
        except (aiosmtplib.SMTPException, OSError) as away:
            self._smtp = None
            return Outcome("planned", str(away), again=_later(effect["attempts"]))
        return await self._hand_over(smtp, mail, effect["attempts"])

    async def _hand_over(self, smtp: aiosmtplib.SMTP, mail: bytes, attempts: int) -> Outcome:
        """The one moment at which it can become unknown whether a mail left."""
        try:
            await smtp.data(mail)
        except aiosmtplib.SMTPResponseException as refused:
            self._smtp = None
            return _refused(refused, attempts)
        except (aiosmtplib.SMTPException, OSError) as lost:
            self._smtp = None
            return Outcome("unknown", str(lost))
        return Outcome("sent")

    async def _mark_sending(self, effect: dict[str, Any], addressee: Addressee) -> bool:
        """Write down that this one is being sent, and how the one before it ended; False when the person has it."""
        left = [ended for ended, outcome in self._open if outcome.state == "sent"]
        await self.close_books(keep="sent")
        marked = await self._pool.fetchval(
            _SENDING,
            effect["effect"],
            addressee.digest,
            datetime.now(UTC),
            effect["claimed_by"],
            effect["attempts"],
            [ended["effect"] for ended in left],
            [ended["attempts"] for ended in left],
        )
        self._open.clear()
        return marked is not None

    async def close_books(self, *, keep: str | None = None) -> None:
        """Write down how the last ones ended; those that ended in the state `keep` stay open."""
        now = datetime.now(UTC)
        for ended in [ended for ended in self._open if ended[1].state != keep]:
            effect, outcome = ended
            again = now + outcome.again if outcome.again else None
            told = (effect["effect"], outcome.state, outcome.problem, again, now)
            await self._pool.execute(_ENDED, *told, effect["claimed_by"], effect["attempts"])
            self._open.remove(ended)

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._smtp is not None and self._smtp.is_connected:
            return self._smtp
        server = self._server
        self._smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            start_tls=server.starttls,
            timeout=PATIENCE,
        )
        await self._smtp.connect()
        await self._smtp.ehlo()
        return self._smtp

    async def leave(self) -> None:
        """Say goodbye to the mail server."""
        if self._smtp is not None:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await self._smtp.quit()
            self._smtp = None


def _mail(
    effect: dict[str, Any],
    addressee: Addressee,
    sender: str,
    link: str | None,
    letter: Attachment | None,
    answer: str | None = None,
) -> bytes:
    fund = policies.funds()[Fund(effect["dossier"].split("-")[0])]
    context = MailContext(
        number=effect["dossier"],
        fund_name=fund.name,
        fund_email=fund.email,
        recipient_name=addressee.name or None,
        values={"iban": fund.iban, **effect["values"]},
        link=link,
        answer=answer,
    )
    rendered = render(effect["template"], addressee.language, context)
    key = hashlib.sha256(effect["effect"].encode()).hexdigest()[:32]
    head = {
        "Subject": rendered.subject,
        "From": sender,
        "To": ", ".join(addressee.addresses),
        "Date": format_datetime(datetime.now(UTC)),
        "Reply-To": fund.email,
        "Message-ID": f"<{key}@{sender.rsplit('@', 1)[-1]}>",
        "X-Doorstroom-Effect": effect["effect"],
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }
    return over_the_line(head, rendered.text, letter, boundary=key)


def _nowhere(letter: Attachment | None) -> Outcome:
    waits = "; the letter waits to be printed" if letter else ""
    return Outcome("unreachable", f"no address is known{waits}")


def _refused(answer: aiosmtplib.SMTPResponseException, attempts: int) -> Outcome:
    """4xx: later; 5xx: never, somebody has to look at the address."""
    text = f"{answer.code}"
    return Outcome("planned", text, again=_later(attempts)) if answer.code < 500 else Outcome("refused", text)


def _later(attempts: int) -> timedelta:
    """Seconds that double with each attempt, at most a quarter of an hour."""
    return timedelta(seconds=min(2**attempts, 900))
