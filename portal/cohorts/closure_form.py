"""What holds for everybody of a closure, asked once beside the file."""

from collections.abc import Mapping
from typing import Any

from importing.cohorts import KINDS, Announced
from models.messages.words import Fund, Language
from portal.following.answering import read_all
from portal.forms import shared
from portal.forms.questions import Choice, Question, Sort, When
from portal.language import Tongue
from portal.language import marked as _

_KINDS = (Choice("sluiting", _("Sluiting")), Choice("herstructurering", _("Herstructurering")))
KIND, ANNOUNCED, BANKRUPT, AGENCY = (
    "Soort ontslag",
    "Aankondiging collectief ontslag",
    "Faillissement",
    "Outplacementbureau",
)
PHONE = "Telefoon"
QUESTIONS = (
    shared.ENTERPRISE_QUESTION,
    shared.EMPLOYER_QUESTION,
    Question(KIND, Sort.CHOICE, _("Soort ontslag"), choices=_KINDS),
    Question(BANKRUPT, Sort.YES, _("Is de onderneming failliet?")),
    Question(
        ANNOUNCED,
        Sort.DAY,
        _("Wanneer kondigde de werkgever het ontslag aan?"),
        _("Dag/maand/jaar. Bij een faillissement mag dit leeg blijven."),
        required=False,
    ),
    Question(
        AGENCY,
        Sort.PUBLIC,
        _("Outplacementbureau"),
        _("De naam van het bureau, als er voor iedereen één is."),
        required=False,
    ),
    Question(
        shared.CONTACT,
        Sort.TEXT,
        _("Contactpersoon bij de werkgever of de curator"),
        _("Voornaam en naam."),
        required=False,
    ),
    Question(shared.EMAIL, Sort.EMAIL, _("E-mailadres van de contactpersoon"), required=False),
    Question(PHONE, Sort.PHONE, _("Telefoon van de contactpersoon"), required=False),
    Question(shared.LANGUAGE, Sort.CHOICE, _("Taal van de contactpersoon"), choices=shared.LANGUAGES[:3]),
    Question(
        shared.ACCOUNT,
        Sort.ACCOUNT,
        _("Rekeningnummer van de onderneming (IBAN)"),
        _("Hierop betaalt het fonds later zijn deel. Mag leeg blijven bij een faillissement."),
        required=False,
        when=When(BANKRUPT, ("nee",)),
    ),
)


def announced_in(fund: Fund, typed: Mapping[str, str], say: Tongue) -> tuple[Announced | None, dict[str, str]]:
    """The closure as it was typed, or what is wrong by question."""
    asked = tuple(question for question in QUESTIONS if typed.get(question.column) or question.required)
    values, problems = read_all(asked, typed, say)
    if not problems and not values.get(BANKRUPT) and ANNOUNCED not in values:
        problems[ANNOUNCED] = say(_("Vul de dag van de aankondiging in, of zeg dat de onderneming failliet is."))
    return (None, problems) if problems else (_announced(fund, typed, values), {})


def _announced(fund: Fund, typed: Mapping[str, str], values: Mapping[str, Any]) -> Announced:
    return Announced(
        fund=fund,
        enterprise_number=values[shared.ENTERPRISE],
        employer_name=values[shared.EMPLOYER],
        dismissal=KINDS[typed[KIND]],
        bankrupt=bool(values[BANKRUPT]),
        announced_on=values.get(ANNOUNCED),
        agency=values.get(AGENCY, ""),
        contact_name=values.get(shared.CONTACT, ""),
        email=values.get(shared.EMAIL, ""),
        phone=values.get(PHONE, ""),
        language=Language(typed[shared.LANGUAGE]),
        iban=values.get(shared.ACCOUNT, ""),
    )
