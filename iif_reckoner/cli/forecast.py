"""`forecast`: what the year is likely to end with, indicator by indicator."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, SupportsFloat

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.fill import BookArgument
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption, find
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.errors import InputError
from iif_reckoner.explain import measured, number, pounds
from iif_reckoner.model import Indicator, Reckoning
from iif_reckoner.plan.forecast import CASES, LOOK_BACK, NOT_KNOWN, Forecast, Total, forecasts, total
from iif_reckoner.plan.position import Position
from iif_reckoner.scheme_year import MONTHS, month_names


def forecast(
    book: BookArgument,
    indicator: Annotated[str | None, typer.Option(help="Code of one indicator, such as VI-02.")] = None,
    how: FormatOption = Format.table,
) -> None:
    """Forecast what each indicator ends the year with: a likely figure and a range, or why it is too early to tell.

    It goes by the newest month, or the one chosen on Start, and by the season of each indicator: flu from September,
    yearly checks at the end, registers that stand. The seasons are our own reading, not tried on real months.

    Example: iif-reckoner forecast west-merton.xlsm --indicator HI-03
    """
    opened = Workbook.open(book)
    now = position(opened)
    if not now.month:
        raise InputError(f"{opened.name}: Counts holds no figures yet; fill in a month first")
    asked = [find(now.rules, indicator)] if indicator is not None else list(now.rules.indicators)
    before = position(opened, now.month - LOOK_BACK) if now.month > LOOK_BACK else None
    by_code = {each.code: each for each in forecasts(now, before)}
    found = [(row, by_code[row.code]) for row in asked]
    month = month_names(now.rules.year)[now.month - 1]
    if how is not Format.table:
        output.data(pd.DataFrame([_record(now, month, *pair) for pair in found], dtype=object), how)
        return
    _show(" ".join(str(opened.fact(label) or "") for label in ("PCN code", "PCN")).strip(), now, month, found)


def _record(now: Position, month: str, indicator: Indicator, found: Forecast) -> dict[str, Any]:
    counts = now.whole(indicator)
    record: dict[str, Any] = {
        "indicator": found.code,
        "season": indicator.season or NOT_KNOWN,
        "how": found.words,
        "month": month,
        "numerator": counts.numerator,
        "denominator": counts.denominator,
        "end_denominator": found.likely and found.likely.counts.denominator,
    }
    for name, of in _FIELDS.items():
        record |= {f"{name}_{case}": row and of(row) for case, row in zip(CASES, found.cases, strict=True)}
    return record


_FIELDS: Mapping[str, Callable[[Reckoning], SupportsFloat | None]] = {
    "numerator": lambda row: row.counts.numerator,
    "achievement": lambda row: row.achievement,
    "points": lambda row: row.points,
    "value_gbp": lambda row: row.value_gbp,
}


def _show(pcn: str, now: Position, month: str, found: Sequence[tuple[Indicator, Forecast]]) -> None:
    """Print the forecasts: of each figure the likely one, and behind it the range."""
    heads = [("indicator", "left"), ("how it is told", "left"), ("done", "right"), ("achievement", "right")]
    heads += [("points", "right"), ("£", "right")]
    rows = [[each.code, each.words, *_cells(of, each)] for of, each in found]
    when = "the end of the year" if now.month == MONTHS else f"the end of the year, seen from {month}"
    output.table(f"{pcn}: {when}".removeprefix(": "), heads, rows, _caption([each for _, each in found]))
    if now.rules.is_assumed:
        output.note(f"reckoned with assumed figures of {now.rules.assume_from}")
    output.note("the seasons are our own reading of the indicators and have not been tried on real months")


def _cells(of: Indicator, found: Forecast) -> tuple[str, ...]:
    """Write patients, achievement, points and pounds, each with its range."""
    rows = [row for row in found.cases if row is not None]
    return (
        _range([f"{row.counts.numerator:,}" for row in rows]),
        _range([measured(of, row.achievement) for row in rows if row.achievement is not None]),
        _range([number(row.points, 2) for row in rows if row.points is not None]),
        _range([pounds(row.value_gbp, 0) for row in rows if row.value_gbp is not None]),
    )


def _range(texts: Sequence[str]) -> str:
    if not texts:
        return ""
    low, likely, high = texts
    return likely if low == high else f"{likely} ({low} to {high})"


def _caption(found: Sequence[Forecast]) -> str:
    """Return the sums in words; the lows and highs will hardly all come true at once."""
    told = sum(each.likely is not None for each in found)
    low, likely, high = (total(found, case) for case in CASES)
    text = f"{told} of {len(found)} indicators can be told"
    if likely.points is None:
        return text
    return f"{text}; likely {_sum(likely)}\nAll lows together {_sum(low)}; all highs {_sum(high)}"


def _sum(of: Total) -> str:
    points = "" if of.points is None else f"{number(of.points, 2)} points"
    return points + ("" if of.value_gbp is None else f", {pounds(of.value_gbp)}")
