"""How long it takes: the share to which something has not happened yet, while some are followed shorter than others.

The estimator of Kaplan and Meier (J. Am. Stat. Assoc. 53, 1958, p. 457) with the error of Greenwood and a 95 % band on
the logarithm, as R's `survfit` draws by default. Worked case in the tests: Freireich e.a., Blood 21 (1963), as in
Kleinbaum & Klein, Survival Analysis, chapter 2. Who is lost from sight counts up to the day on which he was last seen.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, sqrt

WIDE = 1.959964
"""Standard errors on either side of a band that holds 95 %."""


@dataclass(frozen=True, slots=True)
class Step:
    """At `time`: of `at_risk` people just before, `happened` to so many; `staying` is the share to whom not yet."""

    time: int
    at_risk: int
    happened: int
    staying: float
    low: float
    high: float


def curve(lives: Iterable[tuple[int, bool]]) -> tuple[Step, ...]:
    """One step for each time at which something happened. A life: how long it was followed, and whether it happened.

    Who is lost from sight at the very time at which it happens to another counts as still followed then.
    """
    lived = list(lives)
    happened = Counter(time for time, came in lived if came)
    left = Counter(time for time, _ in lived)
    at_risk, staying, error, steps = len(lived), 1.0, 0.0, list[Step]()
    for time in sorted(left):
        if count := happened[time]:
            staying *= 1 - count / at_risk
            error += count / (at_risk * (at_risk - count)) if at_risk > count else 0.0
            low, high = _band(staying, error)
            steps.append(Step(time, at_risk, count, staying, low, high))
        at_risk -= left[time]
    return tuple(steps)


def at(steps: Iterable[Step], time: int) -> Step | None:
    """Where the curve stands at a time; None before the first step."""
    return next((step for step in reversed(tuple(steps)) if step.time <= time), None)


def _band(staying: float, error: float) -> tuple[float, float]:
    if staying == 0:
        return 0.0, 0.0
    wide = exp(WIDE * sqrt(error))
    return staying / wide, min(staying * wide, 1.0)
