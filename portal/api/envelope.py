"""What a question must look like before anybody reads it: not too large, and in the form that its address reads."""

import re
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.api.problems import problem

MOST_BYTES = 1_000_000
"""Of JSON or a form: enough for 3000 participants."""
MOST_LEVELS = 20
"""Of JSON within JSON; ours has four."""
JSON, FORM, CONTENT = "application/json", "application/x-www-form-urlencoded", "application/octet-stream"
FORMS = {"/token": FORM, "/documents": CONTENT}
"""What addresses take that end so; all others take JSON."""
_TEXTS = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
"""One that is not closed runs to the end, so that the search stays as long as the body."""
_BRACKETS = re.compile(rb"[\[\]{}]")


class Envelope:
    """Reads the body of a question, once and no further than allowed, and refuses what is no form of ours."""

    def __init__(self, app: ASGIApp, most_of_a_document: int) -> None:
        self._app = app
        self._most_of_a_document = most_of_a_document

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the question on, or say what is wrong with it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        wanted = next((kind for end, kind in FORMS.items() if scope["path"].endswith(end)), JSON)
        most = self._most_of_a_document if wanted == CONTENT else MOST_BYTES
        body = await _read(receive, most)
        if body is None:
            refused = problem(413, "TooLarge", f"Stuur hoogstens {most // 1000} kB in één keer.")
        elif _media_type(headers) != wanted:
            refused = problem(415, "WrongForm", f"Stuur dit als {wanted} in UTF-8.")
        elif wanted == JSON and _too_deep(body):
            refused = problem(400, "TooDeep", f"Deze JSON is dieper dan {MOST_LEVELS} niveaus.")
        else:
            await self._app(scope, _again(body, receive), send)
            return
        await refused(scope, receive, send)


async def _read(receive: Receive, most: int) -> bytes | None:
    """The whole body; None when it is too large, whatever length was promised."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > most:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read, then what comes after it."""
    given = False

    async def told() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return told


def _media_type(headers: Any) -> str:
    kind, _, more = headers.get(b"content-type", b"").decode("latin-1").lower().partition(";")
    charset = more.strip().replace('"', "")
    return kind.strip() if charset in ("", "charset=utf-8") else ""


def _too_deep(body: bytes) -> bool:
    """Whether JSON nests further than any of ours, told before it is read: brackets outside texts."""
    level = 0
    for bracket in _BRACKETS.findall(_TEXTS.sub(b"", body)):
        level += 1 if bracket in b"[{" else -1
        if level > MOST_LEVELS:
            return True
    return False
