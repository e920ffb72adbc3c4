"""Training or guidance outside working time, paid from a person's own career account (domain.md 3.2)."""

from importing.layouts import Sort as Table
from models.messages.facts import CareerAccountFacts
from models.messages.words import Instrument
from portal.forms import shared
from portal.forms.questions import Choice, Form, Group, Question, Sort, asks
from portal.language import marked as _

EMPLOYER_NUMBER = "Ondernemingsnummer werkgever"
_FILED_BY = (
    Choice("werknemer", _("Ik vraag het voor mezelf")),
    Choice("derde met mandaat", _("Ik vraag het voor iemand anders, met een mandaat")),
)
_PURPOSES = (Choice("opleiding", _("Een opleiding")), Choice("loopbaanbegeleiding", _("Loopbaanbegeleiding")))
_DAY = _("Dag/maand/jaar.")
_PERSON = (
    asks(CareerAccountFacts, "filed_by", "Ingediend door", _("Voor wie vraagt u aan?"), choices=_FILED_BY),
    Question("Voornaam", Sort.TEXT, _("Voornaam")),
    Question("Naam", Sort.TEXT, _("Naam")),
    Question("Geboortedatum", Sort.DAY, _("Geboortedatum"), _DAY),
    asks(CareerAccountFacts, "status", "Statuut", _("Statuut"), choices=shared.STATUSES),
    asks(CareerAccountFacts, "employed_since", "In dienst sinds", _("In dienst sinds"), help=_DAY),
    Question("E-mail", Sort.EMAIL, _("E-mailadres")),
    Question("Taal", Sort.CHOICE, _("Taal waarin wij schrijven"), choices=shared.LANGUAGES[:3]),
)
_EMPLOYER = (
    Question(EMPLOYER_NUMBER, Sort.ENTERPRISE, _("Ondernemingsnummer"), _("Tien cijfers, bijvoorbeeld 0409.845.289.")),
    shared.EMPLOYER_QUESTION,
    shared.POSTCODE_QUESTION,
)
_COURSE = (
    asks(CareerAccountFacts, "purpose", "Soort", _("Wat vraagt u aan?"), choices=_PURPOSES),
    Question("Titel", Sort.TEXT, _("Titel van de opleiding of begeleiding")),
    Question("Verstrekker", Sort.TEXT, _("Wie geeft ze?"), required=False),
    asks(CareerAccountFacts, "starts_on", "Begindatum", _("Eerste dag"), help=_DAY),
    asks(CareerAccountFacts, "ends_on", "Einddatum", _("Laatste dag"), help=_DAY),
    asks(CareerAccountFacts, "hours", "Uren", _("Uren"), help=_("Klokuren, bijvoorbeeld 7,5."), sort=Sort.NUMBER),
    Question("Moment", Sort.TEXT, _("Wanneer op de dag?"), _("Bijvoorbeeld avond of zaterdag."), required=False),
)
_COSTS = (
    asks(CareerAccountFacts, "fee", "Inschrijvingsgeld", _("Inschrijvingsgeld"), help=_("In euro.")),
    asks(CareerAccountFacts, "other_costs", "Andere kosten", _("Andere kosten"), help=_("In euro.")),
    asks(CareerAccountFacts, "asked", "Gevraagd bedrag", _("Gevraagde steun"), help=_("In euro.")),
    Question(
        shared.ACCOUNT,
        Sort.ACCOUNT,
        _("Rekeningnummer (IBAN)"),
        _("Van de persoon zelf, bijvoorbeeld BE68 5390 0754 7034."),
    ),
)

FORM = Form(
    Instrument.CAREER_ACCOUNT,
    CareerAccountFacts,
    Table.CAREER_ACCOUNTS,
    title=_("Loopbaanrekening"),
    about=_("Een opleiding of loopbaanbegeleiding buiten de werkuren, op eigen initiatief van een werknemer."),
    whom=_("Voor arbeiders en bedienden van PC 111 en PC 209, of wie hun mandaat heeft."),
    needed=_("Het inschrijvingsbewijs, het betaalbewijs en het rekeningnummer van de persoon."),
    groups=(
        Group("persoon", _("De persoon"), questions=_PERSON),
        Group("werkgever", _("De werkgever"), questions=_EMPLOYER),
        Group("opleiding", _("De opleiding"), questions=_COURSE),
        Group("kosten", _("Kosten en steun"), questions=_COSTS),
        shared.DOCUMENTS,
    ),
)
