"""What the year is likely to end with: each indicator by its season, always as a range, or 'too early to tell'.

How much of a year's work is usually done by the end of each month is an assumption of ours, one row for each season,
and stands in `SHAPES` alone. No page of the scheme states it, and it has not been tried on real months. Everything is
whole numbers, so that the sheet gives the same patients.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from iif_reckoner.model import Counts, Indicator, Reckoning
from iif_reckoner.plan.position import Position
from iif_reckoner.reckon import reckon
from iif_reckoner.scheme_year import MONTHS

ALL_DONE = 100
"""The share of a year's work that is done when all of it is, in per cent."""

EARLIEST = 25
"""The least share of a year's work from which the rest can be told: before a quarter is done, nothing is said."""

SPREAD = 60
"""How far the share may be off: so many per cent of share x (1 - share), the most where half of the work is done."""

LEEWAY = 5
"""How far a standing count or a rate may drift in each month that is left: so many thousandths of itself."""

LOOK_BACK = 3
"""The months over which the trend of a standing count is taken; half of it is likely to go on."""

NOT_KNOWN = "not known"
"""The season of an indicator of which nobody said how its count grows."""

DRIFTING = ("flat", "rate")
"""The seasons that have a leeway."""

Case = Literal["low", "likely", "high"]
CASES: tuple[Case, ...] = ("low", "likely", "high")
"""The case that earns least, the likely one, and the one that earns most."""

NO_FIGURES, NO_PATIENTS, TOO_EARLY, WRONG = "No figures yet", "No patients", "Too early to tell", "See Checks"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """How a count grows: what the sheet says of it, where that comes from, and the per cent done after each month."""

    words: str
    why: str
    done: tuple[int, ...]


_EVENLY = (8, 17, 25, 33, 42, 50, 58, 67, 75, 83, 92, 100)
_AT_ONCE = (ALL_DONE,) * MONTHS

