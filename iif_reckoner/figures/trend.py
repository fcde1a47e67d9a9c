"""The sheet Trend: points and pounds by month and at the end of the year, with charts; one chosen indicator."""

from collections.abc import Mapping, Sequence

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner, chooser, rate_style
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Area, Chart, Page
from iif_reckoner.layout.paper import begin, fitted, tall
from iif_reckoner.layout.sheets import BY_KEY, INDICATORS
from iif_reckoner.plan.forecast import CASES, EARLIEST, LEEWAY, SHAPES, SPREAD
from iif_reckoner.scheme_year import MONTHS

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
_NAME = 58.0
_WIDE = _MONTH + MONTHS - 1
_CHART_SIZES = ((21.4, 7.2), (16.2, 7.2), (38.2, 7.2))
"""In centimetres: two side by side, one below."""

_CHART_ROWS = 14
_END_HEAD, _END_FIRST = 3, 5
"""Rows from the start of the table of the year's end to its headings and to its first indicator."""

_ENDS = (
    ("num", "Done", "whole"),
    ("achievement", "Achieved", ""),
    ("points", "Points", "points"),
    ("value", "£", "pounds"),
)
_ABOUT_THE_END = (
    (
        "What each indicator is likely to end the year with: a forecast, no promise. It goes by our own reading of each season (last "
        "table of this sheet), not tried on real months."
    ),
    (
        "Low is the case that earns least. The lows will hardly all come true at once, nor will the highs: their totals are the outer "
        "bounds."
    ),
)
_ABOUT_SEASONS = (
    (
        "Per cent of a year's work that is usually done by the end of each month. Our own assumption, no figure of the scheme. "
        f"Before {EARLIEST}% is done it is too early to tell."
    ),
    (
        f"The range takes the share as off by up to {SPREAD // 4} points, most where half is done. A count that stands, or a rate, "
        f"may drift by {LEEWAY / 10}% of itself in each month that is left."
    ),
)


def places() -> dict[str, Place]:
    """Return where the indicator of the lower chart is chosen."""
    return {"trend_choice": Place(Page(_SHEET).area(_CHOICE, 2), "book")}


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title(
        "Trend", "Points and pounds at the end of each month of the scheme year, and what it is likely to end with."
    )
    banner(page)
    page.widths = {1: 15.4, 2: _NAME, **dict.fromkeys(range(_MONTH, _MONTH + MONTHS), 11.2)}
    page.put(_HEAD, 1, "Indicator", "heading")
    page.put(_HEAD, 2, "Points at the end of", "heading_left")
    page.row(_HEAD, _MONTH, content.months, "heading")
    page.heights[_HEAD] = 20
    for row, (label, words, name, style) in enumerate(_TOTALS, start=_TOTAL):
        page.put(row, 1, label, "total")
        page.put(row, 2, words, "total")
        page.heights[row] = 16
        for month in range(MONTHS):
            page.formula(row, _MONTH + month, f'IFERROR({known[name].area.cell(0, month)},"")', style)
    indicators = content.ruleset.indicators
    for down, indicator in enumerate(indicators):
        row = _FIRST + down
        page.formula(row, 1, known["code"].area.cell(down), "text")
        page.put(row, 2, indicator.name, "text")
        for month in range(MONTHS):
            page.formula(row, _MONTH + month, known["month_points"].area.cell(down, month), "points")
        page.heights[row] = height((indicator.name, _NAME))
    end = _FIRST + len(indicators) + 1
    page.scale = fitted(page, _WIDE, tall(page, range(1, end)))
    begin(page, end, 120 + 15 * len(indicators))
    _draw_end(page, content, known, end)
    charts = end + _END_FIRST + len(indicators) + 1
    begin(page, charts, 15 * (2 * _CHART_ROWS + 5))
    _draw_choice(page, content, known, charts)
    _draw_charts(page, known, charts)
    seasons = charts + 2 * _CHART_ROWS + 5
    begin(page, seasons, 32 * len(SHAPES))
    _draw_seasons(page, content, known, seasons)
    page.freeze = (_FIRST, _MONTH)
    page.table("Trend", page.area(_HEAD, 1, end - 1 - _HEAD, _WIDE))
    page.table("End_of_year", page.area(end + _END_HEAD, 1, len(indicators) + 2, _WIDE))
    page.table("Seasons", page.area(seasons + 3, 1, len(SHAPES) + 1, _WIDE))
    page.print_area = page.area(1, 1, seasons + len(SHAPES) + 3, _WIDE)


