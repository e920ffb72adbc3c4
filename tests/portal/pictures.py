"""Pictures of every page for docs/portal.md, taken anew by `make pictures` on a house in the middle of its year."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from connection import connect
from database import make_engine, migrate
from embedded import EmbeddedStack, EmbeddedWorker, Ports, throwaway_directory
from portal.app import make_app
from portal.house import open_house
from portal.pages import LANGUAGE
from portal.serving import served
from settings import Settings
from starter import Starter
from tests.portal.browsing import chromium, window
from tests.portal.places import PLACES, Guide, Place
from tests.portal.world import fill

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = DOCS / "pictures"
RELEASE = {"DOORSTROOM_WORKFLOW_SANDBOX": "false", "DOORSTROOM_BUILD_ID": "pictures"}
WIDE, HIGHEST = 1100, 1400
SMALL = {"width": 390, "height": 844}
TELEPHONE = (
    ("telephone_nl", "/antwoord/{answer}?keuze=job", "nl"),
    ("telephone_ar", "/antwoord/{answer}?keuze=job", "ar"),
    ("telephone_relative", "/antwoord/{answer}/voor-een-ander", "nl"),
)
"""What docs/answering.md shows: pages as they are held in a hand."""
WHO = {
    "nobody": "Voor iedereen",
    "handler": "Voor wie dossiers behandelt",
    "intake": "Voor wie aanvragen aanneemt",
    "team_lead": "Voor wie een ploeg leidt",
    "finance": "Voor wie betaalt",
    "approver": "Voor wie beslist",
    "board": "Voor het bestuursorgaan",
    "administrator": "Voor wie een fonds beheert",
    "auditor": "Voor wie nakijkt",
    "employer": "Voor werkgevers",
    "agency": "Voor outplacementbureaus",
    "participant": "Voor deelnemers",
}


async def take() -> None:
    """Every picture, and the page that shows them."""
    with throwaway_directory() as directory:
        async with EmbeddedStack(directory, ports=Ports(temporal_ui=None)) as stack:
            await migrate(stack.owner_url)
            own = Settings(
                rehearsal_allowed=True,
                import_key="for-pictures-only-" * 2,
                upload_directory=directory / "uploads",
                bank_folder=directory / "bank",
                _env_file=None,
            )
            settings = stack.settings(own)
            engine = make_engine(stack.database_url)
            starter = Starter(await connect(settings), engine, settings.temporal_task_queue, patience=60)
            async with EmbeddedWorker(stack, directory, **RELEASE), open_house(settings, engine, starter) as house:
                await fill(house)
                guide = await Guide(engine).open()
                async with chromium() as browser, served(make_app(house)) as address:
                    for place in PLACES:
                        viewport = {"width": WIDE, "height": 700}
                        async with window(browser, house, address, guide.visitor(place), viewport=viewport) as opened:
                            await opened.go(guide.address(place))
                            high = await opened.page.evaluate("document.documentElement.scrollHeight")
                            await opened.page.set_viewport_size({"width": WIDE, "height": min(high, HIGHEST)})
                            await opened.page.screenshot(path=PICTURES / f"{place.name}.jpeg", type="jpeg", quality=72)
                    for name, address_of, language in TELEPHONE:
                        async with window(browser, house, address, viewport=SMALL) as held:
                            await held.page.context.add_cookies([{"name": LANGUAGE, "value": language, "url": address}])
                            await held.go(guide.address(Place(name, "", "nobody", address_of)))
                            await held.page.screenshot(path=PICTURES / f"{name}.jpeg", type="jpeg", quality=72)
            await engine.dispose()


def page(places: Sequence[Place] = PLACES) -> str:
    """docs/portal.md."""
    lines = [
        "# The portal in pictures",
        "",
        "Every page as its reader sees it, with the sample dossiers of the demonstration; `make pictures` takes",
        "them again.",
        "Who may use which address: [portal-access.md](portal-access.md).",
    ]
    for who, found in groupby(
        sorted(places, key=lambda place: list(WHO).index(place.who)), key=lambda place: place.who
    ):
        lines += ["", f"## {WHO[who]}"]
        for place in found:
            address = place.address.split("?")[0]
            lines += ["", f"**{place.says}**, `{address}`", "", f"![{place.says}](pictures/{place.name}.jpeg)"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    asyncio.run(take())
    (DOCS / "portal.md").write_text(page(), "utf-8")
