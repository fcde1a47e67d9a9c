"""What the sheet Compare shows: what if, one more patient on the register, from month to month, beside CQRS.

Most of it is the sums of the shown month done again with other counts: `_again` takes the formula and says what is
seen as what.
"""

from iif_reckoner.figures.records import Figure
from iif_reckoner.figures.working import native, now, scheme
from iif_reckoner.figures.working.spelling import figure
from iif_reckoner.plan import register, what_if

_OF_NOW = {own.name: own for own in (*now.NOW, *scheme.BOOK)}
_LEAVES = ",{count_practice:all},{try_leaves}"
_BASED = '{count_indicator:all},{code},{base_num:all},"<>",{base_den:all},"<>"'


def _again(name: str, of: str, words: str, **seen_as: str) -> Figure:
    """Return a figure of the shown month done again with other counts."""
    own = _OF_NOW[of]
    return figure(name, own.over, words, own.unit, own.native, **seen_as)


def _typed(name: str, least: str, otherwise: str) -> str:
    """Return the formula of a number that was typed, if it can be one."""
    return f"IF(IF(ISNUMBER({{{name}}}),{{{name}}}{least},FALSE),{{{name}}},{otherwise})"


def _gain(before: str, after: str) -> str:
    """Return the formula of the pounds from one figure to another; a blank one is nothing, two are blank."""
    return f'IF(COUNT({{{before}}},{{{after}}})=0,"",{_step(before, after)})'


def _step(before: str, after: str) -> str:
    return f"ROUND(SUM({{{after}}})-SUM({{{before}}}),{{rounding}})"


def _total_if(name: str, state: str, unit: str) -> str:
    """Return the formula of a sum that says so where counts that were typed cannot be."""
    found = _total(name, unit)
    return f'IF({{stops}}=0,IF(COUNTIF({{{state}:all}},"wrong")>0,"see the yellow cells",{found}),"see Checks")'


def _total(name: str, unit: str = "pounds") -> str:
    found = f"SUM({{{name}:all}})"
    rounded = f"ROUND({found},{{rounding}})" if unit == "pounds" else found
    return f'IF(ISERROR({found}),"see Checks",IF(COUNT({{{name}:all}})=0,"",{rounded}))'


def _listed(leaving: str) -> str:
    """Return the formula of the practices that have a list, or of all, without the one that leaves."""
    listed = f'{leaving},{{practice_list:all}},">0"'
    return (
        f'COUNTIFS({{practice_code:all}},"<>",{{practice_list:all}},">0")-IF({{try_leaves}}="",0,COUNTIFS({listed}))'
        f'<COUNTA({{practice_code:all}})-IF({{try_leaves}}="",0,COUNTIFS({leaving}))'
    )


