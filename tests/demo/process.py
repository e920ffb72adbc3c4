"""The program as its user starts it: a process of its own, in a directory of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
PORTS = ("POSTGRES", "TEMPORAL", "TEMPORAL_UI", "MAIL")


def environment(directory: Path, **more: str) -> dict[str, str]:
    """Free ports and a directory of its own; nothing of the machine's own settings."""
    own = {f"DOORSTROOM_EMBEDDED_{name}_PORT": "0" for name in PORTS} | {"DOORSTROOM_PORTAL_PORT": "0"}
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("DOORSTROOM_", "DATABASE_"))}
    return {**bare, **own, "DOORSTROOM_STATE_DIRECTORY": str(directory), **more}


async def doorstroom(*arguments: str, directory: Path, **more: str) -> tuple[int, str, str]:
    """Run a command to its end."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        str(HOUSE / "starter.py"),
        *arguments,
        cwd=HOUSE,
        env=environment(directory, **more),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await child.communicate()
    return child.returncode or 0, out.decode(), err.decode()
