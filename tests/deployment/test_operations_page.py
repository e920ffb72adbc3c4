"""What the operations page tells an operator to type exists as it is spelled there."""

import re
import shlex
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from metrics import READINGS

HOUSE = Path(__file__).resolve().parents[2]
PAGE = (HOUSE / "docs/operations.md").read_text("utf-8")
TEMPORAL = Path(sys.executable).parent / "temporal"
BLOCKS = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
COMMANDS = sorted({line.strip() for line in BLOCKS.splitlines() if line.strip().startswith("temporal ")})


@lru_cache(maxsize=32)
def _help(*words: str) -> str:
    done = subprocess.run([TEMPORAL, *words, "--help"], capture_output=True, text=True, timeout=30, check=True)
    options = subprocess.run([TEMPORAL, "options"], capture_output=True, text=True, timeout=30, check=True)
    return done.stdout + options.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_temporal_exists_with_these_options(command: str) -> None:
    words = shlex.split(command)[1:]
    first_option = next((place for place, word in enumerate(words) if word.startswith("-")), len(words))
    told = _help(*words[:first_option])
    assert f"temporal {' '.join(words[:first_option])} [flags]" in told
    for option in (word for word in words if word.startswith("--")):
        assert re.search(rf"(?<![\w-]){option}(?![\w-])", told), option


def test_nothing_but_a_worker_is_asked_of_the_service_that_is_one() -> None:
    """`run` replaces a service's command, never its entry point: a look would start a worker."""
    services = yaml.safe_load((HOUSE / "docker-compose.yml").read_text("utf-8"))["services"]
    runs = [shlex.split(line) for line in BLOCKS.splitlines() if " run --rm " in line]
    assert runs
    for words in runs:
        service = next(word for word in words if word in services)
        given = words[words.index(service) + 1 :]
        works = "worker.py" in services[service].get("entrypoint", ())
        assert not works or "--entrypoint" in words or given in ([], ["--promote"]), words


def test_there_are_commands_to_check() -> None:
    assert len(COMMANDS) >= 8


def test_every_service_is_told_and_no_other() -> None:
    services = yaml.safe_load((HOUSE / "docker-compose.yml").read_text("utf-8"))["services"]
    table = PAGE[PAGE.index("## What runs") : PAGE.index("## First installation")]
    assert set(re.findall(r"^\| `([a-z-]+)`", table, re.MULTILINE)) == set(services)


def test_every_metric_is_told_and_no_other() -> None:
    offered = {f"{reading.name}_total" if reading.counts == "up" else reading.name for reading in READINGS}
    offered.add("doorstroom_metrics_refreshed_timestamp_seconds")
    assert set(re.findall(r"^\| `(doorstroom_\w+)`", PAGE, re.MULTILINE)) == offered


def test_every_alert_has_a_first_thing_to_do() -> None:
    rules = yaml.safe_load((HOUSE / "deployment/prometheus/alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    assert set(re.findall(r"^\| `([A-Z]\w+)` \|", PAGE, re.MULTILINE)) == {rule["alert"] for rule in rules}


def test_files_that_are_named_exist() -> None:
    for path in set(re.findall(r"`((?:deployment|policies)/[\w./-]+\w)`", PAGE)) - {"deployment/.env"}:
        assert (HOUSE / path).exists(), path
