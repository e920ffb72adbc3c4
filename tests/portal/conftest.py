"""Pages as people get them: the whole application on this test's own database, asked through ASGI or by a browser."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from playwright.async_api import Browser
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.service import RPCError

import database
from database import transaction
from embedded import EmbeddedMail
from models.messages.words import Fund, Party, Role
from models.tables import Employer, StaffMember
from portal.access.rights import COOKIE
from portal.access.sessions import Sessions
from portal.access.visitor import Visitor
from portal.api.clients import Clients
from portal.app import make_app
from portal.house import House
from portal.serving import served
from rehearsal.cast import members
from settings import Settings
from starter import Starter
from tests.portal.browsing import Window, chromium, window
from tests.portal.living import Living, own_numbers
from tests.portal.systems import System, let_in, of_employer, of_fund
from worker import working
from workflows.post_room import POST_ROOM

ORIGIN = "http://portal.example"


@pytest.fixture
def queue() -> str:
    return f"portal-{uuid.uuid4().hex[:8]}"


@pytest.fixture
async def house(
    temporal_client: Client, engine: AsyncEngine, database_urls: Any, queue: str, tmp_path: Path
) -> AsyncIterator[House]:
    """The house of the portal on this test's database; staff of two funds and an employer stand in it."""
    settings = Settings(
        database_url=database_urls.app,
        temporal_task_queue=queue,
        import_key="for-tests-" * 4,
        upload_directory=tmp_path / "uploads",
        bank_folder=tmp_path / "bank",
        _env_file=None,
    )
    reading = database.make_engine(database_urls.portal)
    async with transaction(engine) as connection:
        await connection.execute(insert(StaffMember), members((Fund.ANTWERPEN, Fund.LIMBURG)))
        await connection.execute(insert(Employer), [EMPLOYER])
    yield House(settings, engine, reading, Starter(temporal_client, engine, queue), Sessions(engine))
    await reading.dispose()


@pytest.fixture
async def living(house: House, temporal_client: Client, mailbox: EmbeddedMail, queue: str) -> AsyncIterator[Living]:
    """The house with a worker in it: what a page sends happens. No post room of an earlier house is left open."""
    with contextlib.suppress(RPCError):
        await temporal_client.get_workflow_handle(POST_ROOM).terminate()
    more = {"deployment_name": queue, "smtp_host": mailbox.host, "smtp_port": mailbox.port}
    await own_numbers(house)
    async with working(temporal_client, house.engine, house.settings.model_copy(update=more), current=True):
        yield Living(house, mailbox)


EMPLOYER = {
    "establishment_number": "2.000.000.042",
    "enterprise_number": "0417497106",
    "fund": "ANT",
    "name": "Staalbouw Peeters",
    "postcode": "2000",
    "municipality": "Antwerpen",
    "joint_committee_workers": "111",
    "joint_committee_employees": "209",
    "workers": 40,
    "employees": 12,
    "headcount_on": __import__("datetime").date(2024, 9, 30),
    "iban": "BE68539007547034",
    "contact_name": "Petra Peeters",
    "email": "petra@staalbouw.example",
    "phone": "03 123 45 67",
    "language": "nl",
}


@pytest.fixture
def app(house: House) -> FastAPI:
    """The application as production makes it: without the door of the demonstration."""
    return make_app(house)


