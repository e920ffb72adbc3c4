"""The API as an application of its own, mounted beside the pages: bearer tokens only, cookies mean nothing here."""

from fastapi import FastAPI
from fastapi.routing import APIRoute

from portal.api import answering, applying, commands, door, guidance, readings
from portal.api.clients import Clients
from portal.api.description import describe, description_router
from portal.api.envelope import Envelope
from portal.api.limits import Allowance
from portal.api.problems import tell_problems
from portal.api.repeats import Repeats
from portal.documents.uploads import MEGABYTE
from portal.house import House

ROOMS = (
    door.router,
    readings.router,
    guidance.reads,
    applying.router,
    answering.router,
    commands.router,
    guidance.writes,
)
PER_MINUTE, AT_ONCE = 600, 100
"""Questions of one client."""
TOKENS_PER_MINUTE, TOKENS_AT_ONCE = 10, 20
"""Asks for a token under one name: guessing a secret ends here."""
DOORSTEP_PER_MINUTE, DOORSTEP_AT_ONCE = 120, 60
"""Asks for a token from one address."""


def make_api(house: House, *, allowance: Allowance | None = None) -> FastAPI:
    """The API on this house. `allowance` is how much one client may ask."""
    api = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, generate_unique_id_function=_operation)
    api.state.house = house
    api.state.clients = Clients(house.engine)
    api.state.repeats = Repeats(house.engine)
    api.state.allowance = allowance or Allowance(PER_MINUTE, AT_ONCE)
    api.state.guesses = Allowance(TOKENS_PER_MINUTE, TOKENS_AT_ONCE)
    api.state.doorstep = Allowance(DOORSTEP_PER_MINUTE, DOORSTEP_AT_ONCE)
    for router in ROOMS:
        api.include_router(router)
    api.include_router(description_router)
    api.add_middleware(Envelope, most_of_a_document=house.settings.upload_limit_mb * MEGABYTE)
    tell_problems(api)
    describe(api)
    return api


def _operation(route: APIRoute) -> str:
    """The name of an operation, by which clients are generated: short, and it stays."""
    return route.name
