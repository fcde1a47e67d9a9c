"""`demo`: the made-up PCN, reckoned in the terminal."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from iif_reckoner import fictitious, rulesets, table
from iif_reckoner.cli import output
from iif_reckoner.cli.inputs import check_workbook_name, working
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.plan import plan
from iif_reckoner.cli.reckon import COLUMNS, show
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.cli.year import play
from iif_reckoner.package import check_writable, write_file

_SHOWN = (("2022/23", 9), ("", 7))
"""The richest year to December, and the newest year so far."""


def demo(
    workbook: Annotated[
        Path | None, typer.Option(help="Write its workbook of 2022/23 here as well, and show its plan.")
    ] = None,
    year: Annotated[
        Path | None, typer.Option("--year", help="Play the whole of 2021/22 with a workbook into this new folder.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the workbook if it is there.")] = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Reckon a made-up PCN with twelve practices for 2022/23 and for the newest year.

    With --year a workbook goes through 2021/22 month by month, by the commands that people type: extracts of two
    systems, new rules in October and in December, copies that practices send back, copies to share, and next year's.

    Example: iif-reckoner demo --year demo-year
    """
    if year is not None:
        play(year)
        return
    if workbook is not None:
        check_workbook_name("--workbook", workbook)
        check_writable(workbook, replace=replace)
    made_up = fictitious.pcn()
    members = made_up.members
    lists, _ = table.pcn_lists(members, made_up.practices)
    said = f"{made_up.name} is made up: twelve practices, {int(lists.sum()):,} patients, nobody's real figures."
    if how is Format.table:
        typer.echo(f"{said}\n")
    else:
        output.note(said)
    records = []
    for shown, months in _SHOWN:
        rules = rulesets.load(shown or rulesets.ids()[-1])
        rows = fictitious.counts(rules, months=months)
        rows = rows[rows["month"] == rows["month"].max()]
        pcns = table.by_pcn(rules, rows, members).pcns
        found = table.reckon_table(rules, pcns.assign(list_size=int(lists.sum())))
        if how is Format.table:
            show(rules, found, "pcn")
        records.append(found.reindex(columns=COLUMNS).assign(ruleset=rules.id))
        if rules.is_assumed:
            output.note(f"{rules.id} has no numbers yet; reckoned with assumed figures of {rules.assume_from}")
    if workbook is not None:
        _write(workbook, replace=replace)
        if how is Format.table:
            plan(workbook)
    if how is not Format.table:
        output.data(pd.concat(records, ignore_index=True)[["ruleset", *COLUMNS]], how)


def _write(path: Path, *, replace: bool) -> None:
    """Write the workbook of the made-up PCN."""
    # Building brings openpyxl and formualizer, which the other commands should not wait for.
    from iif_reckoner.build import example, make  # noqa: PLC0415

    macros = path.suffix.lower() == ".xlsm"
    with working(f"Making {path.name}"):
        content = example.content("2022-23.v2", 9, macros=macros)
        data = make(example.decided(content, hours_left=400, hours_a_month=12))
    write_file(path, data, replace=replace)
    output.note(f"its workbook of 2022/23 to December is {path}")
