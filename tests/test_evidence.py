"""How well a ruleset is known and what changed from one to another, value by value, on made-up rulesets."""

from dataclasses import replace
from fractions import Fraction

import pytest

from iif_reckoner import rulesets
from iif_reckoner.model import Citation, Fund, Planning, Prevalence
from iif_reckoner.rulesets.evidence import Change, changes, fund_checks, standings, text_of
from tests.strategies import MADE_UP

FIRST = MADE_UP.indicators[0]


def told(**what):
    """What is said to have changed where the first indicator has these values."""
    found = changes(MADE_UP, replace(MADE_UP, indicators=(replace(FIRST, **what), *MADE_UP.indicators[1:])))
    return [(change.indicator, change.field, change.before, change.after) for change in found]


def test_nothing_changes_from_a_ruleset_to_itself():
    assert changes(MADE_UP, MADE_UP) == []


@pytest.mark.parametrize(
    ("what", "field", "before", "after"),
    [
        ({"name": "Other"}, "name", "Invented sliding 01", "Other"),
        ({"scoring": None}, "scoring", "sliding", ""),
        ({"points": Fraction(1, 3)}, "points", "20", "0.33"),
        ({"points": None}, "points", "20", ""),
        ({"lower_threshold": None}, "lower_threshold", "60%", ""),
        ({"upper_threshold": Fraction(85_125, 100_000)}, "upper_threshold", "85%", "85.13%"),
        ({"prevalence": None}, "prevalence", "denominator", ""),
        ({"prevalence": Prevalence(population=None)}, "prevalence", "denominator", "none"),
        ({"cqrs": "X1"}, "cqrs", "", "X1"),
    ],
)
def test_each_value_of_an_indicator(what, field, before, after):
    assert told(**what) == [("SLD-01", field, before, after)]


def test_a_threshold_that_is_no_percentage_is_not_cut_short():
    row = next(row for row in MADE_UP.indicators if not row.unit.percent and row.upper_threshold is not None)
    assert "0.1234" in text_of(replace(row, upper_threshold=Fraction(1_234, 10_000)), "upper_threshold")


def test_the_scheme_comes_first_and_what_nobody_knows_is_empty():
    other = replace(MADE_UP, points_total=None, point_value_gbp=Fraction(200), indicators=MADE_UP.indicators)
    assert changes(MADE_UP, other) == [
        Change(indicator="", field="points_total", before="607.5", after=""),
        Change(indicator="", field="point_value_gbp", before="£198.35", after="£200.00"),
    ]
    assert [(c.before, c.after) for c in changes(MADE_UP, replace(MADE_UP, point_value_gbp=None))] == [("£198.35", "")]


def test_an_indicator_that_comes_or_goes_is_told_with_its_points():
    unknown = replace(FIRST, code="NEW-01", name="Newcomer", points=None)
    other = replace(MADE_UP, indicators=(*MADE_UP.indicators[1:], unknown))
    gone = Change(indicator="SLD-01", field="indicator", before="Invented sliding 01, 20 points", after="")
    came = Change(indicator="NEW-01", field="indicator", before="", after="Newcomer, unknown points")
    assert changes(MADE_UP, other) == [gone, came]


def test_numbers_are_counted_by_standing():
    one = replace(MADE_UP, indicators=(FIRST,))
    assert standings(one) == {"primary": 5}
    assert standings(replace(one, indicators=(replace(FIRST, scoring=None, points=None),))) == {
        "primary": 4,
        "absent": 1,
    }
    assert standings(replace(one, point_value_gbp=None, points_total=None)) == {"primary": 3, "absent": 2}


def test_a_published_sum_is_held_against_points_that_are_known():
    citation = Citation(keys=("S1",))
    fund = Fund(what="all", gbp_million=Fraction(3), indicators=("SLD-01", "SLD-02"), citation=citation)
    rules = replace(
        MADE_UP,
        point_value_gbp=Fraction(200),
        funds=(fund,),
        planning=Planning(share=Fraction(9, 10), pcns=1_000, citation=citation),
        indicators=(FIRST, replace(MADE_UP.find("SLD-02"), points=None)),
    )
    (check,) = fund_checks(rules)
    assert (check.what, check.published, check.reckoned) == ("all", 3, Fraction(36, 10))
    assert check.difference == Fraction(1, 5)
    assert fund_checks(replace(rules, planning=None)) == fund_checks(replace(rules, point_value_gbp=None)) == []


def test_what_is_assumed_brings_its_citations_and_sources():
    earlier, plain = rulesets.load("2025-26.v1"), rulesets.load("2026-27.v1", assumed=False)
    filled = rulesets._with_assumed(plain, earlier)
    assert filled.cite["point_value_gbp"] == earlier.cite["point_value_gbp"]
    assert plain.cite.items() <= filled.cite.items()
    assert set(filled.sources) == {*earlier.sources, *plain.sources}
    for row in filled.indicators:
        assert row.cite["points"] == earlier.find(row.code).cite["points"]


def test_an_indicator_that_the_earlier_version_does_not_have_borrows_nothing():
    plain, earlier = rulesets.load("2026-27.v1", assumed=False), rulesets.load("2025-26.v1")
    own = replace(plain.indicators[0], code="NEW-01")
    filled = rulesets._with_assumed(replace(plain, indicators=(own, *plain.indicators)), earlier)
    assert filled.indicators[0] == own
    assert filled.assume_from == "2025-26.v1"


def test_figures_of_the_scheme_alone_are_borrowed_of_whoever_holds_them():
    plain, earlier = rulesets.load("2026-27.v1", assumed=False), rulesets.load("2025-26.v1")
    whole = replace(plain, indicators=earlier.indicators)
    assert rulesets._with_assumed(whole, earlier).assume_from == "2025-26.v1"


def test_all_rulesets_as_their_files_say():
    assert not any(ruleset.is_assumed for ruleset in rulesets.load_all())
    assert [ruleset.id for ruleset in rulesets.load_all()] == rulesets.ids()
