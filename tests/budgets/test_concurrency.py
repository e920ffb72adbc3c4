"""Many transactions at once never overspend: what they leave is what some order of them leaves in a plain model.

A round lets several dossiers and acts go at the same moment, each in a transaction of its own that keeps its locks for
a while. After it the database must stand where the model stands after one of the possible orders, refusals included; no
transaction may die of a deadlock.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

import asyncpg
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from activities.dossiers import Dossiers
from models.messages import events as e
from models.messages.words import Instrument
from tests.budgets.conftest import RECEIVED, Told

RUNS_OF_THE_TEST, ROUNDS, AT_ONCE, DOSSIERS = 40, 8, 4, 8
LINGERS = 0.004
"""Seconds that a transaction keeps its locks before it commits, so that others meet them."""


@dataclass
class Box:
    """An envelope of the model."""

    budget: int
    closed: bool = False


@dataclass
class Held:
    """What a dossier of the model holds."""

    envelope: str
    state: str = "released"
    allowed: int = 0
    reserved: int = 0
    committed: int = 0
    paid: int = 0
    recovered: int = 0
    shares: dict[str, int] = field(default_factory=dict)
    """What it may use of each ceiling."""

    @property
    def holds(self) -> int:
        return (self.allowed if self.state == "waiting" else self.reserved + self.committed) - self.recovered


class Model:
    """The rules of the ledger in plain sums: dossiers are numbers in the order of receipt."""

    def __init__(self) -> None:
        self.boxes: dict[str, Box] = {}
        self.held: dict[int, Held] = {}
        self.limits: dict[str, int] = {}
        self.closed: set[int] = set()

    def room(self, name: str) -> int:
        mine = [held for held in self.held.values() if held.envelope == name]
        used = sum(held.reserved + held.committed - held.recovered for held in mine)
        return self.boxes[name].budget - used

    def act(self, operation: tuple[Any, ...]) -> bool:
        """Do it; False when the house says no."""
        verb, *rest = operation
        return getattr(self, verb)(*rest) is not False

    def ask(self, dossier: int, amount: int, purse: str, shares: tuple[str, ...]) -> None:
        held = self.held.get(dossier) or Held(purse)
        others = [other for number, other in self.held.items() if number != dossier]
        left = {
            bucket: self.limits[bucket]
            - sum(min(other.shares[bucket], other.holds) for other in others if bucket in other.shares)
            for bucket in shares
        }
        held.shares = {bucket: max(min(amount, room), 0) for bucket, room in left.items()}
        may = max(min([amount, *held.shares.values()]), held.committed)
        before = held.envelope
        if not held.committed:
            held.envelope = self.fits(purse)
            held.reserved = held.reserved if held.envelope == before else 0
        has, box = held.reserved + held.committed, self.boxes[held.envelope]
        if box.closed and has:
            may = min(may, has)
        held.allowed = may
        self.held[dossier] = held
        if may <= has:
            held.reserved, held.state = may - held.committed, "reserved"
        else:
            held.state = "waiting"
            ahead = any(
                other.state == "waiting" and other.envelope == held.envelope and number < dossier
                for number, other in self.held.items()
            )
            if not box.closed and not ahead and may - has <= self.room(held.envelope):
                held.reserved, held.state = may - held.committed, "reserved"
        self.serve(before)
        self.serve(held.envelope)

    def fits(self, purse: str) -> str:
        while self.boxes[purse].closed and (onward := _next(purse)) in self.boxes:
            purse = onward
        return purse

    def decide(self, dossier: int, granted: int) -> None:
        self._stand(dossier, granted)

    def close(self, dossier: int) -> None:
        self._stand(dossier, self.held[dossier].paid)
        self.closed.add(dossier)

    def _stand(self, dossier: int, committed: int) -> None:
        held = self.held[dossier]
        held.reserved, held.committed, held.allowed = 0, committed, committed
        held.state = "committed" if committed else "released"
        self.serve(held.envelope)

    def pay(self, dossier: int, paid: int) -> None:
        self.held[dossier].paid = paid

    def recover(self, dossier: int, recovered: int) -> None:
        self.held[dossier].recovered = recovered
        self.serve(self.held[dossier].envelope)

    def raised(self, name: str, amount: int) -> bool:
        if self.boxes[name].closed:
            return False
        self.boxes[name].budget += amount
        self.serve(name)
        return True

    def lowered(self, name: str, amount: int) -> bool:
        if self.boxes[name].closed or self.room(name) < amount:
            return False
        self.boxes[name].budget -= amount
        return True

    def shifted(self, name: str, amount: int, to: str) -> bool:
        return not self.boxes[to].closed and self.lowered(name, amount) and self.raised(to, amount)

    def year_closed(self, name: str) -> bool:
        if self.boxes[name].closed:
            return False
        self.boxes[name].closed = True
        onward = _next(name)
        for held in self.held.values():
            if held.envelope == name and held.state == "waiting":
                if held.reserved + held.committed:
                    held.state, held.allowed = "reserved", held.reserved + held.committed
                elif onward in self.boxes and not self.boxes[onward].closed:
                    held.envelope = onward
        self.serve(name)
        self.serve(onward)
        return True

    def opened(self, name: str, amount: int) -> bool:
        if name in self.boxes:
            return False
        self.boxes[name] = Box(amount)
        for held in self.held.values():
            before = self.boxes.get(held.envelope)
            if held.state == "waiting" and before and before.closed and _next(held.envelope) == name:
                held.envelope = name
        self.serve(name)
        return True

    def serve(self, name: str) -> None:
        box = self.boxes.get(name)
        if box is None:
            return
        if box.closed:
            box.budget -= max(self.room(name), 0)
            return
        for _, held in sorted(self.held.items()):
            if held.state == "waiting" and held.envelope == name:
                need = held.allowed - held.reserved - held.committed
                if need > self.room(name):
                    return
                held.state, held.reserved = "reserved", held.reserved + need

    def told(self) -> None:
        """Whether a dossier heard of its turn moves no money."""

    def stands(self) -> tuple[Any, ...]:
        return (
            {name: (box.closed, box.budget) for name, box in self.boxes.items()},
            {
                number: (
                    held.state,
                    held.envelope,
                    held.allowed,
                    held.reserved,
                    held.committed,
                    held.paid,
                    held.recovered,
                    held.shares,
                )
                for number, held in self.held.items()
            },
        )


def _next(name: str) -> str:
    fund, year, rest = name.split("/", 2)
    return f"{fund}/{int(year) + 1}/{rest}"


class Lingering:
    """A pool of connections whose transactions take their time before they commit."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        async with self._pool.acquire() as connection, connection.transaction():
            yield connection
            await asyncio.sleep(LINGERS)


