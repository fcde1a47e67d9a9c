"""The indicator that was chosen for a chart, on Trend and on Practice gaps; #N/A is what a chart leaves out."""

from collections.abc import Iterator

from iif_reckoner.figures.records import Figure
from iif_reckoner.figures.working.spelling import PERCENT, figure, one_of

_NAMED = 16
"""So many practices have room for their names below a chart; more have their codes."""


def _of(name: str, place: str, how: str = "all") -> str:
    return f"INDEX({{{name}:{how}}},{{{place}}})"


def _threshold(name: str, chart: str) -> str:
    """Return the formula of a threshold; the upper one where there is no lower, #N/A where there is neither."""
    place = f"{chart}_place"

    def scaled(threshold: str, otherwise: str) -> str:
        found = _of(threshold, place)
        return f"IF(ISNUMBER({found}),{found}/{_of('scale', place)}*{{{chart}_factor}},{otherwise})"

    upper = scaled("upper", "NA()")
    return f"IF({{{place}}}=0,NA(),{upper if name == 'upper' else scaled(name, upper)})"


def _choice(chart: str) -> Iterator[Figure]:
    place = f"{{{chart}_place}}"
    yield figure(
        f"{chart}_place", "book", f"Place of the indicator chosen on {_SHEETS[chart]}; 0 if there is none such", "place",
        f'IF({{{chart}_choice}}="",1,IFERROR(MATCH({{{chart}_choice}},{{code:all}},0),0))',
    )  # fmt: skip
    yield figure(
        f"{chart}_factor", "book", "100 where it is read as a percentage", "factor",
        f"IF({place}=0,1,IF({one_of(_of('rule_unit', f'{chart}_place'), PERCENT)}>0,100,1))",
    )  # fmt: skip
    for name in ("lower", "upper"):
        words = f"Its {name} threshold as the chart has it"
        yield figure(f"{chart}_{name}", "book", words, "", _threshold(name, chart))


_SHEETS = {"trend": "Trend", "gaps": "Practice gaps"}
_SCORING = _of("scoring", "trend_place")
_BASELINE = f"{_of('bn', 'trend_place')}/{_of('bd', 'trend_place')}"
_DONE = f"{_of('month_num', 'trend_place', 'column')}/{_of('month_den', 'trend_place', 'column')}"

BOOK = (
    *_choice("trend"),
    figure(
        "trend_sign", "book", "Direction of the change that counts; 0 where no change counts", "",
        f'IF({{trend_place}}=0,0,IF({_SCORING}="improvement",IF({_of("better", "trend_place")}="lower",-1,1),0))',
    ),
    figure(
        "trend_baseline", "book", "Its baseline, where change counts", "fraction",
        f"IF({{trend_sign}}=0,0,IFERROR({_BASELINE},0))",
    ),
    *_choice("gaps"),
)  # fmt: skip

MONTHLY = (
    figure(
        "trend_achievement", "month", "Achievement of the indicator chosen on Trend", "",
        f'IF({{trend_place}}=0,"",IF(ISNUMBER({_DONE}),'
        f'IF({{trend_sign}}=0,{_DONE},{{trend_sign}}*({_DONE}-{{trend_baseline}}))*{{trend_factor}},""))',
    ),
    *(
        figure(f"trend_{name}_line", "month", f"Its {name} threshold", "", f"{{trend_{name}}}")
        for name in ("lower", "upper")
    ),
)  # fmt: skip

_GAPS_LINE = 'IF({{gaps_place}}=0,NA(),IF(({{practice}}="")+({scoring}="improvement")>0,NA(),{{gaps_{name}}}))'

PRACTICES = (
    figure(
        "gaps_label", "practice", "Practice below the chart", "name",
        f'IF((COUNTA({{practice_code:all}})<={_NAMED})*({{practice_name}}<>"")>0,{{practice_name}},{{practice}})',
    ),
    figure(
        "gaps_achievement", "practice", "Achievement of the indicator chosen on Practice gaps", "",
        'IF({gaps_place}=0,"",IF(ISNUMBER(INDEX({practice_achievement:row},1,{gaps_place})),'
        'INDEX({practice_achievement:row},1,{gaps_place})*{gaps_factor},""))',
    ),
    *(
        figure(
            f"gaps_{name}_line", "practice", f"Its {name} threshold", "",
            _GAPS_LINE.format(scoring=_of("scoring", "gaps_place"), name=name),
        )
        for name in ("lower", "upper")
    ),
)  # fmt: skip
