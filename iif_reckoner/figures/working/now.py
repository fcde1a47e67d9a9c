"""Each indicator in the month that is shown, from the rows of Counts."""

from iif_reckoner.figures.working import native
from iif_reckoner.figures.working.spelling import BASE, COUNTS, figure

_PARTS_OF_ROW = (
    'SUMIFS({pairs:row},{pair_kind:all},"numerator")',
    'SUMIFS({pairs:row},{pair_kind:all},"denominator")',
    "SUM({base_num})",
    "SUM({base_den})",
)
"""What is whole where all figures of a row are; SUM takes no offence at text, which has a check of its own."""


def _so_far(kind: str) -> str:
    """Return the formula of what the months up to the shown one add up to, one of them from Paste."""
    return (
        f'SUMIFS({{pairs:row}},{{pair_kind:all}},"{kind}",{{pair_month:all}},"<="&{{month}})'
        f"+IF({{pasted_month}}<={{month}},SUM({{pasted_{kind[:3]}}}),0)"
    )


_FROM_PASTE = "IF({pasted_month}={month},COUNT({pasted_num},{pasted_den}),0)=2"

ROWS = (
    figure(
        "row_num", "row", "Numerator of the shown month", "patients",
        f'IF({{month}}=0,"",IF({{counting}}="In month",'
        f'IF({_so_far("denominator")}=0,"",{_so_far("numerator")}),IF({_FROM_PASTE},{{pasted_num}},'
        'IF((INDEX({pairs:row},1,2*{month}-1)="")+(INDEX({pairs:row},1,2*{month})="")>0,"",'
        "INDEX({pairs:row},1,2*{month}-1)))))",
    ),
    figure(
        "row_den", "row", "Denominator of the shown month", "patients",
        f'IF({{row_num}}="","",IF({{counting}}="In month",{_so_far("denominator")},'
        f"IF({_FROM_PASTE},{{pasted_den}},INDEX({{pairs:row}},1,2*{{month}}))))",
    ),
    figure(
        "row_stray", "row", "1 where Rules does not have the indicator or Practices the practice", "count",
        'IF({count_indicator}="",0,IF((COUNTIF({rule_code:all},{count_indicator})=0)'
        "+(COUNTIF({practice_code:all},{count_practice})+({count_practice}={pcn_code})=0)>0,1,0))",
    ),
    figure(
        "row_twice", "row", "1 where another row is of the same practice and indicator", "count",
        'IF({count_practice}="",0,IF({count_indicator}="",0,IF(COUNTIFS({count_practice:all},{count_practice},'
        "{count_indicator:all},{count_indicator})>1,1,0)))",
    ),
    figure(
        "row_fraction", "row", "1 where a figure of the row is no whole number", "count",
        f'IF({{count_indicator}}="",0,IF({"+".join(f"({part}<>ROUND({part},0))" for part in _PARTS_OF_ROW)}>0,1,0))',
    ),
)  # fmt: skip

FILLED = '{count_indicator:all},{code},{row_num:all},">-1E+99"'
COMPLETE = FILLED + ',{base_num:all},"<>",{base_den:all},"<>"'
"""Rows of the indicator with figures in the shown month, and those that have a baseline, too."""


_BASELINE_NUMERATOR = (
    'IF(COUNTIFS({count_indicator:all},{code},{base_num:all},"<>",{base_den:all},"<>")=0,"",'
    'SUMIFS({base_num:all},{count_indicator:all},{code},{base_den:all},"<>"))'
)
_BASELINE_DENOMINATOR = 'SUMIFS({base_den:all},{count_indicator:all},{code},{base_num:all},"<>")'


def _summed(name: str, otherwise: str) -> str:
    return f"IF({{complete}}>0,SUMIFS({{{name}:all}},{COMPLETE}),{otherwise})"


NOW = (
    figure(
        "complete", "indicator", "Practices with counts and baseline, where a baseline is needed", "count",
        f'IF({{baseline}}="yes",COUNTIFS({COMPLETE}),0)',
    ),
    figure(
        "num", "indicator", "Numerator", "patients",
        f'IF({{code}}="","",IF(COUNTIFS({FILLED})=0,"",'
        f"{_summed('row_num', 'SUMIFS({row_num:all},{count_indicator:all},{code})')}))",
    ),
    figure(
        "den", "indicator", "Denominator", "patients",
        f'IF({{num}}="","",{_summed("row_den", "SUMIFS({row_den:all},{count_indicator:all},{code})")})',
    ),
    figure(
        "bn", "indicator", "Numerator of the baseline", "patients",
        f'IF({{baseline}}="no","",{_summed("base_num", _BASELINE_NUMERATOR)})',
    ),
    figure(
        "bd", "indicator", "Denominator of the baseline", "patients",
        f'IF({{bn}}="","",{_summed("base_den", _BASELINE_DENOMINATOR)})',
    ),
    figure("prevalence", "indicator", "Prevalence adjustment", "factor", native.PREVALENCE),
    figure("state", "indicator", "What there is to reckon with", "word", native.STATE),
    figure(
        "achievement", "indicator", "Achievement", "fraction", native.ACHIEVEMENT,
        f"IIF_ACHIEVEMENT({COUNTS},{{rules}},{BASE})",
    ),
    figure(
        "points", "indicator", "Points earned", "points", native.POINTS, f"IIF_POINTS({COUNTS},{{rules}},{BASE})"
    ),
    figure(
        "value", "indicator", "Pounds won", "pounds", native.VALUE,
        f"IIF_VALUE({COUNTS},{{list_size}},{{rules}},{{prevalence}},{BASE})",
    ),
    figure(
        "available", "indicator", "Pounds if all points are earned", "pounds",
        'IF(({scored}="")+({point_value}="")>0,"",'
        "ROUND(ROUND({points_available}*{point_value}*{list_adjustment}*{prevalence},8),{rounding}))",
    ),
    figure(
        "gap_lower", "indicator", "Patients to the lower threshold", "patients", native.gap("lower"),
        f'IIF_GAP({COUNTS},"lower",{{rules}},{BASE})',
    ),
    figure(
        "gap_upper", "indicator", "Patients to the upper threshold", "patients", native.gap("upper"),
        f'IIF_GAP({COUNTS},"upper",{{rules}},{BASE})',
    ),
    figure(
        "status", "indicator", "Status", "word", native.STATUS, f"IIF_STATUS({COUNTS},{{rules}},{BASE})"
    ),
    figure(
        "reversed", "indicator", "1 where the thresholds are equal or the wrong way round", "count",
        'IF(({lower}="")+({upper}="")+({scoring}="single")+({scoring}="binary")>0,0,'
        'IF({lower}={upper},1,IF(({lower}>{upper})=(({better}="lower")*({scoring}<>"improvement")>0),0,1)))',
    ),
    figure(
        "to_win", "indicator", "Pounds still to win", "pounds",
        'IF(ISERROR({value}),"",IF(({value}="")+({available}="")>0,"",ROUND({available}-{value},{rounding})))',
    ),
    figure(
        "per_patient", "indicator", "Pounds per patient still needed", "pounds",
        'IF(ISERROR({gap_upper}),"",IF(({to_win}="")+({gap_upper}="")+({gap_upper}=0)>0,"",{to_win}/{gap_upper}))',
    ),
)  # fmt: skip
