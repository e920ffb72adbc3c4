"""How other programs of this directory find the servers that run in it: a private file, there as long as they run."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from embedded.place import read_strings, write_private
from embedded.stack import EmbeddedStack

FILE = "stack.json"
PID = "pid"


def announce(directory: Path, stack: EmbeddedStack) -> None:
    """Tell where the servers listen; the file holds a password and is readable by its owner only."""
    write_private(directory / FILE, json.dumps({**stack.environment(), PID: str(os.getpid())}))


def withdraw_announcement(directory: Path) -> None:
    """The servers stop: nobody must look for them any more."""
    (directory / FILE).unlink(missing_ok=True)


def announced(directory: Path) -> Mapping[str, str] | None:
    """The environment variables of the stack that runs in this directory; None when none does.

    A file that a killed process left behind tells nothing.
    """
    told = read_strings(directory / FILE)
    if told is None or not _alive(told.pop(PID, "")):
        return None
    return told


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (ValueError, OSError, OverflowError):
        return False
    return True
