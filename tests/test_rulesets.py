"""The loader: names, one fault per bad file with the whole message, the JSON Schema, assumed figures."""

import json
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import jsonschema
import pytest

from iif_reckoner import rulesets
from iif_reckoner.errors import FileProblemError, RulesetError, UnknownNameError
from iif_reckoner.explain import sentence
from iif_reckoner.model import Counts
from iif_reckoner.reckon import reckon
from iif_reckoner.rulesets.evidence import changes, fund_checks, standings
from iif_reckoner.rulesets.grammar import _place
from tests.conftest import ROOT, TESTS

BAD = TESTS / "bad_rulesets"
EXPECTED = tomllib.loads((BAD / "expected.toml").read_text("utf-8"))


@pytest.mark.parametrize("fault", sorted(EXPECTED))
def test_one_fault_one_message(fault):
    path = BAD / fault / "2031-32.v1.toml"
    with pytest.raises(RulesetError) as error:
        rulesets.read(path)
    assert str(error.value) == EXPECTED[fault].replace("{file}", str(path))
    assert "\n" not in str(error.value)


def test_every_bad_file_is_expected_to_fail():
    assert {path.name for path in BAD.iterdir() if path.is_dir()} == set(EXPECTED)


def test_unreadable_files(tmp_path):
    with pytest.raises(FileProblemError, match=r"cannot be read \(No such file or directory\)"):
        rulesets.read(tmp_path / "2031-32.v1.toml")
    (tmp_path / "2031-32.v1.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RulesetError, match="not a text file in UTF-8"):
        rulesets.read(tmp_path / "2031-32.v1.toml")


def test_a_file_that_came_with_the_program_is_named_as_there():
    with pytest.raises(FileProblemError, match=r"^rulesets/2031-32\.v1\.toml: cannot be read"):
        rulesets.read(rulesets.FOLDER / "2031-32.v1.toml")


def test_a_file_of_ones_own_is_loaded_by_its_path():
    path = str(TESTS / "made_up" / "2031-32.v1.toml")
    assert rulesets.load(path).id == "2031-32.v1"


@pytest.mark.parametrize(
    ("asked", "on", "found"),
    [
        ("2021/22", None, "2021-22.v3"),
        ("2021-22", None, "2021-22.v3"),
        ("2021/2022", None, "2021-22.v3"),
        ("2021-22.v1", None, "2021-22.v1"),
        ("2021/22", date(2021, 10, 1), "2021-22.v2"),
        ("2021/22", date(2021, 9, 30), "2021-22.v1"),
        ("2021/22", date(2020, 1, 1), "2021-22.v1"),
    ],
)
def test_names(asked, on, found):
    assert rulesets.resolve(asked, on) == found


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("2035/36", "no ruleset '2035/36'; nearest: 2022/23, 2023/24, 2025/26; 'iif-reckoner rules list' shows all"),
        (
            "2022-23.v9",
            "no ruleset '2022-23.v9'; nearest: 2022-23.v1, 2022-23.v2, 2022/23; 'iif-reckoner rules list' shows all",
        ),
        (
            "2022-23/v1",
            "no ruleset '2022-23/v1'; nearest: 2020/21, 2022/23, 2023/24; 'iif-reckoner rules list' shows all",
        ),
        ("2022/24", None),
        ("", None),
    ],
)
def test_unknown_names(asked, message, monkeypatch):
    known = rulesets.ids()[: rulesets.ids().index("2026-27.v1") + 1]
    monkeypatch.setattr(rulesets, "ids", lambda: known)
    with pytest.raises(UnknownNameError) as error:
        rulesets.resolve(asked)
    if message:
        assert str(error.value) == message
    assert error.value.exit_code == 11


def test_the_file_of_a_year_is_the_one_in_force():
    assert rulesets.path_of("2022/23", date(2022, 5, 1)) == rulesets.FOLDER / "2022-23.v1.toml"
    assert rulesets.path_of("2022/23") == rulesets.FOLDER / "2022-23.v2.toml"


@pytest.mark.parametrize(
    ("loc", "data", "place"),
    [
        (("fund", 0, "gbp_million"), {"fund": [{"what": "all of it"}]}, "fund all of it, gbp_million"),
        (("fund", 1), {"fund": [{}, {}]}, "fund number 2"),
        (("fund", 0), {"fund": ["text"]}, "fund number 1"),
        (("fund",), {"fund": "text"}, "fund"),
        (("fund", "what"), {"fund": {"what": 1}}, "fund, what"),
        (("pair", 0, "why"), {"pair": [{"what": "x", "code": "y"}]}, "pair x, why"),
        (("indicator", 0, "points"), {"indicator": [{"code": "VI-01", "what": "x"}]}, "indicator VI-01, points"),
        (("source", "S1", "title"), {}, "source S1, title"),
        (("source",), {}, "source"),
        (("source", "S1"), {}, "source S1"),
        (("rounding", "points"), {}, "rounding, points"),
    ],
)
def test_places_are_named_as_a_reader_of_the_file_sees_them(loc, data, place):
    assert _place(loc, data) == place


def test_assumed_figures_are_marked():
    plain, filled = rulesets.load("2026-27.v1", assumed=False), rulesets.load("2026-27.v1")
    assert [row.missing for row in plain.indicators] == [
        ("scoring", "points", "lower_threshold", "upper_threshold")
    ] * 2
    earlier = rulesets.load("2025-26.v1")
    for row in filled.indicators:
        assert {"points", "lower_threshold", "upper_threshold"} <= row.assumed
        assert row.points == earlier.find(row.code).points
    assert filled.point_value_gbp == 198
    assert filled.assumed == {"point_value_gbp", "points_total"}
    assert not rulesets.load("2025-26.v1").is_assumed


