"""Temporal's own dev server on loopback, with a database file that keeps every dossier over a restart or kill -9."""

from __future__ import annotations

import asyncio
import json
import signal
import sysconfig
import time
from pathlib import Path
from typing import Final, Literal

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError

from embedded.place import read_strings, write_private
from embedded.process import ServerProcess, stop_orphan
from embedded.refusals import LOOPBACK, Door, EmbeddedRefusal
from embedded.server import EmbeddedServer

SEARCH_ATTRIBUTES: Final = {"DossierKind": "Keyword", "Fund": "Keyword"}
"""What a dossier is found by in Temporal, set once when it starts. What changes in its life is read from PostgreSQL:
to keep it here too would cost every step a write of its own."""

_START_SECONDS = 60
_INDEXED_TYPES = {"Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD}


class EmbeddedTemporal(EmbeddedServer):
    """Temporal of one directory. It starts once it answers and knows our search attributes.

    Ports 0 take a free one; `ui_port` None leaves the web pages out. `in_memory` forgets everything at the end.
    `synchronous` is SQLite's promise to the disk: 'full' survives a power cut, 'off' is for tests. `time_skipping` lets
    a test jump over waits.
    """

    lock = "temporal"

    def __init__(
        self,
        directory: Path,
        *,
        port: int = 0,
        ui_port: int | None = None,
        in_memory: bool = False,
        synchronous: Literal["full", "normal", "off"] = "full",
        time_skipping: bool = False,
        namespace: str = "default",
    ) -> None:
        super().__init__(directory, Door("Temporal", "DOORSTROOM_EMBEDDED_TEMPORAL_PORT", port))
        self.namespace = namespace
        self._ui_door = Door("Temporal UI", "DOORSTROOM_EMBEDDED_TEMPORAL_UI_PORT", ui_port or 0)
        self._headless = ui_port is None
        self._in_memory = in_memory
        self._synchronous = synchronous
        self._time_skipping = time_skipping
        self._process: ServerProcess | None = None

    async def _open(self) -> None:
        await self._stop_earlier()
        self._door = self._door.opened()
        if not self._headless:
            self._ui_door = self._ui_door.opened()
        command = self._command()
        self._process = ServerProcess(command, log=self.directory / "temporal.log", cwd=self.directory)
        write_private(self._note, json.dumps({"pid": str(self._process.pid), "mark": " ".join(command[1:])}))
        await self._register_search_attributes(await self._answer(self._process))

    async def _close(self) -> None:
        if self._process:
            nothing_to_keep = self._in_memory  # a polite stop takes over a second
            await self._process.stop(signal.SIGKILL if nothing_to_keep else signal.SIGINT, patience=10)
            self._process = None
            self._note.unlink(missing_ok=True)

    @property
    def pid(self) -> int:
        """Process id of the server.

        Raises:
            RuntimeError: it was not started.
        """
        if self._process is None:
            raise RuntimeError("Temporal is not running")
        return self._process.pid

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self._door.port}"

    @property
    def ui_url(self) -> str | None:
        """Where the web pages are, or None without them."""
        return None if self._headless else f"http://{LOOPBACK}:{self._ui_door.port}"

    @property
    def database_file(self) -> Path:
        return self.directory / "temporal.db"

    @property
    def _note(self) -> Path:
        """Where the running server's process is written down, for the run after a kill -9 of ours."""
        return self.directory / "temporal.process.json"

    async def _stop_earlier(self) -> None:
        note = read_strings(self._note)
        if note:
            await stop_orphan(int(note["pid"]), note["mark"], signal.SIGINT, patience=10)
            self._note.unlink()

    def _command(self) -> list[str]:
        program = Path(sysconfig.get_path("scripts")) / "temporal"
        if not program.exists():
            raise EmbeddedRefusal("Het programma van Temporal ontbreekt; voer eerst `make setup` uit.")
        command = [str(program), "server", "start-dev", "--ip", LOOPBACK, "--port", str(self._door.port)]
        command += ["--headless"] if self._headless else ["--ui-port", str(self._ui_door.port)]
        command += ["--namespace", self.namespace, "--log-level", "warn"]
        if not self._in_memory:
            command += ["--db-filename", str(self.database_file)]
            command += ["--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", f"synchronous={self._synchronous}"]
        for name, kind in SEARCH_ATTRIBUTES.items():
            command += ["--search-attribute", f"{name}={kind}"]
        if self._time_skipping:
            command += ["--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"]
            # Every test that runs a worker has a deployment of its own; Temporal allows a hundred.
            command += ["--dynamic-config-value", "matching.maxDeployments=10000"]
        return command

    async def _answer(self, process: ServerProcess) -> Client:
        """A client once the server takes calls; a closed port answers at once, so this costs little."""
        until = time.monotonic() + _START_SECONDS
        while process.alive and time.monotonic() < until:
            try:
                return await Client.connect(self.address, namespace=self.namespace)
            except RuntimeError:
                await asyncio.sleep(0.05)
        raise RuntimeError(f"Temporal did not start:\n{process.said()[-2000:]}")

    async def _register_search_attributes(self, client: Client) -> None:
        """Add what a database file of an earlier version lacks: the server itself only registers on a new file."""
        wanted = {name: _INDEXED_TYPES[kind] for name, kind in SEARCH_ATTRIBUTES.items()}
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                known = await client.operator_service.list_search_attributes(
                    ListSearchAttributesRequest(namespace=self.namespace)
                )
                missing = {name: kind for name, kind in wanted.items() if name not in known.custom_attributes}
                if not missing:
                    return
                await client.operator_service.add_search_attributes(
                    AddSearchAttributesRequest(namespace=self.namespace, search_attributes=missing)
                )
            except RPCError:
                if time.monotonic() > until:
                    raise
            await asyncio.sleep(0.05)
