"""Which reasons may be given for an outcome: a closed list per step, in the words of words.toml and decisions.toml."""

from collections.abc import Mapping

from models.messages.words import Instrument, Kind
from schemes import steps

MISSING = ("BIJLAGE_ONTBREEKT", "GEGEVEN_ONTBREEKT")
OF_TRAINING = (
    *("UREN_TE_WEINIG", "UREN_TE_VEEL", "TE_LAAT_INGEDIEND", "UITZENDKRACHT", "ZAAKVOERDER", "DUBBELE_AANVRAAG"),
    *("DEELNEMERS_KLOPPEN_NIET", "BUITEN_PROVINCIE", *MISSING),
)
OF_CAREER = ("NIET_IN_SECTOR", "TE_VER_TERUG", "TE_LAAT_INGEDIEND", "DUBBELE_AANVRAAG", *MISSING)
OF_TRANSITION = (
    *("GEEN_OMSCHOLING", "GEEN_EXTERNE_EXPERT", "AL_BEGONNEN", "ADVIES_ONTBREEKT", "OFFERTES_TE_WEINIG"),
    *("BEGROTING_KLOPT_NIET", "SCHIJVEN_KLOPPEN_NIET", "TERMIJN_TE_LANG", *MISSING),
)
OF_PROJECT = (
    *("GEEN_HEFBOOM", "HEFBOOM_LOOPT_AL", "PROJECT_AL_AFGEROND", "DIT_IS_OPLEIDING", "AL_BEGONNEN"),
    *("BEGROTING_KLOPT_NIET", "SCHIJVEN_KLOPPEN_NIET", "TERMIJN_TE_LANG", *MISSING),
)
BY_INSTRUMENT: Mapping[str, tuple[str, ...]] = {
    Instrument.FORMAL_TRAINING: OF_TRAINING,
    Instrument.INFORMAL_TRAINING: OF_TRAINING,
    Instrument.CAREER_ACCOUNT: OF_CAREER,
    Instrument.TRANSITION_SUPPORT: OF_TRANSITION,
    Instrument.PROJECT_FINANCING: OF_PROJECT,
    Instrument.OUTPLACEMENT: ("TE_LAAT_INGEDIEND", "BUITEN_PROVINCIE", *MISSING),
    Instrument.TRAJECTORY: ("NIET_IN_SECTOR", *MISSING),
}
"""Why an application is refused, reduced or asked more about: what the instrument's own checks may find."""
GENERAL = ("no_budget", "unclear")
BY_ANSWER: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("payment", "returned"): ("account_closed", "IBAN_FOUT", "account_of_another"),
    ("recovery", "written_off"): ("not_recoverable", "too_small"),
    ("recovery_late", "write_off"): ("not_recoverable", "too_small"),
    ("recovery_approval", "refuse"): ("too_small", "rule_applied_wrongly", "unclear"),
    ("recovery_excess", "kept_apart"): ("kept_for_debt", "unclear"),
    **dict.fromkeys((("write_off_board_employers", "refuse"), ("write_off_board_unions", "refuse")), ("unclear",)),
    ("condition_missing", "waive"): ("not_needed", "proof_seen"),
    ("condition_missing", "lower"): ("not_proven", "condition_refused"),
    ("quality_check", "look"): ("sample_doubt", "unclear"),
    **dict.fromkeys(
        (
            ("reversal_approval", "refuse"),
            ("reversal_board_employers", "refuse"),
            ("reversal_board_unions", "refuse"),
        ),
        ("rule_applied_rightly", "unclear"),
    ),
    ("objection", "upheld"): ("no_new_facts", "rule_applied_rightly"),
    ("objection", "overturned"): ("new_facts", "rule_applied_wrongly"),
    ("admissibility", "refer"): ("BUITEN_PROVINCIE", "DIT_IS_OPLEIDING"),
    ("no_training", "training"): ("DIT_IS_OPLEIDING",),
    ("report_missing", "ask_again"): ("late", "no_report"),
    ("report_missing", "no_payment"): ("no_report",),
    ("report_missing", "recover"): ("no_report",),
    ("retention_check", "retained"): ("proof_seen",),
    ("retention_check", "failed"): ("retention", "no_answer"),
    ("report_review", "ask"): ("unclear", *MISSING),
    ("check_finding", "stop"): ("NIET_IN_SECTOR", "applicant"),
    ("change", "refuse"): ("no_budget", "TERMIJN_TE_LANG", "unclear"),
}
"""Reasons of outcomes that do not turn on the instrument."""

REVERSING = ("wrong_amount", "not_entitled", "rule_applied_wrongly", "new_facts")
"""Why a decision was wrong."""
CLAIMING = ("paid_twice", "not_entitled", "wrong_amount", "retention", "no_report")
"""Why money is claimed back that no step of the story claims."""


NEEDED: frozenset[tuple[str, str]] = frozenset(
    (step.code, outcome)
    for step in vars(steps).values()
    if isinstance(step, steps.StaffStep)
    for outcome in step.needs_reason
)


def asks_reason(step: str, outcome: str) -> bool:
    """Whether this outcome of a step has to be explained."""
    return (step, outcome) in NEEDED


def reasons_for(step: str, outcome: str, instrument: str, kind: str) -> tuple[str, ...]:
    """The reasons that may be given when this step ends so."""
    own = BY_ANSWER.get((step, outcome))
    if own is not None:
        return own
    of_instrument = BY_INSTRUMENT.get(instrument) or BY_INSTRUMENT.get(kind, MISSING)
    return (*of_instrument, *GENERAL)


def every_reason(step: str, outcomes: tuple[str, ...], instrument: str, kind: str) -> tuple[str, ...]:
    """The reasons of all outcomes of a step that ask one, each once."""
    found = (code for outcome in outcomes for code in reasons_for(step, outcome, instrument, Kind(kind)))
    return tuple(dict.fromkeys(found))
