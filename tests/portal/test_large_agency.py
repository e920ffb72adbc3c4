"""An agency with thousands of participants: nobody is left out without a word, and everybody is found by number."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from models.messages.words import Party
from portal.agencies import participants
from portal.api.clients import Clients, Registration
from portal.api.scopes import HELD_BY
from tests.portal.living import Living
from tests.portal.systems import let_in
from tests.portal.test_agencies import HOURS, agency, file_of, guided, sent

MANY = 2_001


async def crowd(living: Living, number: str, *, closed: bool = False) -> None:
    """Many more participants of the agency of this one, with lower numbers."""
    own = {"number": "'ANT-2023-J-' || lpad(place::text, 6, '0')", "idempotency_key": "'crowd-' || place"}
    for table in ("receipt", "dossier"):
        query = (
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = :table AND table_schema = 'public' AND is_generated = 'NEVER'"
        )
        names = [str(name) for (name,) in await living.rows(query, table=table)]
        ended = {"outcome": "'completed'", "closed_at": "now()"} if closed else {}
        values = [(own | ended).get(name, f'"{name}"') for name in names]
        quoted = ", ".join(f'"{name}"' for name in names)
        copied = f"SELECT {', '.join(values)} FROM {table}, generate_series(1, {MANY}) AS place WHERE number = :n"
        await living.rows(f"INSERT INTO {table} ({quoted}) {copied} RETURNING 1", n=number)


async def test_everybody_of_a_large_agency_is_in_its_month_and_its_file_and_its_questions(
    living: Living, sign_in: Any, app: FastAPI, clients: Clients
) -> None:
    number = await guided(living)
    asked = await guided(living, started=False)
    await crowd(living, number)
    reader = await sign_in(agency())
    page = await reader.get("/bureau/maand/2024-03")
    assert "0 van 1 deelnemers ingevuld" in page.text, "the others are not guided in that month"
    page = await sent(reader, file_of(number))
    assert "Aantal regels dat bewaard wordt: 1." in page.text
    await reader.submit(next(form["action"] for form in page.reader.forms if "bevestigen" in form["action"]))
    assert [row[0] for row in await living.rows(HOURS, n=number)] == ["2024-03"]

    page = await reader.get("/deelnemers")
    assert "de dag van het eerste gesprek" in page.text, "what is asked stands above, of whomever"
    assert number not in page.text.replace(asked, "")
    last_sheet = -(-(MANY + 2) // participants.ON_A_PAGE)
    assert number in (await reader.get(f"/deelnemers?blad={last_sheet}")).text
    page = await reader.get(f"/deelnemers?nummer={number.lower()}")
    assert page.address == f"/deelnemers/{number}"
    assert (await reader.get("/deelnemers?nummer=%00")).status == 404

    own = Registration(name="Bureau", party=Party.AGENCY, agency="RiseSmart", scopes=HELD_BY[Party.AGENCY])
    system = await let_in(app, clients, own)
    assert asked in {one["number"] for one in (await system.get("/questions")).json()["questions"]}


async def test_closed_participants_beyond_the_last_ones_are_counted(living: Living, sign_in: Any) -> None:
    number = await guided(living)
    await crowd(living, number, closed=True)
    page = await (await sign_in(agency())).get("/deelnemers")
    assert f"Dit zijn de laatste 100 van {MANY} afgesloten deelnemers." in page.text


NO_NUMBER = '[[2, "\\u0000", "2024-03", "7,5", "3", "", "", "", ""]]'


@pytest.mark.parametrize(("lines", "status"), [("[" * 100_000, 422), (NO_NUMBER, 303)])
async def test_lines_made_by_hand_break_nothing(living: Living, sign_in: Any, lines: str, status: int) -> None:
    number = await guided(living)
    reader = await sign_in(agency())
    await sent(reader, file_of(number))
    token = reader.page.form("/afmelden")["csrf"]
    headers = {"origin": "http://portal.example", "sec-fetch-site": "same-origin"}
    action = "/bureau/maand/2024-03/bestand/bevestigen"
    answer = await reader.client.post(action, data={"csrf": token, "regels": lines}, headers=headers)
    assert answer.status_code == status
    assert await living.rows(HOURS, n=number) == []
