"""Giving an answer to a dossier: the story hears codes; what is personal goes into rows that can be erased."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from database import transaction
from enclosed import Enclosed
from models.messages.commands import Accepted, AnswerRequest
from models.messages.words import Document
from models.tables import DocumentRow, Upload
from portal.access.visitor import Visitor
from portal.documents.uploads import Belongs, File, hand_in
from portal.following.corrections import Corrected
from portal.house import House

LATER = "NoAnswerYet"
"""The code of a refusal that is none: what was told is kept, and heard as soon as the dossier can."""


class Answer(NamedTuple):
    """What a party answers to one question."""

    number: str
    request: str
    values: Mapping[str, str]
    files: Sequence[File] = ()
    corrected: Corrected | None = None
    account: str | None = None
    """Account number to pay to, as typed."""


async def give(house: House, visitor: Visitor, answer: Answer) -> Accepted:
    """Tell a dossier an answer; documents are handed in with it.

    What is personal is kept with the command and takes effect when the dossier accepts the answer, now or later.

    Raises:
        Refusal: a rule says no; then nothing but the documents is kept. Or no answer came yet: then all of it is.
        RPCError: Temporal is away; all of it is kept.
    """
    async with transaction(house.engine) as connection:
        await _hand_in(connection, visitor, answer, datetime.now(UTC))
    corrected = answer.corrected
    told = AnswerRequest(
        request=answer.request,
        by=visitor.actor(),
        documents=frozenset(Document(file.code) for file in answer.files),
        facts=corrected.facts if corrected else None,
        values=dict(answer.values),
    )
    account = answer.account or (corrected.account if corrected else None)
    if corrected is None and account is None:
        return await house.starter.answer(answer.number, told)
    born, fields = (corrected.born, corrected.fields) if corrected else ({}, ())
    return await house.starter.answer(answer.number, told, Enclosed(account=account, born=born, fields=fields))


async def _hand_in(connection: AsyncConnection, visitor: Visitor, answer: Answer, now: datetime) -> None:
    """The loose documents become part of the dossier: once, however often the form is sent."""
    belongs = Belongs(dossier=answer.number, party=visitor.party)
    query = select(col(Upload.upload), col(Upload.code), col(Upload.name)).where(
        belongs.rows, col(Upload.handed_in_at).is_(None), col(Upload.state) == "kept"
    )
    there = (await connection.execute(query.with_for_update())).all()
    await hand_in(connection, belongs, answer.number, now)
    rows = [
        {"dossier": answer.number, "code": row.code, "name": row.name, "party": visitor.party, "received_at": now}
        for row in there
    ]
    if rows:
        await connection.execute(insert(DocumentRow), rows)
