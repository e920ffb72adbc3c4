"""What a letter says to a person who is followed: one question, three ways to answer, and a slip to cut off."""

from datetime import date
from typing import Any

import policies
from letters.values import Case
from letters.wording import Wording

Content = dict[str, Any]

CHOICES = ("job", "opleiding", "zoekend", "anders", "stop")
"""The answers to the question how it goes, by the words that its links use too."""
OFFER, REMINDER = "trajectory_offer", "trajectory_follow_up_reminder"


def asked(case: Case, words: Wording) -> Content:
    """One question. `answer_page` and `answer_code` among the values are what is typed to answer on the internet."""
    fund = policies.funds()[case.fund]
    offer = case.template == OFFER
    sort = "_offer" if offer else "_reminder" if case.template == REMINDER else ""
    return {
        "title": words.say(f"asked.title{sort}"),
        "told": " ".join(line for line in _told(case, words, sort) if line),
        "how": words.say("asked.how"),
        "on_line": _on_line(case, words),
        "on_paper": words.say("asked.on_paper"),
        "by_mail": words.say("asked.by_mail", email=fund.email),
        "until": _until(case, words, offer=offer),
        "free": None if offer else words.say("asked.free"),
        "slip": _slip(case, words, [fund.name, *(part.strip() for part in fund.seat.split(","))], offer=offer),
    }


def _told(case: Case, words: Wording, sort: str) -> list[str]:
    months, agency, offered = (case.values.get(name, "") for name in ("months", "agency", "offered_on"))
    return [
        words.say("asked.ended", months=words.months(int(months))) if months and not sort else "",
        words.say(f"asked.told{sort}"),
        words.say("asked.agency", agency=agency) if agency else "",
        words.say("asked.offered", day=words.day(date.fromisoformat(offered))) if offered else "",
    ]


def _on_line(case: Case, words: Wording) -> Content | None:
    page, code = case.values.get("answer_page", ""), case.values.get("answer_code", "")
    if not page or not code:
        return None
    return {
        "told": words.say("asked.on_line"),
        "rows": [[words.say("asked.page"), page], [words.say("asked.code"), code]],
    }


def _until(case: Case, words: Wording, *, offer: bool) -> str | None:
    until = case.values.get("until", "")
    if not until:
        return None
    return words.say("asked.until_offer" if offer else "asked.until", until=words.day(date.fromisoformat(until)))


def _slip(case: Case, words: Wording, to: list[str], *, offer: bool) -> Content:
    """What is cut off, filled in and sent back: whose it is stands on it as a number and no name."""
    return {
        "heading": words.say("asked.slip"),
        "number": case.number,
        "told": words.say("asked.slip_told"),
        "choices": [words.say(f"asked.{choice}") for choice in (("yes", "no") if offer else CHOICES)],
        "phone": words.say("asked.phone"),
        "signature": words.say("asked.signature"),
        "to": words.say("asked.slip_to"),
        "address": to,
    }
