"""A meeting of a board: planning it, casting votes, and writing down what both benches decided."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from database import glance, transaction
from models.errors import Refusal
from models.messages.words import Fund
from models.tables import Meeting as MeetingRow
from models.tables import MeetingItem, Vote
from portal.board.counting import Counted, counted
from reading import meetings as reading
from schemes.votes import Bench, Choice, speaker
from starter import Starter

FOLLOWS_WITHIN, LOOK_AGAIN = 10.0, 0.1
"""Seconds: how long the second bench's task may take to come up, and how often is looked."""


class Meetings:
    """The meetings of the boards. Needs the database; what a board decided is told to the dossier by `starter`."""

    def __init__(self, engine: AsyncEngine, starter: Starter) -> None:
        self._engine = engine
        self._starter = starter

    async def plan(self, fund: Fund, day: date, by: str, *, place: str = "", remark: str = "") -> str:
        """Plan a meeting of the board of a fund on a local day; returns its name.

        Raises:
            Refusal: the board meets that day already.
        """
        name = f"{fund}-{day.isoformat()}"
        row = {"meeting": name, "fund": fund, "day": day, "place": place, "remark": remark, "planned_by": by}
        planned = upsert(MeetingRow).values(state="planned", minutes="", **row).on_conflict_do_nothing()
        async with transaction(self._engine) as connection:
            if not (await connection.execute(planned.returning(col(MeetingRow.meeting)))).all():
                raise Refusal(
                    "MeetingPlanned", f"Op {day:%d/%m/%Y} vergadert het bestuur al. Zet het dossier op die agenda."
                )
        return name

    async def put_on(self, name: str, dossiers: Iterable[str]) -> int:
        """Put dossiers on the agenda; one that stands on it stays where it is. Returns how many were added.

        Raises:
            Refusal: the meeting is over, or the board has nothing to decide on a dossier.
        """
        async with transaction(self._engine) as connection:
            meeting = await _locked(connection, name)
            _not_over(meeting)
            waiting = {task.dossier for task in await reading.board_tasks(connection, Fund(meeting.fund))}
            last = await connection.scalar(
                select(func.max(col(MeetingItem.place))).where(col(MeetingItem.meeting) == name)
            )
            rows = []
            for place, dossier in enumerate(dossiers, start=(last or 0) + 1):
                if dossier not in waiting:
                    raise Refusal("NothingToDecide", f"Over dossier {dossier} heeft het bestuur niets te beslissen.")
                item: dict[str, Any] = {"meeting": name, "dossier": dossier, "place": place, "state": "open"}
                rows.append(item | {"reasons": [], "members": [], "spoke": []})
            if not rows:
                return 0
            added = upsert(MeetingItem).values(rows).on_conflict_do_nothing().returning(col(MeetingItem.dossier))
            return len((await connection.execute(added)).all())

    async def open(self, name: str, chair: str) -> None:
        """Begin: from here on members vote. The chair is a member of the board.

        Raises:
            Refusal: it began already, nothing is on the agenda, or the chair does not sit on the board.
        """
        async with transaction(self._engine) as connection:
            meeting = await _locked(connection, name)
            if meeting.state != "planned":
                raise Refusal("MeetingBegun", "Deze vergadering is al begonnen.")
            if chair not in {member.person for member in await reading.members(connection, Fund(meeting.fund))}:
                raise Refusal("NoMember", "Kies als voorzitter iemand van het bestuursorgaan.")
            if not await reading.items(connection, name):
                raise Refusal("EmptyAgenda", "Er staat niets op de agenda. Zet er eerst een dossier op.")
            begun = update(MeetingRow).where(col(MeetingRow.meeting) == name)
            await connection.execute(begun.values(state="open", chair=chair, opened_at=datetime.now(UTC)))

    async def vote(self, name: str, dossier: str, person: str, choice: Choice) -> None:
        """Cast a vote, or another one while the item is open; every vote stays in the history.

        Raises:
            Refusal: the meeting is not open, the item is closed, or this person may not vote on it.
        """
        async with transaction(self._engine) as connection:
            meeting, item = await _open_item(connection, name, dossier)
            if item.result is not None:
                raise Refusal("ItemClosed", "De stemming over dit dossier is gesloten.")
            tasks = await reading.board_tasks(connection, Fund(meeting.fund), dossier)
            members = await reading.members(connection, Fund(meeting.fund))
            seat = next((member for member in members if member.person == person), None)
            if seat is None:
                raise Refusal("NoMember", "U maakt geen deel uit van het bestuursorgaan van dit fonds.")
            if seat.bench is None:
                raise Refusal(
                    "NoBench", "Er staat niet bij u in welke bank u zetelt. Vraag het de beheerder van uw fonds."
                )
            if any(person in task.excluded for task in tasks):
                raise Refusal("FourEyes", "Vier ogen: u nam al een eerdere stap in dit dossier en stemt er niet over.")
            cast = {"meeting": name, "dossier": dossier, "person": person, "bench": seat.bench, "choice": choice}
            await connection.execute(insert(Vote).values(at=datetime.now(UTC), **cast))

    async def decide(self, name: str, dossier: str, by: str, reasons: tuple[str, ...] = ()) -> Counted:
        """Close an item: count the votes, and when both benches have decided tell it to the dossier.

        One member of each bench who voted so writes the outcome down. Asking again after an interruption goes on where
        it stopped.

        Raises:
            Refusal: there is no reason for a refusal, nobody of a bench may write it down, or the dossier says no.
        """
        async with transaction(self._engine) as connection:
            meeting, item = await _open_item(connection, name, dossier)
            told = await _count(connection, meeting, dossier)
            if item.result is not None:
                told = told.model_copy(update={"result": item.result})
            _check(told, reasons or tuple(item.reasons))
            entitled = [f"{bench}:{person}" for bench, persons in told.members.items() for person in persons]
            closing: dict[str, Any] = {
                "result": told.result,
                "reasons": list(reasons or item.reasons),
                "members": entitled,
            }
            if told.result == "adjourned":
                closing |= {"state": "adjourned", "closed_by": by, "closed_at": datetime.now(UTC)}
            await connection.execute(_of(name, dossier).values(**closing))
        if told.result != "adjourned":
            await self._tell(name, dossier, told, by, tuple(closing["reasons"]))
        return told

    async def close(self, name: str, minutes: str = "") -> None:
        """End the meeting. What was not voted on comes back; `minutes` tells where the signed minutes are kept.

        Raises:
            Refusal: it is not open, or an item was closed halfway.
        """
        async with transaction(self._engine) as connection:
            meeting = await _locked(connection, name)
            if meeting.state != "open":
                raise Refusal("MeetingNotOpen", "Deze vergadering is niet aan de gang.")
            halfway = [item for item in await reading.items(connection, name) if item.state == "open" and item.result]
            if halfway:
                raise Refusal("Halfway", f"De uitkomst van {halfway[0].dossier} is nog niet volledig genoteerd.")
            now = datetime.now(UTC)
            left = update(MeetingItem).where(col(MeetingItem.meeting) == name, col(MeetingItem.state) == "open")
            await connection.execute(left.values(state="adjourned", result="adjourned", closed_at=now))
            ended = update(MeetingRow).where(col(MeetingRow.meeting) == name)
            await connection.execute(ended.values(state="closed", closed_at=now, minutes=minutes))

    async def _tell(self, name: str, dossier: str, told: Counted, by: str, reasons: tuple[str, ...]) -> None:
        """Each bench in turn; the unions' task comes up once the employers approved."""
        spoke: list[str] = []
        for one in told.tallies:
            task = await self._task(told.fund, dossier, one.bench)
            person = speaker(one.bench, one.mind, told.ballots, task.excluded)
            if person is None:
                raise Refusal("NobodyLeft", _nobody(one.bench))
            given = reasons if one.mind == "refuse" else ()
            try:
                await self._starter.complete(task.task, person, str(one.mind), reasons=given)
            except Refusal:
                await self._reopen(name, dossier)
                raise
            spoke.append(person)
            if one.mind == "refuse":
                break
        done = {"state": "decided", "spoke": spoke, "closed_by": by, "closed_at": datetime.now(UTC)}
        async with transaction(self._engine) as connection:
            await connection.execute(_of(name, dossier).values(**done))

    async def _task(self, fund: Fund, dossier: str, bench: Bench) -> reading.BoardTask:
        waited = 0.0
        while waited < FOLLOWS_WITHIN:
            async with glance(self._engine) as connection:
                for task in await reading.board_tasks(connection, fund, dossier):
                    if task.step == f"board_{bench}":
                        return task
            await asyncio.sleep(LOOK_AGAIN)
            waited += LOOK_AGAIN
        raise Refusal(
            "BenchNotAsked", "De uitkomst van de eerste bank is genoteerd; die van de tweede volgt zo. Druk nog eens."
        )

    async def _reopen(self, name: str, dossier: str) -> None:
        async with transaction(self._engine) as connection:
            await connection.execute(_of(name, dossier).values(result=None, reasons=[]))


