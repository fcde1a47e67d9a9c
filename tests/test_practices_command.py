"""`practices`: who belongs to a workbook's PCN; one that joins or leaves, written into the workbook in place."""

import json
from dataclasses import replace
from datetime import date

import pytest

from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.keep import backups
from iif_reckoner.figures.content import Practice, serial
from iif_reckoner.figures.counts import keys
from iif_reckoner.package import Package, set_cells
from tests import workbook_engines as engines
from tests.desk_books import content, dressed, ran, written

NEW = ("--add", "a81001", "--name", "Mill Lane  Surgery", "--list-size", "8973", "--from", "2026-10-01")


def book(tmp_path, of=None, name="book.xlsx"):
    of = content(macros=False) if of is None else of
    return written(tmp_path / name, make(of))


def practices(capsys, path, *more):
    return ran(capsys, "practices", path, *more)


def test_the_list(tmp_path, capsys):
    first, *others = content(macros=False).practices
    first = replace(first, lead="Dr Jo", start=date(2019, 7, 1), end=date(2027, 3, 31), list_size=None, hours=12.5)
    of = replace(content(macros=False), practices=(first, *others[:2]))
    path = book(tmp_path, of)
    before = path.read_bytes()
    code, out, err = practices(capsys, path)
    lines = [line.split() for line in out.splitlines() if line.strip() and "─" not in line]
    assert (code, err) == (0, "")
    assert lines == [
        "U99901 Ashwater and Fernhill PCN".split(),
        "practice name system list weighted lead from to hours".split(),
        "X99001 Ashwater Surgery EMIS 12,128 Dr Jo 1 July 2019 31 March 2027 12.5".split(),
        "X99002 Beacon Lane Medical Centre EMIS 8,973 9,463".split(),
        "X99003 Canal Street Practice TPP 6,410 6,224".split(),
        "3 practices, 15,383 registered patients; 1 without a list size".split(),
    ]
    _, out, _ = practices(capsys, path, "--format", "json")
    assert json.loads(out)[0] == {
        "practice_code": "X99001",
        "practice_name": "Ashwater Surgery",
        "system": "EMIS",
        "list_size": None,
        "weighted_list": 12128,
        "lead": "Dr Jo",
        "from": "2019-07-01",
        "to": "2027-03-31",
        "hours": 12.5,
    }
    _, out, _ = practices(capsys, path, "--format", "csv")
    assert out.splitlines()[::3] == [
        "practice_code,practice_name,system,list_size,weighted_list,lead,from,to,hours",
        "X99003,Canal Street Practice,TPP,6410,6224,,,,",
    ]
    assert path.read_bytes() == before
    assert not backups(path)


def test_one_that_joins(tmp_path, capsys):
    of = content(macros=False)
    path = book(tmp_path, of)
    before = path.read_bytes()
    code, out, err = practices(capsys, path, *NEW)
    assert code == 0
    assert "A81001 Mill Lane Surgery 8,973 1 October 2026".split() in [line.split() for line in out.splitlines()]
    (kept,) = backups(path)
    assert kept.read_bytes() == before
    assert err.splitlines()[:3] == [
        f"note: the workbook as it was is kept as {kept.name}",
        "note: Practices: A19, B19, D19, G19 written",
        "note: Counts: A30 to D31 written",
    ]
    new = Practice(code="A81001", name="Mill Lane Surgery", list_size=8973, start=date(2026, 10, 1))
    expected = replace(of, practices=(*of.practices, new))
    found = Workbook.open(path)
    assert found.content() == expected
    cells = found.package.grid("Practices")
    assert (cells["A19"].value, cells["D19"].value, cells["G19"].value) == ("A81001", 8973, serial(date(2026, 10, 1)))
    counted = found.package.grid("Counts")
    assert [tuple(counted[f"{column}{row}"].value for column in "ABCD") for row in (30, 31)] == [
        key for key in keys(expected) if key[0] == "A81001"
    ]