SHAPES: Mapping[str, Shape] = {
    "flu": Shape(
        words="Flu: from September to March",
        why="Published uptake: by the end of October four to eight tenths of a season; the other months are our guess",
        done=(0, 0, 0, 0, 0, 20, 70, 85, 93, 97, 99, 100),
    ),
    "back_loaded": Shape(
        words="Yearly checks: most in the last quarter",
        why="What practices say of yearly checks: over two fifths from January to March; the months are our guess",
        done=(4, 8, 12, 18, 24, 32, 40, 48, 56, 67, 81, 100),
    ),
    "second_half": Shape(
        words="Counted from October, evenly",
        why="The definition: nothing counts before October",
        done=(0, 0, 0, 0, 0, 0, 17, 33, 50, 67, 83, 100),
    ),
    "even": Shape(words="Adds up evenly", why="Twelve months alike", done=_EVENLY),
    "rate": Shape(
        words="A rate: both sides add up evenly",
        why="Twelve months alike on both sides; the rate stays, give or take",
        done=_EVENLY,
    ),
    "flat": Shape(
        words="Stands, and moves slowly",
        why="What is recorded stays recorded; half of the last three months' trend goes on",
        done=_AT_ONCE,
    ),
    "once": Shape(words="Done once, and stays done", why="Who has not done it may still do it", done=_AT_ONCE),
    NOT_KNOWN: Shape(words="Season not known: straight line", why="Nobody said: twelve months alike", done=_EVENLY),
}
"""How much of a year's work is done by the end of each month, by season: our own reading, no number of the scheme."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecast:
    """What an indicator is likely to end the year with; `words` say how that was told, or why it cannot be.

    `low` is the case that earns least: where lower is better, the one with the larger numerator.
    """

    code: str
    words: str
    low: Reckoning | None = None
    likely: Reckoning | None = None
    high: Reckoning | None = None

    @property
    def cases(self) -> tuple[Reckoning | None, Reckoning | None, Reckoning | None]:
        """The three cases as `CASES` has them; None where they cannot be told."""
        return self.low, self.likely, self.high


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """The sums of one case over the indicators that can be told; None where none of them has any to show."""

    points: Fraction | None
    value_gbp: Decimal | None


def forecasts(now: Position, before: Position | None = None) -> tuple[Forecast, ...]:
    """Return what each indicator is likely to end the year with, in official order.

    `before` is the position `LOOK_BACK` months earlier, for the trend of what stands; None where there is none.
    """
    return tuple(_forecast(now, before, indicator) for indicator in now.rules.indicators)


def total(found: Iterable[Forecast], case: Case) -> Total:
    """Return the points and pounds of one case together.

    The low cases will hardly all come true at once, nor the high ones: their sums are the outer bounds.
    """
    rows = [row for row in (each.cases[CASES.index(case)] for each in found) if row is not None]
    points = [row.points for row in rows if row.points is not None]
    pounds = [row.value_gbp for row in rows if row.value_gbp is not None]
    return Total(
        points=sum(points, Fraction(0)) if points else None, value_gbp=sum(pounds, Decimal(0)) if pounds else None
    )


def _forecast(now: Position, before: Position | None, indicator: Indicator) -> Forecast:
    counts = now.whole(indicator)
    if counts.numerator is None or counts.denominator is None:
        return Forecast(code=indicator.code, words=NO_FIGURES)
    if counts.denominator == 0:
        return Forecast(code=indicator.code, words=NO_PATIENTS)
    shape = SHAPES[indicator.season or NOT_KNOWN]
    share = shape.done[now.month - 1]
    if share < EARLIEST or (counts.numerator == 0 and share < ALL_DONE):
        return Forecast(code=indicator.code, words=TOO_EARLY)
    earlier = None if before is None else before.whole(indicator)
    denominator, ends = year_end(indicator, counts.numerator, counts.denominator, now.month, earlier)
    if indicator.better == "lower":
        ends = ends[::-1]
    low, likely, high = (
        reckon(now.rules, indicator, replace(counts, numerator=end, denominator=denominator), list_size=now.list_size)
        for end in ends
    )
    return Forecast(code=indicator.code, words=shape.words, low=low, likely=likely, high=high)


def year_end(
    indicator: Indicator, numerator: int, denominator: int, month: int, earlier: Counts | None = None
) -> tuple[int, tuple[int, int, int]]:
    """Return the denominator at the end of the year, and the fewest, the likely and the most of the numerator.

    `month` is the newest month, April is 1; `earlier` what stood `LOOK_BACK` months before it.

    >>> from iif_reckoner.rulesets import load
    >>> year_end(load("2022/23").find("VI-01"), 700, 1_000, 8)
    (1000, (753, 824, 909))
    """
    season = indicator.season or NOT_KNOWN
    share, left = SHAPES[season].done[month - 1], MONTHS - month
    # Where both sides add up, what is off with the one is off with the other.
    spread = 0 if season == "rate" else nearest(SPREAD * share * (ALL_DONE - share), ALL_DONE**2)
    fewest, likely, most = (nearest(numerator * ALL_DONE, each) for each in (share + spread, share, share - spread))
    match season:
        case "rate":
            denominator = nearest(denominator * ALL_DONE, share)
        case "flat":
            trend = _trend(numerator, denominator, earlier, left)
            fewest, likely, most = fewest + min(0, trend), likely + nearest(trend, 2), most + max(0, trend)
        case "once" if left:
            most = max(most, denominator)
    if season in DRIFTING:
        leeway = nearest(numerator * LEEWAY * left, 10 * share)
        fewest, most = fewest - leeway, most + leeway

    def held(end: int) -> int:
        return max(0, min(end, denominator) if indicator.unit.bounded else end)

    return denominator, (held(fewest), held(likely), held(most))


def _trend(numerator: int, denominator: int, earlier: Counts | None, left: int) -> int:
    """Return how many patients the change since `earlier` would bring by the end of the year."""
    if earlier is None or earlier.numerator is None or not earlier.denominator:
        return 0
    gained = numerator * earlier.denominator - earlier.numerator * denominator
    return nearest(gained * left, LOOK_BACK * earlier.denominator)


def nearest(top: int, bottom: int) -> int:
    """Return the whole number nearest to a quotient, as a sheet rounds: half away from zero.

    >>> nearest(5, 2), nearest(-5, 2), nearest(7, 3)
    (3, -3, 2)
    """
    whole = (2 * abs(top) + bottom) // (2 * bottom)
    return whole if top >= 0 else -whole
