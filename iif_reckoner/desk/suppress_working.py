"""Which figures of Working belong to counts that are hidden, and have to be masked with them."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from iif_reckoner.desk.suppress_money import Cell, money
from iif_reckoner.figures import book
from iif_reckoner.figures.records import Figure
from iif_reckoner.figures.working import agenda, compared, forecast, priorities, shares, weak_links
from iif_reckoner.figures.working import sheet as working
from iif_reckoner.plan.forecast import LOOK_BACK
from iif_reckoner.scheme_year import MONTHS

OF_RULES = ("reversed", "end_season")
"""Figures of the shown month that hang on the rules alone."""

_TOTALS = ("total_points", "total_won", "total_to_win")
_MONTHLY_TOTALS = ("month_total_points", "month_total_value", "month_total_to_win")
_BY_SIDE = ("num", "den")

AVERAGES = (*weak_links.ACROSS, *shares.ACROSS)
SHARED_OUT = (*weak_links.PRACTICES, *shares.PRACTICES)
"""What is worked out from all practices at once: of each indicator, and of each practice and indicator."""

PLANNED = tuple(
    figure
    for figure in (*priorities.BOOK, *priorities.OF_INDICATORS, *agenda.BOOK, *agenda.OF_INDICATORS, *agenda.LISTS)
    if figure.name != "helper" and not figure.name.startswith(agenda.WITHOUT_PATIENTS)
)
"""What the plan and the agenda work out of the pounds and patients of several indicators at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hidden:
    """What of a workbook is hidden.

    `gone` are indicators and months of which everything that the PCN has is hidden; `sides` what is hidden of a row of
    Counts in the shown figures, 0 the numerator and 1 the denominator; `rows` where each row stands; `any_few` whether
    any count at all is under 8.
    """

    codes: tuple[str, ...]
    practices: tuple[str, ...]
    month: int
    gone: Set[tuple[str, int]]
    rows: Mapping[tuple[str, str], int]
    sides: Mapping[tuple[str, str], Set[int]]
    any_few: bool

    @property
    def gone_now(self) -> frozenset[int]:
        """The places of the indicators of which everything is hidden in the shown month."""
        return frozenset(self.codes.index(what) for what, at in self.gone if at == self.month)


def belonging(hidden: Hidden) -> Iterator[Cell]:
    """Yield the figures that belong to what is hidden, each with its place below and beside the first of its cells."""
    for what, at in hidden.gone:
        yield from _of_the_pcn(hidden, hidden.codes.index(what), at)
    if any(at in (hidden.month - 1, hidden.month) for _, at in hidden.gone):
        # What stands in an order, is summed before others or named on a list gives pounds away by difference.
        yield from _whole(PLANNED, len(hidden.codes))
    if hidden.any_few:
        yield from _whole((*compared.INDICATORS, *compared.TOTALS), len(hidden.codes))
        yield from ((figure.name, row, 0) for figure in compared.ROWS for row in hidden.rows.values())
    yield from _of_practices(hidden)


def _of_the_pcn(hidden: Hidden, down: int, at: int) -> Iterator[Cell]:
    """Yield what one indicator has in one month, and the totals that it goes into."""
    yield from ((figure.name, down, at - 1) for figure in working.BY_MONTH)
    yield from ((name, 0, at - 1) for name in _MONTHLY_TOTALS)
    if down == 0:
        # The charts show the first indicator until another is chosen.
        yield "trend_achievement", 0, at - 1
        yield "trend_baseline", 0, 0
    if at == hidden.month:
        yield from ((figure.name, down, 0) for figure in working.NOW if figure.name not in OF_RULES)
        yield from ((name, 0, 0) for name in _TOTALS)
    if at in (hidden.month, hidden.month - LOOK_BACK):
        # The end of the year goes by the newest month, and its trend by an earlier one.
        yield from ((figure.name, down, 0) for figure in forecast.NOW if figure.name not in OF_RULES)
        yield from ((figure.name, 0, 0) for figure in forecast.BOOK)
        if down == 0:
            yield from (("trend_forecast", 0, right) for right in range(MONTHS))


def _of_practices(hidden: Hidden) -> Iterator[Cell]:
    """Yield what practices have counted, and what is worked out from them."""
    practices = {code: down for down, code in enumerate(hidden.practices)}
    places: set[tuple[int, int]] = set()
    for (who, what), sides in hidden.sides.items():
        yield from ((f"row_{_BY_SIDE[side]}", hidden.rows[who, what], 0) for side in sides)
        if who in practices:
            down, right = practices[who], hidden.codes.index(what)
            yield from ((f"practice_{_BY_SIDE[side]}", down, right) for side in sides)
            yield from ((name, down, right) for name in ("practice_state", "practice_achievement", "practice_gap"))
            places.add((down, right))
            if right == 0:
                yield "gaps_achievement", down, 0
    for right in hidden.gone_now | {hidden.codes.index(what) for _, what in hidden.sides}:
        yield from ((figure.name, 0, right) for figure in AVERAGES)
        yield from ((figure.name, down, right) for figure in SHARED_OUT for down in practices.values())
    yield from money(len(practices), places, hidden.gone_now)


def _whole(figures: tuple[Figure, ...], indicators: int) -> Iterator[Cell]:
    """Yield all cells of these figures that so many indicators use."""
    for figure in figures:
        height = book.places()[figure.name].area.height
        for down in range(min(height, indicators) if figure.over == "indicator" else height):
            yield figure.name, down, 0
