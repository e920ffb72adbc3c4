"""The numbers an operator watches are those of the database."""

import urllib.request
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from metrics import ProductMetrics
from models.tables.effects import Effect
from models.tables.projections import DossierRow, PaymentRow, TaskRow
from models.tables.receipts import Receipt

NOW = datetime.now(UTC)


def _receipt(number: str, *, started: bool, age: timedelta) -> Receipt:
    return Receipt(
        number=number,
        idempotency_key=number,
        fund="ANT",
        kind="subsidy",
        instrument="formal_training",
        received_at=NOW - age,
        facts={},
        typed={},
        opens_at=NOW - age,
        started_at=NOW if started else None,
    )


def _dossier(number: str, *, outcome: str | None, sequence: int) -> DossierRow:
    return DossierRow(
        number=number,
        fund="ANT",
        kind="subsidy",
        instrument="formal_training",
        policy="2023-01-01",
        received_at=NOW,
        outcome=outcome,
        sequence=sequence,
        updated_at=NOW,
    )


def _task(task: str, *, state: str, days_left: int) -> TaskRow:
    return TaskRow(
        task=task,
        dossier="ANT-1",
        fund="ANT",
        kind="subsidy",
        step="review",
        role="handler",
        due=(NOW + timedelta(days=days_left)).date(),
        derivation="",
        priority=3,
        outcomes=[],
        excluded=[],
        silence="escalate",
        state=state,
        opened_at=NOW,
        reasons=[],
    )


def _mail(effect: str, *, state: str, ended: datetime | None = None, attempts: int = 1) -> Effect:
    return Effect(
        effect=effect,
        dossier="ANT-1",
        template="receipt",
        occasion="1",
        party="applicant",
        values={},
        dated=NOW.date(),
        state=state,
        attempts=attempts,
        problem=None if state == "sent" else "535",
        ended_at=ended,
        not_before=NOW,
        planned_at=NOW,
    )


def _payment(payment: str, *, amount: str, state: str) -> PaymentRow:
    return PaymentRow(
        payment=payment,
        dossier="ANT-1",
        instalment=1,
        amount=Decimal(amount),
        account_of="applicant",
        state=state,
        instructed_at=NOW,
    )


ROWS: tuple[SQLModel, ...] = (
    _receipt("ANT-1", started=True, age=timedelta(hours=2)),
    _receipt("ANT-2", started=True, age=timedelta(hours=1)),
    _receipt("ANT-3", started=False, age=timedelta(minutes=10)),
    _dossier("ANT-1", outcome=None, sequence=7),
    _dossier("ANT-2", outcome="granted", sequence=5),
    _task("ANT-1/review/1", state="open", days_left=3),
    _task("ANT-1/review/2", state="open", days_left=-3),
    _task("ANT-1/review/3", state="done", days_left=-3),
    _mail("ANT-1/mail/1", state="sent"),
    _mail("ANT-1/mail/2", state="sent"),
    _mail("ANT-1/mail/3", state="unknown"),
    _mail("ANT-1/mail/4", state="refused", ended=NOW),
    _mail("ANT-1/mail/5", state="refused", ended=NOW - timedelta(days=2)),
    _mail("ANT-1/mail/6", state="planned", attempts=5),
    _mail("ANT-1/mail/7", state="planned", attempts=4),
    _payment("ANT-1/payment/1", amount="100.25", state="confirmed"),
    _payment("ANT-1/payment/2", amount="10.00", state="confirmed"),
)


def _fetched(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        families = text_string_to_metric_families(answer.read().decode())
        samples = [sample for family in families for sample in family.samples]
    return {"/".join([sample.name, *sample.labels.values()]): sample.value for sample in samples}


@pytest.fixture
async def filled(engine: AsyncEngine) -> AsyncEngine:
    async with engine.begin() as connection:
        for row in ROWS:
            table: Table = type(row).__table__  # type: ignore[attr-defined]
            stated = {column.name for column in table.columns if column.computed is None}
            await connection.execute(table.insert().values(**row.model_dump(include=stated)))
    return engine


async def test_the_numbers_offered_are_those_of_the_database(filled: AsyncEngine) -> None:
    metrics = ProductMetrics()
    async with filled.connect() as connection:
        await metrics.refresh(connection)
    numbers = _fetched(metrics.serve(0, "127.0.0.1"))
    waited = (datetime.now(UTC) - NOW).total_seconds() + 600  # the rows are dated when this file was read
    assert numbers.pop("doorstroom_oldest_unstarted_seconds") == pytest.approx(waited, abs=30)
    assert numbers.pop("doorstroom_metrics_refreshed_timestamp_seconds") > NOW.timestamp() - 1
    assert numbers == {
        "doorstroom_dossiers_received_total/ANT/subsidy": 3,
        "doorstroom_steps_recorded_total": 12,
        "doorstroom_dossiers_open/ANT/subsidy": 1,
        "doorstroom_tasks_open/ANT/handler": 2,
        "doorstroom_tasks_overdue/ANT/handler": 1,
        "doorstroom_mails/sent": 2,
        "doorstroom_mails/unknown": 1,
        "doorstroom_mails/refused": 2,
        "doorstroom_mails/planned": 2,
        "doorstroom_mails_refused_today": 1,
        "doorstroom_mails_tried_in_vain": 1,
        "doorstroom_payments/confirmed": 2,
        "doorstroom_payments_euros/confirmed": 110.25,
        "doorstroom_receipts_unstarted": 1,
    }


async def test_an_empty_database_gives_zeros_and_no_fault(engine: AsyncEngine) -> None:
    metrics = ProductMetrics()
    async with engine.connect() as connection:
        await metrics.refresh(connection)
    numbers = _fetched(metrics.serve(0, "127.0.0.1"))
    assert numbers["doorstroom_receipts_unstarted"] == 0
    assert numbers["doorstroom_oldest_unstarted_seconds"] == 0


def test_before_the_first_reading_only_its_absence_is_told() -> None:
    assert _fetched(ProductMetrics().serve(0, "127.0.0.1")) == {"doorstroom_metrics_refreshed_timestamp_seconds": 0}
