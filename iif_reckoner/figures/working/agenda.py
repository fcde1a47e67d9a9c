"""The agenda of the meeting: who is on which list, in what order, and the first lines of each."""

from collections.abc import Iterator
from dataclasses import dataclass

from iif_reckoner.figures.records import Figure, Over
from iif_reckoner.figures.working.spelling import figure, one_of
from iif_reckoner.plan.agenda import FINISHED, LATER, LINES, NEXT, OVERDUE
from iif_reckoner.plan.priorities import OPEN, TOP

_NOW, _BEFORE = ("INDEX({month_points:row},1,{month})", "INDEX({month_points:row},1,{month}-1)")
_CHANGE = (
    f'IF({{month}}<2,"",IF(ISERROR({_NOW})+ISERROR({_BEFORE})>0,"",'
    f'IF(({_NOW}="")+({_BEFORE}="")>0,"",ROUND({_NOW}-{_BEFORE},6))))'
)


def _ranked(condition: str, rank: str) -> str:
    """Return the formula of an item's rank in a list, larger for earlier, blank where it is not on it."""
    return f'IF({condition},{rank},"")'


def _in_order(over: Over) -> str:
    return f"1000-{{{over}_number}}"


_MOST_FIRST = f"ROUND(100*{{to_win}},0)*1000+{_in_order('indicator')}"
_EARLIEST_FIRST = f"(1000000-INT({{action_due}}))*1000+{_in_order('action')}"


def _changed(sign: str) -> str:
    return _ranked(f'IF({{agenda_change}}="",FALSE,{{agenda_change}}{sign}0)', _in_order("indicator"))


OF_INDICATORS = (
    figure("agenda_change", "indicator", "Points more than at the end of the month before", "points", _CHANGE),
    figure("agenda_met", "indicator", "On the list: met", "rank", _ranked('{plan_kind}="met"', _in_order("indicator"))),
    figure("agenda_risen", "indicator", "On the list: more points than the month before", "rank", _changed(">")),
    figure("agenda_fallen", "indicator", "On the list: fewer points than the month before", "rank", _changed("<")),
    figure(
        "agenda_top", "indicator", "On the list: top tier", "rank",
        _ranked(f'({{plan_kind}}="{OPEN}")*({{tier}}="{TOP}")>0', _MOST_FIRST),
    ),
    figure(
        "agenda_below", "indicator", "On the list: nothing earned yet", "rank",
        _ranked(f'IF({{plan_kind}}="{OPEN}",{{status}}="Below",FALSE)', _MOST_FIRST),
    ),
)  # fmt: skip

PRACTICES = (
    figure(
        "agenda_silent", "practice", "On the list: practices without figures", "rank",
        'IF({practice}="","",' + _ranked("COUNT({practice_num:row})=0", _in_order("practice")) + ")",
    ),
)  # fmt: skip

_WHEN = (
    f'IF({{action_what}}="","",IF({one_of("{action_state}", FINISHED)}>0,"",IF(ISNUMBER({{action_due}}),'
    f'IF({{month}}=0,"{LATER}",IF({{action_due}}<{{agenda_after}},"{OVERDUE}",'
    f'IF({{action_due}}<{{agenda_next}},"{NEXT}","{LATER}"))),"{LATER}")))'
)

ACTIONS = (
    figure("action_when", "action", "When it is due, seen from the end of the shown month", "word", _WHEN),
    figure(
        "agenda_overdue", "action", "On the list: overdue", "rank",
        _ranked(f'{{action_when}}="{OVERDUE}"', _EARLIEST_FIRST),
    ),
    figure(
        "agenda_due", "action", "On the list: due in the next month", "rank",
        _ranked(f'{{action_when}}="{NEXT}"', _EARLIEST_FIRST),
    ),
)  # fmt: skip


def _named(code: str, name: str) -> str:
    return f'INDEX({{{code}:all}},{{AT}})&"  "&INDEX({{{name}:all}},{{AT}})'


def _figure_of(name: str) -> str:
    return f"INDEX({{{name}:all}},{{AT}})"


@dataclass(frozen=True, slots=True)
class _List:
    """A list: the figure that ranks it, and what its lines show, by the ending of the figure's name."""

    name: str
    words: str
    shows: dict[str, str]


