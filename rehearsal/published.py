"""What the fund published about its year, beside what the database counts after living it (annual report 2024)."""

from typing import NamedTuple

import asyncpg


class Figure(NamedTuple):
    """One published number, and the query that counts the same."""

    name: str
    published: int
    query: str


_SUBSIDY = "FROM receipt WHERE reference LIKE 'SUB-%' AND parent IS NULL"
_GRANTED = "FROM dossier WHERE kind = '{}' AND outcome IN ('granted', 'partially_granted')"
_PERSON = "JOIN receipt ON receipt.number = participant.dossier"

FIGURES = (
    Figure("companies", 1098, "SELECT count(*) FROM employer WHERE stopped_on IS NULL"),
    Figure("subsidy dossiers", 1298, f"SELECT count(*) {_SUBSIDY}"),
    Figure("of which formal", 1259, f"SELECT count(*) {_SUBSIDY} AND instrument = 'formal_training'"),
    Figure("of which informal", 39, f"SELECT count(*) {_SUBSIDY} AND instrument = 'informal_training'"),
    Figure(
        "participants in them",
        3612,
        f"SELECT count(*) FROM participant {_PERSON} WHERE reference LIKE 'SUB-%' AND parent IS NULL",
    ),
    Figure("people on the career account", 116, "SELECT count(*) FROM receipt WHERE instrument = 'career_account'"),
    Figure("project subsidies", 12, f"SELECT count(*) {_GRANTED.format('project_financing')}"),
    Figure("transition projects", 2, f"SELECT count(*) {_GRANTED.format('transition_support')}"),
    Figure(
        "outplacement starts",
        2010,
        "SELECT count(*) FROM dossier WHERE kind = 'trajectory' AND outcome IN ('completed', 'stopped')",
    ),
)


async def counted(pool: asyncpg.Pool) -> dict[str, dict[str, int]]:
    """Every published figure with what was counted."""
    return {
        figure.name: {"published": figure.published, "counted": int(await pool.fetchval(figure.query))}
        for figure in FIGURES
    }
