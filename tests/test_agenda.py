"""The agenda of the meeting and the actions log: by hand, and the sheets of every year against the plain sums."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.planned import agenda_of
from iif_reckoner.desk.share import Asked, going
from iif_reckoner.figures import book as figures
from iif_reckoner.figures.content import Action
from iif_reckoner.figures.working import sheet as working
from iif_reckoner.layout.sheets import ACTIONS
from iif_reckoner.model import Counts
from iif_reckoner.package import Package
from iif_reckoner.plan.agenda import LINES, Task, agenda, first_day_after
from iif_reckoner.plan.position import Member, Position
from iif_reckoner.plan.priorities import priorities
from tests import workbook_engines as engines
from tests.test_priorities import planned
from tests.workbook_engines import MADE_UP, Found, spot

RULES = rulesets.load("2022-23.v2")
DAY_1 = date(1899, 12, 30)


def standing(month, practices=("A81001",), **counts):
    pairs = {key.replace("_", "-"): pair for key, pair in counts.items()}
    return Position(
        rules=RULES,
        month=month,
        members=tuple(Member(code=code) for code in practices),
        counts={("A81001", code): Counts(numerator=n, denominator=d) for code, (n, d) in pairs.items()},
    )


def test_by_hand():
    # The end of October: VI-01 rose from nothing (80% earns nothing yet) to a third of its 40 points, VI-03 fell.
    before = standing(6, VI_01=(800, 1000), VI_02=(900, 1000), VI_03=(500, 1000))
    now = standing(7, ("A81001", "A81002"), VI_01=(820, 1000), VI_02=(950, 1000), VI_03=(430, 1000))
    tasks = (
        Task(what="Late", due=date(2022, 10, 31), state="open"),
        Task(what="Later still", due=date(2022, 9, 1), state="Doing"),
        Task(what="Next", owner="Sam", due=date(2022, 11, 1)),
        Task(what="Next, at its end", due=date(2022, 11, 30)),
        Task(what="Far", due=date(2022, 12, 1)),
        Task(what="Some day"),
        Task(what="Was late", due=date(2022, 1, 1), state="done"),
        Task(what="", due=date(2022, 1, 1)),
    )
    plan = priorities(now, {"VI-01": Fraction(15)}, Fraction(12))
    found = agenda(now, before, plan, tasks, ("A garden", ""))
    assert first_day_after(now) == date(2022, 11, 1)
    assert [row.code for row in found.met] == ["VI-02"]
    assert [(each.indicator.code, each.points) for each in found.risen] == [("VI-01", Decimal("13.333333"))]
    # 5 of the 37 points of the way from 45% to 82%, of 14 points.
    assert [(each.indicator.code, each.points) for each in found.fallen] == [("VI-03", Decimal("-1.891892"))]
    assert [task.what for task in found.overdue] == ["Later still", "Late"]
    assert [task.what for task in found.next] == ["Next", "Next, at its end"]
    assert [task.what for task in found.later] == ["Far", "Some day"]
    assert [row.indicator.code for row in found.below] == ["VI-03"]
    assert [row.indicator.code for row in found.top] == ["VI-01"]
    assert (found.top_hours, found.hours_left) == (10, 12)
    assert [member.code for member in found.silent] == ["A81002"]
    assert found.now.points - found.before.points == Fraction(40, 3) - Fraction(70, 37)
    assert found.outside == ("A garden",)
    assert found.statuses == {"Met": 1, "Between": 1, "Below": 1}


def test_the_first_month_and_none():
    first = standing(1, VI_01=(820, 1000))
    found = agenda(first, None, priorities(first), (Task(what="Ring", due=date(2022, 4, 30)),))
    assert (found.risen, found.fallen, found.before) == ((), (), None)
    assert [task.what for task in found.overdue] == ["Ring"]
    nothing = standing(0)
    found = agenda(nothing, None, priorities(nothing), (Task(what="Ring", due=date(2020, 4, 30)),))
    assert (found.overdue, [task.what for task in found.later]) == ((), ["Ring"])
    assert (found.now.points, found.top_hours) == (None, None)


def test_each_month_ends_with_its_last_day():
    days = [first_day_after(standing(month)) - timedelta(1) for month in range(1, 13)]
    assert (days[0], days[8], days[9], days[11]) == (
        date(2022, 4, 30), date(2022, 12, 31), date(2023, 1, 31), date(2023, 3, 31),
    )  # fmt: skip


# The sheets


def filled(of, number):
    """A log of so many actions, due in every month around the year and on no day, and things outside the scheme."""
    first = date(int(of.ruleset.id[:4]), 3, 20)
    states = ("open", "doing", "", "done", "dropped")
    log = tuple(
        Action(
            what=f"Do number {place}",
            indicator=of.ruleset.codes[place % len(of.ruleset.codes)],
            owner=("", "Sam", "Lee")[place % 3],
            due=None if place % 7 == 6 else first + timedelta(days=11 * (place * 17 % 40)),
            state=states[place % 5],
        )
        for place in range(number)
    )
    return replace(of, actions=log, outside=("A new garden", "Two nurses trained")[: number % 3])


CASES = [
    pytest.param((year, fill), id=f"{year[-12:]} {fill}")
    for year in (*rulesets.ids(), MADE_UP)
    for fill in ("full", "half-empty", "empty")
]
BOOKS = {"full": (True, 60.0, ACTIONS), "half-empty": (False, None, 11), "empty": (True, 0.0, 0)}


def content(year, fill):
    every, hours, number = BOOKS[fill]
    return filled(planned(engines.content(year, fill), every=every, hours=hours), number)


def _named(indicator):
    return f"{indicator.code}  {indicator.name}"


def _task(task):
    return f"{task.what} ({task.owner})" if task.owner else task.what


def wanted(found, of):
    """What each line of each list is: its figures by the ending of their names."""
    leads = {code: ", ".join(filter(None, (own.board_lead, own.practice_lead))) for code, own in of.planned.items()}
    days = {task: (task.due - DAY_1).days for task in (*found.overdue, *found.next)}
    names = {practice.code: practice.name for practice in of.practices}

    def rows(priorities_, number, more):
        return [
            {
                "text": _named(row.indicator),
                "figure": number(row),
                "more": leads.get(row.indicator.code, ""),
                **more(row),
            }
            for row in priorities_
        ]

    return {
        "met": [{"text": _named(row), "figure": row.points} for row in found.met],
        "risen": [{"text": _named(each.indicator), "figure": each.points} for each in found.risen],
        "fallen": [{"text": _named(each.indicator), "figure": each.points} for each in found.fallen],
        "overdue": [{"text": _task(task), "figure": days[task]} for task in found.overdue],
        "due": [{"text": _task(task), "figure": days[task]} for task in found.next],
        "top": rows(found.top, lambda row: row.patients, lambda row: {"hours": row.hours}),
        "below": rows(found.below, lambda row: row.to_win, lambda row: {"lower": row.to_lower}),
        "silent": [{"text": f"{each.code}  {names[each.code]}"} for each in found.silent],
    }


def against(found, of, values):
    wrong = []

    def hold(name, value, down=0):
        cell = values[spot(name, down)]
        fits = cell == Found("text", value) if isinstance(value, str) else engines.is_number(cell, value)
        if not fits:
            wrong.append((name, down, cell, value))

    for name, rows in wanted(found, of).items():
        hold(f"agenda_{name}_count", len(rows))
        hold(f"agenda_{name}_rest", f"and {len(rows) - LINES} more" if len(rows) > LINES else "")
        for down in range(LINES):
            for ending in {"text", *(rows[0] if rows else ())}:
                hold(f"agenda_{name}_{ending}", rows[down][ending] if down < len(rows) else "", down)
    hold("agenda_later_count", len(found.later))
    before = found.before
    hold("agenda_points_before", before.points if before else None)
    hold("agenda_won_before", before.won if before else None)
    hold("agenda_to_win_before", before.to_win if before else None)
    hold("total_to_win", found.now.to_win)
    hold("agenda_between_now", found.statuses["Between"])
    hold("agenda_below_now", found.statuses["Below"])
    hold("agenda_hours_of_top", "minutes missing" if found.top and found.top_hours is None else found.top_hours)
    return wrong


@pytest.mark.parametrize("case", CASES)
def test_the_sheet_is_the_agenda(case):
    of = content(*case)
    book = Workbook(Package.from_bytes(make(of), "book.xlsx"))
    values = engines.formula_values(book.package)
    found = agenda_of(book)
    assert against(found, of, values) == []
    on_sheet = {value for place, value in values.items() if place[0] in ("Actions", "Start")}
    assert {value.kind for value in on_sheet} <= {"text", "number"}
    (start,) = (
        value.value for (title, row, column), value in values.items() if (title, row, column) == ("Start", 13, 2)
    )
    shown = f"{len(found.overdue)} due by the end of {of.months[found.month - 1]}; {len(found.next)} more in the month after"
    assert start == (shown if found.month else "no figures yet")


def test_what_is_typed_comes_back():
    of = content("2022-23.v2", "half-empty")
    found = Workbook(Package.from_bytes(make(of), "book.xlsx")).content()
    assert found.actions == of.actions
    assert found.outside == of.outside == ("A new garden", "Two nurses trained")


def test_names_and_what_is_outside_the_scheme_leave_only_when_asked():
    of = content("2022-23.v2", "half-empty")
    decided = replace(of.planned["VI-03"], decided_by="Dr Decider", decided_on=date(2022, 5, 3))
    of = replace(of, planned={**of.planned, "VI-03": decided})
    stays = going(of, Asked(), "book.xlsx")
    assert (stays.actions, stays.outside, stays.hours_left) == ((), (), of.hours_left)
    assert {own.decided_by for own in stays.planned.values()} == {""}
    assert stays.planned["VI-03"].decided_on == date(2022, 5, 3)
    assert "Dr Decider" not in str(stays)
    goes = going(of, Asked(names=True), "book.xlsx")
    assert (goes.actions, goes.outside, goes.planned) == (of.actions, of.outside, of.planned)
    alone = going(replace(of, hours_left=40.0), Asked(practice=of.practices[0].code, names=True), "book.xlsx")
    assert (alone.outside, alone.hours_left) == ((), None)


def test_no_two_figures_have_one_name():
    groups = (working.BOOK, working.MONTHLY, working.RULES, working.ROWS, working.NOW, working.BY_MONTH, working.ACROSS,
              working.PRACTICES, working.CHOSEN, working.agenda.ACTIONS, working.agenda.LISTS)  # fmt: skip
    names = [figure.name for group in groups for figure in group]
    assert sorted(names) == sorted(set(names))
    assert set(names) <= set(figures.places())
