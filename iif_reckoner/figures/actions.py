"""The sheet Actions: the log of what was agreed."""

from iif_reckoner.layout.page import Page, Rule

_HEAD = 4
_ROWS = 60
_COLUMNS = (
    ("What", 60.0, "input_text"),
    ("Indicator", 12.0, "input_text"),
    ("Practice", 14.0, "input_text"),
    ("Owner", 22.0, "input_text"),
    ("Due", 14.0, "input_date"),
    ("State", 14.0, "input_text"),
)


def draw(page: Page) -> None:
    """Write the sheet."""
    page.title("Actions", "One row per action: who does what by when. The meeting goes through the open ones.")
    for column, (heading, width, style) in enumerate(_COLUMNS, start=1):
        page.put(_HEAD, column, heading, "heading")
        page.widths[column] = width
        for row in range(_HEAD + 1, _HEAD + 1 + _ROWS):
            page.put(row, column, None, style)
    area = page.area(_HEAD + 1, 6, _ROWS)
    page.rules.append(Rule(area=area, kind="list", choices="open,doing,done,dropped", message="Choose from the list."))
    page.freeze = (_HEAD + 1, 1)
    page.title_rows = (_HEAD, _HEAD)
    page.print_area = page.area(1, 1, _HEAD + 30, len(_COLUMNS))
    page.protected = False
