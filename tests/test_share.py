"""`share`: what leaves the PCN, what stays, and the message that goes with it."""

import email
import re
import shutil
from dataclasses import replace
from datetime import date
from email.policy import default
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.comments import Comment

from iif_reckoner.build import example, make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.mail import draft
from iif_reckoner.desk.share import Asked, file_name, going, shared, strays
from iif_reckoner.figures.content import Action, Planned
from iif_reckoner.package import Package, set_cells, take_out_sheet
from tests import workbook_engines as engines
from tests.conftest import ROOT
from tests.test_cli import quick

NAME = "Ashwater-and-Fernhill-PCN-2022-23-v2-Dec-2022"
SMALL = "note: 258 counts under 8; --suppress masks them"
PEOPLE = ("Dr Ann Ant", "Bea Bee", "Cem Cicada", "Dee Dor", "Eve Emmet")
KEPT = "note: 4 leads and 2 actions stay here; --with-names sends them along"


def filled():
    """The made-up PCN to December with leads and actions; one of these names a second practice."""
    of = example.content("2022-23.v2", 9, macros=False)
    first, second = of.practices[:2]
    return replace(
        of,
        last_year={"VI-01": 0.75},
        costs=1234.5,
        minimum=99.5,
        aspiration_amount=9876.5,
        practices=(replace(first, lead=PEOPLE[0]), *of.practices[1:]),
        planned={
            "VI-01": Planned(
                tier="top", minutes=10.0, board_lead=PEOPLE[1], practice_lead=PEOPLE[2], helper=PEOPLE[3]
            )
        },
        actions=(
            Action(what="Ring the last ten", indicator="VI-01", practice=first.code, owner=PEOPLE[4],
                   due=date(2022, 12, 1), state="open"),
            Action(what=f"Lend {second.name} a room", practice=first.code, owner=PEOPLE[4], state="open"),
        ),
    )  # fmt: skip


@pytest.fixture(scope="module")
def source():
    return make(filled())


@pytest.fixture
def book(tmp_path, source):
    (tmp_path / "book.xlsx").write_bytes(source)
    return tmp_path / "book.xlsx"


def run(*arguments):
    found = quick("share", *arguments)
    return found.returncode, found.stdout, found.stderr


def parts(path):
    """Every part of a file, unpacked."""
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def text_of(path):
    return "\n".join(data.decode() for data in parts(path).values())


def cells(package):
    return {
        (sheet.name, cell.address): cell.value
        for sheet in package.sheets
        for cell in package.cells(sheet.name)
        if cell.value not in (None, "")
    }


# What leaves


def test_the_copy_has_formulas_and_neither_macros_nor_hidden_sheets(book):
    path = book.with_name(f"{NAME}.xlsx")
    assert run(book) == (0, f"{path}\n", f"{KEPT}\n{SMALL}\n")
    titles = [sheet.name for sheet in Package.open(book).sheets]
    copy = Package.open(path)
    assert [sheet.name for sheet in copy.sheets] == titles[:-1]
    assert titles[-1] == "xlwings.conf"
    assert {sheet.seen for sheet in copy.sheets} == {"visible"}
    loaded = openpyxl.load_workbook(path)
    assert [sheet.sheet_state for sheet in loaded] == ["visible"] * len(loaded.sheetnames)
    whole = text_of(path)
    assert not re.search(r"xlwings\.conf|IIF_SHEET_CONFIG|INTERPRETER|vbaProject|sheet17", whole)
    assert not re.search(r"\w:\\|/home/|/Users/|file:|TargetMode|printerSettings|externalLink", whole)
    # The same figures and formulas as in the workbook that was shared.
    stays = {("Practices", "F7"), ("Start", "C13"), ("Actions", "A2"), ("Start", "B13"), ("Actions", "A4")}
    stays |= {("Plan", f"{column}8") for column in "TUV"} | {("Reckoner", f"{column}6") for column in ("AF", "AG")}
    # The agenda is made of what stays: an action that is overdue, one on no day, and the leads of VI-01.
    stays |= {("Actions", cell) for cell in ("I15", "H16", "I16", "I22", "J39", "J44")}
    before, after = cells(Package.open(book)), cells(copy)
    different = {at for at in before | after if before.get(at) != after.get(at)}
    assert {at for at in different if at[0] not in ("xlwings.conf", "Working")} == stays | {
        at for at in before if at[0] == "Actions" and int(at[1][1:]) in (6, 7) and at[1][0] < "G"
    }
    assert after["Working", "B6"] == "Formulas"
    formulas = [cell for sheet in copy.sheets for cell in copy.cells(sheet.name) if cell.is_formula]
    assert len(formulas) > 10_000


