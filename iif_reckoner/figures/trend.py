"""The sheet Trend: points and pounds by month, with charts."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.layout.page import Chart, Page
from iif_reckoner.layout.sheets import INDICATORS, MONTHS

_TOTAL = 4
_HEAD = 6
_FIRST = _HEAD + 1


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Trend", "Points and pounds at the end of each month.")
    page.put(_HEAD, 1, "Indicator", "heading")
    page.put(_HEAD, 2, "Points at the end of", "heading_left")
    page.widths = {1: 12.0, 2: 40.0, **dict.fromkeys(range(3, 3 + MONTHS), 9.5)}
    for month in range(MONTHS):
        page.formula(_HEAD, 3 + month, known["month_label"].area.cell(0, month), "heading")
    page.heights[_HEAD] = 30
    indicators = content.ruleset.indicators
    used = len(indicators)
    for down in range(INDICATORS):
        row = _FIRST + down
        page.formula(row, 1, known["code"].area.cell(down), "text")
        page.put(row, 2, indicators[down].name if down < used else None, "text")
        for month in range(MONTHS):
            page.formula(row, 3 + month, known["month_points"].area.cell(down, month), "points")
    total = _TOTAL
    for right, (label, name, style) in enumerate(
        (("All points", "month_points", "total_points"), ("Pounds won", "month_value", "total_pounds"))
    ):
        row = total + right
        page.put(row, 1, label, "total")
        page.put(row, 2, None, "total")
        for month in range(MONTHS):
            area = known[name].area.part(0, month, INDICATORS).absolute
            page.formula(row, 3 + month, f'IF(ISERROR(SUM({area})),"",IF(COUNT({area})=0,"",SUM({area})))', style)
    labels = page.area(_HEAD, 3, 1, MONTHS)
    page.charts.append(
        Chart(
            kind="line",
            title="Points by month",
            text="Line chart of all points earned at the end of each month of the scheme year.",
            at=(_FIRST + used + 2, 1),
            size=(18.0, 8.0),
            labels=labels,
            series=[("Points", page.area(total, 3, 1, MONTHS))],
            y_title="Points",
            y_format="#,##0",
        )
    )
    page.charts.append(
        Chart(
            kind="bar",
            title="Pounds won by month",
            text="Bar chart of the pounds won at the end of each month of the scheme year.",
            at=(_FIRST + used + 2, 7),
            size=(18.0, 8.0),
            labels=labels,
            series=[("Pounds won", page.area(total + 1, 3, 1, MONTHS))],
            y_title="£",
            y_format="£#,##0",
        )
    )
    page.freeze = (_FIRST, 3)
    page.title_rows = (_HEAD, _HEAD)
    page.print_area = page.area(1, 1, _FIRST + used + 20, 2 + MONTHS)