def _draw_end(page: Page, content: Content, known: Mapping[str, Place], start: int) -> None:
    """Write what each indicator is likely to end the year with."""
    page.put(start, 1, "At the end of the year", "section")
    for down, words in enumerate(_ABOUT_THE_END, start=start + 1):
        page.put(down, 1, words, "legend")
    head, first, indicators = start + _END_HEAD, start + _END_FIRST, content.ruleset.indicators
    told, early = known["end_told_rows"].area.absolute, known["end_early_rows"].area.absolute
    page.row(head, 1, ("Indicator", "How it is told"), "heading_left")
    page.put(head + 1, 1, "All", "total")
    page.formula(head + 1, 2, f'{told}&" can be told; too early for "&{early}', "total")
    page.heights[head], page.heights[head + 1] = 32, 16
    for group, (what, words, style) in enumerate(_ENDS):
        for right, case in enumerate(CASES):
            column = _MONTH + group * len(CASES) + right
            page.put(head, column, f"{words}: {case}", "heading")
            name = f"end_total_{what}_{case}"
            if name in known:
                page.formula(head + 1, column, known[name].area.absolute, f"total_{style}")
            else:
                page.put(head + 1, column, None, "total")
            for down, indicator in enumerate(indicators):
                cell = known[f"end_{what}_{case}"].area.cell(down)
                page.formula(first + down, column, cell, style or rate_style(indicator))
    for down in range(len(indicators)):
        page.heights[first + down] = 15
        page.formula(first + down, 1, known["code"].area.cell(down), "text")
        page.formula(first + down, 2, known["end_words"].area.cell(down), "text")


def _draw_seasons(page: Page, content: Content, known: Mapping[str, Place], start: int) -> None:
    """Write how much of a year's work is taken to be done by the end of each month, and why."""
    page.put(start, 1, "Seasons", "section")
    for down, words in enumerate(_ABOUT_SEASONS, start=start + 1):
        page.put(down, 1, words, "legend")
    page.row(start + 3, 1, ("Season", "What it is taken from"), "heading_left")
    page.row(start + 3, _MONTH, content.months, "heading")
    for down, (season, shape) in enumerate(SHAPES.items()):
        row = start + 4 + down
        page.put(row, 1, season.replace("_", " "), "text")
        page.put(row, 2, f"{shape.words}. {shape.why}.", "small_text")
        page.heights[row] = height((f"{shape.words}. {shape.why}.", _NAME), size=9)
        for month in range(MONTHS):
            page.formula(row, _MONTH + month, known["season_done"].area.cell(down, month), "whole")


def _draw_choice(page: Page, content: Content, known: Mapping[str, Place], start: int) -> None:
    """Write the choice above the table, and at the chart what was chosen."""
    page.put(_CHOICE, 1, "Lower chart of", "text")
    chooser(page, known, content, "trend_choice")
    page.put(_CHOICE, 3, "Choose an indicator here: the last chart below shows it against its thresholds.", "beside")
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
            "lower and its upper threshold, and the way to what is likely at the end of the year.",
            at=(start + _CHART_ROWS + 3, 1),
            size=_CHART_SIZES[2],
            labels=labels,
            series=series(
                ("Achievement", "trend_achievement"),
                ("Lower threshold", "trend_lower_line"),
                ("Upper threshold", "trend_upper_line"),
                ("Likely from here", "trend_forecast"),
            ),
            y_title="Achievement",
            y_format="General",
            dashed=(1, 2, 3),
        )
    )
