"""The agenda of the monthly meeting on paper: what the sheet Actions shows, with space for what was decided."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.reading import outside
from iif_reckoner.desk.tables import grid
from iif_reckoner.paper import frame
from iif_reckoner.paper.shown import Shown, shown
from iif_reckoner.paper.written import day, hours, more_points, points, pounds, whole
from iif_reckoner.plan.agenda import HEADINGS, LATER, LINES

Block = dict[str, Any]
"""A table of the agenda: its headings, which of its columns are figures, its rows, and what is not shown of them."""


def agenda(book: Workbook) -> dict[str, Any]:
    """Return what the agenda says of a workbook.

    Raises:
        InputError: it is of an earlier layout, or a sheet of it was deleted.
    """
    found = shown(book)
    working, log, dashboard, others, workload, risks = HEADINGS
    return {
        "title": f"Agenda of the monthly meeting: {frame.title(book)}",
        "subtitle": f"Investment and Impact Fund: {frame.position(found)}",
        "warning": frame.warning(found),
        "sections": [
            {"heading": heading, "blocks": [block for block in blocks if block], "nothing": nothing}
            for heading, blocks, nothing in (
                (working, _working(found), "Nothing to show yet."),
                (log, _log(found), "No action is open."),
                (dashboard, (_dashboard(found),), ""),
                (others, (_outside(book),), "What went well outside the scheme?"),
                (workload, _workload(found), "No hours yet: write minutes and hours on the sheet Plan."),
                (risks, _risks(found), "None shows in the figures."),
            )
        ],
        "footer": frame.footer(book, "Agenda"),
    }


def _working(found: Shown) -> Iterator[Block | None]:
    yield _lines(found, "agenda_met", ("Met: all points are won", "Points"), [("figure", points)])
    yield _lines(found, "agenda_risen", ("More points than the month before", "Points more"), [("figure", more_points)])


def _log(found: Shown) -> Iterator[Block | None]:
    for name, words in (("agenda_overdue", "Overdue"), ("agenda_due", "Due in the month after")):
        yield _lines(found, name, (words, "Due", _TO_WRITE), [("figure", day), ("", None)])
    later = [down for down, when in enumerate(found.column("action_when")) if when == LATER]
    rows = [(_action(found, down), day(found.number("action_due", down)), "") for down in later[:LINES]]
    yield _block(("Open, due later or on no day", "Due", _TO_WRITE), rows, len(later), written=(2,))


_TO_WRITE = "Done, or new day"


def _action(found: Shown, down: int) -> str:
    owner = found.text("action_owner", down)
    return found.text("action_what", down) + (f" ({owner})" if owner else "")


def _dashboard(found: Shown) -> Block | None:
    rows = [
        (words, write(found.number(f"total_{name}")) or found.text(f"total_{name}"), write(found.number(before)))
        for words, name, before, write in (
            ("Points earned", "points", "agenda_points_before", points),
            ("Pounds won", "won", "agenda_won_before", pounds),
            ("Pounds still to win", "to_win", "agenda_to_win_before", pounds),
        )
    ]
    rows += [
        (f"Indicators {words}", whole(found.number(name)), "")
        for words, name in (
            ("met", "agenda_met_count"),
            ("between the thresholds", "agenda_between_now"),
            ("below the lower threshold", "agenda_below_now"),
        )
    ]
    return _block(("Figure", "Now", "The month before"), rows)


def _outside(book: Workbook) -> Block | None:
    return _block(("Written on the sheet Actions",), [(line,) for line in outside(grid(book.package, "actions"))])


def _workload(found: Shown) -> Iterator[Block | None]:
    top = found.number("agenda_hours_of_top")
    figures = (
        ("The top tier needs", hours(top) if top is not None else found.text("agenda_hours_of_top")),
        ("Left for this work", hours(found.number("plan_hours_left"))),
    )
    yield _block(("Until the end of the year", "Hours"), [pair for pair in figures if pair[1]])
    yield _lines(
        found, "agenda_top", ("Top tier, most £ first", "Patients", "Hours", "Leads"),
        [("figure", whole), ("hours", hours), ("more", None)],
    )  # fmt: skip


def _risks(found: Shown) -> Iterator[Block | None]:
    yield _lines(
        found, "agenda_below", ("Below the lower threshold, most £ first", "£ to win", "Patients to lower", "Leads"),
        [("figure", pounds), ("lower", whole), ("more", None)],
    )  # fmt: skip
    yield _lines(found, "agenda_silent", ("Practices without figures",), [])
    yield _lines(
        found, "agenda_fallen", ("Fewer points than the month before", "Points less"), [("figure", more_points)]
    )


def _lines(
    found: Shown,
    name: str,
    headings: Sequence[str],
    columns: Sequence[tuple[str, Callable[[int | float | None], str] | None]],
) -> Block | None:
    """Return a list of the sheet: `columns` are the endings of its figures, each with how it is written, if a figure.

    An ending that is empty is a column to write into.
    """
    rows = []
    for down in range(LINES):
        text = found.text(f"{name}_text", down)
        if text:
            rows.append((text, *(_cell(found, f"{name}_{ending}", down, write) for ending, write in columns)))
    to_write = tuple(place for place, (ending, _) in enumerate(columns, start=1) if not ending)
    left = tuple(place for place, (_, write) in enumerate(columns, start=1) if write is None)
    return _block(headings, rows, found.count(f"{name}_count"), written=to_write, left=left)


def _cell(found: Shown, name: str, down: int, write: Callable[[int | float | None], str] | None) -> str:
    if name.endswith("_"):
        return ""
    return found.text(name, down) if write is None else write(found.number(name, down))


def _block(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    all_of_them: int = 0,
    *,
    written: Sequence[int] = (),
    left: Sequence[int] = (),
) -> Block | None:
    """Return a table of the agenda, None where there is nothing to show."""
    if not rows:
        return None
    first, *more = headings
    return {
        "headings": [f"{first}: {all_of_them}" if all_of_them else first, *more],
        "figures": [place > 0 and place not in (*written, *left) for place in range(len(headings))],
        "written": [place in written for place in range(len(headings))],
        "rows": rows,
        "rest": f"and {all_of_them - len(rows)} more" if all_of_them > len(rows) else "",
    }
