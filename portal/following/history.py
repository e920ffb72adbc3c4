"""What happened in a dossier, in the words of the parties outside. What staff do among themselves is not told."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from models.messages.words import Language, Party
from portal.following.top import Sayer, reference_of
from portal.language import tongue
from reading.timeline import Entry
from schemes.communications import spelled

Data = Mapping[str, Any]
Told = Callable[["Teller", Data], str]
INSIDE = frozenset(
    {
        *("checked", "task_opened", "task_reminded", "task_escalated", "task_answered", "task_reopened"),
        *("task_completed", "task_cancelled", "mail_planned", "phase_entered", "waited", "clock_moved"),
        *("mails_withdrawn", "moments_planned"),
        *("reversal_proposed", "reversal_settled"),
        *("instalment_planned", "regime_chosen", "message_written", "budget_asked", "budget_heard"),
    }
)
"""Of the fund alone, or shown elsewhere on the page: steps, mails and planned payments have a place of their own."""
MARKS = {
    **dict.fromkeys(("decided", "grant_changed", "objection_filed", "handed_over", "closed"), "decision"),
    **dict.fromkeys(("payment_instructed", "payment_confirmed", "recovery_received", "recovery_settled"), "money"),
    **dict.fromkeys(("request_lapsed", "payment_returned", "recovery_ordered"), "late"),
}


class Line(NamedTuple):
    """One line of the history; `mark` gives it its colour."""

    at: datetime
    text: str
    mark: str


def history(entries: Iterable[Entry], language: Language, party: Party) -> tuple[Line, ...]:
    """What a party is told, the newest first."""
    teller = Teller(language, party)
    told = [
        Line(entry.at, TOLD[entry.type](teller, entry.data), MARKS.get(entry.type, ""))
        for entry in entries
        if entry.type in TOLD
    ]
    return tuple(reversed(told))


class Teller(Sayer):
    """Tells events in one language."""

    def __init__(self, language: Language, party: Party) -> None:
        super().__init__(language, party)
        self.say = tongue(language)

    def day(self, value: str) -> str:
        """A day as events carry it."""
        return self.words.day(date.fromisoformat(value[:10]))

    def euro(self, value: str) -> str:
        """An amount as events carry it."""
        return self.words.euro(Decimal(value))

    def whom(self, party: str) -> str:  # type: ignore[override]
        """A party, as the reader knows it."""
        return self.say("u") if party == self._party else self.words.word(party, "parties")

    def asked(self, data: Data) -> str:
        """What was asked or answered."""
        wants = data.get("wants") or ()
        code = data["code"] if "code" in data else data["request"].split("/")[1]
        return self.listed(wants) if wants else self.words.word(code, "asked_of_you")

    def papers(self, data: Data) -> str:
        """Documents of an answer, or what was answered."""
        return self.listed(data["documents"]) if data.get("documents") else self.asked(data)

    def reasons(self, data: Data) -> str:
        """Why, as codes."""
        return "; ".join(self.words.word(code, "reasons") for code in data["reasons"])


def _opened(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Aanvraag ontvangen: %(what)s", what=t.words.word(data["instrument"], "instruments"))


def _asked(t: Teller, data: Data) -> str:
    _ = t.say
    values = {"whom": t.whom(data["party"]), "what": t.asked(data), "until": t.day(data["until"])}
    return _("Gevraagd aan %(whom)s: %(what)s, uiterlijk %(until)s", **values)


def _reminded(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Herinnering gestuurd: %(what)s", what=t.asked(data))


def _extended(t: Teller, data: Data) -> str:
    _ = t.say
    if data.get("derivation"):
        return _("Nieuwe uiterste dag voor %(what)s: %(until)s", what=t.asked(data), until=t.day(data["until"]))
    return _("Meer tijd gegeven voor %(what)s: tot en met %(until)s", what=t.asked(data), until=t.day(data["until"]))


def _answered(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Ontvangen: %(what)s", what=t.papers(data))


def _unanswered(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Niet op tijd ontvangen: %(what)s", what=t.asked(data))


def _needless(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Niet meer nodig: %(what)s", what=t.asked(data))


def _corrected(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Gegevens verbeterd: %(what)s", what=t.listed(data["fields"]))


def _stopped(t: Teller, _data: Data) -> str:
    _ = t.say
    return _("De termijn waarin het fonds moet beslissen, staat stil")


def _resumed(t: Teller, data: Data) -> str:
    _ = t.say
    return _("De termijn waarin het fonds moet beslissen, loopt weer na %(days)s dagen", days=data["days"])


def _decided(t: Teller, data: Data) -> str:
    _ = t.say
    outcome = t.words.word(data["outcome"], "outcomes")
    said = _("Beslissing: %(outcome)s, %(amount)s", outcome=outcome, amount=t.euro(data["granted"]))
    return f"{said} ({t.reasons(data)})" if data["reasons"] else said


def _changed(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Het toegekende bedrag wordt %(amount)s", amount=t.euro(data["granted"]))


def _instructed(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Betaling van %(amount)s wordt uitgevoerd", amount=t.euro(data["amount"]))


def _confirmed(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Betaald, mededeling %(reference)s", reference=reference_of(data["reference"]))


def _returned(t: Teller, _data: Data) -> str:
    _ = t.say
    return _("De betaling kwam terug van de bank")


def _claimed(t: Teller, data: Data) -> str:
    _ = t.say
    reason = t.words.word(data["reason"], "reasons")
    return _("Teruggevraagd: %(amount)s (%(reason)s)", amount=t.euro(data["amount"]), reason=reason)


def _claim_agreed(t: Teller, data: Data) -> str:
    _ = t.say
    values = {"reference": spelled(data["communication"]), "until": t.day(data["until"])}
    return _("Terug te betalen met mededeling %(reference)s, uiterlijk %(until)s", **values)


def _claim_planned(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Terugbetaling in %(count)s delen afgesproken", count=len(data["parts"]))


def _claim_reminded(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Herinnering om terug te betalen, uiterlijk %(until)s", until=t.day(data["until"]))


def _claim_received(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Terugbetaald: %(amount)s", amount=t.euro(data["amount"]))


def _condition_settled(t: Teller, data: Data) -> str:
    _ = t.say
    values = {"what": t.words.word(data["condition"]), "outcome": t.words.word(data["outcome"], "answers")}
    return _("Voorwaarde %(outcome)s: %(what)s", **values)


def _settled(t: Teller, data: Data) -> str:
    _ = t.say
    if data["outcome"] == "received":
        return _("Terugbetaling ontvangen")
    return _("Terugbetaling niet meer gevraagd")


def _objected(t: Teller, _data: Data) -> str:
    _ = t.say
    return _("Bezwaar ingediend")


def _reported(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Gemeld: %(what)s, op %(day)s", what=t.words.word(data["fact"], "facts"), day=t.day(data["on"]))


def _dates_moved(t: Teller, data: Data) -> str:
    _ = t.say
    why = t.words.word(data["because"], "because_moved")
    return _("Data verschoven (%(why)s): %(dates)s", why=why, dates="; ".join(_moved(t, one) for one in data["moved"]))


def _moved(t: Teller, one: Data) -> str:
    _ = t.say
    what, before, after = t.words.word(one["what"], "dates"), one.get("before"), one.get("after")
    if before and after:
        return _("%(what)s van %(before)s naar %(after)s", what=what, before=t.day(before), after=t.day(after))
    if before:
        return _("%(what)s vervalt (was %(before)s)", what=what, before=t.day(before))
    return _("%(what)s op %(after)s", what=what, after=t.day(after or ""))


def _followed_up(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Hoe het gaat: %(what)s", what=t.words.word(data["outcome"], "follow_up_outcomes"))


def _handed_over(t: Teller, data: Data) -> str:
    _ = t.say
    instrument = t.words.word(data["to_instrument"], "instruments")
    fund = t.words.word(data["to_fund"], "funds")
    return _("Doorgegeven aan %(fund)s als %(instrument)s", fund=fund, instrument=instrument)


def _withdrawn(t: Teller, _data: Data) -> str:
    _ = t.say
    return _("Aanvraag ingetrokken")


def _closed(t: Teller, data: Data) -> str:
    _ = t.say
    return _("Dossier afgesloten: %(outcome)s", outcome=t.words.word(data["outcome"], "outcomes"))


TOLD: Mapping[str, Told] = {
    "dossier_opened": _opened,
    "request_opened": _asked,
    "request_reminded": _reminded,
    "request_extended": _extended,
    "request_answered": _answered,
    "request_lapsed": _unanswered,
    "request_cancelled": _needless,
    "answer_kept": _answered,
    "facts_corrected": _corrected,
    "clock_stopped": _stopped,
    "clock_resumed": _resumed,
    "decided": _decided,
    "grant_changed": _changed,
    "payment_instructed": _instructed,
    "payment_confirmed": _confirmed,
    "payment_returned": _returned,
    "recovery_ordered": _claimed,
    "recovery_approved": _claim_agreed,
    "recovery_planned": _claim_planned,
    "recovery_reminded": _claim_reminded,
    "recovery_received": _claim_received,
    "recovery_settled": _settled,
    "condition_settled": _condition_settled,
    "objection_filed": _objected,
    "reported": _reported,
    "followed_up": _followed_up,
    "dates_moved": _dates_moved,
    "handed_over": _handed_over,
    "withdrawn": _withdrawn,
    "closed": _closed,
}
"""One sentence for every event that is told; a test holds these and `INSIDE` against all events."""