def test_a_chain_of_assumed_figures_names_the_version_that_holds_them(tmp_path):
    text = (ROOT / "rulesets" / "2026-27.v1.toml").read_text("utf-8")
    text = text.replace("2026-27.v1", "2031-32.v1").replace("2026/27", "2031/32").replace("2025-26.v1", "2026-27.v1")
    path = tmp_path / "2031-32.v1.toml"
    path.write_text(text.replace("2026-04-01", "2031-04-01").replace("2027-03-31", "2032-03-31"), "utf-8")
    assert rulesets.read(path).assume_from == "2026-27.v1"
    filled = rulesets.load(str(path))
    assert (filled.assume_from, filled.point_value_gbp) == ("2025-26.v1", 198)
    row = filled.find("HI-03")
    reckoning = reckon(filled, row, Counts(numerator=70, denominator=100))
    assert sentence(filled, row, reckoning).endswith("Assumed figures of 2025-26.v1.")
    assert rulesets.load("2026-27.v1").assume_from == "2025-26.v1"


def test_figures_borrowed_from_two_versions_name_both(tmp_path):
    text = (ROOT / "rulesets" / "2026-27.v1.toml").read_text("utf-8")
    text = text.replace("2026-27.v1", "2031-32.v1").replace("2026/27", "2031/32")
    (tmp_path / "2031-32.v1.toml").write_text(text.replace("from = 2026", "from = 2025", 1), "utf-8")
    ruleset = rulesets.read(tmp_path / "2031-32.v1.toml")
    between = rulesets.load("2026-27.v1")
    known = replace(between.indicators[0], points=Fraction(40), assumed=between.indicators[0].assumed - {"points"})
    between = replace(between, indicators=(known, *between.indicators[1:]))
    assert rulesets._with_assumed(ruleset, between).assume_from == "2025-26.v1 and 2026-27.v1"


def test_what_is_borrowed_of_the_scheme_alone_names_its_version(made_up):
    """Without an indicator in common: the value of a point that an earlier version has borrowed, and its total."""
    first, between = rulesets.load("2025-26.v1"), rulesets.load("2026-27.v1")
    later = replace(made_up, point_value_gbp=None, points_total=None, assume_from=between.id)
    filled = rulesets._with_assumed(later, between)
    assert (filled.assume_from, filled.point_value_gbp) == (first.id, first.point_value_gbp)


def test_versions_are_in_the_order_of_their_numbers(tmp_path):
    names = ["2022-23.v1", "2022-23.v2", "2022-23.v9", "2022-23.v10", "2022-23.v11", "2023-24.v1"]
    for name in [*sorted(names), "draft", "2022-23.v2 copy"]:
        (tmp_path / f"{name}.toml").touch()
    assert rulesets.ids(tmp_path) == names


def test_published_sums_of_money_are_reproduced_within_three_percent():
    named = {
        "2020-21.v1": {"Whole scheme"},
        "2021-22.v1": {"Whole scheme"},
        "2023-24.v1": {"Whole scheme"},
        "2024-25.v1": {"Whole scheme"},
        "2022-23.v1": {"EHCH-06, ACC-02, ACC-05 and ACC-08, taken out in October"},
    }
    checked = 0
    for ruleset in rulesets.load_all():
        found = fund_checks(ruleset)
        for check in found:
            assert abs(check.difference) < Fraction(3, 100), (ruleset.id, check)
            checked += 1
        expected = {what.casefold() for what in named.get(ruleset.id, set())}
        assert expected <= {check.what.casefold() for check in found}, [check.what for check in found]
    assert checked >= 25


def test_standings_are_counted():
    assert standings(rulesets.load("2024-25.v1")) == {"secondary": 5, "calculated": 1, "recalled": 2}
    assert sum(standings(rulesets.load("2022-23.v1")).values()) == 2 + 36 * 3 - 2 * 1 - 1 * 2 + 2


def test_changes_between_the_two_versions_of_2022_23():
    found = changes(rulesets.load("2022-23.v1"), rulesets.load("2022-23.v2"))
    said = {(change.indicator, change.field) for change in found}
    assert said == {
        ("", "points_total"),
        ("CVD-02", "lower_threshold"),
        ("CVD-02", "upper_threshold"),
        ("CVD-04", "name"),
        ("CVD-04", "numerator_counts"),
        ("PC-01", "lower_threshold"),
        ("PC-01", "upper_threshold"),
        ("CAN-01", "numerator_counts"),
        *((code, "indicator") for code in ("EHCH-06", "ACC-02", "ACC-05", "ACC-08")),
    }
    assert changes(rulesets.load("2022-23.v1"), rulesets.load("2022-23.v1")) == []


def test_the_json_schema_is_current_and_accepts_the_shipped_files():
    path = ROOT / "rulesets" / "ruleset.schema.json"
    again = "iif-reckoner rules schema > rulesets/ruleset.schema.json"
    assert path.read_text("utf-8") == rulesets.json_schema(), f"out of date; write it again with: {again}"
    schema = json.loads(rulesets.json_schema())

    def plain(value):
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return float(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value

    for name in rulesets.ids():
        data = tomllib.loads((ROOT / "rulesets" / f"{name}.toml").read_text("utf-8"), parse_float=Decimal)
        jsonschema.validate(plain(data), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain(data | {"budget": 3}), schema)


def test_loading_one_ruleset_brings_no_pandas_and_no_xlwings():
    code = (
        "import sys; from iif_reckoner.rulesets import load; load('2022/23');"
        "print(sorted({'pandas', 'numpy', 'xlwings', 'typer', 'openpyxl'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
