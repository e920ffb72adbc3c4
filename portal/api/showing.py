"""From what the house reads to what the API shows."""

from collections.abc import Iterator
from typing import Any

from models.messages.words import Fund, Instrument, Kind, Outcome, Party, Role
from portal.api import shapes
from portal.api.clients import Client
from portal.api.scopes import Scope
from reading.dossiers import Standing
from reading.outside import Happened, Paid, Paper, Received
from reading.waiting import Waiting
from reading.worklist import WaitingTask

PERSONS = ("person", "persons", "on_behalf_of", "excluded")
"""Fields of events that name members of staff, by opaque ids."""
_SPEAKERS = {actor.value: actor for actor in shapes.Actor} | {"system": shapes.Actor.HOUSE}


def dossier(standing: Standing) -> shapes.Dossier:
    """Where a dossier stands."""
    closed = standing.outcome is not None
    awaited = None
    if standing.waiting_on is not None and not closed:
        awaited = shapes.Awaited(
            on=standing.waiting_on,
            reason=standing.waiting_for,
            since=standing.waiting_since,
            until=standing.waiting_until,
            otherwise=standing.otherwise,
        )
    return shapes.Dossier(
        number=standing.number,
        fund=Fund(standing.fund),
        kind=Kind(standing.kind),
        instrument=Instrument(standing.instrument),
        state=shapes.State.CLOSED if closed else shapes.State.OPEN,
        version=standing.sequence,
        parent=standing.parent,
        received_at=standing.received_at,
        phase=standing.phase or None,
        policy=standing.policy,
        waiting=awaited,
        asked=standing.asked,
        granted=standing.granted,
        paid=standing.paid,
        recovered=standing.recovered,
        outcome=Outcome(standing.outcome) if standing.outcome is not None else None,
        outcome_reason=standing.reason,
        closed_at=standing.closed_at,
        rehearsal=standing.rehearsed,
    )


def receipt(received: Received) -> shapes.Dossier:
    """An application whose dossier did not open yet."""
    return shapes.Dossier(
        number=received.number,
        fund=Fund(received.fund),
        kind=Kind(received.kind),
        instrument=Instrument(received.instrument),
        state=shapes.State.RECEIVED,
        version=0,
        received_at=received.received_at,
    )


def waiting(found: Waiting) -> shapes.Waiting:
    """What a dossier waits for; who has a task in hand is the work list's."""
    told = [shapes.Wait(**wait.model_dump(include=set(shapes.Wait.model_fields))) for wait in found.waits]
    return shapes.Waiting(number=found.number, waits=told)


def entry(happened: Happened, client: Client) -> shapes.Entry:
    """What happened; who did it only as a sort of somebody, unless the client may see people."""
    people = client.may(Scope.PEOPLE_READ)
    return shapes.Entry(
        sequence=happened.sequence,
        at=happened.at,
        type=happened.type,
        by=_speaker(happened.by),
        person=happened.by if people else None,
        data=happened.data if people else dict(_without_people(happened.data)),
    )


def document(paper: Paper, client: Client) -> shapes.Document:
    """A document; the name of a file may name a person."""
    name = paper.name if client.may(Scope.PEOPLE_READ) else None
    return shapes.Document(code=paper.code, party=Party(paper.party), received_at=paper.received_at, file_name=name)


def payment(paid: Paid) -> shapes.Payment:
    """A payment."""
    return shapes.Payment.model_validate(paid.model_dump())


def task(waits: WaitingTask, client: Client) -> shapes.Task:
    """A line of the work list."""
    return shapes.Task(
        task=waits.task,
        dossier=waits.dossier,
        fund=Fund(waits.fund),
        kind=Kind(waits.kind),
        step=waits.step,
        role=Role(waits.role),
        due=waits.due,
        derivation=waits.derivation,
        outcomes=waits.outcomes,
        amount=waits.amount,
        advice=waits.advice,
        in_hand=waits.holder is not None,
        holder=waits.holder if client.may(Scope.PEOPLE_READ) else None,
    )


def _speaker(by: str) -> shapes.Actor:
    """A sort of somebody from the opaque id in an event: staff have one of a fund, systems one of ours."""
    if by in _SPEAKERS:
        return _SPEAKERS[by]
    if by.startswith("api-"):
        return shapes.Actor.SYSTEM
    if by.partition("-")[0] in set(Fund):
        return shapes.Actor.STAFF
    return shapes.Actor.APPLICANT if by.startswith("employer-") else shapes.Actor.OTHER


def _without_people(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in data.items() if name not in PERSONS)
