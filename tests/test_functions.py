"""The Excel functions as plain Python: shapes, blanks, errors in their own cell, the Rules table."""

import math
from dataclasses import asdict
from datetime import datetime
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings

from iif_reckoner import functions, reckon, rulesets, table
from iif_reckoner.errors import InputError
from iif_reckoner.functions import (
    IIF_ACHIEVEMENT,
    IIF_ENGINE,
    IIF_EXPLAIN,
    IIF_GAP,
    IIF_POINTS,
    IIF_STATUS,
    IIF_VALUE,
    Problem,
)
from iif_reckoner.model import AverageList
from iif_reckoner.rules_table import COLUMNS, from_rows, to_rows
from tests import strategies as some
from tests.conftest import worked_cases

YEAR = "2025/26"


def problems(cell):
    return (cell.kind, cell.text) if isinstance(cell, Problem) else cell


@pytest.mark.parametrize("case", [c for c in worked_cases() if "average_list_size" not in c.values[0]])
def test_worked_case(case):
    counts = (case["indicator"], case["numerator"], case["denominator"])
    base = (case.get("baseline_numerator"), case.get("baseline_denominator"))
    rules = case["ruleset"]
    assert IIF_POINTS(*counts, rules, *base) == pytest.approx(float(Fraction(case["points"])), rel=1e-11)
    assert f"{IIF_VALUE(*counts, case.get('list_size'), rules, None, *base):.2f}" == case["value_gbp"]
    assert IIF_GAP(*counts, ["lower", "upper"], rules, *base) == [case["gap_to_lower"], case["gap_to_upper"]]
    assert IIF_STATUS(*counts, rules, *base) == case["status"]


def test_one_cell_a_row_a_column_and_a_block_keep_their_shape():
    assert IIF_POINTS("CAN-04", 160, 200, YEAR) == 22
    assert IIF_POINTS("CAN-04", [160, 0], 200, YEAR) == [22, 0]
    assert IIF_POINTS("CAN-04", [[160], [0]], 200, YEAR) == [[22], [0]]
    assert IIF_POINTS([["CAN-04"], ["HI-03"]], [[160, 0]], 200, YEAR) == [[22, 0], [36, 0]]
    assert IIF_POINTS((("CAN-04",), ("HI-03",)), ((160,), (140,)), 200, YEAR) == [[22], [18]]


def test_shapes_that_do_not_fit_are_value_errors_throughout():
    found = IIF_POINTS([["CAN-04"], ["HI-03"]], [[1], [2], [3]], 200, YEAR)
    text = "the ranges have different shapes: 2 x 1 and 3 x 1"
    assert [problems(cell) for row in found for cell in row] == [("#VALUE!", text)] * 3
    ragged = IIF_POINTS("CAN-04", [[1, 2], [3]], 200, YEAR)
    assert {problems(cell)[0] for row in ragged for cell in row} == {"#VALUE!"}


def test_blank_in_blank_out():
    for blank in (None, "", " ", "\t "):
        assert IIF_POINTS("CAN-04", blank, 200, YEAR) == ""
        assert IIF_VALUE("CAN-04", 5, blank, None, YEAR) == ""
        assert IIF_GAP("CAN-04", blank, 200, None, YEAR) == ""
        assert IIF_ACHIEVEMENT("CAN-04", blank, 200, YEAR) == ""
        assert IIF_STATUS("CAN-04", blank, 200, YEAR) == "No data"
        assert IIF_POINTS(blank, 5, 200, YEAR) == ""


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("1,234", "numerator: '1,234' is not a number but text"),
        ("56", "numerator: '56' is not a number but text"),
        ("#N/A", "numerator: '#N/A' is not a number but text"),
        (True, "numerator: True is not a whole number"),
        (1.5, "numerator: 1.5 is not a whole number"),
        (-1.0, "numerator: -1.0 is less than 0"),
        (float("nan"), "numerator: nan is not a whole number"),
        (1e300, "numerator: 1e+300 is larger than any count can be"),
        (201, "CAN-04: numerator 201 is more than its denominator 200; check the two figures"),
    ],
)
def test_nonsense_stays_in_its_own_cell(cell, text):
    found = IIF_POINTS("CAN-04", [[160], [cell], [130]], 200, YEAR)
    assert [problems(row[0]) for row in found] == [22, ("#VALUE!", text), 0]


