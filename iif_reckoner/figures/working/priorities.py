"""What to chase first: pounds, patients and hours of each indicator, the order they stand in, and the tier."""

from iif_reckoner.figures.working.spelling import copied, figure, one_of
from iif_reckoner.plan.priorities import (
    ALL_OR_NOTHING,
    BEYOND,
    BY_STATUS,
    DISCOUNTED,
    HOUR,
    NO_VALUE,
    NOTHING,
    OPEN,
    PATIENT,
    UP_TO,
    WITHOUT_ORDER,
)


def _choice(cell: str, answers: dict[str, str], otherwise: str) -> str:
    """Return the formula that answers to a word in a cell; answers and the rest are formulas."""
    return "".join(f'IF({cell}="{word}",{answer},' for word, answer in answers.items()) + otherwise + ")" * len(answers)


_KIND = (
    'IF({code}="","",IF(ISERROR({status}),"wrong",'
    + _choice(
        "{status}",
        {status: f'"{kind}"' for status, kind in BY_STATUS.items()},
        f'IF({{to_win}}="","{NO_VALUE}",IF({{to_win}}<=0,"{NOTHING}",IF({{gap_upper}}="","{BEYOND}","{OPEN}")))',
    )
    + "))"
)

_WORTH = f'IF({{plan_by}}="{HOUR}",{{plan_per_hour}},{{to_win}}/{{gap_upper}})'

_SUGGESTED = (
    'IF({plan_worth}="",'
    + _choice("{plan_kind}", {kind: f'"{tier}"' for kind, (tier, _) in WITHOUT_ORDER.items() if tier}, '""')
    + ","
    + "".join(f'IF(100*{{plan_before}}<{most}*{{plan_to_win}},"{tier}",' for tier, most in UP_TO)
    + f'"{DISCOUNTED}"'
    + ")" * (len(UP_TO) + 1)
)

_PLACE = (
    'IF({plan_before}=0,"the most £ per "&{plan_by},'
    'ROUNDDOWN(100*{plan_before}/{plan_to_win},0)&"% of the £ to win bring more per "&{plan_by})'
)
_FIRST = (
    f'IF({{plan_to_lower}}=0,"",IF({one_of("{scoring}", ALL_OR_NOTHING)}>0,"; all or nothing",'
    '"; first "&FIXED({plan_to_lower},0)&IF({plan_to_lower}=1," patient"," patients")&" to the lower threshold"))'
)

BOOK = (
    figure(
        "plan_open", "book", "Indicators that can still win", "count", f'COUNTIF({{plan_kind:all}},"{OPEN}")'
    ),
    figure(
        "plan_timed", "book", "Those of them with minutes per patient", "count", "COUNT({plan_minutes_needed:all})"
    ),
    figure(
        "plan_by", "book", "What their order is by", "word",
        f'IF({{plan_open}}=0,"",IF({{plan_timed}}={{plan_open}},"{HOUR}","{PATIENT}"))',
    ),
    figure(
        "plan_to_win", "book", "What they can still win", "pennies",
        f'ROUND(100*SUMIFS({{to_win:all}},{{plan_kind:all}},"{OPEN}"),0)',
    ),
    figure(
        "plan_all_hours", "book", "Hours that all of them need", "hours",
        f'IF({{plan_by}}="{HOUR}",SUM({{plan_minutes_needed:all}})/60,"")',
    ),
    figure(
        "plan_note", "book", "What Plan says of the order and the hours", "text",
        'IF({plan_open}=0,"Nothing can be won as things stand, or nothing is counted yet.",IF({plan_all_hours}="",'
        '({plan_open}-{plan_timed})&" of "&{plan_open}&" indicators that can still win "'
        '&IF({plan_open}-{plan_timed}=1,"has","have")&" no minutes per patient: the order is by £ per patient.",'
        '"All that can still be won needs "&FIXED({plan_all_hours},0)&" hours"&IF({plan_hours_left}="",'
        '". Write the hours left to see where they run out.",IF(ISNUMBER({plan_hours_left}),'
        'IF({plan_hours_left}<=0,", and no hours are left.",IF({plan_all_hours}<={plan_hours_left},'
        '": the hours left are enough for all.",": the hours left are enough for those marked yes.")),'
        '". The hours left are no number: write one, such as 40."))))',
    ),
)  # fmt: skip

OF_INDICATORS = (
    figure("plan_kind", "indicator", "What there is to say of what it can win", "word", _KIND),
    figure(
        "plan_to_lower", "indicator", "Patients to the lower threshold, before which nothing is earned", "patients",
        f'IF({{plan_kind}}<>"{OPEN}","",IF({{points}}>0,0,{{gap_lower}}))',
    ),
    figure(
        "plan_minutes_needed", "indicator", "Minutes that its patients need", "minutes",
        f'IF({{plan_kind}}<>"{OPEN}","",IF(ISNUMBER({{plan_minutes}}),'
        'IF({plan_minutes}>0,{gap_upper}*{plan_minutes},""),""))',
    ),
    figure(
        "plan_hours", "indicator", "Hours needed", "hours",
        'IF({plan_minutes_needed}="","",{plan_minutes_needed}/60)',
    ),
    figure(
        "plan_per_hour", "indicator", "Pounds per hour", "pounds",
        'IF({plan_minutes_needed}="","",{to_win}*60/{plan_minutes_needed})',
    ),
    figure(
        "plan_worth", "indicator", "What it is put in order by", "pounds",
        f'IF({{plan_kind}}<>"{OPEN}","",ROUND(ROUND({_WORTH},8),2))',
    ),
    figure(
        "plan_before", "indicator", "What those worth more can still win", "pennies",
        'IF({plan_worth}="","",ROUND(100*SUMIFS({to_win:all},{plan_worth:all},">"&{plan_worth}),0))',
    ),
    figure(
        "plan_so_far", "indicator", "Hours with those before it", "hours",
        f'IF({{plan_worth}}="","",IF({{plan_by}}="{HOUR}",'
        'SUMIFS({plan_minutes_needed:all},{plan_worth:all},">="&{plan_worth})/60,""))',
    ),
    figure(
        "plan_within", "indicator", "Whether that is within the hours left", "word",
        'IF({plan_so_far}="","",IF(ISNUMBER({plan_hours_left}),IF({plan_so_far}<={plan_hours_left},"yes",'
        'IF(SUMIFS({plan_minutes_needed:all},{plan_worth:all},">"&{plan_worth})/60<{plan_hours_left},'
        '"in part","no")),""))',
    ),
    figure("suggested", "indicator", "Suggested tier", "word", _SUGGESTED),
    figure(
        "plan_reason", "indicator", "Why", "text",
        'IF({plan_worth}="",'
        + _choice("{plan_kind}", {kind: f'"{words}"' for kind, (_, words) in WITHOUT_ORDER.items()},
            'IF({plan_kind}="wrong","see Checks","")')
        + f",{_PLACE}&{_FIRST})",
    ),
    figure("tier", "indicator", "Tier", "word", 'IF({plan_tier}="",{suggested},{plan_tier})'),
    figure("helper", "indicator", "Helper", "name", copied("plan_helper")),
)  # fmt: skip
