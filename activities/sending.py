"""One message from the ledger to whoever carries it: the mail server, a provider of text messages, or paper."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiosmtplib
import asyncpg
import structlog

from activities.books import Books, Ended
from activities.carriers import Addressee, Carrier, Claimed, Outcome
from activities.composing import composed
from activities.letters import Attachment, LetterDesk
from activities.links import answer_link_for, link_for
from database import LOST
from letters.composing import OF_A_PERSON
from models.errors import Defect, Refusal
from schemes.reaching import Channel

log = structlog.get_logger("post_room")
PATIENCE = 15.0
"""Seconds the mail server gets for one answer; well below the age at which a claim is doubted."""
NOBODY_THERE = frozenset({550, 551, 553})
"""What a mail server answers of an address that is none."""
OUR_FAULT = "5.7."
"""How its reason begins (RFC 3463) when it is about who sends, and not about who gets the mail."""


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
        """See one message through; True when it left. Whatever is wrong with it stops no other."""
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
        except (*LOST, OSError):  # what is unavailable is no message's fault: who sends hears of it, and begins again
            raise
        except Exception as wrong:  # nothing was handed over yet: who hands over answers for itself
            self._hang_up()
            outcome = _unforeseen("refused", effect, wrong)
        self._books.note(Ended(effect, to, outcome))
        return outcome.state == "sent"

    async def _by_channel(self, effect: dict[str, Any], to: Addressee | None) -> Outcome:
        if to is not None and to.channel is not Channel.EMAIL:
            marked = await self._books.mark_sending(effect, to)
            return await self._carried(effect, to) if marked else Outcome("merged")
        if to is None and effect["template"] in OF_A_PERSON:
            return _nowhere(None)
        language = to.language if to else None
        letter = await self._letters.letter(effect, language, on_paper=to is None)
        return await self._attempt(effect, to, letter) if to else _nowhere(letter)

    async def _carried(self, effect: dict[str, Any], to: Addressee) -> Outcome:
        try:
            return await self._carriers[to.channel].send(effect, to)
        except (Refusal, Defect, *LOST, OSError):
            raise
        except Exception as wrong:
            return _unforeseen("unknown", effect, wrong)

    async def _attempt(self, effect: dict[str, Any], to: Addressee, letter: Attachment | None) -> Outcome:
        if not any(address.isascii() for address in to.addresses):
            return Outcome("refused", "no mail can go to an address with such letters", wrong_address=True)
        try:
            smtp = await self._connected()
            link = await link_for(self._pool, self._server.portal, effect, to.digest)
            answer = await answer_link_for(self._pool, self._server.portal, effect)
            mail = composed(effect, to, self._server.sender, link, letter, answer)
            if not await self._books.mark_sending(effect, to):
                return Outcome("merged")
            await smtp.mail(self._server.sender)
            await _name(smtp, to, effect)
        except aiosmtplib.SMTPResponseException as refused:
            self._hang_up()
            return _before_the_mail(refused, effect["attempts"])
        except (aiosmtplib.SMTPException, OSError) as away:
            self._hang_up()
            return Outcome("planned", str(away), again=_later(effect["attempts"]))
        return await self._hand_over(smtp, mail, effect)

    async def _hand_over(self, smtp: aiosmtplib.SMTP, mail: bytes, effect: dict[str, Any]) -> Outcome:
        """The one moment at which it can become unknown whether a mail left."""
        try:
            await smtp.data(mail)
        except aiosmtplib.SMTPResponseException as refused:
            self._hang_up()
            if refused.code >= 500:
                return Outcome("refused", f"{refused.code}")
            return Outcome("planned", f"{refused.code}", again=_later(effect["attempts"]))
        except (aiosmtplib.SMTPException, OSError) as lost:
            self._hang_up()
            return Outcome("unknown", str(lost))
        except Exception as wrong:
            self._hang_up()
            return _unforeseen("unknown", effect, wrong)
        return Outcome("sent")

    async def close_books(self) -> None:
        """Write down how the last ones ended."""
        await self._books.close()

    async def answers(self) -> bool:
        """Whether the mail server is there."""
        try:
            await self._connected()
        except (aiosmtplib.SMTPException, OSError):
            self._hang_up()
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

    def _hang_up(self) -> None:
        """What the mail server makes of this connection is not known any more: the next mail gets another one."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    async def leave(self) -> None:
        """Say goodbye to the mail server."""
        if self._smtp is not None:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await self._smtp.quit()
            self._smtp = None


async def _name(smtp: aiosmtplib.SMTP, to: Addressee, effect: dict[str, Any]) -> None:
    """Name who gets a mail: of a role everybody who has an address that works.

    Raises:
        SMTPResponseException: nobody is there, or the mail server says something else.
    """
    named, nobody = 0, None
    for address in filter(str.isascii, to.addresses):
        try:
            await smtp.rcpt(address)
            named += 1
        except aiosmtplib.SMTPRecipientRefused as refused:
            if not _nobody_there(refused):
                raise
            nobody = refused
    if nobody is not None and not named:
        raise nobody
    if named < len(to.addresses):
        log.warning(
            "mail_without_some", effect=effect["effect"], missed=len(to.addresses) - named, of=len(to.addresses)
        )


def _nowhere(letter: Attachment | None) -> Outcome:
    waits = "; the letter waits to be printed" if letter else ""
    return Outcome("unreachable", f"no address is known{waits}")


def _before_the_mail(answer: aiosmtplib.SMTPResponseException, attempts: int) -> Outcome:
    """Only of an address that is none a mail server says no for good. Everything else that it refuses before it was
    offered a mail is about the house (a password, an address on a list, who may send), and may be put right: later.
    """
    if _nobody_there(answer):
        return Outcome("refused", f"{answer.code}", wrong_address=True)
    at_address = isinstance(answer, aiosmtplib.SMTPRecipientRefused)
    if answer.code >= 500 or not at_address:
        log.warning("mail_server_refuses_the_house", code=answer.code, at="address" if at_address else "door")
    return Outcome("planned", f"{answer.code}", again=_later(attempts))


def _nobody_there(answer: aiosmtplib.SMTPResponseException) -> bool:
    at_address = isinstance(answer, aiosmtplib.SMTPRecipientRefused) and answer.code in NOBODY_THERE
    return at_address and not answer.message.startswith(OUR_FAULT)


def _unforeseen(state: str, effect: dict[str, Any], wrong: Exception) -> Outcome:
    """A defect of one message goes to a person; what stands in the ledger of it has no words of the message."""
    log.exception("message_failed", dossier=effect["dossier"], template=effect["template"], state=state, exc_info=wrong)
    return Outcome(state, type(wrong).__name__)


def _later(attempts: int) -> timedelta:
    """Seconds that double with each attempt, at most a quarter of an hour."""
    return timedelta(seconds=min(2**attempts, 900))