BOOK = (
    figure(
        "if_left_list", "book", "What if: list of the practice that leaves", "patients",
        'IF({try_leaves}="",0,SUMIFS({practice_list:all},{practice_code:all},{try_leaves}))',
    ),
    figure(
        "if_rest_list", "book", "What if: registered patients without it", "patients",
        "IF((SUM({practice_list:all})-{if_left_list}=0)+"
        f'({_listed("{practice_code:all},{try_leaves}")})'
        '+(SUM({practice_list:all})<>ROUND(SUM({practice_list:all}),0))>0,"",SUM({practice_list:all})-{if_left_list})',
    ),
    figure(
        "if_joins", "book", "What if: list of the practice that joins", "patients",
        f'IF({{if_rest_list}}="",0,{_typed("try_joins", ">0", "0")})',
    ),
    figure(
        "if_list", "book", "What if: registered patients", "patients",
        _typed("try_list", ">0", 'IF({if_rest_list}="","",{if_rest_list}+{if_joins})'),
    ),
    _again("if_list_adjustment", "list_adjustment", "What if: list size adjustment", list_size="if_list"),
    figure("if_point_value", "book", "What if: value of a point", "pounds", _typed("try_point_value", ">=0", "{point_value}")),
    figure(
        "if_note", "book", "What if: what the sheet says of what was typed", "text",
        'IF(IF({try_leaves}="",FALSE,COUNTIF({practice_code:all},{try_leaves})=0),"Practices has no practice with this code.",'
        f'IF(IF({{try_joins}}="",FALSE,{{if_rest_list}}=""),"{what_if.LISTS_NEEDED}",""))',
    ),
    figure("if_total_points", "book", "What if: points", "points", _total_if("if_points", "if_state", "points")),
    figure("if_total_value", "book", "What if: pounds", "pounds", _total_if("if_value", "if_state", "pounds")),
    figure("if_total_gain", "book", "What if: pounds more", "pounds", _total_if("if_gain", "if_state", "pounds")),
    figure(
        "bridge_to_month", "book", "Month to month: the later month", "month",
        'IF({bridge_to}="",{month},IFERROR(MATCH({bridge_to},{month_label:all},0),0))',
    ),
    figure(
        "bridge_from_month", "book", "Month to month: the earlier month; 0 is before the first figure", "month",
        'IF({bridge_from}="",IF({bridge_to_month}>1,{bridge_to_month}-1,0),IFERROR(MATCH({bridge_from},{month_label:all},0),0))',
    ),
    figure(
        "bridge_note", "book", "Month to month: which months are compared", "text",
        'IF({bridge_to_month}=0,"no figures yet",IF({bridge_from_month}=0,"Before the first figure",'
        '"From the end of "&INDEX({month_label:all},1,{bridge_from_month}))'
        '&" to the end of "&INDEX({month_label:all},1,{bridge_to_month}))',
    ),
    *(
        figure(f"bridge_total_{name}", "book", f"Month to month: {words}", "pounds", _total(f"bridge_{name}"))
        for name, words in (
            ("then", "pounds then"),
            ("practices", "practices missing"),
            ("by_prevalence", "prevalence"),
            ("by_denominator", "denominator"),
            ("by_patients", "patients"),
            ("now", "pounds now"),
        )
    ),
    figure("off_total_points", "book", "CQRS less ours: points", "points", _total_if("off_less_points", "off_state", "points")),
    figure("off_total_pounds", "book", "CQRS less ours: pounds", "pounds", _total_if("off_less_pounds", "off_state", "pounds")),
)  # fmt: skip


TOTALS = tuple(own for own in BOOK if "_total_" in own.name)


def _so_far(kind: str, month: str) -> str:
    return (
        f'SUMIFS({{pairs:row}},{{pair_kind:all}},"{kind}",{{pair_month:all}},"<="&{month})'
        f"+IF({{pasted_month}}<={month},SUM({{pasted_{kind[:3]}}}),0)"
    )


def _is_pasted(month: str) -> str:
    return f"IF({{pasted_month}}={month},COUNT({{pasted_num}},{{pasted_den}}),0)=2"


def _counted(month: str) -> str:
    """Return the formula of whether a row has figures at the end of a month."""
    there = f'IF({_is_pasted(month)},TRUE,(INDEX({{pairs:row}},1,2*{month}-1)<>"")*(INDEX({{pairs:row}},1,2*{month})<>"")>0)'
    return f'IF({month}=0,FALSE,IF({{counting}}="In month",{_so_far("denominator", month)}<>0,{there}))'


def _stayed(kind: str, back: int) -> str:
    month = "{stay_month}"
    return (
        f'IF({month}=0,"",IF({{counting}}="In month",{_so_far(kind, month)},'
        f"IF({_is_pasted(month)},{{pasted_{kind[:3]}}},INDEX({{pairs:row}},1,2*{month}-{back}))))"
    )


ROWS = (
    figure(
        "stay_month", "row", "Month to month: the month whose figures count before anything but the practices changes",
        "month",
        f'IF({{count_indicator}}="",0,IF({_counted("{bridge_to_month}")},'
        f'IF({_counted("{bridge_from_month}")},{{bridge_from_month}},{{bridge_to_month}}),0))',
    ),
    figure("stay_row_num", "row", "Numerator of that month", "patients", _stayed("numerator", 1)),
    figure("stay_row_den", "row", "Denominator of that month", "patients", _stayed("denominator", 0)),
)  # fmt: skip

_ROWS_SEEN = {"row_num": "stay_row_num", "row_den": "stay_row_den", "complete": "stay_complete"}


