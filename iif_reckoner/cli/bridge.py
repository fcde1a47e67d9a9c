"""`bridge`: why the pounds of one month, or of an older workbook, became those of another."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.fill import BookArgument
from iif_reckoner.cli.inputs import Notes
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.cli.what_if import IndicatorOption
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.errors import InputError, shown, unknown
from iif_reckoner.model import bare_code
from iif_reckoner.plan.difference import STEPS, Line, difference, total
from iif_reckoner.plan.position import Position
from iif_reckoner.scheme_year import month_names, place_of, written

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def bridge(
    book: BookArgument,
    earlier: Annotated[
        str | None, typer.Option("--from", help="The earlier month, 2022-11; left out: the one before the later.")
    ] = None,
    later: Annotated[
        str | None, typer.Option("--to", help="The later month, 2022-12; left out: the one that is shown.")
    ] = None,
    before: Annotated[
        Path | None, typer.Option("--before", help="An older workbook, or a kept copy: its shown month is the earlier.")
    ] = None,
    indicator: IndicatorOption = None,
    how: FormatOption = Format.table,
) -> None:
    """Show why the pounds changed: practices missing, rules, list size, prevalence, denominator, patients.

    The parts are taken in this order, each on top of those before, and add up to the penny. Within one workbook rules
    and list size are the same.

    Example: iif-reckoner bridge west-merton.xlsm --from 2022-11 --to 2022-12
    """
    opened = Workbook.open(book)
    old = opened if before is None else Workbook.open(before)
    now = position(opened, None if later is None else month_of(opened, "--to", later))
    if earlier is not None:
        then = position(old, month_of(old, "--from", earlier))
    else:
        then = position(old) if before is not None else position(opened, max(now.month - 1, 0))
    lines = difference(then, now)
    if indicator is not None:
        lines = (_only(lines, indicator),)
    notes = Notes(named=False)
    for stands, each in ((then, old), (now, opened)):
        if stands.month and stands.won is None:
            notes.say(f"{each.name}: nothing is earned at the end of {_name(each, stands)}, or nothing counted")
    if how is Format.table:
        file = book.name if before is None else f"{before.name} and {book.name}"
        title = f"{file}: from {_name(old, then)} to {_name(opened, now)}"
        _show(title, lines if indicator else (*lines, total(lines)))
    else:
        output.data(pd.DataFrame([_record(line) for line in lines]), how)


def month_of(book: Workbook, option: str, text: str) -> int:
    """Return the place in the year of a month that is written as 2022-11 or as Nov 2022; April is 1.

    Raises:
        InputError: it is no month of the workbook's year.
    """
    year = book.ruleset.year
    names = month_names(year)
    for place, name in enumerate(names, start=1):
        if text.strip().casefold() == name.casefold():
            return place
    place = place_of(year, text.strip()) if _MONTH.fullmatch(text.strip()) else 0
    if not 1 <= place <= len(names):
        first, last = (written(year, at) for at in (1, len(names)))
        raise InputError(f"{option}: {shown(text)} is no month of {year}; write one from {first} to {last}")
    return place


def _only(lines: Sequence[Line], asked: str) -> Line:
    for line in lines:
        if bare_code(line.code) == bare_code(asked):
            return line
    raise unknown("indicator", asked, [line.code for line in lines], bare=bare_code)


def _name(book: Workbook, stands: Position) -> str:
    return month_names(book.ruleset.year)[stands.month - 1] if stands.month else "before the first figure"


def _record(line: Line) -> dict[str, Any]:
    parts = dict.fromkeys(STEPS) if line.parts is None else dict(zip(STEPS, line.parts, strict=True))
    return {
        "indicator": line.code,
        "value_before_gbp": line.pounds[0],
        **{f"{step.replace(' ', '_')}_gbp": part for step, part in parts.items()},
        "value_after_gbp": line.pounds[1],
        "change": line.change,
    }


def _show(title: str, lines: Sequence[Line]) -> None:
    columns = [
        ("indicator", "left"),
        ("then", "right"),
        *((step, "right") for step in STEPS),
        ("now", "right"),
        ("", "left"),
    ]
    rows = []
    for line in lines:
        parts = [output.change(part or None) for part in line.parts or [None] * len(STEPS)]
        rows.append(
            [
                line.code,
                output.pounds(line.pounds[0]),
                *parts,
                output.pounds(line.pounds[1]),
                line.change,
            ]
        )
    output.table(title, columns, rows)
