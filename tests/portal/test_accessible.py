"""Every page can be read by everybody: axe finds nothing and nothing is wider than the screen, wide and small.

On a house in the middle of its year, for every page that docs/portal.md shows.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser
from temporalio.client import Client

import database
from embedded import EmbeddedMail
from portal.access.sessions import Sessions
from portal.app import make_app
from portal.house import House
from portal.serving import served
from settings import Settings
from starter import Starter
from tests.portal.browsing import window
from tests.portal.living import own_numbers
from tests.portal.places import PLACES, Guide, Place
from tests.portal.world import fill
from worker import working


@dataclass
class Site:
    """A filled house that is served."""

    house: House
    address: str
    guide: Guide


@pytest.fixture(scope="module")
async def site(
    new_database: Any, temporal_client: Client, mail_server: EmbeddedMail, tmp_path_factory: Any
) -> AsyncIterator[Site]:
    """One house for all pages: looking changes nothing in it."""
    async with new_database() as urls:
        engine, reading = database.make_engine(urls.app), database.make_engine(urls.portal)
        settings = Settings(
            database_url=urls.app,
            temporal_task_queue="accessible",
            deployment_name="accessible",
            smtp_host=mail_server.host,
            smtp_port=mail_server.port,
            import_key="for-tests-" * 4,
            upload_directory=tmp_path_factory.mktemp("uploads"),
            bank_folder=tmp_path_factory.mktemp("bank"),
            _env_file=None,
        )
        house = House(settings, engine, reading, Starter(temporal_client, engine, "accessible"), Sessions(engine))
        async with working(temporal_client, engine, settings, current=True):
            await own_numbers(house)
            await fill(house)
            async with served(make_app(house)) as address:
                yield Site(house, address, await Guide(engine).open())
        await engine.dispose()
        await reading.dispose()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
async def test_a_page_is_accessible(browser: Browser, site: Site, place: Place) -> None:
    async with window(browser, site.house, site.address, site.guide.visitor(place)) as reader:
        await reader.go(site.guide.address(place))
        assert await reader.barriers() == []