def _rest(name: str, of_row: str, blank: str) -> str:
    """Return the formula of a sum of the PCN without the practice that leaves."""
    alone = f"SUMIFS({{{of_row}:all}},{now.COMPLETE}{_LEAVES})"
    every = "{count_indicator:all},{code}"
    if of_row.startswith("base"):
        every = _BASED
    others = f"SUMIFS({{{of_row}:all}},{every})-SUMIFS({{{of_row}:all}},{every}{_LEAVES})"
    return (
        f'IF({{{name}}}="","",IF({{try_leaves}}="",{{{name}}},IF({blank}=0,"",'
        f"IF({{rest_complete}}>0,{{{name}}}-{alone},{others}))))"
    )


_ROWS_LEFT = f"COUNTIFS({now.FILLED})-COUNTIFS({now.FILLED}{_LEAVES})"
_BASES_LEFT = f"COUNTIFS({_BASED})-COUNTIFS({_BASED}{_LEAVES})"


def _joined(name: str) -> str:
    return (
        f'IF({{{name}}}="","",{{{name}}}+IF({{if_joins}}=0,0,ROUND({{{name}}}*{{if_joins}}/{{if_rest_list}},0)))'
    )  # fmt: skip


def _tried(typed: str, otherwise: str) -> str:
    """Return the formula of a count that was typed; what is none becomes one that cannot be."""
    return f'IF({{code}}="","",IF({{{typed}}}="",{otherwise},IF(ISNUMBER({{{typed}}}),{{{typed}}},-1)))'


_PRACTICE_MORE = 'IF(({if_joins}=0)+({rule_level}="pcn")>0,0,1)'

WHAT_IF = (
    figure(
        "rest_complete", "indicator", "Without the practice that leaves: practices with counts and baseline", "count",
        f'IF({{baseline}}="yes",{{complete}}-IF({{try_leaves}}="",0,COUNTIFS({now.COMPLETE}{_LEAVES})),0)',
    ),
    figure("rest_num", "indicator", "Without it: numerator", "patients", _rest("num", "row_num", _ROWS_LEFT)),
    figure("rest_den", "indicator", "Without it: denominator", "patients", _rest("den", "row_den", _ROWS_LEFT)),
    figure("rest_bn", "indicator", "Without it: numerator of the baseline", "patients", _rest("bn", "base_num", _BASES_LEFT)),
    figure("rest_bd", "indicator", "Without it: denominator of the baseline", "patients", _rest("bd", "base_den", _BASES_LEFT)),
    figure(
        "if_num", "indicator", "What if: numerator", "patients",
        _tried("try_num", f'IF({{scoring}}="binary",{{rest_num}},{_joined("rest_num")})'),
    ),
    figure(
        "if_den", "indicator", "What if: denominator", "patients",
        _tried(
            "try_den",
            f'IF({{scoring}}="binary",IF({{rest_den}}="","",{{rest_den}}+{_PRACTICE_MORE}),{_joined("rest_den")})',
        ),
    ),
    figure("if_bn", "indicator", "What if: numerator of the baseline", "patients", _joined("rest_bn")),
    figure("if_bd", "indicator", "What if: denominator of the baseline", "patients", _joined("rest_bd")),
    figure(
        "if_prevalence", "indicator", "What if: prevalence adjustment", "factor",
        _typed("try_prevalence", ">0", _OF_NOW["prevalence"].native), den="if_den", list_size="if_list",
    ),
    _again("if_state", "state", "What if: what there is to reckon with", num="if_num", den="if_den", bn="if_bn", bd="if_bd"),
    figure(
        "if_points", "indicator", "What if: points", "points", native.POINTS,
        num="if_num", den="if_den", bn="if_bn", bd="if_bd", state="if_state",
    ),
    figure(
        "if_value", "indicator", "What if: pounds", "pounds", native.VALUE,
        points="if_points", point_value="if_point_value", list_adjustment="if_list_adjustment", prevalence="if_prevalence",
    ),
    figure("if_gain", "indicator", "What if: pounds more", "pounds", _gain("value", "if_value")),
)  # fmt: skip

_ADJUSTED = (
    '({rule_prevalence}="denominator")*({rule_prevalence_patients}<>"")*({list_size}<>"")>0'
)  # fmt: skip


