"""The sheet Split: the money between the practices, by registered list."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.look import height
from iif_reckoner.layout.page import Page
from iif_reckoner.layout.sheets import PRACTICES

_TOTAL = 8
_HEAD = 9
_FIRST = _HEAD + 1


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Split", "What each practice's part would be by registered list, once costs are taken off.")
    banner(page)
    page.put(4, 1, "Pounds won", "text")
    won = known["total_won"].area.absolute
    page.formula(4, 2, f'IF(ISNUMBER({won}),{won},"")', "pence")
    page.put(6, 3, "Each part is rounded to the penny.")
    page.put(5, 1, "Costs to take off first", "text")
    page.put(5, 2, content.costs, "input_pence")
    page.put(6, 1, "To be split", "text")
    page.formula(6, 2, 'IF(B4="","",B4-B5)', "pence")
    page.put(_TOTAL, 1, "All practices", "total")
    page.put(_TOTAL, 2, None, "total")
    for column, letter, style in ((3, "C", "total_whole"), (4, "D", "total_pence")):
        column_ref = f"{letter}{_FIRST}:{letter}{_FIRST + PRACTICES - 1}"
        page.formula(_TOTAL, column, f'IF(COUNT({column_ref})=0,"",SUM({column_ref}))', style)
    for column, (heading, width) in enumerate(
        (("Practice", 26.0), ("Name", 44.0), ("Registered list", 18.0), ("By list", 18.0)), start=1
    ):
        page.put(_HEAD, column, heading, "heading" if column != 2 else "heading_left")
        page.widths[column] = width
    page.heights.update({_HEAD: 20, _TOTAL: 18})
    practices = len(content.practices) or PRACTICES
    for down in range(PRACTICES):
        row, listed = _FIRST + down, down < practices
        name, size = known["practice_name"].area.cell(down), known["practice_list"].area.cell(down)
        page.formula(row, 1, known["practice"].area.cell(down), "text" if listed else "slot")
        page.formula(row, 2, f'IF({name}="","",{name})', "text" if listed else "slot")
        page.formula(row, 3, f'IF({size}="","",{size})', "whole" if listed else "slot_whole")
        page.formula(
            row,
            4,
            f'IF((C{row}="")+($B$6="")>0,"",ROUND($B$6*C{row}/SUM($C${_FIRST}:$C${_FIRST + PRACTICES - 1}),2))',
            "pence" if listed else "slot_pence",
        )
        page.heights[row] = height((content.practices[down].name if down < len(content.practices) else None, 44.0))
    page.freeze = (_FIRST, 3)
    page.title_rows = (_HEAD, _HEAD)
    page.print_area = page.area(1, 1, _HEAD + practices, 4)
