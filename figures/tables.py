"""The tables of the picture: what is counted, of how many, in words. The same ones on the page, in files and in the
report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from figures import survival
from figures.counting import TENTH, FunnelStep, Grouping, Tally, funnel, grouped, moments_reached, tally
from figures.hiding import few, hidden
from figures.people import LATEST, Person
from figures.telling import OUTCOMES, Told, told, told_of_groups, told_of_steps
from figures.wording import Cell, Wording
from models.messages.words import Fund, UnknownReason

DAYS_OF_A_MONTH = 365.25 / 12
MONTHS = (1, 2, 3, 4, 6, 9, 12, 15, 18, 21, 24)
Members = tuple[str, tuple[Person, ...]]
"""A group: its key and who is in it."""


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

    @property
    def tally(self) -> Tally:
        """What became of all of them."""
        return tally(self.people, self.asked.moment)

    def told(self, of: Tally) -> Told:
        """What of a tally may be told to whom it is for."""
        return told(of, discreet=self.asked.discreet)


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
    """Every table of the picture, in its order; groups beyond the `most` largest stand together in one line. To others
    than the fund none of so few people that even how many they are is not told.
    """
    if counted.asked.discreet and few(len(counted.people)):
        return ()
    made = [outcomes(counted, words), groups(counted, words, most), months(counted, words), questions(counted, words)]
    return (*made, comparison(counted, words)) if counted.asked.earlier else tuple(made)


def glance(counted: Counted) -> tuple[tuple[str, Cell], ...]:
    """The headline: how many started, and the share in a new job, at work and unknown, by the code of the measure."""
    of = counted.tally
    shown = counted.told(of)
    cells: tuple[tuple[str, Cell], ...] = (
        ("started", of.people),
        *((name, of.of_all(getattr(of, name))) for name in ("new_job", "at_work", "unknown")),
    )
    return tuple((name, cell if name in shown else None) for name, cell in cells)


def outcomes(counted: Counted, words: Wording) -> Table:
    """The closed list: how many of all, and how many of those of whom it is known; the unknown by their reason."""
    of = counted.tally
    shown = counted.told(of)
    known = [(word.value, of.words.get(word, 0)) for word in OUTCOMES]
    reasons = [(reason.value, of.reasons.get(reason, 0)) for reason in UnknownReason]
    rows = [
        Row(words.word("outcomes", code), _cells(code, count, of, shown, is_known=place < len(known)), code=code)
        for place, (code, count) in enumerate(known + reasons)
    ]
    of_known = of.of_known(of.known) if "unknown" in shown else None
    whole = Row(words.say("frame.total"), (of.people, of.of_all(of.people), of_known), total=True)
    head = ("heads.outcome", "heads.count", "heads.of_all", "heads.of_known")
    return _table("outcomes", "new_job", words, head, (*rows, whole))


def groups(counted: Counted, words: Wording, most: int | None = None) -> Table:
    """Starts and outcomes by group."""
    asked, found = counted.asked, grouped(counted.people, counted.asked.by)
    alone, lines = _lines(found, counted)
    tallies = [tally(members, asked.moment) for _, members in lines]
    everybody = counted.tally
    whole = counted.told(everybody)
    kept = told_of_groups(tallies, whole.way, discreet=asked.discreet)
    cut = min(most, alone) if most and len(found) > most + 1 else alone
    rows = [
        _group(label_of(key, counted, words), key, of, everybody, codes)
        for (key, _), of, codes in zip(lines[:cut], tallies, kept, strict=False)
    ]
    if lines[cut:]:
        others = tally([one for _, members in lines[cut:] for one in members], asked.moment)
        label = words.say("frame.others" if asked.discreet else "frame.rest", count=words.number(len(lines) - cut))
        rows.append(_group(label, "", others, everybody, frozenset.intersection(*kept[cut:])))
    total = _group(words.say("frame.total"), "", everybody, everybody, whole.codes, total=True)
    names = ("started", "of_started", "new_job", "new_job_of_all", "new_job_of_known", "at_work", "unknown")
    head = (
        words.word("groupings", asked.by).capitalize(),
        *(words.say(f"heads.{name}") for name in (*names, "unknown_of_all")),
    )
    title = words.say("tables.groups", grouping=words.word("groupings", asked.by))
    return Table("groups", title, head, (*rows, total), words.say("definitions.groups"))


def _lines(found: Sequence[Members], counted: Counted) -> tuple[int, Sequence[Members]]:
    """How many groups stand alone, and all lines: for others than the fund the small groups are one line, the last."""
    if not counted.asked.discreet or not found:
        return len(found), found
    (mask,) = hidden([[len(members) for _, members in found]])
    alone = [group for group, out in zip(found, mask, strict=True) if not out]
    small = tuple(one for (_, members), out in zip(found, mask, strict=True) for one in members if out)
    return len(alone), [*alone, ("", small)] if small else alone


def lives(people: Sequence[Person]) -> list[tuple[int, bool]]:
    """Days from the first session to the first new job, or to the last day on which there was none."""
    return [(((one.job_on or one.seen_on) - one.started_on).days, one.job_on is not None) for one in people]


def months(counted: Counted, words: Wording) -> Table:
    """The curve read at some months, as far as somebody is followed. To others than the fund a month is told when
    nobody or enough people found a job, and left the sight, since the last one that is told.
    """
    lived = lives(counted.people)
    curve = survival.curve(lived)
    shown = counted.told(counted.tally)
    rows, told_before = [], (len(lived), 0)
    for month in MONTHS:
        until = round(month * DAYS_OF_A_MONTH)
        followed = sum(days >= until for days, _ in lived)
        if not followed:
            break
        found = sum(days <= until and came for days, came in lived)
        step = survival.at(curve, until)
        share, low, high = (1 - step.staying, 1 - step.high, 1 - step.low) if step else (0.0, 0.0, 0.0)
        band = f"{_percent(low, words)} – {_percent(high, words)}"
        cells: tuple[Cell, ...] = (followed, found, _percent(share, words), band)
        since = (followed, told_before[0] - followed, found - told_before[1])
        if counted.asked.discreet and (any(map(few, since)) or "new_job" not in shown):
            cells = (None,) * len(cells)
        else:
            told_before = (followed, found)
        rows.append(Row(words.number(month), cells, code=str(month)))
    head = ("heads.months", "heads.at_risk", "heads.found", "heads.found_share", "heads.band")
    return _table("survival", "survival", words, head, tuple(rows))


def questions(counted: Counted, words: Wording) -> Table:
    """How far the question came, at every moment at which somebody was asked."""
    reached = moments_reached(counted.people)
    came = {moment: funnel(counted.people, moment) for moment in reached}
    shown = {moment: _steps(came[moment], moment, counted) for moment in reached}
    rows = []
    for step in FunnelStep:
        cells = tuple(
            words.say("frame.not_tracked") if count is None else count if step in shown[moment] else None
            for moment, count in ((moment, came[moment][step]) for moment in reached)
        )
        rows.append(Row(words.word("funnel", step), cells, code=step.value))
    head = (words.say("heads.step"), *(words.word("moments", moment) for moment in reached))
    return Table(
        "funnel", words.say("tables.funnel"), head, tuple(rows) if reached else (), words.say("definitions.funnel")
    )


def _steps(came: Mapping[FunnelStep, int | None], moment: str, counted: Counted) -> frozenset[FunnelStep]:
    """Which steps are told. Those of the chosen moment say of how many it is unknown, and why: they are told to others
    when that is.
    """
    if not counted.asked.discreet:
        return frozenset(came)
    if moment == counted.asked.moment and not counted.told(counted.tally).whole("unknown", *UnknownReason):
        return frozenset()
    return told_of_steps({step: count for step, count in came.items() if count is not None}, len(counted.people))


def comparison(counted: Counted, words: Wording) -> Table:
    """The same people as of an earlier day."""
    asked = counted.asked
    assert asked.earlier is not None, "a comparison has a day to compare with"
    then, now = tally(counted.before, asked.moment), counted.tally
    shown = counted.told(then).codes & counted.told(now).codes
    rows = []
    for code, before, after in _measures(then, now):
        shares = then.of_all(before), now.of_all(after)
        old, new = (share.percentage for share in shares)
        started = code == "started"
        moved: Cell = "" if started or old is None or new is None else new - old
        label = words.word("measures", code) if code in words.all("measures") else words.word("outcomes", code)
        cells: tuple[Cell, ...] = (before, "" if started else shares[0], after, "" if started else shares[1], moved)
        if code not in shown:
            cells = (None,) * len(cells)
        rows.append(Row(label, cells, code=code, level=int(code in set(UnknownReason))))
    earlier, day = words.day(asked.earlier), words.day(asked.day)
    head = (
        words.say("heads.measure"),
        *(words.say(f"heads.{name}", day=earlier) for name in ("before", "before_share")),
        *(words.say(f"heads.{name}", day=day) for name in ("now", "now_share", "difference")),
    )
    return Table(
        "comparison", words.say("tables.comparison", day=earlier), head, tuple(rows), words.say("definitions.day")
    )


def _measures(then: Tally, now: Tally) -> list[tuple[str, int, int]]:
    whole = [(name, getattr(then, name), getattr(now, name)) for name in ("new_job", "at_work", "unknown")]
    parts = [(reason.value, then.reasons.get(reason, 0), now.reasons.get(reason, 0)) for reason in UnknownReason]
    return [("started", then.people, now.people), *whole, *parts]


def _table(code: str, about: str, words: Wording, head: Sequence[str], rows: tuple[Row, ...]) -> Table:
    told = tuple(words.say(name) for name in head)
    return Table(code, words.say(f"tables.{code}"), told, rows, words.say(f"definitions.{about}"))


def _cells(code: str, count: int, of: Tally, shown: Told, *, is_known: bool) -> tuple[Cell, ...]:
    if code not in shown:
        return (None, None, None if is_known else "")
    of_known = of.of_known(count) if "unknown" in shown else None
    return (count, of.of_all(count), of_known if is_known else "")


def _group(label: str, key: str, of: Tally, everybody: Tally, kept: frozenset[str], *, total: bool = False) -> Row:
    """What is shown of a group, of which some numbers may be hidden."""
    job, unknown = "new_job" in kept, "unknown" in kept
    cells: tuple[Cell, ...] = (
        of.people,
        everybody.of_all(of.people),
        of.new_job if job else None,
        of.of_all(of.new_job) if job else None,
        of.of_known(of.new_job) if job and unknown else None,
        of.at_work if "at_work" in kept else None,
        of.unknown if unknown else None,
        of.of_all(of.unknown) if unknown else None,
    )
    return Row(label, cells, total=total, code=key)


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


def _percent(share: float, words: Wording) -> str:
    return words.percentage(Decimal(100 * share).quantize(TENTH, ROUND_HALF_UP))
