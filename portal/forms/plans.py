"""Transition support and project financing: a plan with an expert, a budget and payment in parts (domain.md 4 and 5).

The total cost is the sum of the budget and the parts are those of the fund's policy: neither is asked.
"""

from importing.layouts import Sort as Table
from models.messages.facts import BudgetLine, ProjectFacts, TransitionFacts
from models.messages.words import Instrument
from portal.forms import shared
from portal.forms.questions import Choice, Form, Group, Question, Rows, Sort, asks
from portal.language import marked as _

_LEVERS = (
    Choice("duurzame inzetbaarheid", _("Duurzame inzetbaarheid")),
    Choice("werkbaar werk", _("Werkbaar werk")),
    Choice("geengageerd leiderschap", _("Geëngageerd leiderschap")),
    Choice("iets anders", _("Iets anders")),
)
_ADVICE = (
    Choice("gunstig", _("Gunstig")),
    Choice("ongunstig", _("Ongunstig")),
    Choice("niet van toepassing", _("Niet van toepassing: er is geen ondernemingsraad of vakbondsafvaardiging")),
    Choice("geen advies gevraagd", _("Nog niet gevraagd")),
)
_COSTS = (
    Choice("advies", _("Advies")),
    Choice("begeleiding", _("Begeleiding")),
    Choice("coaching", _("Coaching")),
    Choice("meting", _("Meting")),
    Choice("verslag", _("Verslag")),
    Choice("aankoop", _("Aankoop")),
    Choice("opleiding", _("Opleiding")),
    Choice("externe opleiding", _("Externe opleiding")),
    Choice("assessment", _("Assessment")),
    Choice("loopbaangesprek", _("Loopbaangesprek")),
    Choice("loonkost", _("Loonkost")),
    Choice("andere", _("Andere kosten")),
)
_DAY = _("Dag/maand/jaar.")
_PLAN = (
    Question("Titel", Sort.TEXT, _("Titel")),
    Question("Vraag van het bedrijf", Sort.LONG_TEXT, _("Wat is de aanleiding?"), required=False),
    Question("Doel", Sort.LONG_TEXT, _("Wat wilt u bereiken?")),
)
_EDUCATION = Question("Scholingsgraad", Sort.TEXT, _("Scholingsgraad"), _("Kort, midden of lang."), required=False)


def _days(facts: type[TransitionFacts] | type[ProjectFacts]) -> tuple[Question, ...]:
    return (
        asks(facts, "starts_on", "Begindatum", _("Eerste dag"), help=_DAY),
        asks(facts, "ends_on", "Einddatum", _("Laatste dag"), help=_DAY),
    )


def _expert(facts: type[TransitionFacts] | type[ProjectFacts]) -> Group:
    return Group(
        "expert",
        _("De externe expert"),
        _("Uw plan komt tot stand met een expert van buiten uw bedrijf."),
        (
            Question(shared.EXPERT, Sort.TEXT, _("Naam van de expert"), required=False),
            Question(
                shared.EXPERT_EMAIL,
                Sort.EMAIL,
                _("E-mailadres van de expert"),
                _("Daar vragen wij de handtekening en de verslagen."),
                required=False,
            ),
            Question("Organisatie expert", Sort.TEXT, _("Organisatie van de expert"), required=False),
            Question("Rol expert", Sort.TEXT, _("Rol van de expert"), required=False),
            asks(facts, "quotes", "Aantal offertes", _("Hoeveel offertes vroeg u?")),
        ),
    )


_BUDGET = Group(
    "begroting",
    _("Begroting"),
    _("Eén lijn per soort kost, in euro zonder btw. Wij tellen ze zelf op."),
    rows=Rows(
        Table.BUDGET_LINES,
        (
            Question("Kostensoort", Sort.CHOICE, _("Soort kost"), choices=_COSTS),
            Question("Omschrijving", Sort.TEXT, _("Omschrijving"), required=False),
            asks(BudgetLine, "amount", "Bedrag", _("Bedrag")),
        ),
        "Lijn",
        _("lijn"),
        most=200,
    ),
)


def _support(facts: type[TransitionFacts] | type[ProjectFacts]) -> Group:
    asked = asks(facts, "asked", "Gevraagde steun", _("Gevraagde steun"), help=_("In euro, bijvoorbeeld 1.234,56."))
    return Group("steun", _("Gevraagde steun"), questions=(asked,))


TRANSITION = Form(
    Instrument.TRANSITION_SUPPORT,
    TransitionFacts,
    Table.TRANSITIONS,
    title=_("Transitiesteun"),
    about=_("Mensen omscholen naar een andere functie, met minstens 80 uur opleiding per persoon."),
    whom=_("Voor werkgevers van PC 111 en PC 209, samen met het fonds en een externe expert."),
    needed=_("Het plan, de begroting, de deelnemerslijst, de offertes en het advies van de ondernemingsraad."),
    groups=(
        shared.employer(shared.COMMITTEE_QUESTION),
        Group(
            "omschakeling",
            _("De omschakeling"),
            questions=(
                *_PLAN,
                Question("Huidige functie", Sort.TEXT, _("Functie nu")),
                Question("Doelfunctie", Sort.TEXT, _("Functie erna")),
                asks(TransitionFacts, "bottleneck", "Knelpuntfunctie", _("Is de functie erna een knelpuntberoep?")),
                *_days(TransitionFacts),
                asks(
                    TransitionFacts, "hours", "Uren per deelnemer", _("Uren opleiding per deelnemer"), sort=Sort.NUMBER
                ),
                asks(
                    TransitionFacts,
                    "council_advice",
                    "Advies ondernemingsraad",
                    _("Advies van de ondernemingsraad"),
                    choices=_ADVICE,
                ),
            ),
        ),
        _expert(TransitionFacts),
        shared.participants(Table.PROJECT_PARTICIPANTS, _EDUCATION),
        _BUDGET,
        _support(TransitionFacts),
        shared.contact(),
        shared.DOCUMENTS,
    ),
)
PROJECT = Form(
    Instrument.PROJECT_FINANCING,
    ProjectFacts,
    Table.PROJECTS,
    title=_("Projectfinanciering"),
    about=_("Een project over duurzame inzetbaarheid, werkbaar werk of leiderschap. Geen opleidingsaanbod."),
    whom=_("Voor werkgevers van PC 111 en PC 209, samen met een externe expert."),
    needed=_("Het plan, de begroting, de deelnemerslijst en de offertes."),
    groups=(
        shared.employer(),
        Group(
            "project",
            _("Het project"),
            questions=(
                asks(ProjectFacts, "lever", "Hefboom", _("Waarover gaat het?"), choices=_LEVERS, required=True),
                *_PLAN,
                Question("Herkomst", Sort.TEXT, _("Hoe kwam u bij ons?"), required=False),
                *_days(ProjectFacts),
                asks(
                    ProjectFacts,
                    "publication_consent",
                    "Toestemming publicatie",
                    _("Mogen wij over uw project schrijven?"),
                ),
            ),
        ),
        _expert(ProjectFacts),
        shared.participants(Table.PROJECT_PARTICIPANTS, _EDUCATION),
        _BUDGET,
        _support(ProjectFacts),
        shared.contact(),
        shared.DOCUMENTS,
    ),
)
