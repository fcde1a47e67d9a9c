"""`lite`: the Excel functions with one ruleset as a script for xlwings Lite."""

from pathlib import Path
from typing import Annotated

import typer

from iif_reckoner import rulesets
from iif_reckoner.cli.inputs import Notes, national_figures
from iif_reckoner.cli.reckon import RulesetOption
from iif_reckoner.errors import InputError
from iif_reckoner.lite import script
from iif_reckoner.package import check_writable, write_file
from iif_reckoner.rules_table import to_rows


def lite(
    ruleset: RulesetOption,
    national: Annotated[Path | None, typer.Option(help="National figures, from england --write-national.")] = None,
    output: Annotated[Path | None, typer.Option(help="The script, .py; else it is named after the ruleset.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite a file that is there.")] = False,  # noqa: FBT002
    no_assumed: Annotated[bool, typer.Option("--no-assumed", help="Leave assumed figures out.")] = False,  # noqa: FBT002
) -> None:
    """Write the Excel functions with one ruleset as one Python script for xlwings Lite.

    xlwings Lite is an add-in from Office's own store that runs Python inside Excel, on Windows, Mac and the web; no
    Python, no macros and no licence key are needed. The text of the script goes into its editor.

    Example: iif-reckoner lite --ruleset 2025/26 --output iif-2025-26.py
    """
    plain = rulesets.load(ruleset, assumed=False)
    path = output or Path(f"iif-{plain.id}.py")
    if path.suffix.lower() != ".py":
        raise InputError(f"--output: '{path.name}' is no script's name; write one that ends in .py")
    check_writable(path, replace=replace)
    notes = Notes(named=False)
    figures = national_figures(national, plain, notes) if national else None
    filled = plain if no_assumed else rulesets.load(ruleset)
    if filled.is_assumed:
        notes.say(f"numbers of {plain.id} are not out; the script has those of {filled.assume_from} as assumed")
    text = script(to_rows(plain, filled if filled.is_assumed else None, figures))
    write_file(path, text.encode(), replace=replace)
    typer.echo(str(path))
