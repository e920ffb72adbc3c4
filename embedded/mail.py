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
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from embedded.place import Hold
from embedded.refusals import LOOPBACK, Door


class EmbeddedMail:
    """The mail catcher of one directory, in a thread of this process; mails stay in `mails/` when it stops.

    A file's name sorts by the moment of receipt (UTC). The envelope is kept as `X-MailFrom` and `X-RcptTo`, since the
    people in it need not be in the mail's own headers.
    """

    def __init__(self, directory: Path, *, port: int = 0) -> None:
        self.directory = directory.absolute()
        self.mails = self.directory / "mails"
        self._door = Door("De mailvanger", "DOORSTROOM_EMBEDDED_MAIL_PORT", port)
        self._hold: Hold | None = None
        self._controller: Controller | None = None

    async def start(self) -> None:
        """Listen; returns once a mail can be delivered.

        Raises:
            EmbeddedRefusal: directory or port stand in the way.
        """
        self._hold = Hold(self.directory, "mail")
        try:
            self.mails.mkdir(exist_ok=True)
            self._door = Door(self._door.server, self._door.setting, self._door.resolved())
            self._controller = Controller(
                _Archive(self.mails), hostname=LOOPBACK, port=self.port, server_hostname="doorstroom.localhost"
            )
            await asyncio.to_thread(self._controller.start)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop listening; harmless when it is not running."""
        if self._controller:
            await asyncio.to_thread(self._controller.stop, no_assert=True)
            self._controller = None
        if self._hold:
            self._hold.release()
            self._hold = None

    async def restart(self) -> None:
        """Stop when it still runs, then listen on the same port; the mails stay."""
        await self.stop()
        await self.start()

    @property
    def host(self) -> str:
        return LOOPBACK

    @property
    def port(self) -> int:
        return self._door.port

    def messages(self) -> list[EmailMessage]:
        """Every mail caught so far, the oldest first."""
        parser = BytesParser(policy=policy.default)
        return [parser.parsebytes(file.read_bytes()) for file in sorted(self.mails.glob("*.eml"))]

    def clear(self) -> None:
        """Throw away what was caught."""
        for file in self.mails.glob("*.eml"):
            file.unlink()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


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
