"""What the API says of itself: complete, in the form of its standard, and the same on every page that tells it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from models.messages.words import Instrument
from portal.api.application import PER_MINUTE, make_api
from portal.api.applications import SHAPES, form_in, typed_in
from portal.api.examples import EXAMPLES
from portal.api.names import COLUMNS, ROWS, WORDS
from portal.api.problems import DETAILS, TITLES
from portal.api.scopes import HELD_BY, MEANINGS, Scope
from portal.forms import FORMS
from portal.house import House
from portal.serving import served
from tests.portal.browsing import chromium, window
from tests.portal.systems import ADDRESS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")


@pytest.fixture
def document(house: House) -> dict[str, Any]:
    return make_api(house).openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_is_described_with_its_permission_and_its_problems(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    for name, operation in operations(document):
        assert operation["summary"], name
        assert len(operation["description"]) > 20, name
        assert name == "POST /token" or operation["security"], name
        statuses = set(operation["responses"])
        assert {"401", "403", "404", "422", "429", "503"} <= statuses, name
        if name.startswith("POST"):
            assert {"409", "413", "415"} <= statuses, name
        for status, told in operation["responses"].items():
            assert told["description"], (name, status)
            if int(status) >= 400:
                assert list(told["content"]) == ["application/problem+json"], (name, status)


def test_every_command_takes_a_key_and_every_parameter_is_described(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        parameters = {one["name"]: one for one in operation.get("parameters", ())}
        key = parameters.get("Idempotency-Key")
        assert (key is not None and key["required"]) is (name.startswith("POST") and name != "POST /token"), name


def test_what_is_referred_to_is_there_and_every_shape_is_a_schema(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert named == set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("instrument", EXAMPLES, ids=str)
def test_every_example_fits_its_own_description(document: dict[str, Any], instrument: Instrument) -> None:
    schema = document["components"]["schemas"][SHAPES[instrument].__name__]
    whole = schema | {"components": document["components"]}
    assert list(Draft202012Validator(whole).iter_errors(EXAMPLES[instrument])) == []


def test_every_question_of_every_form_has_a_name_for_outside() -> None:
    for form in FORMS.values():
        for group in form.groups:
            asked = (*group.questions, *(group.rows.questions if group.rows else ()))
            assert {question.column for question in asked} <= set(COLUMNS)
            assert group.rows is None or group.code in ROWS
            named = [COLUMNS[question.column] for question in asked]
            assert len(named) == len(set(named))
            words = {choice.word for question in asked for choice in question.choices}
            assert not {word for word in words - set(WORDS) if len(word) > len("111+209")}


@pytest.mark.parametrize("instrument", EXAMPLES, ids=str)
def test_what_is_sent_is_typed_in_the_form_word_for_word(instrument: Instrument) -> None:
    told: Any = SHAPES[instrument].model_validate(EXAMPLES[instrument])
    typed = typed_in(told)
    written = {column for filled in typed.values() for column in filled.fields}
    said = {COLUMNS[question.column] for question in form_in(told).questions()} & set(EXAMPLES[instrument])
    assert {COLUMNS[column] for column in written} == said


def test_every_permission_means_something_and_is_held_by_somebody() -> None:
    assert set(MEANINGS) == set(Scope) == {scope for held in HELD_BY.values() for scope in held}


def test_the_page_tells_every_operation_and_permission_and_every_status(document: dict[str, Any]) -> None:
    assert {f"`{name}`" for name, _ in operations(document)} == set(re.findall(r"`(?:GET|POST) [^`]+`", PAGE))
    for scope in Scope:
        assert f"| `{scope}` |" in PAGE
    assert f"{PER_MINUTE} questions a minute" in PAGE
    told = {int(status) for row in re.findall(r"^\| ([\d, ]+) \|", PAGE, re.MULTILINE) for status in row.split(", ")}
    assert told == set(TITLES) - {405, 406}
    assert set(DETAILS) <= set(TITLES)


def test_the_example_on_the_page_is_an_application() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert SHAPES[Instrument.FORMAL_TRAINING].model_validate_json(example)


async def test_the_description_is_open_to_all_and_stands_where_the_page_says(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ADDRESS) as http:
        told = await http.get("/api/v1/openapi.json")
        page = await http.get("/api/v1/")
    assert told.json()["servers"] == [{"url": "/api/v1"}]
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    for name, operation in operations(told.json()):
        assert f'id="{operation["operationId"]}"' in page.text, name


async def test_the_page_for_people_is_accessible_on_a_desk_and_on_a_phone(house: House, app: FastAPI) -> None:
    async with (
        served(app) as address,
        chromium() as browser,
        window(browser, house, address) as shown,
    ):
        await shown.go("/api/v1/")
        assert await shown.barriers() == []
