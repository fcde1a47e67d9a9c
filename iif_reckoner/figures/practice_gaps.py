"""The sheet Practice gaps: how many patients each practice still needs, indicator by indicator, and who takes them on."""

from collections.abc import Iterator, Mapping

from iif_reckoner.figures import practice_shares
from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner, chooser, rate_style, status_colours
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Chart, Condition, Page, Position
from iif_reckoner.layout.paper import begin, fitted, room, tall
from iif_reckoner.layout.sheets import BY_KEY, INDICATORS, PRACTICES

_SHEET = BY_KEY["practice_gaps"]
_LEGEND = 4
_WARNING = 7
_HEAD = 9
_PCN = 2
_FIRST = _HEAD + 1 + _PCN
_SECOND_HEAD = _FIRST + PRACTICES + 3
_THRESHOLDS = 3
_SECOND = _SECOND_HEAD + 1 + _THRESHOLDS
TABLES = practice_shares.Tables(_SECOND + PRACTICES)
_OF_PRACTICES = (_FIRST, _SECOND, TABLES.average, TABLES.shares)
_LEFT = 3
_NAME = 30.0
_CHOICE = 5
_SHOWN = 12
_SIDE_BY_SIDE = _LEFT - 1 + _SHOWN
_KEY = (
    ("0", "key_met", "this practice is at the upper threshold, and so is the PCN"),
    ("0", "key_lead", "this practice is there, the PCN not yet: what works here may help the others"),
    ("1%", "key_room", "in the tables below: the practice with most room to grow where the PCN is not there yet"),
)


def places() -> dict[str, Place]:
    """Return where the indicator of the chart is chosen, and what shares go by."""
    return {"gaps_choice": Place(Page(_SHEET).area(_CHOICE, 2), "book"), **practice_shares.places()}


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    draw_shared(page, content, known)
    draw_own(page, content, known)


