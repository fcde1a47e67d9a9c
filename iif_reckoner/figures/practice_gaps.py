"""The sheet Practice gaps: how many patients each practice still needs, indicator by indicator."""

from collections.abc import Mapping

from iif_reckoner.figures.checks import banner
from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.start import status_colours
from iif_reckoner.figures.trend import chooser, next_page, number_chosen, scale_chosen, threshold_chosen
from iif_reckoner.layout.look import height
from iif_reckoner.layout.page import Chart, Condition, Page
from iif_reckoner.layout.sheets import INDICATORS, PRACTICES
from iif_reckoner.model import Indicator
from iif_reckoner.package.address import column_letters as letters

_LEGEND = 5
_HEAD = 9
_PCN = 2
_FIRST = _HEAD + 1 + _PCN
_SECOND_HEAD = _FIRST + PRACTICES + 3
_THRESHOLDS = 3
_SECOND = _SECOND_HEAD + 1 + _THRESHOLDS
_LEFT = 3
_BEHIND = _LEFT + INDICATORS + 1
_SHOWN = 12
_NAMED = 16
_KEY = (
    ("0", "key_met", "this practice is at the upper threshold, and so is the PCN"),
    ("0", "key_lead", "this practice is there, the PCN not yet: what works here may help the others"),
    ("1%", "key_room", "in the lower table: the practice with most room to grow where the PCN is not there yet"),
)


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Practice gaps", "Each practice alone, by indicator")
    banner(page)
    page.widths = {1: 10.0, 2: 27.0, **dict.fromkeys(range(_LEFT, _LEFT + INDICATORS), 10.0), _BEHIND - 1: 4.0}
    for down, (sign, style, words) in enumerate(_KEY):
        page.put(_LEGEND + down - 1, _LEFT, sign, style)
        page.put(_LEGEND + down - 1, _LEFT + 1, words)
    _draw_heads(page, content, known)
    _draw_tables(page, content, known)
    used = len(content.ruleset.indicators)
    practices = len(content.practices) or PRACTICES
    page.hidden_rows = (
        *range(_FIRST + max(practices, 4), _FIRST + PRACTICES),
        *range(_SECOND + max(practices, 4), _SECOND + PRACTICES),
    )
    page.hidden_columns = tuple(range(_LEFT + max(used, _SHOWN), _LEFT + INDICATORS))
    if page.hidden_rows:
        _warn(page, known, max(practices, 4))
    wide = _LEFT - 1 + max(used, _SHOWN)
    page.print_area = page.area(1, 1, 1, wide)
    start = next_page(page, _SECOND + PRACTICES + 1, rows=20)
    _draw_chart(page, content, known, start)
    page.title_columns, page.pages_wide = (1, 2), 1 + (max(used, _SHOWN) - 1) // _SHOWN
    page.freeze = (_FIRST, _LEFT)
    page.print_area = page.area(1, 1, start + 19, wide)


def _style(indicator: Indicator | None) -> str:
    if indicator is None or not indicator.unit.percent:
        return "percent" if indicator is None else "number"
    return "percent_2" if (indicator.upper_threshold or 1) < 0.05 else "percent"


