"""The auditor: a dossier as it stood on any day, a chain that shows what was changed, and no way to change it."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import insert, select

import database
from database import transaction
from models.tables import EventRow, metadata
from portal.audit.verifying import Verifier
from portal.house import House
from schemes.calendar import local_date
from tests.portal.living import Living
from verification import as_of, rebuild
from verification.stored import PROJECTIONS, belongs

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "audit.md").read_text("utf-8")


@pytest.fixture
async def played(living: Living) -> str:
    """A dossier with a life of some months: reviewed, decided, paid, and closed after the survey."""
    number = await living.receive(asked="160.00")
    await living.decide(number, "payment", "confirmed")
    open_until = "SELECT waiting_until FROM dossier WHERE number = :number AND outcome IS NULL"
    while until := await living.rows(open_until, number=number):
        await living.comes(number, until[0][0])
    return number


async def stood(connection: Any, number: str) -> dict[str, dict[Any, Any]]:
    """The rows of the dossier in the tables, by table and key."""
    found: dict[str, dict[Any, Any]] = {}
    for name in PROJECTIONS:
        table = metadata.tables[name]
        key = [column.name for column in table.primary_key.columns]
        rows = await connection.execute(select(table).where(belongs(table) == number))
        by_key = {tuple(row[part] for part in key): dict(row) for row in rows.mappings()}
        if by_key:
            found[name] = by_key
    return found


async def test_every_day_a_dossier_stands_as_a_rebuild_from_the_events_up_to_then(
    living: Living, played: str, new_database: Any
) -> None:
    engine = living.house.engine
    async with transaction(engine) as connection:
        journal = metadata.tables["event"]
        found = await connection.execute(select(journal).order_by(journal.c.sequence))
        events = [dict(row) for row in found.mappings()]
    first, last = local_date(events[0]["at"]), local_date(events[-1]["at"])
    assert last - first > timedelta(days=60)
    async with new_database() as urls:
        elsewhere, written = database.make_engine(urls.app), 0
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            new = [event for event in events[written:] if local_date(event["at"]) <= day]
            if new:
                async with transaction(elsewhere) as connection:
                    await connection.execute(insert(EventRow), new)
                written += len(new)
                await rebuild(elsewhere, [played])
                async with transaction(elsewhere) as connection:
                    rebuilt = await stood(connection, played)
            async with transaction(engine) as connection:
                seen = await as_of(connection, played, day)
            assert seen is not None
            keyed = {
                name: {key: rebuilt[name][key] | columns for key, columns in rows.items()}
                for name, rows in seen.tables.items()
                if name in PROJECTIONS
            }
            assert keyed == rebuilt, day
        await elsewhere.dispose()


async def test_a_day_before_the_dossier_shows_that_there_was_none(
    living: Living, played: str, sign_in: Any, staff: Any
) -> None:
    reader = await sign_in(staff("ANT-auditor-1"))
    assert "nog geen dossier" in (await reader.get(f"/nazicht/{played}?op=2020-01-01")).text
    (opened,) = await living.rows("SELECT at FROM event WHERE sequence = 1")
    page = await reader.get(f"/nazicht/{played}?op={local_date(opened[0])}")
    assert "De stand op het einde van die dag" in page.text
    assert "reglement" in page.text.lower()
    assert "2023-01-01" in page.text
    assert "Wat sindsdien veranderde" in page.text
    assert "afgesloten op" in page.text.lower()


async def test_the_chain_of_a_dossier_is_verified_and_the_result_is_kept(played: str, sign_in: Any, staff: Any) -> None:
    reader = await sign_in(staff("ANT-auditor-1"))
    assert "Nog niet nagekeken." in (await reader.get(f"/nazicht/{played}")).text
    page = await reader.submit(f"/nazicht/{played}/keten")
    assert "Alles klopt." in page.text
    assert "alles klopt" in (await reader.get(f"/nazicht/{played}")).text


@pytest.mark.usefixtures("played")
async def test_a_whole_fund_is_verified_in_the_background(house: House, sign_in: Any, staff: Any) -> None:
    reader = await sign_in(staff("ANT-auditor-1"))
    await reader.get("/nazicht")
    assert "Het nazicht loopt" in (await reader.submit("/nazicht/keten")).text
    assert "Het nazicht loopt" in (await reader.submit("/nazicht/keten")).text
    verifier = Verifier(house)
    assert [await verifier.step(), await verifier.step()] == [True, False]
    assert "alles klopt" in (await reader.get("/nazicht")).text


async def changed(urls: Any, number: str, sequence: int) -> None:
    """What only the owner of the database could do, with the guards taken away."""
    owner = await asyncpg.connect(urls.owner.replace("+asyncpg", ""))
    await owner.execute("ALTER TABLE event DISABLE TRIGGER event_stands")
    moved = "UPDATE event SET at = at + interval '1 second' WHERE dossier = $1 AND sequence = $2"
    await owner.execute(moved, number, sequence)
    await owner.close()


async def test_one_changed_byte_is_named_by_the_page(played: str, sign_in: Any, staff: Any, database_urls: Any) -> None:
    await changed(database_urls, played, 3)
    reader = await sign_in(staff("ANT-auditor-1"))
    await reader.get(f"/nazicht/{played}")
    page = await reader.submit(f"/nazicht/{played}/keten")
    assert "Niet alles klopt" in page.text
    assert re.search(r"event 3 \(\w+\) is veranderd", page.text)


async def checked_elsewhere(path: Path) -> tuple[int, str]:
    """The check of the documentation, run as it stands there."""
    (script,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", script, str(path)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_a_download_is_checked_elsewhere_as_the_page_of_the_documentation_says(
    played: str, sign_in: Any, staff: Any, tmp_path: Path
) -> None:
    reader = await sign_in(staff("ANT-auditor-1"))
    page = await reader.get(f"/nazicht/{played}/gebeurtenissen.json")
    file = tmp_path / "events.json"
    file.write_text(page.response.text, "utf-8")
    ended, said = await checked_elsewhere(file)
    assert (ended, f"{played}: " in said) == (0, True), said

    told = json.loads(page.response.text)
    told["events"][4]["data"] = told["events"][4]["data"] | {"one": "byte"}
    file.write_text(json.dumps(told), "utf-8")
    ended, said = await checked_elsewhere(file)
    assert (ended, "event 5" in said) == (1, True), said


async def test_the_list_is_narrowed_and_finds_a_number(living: Living, played: str, sign_in: Any, staff: Any) -> None:
    other = await living.receive()
    reader = await sign_in(staff("ANT-auditor-1"))
    page = await reader.get("/nazicht?open=true")
    assert (played in page.text, other in page.text) == (False, True)
    assert (await reader.get(f"/nazicht?nummer={played.lower()}")).address == f"/nazicht/{played}"
    assert "Er is geen dossier ANT-2020-S-1" in (await reader.get("/nazicht?nummer=ANT-2020-S-1")).text


async def test_another_fund_is_not_there_for_an_auditor(played: str, sign_in: Any, staff: Any) -> None:
    stranger = await sign_in(staff("LIM-auditor-1"))
    for address in (f"/nazicht/{played}", f"/nazicht/{played}/gebeurtenissen.json"):
        assert (await stranger.get(address)).status == 404
    assert played not in (await stranger.get("/nazicht")).text


async def test_nobody_else_reads_the_audit(sign_in: Any, staff: Any, employer: Any) -> None:
    for visitor in (staff("ANT-handler-1"), staff("ANT-administrator-1"), employer()):
        assert (await (await sign_in(visitor)).get("/nazicht")).status == 403


async def test_an_auditor_changes_nothing(living: Living, sign_in: Any, staff: Any) -> None:
    number = await living.receive()
    reader = await sign_in(staff("ANT-auditor-1"))
    page = await reader.get(f"/nazicht/{number}")
    headers = {"origin": "http://portal.example", "sec-fetch-site": "same-origin"}
    token = {"csrf": page.form(f"/nazicht/{number}/keten")["csrf"]}
    before = await living.rows("SELECT max(sequence) FROM event")
    for address in ("/vergadering/plannen", "/beheer/nieuw"):
        answer = await reader.client.post(address, data=token, headers=headers)
        assert answer.status_code == 403, address
    assert await living.rows("SELECT max(sequence) FROM event") == before


async def test_who_looked_into_a_dossier_and_who_came_in_is_told(
    living: Living, played: str, sign_in: Any, staff: Any
) -> None:
    async with transaction(living.house.engine) as connection:
        for table, row in (
            ("sensitive_read", {"person": "ANT-handler-1", "party": "staff", "dossier": played, "what": "people"}),
            ("sign_in", {"person": "ANT-handler-2", "how": "demo", "outcome": "in", "source": "x"}),
            ("sign_in", {"person": "LIM-handler-1", "how": "demo", "outcome": "in", "source": "x"}),
        ):
            await connection.execute(
                insert(metadata.tables[table]).values(**row, at=datetime(2024, 5, 14, 9, tzinfo=UTC))
            )
    reader = await sign_in(staff("ANT-auditor-1"))
    page = await reader.get("/nazicht/wie")
    assert "Hanne Dossier" in page.text
    assert "Hakim Werkman" in page.text
    assert "LIM-handler-1" not in page.text
    assert "Hanne Dossier (het fonds), de deelnemers" in (await reader.get(f"/nazicht/{played}")).text
