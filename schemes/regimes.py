"""Which legal regime of outplacement fits a dismissal: the first decision table of the workflow (domain.md 6.2).

A list of dated rules, read from top to bottom; the first one that holds decides. The Act of 5 September 2001 could
be read only as its table of contents, so articles are named no finer than that; the page a rule was read on stands
beside it ([Pn] in domain.md 11).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from models.messages.message import Message
from schemes.dismissals import DismissalFacts, FactMissing
from schemes.terms import add_months

THIRTY_WEEKS = Decimal(30)
HALF_TIME = Decimal("0.5")
OLDER_WORKER = 45

GENERAL_ACT = "wet van 5 september 2001, hoofdstuk V, afdeling 1 (art. 11/1 tot 11/12)"
SPECIAL_ACT = "wet van 5 september 2001, hoofdstuk V, afdeling 2; cao 82 en 82bis"
RESTRUCTURING = "activerend beleid bij herstructureringen"
RETURN_TO_WORK = "KB van 28 maart 2024 over het Terug Naar Werk-fonds"
JOBS_DEAL = "wet van 7 april 2019 over de jobsdeal"
MEDICAL_BEGAN = date(2019, 4, 29)
MEDICAL_ENDED = date(2024, 4, 1)


class Regime(StrEnum):
    """The regime of one dismissal; the values are the words of the office."""

    BANKRUPTCY = "faillissement"
    COLLECTIVE_UNDER_45 = "collectief-onder45"
    COLLECTIVE_45_PLUS = "collectief-45plus"
    GENERAL_INDEMNITY = "algemeen-vergoeding"
    GENERAL_NOTICE = "algemeen-opzeg"
    SPECIAL_45_PLUS = "bijzonder-45plus"
    SPECIAL_45_PLUS_ON_REQUEST = "bijzonder-45plus-op-verzoek"
    NO_DUTY = "geen-verplichting"
    EXCLUDED_URGENT_CAUSE = "uitgesloten-dringende-reden"
    PENSION_AGE = "pensioengerechtigd"
    MEDICAL_FORCE_MAJEURE = "medische-overmacht"
    """Only for dismissals before 1 April 2024; since then there is no outplacement after medical force majeure."""


class RegimeDecision(Message):
    """The regime with what it rests on; the reasons are sentences for the screen."""

    regime: Regime
    rule: str
    article: str
    source: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One row of the table; `since` and `until` bound the day of the dismissal, `until` itself not included."""

    id: str
    regime: Regime
    holds: Callable[[DismissalFacts], bool]
    article: str
    source: str
    reason: Callable[[DismissalFacts], str]
    since: date = date.min
    until: date = date.max

    def applies(self, facts: DismissalFacts) -> bool:
        """Whether the rule is in force on the day of the dismissal and its conditions hold."""
        return self.since <= facts.dismissed_on < self.until and self.holds(facts)


def choose_regime(facts: DismissalFacts) -> RegimeDecision:
    """The regime of one dismissal, with rule, article and reason.

    Raises FactMissing when the rule that must decide needs an age or announcement that is not known.
    """
    rule = next(rule for rule in RULES if rule.applies(facts))
    return RegimeDecision(
        regime=rule.regime, rule=rule.id, article=rule.article, source=rule.source, reasons=(rule.reason(facts),)
    )


def pension_age(on: date) -> int:
    """The legal pension age for pensions that begin on a day: 65, from February 2025 66, from February 2030 67.

    Act of 10 August 2015 on the legal pension age (Belgian Official Gazette of 21 August 2015).
    """
    if on >= date(2030, 2, 1):
        return 67
    return 66 if on >= date(2025, 2, 1) else 65


def has_year_of_service(facts: DismissalFacts) -> bool:
    """At least one uninterrupted year between the first working day and the day of the dismissal [P22]."""
    return add_months(facts.service_began_on, 12) <= facts.dismissed_on


def known_age(facts: DismissalFacts) -> int:
    """The age on the day of the dismissal; raises FactMissing when the birth date was not known."""
    if facts.age_on_dismissal is None:
        raise FactMissing(
            "age_on_dismissal", "De leeftijd op de dag van het ontslag ontbreekt: vul de geboortedatum in."
        )
    return facts.age_on_dismissal


def _age_on_announcement(facts: DismissalFacts) -> int:
    if facts.announced_on is None:
        raise FactMissing(
            "announced_on", "De dag van de aankondiging ontbreekt: vul die in bij het collectief ontslag."
        )
    if facts.age_on_announcement is None:
        raise FactMissing(
            "age_on_announcement", "De leeftijd op de dag van de aankondiging ontbreekt: vul de geboortedatum in."
        )
    return facts.age_on_announcement


