"""Everybody of the sample lives on one calendar, and the house is away for three of its days."""

from __future__ import annotations

import json
from typing import Any

import pytest

from embedded import throwaway_directory
from tests.demo.process import HOUSE, doorstroom

PEOPLE = HOUSE / "samples/outplacement.csv"
EMPLOYERS = HOUSE / "samples/werkgevers.csv"
OUTAGE = "09/10/2024"
"""On the next day somebody is to be asked, three months after the guidance."""


@pytest.fixture(scope="module")
async def lived() -> dict[str, Any]:
    """What was seen when all were followed to the end; worker, Temporal and mail fell on the way."""
    with throwaway_directory() as directory:
        code, out, err = await doorstroom(
            "rehearse-together",
            str(PEOPLE),
            str(EMPLOYERS),
            "--known-on",
            "31/01/2025",
            "--outage",
            OUTAGE,
            "--json",
            directory=directory,
        )
    assert code == 0, err
    seen: dict[str, Any] = json.loads(out)
    return seen


async def test_everybody_is_asked_at_every_moment_or_it_is_known_why_not(lived: dict[str, Any]) -> None:
    moments = lived["followed"]["moments"]
    asked = moments["asked_on_the_day"] + sum(moments["asked_weeks_later"].values())
    spared = sum(moments["spared_the_question"].values())

    assert lived["followed"]["people"] == 11
    assert asked + spared == moments["applying"] > 0
    assert (moments["without_a_word"], moments["asked_before"]) == ([], [])


async def test_what_fell_due_while_the_house_was_away_is_asked_when_it_stands_again(lived: dict[str, Any]) -> None:
    assert lived["followed"]["moments"]["asked_when_the_house_stood_again"] == 1


async def test_nobody_gets_a_message_twice_or_at_night(lived: dict[str, Any]) -> None:
    messages = lived["followed"]["messages"]

    assert messages["states"].keys() <= {"sent", "withdrawn"}
    assert (messages["twice"], messages["two_on_a_day"], messages["at_night_or_on_a_holiday"]) == ([], [], [])


async def test_outcomes_are_those_of_the_file_and_what_is_unknown_has_a_reason(lived: dict[str, Any]) -> None:
    outcomes = lived["followed"]["outcomes"]

    assert (outcomes["otherwise_than_the_file"], outcomes["would_have_answered"]) == ([], [])
    assert outcomes["without_a_reason"] == []
    assert sum(outcomes["unknown_by_reason"].values()) == outcomes["after_a_year"]["onbekend"]


async def test_every_dossier_closes_and_nothing_stands_that_cannot_be_true(lived: dict[str, Any]) -> None:
    assert lived["dossiers"]["trajectory"] == {"completed": 11}
    assert not any("open" in outcomes for outcomes in lived["dossiers"].values())
    assert lived["verify"]["clean"], lived["verify"]["faults"]
