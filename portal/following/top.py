"""The one sentence on top of a dossier: on whom is waited, for what, until when, and what happens otherwise."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

from babel.lists import format_list

from models.messages.message import Message
from models.messages.words import Language, Outcome, Party
from portal.language import WIDER, tongue, written
from portal.wording import Wording
from reading.following import Followed
from schemes import steps
from schemes.calendar import local_date

Status = Literal["you", "staff", "other", "calendar", "opening", "closed"]
ROLES: Mapping[str, str] = {step.code: step.role for step in vars(steps).values() if isinstance(step, steps.StaffStep)}
"""Who in the fund takes a step: the role, never the person."""
ENDS = frozenset({"lapses", "closes"})
"""What silence leads to by itself, the day after the last one."""
OWN_WORDS = frozenset(
    ("clarification", "survey", "account", "signature_company", "signature_expert", "follow_up", "status")
) | frozenset(("wish", "answer", "start", "hours", "agency_outcome"))
"""Questions that have words of their own; of the others is said which documents and facts they want."""


class Top(Message):
    """The sentence before it is written. `what` holds codes; `ends_on`: the day on which `otherwise` comes true."""

    status: Status
    on: str
    what: tuple[str, ...]
    until: date | None = None
    otherwise: str | None = None
    ends_on: date | None = None
    request: str | None = None
    """The question that is meant, when it is one to the reader."""


def top_of(followed: Followed) -> Top:
    """What a party is told first about its dossier: its own duty, else whose turn it is."""
    dossier = followed.dossier
    if dossier.outcome is not None:
        return Top(status="closed", on="nobody", what=(dossier.outcome,), until=local_date(followed.at))
    if followed.asked:
        first = followed.asked[0]
        what = (first.code,) if first.code in OWN_WORDS or not first.wants else tuple(first.wants)
        return _wait("you", "you", what, first.until, first.silence, first.request)
    if dossier.waiting_on is None or dossier.waiting_for is None:
        return Top(status="opening", on=Party.STAFF, what=("opening",))
    on, what = dossier.waiting_on, (dossier.waiting_for,)
    status: Status = "other"
    if on in (Party.STAFF, Party.CALENDAR):
        status = "staff" if on == Party.STAFF else "calendar"
    return _wait(status, on, what, dossier.waiting_until, dossier.otherwise)


def _wait(
    status: Status, on: str, what: tuple[str, ...], until: date | None, silence: str | None, request: str | None = None
) -> Top:
    code = silence.partition(":")[2] or silence if silence else None
    ends = until + timedelta(days=1) if until is not None and code in ENDS and status != "calendar" else None
    return Top(status=status, on=on, what=what, until=until, otherwise=code, ends_on=ends, request=request)


def reference_of(reference: str) -> str:
    """What a payment is recognised by: what the bank was told, or the number of the dossier and of its part."""
    number, way, key = reference.partition("/payment/")
    return f"{number}/{key.split('/')[0]}" if way else reference


class Sayer:
    """Writes tops in one language, for one party."""

    def __init__(self, language: Language, party: Party = Party.APPLICANT) -> None:
        self._language = written(language)
        self._party = party
        self.words = Wording(language)
        self._ = tongue(language)

    def sentence(self, followed: Followed) -> str:
        """The sentence on top of this dossier."""
        top = top_of(followed)
        match top.status:
            case "closed":
                return self._closed(followed, top)
            case "opening":
                return self._opening()
            case "calendar":
                return self._calendar(top)
            case _:
                return self._turn(top)

    def what(self, top: Top) -> str:
        """What is waited for, in words."""
        if top.status == "staff":
            group = "fund_does" if self._party in (Party.APPLICANT, Party.PARTICIPANT) else "steps"
            return self.words.word(top.what[0], group)
        if top.status == "calendar":
            return self.words.word(top.what[0], "because")
        return self.listed(top.what)

    def listed(self, wants: Iterable[str]) -> str:
        """Documents and facts as a list; of alternatives one is enough."""
        locale = WIDER[self._language]
        groups = (
            format_list([self.words.word(code, "asked_of_you") for code in want.split("/")], style="or", locale=locale)
            for want in wants
        )
        return format_list(list(groups), locale=locale)

    def whom(self, top: Top) -> str:
        """Whose turn it is: a role of the fund, or a party."""
        if top.status == "staff":
            return self.words.word(ROLES.get(top.what[0], "handler"), "by_whom")
        return self.words.word(top.on, "parties")

    def then(self, code: str | None) -> str:
        """What happens otherwise, as a clause after 'anders' or a day."""
        return self.words.word(code or "goes_on", "then")

    def _turn(self, top: Top) -> str:
        _ = self._
        values = {"what": self.what(top), "until": self.words.day(top.until), "whom": self.whom(top)}
        if top.status == "you" or top.on == self._party:
            first = _("Wij wachten op u: %(what)s, uiterlijk %(until)s.", **values)
        elif top.status == "other":
            first = _("Wij wachten op %(whom)s: %(what)s, uiterlijk %(until)s.", **values)
        else:
            first = _("Het fonds is aan zet: %(whom)s moet %(what)s, uiterlijk %(until)s.", **values)
            otherwise = _("Is dat dan niet gebeurd, dan %(then)s.", then=self.then(top.otherwise))
            return f"{first} {otherwise}"
        return f"{first} {self.consequence(top)}"

    def consequence(self, top: Top) -> str:
        """What silence leads to."""
        _ = self._
        if top.ends_on is not None:
            day = self.words.day(top.ends_on)
            return _("Anders %(then)s op %(day)s.", then=self.then(top.otherwise), day=day)
        return _("Anders %(then)s.", then=self.then(top.otherwise))

    def _calendar(self, top: Top) -> str:
        _ = self._
        until = self.words.day(top.until)
        if top.what == ("objection_term",):
            return _(
                "Het fonds heeft beslist: u leest hieronder wat. U kunt bezwaar maken tot en met %(until)s. Daarna "
                "sluiten wij het dossier.",
                until=until,
            )
        return _(
            "U hoeft nu niets te doen: %(because)s. Op %(until)s %(then)s.",
            because=self.what(top),
            until=until,
            then=self.then(top.otherwise),
        )

    def _opening(self) -> str:
        _ = self._
        return _("Wij hebben uw aanvraag goed ontvangen en openen uw dossier zo dadelijk. U hoeft niets te doen.")

    def _closed(self, followed: Followed, top: Top) -> str:
        _ = self._
        dossier = followed.dossier
        outcome = self.words.word(top.what[0], "outcomes")
        day = self.words.day(top.until)
        parts = [_("Dit dossier is afgesloten op %(day)s: %(outcome)s.", day=day, outcome=outcome)]
        if dossier.outcome in (Outcome.LAPSED, Outcome.REFUSED, Outcome.NOT_STARTED) and dossier.reason:
            parts.append(_("De reden: %(reason)s.", reason=self.words.word(dossier.reason, "reasons")))
        if dossier.paid > 0:
            parts.append(_("Er is %(amount)s betaald.", amount=self.words.euro(dossier.paid)))
        return " ".join(parts)
