"""Deadlines: worked cases with their derivation."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from schemes.deadlines import ClockError, Deadline, Extension, Suspension, Term


def held(start: date, end: date | None = None) -> Suspension:
    return Suspension(start=start, end=end)


def deadline(start: date, term: str, *suspensions: Suspension) -> Deadline:
    return Deadline(start=start, term=Term.parse(term), suspensions=suspensions)


CASES = [
    pytest.param("2025-03-03", "15 days", "2025-03-18", "15 dagen vanaf 3 maart 2025", id="days"),
    pytest.param("2025-03-03", "2 weeks", "2025-03-17", "2 weken vanaf 3 maart 2025", id="weeks-are-not-15-days"),
    pytest.param("2025-02-01", "4 weeks", "2025-03-01", "4 weken vanaf 1 februari 2025", id="4-weeks-in-february"),
    pytest.param("2025-03-01", "4 weeks", "2025-03-29", "4 weken vanaf 1 maart 2025", id="4-weeks-in-march"),
    pytest.param("2025-03-01", "1 month", "2025-04-01", "1 maand vanaf 1 maart 2025", id="month-in-march"),
    pytest.param("2025-01-31", "1 month", "2025-02-28", "1 maand vanaf 31 januari 2025", id="31-january"),
    pytest.param("2024-01-31", "1 month", "2024-02-29", "1 maand vanaf 31 januari 2024", id="leap-year"),
    pytest.param("2024-02-29", "12 months", "2025-02-28", "12 maanden vanaf 29 februari 2024", id="leap-day"),
    pytest.param("2025-02-28", "1 month", "2025-03-28", "1 maand vanaf 28 februari 2025", id="28-february"),
    pytest.param("2024-11-30", "3 months", "2025-02-28", "3 maanden vanaf 30 november 2024", id="over-new-year"),
    pytest.param("2024-12-27", "15 days", "2025-01-11", "15 dagen vanaf 27 december 2024", id="days-over-new-year"),
    pytest.param("2025-03-03", "15 working days", "2025-03-24", "15 werkdagen vanaf 3 maart 2025", id="working-days"),
    pytest.param("2025-04-17", "2 working days", "2025-04-22", "2 werkdagen vanaf 17 april 2025", id="over-easter"),
    pytest.param("2025-04-19", "0 working days", "2025-04-22",
                 "0 werkdagen vanaf 19 april 2025, verschoven van zaterdag 19 april 2025", id="at-once"),
    pytest.param("2025-03-21", "1 month", "2025-04-21", "1 maand vanaf 21 maart 2025", id="holiday-without-shift"),
    pytest.param("2025-03-21", "1 month, next working day", "2025-04-22",
                 "1 maand vanaf 21 maart 2025, verschoven van Paasmaandag", id="moved-off-easter-monday"),
    pytest.param("2025-04-04", "15 days, next working day", "2025-04-22",
                 "15 dagen vanaf 4 april 2025, verschoven van zaterdag 19 april 2025", id="moved-off-easter-saturday"),
    pytest.param("2025-03-03", "-5 working days", "2025-02-24", "5 werkdagen vóór 3 maart 2025", id="before"),
    pytest.param("2025-03-31", "-1 months", "2025-02-28", "1 maand vóór 31 maart 2025", id="month-before"),
    pytest.param("2025-04-28", "7 days before, next working day", "2025-04-18",
                 "7 dagen vóór 28 april 2025, verschoven van Paasmaandag", id="moved-earlier-when-counting-back"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "term", "last_day", "derivation"), CASES)
def test_a_term_ends_on_its_last_day_and_says_why(start: str, term: str, last_day: str, derivation: str) -> None:
    reached = deadline(date.fromisoformat(start), term)
    assert reached.last_day == date.fromisoformat(last_day)
    assert reached.derivation() == derivation


MARCH = date(2025, 3, 3)
STOPPED = [
    pytest.param("15 days", ["2025-03-10/2025-03-15"], "2025-03-24", 6, id="once"),
    pytest.param("15 days", ["2025-03-10/2025-03-12", "2025-03-11/2025-03-15"],
                 "2025-03-24", 6, id="overlapping"),
    pytest.param("15 days", ["2025-03-05/2025-03-06", "2025-03-19/2025-03-20"],
                 "2025-03-22", 4, id="second-one-falls-in-the-time-given-back"),
    pytest.param("15 days", ["2025-03-18/2025-03-18"], "2025-03-19", 1, id="on-the-last-day"),
    pytest.param("15 days", ["2025-03-19/2025-03-30"], "2025-03-18", 0, id="after-the-last-day"),
    pytest.param("15 days", ["2025-02-01/2025-03-03"], "2025-03-18", 0, id="before-the-start"),
    pytest.param("15 days", ["2025-02-01/2025-03-05"], "2025-03-20", 2, id="from-before-the-start"),
    pytest.param("1 month", ["2025-03-10/2025-03-15"], "2025-04-09", 6, id="month"),
    pytest.param("15 working days", ["2025-03-10/2025-03-17"], "2025-04-01", 6, id="working-days"),
    pytest.param("15 working days", ["2025-03-08/2025-03-09"], "2025-03-24", 0, id="only-a-weekend"),
    pytest.param("30 days, next working day", ["2025-03-10/2025-03-26"], "2025-04-22", 17,
                 id="given-back-until-easter-and-moved"),
]  # fmt: skip


@pytest.mark.parametrize(("term", "suspended", "last_day", "days"), STOPPED)
def test_suspended_days_are_given_back_once(term: str, suspended: list[str], last_day: str, days: int) -> None:
    spans = [[date.fromisoformat(day) for day in span.split("/")] for span in suspended]
    reached = deadline(MARCH, term, *(held(start, end) for start, end in spans))
    assert (reached.last_day, reached.suspended_days) == (date.fromisoformat(last_day), days)


def test_a_stopped_clock_has_no_last_day_and_is_never_over() -> None:
    stopped = deadline(MARCH, "15 days").stop(date(2025, 3, 10))
    assert stopped.stopped_since == date(2025, 3, 10)
    assert stopped.ends_at is None
    assert not stopped.is_over(datetime(2060, 1, 1, tzinfo=UTC))
    assert stopped.derivation() == "15 dagen vanaf 3 maart 2025, geschorst sinds 10 maart 2025"
    with pytest.raises(ClockError, match="2025-03-10"):
        _ = stopped.last_day


def test_a_clock_that_stops_after_its_last_day_changes_nothing() -> None:
    assert deadline(MARCH, "15 days").stop(date(2025, 3, 19)).last_day == date(2025, 3, 18)


def test_a_clock_that_stops_on_the_working_day_it_moved_to_stands_still() -> None:
    moved = deadline(date(2025, 3, 21), "1 month, next working day")
    assert moved.stop(date(2025, 4, 22)).stopped_since == date(2025, 4, 22)
    assert moved.stop(date(2025, 4, 23)).last_day == date(2025, 4, 22)


def test_the_clock_stops_and_resumes_any_number_of_times() -> None:
    clock = deadline(MARCH, "15 days")
    for day in (5, 10, 15, 20):
        clock = clock.stop(date(2025, 3, day)).resume(date(2025, 3, day + 2))
    assert clock.last_day == date(2025, 3, 26)
    assert clock.derivation() == "15 dagen vanaf 3 maart 2025, 8 dagen geschorst"


def test_a_clock_that_resumes_the_day_it_stopped_never_stopped() -> None:
    clock = deadline(MARCH, "15 days")
    assert clock.stop(date(2025, 3, 5)).resume(date(2025, 3, 5)) == clock


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda clock: clock.stop(MARCH).stop(MARCH), id="stopped-twice"),
        pytest.param(lambda clock: clock.resume(MARCH), id="resumed-while-running"),
        pytest.param(lambda clock: clock.stop(MARCH).resume(date(2025, 3, 2)), id="resumed-before-it-stopped"),
    ],
)
def test_the_clock_refuses_what_it_cannot_do(act: Callable[[Deadline], Deadline]) -> None:
    with pytest.raises(ClockError):
        act(deadline(MARCH, "15 days"))


def test_a_suspension_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValidationError, match="cannot end"):
        held(MARCH, date(2025, 3, 2))


@pytest.mark.parametrize(
    ("reached", "last_day", "derivation"),
    [
        pytest.param(
            deadline(MARCH, "15 days").extend(Term.parse("1 month")), date(2025, 4, 18),
            "15 dagen vanaf 3 maart 2025, verlengd met 1 maand", id="by-a-term"),
        pytest.param(
            deadline(MARCH, "15 days").extend(Term.parse("5 working days")), date(2025, 3, 25),
            "15 dagen vanaf 3 maart 2025, verlengd met 5 werkdagen", id="by-working-days"),
        pytest.param(
            deadline(MARCH, "15 working days").extend(Term.parse("5 days")), date(2025, 3, 31),
            "15 werkdagen vanaf 3 maart 2025, verlengd met 5 dagen, verschoven van zaterdag 29 maart 2025",
            id="working-days-by-days"),
        pytest.param(
            deadline(MARCH, "15 days").extend_to(date(2025, 6, 1), date(2025, 3, 10)), date(2025, 6, 1),
            "15 dagen vanaf 3 maart 2025, verlengd tot en met 1 juni 2025", id="to-a-date"),
        pytest.param(
            deadline(MARCH, "15 days").extend_to(date(2025, 3, 12), date(2025, 3, 10)), date(2025, 3, 18),
            "15 dagen vanaf 3 maart 2025, verlengd tot en met 12 maart 2025", id="an-earlier-date-takes-nothing"),
        pytest.param(
            deadline(MARCH, "15 days", held(date(2025, 3, 4), date(2025, 3, 5)))
            .extend_to(date(2025, 6, 1), date(2025, 3, 10)), date(2025, 6, 1),
            "15 dagen vanaf 3 maart 2025, verlengd tot en met 1 juni 2025", id="the-date-knew-what-came-before"),
        pytest.param(
            deadline(MARCH, "15 days").extend_to(date(2025, 6, 1), date(2025, 3, 10))
            .stop(date(2025, 5, 1)).resume(date(2025, 5, 11)), date(2025, 6, 11),
            "15 dagen vanaf 3 maart 2025, verlengd tot en met 1 juni 2025, 10 dagen geschorst", id="then-suspended"),
        pytest.param(
            deadline(MARCH, "15 days", held(date(2025, 3, 10), date(2025, 3, 15))).extend(Term.parse("1 week")),
            date(2025, 3, 31),
            "15 dagen vanaf 3 maart 2025, verlengd met 1 week, 6 dagen geschorst", id="suspended-too"),
    ],
)  # fmt: skip
def test_an_extension_gives_time(reached: Deadline, last_day: date, derivation: str) -> None:
    assert reached.last_day == last_day
    assert reached.derivation() == derivation


def test_a_clock_that_stops_within_an_extension_to_a_date_stands_still() -> None:
    extended = deadline(MARCH, "15 days").extend_to(date(2025, 6, 1), date(2025, 3, 10))
    assert extended.stop(date(2025, 5, 1)).stopped_since == date(2025, 5, 1)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"by": "5 days", "to": "2025-06-01", "granted_on": "2025-03-10"}, id="both"),
        pytest.param({"to": "2025-06-01"}, id="a-date-without-the-day-it-was-granted"),
        pytest.param({"by": "5 days", "granted_on": "2025-03-10"}, id="a-term-with-a-day"),
        pytest.param({"by": "-5 days"}, id="takes-time-away"),
        pytest.param({"to": "2025-03-01", "granted_on": "2025-03-10"}, id="ends-before-it-was-granted"),
    ],
)
def test_an_extension_that_says_nothing_clear_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Extension.model_validate(fields)


def test_a_term_that_counts_back_has_no_clock_to_stop() -> None:
    with pytest.raises(ValidationError, match="counts back"):
        deadline(MARCH, "-5 days").stop(MARCH)


def test_a_reminder_comes_a_term_before_the_last_day() -> None:
    reached = deadline(MARCH, "1 month")
    assert reached.reminder(Term.parse("14 days")) == date(2025, 3, 20)
    assert reached.reminder(Term.parse("14 days before")) == date(2025, 3, 20)
    assert reached.reminder(Term.parse("5 working days")) == date(2025, 3, 27)


@pytest.mark.parametrize(
    ("language", "derivation"),
    [
        pytest.param("nl", "1 maand vanaf 1 april 2025, verlengd met 2 weken, 67 dagen geschorst, "
                     "verschoven van de nationale feestdag", id="nl"),
        pytest.param("fr", "1 mois à partir du 1er avril 2025, prolongé de 2 semaines, suspendu pendant 67 jours, "
                     "reporté de la fête nationale", id="fr"),
        pytest.param("en", "1 month from 1 April 2025, extended by 2 weeks, 67 days suspended, "
                     "moved off the national holiday", id="en"),
        pytest.param("tr", "1 maand vanaf 1 april 2025, verlengd met 2 weken, 67 dagen geschorst, "
                     "verschoven van de nationale feestdag", id="another-language-gets-dutch"),
    ],
)  # fmt: skip
def test_the_derivation_speaks_three_languages(language: str, derivation: str) -> None:
    # 1 May + 2 weeks = 15 May; 67 days given back end on 21 July.
    reached = deadline(date(2025, 4, 1), "1 month, next working day", held(date(2025, 4, 10), date(2025, 6, 15)))
    assert reached.extend(Term.parse("2 weeks")).derivation(language) == derivation


def test_a_deadline_survives_the_way_through_a_message() -> None:
    sent = deadline(MARCH, "15 working days", held(MARCH, date(2025, 3, 5))).extend_to(date(2025, 6, 1), MARCH)
    assert Deadline.model_validate_json(sent.model_dump_json()) == sent
