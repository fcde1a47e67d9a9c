"""`collect`: copies come back, in any order, and nothing is decided or dropped without a word."""

import itertools
import os
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.changes import to_type
from iif_reckoner.desk.collect import collecting
from iif_reckoner.desk.copies import home_of, read_copy
from iif_reckoner.desk.recalculate import recalculated
from iif_reckoner.desk.side_by_side import FEW
from iif_reckoner.desk.tables import grid, table
from iif_reckoner.package import Package, set_cells
from tests import desk_books as desk
from tests import workbook_engines as engines
from tests.test_cli import run

MONTH = desk.DONE + 1
WHOLE = desk.content(MONTH)
FIRST, SECOND = (practice.code for practice in WHOLE.practices[:2])


def typed(package, figures):
    """A copy in which a practice typed figures: by code, indicator, month and kind."""
    cells = {engines.count_spot(WHOLE, *key): value for key, value in figures.items()}
    return set_cells(package, {(s, f"{engines.column_letters(c)}{r}"): value for (s, r, c), value in cells.items()})


def of_practice(package, code, *, saved="2026-02-01T09:00:00Z", more=None):
    """The copy of one practice with its figures of the new month, saved at some time."""
    figures = {}
    for (who, what, month), pair in WHOLE.counts.items():
        if (who, month) == (code, MONTH):
            figures |= {(who, what, month, "numerator"): pair[0], (who, what, month, "denominator"): pair[1]}
    return stamped(typed(package, figures | (more or {})), saved)


def stamped(package, saved):
    core = package.part("docProps/core.xml")
    core = re.sub(rb"(<dcterms:modified [^>]*>)[^<]*", rb"\g<1>" + saved.encode(), core)
    return package.with_parts({"docProps/core.xml": core})


@pytest.fixture(scope="module")
def sent():
    return Package.from_bytes(desk.made(macros=False), "book.xlsx")


@pytest.fixture
def folder(tmp_path, sent):
    path = tmp_path / "book.xlsx"
    path.write_bytes(sent.to_bytes())
    os.utime(path, (1_700_000_000, 1_700_000_000))
    for code in (FIRST, SECOND):
        (tmp_path / f"{code}.xlsx").write_bytes(of_practice(sent, code).to_bytes())
    return tmp_path


def collect(capsys, folder, *names, more=()):
    return desk.ran(capsys, "collect", folder / "book.xlsx", *(folder / name for name in names), *more)


def test_copies_come_together_in_any_order_at_once_or_one_by_one(folder, sent, capsys):
    names = [f"{FIRST}.xlsx", f"{SECOND}.xlsx"]
    found = []
    for turns in (*([list(order)] for order in itertools.permutations(names)), [[names[0]], [names[1]]]):
        (folder / "book.xlsx").write_bytes(sent.to_bytes())
        for turn in turns:
            code, out, err = collect(capsys, folder, *turn)
            assert code == 0, err
            assert "wait" not in err
            assert out.splitlines()[0].strip() == "book.xlsx: collected"
        found.append((folder / "book.xlsx").read_bytes())
    assert found[0] == found[1] == found[2]
    book = Workbook.open(folder / "book.xlsx")
    mine = {k: v for k, v in WHOLE.counts.items() if k[2] <= desk.DONE or k[0] in (FIRST, SECOND)}
    of = replace(WHOLE, counts=mine, macros=False)
    assert book.content() == of
    assert engines.against_core(of, engines.formula_values(book.package)) == []


def test_two_files_that_differ_wait_until_somebody_says_who_is_right(folder, sent, capsys):
    key = (FIRST, "CAN-04", MONTH, "numerator")
    (folder / "other.xlsx").write_bytes(of_practice(sent, SECOND, more={key: 3}).to_bytes())
    value = WHOLE.counts[key[:3]][0]
    _, row, column = engines.count_spot(WHOLE, *key)
    cell = f"{engines.column_letters(column)}{row}"
    waits = (
        "note: 1 cell waits: say who is right with --prefer\n"
        f"  book.xlsx: Counts {cell}, {FIRST} CAN-04 Jan 2026 numerator: {value} in {FIRST}.xlsx: Counts {cell}, "
        f"3 in other.xlsx: Counts {cell} (files differ)\n"
    )
    names = (f"{FIRST}.xlsx", "other.xlsx")
    code, _, err = collect(capsys, folder, *names)
    assert (code, err.endswith(waits)) == (0, True), err
    assert Workbook.open(folder / "book.xlsx").content().counts[key[:3]] == (None, WHOLE.counts[key[:3]][1])
    assert collect(capsys, folder, *names, more=("--prefer", "files"))[2].endswith(waits)
    assert "wait" not in collect(capsys, folder, *names, more=("--prefer", "other.xlsx"))[2]
    assert Workbook.open(folder / "book.xlsx").content().counts[key[:3]][0] == 3


