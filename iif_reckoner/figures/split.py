"""The sheet Split: the money between the practices, by seven methods side by side, to the penny."""

from collections.abc import Iterator, Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.letters import height
from iif_reckoner.layout.page import Condition, Page, Rule
from iif_reckoner.layout.sheets import BY_KEY, PRACTICES
from iif_reckoner.plan.split import METHODS, MIXED

_SHEET = BY_KEY["split"]
_POUNDS = "0", "1000000000"
COSTS, MINIMUM = "Costs to take off first", "Minimum for each practice"
"""Beside what the amounts are typed."""

_COSTS = 5
_METHODS = 8
_MINIMUM = _METHODS + len(METHODS) + 1
_TITLE = _MINIMUM + 3
_HEAD = _TITLE + 1
_FIRST = _HEAD + 2
_SECOND_TITLE = _FIRST + PRACTICES + 1
_SECOND_HEAD = _SECOND_TITLE + 1
_SECOND = _SECOND_HEAD + 1
_METHOD = 4
_WIDE = _METHOD + len(METHODS) - 1
_LEAST = 4
"""Rows of practices that are always shown."""

_NAME = 30.0


def places() -> dict[str, Place]:
    """Return where the costs, the minimum and the parts of the blend are typed."""
    page = Page(_SHEET)
    return {
        "costs": Place(page.area(_COSTS, 2), "book"),
        "minimum": Place(page.area(_MINIMUM, 2), "book"),
        **{
            f"blend_{method.key}": Place(page.area(row, 2), "book")
            for row, method in enumerate(MIXED, start=_METHODS + 1)
        },
    }


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Split", "What each practice's part would be, once costs are taken off; the yellow cells are yours.")
    banner(page)
    page.widths = {1: _NAME, 2: 13.0, 3: 12.0, **dict.fromkeys(range(_METHOD, _WIDE + 1), 13.5)}
    _draw_sums(page, content, known)
    _draw_methods(page, content, known)
    shown = max(len(content.practices) or PRACTICES, _LEAST)
    _draw_pounds(page, content, known)
    _draw_changes(page, content, known)
    page.hidden_rows = tuple(unused(shown))
    if page.hidden_rows:
        _warn(page, known, shown)
    page.freeze = (4, 2)
    page.table("Split_pounds", page.area(_HEAD, 1, _FIRST + PRACTICES - _HEAD, _WIDE))
    page.table("Split_changes", page.area(_SECOND_HEAD, 1, PRACTICES + 1, _WIDE))
    page.print_area = page.area(1, 1, _SECOND + PRACTICES - 1, _WIDE)


def unused(practices: int) -> Iterator[int]:
    """Yield the rows for further practices than so many: each of their formulas gives nothing."""
    for first in (_FIRST, _SECOND):
        yield from range(first + practices, first + PRACTICES)


