"""The sheet Working: every figure, one block per figure; the only sheet with calls of our functions."""

from collections.abc import Mapping, Sequence

from iif_reckoner.figures import native
from iif_reckoner.figures.records import SIZES, Figure, Over, Place, spelled, spelled_over
from iif_reckoner.layout.page import Page
from iif_reckoner.layout.sheets import BY_KEY

_SHEET = BY_KEY["working"]
_COUNTS = "{code},{num},{den}"
_BASE = "{bn},{bd}"


def _picked(rule: str) -> str:
    """Return the formula of a rule that counts: what was typed over it, else the rule, else what is assumed."""
    return (
        f'IF({{{rule}_override}}<>"",{{{rule}_override}},IF({{{rule}}}<>"",{{{rule}}},'
        f'IF({{use_assumed}}="yes",IF({{{rule}_assumed}}="","",{{{rule}_assumed}}),"")))'
    )


_PCNS = (
    # Patients typed over the rule are those of one average PCN, unless PCNs are typed as well.
    'IF({rule_average_list_pcns_override}<>"",{rule_average_list_pcns_override},'
    'IF({rule_average_list_patients_override}<>"",1,IF({rule_average_list_pcns}="","",{rule_average_list_pcns})))'
)


def _copied(source: str) -> str:
    return f'IF({{{source}}}="","",{{{source}}})'


def _figure(name: str, over: Over, words: str, unit: str, formula: str, function: str | None = None) -> Figure:
    return Figure(name=name, words=words, unit=unit, over=over, native=formula, function=function)


BOOK = (
    _figure(
        "list_size", "book", "Registered patients of the PCN", "patients",
        'IF(SUM({practice_list:all})=0,"",SUM({practice_list:all}))',
    ),
    _figure("average_patients", "book", "Patients behind the average list", "patients", _picked("rule_average_list_patients")),
    _figure("average_pcns", "book", "PCNs behind the average list", "PCNs", _PCNS),
    _figure(
        "list_adjustment", "book", "List size adjustment", "factor",
        'IF(({list_size}="")+({average_patients}="")>0,1,'
        '{list_size}*IF({average_pcns}="",1,{average_pcns})/{average_patients})',
    ),
    _figure("point_value", "book", "Value of a point", "pounds", _picked("rule_point_value_gbp")),
    _figure("rounding", "book", "Decimal places of pounds", "places", "{rule_rounding_pounds}"),
    _figure(
        "assumed_note", "book", "What totals say of assumed figures", "text",
        'IF(({use_assumed}="yes")*(COUNT({rule_points_assumed:all},{rule_point_value_gbp_assumed})>0)>0,'
        '"reckoned with assumed figures of "&{rule_assume_from},"")',
    ),
    _figure("latest", "book", "Newest month with a figure; the first of the year is 1", "month", "MAX({month_used:all})"),
    _figure(
        "month", "book", "Month that is shown", "month",
        'IF({chosen_month}="Newest",{latest},IFERROR(MATCH({chosen_month},{month_label:all},0),{latest}))',
    ),
)  # fmt: skip

MONTHLY = (
    _figure("month_label", "month", "Month", "text", "{month_heading}"),
    _figure(
        "month_used", "month", "The month's place in the year where a figure stands in it, else 0", "month",
        "IF(COUNT({numerator:column},{denominator:column})>0,{month_number},0)",
    ),
)  # fmt: skip

RULES = (
    _figure("code", "indicator", "Indicator", "code", _copied("rule_code")),
    _figure("scoring", "indicator", "Way of scoring", "word", _copied("rule_scoring")),
    _figure("tier", "indicator", "Tier", "word", _copied("plan_tier")),
    _figure("board_lead", "indicator", "Board lead", "name", _copied("plan_board_lead")),
    _figure("practice_lead", "indicator", "Practice lead", "name", _copied("plan_practice_lead")),
    _figure("better", "indicator", "Which direction is better", "word", _copied("rule_better")),
    _figure("scale", "indicator", "Scale of the thresholds", "number", _copied("rule_scale")),
    _figure(
        "bounded", "indicator", "Whether the numerator is part of the denominator", "yes",
        'IF({rule_unit}="","",IF(({rule_unit}="proportion")+({rule_unit}="percentage_points")'
        '+({rule_unit}="practices")>0,"yes","no"))',
    ),
    _figure(
        "baseline", "indicator", "Whether a baseline is needed", "yes",
        'IF(({rule_scoring}="improvement")+({rule_scoring}="better_of")>0,"yes","no")',
    ),
    _figure("points_available", "indicator", "Points available", "points", _picked("rule_points")),
    _figure("lower", "indicator", "Lower threshold on the scale", "number", _picked("rule_lower_threshold")),
    _figure("upper", "indicator", "Upper threshold on the scale", "number", _picked("rule_upper_threshold")),
    _figure(
        "red_lower", "indicator", "Lower threshold of the reduction", "number", _picked("rule_reduction_lower_threshold")
    ),
    _figure(
        "red_upper", "indicator", "Upper threshold of the reduction", "number", _picked("rule_reduction_upper_threshold")
    ),
    _figure(
        "scored", "indicator", "Whether the rules are known well enough to score", "yes",
        'IF(({points_available}="")+({scoring}="")>0,"",IF({scoring}="binary","yes",IF({upper}="","",'
        'IF({scoring}="single","yes",IF({lower}="","",IF({scoring}<>"better_of","yes",'
        'IF(({red_lower}="")+({red_upper}="")>0,"","yes")))))))',
    ),
)  # fmt: skip

