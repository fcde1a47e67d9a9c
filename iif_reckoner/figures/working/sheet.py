"""Where every figure stands on Working, one block per figure, and how the blocks are written."""

from collections.abc import Mapping, Sequence

from iif_reckoner.figures.records import SIZES, Figure, Over, Place, settled, spelled, spelled_over
from iif_reckoner.figures.working import (
    agenda,
    cash,
    chosen,
    compared,
    forecast,
    keys,
    months,
    native,
    now,
    pasted,
    practices,
    priorities,
    scheme,
    shares,
    split,
    weak_links,
)
from iif_reckoner.layout.page import Page
from iif_reckoner.layout.sheets import BY_KEY, INDICATORS
from iif_reckoner.layout.sheets import PRACTICES as SLOTS
from iif_reckoner.scheme_year import MONTHS

_SHEET = BY_KEY["working"]
BOOK = (
    *scheme.BOOK, *pasted.BOOK, *chosen.BOOK, *shares.BOOK, *priorities.BOOK, *agenda.BOOK, *split.BOOK, *cash.BOOK,
    *forecast.BOOK, *compared.BOOK, *keys.BOOK,
)  # fmt: skip
MONTHLY = (*months.MONTHLY, *chosen.MONTHLY, *cash.MONTHLY, *forecast.MONTHLY)
RULES, ROWS = (*scheme.RULES, *pasted.RULES, *keys.RULES), (*pasted.ROWS, *now.ROWS, *compared.ROWS)
NOW = (*now.NOW, *pasted.SUMS, *priorities.OF_INDICATORS, *agenda.OF_INDICATORS, *forecast.NOW, *compared.INDICATORS)
BY_MONTH = months.BY_MONTH
ACROSS = (*practices.ACROSS, *weak_links.ACROSS, *shares.ACROSS, *split.ACROSS)
PRACTICES = (*practices.PRACTICES, *weak_links.PRACTICES, *shares.PRACTICES, *split.PRACTICES)
CHOSEN = (*chosen.PRACTICES, *shares.WEIGHTS, *agenda.PRACTICES, *split.BY_PRACTICE, *keys.PRACTICES)

_NUMBERED: tuple[Over, ...] = ("indicator", "practice", "action", "line")
"""Of what the places are numbered, in one column of 1, 2, 3 ..., from which lists are put in order."""

_SEEN_AS: Mapping[Over, Mapping[str, str]] = {
    "indicator": {},
    "indicator month": {
        "num": "month_num",
        "den": "month_den",
        "bn": "month_bn",
        "bd": "month_bd",
        "prevalence": "month_prevalence",
        "state": "month_state",
        "points": "month_points",
    },
    "practice indicator": {
        "code": "across_code",
        "scoring": "across_scoring",
        "better": "across_better",
        "scale": "across_scale",
        "bounded": "across_bounded",
        "lower": "across_lower",
        "upper": "across_upper",
        "num": "practice_num",
        "den": "practice_den",
        "state": "practice_state",
        "baseline": "no",
        "bn": "nothing",
        "bd": "nothing",
    },
}
"""By what name the sums find their counts and rules where they are done per month or per practice."""

_ENGINE = 6
_FIRST = _ENGINE + 2
_HEADS = _FIRST + max(len(BOOK), len(MONTHLY)) + 2
_BLOCKS = _HEADS + 3
_ACROSS = _BLOCKS + INDICATORS + 3
_MATRICES = _ACROSS + len(ACROSS) + 1
_CHOSEN = 2 + INDICATORS + 1
_APART = 3
"""Rows from the end of a table of practices to the next one."""


def places(inputs: Mapping[str, Place]) -> dict[str, Place]:
    """Return where every figure stands, beside where the inputs stand that figures look at."""
    found = dict(inputs)
    for row, figure in enumerate(BOOK, start=_FIRST):
        found[figure.name] = _place(row, 2, figure)
    found["engine"] = Place(_place(_ENGINE, 2, BOOK[0]).area, "book")
    found["no"] = Place(_place(_ENGINE + 1, 2, BOOK[0]).area, "book")
    found["nothing"] = Place(_place(_ENGINE + 1, 3, BOOK[0]).area, "book")
    column = 2
    for figure in (*RULES, *NOW, *weak_links.ACROSS, *shares.ACROSS):
        found[figure.name] = _place(_BLOCKS, column, figure)
        column += 1
    column += 1
    for row, figure in enumerate(MONTHLY, start=_FIRST):
        found[figure.name] = _place(row, column, figure)
    found |= forecast.places(_SHEET, _FIRST, column + MONTHS + 2)
    for figure in BY_MONTH:
        found[figure.name] = _place(_BLOCKS, column, figure)
        column += MONTHS + 1
    for figure in ROWS:
        found[figure.name] = _place(_BLOCKS, column, figure)
        column += 1
    found |= {f"{over}_number": Place(Page(_SHEET).area(_BLOCKS, column, *SIZES[over]), over) for over in _NUMBERED}
    for figure in (*agenda.ACTIONS, *agenda.LISTS):
        column += 1
        found[figure.name] = _place(_BLOCKS, column, figure)
    for row, figure in enumerate(ACROSS, start=_ACROSS):
        found[figure.name] = _place(row, 2, figure)
    found["practice"] = _place(_MATRICES, 1, PRACTICES[0])
    for place, figure in enumerate(PRACTICES[1:]):
        found[figure.name] = _place(_MATRICES + place * (SLOTS + _APART), 2, figure)
    for column, figure in enumerate(CHOSEN, start=_CHOSEN):
        found[figure.name] = _place(_MATRICES, column, figure)
    return found


