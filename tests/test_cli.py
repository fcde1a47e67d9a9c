"""The commands as a user types them: what stands on stdout, what on stderr, and the exit code."""

import csv
import io
import json
import os
import subprocess
import sys

import pytest

from iif_reckoner import rulesets
from tests.conftest import ROOT, TESTS, worked_cases

MADE_UP = str(TESTS / "made_up" / "2031-32.v1.toml")
COLUMNS = (
    "pcn_code pcn_name practice_code indicator numerator denominator achievement points points_available value_gbp "
    "value_available_gbp awarded_gbp gap_to_lower gap_to_upper status"
).split()


def run(*arguments, cwd=None):
    command = [sys.executable, "-m", "iif_reckoner", *(str(argument) for argument in arguments)]
    env = os.environ | {"COLUMNS": "200", "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=cwd)


def rows_of(found):
    assert found.returncode == 0, found.stderr
    return list(csv.DictReader(io.StringIO(found.stdout)))


@pytest.fixture
def files(tmp_path):
    """Two PCNs of two practices each, with counts, lists and a membership, all made up."""
    (tmp_path / "counts.csv").write_text(
        "practice_code,indicator,month,numerator,denominator\n"
        "A81001,SLD-01,2031-05,70,100\n"
        "A81001,SLD-01,2031-06,80,100\n"
        "A81002,SLD-01,2031-06,40,100\n"
        "A81003,SLD-01,2031-06,90,100\n"
        "A81004,SLD-01,2031-06,50,100\n"
        "A81999,SLD-01,2031-06,1,100\n"
        "A81001,SLD-02,2031-06,10,100\n"
    )
    head = "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PRACTICE_POSTCODE,PCN_CODE,PCN_NAME,SUPPLIER_NAME\n"
    members = [("A81001", "U00001", "NORTH PCN"), ("A81002", "U00001", "NORTH PCN"), ("A81003", "U00002", "SOUTH PCN")]
    members += [("A81004", "U00002", "SOUTH PCN"), ("A81005", "U00002", "SOUTH PCN"), ("A81998", "U", "Unallocated")]
    lines = [
        f"GP_PRAC_PAT_LIST,01Jul2031,{code},SURGERY {code},TS1 1AA,{pcn},{name},TPP\n" for code, pcn, name in members
    ]
    (tmp_path / "map.csv").write_text(head + "".join(lines))
    head = "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,POSTCODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS\n"
    sizes = [("A81001", 30_000), ("A81002", 20_000), ("A81003", 10_000), ("A81004", 15_000)]
    lines = [f"GP_PRAC_PAT_LIST,2031-07-01,GP,{code},,TS1 1AA,ALL,ALL,{size}\n" for code, size in sizes]
    (tmp_path / "lists.csv").write_text(head + "".join(lines))
    return tmp_path


def everything(files, *more):
    return run(
        *("reckon", "--ruleset", MADE_UP, "--counts", files / "counts.csv", "--members", files / "map.csv"),
        *("--list-sizes", files / "lists.csv", *more),
    )


def test_reckon_as_csv_has_the_columns_of_the_design(files):
    found = everything(files, "--format", "csv")
    rows = rows_of(found)
    assert list(rows[0]) == COLUMNS
    assert [(r["pcn_code"], r["indicator"], r["numerator"], r["status"]) for r in rows] == [
        ("U00001", "SLD-01", "120", "Below"),
        ("U00001", "SLD-02", "10", "Met"),
        ("U00002", "SLD-01", "140", "Between"),
    ]
    # 140 of 200 is 70%: 8 points x £198.35 x list 25,000 x prevalence 200/25,000, over averages; the list cancels.
    worth = 8 * 198.35 * 200 / (62_974_367 / 1_273 * 0.0425)
    assert float(rows[2]["value_gbp"]) == pytest.approx(worth, abs=0.005)
    assert rows[2]["gap_to_upper"] == "30"
    assert found.stderr.splitlines() == [
        "note: list sizes of 1 July 2031 from lists.csv",
        "note: map.csv: 1 practice without a PCN (unallocated) left out",
        "note: 1 practice of a PCN has no list size in lists.csv",
        "note: month 2031-06, the newest in the files",
        "note: 1 of 5 practices counted is not in the membership file; left out",
        "note: 2 of 6 practices of the membership file without counts",
    ]


def test_notes_name_practices_on_request(files):
    lines = everything(files, "--named").stderr.splitlines()
    place = lines.index("note: 1 of 5 practices counted is not in the membership file; left out")
    assert lines[place + 1] == "  A81999"


def test_reckon_as_json_one_pcn_and_an_earlier_month(files):
    found = everything(files, "--pcn", "U00001", "--month", "2031-05", "--format", "json")
    record = json.loads(found.stdout)[0]
    assert list(record) == COLUMNS
    assert (record["pcn_name"], record["numerator"], record["practice_code"]) == ("NORTH PCN", 70, None)
    assert record["awarded_gbp"] is None


def test_reckon_for_people_says_what_it_is(files):
    out = everything(files, "--pcn", "U00002").stdout
    assert "U00002 SOUTH PCN under 2031-32.v1, position of 2031-06" in out
    assert "70.0%" in out
    assert "Between" in out
    assert "8.00 points" in out


def test_practices(files):
    rows = rows_of(everything(files, "--level", "practice", "--format", "csv"))
    assert [(r["practice_code"], r["indicator"], r["status"], r["value_gbp"]) for r in rows[:3]] == [
        ("A81001", "SLD-01", "Between", ""),
        ("A81001", "SLD-02", "Met", ""),
        ("A81002", "SLD-01", "Below", ""),
    ]


def test_all_shows_indicators_without_counts(files):
    rows = rows_of(everything(files, "--all", "--pcn", "U00001", "--format", "csv"))
    assert [row["indicator"] for row in rows] == list(rulesets.load(MADE_UP).codes)
    assert {row["status"] for row in rows} == {"Below", "Met", "No data", "Not scored"}


def test_without_membership_the_counts_are_one_pcn(files):
    found = run("reckon", "--ruleset", MADE_UP, "--counts", files / "counts.csv", "--format", "csv")
    assert rows_of(found)[0]["numerator"] == "261"
    assert "note: no membership file: the practices of the counts are taken as one PCN" in found.stderr
    assert "note: no list sizes: the list size adjustment is 1, as for an average PCN" in found.stderr


@pytest.mark.parametrize(
    ("more", "code", "line"),
    [
        (("--pcn", "U00003"), 11, "no PCN 'U00003'; nearest: U00001, U00002"),
        (("--pcn", "north"), 11, "no PCN 'north'; give its code: U00001 NORTH PCN"),
        (("--month", "2031-13"), 12, "--month: '2031-13' is not a month; write it as 2024-03"),
        (
            ("--month", "2031-09"),
            12,
            "--month: no figures of 2031-09 in the files; they have 2031-05, 2031-06",
        ),
    ],
)
def test_wrong_options_are_one_line(files, more, code, line):
    found = everything(files, *more)
    assert (found.returncode, found.stdout) == (code, "")
    assert found.stderr.splitlines()[-1] == line


def test_a_missing_file_and_an_unknown_year(files):
    found = run("reckon", "--ruleset", MADE_UP, "--counts", files / "none.csv")
    assert found.returncode == 13
    assert found.stderr.startswith(f"{files / 'none.csv'}: ")
    assert len(found.stderr.splitlines()) == 1
    found = run("reckon", "--ruleset", "2035/36", "--counts", files / "counts.csv")
    assert found.returncode == 11
    assert "rules list" in found.stderr


def test_more_done_than_there_are_gives_no_total(files):
    text = (files / "counts.csv").read_text().replace("A81003,SLD-01,2031-06,90,100", "A81003,SLD-01,2031-06,900,100")
    (files / "counts.csv").write_text(text)
    found = everything(files)
    assert (found.returncode, found.stdout) == (12, "")
    assert found.stderr.splitlines()[-1] == (
        "U00002: SLD-01: numerator 950 is more than its denominator 200; check the two figures"
    )


def test_two_files_that_disagree_are_refused(files):
    (files / "more.csv").write_text(
        "practice_code,indicator,month,numerator,denominator\nA81003,SLD-01,2031-06,91,100\nA81001,SLD-02,2031-06,10,100\n"
    )
    found = everything(files, "--counts", files / "more.csv")
    assert found.returncode == 12
    assert found.stderr.splitlines()[-1] == (
        "more.csv, row 2: A81003 SLD-01 of 2031-06 is 91 of 100, but counts.csv, row 5 has 90 of 100; keep one of the two"
    )


def test_england_and_its_national_figures(files, tmp_path):
    national = tmp_path / "national.toml"
    arguments = ["england", "--ruleset", MADE_UP, "--counts", files / "counts.csv", "--members", files / "map.csv"]
    arguments += ["--list-sizes", files / "lists.csv", "--write-national", national]
    found = run(*arguments, "--format", "json")
    record = json.loads(found.stdout)[0]
    assert list(record) == ("indicator pcns below between at_upper short weak_link_pcns points value_gbp".split())
    assert [record[name] for name in list(record)[:7]] == ["SLD-01", 2, 1, 1, 0, 2, 1]
    again = run(*arguments)
    assert again.returncode == 13
    assert "exists already" in again.stderr
    reckoned = everything(files, "--national", national, "--pcn", "U00002", "--format", "csv")
    # Average list (50,000 + 25,000) / 2, pooled prevalence 400 / 75,000: 8 points x £198.35 x 200 / (37,500 x 400 / 75,000)
    assert rows_of(reckoned)[0]["value_gbp"] == "1586.8"


def test_england_on_the_published_files(nhs_data):
    found = run(
        *("england", "--ruleset", "2023/24", "--counts", nhs_data / "IIF_indicators_annual_pub_2023_24.csv"),
        *("--members", nhs_data / "gp-reg-pat-prac-map.zip", "--format", "json"),
        *("--list-sizes", nhs_data / "gp-reg-pat-prac-quin-age.zip"),
    )
    record = json.loads(found.stdout)[0]
    assert [record[name] for name in list(record)[:7]] == ["ACC-08", 1_297, 440, 380, 477, 820, 560]
    for line in (
        "note: gp-reg-pat-prac-map.zip: 52 practices without a PCN (unallocated) left out",
        "note: 205 of 6,294 practices counted are not in the membership file; left out",
        "note: 13 practices counted in no PCN (unallocated); left out",
        "note: 50 of 6,139 practices of the membership file without counts",
    ):
        assert line in found.stderr.splitlines()


@pytest.mark.parametrize(
    "case", [c for c in worked_cases() if not {"average_list_size", "prevalence_adjustment"} & set(c.values[0])]
)
def test_explain_worked_case(case):
    arguments = ["explain", "--format", "json"]
    for name in ("ruleset", "indicator", "numerator", "denominator", "list_size"):
        if name in case:
            arguments += [f"--{name.replace('_', '-')}", case[name]]
    for name in ("baseline_numerator", "baseline_denominator"):
        if name in case:
            arguments += [f"--{name.replace('_', '-')}", case[name]]
    record = json.loads(run(*arguments).stdout)
    assert list(record) == [*COLUMNS, "sentence", "sources"]
    assert f"{record['value_gbp']:.2f}" == case["value_gbp"]
    assert (record["gap_to_lower"], record["gap_to_upper"]) == (case["gap_to_lower"], case["gap_to_upper"])
    assert record["status"] == case["status"]
    assert {item["field"] for item in record["sources"]} >= {"points", "point_value_gbp"}


def test_explain_for_people():
    found = run(
        *(
            "explain",
            "--ruleset",
            "2025/26",
            "--indicator",
            "can04",
            "--numerator",
            143,
            "--denominator",
            200,
            "--sources",
        )
    )
    first, *rest = found.stdout.splitlines()
    assert first == "143 of 200 is 71.5%. Between 65% and 80%, so 43.3% of 22 points: 9.53 x £198 = £1,887.60."
    assert any("lower threshold" in line and "secondary" in line for line in rest)


def test_rules_list_and_show_and_compare():
    rows = rows_of(run("rules", "list", "--format", "csv"))
    assert [row["ruleset"] for row in rows] == rulesets.ids()
    assert rows[-1]["point_value_gbp"] == ""
    out = run("rules", "show", "2022/23").stdout
    assert "2022-23.v2" in out
    assert "CVD-05" in out
    assert "70% S" in out
    out = run("rules", "show", "2022/23", "HI-01").stdout
    assert "Not known: lower threshold. " in out
    out = run("rules", "compare", "2022-23.v1", "2022-23.v2", "--format", "json").stdout
    assert json.loads(out)[1] == {"indicator": "CVD-02", "field": "lower_threshold", "before": "0.6%", "after": "0.4%"}


def test_rules_check_all_and_one_bad_file():
    found = run("rules", "check")
    assert found.returncode == 0
    assert "11 of 11 rulesets are in order" in found.stdout
    bad = TESTS / "bad_rulesets" / "wrong_total" / "2031-32.v1.toml"
    found = run("rules", "check", bad)
    assert found.returncode == 14
    assert found.stderr.splitlines()[0].startswith(f"{bad}: points_total: 43 is declared")


def test_demo_needs_nothing():
    found = run("demo", cwd="/")
    assert found.returncode == 0, found.stderr
    assert "Ashwater and Fernhill PCN" in found.stdout
    assert "Reckoned with assumed figures of 2025-26.v1." in found.stdout


def test_every_command_has_help_with_an_example():
    for command in (
        ["reckon"],
        ["explain"],
        ["england"],
        ["demo"],
        *(["rules", name] for name in ("list", "show", "check", "compare", "schema")),
    ):
        found = run(*command, "--help")
        assert found.returncode == 0
        assert "Example: iif-reckoner " + " ".join(command) in " ".join(found.stdout.split()), command


def test_unknown_options_are_a_usage_error():
    found = run("reckon", "--rulest", "2022/23")
    assert found.returncode == 2
    assert found.stdout == ""