ROWS = (
    _figure(
        "row_num", "row", "Numerator of the shown month", "patients",
        'IF({month}=0,"",IF({counting}="In month",'
        'IF(SUMIFS({pairs:row},{pair_kind:all},"denominator",{pair_month:all},"<="&{month})=0,"",'
        'SUMIFS({pairs:row},{pair_kind:all},"numerator",{pair_month:all},"<="&{month})),'
        'IF((INDEX({pairs:row},1,2*{month}-1)="")+(INDEX({pairs:row},1,2*{month})="")>0,"",'
        "INDEX({pairs:row},1,2*{month}-1))))",
    ),
    _figure(
        "row_den", "row", "Denominator of the shown month", "patients",
        'IF({row_num}="","",IF({counting}="In month",'
        'SUMIFS({pairs:row},{pair_kind:all},"denominator",{pair_month:all},"<="&{month}),'
        "INDEX({pairs:row},1,2*{month})))",
    ),
    _figure(
        "row_stray", "row", "1 where Rules does not have the indicator or Practices the practice", "count",
        'IF({count_indicator}="",0,IF((COUNTIF({rule_code:all},{count_indicator})=0)'
        "+(COUNTIF({practice_code:all},{count_practice})+({count_practice}={pcn_code})=0)>0,1,0))",
    ),
    _figure(
        "row_both", "row", "1 where the shown month has figures and the baseline is whole", "count",
        'IF(({row_num}="")+({base_num}="")+({base_den}="")>0,0,1)',
    ),
    _figure("row_has", "row", "1 where the shown month has figures", "count", 'IF({row_num}="",0,1)'),
)  # fmt: skip

