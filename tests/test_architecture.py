"""The rules of the house, asked of the code itself: which way imports point, how long things are, what has no home.

The table of rooms in docs/architecture.md is the rule about imports. Tests are tables and stories, as long as they are.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from activities import projections
from commands.told import SENTENCES
from models.messages import events

HOUSE = Path(__file__).resolve().parent.parent
PAGE = (HOUSE / "docs" / "architecture.md").read_text("utf-8")

LINES_OF_A_FILE, LINES_OF_A_WORKFLOW, LINES_OF_A_FUNCTION, LEVELS = 300, 150, 40, 3

LONG_FILES = {
    "migrations/versions/0001_the_first_tables.py": "the tables as they first were: a migration is never edited again",
    "models/messages/events.py": "the one closed list of what can happen; in two files nobody would see it whole",
    "workflows/dossier.py": "the spine: life, side exits and roll-over are one control flow",
    "workflows/requests.py": "one conversation: asking, reminding, more time and answers share what is open",
    "workflows/intake.py": "what three kinds share, told once",
}
LONG_FUNCTIONS = {
    "migrations/versions/0001_the_first_tables.py upgrade": "one statement per table",
    "migrations/versions/0001_the_first_tables.py downgrade": "one statement per table",
    "migrations/versions/0002_guard_the_journal.py upgrade": "SQL, one statement per guard",
    "migrations/versions/0006_the_inbox_of_staff.py _tables": "one statement per table",
    "migrations/versions/0013_many_tasks_at_once.py upgrade": "one statement per table",
    "workflows/requests.py request": "a third of it are the words in which a story may ask",
}
NO_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "manager",
    "service",
    "services",
    "repository",
    "misc",
}
GENERATED = {"build", "__pycache__", "node_modules"}
A_CLOCK_OR_CHANCE = {"time", "random", "secrets", "uuid", "os", "socket", "subprocess", "pathlib", "threading"}


@cache
def _files() -> tuple[str, ...]:
    """Everything that belongs to the project, as it is named from its root."""
    found = (path for path in HOUSE.rglob("*") if path.is_file())
    named = (path.relative_to(HOUSE) for path in found)
    return tuple(sorted(path.as_posix() for path in named if _ours(path)))


def _ours(path: Path) -> bool:
    hidden = any(part.startswith(".") and part != ".ci" for part in path.parts[:-1])
    return not (hidden or GENERATED & set(path.parts) or any(part.endswith(".egg-info") for part in path.parts))


PYTHON = [file for file in _files() if file.endswith(".py")]
PRODUCT = [file for file in PYTHON if not file.startswith(("tests/", "docs/"))]
WORKFLOWS = [file for file in PRODUCT if file.startswith("workflows/") and not file.endswith("__init__.py")]


@cache
def _tree(file: str) -> ast.Module:
    return ast.parse((HOUSE / file).read_text("utf-8"))


def _imported(tree: ast.AST) -> Iterator[str]:
    """Modules by their full name, as far as the import tells it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, "imports are absolute"
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names if node.module == "models")


