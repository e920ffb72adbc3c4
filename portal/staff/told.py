"""Every event as a sentence for those who work on a dossier; what parties outside hear too reads the same."""

from collections.abc import Mapping
from datetime import datetime

from models.messages.words import Language, Party
from portal.following import history
from portal.following.history import Data, Teller, Told
from reading.staff_dossier import Hand


class StaffTeller(Teller):
    """Tells events to staff, with the names of colleagues."""

    def __init__(self, language: Language, names: Mapping[str, str]) -> None:
        super().__init__(language, Party.STAFF)
        self._names = names

    def who(self, person: str) -> str:
        """A name, the word for a party, or the id of somebody whose name was erased."""
        return self._names.get(person) or self.words.word(person, "parties")

    def step_of(self, name: str) -> str:
        """The step in the name of a task or question: `DOSSIER/step/occurrence`."""
        parts = name.split("/")
        return self.words.word(parts[1] if len(parts) > 1 else name, "steps")

    def clock(self, moment: str) -> str:
        """A local time of day."""
        return self.words.clock(datetime.fromisoformat(moment))

    def outcome(self, data: Data) -> str:
        """What was answered, with amount and reasons."""
        said = self.words.word(data["outcome"], "answers")
        amount = f", {self.euro(data['amount'])}" if data.get("amount") else ""
        because = f" ({self.reasons(data)})" if data.get("reasons") else ""
        return f"{said}{amount}{because}"

    def instead(self, data: Data) -> str:
        """For whom somebody stood in."""
        _ = self.say
        absent = data.get("on_behalf_of")
        return " " + _("in de plaats van %(whom)s", whom=self.who(absent)) if absent else ""


def _checked(t: StaffTeller, data: Data) -> str:
    _ = t.say
    failed = [t.words.word(check["code"], "reasons") for check in data["checks"] if not check["passed"]]
    if failed:
        return _("Nagekeken door het systeem; niet in orde: %(failed)s", failed="; ".join(failed))
    return _("Nagekeken door het systeem: alle %(count)s controles in orde", count=len(data["checks"]))


def _task_opened(t: StaffTeller, data: Data) -> str:
    _ = t.say
    values = {"role": t.words.word(data["role"], "roles"), "step": t.words.word(data["step"], "steps")}
    return _("Taak voor %(role)s: %(step)s, uiterlijk %(due)s", **values, due=t.day(data["due"]))


def _task_answered(t: StaffTeller, data: Data) -> str:
    _ = t.say
    values = {"who": t.who(data["person"]), "instead": t.instead(data), "step": t.words.word(data["step"], "steps")}
    clock, outcome = t.clock(data["goes_out_at"]), t.outcome(data)
    return _("%(who)s%(instead)s: %(step)s: %(outcome)s; gaat uit om %(clock)s", **values, outcome=outcome, clock=clock)


def _task_completed(t: StaffTeller, data: Data) -> str:
    _ = t.say
    values = {"who": t.who(data["person"]), "instead": t.instead(data), "step": t.words.word(data["step"], "steps")}
    return _("%(who)s%(instead)s: %(step)s: %(outcome)s", **values, outcome=t.outcome(data))


def _task_reopened(t: StaffTeller, data: Data) -> str:
    _ = t.say
    return _("Ongedaan gemaakt; de taak staat weer open: %(step)s", step=t.step_of(data["task"]))


def _task_reminded(t: StaffTeller, data: Data) -> str:
    _ = t.say
    return _("Herinnering aan de taak: %(step)s", step=t.step_of(data["task"]))


def _task_escalated(t: StaffTeller, data: Data) -> str:
    _ = t.say
    role = t.words.word(data["role"], "roles")
    return _("De taak is te laat en gaat naar %(role)s: %(step)s", role=role, step=t.step_of(data["task"]))


def _task_cancelled(t: StaffTeller, data: Data) -> str:
    _ = t.say
    return _("De taak is niet meer nodig: %(step)s", step=t.step_of(data["task"]))


def _mail(t: StaffTeller, data: Data) -> str:
    _ = t.say
    whom = t.words.word(data["role"], "roles") if data.get("role") else t.words.word(data["party"], "parties")
    return _("Mail aan %(whom)s: %(mail)s", whom=whom, mail=t.words.word(data["template"], "mails"))


def _mails_withdrawn(t: StaffTeller, data: Data) -> str:
    _ = t.say
    whom, why = t.words.word(data["party"], "parties"), t.words.word(data["because"], "facts")
    return _("Wat nog niet vertrok aan %(whom)s blijft hier: %(why)s", whom=whom, why=why)


def _moments_planned(t: StaffTeller, data: Data) -> str:
    _ = t.say
    return _("Vragen naar de situatie: %(moments)s", moments="; ".join(_moment(t, one) for one in data["moments"]))


def _moment(t: StaffTeller, one: Data) -> str:
    _ = t.say
    what = t.words.word(one["moment"], "follow_up_moments")
    if one.get("because"):
        return _("%(what)s niet (%(why)s)", what=what, why=t.words.word(one["because"], "not_asked"))
    return _("%(what)s vanaf %(day)s", what=what, day=t.day(one["due"])) if one.get("due") else what


