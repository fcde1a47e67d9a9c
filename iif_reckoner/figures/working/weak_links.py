"""What the PCN would earn if only the practices short of its average reached it; an indicator in each column.

Only indicators that are missed have such figures: status Below or Between.
"""

from iif_reckoner.figures.working import native
from iif_reckoner.figures.working.spelling import copied, figure, one_of
from iif_reckoner.plan.weak_links import BY_CHANGE, MISSED, PCN_ONLY

_AVERAGE = "{across_num}*{practice_den}/{across_den}"
_MORE = native.positive(f"ROUNDUP({_AVERAGE},0)-{{practice_num}}")
_FEWER = native.positive(f"{{practice_num}}-ROUNDDOWN({_AVERAGE},0)")

ACROSS = (
    figure("across_num", "indicator across", "Numerator of the PCN", "patients", copied("num")),
    figure("across_den", "indicator across", "Denominator of the PCN", "patients", copied("den")),
    figure(
        "held", "indicator across", "Whether practices are held against the PCN's average, or why not", "word",
        f'IF({{code}}="","",IF(ISERROR({{status}}),"",IF({one_of("{status}", MISSED)}=0,"",IF({{baseline}}="yes",'
        f'"{BY_CHANGE}",IF(COUNT({{practice_num:column}})=0,"{PCN_ONLY}","yes")))))',
    ),
    figure(
        "below_average", "indicator across", "Practices short of the PCN's average", "practices",
        'IF({held}="yes",COUNTIF({to_average:column},">0"),{held})',
    ),
    figure(
        "at_upper", "indicator across", "Practices at the upper threshold already", "practices",
        'IF({held}="yes",COUNTIFS({practice_gap:column},0,{practice_state:column},"counted"),"")',
    ),
    figure(
        "average_num", "indicator across", "Numerator with those short of the average at it", "patients",
        'IF({held}="yes",{num}+IF({better}="higher",1,-1)*SUM({to_average:column}),"")',
    ),
    figure(
        "average_state", "indicator across", "Whether there is one", "word", 'IF({average_num}="","blank","counted")'
    ),
    figure(
        "average_points", "indicator across", "Points with those short of the average at it", "points", native.POINTS,
        num="average_num", state="average_state",
    ),
    figure(
        "average_value", "indicator across", "Pounds with those short of the average at it", "pounds", native.VALUE,
        points="average_points",
    ),
    figure(
        "average_gain", "indicator across", "Pounds more than now", "pounds",
        'IF({average_value}="","",ROUND({average_value}-{value},{rounding}))',
    ),
)  # fmt: skip

PRACTICES = (
    figure(
        "to_average", "practice indicator", "Patients to the PCN's average", "patients",
        'IF({held}="yes",IF({practice_state}="counted",IF({across_scoring}="binary",{practice_den}-{practice_num},'
        f'IF({{across_better}}="higher",{_MORE},{_FEWER})),""),"")',
    ),
)  # fmt: skip
