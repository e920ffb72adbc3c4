"""What somebody tells a dossier unasked, whoever tells it and by whichever way.

Some words take the place of others and may come back, as stop, go on, and stop again. Which one it is, is counted here
for every way in, from what the dossier heard and what is kept for it.
"""

import json

from claiming import Claiming
from database import errand
from dispatch import digest
from models.messages.commands import Accepted, ReportFact
from schemes.last_words import Said, numbered, taking_turns

_SAID = """
    WITH heard AS (
        SELECT sequence, by, data FROM event
        WHERE dossier = $1 AND type = 'reported' AND data ->> 'fact' = ANY ($2)
    ), kept AS (
        SELECT sent_at, update_id, command FROM pending_command
        WHERE dossier = $1 AND name = 'report_fact' AND command ->> 'fact' = ANY ($2) AND NOT EXISTS (
            SELECT FROM heard WHERE by = command -> 'by' ->> 'person'
            AND data @> jsonb_build_object('fact', command -> 'fact', 'on', command -> 'on')
            AND coalesce(data -> 'values', '{}') = command -> 'values'
        )
    )
    SELECT data ->> 'fact' AS fact, data ->> 'values' AS values, sequence AS turn, NULL AS sent_at, '' AS update_id
    FROM heard
    UNION ALL SELECT command ->> 'fact', command ->> 'values', NULL, sent_at, update_id FROM kept
    ORDER BY turn NULLS LAST, sent_at, update_id
"""
"""What a dossier heard, and after it what was told and not answered yet."""


class Reporting(Claiming):
    """Tells dossiers what happened."""

    async def report(self, number: str, report: ReportFact) -> Accepted:
        """A party tells something unasked. A word that comes back after another one counts; twice in a row is once.

        Raises:
            Refusal: a rule says no, the dossier is closed, or it answers later.
        """
        if facts := taking_turns(report.fact):
            async with errand(self._engine) as connection:
                said = await connection.fetch(_SAID, number, facts)
            report = numbered(report, [Said(one["fact"], json.loads(one["values"] or "{}")) for one in said])
        return await self.tell(number, "report_fact", report, f"report:{digest(report)}")
