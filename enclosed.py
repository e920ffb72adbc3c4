"""What is personal in an answer and no dossier may hear: an account number, birth dates, which facts were put right.

It is kept in one row with the command that it comes with, from before the dossier is told. When the dossier says yes,
the statement that forgets the command puts it in the rows of people; when a rule says no, it goes with the command. So
no crash loses an account, and an account that was refused is never paid to: nothing is written before its time, and
nothing has to be taken back.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.messages.message import Message

UNDER = "enclosed"
"""Where it stands in a kept command; it is taken out before Temporal sees the rest."""

HEARD = """
    WITH at_leisure AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
    gone AS (
        DELETE FROM pending_command USING at_leisure WHERE dossier = $1 AND update_id = $2
        RETURNING command, sent_at
    ),
    heard AS (
        SELECT sent_at, command, command -> 'enclosed' AS own FROM gone
        WHERE command ? 'enclosed' AND (NOT $3 OR EXISTS (
            SELECT FROM event WHERE event.dossier = $5 AND sequence = $4 AND by = command -> 'by' ->> 'person'
        ))
    ),
    account AS (
        UPDATE contact SET iban = own ->> 'account' FROM heard
        WHERE contact.dossier = $5 AND party = command -> 'by' ->> 'party' AND own ->> 'account' IS NOT NULL
    ),
    born AS (
        UPDATE participant SET birth_date = CAST(value AS date) FROM heard, jsonb_each_text(own -> 'born')
        WHERE participant.dossier = $5 AND line = CAST(key AS integer)
    )
    INSERT INTO correction (dossier, request, by, at, fields, facts)
    SELECT $5, command ->> 'request', command -> 'by' ->> 'person', sent_at,
        ARRAY(SELECT jsonb_array_elements_text(own -> 'fields')), command -> 'facts'
    FROM heard WHERE jsonb_typeof(command -> 'facts') = 'object'
"""
"""One statement: a power cut undoes it whole, and the command is sent again. A repeated answer counts for who gave the
one that the dossier heard: the reply may have been lost in a crash; what a colleague said after it was not heard. The
rows are those of the dossier that said yes, with which another fund may go on by then."""


class Enclosed(Message):
    """What comes with an answer. Personal: never in an event, a log or a payload of Temporal."""

    account: str | None = None
    """Account number to pay to, as typed; of the party that speaks."""
    born: Mapping[int, date] = {}
    """Birth dates by the line of the participant."""
    fields: tuple[str, ...] = ()
    """Facts that were put right, by name; the facts themselves are in the answer."""


def kept_with(command: Message, enclosed: Enclosed | None) -> str:
    """The words in which a command is kept, with what is enclosed; JSON."""
    if enclosed is None:
        return command.model_dump_json()
    return f'{command.model_dump_json()[:-1]},"{UNDER}":{enclosed.model_dump_json()}}}'


def told(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the dossier hears of a kept command."""
    return {name: value for name, value in kept.items() if name != UNDER}
