"""A person who is asked what became of them: a trajectory lived up to its first question, and the link of its mail."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from embedded import EmbeddedMail
from models.messages.commands import Actor, AnswerRequest, ReportFact
from models.messages.words import Fund, Language, Party, Role
from tests.patience import patient
from tests.portal.living import Living
from tests.portal.test_partners import dismissed

QUESTION = "SELECT request FROM request WHERE dossier = :n AND code IN ('follow_up', 'status') AND state = 'open'"
OPEN = "SELECT code, party FROM request WHERE dossier = :n AND state = 'open'"
WAITS = "SELECT waiting_on, waiting_until FROM dossier WHERE number = :n AND outcome IS NULL"
GUIDED: dict[str, Any] = {"offered_on": date(2024, 1, 15), "answer": "accepted", "started_on": date(2024, 2, 5)}
PEOPLE = count(1)
"""Each has an own address: one person gets one message a day."""
AGENCY = Actor(person="agency", party=Party.AGENCY)
CLERK = Actor(person="ANT-intake-1", party=Party.STAFF, fund=Fund.ANTWERPEN, roles=frozenset({Role.INTAKE}))
SAID = {"hours": {"hours": "20"}, "agency_outcome": {"outcome": "werkzoekend"}}


@dataclass
class Asked:
    """A dossier whose person was asked something, and the secret of the link in the mail."""

    living: Living
    number: str
    request: str
    secret: str

    @property
    def address(self) -> str:
        """The page of the link."""
        return f"/antwoord/{self.secret}"

    async def told(self) -> list[tuple[Any, ...]]:
        """What the dossier heard of its person, in order."""
        query = (
            "SELECT type, data->'values', data->>'fact' FROM event WHERE dossier = :n AND type IN "
            "('request_answered', 'answer_kept', 'reported') AND by LIKE 'participant%' ORDER BY sequence"
        )
        return [tuple(row) for row in await self.living.rows(query, n=self.number)]


async def asked(living: Living, language: Language = Language.DUTCH, *, finished: bool = True) -> Asked:
    """Live a trajectory until its person is asked; `finished` ends the guidance before."""
    sent = dismissed(**GUIDED)
    own = {"language": language, "email": f"noor-{next(PEOPLE)}@thuis.example"}
    person = sent.parties[0].model_copy(update=own)
    number = await living.receive(sent.model_copy(update={"parties": (person, *sent.parties[1:])}))
    if finished:
        await living.comes(number, date(2024, 3, 1))
        await _tell(living, number, "finished", date(2024, 3, 1))
    request = await _until_asked(living, number)
    return Asked(living, number, request, await secret_of(living.mailbox, number))


async def asked_later(before: Asked) -> str:
    """Let the person keep silent until the next question; gives its name."""
    living, number = before.living, before.number
    _, until = await living.request(number, "follow_up")
    await living.comes(number, until)
    return await _until_asked(living, number, QUESTION + f" AND request <> '{before.request}'")


async def handed_on(before: Asked) -> str:
    """Let the person keep silent and another fund go on with the dossier; gives the number there, not started yet."""
    living, number = before.living, before.number
    _, until = await living.request(number, "follow_up")
    await living.comes(number, until)
    code = (await living.request(number, "agency_outcome"))[0]
    await living.house.starter.answer(number, AnswerRequest(request=code, by=AGENCY, values=SAID["agency_outcome"]))
    await living.eventually(WAITS + " AND waiting_on = 'calendar'", n=number)
    moves = ReportFact(fact="moves_fund", on=until, by=CLERK, values={"fund": "LIM"})
    await living.house.starter.report(number, moves)
    return str(await living.eventually("SELECT number FROM handed_on WHERE predecessor = :n", n=number))


async def _until_asked(living: Living, number: str, question: str = QUESTION) -> str:
    """Let everybody else answer and the days pass until the person is asked."""
    async with patient():
        while not (found := await living.rows(question, n=number)):
            for code, party in await living.rows(OPEN, n=number):
                if party == Party.AGENCY:
                    told = AnswerRequest(request=code, by=AGENCY, values=SAID[code])
                    await living.house.starter.answer(number, told)
            waits = await living.rows(WAITS, n=number)
            if waits and waits[0][0] == Party.CALENDAR:
                await living.comes(number, waits[0][1])
            await asyncio.sleep(0.05)
    return str(found[0][0])


async def _tell(living: Living, number: str, fact: str, on: date) -> None:
    await living.house.starter.report(number, ReportFact(fact=fact, on=on, by=AGENCY))


async def secret_of(mailbox: EmbeddedMail, number: str, nth: int = 0) -> str:
    """The secret of the answer link in a mail about this dossier, as soon as it is there."""
    async with patient():
        while len(found := secrets_of(mailbox, number)) <= nth:
            await asyncio.sleep(0.05)
    return found[nth]


def secrets_of(mailbox: EmbeddedMail, number: str) -> list[str]:
    """The secrets of all answer links that were mailed about a dossier, once each, in order."""
    texts = [mail.get_content() for mail in mailbox.messages() if str(mail["X-Doorstroom-Effect"]).startswith(number)]
    found = [secret for text in texts for secret in re.findall(r"/antwoord/([0-9a-z]+)", text)]
    return list(dict.fromkeys(found))
