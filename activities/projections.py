"""How events become the rows that pages read. Pure: the same events give the same rows, always.

`record` writes what `puts` says, `rebuild` writes it again from the first event, `verify` compares it with what stands.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from models.messages import events as e
from models.messages.guidance import GuidedMonth
from models.messages.words import Party

Columns = dict[str, Any]


class Put(NamedTuple):
    """Set these columns of the row with this key; `opens` when the row is new."""

    table: str
    key: tuple[str | int, ...]
    columns: Columns
    opens: bool = False


class Rows:
    """The rows of one dossier as a fold over its events: by table, then by key."""

    def __init__(self, number: str) -> None:
        self.number = number
        self.rows: dict[str, dict[tuple[str | int, ...], Columns]] = {}

    def apply(self, event: e.Placed) -> None:
        """Take one event into the rows."""
        for put in puts(self.number, event):
            table = self.rows.setdefault(put.table, {})
            table.setdefault(put.key, {}).update(put.columns)


def waiting(on: str, for_: str, since: datetime, until: Any, otherwise: str) -> Columns:
    """The five answers to 'why am I waiting'."""
    return {
        "waiting_on": on,
        "waiting_for": for_,
        "waiting_since": since,
        "waiting_until": until,
        "otherwise": otherwise,
    }


NOT_WAITING = waiting("", "", None, None, "") | dict.fromkeys(("waiting_on", "waiting_for", "otherwise"))  # type: ignore[arg-type]


def puts(number: str, event: e.Placed) -> Iterator[Put]:
    """The changes one event makes."""
    fact, at = event.fact, event.at
    match fact:
        case e.DossierOpened():
            yield Put("dossier", (number,), _opened(fact, at), opens=True)
        case e.PhaseEntered(phase=phase):
            yield Put("dossier", (number,), {"phase": phase})
        case e.TaskOpened() | e.TaskReminded() | e.TaskEscalated():
            yield from _task(number, fact, at)
        case e.TaskAnswered() | e.TaskReopened() | e.TaskCompleted() | e.TaskCancelled():
            yield from _answered(fact, at)
        case (
            e.RequestOpened()
            | e.RequestReminded()
            | e.RequestExtended()
            | e.RequestAnswered()
            | e.RequestLapsed()
            | e.RequestCancelled()
        ):
            yield from _request(number, fact, at)
        case e.Waited():
            yield Put("dossier", (number,), waiting(fact.on, fact.reason, at, fact.until, fact.then))
        case e.BudgetAsked() | e.Decided() | e.GrantChanged() | e.InstalmentPlanned():
            yield from _grant(number, fact, at)
        case e.PaymentInstructed() | e.PaymentConfirmed() | e.PaymentReturned():
            yield from _payment(fact, number, at)
        case (
            e.RecoveryOrdered()
            | e.RecoveryApproved()
            | e.RecoveryPlanned()
            | e.RecoveryReminded()
            | e.RecoveryReceived()
            | e.RecoverySettled()
        ):
            yield from _recovery(fact, number, event)
        case e.FollowedUp() | e.MomentsPlanned() | e.Reported(fact="hours_registered"):
            yield from _followed(number, fact, event)
        case e.Closed():
            yield Put("dossier", (number,), NOT_WAITING | _ended(fact, at))


def _followed(number: str, fact: e.FollowedUp | e.MomentsPlanned | e.Reported, event: e.Placed) -> Iterator[Put]:
    """What became of a person and when that is asked; hours that cannot be read change no row."""
    if isinstance(fact, e.FollowedUp):
        columns = {name: getattr(fact, name) for name in type(fact).model_fields if name not in ("type", "moment")}
        yield Put("follow_up", (number, fact.moment), columns | {"at": event.at}, opens=True)
    elif isinstance(fact, e.MomentsPlanned):
        for planned in fact.moments:
            columns = {"due_on": planned.due, "because": planned.because}
            yield Put("follow_up_due", (number, planned.moment), columns, opens=True)
    elif told := GuidedMonth.told(fact.values):
        columns = told.model_dump(exclude={"month"}) | {"told_on": fact.on, "told_by": event.by, "at": event.at}
        yield Put("guided_hours", (number, told.month), columns, opens=True)


def _ended(fact: e.Closed, at: datetime) -> Columns:
    return {"outcome": fact.outcome, "reason": fact.reason, "closed_at": at, "reserving": None}


def _opened(fact: e.DossierOpened, at: datetime) -> Columns:
    return {
        "fund": fact.fund,
        "kind": fact.kind,
        "instrument": fact.instrument,
        "policy": fact.policy,
        "parent": fact.parent,
        "rehearsed": fact.rehearsed,
        "received_at": fact.received_at,
        "phase": "",
        "granted": Decimal(0),
        "paid": Decimal(0),
        "recovered": Decimal(0),
        **NOT_WAITING,
        "waiting_since": at,
        "asked": fact.asked,
        "outcome": None,
        "reason": None,
        "closed_at": None,
    }


def _asked_of_budget(fact: e.BudgetAsked) -> Columns:
    """What the triggers of the ledger decide on; it stands until the decision or the end."""
    caps = [cap.model_dump(mode="json") for cap in fact.caps] or None
    return {"reserving": fact.amount, "budget_year": fact.year, "committee": fact.committee, "caps": caps}


NOT_ANSWERED: Columns = {"outcome": None, "person": None, "reasons": [], "on_behalf_of": None, "goes_out_at": None}


def _task(number: str, fact: e.TaskOpened | e.TaskReminded | e.TaskEscalated, at: datetime) -> Iterator[Put]:
    key = (fact.task,)
    match fact:
        case e.TaskOpened():
            columns = fact.model_dump(exclude={"type", "task", "outcomes", "excluded", "beside"}) | {
                "outcomes": list(fact.outcomes),
                "excluded": list(fact.excluded),
                "dossier": number,
                "state": "open",
                "opened_at": at,
                "reminders": 0,
                "escalations": 0,
                "reopened": 0,
                "ended_at": None,
                **NOT_ANSWERED,
            }
            yield Put("task", key, columns, opens=True)
            if not fact.beside:
                yield Put("dossier", (number,), waiting(Party.STAFF, fact.step, at, fact.due, fact.silence))
        case e.TaskReminded():
            yield Put("task", key, {"reminders": fact.times})
        case e.TaskEscalated():
            yield Put("task", key, {"role": fact.role, "escalations": fact.times})


def _answered(fact: e.TaskAnswered | e.TaskReopened | e.TaskCompleted | e.TaskCancelled, at: datetime) -> Iterator[Put]:
    key = (fact.task,)
    match fact:
        case e.TaskAnswered():
            yield Put("task", key, _answer(fact) | {"state": "held", "goes_out_at": fact.goes_out_at})
        case e.TaskReopened():
            yield Put("task", key, NOT_ANSWERED | {"state": "open", "reopened": fact.times})
        case e.TaskCompleted():
            yield Put("task", key, _answer(fact) | {"state": "done", "goes_out_at": None, "ended_at": at})
        case e.TaskCancelled():
            yield Put("task", key, NOT_ANSWERED | {"state": "cancelled", "outcome": fact.reason, "ended_at": at})


def _answer(fact: e.TaskAnswered | e.TaskCompleted) -> Columns:
    return {
        "outcome": fact.outcome,
        "person": fact.person,
        "reasons": list(fact.reasons),
        "on_behalf_of": fact.on_behalf_of,
    }


def _request(
    number: str,
    fact: e.RequestOpened
    | e.RequestReminded
    | e.RequestExtended
    | e.RequestAnswered
    | e.RequestLapsed
    | e.RequestCancelled,
    at: datetime,
) -> Iterator[Put]:
    key = (fact.request,)
    match fact:
        case e.RequestOpened():
            columns = fact.model_dump(exclude={"type", "request", "wants", "beside"}) | {"wants": list(fact.wants)}
            state = {"dossier": number, "state": "open", "reminders": 0, "opened_at": at, "ended_at": None}
            yield Put("request", key, columns | state, opens=True)
            if not fact.beside:
                yield Put("dossier", (number,), waiting(fact.party, fact.code, at, fact.until, fact.silence))
        case e.RequestReminded():
            yield Put("request", key, {"reminders": fact.times})
        case e.RequestExtended():
            yield Put(
                "request", key, {"until": fact.until} | ({"derivation": fact.derivation} if fact.derivation else {})
            )
            yield Put("dossier", (number,), {"waiting_until": fact.until})
        case e.RequestAnswered():
            yield Put("request", key, {"state": "answered", "ended_at": at})
        case e.RequestLapsed():
            yield Put("request", key, {"state": "lapsed", "ended_at": at})
        case e.RequestCancelled():
            yield Put("request", key, {"state": "cancelled", "ended_at": at})


def _grant(
    number: str, fact: e.BudgetAsked | e.Decided | e.GrantChanged | e.InstalmentPlanned, at: datetime
) -> Iterator[Put]:
    match fact:
        case e.BudgetAsked():
            yield Put("dossier", (number,), _asked_of_budget(fact))
        case e.Decided():
            columns: Columns = {
                "outcome": fact.outcome,
                "level": fact.level,
                "asked": fact.asked,
                "granted": fact.granted,
                "reasons": list(fact.reasons),
                "persons": list(fact.persons),
                "steps": list(fact.steps),
                "decided_at": at,
            }
            yield Put("decision", (number, fact.decision), columns, opens=True)
            yield Put("dossier", (number,), {"asked": fact.asked, "granted": fact.granted, "reserving": None})
        case e.GrantChanged():
            yield Put("dossier", (number,), {"granted": fact.granted})
        case e.InstalmentPlanned():
            columns = {"moment": fact.moment, "amount": fact.amount}
            yield Put("instalment", (number, fact.instalment), columns, opens=True)


def _payment(
    fact: e.PaymentInstructed | e.PaymentConfirmed | e.PaymentReturned, number: str, at: datetime
) -> Iterator[Put]:
    key = (fact.payment,)
    match fact:
        case e.PaymentInstructed():
            columns = fact.model_dump(exclude={"type", "payment"})
            state = {"dossier": number, "state": "instructed", "reference": None, "instructed_at": at, "ended_at": None}
            yield Put("payment", key, columns | state, opens=True)
        case e.PaymentConfirmed():
            yield Put("payment", key, {"state": "confirmed", "reference": fact.reference, "ended_at": at})
            yield Put("dossier", (number,), {"paid": fact.paid})
        case e.PaymentReturned():
            yield Put("payment", key, {"state": "returned", "reference": fact.reason, "ended_at": at})
            if fact.paid is not None:
                yield Put("dossier", (number,), {"paid": fact.paid})


Recovery = (
    e.RecoveryOrdered
    | e.RecoveryApproved
    | e.RecoveryPlanned
    | e.RecoveryReminded
    | e.RecoveryReceived
    | e.RecoverySettled
)


def _recovery(fact: Recovery, number: str, event: e.Placed) -> Iterator[Put]:
    key, at = (fact.recovery,), event.at
    match fact:
        case e.RecoveryOrdered():
            columns = {"amount": fact.amount, "reason": fact.reason, "dossier": number, "state": "ordered"}
            standing = {"received": Decimal(0), "proposed_by": event.by, "reminders": 0}
            yield Put("recovery", key, columns | standing | {"ordered_at": at, "ended_at": None}, opens=True)
        case e.RecoveryApproved():
            columns = {"approved_by": fact.person, "communication": fact.communication, "until": fact.until}
            yield Put("recovery", key, columns | {"state": "approved"})
        case e.RecoveryPlanned():
            parts = [part.model_dump(mode="json") for part in fact.parts]
            yield Put("recovery", key, {"plan": parts, "until": fact.parts[-1].until})
        case e.RecoveryReminded():
            yield Put("recovery", key, {"reminders": fact.times})
        case e.RecoveryReceived():
            yield Put("recovery", key, {"received": fact.received})
            yield Put("dossier", (number,), {"recovered": fact.recovered})
        case e.RecoverySettled():
            yield Put("recovery", key, {"state": fact.outcome, "ended_at": at})
            yield Put("dossier", (number,), {"recovered": fact.recovered})
