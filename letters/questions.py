"""What a letter says that asks for something, for people without a mail address."""

from datetime import date
from typing import Any

import policies
from letters.decisions import reasons
from letters.values import Case
from letters.wording import Wording

Content = dict[str, Any]


def request(case: Case, words: Wording) -> Content:
    """What is asked, until when, and what happens otherwise."""
    fund = policies.funds()[case.fund]
    until, silence = case.values.get("until", ""), case.values.get("silence", "")
    when = [
        words.say("request.until", until=words.day(date.fromisoformat(until))) if until else "",
        words.say("request.otherwise", silence=words.word(silence or "otherwise")),
        words.say("request.stops") if case.values.get("stops_clock") else "",
    ]
    how = words.say("request.how_told", email=fund.email, fund=fund.name, seat=fund.seat, number=case.number)
    again = case.template == "request_reminder"
    return {
        "title": words.say("request.title_reminder" if again else "request.title"),
        "told": words.say("request.told", instrument=words.word(case.instrument.value)),
        "why": reasons(case, words, case.values.get("reason", "")),
        "wants": {"heading": words.say("request.wants"), "lines": _wants(case, words)},
        "how": {"heading": words.say("request.how"), "told": how},
        "when": " ".join(line for line in when if line),
    }


def _wants(case: Case, words: Wording) -> list[str]:
    """One line for each document or answer; alternatives within a line."""
    between = {"nl": " of ", "fr": " ou ", "en": " or "}[words.language.value]
    groups = (group for group in case.values.get("wants", "").replace(",", "|").split("|") if group.strip())
    return [between.join(words.word(code.strip()) for code in group.split("/")) for group in groups]
