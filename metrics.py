"""What the product itself counts, offered to Prometheus. Every number is a reading of PostgreSQL.

Each worker reads the same database and offers the same numbers: take the highest over the workers, never the sum.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import start_http_server
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_TODAY = "(now() AT TIME ZONE 'Europe/Brussels')::date"


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric: its name, what it says, and the query that gives its labels and, last, its value."""

    name: str
    says: str
    labels: tuple[str, ...]
    query: str
    counts: Literal["up", "both"] = "both"


READINGS = (
    Reading(
        "doorstroom_dossiers_received",
        "Applications received.",
        ("fund", "kind"),
        "SELECT fund, kind, count(*) FROM receipt GROUP BY fund, kind",
        "up",
    ),
    Reading(
        "doorstroom_steps_recorded",
        "Events recorded in all dossiers together.",
        (),
        "SELECT coalesce(sum(sequence), 0) FROM dossier",
        "up",
    ),
    Reading(
        "doorstroom_dossiers_open",
        "Dossiers that are not closed.",
        ("fund", "kind"),
        "SELECT fund, kind, count(*) FROM dossier WHERE outcome IS NULL GROUP BY fund, kind",
    ),
    Reading(
        "doorstroom_tasks_open",
        "Tasks that wait for a member of staff.",
        ("fund", "role"),
        "SELECT fund, role, count(*) FROM task WHERE state = 'open' GROUP BY fund, role",
    ),
    Reading(
        "doorstroom_tasks_overdue",
        "Open tasks whose last day is past.",
        ("fund", "role"),
        f"SELECT fund, role, count(*) FROM task WHERE state = 'open' AND due < {_TODAY} GROUP BY fund, role",
    ),
    Reading(
        "doorstroom_mails",
        "Mails by state.",
        ("state",),
        "SELECT state, count(*) FROM effect GROUP BY state",
    ),
    Reading(
        "doorstroom_mails_refused_today",
        "Messages that ended refused in the last day.",
        (),
        "SELECT count(*) FROM effect WHERE state = 'refused' AND ended_at > now() - interval '1 day'",
    ),
    Reading(
        "doorstroom_mails_tried_in_vain",
        "Messages that were tried five times or more and wait for another attempt.",
        (),
        "SELECT count(*) FROM effect WHERE state = 'planned' AND attempts >= 5 AND problem IS NOT NULL",
    ),
    Reading(
        "doorstroom_payments",
        "Payment instructions by state.",
        ("state",),
        "SELECT state, count(*) FROM payment GROUP BY state",
    ),
    Reading(
        "doorstroom_payments_euros",
        "Euros of the payment instructions by state.",
        ("state",),
        "SELECT state, sum(amount) FROM payment GROUP BY state",
    ),
    Reading(
        "doorstroom_receipts_unstarted",
        "Receipts whose workflow has not been started yet.",
        (),
        "SELECT count(*) FROM receipt WHERE started_at IS NULL",
    ),
    Reading(
        "doorstroom_oldest_unstarted_seconds",
        "Age of the oldest receipt whose workflow has not been started yet.",
        (),
        "SELECT coalesce(extract(epoch FROM now() - min(received_at)), 0) FROM receipt WHERE started_at IS NULL",
    ),
)

_REFRESHED = "doorstroom_metrics_refreshed_timestamp_seconds"

Rows = tuple[tuple[tuple[str, ...], float], ...]


class ProductMetrics(Collector):
    """The latest readings of one process, and the address where Prometheus fetches them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._rows: dict[str, Rows] = {}
        self._refreshed = 0.0
        self.registry.register(self)

    async def refresh(self, connection: AsyncConnection) -> None:
        """Read all numbers anew; those of before stay when the database cannot be read.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database is unavailable.
        """
        rows = {}
        for reading in READINGS:
            rows[reading.name] = _rows((await connection.execute(text(reading.query))).all())
        self._rows, self._refreshed = rows, time.time()

    def serve(self, port: int, address: str = "0.0.0.0") -> int:
        """Offer the numbers on a port until the process ends; port 0 takes a free one. Returns the port.

        Raises:
            OSError: the port is taken.
        """
        server, _ = start_http_server(port, addr=address, registry=self.registry)
        return int(server.server_port)

    def collect(self) -> Iterable[CounterMetricFamily | GaugeMetricFamily]:
        """What Prometheus gets: nothing but the time of refreshing (0) until the first reading."""
        yield from self._families()
        yield GaugeMetricFamily(_REFRESHED, "When these numbers were read.", value=self._refreshed)

    def _families(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        for reading in READINGS:
            if reading.name in self._rows:
                family_of = CounterMetricFamily if reading.counts == "up" else GaugeMetricFamily
                family = family_of(reading.name, reading.says, labels=reading.labels)
                for labels, value in self._rows[reading.name]:
                    family.add_metric(labels, value)
                yield family


def _rows(rows: Sequence[Sequence[object]]) -> Rows:
    return tuple((tuple(str(label) for label in labels), float(str(value))) for *labels, value in rows)
