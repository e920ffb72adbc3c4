"""What the servers of one machine share: a directory in our hands, a port on loopback, and starting whole or not."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from embedded.place import Hold
from embedded.refusals import Door


class EmbeddedServer(ABC):
    """One server of one directory: an async context manager, or `start` and `stop` by hand."""

    lock: ClassVar[str]
    """Under this name its directory is held by one process at a time."""

    def __init__(self, directory: Path, door: Door) -> None:
        self.directory = directory.absolute()
        self._door = door
        self._hold: Hold | None = None

    @abstractmethod
    async def _open(self) -> None:
        """Start, with the directory in our hands; what fails half way is closed again."""

    @abstractmethod
    async def _close(self) -> None:
        """Stop what was opened, all of it or a part."""

    async def start(self) -> None:
        """Start, and return once it answers.

        Raises:
            EmbeddedRefusal: directory, user or port stand in the way.
            RuntimeError: the server itself gives up; the text ends with what it wrote.
        """
        self._hold = Hold(self.directory, self.lock)
        try:
            await self._open()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Let what runs end, and stop; harmless when it is not running."""
        await self._close()
        if self._hold:
            self._hold.release()
            self._hold = None

    async def restart(self) -> None:
        """Stop when it still runs, then start on the same port and with what was kept."""
        await self.stop()
        await self.start()

    @property
    def port(self) -> int:
        return self._door.port

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
