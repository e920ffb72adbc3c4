"""One command of one request, done once: what every route that changes something goes through."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from models.errors import Refusal
from portal.api.door import Caller, repeats_of
from portal.api.envelope import JSON
from portal.api.problems import Problem, problem, status_of
from portal.api.repeats import Answered, digest_of, is_settled

REPLAYED = "Idempotency-Replayed"
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_.:-]{1,100}$",
        description="Of your choice, another for each command; the same again gives the same answer for a week",
        examples=["learnlog-2025-000815"],
    ),
]


class Once:
    """Does the command of this request, unless it was done already."""

    def __init__(self, request: Request, client: Caller, key: Key) -> None:
        self._request = request
        self.client, self.key = client, key

    async def __call__(self, work: Callable[[], Awaitable[BaseModel]], *, status: int = 200) -> JSONResponse:
        """The answer to `work`: with `status` the first time, as it was then every other time.

        Raises:
            Refusal: the key was used for something else, or an answer may come later under the same key.
        """
        asked, body = self._request, await self._request.body()
        is_json = asked.headers.get("content-type", "").startswith(JSON)
        digest = digest_of(asked.method, f"{asked.url.path}?{asked.url.query}", body, is_json=is_json)
        answered, before = await repeats_of(self._request).once(
            self.client.client, self.key, digest, lambda: _settled(work, status)
        )
        return _told(answered, before)


Single = Annotated[Once, Depends(Once)]


async def _settled(work: Callable[[], Awaitable[BaseModel]], status: int) -> Answered:
    """The answer to keep: what was done, or a rule that said no."""
    try:
        done = await work()
    except Refusal as refusal:
        if not is_settled(refusal):
            raise
        return Answered(status_of(refusal), {"code": refusal.code, "detail": refusal.message})
    return Answered(status, done.model_dump(mode="json"))


def _told(answered: Answered, before: bool) -> JSONResponse:
    headers = {"Cache-Control": "no-store"} | ({REPLAYED: "true"} if before else {})
    if answered.status >= 400:
        return problem(answered.status, answered.body["code"], answered.body["detail"], headers=headers)
    status = 200 if before else answered.status
    return JSONResponse(answered.body, status, headers)


REPLAY_HEADER: dict[str, Any] = {
    REPLAYED: {"description": "`true` when this answer was given before", "schema": {"type": "string"}}
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "Done and stored", "headers": REPLAY_HEADER},
    409: {"model": Problem, "description": "A rule says no; the sentence says why"},
}
