"""One message from the ledger to whoever carries it: the mail server, a provider of text messages, or paper."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiosmtplib
import asyncpg

from activities.books import Books, Ended
from activities.carriers import Addressee, Carrier, Claimed, Outcome
from activities.composing import composed
from activities.letters import Attachment, LetterDesk
from activities.links import answer_link_for, link_for
from letters.composing import OF_A_PERSON
from models.errors import Defect, Refusal
from schemes.reaching import Channel

PATIENCE = 15.0
"""Seconds the mail server gets for one answer; well below the age at which a claim is doubted."""


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


class SendingDesk:
    """One connection to the mail server and the books of one handful."""

    def __init__(
        self, pool: asyncpg.Pool, server: MailServer, books: Books, carriers: Mapping[Channel, Carrier]
    ) -> None:
        self._pool = pool
        self._server = server
        self._smtp: aiosmtplib.SMTP | None = None
        self._books = books
        self._carriers = carriers
        self._letters = LetterDesk(pool, server.portal)

    async def send(self, claimed: Claimed) -> bool:
        """See one message through; True when it left."""
        effect, to = claimed
        if isinstance(to, Outcome):
            self._books.note(Ended(effect, None, to))
            return False
        try:
            outcome = await self._by_channel(effect, to)
        except (Refusal, Defect) as wrong:  # what cannot be made goes to a person, and holds up no other
            outcome = Outcome("refused", str(wrong))
        except asyncpg.UniqueViolationError:  # this person has a message today: it asks for another day at once
            effect |= {"leaves_on": None, "left_at": None}
            outcome = Outcome("planned", "another message on this day", again=timedelta(0))
        self._books.note(Ended(effect, to, outcome))
        return outcome.state == "sent"

    async def _by_channel(self, effect: dict[str, Any], to: Addressee | None) -> Outcome:
        if to is not None and to.channel is not Channel.EMAIL:
            marked = await self._books.mark_sending(effect, to)
            return await self._carriers[to.channel].send(effect, to) if marked else Outcome("merged")
        if to is None and effect["template"] in OF_A_PERSON:
            return _nowhere(None)
        language = to.language if to else None
        letter = await self._letters.letter(effect, language, on_paper=to is None)
        return await self._attempt(effect, to, letter) if to else _nowhere(letter)

    async def _attempt(self, effect: dict[str, Any], to: Addressee, letter: Attachment | None) -> Outcome:
        try:
            smtp = await self._connected()
            link = await link_for(self._pool, self._server.portal, effect, to.digest)
            answer = await answer_link_for(self._pool, self._server.portal, effect)
            mail = composed(effect, to, self._server.sender, link, letter, answer)
            if not await self._books.mark_sending(effect, to):
                return Outcome("merged")
            await smtp.mail(self._server.sender)
            for address in to.addresses:
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

    async def close_books(self) -> None:
        """Write down how the last ones ended."""
        await self._books.close()

    async def answers(self) -> bool:
        """Whether the mail server is there."""
        try:
            await self._connected()
        except (aiosmtplib.SMTPException, OSError):
            self._smtp = None
            return False
        return True

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


def _nowhere(letter: Attachment | None) -> Outcome:
    waits = "; the letter waits to be printed" if letter else ""
    return Outcome("unreachable", f"no address is known{waits}")


def _refused(answer: aiosmtplib.SMTPResponseException, attempts: int) -> Outcome:
    """4xx: later; 5xx: never, somebody has to look at the address."""
    text = f"{answer.code}"
    if answer.code < 500:
        return Outcome("planned", text, again=_later(attempts))
    return Outcome("refused", text, wrong_address=isinstance(answer, aiosmtplib.SMTPRecipientRefused))


def _later(attempts: int) -> timedelta:
    """Seconds that double with each attempt, at most a quarter of an hour."""
    return timedelta(seconds=min(2**attempts, 900))
