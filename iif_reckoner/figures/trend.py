"""The sheet Trend: points and pounds by month, with charts; one chosen indicator against its thresholds."""

from collections.abc import Mapping, Sequence

from iif_reckoner.figures.checks import banner
from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.layout.look import height
from iif_reckoner.layout.page import Area, Chart, Page, Rule
from iif_reckoner.layout.sheets import INDICATORS, MONTHS
from iif_reckoner.model import UNITS

_HEAD = 5
_TOTAL = _HEAD + 1
_TOTALS = 4
_FIRST = _TOTAL + _TOTALS
_MONTH = 3
_BEHIND = _MONTH + MONTHS + 2
_PAPER_WIDTH, _PAPER_HEIGHT = 784.0, 527.0
"""What A4 has within the margins, in points."""

_CHART_SIZES = ((15.6, 7.2), (14.0, 7.2), (30.2, 7.2))
"""In centimetres: two side by side, one below."""

_CHART_ROWS = 14


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Trend", "Points and pounds at the end of each month of the scheme year.")
    banner(page)
    page.widths = {
        1: 11.0,
        2: 36.0,
        **dict.fromkeys(range(_MONTH, _MONTH + MONTHS), 9.4),
        _BEHIND - 1: 4.0,
        _BEHIND: 34.0,
    }
    page.put(_HEAD, 1, "Indicator", "heading")
    page.put(_HEAD, 2, "Points at the end of", "heading_left")
    for month in range(MONTHS):
        page.formula(_HEAD, _MONTH + month, known["month_label"].area.cell(0, month), "heading")
    page.heights[_HEAD] = 30
    _draw_totals(page, known)
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
    start = next_page(page, _FIRST + len(indicators) + 1, rows=2 * _CHART_ROWS + 5)
    chosen = _draw_chosen(page, content, known, start)
    _draw_behind(page, known, chosen)
    _draw_charts(page, start)
    page.freeze = (_FIRST, _MONTH)
    page.print_area = page.area(1, 1, start + 2 * _CHART_ROWS + 4, _MONTH + MONTHS - 1)


def _draw_totals(page: Page, known: Mapping[str, Place]) -> None:
    won, to_win = known["total_won"].area.absolute, known["total_to_win"].area.absolute
    for down, (label, words) in enumerate(
        (
            ("All points", "earned so far"),
            ("Available", "points that can be earned"),
            ("£ won", "at the end of the month"),
            ("£ to win", "of what the shown month offers"),
        )
    ):
        page.put(_TOTAL + down, 1, label, "total")
        page.put(_TOTAL + down, 2, words, "total")
        page.heights[_TOTAL + down] = 16
    available = known["points_available"].area.absolute
    for month in range(MONTHS):
        column = _MONTH + month
        for row, name, style in (
            (_TOTAL, "month_points", "total_points"),
            (_TOTAL + 2, "month_value", "total_pounds"),
        ):
            area = known[name].area.part(0, month, INDICATORS).absolute
            page.formula(row, column, f'IF(ISERROR(SUM({area})),"",IF(COUNT({area})=0,"",SUM({area})))', style)
        page.formula(_TOTAL + 1, column, f'IF(COUNT({available})=0,"",SUM({available}))', "total_points")
        here = page.area(_TOTAL + 2, column).ref
        page.formula(
            _TOTAL + 3,
            column,
            f'IF(ISNUMBER({here})*ISNUMBER({won})*ISNUMBER({to_win})=0,"",'
            f"IF({won}+{to_win}>{here},{won}+{to_win}-{here},0))",
            "total_pounds",
        )


