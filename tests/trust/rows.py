"""Made-up rulesets and rows of counts, the same for the same seed: exact ties, awkward thresholds, nobody to count."""

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from iif_reckoner import exact, reckon
from iif_reckoner.errors import InputError
from iif_reckoner.model import UNITS, AverageList, Counts, Indicator, Prevalence, Ruleset
from tests import strategies

INDICATORS = 40
WRONG = "#VALUE!"
FIELDS = ("achievement", "points", "value", "available", "gap_lower", "gap_upper", "status")
"""What is worked out of each row and compared."""

Cell = float | str
"""A number, a word, blank as the empty text, or an error value."""

Columns = dict[str, list[Cell | None]]
"""What an engine says of each row, by figure; None where it says nothing of it."""


class Row(NamedTuple):
    """What one organisation counted for one indicator; without an indicator it is a row that is not in use."""

    indicator: Indicator | None
    counts: Counts
    list_size: int | None


class Chunk(NamedTuple):
    """A ruleset of invented numbers, and rows of its indicators."""

    ruleset: Ruleset
    rows: list[Row]


def chunks(rows: int, size: int, seed: int = 0) -> Iterator[Chunk]:
    """Yield so many rows in chunks, each with a ruleset of its own."""
    for first in range(0, rows, size):
        draw = random.Random(f"{seed} {first}")
        ruleset = _ruleset(draw)
        yield Chunk(ruleset, [_row(draw, ruleset) for _ in range(min(size, rows - first))])


def _ruleset(draw: random.Random) -> Ruleset:
    average = draw.choice([None, AverageList(patients=50_000, pcns=1), AverageList(patients=62_974_367, pcns=1_273)])
    return replace(
        strategies.MADE_UP,
        point_value_gbp=draw.choice(
            [None, *map(_pounds, (20_000, 19_835, 11_125)), *[_pounds(draw.randint(5_000, 40_000))] * 4]
        ),
        average_list_size=average,
        indicators=tuple(_indicator(draw, f"IND-{place:02}") for place in range(INDICATORS)),
    )


def _pounds(pennies: int) -> Fraction:
    return Fraction(pennies, 100)


_UNITS = {
    "sliding": ("proportion", "proportion", "per_bed", "per_patient", "ratio", "mean", "kg_co2e"),
    "single": ("proportion", "ratio", "mean"),
    "binary": ("practices",),
    "improvement": ("percentage_points", "ratio"),
    "better_of": ("ratio", "per_patient", "proportion"),
}


def _indicator(draw: random.Random, code: str) -> Indicator:
    scoring = draw.choice(
        ["sliding", "sliding", "sliding", "single", "binary", "improvement", "better_of", "better_of"]
    )
    better = "lower" if scoring == "better_of" else draw.choice(["higher", "lower"])
    unit = UNITS[draw.choice(_UNITS[scoring])]
    most = unit.scale if unit.percent else unit.scale * draw.choice([1, 3, 30])
    small, large = (Fraction(each, unit.scale) for each in _two(draw, most))
    thresholds: dict[str, Fraction | None] = {}
    if scoring != "binary":
        falls = better == "lower" and scoring != "improvement"
        lower, upper = (large, small) if falls else (small, large)
        thresholds = {"lower_threshold": None if scoring == "single" else lower, "upper_threshold": upper}
    if scoring == "better_of":
        cuts = [Fraction(each, unit.scale) for each in _two(draw, unit.scale)]
        thresholds |= {"reduction_lower_threshold": cuts[0], "reduction_upper_threshold": cuts[1]}
    if thresholds and draw.random() < 0.06:
        thresholds[draw.choice(list(thresholds))] = None
    prevalence = draw.choice(
        [
            None,
            Prevalence(population=None),
            Prevalence(population="registered patients over 65", national=Fraction(1, 9)),
            Prevalence(population="denominator"),
            Prevalence(population="denominator", national=Fraction(draw.randint(1, 3_000), 10_000)),
        ]
    )
    points = draw.choice([Fraction(draw.randint(1, 120)), Fraction(draw.randint(1, 240), 2), Fraction(22)])
    # Thresholds of the other ways of scoring say which way it is: without it their rules would be refused.
    unknown = draw.random() <= 0.02 and scoring in ("sliding", "single")
    return Indicator(
        code=code,
        name=f"Invented {code}",
        scoring=None if unknown else scoring,
        better=better,
        unit=unit,
        points=points if draw.random() > 0.03 else None,
        prevalence=prevalence,
        **thresholds,
    )


