"""The tables of the picture: what is counted, of how many, in words. The same ones on the page, in files and in the
report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from figures import survival
from figures.counting import TENTH, FunnelStep, Grouping, Tally, funnel, grouped, moments_reached, tally
from figures.hiding import FEWEST, hidden
from figures.people import LATEST, Person
from figures.wording import Cell, Wording
from models.messages.words import FollowUpOutcome, Fund, UnknownReason

DAYS_OF_A_MONTH = 365.25 / 12
MONTHS = (1, 2, 3, 4, 6, 9, 12, 15, 18, 21, 24)
OUTCOMES = tuple(word for word in FollowUpOutcome if word is not FollowUpOutcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see."""

    fund: Fund
    day: date
    year: int | None = None
    """In which guidance began; None: every year."""
    by: Grouping = Grouping.REGIME
    moment: str = LATEST
    earlier: date | None = None
    """A day before, to compare with."""
    discreet: bool = False
    """For others than the fund: numbers that could tell of one person are hidden."""
    rehearsed: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """What was asked, with the people it is about."""

    asked: Asked
    people: Sequence[Person]
    before: Sequence[Person] = ()
    """The same people as of the earlier day; who had not started by then is not in it."""
    employers: Mapping[str, str] = field(default_factory=dict)
    """What employers are called, by enterprise number."""

    def few(self, count: int) -> bool:
        """Whether a number is too small to be shown to whom it is for."""
        return self.asked.discreet and 0 < count < FEWEST

    @property
    def tally(self) -> Tally:
        """What became of all of them."""
        return tally(self.people, self.asked.moment)


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `level` 1 is a part of the line of level 0 above it, `total` closes the table."""

    label: str
    cells: tuple[Cell, ...]
    level: int = 0
    total: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `about` is the definition of what it counts."""

    code: str
    title: str
    head: tuple[str, ...]
    """The heading of the first column, and of each cell after it."""
    rows: tuple[Row, ...]
    about: str


def tables(counted: Counted, words: Wording, most: int | None = None) -> tuple[Table, ...]:
    """Every table of the picture, in its order; groups beyond the `most` largest stand together in one line."""
    made = [outcomes(counted, words), groups(counted, words, most), months(counted, words), questions(counted, words)]
    return (*made, comparison(counted, words)) if counted.asked.earlier else tuple(made)


def outcomes(counted: Counted, words: Wording) -> Table:
    """The closed list: how many of all, and how many of those of whom it is known; the unknown by their reason."""
    of = counted.tally
    known = [(word.value, of.words.get(word, 0)) for word in OUTCOMES]
    reasons = [(reason.value, of.reasons.get(reason, 0)) for reason in UnknownReason]
    kept = _kept([[count for _, count in known + reasons]], counted)[0]
    rows = [
        Row(words.word("outcomes", code), _cells(count, of, is_known=place < len(known), kept=kept[place]), code=code)
        for place, (code, count) in enumerate(known + reasons)
    ]
    whole = Row(words.say("frame.total"), (of.people, of.of_all(of.people), of.of_known(of.known)), total=True)
    head = ("heads.outcome", "heads.count", "heads.of_all", "heads.of_known")
    return _table("outcomes", "new_job", words, head, (*rows, whole))


def groups(counted: Counted, words: Wording, most: int | None = None) -> Table:
    """Starts and outcomes by group."""
    asked, found = counted.asked, grouped(counted.people, counted.asked.by)
    shown, rest = (found[:most], found[most:]) if most and len(found) > most + 1 else (found, ())
    tallies = [(key, label_of(key, counted, words), tally(members, asked.moment)) for key, members in shown]
    if rest:
        others = tally([one for _, members in rest for one in members], asked.moment)
        tallies.append(("", words.say("frame.rest", count=words.number(len(rest))), others))
    kept = _kept([_parts(of) for _, _, of in tallies], counted)
    everybody = counted.tally
    rows = [_group(label, key, of, everybody, kept[place]) for place, (key, label, of) in enumerate(tallies)]
    whole = _kept([_parts(everybody)], counted)[0]
    total = _group(words.say("frame.total"), "", everybody, everybody, whole, total=True)
    names = ("started", "of_started", "new_job", "new_job_of_all", "new_job_of_known", "at_work", "unknown")
    head = (
        words.word("groupings", asked.by).capitalize(),
        *(words.say(f"heads.{name}") for name in (*names, "unknown_of_all")),
    )
    title = words.say("tables.groups", grouping=words.word("groupings", asked.by))
    return Table("groups", title, head, (*rows, total), words.say("definitions.groups"))


def lives(people: Sequence[Person]) -> list[tuple[int, bool]]:
    """Days from the first session to the first new job, or to the last day on which there was none."""
    return [(((one.job_on or one.seen_on) - one.started_on).days, one.job_on is not None) for one in people]


def months(counted: Counted, words: Wording) -> Table:
    """The curve read at some months, as far as somebody is followed."""
    lived = lives(counted.people)
    curve = survival.curve(lived)
    rows = []
    for month in MONTHS:
        until = round(month * DAYS_OF_A_MONTH)
        followed = sum(days >= until for days, _ in lived)
        if not followed:
            break
        found = sum(days <= until and came for days, came in lived)
        step = survival.at(curve, until)
        share, low, high = (1 - step.staying, 1 - step.high, 1 - step.low) if step else (0.0, 0.0, 0.0)
        told: tuple[Cell, ...] = (found, _percent(share, words), f"{_percent(low, words)} – {_percent(high, words)}")
        few = counted.few(found)
        rows.append(Row(words.number(month), (followed, *(None if few else cell for cell in told)), code=str(month)))
    head = ("heads.months", "heads.at_risk", "heads.found", "heads.found_share", "heads.band")
    return _table("survival", "survival", words, head, tuple(rows))