NOW = (
    _figure(
        "complete", "indicator", "Practices with counts and baseline, where a baseline is needed", "count",
        'IF({baseline}="yes",SUMIFS({row_both:all},{count_indicator:all},{code}),0)',
    ),
    _figure(
        "num", "indicator", "Numerator", "patients",
        'IF({code}="","",IF(SUMIFS({row_has:all},{count_indicator:all},{code})=0,"",IF({complete}>0,'
        "SUMIFS({row_num:all},{count_indicator:all},{code},{row_both:all},1),"
        "SUMIFS({row_num:all},{count_indicator:all},{code}))))",
    ),
    _figure(
        "den", "indicator", "Denominator", "patients",
        'IF({num}="","",IF({complete}>0,SUMIFS({row_den:all},{count_indicator:all},{code},{row_both:all},1),'
        "SUMIFS({row_den:all},{count_indicator:all},{code})))",
    ),
    _figure(
        "bn", "indicator", "Numerator of the baseline", "patients",
        'IF({baseline}="no","",IF({complete}>0,SUMIFS({base_num:all},{count_indicator:all},{code},{row_both:all},1),'
        'IF(COUNTIFS({count_indicator:all},{code},{base_num:all},"<>",{base_den:all},"<>")=0,"",'
        'SUMIFS({base_num:all},{count_indicator:all},{code},{base_den:all},"<>"))))',
    ),
    _figure(
        "bd", "indicator", "Denominator of the baseline", "patients",
        'IF({bn}="","",IF({complete}>0,SUMIFS({base_den:all},{count_indicator:all},{code},{row_both:all},1),'
        'SUMIFS({base_den:all},{count_indicator:all},{code},{base_num:all},"<>")))',
    ),
    _figure(
        "prevalence", "indicator", "Prevalence adjustment", "factor",
        'IF({code}="","",IF({rule_prevalence}<>"denominator",1,IF(({rule_prevalence_patients}="")+({list_size}="")'
        "+({den}=\"\")>0,1,IF({den}=0,1,{den}/{list_size}*{rule_prevalence_list}/{rule_prevalence_patients}))))",
    ),
    _figure(
        "achievement", "indicator", "Achievement", "fraction", native.ACHIEVEMENT,
        f"IIF_ACHIEVEMENT({_COUNTS},{{rules}},{_BASE})",
    ),
    _figure(
        "points", "indicator", "Points earned", "points", native.POINTS, f"IIF_POINTS({_COUNTS},{{rules}},{_BASE})"
    ),
    _figure(
        "value", "indicator", "Pounds won", "pounds", native.VALUE,
        f"IIF_VALUE({_COUNTS},{{list_size}},{{rules}},{{prevalence}},{_BASE})",
    ),
    _figure(
        "available", "indicator", "Pounds if all points are earned", "pounds",
        'IF(({scored}="")+({point_value}="")>0,"",'
        "ROUND(ROUND({points_available}*{point_value}*{list_adjustment}*{prevalence},8),{rounding}))",
    ),
    _figure(
        "gap_lower", "indicator", "Patients to the lower threshold", "patients", native.gap("lower"),
        f'IIF_GAP({_COUNTS},"lower",{{rules}},{_BASE})',
    ),
    _figure(
        "gap_upper", "indicator", "Patients to the upper threshold", "patients", native.gap("upper"),
        f'IIF_GAP({_COUNTS},"upper",{{rules}},{_BASE})',
    ),
    _figure(
        "status", "indicator", "Status", "word", native.STATUS, f"IIF_STATUS({_COUNTS},{{rules}},{_BASE})"
    ),
    _figure(
        "reversed", "indicator", "1 where the thresholds are equal or the wrong way round", "count",
        'IF(({lower}="")+({upper}="")+({scoring}="single")+({scoring}="binary")>0,0,'
        'IF({lower}={upper},1,IF(({lower}>{upper})=(({better}="lower")*({scoring}<>"improvement")>0),0,1)))',
    ),
    _figure("wrong", "indicator", "1 where the counts are impossible", "count", "IF(ISERROR({achievement}),1,0)"),
    _figure(
        "to_win", "indicator", "Pounds still to win", "pounds",
        'IF(ISERROR({value}),"",IF(({value}="")+({available}="")>0,"",ROUND({available}-{value},{rounding})))',
    ),
    _figure(
        "per_patient", "indicator", "Pounds per patient still needed", "pounds",
        'IF(ISERROR({gap_upper}),"",IF(({to_win}="")+({gap_upper}="")+({gap_upper}=0)>0,"",{to_win}/{gap_upper}))',
    ),
)  # fmt: skip

_COUNTED = '{count_indicator:all},{code},{numerator:column},"<>",{denominator:column},"<>"'
_WITH_BASELINE = _COUNTED + ',{base_num:all},"<>",{base_den:all},"<>"'