class House:
    """The same operations on the real ledger, for envelopes of years of its own."""

    def __init__(self, pool: asyncpg.Pool, run: int) -> None:
        self.pool = Lingering(pool)
        self.year = 3000 + 10 * run
        self._run = run
        self._told = Told(Dossiers(self.pool))

    def number(self, dossier: int) -> str:
        return f"ANT-{self._run}-S-{dossier:06}"

    async def open_dossier(self, dossier: int, instrument: Instrument) -> None:
        await self._told.open(self.number(dossier), minutes=dossier, instrument=instrument)

    async def act(self, operation: tuple[Any, ...]) -> bool:
        verb, *rest = operation
        if verb == "told":
            await self._hear()
        elif verb == "ask":
            await self._ask(*rest)
        elif verb in ("decide", "pay", "recover", "close"):
            await getattr(self._told, verb)(self.number(rest[0]), *rest[1:])
        else:
            return await self._agree(verb, *rest)
        return True

    async def _ask(self, dossier: int, amount: int, purse: str, shares: tuple[tuple[str, int], ...]) -> None:
        caps = tuple(e.Cap(bucket=name, limit=Decimal(limit), amount=Decimal(amount)) for name, limit in shares)
        await self._told.ask(self.number(dossier), amount, year=int(purse.split("/")[1]), caps=caps)

    async def _agree(self, verb: str, name: str, amount: int | None = None, to: str | None = None) -> bool:
        sort = {"raised": "raise", "lowered": "lower", "shifted": "shift", "year_closed": "close", "opened": "open"}[
            verb
        ]
        try:
            async with self.pool.acquire() as connection:
                act = await connection.fetchval(
                    "INSERT INTO budget_act (fund, envelope, sort, amount, to_envelope, reason, proposed_by, "
                    "proposed_at, state) VALUES ('ANT', $1, $2, $3, $4, 'plan', 'a', $5, 'proposed') RETURNING act",
                    *(name, sort, amount, to, RECEIVED),
                )
                await connection.execute(
                    "UPDATE budget_act SET state = 'approved', decided_by = 'b', decided_at = $2 WHERE act = $1",
                    *(act, RECEIVED),
                )
        except (asyncpg.CheckViolationError, asyncpg.UniqueViolationError):
            return False
        return True

    async def _hear(self) -> None:
        async with self.pool.acquire() as connection:
            await connection.execute(
                "UPDATE holding SET told = true WHERE dossier = (SELECT dossier FROM holding WHERE NOT told "
                "ORDER BY dossier LIMIT 1 FOR UPDATE SKIP LOCKED)"
            )

    async def stands(self) -> tuple[Any, ...]:
        async with self.pool.acquire() as connection:
            boxes = await connection.fetch(
                "SELECT * FROM envelope WHERE year BETWEEN $1 AND $1 + 9 ORDER BY envelope", self.year
            )
            held = await connection.fetch("SELECT * FROM holding WHERE dossier LIKE $1", f"ANT-{self._run}-%")
            caps = await connection.fetch("SELECT * FROM holding_cap WHERE dossier LIKE $1", f"ANT-{self._run}-%")
        shares: dict[str, dict[str, int]] = {row["dossier"]: {} for row in held}
        for row in caps:
            shares[row["dossier"]][row["bucket"]] = int(row["allowed"])
        amounts = ("allowed", "reserved", "committed", "paid", "recovered")
        return (
            {row["envelope"]: (row["state"] == "closed", int(row["budget"])) for row in boxes},
            {
                int(row["dossier"][-6:]): (
                    *(row["state"], row["envelope"], *(int(row[name]) for name in amounts)),
                    shares[row["dossier"]],
                )
                for row in held
            },
        )


