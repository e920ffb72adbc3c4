"""Messages to telephones: a provider that takes JSON over HTTP, and never the same message twice.

Its conversation is the one that many providers share (docs/channels.md). Every message carries a reference that follows
from the ledger; a provider that honours it takes the message once however often it is sent, and tells what became of
it. So a message whose answer was lost is asked after before anything else is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import phonenumbers

import policies
from activities.carriers import Addressee, Outcome
from activities.links import answer_link_for, link_for
from activities.mail_texts import MailContext
from activities.short_texts import has_text, short_text
from models.errors import Defect
from models.messages.words import Fund
from schemes.reaching import mark_of

PATIENCE = 10.0
"""Seconds the provider gets for one answer."""
HOME = "BE"
"""Where a number without a country is at home."""
NO_SUCH_NUMBER = frozenset({400, 404, 410, 422})
"""What a provider answers of a number that it will never reach; 401 and 403 are about us, and may be put right."""
TAKEN_BEFORE = 409
LONGEST_PROBLEM = 200


@dataclass(frozen=True)
class TextServer:
    """Where text messages are handed over."""

    url: str
    token: str | None
    sender: str
    portal: str | None = None
    """Address of the portal, to which a text links."""


def telephone(typed: str) -> str | None:
    """A number as providers take it (E.164), such as +32470123456; None for what cannot be one.

    Whether it has the length and the form of a number is asked, not whether it was ever given out.
    """
    try:
        number = phonenumbers.parse(typed, HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class Texting:
    """The way out to telephones."""

    def __init__(self, pool: asyncpg.Pool, server: TextServer, *, patience: float = PATIENCE) -> None:
        self._pool = pool
        self._server = server
        self._patience = patience
        self._trusted = httpx.create_ssl_context(trust_env=False)  # 70 ms of reading certificates: not for every text

    def takes(self, template: str) -> bool:
        """Whether there is a short text of this message."""
        return has_text(template)

    async def send(self, effect: dict[str, Any], addressee: Addressee) -> Outcome:
        """Hand one text over. What came of an earlier attempt is asked first.

        Raises:
            Defect: there is no such text, or it cannot be made.
        """
        number = telephone(addressee.addresses[0]) if addressee.addresses else None
        if number is None:
            return Outcome("refused", "the number is no telephone number", wrong_address=True)
        reference = mark_of(effect["effect"], addressee.digest)
        async with self._provider() as provider:
            if effect["attempts"] > 1 and await self._status(provider, reference) not in (None, ""):
                return Outcome("sent")
            message = {"to": number, "text": await self._text(effect, addressee), "reference": reference}
            return await self._hand_over(provider, effect["attempts"], message)

    async def status(self, effect: Mapping[str, Any]) -> str | None:
        """What became of a text: queued, sent, delivered or failed; empty when the provider never heard of it, None
        when it does not say. `effect` is its row in the ledger, with the recipient it went to.
        """
        async with self._provider() as provider:
            return await self._status(provider, mark_of(effect["effect"], effect["recipient"]))

    async def _hand_over(self, provider: httpx.AsyncClient, attempts: int, message: Mapping[str, str]) -> Outcome:
        """The one moment at which it can become unknown whether a text left."""
        try:
            answer = await provider.post(self._server.url, json={**message, "from": self._server.sender})
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as away:
            return Outcome("planned", _told(away), again=_later(attempts))
        except httpx.HTTPError as lost:
            return await self._asked_after(provider, attempts, message["reference"], _told(lost))
        return _outcome(answer, attempts)

    async def _asked_after(self, provider: httpx.AsyncClient, attempts: int, reference: str, problem: str) -> Outcome:
        """The answer did not come: the provider itself says whether it has the message, or nobody knows."""
        status = await self._status(provider, reference)
        if status is None:
            return Outcome("unknown", problem)
        return Outcome("sent") if status else Outcome("planned", problem, again=_later(attempts))

    async def _status(self, provider: httpx.AsyncClient, reference: str) -> str | None:
        try:
            answer = await provider.get(self._server.url, params={"reference": reference})
            if answer.status_code != httpx.codes.OK:
                return None
            found = answer.json()["messages"]
            return str(found[0]["status"] or "queued") if found else ""
        except (httpx.HTTPError, ValueError, KeyError, TypeError, IndexError):
            return None

    def _provider(self) -> httpx.AsyncClient:
        head = {"Authorization": f"Bearer {self._server.token}"} if self._server.token else {}
        return httpx.AsyncClient(headers=head, timeout=self._patience, trust_env=False, verify=self._trusted)

    async def _text(self, effect: dict[str, Any], addressee: Addressee) -> str:
        """The text itself.

        Raises:
            Defect: it cannot be made; nothing left.
        """
        fund = policies.funds()[Fund(effect["dossier"].split("-")[0])]
        answer = await answer_link_for(self._pool, self._server.portal, effect)
        link = None if answer else await link_for(self._pool, self._server.portal, effect, addressee.digest)
        context = MailContext(
            number=effect["dossier"],
            fund_name=fund.name,
            fund_email=fund.email,
            recipient_name=addressee.name or None,
            values=effect["values"],
            link=link,
            answer=answer,
        )
        try:
            return short_text(effect["template"], addressee.language, context)
        except (ValueError, ArithmeticError) as wrong:
            raise Defect(f"sms {effect['template']}: {type(wrong).__name__}") from wrong


def _outcome(answer: httpx.Response, attempts: int) -> Outcome:
    """2xx: taken; a number that is none: never; everything else: later, and then under the same reference."""
    code = answer.status_code
    if answer.is_success or code == TAKEN_BEFORE:
        return Outcome("sent")
    if code in NO_SUCH_NUMBER:
        return Outcome("refused", f"{code}", wrong_address=True)
    return Outcome("planned", f"{code}", again=_later(attempts))


def _told(wrong: Exception) -> str:
    return f"{type(wrong).__name__}: {wrong}"[:LONGEST_PROBLEM]


def _later(attempts: int) -> timedelta:
    """Seconds that double with each attempt, at most a quarter of an hour."""
    return timedelta(seconds=min(2**attempts, 900))
