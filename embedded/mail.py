"""A real SMTP server on loopback that keeps every mail as a file and sends nothing on."""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from embedded.refusals import LOOPBACK, Door
from embedded.server import EmbeddedServer


class EmbeddedMail(EmbeddedServer):
    """The mail catcher of one directory, in a thread of this process; mails stay in `mails/` when it stops.

    A file's name sorts by the moment of receipt (UTC). The envelope is kept as `X-MailFrom` and `X-RcptTo`, since the
    people in it need not be in the mail's own headers.
    """

    lock = "mail"

    def __init__(self, directory: Path, *, port: int = 0) -> None:
        super().__init__(directory, Door("De mailvanger", "DOORSTROOM_EMBEDDED_MAIL_PORT", port))
        self.mails = self.directory / "mails"
        self._controller: Controller | None = None

    async def _open(self) -> None:
        self.mails.mkdir(exist_ok=True)
        self._door = self._door.opened()
        self._controller = Controller(
            _Archive(self.mails), hostname=LOOPBACK, port=self.port, server_hostname="doorstroom.localhost"
        )
        await asyncio.to_thread(self._controller.start)

    async def _close(self) -> None:
        if self._controller:
            await asyncio.to_thread(self._controller.stop, no_assert=True)
            self._controller = None

    @property
    def host(self) -> str:
        return LOOPBACK

    def messages(self) -> list[EmailMessage]:
        """Every mail caught so far, the oldest first."""
        parser = BytesParser(policy=policy.default)
        return [parser.parsebytes(file.read_bytes()) for file in sorted(self.mails.glob("*.eml"))]

    def clear(self) -> None:
        """Throw away what was caught."""
        for file in self.mails.glob("*.eml"):
            file.unlink()


class _Archive:
    """Writes each mail whole before its sender hears that we have it."""

    def __init__(self, mails: Path) -> None:
        self._mails = mails
        self._numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        sender = f"X-MailFrom: {envelope.mail_from}\r\n"
        recipients = f"X-RcptTo: {', '.join(envelope.rcpt_tos)}\r\n"
        content = envelope.original_content or b""
        moment = datetime.fromtimestamp(time.time(), UTC).strftime("%Y%m%dT%H%M%S.%f")
        file = self._mails / f"{moment}-{next(self._numbers):06d}.eml"
        unfinished = file.with_suffix(".new")
        try:
            with unfinished.open("xb") as mail:
                mail.write((sender + recipients).encode() + content)
                mail.flush()
                os.fsync(mail.fileno())
            unfinished.replace(file)
        except OSError as fault:
            return f"451 De mail kon niet bewaard worden ({fault.strerror})"
        return "250 Bewaard"
