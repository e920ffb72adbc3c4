"""Which document an attachment is, by a word in its file name; capitals do not matter (example list, domain.md 3.2)."""

import re
from collections.abc import Iterable

from importing.notations import plain
from models.messages.words import Document

_WORDS: tuple[tuple[str, Document], ...] = (
    ("factuur", Document.INVOICE),
    ("invoice", Document.INVOICE),
    ("betaalbewijs", Document.PROOF_OF_PAYMENT),
    ("bewijs van betaling", Document.PROOF_OF_PAYMENT),
    ("rekeninguittreksel", Document.PROOF_OF_PAYMENT),
    ("aanwezigheid", Document.ATTENDANCE),
    ("deelnameattest", Document.ATTENDANCE),
    ("programma", Document.PROGRAMME),
    ("cursusinhoud", Document.PROGRAMME),
    ("offerte", Document.QUOTE),
    ("leerplan", Document.LEARNING_PLAN),
    ("mentor", Document.MENTOR_PROOF),
    ("urenregistratie", Document.HOUR_LOG),
    ("urenlog", Document.HOUR_LOG),
    ("inschrijvingsbewijs", Document.REGISTRATION_PROOF),
    ("begroting", Document.BUDGET),
    ("deelnemerslijst", Document.PARTICIPANT_LIST),
    ("advies ondernemingsraad", Document.WORKS_COUNCIL_ADVICE),
    ("eindverslag", Document.FINAL_REPORT),
    ("tussentijds verslag", Document.INTERIM_REPORT),
)
_PLAN = re.compile(r"\bplan\b")


def file_names(typed: str) -> tuple[str, ...]:
    """The names in one cell, separated by a vertical bar."""
    return tuple(name.strip() for name in typed.split("|") if name.strip())


def documents(names: Iterable[str]) -> frozenset[Document]:
    """The documents that the names tell; a name that tells nothing is another document."""
    return frozenset(document for name in names for document in _told_by(name))


def _told_by(name: str) -> set[Document]:
    words = re.sub(r"[_\-.]+", " ", plain(name))
    told = {document for word, document in _WORDS if word in words}
    if _PLAN.search(words):
        told.add(Document.PLAN)
    return told or {Document.OTHER}
