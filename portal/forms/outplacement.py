"""An employer's notification of one or more dismissals, with the people dismissed (domain.md 6)."""

from decimal import Decimal

from importing.layouts import Sort as Table
from models.messages.facts import OutplacementFacts, TrajectoryFacts
from models.messages.words import Instrument
from portal.forms import shared
from portal.forms.questions import Choice, Form, Group, Rows, Sort, When, asks
from portal.language import marked as _

_DISMISSALS = (
    Choice("individueel", _("Individueel ontslag")),
    Choice("herstructurering", _("Herstructurering")),
    Choice("sluiting", _("Sluiting")),
)
_ANSWERS = (Choice("aanvaard", _("Aanvaard")), Choice("geweigerd", _("Geweigerd")))
_COLLECTIVE = When("Soort ontslag", ("herstructurering", "sluiting"))
_DAY = _("Dag/maand/jaar.")
_DISMISSAL = (
    asks(OutplacementFacts, "dismissal", "Soort ontslag", _("Soort ontslag"), choices=_DISMISSALS),
    asks(
        OutplacementFacts,
        "announced_on",
        "Aankondiging collectief ontslag",
        _("Wanneer kondigde u het collectief ontslag aan?"),
        help=_("Alleen bij herstructurering of sluiting. Dag/maand/jaar."),
        required=True,
        when=_COLLECTIVE,
    ),
    asks(OutplacementFacts, "bankrupt", "Faillissement", _("Is de onderneming failliet?")),
    asks(
        OutplacementFacts,
        "agency",
        "Outplacementbureau",
        _("Outplacementbureau"),
        help=_("De naam van het bureau. Laat leeg als u er nog geen koos."),
        sort=Sort.PUBLIC,
    ),
)
PERSON = (
    *shared.person(email=True),
    asks(TrajectoryFacts, "service_began_on", "Eerste werkdag", _("Eerste werkdag"), help=_DAY),
    asks(TrajectoryFacts, "dismissed_on", "Kennisgeving ontslag", _("Kennisgeving van het ontslag"), help=_DAY),
    asks(TrajectoryFacts, "notice_began_on", "Begin opzegtermijn", _("Begin van de opzegtermijn"), help=_DAY),
    asks(TrajectoryFacts, "contract_ended_on", "Einde overeenkomst", _("Einde van de overeenkomst"), help=_DAY),
    asks(
        TrajectoryFacts,
        "notice_weeks",
        "Opzegtermijn (weken)",
        _("Opzegtermijn in weken"),
        sort=Sort.NUMBER,
    ),
    asks(
        TrajectoryFacts,
        "indemnity_weeks",
        "Verbrekingsvergoeding (weken)",
        _("Verbrekingsvergoeding in weken"),
        sort=Sort.NUMBER,
    ),
    asks(TrajectoryFacts, "urgent_cause", "Dringende reden", _("Ontslag om dringende reden?")),
    asks(
        TrajectoryFacts,
        "employment_fraction",
        "Tewerkstellingsbreuk",
        _("Tewerkstellingsbreuk"),
        help=_("1 is voltijds, 0,5 is halftijds."),
        sort=Sort.NUMBER,
        most=Decimal(1),
    ),
    asks(TrajectoryFacts, "gross_yearly_wage", "Bruto jaarloon", _("Bruto jaarloon"), help=_("In euro.")),
    asks(TrajectoryFacts, "four_weeks_withheld", "Vier weken ingehouden", _("Hield u vier weken vergoeding in?")),
    asks(TrajectoryFacts, "offered_on", "Datum aanbod", _("Dag van uw aanbod"), help=_DAY),
    asks(TrajectoryFacts, "default_notice_on", "Ingebrekestelling", _("Dag van de ingebrekestelling"), help=_DAY),
    asks(TrajectoryFacts, "answer", "Antwoord", _("Antwoord op uw aanbod"), choices=_ANSWERS),
    asks(TrajectoryFacts, "answered_on", "Datum antwoord", _("Dag van dat antwoord"), help=_DAY),
)

FORM = Form(
    Instrument.OUTPLACEMENT,
    OutplacementFacts,
    Table.OUTPLACEMENT_NOT_STARTED,
    title=_("Outplacement melden"),
    about=_("Meld het ontslag van één persoon of van een groep. Het fonds volgt de begeleiding en betaalt mee."),
    whom=_("Voor werkgevers van PC 111 en PC 209, of de curator."),
    needed=_("De gegevens van het ontslag van elke persoon: dagen, opzegtermijn of vergoeding, en een adres."),
    groups=(
        shared.employer(),
        Group("ontslag", _("Het ontslag"), questions=_DISMISSAL),
        Group(
            "mensen",
            _("De ontslagen personen"),
            _("Voeg hen één voor één toe, of plak een lijst uit een rekenblad."),
            rows=Rows(Table.OUTPLACEMENT_NOT_STARTED, PERSON, "Trajectnummer", _("persoon")),
        ),
        shared.contact(),
        shared.DOCUMENTS,
    ),
)
