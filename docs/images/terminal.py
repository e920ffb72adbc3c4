"""Draws the picture of the README from what the commands really answer, while `make demo` runs in this directory:

    .venv/bin/python docs/images/terminal.py docs/images/terminal.svg

One person confirms one payment; every line of the picture comes from a command.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 120
FINANCE = ("--fund", "ANT", "--role", "finance")
DOORSTROOM = Path(sys.executable).with_name("doorstroom")


def answer(*words: str) -> list[str]:
    """What a command answers in a terminal of this width, line by line; its exit code must be 0."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
    with subprocess.Popen([DOORSTROOM, *words], stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL) as child:
        os.close(theirs)
        said = b""
        while piece := _read(ours):
            said += piece
    os.close(ours)
    if child.returncode:
        raise SystemExit(said.decode())
    return said.decode().replace("\r\n", "\n").rstrip().split("\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # how Linux says that nobody writes to a terminal any more
        return b""


def first_payment() -> str:
    """The first payment that waits for somebody in Antwerp."""
    asked = [str(DOORSTROOM), "tasks", *FINANCE, "--json"]
    listed = json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
    return str(listed["tasks"][0]["task"])


def main() -> None:
    """Record and export."""
    task = first_payment()
    number = task.split("/", maxsplit=1)[0]
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"))  # noqa: SIM115 - as long as the process

    def show(*words: str) -> None:
        console.print(Text.assemble(("$ ", "bold green"), (" ".join(("doorstroom", *words)), "bold")))
        for line in answer(*words):
            console.print(Text.from_ansi(line))
        console.print()

    show("tasks", *FINANCE)
    show("complete", task, "--person", "ANT-finance-1", "--outcome", "confirmed")
    show("show", number)
    show("verify")
    picture = console.export_svg(title="doorstroom")
    # The reader's own letters: a page that only shows a picture asks nothing of strangers.
    Path(sys.argv[1]).write_text(re.sub(r"@font-face {.*?}\s*|<!--.*?-->\s*", "", picture, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
