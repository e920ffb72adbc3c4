"""The mail that carries a link: sent once. What becomes of it stands with the link; who gets none asks for another."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import aiosmtplib
import structlog
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from database import transaction
from models.tables import LoginLink
from models.tables.access import link_digest
from portal.access.links import LASTS, Addressee, Purpose
from portal.language import tongue
from settings import Settings

PATIENCE = 15.0
log = structlog.get_logger("portal.access")


async def send(engine: AsyncEngine, settings: Settings, secret: str, purpose: Purpose, to: Addressee) -> None:
    """Mail a link that was not mailed yet, and write down how that ended. Nothing is raised: nobody waits for it."""
    if not await _moved(engine, secret, "planned", "sending"):
        return
    server = aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_user,
        password=settings.smtp_password,
        start_tls=settings.smtp_starttls,
        timeout=PATIENCE,
    )
    try:
        async with server:
            await server.send_message(letter(settings, secret, purpose, to))
        outcome = "sent"
    except (aiosmtplib.SMTPRecipientsRefused, aiosmtplib.SMTPResponseException, aiosmtplib.SMTPConnectError):
        outcome = "refused"
    except (aiosmtplib.SMTPException, OSError):
        outcome = "unknown"
    await _moved(engine, secret, "sending", outcome)
    log.info("link_mailed", outcome=outcome, link=link_digest(secret)[:12])


def letter(settings: Settings, secret: str, purpose: Purpose, to: Addressee) -> EmailMessage:
    """The mail as it is sent."""
    _ = tongue(to.language)
    address = f"{settings.portal_address}/link/{secret}"
    days, minutes = LASTS[purpose].days, LASTS[purpose].seconds // 60
    ends = _("%(days)s dagen", days=days) if days else _("%(minutes)s minuten", minutes=minutes)
    paragraphs = (
        _("U vroeg een link om Doorstroom te openen."),
        address,
        _("De link werkt één keer, en %(ends)s lang. Daarna vraagt u op dezelfde bladzijde een nieuwe.", ends=ends),
        _("Vroeg u niets? Dan hoeft u niets te doen: zonder de knop op die bladzijde gebeurt er niets."),
    )
    mail = EmailMessage()
    mail["Subject"] = _("Uw link naar Doorstroom")
    mail["From"] = settings.smtp_sender
    mail["To"] = to.email
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=settings.smtp_sender.rsplit("@", 1)[-1])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join(paragraphs) + "\n")
    return mail


async def _moved(engine: AsyncEngine, secret: str, before: str, after: str) -> bool:
    """Move the mail of a link on; False when somebody else did."""
    link = col(LoginLink.link) == link_digest(secret)
    moved = update(LoginLink).where(link, col(LoginLink.mail) == before).values(mail=after)
    async with transaction(engine) as connection:
        return (await connection.execute(moved)).rowcount == 1
