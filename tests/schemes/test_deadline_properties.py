"""What holds for any deadline, whatever its term, suspensions and extensions."""

from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schemes.calendar import BRUSSELS, is_working_day
from schemes.deadlines import Deadline, Suspension, Term
from schemes.derivations import translated

starts = st.dates(date(2003, 1, 1), date(2060, 1, 1))
terms = st.builds(
    Term,
    amount=st.integers(0, 40),
    unit=st.sampled_from(["days", "weeks", "months", "working_days"]),
    shift_to_working_day=st.booleans(),
)


@st.composite
def suspensions_around(draw: st.DrawFn, start: date) -> list[Suspension]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        first = start + timedelta(days=draw(st.integers(-20, 120)))
        length = draw(st.integers(0, 60))
        found.append(Suspension(start=first, end=first + timedelta(days=length)))
    return found


@st.composite
def clocks(draw: st.DrawFn) -> Deadline:
    start = draw(starts)
    clock = Deadline(start=start, term=draw(terms), suspensions=tuple(draw(suspensions_around(start))))
    if draw(st.booleans()):
        clock = clock.extend(Term(amount=draw(st.integers(1, 10)), unit=draw(st.sampled_from(["days", "months"]))))
    if draw(st.booleans()):
        granted = start + timedelta(days=draw(st.integers(0, 60)))
        clock = clock.extend_to(granted + timedelta(days=draw(st.integers(0, 200))), granted)
    return clock


@settings(deadline=None, derandomize=True)
@given(clocks(), st.randoms(use_true_random=False))
def test_the_order_of_overlapping_suspensions_does_not_matter(clock: Deadline, random: Random) -> None:
    shuffled = list(clock.suspensions)
    random.shuffle(shuffled)
    doubled = clock.model_copy(update={"suspensions": (*shuffled, *clock.suspensions)})
    assert doubled.last_day == clock.last_day
    assert doubled.derivation() == clock.derivation()


@settings(deadline=None, derandomize=True)
@given(clocks(), st.sampled_from(["nl", "fr", "en", "tr"]))
def test_a_stored_derivation_reads_in_another_language_as_if_it_was_written_in_it(
    clock: Deadline, language: str
) -> None:
    assert translated(clock.derivation(), language) == clock.derivation(language)


def test_what_no_deadline_wrote_is_left_as_it_is() -> None:
    for told in ("", "volgens het fonds", "15 dagen vanaf gisteren", "15 dagen vanaf 3 maart 2025, en nog wat"):
        assert translated(told, "fr") == told


@settings(deadline=None, derandomize=True)
@given(clocks(), st.integers(-20, 300), st.integers(0, 60))
def test_a_suspension_never_brings_a_deadline_nearer(clock: Deadline, offset: int, length: int) -> None:
    first = clock.start + timedelta(days=offset)
    more = (*clock.suspensions, Suspension(start=first, end=first + timedelta(days=length)))
    assert clock.model_copy(update={"suspensions": more}).last_day >= clock.last_day


@settings(deadline=None, derandomize=True)
@given(clocks(), st.integers(1, 40))
def test_an_extension_never_brings_a_deadline_nearer(clock: Deadline, days: int) -> None:
    assert clock.extend(Term(amount=days, unit="days")).last_day >= clock.last_day


@settings(deadline=None, derandomize=True)
@given(clocks())
def test_no_deadline_ends_on_a_day_on_which_its_clock_stands_still(clock: Deadline) -> None:
    assume(clock.last_day > clock.start and all(each.to is None for each in clock.extensions))
    assert not any(suspension.covers(clock.last_day) for suspension in clock.suspensions)


@settings(deadline=None, derandomize=True)
@given(clocks())
def test_a_deadline_in_working_days_never_ends_on_a_weekend_or_holiday(clock: Deadline) -> None:
    counted = clock.model_copy(update={"term": Term(amount=clock.term.amount, unit="working_days")})
    assert is_working_day(counted.last_day)


@settings(deadline=None, derandomize=True)
@given(clocks())
def test_the_last_day_counts_until_midnight_in_brussels_over_summer_time(clock: Deadline) -> None:
    day = clock.last_day
    last_instant = datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=BRUSSELS).astimezone(UTC)
    assert clock.ends_at == last_instant + timedelta(microseconds=1)
    assert not clock.is_over(last_instant)
    assert clock.is_over(last_instant + timedelta(microseconds=1))


@settings(deadline=None, derandomize=True)
@given(terms, starts)
def test_the_text_of_a_term_reads_back_as_the_term(term: Term, start: date) -> None:
    assert Term.parse(str(term)) == term
    assert Term.parse(str(term)).after(start) == Deadline(start=start, term=term).last_day
