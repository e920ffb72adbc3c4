"""Framework agreements with agencies: their prices, their days and where each comes from."""

from typing import Annotated, Any

import typer

from commands.console import answers, say_json, say_table
from commands.tasks import Json
from models.messages.words import Fund
from policies import agreements
from policies.agreements import Agreed

app = typer.Typer()


@app.command("agreements", epilog="Voorbeeld: doorstroom agreements ANT --agency RiseSmart")
def list_agreements(
    fund: Annotated[Fund, typer.Argument(help="Code van het fonds.")],
    agency: Annotated[str | None, typer.Option(help="Alleen van dit bureau.")] = None,
    as_json: Json = False,
) -> None:
    """Toon de raamovereenkomsten van een fonds met bureaus voor outplacement, met prijzen en bron."""
    with answers():
        found = [one for one in agreements.every(fund) if agency in (None, one.agreement.agency)]
        if as_json:
            say_json([_head(one) | {"sources": dict(one.sources)} for one in found])
            return
        heads = ("bureau", "vanaf", "tot en met", "per fase", "minimumuren", "onder minimum", "per uur", "bron")
        rows = [(*map(_shown, _head(one).values()), "; ".join(sorted(set(one.sources.values())))) for one in found]
        say_table(f"{len(rows)} raamovereenkomsten van {fund.value}, euro zonder btw", heads, rows)


def _head(agreed: Agreed) -> dict[str, Any]:
    one = agreed.agreement.model_dump(mode="json")
    wanted = ("agency", "valid_from", "valid_until", "phase_prices", "phase_hours", "below_minimum", "hour_price")
    return {name: one[name] for name in wanted}


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
