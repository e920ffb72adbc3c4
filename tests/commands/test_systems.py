"""Letting other systems in and out on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from database import make_engine
from portal.api.clients import Clients


async def test_a_system_is_let_in_listed_and_shut_out(cli: Any, database_urls: Any) -> None:
    added = (
        await cli("api-client", "add", "Learnlog", "--fund", "ANT", "--scope", "applications:write", "--json")
    ).json
    engine = make_engine(database_urls.app)
    clients = Clients(engine)
    assert await clients.token(added["client"], added["secret"]) is not None

    (listed,) = (await cli("api-client", "list", "--json")).json["clients"]
    assert (listed["name"], listed["funds"], listed["active"]) == ("Learnlog", ["ANT"], True)
    assert added["secret"] not in str(listed)

    assert (await cli("api-client", "revoke", added["client"])).code == 0
    assert await clients.token(added["client"], added["secret"]) is None
    await engine.dispose()
    assert "nee" in (await cli("api-client", "list")).out


REFUSED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "for nobody": (("--scope", "dossiers:read"), "voor wie"),
    "an employer that reads the work list": (
        ("--party", "applicant", "--enterprise", "0417497106", "--scope", "tasks:read"),
        "tasks:read",
    ),
    "a fund that answers for an employer": (("--fund", "ANT", "--scope", "answers:write"), "answers:write"),
    "a member of staff": (("--party", "staff", "--fund", "ANT"), "werkt voor"),
    "an enterprise that cannot be": (("--party", "applicant", "--enterprise", "0417497107"), "ondernemingsnummer"),
}


@pytest.mark.parametrize(("told", "says"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_system_gets_no_more_than_its_sort_may_have(cli: Any, told: tuple[str, ...], says: str) -> None:
    answer = await cli("api-client", "add", "X", *told, ok=False)
    assert answer.code == 1
    assert says in answer.err


async def test_shutting_out_a_system_that_is_not_there_says_so(cli: Any) -> None:
    answer = await cli("api-client", "revoke", "api-000000000000", ok=False)
    assert (answer.code, "Er is geen toepassing" in answer.err) == (1, True)