BY_MONTH = (
    _figure(
        "month_complete", "indicator month", "Practices with counts and baseline, where a baseline is needed", "count",
        f'IF({{baseline}}="yes",COUNTIFS({_WITH_BASELINE}),0)',
    ),
    _figure(
        "month_num_typed", "indicator month", "Numerator as typed", "patients",
        f'IF({{code}}="","",IF({{month_complete}}>0,SUMIFS({{numerator:column}},{_WITH_BASELINE}),'
        f'IF(COUNTIFS({_COUNTED})=0,"",SUMIFS({{numerator:column}},{_COUNTED}))))',
    ),
    _figure(
        "month_den_typed", "indicator month", "Denominator as typed", "patients",
        f'IF({{month_num_typed}}="","",IF({{month_complete}}>0,SUMIFS({{denominator:column}},{_WITH_BASELINE}),'
        f"SUMIFS({{denominator:column}},{_COUNTED})))",
    ),
    _figure(
        "month_bn", "indicator month", "Numerator of the baseline", "patients",
        f'IF({{month_complete}}>0,SUMIFS({{base_num:all}},{_WITH_BASELINE}),{{bn}})',
    ),
    _figure(
        "month_bd", "indicator month", "Denominator of the baseline", "patients",
        f'IF({{month_complete}}>0,SUMIFS({{base_den:all}},{_WITH_BASELINE}),{{bd}})',
    ),
    _figure(
        "month_num", "indicator month", "Numerator", "patients",
        'IF({counting}<>"In month",{month_num_typed},'
        'IF(COUNT({month_num_typed:through})=0,"",SUM({month_num_typed:through})))',
    ),
    _figure(
        "month_den", "indicator month", "Denominator", "patients",
        'IF({counting}<>"In month",{month_den_typed},'
        'IF(COUNT({month_den_typed:through})=0,"",SUM({month_den_typed:through})))',
    ),
    _figure(
        "month_prevalence", "indicator month", "Prevalence adjustment", "factor",
        'IF({prevalence}="","",IF({rule_prevalence}<>"denominator",1,IF(({rule_prevalence_patients}="")+({list_size}="")'
        '+({month_den}="")>0,1,IF({month_den}=0,1,'
        "{month_den}/{list_size}*{rule_prevalence_list}/{rule_prevalence_patients}))))",
    ),
    _figure(
        "month_points", "indicator month", "Points", "points", native.POINTS,
        f"IIF_POINTS({_COUNTS},{{rules}},{_BASE})",
    ),
    _figure(
        "month_value", "indicator month", "Pounds", "pounds", native.VALUE,
        f"IIF_VALUE({_COUNTS},{{list_size}},{{rules}},{{prevalence}},{_BASE})",
    ),
    _figure(
        "falls", "indicator month", "1 where a figure is below an earlier month's", "count",
        'IF(({month_num}="")+({counting}="In month")>0,0,IF({month_num}<MAX({month_num:through}),1,0))',
    ),
    _figure(
        "month_share", "indicator month", "Tenths of the points that are earned", "tenths",
        'IF(ISERROR({month_points}),"",IF(({month_points}="")+({points_available}="")>0,"",'
        "ROUND(10*{month_points}/{points_available},0)))",
    ),
)  # fmt: skip

ACROSS = tuple(
    _figure(f"across_{name}", "indicator across", words, "", _copied(name))
    for name, words in (
        ("code", "Indicator"),
        ("scoring", "Way of scoring"),
        ("better", "Which direction is better"),
        ("scale", "Scale"),
        ("bounded", "Whether the numerator is part of the denominator"),
        ("lower", "Lower threshold"),
        ("upper", "Upper threshold"),
    )
)

PRACTICES = (
    _figure("practice", "practice", "Practice", "code", _copied("practice_code")),
    _figure(
        "practice_num", "practice indicator", "Numerator", "patients",
        'IF(({practice}="")+({across_code}="")>0,"",'
        "IF(SUMIFS({row_has:all},{count_practice:all},{practice},{count_indicator:all},{across_code})=0,\"\","
        "SUMIFS({row_num:all},{count_practice:all},{practice},{count_indicator:all},{across_code})))",
    ),
    _figure(
        "practice_den", "practice indicator", "Denominator", "patients",
        'IF({practice_num}="","",SUMIFS({row_den:all},{count_practice:all},{practice},{count_indicator:all},{across_code}))',
    ),
    _figure(
        "practice_achievement", "practice indicator", "Achievement", "fraction", native.ACHIEVEMENT,
        f"IIF_ACHIEVEMENT({_COUNTS},{{rules}})",
    ),
    _figure(
        "practice_gap", "practice indicator", "Patients to the upper threshold", "patients",
        native.gap_of_practices("upper"), f'IIF_GAP({_COUNTS},"upper",{{rules}})',
    ),
    _figure(
        "practice_wrong", "practice indicator", "1 where the counts are impossible", "count",
        "IF(ISERROR({practice_achievement}),1,0)",
    ),
)  # fmt: skip

_SEEN_AS: Mapping[Over, Mapping[str, str]] = {
    "indicator": {},
    "indicator month": {
        "num": "month_num",
        "den": "month_den",
        "bn": "month_bn",
        "bd": "month_bd",
        "prevalence": "month_prevalence",
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
        "baseline": "no",
        "bn": "nothing",
        "bd": "nothing",
    },
}
"""By what name the sums find their counts and rules where they are done per month or per practice."""

_FIRST_ROW = 6
_HEADS = 28
_BLOCKS = 31
_MATRICES = 82
_ACROSS_HEADS = 74


