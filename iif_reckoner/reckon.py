"""The sums of the scheme, exactly: achievement, points, gap, adjustments and value. Pure; no number of the scheme.

Points are a straight line over the achievement, between a lower threshold (nothing there or short of it) and an upper
(everything there or past it). A threshold for the change on a baseline is the achievement that makes that change.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from iif_reckoner.errors import InputError
from iif_reckoner.exact import half_up, product_half_up
from iif_reckoner.model import Counts, Indicator, National, Reckoning, Ruleset, Status

Target = Literal["upper", "lower"]
"""The threshold that a gap is measured to."""

ZERO, ONE = Fraction(0), Fraction(1)


@dataclass(slots=True)
class Route:
    """One way to score: the achievements at which the points begin and at which all of them are earned."""

    lower: Fraction | None
    upper: Fraction | None

    def from_baseline(self, baseline: Fraction, sign: int) -> "Route":
        """Return the route of changes on a baseline, for the better where the sign says it is."""
        lower, upper = (None if change is None else baseline + sign * change for change in (self.lower, self.upper))
        return Route(lower, upper)


def routes(indicator: Indicator, counts: Counts) -> tuple[Route, ...]:
    """Return the routes on which these counts score; none where a needed baseline is blank or 0."""
    level = Route(indicator.lower_threshold, indicator.upper_threshold)
    if not indicator.needs_baseline:
        return (level,)
    if counts.baseline_numerator is None or not counts.baseline_denominator:
        return ()
    baseline = Fraction(counts.baseline_numerator, counts.baseline_denominator)
    if indicator.scoring == "improvement":
        return (level.from_baseline(baseline, 1 if indicator.better == "higher" else -1),)
    reduction = Route(indicator.reduction_lower_threshold, indicator.reduction_upper_threshold)
    return (level, reduction.from_baseline(baseline, -1))


def share_of_points(lower: Fraction, upper: Fraction, numerator: int, denominator: int) -> Fraction:
    """Return which share of the points an achievement earns: (n / d - lower) / (upper - lower), from 0 to 1.

    One expression for both directions: where lower is better, the lower threshold is the larger number. It is worked
    out in whole numbers, multiplied through by all denominators, which is many times faster than by fractions.

    >>> share_of_points(Fraction(60, 100), Fraction(80, 100), 75, 100)
    Fraction(3, 4)
    >>> share_of_points(Fraction(25, 100), Fraction(15, 100), 30, 100)
    Fraction(0, 1)
    """
    low, low_of = lower.as_integer_ratio()
    high, high_of = upper.as_integer_ratio()
    done = (numerator * low_of - low * denominator) * high_of
    whole = (high * low_of - low * high_of) * denominator
    if whole < 0:
        done, whole = -done, -whole
    if done <= 0:
        return ZERO
    return ONE if done >= whole else Fraction(done, whole)


def _reached(indicator: Indicator, numerator: int, denominator: int, threshold: Fraction) -> bool:
    edge, of = threshold.as_integer_ratio()
    past = numerator * of - edge * denominator
    return past >= 0 if indicator.better == "higher" else past <= 0


def _share(indicator: Indicator, counts: Counts, numerator: int, denominator: int) -> Fraction | None:
    """Return the share of the points earned, or None where it cannot be worked out."""
    if indicator.scoring is None:
        return None
    if indicator.scoring == "binary":
        return ONE if numerator >= denominator else ZERO
    shares = []
    for route in routes(indicator, counts):
        if route.upper is None:
            return None
        if indicator.scoring == "single":
            shares.append(ONE if _reached(indicator, numerator, denominator, route.upper) else ZERO)
        elif route.lower is None:
            return None
        else:
            shares.append(share_of_points(route.lower, route.upper, numerator, denominator))
    return max(shares, default=None)


def points(indicator: Indicator, counts: Counts) -> Fraction | None:
    """Return the points that the counts earn, exactly; None for blank counts or a rule that nobody knows.

    A denominator of 0 earns nothing: nobody was there to be counted.
    """
    if counts.numerator is None or counts.denominator is None:
        return None
    if counts.denominator == 0:
        return None if indicator.missing else ZERO
    share = _share(indicator, counts, counts.numerator, counts.denominator)
    return None if share is None or indicator.points is None else share * indicator.points


def gap(indicator: Indicator, counts: Counts, target: Target = "upper") -> int | None:
    """Return the fewest more numerator patients (fewer, where lower is better) that reach a threshold.

    The denominator and the baseline are held. For `better_of` it is the smaller gap of the two routes, for `binary`
    the practices still to do it, for `single` the one threshold serves as both. None where counts or threshold are not
    known, or where no number of patients would do.
    """
    numerator, denominator = counts.numerator, counts.denominator
    if numerator is None or denominator is None or indicator.scoring is None:
        return None
    if denominator == 0:
        return 0
    if indicator.scoring == "binary":
        return max(0, denominator - numerator)
    upper = target == "upper" or indicator.scoring == "single"
    gaps = []
    for route in routes(indicator, counts):
        threshold = route.upper if upper else route.lower
        if threshold is None:
            return None
        edge, of = threshold.as_integer_ratio()
        if indicator.better == "higher":
            wanted = -(-edge * denominator // of)
            if wanted <= denominator or not indicator.unit.bounded:
                gaps.append(max(0, wanted - numerator))
        else:
            wanted = edge * denominator // of
            if wanted >= 0:
                gaps.append(max(0, numerator - wanted))
    return min(gaps, default=None)


def list_size_adjustment(list_size: int | Fraction, average_list_size: Fraction) -> Fraction:
    """Return the PCN's registered list over that of the average PCN.

    >>> list_size_adjustment(60_000, Fraction(48_000))
    Fraction(5, 4)
    """
    return Fraction(list_size) / average_list_size


def prevalence_adjustment(population: int, list_size: int | Fraction, national_prevalence: Fraction) -> Fraction:
    """Return the PCN's prevalence over the national one; multiplied by the list size adjustment, the list cancels.

    >>> prevalence_adjustment(270, 60_000, Fraction(1, 200))
    Fraction(9, 10)
    """
    return Fraction(population) / list_size / national_prevalence


def value(
    ruleset: Ruleset,
    earned: Fraction | None,
    list_adjustment: Fraction = ONE,
    prevalence: Fraction = ONE,
) -> Decimal | None:
    """Return the pounds that points are worth, rounded once, as the ruleset says; None where unknown."""
    if earned is None or ruleset.point_value_gbp is None:
        return None
    if ruleset.rounding.points is not None:
        earned = Fraction(half_up(earned, ruleset.rounding.points))
    return product_half_up(ruleset.rounding.pounds, earned, ruleset.point_value_gbp, list_adjustment, prevalence)


def status(indicator: Indicator, counts: Counts, earned: Fraction | None) -> Status:
    """Return the status word: what the rules cannot score first, then what was not counted, then how far it went."""
    if indicator.missing:
        return "Not scored"
    if counts.denominator == 0 and counts.numerator is not None:
        return "No patients"
    if earned is None:
        return "No data"
    if earned == indicator.points:
        return "Met"
    return "Between" if earned else "Below"


def refuse_impossible(indicator: Indicator, counts: Counts) -> None:
    """Raise InputError where the numerator is part of the denominator and yet the larger of the two."""
    if not indicator.unit.bounded:
        return
    for kind, part, whole in (
        ("numerator", counts.numerator, counts.denominator),
        ("baseline numerator", counts.baseline_numerator, counts.baseline_denominator),
    ):
        if part is not None and whole and part > whole:
            raise InputError(
                f"{indicator.code}: {kind} {part:,} is more than its denominator {whole:,}; check the two figures"
            )


def reckon(
    ruleset: Ruleset,
    indicator: Indicator,
    counts: Counts,
    *,
    list_size: int | None = None,
    prevalence: Fraction | None = None,
    national: National | None = None,
) -> Reckoning:
    """Return everything that one indicator earns for one organisation.

    `list_size` is its registered patients; without it, or without a national average list, the list size adjustment
    is 1 and flagged. `prevalence` is the prevalence adjustment if the caller knows it; else it is worked out
    from the national prevalence where there is one, and 1 and flagged where there is none.

    Raises:
        InputError: a numerator is larger than its denominator where that is impossible.
    """
    refuse_impossible(indicator, counts)
    earned = points(indicator, counts)
    known = adjustments(ruleset, indicator, counts, list_size, prevalence, national)
    flags = [f"{name} not applied" for name, one in zip(("list size", "prevalence"), known, strict=True) if one is None]
    lists, prevalence = both = applied(known)
    if indicator.assumed or "point_value_gbp" in ruleset.assumed:
        flags.append("assumed figures")
    scored = not indicator.missing
    return Reckoning(
        code=indicator.code,
        counts=counts,
        achievement=achievement(counts),
        points=earned,
        points_available=indicator.points,
        list_size_adjustment=lists,
        prevalence_adjustment=prevalence,
        value_gbp=value(ruleset, earned, *both),
        value_available_gbp=value(ruleset, indicator.points, *both) if scored else None,
        awarded_gbp=awarded(ruleset, indicator, *both),
        gap_to_lower=gap(indicator, counts, "lower"),
        gap_to_upper=gap(indicator, counts, "upper"),
        status=status(indicator, counts, earned),
        flags=tuple(flags),
    )


def adjustments(
    ruleset: Ruleset,
    indicator: Indicator,
    counts: Counts,
    list_size: int | None,
    prevalence: Fraction | None = None,
    national: National | None = None,
) -> tuple[Fraction | None, Fraction | None]:
    """Return the list size adjustment and the prevalence adjustment, None for one that is not known."""
    average = national.average_list_size if national else ruleset.average_list_size
    lists = None if list_size is None or average is None else _of_list(list_size, average.patients, average.pcns)
    if prevalence is None:
        prevalence = _prevalence(indicator, counts, list_size, national)
    return lists, prevalence


@lru_cache
def _of_list(list_size: int, patients: int, pcns: int) -> Fraction:
    """Return the adjustment of a list, worked out once for all the indicators of its PCN."""
    return list_size_adjustment(list_size, Fraction(patients, pcns))


def applied(known: tuple[Fraction | None, Fraction | None]) -> tuple[Fraction, Fraction]:
    """Return the two adjustments as they are reckoned with: 1 for one that is not known."""
    lists, prevalence = known
    return ONE if lists is None else lists, ONE if prevalence is None else prevalence


def achievement(counts: Counts) -> Fraction | None:
    """Return numerator over denominator, None where either is blank or there is nobody to count.

    >>> achievement(Counts(numerator=600, denominator=800))
    Fraction(3, 4)
    """
    if counts.numerator is None or not counts.denominator:
        return None
    return Fraction(counts.numerator, counts.denominator)


def awarded(ruleset: Ruleset, indicator: Indicator, list_adjustment: Fraction, prevalence: Fraction) -> Decimal | None:
    """Return the pounds credited where a year was decided otherwise than by its counts, else None."""
    if indicator.awarded is None or indicator.points is None:
        return None
    return value(ruleset, indicator.points * indicator.awarded.share, list_adjustment, prevalence)


def _prevalence(
    indicator: Indicator, counts: Counts, list_size: int | None, national: National | None
) -> Fraction | None:
    """Return the prevalence adjustment, 1 where the rules say there is none, None where it cannot be worked out."""
    rule = indicator.prevalence
    if rule is None:
        return None
    if rule.population is None:
        return ONE
    figure = national.prevalence.get(indicator.code) if national else rule.national
    if rule.population != "denominator" or figure is None or not list_size or counts.denominator is None:
        return None
    if counts.denominator == 0:
        return ONE
    return prevalence_adjustment(counts.denominator, list_size, figure)
