"""A folder where the bank puts files: each is taken in once and put away, whoever looks and whenever it dies."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.treasury.bank_says import Booked, camt, entries, lines_stand, read, sent
from treasury.watching import look

AT_ONCE = timedelta(0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path


def standing(folder: Path) -> list[str]:
    return sorted(str(place.relative_to(folder)) for place in folder.rglob("*") if place.is_file())


async def test_a_good_file_goes_to_done_and_a_faulty_one_to_refused_with_the_reason(
    engine: AsyncEngine, folder: Path
) -> None:
    (line,) = await sent(engine, "100.00")
    (folder / "in" / "a.xml").write_bytes(camt(Booked(line, "100.00")))
    (folder / "in" / "b.xml").write_bytes(b"geen bericht")

    taken = await look(engine, folder, at_rest=AT_ONCE)

    assert [one.name for one in taken] == ["a.xml"]
    assert await lines_stand(engine) == {line: "executed"}
    assert standing(folder) == ["in/done/a.xml", "in/refused/b.xml", "in/refused/b.xml.txt"]
    assert (folder / "in" / "refused" / "b.xml.txt").read_text("utf-8").startswith("Dit is geen bericht van een bank")


async def test_what_was_kept_before_it_could_be_moved_is_only_moved(engine: AsyncEngine, folder: Path) -> None:
    (line,) = await sent(engine, "100.00")
    file = camt(Booked(line, "100.00"))
    await read(engine, file, "a.xml")
    (folder / "in" / "a.xml").write_bytes(file)

    (taken,) = await look(engine, folder, at_rest=AT_ONCE)

    assert taken.repeated
    assert len(await entries(engine)) == 1
    assert standing(folder) == ["in/done/a.xml"]


async def test_another_file_of_the_same_name_does_not_overwrite_the_first(engine: AsyncEngine, folder: Path) -> None:
    for name in ("1", "2"):
        (folder / "in" / "camt.xml").write_bytes(camt(Booked(None, "5.00", text=name), name=name))
        await look(engine, folder, at_rest=AT_ONCE)

    assert standing(folder) == ["in/done/camt-2.xml", "in/done/camt.xml"]
    assert len(await entries(engine)) == 2


async def test_what_is_still_being_written_is_left(engine: AsyncEngine, folder: Path) -> None:
    for name in ("a.xml.part", ".b.xml", "c.tmp", "fresh.xml"):
        (folder / "in" / name).write_bytes(camt(Booked(None, "5.00")))

    assert await look(engine, folder, at_rest=timedelta(minutes=1)) == []
    assert len(standing(folder)) == 4


async def test_workers_that_look_at_the_same_moment_read_a_file_once(engine: AsyncEngine, folder: Path) -> None:
    (line,) = await sent(engine, "100.00")
    (folder / "in" / "a.xml").write_bytes(camt(Booked(line, "100.00")))

    taken = await asyncio.gather(*(look(engine, folder, at_rest=AT_ONCE) for _ in range(4)))

    assert len([one for found in taken for one in found]) == 1
    assert len(await entries(engine)) == 1


async def test_a_house_without_a_bank_folder_reads_nothing(engine: AsyncEngine, tmp_path: Path) -> None:
    assert await look(engine, tmp_path / "nowhere") == []
