"""What the sheets Plan and Actions say, worked out from what is typed on them."""

from datetime import date
from fractions import Fraction

from iif_reckoner.desk import reading
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.desk.tables import grid, table
from iif_reckoner.errors import InputError
from iif_reckoner.exact import fraction
from iif_reckoner.figures.content import Planned
from iif_reckoner.figures.plan import HOURS_LEFT
from iif_reckoner.plan.agenda import Agenda, Task, agenda
from iif_reckoner.plan.position import Position
from iif_reckoner.plan.priorities import Decision, Plan, priorities


def plan_of(book: Workbook, at: Position | None = None) -> Plan:
    """Return what to chase first, as the sheet Plan of a workbook has it.

    Raises:
        InputError: something is typed that is no figure; the text says where.
    """
    typed = book.planned
    left = reading.number_beside(grid(book.package, "plan"), HOURS_LEFT)
    return priorities(
        at or position(book),
        minutes=minutes_in(book),
        hours_left=None if left is None else fraction(left),
        decisions={
            code: Decision(tier=own.tier, by=own.decided_by, on=_day_in_words(own.decided_on))
            for code, own in typed.items()
            if own.tier
        },
    )


def _day_in_words(day: date | None) -> str:
    return "" if day is None else f"{day.day} {day:%b %Y}"


def minutes_in(book: Workbook) -> dict[str, Fraction]:
    """Return the minutes that a patient takes, by indicator.

    Raises:
        InputError: they are no number, or less than 0; the text names the cell or the indicator.
    """
    return {code: _minutes(book, code, own) for code, own in book.planned.items() if own.minutes is not None}


def _minutes(book: Workbook, code: str, own: Planned) -> Fraction:
    minutes = fraction(own.minutes or 0)
    if minutes < 0:
        raise InputError(f"{book.name}: Plan, {code}: {own.minutes:g} are no minutes per patient; write such as 20")
    return minutes


def agenda_of(book: Workbook) -> Agenda:
    """Return the agenda of the meeting, as the sheet Actions of a workbook has it.

    Raises:
        InputError: something is typed that is no figure or no day; the text says where.
    """
    now = position(book)
    before = position(book, now.month - 1) if now.month > 1 else None
    log = table(grid(book.package, "actions"), "What", "Indicator", "Due", "State")
    tasks = [
        Task(what=action.what, indicator=action.indicator, owner=action.owner, due=action.due, state=action.state)
        for action in reading.actions(log)
    ]
    return agenda(
        now,
        before,
        plan_of(book, now),
        tasks,
        tuple(reading.outside(log.grid)),
    )
