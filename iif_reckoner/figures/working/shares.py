"""The patients that the PCN still needs, shared out: whole patients by largest remainder, in whole numbers throughout.

A share is `patients * weight / total` rounded down, and one more for those with the largest remainders, as many as are
left. The remainders are whole numbers too, so that they are compared exactly.
"""

from iif_reckoner.figures.working.spelling import figure
from iif_reckoner.plan.shares import BY, LACKS, NO_OWN_GAP, PARTS_OF_AN_HOUR, TO

_OWN, _LIST, _CAPACITY, _ = BY
_MISSING = "missing"

BOOK = (
    figure(
        "share_by", "book", "What the shares go by", "word",
        "".join(f'IF({{share_by_choice}}="{by.capitalize()}","{by}",' for by in BY[1:]) + f'"{_OWN}")))',
    ),
    figure(
        "share_lacking", "book", "Practices of which it is not known what the shares go by", "practices",
        f'COUNTIF({{share_weight:all}},"{_MISSING}")',
    ),
    figure(
        "share_note", "book", "What to fill in before there are shares", "text",
        'IF({share_lacking}=0,"",{share_lacking}&IF({share_lacking}=1," practice has no "," practices have no ")'
        f'&IF({{share_by}}="{_LIST}","{LACKS[_LIST]}","{LACKS[_CAPACITY]}")'
        '&" on Practices: once it is filled in there, the shares appear.")',
    ),
)  # fmt: skip

_TAKING_PART = '{practice_state:column},"counted"'

ACROSS = (
    figure(
        "share_needed", "indicator across", "Patients to share out", "patients",
        'IF({share_to_choice}="' + TO["lower"].capitalize() + '",IF(ISNUMBER({gap_lower}),IF({gap_lower}>0,{gap_lower},""),""),'
        'IF(ISNUMBER({gap_upper}),IF({gap_upper}>0,{gap_upper},""),""))',
    ),
    figure(
        "share_own", "indicator across", "Whether each practice's own gap decides", "yes",
        f'IF(({{share_by}}="{_OWN}")+({{scoring}}="binary")>0,"yes","no")',
    ),
    figure(
        "share_all", "indicator across", "Whether all practices take part, as none has counts of its own", "yes",
        'IF(COUNT({practice_num:column})=0,"yes","no")',
    ),
    figure(
        "share_total", "indicator across", "All weights together; 0 where there is nothing to go by", "number",
        f'IF({{share_needed}}="","",IF({{share_own}}="yes",SUMIFS({{practice_gap:column}},{_TAKING_PART}),'
        'IF({share_lacking}>0,0,IF({share_all}="yes",SUM({share_weight:all}),'
        f"SUMIFS({{share_weight:all}},{_TAKING_PART})))))",
    ),
    figure(
        "share_how", "indicator across", "What decided, or what is not known", "word",
        'IF({share_needed}="","",IF({share_total}>0,'
        f'IF({{share_own}}="yes","{_OWN}",{{share_by}}),IF(({{share_by}}="{_LIST}")*({{share_own}}="no")>0,'
        f'"no {LACKS[_LIST]}",IF(({{share_by}}="{_CAPACITY}")*({{share_own}}="no")>0,"no {LACKS[_CAPACITY]}",'
        f'"{NO_OWN_GAP}"))))',
    ),
    figure(
        "share_left", "indicator across", "Patients left once all shares are rounded down", "patients",
        'IF(SUM({share_total})=0,"",SUMIFS({share_rest:column},{share_rest:column},">0")/{share_total})',
    ),
)  # fmt: skip

_WEIGHT = 'IF({share_own}="yes",{practice_gap},{share_weight})'
_PRODUCT = f"{{share_needed}}*{_WEIGHT}"
_DOWN = f"ROUNDDOWN({_PRODUCT}/{{share_total}},0)"

PRACTICES = (
    figure(
        "share_rest", "practice indicator", "Remainder of the share; -1 where a practice takes no part", "number",
        'IF(({practice}="")+(SUM({share_total})=0)>0,"",'
        f'IF(({{share_all}}="yes")+({{practice_state}}="counted")=0,-1,{_PRODUCT}-{_DOWN}*{{share_total}}))',
    ),
    figure(
        "share_patients", "practice indicator", "Patients that the practice takes on", "patients",
        f'IF({{share_rest}}="","",IF({{share_rest}}<0,"",({_PRODUCT}-{{share_rest}})/{{share_total}}'
        '+IF(COUNTIF({share_rest:column},">"&{share_rest})+COUNTIF({share_rest:down},{share_rest})<={share_left},1,0)))',
    ),
)  # fmt: skip

WEIGHTS = (
    figure(
        "share_weight", "practice", "Weight of the practice where no own gap decides: list, hundredths of hours, or 1",
        "number",
        f'IF({{practice}}="","",IF({{share_by}}="{_LIST}",IF(ISNUMBER({{practice_list}})*({{practice_list}}>0)>0,'
        f'ROUND({{practice_list}},0),"{_MISSING}"),IF({{share_by}}="{_CAPACITY}",'
        "IF(ISNUMBER({practice_hours})*({practice_hours}>=0)>0,"
        f'ROUND(ROUND({{practice_hours}}*{PARTS_OF_AN_HOUR},6),0),"{_MISSING}"),1)))',
    ),
)  # fmt: skip