def next_page(page: Page, row: int, *, rows: int) -> int:
    """Return a row from `row` on from which so many rows of 15 points print on one page, below the repeated headings."""
    width = 0.75 * sum(
        page.widths.get(column, 9.0) * 7 + 5
        for column in range(1, page.print_area.width + 1 if page.print_area else _BEHIND - 1)
        if column not in page.hidden_columns
    )
    least, most = (space * max(1.0, width / _PAPER_WIDTH) for space in (_PAPER_HEIGHT - 20, _PAPER_HEIGHT + 10))
    repeated = (
        sum(page.heights.get(above, 15.0) for above in range(page.title_rows[0], page.title_rows[1] + 1))
        if page.title_rows
        else 0.0
    )
    done = 0.0
    for above in range(1, row):
        if above not in page.hidden_rows:
            own = page.heights.get(above, 15.0)
            done = done + own if done + own <= least else repeated + own
    if done + 15 * rows <= least:
        return row
    return row + 1 + int((most - done) // 15)


def chooser(page: Page, known: Mapping[str, Place], content: Content, row: int, column: int) -> None:
    """Write the yellow cell in which an indicator is chosen, with the list of their codes."""
    indicators = content.ruleset.indicators
    page.put(row, column, indicators[0].code if indicators else None, "input_text")
    codes = known["code"].area.part(0, 0, max(len(indicators), 1))
    page.rules.append(
        Rule(area=page.area(row, column), kind="list", choices=codes, message="Choose an indicator's code.")
    )


def number_chosen(known: Mapping[str, Place], cell: str) -> str:
    """Return the formula of the place of the chosen indicator in the table: 1 where none is chosen, 0 if unknown."""
    return f'IF({cell}="",1,IFERROR(MATCH({cell},{known["code"].area.absolute},0),0))'


def scale_chosen(known: Mapping[str, Place], place: str) -> str:
    """Return the formula of 100 where the chosen indicator is read as a percentage, else 1."""
    units = known["rule_unit"].area.absolute
    percent = "+".join(f'(INDEX({units},{place})="{unit.name}")' for unit in UNITS.values() if unit.percent)
    return f"IF({place}=0,1,IF({percent}>0,100,1))"


def threshold_chosen(known: Mapping[str, Place], name: str, place: str, factor: str) -> str:
    """Return the formula of a threshold of the chosen indicator; its upper one where it has no lower, else #N/A."""
    scale = known["scale"].area.absolute

    def scaled(threshold: str, otherwise: str) -> str:
        area = known[threshold].area.absolute
        found = f"INDEX({area},{place})"
        return f"IF(ISNUMBER({found}),{found}/INDEX({scale},{place})*{factor},{otherwise})"

    upper = scaled("upper", "NA()")
    return f"IF({place}=0,NA(),{upper if name == 'upper' else scaled(name, upper)})"


def _draw_chosen(page: Page, content: Content, known: Mapping[str, Place], start: int) -> Mapping[str, str]:
    """Write the choice above its chart; return the cells with its place, its factor and its baseline."""
    row = start + _CHART_ROWS + 2
    page.put(start, 1, "Points and pounds", "section")
    page.put(row - 1, 1, "One indicator against its thresholds", "section")
    page.put(row, 1, "Indicator", "text")
    chooser(page, known, content, row, 2)
    cells = {"code": f"$B${row}"}
    helper = _BEHIND + 1
    behind = page.area(_HEAD + 11, helper)
    cells["place"], cells["factor"], cells["base"], cells["sign"] = (
        f"{behind.part(down).absolute.rpartition('!')[2]}" for down in range(4)
    )
    place = cells["place"]
    names = page.area(_FIRST, 2, INDICATORS).absolute.rpartition("!")[2]
    page.formula(
        row, 3,
        f'IF({place}=0,"Write one of the codes of the table above.",'
        f'INDEX({names},{place})&IF({cells["sign"]}=0,"",": change on the baseline")'
        f'&IF({cells["factor"]}=100,", per cent",""))',
    )  # fmt: skip
    page.heights[row] = 18
    scoring, better = known["scoring"].area.absolute, known["better"].area.absolute
    bn, bd = known["bn"].area.absolute, known["bd"].area.absolute
    improved = f'INDEX({scoring},{place})="improvement"'
    for down, (words, formula) in enumerate(
        (
            ("Place of the chosen indicator", number_chosen(known, cells["code"])),
            ("Its factor for the chart", scale_chosen(known, place)),
            (
                "Its baseline, where change counts",
                f"IF({place}=0,0,IF({improved},IFERROR(INDEX({bn},{place})/INDEX({bd},{place}),0),0))",
            ),
            (
                "Direction of the change that counts",
                f'IF({place}=0,0,IF({improved},IF(INDEX({better},{place})="lower",-1,1),0))',
            ),
        )
    ):
        page.put(behind.row + down, _BEHIND, words, "working")
        page.formula(behind.row + down, helper, formula, "behind")
    return cells


def _draw_behind(page: Page, known: Mapping[str, Place], chosen: Mapping[str, str]) -> None:
    """Write what the charts draw, right of the printed page; #N/A stands for a month that they leave out."""
    place, factor, base, sign = (chosen[name] for name in ("place", "factor", "base", "sign"))
    page.put(_HEAD - 1, _BEHIND, "Behind the charts; #N/A is what they leave out", "working")
    for down, words in enumerate(
        ("Points earned", "Points available", "£ won", "£ to win", "Achievement", "Lower threshold", "Upper threshold"),
        start=1,
    ):
        page.put(_HEAD + down, _BEHIND, words, "working")
    for month in range(MONTHS):
        column = _BEHIND + 1 + month
        page.formula(_HEAD, column, known["month_label"].area.cell(0, month), "working")
        page.widths[column] = 9.0
        for down in range(_TOTALS):
            shown = page.area(_TOTAL + down, _MONTH + month).ref
            # A line needs #N/A to leave a month out; a column of text has no height anywhere.
            nothing = "NA()" if down == 1 else '""'
            page.formula(_HEAD + 1 + down, column, f"IF(ISNUMBER({shown}),{shown},{nothing})", "behind")
        num, den = (known[name].area.part(0, month, INDICATORS).absolute for name in ("month_num", "month_den"))
        done = f"INDEX({num},{place})/INDEX({den},{place})"
        page.formula(
            _HEAD + 5,
            column,
            f'IF({place}=0,"",IF(ISNUMBER({done}),IF({sign}=0,{done},{sign}*({done}-{base}))*{factor},""))',
            "behind",
        )
        for down, name in enumerate(("lower", "upper"), start=6):
            page.formula(_HEAD + down, column, threshold_chosen(known, name, place, factor), "behind")


def _draw_charts(page: Page, start: int) -> None:
    labels = page.area(_HEAD, _BEHIND + 1, 1, MONTHS)

    def series(*rows: tuple[str, int]) -> Sequence[tuple[str, Area]]:
        return [(name, page.area(_HEAD + down, _BEHIND + 1, 1, MONTHS)) for name, down in rows]

    page.charts.append(
        Chart(
            kind="bar",
            title="Points earned, beside all that can be earned",
            text="Columns of all points earned at the end of each month of the scheme year, with a dashed line at the "
            "points available. The table on this sheet has the same figures.",
            at=(start + 1, 1),
            size=_CHART_SIZES[0],
            labels=labels,
            series=series(("Points earned", 1), ("Points available", 2)),
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
            series=series(("Won", 3), ("To win", 4)),
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
            series=series(("Achievement", 5), ("Lower threshold", 6), ("Upper threshold", 7)),
            y_title="Achievement",
            y_format="General",
            dashed=(1, 2),
        )
    )