class _Reader(HTMLParser):
    """Finds the forms and the texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.texts: list[str] = []
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self._skip += 1
        if tag == "form":
            self.forms.append({"action": named.get("action", ""), "method": named.get("method", "get"), "fields": {}})
        if tag in ("input", "button") and self.forms and named.get("name"):
            if named.get("type") in ("checkbox", "radio") and "checked" not in named:
                return
            if tag == "input":
                self.forms[-1]["fields"][named["name"]] = named.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._skip -= 1

    def handle_data(self, data: str) -> None:
        if not self._skip and data.strip():
            self.texts.append(" ".join(data.split()))


@dataclass
class Page:
    """An answer, as its reader sees it."""

    response: httpx.Response
    reader: _Reader = field(default_factory=_Reader)

    def __post_init__(self) -> None:
        if "html" in self.response.headers.get("content-type", ""):
            self.reader.feed(self.response.text)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """Everything a reader sees, without the marks."""
        return " ".join(self.reader.texts)

    @property
    def html(self) -> str:
        return self.response.text

    @property
    def address(self) -> str:
        """Where the reader ended, after redirects."""
        return self.response.url.raw_path.decode()

    def form(self, action: str) -> dict[str, str]:
        """The fields of the form that goes to this address, as the page filled them in."""
        found = [form for form in self.reader.forms if form["action"].split("?")[0] == action]
        assert found, f"no form to {action}: {[form['action'] for form in self.reader.forms]}"
        return dict(found[0]["fields"])


@dataclass
class Reader:
    """Somebody with a browser without script. `submit` fills in a form of the page as it was shown."""

    client: httpx.AsyncClient
    visitor: Visitor | None = None
    page: Page | None = None

    async def get(self, address: str, **more: Any) -> Page:
        self.page = Page(await self.client.get(address, follow_redirects=True, **more))
        return self.page

    async def submit(self, action: str, **values: Any) -> Page:
        assert self.page is not None, "first a page, then its form"
        filled = self.page.form(action.split("?")[0]) | values
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
        answer = await self.client.post(action, data=filled, headers=headers, follow_redirects=True)
        self.page = Page(answer)
        return self.page


SignIn = Callable[..., Awaitable[Reader]]


@pytest.fixture
async def sign_in(app: FastAPI, house: House) -> AsyncIterator[SignIn]:
    """Readers: `await sign_in()` is nobody, `await sign_in(staff())` a member of staff."""
    opened: list[httpx.AsyncClient] = []

    async def signed(visitor: Visitor | None = None) -> Reader:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN)
        opened.append(client)
        if visitor is not None:
            client.cookies.set(COOKIE, await house.sessions.open(visitor))
        return Reader(client, visitor)

    yield signed
    for client in opened:
        await client.aclose()


def staff(person: str = "ANT-handler-1", *roles: Role) -> Visitor:
    """A member of staff; the roles follow from the name unless others are given."""
    fund, role, _ = person.split("-")
    return Visitor(
        session="",
        csrf="",
        person=person,
        name=person,
        party=Party.STAFF,
        funds=(Fund(fund),),
        roles=frozenset(roles or (Role(role),)),
    )


def employer(enterprise: str = "0417497106", person: str = "employer-1") -> Visitor:
    """Somebody of an employer."""
    return Visitor(
        session="", csrf="", person=person, name="Petra Peeters", party=Party.APPLICANT, enterprises=(enterprise,)
    )


@pytest.fixture(name="staff")
def _staff() -> Callable[..., Visitor]:
    return staff


@pytest.fixture(name="employer")
def _employer() -> Callable[..., Visitor]:
    return employer


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for the whole run; every window of it is its own person."""
    async with chromium() as started:
        yield started


@pytest.fixture
async def site(app: FastAPI) -> AsyncIterator[str]:
    """The address of the application, served as in production."""
    async with served(app) as address:
        yield address


OpenWindow = Callable[..., AbstractAsyncContextManager[Window]]


@pytest.fixture
def open_window(browser: Browser, house: House, site: str) -> OpenWindow:
    """Windows of people: `async with open_window(staff()) as handler:`."""

    def opened(visitor: Visitor | None = None, **more: Any) -> AbstractAsyncContextManager[Window]:
        return window(browser, house, site, visitor, **more)

    return opened


@pytest.fixture
def clients(house: House) -> Clients:
    return Clients(house.engine)


@pytest.fixture
async def crm(app: FastAPI, clients: Clients) -> System:
    """A system of the fund of Antwerp."""
    return await let_in(app, clients, of_fund())


@pytest.fixture
async def employer_system(app: FastAPI, clients: Clients) -> System:
    return await let_in(app, clients, of_employer())