def _draw_heads(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write headings and, below them, where the PCN stands and what its thresholds are."""
    page.put(_HEAD - 1, 1, "Patients to the upper threshold", "section")
    page.put(_SECOND_HEAD - 1, 1, "Achievement", "section")
    page.put(_HEAD + 1, 1, "PCN", "total")
    page.put(_HEAD + 1, 2, "Where the whole PCN stands", "total")
    page.put(_HEAD + 2, 1, "PCN", "total")
    page.put(_HEAD + 2, 2, "Patients the PCN needs", "total")
    for down, (label, words) in enumerate(
        (("Rule", "Lower threshold"), ("Rule", "Upper threshold"), ("PCN", "The whole PCN")), start=1
    ):
        page.put(_SECOND_HEAD + down, 1, label, "total")
        page.put(_SECOND_HEAD + down, 2, words, "total")
    indicators = content.ruleset.indicators
    for head in (_HEAD, _SECOND_HEAD):
        page.put(head, 1, "Practice", "heading")
        page.put(head, 2, "Name", "heading_left")
    for right in range(INDICATORS):
        column, indicator = _LEFT + right, indicators[right] if right < len(indicators) else None
        style, used = _style(indicator), indicator is not None
        at = {
            name: known[name].area.cell(right)
            for name in ("code", "status", "gap_upper", "lower", "upper", "scale", "achievement", "scoring")
        }
        for head in (_HEAD, _SECOND_HEAD):
            page.formula(head, column, at["code"], "heading" if used else "slot")
        page.formula(_HEAD + 1, column, f'IF({at["code"]}="","",{at["status"]})', "status" if used else "slot_status")
        page.formula(_HEAD + 2, column, at["gap_upper"], "total_whole" if used else "slot_whole")
        for down, name in enumerate(("lower", "upper"), start=1):
            page.formula(
                _SECOND_HEAD + down,
                column,
                f'IF(({at["code"]}="")+({at[name]}="")>0,"",IF({at["scoring"]}="improvement","change",'
                f"{at[name]}/{at['scale']}))",
                f"total_{style}" if used else "slot_percent",
            )
        page.formula(_SECOND_HEAD + 3, column, at["achievement"], f"total_{style}" if used else "slot_percent")
    status_colours(page, page.area(_HEAD + 1, _LEFT, 1, INDICATORS))
    for row in (_HEAD, _SECOND_HEAD):
        page.heights[row] = 20


def _draw_tables(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    indicators = content.ruleset.indicators
    practices = len(content.practices) or PRACTICES
    for down in range(PRACTICES):
        listed = down < practices
        name = content.practices[down].name if down < len(content.practices) else None
        for first, figure, kind in ((_FIRST, "practice_gap", "whole"), (_SECOND, "practice_achievement", "percent")):
            row = first + down
            page.heights[row] = height((name, 29.0))
            page.formula(row, 1, known["practice"].area.cell(down), "text" if listed else "slot")
            named = known["practice_name"].area.cell(down)
            page.formula(row, 2, f'IF({named}="","",{named})', "text" if listed else "slot")
            for right in range(INDICATORS):
                used = right < len(indicators)
                own = _style(indicators[right]) if used and kind == "percent" else kind
                style = own if listed and used else f"slot_{kind}"
                page.formula(row, _LEFT + right, known[figure].area.cell(down, right), style)
    gaps = page.area(_FIRST, _LEFT, PRACTICES, INDICATORS)
    ref = gaps.part().ref
    status = f"{ref.rstrip('0123456789')}${_HEAD + 1}"
    short = f'(({status}="Between")+({status}="Below")>0)'
    at_zero = f"IF(ISNUMBER({ref}),{ref}=0,FALSE)"
    page.conditions.append(Condition(area=gaps, formula=f"IF({at_zero},{short},FALSE)", tint="lead"))
    page.conditions.append(Condition(area=gaps, formula=at_zero, tint="met"))
    shares = page.area(_SECOND, _LEFT, PRACTICES, INDICATORS)
    own = shares.part().ref
    letter = own.rstrip("0123456789")
    status = f"{letter}${_HEAD + 1}"
    column = f"{letter}${_SECOND}:{letter}${_SECOND + PRACTICES - 1}"
    lower, upper = (f"{letter}${_SECOND_HEAD + down}" for down in (1, 2))
    furthest = f"IF(IF(ISNUMBER({lower}),{lower}>{upper},FALSE),{own}=MAX({column}),{own}=MIN({column}))"
    room = f'IF(({status}="Between")+({status}="Below")=0,FALSE,IF(ISNUMBER({own})*ISNUMBER({upper}),{furthest},FALSE))'
    page.conditions.append(Condition(area=shares, formula=room, tint="room"))


def _warn(page: Page, known: Mapping[str, Place], shown: int) -> None:
    """Say so where a practice was added by hand and stands in a hidden row."""
    hidden = known["practice_code"].area.part(shown, 0, PRACTICES - shown).absolute
    page.formula(
        _LEGEND + 2,
        _LEFT,
        f'IF(COUNTA({hidden})=0,"",COUNTA({hidden})&" more practices stand in the hidden rows from {_FIRST + shown} '
        f'and from {_SECOND + shown}: mark the rows around them and choose Unhide")',
        "plain",
    )


def _draw_chart(page: Page, content: Content, known: Mapping[str, Place], start: int) -> None:
    """Write the choice, what the chart draws (right of the printed page) and the chart."""
    page.put(start, 1, "Practices against the thresholds", "section")
    page.put(start + 1, 1, "Indicator", "text")
    chooser(page, known, content, start + 1, 2)
    page.heights[start + 1] = 18
    place, factor = f"${letters(_BEHIND + 1)}${_HEAD - 2}", f"${letters(_BEHIND + 1)}${_HEAD - 1}"
    page.put(_HEAD - 3, _BEHIND, "Behind the chart; #N/A is what it leaves out", "working")
    page.put(_HEAD - 2, _BEHIND, "Place of the chosen indicator", "working")
    page.formula(_HEAD - 2, _BEHIND + 1, number_chosen(known, f"$B${start + 1}"), "behind")
    page.put(_HEAD - 1, _BEHIND, "Its factor for the chart", "working")
    page.formula(_HEAD - 1, _BEHIND + 1, scale_chosen(known, place), "behind")
    page.row(_SECOND_HEAD, _BEHIND, ("Practice", "Achievement", "Lower threshold", "Upper threshold"), "working")
    page.formula(
        start + 1, 3,
        f'IF({place}=0,"Write one of the codes of the tables above.",IF({factor}=100,"per cent",'
        '"in the indicator\'s own unit")&"; a change on a baseline has no threshold for a practice")',
    )  # fmt: skip
    short = len(content.practices) <= _NAMED and bool(content.practices)
    scoring = known["scoring"].area.absolute
    for down in range(PRACTICES):
        row = _SECOND + down
        code, name = known["practice"].area.cell(down), known["practice_name"].area.cell(down)
        page.formula(row, _BEHIND, f'IF({name}="",{code},{name})' if short else code, "working")
        across = known["practice_achievement"].area.part(down, 0, 1, INDICATORS).absolute
        page.formula(
            row,
            _BEHIND + 1,
            f'IF({place}=0,"",IF(ISNUMBER(INDEX({across},1,{place})),INDEX({across},1,{place})*{factor},""))',
            "behind",
        )
        for right, threshold in enumerate(("lower", "upper"), start=2):
            line = threshold_chosen(known, threshold, place, factor)
            page.formula(
                row,
                _BEHIND + right,
                f'IF({place}=0,NA(),IF(({code}="")+(INDEX({scoring},{place})="improvement")>0,NA(),{line}))',
                "behind",
            )
    page.widths.update({_BEHIND: 28.0, _BEHIND + 1: 12.0, _BEHIND + 2: 14.0, _BEHIND + 3: 14.0})
    rows = len(content.practices) or PRACTICES
    page.charts.append(
        Chart(
            kind="bar",
            title="Practices against the thresholds of the chosen indicator",
            text="Columns of each practice's achievement of the chosen indicator, with dashed lines at its lower and its "
            "upper threshold. The lower table on this sheet has the same figures.",
            at=(start + 3, _LEFT),
            size=(23.0, 8.2),
            labels=page.area(_SECOND, _BEHIND, rows),
            series=[
                (words, page.area(_SECOND, _BEHIND + right, rows))
                for right, words in enumerate(("Achievement", "Lower threshold", "Upper threshold"), start=1)
            ],
            y_title="Achievement",
            y_format="General",
            dashed=(1, 2),
        )
    )
