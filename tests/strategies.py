"""Counts as hypothesis makes them up: exact ties, tiny denominators and awkward numbers among them."""

from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from iif_reckoner import rulesets
from iif_reckoner.model import Counts

MADE_UP = rulesets.read(Path(__file__).parent / "made_up" / "2031-32.v1.toml")
SCORED = [row for row in MADE_UP.indicators if not row.missing]

indicators = st.sampled_from(MADE_UP.indicators)
scored = st.sampled_from(SCORED)
wholes = st.one_of(st.sampled_from([1, 2, 3, 5, 7, 20, 100, 500, 531, 10_000]), st.integers(1, 300_000))
list_sizes = st.integers(1, 500_000)
adjustments = st.fractions(Fraction(1, 100), 5, max_denominator=10_000)


@st.composite
def counts(draw, indicator):
    denominator = draw(wholes)
    most = denominator if indicator.unit.bounded else denominator * 40
    ties = [
        threshold * denominator
        for threshold in (indicator.lower_threshold, indicator.upper_threshold)
        if threshold is not None
    ]
    near = [int(tie) + step for tie in ties for step in (-1, 0, 1) if 0 <= int(tie) + step <= most]
    numerator = draw(st.one_of(st.sampled_from([0, most, *near]), st.integers(0, most)))
    before = draw(wholes)
    return Counts(
        numerator=numerator,
        denominator=denominator,
        baseline_numerator=draw(st.integers(0, before)),
        baseline_denominator=before,
    )


rows = indicators.flatmap(lambda row: st.tuples(st.just(row), counts(row)))
scored_rows = scored.flatmap(lambda row: st.tuples(st.just(row), counts(row)))
