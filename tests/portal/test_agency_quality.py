"""Quality of agencies on a page: small numbers cannot be read, nor worked out, and nobody sees another's people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import combinations, product
from typing import Any

import pytest

from models.messages.words import FollowUpOutcome, Fund, Party, UnknownReason
from portal.access.visitor import Visitor
from portal.agencies.quality import QualityShown, shown
from portal.house import House
from schemes.agency_quality import JOBS, OTHERS, PhaseHours, Quality, Spread
from tests.figures.lives import Life, live
from tests.portal.living import Living
from tests.portal.test_agencies import agency, guided


def counted(jobs: tuple[int, ...], others: tuple[int, ...], reasons: tuple[int, ...], **more: Any) -> Quality:
    outcomes = dict(zip(JOBS, (*jobs, 0, 0, 0, 0), strict=False)) | dict(
        zip(OTHERS, (*others, 0, 0, 0, 0, 0), strict=False)
    )
    unknown = dict(zip(UnknownReason, (*reasons, 0, 0, 0, 0), strict=False))
    values: dict[str, Any] = {
        "agency": "RiseSmart",
        "started": 60,
        "waiting": 0,
        "first_talk": Spread(50, 9, 20),
        "phases": (PhaseHours(1, 40, 30, Decimal(800), Decimal(790)),),
        "answered": 30,
        "silent": 10,
        "open": 6,
        "answer_days": Spread(30, 3, 12),
        "ended": sum(jobs) + sum(others) + sum(reasons),
        "outcomes": outcomes,
        "unknown": unknown,
    }
    return Quality(**values | more)


def test_large_numbers_are_shown_with_numerator_and_denominator() -> None:
    seen = shown(counted((20, 10), (6,), (12,)))
    assert (seen.jobs, seen.jobs.percentage) == ((30, 48), 62)
    assert (seen.jobs_of_known, seen.unknown) == ((30, 36), (12, 48))
    assert seen.phases[0].enough == (30, 40)
    assert seen.answered == (30, 40)


def hidden_cells(seen: QualityShown) -> list[list[int | None]]:
    counts = dict(seen.outcomes)
    return [[counts[one] for one in JOBS], [counts[one] for one in OTHERS], [count for _, count in seen.reasons]]


@pytest.mark.parametrize(
    ("jobs", "others", "reasons"),
    list(product([(20, 3), (20, 8), (2, 1)], [(9, 7), (4,), ()], [(12, 6), (1,), (0, 9)])),
)
def test_no_number_below_five_can_be_read_or_worked_out(
    jobs: tuple[int, ...], others: tuple[int, ...], reasons: tuple[int, ...]
) -> None:
    found = counted(jobs, others, reasons)
    seen = shown(found)
    totals = [seen.jobs.part, None, seen.unknown.part]
    for cells, total in zip(hidden_cells(seen), totals, strict=True):
        assert all(cell is None or cell == 0 or cell >= 5 for cell in cells)
        if total is not None:
            assert cells.count(None) != 1, "one hidden cell is the total less the others"
    if seen.ended is not None:
        known = [part for part in (seen.jobs.part, seen.unknown.part) if part is not None]
        everything = [cell for cells in hidden_cells(seen) for cell in cells]
        assert everything.count(None) != 1
        for several in range(1, len(known) + 1):
            for parts in combinations(known, several):
                assert seen.ended - sum(parts) not in range(1, 5) or sum(found.outcomes[one] for one in OTHERS) == 0


SUMS = [
    pytest.param((20, 8), (15, 1, 1, 0), (12, 6), id="two that would make two"),
    pytest.param((20, 3), (9, 7), (1,), id="a total that is small itself"),
    pytest.param((2, 1), (4,), (1, 1), id="hardly anybody"),
]


@pytest.mark.parametrize(("jobs", "others", "reasons"), SUMS)
def test_what_is_hidden_under_a_total_makes_ten_at_least(
    jobs: tuple[int, ...], others: tuple[int, ...], reasons: tuple[int, ...]
) -> None:
    found = counted(jobs, others, reasons)
    seen = shown(found)
    counts = [list(found.outcomes.values())[:4], list(found.outcomes.values())[4:], list(found.unknown.values())]
    told = (seen.jobs.part is not None, seen.unknown.part is not None)
    joined = [[0], [1], [2]] if all(told) else [[0, 1], [2]] if told[1] else [[0], [1, 2]] if told[0] else [[0, 1, 2]]
    cells = hidden_cells(seen)
    for piece in joined:
        pairs = [pair for row in piece for pair in zip(counts[row], cells[row], strict=True)]
        covered = [count for count, cell in pairs if cell is None]
        assert not covered or len(covered) == len(pairs) or (len(covered) > 1 and sum(covered) >= 10)


def test_of_fewer_than_five_people_no_days_no_hours_and_no_shares_are_shown() -> None:
    few = counted(
        (2,), (1,), (1,), started=3, first_talk=Spread(3, 9, 20), answer_days=Spread(4, 1, 2), answered=2, silent=1
    )
    seen = shown(few._replace(phases=(PhaseHours(1, 3, 2, Decimal(60), Decimal(58)),)))
    assert (seen.started, seen.ended, seen.first_talk.median, seen.answer_days.late) == (None, None, None, None)
    assert (seen.phases[0].enough, seen.phases[0].due, seen.jobs.part) == ((None, None), None, None)
    assert seen.answered.part is None


def staff(*funds: Fund) -> Visitor:
    return Visitor(session="", csrf="", person="ANT-lead-1", name="Hanne", party=Party.STAFF, funds=funds)


async def test_staff_see_the_agencies_of_their_fund_and_an_agency_itself_alone(living: Living, sign_in: Any) -> None:
    number = await guided(living)
    period = "van=2024-01-01&tot=2024-12-31&op=2024-12-31"
    own = await sign_in(agency())
    page = await own.get(f"/bureau/kwaliteit?{period}")
    assert "RiseSmart Kwaliteit van de begeleiding" in page.text
    assert "Begonnen niet getoond" in page.text
    assert number not in page.html
    other = await sign_in(agency("Travvant"))
    assert "In deze periode nam niemand begeleiding aan." in (await other.get(f"/bureau/kwaliteit?{period}")).text
    assert (await other.get("/bureaus")).status == 403

    here, elsewhere = await sign_in(staff(Fund.ANTWERPEN)), await sign_in(staff(Fund.LIMBURG))
    assert "RiseSmart" in (await here.get(f"/bureaus?{period}")).text
    assert "In deze periode nam niemand begeleiding aan." in (await elsewhere.get(f"/bureaus?{period}")).text
    page = await here.get(f"/bureaus/RiseSmart?{period}")
    assert "780,00" in page.text
    assert "te bevestigen" in page.text
    assert (await here.get(f"/bureaus/Nergens?{period}")).status == 404
    page = await here.get("/bureaus/overeenkomsten?op=2024-05-02")
    assert "Hura" in page.text
    file = (await here.client.get(f"/bureaus/cijfers.csv?{period}")).content.decode("utf-8-sig").splitlines()
    assert file[0] == "Bureau;Wat;Aantal;Van"
    assert "RiseSmart;begonnen;<5;" in file
    assert f"RiseSmart;{FollowUpOutcome.TRAINING};0;0" in file


async def test_nothing_that_was_told_later_is_seen_on_an_earlier_day(living: Living, sign_in: Any) -> None:
    await guided(living)
    reader = await sign_in(staff(Fund.ANTWERPEN))
    page = await reader.get(f"/bureaus?van=2024-01-01&tot=2024-12-31&op={date(2024, 1, 21)}")
    assert "In deze periode nam niemand begeleiding aan." in page.text


async def test_rehearsed_people_are_shown_apart_and_by_name(house: House, database_urls: Any, sign_in: Any) -> None:
    rehearsal = "Oefening: deze cijfers gaan over oefendossiers, niet over echte mensen."
    address = "/bureaus?van=2024-01-01&tot=2024-12-31&op=2024-12-31"
    await live(house.engine, database_urls.app, Life(1, rehearsed=True))
    reader = await sign_in(staff(Fund.ANTWERPEN))
    page = await reader.get(address)
    assert rehearsal in page.text, "there are no others"
    assert "Oefendossiers" not in page.text
    await live(house.engine, database_urls.app, Life(2, agency="Travvant"))
    page = await reader.get(address)
    assert rehearsal not in page.text
    assert ("Travvant" in page.text, "RiseSmart" in page.text) == (True, False)
    assert "Oefendossiers" in page.text
    page = await reader.get(f"{address}&oefening=ja")
    assert rehearsal in page.text
    assert ("Travvant" in page.text, "RiseSmart" in page.text) == (False, True)
    assert "oefening=ja" in page.html, "also behind its links"
    file = await reader.client.get(address.replace("?", "/cijfers.csv?") + "&oefening=ja")
    assert file.content.decode("utf-8-sig").splitlines()[1] == f"{rehearsal};;;"
