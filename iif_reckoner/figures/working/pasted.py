"""What the sheet Paste adds: for each row of Counts the figures of one month that nobody typed there."""

from iif_reckoner.figures.paste import LAST, NO_ROW, OTHER_INDICATOR, OTHER_MEASURE
from iif_reckoner.figures.working.spelling import figure

TWICE, NO_COUNT = "twice", "no count"
"""What stands in the place of a figure that Paste has twice, or not as a whole number from 0 up."""

_LEFT = "+".join(f"{{pasted_{name}}}" for name in ("no_row", "other_indicator", "other_measure", "below"))


def _rows(words: str) -> str:
    return f'IF({{pasted_rows}}=0,0,COUNTIF({{paste_read:all}},"{words}"))'


BOOK = (
    figure("pasted_rows", "book", "Rows on Paste with a value", "rows", "COUNTA({paste_value:all})"),
    figure(
        "pasted_month", "book", "Month of the rows on Paste; 0 where nothing is to be picked up", "month",
        'IF(({pasted_rows}=0)+({paste_month}="")>0,0,IFERROR(MATCH({paste_month},{month_label:all},0),0))',
    ),
    figure("pasted_no_row", "book", "Of these rows without one on Counts", "rows", _rows(NO_ROW)),
    figure("pasted_other_indicator", "book", "Of these rows of other indicators", "rows", _rows(OTHER_INDICATOR)),
    figure(
        "pasted_other_measure", "book", "Of these rows neither numerator nor denominator", "rows", _rows(OTHER_MEASURE)
    ),
    figure("pasted_below", "book", "Cells on Paste below the rows that are read", "cells", "COUNTA({paste_below:all})"),
    figure(
        "pasted_used", "book", "Figures picked up from Paste", "figures", "COUNT({pasted_num:all},{pasted_den:all})"
    ),
    figure(
        "pasted_left", "book", "Rows on Paste that are not picked up", "rows",
        f"IF(({{pasted_rows}}>0)*({{pasted_month}}=0)>0,{{pasted_rows}},{_LEFT})",
    ),
    figure(
        "pasted_note", "book", "What Paste says of what it holds", "text",
        'IF({pasted_rows}=0,"Nothing is pasted yet.",IF({pasted_month}=0,"Choose the month of these rows.",'
        '"Figures picked up: "&{pasted_used}&IF({pasted_rows}+{pasted_below}={pasted_used}+{pasted_left},".",'
        '". Not used, for Counts has the figure or Checks finds it wrong: "'
        '&({pasted_rows}+{pasted_below}-{pasted_used}-{pasted_left})&".")))',
    ),
    figure(
        "pasted_left_note", "book", "What Paste says of what it leaves out", "text",
        'IF(({pasted_month}=0)+({pasted_left}=0)>0,"","Left out: "&{pasted_no_row}&" without a row on Counts, "'
        '&{pasted_other_indicator}&" of other indicators, "&{pasted_other_measure}'
        f'&" neither numerator nor denominator"&IF({{pasted_below}}=0,"",", and all below row {LAST}")&".")',
    ),
)  # fmt: skip

RULES = (
    figure(
        "other_code", "indicator", "Its code in CQRS, where no other indicator has the same", "code",
        'IF({rule_cqrs}="","",IF(COUNTIF({rule_cqrs:all},{rule_cqrs})=1,{rule_cqrs},""))',
    ),
)  # fmt: skip

_KEYS = "{count_practice:all},{count_practice},{count_indicator:all},{count_indicator}"
_TYPED = '(INDEX({pairs:row},1,2*{pasted_month}-1)<>"")+(INDEX({pairs:row},1,2*{pasted_month})<>"")>0'


def _picked_up(kind: str) -> str:
    """Return the formula of a row's figure from Paste, or in a word why it is none."""
    mine = f'{{paste_practice:all}},{{count_practice}},{{paste_read:all}},{{count_indicator}}&" {kind}"'
    value = f"SUMIFS({{paste_value:all}},{mine})"
    return (
        f'IF({{pasted_month}}=0,"",IF(({{count_practice}}="")+({{count_indicator}}="")>0,"",IF({_TYPED},"",'
        f'IF(COUNTIFS({mine})=0,"",IF(COUNTIFS({mine})*COUNTIFS({_KEYS})>1,"{TWICE}",'
        f'IF(COUNTIFS({mine},{{paste_value:all}},">-1E+99")=0,"{NO_COUNT}",'
        f'IF({value}<>ROUND(ABS({value}),0),"{NO_COUNT}",{value})))))))'
    )


ROWS = tuple(
    figure(
        f"pasted_{kind[:3]}", "row", f"{kind.capitalize()} from Paste, where Counts has neither", "patients",
        _picked_up(kind),
    )
    for kind in ("numerator", "denominator")
)  # fmt: skip

_PAIRS = '{count_indicator:all},{code},{pasted_num:all},">-1E+99",{pasted_den:all},">-1E+99"'
_COMPLETE = _PAIRS + ',{base_num:all},"<>",{base_den:all},"<>"'


def _if_pasted(formula: str) -> str:
    return f'IF({{pasted_month}}=0,"",{formula})'


def _of_pairs(name: str) -> str:
    """Return the formula of the sum over the practices that count in the month: those with a baseline, if any has one."""
    return _if_pasted(
        f"IF(INDEX({{month_complete:row}},1,{{pasted_month}})>0,SUMIFS({{{name}:all}},{_COMPLETE}),"
        f"SUMIFS({{{name}:all}},{_PAIRS}))"
    )


def _of_complete(name: str) -> str:
    return _if_pasted(f"SUMIFS({{{name}:all}},{_COMPLETE})")


SUMS = (
    figure(
        "pasted_pairs", "indicator", "Practices with both figures from Paste", "count",
        _if_pasted(f"COUNTIFS({_PAIRS})"),
    ),
    figure(
        "pasted_complete", "indicator", "Those of them that have a baseline, where one is needed", "count",
        _if_pasted(f'IF({{baseline}}="yes",COUNTIFS({_COMPLETE}),0)'),
    ),
    figure("pasted_sum_num", "indicator", "Numerators from Paste", "patients", _of_pairs("pasted_num")),
    figure("pasted_sum_den", "indicator", "Denominators from Paste", "patients", _of_pairs("pasted_den")),
    figure("pasted_bn", "indicator", "Numerator of their baselines", "patients", _of_complete("base_num")),
    figure("pasted_bd", "indicator", "Denominator of their baselines", "patients", _of_complete("base_den")),
)  # fmt: skip

ASLEEP = tuple(own.name for own in (*ROWS, *SUMS))
"""The figures that give nothing while nothing is pasted."""


def found(words: str) -> str:
    """Return the formula of how many figures from Paste are none, for this reason."""
    return f'COUNTIF({{pasted_num:all}},"{words}")+COUNTIF({{pasted_den:all}},"{words}")'