def _is_collective(facts: DismissalFacts) -> bool:
    """A restructuring, or a closure without bankruptcy that was announced as a collective dismissal."""
    return facts.dismissal == "restructuring" or (facts.dismissal == "closure" and facts.announced_on is not None)


def _is_special(facts: DismissalFacts) -> bool:
    return has_year_of_service(facts) and known_age(facts) >= OLDER_WORKER


def _weeks(facts: DismissalFacts) -> str:
    return f"{facts.weeks.normalize():f}".replace(".", ",")


def _because_none(facts: DismissalFacts) -> str:
    if not has_year_of_service(facts):
        return f"Minder dan 30 weken ({_weeks(facts)}) en minder dan één jaar dienst."
    return f"Minder dan 30 weken ({_weeks(facts)}) en jonger dan 45 jaar op de dag van het ontslag."


RULES: tuple[Rule, ...] = (
    Rule(
        "urgent-cause",
        Regime.EXCLUDED_URGENT_CAUSE,
        lambda facts: facts.urgent_cause,
        f"{GENERAL_ACT}; {SPECIAL_ACT}",
        "P20, P22",
        lambda _: "Ontslag om dringende reden: geen recht op outplacement.",
    ),
    Rule(
        "bankruptcy",
        Regime.BANKRUPTCY,
        lambda facts: facts.bankrupt,
        "Sociaal Interventiefonds van de VDAB",
        "P50, P51",
        lambda _: "De werkgever is failliet: het Sociaal Interventiefonds betaalt de begeleiding, het fonds niet.",
    ),
    Rule(
        "collective-45",
        Regime.COLLECTIVE_45_PLUS,
        lambda facts: _is_collective(facts) and _age_on_announcement(facts) >= OLDER_WORKER,
        RESTRUCTURING,
        "P23",
        lambda _: "Collectief ontslag, 45 jaar of ouder op de dag van de aankondiging.",
    ),
    Rule(
        "collective-under-45",
        Regime.COLLECTIVE_UNDER_45,
        _is_collective,
        RESTRUCTURING,
        "P23",
        lambda _: "Collectief ontslag, jonger dan 45 jaar op de dag van de aankondiging.",
    ),
    Rule(
        "medical-until-2024",
        Regime.MEDICAL_FORCE_MAJEURE,
        lambda facts: facts.dismissal == "medical_force_majeure",
        JOBS_DEAL,
        "P14",
        lambda _: "Einde door medische overmacht vóór 1 april 2024: 30 uur in 3 maanden.",
        since=MEDICAL_BEGAN,
        until=MEDICAL_ENDED,
    ),
    Rule(
        "medical-no-more",
        Regime.NO_DUTY,
        lambda facts: facts.dismissal == "medical_force_majeure",
        RETURN_TO_WORK,
        "P43, P44",
        lambda _: "Einde door medische overmacht: outplacement bestaat alleen voor 29/04/2019 tot en met 31/03/2024.",
    ),
    Rule(
        "general-notice",
        Regime.GENERAL_NOTICE,
        lambda facts: facts.weeks >= THIRTY_WEEKS and facts.notice_began_on is not None,
        GENERAL_ACT,
        "P20, P25, P26",
        lambda facts: f"Gepresteerde opzegtermijn, {_weeks(facts)} weken: 30 weken of meer.",
    ),
    Rule(
        "general-indemnity",
        Regime.GENERAL_INDEMNITY,
        lambda facts: facts.weeks >= THIRTY_WEEKS,
        GENERAL_ACT,
        "P20, P21, P24",
        lambda facts: f"Verbrekingsvergoeding, {_weeks(facts)} weken: 30 weken of meer.",
    ),
    Rule(
        "pension-age",
        Regime.PENSION_AGE,
        lambda facts: _is_special(facts) and known_age(facts) >= pension_age(facts.dismissed_on),
        SPECIAL_ACT,
        "P22",
        lambda facts: f"{pension_age(facts.dismissed_on)} jaar of ouder: het rustpensioen kan worden aangevraagd.",
    ),
    Rule(
        "special-45-on-request",
        Regime.SPECIAL_45_PLUS_ON_REQUEST,
        lambda facts: _is_special(facts) and facts.employment_fraction < HALF_TIME,
        SPECIAL_ACT,
        "P22, P40",
        lambda _: "45 jaar of ouder met één jaar dienst, minder dan halftijds: alleen op uitdrukkelijk verzoek.",
    ),
    Rule(
        "special-45",
        Regime.SPECIAL_45_PLUS,
        _is_special,
        SPECIAL_ACT,
        "P22, P27",
        lambda facts: f"45 jaar of ouder met één jaar dienst en minder dan 30 weken ({_weeks(facts)}).",
    ),
    Rule("none", Regime.NO_DUTY, lambda _: True, f"{GENERAL_ACT}; {SPECIAL_ACT}", "P20, P22", _because_none),
)
