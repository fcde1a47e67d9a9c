"""`agenda`: what the monthly meeting goes through, filled from a workbook."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from iif_reckoner.cli import output
from iif_reckoner.cli.fill import BookArgument
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.plan import IndicatorOption
from iif_reckoner.cli.rules import FormatOption, find
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.planned import agenda_of
from iif_reckoner.model import Indicator, bare_code
from iif_reckoner.plan.agenda import HEADINGS, LINES, Agenda, Change, Task, Total
from iif_reckoner.scheme_year import month_names


class Item(NamedTuple):
    """A line of the agenda: which list it is on, its words and its figure, and the code of the indicator it is of."""

    section: str
    list: str
    item: str
    figure: Any = None
    unit: str = ""
    indicator: str = ""


def agenda(book: BookArgument, indicator: IndicatorOption = None, how: FormatOption = Format.table) -> None:
    """Print the agenda of the monthly meeting, filled from the workbook: what goes well, actions, figures, risks.

    Lists stop after five lines; csv and json have them whole.

    Example: iif-reckoner agenda west-merton.xlsm
    """
    opened = Workbook.open(book)
    found = agenda_of(opened)
    items = list(_items(found))
    if indicator is not None:
        only = bare_code(find(opened.in_force, indicator).code)
        items = [item for item in items if bare_code(item.indicator) == only]
    if how is not Format.table:
        records = [
            {"section": item.section[3:], "list": item.list, "indicator": item.indicator,
             "item": item.item, "figure": item.figure, "unit": item.unit}
            for item in items
        ]  # fmt: skip
        columns = ["section", "list", "indicator", "item", "figure", "unit"]
        output.data(pd.DataFrame(records, columns=columns, dtype=object), how)
        return
    months = month_names(opened.ruleset.year)
    when = f"position at the end of {months[found.month - 1]}" if found.month else "no figures yet"
    output.line(f"Agenda of the monthly meeting: {opened.fact('PCN') or opened.pcn_code or book.name}, {when}")
    for heading in HEADINGS:
        output.line(f"\n{heading}")
        _print([item for item in items if item.section == heading])


def _print(items: list[Item]) -> None:
    if not items:
        output.line("   nothing")
    for name in dict.fromkeys(item.list for item in items):
        lines = [item for item in items if item.list == name]
        if name:
            output.line(f"   {name}: {len(lines)}")
        for item in lines[:LINES] if name else lines:
            figure = _shown(item)
            output.line(f"   {'   ' if name else ''}{item.item}{': ' if figure else ''}{figure}")
        if name and len(lines) > LINES:
            output.line(f"      and {len(lines) - LINES} more")


def _shown(item: Item) -> str:
    match item.unit:
        case "pounds":
            return output.pounds(item.figure)
        case "points" | "more points":
            return f"{item.figure:+,.2f} points" if item.unit == "more points" else f"{item.figure:,.2f}"
        case "hours":
            return f"{item.figure:,.1f}"
        case "patients":
            return f"{item.figure:,} to the upper threshold"
        case _:
            return "" if item.figure is None else str(item.figure)


def _items(found: Agenda) -> Iterator[Item]:
    working, log, dashboard, outside, workload, risks = HEADINGS
    yield from (Item(working, "Met: all points are won", _named(row), indicator=row.code) for row in found.met)
    yield from _changes(working, "More points than the month before", found.risen)
    yield from _tasks(log, "Overdue", found.overdue)
    yield from _tasks(log, "Due in the month after", found.next)
    yield from _tasks(log, "Open, due later or on no day", found.later)
    yield from _totals(dashboard, "", found.now)
    if found.before is not None:
        yield from _totals(dashboard, ", the month before", found.before)
    for word, number in found.statuses.items():
        yield Item(dashboard, "", f"Indicators {word.lower()}", number, "indicators")
    yield from (Item(outside, "", words) for words in found.outside)
    yield from _workload(workload, found)
    yield from (
        Item(risks, "Below the lower threshold, most £ first", _named(row.indicator), row.to_win, "pounds",
             row.indicator.code)
        for row in found.below
    )  # fmt: skip
    for member in found.silent:
        yield Item(risks, "Practices without figures", f"{member.code}  {member.name}".strip())
    yield from _changes(risks, "Fewer points than the month before", found.fallen)


def _changes(section: str, name: str, changes: Iterable[Change]) -> Iterator[Item]:
    for change in changes:
        yield Item(section, name, _named(change.indicator), float(change.points), "more points", change.indicator.code)


def _tasks(section: str, name: str, tasks: Iterable[Task]) -> Iterator[Item]:
    for task in tasks:
        words = f"{task.what} ({task.owner})" if task.owner else task.what
        yield Item(section, name, words, task.due.isoformat() if task.due else None, "day", task.indicator)


def _workload(section: str, found: Agenda) -> Iterator[Item]:
    needs = "Hours that the top tier needs"
    if found.top_hours is not None:
        yield Item(section, "", needs, float(found.top_hours), "hours")
    elif found.top:
        yield Item(section, "", f"{needs}: minutes missing")
    if found.hours_left is not None:
        yield Item(section, "", "Hours left until the end of the year", float(found.hours_left), "hours")
    for row in found.top:
        yield Item(
            section, "Top tier, most £ first", _named(row.indicator), row.patients, "patients", row.indicator.code
        )


def _totals(section: str, when: str, total: Total) -> Iterator[Item]:
    for words, value, unit in (
        ("Points earned", total.points, "points"),
        ("Pounds won", total.won, "pounds"),
        ("Pounds still to win", total.to_win, "pounds"),
    ):
        if value is not None:
            yield Item(section, "", words + when, float(value), unit)


def _named(indicator: Indicator) -> str:
    return f"{indicator.code}  {indicator.name}"
