"""Whether every mail left once: planned by an event, sent to one person once, and never in doubt."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from models.messages.events import MailPlanned
from verification.findings import Fault
from verification.journal import Journal
from verification.life import Moment
from verification.stored import Stored

LONG_CLAIM = timedelta(minutes=2)
"""A claim ends by itself within a minute; one this old means that nobody keeps the post room."""


def check_mails(stored: Stored, journal: Journal, moment: Moment) -> Iterator[Fault]:
    """The ledger beside the journal."""
    planned = {fact.effect for fact in journal.facts(MailPlanned)} if journal.readable else None
    ledger = stored.tables["effect"]
    if planned is not None:
        for effect in sorted(planned - {key[0] for key in ledger}):
            yield _fault(stored, f"de mail {effect} is gepland maar staat niet in het grootboek")
        for (effect,) in sorted(key for key in ledger if key[0] not in planned):
            yield _fault(stored, f"de mail {effect} staat in het grootboek maar werd nooit gepland")
    for effect in sorted(ledger.values(), key=lambda row: str(row["effect"])):
        if effect["state"] == "unknown":
            yield _fault(
                stored, f"van de mail {effect['effect']} is niet geweten of ze vertrok; beslis met 'doorstroom settle'"
            )
        elif effect["state"] in ("claimed", "sending") and moment.now - effect["claimed_at"] > LONG_CLAIM:
            yield _fault(stored, f"de mail {effect['effect']} blijft in behandeling sinds {effect['claimed_at']:%H:%M}")
    yield from _twice(stored)


def _twice(stored: Stored) -> Iterator[Fault]:
    """The same person and occasion, whatever the role it was sent for."""
    sent = Counter(
        (effect["template"], effect["occasion"], effect["recipient"])
        for effect in stored.tables["effect"].values()
        if effect["state"] == "sent" and effect["recipient"] is not None
    )
    for (template, occasion, _), times in sorted(sent.items()):
        if times > 1:
            yield _fault(stored, f"de mail {template} voor '{occasion}' ging {times} keer naar dezelfde persoon")


def _fault(stored: Stored, text: str) -> Fault:
    return Fault(dossier=stored.number, check="mail", text=text)
