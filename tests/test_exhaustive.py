"""Points and gaps of every shipped indicator, for every numerator of every denominator up to 200, a second way.

The second way knows no fractions and no formula for a gap: it walks the numerators in whole numbers, asks at each
whether a threshold is reached, and counts how far away the first such numerator is.
"""

import pytest

from iif_reckoner import rulesets
from iif_reckoner.model import Counts
from iif_reckoner.reckon import gap, points

SCALE = 10_000
MOST = 200


def scored_differently():
    """Return one indicator for each way of scoring with its numbers; versions repeat themselves."""
    found = {}
    for ruleset in rulesets.load_all():
        for row in ruleset.indicators:
            thresholds = (row.lower_threshold, row.upper_threshold)
            reduction = (row.reduction_lower_threshold, row.reduction_upper_threshold)
            key = (row.scoring, row.better, row.unit.name, row.points, thresholds, reduction)
            if row.scoring is not None:
                found.setdefault(key, pytest.param(row, id=f"{ruleset.id} {row.code}"))
    return list(found.values())


def on_scale(threshold):
    return None if threshold is None else int(threshold * SCALE)


def baselines(row, denominator):
    """Return the baselines to try: no baseline, or the achievement before at some low, middle and high places."""
    if not row.needs_baseline:
        return [(0, 1)]
    return [(0, denominator), (denominator // 3, denominator), (7, 97), (denominator, denominator), (11, 1_000)]


def routes_in_whole_numbers(row, denominator, base):
    """Return lower and upper edges and a measure of each route, all multiplied out to whole numbers."""
    before, whole = base
    lower, upper = on_scale(row.lower_threshold), on_scale(row.upper_threshold)
    unit = denominator * whole
    if row.scoring == "binary":
        return [(SCALE * unit, SCALE * unit, lambda n: n * whole * SCALE, 1)]
    if row.scoring == "single":
        return [(upper * unit, upper * unit, lambda n: n * whole * SCALE, 1 if row.better == "higher" else -1)]
    if row.scoring == "improvement":
        sign = 1 if row.better == "higher" else -1
        edges = (None if lower is None else lower * unit, None if upper is None else upper * unit)
        return [(*edges, lambda n: sign * (n * whole - before * denominator) * SCALE, 1)]
    sign = 1 if row.better == "higher" else -1
    edges = (None if lower is None else lower * unit, None if upper is None else upper * unit)
    level = (*edges, lambda n: n * whole * SCALE, sign)
    if row.scoring == "sliding":
        return [level]
    cut = (on_scale(row.reduction_lower_threshold) * unit, on_scale(row.reduction_upper_threshold) * unit)
    return [level, (*cut, lambda n: (before * denominator - n * whole) * SCALE, 1)]


def first_distance(row, routes, place, numerators, most):
    """Return, for each numerator up to `most`, how many steps the right way reach the edge on some route."""
    step = 1 if row.better == "higher" else -1
    reached = [
        any(edges[place] is not None and edges[3] * edges[2](n) >= edges[3] * edges[place] for edges in routes)
        for n in numerators
    ]
    distance, last = [None] * len(numerators), None
    for n in reversed(numerators) if step == 1 else numerators:
        if reached[n]:
            last = n
        if n <= most:
            distance[n] = None if last is None else abs(n - last)
    return distance


@pytest.mark.parametrize("row", scored_differently())
def test_points_and_gaps_a_second_way(row):
    hold(row, range(1, MOST + 1))


def hold(row, denominators):
    known = row.missing == ()
    for denominator in denominators:
        for base in baselines(row, denominator):
            if base[0] > base[1]:
                continue
            routes = routes_in_whole_numbers(row, denominator, base)
            # Where more than the whole may be counted, look as far as any threshold can lie.
            far = denominator if row.unit.bounded else denominator * 30
            numerators = range(far + 1)
            to_edge = [first_distance(row, routes, place, numerators, denominator) for place in (0, 1)]
            for numerator in range(denominator + 1):
                counts = Counts(
                    numerator=numerator,
                    denominator=denominator,
                    baseline_numerator=base[0],
                    baseline_denominator=base[1],
                )
                for place, target in enumerate(("lower", "upper")):
                    expected = None if routes[0][place] is None else to_edge[place][numerator]
                    assert gap(row, counts, target) == expected, (target, counts)
                found = points(row, counts)
                if not known:
                    assert found is None
                    continue
                best = 0
                for lower, upper, measure, sign in routes:
                    reach = measure(numerator)
                    if lower == upper:
                        share = (1, 1) if sign * reach >= sign * upper else (0, 1)
                    else:
                        top, bottom = reach - lower, upper - lower
                        if bottom < 0:
                            top, bottom = -top, -bottom
                        share = (min(max(top, 0), bottom), bottom)
                    # found = share x points, cross-multiplied
                    worth = share[0] * row.points.numerator, share[1] * row.points.denominator
                    best = worth if best == 0 or worth[0] * best[1] > best[0] * worth[1] else best
                assert found.numerator * best[1] == best[0] * found.denominator, counts
