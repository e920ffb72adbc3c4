"""Nobody hears from the house at night, on a Sunday or a holiday, or twice a day; and nobody waits longer than that."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemes.calendar import BRUSSELS, is_working_day, local_date, next_working_day
from schemes.reaching import CLOSES, OPENS, Channel, Turns, is_allowed, next_allowed, next_day, opening, pace, ways


def at(text: str) -> datetime:
    """A moment by the clocks of Brussels."""
    return datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


MAIL = {
    "in the middle of a working day": ("2024-03-12 14:00", "2024-03-12 14:00"),
    "nine sharp": ("2024-03-12 09:00", "2024-03-12 09:00"),
    "a second before nine": ("2024-03-12 08:59:59", "2024-03-12 09:00"),
    "the last moment of the day": ("2024-03-12 18:59:59.999999", "2024-03-12 18:59:59.999999"),
    "seven in the evening is the next morning": ("2024-03-12 19:00", "2024-03-13 09:00"),
    "after midnight is the same morning": ("2024-03-13 00:00", "2024-03-13 09:00"),
    "Friday evening is Monday morning": ("2024-03-15 19:00", "2024-03-18 09:00"),
    "Saturday noon": ("2024-03-16 12:00", "2024-03-18 09:00"),
    "Good Friday is a working day": ("2024-03-29 12:00", "2024-03-29 12:00"),
    "Easter Monday is none": ("2024-04-01 12:00", "2024-04-02 09:00"),
    "Friday evening before Easter": ("2024-03-29 19:30", "2024-04-02 09:00"),
    "Labour day in the middle of a week": ("2024-05-01 10:00", "2024-05-02 09:00"),
    "Ascension, then a Friday that works": ("2024-05-09 10:00", "2024-05-10 09:00"),
    "Christmas eve in the evening, Christmas is a Wednesday": ("2024-12-24 19:00", "2024-12-26 09:00"),
    "the bridge over Christmas, which is a Friday": ("2026-12-24 20:00", "2026-12-28 09:00"),
    "New Year on a Thursday": ("2025-12-31 21:00", "2026-01-02 09:00"),
    "11 November on a Monday after a weekend": ("2024-11-08 19:00", "2024-11-12 09:00"),
    "the night in which summer time begins": ("2024-03-31 01:59", "2024-04-02 09:00"),
    "the Friday before summer time begins": ("2025-03-28 19:00", "2025-03-31 09:00"),
    "the Friday before winter time begins": ("2024-10-25 19:00", "2024-10-28 09:00"),
}


@pytest.mark.parametrize(("asked", "leaves"), MAIL.values(), ids=MAIL.keys())
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.SMS])
def test_a_mail_or_text_leaves_between_nine_and_seven_on_a_working_day(
    asked: str, leaves: str, channel: Channel
) -> None:
    assert next_allowed(at(asked), channel) == at(leaves)


PAPER = {
    "at night": ("2024-03-12 03:00", "2024-03-12 03:00"),
    "late in the evening": ("2024-03-12 23:30", "2024-03-12 23:30"),
    "on a Saturday": ("2024-03-16 12:00", "2024-03-18 00:00"),
    "on Easter Monday": ("2024-04-01 12:00", "2024-04-02 00:00"),
    "at the end of the Friday before winter time": ("2024-10-26 00:00", "2024-10-28 00:00"),
}


@pytest.mark.parametrize(("asked", "leaves"), PAPER.values(), ids=PAPER.keys())
def test_a_letter_is_laid_ready_on_a_working_day_at_any_hour(asked: str, leaves: str) -> None:
    assert next_allowed(at(asked), Channel.LETTER) == at(leaves)


SUMMER = {
    "the last working day of winter time": ("2025-03-28 12:00", "2025-03-28T08:00+00:00"),
    "the first of summer time": ("2025-03-31 03:00", "2025-03-31T07:00+00:00"),
    "the last of summer time": ("2024-10-25 03:00", "2024-10-25T07:00+00:00"),
    "the first of winter time": ("2024-10-28 03:00", "2024-10-28T08:00+00:00"),
}


@pytest.mark.parametrize(("day", "opens"), SUMMER.values(), ids=SUMMER.keys())
def test_nine_is_nine_in_brussels_whatever_the_season(day: str, opens: str) -> None:
    assert opening(at(day).date(), Channel.EMAIL) == datetime.fromisoformat(opens)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_allowed(at("2024-03-12 14:00").replace(tzinfo=None), Channel.EMAIL)


NEXT = {
    "the day after": ("2024-03-12", "2024-03-13 09:00"),
    "after a Friday": ("2024-03-15", "2024-03-18 09:00"),
    "after Maundy Thursday comes Good Friday": ("2024-03-28", "2024-03-29 09:00"),
    "after Good Friday comes Tuesday": ("2024-03-29", "2024-04-02 09:00"),
}


@pytest.mark.parametrize(("day", "opens"), NEXT.values(), ids=NEXT.keys())
def test_the_next_day_is_the_next_working_morning(day: str, opens: str) -> None:
    assert next_day(date.fromisoformat(day), Channel.SMS) == at(opens)


E, S, L = Channel.EMAIL, Channel.SMS, Channel.LETTER
WAYS: dict[str, tuple[Channel | None, list[Channel], tuple[Channel, ...]]] = {
    "nobody chose": (None, [L, S, E], (E, S, L)),
    "the chosen one goes first": (L, [E, S, L], (L, E, S)),
    "the chosen one does not work": (S, [E, L], (E, L)),
    "only paper works": (E, [L], (L,)),
    "nothing works": (E, [], ()),
}


@pytest.mark.parametrize(("preferred", "works", "order"), WAYS.values(), ids=WAYS.keys())
def test_the_way_is_the_preferred_one_when_it_works(
    preferred: Channel | None, works: list[Channel], order: tuple[Channel, ...]
) -> None:
    assert ways(preferred, works) == order


def given_to(count: int, since: datetime, per_minute: int, turns: Turns | None = None) -> list[datetime]:
    turns = turns or Turns(gap=pace(per_minute))
    return [turns.give(f"person {place}", since, Channel.EMAIL) for place in range(count)]


def test_a_crowd_leaves_evenly_from_now_on() -> None:
    assert given_to(4, at("2024-03-12 14:00"), 60) == [at(f"2024-03-12 14:00:0{second}") for second in range(4)]


def test_what_does_not_fit_before_seven_leaves_evenly_from_nine_on() -> None:
    moments = given_to(5, at("2024-03-15 18:58"), 1)

    assert moments == [
        at("2024-03-15 18:58"),
        at("2024-03-15 18:59"),
        at("2024-03-18 09:00"),
        at("2024-03-18 09:01"),
        at("2024-03-18 09:02"),
    ]


def test_who_comes_later_goes_after_who_was_given_a_moment_before() -> None:
    turns = Turns({date(2024, 3, 12): at("2024-03-12 14:30")}, pace(60))

    assert turns.give("somebody", at("2024-03-12 14:00"), Channel.EMAIL) == at("2024-03-12 14:30:01")


def test_one_person_has_one_message_a_day_in_the_order_of_asking() -> None:
    turns = Turns(gap=pace(60))

    moments = [turns.give("An", at("2024-03-28 14:00"), channel) for channel in (E, S, L, E)]

    assert moments == [
        at("2024-03-28 14:00"),
        at("2024-03-29 09:00"),
        at("2024-04-02 00:00"),
        at("2024-04-03 09:00"),
    ]


def test_what_was_planned_before_for_a_person_goes_before() -> None:
    taken = {date(2024, 3, 12), date(2024, 3, 14)}

    assert Turns(gap=pace(60)).give("An", at("2024-03-12 14:00"), E, taken) == at("2024-03-15 09:00")


def test_where_dossiers_live_apart_the_first_free_day_is_taken() -> None:
    taken = {date(2024, 3, 12), date(2024, 3, 14)}
    turns = Turns()

    assert turns.give("An", at("2024-03-12 14:00"), E, taken) == at("2024-03-13 09:00")
    assert turns.give("An", at("2024-03-12 14:00"), E, taken) == at("2024-03-15 09:00")


def test_paper_makes_nobody_wait() -> None:
    turns = Turns(gap=pace(1))

    assert turns.give("An", at("2024-03-12 14:00"), L) == at("2024-03-12 14:00")
    assert turns.give("Bo", at("2024-03-12 14:00"), L) == at("2024-03-12 14:00")
    assert turns.give("Cy", at("2024-03-12 14:00"), E) == at("2024-03-12 14:00")


days = st.dates(date(2003, 1, 1), date(2090, 1, 1))
moments = st.builds(lambda day, hour: datetime.combine(day, hour, UTC), days, st.times())


@given(moment=moments, channel=st.sampled_from(Channel))
def test_never_at_night_or_on_a_holiday_and_no_later_than_needed(moment: datetime, channel: Channel) -> None:
    found = next_allowed(moment, channel)
    local = found.astimezone(BRUSSELS)

    assert found >= moment
    assert is_working_day(local.date())
    assert channel is Channel.LETTER or OPENS <= local.time() < CLOSES
    if found > moment:
        assert not is_allowed(moment, channel)
        assert local.time() == (time.min if channel is Channel.LETTER else OPENS)
        assert local.date() <= next_working_day(local_date(moment) + timedelta(days=1))


@given(moment=moments, count=st.integers(1, 60), per_minute=st.integers(1, 4))
def test_a_crowd_keeps_its_order_and_no_gap_is_bigger_than_needed(
    moment: datetime, count: int, per_minute: int
) -> None:
    spread = given_to(count, moment, per_minute)

    assert spread[0] == next_allowed(moment, E)
    for before, after in pairwise(spread):
        assert is_allowed(after, E)
        assert after == before + pace(per_minute) or (
            not is_allowed(before + pace(per_minute), E) and after == next_day(local_date(before), E)
        )


people = st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from(Channel)), max_size=25)


@given(moment=moments, people=people)
def test_nobody_has_two_messages_a_day_and_each_person_keeps_the_order(
    moment: datetime, people: list[tuple[str, Channel]]
) -> None:
    turns, days = Turns(gap=pace(60)), dict[str, list[date]]()
    for person, channel in people:
        found = turns.give(person, moment, channel)
        assert is_allowed(found, channel)
        days.setdefault(person, []).append(local_date(found))

    for mine in days.values():
        assert mine == sorted(set(mine))
        first = next_working_day(local_date(moment))
        assert len([day for day in mine if day > first + timedelta(days=14 + 2 * len(mine))]) == 0
