"""What people of both sides say of money on a page: under which communication it comes, and that it comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.messages.words import Role
from tests.portal.conftest import staff
from tests.portal.living import Living
from tests.portal.payable import Bank
from tests.portal.test_reversal_page import paid
from tests.treasury.due import Payment

GIVEN = "+++226/1000/12360+++"


async def test_what_a_beneficiary_gives_stands_in_the_file_of_the_bank(living: Living) -> None:
    bank = Bank(living)
    payment = Payment()
    await bank.owes(payment)
    await bank.says("UPDATE contact SET communication = '226100012360' WHERE dossier = :n", n=payment.number)
    starter = living.house.starter
    run = (await starter.collect_payments(payment.fund, "ANT-finance-1", rehearsed=payment.rehearsed)).run
    for serial in (1, 2):
        await starter.sign_run(run, f"ANT-finance-{serial}")
    await bank.becomes(run, "handed_over")
    ((content,),) = await living.rows("SELECT content FROM payment_run WHERE run = :run", run=run)
    assert b"<Ref>226100012360</Ref>" in bytes(content).replace(b"pain:", b"")


async def test_an_employer_gives_changes_and_takes_away_the_communication(
    living: Living, sign_in: Any, employer: Any
) -> None:
    number = await living.receive(documents=["attendance", "programme", "proof_of_payment"])
    reader = await sign_in(employer())
    page = await reader.get(f"/mijn-dossiers/{number}")
    place = f"/mijn-dossiers/{number}/mededeling"
    assert f'href="{place}"' in page.html
    await reader.get(place)
    field = next(name for name in reader.page.form(place) if name != "csrf")
    page = await reader.submit(place, **{field: "+++226/1000/12361+++"})
    assert (page.status, page.form(place)[field]) == (422, "+++226/1000/12361+++")
    assert "is geen gestructureerde mededeling" in page.text
    page = await reader.submit(place, **{field: GIVEN})
    assert f"Wij betalen voortaan met de mededeling {GIVEN}." in page.text
    known = "SELECT communication FROM contact WHERE dossier = :n AND party = 'applicant'"
    assert await living.rows(known, n=number) == [("226100012360",)]
    page = await reader.get(place)
    assert page.form(place)[field] == GIVEN
    await reader.submit(place, **{field: ""})
    assert await living.rows(known, n=number) == [(None,)]


async def test_a_stranger_finds_no_communication(living: Living, sign_in: Any, employer: Any) -> None:
    number = await living.receive()
    page = await (await sign_in(employer("0409845289"))).get(f"/mijn-dossiers/{number}/mededeling")
    assert page.status == 404


async def test_money_is_claimed_back_on_a_page_and_a_second_person_is_asked(living: Living, sign_in: Any) -> None:
    number = await paid(living)
    place = f"/dossier/{number}/terugvragen"
    reader = await sign_in(staff())
    page = await reader.get(f"/dossier/{number}")
    assert f'href="{place}"' in page.html
    await reader.get(place)
    page = await reader.submit(place, bedrag="100,00")
    assert (page.status, "Kies een reden" in page.text) == (422, True)
    page = await reader.submit(place, bedrag="veel", reden="paid_twice")
    assert (page.status, page.form(place)["bedrag"]) == (422, "veel")
    page = await reader.submit(place, bedrag="999999", reden="paid_twice")
    assert (page.status, "hoogstens" in page.text) == (422, True)
    page = await reader.submit(place, bedrag="100,00", reden="paid_twice")
    assert (page.address, "De terugvordering is voorgesteld" in page.text) == (f"/dossier/{number}", True)
    task = await living.task(number, "recovery_approval")
    ((excluded, amount),) = await living.rows("SELECT excluded, amount FROM task WHERE task = :t", t=task)
    assert (amount, len(excluded) > 0) == (Decimal(100), True), "who proposes does not agree"
    assert await living.rows("SELECT 1 FROM effect WHERE dossier = :n AND template = 'recovery'", n=number) == []


@pytest.mark.parametrize(
    ("person", "role", "status"),
    [
        ("ANT-approver-1", Role.APPROVER, 403),
        ("LIM-handler-1", Role.HANDLER, 404),
        ("ANT-finance-1", Role.FINANCE, 200),
    ],
    ids=["who agrees", "another fund", "finance"],
)
async def test_finance_and_handlers_of_the_fund_claim(
    living: Living, sign_in: Any, person: str, role: Role, status: int
) -> None:
    number = await paid(living)
    page = await (await sign_in(staff(person, role))).get(f"/dossier/{number}/terugvragen")
    assert page.status == status
