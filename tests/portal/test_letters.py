"""The page that goes with a decision: looked at before it leaves, the same when it left, and read by whom it is for."""

from __future__ import annotations

import asyncio
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from models.messages.words import Party
from tests.patience import patient
from tests.portal.conftest import staff
from tests.portal.living import Living
from tests.portal.test_hands_pages import APPROVER, row, to_approve

LESS = "uitkomst=reduce&reden=no_budget&bedrag=650%2C00"


def said(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def without(text: str, start: str, end: str) -> str:
    """The text without what is only known once it was decided: which parts are paid when."""
    before, _, rest = text.partition(start)
    return before + rest[rest.index(end) :] if rest else before


async def decided(living: Living, sign_in: Any) -> tuple[str, str, Any]:
    """A dossier that got less than it asked, with the page as it was shown before."""
    task, reader = await to_approve(living, sign_in)
    draft = await reader.get(f"/taak/{task}/brief?{LESS}")
    assert draft.status == 200
    await living.decide(task.split("/")[0], "approval", "reduce", reasons=("no_budget",), amount=650)
    number = task.split("/")[0]
    await living.eventually("SELECT 1 FROM letter WHERE dossier = :n", n=number)
    return number, said(draft.response.content), reader


async def test_the_page_is_seen_before_it_leaves_and_looking_decides_nothing(living: Living, sign_in: Any) -> None:
    task, reader = await to_approve(living, sign_in)
    page = await reader.submit(f"/taak/{task}", uitkomst="reduce", reden="no_budget", bedrag="650,00", doe="tonen")
    assert f"/taak/{task}/brief?{LESS}".replace("&", "&amp;") in page.html

    answer = (await reader.get(f"/taak/{task}/brief?{LESS}")).response
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline; filename=")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "private, no-store"
    content = said(answer.content)
    assert "kent u € 650,00 toe" in content
    assert "Het budget laat het niet toe." in content
    assert "U kunt bezwaar maken tot en met" in content
    assert (await row(living, task))[0] == "open"
    assert await living.rows("SELECT 1 FROM letter WHERE dossier = :n", n=task.split("/")[0]) == []


async def test_conditions_that_are_chosen_stand_on_the_page(living: Living, sign_in: Any) -> None:
    task, reader = await to_approve(living, sign_in)
    hangs = "uitkomst=approve&voorwaarde=condition_invoice"
    page = await reader.submit(f"/taak/{task}", uitkomst="approve", voorwaarde="condition_invoice", doe="tonen")
    assert f'/brief?{hangs}&bedrag="'.replace("&", "&amp;") in page.html
    content = said((await reader.get(f"/taak/{task}/brief?{hangs}")).response.content)
    assert "De factuur van de opleider nasturen, ten laatste op 3 april 2024" in content
    assert (await reader.get(f"/taak/{task}/brief?uitkomst=approve&voorwaarde=onzin")).status == 422


@pytest.mark.parametrize(
    ("query", "status"),
    [("uitkomst=onzin", 404), ("", 404), ("uitkomst=reduce&bedrag=zes", 422), ("uitkomst=reduce&bedrag=999999", 422)],
)
async def test_an_answer_that_sends_nothing_has_no_page(living: Living, sign_in: Any, query: str, status: int) -> None:
    task, reader = await to_approve(living, sign_in)
    assert (await reader.get(f"/taak/{task}/brief?{query}")).status == status


async def mailed(living: Living, template: str) -> EmailMessage:
    """The one mail of this sort, when the post room has sent it."""
    async with patient():
        while not (sent := [one for one in living.mailbox.messages() if template in one["X-Doorstroom-Effect"]]):
            await asyncio.sleep(0.05)
    (mail,) = sent
    return mail


async def test_the_page_shown_is_the_page_sent(living: Living, sign_in: Any) -> None:
    number, shown, reader = await decided(living, sign_in)
    sent = await reader.get(f"/dossier/{number}/brief/decision/1")
    assert sent.status == 200
    cut = ("Wat er nu gebeurt", "Gaat u niet akkoord?")
    assert without(said(sent.response.content), *cut) == without(shown, *cut)
    mail = await mailed(living, "decision_partial")
    (page,) = mail.iter_attachments()
    assert page.get_content() == sent.response.content


async def test_it_is_found_on_both_pages_of_the_dossier_and_the_reading_is_noted(
    living: Living, sign_in: Any, employer: Any
) -> None:
    number, _, reader = await decided(living, sign_in)
    page = await reader.get(f"/dossier/{number}")
    assert f'href="/dossier/{number}/brief/decision/1"' in page.html
    await reader.get(f"/dossier/{number}/brief/decision/1")
    seen = await living.rows("SELECT person, what FROM sensitive_read WHERE dossier = :n", n=number)
    assert (APPROVER, "letter") in seen

    own = await sign_in(employer())
    page = await own.get(f"/mijn-dossiers/{number}")
    assert f'href="/mijn-dossiers/{number}/brief/decision/1"' in page.html
    answer = (await own.get(f"/mijn-dossiers/{number}/brief/decision/1")).response
    assert answer.headers["content-type"] == "application/pdf"
    assert "gedeeltelijk goedgekeurd" in said(answer.content)


async def test_a_letter_of_another_is_not_there(living: Living, sign_in: Any, employer: Any) -> None:
    number, _, _ = await decided(living, sign_in)
    stranger = await sign_in(employer("0403170701", "employer-2"))
    assert (await stranger.get(f"/mijn-dossiers/{number}/brief/decision/1")).status == 404
    elsewhere = await sign_in(staff("LIM-handler-1"))
    assert (await elsewhere.get(f"/dossier/{number}/brief/decision/1")).status == 404
    expert = employer().model_copy(update={"party": Party.EXPERT, "enterprises": (), "dossiers": (number,)})
    assert (await (await sign_in(expert)).get(f"/mijn-dossiers/{number}/brief/decision/1")).status == 404
    own = await sign_in(employer())
    assert (await own.get(f"/mijn-dossiers/{number}/brief/decision/2")).status == 404
    assert (await own.get(f"/dossier/{number}/brief/decision/1")).status == 403
