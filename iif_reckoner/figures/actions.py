"""The sheet Actions: the log of what was agreed."""

from iif_reckoner.figures.content import Action, Content, serial
from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.look import height
from iif_reckoner.layout.page import Area, Page, Rule
from iif_reckoner.layout.sheets import BY_KEY

_HEAD = 5
ROWS = 60
"""The actions that the log has room for."""

_COLUMNS = (
    ("What", 60.0, "input_text"),
    ("Indicator", 12.0, "input_text"),
    ("Practice", 14.0, "input_text"),
    ("Owner", 22.0, "input_text"),
    ("Due", 14.0, "input_date"),
    ("State", 12.0, "input_text"),
)
OPEN = ("open", "doing")
"""The states of an action that is not yet finished."""

DUE = Area(BY_KEY["actions"], _HEAD + 1, 5, ROWS)
STATE = Area(BY_KEY["actions"], _HEAD + 1, 6, ROWS)
"""Where the log holds when an action is due, and its state."""


def draw(page: Page, content: Content) -> None:
    """Write the sheet."""
    page.title("Actions", "One row per action: who does what by when. The meeting goes through the open ones.")
    banner(page)
    count = "+".join(f'COUNTIF({STATE.ref},"{word}")' for word in OPEN)
    page.formula(4, 1, f'"Not finished yet: "&({count})&".   State: open, doing, done or dropped."')
    for column, (heading, width, _) in enumerate(_COLUMNS, start=1):
        page.put(_HEAD, column, heading, "heading" if column > 1 else "heading_left")
        page.widths[column] = width
    for down in range(ROWS):
        row, action = _HEAD + 1 + down, content.actions[down] if down < len(content.actions) else Action(what="")
        due = serial(action.due)
        typed = (action.what, action.indicator, action.practice, action.owner, due, action.state)
        for column, ((_, _, style), value) in enumerate(zip(_COLUMNS, typed, strict=True), start=1):
            page.put(row, column, value or None, style)
        page.heights[row] = height((action.what, _COLUMNS[0][1]), least=18)
    page.heights[_HEAD] = 20
    page.rules.append(Rule(area=STATE, kind="list", choices="open,doing,done,dropped", message="Choose from the list."))
    page.rules.append(
        Rule(area=DUE, kind="date", least="36526", most="73050", message="Write a date, such as 31 Jan 2027.")
    )
    page.freeze = (_HEAD + 1, 1)
    page.title_rows = (_HEAD, _HEAD)
    page.print_area = page.area(1, 1, _HEAD + ROWS, len(_COLUMNS))
    page.protected = False
