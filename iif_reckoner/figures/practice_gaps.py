"""The sheet Practice gaps: how many patients each practice still needs, indicator by indicator."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.layout.page import Condition, Page
from iif_reckoner.layout.sheets import INDICATORS, PRACTICES

_HEAD = 5
_FIRST = _HEAD + 1
_SECOND = _FIRST + PRACTICES + 4


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Practice gaps", "What each practice alone still needs to the upper threshold, and where it stands.")
    used, practices = len(content.ruleset.indicators), len(content.practices)
    for first, words, name, style in (
        (_FIRST, "Patients to the upper threshold", "practice_gap", "whole"),
        (_SECOND, "Achievement", "practice_achievement", "percent"),
    ):
        page.put(first - 2, 1, words, "section")
        page.put(first - 1, 1, "Practice", "heading")
        page.put(first - 1, 2, "Name", "heading_left")
        for right in range(INDICATORS):
            page.formula(first - 1, 3 + right, known["code"].area.cell(right), "heading")
        for down in range(PRACTICES):
            page.formula(first + down, 1, known["practice"].area.cell(down), "text")
            named = known["practice_name"].area.cell(down)
            page.formula(first + down, 2, f'IF({named}="","",{named})', "text")
            for right in range(INDICATORS):
                page.formula(first + down, 3 + right, known[name].area.cell(down, right), style)
    gaps = page.area(_FIRST, 3, PRACTICES, INDICATORS)
    ref = gaps.part().ref
    page.conditions.append(Condition(area=gaps, formula=f"IF(ISNUMBER({ref}),{ref}=0,FALSE)", tint="met"))
    page.hidden_rows = (
        *range(_FIRST + max(practices, 4), _FIRST + PRACTICES),
        *range(_SECOND + max(practices, 4), _SECOND + PRACTICES),
    )
    page.hidden_columns = tuple(range(3 + used, 3 + INDICATORS))
    page.widths = {1: 12.0, 2: 34.0, **dict.fromkeys(range(3, 3 + INDICATORS), 9.5)}
    page.freeze = (_FIRST, 3)
    page.print_area = page.area(1, 1, _SECOND + PRACTICES - 1, 2 + used)