_INDICATOR = _named("code", "rule_name")
_ACTION = (
    'INDEX({action_what:all},{AT})&IF(INDEX({action_owner:all},{AT})="",""," ("&INDEX({action_owner:all},{AT})&")")'
)
_LEADS = (
    'IF(INDEX({board_lead:all},{AT})="",INDEX({practice_lead:all},{AT}),INDEX({board_lead:all},{AT})'
    '&IF(INDEX({practice_lead:all},{AT})="","",", "&INDEX({practice_lead:all},{AT})))'
)
_LISTS = (
    _List("agenda_met", "met", {"text": _INDICATOR, "figure": _figure_of("points")}),
    _List("agenda_risen", "more points than the month before", {"text": _INDICATOR, "figure": _figure_of("agenda_change")}),
    _List("agenda_overdue", "overdue", {"text": _ACTION, "figure": _figure_of("action_due")}),
    _List("agenda_due", "due in the next month", {"text": _ACTION, "figure": _figure_of("action_due")}),
    _List(
        "agenda_top", "top tier",
        {"text": _INDICATOR, "figure": _figure_of("gap_upper"), "more": _LEADS, "hours": _figure_of("plan_hours")},
    ),
    _List("agenda_silent", "practices without figures", {"text": _named("practice", "practice_name")}),
    _List("agenda_fallen", "fewer points than the month before", {"text": _INDICATOR, "figure": _figure_of("agenda_change")}),
    _List(
        "agenda_below", "nothing earned yet",
        {"text": _INDICATOR, "figure": _figure_of("to_win"), "more": _LEADS, "lower": _figure_of("plan_to_lower")},
    ),
)  # fmt: skip


WITHOUT_PATIENTS = tuple(f"agenda_{name}" for name in ("after", "next", "shown", "overdue", "due", "later", "silent"))
"""How the names begin of figures that are of months, actions and practices, and not of patients or pounds."""


def _lines() -> Iterator[Figure]:
    for each in _LISTS:
        at = f"{each.name}_at"
        ranks = f"{{{each.name}:all}}"
        yield figure(
            at, "line", f"Agenda, {each.words}: place", "place", f'IFERROR(MATCH(LARGE({ranks},{{line_number}}),{ranks},0),"")'
        )  # fmt: skip
        for ending, formula in each.shows.items():
            shown = f'IF({{{at}}}="","",{formula.replace("{AT}", f"{{{at}}}")})'
            yield figure(f"{each.name}_{ending}", "line", f"Agenda, {each.words}: {ending}", "", shown)


LISTS = tuple(_lines())


def _counts() -> Iterator[Figure]:
    for each in _LISTS:
        yield figure(f"{each.name}_count", "book", f"Agenda, {each.words}", "count", f"COUNT({{{each.name}:all}})")
        yield figure(
            f"{each.name}_rest", "book", f"Agenda, {each.words}: those that are not shown", "text",
            f'IF({{{each.name}_count}}>{LINES},"and "&({{{each.name}_count}}-{LINES})&" more","")',
        )  # fmt: skip


def _month_before(name: str) -> str:
    return f'IF({{month}}<2,"",INDEX({{month_total_{name}:all}},1,{{month}}-1))'


_IN_TOP = f'{{plan_kind:all}},"{OPEN}",{{tier:all}},"{TOP}"'

BOOK = (
    figure(
        "agenda_after", "book", "First day after the shown month", "day", "ROUND(DATE(1*LEFT({rule_ruleset},4),4+{month},1),0)"
    ),
    figure("agenda_next", "book", "First day after the month after it", "day", "ROUND(DATE(1*LEFT({rule_ruleset},4),5+{month},1),0)"),
    figure(
        "agenda_shown", "book", "Which month the agenda is of", "text",
        'IF({month}=0,"no figures yet","position at the end of "&INDEX({month_label:all},1,{month}))',
    ),
    *_counts(),
    figure("agenda_later_count", "book", "Agenda, open actions that are due later or on no day", "count", f'COUNTIF({{action_when:all}},"{LATER}")'),
    figure("agenda_points_before", "book", "Points earned at the end of the month before", "points", _month_before("points")),
    figure("agenda_won_before", "book", "Pounds won at the end of the month before", "pounds", _month_before("value")),
    figure("agenda_to_win_before", "book", "Pounds still to win at the end of the month before", "pounds", _month_before("to_win")),
    figure(
        "agenda_hours_of_top", "book", "Hours that the top tier needs", "hours",
        f'IF({{agenda_top_count}}=0,"",IF(COUNTIFS({_IN_TOP},{{plan_minutes_needed:all}},">0")<{{agenda_top_count}},'
        f'"minutes missing",SUMIFS({{plan_minutes_needed:all}},{_IN_TOP})/60))',
    ),
    *(
        figure(f"agenda_{word.lower()}_now", "book", f"Indicators with the status {word}", "count", f'COUNTIF({{status:all}},"{word}")')
        for word in ("Between", "Below")
    ),
)  # fmt: skip
