"""The sheet Compare: this year beside last year and England."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner, rate_style
from iif_reckoner.layout.look import height
from iif_reckoner.layout.page import Page
from iif_reckoner.layout.sheets import INDICATORS

_HEAD = 6
NOT_COMPARABLE = "not comparable"
"""What stands in the place of last year's figure where last year's indicator measured something else."""


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Compare", "This year's achievement beside last year's and the median of England's PCNs, where known.")
    banner(page)
    page.put(4, 1, "Now: at the end of the shown month. England: median of all PCNs. Blank: not known.")
    if content.not_comparable:
        page.put(5, 1, f"{NOT_COMPARABLE.capitalize()}: last year's indicator measured something else.")
    headings = (("Indicator", 12.0), ("What counts", 56.0), ("Now", 14.0), ("Last year", 14.0), ("England", 14.0))
    for column, (heading, width) in enumerate(headings, start=1):
        page.put(_HEAD, column, heading, "heading" if column != 2 else "heading_left")
        page.widths[column] = width
    page.heights[_HEAD] = 20
    indicators = content.ruleset.indicators
    for down in range(INDICATORS):
        row = _HEAD + 1 + down
        indicator = indicators[down] if down < len(indicators) else None
        style = "slot_percent"
        if indicator:
            style = rate_style(indicator)
            page.heights[row] = height((indicator.name, 56.0))
        page.formula(row, 1, known["code"].area.cell(down), "text" if indicator else "slot")
        page.put(row, 2, indicator.name if indicator else None, "text" if indicator else "slot")
        page.formula(row, 3, known["achievement"].area.cell(down), style)
        for column, name in ((4, "last_year"), (5, "median")):
            cell = known[name].area.cell(down)
            other = indicator is not None and name == "last_year" and indicator.code in content.not_comparable
            page.formula(row, column, f'IF({cell}="","{NOT_COMPARABLE if other else ""}",{cell})', style)
    page.freeze = (_HEAD + 1, 3)
    page.title_rows = (_HEAD, _HEAD)
    page.print_area = page.area(1, 1, _HEAD + len(indicators), len(headings))
