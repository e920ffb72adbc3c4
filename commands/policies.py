"""The dated numbers of the funds: which there are, what they say and whether they hold together."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer

import policies
from commands.console import FOUND, answers, say, say_json, say_table
from commands.steps import a_day
from commands.tasks import Json
from models.messages.policies import Policy
from models.messages.words import Fund, Instrument
from policies.checks import check_all
from schemes.calendar import local_date

app = typer.Typer()
_family = typer.Typer(no_args_is_help=True, help="Reglementen: de cijfers van elk fonds, met datum en bron.")
app.add_typer(_family, name="policies")


@_family.command("list", epilog="Voorbeeld: doorstroom policies list --fund ANT")
def list_policies(
    fund: Annotated[Fund | None, typer.Option(help="Alleen van dit fonds.")] = None, as_json: Json = False
) -> None:
    """Toon alle versies van alle reglementen."""
    with answers():
        found = [policy for policy in policies.every() if fund in (None, policy.fund)]
        names = {name.rsplit("/", 1)[0]: digest for name, digest in policies.digests().items()}
        if as_json:
            say_json([_head(policy) for policy in found])
            return
        rows = [tuple(str(value) for value in _head(policy).values()) for policy in found]
        say_table(
            f"{len(rows)} versies van {len(names)} reglementen", ("fonds", "instrument", "versie", "geldt vanaf"), rows
        )


@_family.command("show", epilog="Voorbeeld: doorstroom policies show ANT formal_training --on 04/03/2024")
def show_policy(
    fund: Annotated[Fund, typer.Argument(help="Code van het fonds.")],
    instrument: Annotated[Instrument, typer.Argument(help="Instrument.")],
    on: Annotated[date | None, typer.Option(parser=a_day, help="Dag waarop het geldt; weggelaten: vandaag.")] = None,
    as_json: Json = False,
) -> None:
    """Toon elke waarde van een reglement met haar bron."""
    with answers():
        policy = policies.in_force(fund, instrument, on or _today())
        values = list(_values(policy))
        if as_json:
            say_json({**_head(policy), "values": {name: {"value": v, "source": s} for name, v, s in values}})
            return
        head = _head(policy)
        rows = [(name, str(value), source) for name, value, source in values]
        say_table(f"{head['fund']} {head['instrument']} {head['version']}", ("gegeven", "waarde", "bron"), rows)


@_family.command("check", epilog="Voorbeeld: doorstroom policies check")
def check_policies() -> None:
    """Kijk na of alle reglementen samen kloppen en geen gepubliceerde versie veranderd is."""
    with answers():
        faults = check_all()
        say(*faults or [f"Alle {len(policies.every())} versies kloppen."])
        if faults:
            raise typer.Exit(FOUND)


def _head(policy: Policy) -> dict[str, Any]:
    return {
        "fund": policy.fund.value,
        "instrument": policy.instrument.value,
        "version": policy.version,
        "valid_from": policy.valid_from.isoformat(),
    }


def _values(policy: Policy) -> Iterator[tuple[str, Any, str]]:
    content = policy.model_dump(mode="json", exclude={"fund", "instrument", "version", "valid_from"})
    procedure = {f"procedure.{name}": value for name, value in content.pop("procedure").items()}
    for name, value in sorted({**content, **procedure}.items()):
        yield name, value, policies.source_of(policy, name)


def _today() -> date:
    from datetime import UTC, datetime

    return local_date(datetime.now(UTC))