def test_not_available_only_for_what_does_not_exist():
    assert problems(IIF_POINTS("CAN-02", 1, 2, YEAR)) == (
        "#N/A",
        "no indicator 'CAN-02'; nearest: CAN-04 in 2025-26.v1",
    )
    assert problems(IIF_POINTS("CAN-04", 1, 2, "2035/36"))[0] == "#N/A"
    assert problems(IIF_POINTS(5, 1, 2, YEAR)) == ("#VALUE!", "indicator: 5 is not text")
    assert problems(IIF_GAP("CAN-04", 1, 2, "middle", YEAR)) == ("#VALUE!", "target: 'middle'; write upper or lower")
    assert problems(IIF_VALUE("CAN-04", 1, 2, 0, YEAR)) == (
        "#VALUE!",
        "list size: 0 is no list; enter the registered patients",
    )
    assert problems(IIF_VALUE("CAN-04", 1, 2, 9, YEAR, 0)) == (
        "#VALUE!",
        "prevalence adjustment: 0 is not a number above 0",
    )


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("numerator", math.inf, "column numerator: inf is not a whole number from 0 up; write one"),
        ("denominator", -math.inf, "column denominator: -inf is not a whole number from 0 up; write one"),
        ("list_size", math.inf, "column list_size: inf is not a whole number from 0 up; write one"),
        *(
            (
                "prevalence_adjustment",
                cell,
                f"column prevalence_adjustment: {cell:g} is not a number above 0; write one or leave it blank",
            )
            for cell in (0.0, -0.5, math.inf)
        ),
    ],
)
def test_the_table_form_refuses_what_the_functions_refuse(column, cell, text):
    row = {"numerator": 143.0, "denominator": 200.0, "list_size": 50_000.0, "prevalence_adjustment": math.nan}
    cells = row | {column: cell}
    found = IIF_VALUE("CAN-04", cells["numerator"], cells["denominator"], cells["list_size"], YEAR)
    if column == "prevalence_adjustment":
        found = IIF_VALUE("CAN-04", 143, 200, None, YEAR, cell)
    assert found.kind == "#VALUE!"
    with pytest.raises(InputError) as error:
        table.reckon_table(rulesets.load(YEAR), pd.DataFrame([{"indicator": "CAN-04"} | cells]))
    assert str(error.value) == text


def test_codes_may_be_written_without_hyphen_or_capitals():
    assert IIF_POINTS(["CAN04", "can-04", " Can-04 "], 160, 200, YEAR) == [22, 22, 22]


def test_left_out_rules_mean_the_newest_ruleset():
    newest = rulesets.ids()[-1]
    code = rulesets.load(newest).codes[0]
    assert IIF_EXPLAIN(code, 70, 100) == IIF_EXPLAIN(code, 70, 100, None, newest)
    assert IIF_POINTS(code, 70, 100) == IIF_POINTS(code, 70, 100, newest)


def test_assumed_figures_are_named():
    assert IIF_EXPLAIN("HI-03", 70, 100, None, "2026-27.v1").endswith("Assumed figures of 2025-26.v1.")


