"""The sheet Reckoner: the A3 page that goes on the wall, one row per indicator."""

from collections.abc import Callable, Iterator, Mapping

from iif_reckoner.figures.content import Content, Planned
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.rules import LEGEND
from iif_reckoner.figures.shown import alarm_unless_well, rate_style, status_colours
from iif_reckoner.layout.letters import lines, room, width
from iif_reckoner.layout.look import STYLES
from iif_reckoner.layout.page import Condition, Page
from iif_reckoner.layout.sheets import BY_KEY, INDICATORS
from iif_reckoner.scheme_year import MONTHS

_SHEET = BY_KEY["reckoner"]
_HEAD = 5
_FIRST = _HEAD + 1
_TREND = 8
_COLUMNS = (
    ("Indicator", 13.4, "wall_text"),
    ("What counts", 50.0, "wall_text"),
    ("Lower", 10.8, "shown"),
    ("Upper", 10.8, "shown"),
    ("Numerator", 14.0, "wall_whole"),
    ("Denominator", 16.8, "wall_whole"),
    ("Achieved", 12.6, "shown"),
    *(
        (name, 3.4, "shade")
        for name in ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    ),
    ("Last year", 10.8, "shown"),
    ("England", 11.2, "shown"),
    ("Points", 12.4, "wall_points"),
    ("of", 9.0, "wall_number"),
    ("£ won", 14.8, "wall_pounds"),
    ("£ to win", 14.8, "wall_pounds"),
    ("Sure", 7.2, "wall_centre"),
    ("Patients to lower", 12.0, "wall_whole"),
    ("Patients to upper", 12.0, "wall_whole"),
    ("£ per patient", 11.4, "wall_pounds"),
    ("Status", 15.4, "wall_status"),
    ("Tier", 13.4, "wall_centre"),
    ("Board lead", 18.8, "wall_text"),
    ("Practice lead", 18.8, "wall_text"),
)
_PRINTED = 1090.0
"""Points of height that the rows of the page share between them once it is shrunk to A3."""

_WIDEST = 1500.0
"""Points that the PCN's name may take in the letters of a title."""

_LINE = 15.2
"""The height of a line of the wall's letters; a year of 36 indicators leaves no more for two of them."""

_WIDTH = {heading: width for heading, width, _ in _COLUMNS}
_LEFT = "What counts", "Board lead", "Practice lead"
_SIZE = STYLES["wall_text"].size

_TREND_WORDS = (
    "Trend from April: white nothing earned, pale to dark blue the share of the points, darkest all.   "
    "Below: nothing earned yet.   Between: part of the points.   Met: all of them."
)


