"""Whether a dossier lives: received and started, and at rest always with something that comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from models.messages.words import Party
from schemes.calendar import local_date
from verification.findings import Fault
from verification.stored import Stored

ONE_DAY = timedelta(days=1)
WITHOUT_TASK = ("budget_room", "recovery")
"""What is waited for until a day without a task or a question: room in a budget, and money that comes back."""


@dataclass(frozen=True)
class Moment:
    """When is looked, and how long a step may take before it counts as standing still."""

    now: datetime
    grace: timedelta

    def settled(self, since: datetime) -> bool:
        """Whether what happened then has had time to be followed by the next thing."""
        return self.now - since >= self.grace


def check_receipt(stored: Stored, moment: Moment) -> Iterator[Fault]:
    """Every receipt becomes a dossier, and every dossier came from a receipt."""
    receipt = stored.receipt
    if receipt is None:
        yield Fault(dossier=stored.number, check="receipt", text="er is geen ontvangst met dit nummer")
    elif not moment.settled(receipt["received_at"]):
        return
    elif receipt["started_at"] is None:
        text = "ontvangen, maar nog niet gestart: draait er een worker en is Temporal bereikbaar?"
        yield Fault(dossier=stored.number, check="receipt", text=text)
    elif not stored.events and moment.settled(receipt["started_at"]):
        yield Fault(dossier=stored.number, check="receipt", text="gestart, maar het dossier is nooit geopend")


def check_next_event(stored: Stored, moment: Moment) -> Iterator[Fault]:
    """An open dossier has a task, a question or a day that comes; what should have happened by now has happened."""
    dossier = stored.dossier
    if dossier is None or not stored.events:
        return
    tasks = [task for task in stored.tables["task"].values() if task["state"] in ("open", "held")]
    if dossier["outcome"] is not None:
        for task in tasks:
            yield _fault(stored, f"het dossier is gesloten, maar de taak {task['task']} staat nog open")
        return
    if not moment.settled(stored.events[-1].recorded_at):
        return
    nexts = _next_days(stored, dossier, tasks)
    if not nexts:
        yield _fault(stored, "open, maar het wacht op niemand: geen taak, geen vraag en geen dag")
    elif not dossier["rehearsed"] and max(nexts) + ONE_DAY < local_date(moment.now):
        yield _fault(stored, f"staat stil: op {max(nexts):%d/%m/%Y} had er iets moeten gebeuren")


def _next_days(stored: Stored, dossier: dict[str, Any], tasks: list[dict[str, Any]]) -> list[date]:
    """The last day of everything that may come next. A task that went up a role is pressed again and again."""
    days = [_pressed_by(task) for task in tasks]
    days += [request["until"] for request in stored.tables["request"].values() if request["state"] == "open"]
    if dossier["waiting_for"] in WITHOUT_TASK and dossier["waiting_until"] is not None:
        days.append(dossier["waiting_until"])
    if dossier["waiting_on"] == Party.CALENDAR and dossier["waiting_until"] is not None:
        own_day = local_date(dossier["updated_at"])
        days += [dossier["waiting_until"]] if dossier["waiting_until"] >= own_day else []
    return days


def _pressed_by(task: dict[str, Any]) -> date:
    """The last day on which something happens with a task: a held answer goes out by itself."""
    if task["goes_out_at"] is not None:
        return local_date(task["goes_out_at"])
    return date.max - ONE_DAY if task["escalations"] else max(task["due"], local_date(task["opened_at"]))


def _fault(stored: Stored, text: str) -> Fault:
    return Fault(dossier=stored.number, check="next_event", text=text)
