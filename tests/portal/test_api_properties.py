"""The API keeps to its description, whatever is sent: schemathesis asks every operation, rightly and wrongly."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance, unsupported_method

from portal.api.application import make_api
from portal.api.clients import Clients
from portal.api.cursors import packed
from portal.api.limits import Allowance
from portal.serving import served
from tests.portal import systems
from tests.portal.living import Living

EXAMPLES_EACH = 8
"""Of each operation, for what fits its description and for what does not."""
BY_RULES = {("POST", "/applications"), ("POST", "/token"), ("POST", "/dossiers/{number}/hours")}
"""What fits the description may still be wrong here: days in the wrong order, an unknown client, hours of nobody."""
TOO_LARGE = 413
"""A body with far too much in it is turned away before anybody looks what else is wrong with it."""
KEYS = itertools.count(1)


def known_formats(number: str) -> None:
    """Values that a description in JSON cannot tell: check digits, numbers that exist, places in a list."""
    some = {
        "dossier-number": st.sampled_from([number, "ANT-2031-S-000001"]),
        "cursor": st.just(packed(3)),
        "iban": st.just("BE68539007547034"),
        "enterprise-number": st.sampled_from(["0417497106", "0403199702"]),
        "establishment-number": st.just("2000000042"),
        "postcode": st.sampled_from(["2000", "3500", "9000"]),
    }
    for name, values in some.items():
        schemathesis.openapi.format(name, values)


@contextmanager
def warnings_of_others() -> Iterator[None]:
    """What the libraries of the test warn of is not ours."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def ask(operation: Any, mode: GenerationMode, session: requests.Session) -> set[int]:
    """Ask one operation many times, and hold every answer against the description; gives the statuses seen."""
    statuses: set[int] = set()
    by_rules = (operation.method.upper(), operation.path) in BY_RULES
    left_out = [unsupported_method, *([positive_data_acceptance] if by_rules else [])]

    @settings(
        max_examples=EXAMPLES_EACH,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: Case[Any]) -> None:
        assume(not any("\n" in unquote(str(part)) for part in case.path_parameters.values()))  # no address of the API
        if mode is GenerationMode.POSITIVE and "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = f"key-{next(KEYS)}"
        if mode is GenerationMode.POSITIVE and operation.path == "/tasks" and "cursor" in case.query:
            case.query["cursor"] = packed("2024-01-01~")
        answer = case.call(session=session)
        statuses.add(answer.status_code)
        if not (mode is GenerationMode.NEGATIVE and answer.status_code == TOO_LARGE):
            case.validate_response(answer, excluded_checks=left_out)

    asked()
    return statuses


OF_EMPLOYERS = ("/answers", "/withdrawal", "/objection")


def let_in(address: str, client: str, secret: str) -> requests.Session:
    """A session with a token."""
    told = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret}
    session = requests.Session()
    token = requests.post(f"{address}/token", data=told, timeout=10).json()["access_token"]
    session.headers["Authorization"] = f"Bearer {token}"
    return session


def ask_everything(address: str, fund: tuple[str, str], employer: tuple[str, str], number: str) -> list[str]:
    """What was wrong, by operation; a fund asks, and an employer what a fund may not."""
    known_formats(number)
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    of_fund, of_employer = let_in(address, *fund), let_in(address, *employer)
    wrong = []
    with warnings_of_others():
        for found in schema.get_all_operations():
            operation = found.ok()  # type: ignore[union-attr]
            answers = operation.path.endswith(OF_EMPLOYERS) or operation.label == "POST /dossiers/{number}/documents"
            session = of_employer if answers else of_fund
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                try:
                    statuses = ask(operation, mode, session)
                except (
                    BaseExceptionGroup
                ) as failure:  # every operation is asked, and all that is wrong is told together
                    wrong.append(f"{operation.label} {mode}: {failure} {failure.exceptions}")
                    continue
                if operation.method == "get" and (200 in statuses) is (mode is GenerationMode.NEGATIVE):
                    wrong.append(f"{operation.label} {mode}: {sorted(statuses)}")
    return wrong


async def test_every_operation_keeps_to_its_description(living: Living) -> None:
    number = await living.receive()
    api = make_api(living.house, allowance=Allowance(1_000_000, 100_000))
    api.state.guesses = api.state.doorstep = Allowance(1_000_000, 100_000)
    outer = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    outer.mount("/api/v1", api)
    clients = Clients(living.house.engine)
    fund, employer = await clients.add(systems.of_fund()), await clients.add(systems.of_employer())
    async with served(outer) as address:
        wrong = await asyncio.to_thread(ask_everything, f"{address}/api/v1", fund, employer, number)
    assert not wrong, "\n\n".join(wrong)