def _of(name: str, dossier: str) -> Any:
    return update(MeetingItem).where(col(MeetingItem.meeting) == name, col(MeetingItem.dossier) == dossier)


async def _locked(connection: AsyncConnection, name: str) -> Any:
    found = await connection.execute(select(MeetingRow).where(col(MeetingRow.meeting) == name).with_for_update())
    meeting = found.one_or_none()
    if meeting is None:
        raise Refusal("UnknownMeeting", "Deze vergadering is er niet.")
    return meeting


async def _open_item(connection: AsyncConnection, name: str, dossier: str) -> tuple[Any, Any]:
    meeting = await _locked(connection, name)
    if meeting.state != "open":
        raise Refusal("MeetingNotOpen", "Deze vergadering is niet aan de gang: er wordt niet gestemd.")
    wanted = select(MeetingItem).where(col(MeetingItem.meeting) == name, col(MeetingItem.dossier) == dossier)
    item = (await connection.execute(wanted.with_for_update())).one_or_none()
    if item is None or item.state != "open":
        raise Refusal("ItemClosed", "De stemming over dit dossier is gesloten.")
    return meeting, item


async def _count(connection: AsyncConnection, meeting: Any, dossier: str) -> Counted:
    fund = Fund(meeting.fund)
    tasks = await reading.board_tasks(connection, fund, dossier)
    if not tasks:
        raise Refusal(
            "DecidedElsewhere", f"Over dossier {dossier} heeft het bestuur niets meer te beslissen: bekijk het dossier."
        )
    seats = await reading.members(connection, fund)
    return counted(fund, tasks[0], seats, await reading.votes(connection, meeting.meeting))


def _check(told: Counted, reasons: tuple[str, ...]) -> None:
    """Both benches can speak before the first of them does."""
    if told.result == "adjourned":
        return
    if told.result == "refuse" and not reasons:
        raise Refusal("ReasonMissing", "Kies een reden: het bestuur weigert.")
    for one in told.tallies:
        if speaker(one.bench, one.mind, told.ballots, told.excluded) is None:
            raise Refusal("NobodyLeft", _nobody(one.bench))


def _not_over(meeting: Any) -> None:
    if meeting.state == "closed":
        raise Refusal("MeetingOver", "Deze vergadering is afgesloten.")


def _nobody(bench: Bench) -> str:
    of_bench = {Bench.EMPLOYERS: "werkgeversbank", Bench.UNIONS: "werknemersbank"}[bench]
    return (
        f"Vier ogen: niemand van de {of_bench} die zo stemde kan de uitkomst noteren, want ieder van hen nam al een "
        "eerdere stap in dit dossier. Laat een ander lid van deze bank stemmen."
    )
