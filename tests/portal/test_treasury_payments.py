"""A payment run on the pages: put together, looked at, signed by two people, sealed, and in doubt."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from models.messages.words import Fund, Role
from tests.portal.conftest import ORIGIN, Reader
from tests.portal.living import Living
from tests.portal.payable import RUNS, Bank
from tests.treasury.due import Payment


@pytest.fixture
async def bank(living: Living) -> Bank:
    return Bank(living)


@pytest.fixture
async def first(sign_in: Any, staff: Any) -> Reader:
    reader: Reader = await sign_in(staff("ANT-finance-1"))
    return reader


@pytest.fixture
async def second(sign_in: Any, staff: Any) -> Reader:
    reader: Reader = await sign_in(staff("ANT-finance-2"))
    return reader


async def test_finance_makes_a_run_and_two_people_sign_it(bank: Bank, first: Reader, second: Reader) -> None:
    one, other = Payment(amount=Decimal("500.00")), Payment(amount=Decimal("250.50"))
    await bank.owes(one, other)
    page = await first.get(RUNS)
    assert "2 betalingen, samen € 750,50" in page.text.replace("\xa0", " ")

    page = await first.submit(RUNS)
    run = page.address
    assert "De betaalopdracht is samengesteld." in page.text
    page = await first.submit(f"{run}/tekenen")
    assert "Een collega tekent als tweede." in page.text
    assert "U tekende al." in page.text
    page = await second.get(run)
    page = await second.submit(f"{run}/tekenen")

    assert "Getekend door twee personen" in page.text
    await bank.becomes(run.split("/")[-1], "handed_over")
    page = await first.get(run)
    assert "bij de bank" in page.text
    assert "Fien Betaalt" in page.text
    assert "Farid Kas" in page.text
    answer = await first.client.get(f"{run}/bestand")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    assert "attachment" in answer.headers["content-disposition"]
    assert one.line in answer.text
    assert "750.50" in answer.text


async def test_the_same_person_signs_once(bank: Bank, first: Reader) -> None:
    run = f"{RUNS}/{await bank.collected(Payment())}"
    page = await first.get(run)
    filled = page.form(f"{run}/tekenen")
    await first.submit(f"{run}/tekenen")
    answer = await first.client.post(f"{run}/tekenen", data=filled, headers={"origin": ORIGIN}, follow_redirects=True)
    assert answer.status_code == 200
    assert await bank.living.rows("SELECT person FROM payment_signature") == [("ANT-finance-1",)]


async def test_a_third_person_cannot_sign_what_is_sealed(bank: Bank, first: Reader, sign_in: Any, staff: Any) -> None:
    number = await bank.collected(Payment())
    run = f"{RUNS}/{number}"
    filled = (await first.get(run)).form(f"{run}/tekenen")
    for serial in (1, 2):
        await bank.living.house.starter.sign_run(number, f"ANT-finance-{serial}")
    await bank.becomes(number, "handed_over")
    await bank.says("UPDATE staff_member SET roles = ARRAY['finance'] WHERE person = 'ANT-approver-1'")
    third = await sign_in(staff("ANT-approver-1", Role.FINANCE))
    page = await third.get(run)
    assert f"{run}/tekenen" not in [form["action"] for form in page.reader.forms]
    third_token = {"csrf": page.form("/taal")["csrf"]}
    answer = await third.client.post(f"{run}/tekenen", data=filled | third_token, headers={"origin": ORIGIN})
    assert answer.status_code == 422


async def test_who_took_a_step_before_reads_why_a_colleague_signs(bank: Bank, first: Reader) -> None:
    run = f"{RUNS}/{await bank.collected(Payment(excluded=('ANT-finance-1',)))}"
    page = await first.get(run)
    assert "Vier ogen: u nam al een stap in een van deze dossiers." in page.text
    assert f"{run}/tekenen" not in [form["action"] for form in page.reader.forms]


async def test_what_changed_meanwhile_is_looked_at_again_before_it_is_signed(
    bank: Bank, first: Reader, second: Reader
) -> None:
    one, other = Payment(), Payment()
    run = f"{RUNS}/{await bank.collected(one, other)}"
    filled = (await first.get(run)).form(f"{run}/tekenen")
    await second.get(run)
    await second.submit(f"{run}/regel", line=other.line, change="exclude", reason="dispute")
    answer = await first.client.post(f"{run}/tekenen", data=filled, headers={"origin": ORIGIN})
    assert answer.status_code == 422
    assert "veranderde intussen" in answer.text
    assert await bank.living.rows("SELECT person FROM payment_signature") == []


async def test_a_payment_is_held_with_a_reason_and_released(bank: Bank, first: Reader) -> None:
    one, other = Payment(), Payment()
    run = f"{RUNS}/{await bank.collected(one, other)}"
    await first.get(run)
    page = await first.submit(f"{run}/regel", line=one.line, change="hold", reason="")
    assert (page.status, "Geef een reden" in page.text) == (422, True)
    page = await first.submit(f"{run}/regel", line=one.line, change="hold", reason="to_look_into")
    assert "eerst na te kijken" in page.text
    assert "aangehouden" in page.text
    page = await first.submit(f"{run}/regel", line=one.line, change="release")
    assert "2 betalingen" in page.text


async def test_a_discarded_run_leaves_its_payments_due(bank: Bank, first: Reader) -> None:
    one = Payment()
    run = f"{RUNS}/{await bank.collected(one)}"
    await first.get(run)
    page = await first.submit(f"{run}/verwerpen", reason="")
    assert (page.status, "Kies waarom" in page.text) == (422, True)
    page = await first.submit(f"{run}/verwerpen", reason="wrong_day")
    assert "verworpen" in page.text
    page = await first.get(RUNS)
    assert one.number in page.text


async def test_nobody_knows_whether_the_bank_has_it_until_a_person_says_so(bank: Bank, first: Reader) -> None:
    number = await bank.handed_over(Payment())
    await bank.says("UPDATE payment_line SET state = 'unknown', reason = 'no_word'")
    page = await first.get(RUNS)
    assert "is niet zeker wat ermee gebeurde" in page.text
    page = await first.get(f"{RUNS}/{number}")
    (line,) = [row[0] for row in await bank.living.rows("SELECT line FROM payment_line")]
    page = await first.submit(f"{RUNS}/{number}/uitkomst", line=line, outcome="executed", reference="")
    assert page.status == 422
    page = await first.submit(f"{RUNS}/{number}/uitkomst", line=line, outcome="executed", reference="OPR 12")
    assert "uitgevoerd" in page.text
    assert await bank.living.rows("SELECT state FROM payment_line") == [("executed",)]


async def test_a_run_of_another_fund_is_not_there(bank: Bank, first: Reader) -> None:
    number = await bank.collected(Payment(fund=Fund.LIMBURG))
    assert (await first.get(f"{RUNS}/{number}")).status == 404
    assert (await first.get(f"{RUNS}/{number}/bestand")).status == 404
    page = await first.get(RUNS)
    assert number not in page.text
    for act in ("tekenen", "verwerpen", "regel", "zekerheid", "uitkomst"):
        typed = {"csrf": page.form("/taal")["csrf"], "line": "x", "reason": "other"}
        answer = await first.client.post(f"{RUNS}/{number}/{act}", data=typed, headers={"origin": ORIGIN})
        assert answer.status_code == 404, act


async def test_a_signature_from_another_site_does_not_count(bank: Bank, first: Reader) -> None:
    run = f"{RUNS}/{await bank.collected(Payment())}"
    filled = (await first.get(run)).form(f"{run}/tekenen")
    headers = {"origin": "https://elders.example", "sec-fetch-site": "cross-site"}
    answer = await first.client.post(f"{run}/tekenen", data=filled, headers=headers)
    assert answer.status_code == 422
    assert await bank.living.rows("SELECT person FROM payment_signature") == []


async def test_an_approver_reads_a_run_with_accounts_hidden_and_does_nothing(
    bank: Bank, sign_in: Any, staff: Any
) -> None:
    one = Payment()
    number = await bank.handed_over(one)
    reader = await sign_in(staff("ANT-approver-1"))
    page = await reader.get(f"{RUNS}/{number}")
    assert "•••• ••••" in page.text
    assert str(one.stated) not in page.html.replace(" ", "")
    assert (await reader.get(f"{RUNS}/{number}/bestand")).status == 403


async def test_a_new_account_is_looked_at_before_anything_is_paid_to_it(
    bank: Bank, first: Reader, second: Reader
) -> None:
    one = Payment(iban="new")
    number = await bank.collected(one)
    page = await first.get("/geld/rekeningen")
    assert one.number in page.text
    action = f"/geld/rekeningen/{one.number}"
    page = await first.submit(action, answer="verify", name_check="no_match")
    assert (page.status, "Weiger de rekening" in page.text) == (422, True)
    page = await first.submit(action, answer="verify", name_check="match")
    assert "De rekening is aanvaard" in page.text
    assert "de naam klopt" in page.text
    run = f"{RUNS}/{number}"
    await second.get(run)
    page = await second.submit(f"{run}/regel", line=one.line, change="release")
    assert "1 betaling van" in page.text
