"""Rules that look at other applications: the same course twice, and two projects in one lever."""

from collections.abc import Iterable, Mapping, Sequence

from importing.applications import Application
from models.messages.facts import ProjectFacts, TrainingFacts
from schemes.project import OtherProject, running_in_lever


def mark_duplicates(applications: Sequence[Application], earlier: Mapping[str, str]) -> list[Application]:
    """The applications, in their order, with `duplicate_of` where an earlier one has the same fingerprint.

    `earlier` maps fingerprints of known applications to their numbers; within the batch the first filed is the first.
    """
    first = dict(earlier)
    marked = {}
    for application in sorted(applications, key=lambda one: (one.filed_on, one.reference)):
        if application.fingerprint is None:
            continue
        original = first.setdefault(application.fingerprint, application.reference)
        if original != application.reference and isinstance(application.facts, TrainingFacts):
            marked[application.reference] = _with(application, duplicate_of=original)
    return [marked.get(application.reference, application) for application in applications]


def mark_running_levers(applications: Sequence[Application], known: Iterable[OtherProject]) -> list[Application]:
    """The applications, in their order, with the running project of the same employer in the same lever."""
    others = [*known, *(other for application in applications if (other := _as_other(application)))]
    return [_marked(application, others) for application in applications]


def _marked(application: Application, others: Sequence[OtherProject]) -> Application:
    own = _as_other(application)
    running = running_in_lever(own, others) if own else None
    if running is None:
        return application
    return _with(application, running_in_lever=running.reference, running_until=running.facts.ends_on)


def _as_other(application: Application) -> OtherProject | None:
    if not isinstance(application.facts, ProjectFacts):
        return None
    return OtherProject(
        reference=application.reference,
        enterprise=application.personal.enterprise_number,
        facts=application.facts,
    )


def _with(application: Application, **facts: object) -> Application:
    return application.model_copy(update={"facts": application.facts.model_copy(update=facts)})
