"""The directory of one stack: made, proven writable, and held by one process at a time."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from embedded.refusals import EmbeddedRefusal


class Hold:
    """A directory in our hands until `release`; the system lets go of it by itself when we are killed."""

    def __init__(self, directory: Path, name: str) -> None:
        """Take `directory` for the server called `name`, making it when it does not exist.

        Raises:
            EmbeddedRefusal: the directory cannot be written, or another process runs the same server in it.
        """
        try:
            directory.mkdir(parents=True, exist_ok=True)
            self._file: IO[str] = (directory / f"{name}.lock").open("a")
        except OSError as fault:
            raise EmbeddedRefusal(
                f"In de map {directory} kan niet geschreven worden ({fault.strerror}); geef uw gebruiker schrijfrecht "
                "of kies een andere map met DOORSTROOM_STATE_DIRECTORY."
            ) from fault
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            self._file.close()
            raise EmbeddedRefusal(
                f"In de map {directory} draait al een Doorstroom; stop die eerst (Ctrl-C in dat venster) "
                "of kies een andere map met DOORSTROOM_STATE_DIRECTORY."
            ) from fault

    def release(self) -> None:
        """Let another process have the directory."""
        self._file.close()


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner can read, whole or not at all."""
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def read_strings(path: Path) -> dict[str, str] | None:
    """The names and values of a file written by us, or None when it is not there or not readable as such."""
    try:
        content = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return {str(name): str(value) for name, value in content.items()} if isinstance(content, dict) else None


@contextmanager
def throwaway_directory() -> Iterator[Path]:
    """A directory for one run, removed at its end.

    Python's own temporary directories are closed to every other user, so to the user PostgreSQL runs as when we are
    root; this one may be entered, and what is private in it is closed by itself.
    """
    with TemporaryDirectory(prefix="doorstroom-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        directory.chmod(0o711)
        yield directory
