"""What the sheets Plan and Actions say, worked out from what is typed on them."""

from fractions import Fraction

from iif_reckoner.desk import reading
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position, positions
from iif_reckoner.desk.tables import grid, table
from iif_reckoner.errors import InputError
from iif_reckoner.exact import fraction
from iif_reckoner.figures.content import Planned
from iif_reckoner.figures.plan import HOURS_LEFT
from iif_reckoner.plan.agenda import Agenda, Task, agenda
from iif_reckoner.plan.position import Position
from iif_reckoner.plan.priorities import Decision, Plan, priorities


def typed_on_plan(book: Workbook) -> dict[str, Planned]:
    """Return what the sheet Plan holds, by indicator.

    Raises:
        InputError: minutes or a day are none; the text names the cell.
    """
    return reading.planned(table(grid(book.package, "plan"), "Indicator", "Tier", "Board lead"))


def plan_of(book: Workbook, at: Position | None = None) -> Plan:
    """Return what to chase first, as the sheet Plan of a workbook has it.

    Raises:
        InputError: something is typed that is no figure; the text says where.
    """
    typed = typed_on_plan(book)
    left = reading.number_beside(grid(book.package, "plan"), HOURS_LEFT)
    return priorities(
        at or position(book),
        minutes=minutes_in(book),
        hours_left=None if left is None else fraction(left),
        decisions={
            code: Decision(
                tier=own.tier,
                by=own.decided_by,
                on=f"{own.decided_on.day} {own.decided_on:%b %Y}" if own.decided_on else "",
            )
            for code, own in typed.items()
            if own.tier
        },
    )


def minutes_in(book: Workbook) -> dict[str, Fraction]:
    """Return the minutes that a patient takes, by indicator.

    Raises:
        InputError: they are no number, or less than 0; the text names the cell or the indicator.
    """
    return {code: _minutes(book, code, own) for code, own in typed_on_plan(book).items() if own.minutes is not None}


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
    months = positions(book)
    now = months[-1] if months else position(book)
    log = table(grid(book.package, "actions"), "What", "Indicator", "Due", "State")
    tasks = [
        Task(what=action.what, owner=action.owner, due=action.due, state=action.state)
        for action in reading.actions(log)
    ]
    return agenda(
        now,
        months[-2] if len(months) > 1 else None,
        plan_of(book, now),
        tasks,
        tuple(reading.outside(log.grid)),
    )
