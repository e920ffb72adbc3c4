"""Letters are made when their mail leaves: kept first, so that a second attempt carries the very same bytes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg

from activities.links import answer_code_for
from letters.asking import QUESTION, case_of, decision_of
from letters.composing import LETTERS, ON_PAPER_ONLY, Letter, compose, key
from letters.render import Printed, pdf
from letters.values import Case
from models.errors import Defect, Refusal
from models.messages.words import Language

_KEPT = "SELECT letter, content FROM letter WHERE effect = $1"
_KEEP = """
    INSERT INTO letter (letter, dossier, fund, template, party, language, title, dated, objection_until, on_paper,
        digest, content, pages, effect, made_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING
    RETURNING true
"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A letter that goes with a mail."""

    name: str
    content: bytes


class LetterDesk:
    """Makes each letter once, and finds it again."""

    def __init__(self, pool: asyncpg.Pool, portal: str | None = None) -> None:
        """`portal` is its address, at which the code on a letter is typed."""
        self._pool = pool
        self._portal = portal

    async def letter(
        self, effect: Mapping[str, Any], language: Language | None, *, on_paper: bool
    ) -> Attachment | None:
        """The letter of a mail; None for a mail that is none.

        `language` is that of who gets it, None when nobody is known by mail; `on_paper` says that somebody prints it.

        Raises:
            Refusal: it cannot leave as it stands, such as a refusal without the term to object.
        """
        template = effect["template"]
        if template not in LETTERS or (template in ON_PAPER_ONLY and not on_paper):
            return None
        return await self._kept(effect) or await self._make(effect, language, on_paper=on_paper)

    async def _kept(self, effect: Mapping[str, Any]) -> Attachment | None:
        row = await self._pool.fetchrow(_KEPT, effect["effect"])
        return Attachment(file_name(row["letter"]), row["content"]) if row else None

    async def _make(self, effect: Mapping[str, Any], language: Language | None, *, on_paper: bool) -> Attachment:
        number, template, party = effect["dossier"], effect["template"], effect["party"]
        occasion = effect["occasion"]
        row = await self._pool.fetchrow(QUESTION, number, party, decision_of(template, occasion))
        if row is None:
            raise Refusal("UnknownDossier", f"Dossier {number} bestaat niet; zijn brief is niet gemaakt.")
        values = {**effect["values"], **await self._code(effect)}
        case = case_of(row, template, occasion, party, effect["dated"], values, language=language)
        letter, printed = await asyncio.to_thread(_made, case)
        name = key(number, template, occasion, party)
        new = await self._pool.fetchval(
            _KEEP,
            name,
            number,
            case.fund.value,
            template,
            party,
            letter.language.value,
            letter.title,
            letter.dated,
            letter.objection_until,
            on_paper,
            printed.digest,
            printed.content,
            printed.pages,
            effect["effect"],
            datetime.now(UTC),
        )
        kept = Attachment(file_name(name), printed.content) if new else await self._kept(effect)
        if kept is None:
            raise Defect(f"{effect['effect']}: een andere brief heeft dezelfde sleutel")
        return kept

    async def _code(self, effect: Mapping[str, Any]) -> dict[str, str]:
        """What is typed to answer on the internet; nothing for a letter that asks no such question."""
        code = await answer_code_for(self._pool, self._portal, dict(effect))
        if code is None or self._portal is None:
            return {}
        return {"answer_code": code, "answer_page": f"{self._portal.partition('://')[2]}/antwoord"}


def _made(case: Case) -> tuple[Letter, Printed]:
    letter = compose(case)
    return letter, pdf(letter)


def file_name(letter: str) -> str:
    """The name of the file that somebody saves: `ANT-2026-S-000123-decision-1.pdf`."""
    return f"{letter.replace('/letter/', '-').replace('/', '-')}.pdf"
