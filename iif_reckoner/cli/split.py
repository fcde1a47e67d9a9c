"""`split`: the pounds won, less costs, divided between the practices by every method."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.money import split_of
from iif_reckoner.errors import InputError, shown, unknown
from iif_reckoner.exact import fraction
from iif_reckoner.plan.split import METHODS, Column, Split
from iif_reckoner.scheme_year import month_names

_KEYS = [method.key for method in METHODS]


def split(
    book: Annotated[Path, typer.Argument(help="A workbook.")],
    method: Annotated[
        list[str] | None, typer.Option("--method", help=f"Only this one, of {', '.join(_KEYS)}; may be repeated.")
    ] = None,
    costs: Annotated[
        str | None, typer.Option("--costs", help="Pounds to take off first, instead of those on the sheet Split.")
    ] = None,
    minimum: Annotated[
        str | None,
        typer.Option("--minimum", help="Pounds that each practice has in the blend, instead of those on Split."),
    ] = None,
    how: FormatOption = Format.table,
) -> None:
    """Divide the pounds won between the practices, by seven methods side by side, to the penny.

    The parts of the blend are those of the sheet Split. The pounds are those won so far, not a forecast.

    Example: iif-reckoner split "Our PCN.xlsm" --costs 1500
    """
    for key in method or ():
        if key not in _KEYS:
            raise unknown("method", key, _KEYS, hint=f"write one of {', '.join(_KEYS)}")
    opened = Workbook.open(book)
    now, found = split_of(opened, _pounds("--costs", costs), _pounds("--minimum", minimum))
    columns = [column for column in found.columns if not method or column.method.key in method]
    if now.won is not None:
        month = month_names(now.rules.year)[now.month - 1]
        output.note(f"the pounds won by the end of {month}, {output.pounds(float(now.won))}; not a forecast")
    if found.note:
        output.note(found.note)
    else:
        for column in columns:
            if column.note:
                output.note(f"{column.method.title}: {column.note[0].lower()}{column.note[1:]}")
    if how is Format.table:
        _show(found, columns)
    else:
        output.data(pd.DataFrame(_records(found, columns), columns=_COLUMNS, dtype=object), how)


_COLUMNS = ["method", "practice_code", "value_gbp"]


def _pounds(option: str, text: str | None) -> Fraction | None:
    """Return the amount of an option.

    Raises:
        InputError: it is none.
    """
    if text is None:
        return None
    try:
        pounds = fraction(text)
    except ValueError:
        pounds = Fraction(-1)
    if pounds < 0:
        raise InputError(f"{option}: {shown(text)} is no amount; write pounds from 0 up, such as 1500")
    return pounds


def _records(found: Split, columns: list[Column]) -> list[list[object]]:
    return [
        [column.method.key, member.code, own / 100]
        for column in columns
        for member, own in zip(found.members, column.pennies or (), strict=False)
    ]


def _show(found: Split, columns: list[Column]) -> None:
    """Print practices down and methods across, with the totals."""
    if found.pot is None or not found.members:
        return
    headings = [("practice", "left"), ("name", "left"), ("list", "right")]
    rows = [
        [member.code, member.name, output.whole(member.list_size), *(_cell(column, place) for column in columns)]
        for place, member in enumerate(found.members)
    ]
    totals = ["" if column.pennies is None else output.pounds(sum(column.pennies) / 100) for column in columns]
    rows.append(["all", "", "", *totals])
    output.table("", [*headings, *((column.method.title, "right") for column in columns)], rows)


def _cell(column: Column, place: int) -> str:
    return "" if column.pennies is None else output.pounds(column.pennies[place] / 100)
