"""An employer's day: applies without a mouse, forgets a document, is asked, answers, is paid; in three languages."""

from __future__ import annotations

import asyncio
import re
import tomllib
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

from playwright.async_api import Page

from models.messages.words import Language
from portal.language import catalogue
from portal.wording import TEMPLATES
from tests.portal.applying import PDF
from tests.portal.browsing import Window
from tests.portal.days import Eye, Hands
from tests.portal.living import Living
from tests.portal.workload import today

SAID = """(() => [...document.querySelectorAll("body *")].filter((one) => !one.closest("body [lang=nl], script")
  && !one.closest(".typed, td, tbody th")).flatMap((one) => [
    ...[...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent),
    one.getAttribute("aria-label"), one.getAttribute("placeholder")])
  .map((text) => (text || "").replace(/\\s+/g, " ").trim()).filter(Boolean))()"""
"""Every text of a page, those that are read aloud too; not what is marked as Dutch, nor what somebody typed."""
DUTCH = re.compile(r"\b(het|een|wij|uw|niet|voor|wordt|zijn|naar|geen|nog|werd)\b", re.IGNORECASE)
"""Words that French and English do not have."""


def dutch_texts(language: Language) -> set[str]:
    """Texts and words of codes that are said otherwise in this language."""
    words = tomllib.loads((TEMPLATES / "screens.toml").read_text("utf-8")).values()
    spelled = [one for group in words for one in group.values()]
    texts = {text for text, said in catalogue(language).items() if said != text and "%(" not in text}
    return texts | {one["nl"] for one in spelled if one["nl"] != one[language.value]}


class Abroad:
    """The same pages as somebody reads them who chose another language."""

    def __init__(self, window: Window, language: Language) -> None:
        self._window, self._language, self._dutch = window, language, dutch_texts(language)

    async def reads(self, path: str) -> None:
        """Nothing on this page is left in Dutch."""
        page = await self._window.go(path)
        assert await page.locator("html").get_attribute("lang") == self._language.value
        assert (path, self._language.value, await self.left(page)) == (path, self._language.value, [])

    async def left(self, page: Page) -> list[str]:
        """The Dutch on a page."""
        return [text for text in await page.evaluate(SAID) if text in self._dutch or DUTCH.search(text)]


async def onward(hands: Hands, title: str) -> None:
    """Enter in a field goes to the next page of the form."""
    await hands.to("Enter", "**/aanvragen/**")
    heading = await hands.page.locator("h1").inner_text()
    assert heading == title, await hands.page.locator("main").inner_text()


async def paid(living: Living, number: str) -> None:
    """Staff take every step that comes up, until the money is there."""
    for step, outcome in (("review", "approve"), ("approval", "approve"), ("payment", "confirmed")):
        await living.decide(number, step, outcome)
    await living.eventually("SELECT 1 FROM payment WHERE dossier = :number AND state = 'confirmed'", number=number)


async def test_an_employer_applies_forgets_a_document_answers_and_is_paid(
    living: Living, open_window: Any, employer: Any
) -> None:
    ended = today() - timedelta(days=14)
    async with AsyncExitStack() as windows:
        window = await windows.enter_async_context(open_window(employer()))
        abroad = [
            Abroad(await windows.enter_async_context(open_window(employer().model_copy(update={"language": one}))), one)
            for one in (Language.FRENCH, Language.ENGLISH)
        ]
        page = await window.go("/aanvragen")
        hands, eye = Hands(page), Eye(window)

        async def shown(name: str) -> None:
            """Judge the page that is open, and read it abroad."""
            path = page.url.removeprefix(window.address)
            await asyncio.gather(eye.sees(name), *(one.reads(path) for one in abroad))

        await shown("what can be applied for")
        for one in abroad:
            assert "Een nieuwe aanvraag" in await one.left(page), "who looks for Dutch finds it where it is"
        await hands.tab_to_words("Begin Steun voor een formele opleiding")
        await hands.to("Enter", "**/aanvragen/*/werkgever")
        await shown("the employer")
        await hands.skip()
        await hands.fill(vestigingseenheidsnummer="2.999.010.168", paritair_comite="111")
        await onward(hands, "De opleiding")
        await shown("the training")
        await hands.skip()
        await hands.fill(
            type_aanvraag="achteraf",
            titel_opleiding="MIG/MAG-lassen",
            begindatum=f"{ended - timedelta(days=7):%d/%m/%Y}",
            einddatum=f"{ended:%d/%m/%Y}",
            uren_per_deelnemer="40",
        )
        await onward(hands, "Deelnemers")
        await shown("no participants yet")
        await hands.skip()
        await hands.fill(voornaam="Jan", naam="Janssens", geboortedatum="01/02/1980", statuut="arbeider")
        await hands.fill(uren_gepland="40", uren_gevolgd="40")
        await hands.to("Enter", "**/deelnemers**")
        await shown("a participant")
        await hands.tab_to_words("Verder")
        await onward(hands, "Kosten en steun")
        await shown("the costs")
        await hands.skip()
        await hands.fill(kostprijs_excl_btw="4.000,00", gevraagd_bedrag="200,00")
        await onward(hands, "Contact en betaling")
        await shown("the contact")
        await hands.tab_to_words("Verder")
        await onward(hands, "Documenten")
        await shown("no documents yet")
        for code in ("programme", "attendance", "proof_of_payment"):
            await hands.give(code, f"{code}.pdf", PDF)
        await shown("documents, and one forgotten")
        await hands.tab_to_words("Verder naar nakijken")
        await onward(hands, "Nakijken en versturen")
        assert "factuur" in await page.get_by_role("region", name="Dit zien wij nu al").inner_text()
        await shown("the summary")
        await hands.tab_to_words("Verstuur de aanvraag")
        await hands.to("Enter", "**/ontvangst")
        await shown("the receipt")

        number = str(await living.eventually("SELECT number FROM receipt"))
        _, until = await living.request(number, "completion")
        mail = next(one for one in await mails(living, 2) if "factuur" in one)
        assert number in mail

        await hands.tab_to_words("Volg uw dossier")
        await hands.to("Enter", f"**/mijn-dossiers/{number}")
        top = await page.locator(".lead").first.inner_text()
        assert top.startswith("Wij wachten op u: de factuur, uiterlijk")
        assert f"{until.day} " in top
        await shown("we wait for you")
        await hands.tab_to_words("Antwoorden")
        await hands.to("Enter", "**/antwoorden/**")
        await shown("what is asked")
        await hands.give("invoice", "factuur.pdf", PDF)
        await shown("what is asked, ready to send")
        await hands.tab_to_words("Verstuur uw antwoord")
        await hands.to("Enter", f"**/mijn-dossiers/{number}")
        assert await hands.at() == "told"
        assert "Goed ontvangen. Dank u." in await page.inner_text("main")
        await shown("answered")

        await paid(living, number)
        await window.go(f"/mijn-dossiers/{number}")
        money = await page.get_by_role("group", name="Betalingen").inner_text()
        assert f"{number}/1" in money
        assert f"{today().day} " in money
        await shown("paid")
        await window.go("/mijn-dossiers")
        await shown("my dossiers")


async def mails(living: Living, count: int) -> list[str]:
    """What reached the applicant, as soon as there are that many."""
    query = "SELECT count(*) FROM effect WHERE state = 'sent' HAVING count(*) >= :count"
    await living.eventually(query, count=count)
    bodies = [one.get_body(("plain",)) for one in living.mailbox.messages()]
    return [body.get_content() for body in bodies if body is not None]
