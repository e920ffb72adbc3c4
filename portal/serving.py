"""The portal as a process, or as part of one."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI


class _Guest(uvicorn.Server):
    """A server inside a process that handles its own signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one.

    Raises:
        OSError: the port is taken, or may not be opened here.
    """
    found = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError:
        found.close()
        raise
    found.listen(512)
    return found


@asynccontextmanager
async def served(app: FastAPI, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve while the block runs; gives the address.

    Raises:
        OSError: the port is taken.
    """
    with contextlib.closing(listening(host, port)) as door:
        server = _Guest(_config(app))
        serving = asyncio.create_task(server.serve(sockets=[door]))
        try:
            while not server.started and not serving.done():
                await asyncio.sleep(0.01)
            yield f"http://{host}:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


async def serve(app: FastAPI, *, host: str, port: int) -> None:
    """Serve until Ctrl-C or SIGTERM; requests that run are finished.

    Raises:
        OSError: the port is taken.
    """
    with contextlib.closing(listening(host, port)) as door:
        await uvicorn.Server(_config(app)).serve(sockets=[door])


def _config(app: FastAPI) -> uvicorn.Config:
    """Behind a proxy the address and the scheme are the ones it tells; only one on this host or network is believed."""
    return uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=10, proxy_headers=True
    )