def test_engine():
    assert IIF_ENGINE() == f"Python {functions.__version__}"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("HI-03", 412, 531, None, YEAR),
            "412 of 531 is 77.6%. Between 60% and 80%, so 87.9% of 36 points: 31.66 x £198 = £6,268.88.",
        ),
        (
            ("ACC-08", 164917, 186624, 60373, "2023/24"),
            "164,917 of 186,624 is 88.4%. Between 85% and 90%, so 67.4% of 71 points: "
            "47.83 x £198 x list 1.2204 = £11,558.71.",
        ),
        (
            ("CAN-04", 143, 200, None, YEAR, 0.9),
            "143 of 200 is 71.5%. Between 65% and 80%, so 43.3% of 22 points: "
            "9.53 x £198 x prevalence 0.9 = £1,698.84.",
        ),
        (
            ("CAN-04", 160, 200, None, YEAR),
            "160 of 200 is 80%. Reaches the upper threshold of 80%, so all 22 points x £198 = £4,356.00.",
        ),
        (
            ("CAN-04", 12, 200, None, YEAR),
            "12 of 200 is 6%. Not past the lower threshold of 65%, so no points; 118 more would reach it.",
        ),
        (
            ("CAN-04", 130, 200, None, YEAR),
            "130 of 200 is 65%. Not past the lower threshold of 65%, so no points.",
        ),
        (
            ("CAN-04", 7_999, 10_000, None, YEAR),
            "7,999 of 10,000 is 79.99%. Between 65% and 80%, so 99.9% of 22 points: 21.99 x £198 = £4,353.10.",
        ),
        (
            ("RESP-02", 600, 2000, None, "2022-23.v1"),
            "600 of 2,000 is 30%. Not past the lower threshold of 25%, so no points; 100 fewer would reach it.",
        ),
        (
            ("ACC-02", 12_850, 49_500, None, "2022-23.v1"),
            "12,850 of 49,500 is 0.2596. Not past the one threshold of 0.26, so no points; 20 more would reach it.",
        ),
        (
            ("COV-01", 6, 7, None, "2021-22.v3"),
            "6 of 7 done. All must, so no points; 1 still to do it.",
        ),
        (
            ("COV-01", 7, 7, None, "2021-22.v3"),
            "7 of 7 done. All have, so all 220 points x £200 = £44,000.00.",
        ),
        (
            ("AC-02", 425, 50_000, None, "2022-23.v1", None, 455, 50_000),
            "425 of 50,000 is 0.0085. By level 75%, by reduction 60%; the better counts, so 75% of 111 points: "
            "83.25 x £200 = £16,650.00.",
        ),
        (
            ("CVD-02", 7_371, 52_000, None, "2022-23.v2", None, 7_020, 52_000),
            "7,371 of 52,000 is 14.2%, 0.675 percentage points better. Between +0.4 and +0.8 percentage points, so 68.8% "
            "of 35 points: 24.06 x £200 = £4,812.50.",
        ),
        (
            ("CVD-02", 7_020, 52_000, None, "2022-23.v2", None, 7_020, 52_000),
            "7,020 of 52,000 is 13.5%, 0 percentage points better. Not past the lower threshold of +0.4 percentage "
            "points, so no points; 208 more would reach it.",
        ),
        (
            ("CVD-02", 6_500, 52_000, None, "2022-23.v2", None, 7_020, 52_000),
            "6,500 of 52,000 is 12.5%, 1 percentage point worse. Not past the lower threshold of +0.4 percentage "
            "points, so no points; 728 more would reach it.",
        ),
        (
            ("CVD-02", 7_800, 52_000, None, "2022-23.v2", None, 7_020, 52_000),
            "7,800 of 52,000 is 15%, 1.5 percentage points better. Reaches the upper threshold of +0.8 percentage "
            "points, so all 35 points x £200 = £7,000.00.",
        ),
        (("CVD-02", 7_371, 52_000, None, "2022-23.v2"), "CVD-02 needs its baseline counts as well."),
        (("HI-03", 0, 0, None, YEAR), "Denominator 0: there is nobody to count, so no points."),
        (("HI-03", None, 9, None, YEAR), "No counts entered."),
        (
            ("SMR-02A", 1, 2, None, "2022/23"),
            "Cannot be scored: points and lower threshold and upper threshold of SMR-02A not known for 2022-23.v2.",
        ),
        (("HI-03", "many", 9, None, YEAR), "numerator: 'many' is not a number but text"),
    ],
)
def test_explained(arguments, sentence):
    assert IIF_EXPLAIN(*arguments) == sentence


def test_a_change_for_the_better_may_be_a_fall():
    rules = to_rows(some.MADE_UP)
    assert IIF_EXPLAIN("IMP-02", 280, 1_000, None, rules, None, 300, 1_000) == (
        "280 of 1,000 is 28%, 2 percentage points better. Between -1 and -2.5 percentage points, so 66.7% of 10 "
        "points: 6.67 x £198.35 = £1,322.33."
    )
    assert IIF_EXPLAIN("IMP-02", 301, 1_000, None, rules, None, 300, 1_000) == (
        "301 of 1,000 is 30.1%, 0.1 percentage points worse. Not past the lower threshold of -1 percentage point, so "
        "no points; 11 fewer would reach it."
    )