def test_a_workbook_that_people_worked_in_leaves_nothing_of_theirs(book):
    """Author, company, a sheet of their own with a formula on ours, a remark, rows beside the tables."""
    book.write_bytes(make(replace(filled(), planned={}, actions=())))
    loaded = openpyxl.load_workbook(book)
    loaded.properties.creator = loaded.properties.lastModifiedBy = "Jo Bloggs"
    loaded.properties.keywords, loaded.properties.category = "SECRET-1", "SECRET-2"
    loaded.create_sheet("Rota")["A1"] = "SECRET-3"
    loaded.create_sheet("Jo's notes")["A1"] = "=Counts!G6"
    loaded["Reckoner"]["A1"].comment = Comment("SECRET-4", "Jo Bloggs")
    loaded["Counts"]["AZ3"] = "SECRET-5"
    loaded["Start"]["E30"] = "https://example.invalid/SECRET-6"
    loaded.save(book)
    path = book.with_name(f"{NAME}.xlsx")
    lines = [
        "note: sheets of your own stay here: Rota, Jo's notes",
        "note: 1 remark on cells stays here",
        "note: 1 lead stays here; --with-names sends it along",
        SMALL,
    ]
    assert run(book) == (0, f"{path}\n", "\n".join(lines) + "\n")
    assert not re.search(r"SECRET|Bloggs|Jo&#39;|\bRota\b|Jo's", text_of(path))
    core = parts(path)["docProps/core.xml"].decode()
    assert re.findall(r"<(?:dc|cp|dcterms):(\w+)[^>]*>([^<]+)<", core) == [
        ("creator", "IIF Ready Reckoner"),
        ("title", "IIF Ready Reckoner 2022/23, Ashwater and Fernhill PCN"),
        ("language", "en-GB"),
        ("created", "2000-01-01T00:00:00Z"),
        ("modified", "2000-01-01T00:00:00Z"),
    ]


def test_only_the_last_sheet_is_taken_out():
    with pytest.raises(ValueError, match=r"^About is not the last sheet$"):
        take_out_sheet(engines.package("2022-23.v2"), "About")


def test_libreoffice_opens_the_copies_and_finds_the_same_figures(tmp_path):
    of = going(filled(), Asked(), "book.xlsx")
    files = {
        "formulas.xlsx": shared(of, Asked()).package.to_bytes(),
        "values.xlsx": shared(of, Asked(suppress=True)).package.to_bytes(),
    }
    won = engines.spot("total_won")
    made = Package.from_bytes(files["formulas.xlsx"], "made")
    should = engines.all_values(made, [won])
    for name, found in engines.by_office(tmp_path, files).items():
        assert [sheet.name for sheet in found.sheets] == [sheet.name for sheet in made.sheets]
        assert {sheet.seen for sheet in found.sheets} == {"visible"}
        assert engines.all_values(found, [won]) == should, name


def test_values_alone(book):
    path = book.with_name(f"{NAME}-values.xlsx")
    assert run(book, "--values") == (0, f"{path}\n", f"{KEPT}\n{SMALL}\n")
    sheets = {name: data for name, data in parts(path).items() if name.startswith("xl/worksheets/sheet")}
    assert len(sheets) == 16
    assert [name for name, data in sheets.items() if re.search(rb"<f[ >/]", data)] == []
    assert "fullCalcOnLoad" not in text_of(path)
    assert not re.search(r'<c [^>]*t="str"', text_of(path))
    run(book)
    formulas, values = cells(Package.open(book.with_name(f"{NAME}.xlsx"))), cells(Package.open(path))
    assert values.pop(("Start", "A4")) == "Values only: figures in this copy do not follow when others change."
    assert values == formulas
    charts = [name for name in parts(path) if name.startswith("xl/charts/chart")]
    assert len(charts) == 5


