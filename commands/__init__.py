"""The command line, `doorstroom`: one module per family of commands, each with an `app` of its own.

A new family is a module whose `app` is added to `FAMILIES`; `python -m commands.manual` writes its manual.
"""

import typer

import commands.agreements
import commands.bank
import commands.budget
import commands.cohort
import commands.correct
import commands.demo
import commands.erase
import commands.figures
import commands.house
import commands.intake
import commands.letters
import commands.payments
import commands.policies
import commands.portal
import commands.reversal
import commands.shown
import commands.steps
import commands.systems
import commands.tasks
import commands.together
import commands.trust

FAMILIES = (
    commands.demo.app,
    commands.together.app,
    commands.intake.app,
    commands.cohort.app,
    commands.tasks.app,
    commands.steps.app,
    commands.reversal.app,
    commands.correct.app,
    commands.shown.app,
    commands.letters.app,
    commands.budget.app,
    commands.payments.app,
    commands.bank.app,
    commands.figures.app,
    commands.trust.app,
    commands.policies.app,
    commands.agreements.app,
    commands.house.app,
    commands.erase.app,
    commands.portal.app,
    commands.systems.app,
)
"""In the order of the help: the demonstration, what comes in, the work list, a dossier, what stands, whether it is
true, the house."""

app = typer.Typer(
    name="doorstroom",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Dossiers van de loopbaanfondsen: van ontvangst tot afsluiting.\n\n"
    "Elk commando antwoordt op stdout en meldt problemen op stderr. Uitgangscode 0: gelukt; 1: een regel zegt nee; "
    "2: het commando klopt niet; 3: het nazicht vond iets; 4: de databank of Temporal is niet bereikbaar.",
)
for _family in FAMILIES:
    app.add_typer(_family)