def places(inputs: Mapping[str, Place]) -> dict[str, Place]:
    """Return where every figure stands, beside where the inputs stand that figures look at."""
    found = dict(inputs)
    for down, figure in enumerate(BOOK, start=2):
        found[figure.name] = _place(_FIRST_ROW + down, 2, figure)
    found["engine"] = Place(_place(_FIRST_ROW, 2, BOOK[0]).area, "book")
    found["no"] = Place(_place(_FIRST_ROW + 1, 2, BOOK[0]).area, "book")
    found["nothing"] = Place(_place(_FIRST_ROW + 1, 3, BOOK[0]).area, "book")
    column = 2
    for figure in (*RULES, *NOW):
        found[figure.name] = _place(_BLOCKS, column, figure)
        column += 1
    column += 1
    for figure in MONTHLY:
        found[figure.name] = _place(_HEADS - 3 + MONTHLY.index(figure), column, figure)
    for figure in BY_MONTH:
        found[figure.name] = _place(_BLOCKS, column, figure)
        column += SIZES["indicator month"][1] + 1
    for figure in ROWS:
        found[figure.name] = _place(_BLOCKS, column, figure)
        column += 1
    row = _MATRICES
    for down, figure in enumerate(ACROSS):
        found[figure.name] = _place(_ACROSS_HEADS + down, 2, figure)
    found["practice"] = _place(row, 1, PRACTICES[0])
    column = 2
    for figure in PRACTICES[1:]:
        found[figure.name] = _place(row, column, figure)
        row += SIZES["practice indicator"][0] + 3
    return found


def _place(row: int, column: int, figure: Figure) -> Place:
    height, width = SIZES[figure.over]
    return Place(Page(_SHEET).area(row, column, height, width), figure.over)


def draw(page: Page, known: Mapping[str, Place], *, python: str | None) -> None:
    """Write every figure. `python` is the formula that is TRUE where Python answers, None without macros."""
    page.title("Working", "Every figure of this workbook, each once. Nothing is typed here; other sheets refer to it.")
    page.put(4, 1, "For the whole workbook", "section")
    page.put(_FIRST_ROW, 1, "Engine", "working")
    page.formula(_FIRST_ROW, 2, _engine(known, python), "working")
    page.put(_FIRST_ROW, 4, "Who works out the figures: Python, or Excel's own formulas", "working")
    page.put(_FIRST_ROW + 1, 1, "Constants", "working")
    page.put(_FIRST_ROW + 1, 2, "no", "working")
    page.put(_FIRST_ROW + 1, 4, "What practices have of a baseline; the cell beside it is empty on purpose", "working")
    for figure in BOOK:
        row = known[figure.name].area.row
        page.put(row, 1, figure.words, "working")
        page.put(row, 4, figure.unit, "working")
    page.put(_HEADS - 1, 1, "For each indicator, and for each indicator and month", "section")
    page.put(_ACROSS_HEADS - 2, 1, "For each practice and indicator", "section")
    for figure in (*RULES, *NOW, *BY_MONTH, *ROWS):
        area = known[figure.name].area
        page.put(_HEADS, area.column, figure.words, "working")
        page.put(_HEADS + 1, area.column, figure.unit, "working")
        page.put(_HEADS + 2, area.column, figure.name, "working")
    for figure in (*ACROSS, *MONTHLY):
        area = known[figure.name].area
        page.put(area.row, area.column - 1, figure.words, "working")
    for figure in PRACTICES[1:]:
        area = known[figure.name].area
        page.put(area.row - 1, area.column, f"{figure.words} ({figure.unit}): {figure.name}", "working")
    for figures in (BOOK, MONTHLY, RULES, ROWS, NOW, BY_MONTH, ACROSS, PRACTICES):
        _draw_figures(page, figures, known, python=python is not None)
    page.widths = {1: 34.0}


def _engine(known: Mapping[str, Place], python: str | None) -> str:
    choice = known["choice"].area.absolute
    if python is None:
        return f'IF({choice}="","Formulas","Formulas")'
    # The count makes the cell depend on the figures: without inputs of its own it would keep an old answer.
    alive = f'IF(COUNT({known["pairs"].area.absolute})>=0,IF({python},"Python","Formulas"),"Formulas")'
    return f'IF({choice}="Automatic",{alive},{choice})'


def _draw_figures(page: Page, figures: Sequence[Figure], known: Mapping[str, Place], *, python: bool) -> None:
    for figure in figures:
        area = known[figure.name].area
        seen = known
        if figure.function:
            seen = {**known, **{name: known[other] for name, other in _SEEN_AS[figure.over].items()}}
        if figure.function and python:
            engine = known["engine"].area.absolute.rpartition("!")[2]
            call, formula = (spelled_over(text, page.sheet, seen) for text in (figure.function, figure.native))
            page.array(area, f'IF({engine}="Python",{call},{formula})')
            continue
        for down in range(area.height):
            for right in range(area.width):
                formula = spelled(figure.native, page.sheet, figure.over, seen, (down, right))
                page.formula(area.row + down, area.column + right, formula, "working")
