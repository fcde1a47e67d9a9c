"""The money between the practices, in whole pennies: what each method weighs, and its parts by largest remainder.

Weights are whole numbers, and so are remainders: nothing is divided but to be rounded down at once, and a penny too
many is taken back, so that every program finds the same parts.
"""

from collections.abc import Iterator

from iif_reckoner.figures.records import Figure
from iif_reckoner.figures.working.spelling import copied, figure, one_of
from iif_reckoner.plan import split
from iif_reckoner.plan.split import METHODS, MIXED


def _is_pounds(cell: str) -> str:
    """Return the formula of a cell of pounds as whole pennies: 0 where it is blank, blank where it is no amount."""
    return f'IF({cell}="",0,IF(ISNUMBER({cell}),IF({cell}<0,"",ROUND(ROUND(100*{cell},6),0)),""))'


_PARTS = tuple(f"{{split_part_{method.key}}}" for method in MIXED)
_NOTHING = '({split_pot}="")+({split_members}=0)>0'

_NOTES = {
    "list": f'IF({{list_size}}="","{split.NEEDS_LIST}","")',
    "weighted": 'IF(COUNTIFS({practice_code:all},"<>",{practice_weighted:all},">0")<{split_members},'
    f'"{split.NEEDS_WEIGHTED}","")',
    "equal": '""',
    "points": f'IF({{split_points_total}}=0,"{split.NO_POINTS}","")',
    "closed": f'IF(({{list_size}}="")*({{split_to_list}}>0)>0,"{split.NEEDS_LIST}",'
    f'IF({{split_closed_total}}=0,"{split.NO_GAP}",""))',
    "marginal": f'IF({{list_size}}="","{split.NEEDS_LIST}",IF({{split_marginal_total}}=0,"{split.NO_DIFFERENCE}",""))',
    "blend": f'IF({"+".join(f"({part}={chr(34)}{chr(34)})" for part in _PARTS)}>0,"{split.PARTS_WRONG}",'
    f'IF({"+".join(_PARTS)}<>10000,"{split.PARTS_SUM}",'
    f"IF({'+'.join(f'({part}>0)*({{split_{m.key}_note}}<>{chr(34)}{chr(34)})' for part, m in zip(_PARTS, MIXED, strict=True))}>0,"
    f'"{split.PART_MISSING}",IF({{split_minimum}}="","{split.MINIMUM_WRONG}",'
    f'IF({{split_minimum}}*{{split_members}}>{{split_pot}},"{split.MINIMUM_TOO_HIGH}","")))))',
}
"""What is said in the place of each method's parts, where something is missing."""


def _book() -> Iterator[Figure]:
    yield figure("split_members", "book", "Practices that share", "practices", "COUNTA({practice_code:all})")
    yield figure("split_costs", "book", "Costs to take off first", "pennies", _is_pounds("{costs}"))
    yield figure(
        "split_pot", "book", "Left to be split", "pennies",
        'IF(ISNUMBER({total_won}),IF({split_costs}="","",'
        'IF(ROUND(100*{total_won},0)>{split_costs},ROUND(100*{total_won},0)-{split_costs},0)),"")',
    )  # fmt: skip
    yield figure("split_pounds", "book", "Left to be split", "pounds", 'IF({split_pot}="","",{split_pot}/100)')
    yield figure(
        "split_note", "book", "What is amiss with the sum to be split", "text",
        f'IF({{total_won}}="","{split.NO_POUNDS}",IF(ISNUMBER({{total_won}}),IF({{split_costs}}="","{split.COSTS_WRONG}",'
        f'IF({{split_members}}=0,"{split.NO_PRACTICES}",'
        f'IF({{split_costs}}>ROUND(100*{{total_won}},0),"{split.COSTS_TOO_HIGH}",""))),{{total_won}}))',
    )  # fmt: skip
    yield figure("split_minimum", "book", "Minimum for each practice in the blend", "pennies", _is_pounds("{minimum}"))
    for method in MIXED:
        cell = f"{{blend_{method.key}}}"
        yield figure(
            f"split_part_{method.key}", "book", f"Part in the blend: {method.title.lower()}", "1/10000",
            f'IF({cell}="",0,IF(ISNUMBER({cell}),IF(({cell}<0)+({cell}>1)>0,"",ROUND(ROUND(10000*{cell},6),0)),""))',
        )  # fmt: skip
    yield figure(
        "split_parts", "book", "All parts in the blend together", "fraction",
        f'IF({"+".join(f"({part}={chr(34)}{chr(34)})" for part in _PARTS)}>0,"",({"+".join(_PARTS)})/10000)',
    )  # fmt: skip
    yield figure(
        "split_to_list", "book", "Won on indicators that go by list where the gap closed decides", "pennies",
        "SUM({split_by_list:all})",
    )  # fmt: skip
    for method in METHODS:
        yield from _book_of(method.key, method.title)


