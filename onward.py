"""A dossier with which another fund goes on: which one that is now, and how it is spoken to."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.messages.commands import AnswerRequest, ExtendRequest
from models.messages.message import Message

_LINE = text(
    """
    WITH RECURSIVE line (number, place) AS (
        SELECT CAST(:number AS varchar), 0
        UNION ALL SELECT h.number, line.place + 1 FROM handed_on h JOIN line ON h.predecessor = line.number
    )
    SELECT number FROM line ORDER BY place
    """
)


async def line_of(connection: AsyncConnection, number: str) -> tuple[str, ...]:
    """This dossier and those in which another fund went on with it; the last one is where the person is now."""
    return tuple((await connection.execute(_LINE, {"number": number})).scalars())


def told_onward(command: Message, number: str) -> Message:
    """A command as the dossier that goes on with `number` understands it: a question of before is named by its code."""
    if isinstance(command, AnswerRequest | ExtendRequest) and command.request.startswith(f"{number}/"):
        named = {"request": command.request.split("/")[1]}
        if isinstance(command, AnswerRequest):
            return command.model_copy(update={**named, "values": {"request": command.request, **command.values}})
        return command.model_copy(update=named)
    return command
