"""Every event as a Dutch sentence, with names of people from their rows."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from commands.dutch import day, euro, hour, listed, mail_state, otherwise, words
from reading.timeline import Entry
from schemes.communications import spelled

Data = Mapping[str, Any]
Names = Mapping[str, str]
ANSWERS = ("task_answered", "task_completed")
"""Events that name who answered, and for whom."""


def told(entry: Entry, names: Names) -> str:
    """The sentence of one event; who acted is named when the rows still know."""
    sentence = SENTENCES[entry.type](entry.data)
    if entry.type in ANSWERS:
        absent = entry.data.get("on_behalf_of")
        instead = f", in de plaats van {who(absent, names)}" if absent else ""
        return f"{sentence} door {who(entry.data['person'], names)}{instead}"
    return sentence if entry.by == "system" else f"{sentence} ({who(entry.by, names)})"


def who(person: str, names: Names) -> str:
    """A name, or the word for a party, or the id of somebody whose name is erased."""
    name = names.get(person)
    return name if name else words(person)


def step_of(task: str) -> str:
    """The step in the name of a task or question: `DOSSIER/step/occurrence`."""
    parts = task.split("/")
    return words(parts[1] if len(parts) > 1 else task)


def _opened(data: Data) -> str:
    parent = f", uit dossier {data['parent']}" if data.get("parent") else ""
    rehearsed = " (oefendossier)" if data["rehearsed"] else ""
    return f"Dossier geopend: {words(data['instrument'])}, reglement {data['policy']}{parent}{rehearsed}"


def _checked(data: Data) -> str:
    failed = [check["code"] for check in data["checks"] if not check["passed"]]
    passed = len(data["checks"]) - len(failed)
    return f"Nagekeken: {passed} controles in orde" + (f", niet in orde: {listed(failed)}" if failed else "")


def _task_opened(data: Data) -> str:
    amount = f" over {euro(data['amount'])}" if data.get("amount") else ""
    return (
        f"Taak voor {words(data['role'])}: {words(data['step'])}{amount}, uiterlijk {day(data['due'])} "
        f"({data['derivation']}); anders {otherwise(data['silence'])}"
    )


def _task_completed(data: Data) -> str:
    return f"Taak afgewerkt: {_answer(data)},"


def _task_answered(data: Data) -> str:
    return f"Taak beantwoord, gaat uit om {hour(data['goes_out_at'])}: {_answer(data)},"


def _answer(data: Data) -> str:
    amount = f" voor {euro(data['amount'])}" if data.get("amount") else ""
    because = f", reden: {listed(data['reasons'])}" if data.get("reasons") else ""
    return f"{words(data['step'])}, {words(data['outcome'])}{amount}{because}"


def _request_opened(data: Data) -> str:
    wants = f": {listed(data['wants'])}" if data["wants"] else ""
    clock = "; intussen staat de klok stil" if data["stops_clock"] else ""
    return (
        f"Gevraagd aan {words(data['party'])}: {words(data['code'])}{wants}, uiterlijk {day(data['until'])} "
        f"({data['derivation']}); anders {otherwise(data['silence'])}{clock}"
    )


def _extended(data: Data) -> str:
    if data.get("derivation"):
        return f"Nieuwe uiterste dag {day(data['until'])} ({data['derivation']}): {step_of(data['request'])}"
    return f"Meer tijd tot en met {day(data['until'])}: {step_of(data['request'])}"


def _papers(data: Data) -> str:
    return f" met {listed(data['documents'])}" if data.get("documents") else ""


def _decided(data: Data) -> str:
    because = f"; reden: {listed(data['reasons'])}" if data["reasons"] else ""
    asked = f" van gevraagd {euro(data['asked'])}" if data.get("asked") else ""
    return (
        f"Beslissing {data['decision']} ({words(data['level'])}): {words(data['outcome'])}, "
        f"{euro(data['granted'])}{asked}{because}"
    )


def _budget_asked(data: Data) -> str:
    return f"Budget gevraagd: {euro(data['amount'])} in {data['year']}"


def _budget_heard(data: Data) -> str:
    because = f" ({words(data['reason'])})" if data.get("reason") else ""
    if data["state"] == "waiting":
        return f"Geen budget vrij: het dossier staat op de wachtlijst{because}"
    return f"Budget: {euro(data['allowed'])} {words(data['state'])}{because}"


def _condition_settled(data: Data) -> str:
    because = f" ({listed(data['reasons'])})" if data.get("reasons") else ""
    return f"Voorwaarde {words(data['outcome'])}: {words(data['condition'])}{because}"


def _effects(data: Data) -> str:
    told = (
        words(effect["code"]) + (f" {euro(effect['amount'])}" if effect["amount"] else "") for effect in data["effects"]
    )
    return "; ".join(told)


def _reversal_proposed(data: Data) -> str:
    return (
        f"Voorstel om de beslissing te herzien naar {euro(data['amount'])}, {words(data['reason'])}: {_effects(data)}"
    )


def _reversal_settled(data: Data) -> str:
    if data["outcome"] == "refused":
        return "De beslissing blijft zoals ze was"
    return f"Beslissing herzien: {_effects(data)}"


def _recovery_approved(data: Data) -> str:
    return f"Terugvordering goedgekeurd, mededeling {spelled(data['communication'])}, uiterlijk {day(data['until'])}"


def _recovery_planned(data: Data) -> str:
    parts = "; ".join(f"{euro(part['amount'])} uiterlijk {day(part['until'])}" for part in data["parts"])
    return f"Afbetalingsplan voor de terugvordering: {parts}"


def _recovery_received(data: Data) -> str:
    excess = f", waarvan {euro(data['excess'])} te veel" if Decimal(data["excess"]) else ""
    return f"Teruggekregen: {euro(data['amount'])} ({data['reference']}, {day(data['booked_on'])}){excess}"


def _recovery_settled(data: Data) -> str:
    ended = {"received": "ontvangen", "written_off": "afgeschreven", "declined": "niet doorgezet"}[data["outcome"]]
    return f"Terugvordering {ended}, in totaal {euro(data['recovered'])}"


def _mail(data: Data) -> str:
    whom = words(data.get("role") or data["party"])
    return f"Mail gepland aan {whom}: {words(data['template'])}"


def _followed_up(data: Data) -> str:
    because = f" ({data['reason']})" if data.get("reason") else ""
    source = f", gemeld door {words(data['told_by'])}" if data.get("told_by") else ""
    elsewhere = f" in dossier {data['elsewhere']}" if data.get("elsewhere") else ""
    before = f"; eerst: {data['previous']}" if data.get("previous") else ""
    return f"Opvolging {words(data['moment'])}: {data['outcome']}{because}{source}{elsewhere}{before}"


def _moments_planned(data: Data) -> str:
    return f"Opvolgmomenten: {'; '.join(_moment(one) for one in data['moments'])}"


def _moment(one: Data) -> str:
    if one.get("because"):
        return f"{words(one['moment'])} niet ({words(one['because'])})"
    return f"{words(one['moment'])} op {day(one['due'])}" if one.get("due") else f"{words(one['moment'])} later"


def _mails_withdrawn(data: Data) -> str:
    return f"Wat nog niet vertrok aan {words(data['party'])} blijft hier: {words(data['because'])}"


def _handed_over(data: Data) -> str:
    return f"Doorgegeven aan {words(data['to_fund'])} als {words(data['to_instrument'])}: {words(data['reason'])}"


def _regime(data: Data) -> str:
    again = f", opnieuw gekozen: {words(data['because'])}" if data.get("because") else ""
    return f"Regime {words(data['regime'])} volgens {data['rule']} ({data['source']}){again}"


def _dates_moved(data: Data) -> str:
    return f"Data verschoven ({words(data['because'])}): {'; '.join(_moved(one) for one in data['moved'])}"


def _moved(one: Data) -> str:
    before, after = one.get("before"), one.get("after")
    if before and after:
        return f"{words(one['what'])} van {day(before)} naar {day(after)}"
    return f"{words(one['what'])} " + (f"vervalt (was {day(before)})" if before else f"op {day(after)}")


def _reported(data: Data) -> str:
    return f"Gemeld: {words(data['fact'])} op {day(data['on'])}"


def _account(data: Data) -> str:
    return f"Betaling opgedragen: schijf {data['instalment']}, {euro(data['amount'])} aan {words(data['account_of'])}"


def _planned(data: Data) -> str:
    return f"Schijf {data['instalment']} gepland: {euro(data['amount'])} bij {words(data['moment'])}"


SENTENCES: Mapping[str, Callable[[Data], str]] = {
    "dossier_opened": _opened,
    "phase_entered": lambda data: f"Fase: {words(data['phase'])}",
    "checked": _checked,
    "task_opened": _task_opened,
    "task_reminded": lambda data: f"Herinnering {data['times']} voor de taak: {step_of(data['task'])}",
    "task_escalated": lambda data: f"Taak '{step_of(data['task'])}' is te laat en gaat naar {words(data['role'])}",
    "task_answered": _task_answered,
    "task_reopened": lambda data: f"Antwoord ongedaan gemaakt, de taak staat weer open: {step_of(data['task'])}",
    "task_completed": _task_completed,
    "task_cancelled": lambda data: f"Taak vervallen: {step_of(data['task'])} ({words(data['reason'])})",
    "request_opened": _request_opened,
    "request_reminded": lambda data: f"Herinnering {data['times']}: {step_of(data['request'])}",
    "request_extended": _extended,
    "request_answered": lambda data: f"Beantwoord: {words(data['code'])}{_papers(data)}",
    "request_cancelled": lambda data: f"Niet meer nodig: {words(data['code'])}",
    "request_lapsed": lambda data: f"Geen antwoord op tijd: {words(data['code'])}",
    "answer_kept": lambda data: f"Antwoord bewaard: {words(data['code'])}{_papers(data)}",
    "facts_corrected": lambda data: f"Gegevens verbeterd: {listed(data['fields'])}",
    "clock_stopped": lambda data: f"De klok van het fonds staat stil: {step_of(data['because'])}",
    "clock_resumed": lambda data: f"De klok van het fonds loopt weer, na {data['days']} dagen",
    "waited": lambda data: f"Wacht op {words(data['reason'])} tot {day(data['until'])}; dan {otherwise(data['then'])}",
    "budget_asked": _budget_asked,
    "budget_heard": _budget_heard,
    "decided": _decided,
    "grant_changed": lambda data: f"Toegekend bedrag wordt {euro(data['granted'])}: {words(data['reason'])}",
    "instalment_planned": _planned,
    "payment_instructed": _account,
    "payment_confirmed": lambda data: f"Betaald ({data['reference']}), in totaal {euro(data['paid'])}",
    "payment_returned": lambda data: f"Betaling teruggekeerd: {words(data['reason'])}",
    "recovery_ordered": lambda data: f"Teruggevorderd: {euro(data['amount'])}, {words(data['reason'])}",
    "recovery_approved": _recovery_approved,
    "recovery_planned": _recovery_planned,
    "recovery_reminded": lambda data: (
        f"Herinnering {data['times']} om terug te betalen, uiterlijk {day(data['until'])}"
    ),
    "recovery_received": _recovery_received,
    "recovery_settled": _recovery_settled,
    "condition_settled": _condition_settled,
    "reversal_proposed": _reversal_proposed,
    "reversal_settled": _reversal_settled,
    "mail_planned": _mail,
    "message_written": lambda data: f"Bericht geschreven aan {words(data['to'])}",
    "objection_filed": lambda data: f"Bezwaar ingediend: {words(data['ground'])}",
    "reported": _reported,
    "followed_up": _followed_up,
    "moments_planned": _moments_planned,
    "mails_withdrawn": _mails_withdrawn,
    "regime_chosen": _regime,
    "dates_moved": _dates_moved,
    "handed_over": _handed_over,
    "withdrawn": lambda data: f"Ingetrokken: {words(data['reason'])}",
    "clock_moved": lambda data: f"Oefening: de klok van het dossier staat op {day(data['to'])}",
    "closed": lambda data: f"Afgesloten: {words(data['outcome'])} ({words(data['reason'])})",
}
"""One sentence for every type of event; a test compares the types."""


def mail_line(template: str, whom: str, state: str) -> str:
    """One mail of the ledger."""
    return f"{words(template)} aan {words(whom)}: {mail_state(state)}"
