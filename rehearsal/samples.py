"""The sample dossiers of the demonstration, brought to today: the same weekdays, the same distances, another year."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from importing import Application, Batch
from rehearsal.performance import read

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
WRITTEN_ON = date(2025, 1, 31)
"""The day the sample files were handed over."""
PAST = ("filed_on", "notified_on", "offered_on", "answered_on", "started_on", "default_notice_on", "dismissed_on")
"""Facts that had happened when an application came in."""
WEEK = timedelta(weeks=1)
SPREAD = 7
"""Applications that stand beside each other in the files come in so many weeks apart."""


def samples(today: date, *, weeks: int = 1) -> Batch:
    """The samples as if they had come in during so many weeks before `today`."""
    batch = read([SAMPLES], WRITTEN_ON)
    moved = (_recent(one, today - WEEK * (place * SPREAD % weeks)) for place, one in enumerate(batch.applications))
    return batch.model_copy(update={"applications": tuple(moved)})


def _recent(application: Application, today: date) -> Application:
    """Shifted by whole weeks, so that a working day stays one."""
    everybody = (application, *application.trajectories)
    past = [day for one in everybody for day in _days(one.facts.model_dump(), PAST)]
    shift = WEEK * ((today - max(past)) // WEEK)
    return _shifted(application, shift)


def _shifted(application: Application, shift: timedelta) -> Application:
    facts = type(application.facts).model_validate(_moved(application.facts.model_dump(), shift))
    moved = {"facts": facts, "filed_on": application.filed_on + shift}
    return application.model_copy(
        update={**moved, "trajectories": tuple(_shifted(one, shift) for one in application.trajectories)}
    )


def _days(facts: dict[str, Any], names: tuple[str, ...]) -> list[date]:
    return [facts[name] for name in names if isinstance(facts.get(name), date)]


def _moved(value: Any, shift: timedelta) -> Any:
    if isinstance(value, date):
        return value + shift
    if isinstance(value, dict):
        return {name: _moved(part, shift) for name, part in value.items()}
    return type(value)(_moved(part, shift) for part in value) if isinstance(value, tuple | list) else value