def test_a_file_older_than_the_book_waits_where_it_differs(folder, sent, capsys):
    key = (FIRST, "CAN-04", 1, "numerator")
    was = WHOLE.counts[key[:3]][0]
    (folder / "late.xlsx").write_bytes(
        of_practice(sent, FIRST, saved="2020-01-01T00:00:00Z", more={key: was + 1}).to_bytes()
    )
    code, _, err = collect(capsys, folder, "late.xlsx")
    assert code == 0
    assert f"{FIRST} CAN-04 Apr 2025 numerator: {was} typed, {was + 1} in late.xlsx: Counts " in err
    assert "(file is older)\n" in err
    counts = Workbook.open(folder / "book.xlsx").content().counts
    assert counts[key[:3]][0] == was
    # What fills a blank cell overwrites nothing, however old it is.
    assert counts[FIRST, "CAN-04", MONTH] == WHOLE.counts[FIRST, "CAN-04", MONTH]
    assert "wait" not in collect(capsys, folder, "late.xlsx", more=("--prefer", "book"))[2]
    assert Workbook.open(folder / "book.xlsx").content().counts[key[:3]][0] == was
    assert "wait" not in collect(capsys, folder, "late.xlsx", more=("--prefer", "files"))[2]
    assert Workbook.open(folder / "book.xlsx").content().counts[key[:3]][0] == was + 1


def test_a_newer_file_replaces_and_that_is_counted(folder, sent, capsys):
    key = (FIRST, "CAN-04", 1, "numerator")
    was = WHOLE.counts[key[:3]][0]
    (folder / "new.xlsx").write_bytes(of_practice(sent, FIRST, more={key: was + 1}).to_bytes())
    code, out, err = collect(capsys, folder, "new.xlsx", more=("--format", "json"))
    assert code == 0, err
    assert '"outcome": "replaced"' in out
    # It may be that the practice never looked at that month again, so what goes is named.
    assert "note: 1 figure was typed otherwise and is overwritten\n  Counts " in err
    assert f"{FIRST} CAN-04 Apr 2025 numerator: {was} typed, {was + 1} in new.xlsx: Counts " in err
    assert Workbook.open(folder / "book.xlsx").content().counts[key[:3]][0] == was + 1


def test_a_file_that_agrees_with_the_book_can_be_the_one_that_is_right(folder, sent, capsys):
    key = (FIRST, "CAN-04", 1, "numerator")
    was = WHOLE.counts[key[:3]][0]
    (folder / "same.xlsx").write_bytes(of_practice(sent, SECOND).to_bytes())
    changed = of_practice(sent, FIRST, saved="2020-01-01T00:00:00Z", more={key: was + 1})
    (folder / "other.xlsx").write_bytes(changed.to_bytes())
    names = ("same.xlsx", "other.xlsx")
    assert "1 cell waits" in collect(capsys, folder, *names)[2]
    for prefer, now in (("same.xlsx", was), ("files", was + 1)):
        code, _, err = collect(capsys, folder, *names, more=("--prefer", prefer))
        assert code == 0
        assert "wait" not in err
        assert Workbook.open(folder / "book.xlsx").content().counts[key[:3]][0] == now


def test_who_is_right_where_cells_wait_takes_nothing_from_others(folder, sent, capsys):
    waiting, other = (FIRST, "CAN-04", MONTH, "numerator"), (SECOND, "CAN-04", 1, "numerator")
    was = WHOLE.counts[other[:3]][0]
    (folder / "b.xlsx").write_bytes(
        stamped(typed(sent, {waiting: 4, other: was + 1}), "2026-02-01T09:00:00Z").to_bytes()
    )
    (folder / "a.xlsx").write_bytes(stamped(typed(sent, {waiting: 3}), "2026-02-01T09:00:00Z").to_bytes())
    code, _, err = collect(capsys, folder, "a.xlsx", "b.xlsx", more=("--prefer", "a.xlsx"))
    assert code == 0
    assert "wait" not in err
    counts = Workbook.open(folder / "book.xlsx").content().counts
    assert (counts[waiting[:3]][0], counts[other[:3]][0]) == (3, was + 1)


