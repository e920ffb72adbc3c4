"""What an import needs beside the files: whether the fund has a policy for what they bring."""

from collections.abc import Iterator
from datetime import UTC, datetime

from importing import Application, Batch, Fault
from models.errors import Refusal
from models.messages.words import Fund
from opening import governing


def everyone(batch: Batch) -> Iterator[Application]:
    """Every application of a batch, an employer dossier before the trajectories in it."""
    for application in batch.applications:
        yield application
        yield from application.trajectories


def ungoverned(batch: Batch, fund: Fund) -> tuple[Fault, ...]:
    """Applications for whose day the fund has no policy, as faults of the files: their dossiers could never start."""
    faults: dict[str, str] = {}
    now = datetime.now(UTC)
    for application in everyone(batch):
        try:
            governing(fund, application.facts, now)
        except Refusal as refusal:
            faults.setdefault(refusal.message, application.reference)
    return tuple(
        Fault(file="alle bestanden", row=None, column=None, message=f"{message} Zie bijvoorbeeld '{reference}'.")
        for message, reference in faults.items()
    )
