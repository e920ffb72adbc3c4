"""Giving an answer to a dossier: what is personal goes into rows that can be erased, then the story hears the rest."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from database import transaction
from models.errors import Refusal
from models.messages.commands import Accepted, AnswerRequest
from models.messages.words import Document
from models.tables import Contact, Correction, DocumentRow, Participant, Upload
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

    Raises:
        Refusal: a rule says no; then nothing but the documents is kept. Or no answer came yet: then all of it is.
    """
    now = datetime.now(UTC)
    async with transaction(house.engine) as connection:
        await _hand_in(connection, visitor, answer, now)
        correction = await _keep(connection, visitor, answer, now)
    told = AnswerRequest(
        request=answer.request,
        by=visitor.actor(),
        documents=frozenset(Document(file.code) for file in answer.files),
        facts=answer.corrected.facts if answer.corrected else None,
        values=dict(answer.values),
    )
    try:
        accepted = await house.starter.answer(answer.number, told)
    except Refusal as refusal:
        if refusal.code != LATER:
            async with transaction(house.engine) as connection:
                await connection.execute(delete(Correction).where(col(Correction.id) == correction))
        raise
    async with transaction(house.engine) as connection:
        await _personal(connection, visitor, answer)
    return accepted


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


async def _keep(connection: AsyncConnection, visitor: Visitor, answer: Answer, now: datetime) -> int | None:
    """The facts as they were put right, so that the next correction starts from them."""
    if answer.corrected is None:
        return None
    row: dict[str, Any] = {
        "dossier": answer.number,
        "request": answer.request,
        "by": visitor.person,
        "at": now,
        "fields": list(answer.corrected.fields),
        "facts": answer.corrected.facts.model_dump(mode="json"),
    }
    kept = insert(Correction).values(**row).returning(col(Correction.id))
    return (await connection.execute(kept)).scalar_one()


async def _personal(connection: AsyncConnection, visitor: Visitor, answer: Answer) -> None:
    """An account number and birth dates, in the rows that may be erased."""
    account = answer.account or (answer.corrected.account if answer.corrected else None)
    if account is not None:
        own = update(Contact).where(col(Contact.dossier) == answer.number, col(Contact.party) == visitor.party.value)
        await connection.execute(own.values(iban=account))
    for line, born in (answer.corrected.born if answer.corrected else {}).items():
        person = update(Participant).where(col(Participant.dossier) == answer.number, col(Participant.line) == line)
        await connection.execute(person.values(birth_date=born))