def test_a_sheet_whose_headings_were_changed_is_named(folder, sent, capsys):
    plan = table(grid(sent, "plan"), "Indicator", "Your tier", "Board lead")
    (folder / "odd.xlsx").write_bytes(set_cells(sent, {plan.address(plan.head, "Your tier"): "Ours"}).to_bytes())
    line = "  odd.xlsx: Plan: no column is headed 'Your tier'; write it back over the column it belongs to\n"
    assert line in collect(capsys, folder, "odd.xlsx")[2]


def test_what_else_practices_typed_is_named(folder, sent, capsys):
    sheet, row, column = engines.spot("paste_value")
    cells = {
        ("Counts", "AE5"): "Comment", ("Counts", "AE6"): "as agreed", ("Counts", "AF6"): "  ",
        (sheet, f"{engines.column_letters(column)}{row}"): 7, ("Counts", "AJ9"): "see my mail", ("Counts", "G1000"): 5, ("Practices", "F7"): "Dr New", ("Practices", "G7"): 45931,
        ("Plan", "H8"): 99, ("Rules", "H9"): 50, ("Actions", "A6"): "Ring the lab", ("Actions", "E6"): 46053,
    }  # fmt: skip
    package = set_cells(sent, {**cells, ("Counts", "G6"): 987_654})
    part = package.sheet("Counts").part
    formula = package.part(part).replace(b"<v>987654</v>", b"<f>40+2</f>", 1)
    (folder / "full.xlsx").write_bytes(package.with_parts({part: formula}).to_bytes())
    _, _, err = collect(capsys, folder, "full.xlsx")
    assert err == (
        "note: 11 things beside the figures are in the files; nothing was done with them\n"
        "  full.xlsx: Counts AE5: 'Comment' beside the table\n"
        "  full.xlsx: Counts G6: a formula without a value; open the file in Excel and save it\n"
        "  full.xlsx: Counts AE6: 'as agreed' beside the table\n"
        "  full.xlsx: Counts AJ9: 'see my mail' beside the table\n"
        "  full.xlsx: Counts G1000: 5 in a row without practice and indicator\n"
        "  full.xlsx: rows on Paste; figures go in from Counts alone\n"
        "  full.xlsx: Practices F7: practice lead Dr New, nothing in book.xlsx\n"
        "  full.xlsx: Practices G7: from 1 October 2025, nothing in book.xlsx\n"
        "  full.xlsx: Plan H8: HI-03 Minutes per patient 99, nothing in book.xlsx\n"
        "  full.xlsx: Rules H9: HI-03 points override 50, nothing in book.xlsx\n"
        "  full.xlsx: Actions A6: an action that book.xlsx does not have so: Ring the lab, 31 January 2026\n"
    )


def test_a_copy_for_one_practice_comes_back_with_nothing_beside_its_figures(folder, sent, capsys):
    assert desk.ran(capsys, "share", folder / "book.xlsx", "--practice", FIRST, "--output", folder / "one.xlsx")[0] == 0
    code, out, err = collect(capsys, folder, "one.xlsx")
    assert (code, err) == (0, "")
    assert out.splitlines()[0].strip() == "book.xlsx: nothing to change"


