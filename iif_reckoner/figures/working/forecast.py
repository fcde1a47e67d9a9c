"""The end of the year, as plan/forecast.py works it out: each indicator by its season, in a low, likely and high case."""

from collections.abc import Iterator, Mapping

from iif_reckoner.figures.records import Figure, Place
from iif_reckoner.figures.working import native
from iif_reckoner.figures.working.spelling import figure, one_of, total
from iif_reckoner.layout.page import Page
from iif_reckoner.layout.sheets import Sheet
from iif_reckoner.plan.forecast import (
    ALL_DONE,
    CASES,
    DRIFTING,
    EARLIEST,
    LEEWAY,
    LOOK_BACK,
    NO_FIGURES,
    NO_PATIENTS,
    NOT_KNOWN,
    SHAPES,
    SPREAD,
    TOO_EARLY,
    WRONG,
)
from iif_reckoner.scheme_year import MONTHS

_LEFT = f"({MONTHS}-{{month}})"
_OF_SEASON = "MATCH({end_season},{season_key:all},0)"


def _of_all(share: str) -> str:
    """Return the formula of the numerator when so many per cent of the year's work have brought it to what it is."""
    return f"ROUND({{num}}*{ALL_DONE}/({share}),0)"


def _held(end: str) -> str:
    """Return the formula of a numerator that is no part of nothing, and no more than there are."""
    return f'IF({{end_told}}<>"yes","",IF({{bounded}}="yes",MIN({{end_den}},MAX(0,{end})),MAX(0,{end})))'


NUMERATORS = (
    figure(
        "end_season", "indicator", "Season, as the sheet Rules has it", "word",
        f'IF({{code}}="","",IF({{rule_season}}="","{NOT_KNOWN}",{{rule_season}}))',
    ),
    figure(
        "end_share", "indicator", "Share of the year's work that is usually done by now", "per cent",
        f'IF({{state}}="counted",IFERROR(INDEX({{season_done:all}},{_OF_SEASON},{{month}}),""),"")',
    ),
    figure(
        "end_told", "indicator", "Whether the end of the year can be told", "yes",
        f'IF({{end_share}}="","no",IF(({{end_share}}<{EARLIEST})+({{num}}=0)*({{end_share}}<{ALL_DONE})>0,"no","yes"))',
    ),
    figure(
        "end_words", "indicator", "How it is told, or why it cannot be", "words",
        f'IF({{code}}="","",IF({{state}}="blank","{NO_FIGURES}",IF({{state}}="nobody","{NO_PATIENTS}",'
        f'IF({{end_share}}="","{WRONG}",IF({{end_told}}="no","{TOO_EARLY}",'
        f'INDEX({{season_words:all}},{_OF_SEASON}))))))',
    ),
    figure(
        "end_spread", "indicator", "By how much that share may be off", "per cent",
        f'IF({{end_told}}<>"yes","",IF({{end_season}}="rate",0,'
        f'ROUND({SPREAD}*{{end_share}}*({ALL_DONE}-{{end_share}})/{ALL_DONE**2},0)))',
    ),
    figure(
        "earlier_num", "indicator", f"Numerator {LOOK_BACK} months before", "patients",
        f'IF({{month}}<={LOOK_BACK},"",IFERROR(INDEX({{month_num:row}},1,{{month}}-{LOOK_BACK}),""))',
    ),
    figure(
        "earlier_den", "indicator", f"Denominator {LOOK_BACK} months before", "patients",
        f'IF({{earlier_num}}="","",IFERROR(INDEX({{month_den:row}},1,{{month}}-{LOOK_BACK}),""))',
    ),
    figure(
        "end_trend", "indicator", "What the trend since then would still bring", "patients",
        'IF({end_told}<>"yes","",IF({end_season}<>"flat",0,IF({earlier_den}="",0,IF({earlier_den}=0,0,'
        f"ROUND(({{num}}*{{earlier_den}}-{{earlier_num}}*{{den}})*{_LEFT}/({LOOK_BACK}*{{earlier_den}}),0)))))",
    ),
    figure(
        "end_leeway", "indicator", "How far it may drift", "patients",
        f'IF({{end_told}}<>"yes","",IF({one_of("{end_season}", DRIFTING)}>0,'
        f"ROUND({{num}}*{LEEWAY}*{_LEFT}/(10*{{end_share}}),0),0))",
    ),
    figure(
        "end_den", "indicator", "Denominator at the end of the year", "patients",
        f'IF({{end_told}}<>"yes","",IF({{end_season}}="rate",ROUND({{den}}*{ALL_DONE}/{{end_share}},0),{{den}}))',
    ),
    figure(
        "end_fewest", "indicator", "Numerator at the end of the year: the fewest", "patients",
        _held(f"{_of_all('{end_share}+{end_spread}')}+MIN(0,{{end_trend}})-{{end_leeway}}"),
    ),
    figure(
        "end_num_likely", "indicator", "Numerator at the end of the year: likely", "patients",
        _held(f"{_of_all('{end_share}')}+ROUND({{end_trend}}/2,0)"),
    ),
    figure(
        "end_most", "indicator", "Numerator at the end of the year: the most", "patients",
        _held(
            f'IF(({{end_season}}="once")*({{month}}<{MONTHS})>0,MAX({{end_den}},{{num}}),'
            f"{_of_all('{end_share}-{end_spread}')}+MAX(0,{{end_trend}})+{{end_leeway}})"
        ),
    ),
    figure(
        "end_num_low", "indicator", "Numerator of the case that earns least", "patients",
        'IF({better}="lower",{end_most},{end_fewest})',
    ),
    figure(
        "end_num_high", "indicator", "Numerator of the case that earns most", "patients",
        'IF({better}="lower",{end_fewest},{end_most})',
    ),
    figure(
        "end_state", "indicator", "What there is to reckon with", "word", native.STATE,
        num="end_num_likely", den="end_den",
    ),
    figure(
        "end_prevalence", "indicator", "Prevalence adjustment at the end of the year", "factor", native.PREVALENCE,
        den="end_den",
    ),
)  # fmt: skip


