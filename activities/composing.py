"""A mail as it goes over the line: its text, its head, and the letter that goes with it."""

from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import policies
from activities.carriers import Addressee
from activities.letters import Attachment
from activities.mail_form import over_the_line
from activities.mail_texts import MailContext, render
from models.messages.words import Fund
from schemes.reaching import mark_of


def composed(
    effect: dict[str, Any],
    addressee: Addressee,
    sender: str,
    link: str | None,
    letter: Attachment | None,
    answer: str | None = None,
) -> bytes:
    """The whole mail. The same message of the ledger always has the same Message-ID.

    Raises:
        Defect: there is no such text.
    """
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
    key = mark_of(effect["effect"])
    head = {
        "Subject": rendered.subject,
        "From": sender,
        "To": ", ".join(filter(str.isascii, addressee.addresses)),
        "Date": format_datetime(datetime.now(UTC)),
        "Reply-To": fund.email,
        "Message-ID": f"<{key}@{sender.rsplit('@', 1)[-1]}>",
        "X-Doorstroom-Effect": effect["effect"],
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }
    return over_the_line(head, rendered.text, letter, boundary=key)
