"""The sheet Paste: rows as an extract gives them."""

from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.page import Page

_HEAD = 5
_ROWS = 400


def draw(page: Page) -> None:
    """Write the sheet."""
    page.title("Paste", "Rows as CQRS or the monthly file give them. A later version picks them up by formula.")
    banner(page)
    page.heights[_HEAD] = 20
    for column, (heading, width) in enumerate(
        (("Practice code", 16.0), ("Indicator code", 16.0), ("Measure", 44.0), ("Value", 14.0)), start=1
    ):
        page.put(_HEAD, column, heading, "heading")
        page.widths[column] = width
        for row in range(_HEAD + 1, _HEAD + 1 + _ROWS):
            page.put(row, column, None, "input_whole" if column == 4 else "input_text")
    page.freeze = (_HEAD + 1, 1)
    page.title_rows = (_HEAD, _HEAD)
    page.print_area = page.area(1, 1, _HEAD + 40, 4)
