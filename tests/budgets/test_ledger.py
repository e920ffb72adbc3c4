"""The database keeps the ledger: what a dossier says moves the room of its envelope in the same transaction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from models.messages import events as e
from models.messages.words import Instrument, Outcome
from verification import rebuild

PURSE = "ANT/2026/formal_training/111"
NEXT = "ANT/2027/formal_training/111"
ONE, TWO, THREE, FOUR = (f"ANT-2026-S-00000{place}" for place in (1, 2, 3, 4))

HELD = """
SELECT dossier, state, reason, trim_scale(allowed) || ' ' || trim_scale(reserved) || ' ' || trim_scale(committed) || ' '
    || trim_scale(paid) || ' ' || trim_scale(recovered) AS amounts FROM holding ORDER BY dossier
"""
STANDS = """
SELECT envelope, state, trim_scale(budget) || ' ' || trim_scale(reserved) || ' ' || trim_scale(committed) || ' '
    || trim_scale(paid) || ' ' || trim_scale(recovered) AS amounts FROM envelope ORDER BY envelope
"""
SUMS = """
WITH entries AS (
    SELECT envelope, coalesce(sum(amount) FILTER (WHERE sort IN ('reservation', 'release')), 0) AS reserved,
        coalesce(sum(amount) FILTER (WHERE sort = 'commitment'), 0) AS committed,
        coalesce(sum(amount) FILTER (WHERE sort = 'payment'), 0) AS paid,
        coalesce(sum(amount) FILTER (WHERE sort = 'recovery'), 0) AS recovered
    FROM envelope LEFT JOIN ledger_entry USING (envelope) GROUP BY envelope
), holdings AS (
    SELECT envelope.envelope, coalesce(sum(held.reserved), 0) AS reserved,
        coalesce(sum(held.committed), 0) AS committed, coalesce(sum(held.paid), 0) AS paid,
        coalesce(sum(held.recovered), 0) AS recovered
    FROM envelope LEFT JOIN holding AS held USING (envelope) GROUP BY envelope.envelope
)
SELECT envelope FROM envelope JOIN entries AS e USING (envelope) JOIN holdings AS h USING (envelope)
WHERE (envelope.reserved, envelope.committed, envelope.paid, envelope.recovered)
    IS DISTINCT FROM (e.reserved, e.committed, e.paid, e.recovered)
    OR (envelope.reserved, envelope.committed, envelope.paid, envelope.recovered)
    IS DISTINCT FROM (h.reserved, h.committed, h.paid, h.recovered)