@settings(max_examples=60)
@given(some.rows, some.list_sizes)
def test_every_sentence_fits_a_cell_and_the_functions_agree_with_the_core(row_counts, list_size):
    row, counts = row_counts
    rules = to_rows(some.MADE_UP)
    cells = (row.code, counts.numerator, counts.denominator)
    base = (counts.baseline_numerator, counts.baseline_denominator)
    assert 0 < len(IIF_EXPLAIN(*cells, list_size, rules, None, *base)) <= 250
    expected = reckon.reckon(some.MADE_UP, row, counts, list_size=list_size)
    value = IIF_VALUE(*cells, list_size, rules, None, *base)
    assert value == ("" if expected.value_gbp is None else float(expected.value_gbp))
    assert IIF_STATUS(*cells, rules, *base) == expected.status
    needed = IIF_GAP(*cells, None, rules, *base)
    assert needed == ("" if expected.gap_to_upper is None else expected.gap_to_upper)


# ---- the Rules table of a workbook --------------------------------------------------------------------------------

SCORING = ("code", "scoring", "better", "unit", "points", "lower_threshold", "upper_threshold", "level")


@pytest.mark.parametrize("name", rulesets.ids())
def test_a_ruleset_comes_back_from_its_table(name):
    plain, assumed = rulesets.load(name, assumed=False), rulesets.load(name)
    for held, rows in ((plain, to_rows(plain)), (assumed, to_rows(plain, assumed if assumed.is_assumed else None))):
        back = from_rows(rows)
        assert (back.id, back.year, back.start, back.end) == (held.id, held.year, held.start, held.end)
        assert back.point_value_gbp == held.point_value_gbp
        assert (back.average_list_size and back.average_list_size.size) == (
            held.average_list_size and held.average_list_size.size
        )
        assert back.rounding == held.rounding
        assert back.assume_from == held.assume_from
        for got, row in zip(back.indicators, held.indicators, strict=True):
            for field in (*SCORING, "reduction_lower_threshold", "reduction_upper_threshold"):
                assert getattr(got, field) == getattr(row, field), (name, row.code, field)
            assert got.assumed == row.assumed - {"scoring", "prevalence"}
            assert (got.prevalence and asdict(got.prevalence)) == (row.prevalence and asdict(row.prevalence))
            assert (got.awarded and got.awarded.share) == (row.awarded and row.awarded.share)


def edited(code, column, value):
    rows = to_rows(some.MADE_UP)
    row = next(row for row in rows if row[0] == code)
    row[COLUMNS.index(column)] = value
    return rows


def test_overrides_win():
    assert IIF_POINTS("SLD-01", 85, 100, edited("SLD-01", "points_override", 40)) == 40
    assert IIF_POINTS("SLD-01", 85, 100, edited("SLD-01", "upper_threshold_override", 9_000)) == pytest.approx(50 / 3)
    assert IIF_VALUE("SLD-02", 10, 100, None, edited("SCHEME", "point_value_gbp_override", 100)) == 2200
    rows = edited("SCHEME", "average_list_patients_override", 50_000)
    rows[1][COLUMNS.index("average_list_pcns_override")] = 1
    assert IIF_VALUE("SLD-03", 127, 10_000, 100_000, rows) == 2975.25


