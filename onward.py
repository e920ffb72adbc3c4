"""A dossier with which another fund goes on: which one that is now, and how it is spoken to."""

import asyncpg

from models.messages.commands import AnswerRequest, ExtendRequest
from models.messages.message import Message

_GOES_ON_AS = """
    WITH RECURSIVE line (number, place) AS (
        SELECT $1::varchar, 0
        UNION ALL SELECT h.number, line.place + 1 FROM handed_on h JOIN line ON h.predecessor = line.number
    )
    SELECT number FROM line ORDER BY place DESC LIMIT 1
"""


async def goes_on_as(connection: asyncpg.Connection, number: str) -> str:
    """The last dossier of the line that begins with this one; itself when no fund took it over."""
    return str(await connection.fetchval(_GOES_ON_AS, number))


def told_onward(command: Message, number: str) -> Message:
    """A command as the dossier that goes on with `number` understands it: a question of before is named by its code."""
    if isinstance(command, AnswerRequest | ExtendRequest) and command.request.startswith(f"{number}/"):
        named = {"request": command.request.split("/")[1]}
        if isinstance(command, AnswerRequest):
            return command.model_copy(update={**named, "values": {"request": command.request, **command.values}})
        return command.model_copy(update=named)
    return command