"""
"""Envelopes of which the sums of moves or of holdings are not what they say."""

Step = tuple[Any, ...]
OPEN = ("open", 1000)
STORIES: dict[str, tuple[list[Step], dict[str, str], dict[str, str]]] = {
    # allowed reserved committed paid recovered; of an envelope budget reserved committed paid recovered
    "room is reserved when it is asked": (
        [OPEN, ("ask", ONE, 600)],
        {ONE: "reserved 600 600 0 0 0"},
        {PURSE: "open 1000 600 0 0 0"},
    ),
    "a decision takes what it grants and lets the rest go": (
        [OPEN, ("ask", ONE, 600), ("decide", ONE, 450)],
        {ONE: "committed 450 0 450 0 0"},
        {PURSE: "open 1000 0 450 0 0"},
    ),
    "a refusal lets all of it go at once, long before the dossier closes": (
        [OPEN, ("ask", ONE, 600), ("decide", ONE, 0)],
        {ONE: "released 0 0 0 0 0"},
        {PURSE: "open 1000 0 0 0 0"},
    ),
    "a grant that is lowered gives room back": (
        [OPEN, ("ask", ONE, 600), ("decide", ONE, 600), ("change", ONE, 500)],
        {ONE: "committed 500 0 500 0 0"},
        {PURSE: "open 1000 0 500 0 0"},
    ),
    "what is paid stays part of what is committed": (
        [OPEN, ("ask", ONE, 600), ("decide", ONE, 600), ("pay", ONE, 400)],
        {ONE: "committed 600 0 600 400 0"},
        {PURSE: "open 1000 0 600 400 0"},
    ),
    "what comes back is room again": (
        [OPEN, ("ask", ONE, 1000), ("decide", ONE, 1000), ("pay", ONE, 1000), ("recover", ONE, 300), ("ask", TWO, 300)],
        {ONE: "committed 1000 0 1000 1000 300", TWO: "reserved 300 300 0 0 0"},
        {PURSE: "open 1000 300 1000 1000 300"},
    ),
    "closing keeps what was paid": (
        [OPEN, ("ask", ONE, 600), ("decide", ONE, 600), ("pay", ONE, 400), ("close", ONE)],
        {ONE: "committed 400 0 400 400 0"},
        {PURSE: "open 1000 0 400 400 0"},
    ),
    "a dossier that closes undecided lets go": (
        [OPEN, ("ask", ONE, 600), ("close", ONE, Outcome.WITHDRAWN)],
        {ONE: "released 0 0 0 0 0"},
        {PURSE: "open 1000 0 0 0 0"},
    ),
    "an objection that is followed asks again": (
        [OPEN, ("ask", ONE, 600), ("decide", ONE, 0), ("ask", ONE, 600), ("decide", ONE, 550)],
        {ONE: "committed 550 0 550 0 0"},
        {PURSE: "open 1000 0 550 0 0"},
    ),
    "a raise asks the whole and reserves the difference": (
        [OPEN, ("ask", ONE, 600), ("decide", ONE, 600), ("ask", ONE, 750)],
        {ONE: "reserved 750 150 600 0 0"},
        {PURSE: "open 1000 150 600 0 0"},
    ),
    "a raise that is granted is committed": (
        [OPEN, ("ask", ONE, 600), ("decide", ONE, 600), ("ask", ONE, 750), ("change", ONE, 700)],
        {ONE: "committed 700 0 700 0 0"},
        {PURSE: "open 1000 0 700 0 0"},
    ),
    "a payment meanwhile leaves the question as it stands": (
        [OPEN, ("ask", ONE, 600), ("decide", ONE, 600), ("ask", ONE, 750), ("pay", ONE, 600)],
        {ONE: "reserved 750 150 600 600 0"},
        {PURSE: "open 1000 150 600 600 0"},
    ),
    "asking less lets the difference go, and who waited gets it": (
        [OPEN, ("ask", ONE, 900), ("ask", TWO, 400), ("ask", ONE, 500)],
        {ONE: "reserved 500 500 0 0 0", TWO: "reserved 400 400 0 0 0"},
        {PURSE: "open 1000 900 0 0 0"},
    ),
    "who comes later waits behind who waits, even for an amount that would fit": (
        [OPEN, ("ask", ONE, 900), ("ask", TWO, 400), ("ask", THREE, 50)],
        {ONE: "reserved 900 900 0 0 0", TWO: "waiting 400 0 0 0 0 short", THREE: "waiting 50 0 0 0 0 short"},
        {PURSE: "open 1000 900 0 0 0"},
    ),
    "who was received first stands first, whenever it asks": (
        [OPEN, ("ask", TWO, 900), ("ask", FOUR, 400), ("ask", THREE, 400), ("ask", ONE, 50), ("decide", TWO, 500)],
        {
            ONE: "reserved 50 50 0 0 0",
            TWO: "committed 500 0 500 0 0",
            THREE: "reserved 400 400 0 0 0",
            FOUR: "waiting 400 0 0 0 0 short",
        },
        {PURSE: "open 1000 450 500 0 0"},
    ),
    "the line moves on when who stands first goes away": (
        [OPEN, ("ask", ONE, 900), ("ask", TWO, 400), ("ask", THREE, 100), ("close", TWO, Outcome.WITHDRAWN)],
        {ONE: "reserved 900 900 0 0 0", TWO: "released 0 0 0 0 0", THREE: "reserved 100 100 0 0 0"},
        {PURSE: "open 1000 1000 0 0 0"},
    ),
    "more is asked while others wait: what it has it keeps": (
        [OPEN, ("ask", ONE, 600), ("ask", TWO, 500), ("ask", ONE, 1000)],
        {ONE: "reserved 1000 1000 0 0 0", TWO: "waiting 500 0 0 0 0 short"},
        {PURSE: "open 1000 1000 0 0 0"},
    ),
    "who was received later waits for its raise behind the others": (
        [OPEN, ("ask", TWO, 600), ("ask", ONE, 500), ("ask", TWO, 700)],
        {ONE: "waiting 500 0 0 0 0 short", TWO: "waiting 700 600 0 0 0 short"},
        {PURSE: "open 1000 600 0 0 0"},
    ),
    "a budget that is raised serves the line": (
        [OPEN, ("ask", ONE, 900), ("ask", TWO, 400), ("ask", THREE, 200), ("raise", 350)],
        {ONE: "reserved 900 900 0 0 0", TWO: "reserved 400 400 0 0 0", THREE: "waiting 200 0 0 0 0 short"},
        {PURSE: "open 1350 1300 0 0 0"},
    ),
    "a fund without any envelope keeps no line": (
        [("ask", ONE, 600), ("decide", ONE, 600), ("pay", ONE, 600)],
        {ONE: "committed 600 0 600 600 0"},
        {},
    ),
    "a fund without an envelope for this waits until there is one": (
        [("open", 1000, "ANT/2026/career_account/*"), ("ask", ONE, 600), ("ask", TWO, 600)],
        {ONE: "waiting 600 0 0 0 0 no_envelope", TWO: "waiting 600 0 0 0 0 no_envelope"},
        {"ANT/2026/career_account/*": "open 1000 0 0 0 0"},
    ),
    "an envelope that is opened takes who waited for it in": (
        [("open", 9, "ANT/2026/career_account/*"), ("ask", ONE, 600), ("ask", TWO, 600), ("open", 700, "ANT/2026/*/*")],
        {ONE: "reserved 600 600 0 0 0", TWO: "waiting 600 0 0 0 0 short"},
        {"ANT/2026/*/*": "open 700 600 0 0 0", "ANT/2026/career_account/*": "open 9 0 0 0 0"},
    ),
    "the most specific envelope is taken": (
        [
            OPEN,
            ("open", 900, "ANT/2026/*/*"),
            ("open", 800, "ANT/2026/formal_training/*"),
            ("ask", ONE, 100),
            ("ask", TWO, 100, {"committee": "209"}),
            ("ask", THREE, 100, {"instrument": Instrument.CAREER_ACCOUNT}),
        ],
        {ONE: "reserved 100 100 0 0 0", TWO: "reserved 100 100 0 0 0", THREE: "reserved 100 100 0 0 0"},
        {
            "ANT/2026/*/*": "open 900 100 0 0 0",
            "ANT/2026/formal_training/*": "open 800 100 0 0 0",
            PURSE: "open 1000 100 0 0 0",
        },
    ),
    "a rehearsal spends its own purse": (
        [OPEN, ("open", 70, f"{PURSE}/rehearsal"), ("ask", ONE, 60), ("ask", TWO, 50, {"rehearsed": True})],
        {ONE: "reserved 60 60 0 0 0", TWO: "reserved 50 50 0 0 0"},
        {PURSE: "open 1000 60 0 0 0", f"{PURSE}/rehearsal": "open 70 50 0 0 0"},
    ),
    "a closed year keeps what is promised, and the rest lapses": (
        [OPEN, ("ask", ONE, 300), ("decide", ONE, 300), ("ask", TWO, 200), ("close_year",)],
        {ONE: "committed 300 0 300 0 0", TWO: "reserved 200 200 0 0 0"},
        {PURSE: "closed 500 200 300 0 0"},
    ),
    "what is let go of after the year lapses too": (
        [
            OPEN,
            ("ask", ONE, 300),
            ("ask", TWO, 200),
            ("close_year",),
            ("decide", ONE, 100),
            ("pay", ONE, 100),
            ("recover", ONE, 40),
            ("close", TWO, Outcome.WITHDRAWN),
        ],
        {ONE: "committed 100 0 100 100 40", TWO: "released 0 0 0 0 0"},
        {PURSE: "closed 60 0 100 100 40"},
    ),
    "who waits when the year closes waits for the next one": (
        [OPEN, ("ask", ONE, 900), ("ask", TWO, 400), ("close_year",), ("ask", THREE, 5), ("open", 404, NEXT)],
        {ONE: "reserved 900 900 0 0 0", TWO: "reserved 400 400 0 0 0", THREE: "waiting 5 0 0 0 0 short"},
        {PURSE: "closed 900 900 0 0 0", NEXT: "open 404 400 0 0 0"},
    ),
    "who waits moves on at once when the next year is open": (
        [OPEN, ("open", 450, NEXT), ("ask", ONE, 900), ("ask", TWO, 400), ("close_year",), ("ask", THREE, 45)],
        {ONE: "reserved 900 900 0 0 0", TWO: "reserved 400 400 0 0 0", THREE: "reserved 45 45 0 0 0"},
        {PURSE: "closed 900 900 0 0 0", NEXT: "open 450 445 0 0 0"},
    ),
    "who holds a part when the year closes keeps that and no more": (
        [OPEN, ("ask", ONE, 600), ("ask", TWO, 300), ("decide", TWO, 300), ("ask", TWO, 500), ("close_year",)],
        {ONE: "reserved 600 600 0 0 0", TWO: "reserved 300 0 300 0 0 closed"},
        {PURSE: "closed 900 600 300 0 0"},
    ),
    "a raise of a closed year is not given": (
        [OPEN, ("ask", ONE, 300), ("decide", ONE, 300), ("close_year",), ("ask", ONE, 500)],
        {ONE: "reserved 300 0 300 0 0 closed"},
        {PURSE: "closed 300 0 300 0 0"},
    ),
    "who asks the next year leaves the line of this one": (
        [
            OPEN,
            ("open", 50, NEXT),
            ("ask", ONE, 900),
            ("ask", TWO, 200),
            ("ask", THREE, 100),
            ("ask", TWO, 50, {"year": 2027}),
        ],
        {ONE: "reserved 900 900 0 0 0", TWO: "reserved 50 50 0 0 0", THREE: "reserved 100 100 0 0 0"},
        {PURSE: "open 1000 1000 0 0 0", NEXT: "open 50 50 0 0 0"},
    ),
    "who moves to the next year gives its reservation back": (
        [OPEN, ("open", 2000, NEXT), ("ask", ONE, 900), ("ask", TWO, 200), ("ask", ONE, 900, {"year": 2027})],
        {ONE: "reserved 900 900 0 0 0", TWO: "reserved 200 200 0 0 0"},
        {PURSE: "open 1000 200 0 0 0", NEXT: "open 2000 900 0 0 0"},
    ),
    "a raise stays on the envelope of the grant": (
        [OPEN, ("open", 2000, NEXT), ("ask", ONE, 300), ("decide", ONE, 300), ("ask", ONE, 500, {"year": 2027})],
        {ONE: "reserved 500 200 300 0 0"},
        {PURSE: "open 1000 200 300 0 0", NEXT: "open 2000 0 0 0 0"},
    ),
    "nothing asked is nothing held": (
        [OPEN, ("ask", ONE, 1000), ("ask", TWO, 0)],
        {ONE: "reserved 1000 1000 0 0 0", TWO: "reserved 0 0 0 0 0"},
        {PURSE: "open 1000 1000 0 0 0"},
    ),
}
PLACES = {ONE: 1, TWO: 2, THREE: 3, FOUR: 4}


async def lived(steps: list[Step], told: Any, agreed: Any) -> None:
    for verb, *rest in steps:
        options = rest.pop() if rest and isinstance(rest[-1], dict) else {}
        if verb == "open":
            await agreed("open", *(rest[1:] or [PURSE]), rest[0])
        elif verb == "raise":
            await agreed("raise", PURSE, rest[0])
        elif verb == "close_year":
            await agreed("close", PURSE)
        else:
            opens = {name: options.pop(name) for name in ("instrument", "rehearsed") if name in options}
            if rest[0] not in told.stands:
                await told.open(rest[0], minutes=PLACES[rest[0]], **opens)
            await getattr(told, verb)(*rest, **options)


@pytest.mark.parametrize(("steps", "held", "stands"), STORIES.values(), ids=STORIES.keys())
async def test_a_story_leaves_the_ledger_as_it_should(
    steps: list[Step], held: dict[str, str], stands: dict[str, str], told: Any, agreed: Any, rows: Any
) -> None:
    await lived(steps, told, agreed)

    found = {
        row["dossier"]: " ".join(filter(None, (row["state"], row["amounts"], row["reason"])))
        for row in await rows(HELD)
    }
    assert found == held
    assert {row["envelope"]: f"{row['state']} {row['amounts']}" for row in await rows(STANDS)} == stands
    assert await rows(SUMS) == []


async def test_a_dossier_that_never_asked_leaves_no_trace(told: Any, agreed: Any, rows: Any) -> None:
    await lived([OPEN], told, agreed)
    await told.open(ONE)
    await told.decide(ONE, 5000)
    await told.pay(ONE, 5000)
    await told.close(ONE)

    assert await rows("SELECT * FROM holding") == await rows("SELECT * FROM ledger_entry") == []


async def test_every_move_names_the_event_that_it_follows_from(told: Any, agreed: Any, rows: Any) -> None:
    await lived([OPEN, ("ask", ONE, 600), ("ask", TWO, 500), ("decide", ONE, 450)], told, agreed)

    moves = await rows("SELECT dossier, sequence, sort, amount FROM ledger_entry ORDER BY entry")

    assert [(row["dossier"], row["sequence"], row["sort"], int(row["amount"])) for row in moves] == [
        (ONE, 2, "reservation", 600),
        (ONE, 3, "reservation", -450),
        (ONE, 3, "release", -150),
        (ONE, 3, "commitment", 450),
        (TWO, 2, "reservation", 500),
    ]


async def test_who_is_served_later_has_still_to_be_told(told: Any, agreed: Any, rows: Any) -> None:
    await lived([OPEN, ("ask", ONE, 900), ("ask", TWO, 400), ("ask", THREE, 600)], told, agreed)
    assert await rows("SELECT dossier FROM holding WHERE NOT told") == []

    await told.decide(ONE, 500)

    assert await rows("SELECT dossier FROM holding WHERE NOT told") == [{"dossier": TWO}]
    await told.decide(TWO, 400)
    assert await rows("SELECT dossier FROM holding WHERE NOT told") == []


async def test_the_same_question_is_answered_again(told: Any, agreed: Any, rows: Any) -> None:
    question = {"caps": (cap("shared", 500, 400),)}
    await lived([OPEN, ("ask", ONE, 400, {**question}), ("ask", TWO, 400, {**question})], told, agreed)
    assert [row["amounts"] for row in await rows(HELD)] == ["400 400 0 0 0", "100 100 0 0 0"]

    await told.decide(ONE, 0)
    await told.say(TWO, e.PhaseEntered(phase="review"))
    assert await rows("SELECT sequence, asked FROM holding WHERE dossier = :two", two=TWO) == [
        {"sequence": 2, "asked": 400}
    ]
    await told.say(
        TWO,
        e.BudgetAsked(amount=Decimal(400), year=2026, committee="111", caps=question["caps"]),
        e.PhaseEntered(phase="review"),
    )

    assert [row["amounts"] for row in await rows(HELD)] == ["0 0 0 0 0", "400 400 0 0 0"]
    assert await rows("SELECT sequence FROM holding WHERE dossier = :two", two=TWO) == [{"sequence": 4}]


TOO_MUCH = {
    "more than was reserved": [("ask", ONE, 600), ("decide", ONE, 601)],
    "before its turn came": [("ask", TWO, 900), ("ask", ONE, 600), ("decide", ONE, 50)],
    "more than was granted, unasked": [("ask", ONE, 600), ("decide", ONE, 500), ("change", ONE, 501)],
}


@pytest.mark.parametrize("steps", TOO_MUCH.values(), ids=TOO_MUCH.keys())
async def test_what_has_no_room_cannot_be_granted(steps: list[Step], told: Any, agreed: Any, rows: Any) -> None:
    await lived([OPEN, *steps[:-1]], told, agreed)
    before = await rows(HELD)

    with pytest.raises(asyncpg.CheckViolationError, match="is granted while room is reserved"):
        await lived(steps[-1:], told, agreed)

    assert await rows(HELD) == before
    assert await rows("SELECT max(granted) AS granted FROM dossier WHERE number = :one", one=ONE) in (
        [{"granted": 0}],
        [{"granted": 500}],
    )


OVERSPENT = {
    "an envelope": ("UPDATE envelope SET reserved = 401", "envelope_room"),
    "an envelope of which more is paid than promised": ("UPDATE envelope SET paid = 601", "envelope_order"),
    "a dossier beyond what it may": ("UPDATE holding SET committed = 601", "holding_allowed"),
    "a dossier paid more than promised": ("UPDATE holding SET paid = 601", "holding_order"),
    "more back than was paid": ("UPDATE holding SET recovered = 1", "holding_order"),
}


@pytest.mark.parametrize(("statement", "constraint"), OVERSPENT.values(), ids=OVERSPENT.keys())
async def test_a_constraint_stops_even_the_owner(
    statement: str, constraint: str, told: Any, agreed: Any, database_urls: Any
) -> None:
    await lived([OPEN, ("ask", ONE, 600), ("decide", ONE, 600)], told, agreed)
    owner = await asyncpg.connect(database_urls.owner.replace("+asyncpg", ""))
    try:
        with pytest.raises(asyncpg.CheckViolationError) as stopped:
            await owner.execute(statement)
    finally:
        await owner.close()
    assert stopped.value.constraint_name == constraint


async def test_writing_rows_again_moves_nothing(
    engine: AsyncEngine, told: Any, agreed: Any, rows: Any, database_urls: Any
) -> None:
    await lived(
        [OPEN, ("ask", ONE, 600), ("decide", ONE, 450), ("pay", ONE, 100), ("ask", TWO, 300), ("ask", THREE, 400)],
        told,
        agreed,
    )
    ledger = "SELECT * FROM ledger_entry ORDER BY entry"
    before = [await rows(ledger), await rows(HELD), await rows(STANDS)]
    owner = await asyncpg.connect(database_urls.owner.replace("+asyncpg", ""))
    try:
        await owner.execute(
            f"UPDATE dossier SET granted = 1, paid = 0, reserving = 7 WHERE number IN ('{ONE}', '{THREE}')"
        )
        await owner.execute(f"DELETE FROM dossier WHERE number = '{TWO}'")
    finally:
        await owner.close()

    assert await rebuild(engine) == 3

    assert [await rows(ledger), await rows(HELD), await rows(STANDS)] == before


def cap(bucket: str, limit: int, amount: int, **days: Any) -> e.Cap:
    return e.Cap(bucket=bucket, limit=limit, amount=amount, **days)


async def test_ceilings_cut_what_is_asked_and_what_waits_keeps_its_part(told: Any, agreed: Any, rows: Any) -> None:
    company = "ANT/0417497106/workers/2026"
    await lived([("open", 500)], told, agreed)
    asked = {"caps": (cap(company, 1000, 400),)}

    await lived([("ask", ONE, 400, asked)], told, agreed)
    await lived([("ask", TWO, 400, {"caps": (cap(company, 1000, 400),)})], told, agreed)
    await lived([("ask", THREE, 400, {"caps": (cap(company, 1000, 400),)})], told, agreed)

    assert [(row["state"], row["reason"], row["amounts"]) for row in await rows(HELD)] == [
        ("reserved", None, "400 400 0 0 0"),
        ("waiting", "short", "400 0 0 0 0"),
        ("waiting", "short", "200 0 0 0 0"),
    ]
    await told.decide(ONE, 100)
    await lived([("ask", FOUR, 400, {"caps": (cap(company, 1000, 400),)})], told, agreed)
    assert [(row["state"], row["reason"], row["amounts"]) for row in await rows(HELD)] == [
        ("committed", None, "100 0 100 0 0"),
        ("reserved", None, "400 400 0 0 0"),
        ("waiting", "short", "200 0 0 0 0"),
        ("waiting", "short", "300 0 0 0 0"),
    ]


CEILINGS: dict[str, tuple[list[e.Cap], str]] = {
    "all of it under one": ([cap("a", 250, 500)], "reserved cap 250 250 0 0 0"),
    "nothing left": ([cap("used", 100, 500)], "reserved cap 0 0 0 0 0"),
    "parts under two": ([cap("a", 100, 250), cap("b", 200, 250)], "reserved cap 300 300 0 0 0"),
    "one for all and one for a part": ([cap("a", 450, 500), cap("b", 200, 250)], "reserved cap 450 450 0 0 0"),
    "two for all": ([cap("a", 450, 500), cap("b", 300, 500)], "reserved cap 300 300 0 0 0"),
    "what was opened before the window does not count": (
        [cap("used", 500, 500, since="2026-03-05")],
        "reserved  500 500 0 0 0",
    ),
    "what was opened in the window counts": ([cap("used", 500, 500, since="2026-03-04")], "reserved cap 400 400 0 0 0"),
    "a place that somebody has": (
        [cap("place", 1, 500, since="2026-04-30", until="2026-08-01")],
        "reserved place 0 0 0 0 0",
    ),
    "a place that is free then": (
        [cap("place", 1, 500, since="2026-05-01", until="2026-08-01")],
        "reserved  500 500 0 0 0",
    ),
}


@pytest.mark.parametrize(("caps", "held"), CEILINGS.values(), ids=CEILINGS.keys())
async def test_a_ceiling_leaves_what_it_leaves(caps: list[e.Cap], held: str, told: Any, rows: Any) -> None:
    await told.open(ONE)
    used = (cap("used", 500, 100), cap("place", 1, 100, since="2026-03-01", until="2026-04-30"))
    await told.ask(ONE, 100, caps=used)
    await told.decide(ONE, 100)
    await told.open(TWO, minutes=1)

    await told.ask(TWO, 500, caps=tuple(caps))

    (found,) = [row for row in await rows(HELD) if row["dossier"] == TWO]
    state = "reserved" if found["state"] == "unbudgeted" else found["state"]
    assert f"{state} {found['reason'] or ''} {found['amounts']}" == held