def _book_of(key: str, title: str) -> Iterator[Figure]:
    pot = "({split_pot}-{split_minimum}*{split_members})" if key == "blend" else "{split_pot}"
    yield figure(f"split_{key}_total", "book", f"{title}: all weights", "number", f"SUM({{split_{key}_weight:all}})")
    yield figure(
        f"split_{key}_note", "book", f"{title}: what is missing", "text",
        f"IF({_NOTHING},{{split_note}},{_NOTES[key]})",
    )  # fmt: skip
    yield figure(
        f"split_{key}_left", "book", f"{title}: pennies left once all parts are rounded down", "pennies",
        f'IF({{split_{key}_note}}="",{pot}-SUM({{split_{key}_down:all}}),0)',
    )  # fmt: skip
    yield figure(
        f"split_{key}_last", "book", f"{title}: the last remainder that is rounded up", "number",
        f'IF({{split_{key}_left}}>0,LARGE({{split_{key}_rest:all}},{{split_{key}_left}}),"")',
    )  # fmt: skip


BOOK = tuple(_book())

_ALONE = f'{one_of("{scoring}", split.MEASURED_ALONE)}*({{scored}}="yes")'

ACROSS = (
    figure("split_own", "indicator across", "1 where a practice can be measured alone", "", f"IF({_ALONE}>0,1,0)"),
    figure(
        "split_sign", "indicator across", "-1 where lower is better", "", 'IF({better}="lower",-1,1)',
    ),
    figure(
        "split_from", "indicator across", "Threshold from which a practice is beyond it", "on the scale",
        'IF({split_own}=0,0,IF({scoring}="binary",{scale},IF({scoring}="single",{upper},{lower})))',
    ),
    figure(
        "split_span", "indicator across", "From there to all points", "on the scale",
        'IF(({split_own}=1)*({scoring}="sliding")>0,{split_sign}*({upper}-{lower}),0)',
    ),
    figure(
        "split_won", "indicator across", "Pounds won by the PCN", "pounds", 'IF(ISNUMBER({value}),{value},"")',
    ),
    figure(
        "split_earned", "indicator across", "Points earned by the PCN", "points", "IF(ISNUMBER({points}),{points},0)",
    ),
    figure("split_available", "indicator across", "Points available", "points", copied("points_available")),
    figure("split_den", "indicator across", "Denominator of the PCN", "patients", "IF(ISNUMBER({den}),{den},0)"),
    figure(
        "split_past", "indicator across", "Patients of the PCN beyond the lower threshold", "on the scale",
        'IF(({split_own}=1)*({state}="counted")>0,{split_sign}*({num}*{scale}-{split_from}*{den}),0)',
    ),
    figure(
        "split_beyond", "indicator across", "Patients beyond it in those practices that are", "on the scale",
        'SUMIF({practice_past:column},">0")',
    ),
    figure(
        "split_rate", "indicator across", "Pennies won for each of them", "pennies",
        'IF(({split_won}="")+({split_beyond}=0)>0,0,100*{split_won}/{split_beyond})',
    ),
    figure(
        "split_by_list", "indicator across", "Won where nobody is beyond it: shared by list", "pennies",
        'IF({split_won}="",0,IF({split_beyond}=0,ROUND(100*{split_won},0),0))',
    ),
    figure(
        "split_prevalence", "indicator across", "One over England's prevalence, where the denominator decides", "factor",
        'IF(({rule_prevalence}="denominator")*({rule_prevalence_patients}<>"")>0,'
        '{rule_prevalence_list}/{rule_prevalence_patients},"")',
    ),
)  # fmt: skip


def _share(past: str, den: str) -> str:
    """Return the formula of the share of the points, from patients beyond the threshold and a denominator."""
    return f"IF({past}>={{split_span}}*{den},1,IF({past}<=0,0,{past}/({{split_span}}*{den})))"


_DEN_LEFT = "({split_den}-SUM({practice_den})*{split_own})"
_PAST_LEFT = "({split_past}-{practice_past})"