@pytest.mark.parametrize("name", ["book.xlsx", "book.xlsm"])
def test_all_values_are_right_afterwards(tmp_path, capsys, name):
    of = content(macros=name.endswith("m"))
    path = book(tmp_path, of, name)
    _, _, err = practices(capsys, path, *NEW)
    new = Practice(code="A81001", name="Mill Lane Surgery", list_size=8973, start=date(2026, 10, 1))
    after = replace(of, practices=(*of.practices, new))
    package = Package.open(path)
    cached = engines.formula_values(package)
    assert not engines.against_core(after, cached, month=9)
    if name.endswith("x"):
        assert not engines.differences(cached, engines.by_formualizer(package, cached))
    before, later = (
        sum(row.value_gbp for row in engines.reckoned(each, 9).values() if row.value_gbp is not None)
        for each in (of, after)
    )
    assert f"Pounds won £{before:,.2f} -> £{later:,.2f}" in err


def test_its_figures_count_once_they_are_filled_in(tmp_path, capsys):
    of = content(macros=False)
    path = book(tmp_path, of)
    practices(capsys, path, *NEW)
    extract = tmp_path / "counts.csv"
    extract.write_text("practice_code,indicator,month,numerator,denominator\nA81001,CAN-04,2025-12,20,40\n")
    code, _, err = ran(capsys, "fill", path, "--counts", extract)
    assert code == 0, err
    assert Workbook.open(path).content().counts["A81001", "CAN-04", 9] == (20, 40)


def test_one_that_leaves(tmp_path, capsys):
    of = content(macros=False)
    path = book(tmp_path, of)
    before = path.read_bytes()
    code, out, err = practices(capsys, path, "--close", "x99003", "--from", "2026-10-01")
    assert code == 0
    (kept,) = backups(path)
    assert kept.read_bytes() == before
    assert err.splitlines()[1] == "note: Practices: H9 written"
    found = Workbook.open(path)
    assert found.package.grid("Practices")["H9"].value == serial(date(2026, 10, 1))
    third = replace(of.practices[2], end=date(2026, 10, 1))
    assert found.content() == replace(of, practices=(*of.practices[:2], third, *of.practices[3:]))


def test_a_merger_is_one_step(tmp_path, capsys):
    path = book(tmp_path)
    assert practices(capsys, path, *NEW, "--close", "X99003")[0] == 0
    found = {practice.code: practice for practice in Workbook.open(path).members}
    assert (found["A81001"].start, found["X99003"].end) == (date(2026, 10, 1), date(2026, 10, 1))
    assert len(backups(path)) == 1


def test_nothing_else_in_the_file_changes(tmp_path, capsys):
    path = written(tmp_path / "book.xlsm", dressed(make(content())))
    before = Package.open(path)
    assert practices(capsys, path, "--close", "X99003", "--from", "2026-10-01")[0] == 0
    after = Package.open(path)
    assert after.parts == before.parts
    changed = {part for part in before.parts if after.part(part) != before.part(part)}
    # Charts keep values of cells; a formula that no engine here knows is worked out when Excel opens the file.
    charts = {part for part in before.parts if part.startswith("xl/charts/")}
    assert changed - charts == {before.sheet("Practices").part, before.workbook_part}


def test_a_dry_run_changes_nothing(tmp_path, capsys):
    path = book(tmp_path)
    before = path.read_bytes()
    code, out, err = practices(capsys, path, *NEW, "--dry-run")
    assert (code, path.read_bytes(), backups(path)) == (0, before, [])
    assert "A81001" in out
    assert err.splitlines()[:2] == [
        "note: Practices: A19, B19, D19, G19 would be written",
        "note: Counts: A30 to D31 would be written",
    ]


def test_keys_that_are_there_already_are_not_written_twice(tmp_path, capsys):
    """Somebody wrote a key by hand, with a figure, below a row that is left blank."""
    path = book(tmp_path)
    typed = {("Counts", "A32"): "A81001", ("Counts", "C32"): "CAN-04", ("Counts", "G32"): 3}
    path.write_bytes(set_cells(Package.open(path), typed).to_bytes())
    code, _, err = practices(capsys, path, *NEW)
    assert code == 0
    assert "note: Counts: A33, B33, C33, D33 written" in err.splitlines()
    found = Workbook.open(path).counts
    assert {key: row for key, row in found.rows.items() if key[0] == "A81001"} == {
        ("A81001", "CAN-04"): 32,
        ("A81001", "HI-03"): 33,
    }