def test_assumed_figures_count_only_while_the_switch_is_on():
    rows = to_rows(rulesets.load("2026-27.v1", assumed=False), rulesets.load("2026-27.v1"))
    assert IIF_POINTS("HI-03", 70, 100, rows) == 18
    rows[1][COLUMNS.index("use_assumed")] = "no"
    assert IIF_STATUS("HI-03", 70, 100, rows) == "Not scored"


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            edited("SLD-01", "unit", "pints"),
            "Rules table, row SLD-01, unit: 'pints' is not a unit; write one of proportion, percentage_points, per_bed, "
            "per_patient, ratio, mean, kg_co2e, practices",
        ),
        (
            edited("SLD-01", "points_override", "many"),
            "Rules table, row SLD-01, points_override: 'many' is not a number; write a number",
        ),
        (edited("SLD-01", "points", 0), "Rules table, row SLD-01, points: 0; write a number above 0"),
        (
            edited("SLD-01", "upper_threshold", 6000),
            "Rules table, row SLD-01: lower and upper threshold are equal; make them differ",
        ),
        (
            edited("SLD-01", "scoring", "guess"),
            "Rules table, row SLD-01, scoring: 'guess' is not a way of scoring; write one of sliding, single, binary, "
            "improvement, better_of",
        ),
        (
            edited("SLD-01", "better", "Lower"),
            "Rules table, row SLD-01, better: 'Lower' is not a direction; write one of higher, lower",
        ),
        (
            edited("SLD-01", "level", "ward"),
            "Rules table, row SLD-01, level: 'ward' is not a level; write one of practice, pcn",
        ),
        (
            edited("SLD-01", "season", "spring"),
            "Rules table, row SLD-01, season: 'spring' is not a season; write one of flu, back_loaded, second_half, even, "
            "flat, rate, once",
        ),
        (edited("SLD-02", "code", "SLD-01"), "Rules table, row SLD-01: stands twice; give each indicator once"),
        *(
            (edited(code, column, cell), f"Rules table, row {code}, {column}: {words}")
            for code, column, cell, words in (
                ("SLD-01", "lower_threshold_override", 0.65, "0.65 is not a whole number; write 6500 for 65%"),
                ("SLD-01", "lower_threshold_override", 65.0, "65 would be 0.65%; write 6500 for 65%"),
                ("SLD-01", "lower_threshold_override", 65.5, "65.5 is not a whole number; write 6550 for 65.5%"),
                (
                    *("SLD-01", "lower_threshold_override", 6500.5),
                    "6500.5 is not a whole number; write a whole number, of which 10000 make 100%",
                ),
                (
                    *("SLD-01", "upper_threshold_override", 12000),
                    "12000; write a whole number from 0 to 10000, which is 100%",
                ),
                ("SLD-01", "upper_threshold", 12000, "12000; write a whole number from 0 to 10000, which is 100%"),
                ("SLD-01", "lower_threshold_override", -1, "-1; write a whole number from 0 up"),
                ("SLD-01", "lower_threshold_override", "6500", "'6500' is not a number; write a number"),
                (
                    *("SLD-01", "lower_threshold_override", datetime(2024, 1, 1)),
                    "2024-01-01 00:00:00 is not a number; write a number",
                ),
                ("SLD-01", "lower_threshold_override", True, "True is not a number; write a number"),
                ("SLD-04", "lower_threshold_override", 22.1, "22.1 is not a whole number; write 2210 for 22.1"),
                (
                    *("SLD-04", "lower_threshold_override", 0.005),
                    "0.005 is not a whole number; write a whole number, of which 100 make 1",
                ),
                ("SGL-01", "upper_threshold_override", 0.034, "0.034 is not a whole number; write 340 for 0.034"),
                ("SGL-01", "lower_threshold_override", 200, "'single' has one threshold, the upper; clear this"),
                ("IMP-01", "lower_threshold_override", 0.9, "0.9 is not a whole number; write 90 for 0.9%"),
                (
                    *("SLD-01", "reduction_lower_threshold_override", 5),
                    "belongs to scoring 'better_of' only; clear it",
                ),
                ("SLD-01", "points_override", -3, "-3; write a number above 0"),
                ("SLD-05", "awarded_share", 2, "2; write a number from 0 to 1"),
                ("SLD-01", "prevalence_patients", 0, "0; write a whole number from 1 up"),
                ("SLD-01", "prevalence_patients", 20_000, "20000; write fewer than the 400 listed"),
                ("SCHEME", "point_value_gbp_override", 0, "0; write a number above 0"),
                ("SCHEME", "point_value_gbp_override", -198.0, "-198.0; write a number above 0"),
                ("SCHEME", "average_list_patients_override", 0, "0; write a whole number from 1 up"),
                ("SCHEME", "average_list_patients_override", 48_000.5, "48000.5; write a whole number from 1 up"),
                ("SCHEME", "average_list_pcns_override", 0, "0; write a whole number from 1 up"),
                ("SCHEME", "average_list_pcns_override", 1.5, "1.5; write a whole number from 1 up"),
                (
                    *("SCHEME", "average_list_pcns", None),
                    "is empty; write how many PCNs the patients are of, 1 for the average list itself",
                ),
                ("SCHEME", "rounding_pounds", None, "is empty; write 2 for pennies"),
                ("SCHEME", "rounding_pounds", 7, "7; write a whole number from 0 to 4"),
            )
        ),
        (
            edited("IMP-01", "upper_threshold_override", 10),
            "Rules table, row IMP-01: 'higher' is better, but the upper threshold is the smaller one; correct one of "
            "the two",
        ),
        (
            edited("BET-01", "reduction_lower_threshold_override", 9_000),
            "Rules table, row BET-01: a fall counts, but the upper threshold of the reduction is the smaller one; "
            "correct one of the two",
        ),
        (
            edited("BET-01", "reduction_lower_threshold_override", 10),
            "Rules table, row BET-01: lower and upper threshold of the reduction are equal; make them differ",
        ),
        (
            edited("SCHEME", "start", "soon"),
            "Rules table, row SCHEME, start: 'soon' is not a day; write it as 2026-04-01",
        ),
        (
            [row for row in to_rows(some.MADE_UP) if row[0] != "SCHEME"],
            "Rules table: the row SCHEME is missing; take the whole Rules table with its heading row",
        ),
        (
            [row[:4] for row in to_rows(some.MADE_UP)],
            "Rules table: column unit is missing; take the whole Rules table with its heading row",
        ),
    ],
)
def test_a_wrong_rules_table_is_worded(rows, text):
    assert problems(IIF_POINTS("SLD-01", 1, 2, rows)) == ("#VALUE!", text)
    assert IIF_POINTS(["SLD-01", ""], [1, ""], [2, ""], rows)[1] == ""