def test_names_go_only_when_asked_for(book):
    run(book)
    found = text_of(book.with_name(f"{NAME}.xlsx"))
    assert [name for name in PEOPLE if name in found] == []
    assert "Ring the last ten" not in found
    assert "Actions and names of leads are not in this copy." in found
    path = book.with_name(f"{NAME}-with-names.xlsx")
    assert run(book, "--with-names") == (0, f"{path}\n", f"{SMALL}\n")
    found = text_of(path)
    assert [name for name in PEOPLE if name not in found] == []
    assert "Ring the last ten" in found
    assert Workbook.open(path).content() == Workbook.open(book).content()


# One practice


@pytest.fixture
def alone(book):
    path = book.with_name("Ashwater-and-Fernhill-PCN-X99001-2022-23-v2-Dec-2022-with-names.xlsx")
    code, out, err = run(book, "--practice", "x99001", "--with-names")
    line = "note: reckoned as X99001 alone with its own list; what the PCN has cannot be worked out from it\n"
    assert (code, out, err) == (0, f"{path}\n", line + "note: 7 counts under 8; --suppress masks them\n")
    return path


def test_one_practice_alone_has_nothing_of_the_others(alone):
    whole = text_of(alone)
    others = filled().practices[1:]
    assert [word for other in others for word in (other.code, other.name) if word in whole] == []
    values = set(cells(Package.open(alone)).values())
    assert [other.name for other in others if other.list_size in values or other.weighted_list in values] == []
    # The second action of this practice names another one.
    assert "Ring the last ten" in whole
    assert "a room" not in whole


def test_one_practice_alone_is_reckoned_with_its_own_list(alone):
    of = filled()
    own = going(of, Asked(practice="X99001", names=True), "book.xlsx")
    found = Package.open(alone)
    values = engines.formula_values(found)
    assert engines.against_core(own, values) == []
    assert values[engines.spot("list_size")].value == 11_482
    assert {key[0] for key in own.counts} == {"X99001"}
    # What the PCN as a whole had last year, and spends, is none of one practice's business.
    assert (own.last_year, own.costs, of.last_year, of.costs) == ({}, None, {"VI-01": 0.75}, 1234.5)
    assert (own.minimum, own.aspiration_amount) == (None, None)
    shown = cells(found)
    assert shown["Reckoner", "A1"] == "Ashwater Surgery  X99001   2022/23"
    assert shown["Start", "A2"] == (
        "Ashwater Surgery (X99001) alone, reckoned with its own list; the PCN is paid for all its practices together."
    )
    gaps = [shown["Practice gaps", f"{column}{row}"] for row in (10, 11) for column in "AB"]
    assert gaps == ["Alone", "Where this practice stands alone", "Alone", "Patients it needs alone"]
    assert "The whole PCN" not in shown.values()
    assert [cell for cell, value in shown.items() if cell[0] == "Practice gaps" and value == "PCN"] == []


def test_one_practice_alone_can_be_filled_and_sent_back(alone):
    opened = Workbook.open(alone)
    assert (opened.pcn_code, opened.fact("PCN")) == ("U99901", "Ashwater and Fernhill PCN")
    assert opened.content() == going(filled(), Asked(practice="X99001", names=True), "book.xlsx")
    row = opened.counts.rows["X99001", "VI-01"]
    place = opened.counts.table.address(row, "Jan 2023 numerator")
    again = Workbook(set_cells(opened.package, {place: 1234})).content()
    assert again.counts["X99001", "VI-01", 10] == (1234, None)


def test_an_unknown_practice_gets_the_nearest_codes(book):
    line = "no practice 'X9904' in book.xlsx; nearest: X99004, X99011, X99012\n"
    assert run(book, "--practice", "X9904") == (11, "", line)
    # An empty code is no wish for all of them.
    assert run(book, "--practice", "") == (11, "", "no practice '' in book.xlsx\n")
    assert sorted(path.name for path in book.parent.iterdir()) == ["book.xlsx"]


# Masks


