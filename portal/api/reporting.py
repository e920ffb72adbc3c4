"""What a system may report: what its party may tell on the pages, and of a trajectory a little more.

That a dossier is seen is not enough to speak in it: an employer sees the trajectories of its people, and tells none of
them anything.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from models.errors import Refusal
from models.messages.commands import ReportFact
from models.messages.words import Kind, Language, Party
from portal.access.rows import seen_by
from portal.agencies.registering import Act, Happening, course_of, problems_of, wrong_in
from portal.api import shapes
from portal.api.clients import Client
from portal.api.problems import FieldFault, ProblemRaised
from portal.api.readings import opened
from portal.asking.leaving import Leaving, leave
from portal.following.possible import REPORTS
from portal.house import House
from portal.language import tongue
from reading.guided import COURSE, Guided, guided

POINTERS = {"event": "/fact", "event_on": "/on"}
"""Where a report has what a page calls a happening."""
LEAVING = ("deceased", "emigrated")
"""An agency hears it from the family; it holds in every dossier of the person, so it goes the way of the pages."""
ON_PAGES: Mapping[tuple[str, str], frozenset[str]] = {
    whose: frozenset(report.fact for report in reports) for whose, reports in REPORTS.items()
}
REPORTABLE: Mapping[tuple[str, str], frozenset[str]] = {
    **ON_PAGES,
    (Kind.TRAJECTORY, Party.AGENCY): ON_PAGES[Kind.TRAJECTORY, Party.AGENCY] | {*LEAVING},
    (Kind.TRAJECTORY, Party.SYSTEM): frozenset(COURSE),
}
"""Facts by kind of dossier and by the party for which a system speaks. The system of a fund passes on what the fund
hears of a guidance; what is somebody's own word, or asks for a member of staff, it does not tell."""

_CONSENT = "Of iemand vragen wil krijgen, zegt die persoon zelf, met de link in een bericht."
_GONE = "Dit meldt het bureau dat begeleidt, of een naaste met de link in een bericht. Anders belt u het fonds."
_BY_STAFF = "Dit zet een medewerker van het fonds recht, op de pagina van het dossier."
WHO_TELLS: Mapping[str, Mapping[str, str]] = {
    Kind.TRAJECTORY: dict.fromkeys(COURSE, "Dit meldt het bureau dat begeleidt, of de persoon zelf.")
    | dict.fromkeys(("consent_given", "consent_withdrawn"), _CONSENT)
    | dict.fromkeys(LEAVING, _GONE)
    | dict.fromkeys(("facts_corrected", "still_here"), _BY_STAFF)
    | {"default_notice": "Een ingebrekestelling meldt de persoon zelf, op de pagina van zijn dossier."},
    Kind.TRANSITION_SUPPORT: {"change_requested": "Een wijziging van het plan vraagt de aanvrager."},
    Kind.PROJECT_FINANCING: {
        "change_requested": "Een wijziging van het plan vraagt de aanvrager.",
        "publication_consent": "Of er over een project gepubliceerd mag worden, zegt de aanvrager.",
    },
}
"""Who tells what the asking system may not."""


def may_report(kind: str, party: Party, fact: str) -> None:
    """See that the systems of a party may report this fact to this kind of dossier.

    Raises:
        Refusal: it is for another to tell, there is another way for it, or nobody tells it.
    """
    if fact in REPORTABLE.get((kind, party), ()):
        return
    if kind == Kind.TRAJECTORY and fact == "hours_registered":
        raise Refusal("HoursApart", "Registreer uren met POST /dossiers/{number}/hours: daar worden ze nagekeken.")
    if told_by := WHO_TELLS.get(kind, {}).get(fact):
        raise Refusal("WrongParty", told_by)
    raise Refusal("UnknownFact", f"'{fact}' kan een toepassing in dit dossier niet melden. Kijk de code na.")


async def see_that_course_fits(house: House, client: Client, number: str, told: ReportFact) -> None:
    """See that a turn of the guidance can have been, by the same rules as on the pages of an agency.

    Raises:
        ProblemRaised: the guidance does not run, or the day is to come or before it began.
    """
    found = await _guided(house, client, number)
    if not found or found[0].closed is not None:  # the story has words of its own for these
        return
    act, now = Act(happening=Happening(told.fact, told.on)), datetime.now(UTC)
    if problems := wrong_in(tongue(Language.DUTCH), problems_of(found[0], act, now)):
        raise _misfit({POINTERS[field]: text for field, text in problems.items()})


async def report_leaving(house: House, client: Client, number: str, told: ReportFact) -> shapes.Accepted:
    """That somebody died or went abroad: from now on nothing is sent to this person, in any dossier.

    Raises:
        Refusal: a trajectory does not take it.
        ProblemRaised: the day has still to come.
    """
    found = await _guided(house, client, number)
    if not found:
        raise Refusal("NotStarted", f"Dossier {number} start zo dadelijk. Probeer het straks opnieuw.")
    if told.on > course_of(found[0], datetime.now(UTC)).today:
        raise _misfit({"/on": "Deze dag moet nog komen."})
    await leave(house, number, cast(Leaving, told.fact), told.on, told.by)
    async with seen_by(house.reading, client.visitor()) as seen:
        stands = await opened(seen, number)
    return shapes.Accepted(dossier=number, version=stands.sequence)


async def _guided(house: House, client: Client, number: str) -> tuple[Guided, ...]:
    async with seen_by(house.reading, client.visitor()) as seen:
        return await guided(seen, numbers=[number])


def _misfit(wrong: Mapping[str, str]) -> ProblemRaised:
    fields = [FieldFault(field=field, message=text) for field, text in wrong.items()]
    return ProblemRaised(422, "Misfit", "Kijk deze velden na; er is niets bewaard.", fields=fields)
