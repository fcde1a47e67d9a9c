"""Each indicator in each month, and each month as a whole."""

from iif_reckoner.figures.working import native
from iif_reckoner.figures.working.spelling import BASE, COUNTS, figure, total


def _earned(name: str) -> str:
    column = total(name, "column")
    return f'IF(ISERROR({column}),"",{column})'


MONTHLY = (
    figure("month_label", "month", "Month", "text", "{month_heading}"),
    figure(
        "month_pasted", "month", "1 where the rows on Paste are of this month", "", "IF({pasted_month}={month_number},1,0)"
    ),
    figure(
        "month_used", "month", "The month's place in the year where a figure stands in it, else 0", "month",
        "IF(COUNT({numerator:column},{denominator:column})"
        "+IF({month_pasted}=1,COUNT({pasted_num:all},{pasted_den:all}),0)>0,{month_number},0)",
    ),
    figure("month_total_points", "month", "Points earned", "points", _earned("month_points")),
    figure(
        "month_total_available", "month", "Points that can be earned; #N/A is what a chart leaves out", "points",
        "IF(COUNT({points_available:all})=0,NA(),SUM({points_available:all}))",
    ),
    figure("month_total_value", "month", "Pounds won", "pounds", _earned("month_value")),
    figure("month_total_to_win", "month", "Pounds still to win", "pounds", _earned("month_to_win")),
)  # fmt: skip

_COUNTED = '{count_indicator:all},{code},{numerator:column},"<>",{denominator:column},"<>"'
_WITH_BASELINE = _COUNTED + ',{base_num:all},"<>",{base_den:all},"<>"'


def _and_pasted(typed: str, pasted: str) -> str:
    """Return the formula of what stands on Counts, and in the month of Paste what is picked up from there."""
    return f"{typed}+IF({{month_pasted}}=1,{{{pasted}}},0)"


def _both(typed: str, pasted: str) -> str:
    """Return the formula of the sum over the practices: those with a baseline, where there are such."""
    rows = f"IF({{month_complete}}>0,SUMIFS({{{typed}}},{_WITH_BASELINE}),SUMIFS({{{typed}}},{_COUNTED}))"
    return _and_pasted(rows, pasted)


def _based(typed: str, pasted: str) -> str:
    return _and_pasted(f"SUMIFS({{{typed}}},{_WITH_BASELINE})", pasted)


_PAIRS = _and_pasted(f"COUNTIFS({_COUNTED})", "pasted_pairs")

BY_MONTH = (
    figure(
        "month_complete", "indicator month", "Practices with counts and baseline, where a baseline is needed", "count",
        f'IF({{baseline}}="yes",{_and_pasted(f"COUNTIFS({_WITH_BASELINE})", "pasted_complete")},0)',
    ),
    figure(
        "month_num_typed", "indicator month", "Numerator as typed or pasted", "patients",
        f'IF({{code}}="","",IF(IF({{month_complete}}>0,1,{_PAIRS})=0,"",{_both("numerator:column", "pasted_sum_num")}))',
    ),
    figure(
        "month_den_typed", "indicator month", "Denominator as typed or pasted", "patients",
        f'IF({{month_num_typed}}="","",{_both("denominator:column", "pasted_sum_den")})',
    ),
    figure(
        "month_bn", "indicator month", "Numerator of the baseline", "patients",
        f'IF({{month_complete}}>0,{_based("base_num:all", "pasted_bn")},{{bn}})',
    ),
    figure(
        "month_bd", "indicator month", "Denominator of the baseline", "patients",
        f'IF({{month_complete}}>0,{_based("base_den:all", "pasted_bd")},{{bd}})',
    ),
    figure(
        "month_num", "indicator month", "Numerator", "patients",
        'IF({counting}<>"In month",{month_num_typed},'
        'IF(COUNT({month_num_typed:through})=0,"",SUM({month_num_typed:through})))',
    ),
    figure(
        "month_den", "indicator month", "Denominator", "patients",
        'IF({counting}<>"In month",{month_den_typed},'
        'IF(COUNT({month_den_typed:through})=0,"",SUM({month_den_typed:through})))',
    ),
    figure(
        "month_prevalence", "indicator month", "Prevalence adjustment", "factor",
        'IF({prevalence}="","",IF({rule_prevalence}<>"denominator",1,IF(({rule_prevalence_patients}="")+({list_size}="")'
        '+({month_den}="")>0,1,IF({month_den}=0,1,'
        "{month_den}/{list_size}*{rule_prevalence_list}/{rule_prevalence_patients}))))",
    ),
    figure("month_state", "indicator month", "What there is to reckon with", "word", native.STATE),
    figure(
        "month_points", "indicator month", "Points", "points", native.POINTS,
        f"IIF_POINTS({COUNTS},{{rules}},{BASE})",
    ),
    figure(
        "month_value", "indicator month", "Pounds", "pounds", native.VALUE,
        f"IIF_VALUE({COUNTS},{{list_size}},{{rules}},{{prevalence}},{BASE})",
    ),
    figure(
        "month_to_win", "indicator month", "Pounds still to win", "pounds",
        'IF(ISERROR({month_value}),"",IF({month_value}="","",ROUND(ROUND('
        "{points_available}*{point_value}*{list_adjustment}*{month_prevalence},8),{rounding})-{month_value}))",
    ),
    figure(
        "falls", "indicator month", "1 where a figure is below an earlier month's", "count",
        'IF(({month_num}="")+({counting}="In month")>0,0,IF({month_num}<MAX({month_num:through}),1,0))',
    ),
    figure(
        "month_share", "indicator month", "Tenths of the points that are earned", "tenths",
        'IF(ISERROR({month_points}),"",IF(({month_points}="")+({points_available}="")>0,"",'
        "ROUND(10*{month_points}/{points_available},0)))",
    ),
)  # fmt: skip
