"""A message between the fund and a party outside: told once, mailed once to who is outside, never to the fund."""

from __future__ import annotations

from typing import Any

import pytest

from models.errors import Refusal
from models.messages.words import Party
from tests.workflows.playing import outside
from tests.workflows.subsidies import apply, training


@pytest.fixture
def house(shared_house: Any) -> Any:
    return shared_house


async def test_who_is_outside_is_mailed_once_however_often_it_is_told(house: Any) -> None:
    play = await apply(house, training(5))
    await play.task("review")
    by = await house.starter.staff("ANT-handler-1")

    first = await house.starter.note_message(play.number, "41", by, Party.APPLICANT)
    again = await house.starter.note_message(play.number, "41", by, Party.APPLICANT)
    await house.starter.note_message(play.number, "42", by, Party.APPLICANT)

    assert again.sequence == first.sequence
    assert await play.mails("message_waiting") == ["applicant", "applicant"]
    told = await play.events("message_written")
    assert [event["data"] for event in told] == [
        {"message": number, "by_party": "staff", "to": "applicant"} for number in ("41", "42")
    ]


async def test_what_comes_from_outside_is_told_and_mails_nobody(house: Any) -> None:
    play = await apply(house, training(5))
    await play.task("review")

    await house.starter.note_message(play.number, "43", outside(Party.APPLICANT), Party.STAFF)

    assert len(await play.events("message_written")) == 1
    assert await play.mails("message_waiting") == []


@pytest.mark.parametrize("to", [Party.EXPERT, Party.APPLICANT])
async def test_parties_outside_do_not_write_to_each_other_through_the_fund(house: Any, to: Party) -> None:
    play = await apply(house, training(5))

    with pytest.raises(Refusal, match="tussen het fonds en een partij buiten"):
        await house.starter.note_message(play.number, "44", outside(Party.APPLICANT), to)
