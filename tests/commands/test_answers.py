"""What commands say and the code they leave with, when all is well and when a server is away."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from commands import dutch, manual
from commands.console import NO_TABLES
from commands.told import SENTENCES
from database import make_engine, transaction
from embedded.running import FILE, announce, announced, withdraw_announcement
from models.messages.events import AnyEvent

PAGE = Path(__file__).resolve().parents[2] / "docs" / "commands.md"
COMMANDS = list(manual.every_command())
FILES = Path(__file__).resolve().parents[1] / "importing" / "files"


@pytest.mark.parametrize(
    ("silence", "said"),
    [
        ("asks_agency", "vragen wij het aan het outplacementbureau"),
        ("not_started", "start de begeleiding niet"),
        ("unknown", "noteren wij dat wij het niet weten"),
        ("escalates:team_lead", "gaat de taak naar: teamverantwoordelijke"),
        (None, "gebeurt er niets vanzelf"),
    ],
)
def test_what_silence_leads_to_ends_a_sentence(silence: str | None, said: str) -> None:
    assert dutch.otherwise(silence) == said


def test_the_manual_is_what_the_commands_say_of_themselves() -> None:
    assert PAGE.read_text("utf-8") == manual.manual(), "write it anew: python -m commands.manual > docs/commands.md"


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_command_explains_itself(path: str, command: Any) -> None:
    assert command.help
    assert all(parameter.help for parameter in command.params), [one.name for one in command.params if not one.help]
    assert path in (command.epilog or "")


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[path for path, _ in COMMANDS])
def test_every_example_uses_options_that_exist(path: str, command: Any) -> None:
    spelled = {option for parameter in command.params for option in parameter.opts}
    for example in (command.epilog or "").partition(": ")[2].split(";"):
        words = shlex.split(example.split(" > ")[0])
        if "doorstroom" in words:
            assert {word for word in words if word.startswith("--")} <= spelled, path


def test_every_event_has_a_sentence() -> None:
    assert set(SENTENCES) == {fact.model_fields["type"].default for fact in get_args(get_args(AnyEvent)[0])}


AWAY = {
    "the work list": ("tasks",),
    "a dossier": ("show", "ANT-2024-S-000001"),
    "verification": ("verify",),
    "a claim": ("claim", "ANT-2024-S-000001/review/1", "--person", "ANT-handler-1"),
    "the state of the house": ("status",),
}


@pytest.mark.parametrize("words", AWAY.values(), ids=AWAY.keys())
async def test_without_a_database_there_is_a_sentence_and_code_4(
    cli: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    said = await cli(*words, ok=False)

    assert (said.code, said.out) == (4, "")
    assert said.err == "De databank is niet bereikbaar. Draait PostgreSQL, en klopt DATABASE_URL?\n"


async def test_without_temporal_a_command_says_so_and_a_receipt_still_stands(
    cli: Any, monkeypatch: pytest.MonkeyPatch, application_file: Any
) -> None:
    monkeypatch.setenv("DOORSTROOM_TEMPORAL_ADDRESS", "127.0.0.1:1")

    received = await cli("receive", str(application_file()), "--json")
    withdrawn = await cli("withdraw", "ANT-2024-S-000001", ok=False)
    status = await cli("status", "--json", ok=False)

    assert (received.json["new"], received.json["started"]) == (True, False)
    assert (withdrawn.code, withdrawn.err[:22]) == (4, "Temporal is niet berei")
    assert (status.code, status.json["temporal"], status.json["unstarted_receipts"]) == (4, False, 1)
    shown = await cli("show", received.json["number"], ok=False)
    assert (shown.code, "start zodra een worker draait" in shown.err) == (1, True)


async def test_without_any_setting_a_command_says_what_to_do(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")

    said = await cli("tasks", ok=False)

    assert (said.code, "make demo" in said.err) == (4, True)


class RunningStack:
    """What `announce` asks of a stack."""

    def __init__(self, **variables: str) -> None:
        self._variables = variables

    def environment(self) -> dict[str, str]:
        return self._variables


async def test_commands_find_the_demonstration_of_their_directory(
    cli: Any, monkeypatch: pytest.MonkeyPatch, database_urls: Any, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    state = tmp_path / "state"
    state.mkdir()
    announce(state, RunningStack(DOORSTROOM_DATABASE_URL=database_urls.app, DOORSTROOM_SMTP_PORT="1"))  # type: ignore[arg-type]

    assert (await cli("tasks", "--json")).json == {"tasks": [], "next": None}
    assert (state / FILE).stat().st_mode & 0o777 == 0o600

    withdraw_announcement(state)
    assert (await cli("tasks", ok=False)).code == 4


def test_what_a_killed_demonstration_left_behind_tells_nothing(tmp_path: Path) -> None:
    announce(tmp_path, RunningStack(DOORSTROOM_DATABASE_URL="x"))  # type: ignore[arg-type]
    assert announced(tmp_path) == {"DOORSTROOM_DATABASE_URL": "x"}
    told = json.loads((tmp_path / FILE).read_text())

    (tmp_path / FILE).write_text(json.dumps(told | {"pid": str(2**30)}))

    assert told["pid"] == str(os.getpid())
    assert announced(tmp_path) is None


MISUSED = {
    "no amount": ("complete", "t", "--person", "p", "--outcome", "approve", "--amount", "veel"),
    "no day": ("report", "n", "new_job", "--on", "morgen"),
    "free text for a reason": ("complete", "t", "--person", "p", "--outcome", "refuse", "--reason", "Jan is ziek"),
    "an answer without a name": ("answer", "n", "survey", "--value", "tevreden"),
    "free text in an answer": ("answer", "n", "survey", "--value", "survey=Jan was ziek"),
    "an account number in an answer": ("answer", "n", "completion", "--value", "iban=BE68539007547034"),
    "an account number that cannot be": ("answer", "n", "completion", "--iban", "BE68539007547035"),
    "free text in what is told": ("report", "n", "new_job", "--on", "2025-01-31", "--value", "employer=Staal & Zoon"),
    "an unknown outcome": ("report", "n", "new_job", "--on", "2025-01-31", "--value", "outcome=tevreden"),
    "an unknown document": ("answer", "n", "evidence", "--document", "foto"),
    "neither all nor a number": ("rebuild",),
    "neither sent nor again": ("settle", "x", "--person", "p"),
    "no file": ("receive",),
    "a file that is not there": ("receive", "weg.json"),
    "an unknown command": ("dance",),
}


@pytest.mark.parametrize("words", MISUSED.values(), ids=MISUSED.keys())
async def test_a_command_that_is_not_right_leaves_with_code_2(cli: Any, words: tuple[str, ...]) -> None:
    said = await cli(*words, ok=False)

    assert (said.code, said.out) == (2, "")
    assert said.err


REFUSED = {
    "an unknown dossier": (("show", "ANT-1999-S-000001"), "bestaat niet"),
    "an unknown person": (("claim", "t", "--person", "nobody"), "geen actieve medewerker"),
    "an unknown payment": (("confirm-payment", "x/payment/1/1", "--reference", "r"), "bestaat niet"),
    "a mail that is not in doubt": (("settle", "x", "--sent", "--person", "ANT-handler-1"), "niets te beslissen"),
    "a cursor of elsewhere": (("tasks", "--after", "x"), "geen plaats in de werklijst"),
    "nothing to rebuild": (("rebuild", "ANT-1999-S-000001"), "geen enkel event"),
    "a day before all policies": (("policies", "show", "ANT", "formal_training", "--on", "01/01/1999"), "reglement"),
}


async def test_a_rule_that_says_no_is_a_sentence_and_code_1(cli: Any) -> None:
    who = ("--fund", "ANT", "--name", "An", "--email", "an@x.example", "--role", "handler")
    await cli("staff", "add", "ANT-handler-1", *who)
    for name, (words, sentence) in REFUSED.items():
        said = await cli(*words, ok=False)
        assert (said.code, said.out, sentence in said.err) == (1, "", True), (name, said)


async def test_a_person_decides_on_a_mail_that_nobody_knows_of(cli: Any, engine: AsyncEngine) -> None:
    who = ("--fund", "ANT", "--name", "An", "--email", "an@x.example", "--role", "team_lead")
    await cli("staff", "add", "ANT-lead-1", *who)
    async with transaction(engine) as connection:
        for mail in ("ANT-1/a", "ANT-1/b"):
            await connection.execute(
                text(
                    "INSERT INTO effect (effect, dossier, template, occasion, party, values, dated, state, attempts, "
                    "not_before, planned_at) VALUES (:mail, 'ANT-1', 'receipt', '1', 'applicant', '{}', now(), "
                    "'unknown', 1, now(), now())"
                ),
                {"mail": mail},
            )
    verified = await cli("verify", "--json", ok=False)
    assert (verified.code, verified.json["clean"]) == (3, False)
    assert [mail["effect"] for mail in (await cli("mails", "--state", "unknown", "--json")).json["mails"]] == [
        "ANT-1/a",
        "ANT-1/b",
    ]

    await cli("settle", "ANT-1/a", "--sent", "--person", "ANT-lead-1")
    await cli("settle", "ANT-1/b", "--again", "--person", "ANT-lead-1")

    mails = (await cli("mails", "--json")).json["mails"]
    assert [(mail["state"], mail["problem"]) for mail in mails] == [
        ("sent", "decided by ANT-lead-1"),
        ("planned", "decided by ANT-lead-1"),
    ]
    assert (await cli("settle", "ANT-1/a", "--again", "--person", "ANT-lead-1", ok=False)).code == 1


async def test_policies_are_listed_shown_and_checked(cli: Any) -> None:
    assert "reglementen" in (await cli("policies", "list")).out
    shown = (await cli("policies", "show", "ANT", "formal_training", "--on", "04/03/2024", "--json")).json
    assert all(value["source"] for value in shown["values"].values())
    assert "kloppen" in (await cli("policies", "check")).out


async def test_staff_is_added_changed_and_listed(cli: Any) -> None:
    who = ("--fund", "ANT", "--name", "An Peeters", "--email", "an@x.example")
    await cli("staff", "add", "ANT-handler-1", *who, "--role", "handler")
    await cli("staff", "add", "ANT-handler-1", *who, "--role", "approver", "--inactive")

    (person,) = (await cli("staff", "list", "--json")).json["staff"]

    assert (person["name"], person["roles"], person["active"]) == ("An Peeters", ["approver"], False)
    assert (await cli("staff", "list", "--fund", "LIM", "--json")).json == {"staff": []}


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(
            ("complete", "ANT-2025-S-000001/review/1", "--person", "ANT-handler-1", "--outcome", "approve"),
            id="complete",
        ),
        pytest.param(("tasks", "--fund", "ANT"), id="tasks"),
    ],
)
async def test_a_database_without_tables_says_to_migrate(cli: Any, database_urls: Any, words: tuple[str, ...]) -> None:
    owner = make_engine(database_urls.owner)
    async with transaction(owner) as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await owner.dispose()

    said = await cli(*words, ok=False)

    assert (said.code, said.err) == (4, NO_TABLES + "\n")


async def test_migrating_what_is_migrated_changes_nothing(cli: Any) -> None:
    assert (await cli("migrate")).out == "De tabellen zijn op peil.\n"


# Import

SUBSIDIES = (str(FILES / "subsidy-applications.csv"), str(FILES / "subsidy-participants.csv"))
ASKED = ("--known-on", "31/01/2025")


async def count(engine: AsyncEngine, table: str) -> int:
    async with transaction(engine) as connection:
        return int(await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


async def test_a_dry_run_reads_everything_and_keeps_nothing(cli: Any, engine: AsyncEngine) -> None:
    said = await cli("import", *SUBSIDIES, *ASKED, "--dry-run")

    assert "Niets is bewaard" in said.out
    assert await count(engine, "receipt") == 0


async def test_an_import_receives_and_starts_everything_once(cli: Any, engine: AsyncEngine) -> None:
    employers = str(FILES / "employers.csv")
    first = (await cli("import", *SUBSIDIES, employers, *ASKED, "--json")).json
    second = await cli("import", *SUBSIDIES, employers, *ASKED)

    assert first["new"] == first["started"] == await count(engine, "receipt") > 0
    assert first["employers"] == await count(engine, "employer") > 0
    assert await count(engine, "receipt WHERE started_at IS NULL") == 0
    assert f"Niets nieuws; {first['new']} waren er al." in second.out


async def test_people_of_an_employer_dossier_know_its_number(
    cli: Any, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOORSTROOM_TEMPORAL_ADDRESS", "127.0.0.1:1")

    said = (await cli("import", str(FILES / "outplacement-not-started.csv"), *ASKED, "--json")).json

    assert said["started"] == 0
    assert said["applications"]["trajectory"] > 0
    orphans = "receipt child WHERE kind = 'trajectory' AND NOT EXISTS (SELECT FROM receipt parent "
    orphans += "WHERE parent.number = child.parent AND parent.number = child.facts ->> 'employer_dossier')"
    assert await count(engine, orphans) == 0


async def test_one_fault_keeps_everything_out_and_is_named_by_row_and_column(
    cli: Any, engine: AsyncEngine, tmp_path: Path
) -> None:
    lines = (FILES / "subsidy-applications.csv").read_text("utf-8").splitlines()
    cells = lines[2].split(";")
    cells[1] = "31/02/2024"
    broken = tmp_path / "aanvragen.csv"
    broken.write_text("\n".join([*lines[:2], ";".join(cells), *lines[3:]]), "utf-8")

    said = await cli("import", str(broken), SUBSIDIES[1], *ASKED, "--json", ok=False)

    assert said.code == 1
    assert "aanvragen.csv, rij 3, kolom 'Datum indiening'" in said.err
    assert [(fault["row"], fault["column"]) for fault in said.json["faults"]] == [(3, "Datum indiening")]
    assert await count(engine, "receipt") == 0


async def test_the_key_of_an_import_is_drawn_once_and_kept_private(cli: Any, tmp_path: Path) -> None:
    await cli("import", *SUBSIDIES, *ASKED, "--dry-run")
    file = tmp_path / "state" / "import-key.json"
    first = file.read_text()
    await cli("import", *SUBSIDIES, *ASKED, "--dry-run")

    assert file.read_text() == first
    assert file.stat().st_mode & 0o777 == 0o600
