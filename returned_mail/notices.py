"""Reading a mail that came back: a notice of delivery (RFC 3464, status codes of RFC 3463), or one that only looks like
it, as older servers write them. Pure, and suspicious: anybody may send a mail.
"""

import re
from collections.abc import Iterator
from email import policy
from email.message import Message as Mail
from email.parser import BytesParser
from typing import Literal

from models.errors import Refusal
from models.messages.message import Message

Sort = Literal["hard", "soft", "ignored"]
"""Never delivered, not delivered yet, or no notice at all but a machine that answers, which means nothing."""

MOST_PARTS = 60
LONGEST_TEXT = 200_000
"""Characters of a part that are looked at; what matters stands at its beginning."""
_KEY = re.compile(r"<([0-9a-f]{32})@[^<>\s]{1,255}>")
"""A Message-ID of ours."""
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_LASTS = {"failed": "5", "delayed": "4", "delivered": "2", "relayed": "2", "expanded": "2"}
"""What was done goes before the status: a server that gave up may still tell the last reason for waiting (4.x.x)."""
_REPLY = re.compile(r"(?<![\d.-])([45])\d\d[ -]")
"""What a server said in a session (RFC 5321), where no status code stands."""
_AUTOMATIC = re.compile(
    r"out of (the )?office|automatic reply|auto(matisch)?[- ]?(antwoord|reply)|afwezig"
    r"|r[ée]ponse automatique|absence du|vacation",
    re.IGNORECASE,
)
_BY_A_SERVER = re.compile(r"mailer-daemon|postmaster|mail delivery (sub)?system|microsoftexchange", re.IGNORECASE)
_READING = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
"""What the library's own reader raises at mails that were made to break it."""


class Notice(Message):
    """What a mail that came back says. `keys` are what stands before the @ in Message-IDs of ours, the surest first."""

    sort: Sort
    status: str | None = None
    keys: tuple[str, ...] = ()


def notice_of(content: bytes) -> Notice:
    """Read one mail.

    Raises:
        Refusal: it is no notice of delivery, or it cannot be read.
    """
    try:
        return _read(BytesParser(policy=policy.compat32).parsebytes(content))
    except _READING as wrong:
        raise Refusal("Unreadable", "Deze mail kan niet gelezen worden. Er is niets van opgenomen.") from wrong


def _read(mail: Mail) -> Notice:
    parts = list(_parts(mail))
    status = _told_status(parts)
    if status is None and _is_by_a_server(mail):
        status = _found_status(mail, parts)
    if status is None and _is_automatic(mail):
        return Notice(sort="ignored")
    if status is None and _field(mail, "Return-Path").strip() == "<>":
        status = _found_status(mail, parts)
    if status is None:
        raise Refusal("NoNotice", "Deze mail meldt niet dat er iets terugkwam. Lees hem zelf.")
    if status.startswith("2"):
        return Notice(sort="ignored", status=status)
    return Notice(sort="hard" if status.startswith("5") else "soft", status=status, keys=_keys(mail, parts))


def _parts(mail: Mail) -> Iterator[Mail]:
    for count, part in enumerate(mail.walk()):
        if count == MOST_PARTS:
            return
        yield part


def _told_status(parts: list[Mail]) -> str | None:
    """The worst that a notice in the standard form says of a recipient: failed goes before delayed."""
    told = []
    for part in parts:
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for fields in list(part.get_payload())[:MOST_PARTS]:
            if found := _STATUS.search(_field(fields, "Status")):
                lasts = _LASTS.get(_field(fields, "Action").strip().lower(), found[1])
                told.append(f"{lasts}.{found[2]}.{found[3]}")
    return max(told, default=None)


def _found_status(mail: Mail, parts: list[Mail]) -> str | None:
    """The status in the words of a server that does not know the standard."""
    for part in parts:
        if part.get_content_maintype() != "text":
            continue
        said = _text(part)
        found = _STATUS.search(said)
        if found and found[1] != "2":
            return found[0]
        if reply := _REPLY.search(said):
            return f"{reply[1]}.0.0"
    return "5.0.0" if _field(mail, "X-Failed-Recipients") else None


def _is_automatic(mail: Mail) -> bool:
    """Whether a machine answers for somebody who is away (RFC 3834, and the ways of before)."""
    submitted = _field(mail, "Auto-Submitted").strip().lower()
    precedence = _field(mail, "Precedence").strip().lower()
    return (
        submitted.startswith("auto-replied")
        or precedence in ("auto_reply", "auto-reply")
        or any(mail.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response"))
        or bool(_AUTOMATIC.search(_field(mail, "Subject")))
    )


def _is_by_a_server(mail: Mail) -> bool:
    return bool(_BY_A_SERVER.search(_field(mail, "From")) or mail.get("X-Failed-Recipients"))


def _keys(mail: Mail, parts: list[Mail]) -> tuple[str, ...]:
    """Of the mail that is sent back itself, else what its head answers to, else what stands in the text."""
    found: dict[str, None] = {}
    for part in parts[1:]:
        found.update(dict.fromkeys(_KEY.findall(_field(part, "Message-ID"))))
        if part.get_content_type() == "text/rfc822-headers":
            found.update(dict.fromkeys(_KEY.findall(_text(part))))
    for name in ("In-Reply-To", "References", "X-Original-Message-ID"):
        found.update(dict.fromkeys(_KEY.findall(_field(mail, name))))
    for part in parts:
        if part.get_content_maintype() == "text":
            found.update(dict.fromkeys(_KEY.findall(_text(part))))
    return tuple(found)[:10]


def _field(mail: Mail, name: str) -> str:
    return str(mail.get(name) or "")[:LONGEST_TEXT]


def _text(part: Mail) -> str:
    """The words of a part, whatever they were written in."""
    content = part.get_payload(decode=True)
    return content[:LONGEST_TEXT].decode("utf-8", "replace") if isinstance(content, bytes) else ""
