"""Answering a task on a page, ten minutes to take it back, and everything else that hands do with it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import policies
from absences import today
from activities import mail_texts
from activities.mail_texts import MailContext
from models.messages.words import Fund, Language, Role
from portal.staff.grace import GRACE
from schemes.calendar import BRUSSELS
from tests.portal.conftest import staff
from tests.portal.living import Living
from tests.portal.test_dossier_page import in_review

REVIEWER, APPROVER = "ANT-handler-1", "ANT-approver-1"


async def opened(living: Living, sign_in: Any, person: str = REVIEWER) -> tuple[str, Any]:
    """The page of a review, open in front of somebody."""
    number = await in_review(living)
    reader = await sign_in(staff(person))
    await reader.get(f"/taak/{number}/review/1")
    return number, reader


async def to_approve(living: Living, sign_in: Any, person: str = APPROVER) -> tuple[str, Any]:
    """The page of a decision."""
    number = await in_review(living)
    await living.decide(number, "review", "approve")
    task = await living.task(number, "approval")
    reader = await sign_in(staff(person))
    await reader.get(f"/taak/{task}")
    return task, reader


async def row(living: Living, task: str) -> tuple[Any, ...]:
    ((*found,),) = await living.rows("SELECT state, outcome, person, goes_out_at FROM task WHERE task = :t", t=task)
    return tuple(found)


async def test_an_answer_goes_out_ten_minutes_later_and_until_then_is_taken_back(living: Living, sign_in: Any) -> None:
    number, reader = await opened(living, sign_in)
    task = f"{number}/review/1"

    page = await reader.submit(f"/taak/{task}", uitkomst="approve", doe="beslissen")

    state, outcome, person, goes_out_at = await row(living, task)
    assert (state, outcome, person) == ("held", "approve", REVIEWER)
    clock = goes_out_at.astimezone(BRUSSELS)
    assert page.address == f"/dossier/{number}"
    assert f"Hanne Dossier antwoordde: goedgekeurd. Dit gaat uit om {clock:%H:%M}." in page.text
    assert f"nog {GRACE.seconds // 60} minuten" in page.text

    page = await reader.submit(f"/taak/{task}/ongedaan")

    assert "de taak staat weer open" in page.text
    assert await row(living, task) == ("open", None, None, None)
    assert "Uw antwoord" in page.text


async def test_a_colleague_cannot_take_it_back_and_hears_why(living: Living, sign_in: Any) -> None:
    number, reader = await opened(living, sign_in)
    await reader.submit(f"/taak/{number}/review/1", uitkomst="approve", doe="beslissen")
    other = await sign_in(staff("ANT-handler-2"))
    page = await other.get(f"/taak/{number}/review/1")
    assert "Dit antwoord gaat uit om" in page.text

    page = await other.submit(f"/taak/{number}/review/1/ongedaan")

    assert page.status == 422
    assert "Alleen wie het antwoord gaf of een teamverantwoordelijke maakt dit ongedaan." in page.text


WRONG = {
    "no outcome": ({"uitkomst": ""}, "Kies een uitkomst."),
    "no reason": ({"uitkomst": "refuse"}, "Geef een reden"),
    "a reason of another step": ({"uitkomst": "refuse", "reden": "account_closed"}, "past niet bij deze uitkomst"),
    "an amount that cannot be read": ({"uitkomst": "approve", "bedrag": "veel"}, "Dit is geen bedrag."),
    "more than is asked": ({"uitkomst": "approve", "bedrag": "9.000,00"}, "Het bedrag ligt tussen nul en"),
}


@pytest.mark.parametrize(("typed", "says"), WRONG.values(), ids=WRONG.keys())
async def test_what_cannot_be_meant_is_said_and_what_was_typed_stays(
    living: Living, sign_in: Any, typed: dict[str, str], says: str
) -> None:
    number, reader = await opened(living, sign_in)

    page = await reader.submit(f"/taak/{number}/review/1", doe="beslissen", **typed)

    assert page.status == 422
    assert says in page.text
    assert 'role="alert"' in page.html
    if typed.get("bedrag"):
        assert f'value="{typed["bedrag"]}"' in page.html
    assert (await row(living, f"{number}/review/1"))[0] == "open"


async def test_reasons_are_those_of_the_instrument(living: Living, sign_in: Any) -> None:
    _, reader = await opened(living, sign_in)
    assert "er zijn minder uren dan het minimum" in reader.page.text
    assert "er is geen externe expert" not in reader.page.text
    assert "de rekening bestaat niet meer" not in reader.page.text


async def test_the_letter_shown_is_the_letter_sent(living: Living, sign_in: Any) -> None:
    task, reader = await to_approve(living, sign_in)
    page = await reader.submit(f"/taak/{task}", uitkomst="reduce", reden="no_budget", bedrag="650,00", doe="tonen")
    assert page.status == 200
    assert (await row(living, task))[0] == "open", "looking at a letter decides nothing"
    shown = page.text

    await living.house.starter.complete(task, APPROVER, "reduce", reasons=("no_budget",), amount=Decimal(650))

    number = task.split("/")[0]
    ((template, values),) = await living.rows(
        "SELECT template, values FROM effect WHERE dossier = :n AND template LIKE 'decision%'", n=number
    )
    fund = policies.funds()[Fund.ANTWERPEN]
    ((name,),) = await living.rows("SELECT name FROM contact WHERE dossier = :n", n=number)
    context = MailContext(number=number, fund_name=fund.name, fund_email=fund.email, recipient_name=name, values=values)
    written = mail_texts.render(template, Language.DUTCH, context)
    assert written.subject in shown
    assert " ".join(written.text.split()) in shown


async def test_who_may_not_answer_hears_why_in_words(living: Living, sign_in: Any) -> None:
    number = await in_review(living)
    for person, why in (("ANT-intake-1", "intake"), ("ANT-auditor-1", "auditor")):
        reader = await sign_in(staff(person, Role(person.split("-")[1])))
        page = await reader.get(f"/taak/{number}/review/1")
        assert "Waarom kan ik dit niet?" in page.text, why
        assert "Bevestig" not in page.text


async def test_four_eyes_are_explained(living: Living, sign_in: Any) -> None:
    number = await in_review(living)
    await living.house.starter.complete(f"{number}/review/1", "ANT-handler-1", "approve")
    task = await living.task(number, "approval")
    reader = await sign_in(staff("ANT-handler-1", Role.HANDLER, Role.APPROVER))
    page = await reader.get(f"/taak/{task}")
    assert "Vier ogen" in page.text
    assert "Bevestig" not in page.text


async def test_take_give_rest_and_look_again(living: Living, sign_in: Any) -> None:
    number, reader = await opened(living, sign_in)
    at = f"/taak/{number}/review/1"
    assert "Nog niemand heeft deze taak in handen." in reader.page.text

    page = await reader.submit(f"{at}/nemen")
    assert "U hebt deze taak sinds" in page.text
    page = await reader.submit(f"{at}/opvolgen", op=(today() + timedelta(days=1)).isoformat())
    assert "De opvolging is bewaard." in page.text
    page = await reader.submit(f"{at}/doorgeven", aan="ANT-handler-2", waarom="knows_dossier", woord="Jij kent hen")
    assert "De taak is doorgegeven." in page.text
    assert "Hakim Werkman heeft deze taak sinds" in page.text
    assert "Vraag om ze vrij te geven of over te dragen" in page.text

    theirs = await sign_in(staff("ANT-handler-2"))
    page = await theirs.get(f"/dossier/{number}")
    assert "Jij kent hen" in page.text
    assert "Hanne Dossier gaf de taak aan Hakim Werkman (kent het dossier)" in page.text
    assert "Zelf opvolgen: dossier beoordelen" in page.text
    await theirs.get(at)
    page = await theirs.submit(f"{at}/terugleggen")
    assert "Nog niemand heeft deze taak in handen." in page.text


async def test_a_task_in_another_s_hands_is_not_taken(living: Living, sign_in: Any) -> None:
    number, reader = await opened(living, sign_in)
    await living.house.starter.claim(f"{number}/review/1", "ANT-handler-2")

    page = await reader.submit(f"/taak/{number}/review/1/nemen")

    assert page.status == 422
    assert "in handen van" in page.text


async def test_a_task_of_another_fund_is_not_there(living: Living, sign_in: Any) -> None:
    number = await in_review(living)
    reader = await sign_in(staff("LIM-handler-1"))
    assert (await reader.get(f"/taak/{number}/review/1")).status == 404
    assert (await reader.get(f"/taak/{number}/review/7")).status == 404


# Standing in


async def test_a_substitute_is_told_for_whom_and_both_names_are_noted(living: Living, sign_in: Any) -> None:
    away = await sign_in(staff(REVIEWER))
    await away.get("/afwezigheid")
    until = (today() + timedelta(days=3)).isoformat()
    page = await away.submit("/afwezigheid", vervanger="ANT-intake-1", van=today().isoformat(), tot=until)
    assert "De vervanging is geregeld" in page.text
    assert "Ilse Onthaal" in page.text

    number = await in_review(living)
    reader = await sign_in(staff("ANT-intake-1"))
    assert "U vervangt vandaag Hanne Dossier." in (await reader.get("/afwezigheid")).text
    page = await reader.get(f"/taak/{number}/review/1")
    assert "U handelt in de plaats van Hanne Dossier" in page.text
    page = await reader.submit(f"/taak/{number}/review/1", uitkomst="approve", doe="beslissen")
    assert "Ilse Onthaal in de plaats van Hanne Dossier: dossier beoordelen: goedgekeurd" in page.text


async def test_who_comes_back_ends_it_and_a_colleague_does_not(living: Living, sign_in: Any) -> None:
    starter = living.house.starter
    number = await starter.announce_absence(REVIEWER, "ANT-handler-2", today(), today(), REVIEWER)
    other = await sign_in(staff("ANT-handler-3"))
    page = await other.get("/afwezigheid")
    assert "Beëindig" not in page.text

    own = await sign_in(staff(REVIEWER))
    await own.get("/afwezigheid")
    page = await own.submit(f"/afwezigheid/{number}/einde")
    assert "De vervanging is beëindigd." in page.text
    assert "Niemand is afwezig gemeld." in page.text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"van": "", "tot": ""}, "Vul de eerste en de laatste dag in."),
        ({"van": "2026-02-03", "tot": "2026-02-02"}, "De laatste dag ligt voor de eerste."),
    ],
    ids=["no days", "the wrong way round"],
)
async def test_days_that_cannot_be_are_said(living: Living, sign_in: Any, typed: dict[str, str], says: str) -> None:
    assert living.house
    reader = await sign_in(staff(REVIEWER))
    await reader.get("/afwezigheid")

    page = await reader.submit("/afwezigheid", vervanger="ANT-handler-2", **typed)

    assert page.status == 422
    assert says in page.text