PRACTICES = (
    figure(
        "practice_past", "practice indicator", "Patients beyond the lower threshold", "on the scale",
        'IF(({practice_state}="counted")*({split_own}=1)>0,'
        "{split_sign}*({practice_num}*{across_scale}-{split_from}*{practice_den}),0)",
    ),
    figure(
        "practice_points", "practice indicator", "Points that the practice would earn alone", "1/100",
        'IF(({practice_state}="counted")*({split_own}=1)>0,'
        f'ROUND(ROUND(100*{{split_available}}*{_share("{practice_past}", "{practice_den}")},6),0),0)',
    ),
    figure(
        "practice_without", "practice indicator", "Pounds that the PCN would win without the practice", "pounds",
        'IF(({practice_list_left}="")+({split_won}="")>0,0,ROUND(ROUND('
        f"IF({{split_own}}=1,IF({_DEN_LEFT}=0,0,{{split_available}}*{_share(_PAST_LEFT, _DEN_LEFT)}),{{split_earned}})"
        '*{point_value}*{practice_adjustment_left}*IF({split_prevalence}="",1,'
        f"IF({_DEN_LEFT}*{{practice_list_left}}=0,1,{_DEN_LEFT}/{{practice_list_left}}*{{split_prevalence}}))"
        ",8),{rounding}))",
    ),
)  # fmt: skip

_WEIGHTS = {
    "list": "{practice_list}",
    "weighted": "ROUND(ROUND(100*{practice_weighted},6),0)",
    "equal": "1",
    "points": "SUM({practice_points:row})",
    "closed": "ROUND(ROUND(SUMPRODUCT(({practice_past:row}>0)*{practice_past:row}*{split_rate:all})"
    '+IF({list_size}="",0,{split_to_list}*{practice_list}/{list_size}),6),0)',
    "marginal": 'IF({list_size}="",0,MAX(0,ROUND(100*({total_won}-SUM({practice_without:row})),0)))',
    "blend": "ROUND(ROUND(100*("
    + "+".join(f"IF({part}=0,0,{part}*{{split_{method.key}}})" for part, method in zip(_PARTS, MIXED, strict=True))
    + "),0)/10000,0)",
}


def _by_practice() -> Iterator[Figure]:
    yield figure(
        "practice_list_left", "practice", "Registered patients of the other practices", "patients",
        'IF(({practice}="")+({list_size}="")>0,"",{list_size}-{practice_list})',
    )  # fmt: skip
    yield figure(
        "practice_adjustment_left", "practice", "List size adjustment of the other practices", "factor",
        'IF(({practice_list_left}="")+({average_patients}="")>0,1,'
        '{practice_list_left}*IF({average_pcns}="",1,{average_pcns})/{average_patients})',
    )  # fmt: skip
    for method in METHODS:
        yield from _of_practice(method.key, method.title)
    for method in METHODS[1:]:
        yield figure(
            f"split_{method.key}_more", "practice", f"{method.title}: more than by list", "pounds",
            f'IF(({{split_{method.key}}}="")+({{split_list}}="")>0,"",ROUND({{split_{method.key}}}-{{split_list}},2))',
        )  # fmt: skip


def _of_practice(key: str, title: str) -> Iterator[Figure]:
    # The first four can be looked at only where the parts are known; the others are looked at to see whether they are.
    ready = '{split_pot}=""' if key in ("points", "closed", "marginal") else f'{{split_{key}_note}}<>""'
    pot, least = "{split_pot}", ""
    if key == "blend":
        pot, least = "({split_pot}-{split_minimum}*{split_members})", "{split_minimum}+"
    weight, total = f"{{split_{key}_weight}}", f"{{split_{key}_total}}"
    product = f"{pot}*{weight}"
    down, rest = f"{{split_{key}_down}}", f"{{split_{key}_rest}}"
    yield figure(
        f"split_{key}_weight", "practice", f"{title}: weight", "number",
        f'IF(({{practice}}="")+({ready})>0,"",{_WEIGHTS[key]})',
    )  # fmt: skip
    yield figure(
        f"split_{key}_down", "practice", f"{title}: rounded down", "pennies",
        f'IF(({weight}="")+({{split_{key}_note}}<>"")>0,"",IF({total}=0,0,'
        f"INT({product}/{total})-IF(INT({product}/{total})*{total}>{product},1,0)))",
    )  # fmt: skip
    # Rows are in the remainder so that no two are alike and of equal ones the first is the largest.
    yield figure(
        f"split_{key}_rest", "practice", f"{title}: remainder", "number",
        f'IF({down}="","",1000*({product}-{down}*{total})-ROW({{practice_code}}))',
    )  # fmt: skip
    yield figure(
        f"split_{key}", "practice", title, "pounds",
        f'IF({down}="","",({least}{down}+IF({{split_{key}_left}}=0,0,IF({rest}>={{split_{key}_last}},1,0)))/100)',
    )  # fmt: skip


BY_PRACTICE = tuple(_by_practice())
