"""The table form against the core, to the penny and the patient; PCN sums, weak links and England."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iif_reckoner import reckon, rulesets, table
from iif_reckoner.errors import InputError, UnknownNameError
from iif_reckoner.model import AverageList, Counts, National, PooledPrevalence
from tests import strategies as some
from tests.conftest import worked_cases
from tests.test_reckon import national_of

WHOLE = [*table.COUNTS, "list_size"]


def frame(records):
    rows = pd.DataFrame(records)
    for name in WHOLE:
        if name in rows:
            rows[name] = rows[name].astype("Int64")
    return rows


def assert_equal_to_core(ruleset, rows, national=None):
    """Compare every row of the table form with the core; return how many rows there were."""
    found = table.reckon_table(ruleset, rows, national=national)
    for given_row, got in zip(rows.to_dict("records"), found.to_dict("records"), strict=True):
        cells = {name: given_row.get(name) for name in WHOLE}
        cells = {name: None if cell is None or pd.isna(cell) else int(cell) for name, cell in cells.items()}
        list_size = cells.pop("list_size")
        adjustment = given_row.get("prevalence_adjustment")
        adjustment = None if adjustment is None or pd.isna(adjustment) else Fraction(repr(adjustment))
        row = ruleset.find(given_row["indicator"])
        try:
            expected = reckon.reckon(
                ruleset, row, Counts(**cells), list_size=list_size, prevalence=adjustment, national=national
            )
        except InputError as error:
            assert got["problem"] == str(error)
            assert all(pd.isna(got[name]) for name in table.RESULTS if name != "problem"), given_row
            continue
        assert pd.isna(got["problem"])
        assert got["status"] == expected.status, given_row
        for name in ("value_gbp", "value_available_gbp", "awarded_gbp", "gap_to_lower", "gap_to_upper"):
            wanted = getattr(expected, name)
            assert (pd.isna(got[name]) and wanted is None) or got[name] == float(wanted), (name, given_row, expected)
        for name in ("achievement", "points", "points_available"):
            wanted = getattr(expected, name)
            assert (pd.isna(got[name]) and wanted is None) or got[name] == pytest.approx(
                float(wanted), rel=1e-12, abs=1e-12
            ), (name, given_row, expected)
    return len(found)


@pytest.mark.parametrize("case", worked_cases())
def test_worked_case(case):
    ruleset = rulesets.load(case["ruleset"])
    names = ["indicator", "numerator", "denominator", "baseline_numerator", "baseline_denominator", "list_size"]
    record = {name: case.get(name) for name in names}
    record["prevalence_adjustment"] = float(case.get("prevalence_adjustment", "nan"))
    found = table.reckon_table(ruleset, frame([record]), national=national_of(case)).iloc[0]
    assert f"{found['value_gbp']:.2f}" == case["value_gbp"]
    assert found["points"] == pytest.approx(float(Fraction(case["points"])), rel=1e-13)
    assert (found["gap_to_lower"], found["gap_to_upper"]) == (case["gap_to_lower"], case["gap_to_upper"])
    assert found["status"] == case["status"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(some.rows, some.list_sizes, some.adjustments), min_size=1, max_size=40), st.booleans())
def test_any_counts_equal_the_core(drawn, adjusted):
    records = []
    for (row, counts), list_size, adjustment in drawn:
        record = {"indicator": row.code, **{name: getattr(counts, name) for name in table.COUNTS}}
        if adjusted:
            record |= {"list_size": list_size, "prevalence_adjustment": float(adjustment)}
        records.append(record)
    assert_equal_to_core(some.MADE_UP, frame(records))


def random_rows(ruleset, number, seed):
    """Return rows rich in ties, blanks, zeros, impossible and enormous counts."""
    dice = random.Random(seed)
    records = []
    for _ in range(number):
        denominator = dice.choice([0, 1, 2, 3, 7, 20, 100, 200, 500, 531, dice.randrange(1, 60_000), 10**12])
        numerator = dice.choice(
            [0, denominator, dice.randrange(denominator + 1), denominator * 17 // 20, denominator // 100]
        )
        before = dice.choice([0, 1, denominator, dice.randrange(1, 60_000)])
        record = {
            "indicator": dice.choice(ruleset.codes),
            "numerator": numerator + (dice.random() < 0.02),
            "denominator": denominator,
            "baseline_numerator": dice.randrange(before + 1),
            "baseline_denominator": before,
            "list_size": dice.choice([None, 1, 60_373, dice.randrange(5_000, 300_000)]),
            "prevalence_adjustment": dice.choice([None, None, 0.9, 1.0, 1.2345]),
        }
        for name in WHOLE:
            if dice.random() < 0.02:
                record[name] = None
        records.append(record)
    rows = frame(records)
    rows["prevalence_adjustment"] = rows["prevalence_adjustment"].astype(float)
    return rows


def test_ten_thousand_awkward_rows_equal_the_core(made_up):
    rows = random_rows(made_up, 10_000, seed=4)
    assert assert_equal_to_core(made_up, rows) == 10_000
    assert assert_equal_to_core(made_up, rows.drop(columns=["list_size", "prevalence_adjustment"])) == 10_000


@pytest.mark.parametrize("name", rulesets.ids())
def test_every_shipped_ruleset_equals_the_core(name):
    ruleset = rulesets.load(name, assumed=False)
    national = National(
        ruleset=name,
        average_list_size=AverageList(patients=63_216_178, pcns=1_298),
        pooled={code: PooledPrevalence(denominator=343_520, patients=63_216_178) for code in ruleset.codes},
        deciles={},
        source="an example",
    )
    assert_equal_to_core(ruleset, random_rows(ruleset, 1_000, seed=7), national)


def test_index_and_other_columns_stay(made_up):
    rows = frame([{"indicator": "SLD-02", "numerator": 1, "denominator": 9}] * 2).assign(mine=["a", "b"])
    rows.index = [5, 3]
    found = table.reckon_table(made_up, rows)
    assert found.index.tolist() == [5, 3]
    assert found["mine"].tolist() == ["a", "b"]
    assert table.reckon_table(made_up, rows.iloc[:0])["points"].tolist() == []


def test_the_callers_table_is_not_changed(made_up):
    rows = frame([{"indicator": "SLD-01", "numerator": 7, "denominator": 9}])
    before = rows.copy(deep=True)
    table.reckon_table(made_up, rows)
    pd.testing.assert_frame_equal(rows, before)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("numerator", -1, "column numerator: -1 is not a whole number from 0 up; write one"),
        ("denominator", 2.5, "column denominator: 2.5 is not a whole number from 0 up; write one"),
        ("numerator", "many", "column numerator: holds something that is not a number; write whole numbers"),
        ("list_size", 0, "column list_size: 0 is no list; write the registered patients or leave it blank"),
        ("list_size", -1, "column list_size: -1 is not a whole number from 0 up; write one"),
        ("numerator", -1.0, "column numerator: -1 is not a whole number from 0 up; write one"),
        *(
            (
                "prevalence_adjustment",
                wrong,
                f"column prevalence_adjustment: {wrong:g} is not a number above 0; write one or leave it blank",
            )
            for wrong in (0.0, -0.5, float("inf"))
        ),
        ("indicator", "VI-9", "no indicator 'VI-9'; 2031-32.v1 has 15"),
        ("indicator", None, "a row has no indicator; write its code, such as HI-03"),
    ],
)
def test_wrong_input_is_refused_in_words(made_up, column, value, message):
    record = {"indicator": "SLD-01", "numerator": 7, "denominator": 9, "list_size": 1_000} | {column: value}
    with pytest.raises((InputError, UnknownNameError)) as error:
        table.reckon_table(made_up, pd.DataFrame([record]))
    assert str(error.value) == message


def test_a_row_one_ten_thousandth_above_a_single_threshold_has_not_met_it(made_up):
    """1 of 3 is more than 0.3333."""
    row = replace(made_up.find("SGL-02"), upper_threshold=Fraction(3_333, 10_000))
    ruleset = replace(made_up, indicators=(row,))
    rows = frame([{"indicator": row.code, "numerator": n, "denominator": d} for n, d in ((1, 3), (3_333, 10_000))])
    assert table.reckon_table(ruleset, rows)["status"].tolist() == ["Below", "Met"]


MEMBERS = pd.DataFrame(
    {
        "practice_code": ["A1", "A2", "B1", "B2"],
        "pcn_code": ["U00001", "U00001", "U00002", "U00002"],
        "pcn_name": ["One PCN", "One PCN", "Two PCN", "Two PCN"],
    }
)


def practice_counts(*records):
    keys = ("organisation_code", "level", "indicator", "numerator", "denominator")
    rows = frame([dict(zip(keys, record, strict=True)) for record in records]).assign(month="2031-05")
    return rows.reindex(columns=[*rows.columns, "baseline_numerator", "baseline_denominator"])


def test_a_pcn_is_the_sum_of_its_practices_not_the_mean_of_their_rates(made_up):
    counts = practice_counts(
        ("A1", "practice", "SLD-01", 10, 10), ("A2", "practice", "SLD-01", 0, 90), ("B1", "practice", "SLD-01", 5, None)
    )
    found = table.by_pcn(made_up, counts, MEMBERS)
    assert found.pcns[["pcn_code", "pcn_name", "numerator", "denominator"]].values.tolist() == [
        ["U00001", "One PCN", 10, 100]
    ]
    assert found.half_blank == ("B1",)
    assert found.not_counted == ("B2",)


def test_a_practice_with_more_done_than_there_are_is_named_and_left_out(made_up):
    counts = practice_counts(
        ("A1", "practice", "SLD-01", 11, 10), ("A2", "practice", "SLD-01", 10, 90), ("B1", "practice", "SLD-03", 9, 2)
    )
    counts.loc[3] = ["U00002", "pcn", "BET-01", 2, 1, "2031-05", None, None]  # not bounded: may be
    counts.loc[4] = ["B1", "practice", "SLD-02", 1, 0, "2031-05", None, None]
    counts.loc[5] = ["B2", "practice", "IMP-01", 1, 9, "2031-05", 1_002, 1_001]
    found = table.by_pcn(made_up, counts.astype(dict.fromkeys(table.COUNTS, "Int64")), MEMBERS)
    assert found.impossible == (
        "A1 SLD-01: numerator 11 is more than its denominator 10; check the two figures",
        "B1 SLD-02: numerator 1 is more than its denominator 0; check the two figures",
        "B2 IMP-01: baseline numerator 1,002 is more than its denominator 1,001; check the two figures",
    )
    assert found.pcns[["pcn_code", "indicator", "numerator", "denominator"]].values.tolist() == [
        ["U00001", "SLD-01", 10, 90],
        ["U00002", "SLD-03", 9, 2],
        ["U00002", "BET-01", 2, 1],
    ]


def with_baselines(*records):
    rows = practice_counts(*(record[:5] for record in records))
    rows["baseline_numerator"] = [record[5] for record in records]
    rows["baseline_denominator"] = [record[6] for record in records]
    return rows.astype(dict.fromkeys(table.COUNTS, "Int64"))


@pytest.mark.parametrize(
    ("second", "expected", "named"),
    [
        ((20, 100, 10, 100), [30, 200, 15, 200], ()),
        ((20, 100, 10, None), [10, 100, 5, 100], ("A2",)),
        ((20, 100, None, 100), [10, 100, 5, 100], ("A2",)),
        # A practice with counts alone, or with a baseline alone, would bend the change of its PCN.
        ((20, 100, None, None), [10, 100, 5, 100], ("A2",)),
        ((None, None, 10, 100), [10, 100, 5, 100], ("A2",)),
        ((None, None, None, None), [10, 100, 5, 100], ()),
    ],
)
def test_half_a_baseline_is_left_out_and_named(made_up, second, expected, named):
    counts = with_baselines(("A1", "practice", "IMP-01", 10, 100, 5, 100), ("A2", "practice", "IMP-01", *second))
    found = table.by_pcn(made_up, counts, MEMBERS)
    assert found.pcns[list(table.COUNTS)].values.tolist() == [expected]
    assert found.half_blank == named


def test_a_baseline_that_no_practice_has_yet_leaves_the_counts(made_up):
    counts = with_baselines(
        ("A1", "practice", "IMP-01", 10, 100, None, None),
        ("A2", "practice", "IMP-01", 20, 100, None, None),
        ("A1", "practice", "SLD-01", 10, 100, None, 5),
    )
    found = table.by_pcn(made_up, counts, MEMBERS)
    assert found.pcns[["indicator", "numerator"]].values.tolist() == [["SLD-01", 10], ["IMP-01", 30]]
    assert found.half_blank == ()


def test_sums_say_how_many_practices_they_count(made_up):
    counts = practice_counts(
        *(("A1", "practice", "SLD-01", 10, 10), ("A2", "practice", "SLD-01", None, None)),
        *(("B1", "practice", "SLD-01", 5, 10), ("B2", "practice", "SLD-01", 5, 10), ("B1", "practice", "SLD-02", 1, 2)),
        ("U00001", "pcn", "BET-01", 4, 90),
    )
    found = table.by_pcn(made_up, counts, MEMBERS)
    columns = ["pcn_code", "indicator", "practices_counted", "practices"]
    assert found.pcns[columns].astype(object).where(found.pcns[columns].notna(), None).values.tolist() == [
        ["U00001", "SLD-01", 1, 2],
        ["U00001", "BET-01", None, None],
        ["U00002", "SLD-01", 2, 2],
        ["U00002", "SLD-02", 1, 2],
    ]
    assert table.absent(found, MEMBERS).values.tolist() == [
        ["U00001", "SLD-01", "A2"],
        ["U00002", "SLD-02", "B2"],
    ]


def test_a_pcn_of_which_a_list_is_missing_has_none():
    sizes = pd.DataFrame({"practice_code": ["A1", "A2", "B1"], "list_size": [1_000, 2_000, 4_000]})
    lists, missing = table.pcn_lists(MEMBERS, sizes)
    assert (lists.to_dict(), missing) == ({"U00001": 3_000}, ("B2",))
    assert lists.dtype == "int64"


def test_a_practice_is_in_one_pcn(made_up):
    twice = pd.concat([MEMBERS, MEMBERS.tail(1)])
    with pytest.raises(pd.errors.MergeError):
        table.by_pcn(made_up, practice_counts(("B2", "practice", "SLD-01", 10, 10)), twice)


def test_half_the_counts_are_left_out_beside_a_whole_baseline(made_up):
    counts = with_baselines(
        ("A1", "practice", "IMP-01", 10, 100, 5, 100), ("A2", "practice", "IMP-01", None, 100, 10, 100)
    )
    counts.loc[2] = ["B1", "practice", "SLD-01", 5, 100, "2031-05", None, None]
    counts.loc[3] = ["B2", "practice", "SLD-01", None, 100, "2031-05", None, None]
    found = table.by_pcn(made_up, counts.astype(dict.fromkeys(table.COUNTS, "Int64")), MEMBERS)
    assert found.pcns[["numerator", "denominator"]].values.tolist() == [[10, 100], [5, 100]]
    assert found.half_blank == ("A2", "B2")


def test_the_figures_of_a_whole_pcn_stand_beside_the_sums(made_up):
    counts = practice_counts(
        ("B1", "practice", "SLD-02", 1, 2),
        ("A2", "practice", "SLD-01", 9, 10),
        ("A1", "practice", "SLD-02", 3, 10),
        ("A1", "practice", "SLD-01", 2, 10),
        ("C1", "practice", "SLD-01", 1, 10),
        ("U00009", "pcn", "BET-01", 4, 90),
    )
    later = pd.DataFrame({"practice_code": ["C1"], "pcn_code": ["U00001"], "pcn_name": ["One PCN"]})
    members = pd.concat([MEMBERS, later])
    found = table.by_pcn(made_up, counts.astype(dict.fromkeys(table.COUNTS, "Int64")), members)
    assert found.pcns[["pcn_code", "pcn_name", "indicator"]].values.tolist() == [
        ["U00001", "One PCN", "SLD-01"],
        ["U00001", "One PCN", "SLD-02"],
        ["U00002", "Two PCN", "SLD-02"],
        ["U00009", "", "BET-01"],
    ]
    assert found.practices[["practice_code", "indicator"]].values.tolist() == [
        ["A1", "SLD-01"],
        ["A1", "SLD-02"],
        ["A2", "SLD-01"],
        ["C1", "SLD-01"],
        ["B1", "SLD-02"],
    ]
    assert found.pcns.index.tolist() == [0, 1, 2, 3]
    assert found.practices.index.tolist() == [0, 1, 2, 3, 4]
    assert {found.pcns[name].dtype for name in (*table.COUNTS, "practices", "practices_counted")} == {pd.Int64Dtype()}


def test_more_done_than_there_are_in_a_whole_pcn_is_named_by_its_code(made_up):
    ruleset = replace(
        made_up,
        indicators=tuple(
            replace(row, level="pcn") if row.code in ("SLD-01", "IMP-01") else row for row in made_up.indicators
        ),
    )
    counts = with_baselines(
        ("U00001", "pcn", "SLD-01", 11, 10, None, None),
        ("U00001", "pcn", "IMP-01", 11, 10, 7, 7),
        ("U00002", "pcn", "SLD-01", 9, 10, None, None),
    )
    found = table.by_pcn(ruleset, counts, MEMBERS)
    assert found.impossible == (
        "U00001 SLD-01: numerator 11 is more than its denominator 10; check the two figures",
        "U00001 IMP-01: numerator 11 is more than its denominator 10; check the two figures",
    )
    assert found.pcns["pcn_code"].tolist() == ["U00002"]


def test_practices_without_a_pcn_are_named_and_pcn_indicators_kept(made_up):
    counts = practice_counts(
        ("Z9", "practice", "SLD-01", 10, 10), ("U00002", "pcn", "BET-01", 4, 90), ("U00002", "pcn", "SLD-01", 1, 2)
    )
    found = table.by_pcn(made_up, counts, MEMBERS)
    assert found.not_in_a_pcn == ("Z9",)
    assert found.pcns[["pcn_code", "indicator", "numerator"]].values.tolist() == [["U00002", "BET-01", 4]]


def test_blank_practices_leave_a_pcn_blank_not_zero(made_up):
    counts = practice_counts(("A1", "practice", "SLD-01", None, None), ("A2", "practice", "SLD-01", None, None))
    pcns = table.by_pcn(made_up, counts, MEMBERS).pcns
    assert pcns["numerator"].isna().all()
    assert table.reckon_table(made_up, pcns)["status"].tolist() == ["No data"]


def test_weak_links(made_up):
    counts = practice_counts(
        ("A1", "practice", "SLD-01", 90, 100),  # there
        ("A2", "practice", "SLD-01", 60, 100),  # not there: the PCN is at 75%
        ("B1", "practice", "SLD-01", 90, 100),
        ("B2", "practice", "SLD-01", 95, 100),  # a PCN that is not short
    )
    summed = table.by_pcn(made_up, counts, MEMBERS)
    practices, pcns = table.reckon_table(made_up, summed.practices), table.reckon_table(made_up, summed.pcns)
    links = table.weak_links(practices, pcns)
    assert links[["practice_code", "there", "gap_to_upper"]].values.tolist() == [["A1", True, 0], ["A2", False, 25]]
    assert table.england(made_up, pcns, links).to_dict("records") == [
        {
            "indicator": "SLD-01",
            "pcns": 2,
            "below": 0,
            "between": 1,
            "at_upper": 1,
            "short": 1,
            "weak_link_pcns": 1,
            "points": 32.0,
            "value_gbp": 6347.2,
        }
    ]


def test_england_leaves_out_what_nobody_counted_and_rounds_to_pennies(made_up):
    pcns = pd.DataFrame(
        {
            "pcn_code": ["A", "B", "C", "A"],
            "indicator": ["SLD-02", "SLD-02", "SLD-02", "SLD-01"],
            "achievement": [0.5, 0.5, 0.5, np.nan],
            "status": ["Below", "Between", "Met", "No data"],
            "points": [0.001, 0.001, 1.232, np.nan],
            "value_gbp": [1.001, 1.001, 1.002, np.nan],
        }
    )
    links = pd.DataFrame(
        {
            "pcn_code": ["A", "B", "A"],
            "indicator": ["SLD-02", "SLD-02", "SLD-01"],
            "practice_code": ["A1", "B1", "A1"],
            "there": [True, False, True],
        }
    )
    (row,) = table.england(made_up, pcns, links).to_dict("records")
    assert row == {
        "indicator": "SLD-02", "pcns": 3, "below": 1, "between": 1, "at_upper": 1, "short": 2, "weak_link_pcns": 1,
        "points": 1.23, "value_gbp": 3.0,
    }  # fmt: skip


def test_a_practice_of_a_pcn_below_the_lower_threshold_is_a_weak_link_too(made_up):
    counts = practice_counts(("A1", "practice", "SLD-01", 30, 100), ("A2", "practice", "SLD-01", None, 100))
    summed = table.by_pcn(made_up, counts, MEMBERS)
    practices, pcns = table.reckon_table(made_up, summed.practices), table.reckon_table(made_up, summed.pcns)
    links = table.weak_links(practices, pcns)
    assert links["practice_code"].tolist() == ["A1"]
    assert [*links] == ["pcn_code", "indicator", "practice_code", "achievement", "there", "gap_to_upper"]
    assert links.index.tolist() == [0]


def test_rows_keep_their_index_and_get_the_results_behind_them(made_up):
    rows = frame(
        [
            {"indicator": "SLD-02", "numerator": 9, "denominator": 8, "list_size": 50_000},
            {"indicator": "SLD-01", "numerator": 8, "denominator": 8, "list_size": 50_000},
        ]
    )
    found = table.reckon_table(made_up, rows.set_index(pd.Index(["x", "y"])))
    assert found.index.tolist() == ["x", "y"]
    assert [*found] == [*rows, *table.RESULTS]
    assert (found.loc["x", "problem"] is None, found.loc["y", "problem"]) == (False, None)
    assert found["problem"].dtype == object


def test_an_indicator_credited_in_part_gives_that_part_of_its_pounds(made_up):
    row = made_up.find("SLD-05")
    row = replace(row, awarded=replace(row.awarded, share=Fraction(1, 2)))
    ruleset = replace(made_up, indicators=(row,))
    rows = frame(
        [{"indicator": row.code, "numerator": 7, "denominator": 9, "list_size": size} for size in (40_000, None)]
    )
    assert assert_equal_to_core(ruleset, rows) == 2


def test_rows_that_cannot_be_are_blank_and_say_why(made_up):
    rows = frame(
        [
            {"indicator": "SLD-01", "numerator": 9, "denominator": 8, "list_size": 50_000},
            {"indicator": "SLD-01", "numerator": 8, "denominator": 8, "list_size": 50_000},
            {
                "indicator": "IMP-01",
                "numerator": 1,
                "denominator": 8,
                "baseline_numerator": 7,
                "baseline_denominator": 6,
            },
        ]
    )
    assert assert_equal_to_core(made_up, rows) == 3
    found = table.reckon_table(made_up, rows)
    assert found["problem"].notna().tolist() == [True, False, True]
    assert found[[*table.RESULTS[:-1]]].notna().any(axis=1).tolist() == [False, True, False]


def test_a_change_on_a_baseline_of_nobody_has_no_gap(made_up):
    row = {"numerator": 0, "denominator": 259, "baseline_numerator": 1, "baseline_denominator": 0}
    rows = frame([{"indicator": code, **row} for code in ("IMP-01", "IMP-02", "BET-01") if made_up.find(code)])
    assert assert_equal_to_core(made_up, rows) == len(rows)
    assert table.reckon_table(made_up, rows)["gap_to_upper"].isna().all()


def test_deciles():
    assert len(table.deciles(pd.Series([0.1, 0.2]))) == 9
    assert table.deciles(pd.Series([np.nan, *np.arange(0, 1.01, 0.1)]))[4] == Fraction(1, 2)
    # Not rounded: that is for whoever writes them down.
    assert float(table.deciles(pd.Series([1 / 3]))[0]) == 1 / 3


def test_all_england_from_the_published_files(nhs_data):
    """The distribution of ACC-08 in 2023/24: 1,297 PCNs, 560 of 820 short ones with a practice already there."""
    from iif_reckoner.sources import read_counts, read_members

    ruleset = rulesets.load("2023/24")
    counts = read_counts(nhs_data / "IIF_indicators_annual_pub_2023_24.csv", ruleset).rows
    summed = table.by_pcn(ruleset, counts, read_members(nhs_data / "gp-reg-pat-prac-map.zip").rows)
    pcns, practices = table.reckon_table(ruleset, summed.pcns), table.reckon_table(ruleset, summed.practices)
    found = table.england(ruleset, pcns, table.weak_links(practices, pcns)).iloc[0]
    names = ["indicator", "pcns", "below", "between", "at_upper", "short", "weak_link_pcns"]
    assert found[names].tolist() == ["ACC-08", 1_297, 440, 380, 477, 820, 560]
    assert (counts["numerator"].sum(), counts["denominator"].sum()) == (188_034_307, 216_102_375)
    examples = pcns.set_index("pcn_code").loc[["U89141", "U07032", "U00070", "U20320", "U00147"]]
    assert examples["numerator"].tolist() == [164_917, 127_393, 100_830, 212_815, 139_908]
    assert examples["denominator"].tolist() == [186_624, 138_283, 109_305, 229_931, 176_926]
    assert examples["points"].round(3).tolist() == [47.834, 71, 71, 71, 0]


def test_a_table_without_rows_gives_one(made_up):
    rows = frame([{"indicator": "SLD-01", "numerator": 7, "denominator": 9, "list_size": 1_000}]).head(0)
    found = table.reckon_table(made_up, rows)
    assert (len(found), [*found]) == (0, [*rows, *table.RESULTS])
