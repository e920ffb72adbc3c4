"""Where each day of a trajectory comes from: the article, and the page it was read on ([Pn] of domain.md 11)."""

from collections.abc import Mapping
from typing import NamedTuple

from schemes.regimes import GENERAL_ACT, JOBS_DEAL, RESTRUCTURING, SPECIAL_ACT, Regime


class Source(NamedTuple):
    """An article of the law with its page; a choice of the fund or of this house says so."""

    article: str
    source: str


FUND = Source("eigen termijn van het fonds", "example")
"""Where no source names a term."""
_GENERAL_24, _GENERAL_25, _GENERAL_26 = (Source(GENERAL_ACT, page) for page in ("P24", "P25", "P26"))
_SPECIAL_27, _SPECIAL_29, _SPECIAL_30 = (Source(SPECIAL_ACT, page) for page in ("P27", "P29", "P30"))
CELL = Source(f"{RESTRUCTURING}; praktijk van de tewerkstellingscel", "P28")
_CELL = Source(RESTRUCTURING, "P23")
_MEDICAL = Source(JOBS_DEAL, "P14")
_PHASES = {
    Regime.GENERAL_INDEMNITY: _GENERAL_25,
    Regime.GENERAL_NOTICE: _GENERAL_25,
    Regime.SPECIAL_45_PLUS: _SPECIAL_30,
    Regime.SPECIAL_45_PLUS_ON_REQUEST: _SPECIAL_30,
    Regime.COLLECTIVE_UNDER_45: _CELL,
    Regime.COLLECTIVE_45_PLUS: _CELL,
    Regime.BANKRUPTCY: Source("Sociaal Interventiefonds van de VDAB", "P50"),
    Regime.MEDICAL_FORCE_MAJEURE: _MEDICAL,
}
_RETURN = {
    Regime.GENERAL_INDEMNITY: _GENERAL_24,
    Regime.GENERAL_NOTICE: _GENERAL_24,
    Regime.SPECIAL_45_PLUS: Source(SPECIAL_ACT, "P34, de vier weken [assumption]"),
    Regime.SPECIAL_45_PLUS_ON_REQUEST: Source(SPECIAL_ACT, "P34, de vier weken [assumption]"),
}
_SOURCES: Mapping[str, Mapping[Regime, Source]] = {
    "offer_by": {
        Regime.GENERAL_INDEMNITY: _GENERAL_24,
        Regime.GENERAL_NOTICE: _GENERAL_26,
        Regime.SPECIAL_45_PLUS: _SPECIAL_27,
        Regime.MEDICAL_FORCE_MAJEURE: _MEDICAL,
    },
    "default_notice_by": {
        Regime.GENERAL_INDEMNITY: _GENERAL_24,
        Regime.GENERAL_NOTICE: _GENERAL_26,
        Regime.SPECIAL_45_PLUS: _SPECIAL_29,
    },
    "offer_after_notice_by": {Regime.GENERAL_INDEMNITY: _GENERAL_24, Regime.SPECIAL_45_PLUS: _SPECIAL_29},
    "answer_by": {
        Regime.GENERAL_INDEMNITY: _GENERAL_24,
        Regime.GENERAL_NOTICE: _GENERAL_26,
        Regime.SPECIAL_45_PLUS: _SPECIAL_27,
        Regime.SPECIAL_45_PLUS_ON_REQUEST: _SPECIAL_27,
        Regime.MEDICAL_FORCE_MAJEURE: _MEDICAL,
    },
    "cell_until": dict.fromkeys((Regime.COLLECTIVE_UNDER_45, Regime.COLLECTIVE_45_PLUS), CELL),
    **dict.fromkeys(("end_of_phase_1", "end_of_phase_2", "end_of_phase_3"), _PHASES),
    "return_by": _RETURN,
    "offer_again_by": {Regime.GENERAL_INDEMNITY: _GENERAL_24, Regime.GENERAL_NOTICE: _GENERAL_24},
}


def source_of(what: str, regime: Regime) -> Source:
    """The article behind one day of a trajectory; what the law does not know is a term of the fund."""
    return _SOURCES.get(what, {}).get(regime, FUND)
