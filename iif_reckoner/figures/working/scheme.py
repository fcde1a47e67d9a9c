"""What counts of the rules, and the whole PCN: its lists, its shown month, its totals."""

from iif_reckoner.figures.working.spelling import BOUNDED, PERCENT, copied, figure, one_of, picked, total
from iif_reckoner.model import THRESHOLDS

_PCNS = (
    # Patients typed over the rule are those of one average PCN, unless PCNs are typed as well.
    'IF({rule_average_list_pcns_override}<>"",{rule_average_list_pcns_override},'
    'IF({rule_average_list_patients_override}<>"",1,IF({rule_average_list_pcns}="","",{rule_average_list_pcns})))'
)

_LISTED = 'COUNTIFS({practice_code:all},"<>",{practice_list:all},">0")'


def _total_of(name: str) -> str:
    return f'IF({{stops}}>0,"see Checks",{total(name)})'


def _odd_threshold(name: str) -> str:
    """Return the formula of 1 where a threshold that was typed over a rule cannot be right."""
    typed = f"{{rule_{name}_override}}"
    # Who types 65 over 6,500 means 65%; over a rule below 1% it may be right.
    means_percent = f"({typed}>0)*({typed}<100)*(MAX({{rule_{name}}},{{rule_{name}_assumed}})>=100)"
    in_percent = one_of("{rule_unit}", PERCENT)
    return (
        f'IF({typed}="",0,IF(ISNUMBER({typed}),IF(({typed}<>ROUND(ABS({typed}),0))'
        f"+{in_percent}*(({typed}>{{rule_scale}})+{means_percent})>0,1,0),1))"
    )


_ODD_POINTS = 'IF({rule_points_override}="",0,IF(ISNUMBER({rule_points_override}),IF({rule_points_override}>0,0,1),1))'

BOOK = (
    figure(
        "list_size", "book", "Registered patients of the PCN, where every practice has its list", "patients",
        f'IF((SUM({{practice_list:all}})=0)+({_LISTED}<COUNTA({{practice_code:all}}))'
        "+(SUM({practice_list:all})<>ROUND(SUM({practice_list:all}),0))>0,\"\",SUM({practice_list:all}))",
    ),
    figure("average_patients", "book", "Patients behind the average list", "patients", picked("rule_average_list_patients")),
    figure("average_pcns", "book", "PCNs behind the average list", "PCNs", _PCNS),
    figure(
        "list_adjustment", "book", "List size adjustment", "factor",
        'IF(({list_size}="")+({average_patients}="")>0,1,'
        '{list_size}*IF({average_pcns}="",1,{average_pcns})/{average_patients})',
    ),
    figure("point_value", "book", "Value of a point", "pounds", picked("rule_point_value_gbp")),
    figure("rounding", "book", "Decimal places of pounds", "places", "{rule_rounding_pounds}"),
    figure(
        "assumed_note", "book", "What totals say of assumed figures", "text",
        'IF(({use_assumed}="yes")*(COUNT({rule_points_assumed:all},{rule_point_value_gbp_assumed})>0)>0,'
        '"reckoned with assumed figures of "&{rule_assume_from},"")',
    ),
    figure(
        "list_note", "book", "What totals say of a list size that is not known", "text",
        'IF(({list_size}="")+({average_patients}="")>0,"list size not applied","")',
    ),
    figure("latest", "book", "Newest month with a figure; the first of the year is 1", "month", "MAX({month_used:all})"),
    figure(
        "month", "book", "Month that is shown", "month",
        'IF({chosen_month}="Newest",{latest},IFERROR(MATCH({chosen_month},{month_label:all},0),{latest}))',
    ),
    figure("scored_rows", "book", "Indicators that can be scored", "count", 'COUNTIF({scored:all},"yes")'),
    figure("total_points", "book", "Points earned", "points", _total_of("points")),
    figure("total_won", "book", "Pounds won", "pounds", _total_of("value")),
    figure("total_to_win", "book", "Pounds still to win", "pounds", _total_of("to_win")),
)  # fmt: skip

RULES = (
    figure("code", "indicator", "Indicator", "code", copied("rule_code")),
    figure("scoring", "indicator", "Way of scoring", "word", copied("rule_scoring")),
    figure("board_lead", "indicator", "Board lead", "name", copied("plan_board_lead")),
    figure("practice_lead", "indicator", "Practice lead", "name", copied("plan_practice_lead")),
    figure("better", "indicator", "Which direction is better", "word", copied("rule_better")),
    figure("scale", "indicator", "Scale of the thresholds", "number", copied("rule_scale")),
    figure(
        "bounded", "indicator", "Whether the numerator is part of the denominator", "yes",
        f'IF({{rule_unit}}="","",IF({one_of("{rule_unit}", BOUNDED)}>0,"yes","no"))',
    ),
    figure(
        "baseline", "indicator", "Whether a baseline is needed", "yes",
        'IF(({rule_scoring}="improvement")+({rule_scoring}="better_of")>0,"yes","no")',
    ),
    figure("points_available", "indicator", "Points available", "points", picked("rule_points")),
    figure("lower", "indicator", "Lower threshold on the scale", "number", picked("rule_lower_threshold")),
    figure("upper", "indicator", "Upper threshold on the scale", "number", picked("rule_upper_threshold")),
    figure(
        "red_lower", "indicator", "Lower threshold of the reduction", "number", picked("rule_reduction_lower_threshold")
    ),
    figure(
        "red_upper", "indicator", "Upper threshold of the reduction", "number", picked("rule_reduction_upper_threshold")
    ),
    figure(
        "scored", "indicator", "Whether the rules are known well enough to score", "yes",
        'IF(({points_available}="")+({scoring}="")>0,"",IF({scoring}="binary","yes",IF({upper}="","",'
        'IF({scoring}="single","yes",IF({lower}="","",IF({scoring}<>"better_of","yes",'
        'IF(({red_lower}="")+({red_upper}="")>0,"","yes")))))))',
    ),
    figure(
        "odd_override", "indicator", "Figures typed over the rule that cannot be right", "count",
        "+".join((_ODD_POINTS, *(_odd_threshold(name) for name in THRESHOLDS))),
    ),
)  # fmt: skip
