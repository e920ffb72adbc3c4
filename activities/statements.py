"""One statement for one step: all rows it touches, written together or not at all, in one trip to PostgreSQL.

The parts are common table expressions behind a gate. The gate moves the dossier's own row from where the step expects
it; when it does not stand there, no row passes and nothing is written.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from activities.projections import Put
from models.tables import metadata

BUDGETED = """EXISTS (
    SELECT FROM dossier AS mine JOIN envelope USING (fund, rehearsed) WHERE mine.number = $1
)"""
"""Whether the fund keeps envelopes, as it stood before this step; $1 is the number, the gate's key."""
Shape = tuple[str, tuple[str, ...], bool, int]
"""A part without its values: table, columns (key first), whether it opens the row, and how many rows."""
WITHDRAWAL: Shape = ("effect", (), False, 0)
"""The one part that is not told by columns: messages that are not wanted any more."""
_WITHDRAWN = """
    UPDATE effect SET state = 'withdrawn', ended_at = ${5}::timestamptz FROM gate
    WHERE effect.dossier = ${1}::varchar AND effect.party = ${2}::varchar
        AND effect.state IN ('planned', 'to_print')
        AND (${3}::varchar IS NULL OR effect.occasion = ${3} OR starts_with(effect.occasion, ${3} || '/'))
        AND (effect.state = 'to_print' OR effect.dated > ${4}::date OR EXISTS (SELECT FROM house_clock)
            OR EXISTS (SELECT FROM dossier WHERE number = ${1} AND NOT rehearsed))
"""
"""Parameters: dossier, party, occasion, day, moment. A letter that lies ready is in the house until somebody posts it.
A rehearsed dossier runs ahead of the post room: what it planned on an earlier day has left in its own time, unless one
clock stands for the whole house."""


class Statement:
    """Gathers the parts of a step and their values."""

    def __init__(self, gate: Put, sequence: int, head: str) -> None:
        self._shapes: list[Shape] = []
        self._values: list[Any] = []
        self._add(gate.table, [{**key_of(gate), **gate.columns}], opens=gate.opens)
        if not gate.opens:
            self._values += [sequence, head]

    def put(self, put: Put) -> None:
        """Bring one row to what the change says."""
        self._add(put.table, [{**key_of(put), **put.columns}], opens=put.opens)

    def insert(self, table: str, rows: Sequence[dict[str, Any]]) -> None:
        """Add rows of one shape; what stands already is left alone."""
        if rows:
            self._add(table, rows, opens=True)

    def withdraw(self, dossier: str, party: str, occasion: str | None, day: date, moment: datetime) -> None:
        """Keep in the house what is planned and did not leave; rehearsed, what is dated after `day`."""
        self._shapes.append(WITHDRAWAL)
        self._values += [dossier, party, occasion, day, moment]

    def text(self) -> str:
        """SQL with numbered parameters; the same for every step of the same shape, so PostgreSQL plans it once."""
        return _text(tuple(self._shapes))

    def values(self) -> list[Any]:
        """The parameters, in order."""
        return self._values

    def _add(self, table: str, rows: Sequence[dict[str, Any]], *, opens: bool) -> None:
        columns = tuple(rows[0])
        self._shapes.append((table, columns, opens, len(rows)))
        for row in rows:
            self._values += map(_plain, row.values())


def _plain(value: Any) -> Any:
    """A JSON document goes as its text."""
    return json.dumps(value) if isinstance(value, list) and value and isinstance(value[0], dict) else value


def table_of(name: str) -> Table:
    """The table by its name."""
    return metadata.tables[name]


def key_of(put: Put) -> dict[str, Any]:
    """The key columns of a change with their values."""
    return dict(zip(table_of(put.table).primary_key.columns.keys(), put.key, strict=True))


@lru_cache(maxsize=2000)
def _text(shapes: tuple[Shape, ...]) -> str:
    parts: list[str] = []
    number = 0
    for position, shape in enumerate(shapes):
        gate = position == 0
        if shape == WITHDRAWAL:
            sql, used = _WITHDRAWN.format(*(number + at for at in range(6))), 5
        else:
            sql, used = _opening(shape, number, gate=gate) if shape[2] else _change(shape, number, gate=gate)
        number += used
        parts.append(f"{'gate' if gate else f'part_{position}'} AS ({sql})")
    return f"WITH {', '.join(parts)} SELECT count(*) AS passed, {BUDGETED} AS budgeted FROM gate"


def _opening(shape: Shape, number: int, *, gate: bool) -> tuple[str, int]:
    """New rows. A row that is opened again (a plan made anew) takes the new values; the journal and ledger never do."""
    name, columns, _, rows = shape
    table = table_of(name)
    typed = [
        "("
        + ", ".join(_cast(table, column, number + row * len(columns) + at) for at, column in enumerate(columns, 1))
        + ")"
        for row in range(rows)
    ]
    key = list(table.primary_key.columns.keys())
    keeps = gate or name in ("event", "effect")
    changed = ", ".join(f"{_quoted(column)} = EXCLUDED.{_quoted(column)}" for column in columns if column not in key)
    conflict = "DO NOTHING" if keeps else f"({', '.join(map(_quoted, key))}) DO UPDATE SET {changed}"
    listed = ", ".join(map(_quoted, columns))
    if gate:
        return f"INSERT INTO {name} ({listed}) VALUES {typed[0]} ON CONFLICT {conflict} RETURNING 1", len(columns)
    source = f"SELECT new.* FROM gate, (VALUES {', '.join(typed)}) AS new"
    return f"INSERT INTO {name} ({listed}) {source} ON CONFLICT {conflict}", len(columns) * rows


def _change(shape: Shape, number: int, *, gate: bool) -> tuple[str, int]:
    """Some columns of a row that stands."""
    name, columns, _, _ = shape
    table = table_of(name)
    places = {column: _cast(table, column, number + at) for at, column in enumerate(columns, 1)}
    key = list(table.primary_key.columns.keys())
    changed = ", ".join(f"{_quoted(column)} = {places[column]}" for column in columns if column not in key)
    matched = " AND ".join(f"{name}.{_quoted(column)} = {places[column]}" for column in key)
    if not gate:
        return f"UPDATE {name} SET {changed} FROM gate WHERE {matched}", len(columns)
    expected = f"sequence = ${number + len(columns) + 1} AND head = ${number + len(columns) + 2}"
    return f"UPDATE {name} SET {changed} WHERE {matched} AND {expected} RETURNING 1", len(columns) + 2


@lru_cache(maxsize=500)
def _type(table: str, column: str) -> str:
    return table_of(table).c[column].type.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]


def _cast(table: Table, column: str, number: int) -> str:
    return f"${number}::{_type(table.name, column)}"


def _quoted(column: str) -> str:
    return f'"{column}"'


def merged(changes: Iterable[Put]) -> dict[tuple[str, tuple[str | int, ...]], Put]:
    """One change per row, in the order in which rows were first touched."""
    rows: dict[tuple[str, tuple[str | int, ...]], Put] = {}
    for change in changes:
        earlier = rows.get((change.table, change.key))
        columns = {**earlier.columns, **change.columns} if earlier else dict(change.columns)
        opens = change.opens or bool(earlier and earlier.opens)
        rows[change.table, change.key] = Put(change.table, change.key, columns, opens)
    return rows
