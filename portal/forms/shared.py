"""What several forms ask in the same words: who the employer is, whom to reach, and the documents."""

from importing.layouts import Sort as Table
from models.messages.facts import ParticipantFacts
from portal.forms.questions import Choice, Group, Question, Rows, Sort, asks
from portal.language import marked as _

ENTERPRISE, ESTABLISHMENT, EMPLOYER = "Ondernemingsnummer", "Vestigingseenheidsnummer", "Naam werkgever"
POSTCODE, MUNICIPALITY, COMMITTEE = "Postcode", "Gemeente", "Paritair comité"
CONTACT, EMAIL, LANGUAGE, ACCOUNT, COMMUNICATION = "Contactpersoon", "E-mail", "Taal", "IBAN", "Mededeling"
EXPERT, EXPERT_EMAIL = "Externe expert", "E-mail expert"

LANGUAGES = (
    Choice("nl", _("Nederlands")),
    Choice("fr", _("Frans")),
    Choice("en", _("Engels")),
    Choice("tr", _("Turks")),
    Choice("ar", _("Arabisch")),
)
STATUSES = (
    Choice("arbeider", _("Arbeider")),
    Choice("bediende", _("Bediende")),
    Choice("uitzendkracht", _("Uitzendkracht")),
    Choice("zaakvoerder", _("Zaakvoerder")),
)
COMMITTEES = (
    Choice("111", _("PC 111 (arbeiders)")),
    Choice("209", _("PC 209 (bedienden)")),
    Choice("111+209", _("PC 111 en PC 209")),
)
POSTCODE_QUESTION = Question(
    POSTCODE,
    Sort.POSTCODE,
    _("Postcode van de vestiging"),
    _("Vier cijfers. Zij bepaalt welk fonds uw aanvraag krijgt."),
)
ENTERPRISE_QUESTION = Question(
    ENTERPRISE, Sort.ENTERPRISE, _("Ondernemingsnummer"), _("Tien cijfers, bijvoorbeeld 0409.845.289.")
)
ESTABLISHMENT_QUESTION = Question(
    ESTABLISHMENT,
    Sort.ESTABLISHMENT,
    _("Vestigingseenheidsnummer"),
    _("Van de vestiging waar de mensen werken. Tien cijfers, bijvoorbeeld 2.999.010.168."),
)
EMPLOYER_QUESTION = Question(EMPLOYER, Sort.TEXT, _("Naam van de onderneming"), autocomplete="organization")
COMMITTEE_QUESTION = Question(
    COMMITTEE, Sort.CHOICE, _("Paritair comité"), _("Van de mensen om wie het gaat."), choices=COMMITTEES
)
COMMUNICATION_QUESTION = Question(
    COMMUNICATION,
    Sort.COMMUNICATION,
    _("Gestructureerde mededeling bij onze betaling"),
    _("Alleen als uw boekhouding er een wil: twaalf cijfers, bijvoorbeeld +++123/4567/89002+++."),
    required=False,
)


def employer(*more: Question) -> Group:
    """Who applies, prefilled from the register of employers."""
    return Group(
        "werkgever",
        _("Uw onderneming"),
        _("Wij vulden in wat wij al weten. Kijk het na en verbeter wat niet klopt."),
        (
            ENTERPRISE_QUESTION,
            EMPLOYER_QUESTION,
            ESTABLISHMENT_QUESTION,
            POSTCODE_QUESTION,
            Question(MUNICIPALITY, Sort.PUBLIC, _("Gemeente van de vestiging"), required=False),
            *more,
        ),
    )


def contact(*more: Question, payment: bool = True) -> Group:
    """Whom the fund writes to, and the account it pays."""
    account = Question(
        ACCOUNT,
        Sort.ACCOUNT,
        _("Rekeningnummer (IBAN)"),
        _("Van de onderneming. Op deze rekening betalen wij, bijvoorbeeld BE68 5390 0754 7034."),
    )
    return Group(
        "contact",
        _("Contact en betaling") if payment else _("Contact"),
        _("Naar dit adres sturen wij onze vragen en onze beslissing."),
        (
            Question(CONTACT, Sort.TEXT, _("Contactpersoon"), _("Voornaam en naam."), autocomplete="name"),
            Question(EMAIL, Sort.EMAIL, _("E-mailadres"), autocomplete="email"),
            Question(LANGUAGE, Sort.CHOICE, _("Taal waarin wij u schrijven"), choices=LANGUAGES[:3]),
            *((account, COMMUNICATION_QUESTION) if payment else ()),
            *more,
        ),
    )


DOCUMENTS = Group("documenten", _("Documenten"), attachments=True)


def person(email: bool = False) -> tuple[Question, ...]:
    """Who a person in a row is."""
    reached = (
        Question("Taal", Sort.CHOICE, _("Taal"), required=False, choices=LANGUAGES),
        Question("E-mail", Sort.EMAIL, _("E-mailadres"), required=False),
        Question("Telefoon", Sort.PHONE, _("Telefoon"), required=False),
    )
    return (
        Question("Voornaam", Sort.TEXT, _("Voornaam")),
        Question("Naam", Sort.TEXT, _("Naam")),
        Question("Geboortedatum", Sort.DAY, _("Geboortedatum"), _("Dag/maand/jaar.")),
        asks(ParticipantFacts, "status", "Statuut", _("Statuut"), choices=STATUSES),
        *(reached if email else ()),
    )


def participants(table: Table, *more: Question) -> Group:
    """The people who take part, and the hours planned for each."""
    planned = asks(
        ParticipantFacts, "hours_planned", "Uren gepland", _("Uren gepland"), sort=Sort.NUMBER, required=False
    )
    return Group(
        "deelnemers",
        _("Deelnemers"),
        _("Voeg de deelnemers één voor één toe, of plak een lijst uit een rekenblad."),
        rows=Rows(table, (*person(), planned, *more), "Volgnummer", _("deelnemer")),
    )
