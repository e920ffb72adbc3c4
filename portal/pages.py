"""From a template and its values to a page; and the short message a page shows after something was done."""

import base64
import binascii
import json
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import URL

from models.messages.message import Message
from models.messages.words import Language
from portal import navigation
from portal.access import csrf
from portal.access.visitor import Visitor
from portal.language import RIGHT_TO_LEFT, WIDER, names_for, preferred, spoken, tongue, written
from portal.refusals import in_words
from portal.wording import Wording

TEMPLATES = Path(__file__).resolve().parent / "templates"
FLASH, LANGUAGE = "doorstroom_flash", "doorstroom_taal"
SEE_OTHER = 303


class Flash(Message):
    """What a page says once after something was done; `undo` is the address that takes it back by a form."""

    text: str
    tone: str = "good"
    undo: str | None = None


def render(
    request: Request, visitor: Visitor | None, template: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page in the visitor's language."""
    return render_in(language_of(request, visitor), request, visitor, template, status=status, **values)


def render_in(
    wanted: Language, request: Request, visitor: Visitor | None, template: str, /, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page in this language, where it exists in it."""
    language = spoken(wanted, template)
    flash = _flash(request)
    html = (
        _environment(language)
        .get_template(template)
        .render(
            visitor=visitor,
            language=language,
            languages=names_for(template),
            direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
            here=_here(request.url),
            path=request.url.path,
            navigation=navigation.entries(visitor),
            csrf_field=_csrf_field(visitor),
            csrf_token=visitor.csrf if visitor else "",
            flash=flash,
            **values,
        )
    )
    response = HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})
    if flash is not None:
        response.delete_cookie(FLASH)
    return response


def go(address: str, flash: Flash | None = None) -> RedirectResponse:
    """After something was done: to the page that shows it."""
    response = RedirectResponse(address, status_code=SEE_OTHER)
    if flash is not None:
        packed = base64.urlsafe_b64encode(flash.model_dump_json().encode()).decode()
        response.set_cookie(FLASH, packed, max_age=60, httponly=True, samesite="lax")
    return response


def language_of(request: Request, visitor: Visitor | None) -> Language:
    """The language of a page: that of the visitor, else the one chosen or asked by the browser."""
    if visitor is not None:
        return written(visitor.language)
    return chosen(request) or preferred(request.headers.get("accept-language", ""))


def chosen(request: Request) -> Language | None:
    """The language that was chosen in this browser."""
    told = request.cookies.get(LANGUAGE)
    return Language(told) if told in set(WIDER) else None


def own_address(address: str, otherwise: str = "/") -> str:
    """An address to come back to, when it is one of this site; else `otherwise`."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else otherwise


@lru_cache
def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    say, wording = tongue(language), Wording(language)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        say, lambda one, many, n: say(one if n == 1 else many), newstyle=True
    )
    environment.filters["told"] = partial(in_words, say)
    for name in ("word", "euro", "number", "day", "short_day", "moment", "clock", "derived"):
        environment.filters[name] = getattr(wording, name)
    return environment


def _csrf_field(visitor: Visitor | None) -> Any:
    def field() -> Markup:
        token = visitor.csrf if visitor else ""
        return Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, token)

    return field


def _here(url: URL) -> str:
    return f"{url.path}?{url.query}" if url.query else url.path


def _flash(request: Request) -> Flash | None:
    packed = request.cookies.get(FLASH)
    if not packed:
        return None
    try:
        return Flash.model_validate(json.loads(base64.urlsafe_b64decode(packed)))
    except (binascii.Error, ValueError):
        return None