def test_suppressed(book):
    path = book.with_name(f"{NAME}-values-suppressed.xlsx")
    lines = [
        KEPT,
        "note: 258 counts under 8 masked as <8 on Counts",
        "note: what would give one of them away is hidden as *: 189 on Counts, 516 on Practice gaps, 100 on Split, "
        "685 on Compare, 4,328 on Working",
    ]
    assert run(book, "--suppress") == (0, f"{path}\n", "\n".join(lines) + "\n")
    found = Package.open(path)
    shown = cells(found)
    assert sum(value == "<8" for value in shown.values()) == 258
    legend = "All 16 checks are OK   <8: under 8, not shown. *: hidden, as it would give one of those away."
    titles = ["Counts", "Practice gaps", "Split", "Compare"]
    assert [title for title, at in shown if at == "A3" and shown[title, at] == legend] == titles
    assert [cell for sheet in found.sheets for cell in found.cells(sheet.name) if cell.is_formula] == []


def test_nothing_to_suppress(tmp_path):
    of = replace(filled(), counts={("X99001", "VI-01", 9): (1500, 2000)}, baselines={})
    book = tmp_path / "book.xlsx"
    book.write_bytes(make(of))
    code, _, err = run(book, "--suppress")
    assert (code, err) == (0, f"{KEPT}\nnote: no counts under 8\n")
    assert quick("share", book).stderr == f"{KEPT}\n"


# The message


def test_the_message_has_the_copy_attached(book):
    path, letter = (book.with_name(f"{NAME}{ending}") for ending in (".xlsx", ".eml"))
    assert run(book, "--email") == (0, f"{path}\n{letter}\n", f"{KEPT}\n{SMALL}\n")
    found = email.message_from_bytes(letter.read_bytes(), policy=default)
    assert found["X-Unsent"] == "1"
    assert found["Subject"] == "IIF 2022/23: Ashwater and Fernhill PCN, end of Dec 2022"
    assert str(found["To"]) == ""
    assert (found["From"], found["Date"], found["Cc"], found["Bcc"]) == (None,) * 4
    body = found.get_body().get_content().replace("\r\n", "\n")
    assert body == (
        "IIF 2022/23: Ashwater and Fernhill PCN, end of Dec 2022.\n\n"
        "Points so far: 222.91 of 907.00.\n"
        "Won: £83,255.64. Still to win: £242,054.26.\n\n"
        "To do first, by what each patient brings in:\n"
        "1. AC-02, Standardised emergency admissions, ambulatory care sensitive conditions: 205 patients fewer, "
        "£202.23 for each.\n"
        "2. CVD-06, Edoxaban share of DOAC patients with atrial fibrillation: 122 patients more, £188.15 for each.\n"
        "3. CVD-04, High cholesterol: secondary cause found, assessed, referred or diagnosed for familial "
        "hypercholesterolaemia: 21 patients more, £67.22 for each.\n\n"
        "The workbook is attached.\n"
    )
    (attached,) = found.iter_attachments()
    assert attached.get_filename() == path.name
    assert attached.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert attached.get_content() == path.read_bytes()


def test_the_message_says_no_more_than_the_copy(tmp_path):
    """Of one practice with a few patients on a register, the totals are hidden, and so are they in the message."""
    of = replace(filled(), counts={("X99001", "CVD-01", 9): (3, 400), ("X99001", "CVD-03", 9): (200, 400)})
    book = tmp_path / "book.xlsx"
    book.write_bytes(make(of))
    code, _, _ = run(book, "--practice", "X99001", "--suppress", "--email", "--output", tmp_path / "one.xlsx")
    assert code == 0
    found = email.message_from_bytes((tmp_path / "one.eml").read_bytes(), policy=default)
    assert found["Subject"] == "IIF 2022/23: Ashwater Surgery, end of Dec 2022"
    body = found.get_body().get_content()
    assert "The totals are not shown in this copy." in body
    assert "£0" not in body
    assert "1. CVD-03" in body
    assert "CVD-01" not in body


def test_a_line_break_in_a_name_begins_no_header():
    made = draft("IIF\r\nBcc: all@example.invalid\x00", "Text £\n", attachment=b"book", name="a\nb.xlsx")
    found = email.message_from_bytes(made, policy=default)
    assert found["Subject"] == "IIF Bcc: all@example.invalid"
    assert found["Bcc"] is None
    assert [part.get_filename() for part in found.iter_attachments()] == ["a b.xlsx"]
    assert made == draft("IIF\r\nBcc: all@example.invalid\x00", "Text £\n", attachment=b"book", name="a\nb.xlsx")


