"""A dossier is lived from the command line alone, by people who only see what commands tell them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.starter.conftest import LARGE


@pytest.mark.usefixtures("house")
async def test_a_subsidy_goes_from_receipt_to_payment_by_commands(
    cli: Any, eventually: Any, application_file: Any
) -> None:
    received = (await cli("receive", str(application_file(**LARGE)), "--json")).json
    number = received["number"]
    assert received == {"number": number, "new": True, "started": True}
    assert (await cli("receive", str(application_file(**LARGE)))).out == (f"Was al ontvangen onder nummer {number}.\n")

    task = await eventually("SELECT task FROM task WHERE dossier = :number AND state = 'open'", number=number)
    listed = (await cli("tasks", "--json")).json
    assert [one["task"] for one in listed["tasks"]] == [task]
    waits = (await cli("waiting", number)).out
    assert "Wacht op" in waits
    assert task in waits

    steps = await _work_off(cli, eventually, number)

    assert [step for step, _ in steps] == ["review", "approval", "payment"]
    assert len({person for _, person in steps}) == 3
    shown = (await cli("show", number)).out
    assert "Naam van ANT-approver-1" in shown
    assert "Karolien" not in shown.split("Wat er gebeurde")[0]
    assert "Betaald" in shown
    assert "factuur.pdf" in shown
    await eventually("SELECT 1 FROM dossier WHERE waiting_on = 'calendar'")
    assert "Wacht op de kalender: " in (await cli("waiting", number)).out
    assert await eventually("SELECT count(*) FROM event WHERE type = 'task_completed'") == 3
    verified = await cli("verify", "--workflows", "--json")
    assert verified.json["clean"]
    assert verified.json["dossiers"] == 1


async def _work_off(cli: Any, eventually: Any, number: str) -> list[tuple[str, str]]:
    people = {"review": "ANT-handler-1", "approval": "ANT-approver-1", "payment": "ANT-finance-1"}
    outcomes = {"review": "approve", "approval": "approve", "payment": "confirmed"}
    done: list[tuple[str, str]] = []
    for step, person in people.items():
        task = await eventually(
            "SELECT task FROM task WHERE dossier = :number AND state = 'open' AND step = :step",
            number=number,
            step=step,
        )
        await cli("claim", task, "--person", person)
        told = await cli("complete", task, "--person", person, "--outcome", outcomes[step], "--json")
        assert told.json["dossier"] == number
        await cli("complete", task, "--person", person, "--outcome", outcomes[step])
        done.append((step, person))
    return done


@pytest.mark.usefixtures("house")
async def test_an_incomplete_application_is_answered_and_extended(
    cli: Any, eventually: Any, application_file: Any
) -> None:
    number = (await cli("receive", str(application_file(documents=["invoice"])), "--json")).json["number"]
    await eventually("SELECT request FROM request WHERE dossier = :number AND state = 'open'", number=number)

    assert "aanvulling van de aanvraag" in (await cli("waiting", number)).out
    reason = ("--person", "ANT-handler-1", "--reason", "ziekte")
    until = date.today() + timedelta(days=365)  # noqa: DTZ011 - a day of the machine, only to lie in the future
    day = f"{until:%d/%m/%Y}"
    assert day in (await cli("extend", number, "completion", "--until", day, *reason)).out
    assert until.isoformat() in (await cli("waiting", number, "--json")).out
    papers = ("--document", "proof_of_payment", "--document", "attendance", "--document", "programme")
    assert "bewaard" in (await cli("answer", number, "completion", *papers)).out
    await eventually("SELECT 1 FROM request WHERE dossier = :number AND state = 'answered'", number=number)


@pytest.mark.usefixtures("house")
async def test_a_withdrawn_dossier_says_so_to_whoever_comes_after(
    cli: Any, eventually: Any, application_file: Any
) -> None:
    number = (await cli("receive", str(application_file(documents=["invoice"])), "--json")).json["number"]
    await eventually("SELECT request FROM request WHERE dossier = :number AND state = 'open'", number=number)

    assert "ingetrokken" in (await cli("withdraw", number)).out
    await eventually("SELECT outcome FROM dossier WHERE number = :number", number=number)

    late = await cli("answer", number, "completion", "--document", "invoice", ok=False)
    assert late.code == 1
    assert "gesloten" in late.err
    assert "afgesloten" in (await cli("waiting", number)).out
    assert [one["number"] for one in (await cli("dossiers", "--json")).json["dossiers"]] == [number]
    assert (await cli("dossiers", "--open", "--json")).json["dossiers"] == []
