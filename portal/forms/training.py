"""Formal and informal training for which an employer asks support (domain.md 3.2)."""

from importing.layouts import Sort as Table
from models.messages.facts import ParticipantFacts, TrainingFacts
from models.messages.words import Instrument
from portal.forms import shared
from portal.forms.questions import Choice, Form, Group, Question, Sort, asks
from portal.language import marked as _

_FILED = (
    Choice("vooraf", _("Vooraf: de opleiding moet nog beginnen of is bezig")),
    Choice("achteraf", _("Achteraf: de opleiding is voorbij")),
)
_COURSE = (
    asks(TrainingFacts, "filed", "Type aanvraag", _("Wanneer vraagt u aan?"), choices=_FILED),
    Question("Titel opleiding", Sort.TEXT, _("Titel van de opleiding")),
    Question("Thema", Sort.TEXT, _("Thema"), _("Bijvoorbeeld lassen of veiligheid."), required=False),
    Question(
        "Opleidingsverstrekker",
        Sort.TEXT,
        _("Wie geeft de opleiding?"),
        _("Het centrum, of de collega die op de werkvloer begeleidt."),
        required=False,
    ),
    asks(TrainingFacts, "starts_on", "Begindatum", _("Eerste dag"), help=_("Dag/maand/jaar."), required=True),
    asks(TrainingFacts, "ends_on", "Einddatum", _("Laatste dag"), help=_("Dag/maand/jaar."), required=True),
    asks(
        TrainingFacts,
        "hours",
        "Uren per deelnemer",
        _("Uren per deelnemer"),
        help=_("Klokuren, bijvoorbeeld 7,5."),
        sort=Sort.NUMBER,
        required=True,
    ),
)
_COSTS = (
    asks(
        TrainingFacts,
        "cost",
        "Kostprijs excl. btw",
        _("Kostprijs zonder btw"),
        help=_("In euro voor alle deelnemers samen, bijvoorbeeld 1.234,56."),
        required=True,
    ),
    asks(
        TrainingFacts,
        "sme_wallet",
        "Kmo-portefeuille",
        _("Steun van de kmo-portefeuille"),
        help=_("In euro. Laat leeg als u die niet vraagt."),
    ),
    asks(
        TrainingFacts,
        "asked",
        "Gevraagd bedrag",
        _("Gevraagde steun"),
        help=_("In euro. Niet meer dan de kostprijs min de kmo-portefeuille."),
        required=True,
    ),
)
_ATTENDED = asks(
    ParticipantFacts,
    "hours_attended",
    "Uren gevolgd",
    _("Uren gevolgd"),
    help=_("Alleen als de opleiding voorbij is."),
    sort=Sort.NUMBER,
)
_REMARK = Question("Opmerking", Sort.LONG_TEXT, _("Wilt u nog iets zeggen?"), required=False)
_GROUPS = (
    shared.employer(shared.COMMITTEE_QUESTION),
    Group("opleiding", _("De opleiding"), questions=_COURSE),
    shared.participants(Table.SUBSIDY_PARTICIPANTS, _ATTENDED),
    Group("kosten", _("Kosten en steun"), questions=_COSTS),
    shared.contact(_REMARK),
    shared.DOCUMENTS,
)

FORMAL = Form(
    Instrument.FORMAL_TRAINING,
    TrainingFacts,
    Table.SUBSIDY_APPLICATIONS,
    title=_("Steun voor een formele opleiding"),
    about=_("Een geplande opleiding met een lesgever, binnen of buiten uw bedrijf, van minstens 4 uur."),
    whom=_("Voor werkgevers van PC 111 en PC 209, voor hun arbeiders en bedienden."),
    needed=_("De offerte en het programma, of na de opleiding de factuur, het betaalbewijs en de aanwezigheidslijst."),
    groups=_GROUPS,
)
INFORMAL = Form(
    Instrument.INFORMAL_TRAINING,
    TrainingFacts,
    Table.SUBSIDY_APPLICATIONS,
    title=_("Steun voor een informele opleiding"),
    about=_("Leren op de werkplek van een ervaren collega, tussen 32 en 160 uur."),
    whom=_("Voor werkgevers van PC 111 en PC 209, voor hun arbeiders en bedienden."),
    needed=_("Het leerplan en het bewijs dat de begeleider een mentoropleiding volgde."),
    groups=_GROUPS,
)
