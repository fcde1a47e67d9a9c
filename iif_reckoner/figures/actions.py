"""The sheet Actions: the log of what was agreed, and beside it the agenda of the monthly meeting."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Action, Content, serial
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Page, Rule
from iif_reckoner.layout.sheets import ACTIONS, BY_KEY
from iif_reckoner.plan.agenda import HEADINGS, LINES

_SHEET = BY_KEY["actions"]
_HEAD = 5
_FIRST = _HEAD + 1
_COLUMNS = (
    ("What", 60.0, "input_text"),
    ("Indicator", 12.0, "input_text"),
    ("Practice", 14.0, "input_text"),
    ("Owner", 22.0, "input_text"),
    ("Due", 14.0, "input_date"),
    ("State", 12.0, "input_text"),
)
_STATES = ("open", "doing", "done", "dropped")
_LEFT, _RIGHT = 8, 10
"""The first columns of the two halves of the agenda: in each, words and a figure."""

_WIDE, _NARROW = 66.0, 14.8
OUTSIDE = HEADINGS[3]
"""The heading above what was achieved outside the scheme."""

OUTSIDE_LINES = 3


def places() -> dict[str, Place]:
    """Return where the log stands, which the agenda is made of."""
    page = Page(_SHEET)
    columns = {"action_what": 1, "action_owner": 4, "action_due": 5, "action_state": 6}
    return {name: Place(page.area(_FIRST, column, ACTIONS), "action") for name, column in columns.items()}


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Actions", "One row per action: who does what by when. The agenda of the meeting is on the right.")
    banner(page)
    unfinished = "+".join(known[f"agenda_{name}_count"].area.absolute for name in ("overdue", "due", "later"))
    page.formula(4, 1, f'"Not finished yet: "&({unfinished})&".   State: open, doing, done or dropped."')
    for column, (heading, width, _) in enumerate(_COLUMNS, start=1):
        page.put(_HEAD, column, heading, "heading" if column > 1 else "heading_left")
        page.widths[column] = width
    for down in range(ACTIONS):
        row = _FIRST + down
        action = content.actions[down] if down < len(content.actions) else Action(what="")
        typed = (action.what, action.indicator, action.practice, action.owner, serial(action.due), action.state)
        for column, ((_, _, style), value) in enumerate(zip(_COLUMNS, typed, strict=True), start=1):
            page.put(row, column, value or None, style)
        wrapped = (action.what, _COLUMNS[0][1]), (action.practice, _COLUMNS[2][1]), (action.owner, _COLUMNS[3][1])
        page.heights[row] = height(*wrapped, least=18)
    page.heights[_HEAD] = 20
    due, state = (known[f"action_{name}"].area for name in ("due", "state"))
    page.rules.append(Rule(area=state, kind="list", choices=",".join(_STATES), message="Choose from the list."))
    page.rules.append(
        Rule(area=due, kind="date", least="36526", most="73050", message="Write a date, such as 31 Jan 2027.")
    )
    last = _Agenda(page, content, known).draw()
    page.freeze = (_FIRST, 1)
    page.title_rows = (_HEAD, _HEAD)
    page.table("Actions", page.area(_HEAD, 1, ACTIONS + 1, len(_COLUMNS)), filtered=True)
    page.print_area = page.area(1, _LEFT, last, _RIGHT + 2 - _LEFT)
    page.also_printed = page.area(1, 1, _HEAD + ACTIONS, len(_COLUMNS))
    page.growing = range(_FIRST, _FIRST + ACTIONS)
    page.protected = False


class _Agenda:
    """The agenda as it is written from the top: headings, figures side by side, lists of a few lines."""

    def __init__(self, page: Page, content: Content, known: Mapping[str, Place]) -> None:
        self._page, self._content, self._known = page, content, known
        self._row = _FIRST
        longest = max((row.name for row in content.ruleset.indicators), key=len, default="")
        self._height = height((f"AC-00x  {longest}", _WIDE), size=9, least=18)

    def draw(self) -> int:
        """Write it and return its last row."""
        page = self._page
        page.put(1, _LEFT, "Agenda of the monthly meeting", "title")
        page.formula(2, _LEFT, self._at("pcn_name"), "note")
        page.heights[2] = height((self._content.pcn_name, _WIDE), least=18)
        page.formula(_HEAD, _LEFT, f'"For the meeting: "&{self._at("agenda_shown")}', "heading_left")
        for column in range(_LEFT, _RIGHT + 2):
            page.widths[column] = _WIDE if column in (_LEFT, _RIGHT) else _NARROW
            if column > _LEFT:
                page.put(_HEAD, column, None, "heading")
        working, log, dashboard, outside, workload, risks = HEADINGS
        self._section(working)
        self._counts(("Met: all points are won", "agenda_met"), ("More points than the month before", "agenda_risen"))
        self._lists(("agenda_met", ("figure", "points")), ("agenda_risen", ("figure", "points")))
        self._section(log)
        self._counts(("Overdue", "agenda_overdue"), ("Due in the month after", "agenda_due"))
        self._lists(("agenda_overdue", ("figure", "day")), ("agenda_due", ("figure", "day")))
        self._pair(("Open, due later or on no day", "agenda_later_count", "total_whole"), None)
        self._section(dashboard)
        self._pair(("Points earned", "total_points", "points"), ("the month before", "agenda_points_before", "points"))
        self._pair(("Pounds won", "total_won", "pounds"), ("the month before", "agenda_won_before", "pounds"))
        self._pair(
            ("Pounds still to win", "total_to_win", "pounds"), ("the month before", "agenda_to_win_before", "pounds")
        )
        self._pair(
            ("Indicators between the thresholds", "agenda_between_now", "whole"),
            ("below the lower threshold", "agenda_below_now", "whole"),
        )
        self._section(outside)
        for place in range(OUTSIDE_LINES):
            lines = self._content.outside
            page.put(self._row, _LEFT, lines[place] if place < len(lines) else None, "input_text")
            self._row += 1
        self._section(workload)
        self._pair(
            ("Hours that the top tier needs", "agenda_hours_of_top", "hours"),
            ("Hours left until the end of the year", "plan_hours_left", "hours"),
        )
        self._heads("Top tier, most £ first", "Patients", "Leads", "Hours")
        self._lists(("agenda_top", ("figure", "whole")), ("agenda_top", ("hours", "hours")), second="more")
        self._section(risks)
        self._heads("Below the lower threshold, most £ first", "£ to win", "Leads", "To lower")
        self._lists(("agenda_below", ("figure", "pounds")), ("agenda_below", ("lower", "whole")), second="more")
        self._counts(
            ("Practices without figures", "agenda_silent"), ("Fewer points than the month before", "agenda_fallen")
        )
        self._lists(("agenda_silent", None), ("agenda_fallen", ("figure", "points")))
        return self._row - 1

    def _at(self, name: str, down: int = 0) -> str:
        return self._known[name].area.cell(down)

    def _section(self, words: str) -> None:
        self._page.put(self._row, _LEFT, words, "section")
        self._row += 1

    def _heads(self, *words: str) -> None:
        self._page.row(self._row, _LEFT, words, "total")
        self._row += 1

    def _counts(self, *lists: tuple[str, str]) -> None:
        self._pair(*((words, f"{name}_count", "total_whole") for words, name in lists))

    def _pair(self, *pair: tuple[str, str, str] | None) -> None:
        for column, half in zip((_LEFT, _RIGHT), pair, strict=True):
            if half:
                words, name, style = half
                self._page.put(self._row, column, words, "total" if style.startswith("total") else "text")
                cell = self._at(name)
                self._page.formula(self._row, column + 1, f'IF({cell}="","",{cell})', style)
        self._row += 1

    def _lists(self, *lists: tuple[str, tuple[str, str] | None], second: str = "text") -> None:
        """Write two lists side by side, or one whose lines go on in the second half."""
        for down in range(LINES):
            for column, ending, (name, shown) in zip((_LEFT, _RIGHT), ("text", second), lists, strict=True):
                self._page.formula(self._row, column, self._at(f"{name}_{ending}", down), "small_text")
                if shown:
                    self._page.formula(self._row, column + 1, self._at(f"{name}_{shown[0]}", down), shown[1])
                else:
                    self._page.put(self._row, column + 1, None, "text")
            self._page.heights[self._row] = max(self._page.heights[self._row], self._height)
            self._row += 1
        for column, (name, _) in zip((_LEFT, _RIGHT), lists, strict=True):
            if column == _LEFT or second == "text":
                self._page.formula(self._row, column, self._at(f"{name}_rest"), "note")
        self._row += 1
