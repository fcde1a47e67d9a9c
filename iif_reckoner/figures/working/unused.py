"""What Working holds in the slots that a workbook does not use: the same in every workbook, so nobody works it out."""

from collections.abc import Iterator, Mapping
from itertools import product

from iif_reckoner.figures.records import SIZES
from iif_reckoner.figures.working import native, pasted, sheet
from iif_reckoner.layout.page import Position
from iif_reckoner.scheme_year import MONTHS

_FIGURES = (
    *sheet.RULES, *sheet.NOW, *sheet.BY_MONTH, *sheet.ROWS, *sheet.ACROSS, *sheet.PRACTICES, *sheet.CHOSEN,
)  # fmt: skip

_NOUGHT = (
    "complete", "month_complete", "rest_complete", "stay_complete", "odd_override", "reversed", "falls", "row_stray",
    "row_twice", "row_fraction", "stay_month", "practice_past", "practice_points", "practice_without", "split_beyond",
    "split_by_list", "split_den", "split_earned", "split_from", "split_own", "split_past", "split_rate", "split_span",
    "keys_missing_of",
)  # fmt: skip
_ELSE: Mapping[str, float | str] = {
    **dict.fromkeys(_NOUGHT, 0.0),
    **dict.fromkeys(("keys_there", "split_sign", "practice_adjustment_left"), 1.0),
    **dict.fromkeys(("baseline", "end_told"), "no"),
    "share_all": "yes",
    **dict.fromkeys(("gaps_lower_line", "gaps_upper_line"), "#N/A"),
    **dict.fromkeys((figure.name for figure in _FIGURES if figure.native == native.STATE), "blank"),
    "average_state": "blank",
}
"""Figures that give something where their indicator, practice or row of Counts is not there; all others give nothing."""

_BY_CHOICE = ("share_own",)
"""Figures that give there what somebody chose for the whole workbook: they are worked out everywhere."""


def given(indicators: int, practices: int, *, pasted_too: bool) -> Iterator[tuple[str, Position, float | str]]:
    """Yield what figures give where they have nothing to say: name, place in the figure's block, and result.

    Used are the first `indicators` and `practices` and the rows of Counts that these can have. Figures from Paste have
    nothing to say anywhere, but where `pasted_too` what they say of no indicator depends on the month of its rows.
    """
    used = {
        "indicator": (indicators, 1),
        "indicator month": (indicators, MONTHS),
        "indicator across": (1, indicators),
        "practice": (practices, 1),
        "practice indicator": (practices, indicators),
        # Below the rows of the practices stand those of the PCN itself.
        "row": (practices * indicators + indicators, 1),
    }
    for figure in _FIGURES:
        if figure.over not in used or figure.name in _BY_CHOICE:
            continue
        height, width = SIZES[figure.over]
        down, right = used[figure.over]
        if figure.name in pasted.ASLEEP:
            down, right = (height, width) if pasted_too else (0, 0)
        for at in product(range(height), range(width)):
            if at[0] >= down or at[1] >= right:
                yield figure.name, at, _ELSE.get(figure.name, "")
