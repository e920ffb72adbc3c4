"""What the pages say exists, is complete and can be typed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import typer

from commands import app
from models.messages.words import Fund, Instrument, Kind, Outcome, Party, Role
from settings import Settings

HOUSE = Path(__file__).resolve().parent.parent
PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *(f"docs/{page.name}" for page in (HOUSE / "docs").glob("*.md")),
]
PAGES += [f"docs/{page.parent.name}/{page.name}" for page in (HOUSE / "docs").glob("*/*.md")]


def _page(name: str) -> str:
    return (HOUSE / name).read_text("utf-8")


def settings_table() -> str:
    """Every setting as docs/operations.md shows it; paste it there when a setting changed."""
    rows = ["| setting | default | says |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = (
            ""
            if field.default is None
            else str(field.default).lower()
            if field.default in (True, False)
            else field.default
        )
        rows.append(f"| DOORSTROOM_{name.upper()} | {default} | {field.description} |")
    return "\n".join(rows)


def test_every_setting_is_told_with_its_default() -> None:
    assert settings_table() in _page("docs/operations.md")


def _typed(page: str) -> Iterator[list[str]]:
    for block in re.findall(r"```sh\n(.*?)```", _page(page), re.DOTALL):
        for line in block.splitlines():
            yield shlex.split(line, comments=True)


COMMANDS = [
    (page, words) for page in PAGES for words in _typed(page) if words and words[0].endswith(("make", "doorstroom"))
]
TARGETS = set(re.findall(r"^([a-z-]+):", _page("Makefile"), re.MULTILINE)) - {"help"}  # what `make` alone does


@pytest.mark.parametrize(
    ("page", "words"), COMMANDS, ids=lambda told: told if isinstance(told, str) else " ".join(told)
)
def test_a_command_on_a_page_exists_with_these_options(page: str, words: list[str]) -> None:
    assert page
    if words[0] == "make":
        assert set(words[1:]) - {word for word in words if "=" in word} <= TARGETS
        return
    command: Any = typer.main.get_command(app)
    rest = words[1:]
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        command = command.commands[rest.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
    assert {word for word in rest if word.startswith("-")} <= known


def test_the_readme_tells_the_two_commands_and_every_target_is_somewhere() -> None:
    told = [words for page, words in COMMANDS if page == "README.md"]
    assert ["make", "demo"] in told
    assert ["make", "test"] in told
    assert {
        target
        for target in TARGETS
        if not re.search(rf"make {target}\b", _page("README.md") + _page("CONTRIBUTING.md"))
    } == set()


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_links_to_is_there(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", _page(page)):
        assert ((HOUSE / page).parent / target).exists(), target


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_files_and_folders_that_a_page_names_are_there(page: str) -> None:
    named = re.findall(r"`((?:[\w-]+/)+[\w.-]*|\w+\.(?:py|toml|yml))`", _page(page))
    within = [HOUSE, HOUSE / "workflows"]
    assert [path for path in named if not any((place / path).exists() for place in within)] == []


@pytest.mark.parametrize("words", [Kind, Instrument, Role, Outcome, Party, Fund], ids=lambda words: words.__name__)
def test_the_glossary_has_every_word_of_a_closed_list(words: type[StrEnum]) -> None:
    told = set(re.findall(r"^\| `([\w]+)`", _page("docs/glossary.md"), re.MULTILINE))
    assert {word.value for word in words} - told == set()


def test_decisions_are_numbered_without_a_gap_and_have_one_shape() -> None:
    decisions = sorted((HOUSE / "docs" / "adr").glob("*.md"))
    assert [int(decision.name[:4]) for decision in decisions] == list(range(1, len(decisions) + 1))
    for decision in decisions:
        told = decision.read_text("utf-8")
        assert told.startswith(f"# {decision.name[:4]}. ")
        assert re.findall(r"^\*\*(\w+)\.\*\*", told, re.MULTILINE) == ["Context", "Decision", "Consequences"]
