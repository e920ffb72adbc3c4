"""Budgets on the command line, as people of finance and of the board type them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.tables import StaffMember

PURSE = "ANT/2026/formal_training/111"
FINANCE, BOARD = ("--person", "ANT-finance-1"), ("--person", "ANT-board-1")
OF_2026 = ("--fund", "ANT", "--year", "2026")


@pytest.fixture
async def people(engine: AsyncEngine) -> None:
    async with transaction(engine) as connection:
        for role in ("finance", "board"):
            person = f"ANT-{role}-1"
            row = {"person": person, "fund": "ANT", "name": role, "email": f"{role}@fonds.example", "roles": [role]}
            await connection.execute(insert(StaffMember).values(row | {"active": True, "language": "nl"}))


@pytest.mark.usefixtures("people")
async def test_a_budget_lives_from_its_opening_to_the_end_of_the_year(cli: Any) -> None:
    proposed = await cli(
        *("budget", "propose", PURSE, "open", "--amount", "1000,50", "--reason", "plan"), *FINANCE, "--json"
    )
    (act,) = proposed.json["acts"]
    own = await cli("budget", "approve", str(act), *FINANCE, ok=False)
    assert (own.code, own.err.strip()) == (1, "Vier ogen: u stelde dit zelf voor. Laat een collega beslissen.")
    pending = await cli("budget", "acts", "--fund", "ANT", "--pending")
    assert PURSE in pending.out

    assert f"Voorstel {act} is goedgekeurd." in (await cli("budget", "approve", str(act), *BOARD)).out

    (stands,) = (await cli("budget", "list", *OF_2026, "--json")).json
    assert (stands["envelope"], stands["budget"], stands["left"], stands["forecast"]) == (
        PURSE,
        "1000.50",
        "1000.50",
        "0.00",
    )
    assert "€ 1.000,50" in (await cli("budget", "list", *OF_2026)).out
    waiting = await cli("budget", "waiting", *OF_2026, "--json")
    assert waiting.json == {"dossiers": [], "next": None}
    assert "0 dossiers wachten" in (await cli("budget", "waiting", *OF_2026)).out

    closing = await cli("budget", "close-year", "ANT", "2026", "--reason", "jaareinde", *FINANCE)
    assert closing.out.strip() == f"Voorstel {act + 1} wacht op een tweede persoon."
    await cli("budget", "approve", str(act + 1), *BOARD)

    assert "(afgesloten)" in (await cli("budget", "list", *OF_2026)).out
    settled = (await cli("budget", "acts", *OF_2026, "--json")).json
    assert [(one["sort"], one["state"], one["decided_by"]) for one in settled["acts"]] == [
        ("close", "approved", "ANT-board-1"),
        ("open", "approved", "ANT-board-1"),
    ]


@pytest.mark.usefixtures("people")
async def test_a_proposal_is_refused_or_withdrawn(cli: Any) -> None:
    for hand, by, said in (("refuse", BOARD, "geweigerd"), ("withdraw", FINANCE, "ingetrokken")):
        proposed = await cli(
            *("budget", "propose", PURSE, "open", "--amount", "5", "--reason", "plan"), *FINANCE, "--json"
        )
        (act,) = proposed.json["acts"]
        assert (await cli("budget", hand, str(act), *by)).out.strip() == f"Voorstel {act} is {said}."

    assert (await cli("budget", "list", *OF_2026, "--json")).json == []
