"""The worked cases through the core, and what the core says where there is nothing to say."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from iif_reckoner import rulesets
from iif_reckoner.errors import InputError
from iif_reckoner.exact import significant
from iif_reckoner.model import AverageList, Counts, National, PooledPrevalence
from iif_reckoner.reckon import reckon, share_of_points, value
from tests.conftest import worked_cases


def national_of(case):
    if "average_list_size" not in case:
        return None
    average = AverageList(patients=case["average_list_size"], pcns=1)
    return National(ruleset=case["ruleset"], average_list_size=average, pooled={}, deciles={}, source="the case")


@pytest.mark.parametrize("case", worked_cases())
def test_worked_case(case):
    ruleset = rulesets.load(case["ruleset"])
    counts = Counts(
        numerator=case["numerator"],
        denominator=case["denominator"],
        baseline_numerator=case.get("baseline_numerator"),
        baseline_denominator=case.get("baseline_denominator"),
    )
    prevalence = case.get("prevalence_adjustment")
    found = reckon(
        ruleset,
        ruleset.find(case["indicator"]),
        counts,
        list_size=case.get("list_size"),
        prevalence=None if prevalence is None else Fraction(prevalence),
        national=national_of(case),
    )
    assert found.points == Fraction(case["points"])
    assert found.value_gbp == Decimal(case["value_gbp"])
    assert (found.gap_to_lower, found.gap_to_upper) == (case["gap_to_lower"], case["gap_to_upper"])
    assert found.status == case["status"]


def test_ten_open_vectors_are_among_the_cases():
    keys = {(c.values[0]["ruleset"], c.values[0]["indicator"], c.values[0]["points"]) for c in worked_cases()}
    assert keys >= {
        ("2020-21.v1", "VI-01", "1116/25"),
        ("2021-22.v1", "VI-01", "0"),
        ("2021-22.v3", "COV-01", "0"),
        ("2022-23.v1", "RESP-02", "1353/100"),
        ("2022-23.v1", "AC-02", "333/4"),
        ("2022-23.v2", "CVD-02", "385/16"),
        ("2022-23.v1", "ACC-02", "0"),
        ("2022-23.v1", "ACC-07", "814/31"),
        ("2023-24.v1", "ACC-08", "2231743/46656"),
        ("2025-26.v1", "CAN-04", "143/15"),
    }


@pytest.mark.parametrize(
    ("code", "counts", "status", "points", "gap"),
    [
        ("SLD-01", Counts(numerator=None, denominator=100), "No data", None, None),
        ("SLD-01", Counts(numerator=5, denominator=None), "No data", None, None),
        ("SLD-01", Counts(numerator=None, denominator=0), "No data", None, None),
        ("SLD-01", Counts(numerator=0, denominator=0), "No patients", 0, 0),
        ("UNK-01", Counts(numerator=50, denominator=100), "Not scored", None, 12),
        ("UNK-02", Counts(numerator=50, denominator=100), "Not scored", None, 40),
        ("UNK-02", Counts(numerator=None, denominator=None), "Not scored", None, None),
        ("IMP-01", Counts(numerator=50, denominator=100), "No data", None, None),
        ("IMP-01", Counts(numerator=50, denominator=100, baseline_numerator=1), "No data", None, None),
        (
            "IMP-01",
            Counts(numerator=99, denominator=100, baseline_numerator=100, baseline_denominator=100),
            "Below",
            0,
            None,  # a hundred of a hundred cannot become more
        ),
        (
            "BET-01",
            Counts(numerator=3, denominator=100, baseline_numerator=0, baseline_denominator=100),
            "Below",
            0,
            3,  # by reduction nothing can be reached, by level 0 admissions
        ),
    ],
)
def test_nothing_to_say(made_up, code, counts, status, points, gap):
    found = reckon(made_up, made_up.find(code), counts)
    assert (found.status, found.points, found.gap_to_upper) == (status, points, gap)
    assert (found.value_gbp is None) == (points is None)


def test_more_done_than_there_are_is_refused(made_up):
    with pytest.raises(InputError) as error:
        reckon(made_up, made_up.find("SLD-01"), Counts(numerator=1_001, denominator=1_000))
    assert str(error.value) == "SLD-01: numerator 1,001 is more than its denominator 1,000; check the two figures"
    counts = Counts(numerator=1, denominator=9, baseline_numerator=8, baseline_denominator=7)
    with pytest.raises(InputError) as error:
        reckon(made_up, made_up.find("IMP-01"), counts)
    assert str(error.value) == "IMP-01: baseline numerator 8 is more than its denominator 7; check the two figures"


def test_beds_and_ratios_may_pass_100_percent(made_up):
    for code in ("SLD-03", "SLD-05", "SLD-06", "SLD-07", "SGL-01"):
        assert reckon(made_up, made_up.find(code), Counts(numerator=900, denominator=100)).status == "Met"


def test_flags_say_what_was_not_applied(made_up):
    counts = Counts(numerator=70, denominator=100)
    assert reckon(made_up, made_up.find("SLD-01"), counts).flags == (
        "list size not applied",
        "prevalence not applied",
    )
    assert reckon(made_up, made_up.find("SLD-01"), counts, list_size=50_000).flags == ()
    assert reckon(made_up, made_up.find("SLD-03"), counts, list_size=50_000).flags == ()
    newest = rulesets.load("2026/27")
    assert "assumed figures" in reckon(newest, newest.find("HI-03"), counts, list_size=50_000).flags


def test_award_stands_beside_the_reckoning():
    ruleset = rulesets.load("2023/24")
    found = reckon(ruleset, ruleset.find("ACC-08"), Counts(numerator=1, denominator=2), list_size=60_373)
    assert found.value_gbp == 0
    assert found.awarded_gbp == found.value_available_gbp == Decimal("17156.59")


def test_prevalence_with_national_figures():
    ruleset = rulesets.load("2025/26")
    national = National(
        ruleset=ruleset.id,
        average_list_size=AverageList(patients=50_000, pcns=1),
        pooled={"HI-03": PooledPrevalence(denominator=250, patients=50_000)},
        deciles={},
        source="an example",
    )
    found = reckon(
        ruleset, ruleset.find("HI-03"), Counts(numerator=270, denominator=270), list_size=60_000, national=national
    )
    # 36 points x £198 x 1.2 x 0.9, the same as 36 x £198 x 270 / 250 patients
    assert found.value_gbp == Decimal("7698.24")
    assert (found.list_size_adjustment, found.prevalence_adjustment) == (Fraction(6, 5), Fraction(9, 10))


def test_pounds_are_rounded_half_up_once(made_up):
    # 7.5 points x £198.35 is £1,487.625: half a penny goes up.
    found = reckon(made_up, made_up.find("SLD-03"), Counts(numerator=127, denominator=10_000))
    assert found.value_gbp == Decimal("1487.63")
    assert value(made_up, None) is None


def test_a_list_of_nobody_earns_nothing(made_up):
    found = reckon(made_up, made_up.find("SLD-03"), Counts(numerator=900, denominator=10_000), list_size=0)
    assert (found.list_size_adjustment, found.value_gbp) == (0, 0)


@given(
    *[st.fractions(0, 30, max_denominator=10_000)] * 2,
    st.integers(0, 10**12),
    st.integers(1, 10**12),
)
def test_the_share_in_whole_numbers_is_that_of_the_formula(lower, upper, numerator, denominator):
    assume(lower != upper)
    formula = (Fraction(numerator, denominator) - lower) / (upper - lower)
    assert share_of_points(lower, upper, numerator, denominator) == min(1, max(0, formula))


@given(st.fractions(-(10**12), 10**12, max_denominator=10**12))
def test_twelve_significant_digits_are_those_of_the_decimal_module(number):
    with localcontext(prec=12, rounding=ROUND_HALF_UP):
        expected = float(Decimal(number.numerator) / Decimal(number.denominator))
    assert significant(number) == expected


@pytest.mark.parametrize(
    ("of_indicator", "of_scheme", "flagged"),
    [
        ({"points"}, set(), True),
        (set(), {"point_value_gbp"}, True),
        (set(), {"points_total"}, False),
        (set(), set(), False),
    ],
)
def test_assumed_figures_that_count_are_flagged(made_up, of_indicator, of_scheme, flagged):
    row = replace(made_up.find("SLD-01"), assumed=frozenset(of_indicator))
    found = reckon(
        replace(made_up, assumed=frozenset(of_scheme)), row, Counts(numerator=7, denominator=10), list_size=50_000
    )
    assert ("assumed figures" in found.flags) is flagged
    assert found.code == "SLD-01"
