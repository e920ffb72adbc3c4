"""One person with two dismissals: what the second means for the first, by the days of both alone (docs/cohorts.md)."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from models.messages.facts import EarlierTrajectory, Relation, TrajectoryFacts
from schemes.outplacement_terms import THREE_MONTHS

DOUBLE: Relation = "double"
"""The same dismissal told twice; also why the second trajectory closes, which then counts for nobody."""
TO_JUDGE: Mapping[Relation, str] = MappingProxyType({DOUBLE: "stop_double", "dismissed_again_soon": "resume_first"})
"""Relations of which a clerk decides what they mean, with the advice; the others only show each other's number."""


def relation(first: TrajectoryFacts, second: TrajectoryFacts, *, same_employer: bool) -> Relation:
    """What a later notification is to an earlier one of the same person.

    `double`: the same dismissal told twice. `two_employers`: two jobs at the same time. `dismissed_again_soon`: the new
    job was lost within three months, so that the first guidance may resume. `dismissed_again`: any later dismissal.
    """
    if same_employer and first.service_began_on == second.service_began_on:
        return DOUBLE
    if second.service_began_on <= first.contract_ended_on:
        return "two_employers"
    soon = second.contract_ended_on <= THREE_MONTHS.after(second.service_began_on)
    return "dismissed_again_soon" if soon else "dismissed_again"


def most_telling(found: Iterable[EarlierTrajectory]) -> EarlierTrajectory | None:
    """Of several trajectories the one that says most: a double, then a guidance that may resume, then the newest."""
    order: tuple[Relation, ...] = (DOUBLE, "dismissed_again_soon", "two_employers", "dismissed_again")
    newest = sorted(found, key=lambda one: one.number, reverse=True)
    return min(newest, key=lambda one: order.index(one.relation), default=None)