_PRINTED = 14
"""Columns that print: words, value and unit of the figures of the whole workbook, and room for the longest of them."""


def _place(row: int, column: int, figure: Figure) -> Place:
    height, width = SIZES[figure.over]
    return Place(Page(_SHEET).area(row, column, height, width), figure.over)


def draw(page: Page, known: Mapping[str, Place], *, python: str | None) -> None:
    """Write every figure. `python` is the formula that is TRUE where Python answers, None without macros."""
    page.title("Working", "Every figure of this workbook, each once. Nothing is typed here; other sheets refer to it.")
    page.put(4, 1, "For the whole workbook", "section")
    page.put(_ENGINE, 1, "Engine", "working")
    page.formula(_ENGINE, 2, _engine(known, python), "working")
    page.put(_ENGINE, 4, "Who works out the figures: Python, or Excel's own formulas", "working")
    page.put(_ENGINE + 1, 1, "Constants", "working")
    page.put(_ENGINE + 1, 2, "no", "working")
    page.put(_ENGINE + 1, 4, "What practices have of a baseline; the cell beside it is empty on purpose", "working")
    for figure in BOOK:
        row = known[figure.name].area.row
        page.put(row, 1, figure.words, "working")
        page.put(row, 4, figure.unit, "working")
    page.put(_HEADS - 1, 1, "For each indicator, and for each indicator and month", "section")
    page.put(_ACROSS - 1, 1, "For each practice and indicator", "section")
    numbers = known["action_number"].area
    for down in range(numbers.height):
        page.put(numbers.row + down, numbers.column, down + 1, "working")
    for figure in (*RULES, *NOW, *BY_MONTH, *ROWS, *agenda.ACTIONS, *agenda.LISTS):
        area = known[figure.name].area
        page.put(_HEADS, area.column, figure.words, "working")
        page.put(_HEADS + 1, area.column, figure.unit, "working")
        page.put(_HEADS + 2, area.column, figure.name, "working")
    for figure in (*ACROSS, *MONTHLY):
        area = known[figure.name].area
        page.put(area.row, area.column - 1, figure.words, "working")
    for figure in (*PRACTICES[1:], *CHOSEN):
        area = known[figure.name].area
        page.put(area.row - 1, area.column, f"{figure.words} ({figure.unit}): {figure.name}", "working")
    for figures in (BOOK, MONTHLY, RULES, ROWS, NOW, BY_MONTH, ACROSS, PRACTICES, CHOSEN, agenda.ACTIONS, agenda.LISTS):
        _draw_figures(page, figures, known, python=python is not None)
    forecast.draw(page, known)
    page.widths = {1: 58.0}
    # The blocks below are hundreds of columns wide: for the screen, not for paper.
    page.print_area = page.area(1, 1, _HEADS - 2, _PRINTED)


def _engine(known: Mapping[str, Place], python: str | None) -> str:
    choice = known["choice"].area.absolute
    if python is None:
        return f'IF({choice}="","Formulas","Formulas")'
    # The count makes the cell depend on the figures: without inputs of its own it would keep an old answer.
    figures = ",".join(known[name].area.absolute for name in ("pairs", "paste_value"))
    alive = f'IF(COUNT({figures})>=0,IF({python},"Python","Formulas"),"Formulas")'
    return f'IF({choice}="Automatic",{alive},{choice})'


def _draw_figures(page: Page, figures: Sequence[Figure], known: Mapping[str, Place], *, python: bool) -> None:
    for figure in figures:
        area = known[figure.name].area
        seen = known
        # The formulas of the sums have one set of names for all blocks.
        if figure.function or figure.native == native.STATE or figure.seen_as:
            others = {**_SEEN_AS.get(figure.over, {}), **figure.seen_as}
            seen = {**known, **{name: known[other] for name, other in others.items()}}
        if figure.function and python:
            engine = known["engine"].area.absolute.rpartition("!")[2]
            call, formula = (spelled_over(text, page.sheet, seen) for text in (figure.function, figure.native))
            page.array(area, f'IF({engine}="Python",{call},{formula})')
            continue
        native_here = settled(figure.native, page.sheet, seen)
        for right in range(area.width):
            column = spelled(native_here, page.sheet, figure.over, seen, right)
            for down in range(area.height):
                page.formula(area.row + down, area.column + right, column.at(down), "working")
