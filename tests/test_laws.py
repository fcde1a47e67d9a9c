"""Laws that every reckoning obeys, whatever the counts."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from iif_reckoner.model import AverageList, Counts, Prevalence
from iif_reckoner.reckon import achievement, gap, list_size_adjustment, points, prevalence_adjustment, reckon, value
from tests import strategies as some


def one_step_better(row, counts, steps=1):
    return replace(counts, numerator=counts.numerator + (steps if row.better == "higher" else -steps))


@given(some.scored_rows)
def test_points_are_bounded(row_counts):
    row, counts = row_counts
    assert 0 <= points(row, counts) <= row.points


@given(some.scored_rows)
def test_one_more_patient_never_earns_less(row_counts):
    row, counts = row_counts
    better = one_step_better(row, counts)
    assume(better.numerator >= 0)
    assert points(row, better) >= points(row, counts)


@given(some.scored_rows)
def test_the_gap_is_enough_and_minimal(row_counts):
    row, counts = row_counts
    needed = gap(row, counts, "upper")
    assume(needed is not None)
    assert points(row, one_step_better(row, counts, needed)) == row.points
    if needed:
        assert points(row, one_step_better(row, counts, needed - 1)) < row.points


@given(some.scored_rows)
def test_short_of_the_lower_gap_nothing_is_earned(row_counts):
    row, counts = row_counts
    needed = gap(row, counts, "lower")
    assume(needed)
    assert points(row, one_step_better(row, counts, needed - 1)) == 0


@given(some.scored_rows)
def test_the_lower_gap_is_never_the_larger(row_counts):
    row, counts = row_counts
    lower, upper = gap(row, counts, "lower"), gap(row, counts, "upper")
    assume(lower is not None and upper is not None)
    assert lower <= upper


@given(st.sampled_from([row for row in some.SCORED if row.scoring == "sliding" and row.unit.bounded]), st.data())
def test_mirror_counting_the_others_with_mirrored_thresholds_earns_the_same(row, data):
    counts = data.draw(some.counts(row))
    mirrored = replace(
        row,
        better="lower" if row.better == "higher" else "higher",
        lower_threshold=1 - row.lower_threshold,
        upper_threshold=1 - row.upper_threshold,
    )
    others = replace(counts, numerator=counts.denominator - counts.numerator)
    assert points(mirrored, others) == points(row, counts)
    assert gap(mirrored, others) == gap(row, counts)


@given(some.scored_rows)
def test_points_are_continuous_at_both_thresholds_of_a_sliding_scale(row_counts):
    row, counts = row_counts
    assume(row.scoring == "sliding")
    lower, upper = row.lower_threshold, row.upper_threshold
    many = 10**12
    for threshold, expected in ((lower, 0), (upper, row.points)):
        at = Counts(numerator=int(threshold * many), denominator=many)
        for step in (-1, 0, 1):
            near = points(row, replace(at, numerator=at.numerator + step))
            assert abs(near - expected) < Fraction(1, 10**6)


@given(some.scored_rows, st.integers(2, 50))
def test_only_the_ratio_counts(row_counts, times):
    row, counts = row_counts
    assume(row.scoring != "binary")
    larger = Counts(
        numerator=counts.numerator * times,
        denominator=counts.denominator * times,
        baseline_numerator=counts.baseline_numerator,
        baseline_denominator=counts.baseline_denominator,
    )
    assert achievement(larger) == achievement(counts)
    assert points(row, larger) == points(row, counts)


@given(some.list_sizes, some.list_sizes, st.integers(1, 5_000), st.fractions(Fraction(1, 1000), Fraction(1, 2)))
def test_the_list_size_cancels_where_prevalence_adjusts(first, second, population, national):
    average = Fraction(48_703)
    both = [
        list_size_adjustment(size, average) * prevalence_adjustment(population, size, national)
        for size in (first, second)
    ]
    assert both[0] == both[1]


@given(st.data(), some.list_sizes, some.list_sizes)
def test_a_prevalence_adjusted_payment_does_not_depend_on_the_list_size(data, first, second):
    row = replace(
        some.MADE_UP.find("SLD-01"), prevalence=Prevalence(population="denominator", national=Fraction(425, 10_000))
    )
    counts = data.draw(some.counts(row))
    ruleset = replace(some.MADE_UP, average_list_size=AverageList(patients=62_974_367, pcns=1_273))
    paid = [reckon(ruleset, row, counts, list_size=size).value_gbp for size in (first, second)]
    assert paid[0] == paid[1]


@given(some.scored_rows, some.adjustments, some.adjustments)
def test_pounds_are_within_half_a_penny_of_the_exact_sum(row_counts, list_adjustment, prevalence):
    row, counts = row_counts
    earned = points(row, counts)
    exact = earned * some.MADE_UP.point_value_gbp * list_adjustment * prevalence
    paid = Fraction(value(some.MADE_UP, earned, list_adjustment, prevalence))
    assert abs(paid - exact) <= Fraction(1, 200)
    assert (paid * 100).denominator == 1
    if abs(paid - exact) == Fraction(1, 200):
        assert paid > exact


@given(some.rows)
def test_status_follows_from_points_and_gap(row_counts):
    row, counts = row_counts
    found = reckon(some.MADE_UP, row, counts)
    if row.missing:
        assert (found.status, found.points, found.value_gbp) == ("Not scored", None, None)
    elif found.points == row.points:
        assert (found.status, found.gap_to_upper) == ("Met", 0)
    else:
        assert found.status == ("Between" if found.points else "Below")
        assert found.gap_to_upper != 0