def draw_shared(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write what all PCNs have in common: nearly all of it."""
    page.title("Practice gaps", "Each practice alone, by indicator")
    banner(page)
    page.widths = {1: 11.0, 2: _NAME, **dict.fromkeys(range(_LEFT, _LEFT + INDICATORS), 11.6)}
    for row, (sign, style, words) in enumerate(_KEY, start=_LEGEND):
        page.put(row, _LEFT, sign, style)
        page.put(row, _LEFT + 1, words, "beside")
    page.put(_CHOICE, 1, "Chart of", "text")
    chooser(page, known, content, "gaps_choice")
    page.heights[_CHOICE] = 18
    page.put(_WARNING, _LEFT, None)
    _draw_heads(page, content, known)
    _draw_tables(page, content, known)
    practice_shares.draw_shared(page, content, known, TABLES)
    for name, head, first in (
        ("Patients_to_upper", _HEAD, _FIRST),
        ("Achievement", _SECOND_HEAD, _SECOND),
        ("To_average", TABLES.average_head, TABLES.average),
        ("Fair_shares", TABLES.shares_head, TABLES.shares),
    ):
        page.table(name, page.area(head, 1, first + PRACTICES - head, _LEFT - 1 + len(content.ruleset.indicators)))
    wide = _wide(content)
    page.hidden_columns = tuple(range(wide + 1, _LEFT + INDICATORS))
    page.title_columns, page.pages_wide = (1, 2), 1 + (wide - _LEFT) // _SHOWN
    page.freeze = (_FIRST, _LEFT)


def draw_own(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write what depends on the practices: rows that are used, and the chart below the tables."""
    practices = len(content.practices) or PRACTICES
    for down, practice in enumerate(content.practices):
        for first in _OF_PRACTICES:
            page.heights[first + down] = height((practice.name, _NAME))
    page.hidden_rows = tuple(
        row for first in _OF_PRACTICES for row in range(first + max(practices, 4), first + PRACTICES)
    )
    tallest = max(tall(page, range(head, first + practices)) for head, first in ((1, _FIRST), *TABLES.starts))
    page.scale = fitted(page, _SIDE_BY_SIDE, tallest)
    if tallest > room(page):
        page.title_rows = (_HEAD, _HEAD)
    for start, first in ((_SECOND_HEAD - 1, _SECOND), *TABLES.starts):
        begin(page, start, tall(page, range(start, first + practices)))
    if page.hidden_rows:
        _warn(page, known, max(practices, 4))
    practice_shares.draw_own(page, content)
    start = TABLES.end + 1
    begin(page, start, tall(page, range(start, start + 20)))
    _draw_chart(page, content, known, start)
    page.print_area = page.area(1, 1, start + 19, _wide(content))


def unused(indicators: int, practices: int) -> Iterator[Position]:
    """Yield the cells of the tables for further indicators and practices than so many: they show nothing."""
    heads = (_HEAD, _SECOND_HEAD, TABLES.average_head, TABLES.shares_head)
    for head, first in zip(heads, _OF_PRACTICES, strict=True):
        for row in range(head, first + PRACTICES):
            begin = 1 if row >= first + practices else _LEFT + indicators
            yield from ((row, column) for column in range(begin, _LEFT + INDICATORS))


def _wide(content: Content) -> int:
    """Return the last column that is shown."""
    return _LEFT - 1 + max(len(content.ruleset.indicators), _SHOWN)


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
        style, used = rate_style(indicator), indicator is not None
        at = {
            name: known[name].area.cell(right)
            for name in ("code", "status", "gap_upper", "lower", "upper", "scale", "achievement", "scoring")
        }
        for head in (_HEAD, _SECOND_HEAD):
            if indicator:
                page.put(head, column, indicator.code, "heading")
            else:
                page.formula(head, column, at["code"], "slot")
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
    for down in range(PRACTICES):
        for first, figure, kind in ((_FIRST, "practice_gap", "whole"), (_SECOND, "practice_achievement", "percent")):
            row = first + down
            page.heights[row] = height()
            page.formula(row, 1, known["practice"].area.cell(down), "text")
            named = known["practice_name"].area.cell(down)
            page.formula(row, 2, f'IF({named}="","",{named})', "text")
            for right in range(INDICATORS):
                used = right < len(indicators)
                own = rate_style(indicators[right]) if used and kind == "percent" else kind
                page.formula(row, _LEFT + right, known[figure].area.cell(down, right), own if used else f"slot_{kind}")
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
    rows = ", ".join(str(first + shown) for first in _OF_PRACTICES)
    page.formula(
        _WARNING,
        _LEFT,
        f'IF(COUNTA({hidden})=0,"",COUNTA({hidden})&" more practices stand in the hidden rows from {rows}: '
        'mark the rows around them and choose Unhide")',
        "plain",
    )


def _draw_chart(page: Page, content: Content, known: Mapping[str, Place], start: int) -> None:
    """Write the chart and what it shows."""
    page.put(start, 1, "Practices against the thresholds", "section")
    place, factor = known["gaps_place"].area.absolute, known["gaps_factor"].area.absolute
    page.formula(
        start + 1, 1,
        f'IF({place}=0,"Write one of the codes of the tables in B{_CHOICE}.",'
        f'INDEX({known["code"].area.absolute},{place})&", "&IF({factor}=100,"per cent","in the indicator\'s own unit")'
        f'&", chosen in B{_CHOICE}; a change on a baseline has no threshold for a practice")',
    )  # fmt: skip
    rows = len(content.practices) or PRACTICES
    page.charts.append(
        Chart(
            kind="bar",
            title="Practices against the thresholds of the chosen indicator",
            text="Columns of each practice's achievement of the chosen indicator, with dashed lines at its lower and its "
            "upper threshold. The lower table on this sheet has the same figures.",
            at=(start + 3, _LEFT),
            size=(23.0, 8.2),
            labels=known["gaps_label"].area.part(0, 0, rows),
            series=[
                (words, known[name].area.part(0, 0, rows))
                for words, name in (
                    ("Achievement", "gaps_achievement"),
                    ("Lower threshold", "gaps_lower_line"),
                    ("Upper threshold", "gaps_upper_line"),
                )
            ],
            y_title="Achievement",
            y_format="General",
            dashed=(1, 2),
        )
    )
