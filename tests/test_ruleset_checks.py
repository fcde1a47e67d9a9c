"""What a ruleset may say at its edges, and what of a file reaches the record."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from iif_reckoner import rulesets
from iif_reckoner.errors import RulesetError
from iif_reckoner.model import THRESHOLDS, Citation, Rounding
from iif_reckoner.rulesets.checks import check, check_assume_from
from tests.conftest import TESTS
from tests.strategies import MADE_UP

FIRST = MADE_UP.indicators[0]


def checked(indicator=None, **scheme):
    """Check the made-up ruleset with another first indicator or other values of the scheme."""
    indicators = MADE_UP.indicators if indicator is None else (indicator, *MADE_UP.indicators[1:])
    check(replace(MADE_UP, indicators=indicators, **scheme), MADE_UP.id)


def with_cited(record, name, value):
    return replace(record, **{name: value}, cite={**record.cite, name: record.cite["points"]})


def paid_by(day):
    return {"paid_by": day, "cite": {**MADE_UP.cite, "paid_by": MADE_UP.cite["effective"]}}


@pytest.mark.parametrize("day", [date(2032, 4, 1), date(2032, 12, 31)])
def test_the_first_and_the_last_day_of_payment_are_right(day):
    checked(**paid_by(day))


@pytest.mark.parametrize("day", [date(2032, 3, 31), date(2033, 1, 1)])
def test_a_day_of_payment_beside_them_is_not(day):
    with pytest.raises(RulesetError, match=r"^paid_by: .* write a day from April to December 2032$"):
        checked(**paid_by(day))


def test_a_version_may_be_in_force_for_a_day():
    checked(start=MADE_UP.end)


def test_all_there_are_is_a_threshold_and_more_is_not():
    checked(replace(FIRST, upper_threshold=Fraction(1)))
    for above in (Fraction(10_001, 10_000), Fraction(3, 2)):
        with pytest.raises(RulesetError, match="is not between 0 and 1"):
            checked(replace(FIRST, upper_threshold=above))


@pytest.mark.parametrize("name", THRESHOLDS[2:])
def test_thresholds_of_a_reduction_belong_to_two_routes(name):
    with pytest.raises(
        RulesetError, match=f"^indicator SLD-01, {name}: belongs to scoring 'better_of' only; remove it$"
    ):
        checked(with_cited(FIRST, name, Fraction(1, 10)))


def test_a_reduction_the_wrong_way_round_is_named_by_its_indicator():
    row = MADE_UP.find("BET-01")
    wrong = replace(
        row,
        reduction_lower_threshold=row.reduction_upper_threshold,
        reduction_upper_threshold=row.reduction_lower_threshold,
    )
    rows = tuple(wrong if each is row else each for each in MADE_UP.indicators)
    with pytest.raises(RulesetError, match=r"^indicator BET-01, better: "):
        check(replace(MADE_UP, indicators=rows), MADE_UP.id)


def test_a_total_that_is_missing_is_told_what_it_would_be():
    cite = {name: citation for name, citation in MADE_UP.cite.items() if name != "points_total"}
    with pytest.raises(RulesetError, match=r"^points_total: is missing; the points known add up to 607\.5$"):
        checked(points_total=None, cite=cite)


def test_points_of_indicators_alone_need_a_total():
    cite = {name: citation for name, citation in MADE_UP.cite.items() if name != "points_total"}
    with pytest.raises(RulesetError, match=r"^points_total: is missing; the points known add up to 602\.5$"):
        checked(points_total=None, points_unattributed=Fraction(0), cite=cite)


def test_nothing_is_borrowed_from_oneself_nor_is_that_proposed():
    ruleset = replace(MADE_UP, assume_from="2031-32.v0")
    with pytest.raises(RulesetError) as error:
        check_assume_from(ruleset, ["2030-31.v1", MADE_UP.id])
    assert str(error.value) == (
        "assume_from: no ruleset '2031-32.v0'; nearest: 2030-31.v1; write the id of an earlier version"
    )


def test_a_direction_needs_a_page_where_there_is_one():
    def without(row):
        cite = {name: citation for name, citation in row.cite.items() if name != "better"}
        return tuple(replace(row, cite=cite) if each is row else each for each in MADE_UP.indicators)

    with pytest.raises(RulesetError, match=r"^indicator SLD-01, better: has no citation"):
        check(replace(MADE_UP, indicators=without(FIRST)), MADE_UP.id)
    done_or_not = next(row for row in MADE_UP.indicators if row.scoring == "binary")
    check(replace(MADE_UP, indicators=without(done_or_not)), MADE_UP.id)


def read(name):
    """A ruleset as its file says, read anew."""
    return rulesets.read(rulesets.FOLDER / f"{name}.toml")


def test_what_a_file_says_reaches_the_record():
    ruleset = read("2024-25.v1")
    assert ruleset.planning is not None
    assert (ruleset.planning.share, ruleset.planning.pcns) == (Fraction(9, 10), 1_250)
    assert set(ruleset.planning.citation.keys) <= set(ruleset.sources)
    (fund,) = ruleset.funds
    assert (fund.gbp_million, fund.indicators) == (13, ruleset.codes)
    assert {key: source.key for key, source in ruleset.sources.items()} == {key: key for key in ruleset.sources}
    assert ruleset.status
    assert ruleset.summary
    later = read("2024-25.v2")
    assert later.supersedes == "2024-25.v1"
    award = read("2023-24.v1").find("ACC-08").awarded
    assert (award.share, bool(award.note), bool(award.citation.keys)) == (1, True, True)
    every = [read(name) for name in rulesets.ids()]
    periods = [row.period for each in every for row in each.indicators if row.period]
    assert any(period.start for period in periods)
    assert all(period.end for period in periods)
    assert any(each.note for each in every)


def test_points_are_rounded_as_the_file_says(tmp_path):
    text = (TESTS / "made_up" / f"{MADE_UP.id}.toml").read_text("utf-8")
    path = tmp_path / f"{MADE_UP.id}.toml"
    path.write_text(text.replace('points = "none"', "points = 1"), "utf-8")
    assert rulesets.read(path).rounding == Rounding(points=1, pounds=2)


def test_a_citation_is_text(tmp_path):
    text = (TESTS / "made_up" / f"{MADE_UP.id}.toml").read_text("utf-8")
    path = tmp_path / f"{MADE_UP.id}.toml"
    path.write_text(text.replace('effective = "S1"', "effective = 13"), "utf-8")
    with pytest.raises(RulesetError) as error:
        rulesets.read(path)
    assert str(error.value) == f"{path}: cite, effective: 13; write the key of a source in quotes, such as 'A13'"


def test_what_is_said_with_a_citation_is_kept(tmp_path):
    text = (TESTS / "made_up" / f"{MADE_UP.id}.toml").read_text("utf-8")
    path = tmp_path / f"{MADE_UP.id}.toml"
    path.write_text(text.replace('effective = "S1"', 'effective = "calculated from S1, S2 :  page 3 "'), "utf-8")
    assert rulesets.read(path).cite["effective"] == Citation(keys=("S1", "S2"), calculated=True, words="page 3")
