"""How commands speak: results on stdout, everything else on stderr, and an exit code that means something."""

import asyncio
import functools
import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from asyncpg import PostgresError, UndefinedColumnError, UndefinedFunctionError, UndefinedTableError
from pydantic import BaseModel, ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from temporalio.service import RPCError, RPCStatusCode

from embedded import EmbeddedRefusal
from models.errors import Refusal

DONE, REFUSED, MISUSED, FOUND, UNAVAILABLE = range(5)
"""Exit codes: done, a rule says no, the command itself is wrong, a verification found something, a server is away."""

NO_DATABASE = "De databank is niet bereikbaar. Draait PostgreSQL, en klopt DATABASE_URL?"
NO_TABLES = "De tabellen staan er nog niet of zijn verouderd. Voer eerst 'doorstroom migrate' uit."
NO_TEMPORAL = "Temporal is niet bereikbaar. Draait de server, en klopt DOORSTROOM_TEMPORAL_ADDRESS?"


class Unavailable(Exception):
    """A server we need is away; the text is one Dutch sentence."""


def command(work: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run an asynchronous command, and turn what goes wrong into a sentence and an exit code."""

    @functools.wraps(work)
    def told(*arguments: Any, **options: Any) -> None:
        async def run() -> None:
            await work(*arguments, **options)

        with answers():
            asyncio.run(run())

    return told


@contextmanager
def answers() -> Iterator[None]:
    """Refusals and absent servers become a sentence on stderr; a defect stays visible as what it is."""
    try:
        yield
    except Refusal as refusal:
        leave(REFUSED, refusal.message)
    except ValidationError as wrong:
        leave(MISUSED, *(_field(error) for error in wrong.errors()))
    except (Unavailable, EmbeddedRefusal) as away:
        leave(UNAVAILABLE, str(away))
    except RPCError as away:
        if away.status not in (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED):
            raise
        leave(UNAVAILABLE, NO_TEMPORAL)
    except RuntimeError as away:
        if "client connect" not in str(away):
            raise
        leave(UNAVAILABLE, NO_TEMPORAL)
    except ProgrammingError as fault:
        if "does not exist" not in str(fault.orig):
            raise
        leave(UNAVAILABLE, NO_TABLES)
    except (UndefinedTableError, UndefinedColumnError, UndefinedFunctionError):
        leave(UNAVAILABLE, NO_TABLES)
    except (OSError, PoolTimeout) as away:
        if isinstance(away, FileNotFoundError):
            raise
        leave(UNAVAILABLE, NO_DATABASE)
    except (DBAPIError, PostgresError) as fault:
        if not _away(fault):
            raise
        leave(UNAVAILABLE, NO_DATABASE)


def leave(code: int, *sentences: str) -> NoReturn:
    """Say why on stderr and stop.

    Raises:
        typer.Exit: always.
    """
    for sentence in sentences:
        print(sentence, file=sys.stderr)
    raise typer.Exit(code)


def say(*lines: str) -> None:
    """Lines for a person, on stdout."""
    for line in lines:
        print(line)


def say_json(content: Any) -> None:
    """One JSON document on stdout."""
    print(json.dumps(_plain(content), ensure_ascii=False, indent=2, default=str))


def say_table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table for a person; in a pipe it is as wide as it needs to be."""
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    width = None if sys.stdout.isatty() else 200
    Console(file=sys.stdout, width=width, markup=False, highlight=False).print(table)


@contextmanager
def progress(title: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while something long happens; silent when nobody looks."""
    console = Console(file=sys.stderr)
    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*shown, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda steps: bar.advance(task, steps)


def _plain(content: Any) -> Any:
    if isinstance(content, BaseModel):
        return content.model_dump(mode="json")
    if isinstance(content, dict):
        return {key: _plain(value) for key, value in content.items()}
    return [_plain(part) for part in content] if isinstance(content, list | tuple) else content


def _field(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {error['msg']}"


def _away(fault: BaseException) -> bool:
    """Whether the server went away rather than said no (classes 08 and 57 of SQLSTATE, or a lost connection)."""
    if isinstance(fault, DBAPIError) and fault.connection_invalidated:
        return True
    origin = getattr(fault, "orig", fault)
    state = str(getattr(origin, "sqlstate", "") or "")
    return state[:2] in ("08", "57") or isinstance(getattr(origin, "__cause__", None), OSError)