def _earned() -> Iterator[Figure]:
    """Yield what each case earns, by the sums of the scheme."""
    for case in CASES:
        seen = {"num": f"end_num_{case}", "den": "end_den", "state": "end_state", "prevalence": "end_prevalence"}
        yield figure(
            f"end_achievement_{case}", "indicator", f"Achievement at the end of the year: {case}", "fraction",
            native.ACHIEVEMENT, **seen,
        )  # fmt: skip
        yield figure(
            f"end_points_{case}", "indicator", f"Points at the end of the year: {case}", "points", native.POINTS, **seen
        )
        yield figure(
            f"end_value_{case}", "indicator", f"Pounds at the end of the year: {case}", "pounds",
            native.VALUE, **seen, points=f"end_points_{case}",
        )  # fmt: skip


NOW = (*NUMERATORS, *_earned())

BOOK = (
    *(
        figure(
            f"end_total_{what}_{case}", "book", f"{name} at the end of the year: {case}", unit,
            f'IF(ISERROR({total(f"end_{what}_{case}")}),"",{total(f"end_{what}_{case}")})',
        )
        for what, name, unit in (("points", "Points", "points"), ("value", "Pounds", "pounds"))
        for case in CASES
    ),
    figure("end_told_rows", "book", "Indicators whose end of the year can be told", "count", 'COUNTIF({end_told:all},"yes")'),
    figure(
        "end_early_rows", "book", "Indicators of which it is too early to tell", "count",
        f'COUNTIF({{end_words:all}},"{TOO_EARLY}")',
    ),
)  # fmt: skip


def _chosen(name: str) -> str:
    return f"INDEX({{{name}:all}},{{trend_place}})"


def _path() -> str:
    """Return the formula of the way from the newest achievement to the likely one, by the shape of the season."""
    share, end, now = (_chosen(name) for name in ("end_share", "end_achievement_likely", "achievement"))
    done = f"INDEX({{season_done:all}},MATCH({_chosen('end_season')},{{season_key:all}},0),{{month_number}})"
    way = f"IF({share}>={ALL_DONE},({{month_number}}-{{month}})/({MONTHS}-{{month}}),({done}-{share})/({ALL_DONE}-{share}))"
    reached = f"({now}+({end}-{now})*{way})"
    return (
        f"IF({{trend_place}}=0,NA(),IF(({{month}}={MONTHS})+({{month_number}}<{{month}})>0,NA(),IF(ISNUMBER({end}),"
        f"IF({{trend_sign}}=0,{reached},{{trend_sign}}*({reached}-{{trend_baseline}}))*{{trend_factor}},NA())))"
    )


MONTHLY = (figure("trend_forecast", "month", "The way to what is likely at the end of the year", "", _path()),)


def places(sheet: Sheet, row: int, column: int) -> dict[str, Place]:
    """Return where the table of the seasons stands, whose first cell is given."""
    page = Page(sheet)
    return {
        "season_key": Place(page.area(row, column, len(SHAPES)), "book"),
        "season_words": Place(page.area(row, column + 1, len(SHAPES)), "book"),
        "season_done": Place(page.area(row, column + 2, len(SHAPES), MONTHS), "book"),
    }


def draw(page: Page, known: Mapping[str, Place]) -> None:
    """Write how much of a year's work is done by the end of each month; assumptions of ours, no figures."""
    first = known["season_key"].area
    page.put(first.row - 1, first.column, "Per cent of a year's work done by the end of each month, assumed", "working")
    for down, (season, shape) in enumerate(SHAPES.items()):
        page.row(first.row + down, first.column, (season, shape.words, *shape.done), "working")
