"""The administrator of a fund: people come, change and go, power over money takes two, and all of it is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from database import transaction
from models.errors import Refusal
from models.messages.words import Role
from portal.administration.people import People
from portal.house import House
from schemes.calendar import local_date
from tests.portal.living import Living

TODAY = local_date(datetime.now(UTC))


async def stands(house: House, query: str, **values: Any) -> Sequence[tuple[Any, ...]]:
    async with transaction(house.engine) as connection:
        return [tuple(row) for row in await connection.execute(text(query), values)]


@pytest.fixture
async def administrator(sign_in: Any, staff: Any) -> Any:
    reader = await sign_in(staff("ANT-administrator-1"))
    await reader.get("/beheer")
    return reader


@pytest.fixture
async def second(sign_in: Any, staff: Any) -> Any:
    reader = await sign_in(staff("ANT-administrator-2"))
    await reader.get("/beheer")
    return reader


async def sets_roles(reader: Any, person: str, *roles: Role, bench: str = "") -> Any:
    await reader.get(f"/beheer/mensen/{person}")
    form = reader.page.form(f"/beheer/mensen/{person}/rollen")
    filled = form | {"roles": [role.value for role in roles], "bench": bench}
    return await reader.submit(f"/beheer/mensen/{person}/rollen", **filled)


async def roles_of(house: House, person: str) -> set[str]:
    ((roles,),) = await stands(house, "SELECT roles FROM staff_member WHERE person = :person", person=person)
    return set(roles)


async def test_somebody_is_added_and_changed_and_the_audit_names_no_one(house: House, administrator: Any) -> None:
    await administrator.get("/beheer/nieuw")
    page = await administrator.submit(
        "/beheer/nieuw", name="Nadia Nieuw", email="nadia@fonds.example", team="Noord", roles=["handler"], language="fr"
    )
    assert "Nadia Nieuw is toegevoegd." in page.text
    person = page.address.rsplit("/", 1)[1]
    await administrator.submit(f"/beheer/mensen/{person}/gegevens", name="Nadia Anders", language="fr")
    assert await stands(
        house, "SELECT name, email, language, team, roles FROM staff_member WHERE person = :person", person=person
    ) == [("Nadia Anders", "nadia@fonds.example", "fr", "Noord", ["handler"])]
    told = await stands(house, "SELECT by, about, what, data FROM admin_event ORDER BY event")
    assert told == [
        ("ANT-administrator-1", person, "added", {"given": ["handler"]}),
        ("ANT-administrator-1", person, "changed", {"fields": ["name"]}),
    ]
    assert "Noord" in (await administrator.get("/beheer/ploegen")).text
    history = await administrator.get("/beheer/wijzigingen")
    assert "gegevens gewijzigd: naam" in history.text


async def test_what_is_missing_is_told_and_what_was_typed_stays(administrator: Any) -> None:
    await administrator.get("/beheer/nieuw")
    for email in ("nadia", "nadiá@fonds.example"):
        page = await administrator.submit("/beheer/nieuw", name="Nadia Nieuw", email=email, roles=["handler"])
        assert page.status == 422
        assert "e-mailadres met een @" in page.text
        assert page.form("/beheer/nieuw")["name"] == "Nadia Nieuw"
    page = await administrator.submit("/beheer/nieuw", email="nadia@fonds.example", roles=[])
    assert "Kies minstens een rol." in page.text


async def test_power_over_money_takes_a_second_administrator(house: House, administrator: Any, second: Any) -> None:
    page = await sets_roles(administrator, "ANT-handler-1", Role.HANDLER, Role.APPROVER)
    assert "een andere beheerder moet dit bevestigen" in page.text
    assert await roles_of(house, "ANT-handler-1") == {"handler"}
    ((change,),) = await stands(house, "SELECT change FROM role_change WHERE state = 'proposed'")

    page = await administrator.submit(f"/beheer/voorstel/{change}", answer="confirm")
    assert (page.status, "u stelde dit zelf voor" in page.text) == (422, True)
    await second.get("/beheer")
    page = await second.submit(f"/beheer/voorstel/{change}", answer="confirm")

    assert "Bevestigd." in page.text
    assert await roles_of(house, "ANT-handler-1") == {"handler", "approver"}
    told = await stands(house, "SELECT by, what FROM admin_event ORDER BY event")
    assert told == [("ANT-administrator-1", "roles_proposed"), ("ANT-administrator-2", "roles_confirmed")]
    page = await second.get("/beheer")
    assert "Te bevestigen door een tweede beheerder" not in page.text


async def test_nobody_confirms_the_own_roles(house: House, administrator: Any, sign_in: Any, staff: Any) -> None:
    await sets_roles(administrator, "ANT-administrator-2", Role.ADMINISTRATOR, Role.FINANCE)
    ((change,),) = await stands(house, "SELECT change FROM role_change")
    again = await sign_in(staff("ANT-administrator-2"))
    page = await again.get("/beheer")
    assert "Over uw eigen rollen beslissen andere beheerders." in page.text
    page = await again.submit(f"/beheer/voorstel/{change}", answer="confirm")
    assert page.status == 422
    assert await roles_of(house, "ANT-administrator-2") == {"administrator"}
    assert await stands(house, "SELECT state FROM role_change") == [("proposed",)]


async def test_the_own_roles_are_for_another(administrator: Any) -> None:
    page = await administrator.get("/beheer/mensen/ANT-administrator-1")
    assert "Uw eigen rollen wijzigt een andere beheerder." in page.text
    data = {"csrf": page.form("/beheer/mensen/ANT-administrator-1/gegevens")["csrf"], "roles": "finance"}
    headers = {"origin": "http://portal.example", "sec-fetch-site": "same-origin"}
    answer = await administrator.client.post("/beheer/mensen/ANT-administrator-1/rollen", data=data, headers=headers)
    assert answer.status_code == 422


async def test_taking_power_away_takes_one_and_signs_out(
    house: House, administrator: Any, sign_in: Any, staff: Any
) -> None:
    approver = await sign_in(staff("ANT-approver-1"))
    assert (await approver.get("/beheer/rechten")).status == 200
    await sets_roles(administrator, "ANT-approver-1", Role.HANDLER)
    assert await roles_of(house, "ANT-approver-1") == {"handler"}
    assert (await approver.get("/beheer/rechten")).address.startswith("/aanmelden")


async def test_a_seat_on_the_board_has_a_bench_and_changing_it_takes_two(house: House, administrator: Any) -> None:
    page = await sets_roles(administrator, "ANT-handler-2", Role.HANDLER, Role.BOARD)
    assert (page.status, "Kies de bank" in page.text) == (422, True)
    await sets_roles(administrator, "ANT-board-1", Role.BOARD, bench="unions")
    assert await stands(house, "SELECT bench FROM staff_member WHERE person = 'ANT-board-1'") == [("employers",)]
    assert await stands(house, "SELECT person, bench FROM role_change") == [("ANT-board-1", "unions")]


async def test_a_fund_keeps_an_administrator(house: House, administrator: Any, second: Any) -> None:
    await second.get("/beheer/mensen/ANT-administrator-1")
    page = await second.submit("/beheer/mensen/ANT-administrator-1/uit-dienst")
    assert "Uit dienst." in page.text
    assert (await administrator.get("/beheer")).address.startswith("/aanmelden")
    people = People(house.engine, house.sessions)
    with pytest.raises(Refusal, match="Er moet een beheerder overblijven"):
        await people.give("ANT-administrator-2", "ANT-operations-1", frozenset({Role.HANDLER}), None)
    with pytest.raises(Refusal, match="Er moet een beheerder overblijven"):
        await people.stop("ANT-administrator-2", "ANT-operations-1")


async def test_who_leaves_gives_the_tasks_back_and_comes_back_without_power(living: Living, administrator: Any) -> None:
    task, person = await living.task(await living.receive(), "payment"), "ANT-finance-1"
    await living.house.starter.claim(task, person)
    await administrator.get(f"/beheer/mensen/{person}")

    page = await administrator.submit(f"/beheer/mensen/{person}/uit-dienst")

    assert "1 taken gingen terug naar de ploeg" in page.text
    assert await living.rows("SELECT 1 FROM task_hold") == []
    told = await living.rows("SELECT act, person, task FROM hand_event ORDER BY event DESC LIMIT 1")
    assert told == [("left", person, task)]
    page = await administrator.submit(f"/beheer/mensen/{person}/in-dienst")
    assert "moet een andere beheerder bevestigen" in page.text
    assert await living.rows("SELECT active, roles FROM staff_member WHERE person = :p", p=person) == [(True, [])]


async def test_a_substitution_is_arranged_shown_and_ended(house: House, sign_in: Any, staff: Any) -> None:
    lead = await sign_in(staff("ANT-team_lead-1"))
    await lead.get("/beheer/afwezigheden")
    days = {"starts_on": TODAY.isoformat(), "ends_on": (TODAY + timedelta(days=6)).isoformat()}
    page = await lead.submit("/beheer/afwezigheden", person="ANT-handler-1", substitute="ANT-handler-1", **days)
    assert (page.status, "Kies een andere collega" in page.text) == (422, True)
    page = await lead.submit("/beheer/afwezigheden", person="ANT-handler-1", substitute="ANT-handler-2", **days)
    assert "begint en eindigt vanzelf" in page.text
    assert "Hakim Werkman" in page.text
    ((absence,),) = await stands(house, "SELECT absence FROM absence")
    page = await lead.submit(f"/beheer/afwezigheden/{absence}/einde")
    assert "Niemand is of wordt vervangen." in page.text


async def test_policies_are_read_with_their_sources(administrator: Any) -> None:
    page = await administrator.get("/beheer/reglementen?op=2024-03-04")
    assert "formele opleiding" in page.text
    page = await administrator.get("/beheer/reglementen/formal_training?op=2024-03-04")
    assert "bedrag per deelnemer en uur" in page.text
    assert "12,50" in page.text
    assert "tofam-wvl.be, bedrijfsopleidingen, unit assumed" in page.text
    assert "30 werkdagen" in page.text
    assert "te bevestigen Voorbeeldwaarde: nog door het fonds te bevestigen" in page.text
    assert (await administrator.get("/beheer/reglementen/formal_training?op=1999-01-01")).status == 404


async def test_the_table_of_rights_says_who_may_what_and_why_not(sign_in: Any, staff: Any) -> None:
    page = await (await sign_in(staff("ANT-handler-1"))).get("/beheer/rechten")
    assert "beslissen voor de werkgeversbank" in page.text
    assert "Aude Nazicht" in page.text
    assert "Gescheiden van" in page.text


async def test_people_of_another_fund_are_not_there(administrator: Any) -> None:
    assert (await administrator.get("/beheer/mensen/LIM-handler-1")).status == 404
    assert "LIM" not in (await administrator.get("/beheer")).text
    page = await administrator.get("/beheer")
    assert "Hanne Dossier" in page.text


async def test_nobody_else_keeps_people(sign_in: Any, staff: Any, employer: Any) -> None:
    for visitor in (staff("ANT-team_lead-1"), staff("ANT-auditor-1"), employer()):
        assert (await (await sign_in(visitor)).get("/beheer")).status == 403


async def test_what_was_told_of_changes_cannot_be_rewritten(
    house: House, administrator: Any, database_urls: Any
) -> None:
    await sets_roles(administrator, "ANT-handler-1", Role.HANDLER, Role.INTAKE)
    assert await stands(house, "SELECT what FROM admin_event") == [("roles_changed",)]
    owner = await asyncpg.connect(database_urls.owner.replace("+asyncpg", ""))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="admin_event is append-only"):
        await owner.execute("DELETE FROM admin_event")
    await owner.close()


OPEN = {
    "how accessible": ("/toegankelijkheid", {"nl": "WCAG 2.2", "fr": "Accessibilité", "en": "Accessibility"}),
    "what becomes of personal data": ("/privacy", {"nl": "bewaren", "fr": "conservons", "en": "we keep"}),
}


@pytest.mark.parametrize(("address", "says"), OPEN.values(), ids=OPEN.keys())
async def test_statements_are_open_to_everybody_in_three_languages(
    sign_in: Any, address: str, says: dict[str, str]
) -> None:
    reader = await sign_in()
    for language, said in says.items():
        await reader.get(address)
        page = await reader.submit("/taal", taal=language)
        assert (page.status, page.address) == (200, address)
        assert f'<html lang="{language}">' in page.html
        assert said in page.text
