"""To participants: in an allowed hour, one message to a person on a day over all dossiers, by a way that works."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from activities.addressing import withdraw_for
from activities.carriers import Addressee, Outcome
from activities.post_room import PostRoom
from database import transaction
from embedded import EmbeddedMail
from schemes.calendar import BRUSSELS
from schemes.reaching import Channel

FIRST, SECOND, THIRD = "ANT-2024-T-000001", "ANT-2024-T-000002", "LIM-2024-T-000003"
TEMPLATE = "trajectory_follow_up"
Told = Callable[..., Awaitable[str]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


class Telephones:
    """A way out to telephones that remembers what it was given."""

    def __init__(self, outcome: Outcome | None = None, templates: tuple[str, ...] = (TEMPLATE,)) -> None:
        self.outcome = outcome or Outcome("sent")
        self.templates = templates
        self.sent: list[tuple[str, str]] = []

    def takes(self, template: str) -> bool:
        return template in self.templates

    async def send(self, effect: dict[str, Any], addressee: Addressee) -> Outcome:
        self.sent.append((addressee.addresses[0], effect["effect"]))
        return self.outcome


@pytest.fixture
def telephones() -> Telephones:
    return Telephones()


@pytest.fixture
def phoning(room_at: Any, mailbox: EmbeddedMail, telephones: Telephones) -> PostRoom:
    """A post room with a way out to telephones."""
    room: PostRoom = room_at(mailbox.port, carriers={Channel.SMS: telephones})
    return room


HOURS = {
    "a working day": ("2024-03-12 14:00", "2024-03-12 14:00"),
    "at night": ("2024-03-12 03:00", "2024-03-12 09:00"),
    "Friday evening": ("2024-03-15 21:00", "2024-03-18 09:00"),
    "Easter Monday": ("2024-04-01 10:00", "2024-04-02 09:00"),
    "summer time begins": ("2024-03-31 02:30", "2024-04-02 09:00"),
}


@pytest.mark.parametrize(("planned", "leaves"), HOURS.values(), ids=HOURS.keys())
async def test_a_message_waits_for_an_allowed_hour(
    room: PostRoom, ask: Told, person: Any, ledger: Any, wall: Any, mailbox: EmbeddedMail, planned: str, leaves: str
) -> None:
    await person(FIRST)
    wall.put(at(planned))
    await ask()

    first = await room.deliver_planned()
    assert first == (planned == leaves)
    assert len(mailbox.messages()) == first
    wall.put(at(leaves))
    assert first + await room.deliver_planned() == 1

    (row,) = await ledger()
    assert (row["state"], row["channel"], row["person"]) == ("sent", "email", "an")
    assert (row["leaves_on"], row["left_at"]) == (at(leaves).date(), at(leaves))


async def test_what_goes_to_others_leaves_at_night_too(room: PostRoom, plan: Any, wall: Any, ledger: Any) -> None:
    wall.put(at("2024-03-17 03:00"))
    await plan("receipt", "applicant")

    assert await room.deliver_planned() == 1

    (row,) = await ledger()
    assert (row["channel"], row["person"], row["leaves_on"], row["left_at"]) == ("email", None, None, None)


async def test_one_person_gets_one_message_a_day_over_all_dossiers_in_the_order_of_planning(
    room: PostRoom, ask: Told, person: Any, ledger: Any, wall: Any
) -> None:
    for dossier in (THIRD, SECOND, FIRST):
        await person(dossier)
        await ask(dossier)
        wall.forward(minutes=1)

    sent = []
    wall.put(at("2024-03-15 16:00"))
    for day in ("2024-03-15 16:00", "2024-03-15 16:01", "2024-03-18 09:00", "2024-03-19 08:59", "2024-03-19 09:00"):
        wall.put(at(day))
        sent.append(await room.deliver_planned())

    assert sent == [1, 0, 1, 0, 1]
    assert [(row["dossier"], row["leaves_on"]) for row in await ledger()] == [
        (THIRD, date(2024, 3, 15)),
        (SECOND, date(2024, 3, 18)),
        (FIRST, date(2024, 3, 19)),
    ]


async def test_who_has_no_key_is_known_by_the_address(
    room: PostRoom, ask: Told, person: Any, wall: Any, mailbox: EmbeddedMail
) -> None:
    await person(FIRST, None, email="Same@thuis.example")
    await person(SECOND, None, email="same@thuis.example")
    await person(THIRD, None, email="other@thuis.example")
    for dossier in (FIRST, SECOND, THIRD):
        await ask(dossier)

    assert await room.deliver_planned() == 1
    wall.forward(seconds=5)
    assert await room.deliver_planned() == 1

    assert {mail["X-RcptTo"] for mail in mailbox.messages()} == {"Same@thuis.example", "other@thuis.example"}


async def test_an_index_holds_one_message_a_day_whoever_sends(
    room: PostRoom, ask: Told, person: Any, ledger: Any, pool: asyncpg.Pool, mailbox: EmbeddedMail, wall: Any
) -> None:
    """Another sender, which saw nothing of ours, gave the same day to the same person a moment before."""
    await person(FIRST)
    await person(SECOND)
    mine = await ask(FIRST)
    await pool.execute("UPDATE effect SET person = 'an', leaves_on = $1, left_at = $2", wall.now().date(), wall.now())
    await ask(SECOND, state="sent", person="an", leaves_on=wall.now().date(), left_at=wall.now())

    assert await room.deliver_planned() == 0
    assert mailbox.messages() == []
    wall.forward(days=1)
    assert await room.deliver_planned() == 1

    rows = {row["effect"]: row for row in await ledger()}
    assert (rows[mine]["state"], rows[mine]["leaves_on"]) == ("sent", date(2024, 3, 13))


async def test_what_waits_goes_before_what_was_planned_later_for_the_same_person(
    room: PostRoom, ask: Told, person: Any, ledger: Any, wall: Any, mailbox: EmbeddedMail
) -> None:
    """The first could not leave on its day; the second has the next day already, and gives way."""
    await person(FIRST)
    await person(SECOND)
    wall.put(at("2024-03-12 18:59"))
    await mailbox.stop()
    await ask(FIRST)
    assert await room.deliver_planned() == 0
    wall.forward(seconds=1)
    await ask(SECOND)
    assert await room.deliver_planned() == 0
    await mailbox.start()

    sent = []
    for day in ("2024-03-12 19:00", "2024-03-13 09:00", "2024-03-13 09:00:01", "2024-03-13 12:00", "2024-03-14 09:01"):
        wall.put(at(day))
        sent.append(await room.deliver_planned())

    assert sent == [0, 0, 1, 0, 1]
    assert [(row["dossier"], row["leaves_on"]) for row in await ledger()] == [
        (FIRST, date(2024, 3, 13)),
        (SECOND, date(2024, 3, 14)),
    ]


WAYS: dict[str, tuple[dict[str, Any], str, str, int]] = {
    "by mail when nobody chose": ({"phone": "0470 12 34 56"}, "sent", "email", 0),
    "by telephone when that was chosen": ({"phone": "0470 12 34 56", "channel": "sms"}, "sent", "sms", 1),
    "by telephone without a mail address": ({"phone": "0470 12 34 56", "email": None}, "sent", "sms", 1),
    "by telephone when mails came back": (
        {"phone": "0470 12 34 56", "email_failed_at": datetime(2024, 1, 5, tzinfo=UTC)},
        "sent",
        "sms",
        1,
    ),
    "by mail when the number failed": (
        {"phone": "0470", "channel": "sms", "phone_failed_at": datetime(2024, 1, 5, tzinfo=UTC)},
        "sent",
        "email",
        0,
    ),
    "not at all when nothing works": (
        {"email_failed_at": datetime(2024, 1, 5, tzinfo=UTC)},
        "unreachable",
        "",
        0,
    ),
    "not at all without any address": ({"email": None}, "unreachable", "", 0),
}


@pytest.mark.parametrize(("contact", "state", "channel", "texts"), WAYS.values(), ids=WAYS.keys())
async def test_a_message_takes_the_way_that_works(
    phoning: PostRoom,
    telephones: Telephones,
    ask: Told,
    person: Any,
    ledger: Any,
    contact: dict[str, Any],
    state: str,
    channel: str,
    texts: int,
) -> None:
    await person(FIRST, **contact)
    await ask()

    await phoning.deliver_planned()

    (row,) = await ledger()
    assert (row["state"], row["channel"] or "") == (state, channel)
    assert len(telephones.sent) == texts


async def test_a_message_without_a_text_for_telephones_goes_by_mail(
    room_at: Any, mailbox: EmbeddedMail, ask: Told, person: Any, ledger: Any
) -> None:
    room = room_at(mailbox.port, carriers={Channel.SMS: Telephones(templates=())})
    await person(FIRST, phone="0470 12 34 56", channel="sms")
    await ask()

    assert await room.deliver_planned() == 1

    assert [row["channel"] for row in await ledger()] == ["email"]


async def test_who_died_or_went_away_gets_nothing(
    room: PostRoom, ask: Told, person: Any, ledger: Any, mailbox: EmbeddedMail
) -> None:
    await person(FIRST, left_on=date(2024, 3, 1))
    await ask()

    assert await room.deliver_planned() == 0

    assert [row["state"] for row in await ledger()] == ["withdrawn"]
    assert mailbox.messages() == []


async def test_what_is_planned_for_a_person_is_withdrawn_in_all_dossiers(
    engine: Any,
    pool: asyncpg.Pool,
    room: PostRoom,
    ask: Told,
    plan: Any,
    person: Any,
    ledger: Any,
    wall: Any,
    mailbox: EmbeddedMail,
) -> None:
    await person(FIRST, "an")
    await person(SECOND, "an")
    await person(THIRD, "bo")
    wall.put(at("2024-03-12 20:00"))
    for dossier in (FIRST, SECOND, THIRD):
        await ask(dossier)
    await plan("receipt", "applicant")
    assert await room.deliver_planned() == 1, "the applicant's"
    await pool.execute("UPDATE effect SET state = 'to_print' WHERE dossier = $1", SECOND)

    async with transaction(engine) as connection:
        assert await withdraw_for(connection, "an", wall.now()) == 2
    wall.put(at("2024-03-13 09:01"))
    assert await room.deliver_planned() == 1

    states = {row["dossier"]: row["state"] for row in await ledger() if row["party"] == "participant"}
    assert states == {FIRST: "withdrawn", SECOND: "withdrawn", THIRD: "sent"}
    assert len(mailbox.messages()) == 2


async def test_a_rehearsed_message_leaves_at_once_at_ten_on_its_day(
    room: PostRoom, ask: Told, person: Any, ledger: Any, wall: Any
) -> None:
    wall.put(at("2026-11-22 03:00"))
    for dossier in (FIRST, SECOND, THIRD):
        await person(dossier, rehearsed=True)
    await ask(FIRST, dated=date(2024, 3, 29))
    await ask(SECOND, dated=date(2024, 3, 29))
    await ask(THIRD, dated=date(2024, 3, 12))

    assert await room.deliver_planned() == 3

    assert {row["dossier"]: row["left_at"] for row in await ledger()} == {
        FIRST: at("2024-03-29 10:00"),
        SECOND: at("2024-04-02 09:00"),
        THIRD: at("2024-03-12 10:00"),
    }


async def test_the_clock_of_the_house_says_when_a_rehearsed_message_left(
    room: PostRoom, ask: Told, person: Any, ledger: Any, wall: Any, pool: asyncpg.Pool
) -> None:
    wall.put(at("2026-11-22 03:00"))
    await pool.execute("INSERT INTO house_clock VALUES (true, $1)", at("2024-03-29 18:59"))
    for dossier, key in ((FIRST, "an"), (SECOND, "an"), (THIRD, "bo")):
        await person(dossier, key, rehearsed=True)
        await ask(dossier, dated=date(2024, 3, 29))
        wall.forward(seconds=1)

    assert await room.deliver_planned() == 3

    assert [(row["dossier"], row["left_at"]) for row in await ledger()] == [
        (FIRST, at("2024-03-29 10:00")),
        (SECOND, at("2024-04-02 09:00")),
        (THIRD, at("2024-03-29 10:00:01")),
    ]


async def test_a_crowd_leaves_one_by_one(room: PostRoom, ask: Told, person: Any, ledger: Any, wall: Any) -> None:
    for place in range(5):
        number = f"ANT-2024-T-0000{place:02}"
        await person(number, f"person {place}")
        await ask(number)
    sent = []
    for _ in range(6):
        sent.append(await room.deliver_planned())
        wall.forward(seconds=1)

    assert sent == [1, 1, 1, 1, 1, 0]
    moments = [row["left_at"] for row in await ledger()]
    assert moments == [at("2024-03-12 14:00") + timedelta(seconds=place) for place in range(5)]


async def test_who_is_reached_on_paper_only_has_a_letter_laid_ready(
    room: PostRoom, ask: Told, person: Any, ledger: Any, wall: Any, pool: asyncpg.Pool, mailbox: EmbeddedMail
) -> None:
    """Also at night, and the next message waits for the next day as any other."""
    await person(FIRST, email=None, street="Kerkstraat 1", postcode="2000", municipality="Antwerpen")
    await pool.execute(
        "INSERT INTO dossier (number, fund, kind, instrument, policy, rehearsed, received_at, phase, granted, paid, "
        "recovered, sequence, head, updated_at) VALUES "
        "($1, 'ANT', 'trajectory', 'outplacement', '2023-01-01', false, $2, 'follow_up_3', 0, 0, 0, 1, '', $2)",
        FIRST,
        wall.now(),
    )
    wall.put(at("2024-03-12 03:00"))
    await ask()
    await ask(occasion="follow_up/2")

    assert await room.deliver_planned() == 0

    first, second = await ledger()
    assert (first["state"], first["channel"], first["left_at"]) == ("to_print", "letter", wall.now())
    assert (second["state"], second["leaves_on"]) == ("planned", date(2024, 3, 13))
    letters = await pool.fetch("SELECT effect, on_paper, language FROM letter")
    assert [tuple(row) for row in letters] == [(first["effect"], True, "nl")]
    assert mailbox.messages() == []
