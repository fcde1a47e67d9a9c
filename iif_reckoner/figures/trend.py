"""The sheet Trend: points and pounds by month, with charts; one chosen indicator against its thresholds."""

from collections.abc import Mapping, Sequence

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner, chooser
from iif_reckoner.layout.look import height
from iif_reckoner.layout.page import Area, Chart, Page
from iif_reckoner.layout.paper import next_page
from iif_reckoner.layout.sheets import BY_KEY, INDICATORS, MONTHS

_SHEET = BY_KEY["trend"]
_CHOICE = 4
_HEAD = 5
_TOTAL = _HEAD + 1
_TOTALS = (
    ("All points", "earned so far", "month_total_points", "total_points"),
    ("Available", "points that can be earned", "month_total_available", "total_points"),
    ("£ won", "at the end of the month", "month_total_value", "total_pounds"),
    ("£ to win", "on top of that", "month_total_to_win", "total_pounds"),
)
_FIRST = _TOTAL + len(_TOTALS)
_MONTH = 3
_WIDE = _MONTH + MONTHS - 1
_CHART_SIZES = ((15.6, 7.2), (14.0, 7.2), (30.2, 7.2))
"""In centimetres: two side by side, one below."""

_CHART_ROWS = 14


def places() -> dict[str, Place]:
    """Return where the indicator of the lower chart is chosen."""
    return {"trend_choice": Place(Page(_SHEET).area(_CHOICE, 2), "book")}


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Trend", "Points and pounds at the end of each month of the scheme year.")
    banner(page)
    page.widths = {1: 14.0, 2: 36.0, **dict.fromkeys(range(_MONTH, _MONTH + MONTHS), 9.4)}
    page.put(_HEAD, 1, "Indicator", "heading")
    page.put(_HEAD, 2, "Points at the end of", "heading_left")
    for month in range(MONTHS):
        page.formula(_HEAD, _MONTH + month, known["month_label"].area.cell(0, month), "heading")
    page.heights[_HEAD] = 30
    for row, (label, words, name, style) in enumerate(_TOTALS, start=_TOTAL):
        page.put(row, 1, label, "total")
        page.put(row, 2, words, "total")
        page.heights[row] = 16
        for month in range(MONTHS):
            page.formula(row, _MONTH + month, f'IFERROR({known[name].area.cell(0, month)},"")', style)
    indicators = content.ruleset.indicators
    for down in range(INDICATORS):
        row, used = _FIRST + down, down < len(indicators)
        page.formula(row, 1, known["code"].area.cell(down), "text" if used else "slot")
        page.put(row, 2, indicators[down].name if used else None, "text" if used else "slot")
        for month in range(MONTHS):
            cell = known["month_points"].area.cell(down, month)
            page.formula(row, _MONTH + month, cell, "points" if used else "slot_points")
        if used:
            page.heights[row] = height((indicators[down].name, 36.0))
    page.title_rows = (_HEAD, _HEAD)
    start = next_page(page, _FIRST + len(indicators) + 1, rows=2 * _CHART_ROWS + 5, columns=_WIDE)
    _draw_choice(page, content, known, start)
    _draw_charts(page, known, start)
    page.freeze = (_FIRST, _MONTH)
    page.print_area = page.area(1, 1, start + 2 * _CHART_ROWS + 4, _WIDE)


def _draw_choice(page: Page, content: Content, known: Mapping[str, Place], start: int) -> None:
    """Write the choice above the table, and at the chart what was chosen."""
    page.put(_CHOICE, 1, "Lower chart of", "text")
    chooser(page, known, content, "trend_choice")
    page.put(_CHOICE, 3, "Choose an indicator here: the last chart below shows it against its thresholds.")
    page.heights[_CHOICE] = 18
    place, sign, factor = (known[f"trend_{name}"].area.absolute for name in ("place", "sign", "factor"))
    names = page.area(_FIRST, 2, INDICATORS).absolute.rpartition("!")[2]
    row = start + _CHART_ROWS + 2
    page.put(start, 1, "Points and pounds", "section")
    page.put(row - 1, 1, "One indicator against its thresholds", "section")
    page.formula(
        row, 1,
        f'IF({place}=0,"Write one of the codes of the table in B{_CHOICE}.",'
        f'INDEX({known["code"].area.absolute},{place})&": "&INDEX({names},{place})'
        f'&IF({sign}=0,"",": change on the baseline")&IF({factor}=100,", per cent",""))',
    )  # fmt: skip
    page.heights[row] = 18


def _draw_charts(page: Page, known: Mapping[str, Place], start: int) -> None:
    labels = known["month_label"].area

    def series(*named: tuple[str, str]) -> Sequence[tuple[str, Area]]:
        return [(words, known[name].area) for words, name in named]

    page.charts.append(
        Chart(
            kind="bar",
            title="Points earned, beside all that can be earned",
            text="Columns of all points earned at the end of each month of the scheme year, with a dashed line at the "
            "points available. The table on this sheet has the same figures.",
            at=(start + 1, 1),
            size=_CHART_SIZES[0],
            labels=labels,
            series=series(("Points earned", "month_total_points"), ("Points available", "month_total_available")),
            y_title="Points",
            y_format="#,##0",
            dashed=(1,),
        )
    )
    page.charts.append(
        Chart(
            kind="stacked bar",
            title="Pounds won and still to win",
            text="Stacked columns by month: pounds won at the end of each month, and on top the pounds still to win. "
            "The table on this sheet has the same figures.",
            at=(start + 1, _MONTH + 4),
            size=_CHART_SIZES[1],
            labels=labels,
            series=series(("Won", "month_total_value"), ("To win", "month_total_to_win")),
            y_title="Pounds",
            y_format="£#,##0",
        )
    )
    page.charts.append(
        Chart(
            kind="bar",
            title="Achievement by month against the thresholds",
            text="Columns of the chosen indicator's achievement at the end of each month, with dashed lines at its "
            "lower and its upper threshold.",
            at=(start + _CHART_ROWS + 3, 1),
            size=_CHART_SIZES[2],
            labels=labels,
            series=series(
                ("Achievement", "trend_achievement"),
                ("Lower threshold", "trend_lower_line"),
                ("Upper threshold", "trend_upper_line"),
            ),
            y_title="Achievement",
            y_format="General",
            dashed=(1, 2),
        )
    )
