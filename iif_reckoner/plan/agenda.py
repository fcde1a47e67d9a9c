"""The agenda of the monthly meeting, under the headings of a PCN that made its reviews work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from iif_reckoner.exact import half_up
from iif_reckoner.model import Indicator
from iif_reckoner.plan.position import Member, Position
from iif_reckoner.plan.priorities import OPEN, TOP, Plan, Priority
from iif_reckoner.scheme_year import first_day

LINES = 5
"""So many of a list are shown; the rest are counted."""

FINISHED = ("done", "dropped")
"""The states of an action that is no longer open."""

OVERDUE, NEXT, LATER = "overdue", "next", "later"

HEADINGS = (
    "1  Things working well",
    "2  Progress against the actions log",
    "3  Update of the dashboard",
    "4  Achievements outside the scheme",
    "5  Review of workload",
    "6  Risks and issues",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """An action of the log; `indicator` is a code as it was typed."""

    what: str
    indicator: str = ""
    owner: str = ""
    due: date | None = None
    state: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """An indicator whose points are others than at the end of the month before, to six places."""

    indicator: Indicator
    points: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """Points earned, pounds won and pounds still to win of all indicators; None where there is nothing to add up."""

    points: Fraction | None
    won: Decimal | None
    to_win: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Agenda:
    """What the meeting goes through. `before` is the end of the month before, None in the first month.

    `top` are the indicators of the top tier that can still win and `below` those that earn nothing yet, most pounds
    first; `silent` the practices without a figure. `top_hours` is None where the top tier is empty or minutes of it are
    missing. Overdue and next actions stand by their day, others as in the log.
    """

    month: int
    met: tuple[Indicator, ...]
    risen: tuple[Change, ...]
    overdue: tuple[Task, ...]
    next: tuple[Task, ...]
    later: tuple[Task, ...]
    now: Total
    before: Total | None
    statuses: dict[str, int]
    outside: tuple[str, ...]
    top: tuple[Priority, ...]
    top_hours: Fraction | None
    hours_left: Fraction | None
    silent: tuple[Member, ...]
    fallen: tuple[Change, ...]
    below: tuple[Priority, ...]


def agenda(
    position: Position,
    before: Position | None,
    plan: Plan,
    tasks: Sequence[Task] = (),
    outside: Sequence[str] = (),
) -> Agenda:
    """Return the agenda; `before` is where the PCN stood at the end of the month before, if there is one."""
    changes = [] if before is None else _changes(position, before)
    top = _most_first(row for row in plan.rows if row.kind == OPEN and row.tier == TOP)
    known = [row.hours for row in top if row.hours is not None]
    rows = list(position.reckoned.values())
    when = [(_when(position, task), task) for task in tasks if task.what]
    by_day = sorted((pair for pair in when if pair[1].due), key=lambda pair: pair[1].due or date.max)
    return Agenda(
        month=position.month,
        met=tuple(row.indicator for row in plan.rows if row.kind == "met"),
        risen=tuple(change for change in changes if change.points > 0),
        overdue=tuple(task for word, task in by_day if word == OVERDUE),
        next=tuple(task for word, task in by_day if word == NEXT),
        later=tuple(task for word, task in when if word == LATER),
        now=_total(position),
        before=None if before is None else _total(before),
        statuses={word: sum(row.status == word for row in rows) for word in ("Met", "Between", "Below")},
        outside=tuple(filter(None, outside)),
        top=top,
        top_hours=sum(known, Fraction(0)) if top and len(known) == len(top) else None,
        hours_left=plan.hours_left,
        silent=tuple(member for member in position.members if _is_silent(position, member)),
        fallen=tuple(change for change in changes if change.points < 0),
        below=_most_first(row for row in plan.rows if row.kind == OPEN and row.status == "Below"),
    )


def first_day_after(position: Position, months: int = 0) -> date:
    """Return the first day after the month of a position, or after so many months more."""
    return first_day(position.rules.year, position.month + months + 1)


def _when(position: Position, task: Task) -> str:
    """Return when an action is due as seen from the end of the shown month; nothing once it is finished."""
    if task.state.casefold() in FINISHED:
        return ""
    if task.due is None or position.month == 0 or task.due >= first_day_after(position, 1):
        return LATER
    return OVERDUE if task.due < first_day_after(position) else NEXT


def _changes(now: Position, before: Position) -> list[Change]:
    found = []
    for indicator in now.rules.indicators:
        one, other = (at.reckoned[indicator.code].points for at in (now, before))
        if one is not None and other is not None:
            found.append(Change(indicator=indicator, points=half_up(one - other, 6)))
    return found


def _total(position: Position) -> Total:
    to_win = [
        row.value_available_gbp - row.value_gbp
        for row in position.reckoned.values()
        if row.value_gbp is not None and row.value_available_gbp is not None
    ]
    return Total(points=position.points, won=position.won, to_win=sum(to_win, Decimal(0)) if to_win else None)


def _most_first(rows: Iterable[Priority]) -> tuple[Priority, ...]:
    return tuple(sorted(rows, key=lambda row: -(row.to_win or 0)))


def _is_silent(position: Position, member: Member) -> bool:
    return all(position.of(member.code, indicator).numerator is None for indicator in position.rules.indicators)
