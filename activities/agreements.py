"""What the invoices of an employer's dossier are held against: agreements, and what is registered of each person."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

from database import transaction
from models.messages.agreements import Agreement, Delivered, Evidence
from models.messages.questions import HOURS, Questions, told_hours
from models.messages.receipts import Reference
from models.messages.standstills import FACTS, Standstills
from models.messages.words import Fund
from policies import agreements
from schemes.deadlines import Suspension
from schemes.follow_up import guidance_phases
from schemes.hours_of_phases import Registered, Span, delivered, spans
from schemes.regimes import Regime

_PEOPLE = text(
    "SELECT number, facts ->> 'agency' AS agency FROM receipt WHERE parent = :number AND kind = 'trajectory' "
    "ORDER BY number"
)
_TOLD = text(
    """
    WITH RECURSIVE lived AS (
        SELECT number, number AS dossier, 0 AS back FROM receipt WHERE parent = :number AND kind = 'trajectory'
        UNION ALL
        SELECT lived.number, h.predecessor, back + 1 FROM lived JOIN handed_on h ON h.number = lived.dossier
    )
    SELECT lived.number, e.type, e.at, e.data
    FROM lived JOIN event e ON e.dossier = lived.dossier
    WHERE e.type IN ('phase_entered', 'regime_chosen', 'clock_stopped', 'clock_resumed')
        OR e.type IN ('request_opened', 'request_lapsed', 'request_answered', 'answer_kept')
            AND e.data ->> 'code' = :hours
        OR e.type = 'reported' AND e.data ->> 'fact' = ANY (:facts)
    ORDER BY lived.number, lived.back DESC, e.sequence
    """
)
"""Of whom another fund had before, what happened there comes first: phases and answers are not said again here."""
_MONTHS = text(
    """
    SELECT r.number, h.hours, h.told_on AS last,
        least(coalesce(h.first_on, (h.month || '-01')::date), h.told_on) AS first
    FROM receipt r JOIN guided_hours h ON h.dossier = r.number
    WHERE r.parent = :number AND r.kind = 'trajectory' ORDER BY r.number, h.month
    """
)
GUIDING = "guidance_"


class Agreements:
    """Reads agreements and hours."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def evidence(self, reference: Reference) -> Evidence:
        """Everybody of this dossier with the hours that stand now, and the agreements of the days on which they began.

        A phase counts as many hours as its months sum to, or as were answered at its end when that is more: it is only
        asked while the months do not reach its end, so that they are a part of the answer.
        """
        asked = {"number": reference.number}
        async with transaction(self._engine) as connection:
            people = (await connection.execute(_PEOPLE, asked)).all()
            told = (await connection.execute(_TOLD, {**asked, "hours": HOURS, "facts": list(FACTS)})).all()
            months = (await connection.execute(_MONTHS, asked)).all()
        lives = defaultdict[str, _Life](_Life)
        for number, kind, at, data in told:
            lives[number].take(kind, at, data)
        for row in months:
            lives[row.number].months.append(row)
        fund, held = Fund(reference.number.split("-")[0]), list[Agreement]()
        found = tuple(_delivered(number, agency, lives[number], fund, held) for number, agency in people)
        return Evidence(agreements=tuple(held), people=found)


class _Life:
    """One person's guidance, at one fund or at several."""

    def __init__(self) -> None:
        self.regime: str | None = None
        self.begun: set[str] = set()
        self.answered: dict[str, Decimal] = {}
        self.months: list[Any] = []
        self._questions = Questions()
        self._still = Standstills()

    @property
    def started_on(self) -> date | None:
        """The first day of the guidance, as it was put right last."""
        return self._still.started_on

    def take(self, kind: str, at: datetime, data: Mapping[str, Any]) -> None:
        """The next event, with its moment."""
        self._still.take(kind, at, data)
        about = self._questions.take(kind, data)
        match kind:
            case "phase_entered" if data["phase"].startswith(GUIDING):
                self.begun.add(data["phase"])
            case "regime_chosen":
                self.regime = data["regime"]
            case "request_answered" | "answer_kept" if about is not None:
                self._answered(about, data.get("values", {}))

    def hours(self) -> Decimal:
        """All hours, by month and as answered."""
        phases = {name.removeprefix(GUIDING): hours for name, hours in self.answered.items()}
        return delivered(self._registered(), {int(number): hours for number, hours in phases.items()}, self._spans())

    def _answered(self, phase: str, values: Mapping[str, str]) -> None:
        """What was answered last of a phase; that its months were registered is no answer of its own."""
        told = told_hours(values)
        if told is not None and "reported" not in values and phase.startswith(GUIDING):
            self.answered[phase] = told

    def _registered(self) -> list[Registered]:
        months = (Registered(hours=row.hours, first=row.first, last=row.last) for row in self.months)
        return [month.within(self.started_on) for month in months]

    def _spans(self) -> tuple[Span, ...]:
        if self.started_on is None or self.regime not in set(Regime):
            return ()
        held = tuple(Suspension(start=first, end=last) for first, last in self._still.over)
        phases = guidance_phases(Regime(self.regime), self.started_on, held)
        return spans(self.started_on, ((phase.hours, phase.deadline.last_day) for phase in phases))


def _delivered(number: str, agency: str | None, life: _Life, fund: Fund, held: list[Agreement]) -> Delivered:
    """One person; an agreement that was not met before is added to `held`."""
    agreement = agreements.in_force(fund, agency, life.started_on) if life.started_on else None
    if agreement is not None and agreement not in held:
        held.append(agreement)
    return Delivered(
        trajectory=number,
        agency=agency,
        started_on=life.started_on,
        hours=life.hours(),
        begun=len(life.begun),
        regime=life.regime,
        agreement=None if agreement is None else held.index(agreement),
    )