def test_a_small_override_of_a_small_rule_is_taken():
    rows = edited("IMP-01", "lower_threshold_override", 50)
    assert from_rows(rows).find("IMP-01").lower_threshold == Fraction(50, 10_000)
    rows = edited("SLD-01", "lower_threshold_override", 0)
    assert from_rows(rows).find("SLD-01").lower_threshold == 0


def test_an_average_list_typed_without_pcns_is_that_of_one_pcn():
    rows = edited("SCHEME", "average_list_patients_override", 50_000.0)
    assert from_rows(rows).average_list_size == AverageList(patients=50_000, pcns=1)
    rows[1][COLUMNS.index("average_list_pcns_override")] = 2
    assert from_rows(rows).average_list_size == AverageList(patients=50_000, pcns=2)
    rows = edited("SCHEME", "average_list_pcns_override", 1_274)
    assert from_rows(rows).average_list_size == AverageList(patients=62_974_367, pcns=1_274)


def test_spaces_in_an_override_are_nothing():
    assert IIF_POINTS("SLD-01", 85, 100, edited("SLD-01", "points_override", "  ")) == 20


def test_a_day_that_excel_has_made_a_date_is_read():
    assert str(from_rows(edited("SCHEME", "start", datetime(2031, 4, 1))).start) == "2031-04-01"


def test_a_table_that_is_put_right_is_read_anew():
    assert IIF_POINTS("SLD-01", 85, 100, edited("SLD-01", "points_override", True)).kind == "#VALUE!"
    assert IIF_POINTS("SLD-01", 85, 100, edited("SLD-01", "points_override", 1)) == 1


def test_a_rules_table_with_more_columns_and_empty_rows_is_read():
    rows = [[*row, "mine"] for row in to_rows(some.MADE_UP)] + [[None] * (len(COLUMNS) + 1)]
    assert IIF_POINTS("SLD-01", 85, 100, rows) == 20


def test_an_override_that_reverses_the_direction_is_refused():
    rows = edited("SLD-01", "upper_threshold_override", 1_000)
    assert problems(IIF_POINTS("SLD-01", 1, 2, rows)) == (
        "#VALUE!",
        "Rules table, row SLD-01: 'higher' is better, but the upper threshold is the smaller one; correct one of the two",
    )
