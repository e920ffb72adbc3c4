"""A system that speaks to the house through the API, as tests play it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from models.messages.words import Fund, Party
from portal.api.clients import Clients, Registration
from portal.api.scopes import HELD_BY, Scope

ADDRESS = "http://portal.example"
ENTERPRISE = "0417497106"
NAMED = itertools.count(1)


@dataclass
class System:
    """A client with a token; it never sends a cookie."""

    http: httpx.AsyncClient
    client: str
    secret: str
    headers: dict[str, str] = field(default_factory=dict)

    async def sign_in(self, **more: str) -> httpx.Response:
        told = {"grant_type": "client_credentials", "client_id": self.client, "client_secret": self.secret}
        answer = await self.http.post("/api/v1/token", data=told | more)
        if answer.status_code == 200:
            self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        return answer

    async def get(self, path: str, **more: Any) -> httpx.Response:
        headers = self.headers | more.pop("headers", {})
        return await self.http.get(f"/api/v1{path}", headers=headers, **more)

    async def post(self, path: str, body: Any = None, *, key: str | None = "", **more: Any) -> httpx.Response:
        """Under a key of its own unless one is given; None sends none."""
        own = {} if key is None else {"Idempotency-Key": key or f"key-{next(NAMED)}"}
        headers = self.headers | own | more.pop("headers", {})
        return await self.http.post(f"/api/v1{path}", json=body, headers=headers, **more)

    async def send(
        self, path: str, content: bytes, kind: str = "application/octet-stream", *, key: str = ""
    ) -> httpx.Response:
        """The content of a document."""
        headers = self.headers | {"Idempotency-Key": key or f"key-{next(NAMED)}", "Content-Type": kind}
        return await self.http.post(f"/api/v1{path}", content=content, headers=headers)


def of_fund(*funds: Fund, scopes: frozenset[Scope] = HELD_BY[Party.SYSTEM]) -> Registration:
    """A system of these funds."""
    return Registration(name="CRM", party=Party.SYSTEM, funds=funds or (Fund.ANTWERPEN,), scopes=scopes)


def of_employer(*enterprises: str, scopes: frozenset[Scope] = HELD_BY[Party.APPLICANT]) -> Registration:
    """A system of an employer."""
    own = enterprises or (ENTERPRISE,)
    return Registration(name="Personeel", party=Party.APPLICANT, enterprises=own, scopes=scopes)


async def let_in(app: FastAPI, clients: Clients, told: Registration) -> System:
    """This system, with a token for all that it holds."""
    client, secret = await clients.add(told)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ADDRESS)
    system = System(http, client, secret)
    assert (await system.sign_in()).status_code == 200
    return system
