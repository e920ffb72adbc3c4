"""What may be done with all of these tasks at once, why the rest may not, and what will happen."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from portal.access.visitor import Visitor
from portal.language import Tongue
from portal.language import marked as _
from portal.staff.reasons import asks_reason, reasons_for
from reading.inbox import Desk, Line

HANDS: Mapping[str, str] = {
    "claim": _("In handen nemen"),
    "release": _("Terugleggen"),
    "assign": _("Toewijzen aan een collega"),
    "snooze": _("Uitstellen tot een dag"),
    "complete": _("Afwerken met een uitkomst"),
}
MAILS: Mapping[tuple[str, str], str] = {
    ("admissibility", "refuse"): "decision_refused",
    ("admissibility", "refer"): "handed_over",
    ("review", "refuse"): "decision_refused",
    ("review", "ask"): "request_documents",
    ("approval", "refuse"): "decision_refused",
    ("approval", "approve"): "decision_granted",
    ("approval", "reduce"): "decision_partial",
    ("board_employers", "refuse"): "decision_refused",
    ("board_unions", "refuse"): "decision_refused",
    ("board_unions", "approve"): "decision_granted",
    ("objection", "upheld"): "objection_decided",
    ("objection", "overturned"): "objection_decided",
    ("payment", "confirmed"): "payment_done",
}
"""The mail that an answer leads to; a decision leaves only with the answer after which nobody has to decide."""
Bar = Callable[[Line], str | None]


class Offer(NamedTuple):
    """One hand: whether it may be used on all, else why not, with how many tasks."""

    hand: str
    label: str
    barred: tuple[tuple[str, int], ...]

    @property
    def possible(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.barred


class Preview(NamedTuple):
    """What an answer brings about: amounts in euro, and mails by template with how many."""

    total: Decimal
    mails: tuple[tuple[str, int], ...]


def offers(lines: Sequence[Line], visitor: Visitor, desk: Desk, missing: int) -> tuple[Offer, ...]:
    """Every hand, with what stands in its way; `missing` tasks are not open or not visible any more."""
    found: list[Offer] = []
    for hand, label in HANDS.items():
        bar = _bars(hand, visitor, desk)
        why = Counter(reason for line in lines if (reason := _closed(line) or bar(line)))
        if missing:
            why[_("bestaat niet meer")] += missing
        if hand == "complete" and not outcomes(lines):
            why[_("er is geen uitkomst die voor alle kan")] += len(lines)
        found.append(Offer(hand, label, tuple(why.most_common())))
    return tuple(found)


def outcomes(lines: Sequence[Line]) -> tuple[str, ...]:
    """The outcomes that every one of these tasks allows, in the order of the first."""
    if not lines:
        return ()
    common = set[str].intersection(*(set(line.outcomes) for line in lines))
    return tuple(outcome for outcome in lines[0].outcomes if outcome in common)


def asks_why(lines: Sequence[Line], outcome: str) -> bool:
    """Whether this outcome has to be explained for at least one of these tasks."""
    return any(asks_reason(line.step, outcome) for line in lines)


def reasons(lines: Sequence[Line], outcome: str, instruments: Mapping[str, str]) -> tuple[str, ...]:
    """The reasons that may be given for this outcome of every one of these tasks; `instruments` by dossier."""
    cases = {(line.step, instruments.get(line.dossier, ""), line.kind) for line in lines}
    offered = [reasons_for(step, outcome, instrument, kind) for step, instrument, kind in sorted(cases)]
    return tuple(code for code in offered[0] if all(code in others for others in offered)) if offered else ()


def preview(lines: Sequence[Line], outcome: str) -> Preview:
    """What follows when all of these get this outcome."""
    mails = Counter(MAILS[key] for line in lines if (key := (line.step, outcome)) in MAILS)
    return Preview(sum((line.amount or Decimal(0) for line in lines), Decimal(0)), tuple(mails.most_common()))


def _bars(hand: str, visitor: Visitor, desk: Desk) -> Bar:
    mine = {visitor.person, *desk.stands_for}
    leads = "team_lead" in visitor.roles

    def bar(line: Line) -> str | None:
        held_by_another = line.holder is not None and line.holder not in mine
        unfit = _unfit(line, desk)
        match hand:
            case "claim":
                return _("is in handen van een collega") if held_by_another else unfit
            case "release":
                return None if line.holder == visitor.person else _("is niet in uw handen")
            case "assign" if not leads:
                return _("is in handen van een collega") if held_by_another else unfit
            case "complete":
                return _("is in handen van een collega") if held_by_another else unfit
            case "snooze":
                return _("moet vandaag af of is te laat") if line.due <= desk.today else None
        return None

    return bar


def _unfit(line: Line, desk: Desk) -> str | None:
    """Why this person may not take it."""
    if desk.person in line.excluded:
        return _("vier ogen: u nam al een eerdere stap")
    return None if line.role in desk.roles else _("is voor een andere rol")


def _closed(line: Line) -> str | None:
    return None if line.state == "open" else _("staat niet meer open")


def told(offer: Offer, say: Tongue) -> str:
    """Why a hand is not offered, in a sentence."""
    return "; ".join(say(_("%(count)s taken: %(why)s"), count=count, why=say(why)) for why, count in offer.barred)
