"""What of a count is told to others than the fund: which totals, and which numbers under them.

The new job, others at work and the unknown are told everywhere with their totals: in tables, sentences and at a glance.
So they are decided once, for all of them together, and a total that would give a small number away is told nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from figures.counting import FunnelStep, Tally
from figures.hiding import Way, apart, few, hidden, roomy
from figures.people import AT_WORK, NEW_JOB
from models.messages.words import FollowUpOutcome, UnknownReason

OUTCOMES = tuple(word for word in FollowUpOutcome if word is not FollowUpOutcome.UNKNOWN)
PARTS: tuple[tuple[FollowUpOutcome | UnknownReason, ...], ...] = (
    tuple(word for word in OUTCOMES if word in NEW_JOB),
    tuple(word for word in OUTCOMES if word in AT_WORK - NEW_JOB),
    tuple(word for word in OUTCOMES if word not in AT_WORK),
    tuple(UnknownReason),
)
"""A new job, others at work, other outcomes that are known, the unknown."""
JOB, OTHERS, REST, UNKNOWN = range(len(PARTS))
APART: Way = ((JOB,), (OTHERS,), (REST,), (UNKNOWN,))
WAYS: tuple[Way, ...] = (
    APART,
    ((JOB,), (OTHERS, REST), (UNKNOWN,)),
    ((JOB, OTHERS, REST), (UNKNOWN,)),
    ((JOB,), (OTHERS, REST, UNKNOWN)),
    ((JOB, OTHERS, REST, UNKNOWN),),
)
"""From everything told to nothing but how many people there are."""
MEASURES = {"new_job": ((JOB,),), "at_work": ((JOB,), (OTHERS,)), "unknown": ((UNKNOWN,),)}
"""Of which blocks each number is made; it is told when they stand by themselves."""
ANSWERS = (
    FunnelStep.ANSWERED,
    FunnelStep.AGENCY_ANSWERED,
    FunnelStep.PHONE_ANSWERED,
    FunnelStep.SPARED,
    FunnelStep.RUNNING,
    FunnelStep.UNKNOWN,
)
"""What became of everybody whose turn it was: each person stands in one of them."""
WITHIN = {
    FunnelStep.ASKED: FunnelStep.REACHED,
    FunnelStep.DELIVERED: FunnelStep.ASKED,
    FunnelStep.AGENCY_ASKED: FunnelStep.REACHED,
    FunnelStep.PHONED: FunnelStep.REACHED,
}
"""Steps that are a part of another one."""


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of a tally: the codes of its numbers, and which parts keep their own total."""

    codes: frozenset[str]
    way: Way

    def __contains__(self, code: str) -> bool:
        return code in self.codes

    def whole(self, *codes: str) -> bool:
        """Whether all of these may be told."""
        return self.codes.issuperset(codes)


def told(of: Tally, *, discreet: bool) -> Told:
    """What may be told: everything to the fund itself."""
    if discreet and few(of.people):
        return Told(frozenset(), WAYS[-1])
    leaves = [[_count(of, code) for code in part] for part in PARTS]
    way, mask = apart(leaves, WAYS) if discreet else (APART, [[False] * len(part) for part in leaves])
    shown = [
        code.value
        for part, row in zip(PARTS, mask, strict=True)
        for code, out in zip(part, row, strict=True)
        if not out
    ]
    return Told(frozenset(["started", *shown, *_measures(way)]), way)


def told_of_groups(tallies: Sequence[Tally], way: Way, *, discreet: bool) -> list[frozenset[str]]:
    """Which numbers of each group may be told, beside the totals of this way."""
    counts = [[sum(_part(of, part) for part in block) for block in way] for of in tallies]
    mask = hidden(counts) if discreet else [[False] * len(row) for row in counts]
    kept = (tuple(block for block, out in zip(way, row, strict=True) if not out) for row in mask)
    return [frozenset(_measures(blocks)) for blocks in kept]


def told_of_steps(steps: dict[FunnelStep, int], people: int) -> frozenset[FunnelStep]:
    """Which steps of one moment may be told to others, beside how many people there are."""
    reached = steps[FunnelStep.REACHED]
    if few(reached) or few(people - reached):
        return frozenset()
    found = {FunnelStep.REACHED}
    for step, of in WITHIN.items():
        if of in found and not few(steps[step]) and not few(steps[of] - steps[step]):
            found.add(step)
    (mask,) = hidden([[steps[step] for step in ANSWERS]])
    covered = [step for step, out in zip(ANSWERS, mask, strict=True) if out]
    return frozenset(found.union(ANSWERS).difference(covered if roomy([steps[step] for step in covered]) else ANSWERS))


def _measures(way: Way) -> list[str]:
    return [name for name, blocks in MEASURES.items() if set(blocks) <= set(way)]


def _part(of: Tally, part: int) -> int:
    return sum(_count(of, code) for code in PARTS[part])


def _count(of: Tally, code: FollowUpOutcome | UnknownReason) -> int:
    return of.reasons.get(code, 0) if isinstance(code, UnknownReason) else of.words.get(code, 0)
