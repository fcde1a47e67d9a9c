"""What judges mutants besides the laws and the worked cases: the slow comparisons of other tests, in a second or two."""

from dataclasses import replace

import pytest

from iif_reckoner import rulesets
from iif_reckoner.model import AverageList, National, PooledPrevalence, Rounding
from tests import strategies, test_exhaustive
from tests.test_table import assert_equal_to_core, random_rows
from tests.trust.differential import by_table, differing
from tests.trust.rows import by_core, chunks


@pytest.mark.parametrize("row", test_exhaustive.scored_differently()[::4])
def test_points_and_gaps_a_second_way(row):
    test_exhaustive.hold(row, (1, 3, 20))


@pytest.mark.parametrize("row", strategies.MADE_UP.indicators, ids=lambda row: row.code)
def test_points_and_gaps_of_what_is_made_up(row):
    if row.scoring is not None:
        test_exhaustive.hold(row, (2, 7))


def test_the_table_equals_the_core():
    ruleset = strategies.MADE_UP
    rows = random_rows(ruleset, 600, seed=1)
    assert assert_equal_to_core(ruleset, rows) == 600
    assert assert_equal_to_core(ruleset, rows.drop(columns=["list_size", "prevalence_adjustment"])) == 600


def test_a_years_rules_in_the_table_equal_the_core():
    ruleset = rulesets.load("2022-23.v2", assumed=False)
    assert assert_equal_to_core(ruleset, random_rows(ruleset, 300, seed=3)) == 300


@pytest.mark.parametrize("chunk", list(chunks(1_000, 250, seed=5)), ids=range(4))
def test_invented_rules_in_the_table_equal_the_core(chunk):
    assert differing(chunk, by_core(chunk), by_table(chunk)) == []


@pytest.mark.parametrize("name", ["2023-24.v1", "2025-26.v1"])
def test_figures_of_england_in_the_table_equal_the_core(name):
    ruleset = rulesets.load(name)
    pooled = {
        code: PooledPrevalence(denominator=343_520 + place, patients=63_216_178)
        for place, code in enumerate(ruleset.codes)
    }
    average = AverageList(patients=63_216_178, pcns=1_298)
    national = National(ruleset=name, average_list_size=average, pooled=pooled, deciles={}, source="an example")
    rows = random_rows(ruleset, 200, seed=6)
    assert assert_equal_to_core(ruleset, rows, national) == 200
    assert assert_equal_to_core(ruleset, rows.drop(columns="list_size"), national) == 200
    assert assert_equal_to_core(ruleset, rows.drop(columns=["list_size", "prevalence_adjustment"])) == 200


@pytest.mark.parametrize("without", [[], ["list_size", "prevalence_adjustment"]])
def test_rounded_points_in_the_table_equal_the_core(without):
    ruleset = replace(strategies.MADE_UP, rounding=Rounding(points=1, pounds=2))
    assert assert_equal_to_core(ruleset, random_rows(ruleset, 200, seed=9).drop(columns=without)) == 200


def test_a_point_of_unknown_value_is_worth_nothing_known():
    ruleset = replace(strategies.MADE_UP, point_value_gbp=None)
    assert assert_equal_to_core(ruleset, random_rows(ruleset, 200, seed=10)) == 200
    assert (
        assert_equal_to_core(
            ruleset, random_rows(ruleset, 200, seed=10).drop(columns=["list_size", "prevalence_adjustment"])
        )
        == 200
    )
