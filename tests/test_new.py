"""`new`: workbooks of real and made-up PCNs, and what it refuses."""

import re
from pathlib import Path

import openpyxl
import pytest

from iif_reckoner.package import Package
from iif_reckoner.sources import read_members
from tests.test_cli import run

PRACTICES = (
    "practice_code,practice_name,list_size,weighted_list,system\n"
    "A81001,=1+1 SURGERY,9000,9100.5,EMIS\n"
    'A81002,"O\'Neil & ""Sons"" Practice",8000,,TPP\n'
)
COUNTS = (
    "practice_code,indicator,month,numerator,denominator\nA81001,CAN-04,2025-06,20,40\nA81002,CAN-04,2025-06,39,40\n"
)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "practices.csv").write_text(PRACTICES)
    (tmp_path / "counts.csv").write_text(COUNTS)
    return tmp_path


def make(files, *more, ruleset="2025/26", output="book.xlsm"):
    return run(
        *("new", "--ruleset", ruleset, "--pcn", "U00001", "--name", "One PCN", "--practices", files / "practices.csv"),
        *("--output", files / output, *more),
    )


def values(path: Path, sheet: str):
    return openpyxl.load_workbook(path, data_only=True)[sheet]


@pytest.mark.parametrize("output", ["book.xlsm", "book.xlsx"])
def test_a_pcn_of_ones_own(files, output):
    found = make(files, "--counts", files / "counts.csv", output=output)
    assert (found.returncode, found.stdout) == (0, f"{files / output}\n"), found.stderr
    sheet = values(files / output, "Reckoner")
    row = next(row for row in sheet.iter_rows(min_row=6, values_only=True) if row[0] == "CAN-04")
    # 59 of 80 is 73.75%: 12.83 points x £198
    assert row[4:7] == (59, 80, 0.7375)
    assert "Between" in row
    assert 2541.0 in row
    assert ("vbaProject.bin" in " ".join(Package.open(files / output).parts)) == output.endswith("m")


def test_names_stay_text(files):
    make(files)
    sheet = openpyxl.load_workbook(files / "book.xlsm")["Practices"]
    names = ("=1+1 SURGERY", 'O\'Neil & "Sons" Practice')
    assert [(cell.value, cell.data_type == "f") for cell in sheet["B"] if cell.value in names] == [
        (name, False) for name in names
    ]


def test_a_real_pcn(nhs_data, tmp_path):
    """West Merton, two practices: 100,830 of 109,305 appointments is 92.2%, so all 71 points."""
    found = run(
        *("new", "--ruleset", "2023/24", "--pcn", "U00070", "--members", nhs_data / "gp-reg-pat-prac-map.zip"),
        *("--list-sizes", nhs_data / "gp-reg-pat-prac-quin-age.zip"),
        *("--counts", nhs_data / "IIF_indicators_annual_pub_2023_24.csv", "--output", tmp_path / "west-merton.xlsm"),
    )
    assert found.returncode == 0, found.stderr
    assert "note: list sizes of 1 July 2026 used for 2023/24" in found.stderr
    sheet = values(tmp_path / "west-merton.xlsm", "Reckoner")
    assert sheet["A1"].value.startswith("WEST MERTON PCN  U00070")
    row = next(row for row in sheet.iter_rows(min_row=6, values_only=True) if row[0] == "ACC-08")
    assert row[4:6] == (100_830, 109_305)
    assert "Met" in row
    assert 71 in row


@pytest.mark.parametrize("practices", [31, 1])
def test_the_largest_and_a_one_practice_pcn(nhs_data, tmp_path, practices):
    members = read_members(nhs_data / "gp-reg-pat-prac-map.zip").rows
    sizes = members["pcn_code"].value_counts()
    pcn = str(sizes[sizes == practices].index[0])
    found = run(
        *("new", "--ruleset", "2023/24", "--pcn", pcn, "--members", nhs_data / "gp-reg-pat-prac-map.zip"),
        *("--list-sizes", nhs_data / "gp-reg-pat-prac-quin-age.zip"),
        *("--counts", nhs_data / "IIF_indicators_annual_pub_2023_24.csv", "--output", tmp_path / "book.xlsx"),
    )
    assert found.returncode == 0, found.stderr
    sheet = values(tmp_path / "book.xlsx", "Practices")
    codes = [row[0] for row in sheet.iter_rows(values_only=True) if re.fullmatch(r"[A-Z]\d{5}", str(row[0]))]
    assert len(codes) == practices


@pytest.mark.parametrize(
    ("more", "code", "line"),
    [
        (
            ("--output", "book.pdf"),
            12,
            "--output: 'book.pdf' is no workbook's name; write one that ends in .xlsm or .xlsx",
        ),
        (("--pcn", " "), 12, "--pcn: is blank; write the code of the PCN, such as U12345"),
        (
            ("--members", "map.zip"),
            12,
            "give the practices once: --members with --list-sizes, or --practices with a CSV of your own",
        ),
        (("--ruleset", "2035/36"), 11, None),
        (("--practices", "none.csv"), 13, None),
    ],
)
def test_wrong_options(files, more, code, line):
    found = make(files, *more)
    assert (found.returncode, found.stdout) == (code, "")
    assert line is None or found.stderr.splitlines()[-1] == line
    assert not (files / "book.xlsm").exists()


def test_an_existing_file_is_not_overwritten_without_replace(files):
    (files / "book.xlsm").write_bytes(b"mine")
    found = make(files)
    assert found.returncode == 13
    assert (files / "book.xlsm").read_bytes() == b"mine"
    assert make(files, "--replace").returncode == 0


@pytest.mark.parametrize("size", ["many", "-5"])
def test_a_wrong_list_size_is_one_line(files, size):
    (files / "practices.csv").write_text(PRACTICES.replace("9000", size))
    found = make(files)
    assert found.returncode == 12
    assert len(found.stderr.splitlines()) == 1
    assert "practices.csv: row 2, list_size" in found.stderr


def test_a_list_size_of_0_is_one_line(files):
    (files / "practices.csv").write_text(PRACTICES.replace("9000", "0"))
    found = make(files)
    assert (found.returncode, found.stderr) == (
        12,
        "practices.csv: A81001, list_size: 0 is no list; write the registered patients or leave it blank\n",
    )


def test_too_many_practices(files):
    rows = "".join(f"A{81000 + n},Practice {n},1000,,\n" for n in range(41))
    (files / "practices.csv").write_text("practice_code,practice_name,list_size,weighted_list,system\n" + rows)
    found = make(files)
    assert found.returncode == 12
    assert found.stderr.splitlines()[-1].startswith("U00001 has 41 practices, and a workbook has room for 40")


def test_an_unknown_pcn_gets_the_nearest_names(nhs_data, tmp_path):
    found = run(
        *("new", "--ruleset", "2023/24", "--pcn", "west merton", "--members", nhs_data / "gp-reg-pat-prac-map.zip"),
        *("--output", tmp_path / "book.xlsm"),
    )
    assert found.returncode == 11
    assert "U00070 WEST MERTON PCN" in found.stderr.splitlines()[-1]
