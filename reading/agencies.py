"""What agencies did, by the journals of their people as they stood at the end of a day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.guidance import GuidedMonth
from reading.guided import RESUMED, TURNS, start_put_right

BRUSSELS = ZoneInfo("Europe/Brussels")

_OF_STAFF = "SELECT number, agency FROM receipt WHERE kind = 'trajectory' AND agency IS NOT NULL"
_OWN = "SELECT number, :agency AS agency FROM dossier WHERE kind = 'trajectory' AND number IN (SELECT own_dossiers())"
_TOLD = """
    SELECT people.number, people.agency, accepted_on(people.number) AS accepted_on, e.type, e.at, e.data
    FROM ({people}) AS people JOIN event AS e ON e.dossier = people.number
    WHERE e.at < :until AND (
        e.type IN ('regime_chosen', 'followed_up', 'phase_entered', 'request_lapsed')
        OR (e.type = 'request_opened' AND e.data ->> 'party' = 'agency')
        OR (e.type IN ('request_answered', 'answer_kept'))
        OR (e.type = 'reported'
            AND e.data ->> 'fact' IN
                ('guidance_started', 'guidance_ended', 'guidance_resumed', 'facts_corrected', 'hours_registered'))
    )
    ORDER BY people.number, e.sequence
"""


class Course(NamedTuple):
    """One trajectory by its facts, each with the day on which it was told; what they mean is counted elsewhere."""

    number: str
    agency: str
    accepted_on: date | None
    turns: Mapping[str, Any]
    months: tuple[tuple[GuidedMonth, date], ...]
    """Each month as told last, with the last day of what was registered."""
    hours: tuple[tuple[str, str], ...]
    """Hours told at the end of a phase, by the phase."""
    questions: tuple[tuple[date, date | None, bool], ...]
    """When each question to the agency was asked, when it was answered, and whether it lapsed."""


async def courses(connection: AsyncConnection, until: datetime, *, agency: str | None = None) -> tuple[Course, ...]:
    """The people of every agency that the connection shows; of an agency that asks for itself, `agency` is its name."""
    query = _TOLD.format(people=_OF_STAFF if agency is None else _OWN)
    values = {"until": until} | ({} if agency is None else {"agency": agency})
    found: dict[str, _Reader] = {}
    for row in await connection.execute(text(query), values):
        reader = found.setdefault(row.number, _Reader(row.number, row.agency, row.accepted_on))
        reader.take(row.type, row.at.astimezone(BRUSSELS).date(), row.data)
    return tuple(reader.course() for reader in found.values())


class _Reader:
    """Gathers what one journal tells."""

    def __init__(self, number: str, agency: str, accepted_on: date | None) -> None:
        self._number, self._agency, self._accepted_on = number, agency, accepted_on
        self._turns: dict[str, Any] = {}
        self._phase = ""
        self._months: dict[str, tuple[GuidedMonth, date]] = {}
        self._hours: dict[str, str] = {}
        self._asked: dict[str, tuple[date, date | None, bool]] = {}

    def take(self, kind: str, on: date, data: Mapping[str, Any]) -> None:
        """One event, in its order."""
        match kind:
            case "phase_entered":
                self._phase = data["phase"]
            case "regime_chosen":
                self._turns["regime"] = data["regime"]
            case "followed_up":
                self._turns |= {"outcome": data["outcome"], "reason": data.get("reason")}
            case "reported":
                self._reported(data)
            case "request_opened":
                self._asked[data["request"]] = (on, None, False)
            case "request_lapsed":
                if data["request"] in self._asked:
                    self._asked[data["request"]] = (self._asked[data["request"]][0], None, True)
            case _:
                self._answered(on, data)

    def course(self) -> Course:
        """Everything together."""
        return Course(
            number=self._number,
            agency=self._agency,
            accepted_on=self._accepted_on,
            turns=self._turns,
            months=tuple(self._months.values()),
            hours=tuple(self._hours.items()),
            questions=tuple(self._asked.values()),
        )

    def _reported(self, data: Mapping[str, Any]) -> None:
        if data["fact"] in TURNS:
            self._turns[data["fact"]] = date.fromisoformat(data["on"])
        elif data["fact"] == RESUMED:
            self._turns.pop("guidance_ended", None)
        elif day := start_put_right(data):
            self._turns |= {"guidance_started": day} if "guidance_started" in self._turns else {}
        elif told := GuidedMonth.told(data.get("values", {})):
            self._months[told.month] = told, date.fromisoformat(data["on"])

    def _answered(self, on: date, data: Mapping[str, Any]) -> None:
        """An answer; one that came too late answers the last question of its code."""
        values = data.get("values", {})
        if values.get("answer") == "accepted":
            self._accepted_on = self._accepted_on or on
        if "hours" in values:
            self._hours[self._phase] = values["hours"]
        late = (name for name in self._asked if _code(name) == data["code"])
        names = [data["request"]] if "request" in data else list(late)
        if names and names[-1] in self._asked and self._asked[names[-1]][1] is None:
            asked_on, _never, lapsed = self._asked[names[-1]]
            self._asked[names[-1]] = (asked_on, on, lapsed)


def _code(request: str) -> str:
    return request.split("/")[1]