def test_a_pcn_with_a_line_break_in_its_name(tmp_path):
    of = replace(filled(), pcn_name="One\nBcc: all@example.invalid PCN", counts={})
    book = tmp_path / "book.xlsx"
    book.write_bytes(make(of))
    code, out, _ = run(book, "--email")
    letter = tmp_path / "One-Bcc-all-example-invalid-PCN-2022-23-v2.eml"
    assert (code, out) == (0, f"{letter.with_suffix('.xlsx')}\n{letter}\n")
    found = email.message_from_bytes(letter.read_bytes(), policy=default)
    assert found["Subject"] == "IIF 2022/23: One Bcc: all@example.invalid PCN, no figures yet"
    assert found["Bcc"] is None
    assert "The totals are not shown in this copy." in found.get_body().get_content()


# Files


@pytest.mark.parametrize(
    ("changes", "asked", "name"),
    [
        ({}, Asked(practice="X99001", suppress=True), "Ashwater-and-Fernhill-PCN-X99001-2022-23-v2-Dec-2022-values-suppressed"),
        ({"pcn_name": ""}, Asked(names=True), "U99901-2022-23-v2-Dec-2022-with-names"),
        ({"pcn_name": "../Éa & Co: <1>?", "counts": {}}, Asked(), "Ea-Co-1-2022-23-v2"),
        ({"pcn_name": "中文", "pcn_code": "U1"}, Asked(), "U1-2022-23-v2-Dec-2022"),
    ],
)  # fmt: skip
def test_file_names(changes, asked, name):
    assert file_name(replace(filled(), **changes), asked) == f"{name}.xlsx"


def test_the_chosen_month_is_in_the_name(book):
    of = filled()
    of = replace(of, switches=replace(of.switches, month="Aug 2022"))
    assert file_name(of, Asked()) == "Ashwater-and-Fernhill-PCN-2022-23-v2-Aug-2022.xlsx"


def test_an_existing_file_stays_without_replace(book):
    path, letter = (book.with_name(f"{NAME}{ending}") for ending in (".xlsx", ".eml"))
    for mine in (path, letter):
        mine.write_bytes(b"mine")
        line = f"{mine}: exists already; give another name, or --replace to overwrite it\n"
        assert run(book, "--email") == (13, "", line)
        assert mine.read_bytes() == b"mine"
        mine.unlink()
        assert [file.name for file in book.parent.iterdir()] == ["book.xlsx"]
    path.write_bytes(b"mine")
    assert run(book, "--replace")[0] == 0
    assert path.read_bytes().startswith(b"PK")


def test_the_workbook_itself_is_never_overwritten(book):
    before = book.read_bytes()
    line = f"--output: {book} is the workbook itself; give the copy another name\n"
    assert run(book, "--replace", "--output", book) == (12, "", line)
    assert book.read_bytes() == before


@pytest.mark.parametrize("name", ["copy.xlsm", "copy.pdf", "copy"])
def test_a_copy_has_no_macros(book, name):
    line = f"--output: '{name}' is no name of a copy without macros; write one that ends in .xlsx\n"
    assert run(book, "--output", book.with_name(name)) == (12, "", line)
    assert [file.name for file in book.parent.iterdir()] == ["book.xlsx"]


def test_a_wrong_figure_is_one_line_and_nothing_is_written(book):
    book.write_bytes(set_cells(Package.open(book), {("Counts", "G6"): "1,234"}).to_bytes())
    line = "book.xlsx: Counts G6: '1,234' is no count; write a whole number from 0 up, without commas\n"
    assert run(book, "--email") == (12, "", line)
    assert [file.name for file in book.parent.iterdir()] == ["book.xlsx"]


def test_a_suppressed_copy_is_not_shared_again(book):
    run(book, "--suppress", "--output", book.with_name("masked.xlsx"))
    code, out, err = run(book.with_name("masked.xlsx"))
    assert (code, out) == (12, "")
    assert err == "masked.xlsx: Counts G9: '<8' is no count; write a whole number from 0 up, without commas\n"