def _with_prevalence(words: str, without: str) -> str:
    return f'IF({_ADJUSTED},{words},"{without}")'


def _with_percent(words: tuple[str, str]) -> str:
    return f'"{words[0]}"&ROUND(100*{{lower}}/{{scale}},4)&"%{words[1]}"'


_BETWEEN = (
    f'IF({{better}}="higher",{_with_prevalence(_with_percent(register.BETWEEN), register.BETWEEN_WITHOUT)},'
    f"{_with_prevalence(_with_percent(register.LOWER), register.LOWER_WITHOUT)})"
)
_FOUND = (
    '({scoring}="sliding")+({scoring}="single")=0',
    '({bounded}<>"yes")',
)

REGISTER = (
    figure(
        "more_den", "indicator", "One more patient: denominator", "patients",
        'IF(({scoring}="binary")+({state}="blank")+({state}="wrong")+({code}="")>0,"",{den}+1)',
    ),
    _again("more_prevalence", "prevalence", "One more patient: prevalence adjustment", den="more_den"),
    _again("more_state", "state", "One more patient: what there is to reckon with", den="more_den"),
    figure("more_points", "indicator", "One more patient, not in the numerator: points", "points", native.POINTS,
           den="more_den", state="more_state"),
    figure("more_value", "indicator", "One more patient, not in the numerator: pounds", "pounds", native.VALUE,
           points="more_points", prevalence="more_prevalence"),
    figure("more_gain", "indicator", "One more patient, not in the numerator: pounds more", "pounds",
           f'IF(({{value}}="")+({{more_value}}="")>0,"",{_step("value", "more_value")})'),
    figure("done_num", "indicator", "One more patient: numerator", "patients", 'IF({more_den}="","",{num}+1)'),
    _again("done_state", "state", "One more patient, in the numerator: what there is to reckon with",
           num="done_num", den="more_den"),
    figure("done_points", "indicator", "One more patient, in the numerator: points", "points", native.POINTS,
           num="done_num", den="more_den", state="done_state"),
    figure("done_value", "indicator", "One more patient, in the numerator: pounds", "pounds", native.VALUE,
           points="done_points", prevalence="more_prevalence"),
    figure("done_gain", "indicator", "One more patient, in the numerator: pounds more", "pounds",
           f'IF(({{value}}="")+({{done_value}}="")>0,"",{_step("value", "done_value")})'),
    figure(
        "more_words", "indicator", "When it pays to find patients", "text",
        f'IF(({_FOUND[0]})+{_FOUND[1]}>0,"",IF({{status}}="Met",{_with_prevalence(f"{chr(34)}{register.MET}{chr(34)}", register.MET_WITHOUT)},'
        f'IF({{status}}="Below","{register.EARNS_NOTHING}",'
        f'IF(({{status}}<>"Between")+({{lower}}="")>0,"",{_BETWEEN}))))',
    ),
)  # fmt: skip


def _at(month: str, name: str) -> str:
    """Return the formula of an indicator's figure in a chosen month."""
    return f'IF({{{month}}}=0,"",INDEX({{{name}:row}},1,{{{month}}}))'


_HELD = {"bn": "bridge_bn", "bd": "bridge_bd", "bounded": "no"}
"""Half way an old numerator may stand over a smaller new denominator; that is nothing to refuse."""