def _draw_sums(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write what there is to be split."""
    won = known["total_won"].area.absolute
    for row, label in ((4, "Pounds won"), (_COSTS, COSTS), (6, "To be split")):
        page.put(row, 1, label, "text")
        page.heights[row] = 18
    page.formula(4, 2, f'IF(ISNUMBER({won}),{won},"")', "pence")
    page.put(_COSTS, 2, content.costs, "input_pence")
    page.formula(6, 2, known["split_pounds"].area.absolute, "total_pence")
    page.put(4, 3, "Won so far, at the end of the month that is shown; not a forecast.", "beside")
    page.put(
        _COSTS, 3, "Such as shared staff. Each part below is whole pennies, and they add up to what is split.", "beside"
    )
    _say(page, (6, 3), known["split_note"].area.absolute)
    message = "Write pounds from 0 up, such as 1500."
    for row in (_COSTS, _MINIMUM):
        page.rules.append(
            Rule(area=page.area(row, 2), kind="decimal", least=_POUNDS[0], most=_POUNDS[1], message=message)
        )


def _draw_methods(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write what each method rewards, or why it is blank, and its part in the blend."""
    page.put(_METHODS, 1, "Method", "heading_left")
    page.put(_METHODS, 2, "Part in blend", "heading")
    page.put(_METHODS, 3, "Rewards", "heading_left")
    for column in range(_METHOD, _WIDE + 1):
        page.put(_METHODS, column, None, "heading_left")
    for row, method in enumerate(METHODS, start=_METHODS + 1):
        page.put(row, 1, method.title, "text")
        if method in MIXED:
            page.put(row, 2, content.blend.get(method.key), "input_percent")
        note, missing = known[f"split_{method.key}_note"].area.absolute, known["split_note"].area.absolute
        # What is missing for all of them is said above.
        page.formula(row, 3, f'IF(({note}="")+({missing}<>"")>0,"{method.rewards}",{note})', "beside")
        page.conditions.append(
            Condition(area=page.area(row, 3), formula=f'({note}<>"")*({missing}="")>0', tint="alarm")
        )
        page.heights[row] = 17
    page.formula(_METHODS + len(METHODS), 2, known["split_parts"].area.absolute, "total_percent")
    page.put(_MINIMUM, 1, MINIMUM, "text")
    page.put(_MINIMUM, 2, content.minimum, "input_pence")
    page.put(
        _MINIMUM, 3, "In the blend alone: everyone has it first, and what is left goes by the percentages.", "beside"
    )
    page.heights |= {_METHODS: 18, _MINIMUM: 18}
    message = "Write a percentage from 0% to 100%."
    page.rules.append(
        Rule(area=page.area(_METHODS + 1, 2, len(MIXED)), kind="decimal", least="0", most="1", message=message)
    )


def _draw_pounds(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the pounds of each practice by each method."""
    page.put(_TITLE, 1, "Pounds for each practice", "section")
    _head(page, _HEAD)
    page.put(_HEAD + 1, 1, "All practices", "total")
    page.put(_HEAD + 1, 2, None, "total")
    _draw_practices(page, content, known, _FIRST)
    for column in range(3, _WIDE + 1):
        block = page.area(_FIRST, column, PRACTICES).ref
        style = "total_whole" if column == 3 else "total_pence"
        page.formula(_HEAD + 1, column, f'IF(COUNT({block})=0,"",SUM({block}))', style)
    for column, method in enumerate(METHODS, start=_METHOD):
        for down in range(PRACTICES):
            style = "pence" if down < _used(content) else "slot_pence"
            page.formula(_FIRST + down, column, known[f"split_{method.key}"].area.cell(down), style)
    page.heights[_HEAD + 1] = 18


def _draw_changes(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write by how much each method differs from the split by list."""
    page.put(_SECOND_TITLE, 1, "More (+) or less (-) than by list", "section")
    _head(page, _SECOND_HEAD)
    _draw_practices(page, content, known, _SECOND)
    for column, method in enumerate(METHODS, start=_METHOD):
        for down in range(PRACTICES):
            row, used = _SECOND + down, down < _used(content)
            if method.key == "list":
                page.put(row, column, None, "unused" if used else "slot")
                continue
            style = "change" if used else "slot_change"
            page.formula(row, column, known[f"split_{method.key}_more"].area.cell(down), style)
    changes = page.area(_SECOND, _METHOD + 1, PRACTICES, len(METHODS) - 1)
    first = changes.part().ref
    for sign, tint in ((">", "lead"), ("<", "room")):
        page.conditions.append(
            Condition(area=changes, formula=f"IF(ISNUMBER({first}),{first}{sign}0,FALSE)", tint=tint)
        )


def _head(page: Page, row: int) -> None:
    headings = ("Practice", "Code", "Registered list", *(method.title for method in METHODS))
    for column, heading in enumerate(headings, start=1):
        page.put(row, column, heading, "heading" if column > 1 else "heading_left")
    page.heights[row] = 32


def _draw_practices(page: Page, content: Content, known: Mapping[str, Place], first: int) -> None:
    """Write names, codes and lists of the practices."""
    for down in range(PRACTICES):
        row, used = first + down, down < _used(content)
        name, size = known["practice_name"].area.cell(down), known["practice_list"].area.cell(down)
        page.formula(row, 1, f'IF({name}="","",{name})', "text" if used else "slot")
        page.formula(row, 2, known["practice"].area.cell(down), "centre" if used else "slot")
        page.formula(row, 3, f'IF({size}="","",{size})', "whole" if used else "slot_whole")
        page.heights[row] = height((content.practices[down].name if down < len(content.practices) else None, _NAME))


def _used(content: Content) -> int:
    return len(content.practices) or PRACTICES


def _say(page: Page, at: tuple[int, int], words: str) -> None:
    """Write words that are only there when something is amiss."""
    page.formula(*at, words, "beside")
    page.conditions.append(Condition(area=page.area(*at), formula=f'{words}<>""', tint="alarm"))


def _warn(page: Page, known: Mapping[str, Place], shown: int) -> None:
    """Say so where a practice was added by hand and stands in a hidden row."""
    hidden = known["practice_code"].area.part(shown, 0, PRACTICES - shown).absolute
    page.formula(
        _MINIMUM + 1, 1,
        f'IF(COUNTA({hidden})=0,"",COUNTA({hidden})&" more practices stand in the hidden rows from {_FIRST + shown} '
        f'and from {_SECOND + shown}: mark the rows around them and choose Unhide")',
    )  # fmt: skip