def _two(draw: random.Random, most: int) -> list[int]:
    """Two different whole numbers on a scale, in order: round ones or awkward ones."""
    step = max(1, most // 20) if draw.random() < 0.4 else 1
    return sorted(draw.sample(range(0, most + 1, step), 2))


def _row(draw: random.Random, ruleset: Ruleset) -> Row:
    indicator = draw.choice(ruleset.indicators)
    scale = indicator.unit.scale
    whole = draw.choice([0, 1, 2, 3, 7, scale, 10_000, 531, draw.randint(1, 400), *[draw.randint(1, 300_000)] * 3])
    list_size = draw.choice([None, 25_000, 50_000, 100_000, draw.randint(1, 500_000)])
    part = _part(draw, ruleset, indicator, whole)
    before = draw.choice([0, 1, whole, 10_000, draw.randint(1, 300_000)]) if indicator.needs_baseline else None
    counts = Counts(
        numerator=None if draw.random() < 0.01 else part,
        denominator=None if draw.random() < 0.01 else whole,
        baseline_numerator=None if before is None or draw.random() < 0.03 else _before(draw, indicator, before),
        baseline_denominator=None if before is None or draw.random() < 0.03 else before,
    )
    return Row(indicator, counts, list_size)


def _before(draw: random.Random, indicator: Indicator, whole: int) -> int:
    return draw.choice([0, whole // 2, whole, draw.randint(0, whole), whole + (draw.random() < 0.02)])


def _part(draw: random.Random, ruleset: Ruleset, indicator: Indicator, whole: int) -> int:
    """A numerator: at and beside a threshold, at exactly half a penny, none, all, one too many, or anything."""
    most = whole if indicator.unit.bounded else whole * 3
    edges = [indicator.lower_threshold, indicator.upper_threshold]
    near = [int(edge * whole) + step for edge in edges if edge is not None for step in (-1, 0, 1)]
    ties = _ties(draw, ruleset, indicator, whole)
    return max(
        0, draw.choice([0, whole, whole + (draw.random() < 0.2), *near, *ties * 4, *[draw.randint(0, most)] * 4])
    )


def _ties(draw: random.Random, ruleset: Ruleset, indicator: Indicator, whole: int) -> list[int]:
    """Numerators at which the pounds of an average PCN are exactly half a penny from a whole one."""
    lower, upper, points = indicator.lower_threshold, indicator.upper_threshold, indicator.points
    value = ruleset.point_value_gbp
    if indicator.scoring != "sliding" or None in (lower, upper, points, value) or not whole:
        return []
    first = lower * whole
    # Half pennies for each patient more than the lower threshold: a tie is where their sum is a whole odd number.
    halves = points * value * 200 / ((upper - lower) * whole)
    if first.denominator != 1 or halves.numerator % 2 == 0:
        return []
    steps = abs((upper - lower) * whole) / halves.denominator
    many = (int(steps) - 1) // 2
    sign = 1 if upper > lower else -1
    return (
        [int(first) + sign * halves.denominator * (2 * draw.randint(0, many) + 1)] if many >= 0 and steps >= 1 else []
    )


def spoilt(chunk: Chunk) -> Chunk:
    """A row not in use, then rows of a chunk with figures that no book should hold.

    One figure or both of a pair are half a patient or fewer than none, or a baseline has more done than there are.
    """
    rows = [Row(None, Counts(numerator=None, denominator=None), None)]
    for row in chunk.rows:
        counts = {name: getattr(row.counts, name) for name in _COUNTS}
        given = [name for name in _COUNTS if counts[name]]
        half = counts["baseline_numerator"] is None or counts["baseline_denominator"] is None
        if None in (row.counts.numerator, row.counts.denominator) or (half and row.indicator.needs_baseline):
            # Working shows both of a pair or none.
            continue
        together = [(name,) for name in given] + [pair for pair in (tuple(given[:2]), tuple(given[2:])) if pair]
        slips = [dict.fromkeys(names, slip) for names in together for slip in (0.5, -1)]
        if (whole := row.counts.baseline_denominator) is not None:
            slips += [{"baseline_numerator": whole + 1}, {"baseline_numerator": None}, {"baseline_denominator": None}]
        rows += [row._replace(counts=Counts(**{**counts, **slip})) for slip in slips]
    return chunk._replace(rows=rows)


_COUNTS = ("numerator", "denominator", "baseline_numerator", "baseline_denominator")


def by_core(chunk: Chunk) -> Columns:
    """What the core makes of the rows."""
    return columns([_reckoned(chunk.ruleset, row) for row in chunk.rows])


def columns(found: list[tuple[Cell | None, ...]]) -> Columns:
    """Rows of the compared figures as columns."""
    return dict(zip(FIELDS, map(list, zip(*found, strict=True)), strict=True))


def _reckoned(ruleset: Ruleset, row: Row) -> tuple[Cell | None, ...]:
    indicator, counts, list_size = row
    if indicator is None:
        return ("",) * len(FIELDS)
    try:
        for name in _COUNTS:
            exact.count(getattr(counts, name))
    except ValueError:
        return tuple(None if field == "available" else WRONG for field in FIELDS)
    try:
        found = reckon.reckon(ruleset, indicator, counts, list_size=list_size)
    except InputError:
        # What could be earned does not hang on a numerator that cannot be right.
        both = reckon.applied(reckon.adjustments(ruleset, indicator, counts, list_size))
        most = None if indicator.missing else reckon.value(ruleset, indicator.points, *both)
        return tuple(_cell(most) if field == "available" else WRONG for field in FIELDS)
    pounds = (found.value_gbp, found.value_available_gbp)
    numbers = (found.achievement, found.points, *pounds, found.gap_to_lower, found.gap_to_upper)
    return (*map(_cell, numbers), found.status)


def _cell(number: Fraction | Decimal | int | None) -> Cell:
    return "" if number is None else float(number)


def is_tie(ruleset: Ruleset, row: Row) -> bool:
    """Whether the exact pounds of a row lie half-way between two pennies."""
    earned = reckon.points(row.indicator, row.counts)
    if None in (earned, ruleset.point_value_gbp) or (
        (row.counts.numerator or 0) > (row.counts.denominator or 0) and row.indicator.unit.bounded
    ):
        return False
    both = reckon.applied(reckon.adjustments(ruleset, row.indicator, row.counts, row.list_size))
    pennies = earned * ruleset.point_value_gbp * both[0] * both[1] * 100
    return pennies.denominator == 2


def same(field: str, one: Cell, other: Cell) -> bool:
    """Whether two cells say the same: pounds, patients and words exactly, quotients to twelve significant digits."""
    if one == other:
        return True
    if field not in ("achievement", "points") or isinstance(one, str) or isinstance(other, str):
        return False
    return abs(one - other) <= 1e-11 * max(abs(one), abs(other))