BRIDGE = (
    figure("bridge_then", "indicator", "Month to month: pounds then", "pounds", _at("bridge_from_month", "month_value")),
    figure("bridge_now", "indicator", "Month to month: pounds now", "pounds", _at("bridge_to_month", "month_value")),
    figure("bridge_den", "indicator", "Month to month: denominator now", "patients", _at("bridge_to_month", "month_den")),
    figure("bridge_bn", "indicator", "Month to month: numerator of the baseline", "patients", _at("bridge_to_month", "month_bn")),
    figure("bridge_bd", "indicator", "Month to month: denominator of the baseline", "patients", _at("bridge_to_month", "month_bd")),
    figure("bridge_prevalence", "indicator", "Month to month: prevalence adjustment now", "factor",
           _at("bridge_to_month", "month_prevalence")),
    _again("stay_complete", "complete", "The same practices: those with counts and baseline", **_ROWS_SEEN),
    _again("stay_num", "num", "The same practices: numerator", **_ROWS_SEEN),
    _again("stay_den", "den", "The same practices: denominator", **_ROWS_SEEN, num="stay_num"),
    _again("stay_prevalence", "prevalence", "The same practices: prevalence adjustment", den="stay_den"),
    _again("stay_state", "state", "The same practices: what there is to reckon with", num="stay_num", den="stay_den", **_HELD),
    figure("stay_points", "indicator", "The same practices: points", "points", native.POINTS,
           num="stay_num", den="stay_den", state="stay_state", **_HELD),
    figure("stay_value", "indicator", "The same practices: pounds", "pounds", native.VALUE,
           points="stay_points", prevalence="stay_prevalence"),
    figure("moved_value", "indicator", "With today's prevalence: pounds", "pounds", native.VALUE,
           points="stay_points", prevalence="bridge_prevalence"),
    _again("moved_state", "state", "With today's denominator: what there is to reckon with",
           num="stay_num", den="bridge_den", **_HELD),
    figure("moved_points", "indicator", "With today's denominator: points", "points", native.POINTS,
           num="stay_num", den="bridge_den", state="moved_state", **_HELD),
    figure("held_value", "indicator", "With today's denominator: pounds", "pounds", native.VALUE,
           points="moved_points", prevalence="bridge_prevalence"),
    *(
        figure(f"bridge_{name}", "indicator", f"Month to month: {words}", "pounds",
               f'IF(COUNT({{bridge_then}},{{bridge_now}})=0,"",{_step(before, after)})')
        for name, words, before, after in (
            ("practices", "practices missing", "bridge_then", "stay_value"),
            ("by_prevalence", "prevalence", "stay_value", "moved_value"),
            ("by_denominator", "denominator", "moved_value", "held_value"),
            ("by_patients", "patients", "held_value", "bridge_now"),
        )
    ),
)  # fmt: skip


def _official(name: str) -> str:
    return (
        'IF(({code}="")+({official_num}="")+({official_den}="")>0,"",'
        f"IF(ISNUMBER({{official_{name}}}),{{official_{name}}},-1))"
    )


def _less(official: str, ours: str, *, places: str = "") -> str:
    less = f"{{{official}}}-{{{ours}}}"
    return (
        f'IF({{off_state}}="wrong","",IF(({{{official}}}="")+({{{ours}}}="")>0,"",'
        + (f"ROUND({less},{places})" if places else less)
        + "))"
    )


OFFICIAL = (
    figure("off_num", "indicator", "CQRS: numerator", "patients", _official("num")),
    figure("off_den", "indicator", "CQRS: denominator", "patients", _official("den")),
    _again("off_prevalence", "prevalence", "CQRS: prevalence adjustment", den="off_den"),
    _again("off_state", "state", "CQRS: what there is to reckon with", num="off_num", den="off_den"),
    figure("off_points", "indicator", "CQRS: points", "points", native.POINTS, num="off_num", den="off_den", state="off_state"),
    figure("off_value", "indicator", "CQRS: pounds", "pounds", native.VALUE, points="off_points", prevalence="off_prevalence"),
    figure("off_less_num", "indicator", "CQRS less ours: numerator", "patients", _less("off_num", "num")),
    figure("off_less_den", "indicator", "CQRS less ours: denominator", "patients", _less("off_den", "den")),
    figure("off_less_points", "indicator", "CQRS less ours: points", "points", _less("off_points", "points")),
    figure("off_less_pounds", "indicator", "CQRS less ours: pounds", "pounds", _less("off_value", "value", places="{rounding}")),
    figure(
        "awarded", "indicator", "Pounds credited where the year was decided otherwise than by its counts", "pounds",
        'IF(({rule_awarded_share}="")+({points_available}="")+({point_value}="")>0,"",ROUND(ROUND('
        "{points_available}*{rule_awarded_share}*{point_value}*{list_adjustment}*{prevalence},8),{rounding}))",
    ),
)  # fmt: skip

INDICATORS = (*WHAT_IF, *REGISTER, *BRIDGE, *OFFICIAL)