class Chance:
    """Draws what may happen next, and what is possible as the model stands."""

    def __init__(self, random: Random, model: Model, year: int) -> None:
        self._random, self.model = random, model
        self.purses = [f"ANT/{year}/{instrument}/111" for instrument in ("formal_training", "informal_training")]
        self.buckets = [f"{year}/{letter}" for letter in "abc"]

    def round(self) -> list[tuple[Any, ...]]:
        dossiers = self._random.sample(range(DOSSIERS), AT_ONCE)
        operations = [self._of_dossier(dossier) for dossier in dossiers]
        for _ in range(self._random.choice((0, 0, 1, 2))):
            operations[self._random.randrange(AT_ONCE)] = self._of_envelope()
        return operations

    def _amount(self, most: int) -> int:
        return self._random.randint(0, most)

    def _of_dossier(self, dossier: int) -> tuple[Any, ...]:
        held = self.model.held.get(dossier)
        if dossier in self.model.closed:
            return ("told",)
        choices: list[tuple[Any, ...]] = [self._ask(dossier)] * 2
        if held and held.state == "reserved":
            choices += [("decide", dossier, self._amount(held.allowed)) if not held.paid else ("close", dossier)] * 3
        if held and held.state == "waiting":
            choices += [("close", dossier)]
        if held and held.committed > held.paid:
            choices += [("pay", dossier, held.paid + 1 + self._amount(held.committed - held.paid - 1))] * 2
        if held and held.paid > held.recovered:
            choices += [("recover", dossier, held.recovered + 1 + self._amount(held.paid - held.recovered - 1))]
        if held and held.state == "committed":
            choices += [("close", dossier), ("decide", dossier, held.paid + self._amount(held.committed - held.paid))]
        return self._random.choice(choices)

    def _ask(self, dossier: int) -> tuple[Any, ...]:
        shares = self._random.sample(self.buckets, self._random.choice((0, 1, 1, 2)))
        return ("ask", dossier, 1 + self._amount(59), self.purses[dossier % 2], tuple(shares))

    def _of_envelope(self) -> tuple[Any, ...]:
        one, other = self._random.sample(self.purses, 2)
        onward = _next(one)
        if onward in self.model.boxes and self._random.random() < 0.5:
            one, other = onward, _next(other)
        kinds = ("raised", "lowered", "lowered", "shifted", "shifted", "year_closed", "opened")
        verb = self._random.choice(kinds)
        if verb == "shifted" and other not in self.model.boxes:
            verb = "raised"
        if verb == "opened":
            return ("opened", onward, 1 + self._amount(99))
        amount = () if verb == "year_closed" else (1 + self._amount(49),)
        return (verb, one, *amount, *((other,) if verb == "shifted" else ()))


@pytest.fixture(scope="module")
async def pool(new_database: Any) -> AsyncIterator[asyncpg.Pool]:
    size = {"min_size": AT_ONCE, "max_size": AT_ONCE}
    async with new_database() as urls, asyncpg.create_pool(urls.app.replace("+asyncpg", ""), **size) as made:
        yield made


RUNS = itertools.count(1)


@settings(max_examples=RUNS_OF_THE_TEST, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 2**32))
async def test_what_happens_at_once_is_what_some_order_leaves(pool: asyncpg.Pool, seed: int) -> None:
    """Nothing is shrunk: which order the database chose is not in the seed, and another run may choose another."""
    run, random = next(RUNS), Random(seed)
    house, model = House(pool, run), Model()
    chance = Chance(random, model, house.year)
    model.limits = {bucket: random.randint(20, 120) for bucket in chance.buckets}
    for place in range(DOSSIERS):
        instrument = (Instrument.FORMAL_TRAINING, Instrument.INFORMAL_TRAINING)[place % 2]
        await house.open_dossier(place, instrument)
    for purse in chance.purses:
        opening = ("opened", purse, random.randint(30, 150))
        assert await house.act(opening)
        assert model.act(opening)

    for _ in range(ROUNDS):
        chance.model = model
        operations = chance.round()
        done = await asyncio.gather(*(house.act(_with_limits(one, model)) for one in operations))
        stands = await house.stands()

        found = next((after for after in _orders(model, operations, done) if after.stands() == stands), None)

        assert found is not None, f"no order of {operations} (done: {done}) leaves {stands} from {model.stands()}"
        assert all(found.room(name) >= 0 for name in found.boxes)
        model = found


def _with_limits(operation: tuple[Any, ...], model: Model) -> tuple[Any, ...]:
    if operation[0] != "ask":
        return operation
    *rest, shares = operation
    return (*rest, tuple((bucket, model.limits[bucket]) for bucket in shares))


def _orders(model: Model, operations: list[tuple[Any, ...]], done: list[bool]) -> Iterator[Model]:
    """The model after every order of these operations in which the same ones are refused."""
    for order in itertools.permutations(range(len(operations))):
        after = deepcopy(model)
        if all(after.act(operations[place]) == done[place] for place in order):
            yield after