def test_dry_run_writes_nothing(book):
    paths = ", ".join(str(book.with_name(f"{NAME}{ending}")) for ending in (".xlsx", ".eml"))
    lines = f"{KEPT}\n{SMALL}\nnote: nothing written; without --dry-run: {paths}\n"
    assert run(book, "--email", "--dry-run") == (0, "", lines)
    masked = run(book, "--suppress", "--dry-run")[2]
    assert "note: 258 counts under 8 masked as <8 on Counts\n" in masked
    assert masked.splitlines()[-1].startswith("note: nothing written; without --dry-run: ")
    assert [file.name for file in book.parent.iterdir()] == ["book.xlsx"]


def test_the_same_workbook_gives_the_same_files(book, tmp_path):
    (tmp_path / "other").mkdir()
    shutil.copy(book, tmp_path / "other" / book.name)
    made = [run(path, "--suppress", "--email")[1].split() for path in (book, tmp_path / "other" / book.name)]
    for one, two in zip(*made, strict=True):
        assert one != two
        assert Path(one).read_bytes() == Path(two).read_bytes()


def test_a_macro_workbook_is_shared_without_macros(tmp_path):
    """The shipped example gives, byte by byte, what the workbook of the same figures without macros gives."""
    content = example.content("2022-23.v2", 9, macros=False)
    book = tmp_path / "book.xlsx"
    book.write_bytes(make(example.decided(content, hours_left=400, hours_a_month=12)))
    kept = "note: 65 leads, 4 actions and 1 line on what is outside the scheme stay here; --with-names sends them along"
    assert run(book)[2] == f"{kept}\n{SMALL}\n"
    shipped = ROOT / "examples" / "Ashwater-and-Fernhill-2022-23-to-December.xlsm"
    out = tmp_path / "of-macros.xlsx"
    assert run(shipped, "--output", out) == (0, f"{out}\n", f"{kept}\n{SMALL}\n")
    assert out.read_bytes() == book.with_name(f"{NAME}.xlsx").read_bytes()


def test_figures_of_nobody_stay(book):
    package = Package.open(book)
    book.write_bytes(set_cells(package, {("Practices", "A18"): None, ("Practices", "B18"): None}).to_bytes())
    of = Workbook.open(book).content()
    assert {key[:6] for key in strays(of)} == {"X99012"}
    code, _, err = run(book)
    assert code == 0
    first = err.splitlines()[0]
    assert first.startswith("note: figures in Counts of no practice or indicator of this workbook stay here: X99012 ")
    assert first.endswith("; the copy's totals are without them")
    assert "X99012" not in text_of(book.with_name(f"{NAME}.xlsx"))


def test_what_is_pasted_goes_along_as_counts(book):
    """Paste takes anything: of its rows go the figures that the formulas pick up, and no more."""
    found = Workbook.open(book)
    package = found.package
    title = package.place("IIF_SHEET_PASTE")[0].name
    month = next(cell for cell in package.cells(title) if cell.value == "Month of these rows")
    head = next(cell for cell in package.cells(title) if cell.value == "Practice code").row
    typed = {(title, f"B{month.row}"): "Jan 2023"}
    rows = (("X99001", "VI-01", "numerator", 1500), ("X99001", "VI-01", "denominator", 2260),
            ("X99002", "VI-01", "numerator", 5), ("Z00000", "SECRET", "SECRET", 4))  # fmt: skip
    for row, values in enumerate(rows, start=head + 1):
        typed |= {(title, f"{column}{row}"): value for column, value in zip("ABCD", values, strict=True)}
    book.write_bytes(set_cells(package, typed).to_bytes())
    path = book.with_name(f"{NAME.replace('Dec-2022', 'Jan-2023')}.xlsx")
    assert run(book)[:2] == (0, f"{path}\n")
    counts = Workbook.open(path).content().counts
    assert counts["X99001", "VI-01", 10] == (1500, 2260)
    assert counts["X99002", "VI-01", 10] == (5, None)
    assert "SECRET" not in text_of(path)
    assert "Z00000" not in text_of(path)
