"""The commands. They read options, call the sums and print; no scheme logic lives here."""

import gc
import os
import sys

import typer
from rich.console import Console

from iif_reckoner import __version__
from iif_reckoner.cli import (
    agenda,
    bridge,
    cash,
    check,
    collect,
    demo,
    doctor,
    england,
    explain,
    fill,
    forecast,
    lite,
    new,
    plan,
    practices,
    print_,
    reckon,
    reconcile,
    rollover,
    rules,
    share,
    shares,
    split,
    update,
    weak_links,
    what_if,
)
from iif_reckoner.errors import ReckonerError

COLLECT_AFTER = 50_000
"""So many objects are made before Python looks for circles among them: cells of workbooks come by the hundred thousand
and hold none, and looking through them every 700 took a tenth of a command's time."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="What a Primary Care Network earns from the Investment and Impact Fund, and what is still to win.",
)
app.add_typer(rules.app, name="rules", help="The rulesets: every version of the scheme with its sources.")
app.command("reckon")(reckon.reckon)
app.command("explain")(explain.explain)
app.command("england")(england.england)
app.command("new")(new.new)
app.command("fill")(fill.fill)
app.command("collect")(collect.collect)
app.command("check")(check.check)
app.command("undo")(fill.undo)
app.command("share")(share.share)
app.command("print")(print_.print_)
app.command("practices")(practices.practices)
app.command("update")(update.update)
app.command("rollover")(rollover.rollover)
app.command("weak-links")(weak_links.weak_links)
app.command("shares")(shares.shares)
app.command("plan")(plan.plan)
app.command("agenda")(agenda.agenda)
app.command("split")(split.split)
app.command("cash")(cash.cash)
app.command("forecast")(forecast.forecast)
app.command("what-if")(what_if.what_if_command)
app.command("bridge")(bridge.bridge)
app.command("reconcile")(reconcile.reconcile_command)
app.command("doctor")(doctor.doctor)
app.command("lite")(lite.lite)
app.command("demo")(demo.demo)


@app.callback(invoke_without_command=True)
def _version(version: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:  # noqa: FBT001
    if version:
        typer.echo(__version__)
        raise typer.Exit


def main() -> None:
    """Run a command; a problem that the user can put right is one line on stderr and an exit code by its cause."""
    gc.set_threshold(COLLECT_AFTER)
    try:
        app()
    except ReckonerError as error:
        Console(stderr=True, soft_wrap=True, highlight=False, markup=False).print(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of a pipe has gone, as `| head` does: not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
