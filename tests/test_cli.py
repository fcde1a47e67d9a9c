"""The commands as a user types them: what stands on stdout, what on stderr, and the exit code."""

import contextlib
import csv
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from unittest import mock

import pytest

from iif_reckoner import cli, rulesets
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


def quick(*arguments):
    """Do what `run` does within this process: ten times as fast, for what does not depend on the process."""
    words = [str(argument) for argument in arguments]
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.object(sys, "argv", ["iif-reckoner", *words]),
        mock.patch.dict(os.environ, {"COLUMNS": "200", "NO_COLOR": "1"}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as end:
            code = end.code or 0
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


def last(found, code):
    """Return the last line of stderr of a command that ended with this code and printed nothing."""
    assert (found.returncode, found.stdout) == (code, ""), found
    return found.stderr.splitlines()[-1]


def notes_of(found):
    assert found.returncode == 0, found.stderr
    return [line.removeprefix("note: ") for line in found.stderr.splitlines()]


def golden(name, text):
    """Compare printed text with the file that people have looked at and accepted."""
    path = TESTS / "golden" / f"{name}.txt"
    text = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    if not path.is_file() or path.read_text("utf-8") != text:
        new = path.with_suffix(".txt.new")
        new.write_text(text, "utf-8")
        pytest.fail(f"{name} is printed otherwise than accepted; see {new}\nto accept it: mv {new} {path}")


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
    sizes = [("A81001", 30_000), ("A81002", 20_000), ("A81003", 10_000), ("A81004", 12_000), ("A81005", 3_000)]
    lines = [f"GP_PRAC_PAT_LIST,2031-07-01,GP,{code},,TS1 1AA,ALL,ALL,{size}\n" for code, size in sizes]
    (tmp_path / "lists.csv").write_text(head + "".join(lines))
    return tmp_path


def everything(files, *more):
    return quick(
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
        "note: month 2031-06, the newest in the files",
        "note: 1 of 5 practices counted is not in the membership file; left out",
        "note: 2 of 6 practices of the membership file without counts",
        "note: 2 of 3 sums of PCNs do not count every practice",
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
        (("--pcn", "a81003"), 11, "A81003 is a practice of U00002 SOUTH PCN; write --pcn U00002"),
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
        "A81003 SLD-01: numerator 900 is more than its denominator 100; check the two figures"
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
    line = f"{national}: exists already; give another name, or --replace to overwrite it\n"
    assert (again.returncode, again.stdout, again.stderr) == (13, "", line)
    read = (files / "map.csv").read_bytes()
    over = quick(*arguments[:-1], files / "map.csv", "--replace")
    line = "--write-national: 'map.csv' is no name for them; write one that ends in .toml\n"
    assert (over.returncode, over.stdout, over.stderr) == (12, "", line)
    assert (files / "map.csv").read_bytes() == read
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


@pytest.mark.parametrize("case", worked_cases())
def test_explain_worked_case(case, tmp_path):
    arguments = ["explain", "--format", "json"]
    for name in (
        *("ruleset", "indicator", "numerator", "denominator", "list_size"),
        *("baseline_numerator", "baseline_denominator"),
    ):
        if name in case:
            arguments += [f"--{name.replace('_', '-')}", case[name]]
    if "prevalence_adjustment" in case:
        arguments += ["--prevalence", case["prevalence_adjustment"]]
    if "average_list_size" in case:
        arguments += ["--national", national_file(tmp_path, case["ruleset"], patients=case["average_list_size"])]
    record = json.loads(quick(*arguments).stdout)
    assert list(record) == [*COLUMNS, "sentence", "sources"]
    assert f"{record['value_gbp']:.2f}" == case["value_gbp"]
    assert (record["gap_to_lower"], record["gap_to_upper"]) == (case["gap_to_lower"], case["gap_to_upper"])
    assert record["status"] == case["status"]
    assert {item["field"] for item in record["sources"]} >= {"points", "point_value_gbp"}


def national_file(folder, ruleset, *, patients=48_000, pcns=1, more=""):
    path = folder / "england.toml"
    path.write_text(f'ruleset = "{ruleset}"\nlist = {{ patients = {patients}, pcns = {pcns} }}\n{more}')
    return path


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
    record = json.loads(out)[1]
    assert (record["indicator"], record["field"]) == ("CVD-02", "lower_threshold")
    assert ("0.6" in record["before"], "0.4" in record["after"]) == (True, True)


def test_rules_check_all_and_one_bad_file():
    found = run("rules", "check")
    assert found.returncode == 0
    assert f"{len(rulesets.ids())} of {len(rulesets.ids())} rulesets are in order" in found.stdout
    bad = TESTS / "bad_rulesets" / "wrong_total" / "2031-32.v1.toml"
    found = run("rules", "check", bad)
    assert found.returncode == 14
    assert found.stderr.splitlines()[0].startswith(f"{bad}: points_total: 43 is declared")


# --- which PCN, which practices, which counts


def one_pcn(files, *more):
    return quick("reckon", "--ruleset", MADE_UP, "--counts", files / "counts.csv", "--format", "csv", *more)


def test_a_pcn_without_membership_is_said_and_a_whole_county_refused(files):
    assert "no membership file: the practices of the counts are taken as one PCN" in notes_of(
        one_pcn(files, "--pcn", "U00002")
    )
    rows = [f"B{81000 + n},SLD-01,2031-06,7,10\n" for n in range(40)]
    (files / "counts.csv").write_text("practice_code,indicator,month,numerator,denominator\n" + "".join(rows))
    assert one_pcn(files, "--pcn", "U00002").returncode == 0
    with (files / "counts.csv").open("a") as file:
        file.write("B82000,SLD-01,2031-06,7,10\n")
    assert last(one_pcn(files, "--pcn", "u00002"), 12) == (
        "--counts: 41 practices are more than one PCN has; give --members, so that the practices of U00002 are known"
    )


def test_a_pcn_code_in_small_letters_and_a_wrong_one_before_any_counts(files):
    assert rows_of(everything(files, "--pcn", " u00002", "--format", "csv"))[0]["pcn_code"] == "U00002"
    (files / "counts.csv").unlink()
    assert last(everything(files, "--pcn", "U00009"), 11) == "no PCN 'U00009'; nearest: U00001, U00002"


def without_south(files):
    lines = (files / "counts.csv").read_text().splitlines(keepends=True)
    (files / "counts.csv").write_text("".join(line for line in lines if not line.startswith(("A81003", "A81004"))))


@pytest.mark.parametrize("level", ["pcn", "practice"])
def test_a_pcn_without_counts(files, level):
    without_south(files)
    found = everything(files, "--pcn", "U00002", "--level", level)
    assert last(found, 12) == "no counts of U00002 SOUTH PCN in counts.csv; give a file that has them"
    rows = rows_of(everything(files, "--pcn", "U00002", "--level", level, "--all", "--format", "csv"))
    who = [("U00002", "")] if level == "pcn" else [("U00002", f"A8100{n}") for n in (3, 4, 5)]
    assert [(row["pcn_code"], row["practice_code"]) for row in rows[:: len(rulesets.load(MADE_UP).codes)]] == who
    assert {(row["numerator"], row["points"], row["pcn_name"]) for row in rows} == {("", "", "SOUTH PCN")}
    assert everything(files, "--pcn", "U00002", "--level", level, "--all").returncode == 0


def test_a_file_without_a_figure_that_scores(tmp_path):
    (tmp_path / "extract.csv").write_text(
        "QUALITY_SERVICE,NAME,ORG_CODE,ACH_DATE,IND_CODE,FIELD_NAME,VALUE,DEFAULT_VALUES_USED,SUBMIT_USER_ID,"
        "SUBMIT_DATE,SUBMIT_TIME,LAST_SUBMISSION\n"
        "NCD2425,Network Contract DES 2024/25,A81001,20240930,CAN04,FAECIMMDEC,14,None,x,05/10/2024,19:36:07,Y\n"
    )
    found = quick("reckon", "--ruleset", "2024-25.v2", "--counts", tmp_path / "extract.csv")
    line = last(found, 12)
    assert line.startswith("extract.csv: holds no numerator or denominator of 2024-25.v2; what it has: 1 row ")
    assert "nan" not in line


# --- practices that would bend a sum


def with_counts(files, *lines, head="practice_code,indicator,month,numerator,denominator"):
    (files / "counts.csv").write_text("\n".join([head, *lines, ""]))
    return files


def test_a_practice_with_more_done_than_there_are_is_found_before_it_is_summed(files):
    with_counts(files, "A81003,SLD-01,2031-06,150,100", "A81004,SLD-01,2031-06,10,100", "A81001,SLD-01,2031-06,80,100")
    problem = "A81003 SLD-01: numerator 150 is more than its denominator 100; check the two figures"
    assert last(everything(files), 12) == problem
    assert rows_of(everything(files, "--pcn", "U00001", "--format", "csv"))[0]["numerator"] == "80"
    found = england(files, "--named", "--format", "json")
    lines = found.stderr.splitlines()
    place = lines.index("note: 1 row has more in a numerator than in its denominator; left out")
    assert lines[place + 1] == f"  {problem}"
    # South PCN is at 10 of 100 now, and not at 160 of 200.
    assert [json.loads(found.stdout)[0][name] for name in ("pcns", "below", "between")] == [2, 1, 1]
    england(files, "--write-national", files / "england.toml")
    assert tomllib.loads((files / "england.toml").read_text())["prevalence"]["SLD-01"]["denominator"] == 200


def england(files, *more):
    return quick(
        *("england", "--ruleset", MADE_UP, "--counts", files / "counts.csv", "--members", files / "map.csv"),
        *("--list-sizes", files / "lists.csv", *more),
    )


def test_half_a_figure_and_half_a_baseline_are_said(files):
    head = "practice_code,indicator,month,numerator,denominator,baseline_numerator,baseline_denominator"
    with_counts(
        files,
        *("A81001,SLD-01,2031-06,80,,,", "A81002,SLD-01,2031-06,80,100,,"),
        *("A81003,IMP-01,2031-06,10,100,5,", "A81004,IMP-01,2031-06,10,100,5,100"),
        head=head,
    )
    found = everything(files, "--named", "--format", "csv")
    assert [(row["indicator"], row["denominator"]) for row in rows_of(found)] == [("SLD-01", "100"), ("IMP-01", "100")]
    lines = found.stderr.splitlines()
    place = lines.index(
        "note: 2 practices with half of a figure or of its baseline blank; that indicator is left out of the PCN's sum"
    )
    assert lines[place + 1 : place + 3] == ["  A81001", "  A81003"]


def test_sums_that_lack_practices_are_said(files):
    lines = everything(files, "--pcn", "U00002", "--named").stderr.splitlines()
    place = lines.index("note: SLD-01: 2 of 3 practices counted")
    assert lines[place + 1] == "  A81005"
    lines = everything(files, "--named").stderr.splitlines()
    place = lines.index("note: 2 of 3 sums of PCNs do not count every practice")
    assert lines[place + 1 : place + 3] == ["  U00001 SLD-02 A81002", "  U00002 SLD-01 A81005"]
    assert "2 of 3 sums of PCNs do not count every practice" in notes_of(england(files))


# --- list sizes and national figures


def without_list(files, *codes):
    lines = (files / "lists.csv").read_text().splitlines(keepends=True)
    (files / "lists.csv").write_text("".join(line for line in lines if not any(code in line for code in codes)))


def test_a_list_that_is_not_whole_is_not_applied(files):
    without_list(files, "A81005")
    one = everything(files, "--pcn", "U00002", "--format", "csv")
    # 8 points x £198.35, and no part of a list.
    assert rows_of(one)[0]["value_gbp"] == "1586.8"
    both = "the adjustments for list size and prevalence are 1"
    assert f"1 of 3 practices of U00002 SOUTH PCN has no list size in lists.csv; {both}" in notes_of(one)
    assert f"1 practice of a PCN has no list size in lists.csv; {both} for U00002 SOUTH PCN" in notes_of(
        everything(files)
    )
    assert not [line for line in notes_of(everything(files, "--pcn", "U00001")) if "no list size" in line]
    without_list(files, "A81003", "A81004")
    assert f"no practice of U00002 SOUTH PCN has a list size in lists.csv; {both}" in notes_of(
        everything(files, "--pcn", "U00002")
    )
    found = one_pcn(files, "--list-sizes", files / "lists.csv", "--pcn", "U00002")
    assert f"3 of 5 practices of U00002 have no list size in lists.csv; {both}" in notes_of(found)
    england(files, "--write-national", files / "england.toml")
    assert tomllib.loads((files / "england.toml").read_text())["list"]["patients"] == 50_000


def test_national_figures_have_a_date_and_prevalences_only_where_they_belong(files):
    lines = ["A81001,SLD-01,2031-06,70,100", "A81003,SLD-01,2031-06,70,120", "A81001,SLD-03,2031-06,70,100"]
    with_counts(files, *lines, "A81003,SLD-02,2031-06,10,100")
    without_list(files, "A81005")
    assert england(files, "--write-national", files / "england.toml").returncode == 0
    written = tomllib.loads((files / "england.toml").read_text())
    on = written["list"]["date"]
    assert f"{on:%Y-%m-%d}" == "2031-07-01"
    # South PCN has no list size: SLD-01 is pooled over North PCN alone, SLD-02 not at all; SLD-03 has no prevalence.
    source = "counts.csv, lists.csv"
    assert written["prevalence"] == {"SLD-01": {"denominator": 100, "patients": 50_000, "date": on, "source": source}}
    assert list(written["deciles"]) == ["SLD-01", "SLD-02", "SLD-03"]
    assert written["deciles"]["SLD-01"][0] == pytest.approx(0.595)
    assert quick("rules", "list").returncode == 0
    assert everything(files, "--national", files / "england.toml").returncode == 0


def test_national_figures_are_held_against_the_ruleset(files):
    prevalence = "prevalence.{} = {{ denominator = 1, patients = 9 }}\n"
    path = national_file(files, "2030-31.v1")
    assert last(everything(files, "--national", path), 12) == (
        "england.toml: ruleset: '2030-31.v1' is not of 2031/32; give the national figures of 2031-32.v1"
    )
    path = national_file(files, "2031-32.v2")
    assert "england.toml is of 2031-32.v2, another version of 2031/32; used for 2031-32.v1" in notes_of(
        everything(files, "--national", path)
    )
    path = national_file(files, "2031-32.v1", more=prevalence.format("SLD01"))
    assert last(everything(files, "--national", path), 12) == (
        "england.toml: prevalence.SLD01: no indicator 'SLD01' in 2031-32.v1; nearest: SLD-01"
    )
    arguments = ["explain", "--indicator", "VI-01", "--numerator", 7, "--denominator", 9, "--national"]
    path = national_file(files, "2022-23.v1", more=prevalence.format("ACC-08"))
    assert quick(*arguments, path, "--ruleset", "2022-23.v2").returncode == 0
    assert quick(*arguments, path, "--ruleset", "2023/24").returncode == 11
    assert quick(*arguments, path, "--ruleset", "2021/22").returncode == 12


def test_adjustments_that_are_not_applied_are_said_alike_by_reckon_and_england(files):
    without = ["--ruleset", MADE_UP, "--counts", files / "counts.csv", "--members", files / "map.csv"]
    for command in ("reckon", "england"):
        notes = notes_of(quick(command, *without))
        assert "no list sizes: the list size adjustment is 1, as for an average PCN" in notes
        assert "prevalence adjustment not known, so 1, for SLD-01, SLD-02" in notes


def test_list_sizes_and_an_average_of_different_years(files):
    path = national_file(files, "2031-32.v1")
    path.write_text(path.read_text().replace("pcns = 1 ", "pcns = 1, date = 2030-03-31 "))
    assert (
        "list sizes of 1 July 2031 are divided by an average of 31 March 2030; "
        "take both of about one day, the average with reckon --national"
    ) in notes_of(everything(files, "--national", path))
    path.write_text(path.read_text().replace("2030-03-31", "2030-09-30"))
    assert not [line for line in notes_of(everything(files, "--national", path)) if "divided" in line]


# --- what is printed for people


def test_reckon_is_printed_as_accepted(files):
    golden("reckon", everything(files, "--pcn", "U00001", "--all").stdout)


def test_england_is_printed_as_accepted(files):
    golden("england", england(files).stdout)


@pytest.mark.parametrize("year", ["2026/27", "2022/23"])
def test_rules_are_printed_as_accepted(year):
    golden(f"rules-show-{year.replace('/', '-')}", quick("rules", "show", year).stdout)


def cells(out, first):
    line = next(line for line in out.splitlines() if line.split()[:1] == [first])
    return re.split(r"\s{2,}", line.strip())


def test_what_is_to_win_is_the_difference_and_the_gaps_are_in_their_columns(files):
    arguments = ("--ruleset", "2025/26", "--pcn", "U00001")
    with_counts(files, "A81001,CAN-04,2025-06,120,200")
    out = quick("reckon", *arguments, "--counts", files / "counts.csv").stdout
    assert cells(out, "indicator")[6:] == ["won", "to win", "to lower", "to upper", "status"]
    # 130 of 200 is the lower threshold of 65%, 160 the upper of 80%.
    assert cells(out, "CAN-04")[6:] == ["£0.00", "£4,356.00", "10", "40", "Below"]
    with_counts(files, "A81001,CAN-04,2025-06,143,200")
    out = quick("reckon", *arguments, "--counts", files / "counts.csv").stdout
    assert cells(out, "CAN-04")[6:] == ["£1,887.60", "£2,468.40", "0", "17", "Between"]
    assert "9.53 points, £1,887.60 won and £2,468.40 still to win on 1 of 2 indicators" in out


def test_points_of_no_indicator_are_in_the_total(files):
    assert "5 points belong to no indicator by name" in everything(files, "--pcn", "U00001").stdout


def test_practices_of_one_pcn_have_its_name_and_no_pounds(files):
    with_counts(files, "A81001,SLD-05,2031-06,700,100", "A81002,SLD-05,2031-06,50,100")
    found = everything(files, "--pcn", "U00001", "--level", "practice")
    title, _, heading, *_ = found.stdout.splitlines()
    assert title.strip() == "U00001 NORTH PCN under 2031-32.v1, position of 2031-06"
    assert re.split(r"\s{2,}", heading.strip()) == (
        "practice,indicator,numerator,denominator,achieved,points,of,to lower,to upper,status".split(",")
    )
    assert "£" not in found.stdout
    rows = rows_of(everything(files, "--level", "practice", "--format", "csv"))
    assert {(r["value_gbp"], r["value_available_gbp"], r["awarded_gbp"]) for r in rows} == {("", "", "")}
    # SLD-05 was credited in full: that is the PCN's.
    assert float(rows_of(everything(files, "--format", "csv"))[0]["awarded_gbp"]) > 0


def test_assumed_figures_are_marked_and_can_be_left_out(files):
    assert cells(quick("rules", "show", "2026/27").stdout, "HI-03")[4:7] == ["36 R*", "60% R*", "80% R*"]
    assert "*" not in quick("rules", "show", "2026/27", "--no-assumed").stdout
    with_counts(files, "A81001,HI-03,2026-06,70,100")
    arguments = ("reckon", "--ruleset", "2026/27", "--counts", files / "counts.csv", "--format", "csv")
    found = quick(*arguments)
    assert (rows_of(found)[0]["points"], rows_of(found)[0]["status"]) == ("18", "Between")
    assert "reckoned with assumed figures of 2025-26.v1; --no-assumed leaves them out" in notes_of(found)
    found = quick(*arguments, "--no-assumed")
    assert (rows_of(found)[0]["points"], rows_of(found)[0]["status"]) == ("", "Not scored")
    assert "assumed" not in found.stderr
    arguments = ("explain", "--ruleset", "2026/27", "--indicator", "HI-03", "--numerator", 70, "--denominator", 100)
    assert "Assumed figures of 2025-26.v1." in quick(*arguments).stdout
    assert quick(*arguments, "--no-assumed").stdout.startswith("Cannot be scored: ")


def test_names_of_values_are_words():
    out = quick("rules", "show", "2022/23", "AC-02").stdout
    assert "value of a point" in out
    assert "gbp" not in out
    compared = quick("rules", "compare", "2022-23.v1", "2022-23.v2").stdout
    assert "points in all" in compared
    assert "_" not in compared


def test_the_second_route_is_shown_with_its_thresholds():
    lines = quick("rules", "show", "2022/23").stdout.splitlines()
    place = next(n for n, line in enumerate(lines) if line.strip().startswith("AC-02"))
    second = re.split(r"\s{2,}", lines[place + 1].strip())
    assert second[0] == "or by how far it fell from its baseline"
    assert [cell.split()[0] for cell in second[1:]] != []
    assert second[1].endswith(" S")
    assert second[2].endswith(" S")


# --- explain


EXPLAIN = ("explain", "--ruleset", "2025/26", "--indicator", "CAN-04", "--numerator", 143, "--denominator", 200)


def test_an_unknown_indicator_is_compared_without_hyphens():
    line = "no indicator 'vi9' in 2022-23.v2; nearest: VI-01, VI-02, VI-03"
    assert last(quick("rules", "show", "2022/23", "vi9"), 11) == line
    arguments = ("--indicator", "vi9", "--numerator", 1, "--denominator", 2)
    assert last(quick("explain", "--ruleset", "2022/23", *arguments), 11) == line
    assert last(quick("rules", "show", "2022/23", "qqq"), 11) == "no indicator 'qqq' in 2022-23.v2"


def test_explain_with_both_adjustments(tmp_path):
    path = national_file(
        tmp_path, "2025-26.v1", more='prevalence.CAN-04 = { denominator = 1, patients = 200, source = "mine" }\n'
    )
    found = quick(*EXPLAIN, "--national", path, "--list-size", 49_440, "--prevalence", "0.94")
    assert found.stdout == (
        "143 of 200 is 71.5%. Between 65% and 80%, so 43.3% of 22 points: "
        "9.53 x £198 x list 1.03 x prevalence 0.94 = £1,827.57.\n"
    )
    assert found.stderr == ""
    # Without the number typed, 200 / 60,000 over 1 / 200.
    found = quick(*EXPLAIN, "--national", path, "--list-size", 60_000, "--sources")
    assert "9.53 x £198 x list 1.25 x prevalence 0.6667 = £1,573.00" in found.stdout
    assert "48,000 patients of 1 PCNs" in found.stdout
    assert "1 of 200 registered patients" in found.stdout
    for wrong in ("0", "-1", "94%", "nan"):
        assert last(quick(*EXPLAIN, "--prevalence", wrong), 12) == (
            f"--prevalence: '{wrong}' is not a number above 0; write it like 0.94"
        )


def test_sources_are_shown_alike_by_explain_and_rules_show():
    explained = quick(*EXPLAIN, "--sources").stdout
    shown = quick("rules", "show", "2025/26", "CAN-04").stdout
    table = explained[explained.index("  value ") :]
    assert table in shown
    evidence = json.loads(quick(*EXPLAIN, "--format", "json").stdout)["sources"]
    together = "".join(table.split())
    for item in evidence:
        for text in (item["standing"], item["weakest"], item["words"], *item["titles"], *item["urls"]):
            assert "".join(text.split()) in together, text
    assert "calculated from primary" in quick("rules", "show", "2022/23", "AC-02").stdout


def test_explain_says_its_flags_in_every_format_and_names_sources_in_csv():
    for how in ("table", "csv", "json"):
        assert "list size not applied" in notes_of(quick(*EXPLAIN, "--format", how))
    row = rows_of(quick(*EXPLAIN, "--format", "csv"))[0]
    assert "Cancer Academy: contracts and cancer 2025/26; " in row["sources"]


def test_a_needed_baseline_is_asked_for_by_its_options():
    arguments = ("explain", "--ruleset", "2022/23", "--indicator", "AC-02", "--numerator", 425, "--denominator", 50000)
    assert quick(*arguments).stdout == (
        "AC-02 needs its baseline counts as well. Give --baseline-numerator and --baseline-denominator.\n"
    )


# --- formats and rules check


def test_every_command_that_prints_a_table_takes_a_format():
    import typer

    group = typer.main.get_command(cli.app)
    commands = dict(group.commands) | {f"rules {name}": one for name, one in group.commands["rules"].commands.items()}
    without = {
        name
        for name, one in commands.items()
        if name != "rules" and "--format" not in str([p.opts for p in one.params])
    }
    assert without == {"rules schema", "rules copy", "new", "share", "undo", "rollover", "print", "lite"}


def test_demo_as_csv():
    found = quick("demo", "--format", "csv")
    rows = rows_of(found)
    assert list(rows[0]) == ["ruleset", *COLUMNS]
    assert {row["ruleset"] for row in rows} == {"2022-23.v2", rulesets.ids()[-1]}
    assert notes_of(found)[0].startswith("Ashwater and Fernhill PCN is made up: twelve practices, ")


def test_demo_writes_over_nothing_unless_told(tmp_path):
    mine = tmp_path / "mine.xlsx"
    mine.write_bytes(b"mine")
    found = quick("demo", "--workbook", mine)
    line = f"{mine}: exists already; give another name, or --replace to overwrite it\n"
    assert (found.returncode, found.stdout, found.stderr) == (13, "", line)
    found = quick("demo", "--workbook", tmp_path / "notes.csv")
    line = "--workbook: 'notes.csv' is no workbook's name; write one that ends in .xlsm or .xlsx\n"
    assert (found.returncode, found.stdout, found.stderr) == (12, "", line)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("mine.xlsx", b"mine")]


def test_rules_check_as_csv_and_json():
    rows = rows_of(quick("rules", "check", "--format", "csv"))
    assert [(row["ruleset"], row["in_order"]) for row in rows] == [(name, "yes") for name in rulesets.ids()]
    assert "Whole scheme -0.6%" in next(row["sums"] for row in rows if row["ruleset"] == "2024-25.v1")
    record = json.loads(quick("rules", "check", "--format", "json").stdout)[-1]
    assert (record["absent"], record["sums"]) == (8, [])


def test_rules_check_of_files_that_cannot_be_read(tmp_path):
    bad = TESTS / "bad_rulesets" / "wrong_total" / "2031-32.v1.toml"
    missing = tmp_path / "nofile.toml"
    found = quick("rules", "check", missing)
    assert (found.returncode, found.stderr.splitlines()) == (
        13,
        [f"{missing}: cannot be read (No such file or directory)", "0 of 1 rulesets are in order"],
    )
    assert quick("rules", "check", missing, bad).returncode == 14
    assert quick("rules", "check", missing, MADE_UP).returncode == 13


def test_rules_check_says_which_published_sum_is_far_off(tmp_path):
    text = (rulesets.FOLDER / "2024-25.v1.toml").read_text("utf-8")
    assert text.count("gbp_million = 13\n") == 1
    (tmp_path / "2024-25.v1.toml").write_text(text.replace("gbp_million = 13\n", "gbp_million = 14\n"), "utf-8")
    found = quick("rules", "check", tmp_path / "2024-25.v1.toml")
    assert notes_of(found) == ["2024-25.v1: Whole scheme: reckoned £12.92m, published £14m, -7.7%: more than 3% off"]
    assert notes_of(quick("rules", "check")) == []


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
