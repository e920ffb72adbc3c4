"""The mail with a fresh link, in the language of the person."""

import contextlib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import aiosmtplib

from models.messages.words import Language
from models.tables.asking import ANSWER_LINK_LASTS
from portal.language import tongue
from settings import Settings

PATIENCE = 15.0
"""Seconds that the mail server gets for one answer."""


async def send(settings: Settings, secret: str, email: str, language: Language) -> None:
    """Mail a link that was asked for.

    Raises:
        aiosmtplib.SMTPException, OSError: the mail server is away or does not take it.
    """
    await _hand_over(settings, letter(settings, secret, email, language))


async def tell_old_address(settings: Settings, email: str, language: Language) -> None:
    """Tell an address that it is used no more, so that a change by another hand does not stay hidden."""
    _ = tongue(language)
    paragraphs = (
        _("Uw mailadres bij ons is veranderd. Naar dit adres sturen wij niets meer."),
        _("Heeft u dit niet gevraagd? Antwoord dan op deze mail, of bel het fonds."),
    )
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await _hand_over(settings, _mail(settings, email, _("Uw mailadres is veranderd"), paragraphs))


async def _hand_over(settings: Settings, mail: EmailMessage) -> None:
    server = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user,
        password=settings.smtp_password,
        start_tls=settings.smtp_starttls,
        timeout=PATIENCE,
    )
    async with server:
        await server.send_message(mail)


def letter(settings: Settings, secret: str, email: str, language: Language) -> EmailMessage:
    """The mail as it is sent."""
    _ = tongue(language)
    paragraphs = (
        _("U vroeg een nieuwe link om ons te antwoorden. Hier is hij:"),
        f"{settings.portal_address}/antwoord/{secret}",
        _("De link werkt %(days)s dagen.", days=ANSWER_LINK_LASTS.days),
        _("Vroeg u niets? Dan hoeft u niets te doen."),
    )
    return _mail(settings, email, _("Uw nieuwe link"), paragraphs)


def _mail(settings: Settings, email: str, subject: str, paragraphs: tuple[str, ...]) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = settings.smtp_sender
    mail["To"] = email
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=settings.smtp_sender.rsplit("@", 1)[-1])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join(paragraphs) + "\n")
    return mail
