"""Every route with who may use it: declared on the route, written down in docs/portal-access.md, and held to.

`python tests/portal/test_routes.py` prints the table to paste into that page when a route was added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from models.messages.words import Fund, Party, Role
from portal.access.rights import COOKIE, Everybody, Right
from portal.access.visitor import Visitor
from portal.api.door import Needs
from portal.app import make_app
from portal.house import House
from settings import Settings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "portal-access.md"
OPEN_OF_THE_API = {"/api/v1/token", "/api/v1/openapi.json", "/api/v1/"}
"""How a system gets its token, and what it reads before."""


class Declared(NamedTuple):
    """A route, its method, and what it declares."""

    path: str
    method: str
    rights: tuple[Right | Everybody | Needs, ...]

    @property
    def who(self) -> str:
        return " and ".join(map(str, self.rights)) or "everybody"


def _app() -> FastAPI:
    """The application as production makes it: nothing is asked of its servers here."""
    nobody = SimpleNamespace(settings=Settings(_env_file=None), engine=None, reading=None, starter=None, sessions=None)
    return make_app(cast(House, nobody))


def _routes(routes: Any, prefix: str = "") -> Iterator[tuple[str, APIRoute]]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield prefix + route.path, route
        elif (router := getattr(route, "original_router", None)) is not None:
            yield from _routes(router.routes, prefix)
        elif isinstance(getattr(route, "app", None), FastAPI):
            yield from _routes(route.app.routes, prefix + route.path)


def _dependencies(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _dependencies(inner)


def declared(app: FastAPI) -> list[Declared]:
    """Every route of the application, in the order of its address."""
    found: list[Declared] = []
    for path, route in _routes(app.routes):
        calls = {call for call in _dependencies(route.dependant) if isinstance(call, Right | Everybody | Needs)}
        found += (Declared(path, method, tuple(sorted(calls, key=str))) for method in sorted(route.methods or ()))
    return sorted(found, key=lambda one: (one.path, one.method))


def asked_days() -> list[tuple[str, str]]:
    """Every address in which a day may be asked, and its name there."""
    return sorted(
        (path, field.alias)
        for path, route in _routes(_app().routes)
        for field in route.dependant.query_params
        if "datetime.date" in str(field.field_info.annotation)
    )


def table() -> str:
    """The page's table."""
    rows = ["| address | method | who |", "|---|---|---|"]
    return "\n".join([*rows, *(f"| `{one.path}` | {one.method} | {one.who} |" for one in ALL)])


ALL = declared(_app())
PAGES = [one for one in ALL if any(isinstance(right, Right) for right in one.rights)]


def test_every_route_declares_who_may_use_it() -> None:
    silent = [one for one in ALL if len(one.rights) != 1 and one.path not in OPEN_OF_THE_API]
    assert silent == []
    assert len(PAGES) > 10


def test_the_page_tells_every_route_and_who_may_use_it() -> None:
    assert table() in PAGE.read_text("utf-8")


def test_only_the_demonstration_has_its_door() -> None:
    assert not [one for one in ALL if one.path.startswith("/demo")]
    assert {one.path for one in declared(_demonstration())} - {one.path for one in ALL} == {"/demo"}


def _demonstration() -> FastAPI:
    nobody = SimpleNamespace(settings=Settings(_env_file=None), engine=None, reading=None, starter=None, sessions=None)
    return make_app(cast(House, nobody), demo=True)


def test_no_setting_opens_the_door_of_the_demonstration() -> None:
    assert not [name for name in Settings.model_fields if "demo" in name]


def _address(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "1", path)


@pytest.fixture
async def browser(app: FastAPI) -> Any:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://portal.example") as client:
        yield client


async def test_who_is_not_signed_in_is_sent_to_the_doors(browser: httpx.AsyncClient) -> None:
    for one in PAGES:
        answer = await browser.request(one.method, _address(one.path))
        assert (answer.status_code, answer.headers.get("location", "")[:10]) == (303, "/aanmelden"), one


def _person(party: Party, roles: frozenset[Role] = frozenset()) -> Visitor:
    funds = (Fund.ANTWERPEN,) if party is Party.STAFF else ()
    return Visitor(session="", csrf="", person=f"{party}-1", name="N", party=party, funds=funds, roles=roles)


OUTSIDE = (Party.STAFF, Party.APPLICANT, Party.EXPERT, Party.AGENCY, Party.PARTICIPANT)


@pytest.mark.parametrize("party", OUTSIDE)
async def test_a_page_for_others_is_refused(browser: httpx.AsyncClient, house: House, party: Party) -> None:
    browser.cookies.set(COOKIE, await house.sessions.open(_person(party)))
    for one in PAGES:
        (right,) = one.rights
        assert isinstance(right, Right)
        if party not in right.parties or right.roles:
            answer = await browser.request(one.method, _address(one.path))
            assert answer.status_code == 403, one
            assert "Dit kan niet" in answer.text


async def test_no_form_counts_without_the_token_of_the_session(browser: httpx.AsyncClient, house: House) -> None:
    for one in PAGES:
        (right,) = one.rights
        assert isinstance(right, Right)
        if one.method not in ("GET", "HEAD"):
            person = _person(sorted(right.parties)[0], right.roles or frozenset({Role.HANDLER}))
            browser.cookies.set(COOKIE, await house.sessions.open(person))
            answer = await browser.request(one.method, _address(one.path), data={"csrf": "guessed"})
            assert answer.status_code == 422, one
            assert "hoort niet bij uw sessie" in answer.text, one


if __name__ == "__main__":
    print(table())
