"""Why can't I? The reasons in words, for a page, a button or a task; what is not known to be there has none."""

from collections.abc import Iterable
from typing import Protocol

from models.messages.words import Language, Party, Role
from portal.access.rights import NotAllowed
from portal.access.visitor import Act, Visitor
from portal.language import tongue
from portal.wording import Wording


class Step(Protocol):
    """What is looked at of a task."""

    @property
    def fund(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def excluded(self) -> Iterable[str]: ...


def page(visitor: Visitor, why: NotAllowed) -> tuple[str, ...]:
    """Why this visitor may not use a page."""
    _, wording = tongue(visitor.language), Wording(visitor.language)
    reasons = []
    if visitor.party not in why.parties:
        parties = _listed(visitor.language, (wording.word(party, "parties") for party in sorted(why.parties)))
        reasons.append(_("Deze bladzijde is voor: %(parties)s.", parties=parties))
    elif why.roles and not why.roles & visitor.roles:
        reasons.append(_role(visitor, why.roles))
    return tuple(reasons)


def task(visitor: Visitor, step: Step, holder: str | None = None) -> tuple[str, ...]:
    """Why this visitor may not finish a task; empty when it may be tried.

    `holder` is the name of who has it in hand; nobody when that is the visitor.
    """
    _ = tongue(visitor.language)
    if visitor.party is not Party.STAFF:
        return (_("Deze stap is voor de medewerkers van het fonds. U kunt hem volgen in uw dossier."),)
    reasons = []
    if step.fund not in visitor.funds:
        reasons.append(_("De taak is van een ander fonds dan het uwe."))
    if Role(step.role) not in visitor.roles:
        reasons.append(_role(visitor, frozenset({Role(step.role)})))
    if visitor.person in step.excluded:
        reasons.append(_("Vier ogen: u nam al een eerdere stap in dit dossier, een collega moet deze nemen."))
    if step.state == "held":
        reasons.append(_("De taak is beantwoord en gaat straks de deur uit; wie antwoordde kan dat nog terugnemen."))
    elif step.state != "open":
        reasons.append(_("De taak staat niet meer open: ze is afgewerkt of vervallen."))
    if holder is not None:
        reasons.append(_("%(name)s heeft de taak in handen. Vraag om ze vrij te geven of over te dragen.", name=holder))
    return tuple(reasons)


def act(visitor: Visitor, wanted: Act, enterprise: str) -> tuple[str, ...]:
    """Why this visitor may not do something for an enterprise; empty when it may."""
    if visitor.may(wanted, enterprise):
        return ()
    _ = tongue(visitor.language)
    if enterprise not in visitor.enterprises:
        return (_("U handelt niet voor deze onderneming. Vraag haar een mandaat."),)
    missing = {
        Act.READ: _("Uw mandaat laat niet toe dossiers van deze onderneming te lezen."),
        Act.APPLY: _("Uw mandaat laat niet toe voor deze onderneming aan te vragen."),
        Act.ANSWER: _("Uw mandaat laat niet toe voor deze onderneming te antwoorden."),
    }
    return (missing[wanted], _("Vraag de onderneming om uw mandaat uit te breiden."))


def _role(visitor: Visitor, roles: Iterable[Role]) -> str:
    _, wording = tongue(visitor.language), Wording(visitor.language)
    wanted = _listed(visitor.language, (wording.word(role, "roles") for role in sorted(roles)))
    own = _listed(visitor.language, (wording.word(role, "roles") for role in sorted(visitor.roles)))
    return _("Dit vraagt de rol: %(wanted)s. U hebt: %(own)s. Uw fondsbeheerder kan ze geven.", wanted=wanted, own=own)


def _listed(language: Language, words: Iterable[str]) -> str:
    _ = tongue(language)
    return f" {_('of')} ".join(words) or "-"
