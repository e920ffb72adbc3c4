"""The manual of every command, written from the commands themselves: `python -m commands.manual > docs/commands.md`."""

from collections.abc import Iterator
from typing import Any

import typer

from commands import app

HEAD = """# The command line

Written by `python -m commands.manual` from the commands themselves; a test compares. The commands speak Dutch, because
the people who type them do. Results are on stdout, everything else on stderr.

| exit code | means |
|---|---|
| 0 | done |
| 1 | a rule says no; the sentence on stderr says why and what to do |
| 2 | the command itself is not right |
| 3 | a verification found something |
| 4 | the database or Temporal is away |

A command finds its servers in the environment (`DATABASE_URL`, `DOORSTROOM_TEMPORAL_ADDRESS`); when no database is set
there, it takes the demonstration that runs in `DOORSTROOM_STATE_DIRECTORY`.
"""


def manual() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, *(line for path, found in every_command() for line in _command(path, found))])


def every_command() -> Iterator[tuple[str, Any]]:
    """Each command with its full name, in the order of the help."""
    yield from _below("doorstroom", typer.main.get_command(app))


def _below(path: str, group: Any) -> Iterator[tuple[str, Any]]:
    for name, found in group.commands.items():
        if hasattr(found, "commands"):
            yield from _below(f"{path} {name}", found)
        elif not found.hidden:
            yield f"{path} {name}", found


def _command(path: str, found: Any) -> Iterator[str]:
    yield from (f"## `{path}`", "", found.help, "")
    for parameter in found.params:
        yield f"- {_parameter(parameter)}"
    yield ""
    if found.epilog:
        title, _, example = found.epilog.partition(": ")
        yield from (f"{title}:", "", f"    {example}", "")


def _parameter(parameter: Any) -> str:
    spelled = parameter.opts[0] if parameter.opts[0].startswith("-") else parameter.metavar or parameter.name.upper()
    needed = " (nodig)" if parameter.required else ""
    return f"`{spelled}`{needed}: {parameter.help}"


if __name__ == "__main__":
    print(manual(), end="")