def _phase(t: StaffTeller, data: Data) -> str:
    _ = t.say
    return _("Fase: %(phase)s", phase=t.words.word(data["phase"], "phases"))


def _waited(t: StaffTeller, data: Data) -> str:
    _ = t.say
    return _("Wacht op %(what)s tot %(day)s", what=t.words.word(data["reason"], "waits"), day=t.day(data["until"]))


def _clock_moved(t: StaffTeller, data: Data) -> str:
    _ = t.say
    return _("Oefening: de klok van het dossier staat op %(day)s", day=t.day(data["to"]))


def _budget_asked(t: StaffTeller, data: Data) -> str:
    _ = t.say
    return _("Budget gevraagd: %(amount)s in %(year)s", amount=t.euro(data["amount"]), year=data["year"])


def _budget_heard(t: StaffTeller, data: Data) -> str:
    _ = t.say
    because = f" ({t.words.word(data['reason'], 'reasons')})" if data.get("reason") else ""
    if data["state"] == "waiting":
        return _("Geen budget vrij: het dossier staat op de wachtlijst") + because
    values = {"amount": t.euro(data["allowed"]), "state": t.words.word(data["state"], "budget_states")}
    return _("Budget: %(amount)s %(state)s", **values) + because


def _effects(t: StaffTeller, data: Data) -> str:
    told = (
        t.words.word(effect["code"], "effects") + (f" {t.euro(effect['amount'])}" if effect["amount"] else "")
        for effect in data["effects"]
    )
    return "; ".join(told)


def _reversal_proposed(t: StaffTeller, data: Data) -> str:
    _ = t.say
    values = {"amount": t.euro(data["amount"]), "reason": t.words.word(data["reason"], "reasons")}
    return _("Herziening naar %(amount)s voorgesteld (%(reason)s): %(effects)s", **values, effects=_effects(t, data))


def _reversal_settled(t: StaffTeller, data: Data) -> str:
    _ = t.say
    if data["outcome"] == "refused":
        return _("Herziening niet doorgezet: de beslissing blijft")
    return _("Beslissing herzien: %(effects)s", effects=_effects(t, data))


def _planned(t: StaffTeller, data: Data) -> str:
    _ = t.say
    values = {"number": data["instalment"], "amount": t.euro(data["amount"])}
    return _("Schijf %(number)s gepland: %(amount)s", **values)


def _regime(t: StaffTeller, data: Data) -> str:
    _ = t.say
    told = _("Stelsel: %(regime)s (%(source)s)", regime=t.words.word(data["regime"]), source=data["source"])
    if not data.get("because"):
        return told
    return _("%(told)s; opnieuw gekozen: %(why)s", told=told, why=t.words.word(data["because"], "because_moved"))


def _message(t: StaffTeller, data: Data) -> str:
    _ = t.say
    return _("Bericht aan %(whom)s", whom=t.words.word(data["to"], "parties"))


OF_STAFF: Mapping[str, object] = {
    "checked": _checked,
    "task_opened": _task_opened,
    "task_answered": _task_answered,
    "task_reopened": _task_reopened,
    "task_completed": _task_completed,
    "task_reminded": _task_reminded,
    "task_escalated": _task_escalated,
    "task_cancelled": _task_cancelled,
    "mail_planned": _mail,
    "mails_withdrawn": _mails_withdrawn,
    "moments_planned": _moments_planned,
    "phase_entered": _phase,
    "waited": _waited,
    "clock_moved": _clock_moved,
    "budget_asked": _budget_asked,
    "budget_heard": _budget_heard,
    "reversal_proposed": _reversal_proposed,
    "reversal_settled": _reversal_settled,
    "instalment_planned": _planned,
    "regime_chosen": _regime,
    "message_written": _message,
}
TOLD: Mapping[str, Told] = {**history.TOLD, **OF_STAFF}  # type: ignore[dict-item]
"""One sentence for every event; a test holds it against all of them."""


def told_hand(t: StaffTeller, hand: Hand) -> str:
    """What somebody did with a task on the work list."""
    _ = t.say
    who = t.who(hand.person) + t.instead({"on_behalf_of": hand.on_behalf_of})
    values = {"who": who, "step": t.step_of(hand.task or "")}
    day = t.words.day(hand.day) if hand.day else ""
    match hand.act:
        case "claimed":
            return _("%(who)s nam de taak: %(step)s", **values)
        case "released":
            return _("%(who)s legde de taak terug: %(step)s", **values)
        case "handed_over":
            to, why = t.who(hand.to_person or ""), f" ({t.words.word(hand.reason, 'hand_over')})" if hand.reason else ""
            return _("%(who)s gaf de taak aan %(to)s%(why)s: %(step)s", **values, to=to, why=why)
        case "snoozed":
            return _("%(who)s laat de taak rusten tot %(day)s: %(step)s", **values, day=day)
        case "woken":
            return _("%(who)s haalt de taak terug: %(step)s", **values)
        case "follow_up_set":
            return _("%(who)s volgt op vanaf %(day)s: %(step)s", **values, day=day)
        case "follow_up_cleared":
            return _("%(who)s volgt niet meer op: %(step)s", **values)
        case _:
            return _("%(who)s werkt hier niet meer; de taak ligt weer op de lijst: %(step)s", **values)