def test_sheets_remarks_and_lists_are_named(folder, sent, capsys):
    data = desk.dressed(of_practice(sent, FIRST).to_bytes(), "noted.xlsx")
    size = set_cells(Package.from_bytes(data, "noted.xlsx"), {("Practices", "D7"): 12_000})
    (folder / "noted.xlsx").write_bytes(size.to_bytes())
    _, _, err = collect(capsys, folder, "noted.xlsx")
    assert (
        "note: 4 things beside the figures are in the files; nothing was done with them\n"
        "  noted.xlsx: a sheet of its own, My notes\n"
        "  noted.xlsx: My notes A1, a remark: Ask Sam\n"
        "  noted.xlsx: My notes B7, a remark: Is this right?\n"
        f"  noted.xlsx: Practices D7: registered list 12000, {WHOLE.practices[0].list_size} in book.xlsx\n"
    ) in err


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda sent: set_cells(sent, {("Start", "B5"): "U00001"}),
            "late.xlsx: is of PCN U00001, book.xlsx of U99901; leave it out, or correct the PCN code on its sheet Start\n",
        ),
        (
            lambda sent: set_cells(sent, {("Start", "B17"): "In month"}),
            "late.xlsx: counts each month alone, and book.xlsx does not; set the switch Counting on Start alike\n",
        ),
        (
            lambda _: Package.from_bytes(make(desk.content(1, macros=False, ruleset="2023-24.v1")), "x"),
            "late.xlsx: is of 2023/24, book.xlsx of 2025/26; leave it out\n",
        ),
        (
            lambda sent: typed(sent, {(FIRST, "HI-03", 2, "denominator"): "1,234"}),
            "late.xlsx: Counts J6: '1,234' is no count; write a whole number from 0 up, without commas\n",
        ),
    ],
)
def test_a_copy_that_cannot_be_right_is_refused(spoil, words, folder, sent, capsys):
    (folder / "late.xlsx").write_bytes(spoil(sent).to_bytes())
    before = (folder / "book.xlsx").read_bytes()
    assert collect(capsys, folder, "late.xlsx") == (12, "", words)
    assert (folder / "book.xlsx").read_bytes() == before


def test_a_file_of_figures_is_no_copy(folder, capsys):
    (folder / "plain.csv").write_text(desk.extract(WHOLE, MONTH), "utf-8")
    words = "plain.csv: text, not an Excel workbook; give the workbook (`fill` takes files of figures)\n"
    assert collect(capsys, folder, "plain.csv") == (12, "", words)


def test_who_is_right_must_be_one_of_them(folder, capsys):
    found = collect(capsys, folder, f"{FIRST}.xlsx", more=("--prefer", "Jo"))
    assert found == (12, "", f"--prefer: 'Jo' is none of the files; write book, files or one of {FIRST}.xlsx\n")


def test_many_copies_are_read_side_by_side_and_say_what_few_say(folder, sent, capsys):
    names = [f"{FIRST}.xlsx", f"{SECOND}.xlsx"]
    noted = set_cells(Package.open(folder / names[1]), {("Practices", "F7"): "Dr New"})
    (folder / names[1]).write_bytes(noted.to_bytes())
    few = collect(capsys, folder, *names, more=("--dry-run", "--format", "json"))
    for number in range(FEW):
        names.insert(1, f"{number}.xlsx")
        (folder / names[1]).write_bytes(sent.to_bytes())
    done = run("collect", folder / "book.xlsx", *(folder / name for name in names), "--dry-run", "--format", "json")
    assert (done.returncode, done.stdout, done.stderr) == few
    assert "practice lead Dr New" in done.stderr
    before = (folder / "book.xlsx").read_bytes()
    (folder / names[5]).write_bytes(set_cells(sent, {("Start", "B5"): "U00001"}).to_bytes())
    (folder / names[9]).write_bytes(b"cut")
    done = run("collect", folder / "book.xlsx", *(folder / name for name in names))
    assert (done.returncode, done.stdout) == (12, "")
    assert done.stderr == collect(capsys, folder, names[5])[2]
    assert (folder / "book.xlsx").read_bytes() == before


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_copies_give_one_result_in_any_order(data, sent, tmp_path_factory):
    """Which cells each file fills, with which of two figures, is drawn; so is the order in which they are read."""
    folder = tmp_path_factory.mktemp("copies")
    keys = [(who, "CAN-04", month, kind) for who in (FIRST, SECOND) for month in (9, MONTH) for kind in ("numerator", "denominator")]  # fmt: skip
    copies = []
    for number in range(3):
        figures = data.draw(st.dictionaries(st.sampled_from(keys), st.integers(30, 31), max_size=6))
        path = folder / f"{number}.xlsx"
        path.write_bytes(stamped(typed(sent, figures), f"2026-02-0{number + 1}T00:00:00Z").to_bytes())
        copies.append(read_copy(path, home_of(Workbook(sent))))
    saved = copies[1].saved
    results = []
    for order in data.draw(st.permutations(copies)), copies:
        found = collecting(Workbook(sent), saved, order)
        waiting = {(conflict.key, conflict.heading) for conflict in found.conflicts}
        results.append((to_type(found.changes), waiting))
        assert not waiting & {(change.figure.key, change.figure.heading) for change in found.changes}
    assert results[0] == results[1]
    assert set(recalculated(sent, results[0][0]).package.parts) == set(sent.parts)
