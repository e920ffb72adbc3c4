"""What an import needs beside the files: whether the fund has a policy for what they bring."""

from collections.abc import Iterator
from datetime import UTC, datetime

import policies
from importing import Application, Batch, Fault
from models.errors import Refusal
from models.messages.words import Fund
from schemes.calendar import local_date


def everyone(batch: Batch) -> Iterator[Application]:
    """Every application of a batch, an employer dossier before the trajectories in it."""
    for application in batch.applications:
        yield application
        yield from application.trajectories


def ungoverned(batch: Batch, fund: Fund) -> tuple[Fault, ...]:
    """Instruments for which the fund has no policy today, as faults of the files: their dossiers could never start."""
    faults = []
    for instrument in sorted({application.instrument for application in everyone(batch)}):
        try:
            policies.in_force(fund, instrument, local_date(datetime.now(UTC)))
        except Refusal as refusal:
            faults.append(Fault(file="alle bestanden", row=None, column=None, message=refusal.message))
    return tuple(faults)
