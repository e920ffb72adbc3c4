"""The post room: every mail leaves once, to one person once, and what nobody knows goes to a person."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from activities.post_room import PostRoom
from activities.sending import MailServer
from embedded import EmbeddedMail


async def test_a_planned_mail_leaves_once_however_often_is_looked(
    room: PostRoom, plan: Any, state: Any, mailbox: EmbeddedMail
) -> None:
    effect = await plan()

    assert await room.deliver_planned() == 1
    assert await room.deliver_planned() == 0

    (mail,) = mailbox.messages()
    assert (mail["To"], mail["X-RcptTo"], mail["X-Doorstroom-Effect"]) == (
        "an@bedrijf.example",
        "an@bedrijf.example",
        effect,
    )
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "ANT-2024-S-000001" in mail.get_content()
    assert await state(effect) == ("sent", 1)


async def test_two_senders_at_once_send_each_mail_once(room_at: Any, plan: Any, mailbox: EmbeddedMail) -> None:
    for occasion in range(30):
        await plan(occasion=str(occasion))

    rooms = (room_at(mailbox.port, f"sender-{serial}") for serial in (1, 2))
    sent = await asyncio.gather(*(room.deliver_planned() for room in rooms))

    assert sum(sent) == 30
    effects = [mail["X-Doorstroom-Effect"] for mail in mailbox.messages()]
    assert len(effects) == len(set(effects)) == 30


async def test_one_person_in_two_roles_gets_one_mail_for_one_occasion(
    room: PostRoom, plan: Any, state: Any, mailbox: EmbeddedMail, wall: Any
) -> None:
    applicant, participant = await plan("closed", "applicant"), await plan("closed", "participant")
    assert await room.deliver_planned() == 1
    another = await plan("closed", "participant", occasion="2")
    wall.forward(days=1)
    assert await room.deliver_planned() == 1

    states = sorted([(await state(applicant))[0], (await state(participant))[0]])
    assert states == ["merged", "sent"]
    assert (await state(another))[0] == "sent"
    assert len(mailbox.messages()) == 2


async def test_a_mail_to_a_role_goes_to_all_active_people_of_the_fund(
    room: PostRoom, plan: Any, pool: asyncpg.Pool, mailbox: EmbeddedMail
) -> None:
    people = (("ANT-1", "ANT", True), ("ANT-2", "ANT", True), ("ANT-3", "ANT", False), ("LIM-1", "LIM", True))
    for person, fund, active in people:
        await pool.execute(
            "INSERT INTO staff_member VALUES ($1, $2, $1, $3, 'nl', '{handler}', $4)",
            person,
            fund,
            f"{person}@x.example",
            active,
        )
    values = json.dumps({"task": "ANT-2024-S-000001/review/1", "until": "2024-03-18"})
    await plan("task_due", "staff", role="handler", values=values)

    await room.deliver_planned()

    (mail,) = mailbox.messages()
    assert mail["X-RcptTo"] == "ANT-1@x.example, ANT-2@x.example"


@pytest.mark.parametrize(("party", "role"), [("expert", None), ("agency", None), ("staff", "handler")])
async def test_a_mail_without_an_address_is_told_and_not_tried_again(
    room: PostRoom, plan: Any, state: Any, mailbox: EmbeddedMail, party: str, role: str | None
) -> None:
    effect = await plan(party=party, role=role)

    assert await room.deliver_planned() == 0

    assert (await state(effect))[0] == "unreachable"
    assert mailbox.messages() == []


async def test_while_the_mail_server_is_away_mails_wait_and_leave_later(
    room: PostRoom, plan: Any, state: Any, mailbox: EmbeddedMail, pool: asyncpg.Pool, wall: Any
) -> None:
    effect = await plan()
    await mailbox.stop()
    try:
        assert await room.deliver_planned() == 0
        assert await state(effect) == ("planned", 1)
        assert await pool.fetchval("SELECT not_before FROM effect") > wall.now()
        assert await room.deliver_planned() == 0
        assert await state(effect) == ("planned", 1), "not tried again before its time"
    finally:
        await mailbox.start()
    wall.forward(seconds=2)

    assert await room.deliver_planned() == 1

    assert await state(effect) == ("sent", 2)
    assert len(mailbox.messages()) == 1


async def test_a_refused_mail_does_not_hold_up_the_next(
    plan: Any, state: Any, room: PostRoom, mailbox: EmbeddedMail
) -> None:
    refused = await plan(party="expert")
    following = await plan("closed")

    assert await room.deliver_planned() == 1

    assert ((await state(refused))[0], (await state(following))[0]) == ("unreachable", "sent")
    assert len(mailbox.messages()) == 1


async def left_behind(pool: asyncpg.Pool, effect: str, state: str, since: datetime) -> None:
    await pool.execute(
        "UPDATE effect SET state = $2, claimed_at = $3, claimed_by = 'dead' WHERE effect = $1",
        effect,
        state,
        since,
    )


DEAD = {
    "sending when it died: nobody knows": ("sending", timedelta(minutes=5), "unknown", 0),
    "only in hand when it died: nothing left": ("claimed", timedelta(minutes=5), "sent", 1),
    "in hand of somebody who lives": ("claimed", timedelta(seconds=5), "claimed", 0),
    "being sent by somebody who lives": ("sending", timedelta(seconds=5), "sending", 0),
}


@pytest.mark.parametrize(("was", "ago", "becomes", "mails"), DEAD.values(), ids=DEAD.keys())
async def test_what_a_dead_sender_left_is_never_sent_blindly(
    room: PostRoom,
    plan: Any,
    state: Any,
    pool: asyncpg.Pool,
    mailbox: EmbeddedMail,
    wall: Any,
    was: str,
    ago: timedelta,
    becomes: str,
    mails: int,
) -> None:
    effect = await plan()
    await left_behind(pool, effect, was, wall.now() - ago)

    await room.deliver_planned()
    await room.deliver_planned()

    assert (await state(effect))[0] == becomes
    assert len(mailbox.messages()) == mails


async def test_a_mail_to_somebody_outside_links_to_its_dossier_and_one_to_staff_does_not(
    pool: asyncpg.Pool, plan: Any, mailbox: EmbeddedMail
) -> None:
    server = MailServer(
        host=mailbox.host, port=mailbox.port, sender="d@fonds.example", portal="https://portaal.example"
    )
    await plan("receipt", "applicant")
    await pool.execute(
        "INSERT INTO staff_member VALUES ('ANT-handler-1', 'ANT', 'N', 'h@fonds.example', 'nl', '{handler}', true)"
    )
    await plan("task_due", "staff", role="handler")

    assert await PostRoom(pool, server, "sender-1").deliver_planned() == 2

    outside, staff = sorted(
        (str(mail.get_content()) for mail in mailbox.messages()), key=lambda text: "/link/" not in text
    )
    (secret,) = re.findall(r"https://portaal.example/link/(\S+)", outside)
    assert "/link/" not in staff
    row = await pool.fetchrow("SELECT * FROM login_link")
    assert (row["purpose"], row["dossier"], row["party"]) == ("dossier", "ANT-2024-S-000001", "applicant")
    assert secret not in str(dict(row))
    assert row["ends_at"] - row["made_at"] == timedelta(days=14)
