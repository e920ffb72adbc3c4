from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from embedded import EmbeddedMail, EmbeddedRefusal


def reminder(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "fonds@example.be", "zoë@example.be", subject
    message.set_content("Beste Zoë,\n\n.een regel met een punt vooraan\nGroeten uit Liège")
    return message


async def send(server: EmbeddedMail, subject: str) -> None:
    await aiosmtplib.send(
        reminder(subject),
        hostname=server.host,
        port=server.port,
        sender="fonds@example.be",
        recipients=["zoe@example.be", "hr@example.be"],
    )


async def test_a_mail_is_kept_whole_with_its_envelope(mailbox: EmbeddedMail) -> None:
    await send(mailbox, "Één document ontbreekt")
    (mail,) = mailbox.messages()
    assert mail["Subject"] == "Één document ontbreekt"
    assert mail["X-MailFrom"] == "fonds@example.be"
    assert mail["X-RcptTo"] == "zoe@example.be, hr@example.be"
    assert mail.get_content().splitlines() == reminder("").get_content().splitlines()


async def test_mails_stay_in_order_over_a_restart(directory: Path) -> None:
    async with EmbeddedMail(directory) as server:
        for number in range(3):
            await send(server, f"{number}")
        port = server.port
        await server.restart()
        assert server.port == port
        await send(server, "3")
    assert [mail["Subject"] for mail in server.messages()] == ["0", "1", "2", "3"]


async def test_a_mail_that_cannot_be_kept_is_not_accepted(directory: Path) -> None:
    async with EmbeddedMail(directory) as server:
        server.mails.rmdir()
        with pytest.raises(aiosmtplib.SMTPDataError) as refusal:
            await send(server, "verloren")
        assert refusal.value.code == 451


async def test_a_taken_port_gets_a_sentence_that_names_it_and_the_setting(directory: Path, taken_port: int) -> None:
    with pytest.raises(EmbeddedRefusal, match=rf"poort {taken_port} .*DOORSTROOM_EMBEDDED_MAIL_PORT=\d+"):
        await EmbeddedMail(directory, port=taken_port).start()
