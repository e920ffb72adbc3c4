"""The description of the API: OpenAPI 3.1 for systems, one plain page for people."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.api.problems import MEDIA_TYPE, TITLES, Problem
from portal.api.scopes import MEANINGS
from portal.pages import TEMPLATES

VERSION = "1.0.0"
SUMMARY = """What the pages of Doorstroom show and do, for other systems.

Ask a token (client credentials), send it as a bearer. Lists come in pages: give `next` as `cursor`. An answer carries
an `ETag`; ask again with `If-None-Match` and unchanged is a 304. Everything that changes something takes an
`Idempotency-Key` of your choice: sent again with the same body it gives the same answer, and nothing happens twice.
Problems come as `application/problem+json` with a code that stays and a Dutch sentence for people. Fields that are not
described here are refused. Codes may be added within this version; what stands here stays."""
TAGS = [
    {"name": "Access", "description": "A token for a system that knows its secret"},
    {"name": "Readings", "description": "Where things stand; only what concerns the client"},
    {"name": "Commands", "description": "What changes something; each under an `Idempotency-Key`"},
]
description_router = APIRouter(include_in_schema=False)


def described(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with problems as the one form of everything that goes wrong."""
    document = get_openapi(
        title="Doorstroom",
        version=VERSION,
        openapi_version="3.1.0",
        summary="Dossiers of the career funds",
        description=SUMMARY,
        routes=api.routes,
        tags=TAGS,
        servers=[{"url": "/api/v1"}],
    )
    for path in document["paths"].values():
        for operation in path.values():
            _with_problems(operation)
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas.update(_schema_of_problems())
    return document


def _with_problems(operation: dict[str, Any]) -> None:
    """Name every problem that an operation may tell."""
    changes = "requestBody" in operation
    statuses = [400, 401, 403, 404, 422, 429, 500, 503] + ([409, 413, 415] if changes else [])
    told = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    responses = operation["responses"]
    for status in sorted(statuses):
        known = responses.get(str(status), {})
        text = known.get("description") if status != 422 else None
        responses[str(status)] = {"description": text or TITLES[status], **told}
    for named, header in (("401", "WWW-Authenticate"), ("429", "Retry-After"), ("503", "Retry-After")):
        responses[named] = responses[named] | {"headers": {header: {"schema": {"type": "string"}}}}


def _schema_of_problems() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def describe(api: FastAPI) -> None:
    """Make the description once; it does not change while the process runs."""
    api.openapi = lambda: _kept(api)  # type: ignore[method-assign]


def _kept(api: FastAPI) -> dict[str, Any]:
    if api.openapi_schema is None:
        api.openapi_schema = described(api)
    return api.openapi_schema


@description_router.get("/openapi.json")
async def openapi(request: Request) -> JSONResponse:
    """The description for systems."""
    return JSONResponse(request.app.openapi(), headers={"Cache-Control": "public, max-age=300"})


@description_router.get("/")
async def page(request: Request) -> HTMLResponse:
    """The description for people."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    document = request.app.openapi()
    html = environment.get_template("api/page.html").render(
        document=document, scopes=MEANINGS, operations=list(_operations(document)), titles=TITLES
    )
    return HTMLResponse(html)


class Body(NamedTuple):
    """What an operation takes: its fields, and an example of it."""

    title: str
    fields: tuple[tuple[str, bool, str, str], ...]
    """Name, whether it is needed, what sort of value, and what it says."""
    example: str


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each operation with its method, address, permission, parameters and what it takes."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            needs = [scope for one in operation.get("security", ()) for scopes in one.values() for scope in scopes]
            content = operation.get("requestBody", {}).get("content", {})
            bodies = [body for kind in content.values() for body in _bodies(document, kind["schema"])]
            yield {"method": method.upper(), "path": path, "needs": needs, "bodies": bodies, **operation}


def _bodies(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[Body]:
    """The shapes a body may have, and the shapes of rows in them."""
    for one in schema.get("oneOf", [schema] if "$ref" in schema else []):
        named = document["components"]["schemas"][one["$ref"].rpartition("/")[2]]
        needed = named.get("required", ())
        fields = tuple(
            (name, name in needed, _sort(told), told.get("description", ""))
            for name, told in named["properties"].items()
        )
        example = json.dumps(named["examples"][0], ensure_ascii=False, indent=2) if named.get("examples") else ""
        yield Body(named["title"], fields, example)
        for told in named["properties"].values():
            if "$ref" in told.get("items", {}) and "properties" in _named(document, told["items"]):
                yield from _bodies(document, told["items"])


def _named(document: dict[str, Any], reference: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][reference["$ref"].rpartition("/")[2]]
    return found


def _sort(told: dict[str, Any]) -> str:
    """A value in a word or two."""
    if "anyOf" in told:
        return _sort(next(one for one in told["anyOf"] if one.get("type") != "null"))
    if "enum" in told:
        return " | ".join(map(str, told["enum"]))
    if "const" in told:
        return str(told["const"])
    if "$ref" in told:
        return str(told["$ref"].rpartition("/")[2])
    if "items" in told:
        return f"list of {_sort(told['items'])}"
    return str(told.get("format") or told.get("type", ""))
