"""Holds a rehearsed year against what an intake clerk would have noticed, row by row."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg

FILES = ("subsidy-applications-2024.csv", "transition-applications-2024.csv", "project-applications-2024.csv")
OUTPLACEMENT = ("outplacement-2024.csv", "outplacement-not-started-2024.csv")

_NOTICED = """
    SELECT DISTINCT check_->>'code' AS code, check_->>'consequence' AS consequence
    FROM event, jsonb_array_elements(data->'checks') check_
    WHERE dossier = $1 AND type = 'checked' AND NOT (check_->>'passed')::boolean
        AND sequence = (SELECT min(sequence) FROM event first WHERE first.dossier = $1 AND first.type = 'checked')
"""
_ALL_NOTICED = """
    SELECT DISTINCT check_->>'code' AS code
    FROM event, jsonb_array_elements(data->'checks') check_
    WHERE dossier = $1 AND type = 'checked' AND NOT (check_->>'passed')::boolean
"""


def read_marks(path: Path) -> Mapping[str, Any]:
    """What a clerk would notice, by file."""
    files: Mapping[str, Any] = json.loads(path.read_text("utf-8"))["bestanden"]
    return files


async def compare(pool: asyncpg.Pool, files: Mapping[str, Any], numbers: Mapping[str, str]) -> dict[str, Any]:
    """How many rows were held against the marks, and each that came out otherwise."""
    otherwise: list[str] = []
    rows = 0
    for name in FILES:
        marked = {one["dossier"]: one["bevindingen"] for one in files[name]["bevindingen"]}
        prefix = {FILES[0]: "SUB-", FILES[1]: "TRA-", FILES[2]: "PRO-"}[name]
        for reference, number in numbers.items():
            if reference.startswith(prefix):
                rows += 1
                otherwise += await _application(pool, reference, number, marked.get(reference, []))
    for name in OUTPLACEMENT:
        marked = {one["traject"]: one["bevindingen"] for one in files[name]["bevindingen"]}
        for reference, regime in files[name]["stelsel"].items():
            if reference in numbers:
                rows += 1
                otherwise += await _trajectory(pool, reference, numbers[reference], regime, marked.get(reference, []))
    return {"rows": rows, "otherwise": otherwise}


async def _application(pool: asyncpg.Pool, reference: str, number: str, marked: list[dict[str, str]]) -> list[str]:
    """The clerk's findings, and the way the dossier went because of them."""
    noticed = {row["code"] for row in await pool.fetch(_NOTICED, number)}
    codes = {mark["code"] for mark in marked}
    if noticed != codes:
        return [f"{reference}: {sorted(noticed)} in plaats van {sorted(codes)}"]
    went = await pool.fetchrow(
        """
        SELECT outcome, reason,
            EXISTS (SELECT FROM request WHERE dossier = number AND code = 'completion') AS completed,
            EXISTS (SELECT FROM task WHERE dossier = number AND step IN ('admissibility', 'no_training')) AS looked
        FROM dossier WHERE number = $1
        """,
        number,
    )
    return [
        f"{reference}: {mark['vervolg']} verwacht, werd {went['outcome']} ({went['reason']})"
        for mark in marked
        if not _followed(mark["vervolg"], dict(went), several=len(marked) > 1)
    ]


def _followed(way: str, went: dict[str, Any], *, several: bool) -> bool:
    """Whether the dossier went the way of the mark; of several marks the gravest goes first."""
    ways = {
        "aanvullen": went["completed"] or (several and went["outcome"] in ("refused", "handed_over")),
        "weigeren": went["outcome"] == "refused",
        "doorsturen": went["outcome"] == "handed_over",
        "doorverwijzen": went["outcome"] == "handed_over",
        "controleren": went["looked"],
    }
    return bool(ways[way])


async def _trajectory(
    pool: asyncpg.Pool, reference: str, number: str, regime: str, marked: list[dict[str, str]]
) -> list[str]:
    chosen = await pool.fetchval(
        "SELECT data->>'regime' FROM event WHERE dossier = $1 AND type = 'regime_chosen' ORDER BY sequence LIMIT 1",
        number,
    )
    noticed = {row["code"] for row in await pool.fetch(_ALL_NOTICED, number)}
    codes = {mark["code"] for mark in marked}
    found = [] if chosen == regime else [f"{reference}: {chosen} in plaats van {regime}"]
    return found if noticed == codes else [*found, f"{reference}: {sorted(noticed)} in plaats van {sorted(codes)}"]
