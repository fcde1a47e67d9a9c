"""`fill` and `undo`: a month goes in, all that follows from it is right, and nothing else of the file is touched."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.keep import backups
from iif_reckoner.package import Package, set_cells
from tests import desk_books as desk
from tests import workbook_engines as engines
from tests.test_package_books import by_libreoffice, differing, parts_of
from tests.workbook_engines import spot

MONTH = desk.DONE + 1
BY_NAME = {"book.xlsm": True, "book.xlsx": False}


@pytest.fixture(scope="module")
def whole():
    """What stands in the workbook once the month is in."""
    return desk.content(MONTH)


@pytest.fixture(scope="module")
def made():
    return {name: desk.made(macros=macros) for name, macros in BY_NAME.items()}


@pytest.fixture
def folder(tmp_path, whole, made):
    (tmp_path / "january.csv").write_text(desk.extract(whole, MONTH), "utf-8")
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def fill(capsys, folder, *more, name="book.xlsm", counts="january.csv"):
    return desk.ran(capsys, "fill", folder / name, "--counts", folder / counts, *more)


def cell(path, place):
    title, row, column = place
    return next(each for each in Package.open(path).cells(title) if (each.row, each.column) == (row, column))


@pytest.mark.parametrize("name", BY_NAME)
def test_filled_is_what_is_made_of_all_figures_at_once(name, folder, whole, capsys):
    code, out, err = fill(capsys, folder, name=name)
    assert code == 0, err
    assert out.splitlines()[0].strip() == f"{name}: filled"
    assert err.startswith(f"note: the workbook as it was is kept as {Path(name).stem} backup ")
    book = Workbook.open(folder / name)
    of = replace(whole, macros=BY_NAME[name])
    assert book.content() == of
    found = engines.formula_values(book.package)
    assert engines.against_core(of, found) == []
    # Our functions give twelve digits, formulas all of them.
    assert (
        engines.differences(engines.formula_values(Package.from_bytes(desk.made(MONTH, macros=of.macros), name)), found)
        == []
    )


def test_everything_else_stays_byte_for_byte(folder, made, capsys):
    before = desk.dressed(made["book.xlsm"])
    path = desk.written(folder / "book.xlsm", before)
    code, _, err = fill(capsys, folder)
    assert code == 0, err
    after = path.read_bytes()
    package = Package.from_bytes(after, "book")
    ours = {package.sheet(sheet.name).part for sheet in package.sheets if sheet.name not in ("Paste", "About")}
    changed = set(differing(before, after))
    charts = {part for part in package.parts if part.startswith("xl/charts/chart")}
    assert changed <= ours | charts | {"xl/workbook.xml"}
    assert {"xl/worksheets/mine.xml", package.sheet("Counts").part, package.sheet("Working").part} <= changed
    assert charts <= changed
    # The user's formula that nobody here knows keeps its value, and Excel is asked to work it out.
    assert "note: 1 formula of your own keeps its value until Excel opens the workbook\n  My notes C1\n" in err
    assert b'fullCalcOnLoad="1"' in parts_of(after)["xl/workbook.xml"]
    won = cell(path, spot("total_won")).value
    mine, was = package.grid(desk.OWN_SHEET), Package.from_bytes(before, "before").grid(desk.OWN_SHEET)
    assert mine["B1"].value == won / 2 != was["B1"].value
    assert mine["D1"].value == won / 2 * 3
    assert (mine["C1"].value, mine["D2"].value, mine["I2"].value) == (was["C1"].value, 33, 2)
    assert (mine["A1"], mine["H1"]) == (was["A1"], was["H1"])


def test_formulas_of_dates_and_times_hold_the_numbers_of_days(folder, made, capsys):
    package = Package.from_bytes(desk.dressed(made["book.xlsm"]), "book.xlsm")
    formulas = {
        "J1": ("DATE(2026,1,31)", "46053"), "K1": ("DATE(2026,1,31)+1", ""), "L1": ("TIME(6,0,0)", ""),
        "M1": ("TODAY()", "44834"), "N1": ("NOW()-B2", "44000.5"),
    }  # fmt: skip
    cells = "".join(
        f'<c r="{at}"><f>{formula}</f>' + (f"<v>{value}</v>" if value else "") + "</c>"
        for at, (formula, value) in formulas.items()
    )
    part = package.sheet(desk.OWN_SHEET).part
    text = package.part(part).replace(b"</row>", cells.encode() + b"</row>", 1)
    path = desk.written(folder / "book.xlsm", package.with_parts({part: text}).to_bytes())
    code, _, err = fill(capsys, folder)
    assert code == 0, err
    # What day it is changes while a workbook lies there: such a formula is Excel's to work out.
    lines = "note: 3 formulas of your own keep their values until Excel opens the workbook\n"
    assert lines + "  My notes C1\n  My notes M1\n  My notes N1\n" in err
    mine = Package.open(path).grid(desk.OWN_SHEET)
    assert [mine[at].value for at in formulas] == [46053, 46054, 0.25, 44834, 44000.5]


@pytest.mark.parametrize("program", ["openpyxl", "XlsxWriter", "LibreOffice"])
def test_a_book_that_another_program_saved(program, folder, whole, made, capsys, tmp_path_factory):
    data = {
        "openpyxl": lambda: desk.by_openpyxl(made["book.xlsx"]),
        "XlsxWriter": lambda: desk.by_xlsxwriter(desk.content(macros=False)),
        "LibreOffice": lambda: by_libreoffice(made["book.xlsx"], tmp_path_factory.mktemp("office")),
    }[program]()
    path = desk.written(folder / "book.xlsx", data)
    code, _, err = fill(capsys, folder, name="book.xlsx")
    assert code == 0, err
    book = Workbook.open(path)
    assert book.content().counts == whole.counts
    # openpyxl leaves formulas without a value, which is as good as an empty text.
    found = {
        place: engines.Found("text", "") if each.kind == "blank" else each
        for place, each in engines.formula_values(book.package).items()
    }
    assert engines.against_core(replace(whole, macros=False), found) == []
    assert list(parts_of(data)) == list(parts_of(path.read_bytes()))


@pytest.mark.parametrize("name", BY_NAME)
def test_prefixed_names_give_the_same_workbook_with_prefixes(name, folder, made, capsys):
    assert fill(capsys, folder, name=name)[0] == 0
    plain = (folder / name).read_bytes()
    (folder / name).write_bytes(desk.prefixed(made[name]))
    code, _, err = fill(capsys, folder, name=name)
    assert code == 0, err
    assert "nothing could be worked out" not in err
    assert b"<x:c " in parts_of((folder / name).read_bytes())["xl/worksheets/sheet1.xml"]
    assert differing(desk.prefixed(plain), (folder / name).read_bytes()) == []


def test_renamed_sheets_and_moved_columns_are_found(folder, whole, made, capsys):
    package = Package.from_bytes(made["book.xlsx"], "book")
    text = package.part(package.workbook_part).decode().replace('name="Counts"', 'name="Zahlen &amp; so"')
    names = text.replace("<definedName", "<definedName").replace("Counts!$A$1", "'Zahlen &amp; so'!$A$1")
    path = desk.written(folder / "book.xlsx", package.with_parts({package.workbook_part: names.encode()}).to_bytes())
    code, _, err = fill(capsys, folder, name="book.xlsx")
    assert code == 0, err
    assert Workbook.open(path).content().counts == whole.counts


def test_a_typed_figure_that_differs_stays_until_it_is_to_be_replaced(folder, whole, made, capsys):
    path = folder / "book.xlsm"
    first = whole.practices[0].code
    place = engines.count_spot(whole, first, "CAN-04", MONTH)
    address = f"{engines.column_letters(place[2])}{place[1]}"
    path.write_bytes(engines.changed(Package.from_bytes(made["book.xlsm"], "book"), {place: 7}))
    wanted = whole.counts[first, "CAN-04", MONTH][0]
    said = f"  Counts {address}, {first} CAN-04 Jan 2026 numerator: 7 typed, {wanted} in january.csv, row "
    code, out, err = fill(capsys, folder)
    assert code == 0
    assert "note: 1 figure differs from what is typed and stays (--replace overwrites it)\n" + said in err
    assert cell(path, place).value == 7
    assert out.splitlines()[4].split() == ["Jan", "2026", str(2 * len(whole.practices) * 2 - 1), "0", "0", "1"]
    code, out, err = fill(capsys, folder, "--replace")
    assert (code, cell(path, place).value) == (0, wanted)
    assert "note: 1 figure was typed otherwise and is overwritten\n" + said in err
    assert Workbook.open(path).content() == whole


def test_dry_run_shows_and_changes_nothing(folder, made, capsys):
    before = sorted(path.name for path in folder.iterdir())
    code, out, err = fill(capsys, folder, "--dry-run")
    assert (code, err) == (0, "")
    assert out.splitlines()[0].strip() == "book.xlsm: would change"
    assert "Points " in out
    assert (folder / "book.xlsm").read_bytes() == made["book.xlsm"]
    assert sorted(path.name for path in folder.iterdir()) == before


def test_undo_puts_the_old_book_back_and_again_the_new_one(folder, made, capsys):
    path = folder / "book.xlsm"
    fill(capsys, folder)
    after = path.read_bytes()
    [kept] = backups(path)
    assert kept.read_bytes() == made["book.xlsm"]
    code, out, err = desk.ran(capsys, "undo", path)
    assert (code, out) == (0, f"{path}\n")
    assert err.startswith(f"note: {kept.name} is back; what stood there is kept as book backup ")
    assert path.read_bytes() == made["book.xlsm"]
    assert desk.ran(capsys, "undo", path)[0] == 0
    assert path.read_bytes() == after
    assert desk.ran(capsys, "undo", folder / "other.xlsm") == (
        13,
        "",
        f"{folder / 'other.xlsm'}: no kept copy of it lies beside it\n",
    )


def test_undo_finds_the_copies_of_what_a_link_leads_to(folder, made, capsys):
    link = folder / "link.xlsm"
    link.symlink_to(folder / "book.xlsm")
    assert fill(capsys, folder, name="link.xlsm")[0] == 0
    assert desk.ran(capsys, "undo", link)[0] == 0
    assert (folder / "book.xlsm").read_bytes() == made["book.xlsm"]
    assert link.is_symlink()


def test_undo_takes_no_other_file_and_shows_what_is_kept(folder, made, capsys):
    path = folder / "book.xlsm"
    assert desk.ran(capsys, "undo", path, "--list") == (0, "", "note: no kept copy of book.xlsm lies beside it\n")
    fill(capsys, folder)
    [kept] = backups(path)
    assert desk.ran(capsys, "undo", path, "--list") == (0, f"{kept}\n", "")
    before = path.read_bytes()
    for name in ("january.csv", "book.xlsx"):
        line = f"--from: {name} is no kept copy; `undo book.xlsm --list` shows them\n"
        assert desk.ran(capsys, "undo", path, "--from", folder / name) == (12, "", line)
    assert path.read_bytes() == before
    assert desk.ran(capsys, "undo", path, "--from", kept)[0] == 0
    assert path.read_bytes() == made["book.xlsm"]


REFUSED = {
    "a lock file": (
        lambda folder: (folder / "~$book.xlsm").write_text("Jo"),
        "{book}: open in another program (it keeps '~$book.xlsm'); close it there and try again, or delete that file if "
        "nobody has the workbook open\n",
        13,
    ),
    "read-only": (
        lambda folder: (folder / "book.xlsm").chmod(0o444),
        "{book}: read-only; take the write protection off or save a copy under another name\n",
        13,
    ),
    "strict open xml": (
        lambda folder: (folder / "book.xlsm").write_bytes(desk.strict((folder / "book.xlsm").read_bytes())),
        "book.xlsm: a 'Strict Open XML' workbook; in Excel save it as 'Excel Workbook (*.xlsx)', without 'Strict'\n",
        12,
    ),
    "no workbook of ours": (
        lambda folder: (folder / "book.xlsm").write_bytes(_foreign()),
        "book.xlsm: no workbook of the IIF Ready Reckoner; make one with `iif-reckoner new`\n",
        12,
    ),
    "a newer layout": (
        lambda folder: _relaid(folder / "book.xlsm", "99"),
        "book.xlsm: made by a newer version of the program (layout 99, this one knows up to 1); install the newer version\n",
        12,
    ),
    "a sheet that is gone": (
        lambda folder: _without_counts(folder / "book.xlsm"),
        "book.xlsm: has no sheet Counts (its mark IIF_SHEET_COUNTS is gone); take an older copy\n",
        12,
    ),
    "another year": (
        lambda folder: (folder / "january.csv").write_text(
            "practice_code,indicator,month,numerator,denominator\nX99001,CAN-04,2024-06,1,2\n"
        ),
        "january.csv: no row is of 2025-26.v1; the file has CAN-04 of 2024/25; take the ruleset of 2024/25\n",
        12,
    ),
    "unknown headings": (
        lambda folder: (folder / "january.csv").write_text("CDB,Search,Patients\nX99001,FIT,5\n"),
        "january.csv: the header is of no layout of counts that is known; nearest is own counts, without PRACTICE_CODE, "
        "INDICATOR, MONTH, NUMERATOR, DENOMINATOR; known: own counts, annual publication, monthly publication, CQRS "
        "extract; for the headings of EMIS or SystmOne give --headings with a list of two columns, ours,theirs\n",
        12,
    ),
}


def _foreign():
    import io

    import openpyxl

    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def _relaid(path, number):
    package = Package.open(path)
    text = package.part(package.workbook_part).replace(
        b'name="IIF_LAYOUT">1<', b'name="IIF_LAYOUT">%s<' % number.encode()
    )
    path.write_bytes(package.with_parts({package.workbook_part: text}).to_bytes())


def _without_counts(path):
    package = Package.open(path)
    text = package.part(package.workbook_part).replace(b"IIF_SHEET_COUNTS", b"IIF_OLD_COUNTS")
    path.write_bytes(package.with_parts({package.workbook_part: text}).to_bytes())


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_one_line_and_nothing_changed(name, folder, capsys):
    spoil, words, code = REFUSED[name]
    spoil(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert fill(capsys, folder) == (code, "", words.format(book=folder / "book.xlsm"))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


EMIS = "ours,theirs\npractice_code,CDB\nsearch,Report name\ncount,Population count\nmonth,Run on\nCAN-04 numerator,FIT done\nCAN-04 denominator,Referred\n"
SYSTMONE = "ours,theirs\npractice_code,Organisation ID\nindicator,Measure\nnumerator,Patients\ndenominator,Out of\nmonth,=2026-01\nCAN-04,FIT before referral\n"


def test_pastes_of_two_systems_with_their_own_headings_in_one_go(folder, capsys):
    (folder / "emis list.csv").write_text(EMIS)
    (folder / "s1.csv").write_text(SYSTMONE)
    (folder / "emis.csv").write_text(
        "CDB,Report name,Population count,Run on\nX99001,FIT done,31,31/01/2026\nX99001,Referred,60,31/01/2026\n"
        "X99001,Something else,9,31/01/2026\n"
    )
    (folder / "tpp.csv").write_text("Organisation ID,Measure,Patients,Out of\nX99003,FIT before referral,12,20\n")
    both = ("--counts", folder / "tpp.csv")
    code, _, err = fill(capsys, folder, *both, "--headings", folder / "emis list.csv", "--headings", folder / "s1.csv", counts="emis.csv")  # fmt: skip
    assert code == 0, err
    counts = Workbook.open(folder / "book.xlsm").content().counts
    assert (counts["X99001", "CAN-04", MONTH], counts["X99003", "CAN-04", MONTH]) == ((31, 60), (12, 20))
    # From now on the lists stand beside the workbook.
    assert sorted(path.name for path in folder.glob("book headings*")) == [
        "book headings emis list.csv",
        "book headings s1.csv",
    ]
    assert fill(capsys, folder, *both, counts="emis.csv")[1].splitlines()[0].strip() == "book.xlsm: nothing to change"


def test_lists_beside_a_workbook_whose_name_has_signs_of_its_own(folder, capsys):
    (folder / "book.xlsx").rename(folder / "west [1].xlsx")
    (folder / "s1.csv").write_text(SYSTMONE)
    (folder / "tpp.csv").write_text("Organisation ID,Measure,Patients,Out of\nX99003,FIT before referral,12,20\n")
    code, _, err = fill(capsys, folder, "--headings", folder / "s1.csv", name="west [1].xlsx", counts="tpp.csv")
    assert code == 0, err
    (folder / "s1.csv").unlink()
    assert fill(capsys, folder, name="west [1].xlsx", counts="tpp.csv")[0] == 0


def test_it_says_how_old_the_lists_are(folder, whole, capsys):
    (folder / "book.xlsx").write_bytes(make(replace(desk.content(macros=False), lists_on=date(2025, 7, 1))))
    said = "note: list sizes of 1 July 2025 used for figures of Jan 2026\n"
    assert said in fill(capsys, folder, "--dry-run", name="book.xlsx")[2]
    # Of no month are baselines alone, and of no day lists whose day Start does not name.
    (folder / "base.csv").write_text(
        "practice_code,indicator,month,numerator,denominator,baseline_numerator,baseline_denominator\n"
        "X99001,CAN-04,2026-01,,,5,10\n"
    )
    assert "list sizes" not in fill(capsys, folder, "--dry-run", name="book.xlsx", counts="base.csv")[2]
    assert "list sizes" not in fill(capsys, folder, "--dry-run")[2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\nx,y\n", "row 1: a list of headings begins with the line ours,theirs"),
        ("ours,theirs\nmonth,\n", "row 2: 'month' has nothing beside it; write the file's heading"),
        ("ours,theirs\nCAN-4,FIT\n", "row 2: no indicator 'CAN-4' in 2025-26.v1; nearest: CAN-04"),
        ("ours,theirs\nmonth,When\n", "says nothing of practice_code; add a line practice_code,HEADING"),
    ],
)
def test_a_list_of_headings_that_says_too_little(text, words, folder, capsys):
    (folder / "list.csv").write_text(text)
    found = fill(capsys, folder, "--headings", folder / "list.csv")
    assert found == (12, "", f"list.csv: {words}\n")


def test_what_is_odd_is_said(folder, capsys):
    (folder / "odd.csv").write_text(
        "practice_code,indicator,month,numerator,denominator\nX99001,CAN-04,2026-01,1,60\nX99002,CAN-04,2026-01,61,60\n"
        "A81001,CAN-04,2026-01,1,2\n"
    )
    code, _, err = fill(capsys, folder, counts="odd.csv")
    assert code == 0
    assert "note: 1 practice of the files is not in the workbook; left out\n  A81001\n" in err
    assert "note: 10 practices of the workbook have no figures in the files\n" in err
    assert "note: 1 figure is lower than in an earlier month\n  X99001 CAN-04 Jan 2026: 1, but " in err
    assert "note: 1 numerator is larger than its denominator\n  X99002 CAN-04 Jan 2026: 61 of 60\n" in err


def test_a_practice_that_has_left_is_not_missed(folder, capsys):
    (folder / "one.csv").write_text(
        "practice_code,indicator,month,numerator,denominator\nX99001,CAN-04,Jan 2026,60,90\n"
    )
    silent = "practices of the workbook have no figures in the files\n"
    left = {
        ("Practices", "H8"): 46022,
        ("Practices", "H9"): 46023,
        ("Practices", "G10"): 46054,
        ("Practices", "H11"): "Q3",
    }
    path = folder / "book.xlsm"
    path.write_bytes(set_cells(Package.open(path), left).to_bytes())
    assert f"note: 8 {silent}" in fill(capsys, folder, "--dry-run", counts="one.csv")[2]
    text = (folder / "one.csv").read_text()
    (folder / "one.csv").write_text(text + "X99001,CAN-04,December 2025,50,80\n")
    assert f"note: 10 {silent}" in fill(capsys, folder, "--dry-run", counts="one.csv")[2]


def test_a_month_is_one_and_totals_of_two_months_are_told_apart(folder, capsys):
    line = "--month: 'rubbish' is not a month; write it as 2024-03\n"
    assert fill(capsys, folder, "--month", "rubbish") == (12, "", line)
    ends = "   (end of Dec 2025 -> end of Jan 2026)"
    assert fill(capsys, folder)[1].splitlines()[-1].endswith(ends)
    code, out, _ = fill(capsys, folder, "--dry-run")
    assert (code, out.splitlines()[0].strip()) == (0, "book.xlsm: nothing to change")
    assert "end of" not in out


def test_what_an_engine_cannot_work_out_waits_for_excel(folder, capsys, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("no room")

    monkeypatch.setattr("iif_reckoner.desk.recalculate.loaded", fails)
    code, _, err = fill(capsys, folder)
    assert code == 0
    assert "note: nothing could be worked out (no room): formulas are empty until Excel opens the workbook\n" in err
    package = Package.open(folder / "book.xlsm")
    assert b'fullCalcOnLoad="1"' in package.part(package.workbook_part)
    assert {found.kind for found in engines.formula_values(package).values()} == {"blank"}


def test_more_cells_than_are_read_never_reach_the_engine(folder, capsys, monkeypatch):
    reached = []
    monkeypatch.setattr("iif_reckoner.desk.recalculate.loaded", lambda *_, **__: reached.append(1))
    package = Package.open(folder / "book.xlsm")
    part = package.sheet("Checks").part
    rows = b"".join(b'<row r="%d">' % row + b"<c><v>1</v></c >" * 100 + b"</row>" for row in range(5_000, 6_700))
    crowded = package.part(part).replace(b"</sheetData>", rows + b"</sheetData>")
    data = package.with_parts({part: crowded}).to_bytes()
    (folder / "book.xlsm").write_bytes(data)
    code, out, err = fill(capsys, folder)
    words = "more than the 200,000 cells that are read; keep pictures and large sheets of your own in another workbook"
    assert (code, out, err) == (12, "", f"book.xlsm: {words}\n")
    assert reached == []
    assert (folder / "book.xlsm").read_bytes() == data
