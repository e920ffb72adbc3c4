"""Somebody of an employer who applies: pages, forms and documents as a browser without script sends them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from portal.house import House
from tests.portal.conftest import ORIGIN, Page, Reader

SECRET = "thirty-two bytes of a test only!"
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"
PAGES: dict[str, dict[str, str]] = {
    "werkgever": {"vestigingseenheidsnummer": "2.999.010.168", "paritair-comite": "111"},
    "opleiding": {
        "type-aanvraag": "vooraf",
        "titel-opleiding": "MIG/MAG-lassen",
        "begindatum": "01/06/2099",
        "einddatum": "02/06/2099",
        "uren-per-deelnemer": "16",
    },
    "kosten": {"kostprijs-excl-btw": "1.200,00", "gevraagd-bedrag": "150,00"},
    "contact": {},
}
PERSON = {"voornaam": "Jan", "naam": "Janssens", "geboortedatum": "01/02/1980", "statuut": "arbeider"}


def applying(house: House, folder: Path, limit_mb: int = 1) -> House:
    """The house with a place for documents and the secret of the imports."""
    more = {"import_key": SECRET, "upload_directory": folder, "upload_limit_mb": limit_mb}
    return replace(house, settings=house.settings.model_copy(update=more))


async def begun(reader: Reader, what: str = "formal_training") -> str:
    """Begin a draft; returns the address of it, such as /aanvragen/0123."""
    page = await reader.get("/aanvragen")
    token = page.form("/aanvragen")["csrf"]
    answer = await posted(reader, "/aanvragen", {"csrf": token, "wat": what, "voor": "2.000.000.042"})
    assert answer.status == 200, answer.text
    return answer.address.rsplit("/", 1)[0]


async def filled_in(reader: Reader, draft: str) -> None:
    """Every page of a formal training, as somebody types it."""
    for code, values in PAGES.items():
        await reader.get(f"{draft}/{code}")
        page = await reader.submit(f"{draft}/{code}", actie="verder", **values)
        assert page.status == 200, page.text
    await reader.get(f"{draft}/deelnemers")
    page = await reader.submit(f"{draft}/deelnemers/rij", **PERSON)
    assert page.status == 200, page.text


async def posted(reader: Reader, address: str, values: dict[str, Any], **more: Any) -> Page:
    """A form sent as it stands, whatever the page showed."""
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"} | more.pop("headers", {})
    answer = await reader.client.post(address, data=values, headers=headers, follow_redirects=True, **more)
    reader.page = Page(answer)
    return reader.page


async def given(reader: Reader, draft: str, name: str, content: bytes, code: str = "quote") -> Page:
    """A document added by the plain form."""
    token = (await reader.get(f"{draft}/documenten")).form("/afmelden")["csrf"]
    address = f"{draft}/documenten/bestand?csrf={token}"
    return await posted(reader, address, {"code": code}, files={"bestand": (name, content)})