def test_a_gap_in_the_list_is_used_first_but_no_row_with_something_in_it(tmp_path, capsys):
    path = book(tmp_path)
    typed = {("Practices", f"{column}12"): None for column in "ABCDE"} | {
        ("Practices", f"{column}10"): None for column in "ABCD"
    }
    path.write_bytes(set_cells(Package.open(path), typed).to_bytes())
    _, _, err = practices(capsys, path, "--add", "A81001")
    assert "note: Practices: A12 written" in err.splitlines()
    line = "note: the list size is not applied, and pounds are those of an average PCN, until A81001 has a list size"
    assert line in err.splitlines()


@pytest.mark.parametrize(
    ("more", "code", "line"),
    [
        (("--close", "X9903", "--from", "2026-10-01"), 11, "no practice 'X9903' in book.xlsx; nearest: X99003, X99011, X99012"),
        (("--add", "x99001"), 12, "book.xlsx: Practices A7: X99001 is there already"),
        (("--add", "U99901"), 12, "--add: 'U99901' is the code of the PCN itself; write the code of a practice, such as A81001"),
        (("--add", "U12345"), 12, "--add: 'U12345' is the code of a PCN; write the code of a practice, such as A81001"),
        (("--add", "Rubbish"), 12, "--add: 'RUBBISH' is no code; write the code of a practice, such as A81001"),
        (("--add", ""), 12, "--add: '' is no code; write the code of a practice, such as A81001"),
        (("--add", " "), 12, "--add: '' is no code; write the code of a practice, such as A81001"),
        (("--add", "A81001", "--from", "1/10/26"), 12, "--from: '1/10/26' is not a day; write it as 2026-10-01"),
        (("--add", "A81001", "--from", "2026-02-30"), 12, "--from: '2026-02-30' is not a day; write it as 2026-10-01"),
        (("--close", "X99001"), 12, "--close: give the day on which the practice leaves with --from, such as --from 2026-10-01"),
        (("--name", "Mill Lane"), 12, "--name and --list-size are of a practice that joins; give its code with --add"),
        (("--from", "2026-10-01"), 12,
         "--from is the day of a practice that joins or leaves; give its code with --add or --close"),
        (("--close", "X99001", "--from", "2026-04-01"), 12, "book.xlsx: Practices H7: X99001 leaves on 2027-03-31 already; change it there"),
        (("--close", "X99002", "--from", "2026-04-01"), 12, "book.xlsx: Practices G8: X99002 joins on 2026-07-01; it cannot leave on 2026-04-01"),
    ],
)  # fmt: skip
def test_refused(tmp_path, capsys, more, code, line):
    of = content(macros=False)
    first, second, *others = of.practices
    dated = (replace(first, end=date(2027, 3, 31)), replace(second, start=date(2026, 7, 1)), *others)
    path = book(tmp_path, replace(of, practices=dated))
    before = path.read_bytes()
    assert practices(capsys, path, *more) == (code, "", f"{line}\n")
    assert (path.read_bytes(), backups(path)) == (before, [])


def test_no_room(tmp_path, capsys):
    of = content(macros=False)
    forty = tuple(Practice(code=f"Y{number:05}", list_size=1000) for number in range(40))
    path = book(tmp_path, replace(of, practices=forty, counts={}))
    before = path.read_bytes()
    assert practices(capsys, path, "--add", "A81001") == (
        12,
        "",
        "book.xlsx: Practices has room for 40 practices and all are taken; clear the row of one that left, or keep one "
        "workbook for each half of the PCN\n",
    )
    assert path.read_bytes() == before


def test_no_room_on_counts(tmp_path, capsys):
    path = book(tmp_path)
    path.write_bytes(set_cells(Package.open(path), {("Counts", "A1644"): "Z99999"}).to_bytes())
    assert practices(capsys, path, "--add", "A81001") == (
        12,
        "",
        "book.xlsx: Counts has 1 free row and A81001 needs 2; clear the rows of practices that left\n",
    )


def test_a_workbook_that_is_open_elsewhere(tmp_path, capsys):
    path = book(tmp_path)
    (tmp_path / "~$book.xlsx").touch()
    before = path.read_bytes()
    code, out, err = practices(capsys, path, *NEW)
    assert (code, out) == (13, "")
    assert "open in another program" in err
    assert path.read_bytes() == before
    assert practices(capsys, path)[0] == 0