def places() -> dict[str, Place]:
    """Return where last year and England stand, which are typed."""
    page = Page(_SHEET)
    return {
        name: Place(page.area(_FIRST, _column(heading), INDICATORS), "indicator")
        for name, heading in (("last_year", "Last year"), ("median", "England"))
    }


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the page."""
    name, code = known["pcn_name"].area.absolute, known["pcn_code"].area.absolute
    month, labels = known["month"].area.absolute, known["month_label"].area.absolute
    page.formula(
        1, 1,
        f'IF({name}="","IIF Ready Reckoner",{name}&"  "&{code})&"   {content.ruleset.year}"',
        "title" if width(content.pcn_name, STYLES["title"].size, bold=True) < _WIDEST else "wall_section",
    )  # fmt: skip
    shown = f'IF({month}=0,"no figures yet","position at the end of "&INDEX({labels},1,{month}))'
    notes = "&".join(
        f'IF({note}="","","   "&{note})' for note in (known[f"{of}_note"].area.absolute for of in ("assumed", "list"))
    )
    page.formula(2, 1, f'"Investment and Impact Fund, ruleset {content.ruleset.id}: "&{shown}', "wall_subtitle")
    page.formula(3, 1, f"{known['verdict'].area.absolute}&{notes}", "wall_banner")
    page.heights.update({1: 30, 2: 20, 3: 20, _HEAD: 44})
    for column, (heading, wide, _) in enumerate(_COLUMNS, start=1):
        page.put(_HEAD, column, heading, _head_style(column, heading))
        page.widths[column] = wide
    used = len(content.ruleset.indicators)
    for down in range(INDICATORS):
        _draw_row(page, content, known, down)
    _draw_total(page, content, known)
    alarm_unless_well(page, page.area(3, 1, 1, 2), tint="wrong")
    status_colours(page, page.area(_FIRST, _column("Status"), INDICATORS))
    trend = page.area(_FIRST, _TREND, INDICATORS, MONTHS)
    first = trend.part().ref
    for tint, least in (("shade_4", 10), ("shade_3", 7), ("shade_2", 4), ("shade_1", 1)):
        page.conditions.append(
            Condition(area=trend, formula=f"IF(ISNUMBER({first}),{first}>={least},FALSE)", tint=tint)
        )
    page.put(2, _TREND, f"Sure: {LEGEND}   ? not known.   England: median of all PCNs.", "wall_legend")
    page.put(3, _TREND, _TREND_WORDS, "wall_legend")
    page.print_area = page.area(1, 1, _HEAD + max(used, 8), len(_COLUMNS))
    page.title_rows = (_HEAD, _HEAD)
    page.one_page = True
    page.freeze = (_FIRST, 3)
    page.table("Reckoner", page.area(_HEAD, 1, 1 + used, len(_COLUMNS)))


def unused(indicators: int) -> Iterator[int]:
    """Yield the rows for further indicators than so many: each of their formulas gives nothing."""
    yield from range(_FIRST + indicators, _FIRST + INDICATORS)


def _head_style(column: int, heading: str) -> str:
    if _TREND <= column < _TREND + MONTHS:
        return "wall_heading_turned"
    return "wall_heading_left" if heading in _LEFT else "wall_heading"


def _column(heading: str) -> int:
    return next(place for place, (name, _, _) in enumerate(_COLUMNS, start=1) if name == heading)


def _draw_row(page: Page, content: Content, known: Mapping[str, Place], down: int) -> None:
    row = _FIRST + down
    indicators = content.ruleset.indicators
    indicator = indicators[down] if down < len(indicators) else None

    def at(name: str) -> str:
        return known[name].area.cell(down)

    scaled: Callable[[str], str] = lambda name: f'IF({at(name)}="","",{at(name)}/{at("scale")})'  # noqa: E731
    binary = indicator is not None and indicator.scoring == "binary"
    formulas = {
        "Indicator": at("code"),
        "Lower": '""' if binary or (indicator and indicator.scoring == "single") else scaled("lower"),
        "Upper": '"all"' if binary else scaled("upper"),
        "Numerator": at("num"),
        "Denominator": at("den"),
        "Achieved": at("achievement"),
        "Points": at("points"),
        "of": at("points_available"),
        "£ won": at("value"),
        "£ to win": at("to_win"),
        "Patients to lower": at("gap_lower"),
        "Patients to upper": at("gap_upper"),
        "£ per patient": at("per_patient"),
        "Status": f'IF({at("code")}="","",{at("status")})',
        "Tier": at("tier"),
        "Board lead": at("board_lead"),
        "Practice lead": at("practice_lead"),
    }
    for column, (heading, _, style) in enumerate(_COLUMNS, start=1):
        style = f"wall_{rate_style(indicator)}" if style == "shown" else style  # noqa: PLW2901
        if _TREND <= column < _TREND + MONTHS:
            page.formula(row, column, known["month_share"].area.cell(down, column - _TREND), style)
        elif heading == "What counts":
            page.put(row, column, indicator.name if indicator else None, style)
        elif heading == "Last year":
            page.put(row, column, content.last_year.get(indicator.code) if indicator else None, style)
        elif heading == "England":
            page.put(row, column, content.medians.get(indicator.code) if indicator else None, style)
        elif heading == "Sure":
            sure = known["rule_standing"].area.cell(down)
            page.formula(row, column, f'IF({sure}="","",{sure})', style)
        else:
            page.formula(row, column, formulas[heading], style)
    leads = content.planned.get(indicator.code, Planned()) if indicator else Planned()
    texts = indicator.name if indicator else "", leads.board_lead, leads.practice_lead
    most = max(lines(text, room(_WIDTH[of], indent=1), _SIZE) for text, of in zip(texts, _LEFT, strict=True))
    page.heights[row] = max(_LINE * max(most, 2), round(_PRINTED / max(len(indicators), 18), 2))


def _draw_total(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    row = _HEAD - 1
    for column in range(1, len(_COLUMNS) + 1):
        page.put(row, column, None, "wall_total")
    scored = known["scored_rows"].area.absolute
    everything = len(content.ruleset.indicators)
    unattributed = content.ruleset.points_unattributed
    more = f", {float(unattributed):g} points belong to no indicator by name" if unattributed else ""
    page.formula(
        row, 1,
        f'"All indicators: "&{scored}&" of {everything} can be scored"'
        f'&IF({scored}={everything},"","; points of "&({everything}-{scored})&" not known{more}")',
        "wall_total",
    )  # fmt: skip
    for heading, name, style in (
        ("Points", "total_points", "wall_total_points"),
        ("£ won", "total_won", "wall_total_pounds"),
        ("£ to win", "total_to_win", "wall_total_pounds"),
    ):
        page.formula(row, _column(heading), known[name].area.absolute, style)
    page.heights[row] = 24
