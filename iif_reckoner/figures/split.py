"""The sheet Split: the money between the practices, by registered list."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.layout.page import Page
from iif_reckoner.layout.sheets import PRACTICES

_HEAD = 8
_FIRST = _HEAD + 1


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Split", "What each practice's part would be by registered list, once costs are taken off.")
    page.put(4, 1, "Pounds won", "text")
    won = known["total_won"].area.absolute
    page.formula(4, 2, f'IF(ISNUMBER({won}),{won},"")', "pence")
    page.put(5, 1, "Costs to take off first", "text")
    page.put(5, 2, None, "input_pence")
    page.put(6, 1, "To be split", "text")
    page.formula(6, 2, 'IF(B4="","",B4-B5)', "pence")
    for column, (heading, width) in enumerate(
        (("Practice", 24.0), ("Name", 36.0), ("Registered list", 16.0), ("By list", 16.0)), start=1
    ):
        page.put(_HEAD, column, heading, "heading")
        page.widths[column] = width
    for down in range(PRACTICES):
        row = _FIRST + down
        name, size = known["practice_name"].area.cell(down), known["practice_list"].area.cell(down)
        page.formula(row, 1, known["practice"].area.cell(down), "text")
        page.formula(row, 2, f'IF({name}="","",{name})', "text")
        page.formula(row, 3, f'IF({size}="","",{size})', "whole")
        page.formula(
            row,
            4,
            f'IF((C{row}="")+($B$6="")>0,"",ROUND($B$6*C{row}/SUM($C${_FIRST}:$C${_FIRST + PRACTICES - 1}),2))',
            "pence",
        )
    page.print_area = page.area(1, 1, _HEAD + max(len(content.practices), 4), 4)
