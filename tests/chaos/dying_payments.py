"""A payment run that dies at every boundary of its path, the bank that takes its files meanwhile, and who looks there.

Every transaction, every operation on a file and every call that Temporal makes is a boundary: before it and after it
whoever works may die. What died is tried again as Temporal does, and an outcome that nobody knows is settled by a
person who looks into the books of the bank.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar
from unittest.mock import patch

from lxml import etree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import database
from treasury import collecting, handing_over, runs, sealing, settling, signing

ROOMS = (collecting, runs, signing, sealing, handing_over, settling)
Answer = TypeVar("Answer")


class Crash(Exception):
    """Whoever worked is gone."""


@dataclass
class Bank:
    """Takes files whole, books every line of them, and refuses a file it had before."""

    folder: Path
    taken: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    """By MsgId: what each line pays."""
    refused: list[str] = field(default_factory=list)

    def look(self) -> None:
        """Take what lies there."""
        for file in sorted(self.folder.glob("*.xml")):
            tree = etree.fromstring(file.read_bytes())
            (message,) = _texts(tree, "MsgId")
            lines = dict(zip(_texts(tree, "EndToEndId"), map(Decimal, _texts(tree, "InstdAmt")), strict=True))
            if message in self.taken:
                self.refused.append(message)
            else:
                self.taken[message] = lines
            file.unlink()

    def booked(self, line: str) -> bool:
        """Whether a line stands in the books."""
        return any(line in lines for lines in self.taken.values())


@dataclass
class Faults:
    """Decides where somebody dies, and when the bank looks; counts both, so that no boundary stays untried."""

    chance: random.Random
    bank: Bank
    died: Counter[str]
    meanwhile: Callable[[str], Awaitable[None]]
    """What somebody else does just before a room commits."""
    often: float = 0.08
    never: bool = False

    def boundary(self, name: str) -> None:
        """Pass it, or not."""
        if self.chance.random() < 0.1:
            self.bank.look()
        if not self.never and self.chance.random() < self.often:
            self.died[name] += 1
            raise Crash(name)

    async def call(self, name: str, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """As Temporal calls an activity: until it was answered, and the answer may be lost."""
        while True:
            try:
                self.boundary(f"{name}: before the call")
                answer = await work()
                self.boundary(f"{name}: before the answer")
            except (Crash, OSError):
                continue
            return answer

    def around(self, name: str, work: Callable[..., Answer]) -> Callable[..., Answer]:
        """An operation on a file with a boundary on both sides."""

        def tried(*told: Any) -> Answer:
            self.boundary(f"{name}: before")
            if not self.never and self.chance.random() < 0.05:
                raise OSError(f"{name}: the disk is full")
            answer = work(*told)
            self.boundary(f"{name}: after")
            return answer

        return tried

    def transactions(self, room: str) -> Callable[[AsyncEngine], Any]:
        """Transactions of a room, with boundaries before they begin, before they commit and after."""

        @asynccontextmanager
        async def dying(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
            self.boundary(f"{room}: before begin")
            async with database.transaction(engine) as connection:
                yield connection
                await self.meanwhile(room)
                self.boundary(f"{room}: before commit")
            self.boundary(f"{room}: after commit")

        return dying

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """Let the rooms of the treasury die for as long as the block lasts."""
        written = {name: self.around(name, getattr(os, name)) for name in ("fsync", "replace", "open")}
        system = SimpleNamespace(**written, close=os.close, O_RDONLY=os.O_RDONLY)
        patches: list[Any] = [patch.object(room, "transaction", self.transactions(room.__name__)) for room in ROOMS]
        patches.append(patch.object(handing_over, "os", system))
        for one in patches:
            one.start()
        try:
            yield
        finally:
            for one in patches:
                one.stop()


def _texts(tree: etree._Element, name: str) -> list[str]:
    return [found.text or "" for found in tree.iter(f"{{*}}{name}")]


def boundaries() -> set[str]:
    """Every boundary there is on the way from what is due to the bank's word."""
    rooms = {
        f"{room.__name__}: {moment}" for room in ROOMS for moment in ("before begin", "before commit", "after commit")
    }
    files = {f"{name}: {moment}" for name in ("fsync", "replace", "open") for moment in ("before", "after")}
    calls = {f"{name}: {moment}" for name in CALLS for moment in ("before the call", "before the answer")}
    return rooms | files | calls


CALLS = ("collect", "change", "discard", "sign", "seal", "hand over", "settle hand-over", "give up", "settle line")