def questions(counted: Counted, words: Wording) -> Table:
    """How far the question came, at every moment at which somebody was asked."""
    reached = moments_reached(counted.people)
    came = {moment: funnel(counted.people, moment) for moment in reached}
    rows = []
    for step in FunnelStep:
        counts = [came[moment][step] for moment in reached]
        cells = tuple(
            words.say("frame.not_tracked") if count is None else _unless_few(count, counted) for count in counts
        )
        rows.append(Row(words.word("funnel", step), cells, code=step.value))
    head = (words.say("heads.step"), *(words.word("moments", moment) for moment in reached))
    return Table(
        "funnel", words.say("tables.funnel"), head, tuple(rows) if reached else (), words.say("definitions.funnel")
    )


def comparison(counted: Counted, words: Wording) -> Table:
    """The same people as of an earlier day."""
    asked = counted.asked
    assert asked.earlier is not None, "a comparison has a day to compare with"
    then, now = tally(counted.before, asked.moment), counted.tally
    secret = _secret(then, counted) | _secret(now, counted)
    rows = []
    for code, before, after in _measures(then, now):
        shares = then.of_all(before), now.of_all(after)
        old, new = (share.percentage for share in shares)
        started = code == "started"
        moved: Cell = "" if started or old is None or new is None else new - old
        label = words.word("measures", code) if code in words.all("measures") else words.word("outcomes", code)
        cells = (before, "" if started else shares[0], after, "" if started else shares[1], moved)
        few = code in secret
        rows.append(
            Row(label, (None,) * len(cells) if few else cells, code=code, level=int(code in set(UnknownReason)))
        )
    earlier, day = words.day(asked.earlier), words.day(asked.day)
    head = (
        words.say("heads.measure"),
        *(words.say(f"heads.{name}", day=earlier) for name in ("before", "before_share")),
        *(words.say(f"heads.{name}", day=day) for name in ("now", "now_share", "difference")),
    )
    return Table(
        "comparison", words.say("tables.comparison", day=earlier), head, tuple(rows), words.say("definitions.day")
    )


def _secret(of: Tally, counted: Counted) -> set[str]:
    """Which lines of a comparison are not shown to others: small, or what would give a small one away."""
    reasons = [of.reasons.get(reason, 0) for reason in UnknownReason]
    kept = _kept([reasons], counted)[0]
    hidden_lines = {reason.value for reason, shown in zip(UnknownReason, kept, strict=True) if not shown}
    whole = {name for name in ("new_job", "at_work", "unknown") if counted.few(getattr(of, name))}
    return hidden_lines | whole | ({"at_work"} if counted.few(of.at_work - of.new_job) else set())


def _measures(then: Tally, now: Tally) -> list[tuple[str, int, int]]:
    whole = [(name, getattr(then, name), getattr(now, name)) for name in ("new_job", "at_work", "unknown")]
    parts = [(reason.value, then.reasons.get(reason, 0), now.reasons.get(reason, 0)) for reason in UnknownReason]
    return [("started", then.people, now.people), *whole, *parts]


def _table(code: str, about: str, words: Wording, head: Sequence[str], rows: tuple[Row, ...]) -> Table:
    told = tuple(words.say(name) for name in head)
    return Table(code, words.say(f"tables.{code}"), told, rows, words.say(f"definitions.{about}"))


def _kept(counts: Sequence[Sequence[int]], counted: Counted) -> list[list[bool]]:
    """Which numbers are shown: all of them to the fund itself."""
    if not counted.asked.discreet:
        return [[True] * len(row) for row in counts]
    return [[not one for one in row] for row in hidden(counts)]


def _cells(count: int, of: Tally, *, is_known: bool, kept: bool) -> tuple[Cell, ...]:
    if not kept:
        return (None, None, None if is_known else "")
    return (count, of.of_all(count), of.of_known(count) if is_known else "")


def _group(label: str, key: str, of: Tally, everybody: Tally, kept: Sequence[bool], *, total: bool = False) -> Row:
    """What is shown of a group, of which some parts may be hidden."""
    job, others, _, unknown = kept
    cells: tuple[Cell, ...] = (
        of.people,
        everybody.of_all(of.people),
        of.new_job if job else None,
        of.of_all(of.new_job) if job else None,
        of.of_known(of.new_job) if job and unknown else None,
        of.at_work if job and others else None,
        of.unknown if unknown else None,
        of.of_all(of.unknown) if unknown else None,
    )
    return Row(label, cells, total=total, code=key)


def _parts(of: Tally) -> list[int]:
    """A new job, others at work, other outcomes that are known, the unknown."""
    return [of.new_job, of.at_work - of.new_job, of.known - of.at_work, of.unknown]


def label_of(key: str, counted: Counted, words: Wording) -> str:
    """What a group is called."""
    match counted.asked.by:
        case Grouping.REGIME:
            label = words.word("regimes", key)
        case Grouping.AGE:
            label = words.word("ages", key)
        case Grouping.EMPLOYER:
            label = counted.employers.get(key, key)
        case Grouping.COHORT:
            of = next((one.enterprise for one in counted.people if one.employer_dossier == key), "")
            label = " · ".join(part for part in (key, counted.employers.get(of, of)) if part)
        case _:
            label = key
    return label or words.say("frame.none")


def _unless_few(count: int, counted: Counted) -> Cell:
    return None if counted.few(count) else count


def _percent(share: float, words: Wording) -> str:
    return words.percentage(Decimal(100 * share).quantize(TENTH, ROUND_HALF_UP))
