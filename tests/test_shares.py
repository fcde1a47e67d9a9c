"""Fair shares of the gap: whole patients that add up, as worked cases, as laws, and in the cells of the workbook."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iif_reckoner.plan.shares import apportion


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        # 10 x 1/3 is 3 1/3 for each; the one that is left goes to the first.
        (10, (1, 1, 1), (4, 3, 3)),
        # 7 x (5, 3, 2) / 10 is 3.5, 2.1, 1.4: the largest remainder is the first's.
        (7, (5, 3, 2), (4, 2, 1)),
        # 12 x (8900, 6100, 3200) / 18200 is 5.87, 4.02, 2.11.
        (12, (8_900, 6_100, 3_200), (6, 4, 2)),
        # Hours with decimals: 5 x (1.5, 0.5) / 2 is 3.75 and 1.25.
        (5, (Fraction(3, 2), Fraction(1, 2)), (4, 1)),
        (5, (0, 4, 0), (0, 5, 0)),
        (0, (3, 4), (0, 0)),
        (5, (0, 0), (3, 2)),
        (0, (), ()),
    ],
)
def test_parts_worked_out_by_hand(total, weights, parts):
    assert apportion(total, weights) == parts


@pytest.mark.parametrize(
    ("total", "weights", "words"),
    [
        (-1, (1,), "neither the total nor a weight may be negative"),
        (1, (2, -1), "neither the total nor a weight may be negative"),
        (1, (), "there is nobody to share it"),
    ],
)
def test_what_cannot_be_shared(total, weights, words):
    with pytest.raises(ValueError, match=f"^{words}$"):
        apportion(total, weights)


weights_ = st.lists(st.integers(0, 20_000) | st.fractions(0, 500, max_denominator=100), min_size=1, max_size=40)


@given(total=st.integers(0, 10_000_000), weights=weights_)
def test_parts_add_up_and_are_less_than_one_from_their_quota(total, weights):
    parts = apportion(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        quota = Fraction(total) * weight / whole if whole else Fraction(total, len(weights))
        assert abs(part - quota) < 1
        assert weight or not whole or part == 0


@given(total=st.integers(0, 100_000), weights=weights_, factor=st.integers(1, 100))
def test_only_the_proportion_of_the_weights_counts(total, weights, factor):
    assert apportion(total, weights) == apportion(total, [weight * factor for weight in weights])


@given(total=st.integers(0, 100_000), weights=weights_)
def test_who_has_more_weight_or_stands_first_never_gets_less(total, weights):
    parts = apportion(total, weights)
    claims = sorted(range(len(weights)), key=lambda place: (-weights[place], place))
    assert [parts[place] for place in claims] == sorted(parts, reverse=True)
