"""The text of a message to a telephone: one line and one address, and how many messages a provider counts for it.

A telephone shows letters outside the alphabet of GSM 03.38 only when the whole text goes in UCS-2, which halves its
length; Turkish and Arabic are written so short that they fit all the same. No marks of direction: each takes the place
of a letter, and telephones look at the first letter by themselves.
"""

import jinja2

from activities.mail_texts import MailContext, filled, languages_of, values
from models.errors import Defect
from models.messages.words import Language

FOLDER = "texts"
GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The basic alphabet of 3GPP TS 23.038."""
GSM_7_TWICE = frozenset("^{}\\[~]|€")
"""Its extension: each takes two places."""
MOST_SEGMENTS = 2


def has_text(template: str) -> bool:
    """Whether this message is written for a telephone too."""
    return bool(languages_of(template, FOLDER))


def short_text(template: str, language: Language, context: MailContext) -> str:
    """Write the message in the language of the recipient, or in Dutch when it does not exist in that language.

    Raises:
        Defect: there is no such text, or it asks for something that no message has.
        ValueError: a date among the values cannot be read.
    """
    written = language if language in languages_of(template, FOLDER) else Language.DUTCH
    shared = {"link": None, "answer": None, **context, "values": values(context["values"])}
    try:
        lines = filled(FOLDER, template, written, shared).split("\n")
    except jinja2.UndefinedError as wrong:
        raise Defect(f"sms {template}.{written.value}: {wrong}") from wrong
    return "\n".join(line for line in (" ".join(part.split()) for part in lines) if line)


def segments(text: str) -> int:
    """How many messages of a telephone this text takes: 160 places, or 153 in each of several; in UCS-2 70 or 67."""
    if set(text) <= GSM_7 | GSM_7_TWICE:
        places, one, each = len(text) + sum(sign in GSM_7_TWICE for sign in text), 160, 153
    else:
        places, one, each = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if places <= one else -(-places // each)
