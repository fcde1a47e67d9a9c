"""`what-if`: what a PCN would earn if something were otherwise, and what one more patient on a register brings."""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.fill import BookArgument
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption, find
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.desk.supposed import leaving, supposed
from iif_reckoner.errors import InputError, shown
from iif_reckoner.exact import fraction
from iif_reckoner.model import Reckoning, Ruleset
from iif_reckoner.plan.register import OneMore, one_more
from iif_reckoner.plan.what_if import Line, Supposed, what_if

_SET = re.compile(r"([^=]+)=(\d*)/(\d*)", re.ASCII)
_PREVALENCE = re.compile(r"([^=]+)=(\d+(?:\.\d+)?)", re.ASCII)

IndicatorOption = Annotated[str | None, typer.Option("--indicator", help="Only this indicator, such as HI-03.")]


def what_if_command(
    book: BookArgument,
    list_size: Annotated[int | None, typer.Option(min=1, help="Registered patients of the PCN.")] = None,
    point_value: Annotated[str | None, typer.Option(help="The value of a point in pounds: 198.")] = None,
    counts: Annotated[
        list[str] | None, typer.Option("--set", help="Numerator and denominator of an indicator: HI-03=310/400.")
    ] = None,
    prevalence: Annotated[
        list[str] | None, typer.Option("--prevalence", help="Prevalence adjustment of an indicator: HI-03=1.05.")
    ] = None,
    leave: Annotated[str | None, typer.Option(help="Code of a practice that leaves.")] = None,
    join: Annotated[int | None, typer.Option(min=1, help="List of a practice that joins.")] = None,
    indicator: IndicatorOption = None,
    how: FormatOption = Format.table,
) -> None:
    """Show what would be earned if something were otherwise; without options, what is typed on Compare.

    A practice that joins is taken to count what the PCN counts per registered patient. The second table says what one
    more patient on the register would bring or cost, before the work is done and after.

    Example: iif-reckoner what-if west-merton.xlsm --set HI-03=310/400 --list-size 52000
    """
    opened = Workbook.open(book)
    rules = opened.in_force
    only = None if indicator is None else find(rules, indicator).code
    asked = Supposed(
        list_size=list_size,
        point_value=None if point_value is None else _pounds(point_value),
        counts=dict(_set(rules, text) for text in counts or []),
        prevalence=dict(_factor(rules, text) for text in prevalence or []),
        leaves=None if leave is None else leaving(opened, leave),
        joins=join,
    )
    stands = position(opened)
    lines = what_if(stands, supposed(opened) if asked == Supposed() else asked)
    found = [
        (line, one_more(stands, row))
        for line, row in zip(lines, rules.indicators, strict=True)
        if only in (None, row.code)
    ]
    if how is Format.table:
        _show(opened.name, found, total=only is None)
    else:
        output.data(pd.DataFrame([_record(line, more) for line, more in found]), how)


def _pounds(text: str) -> Fraction:
    try:
        value = fraction(text)
    except ValueError:
        raise InputError(f"--point-value: {shown(text)} is no number; write pounds such as 198 or 200.50") from None
    if value < 0:
        raise InputError(f"--point-value: {text} is less than nothing; write pounds such as 198 or 200.50")
    return value


def _set(rules: Ruleset, text: str) -> tuple[str, tuple[int | None, int | None]]:
    match = _SET.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        raise InputError(
            f"--set: {shown(text)} is not understood; write HI-03=310/400, or HI-03=310/ for one of the two"
        )
    return find(rules, match[1]).code, (int(match[2]) if match[2] else None, int(match[3]) if match[3] else None)


def _factor(rules: Ruleset, text: str) -> tuple[str, Fraction]:
    match = _PREVALENCE.fullmatch(text)
    if match is None:
        raise InputError(f"--prevalence: {shown(text)} is not understood; write HI-03=1.05")
    factor = fraction(match[2])
    if not factor:
        raise InputError(f"--prevalence: {shown(text)} is no adjustment; write one above 0, such as HI-03=1.05")
    return find(rules, match[1]).code, factor


def _record(line: Line, more: OneMore) -> dict[str, Any]:
    real, then = line.real, line.then
    return {
        "indicator": real.code,
        "numerator": real.counts.numerator,
        "denominator": real.counts.denominator,
        "numerator_if": then.counts.numerator,
        "denominator_if": then.counts.denominator,
        "points": real.points,
        "points_if": then.points,
        "value_gbp": real.value_gbp,
        "value_if_gbp": then.value_gbp,
        "more_gbp": line.gain,
        "one_more_gbp": more.waiting,
        "one_more_done_gbp": more.done,
        "finding_patients": more.words,
    }


def _show(name: str, found: Sequence[tuple[Line, OneMore]], *, total: bool) -> None:
    columns = [("indicator", "left"), ("counted", "right"), ("if", "right"), ("points", "right"), ("if", "right")]
    columns += [("won", "right"), ("if", "right"), ("more", "right")]
    rows = [
        [
            line.real.code,
            *(_fraction(row) for row in (line.real, line.then)),
            *(output.decimal(row.points) for row in (line.real, line.then)),
            *(output.pounds(row.value_gbp) for row in (line.real, line.then)),
            output.change(line.gain),
        ]
        for line, _ in found
    ]
    if total:
        lines = [line for line, _ in found]
        rows.append(_totals(lines))
    output.table(f"{name}: what if", columns, rows)
    columns = [("indicator", "left"), ("not in numerator", "right"), ("in numerator", "right"), ("", "left")]
    more = [[each.code, output.change(each.waiting), output.change(each.done), each.words] for _, each in found]
    output.table("One more patient on the register", columns, more)


def _totals(lines: Sequence[Line]) -> list[str]:
    rows = [line.real for line in lines], [line.then for line in lines]
    points = [sum((row.points for row in side if row.points is not None), Fraction(0)) for side in rows]
    pounds = [sum((row.value_gbp for row in side if row.value_gbp is not None), Decimal(0)) for side in rows]
    more = output.change(pounds[1] - pounds[0])
    return ["all", "", "", *map(output.decimal, points), *map(output.pounds, pounds), more]


def _fraction(row: Reckoning) -> str:
    if row.counts.numerator is None or row.counts.denominator is None:
        return ""
    return f"{row.counts.numerator:,} of {row.counts.denominator:,}"
