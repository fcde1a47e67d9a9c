"""The sheet Actions: the log of what was agreed."""

from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.page import Area, Page, Rule
from iif_reckoner.layout.sheets import BY_KEY

_HEAD = 5
_ROWS = 60
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

DUE = Area(BY_KEY["actions"], _HEAD + 1, 5, _ROWS)
STATE = Area(BY_KEY["actions"], _HEAD + 1, 6, _ROWS)
"""Where the log holds when an action is due, and its state."""


def draw(page: Page) -> None:
    """Write the sheet."""
    page.title("Actions", "One row per action: who does what by when. The meeting goes through the open ones.")
    banner(page)
    count = "+".join(f'COUNTIF({STATE.ref},"{word}")' for word in OPEN)
    page.formula(4, 1, f'"Not finished yet: "&({count})&".   State: open, doing, done or dropped."')
    for column, (heading, width, style) in enumerate(_COLUMNS, start=1):
        page.put(_HEAD, column, heading, "heading" if column > 1 else "heading_left")
        page.widths[column] = width
        for row in range(_HEAD + 1, _HEAD + 1 + _ROWS):
            page.put(row, column, None, style)
            page.heights[row] = 18
    page.heights[_HEAD] = 20
    page.rules.append(Rule(area=STATE, kind="list", choices="open,doing,done,dropped", message="Choose from the list."))
    page.rules.append(
        Rule(area=DUE, kind="date", least="36526", most="73050", message="Write a date, such as 31 Jan 2027.")
    )
    page.freeze = (_HEAD + 1, 1)
    page.title_rows = (_HEAD, _HEAD)
    page.print_area = page.area(1, 1, _HEAD + _ROWS, len(_COLUMNS))
    page.protected = False
