"""Files of the bank in the portal: uploaded, read once, and what fits nothing set right by two people."""

from __future__ import annotations

from typing import Any

import pytest

from models.messages.words import Fund
from portal.house import House
from tests.portal.conftest import ORIGIN, Page, Reader
from tests.treasury.bank_says import Booked, camt, sent

BANK, QUEUE = "/geld/bankbestanden", "/geld/bankbestanden/niet-herkend"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>&b;</BkToCstmrStmt></Document>'
)


async def uploaded(reader: Reader, *files: tuple[str, bytes], **more: str) -> Page:
    """What the page says after these files were chosen."""
    page = await reader.get(BANK)
    filled = {name: value for name, value in page.form(BANK).items() if name != "file"} | more
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    sent_files = [("file", (name, content, "application/xml")) for name, content in files]
    answer = await reader.client.post(BANK, data=filled, files=sent_files, headers=headers, follow_redirects=True)
    reader.page = Page(answer)
    return reader.page


@pytest.fixture
async def finance(sign_in: Any, staff: Any) -> Reader:
    """Somebody of finance."""
    reader: Reader = await sign_in(staff("ANT-finance-1"))
    return reader


@pytest.fixture
async def line(house: House) -> str:
    """A payment of 100 euro that the bank has."""
    (found,) = await sent(house.engine, "100.00")
    return found


async def test_a_statement_is_read_and_everything_is_explained(finance: Reader, line: str) -> None:
    statement = camt(Booked(line, "100.00", reference="A1"))

    page = await uploaded(finance, ("maart.xml", statement))

    assert "Gelezen: 1 herkend, 0 niet herkend, 0 al gekend." in page.text
    assert "maart.xml" in page.text
    page = await finance.get(f"{BANK}?van=2026-03-01&tot=2099-12-31")
    assert "alles verklaard" in page.text
    assert "Eindsaldo" in page.text


async def test_a_line_that_was_read_before_counts_once(finance: Reader, line: str) -> None:
    await uploaded(finance, ("maart.xml", camt(Booked(line, "100.00", reference="A1"))))
    page = await uploaded(finance, ("nog-eens.xml", camt(Booked(line, "100.00", reference="A1"), name="2")))
    assert "0 herkend, 0 niet herkend, 1 al gekend" in page.text


async def test_a_line_that_fits_nothing_is_matched_by_two_people(
    finance: Reader, line: str, sign_in: Any, staff: Any
) -> None:
    await uploaded(finance, ("maart.xml", camt(Booked(None, "100.00", reference="A1", text="storting"))))
    page = await finance.get(QUEUE)
    assert "storting" in page.text
    assert line in page.text
    (action,) = {form["action"] for form in page.reader.forms if form["action"].startswith(f"{QUEUE}/")}

    page = await finance.submit(action, answer="match", to=line)

    assert "een collega bevestigt het" in page.text
    assert "Een collega bevestigt dit." in page.text
    colleague = await sign_in(staff("ANT-finance-2"))
    page = await colleague.get(QUEUE)
    assert f"Fien Betaalt zegt dat dit hoort bij {line}." in page.text
    page = await colleague.submit(action, answer="match")
    assert "Verbonden." in page.text
    assert "herkend of opzijgezet" in page.text


async def test_a_line_that_is_nobodys_is_set_aside_with_a_reason_and_taken_back(finance: Reader) -> None:
    await uploaded(finance, ("maart.xml", camt(Booked(None, "12.50", reference="A9", text="beheerskosten"))))
    page = await finance.get(QUEUE)
    (action,) = {form["action"] for form in page.reader.forms if form["action"].startswith(f"{QUEUE}/")}

    page = await finance.submit(action, answer="set_aside", reason="")
    assert (page.status, "Zeg in enkele woorden waarom" in page.text) == (422, True)
    page = await finance.submit(action, answer="set_aside", reason="kosten van de bank")

    assert "Opzijgezet." in page.text
    assert "kosten van de bank" in page.text
    page = await finance.submit(action, answer="take_back")
    assert "De regel staat weer open." in page.text


REFUSED: dict[str, tuple[bytes, str]] = {
    "a bomb of entities": (BOMB, "bom.xml"),
    "no file of a bank": (b"geen xml", "bom.xml"),
    "an account of nobody": (camt(Booked("X", "1.00"), account="BE68539007547034"), "geen enkel fonds"),
    "an account of another fund": (camt(Booked("X", "1.00"), account="BE80458653275177"), "een ander fonds"),
}


@pytest.mark.parametrize(("content", "told"), REFUSED.values(), ids=REFUSED)
async def test_a_file_that_cannot_be_taken_in_is_refused_by_name(
    finance: Reader, line: str, content: bytes, told: str
) -> None:
    page = await uploaded(finance, ("bom.xml", content), ("goed.xml", camt(Booked(line, "100.00"))))
    assert page.status == 422
    assert told in page.text
    page = await finance.get(BANK)
    assert "goed.xml" in page.text
    assert "bom.xml" not in page.text


async def test_the_queue_of_another_fund_is_not_there(finance: Reader, sign_in: Any, staff: Any) -> None:
    await uploaded(finance, ("maart.xml", camt(Booked(None, "12.50", reference="A9", text="beheerskosten"))))
    page = await finance.get(QUEUE)
    (action,) = {form["action"] for form in page.reader.forms if form["action"].startswith(f"{QUEUE}/")}
    stranger = await sign_in(staff("LIM-finance-1"))
    page = await stranger.get(QUEUE)
    assert "beheerskosten" not in page.text
    assert (await stranger.get(f"{QUEUE}?fonds=ANT")).status == 404
    typed = {"csrf": page.form("/taal")["csrf"], "answer": "set_aside", "reason": "zomaar wat", "fund": Fund.LIMBURG}
    answer = await stranger.client.post(action, data=typed, headers={"origin": ORIGIN})
    assert answer.status_code == 404


async def test_a_file_from_another_site_is_not_read(finance: Reader, line: str) -> None:
    page = await finance.get(BANK)
    files = [("file", ("maart.xml", camt(Booked(line, "100.00")), "application/xml"))]
    headers = {"origin": "https://elders.example", "sec-fetch-site": "cross-site"}
    answer = await finance.client.post(BANK, data={"csrf": page.form(BANK)["csrf"]}, files=files, headers=headers)
    assert answer.status_code == 422
    assert "maart.xml" not in (await finance.get(BANK)).text


async def test_an_approver_reads_what_the_bank_said_with_account_numbers_hidden(
    finance: Reader, line: str, sign_in: Any, staff: Any
) -> None:
    await uploaded(finance, ("maart.xml", camt(Booked(line, "100.00", reference="A1"))))
    reader = await sign_in(staff("ANT-approver-1"))
    page = await reader.get(f"{BANK}?van=2026-03-01&tot=2026-03-31")
    assert "BE44 •••• •••• 5545" in page.text
    assert BANK not in [form["action"].split("?")[0] for form in page.reader.forms if form["method"] == "post"]
