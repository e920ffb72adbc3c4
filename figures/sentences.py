"""The sentences of an annual report, made of what was counted; beside them what an earlier report printed."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import policies
from figures.hiding import few
from figures.people import LATEST
from figures.tables import Counted
from figures.telling import Told
from figures.wording import Wording
from models.messages.words import Fund, Language, UnknownReason

PUBLISHED = Path(__file__).resolve().parent / "published.toml"


@dataclass(frozen=True, slots=True)
class Report:
    """What an annual report printed; percentages as they stood there."""

    fund: Fund
    year: int
    started: int
    new_job: Decimal
    unknown: Decimal
    source: dict[str, str]

    def name(self, language: Language) -> str:
        """How the report is called."""
        return self.source[language.value]


@lru_cache(maxsize=1)
def _reports() -> tuple[Report, ...]:
    found = tomllib.loads(PUBLISHED.read_text("utf-8"))["report"]
    return tuple(
        Report(
            Fund(one["fund"]),
            one["year"],
            one["started"],
            Decimal(one["new_job"]),
            Decimal(one["unknown"]),
            one["source"],
        )
        for one in found
    )


def published(fund: Fund, year: int | None) -> Report | None:
    """What was printed about a year of a fund."""
    return next((one for one in _reports() if (one.fund, one.year) == (fund, year)), None)


def sentences(counted: Counted, words: Wording) -> tuple[str, ...]:
    """What a report says, with numerators; every percentage is computed. What may not be told is not said."""
    asked, of = counted.asked, counted.tally
    fund = policies.funds()[asked.fund].name
    ever = "" if asked.year else "_ever"
    year = asked.year or ""
    if not of.people:
        return (words.say(f"sentences.none{ever}", year=year, fund=fund),)
    shown = counted.told(of)
    if "started" not in shown:
        return (words.say(f"sentences.few{ever}", year=year, fund=fund),)
    begin = f"sentences.started{ever}" + ("_one" if of.people == 1 else "")
    said = [words.say(begin, year=year, fund=fund, started=words.number(of.people))]
    if "new_job" in shown:
        said.append(_with_share("new_job", of.new_job, counted, words))
    if of.at_work > of.new_job and "at_work" in shown:
        said.append(_with_share("at_work", of.at_work, counted, words))
    if "unknown" not in shown:
        return tuple(said)
    unknown = _unknown(counted, shown, words) if of.unknown else [words.say("sentences.all_known")]
    return (*said, *unknown, *_beside(counted, words))


def _with_share(name: str, count: int, counted: Counted, words: Wording) -> str:
    asked, of = counted.asked, counted.tally
    told = {"share": words.percentage(of.of_all(count).percentage), "count": words.number(count)}
    if name == "new_job" and asked.moment != LATEST:
        return words.say("sentences.new_job_at", moment=words.word("moments_spelled", asked.moment), **told)
    return words.say(f"sentences.{name}", day=words.day(asked.day), **told)


def _unknown(counted: Counted, shown: Told, words: Wording) -> list[str]:
    asked, of = counted.asked, counted.tally
    parts = [
        words.say(f"reasons.{reason.value}", count=words.number(of.reasons[reason]))
        for reason in UnknownReason
        if of.reasons.get(reason)
    ]
    told = {"share": words.percentage(of.of_all(of.unknown).percentage), "count": words.number(of.unknown)}
    if shown.whole(*UnknownReason):
        said = [words.say("sentences.unknown", reasons=", ".join(parts), **told)]
    else:
        said = [words.say("sentences.unknown_bare", **told)]
    would_tell = asked.discreet and (few(of.known_before) or few(of.unknown - of.known_before))
    if of.known_before and not would_tell and asked.moment == LATEST:
        said.append(words.say("sentences.known_before", count=words.number(of.known_before)))
    if of.known and "new_job" in shown:
        share = words.percentage(of.of_known(of.new_job).percentage)
        said.append(words.say("sentences.of_known", known=words.number(of.known), share=share))
    return said


def _beside(counted: Counted, words: Wording) -> tuple[str, ...]:
    """What the report of that year printed, and how far that is from what is counted."""
    report, of = published(counted.asked.fund, counted.asked.year), counted.tally
    now = of.of_all(of.unknown).percentage
    if report is None or now is None:
        return ()
    told = {"source": report.name(words.language), "unknown": words.percentage(report.unknown)}
    if report.unknown == now:
        return (words.say("sentences.published_same", **told),)
    way = words.say("sentences.more" if report.unknown > now else "sentences.less")
    return (words.say("sentences.published", points=words.points(abs(report.unknown - now)), way=way, **told),)
