"""Letters: which there are, one as it left, and one made anew of what stands to look at it."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from commands import dutch, servers
from commands.console import command, say, say_json, say_table
from commands.steps import Number
from commands.tasks import Json
from letters.asking import QUESTION, case_of, decision_of
from letters.composing import LETTERS, compose, key
from letters.render import pdf
from models.errors import Refusal
from models.messages.words import Fund
from reading import letters as read

app = typer.Typer()


@app.command("letters", epilog="Voorbeeld: doorstroom letters --fund ANT --on-paper")
@command
async def list_letters(
    dossier: Annotated[str | None, typer.Option(help="Alleen brieven van dit dossier.")] = None,
    fund: Annotated[Fund | None, typer.Option(help="Alleen van dit fonds.")] = None,
    on_paper: Annotated[bool, typer.Option("--on-paper", help="Alleen wat iemand moet afdrukken.")] = False,
    as_json: Json = False,
) -> None:
    """Toon brieven, de nieuwste eerst: verzonden met een mail, of af te drukken voor wie er geen heeft."""
    async with servers.reading() as connection:
        found = await read.letters(connection, dossier, fund=fund, on_paper=on_paper)
    if as_json:
        say_json({"letters": found})
        return
    rows = [
        (one.letter, one.title, one.language, dutch.day(one.dated), "af te drukken" if one.on_paper else "per mail")
        for one in found
    ]
    say_table(f"{len(found)} brieven", ("brief", "titel", "taal", "van", "hoe"), rows)


@app.command("letter", epilog="Voorbeeld: doorstroom letter ANT-2024-S-000001 --decision 1 --out brief.pdf")
@command
async def one_letter(
    number: Number,
    out: Annotated[Path, typer.Option(help="Het bestand waarin de brief komt.")],
    decision: Annotated[int, typer.Option(min=1, help="De hoeveelste beslissing.")] = 1,
    name: Annotated[str | None, typer.Option(help="Een andere brief, bijvoorbeeld 'payment/1/1'.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Opnieuw gemaakt, met wat er nu staat.")] = False,
) -> None:
    """Bewaar een brief als PDF: zoals hij vertrok, of met --preview zoals hij nu gemaakt zou worden."""
    wanted = name or f"decision/{decision}"
    async with servers.reading() as connection:
        if preview:
            content = await _made_anew(connection, number, wanted)
        else:
            content = await read.content(connection, f"{number}/letter/{wanted}") or b""
    if not content:
        raise Refusal(
            "NoLetter",
            f"Dossier {number} heeft geen brief {wanted}. Zie 'doorstroom letters --dossier {number}'; een beslissing "
            "krijgt haar brief wanneer haar mail vertrekt, en met --preview ziet u hem eerder.",
        )
    out.write_bytes(content)
    say(f"Bewaard in {out}: {len(content)} bytes.")


async def _made_anew(connection: AsyncConnection, number: str, name: str) -> bytes:
    """The letter of a mail that was planned, with the addressee and the words of now; nothing of it is kept."""
    mails = await read.planned(connection, number, LETTERS)
    wanted = f"{number}/letter/{name}"
    mail = next((one for one in mails if key(number, one.template, one.occasion, one.party) == wanted), None)
    if mail is None:
        return b""
    asked = (number, mail.party, decision_of(mail.template, mail.occasion))
    row = (await connection.exec_driver_sql(QUESTION, asked)).mappings().one()
    return pdf(compose(case_of(dict(row), mail.template, mail.occasion, mail.party, mail.dated, mail.values))).content
