"""A closure on the command line: looked at, received, and people who get their key."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from database import transaction
from models.tables import Participant
from tests.commands.conftest import Cli
from tests.importing.closures import as_csv, kept, somebody

CLOSURE = ("--employer", "0417.497.106", "--name", "Staalbouw Peeters", "--announced-on", "12/01/2026")


async def test_a_list_is_looked_at_received_once_and_its_people_have_a_key(
    cli: Cli, engine: AsyncEngine, tmp_path: Path
) -> None:
    good = kept(tmp_path, as_csv([somebody(1), somebody(2)]))
    bad = kept(tmp_path, as_csv([somebody(1), somebody(2, Naam="")]), "fout.csv")
    refused = await cli("cohort", "preview", str(bad), *CLOSURE, ok=False)
    assert refused.code == 1
    assert "rij 3, kolom 'Naam'" in refused.err
    looked = await cli("cohort", "preview", str(good), *CLOSURE, "--json")
    assert looked.json["people"] == 2
    first = await cli("cohort", "receive", str(good), *CLOSURE, "--json")
    again = await cli("cohort", "receive", str(good), *CLOSURE, "--json")
    assert again.json == first.json
    async with transaction(engine) as connection:
        await connection.execute(update(Participant).values(person=None))
    assert (await cli("people", "key", "--json")).json == {"filled": 2}
    assert (await cli("people", "key", "--json")).json == {"filled": 0}


async def test_a_closure_without_a_day_or_an_employer_is_refused(cli: Cli, tmp_path: Path) -> None:
    good = kept(tmp_path, as_csv([somebody(1)]))
    assert "--announced-on" in (await cli("cohort", "preview", str(good), *CLOSURE[:4], ok=False)).err
    wrong = ("--employer", "1", "--announced-on", "12/01/2026")
    assert "ondernemingsnummer" in (await cli("cohort", "preview", str(good), *wrong, ok=False)).err
    assert "sluiting" in (await cli("cohort", "preview", str(good), *CLOSURE, "--kind", "x", ok=False)).err