def _room(module: str) -> str:
    """The room a module stands in; `models` has rooms of its own."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "models" and len(parts) > 1 else parts[0]


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _told_rooms() -> dict[str, set[str]]:
    """The table of docs/architecture.md: each room, and the rooms it may import."""
    table = PAGE[PAGE.index("## The rooms") :]
    rows = re.findall(r"^\| (`[^|]*`) \|[^|]*\|([^|]*)\|$", table[: table.index("\n## ")], re.MULTILINE)
    return {
        _room(_module(named.rstrip("/"))): set(re.findall(r"`([\w.]+)`", allowed))
        for rooms, allowed in rows
        for named in re.findall(r"`([\w./]+)`", rooms)
    }


ROOMS = _told_rooms()
OWN_TOPS = {_module(file).split(".")[0] for file in PRODUCT}


def test_every_room_is_told_and_no_other() -> None:
    standing = {_room(_module(file)) for file in PRODUCT} - {"models"}
    assert set(ROOMS) == standing


def test_no_room_reaches_itself_by_way_of_others() -> None:
    def reached(room: str, seen: frozenset[str]) -> Iterator[str]:
        for following in sorted(ROOMS[room] - seen):
            yield following
            yield from reached(following, seen | {following})

    assert [room for room in ROOMS if room in reached(room, frozenset())] == []


@pytest.mark.parametrize("file", PRODUCT)
def test_imports_point_one_way(file: str) -> None:
    room = _room(_module(file))
    imported = {_room(name) for name in _imported(_tree(file)) if name.split(".")[0] in OWN_TOPS}
    at_the_door = {"commands"} if file == "starter.py" else set()  # `main` hands over to the command line, from within
    assert imported - {room, "models"} - at_the_door <= ROOMS.get(room, set())


@pytest.mark.parametrize("file", WORKFLOWS)
def test_what_a_story_takes_from_us_is_passed_through_the_sandbox(file: str) -> None:
    outside = [node for node in _tree(file).body if isinstance(node, ast.Import | ast.ImportFrom)]
    others = {name.split(".")[0] for node in outside for name in _imported(node)} - sys.stdlib_module_names
    assert others <= {"temporalio"}
    passed = [node for node in _tree(file).body if isinstance(node, ast.With)]
    assert all(ast.unparse(node.items[0]) == "workflow.unsafe.imports_passed_through()" for node in passed)
    inside = {_room(name) for node in passed for name in _imported(node)}
    assert inside <= {"activities", "models.messages", "schemes", "workflows"}


def test_rules_know_libraries_of_their_field_and_nothing_with_a_clock_or_an_outside() -> None:
    known = {"pydantic", "dateutil", "stdnum", "schwifty", "models", "schemes"}
    for file in (file for file in PRODUCT if file.startswith("schemes/")):
        imported = {name.split(".")[0] for name in _imported(_tree(file))}
        assert imported - sys.stdlib_module_names <= known, file
        assert not imported & A_CLOCK_OR_CHANCE, file


@pytest.mark.parametrize("file", [file for file in PRODUCT if file.startswith(("schemes/", "workflows/"))])
def test_neither_rules_nor_stories_look_at_the_clock_of_the_machine(file: str) -> None:
    asked = {
        f"{node.func.value.id}.{node.func.attr}"
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    }
    assert not asked & {"datetime.now", "datetime.today", "datetime.utcnow", "date.today"}
    assert not {name.split(".")[0] for name in _imported(_tree(file))} & A_CLOCK_OR_CHANCE


def test_only_the_database_module_could_commit() -> None:
    committing = {
        file
        for file in PRODUCT
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("commit", "begin")
    }
    assert committing <= {"database.py", "migrations/env.py"}


def test_every_file_is_named_by_what_it_is_about() -> None:
    assert [file for file in PYTHON if NO_NAMES & set(Path(file).with_suffix("").parts)] == []


def test_folders_are_at_most_three_deep() -> None:
    assert [file for file in _files() if file.count("/") > LEVELS] == []


def _lines(file: str) -> int:
    return (HOUSE / file).read_text("utf-8").count("\n")


def _too_long(file: str) -> bool:
    return _lines(file) > (LINES_OF_A_WORKFLOW if file in WORKFLOWS else LINES_OF_A_FILE)


def _long_functions(file: str) -> list[str]:
    functions = (node for node in ast.walk(_tree(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return [
        f"{file} {node.name}" for node in functions if (node.end_lineno or 0) - node.lineno + 1 > LINES_OF_A_FUNCTION
    ]


def test_no_file_grew_too_long() -> None:
    assert {file: _lines(file) for file in PRODUCT if _too_long(file) and file not in LONG_FILES} == {}


def test_no_function_grew_too_long() -> None:
    assert [long for file in PRODUCT for long in _long_functions(file) if long not in LONG_FUNCTIONS] == []


def test_an_exception_that_is_not_needed_any_more_is_taken_away() -> None:
    assert [file for file in LONG_FILES if not _too_long(file)] == []
    assert set(LONG_FUNCTIONS) <= {long for file in PRODUCT for long in _long_functions(file)}


FACTS = {fact.model_fields["type"].default: fact for fact in get_args(get_args(events.AnyEvent)[0])}
WITHOUT_A_ROW = {
    "budget_heard": "the ledger's own row says it, kept by its triggers",
    "answer_kept": "the request says what was answered; what is kept is the dossier's own memory",
    "checked": "checks are read in the timeline",
    "clock_moved": "a rehearsal only",
    "clock_resumed": "days not counted are told by the deadline itself",
    "dates_moved": "questions that moved have rows; the other days are read in the timeline",
    "clock_stopped": "the request that stops the clock has a row",
    "facts_corrected": "what was stated stands in the receipt, what was corrected in the timeline",
    "handed_over": "the closing says it",
    "mail_planned": "the mail itself is a row of the ledger, written in the same statement",
    "mails_withdrawn": "the mails are rows of the ledger, marked in the same statement",
    "message_written": "the message is a row of its own, written before it and erasable",
    "objection_filed": "the task to hear it has a row",
    "condition_settled": "the question and the task of a condition have rows; how it ended is read in the timeline",
    "regime_chosen": "read in the timeline",
    "reversal_proposed": "the task to agree to it has a row; the plan is read in the timeline",
    "reversal_settled": "the decision it led to has a row",
    "withdrawn": "the closing says it",
}


def test_every_event_becomes_rows_or_is_left_out_for_a_reason() -> None:
    tree = _tree("activities/projections.py")
    puts = next(
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == projections.puts.__name__
    )
    matched = {
        node.cls.attr
        for node in ast.walk(puts)
        if isinstance(node, ast.MatchClass) and isinstance(node.cls, ast.Attribute)
    }
    assert {name for name, fact in FACTS.items() if fact.__name__ not in matched} == set(WITHOUT_A_ROW)


def test_every_event_can_be_told_in_words() -> None:
    assert set(SENTENCES) == set(FACTS)


MACHINE = re.compile(r"(?<![\w.])/(?:home|Users)/\w+|/(?:root|work)/\w+")
REGISTRY = re.compile(
    r"py[p]i\.org|python[h]osted\.org|registry\.np[m]js|(?<!emit)-index-ur[l]|artifact[o]ry|/simpl[e]/?\s"
)


def test_nothing_names_a_place_of_one_machine_or_a_registry_of_packages() -> None:
    found = []
    for file in _files():
        try:
            text = (HOUSE / file).read_text("utf-8")
        except UnicodeDecodeError:
            continue  # not text: pictures, workbooks, files of offices in older encodings
        found += [f"{file}: {hit}" for hit in (*MACHINE.findall(text), *REGISTRY.findall(text))]
    assert found == []
