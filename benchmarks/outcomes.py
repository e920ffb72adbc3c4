"""What became of people, asked of a house that followed them for years: the same question costs the same.

A few people are lived by the product, to their last question, and copied into one year of one fund; the pages are
timed. Then other funds and years come in, forty times as many, and the same pages of the same people are timed again.
The ratio says what a large house costs who asks about a part of it.
"""

import argparse
import asyncio
import json
import sys
from datetime import date
from typing import Any

import asyncpg
from rich.console import Console
from rich.table import Table

from benchmarks import multitude
from benchmarks.worklist import pages
from commands.demo import house_of_a_demonstration
from embedded import Ports, throwaway_directory
from importing.storing import Rehearsed
from models.messages.words import Fund, Party, Role
from portal.access.visitor import Visitor
from portal.house import open_house
from rehearsal import performance
from rehearsal.performance import Stage
from rehearsal.samples import SAMPLES
from rehearsal.trajectory import TrajectoryPart

GOAL = 1.5
"""How much dearer a page may become when the house is forty times as large."""
LEADER = Visitor(
    session="",
    csrf="",
    person="ANT-team_lead-1",
    name="Tessa Ploeg",
    party=Party.STAFF,
    funds=(Fund.ANTWERPEN,),
    roles=frozenset({Role.TEAM_LEAD}),
)
YEAR = "van=2024-01-01&tot=2024-12-31&op=2026-06-30"
PAGES = {
    "figures of a year": "/uitkomsten?jaar=2024&op=2026-06-30",
    "figures of a year, per employer": "/uitkomsten?jaar=2024&op=2026-06-30&per=employer",
    "quality of agencies": f"/bureaus?{YEAR}",
}
SHOWN = ("p50", "p95")
KNOWN_ON = date(2025, 1, 31)
YEARS = 5
"""How many times a year of each fund stands in the large house, four years apart."""
SIZE = """
    SELECT (SELECT count(*) FROM receipt WHERE kind = 'trajectory') AS people, (SELECT count(*) FROM event) AS events
"""


async def lived(stage: Stage) -> int:
    """The people of the sample files, lived to the end of their follow-up; how many there are."""
    files = [SAMPLES / "outplacement.csv", SAMPLES / "werkgevers.csv"]
    batch = performance.read(files, KNOWN_ON)
    stored = await performance.receive(stage, batch, Rehearsed.FROM_FILING)
    futures = performance.futures(files, stored.numbers)
    await performance.live(stage, TrajectoryPart(futures, performance.away(batch, stored.numbers)))
    await performance.post(stage.pool)
    return len(futures)


async def asked(stage: Stage, times: int) -> dict[str, Any]:
    """The pages, as the browser of a team lead gets them."""
    settings = stage.settings.model_copy(update={"import_key": "of-a-measurement-" * 2})
    async with open_house(settings, stage.engine, stage.starter) as house:
        return await pages(house, LEADER, PAGES, times)


async def measure(people: int, times: int) -> dict[str, Any]:
    """One year of one fund alone, and the same year in a house with all funds and years."""
    with throwaway_directory() as directory:
        async with house_of_a_demonstration(directory, Ports(temporal_ui=None)) as (stage, stack, _):
            copies = max(1, people // await lived(stage))
            owner = await asyncpg.connect(stack.owner_url.replace("+asyncpg", ""))
            try:
                await multitude.multiply(owner, Fund.ANTWERPEN, 0, copies)
                await multitude.at_rest(owner)
                alone = dict(await owner.fetchrow(SIZE)) | {"pages": await asked(stage, times)}
                for fund in Fund:
                    for years in range(YEARS):
                        if (fund, years) != (Fund.ANTWERPEN, 0):
                            await multitude.multiply(owner, fund, years, copies)
                await multitude.at_rest(owner)
                large = dict(await owner.fetchrow(SIZE)) | {"pages": await asked(stage, times)}
            finally:
                await owner.close()
    ratios = {name: round(large["pages"][name]["p50"] / alone["pages"][name]["p50"], 2) for name in PAGES}
    return {"alone": alone, "large": large, "ratios": ratios}


def show(found: dict[str, Any]) -> None:
    """A table for people, on standard error."""
    alone, large = found["alone"], found["large"]
    table = Table(
        title=f"One year of one fund ({alone['people']:,} people), and the same in a house with "
        f"{large['people']:,} people and {large['events']:,} events, milliseconds"
    )
    for column in ("page", *(f"{house} {part}" for house in ("alone", "large") for part in SHOWN), "ratio", "goal"):
        table.add_column(column, justify="left" if column == "page" else "right")
    for name, ratio in found["ratios"].items():
        numbers = (f"{one['pages'][name][part]:.0f}" for one in (alone, large) for part in SHOWN)
        table.add_row(name, *numbers, f"{ratio:.2f}", f"{GOAL}")
    Console(file=sys.stderr).print(table)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outcomes", description=__doc__)
    parser.add_argument("--people", type=int, default=500, help="people of one year of one fund")
    parser.add_argument("--times", type=int, default=20, help="how often each page is asked")
    given = parser.parse_args()
    result = asyncio.run(measure(given.people, given.times))
    show(result)
    print(json.dumps(result, indent=1))
