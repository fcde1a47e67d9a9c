"""`rollover`: next year's workbook, with what goes on from the old one and last year's figures beside it."""

from dataclasses import replace
from datetime import date

import pytest

from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.figures.content import Action, Content, Planned, Switches
from iif_reckoner.package import Package, set_cells
from tests import workbook_engines as engines
from tests.desk_books import OWN_SHEET, dressed, ran, written

NAME = "Ashwater and Fernhill PCN IIF 2023-24.xlsm"


def last(ruleset="2022-23.v2", *, months=12, **more):
    """A workbook at the end of its year, with something of everything that people type."""
    of = engines.content(ruleset)
    first, second, third, *others = of.practices
    practices = (
        replace(first, lead="Dr Jo", start=date(2019, 7, 1), end=None),
        replace(second, end=date(2022, 9, 30)),
        replace(third, end=date(2024, 9, 30)),
        *others,
    )
    filled = {
        "practices": practices,
        "counts": {key: pair for key, pair in of.counts.items() if key[2] <= months},
        "last_year": {"VI-02": 0.5},
        "medians": {"VI-02": 0.6},
        "lists_on": date(2022, 1, 1),
        "planned": {
            "VI-02": Planned(tier="top", minutes=15, board_lead="Sam", practice_lead="Jo", helper="Al"),
            "VI-03": Planned(tier="discounted", minutes=3),
            "HI-01": Planned(board_lead="Kim"),
            "CVD-05": Planned(helper="Lee"),
        },
        "actions": (
            Action(what="Send the invitations", indicator="VI-02", owner="Sam", due=date(2022, 12, 1), state="open"),
            Action(what="Ring the care homes", practice="X99001", state="done"),
            Action(what="Order the vaccine", indicator="VI-03", state="doing"),
            Action(what="Ask the chemist", indicator="CVD-05", state="dropped"),
            Action(what="Look at the register", indicator="CVD-05"),
        ),
        "overrides": {("VI-02", "points"): 100, ("SCHEME", "point_value_gbp"): 201},
        "switches": Switches(month="Aug 2022", engine="Formulas", assumed="No"),
        "costs": 1200.5,
        "blend": {"equal": 0.25, "marginal": 0.75},
        "minimum": 100.0,
        "aspiration": ("On", 0.7),
        "aspiration_amount": 90_000.0,
        "macros": True,
    }
    return replace(of, **{**filled, **more})


def book(tmp_path, content, name="book.xlsm"):
    return written(tmp_path / name, make(content))


def rollover(capsys, path, *more, ruleset="2023/24"):
    return ran(capsys, "rollover", path, "--ruleset", ruleset, *more)


def achieved(content, month=12):
    return {code: row.achievement for code, row in engines.reckoned(content, month).items()}


def test_2022_23_to_2023_24(tmp_path, capsys):
    content = last()
    path = book(tmp_path, content)
    before = path.read_bytes()
    code, out, err = rollover(capsys, path)
    assert (code, out) == (0, f"{tmp_path / NAME}\n")
    was, new = achieved(content), rulesets.load("2023-24.v1", assumed=False)
    expected = Content(
        ruleset=new,
        assumed=rulesets.load("2023-24.v1"),
        pcn_code=content.pcn_code,
        pcn_name=content.pcn_name,
        practices=(content.practices[0], *content.practices[2:]),
        last_year={"VI-02": float(was["VI-02"]), "VI-03": float(was["VI-03"])},
        not_comparable=frozenset({"HI-03", "CAN-02"}),
        lists_on=date(2022, 1, 1),
        planned={"VI-02": Planned(board_lead="Sam", practice_lead="Jo", helper="Al")},
        actions=tuple(content.actions[place] for place in (0, 2, 4)),
        blend=content.blend,
        minimum=100.0,
    )
    assert Workbook.open(tmp_path / NAME).content() == expected
    assert (tmp_path / NAME).read_bytes() == make(expected)
    assert path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == [NAME, "book.xlsm"]
    gone = len(content.ruleset.indicators) - 4
    assert err.splitlines() == [
        "note: list sizes of 1 January 2022 used for 2023/24",
        "note: 1 practice that had left stays behind",
        "  X99002",
        "note: Last year: 2 indicators, position at the end of Mar 2023",
        "note: 2 indicators not comparable",
        "  HI-03, HI-01 in 2022/23: HI-03 asks for a recorded ethnicity as well",
        "  CAN-02, CAN-01 in 2022/23: a test result after the referral no longer counts",
        "note: new in 2023/24: ACC-08",
        f"note: {gone} indicators of 2022/23 did not go on",
        "note: 3 open actions carried on; 2 done or dropped stay behind",
        "note: 1 of them is of an indicator that 2023/24 does not have",
        "  CVD-05: Look at the register",
        "note: leads stay behind of HI-01, CVD-05",
        "note: 2 overrides stay behind",
        "  the scheme, value of a point: 201",
        "  VI-02, points: 100",
    ]


def test_compare_says_it_and_the_reckoner_stays_blank(tmp_path, capsys):
    content = last()
    rollover(capsys, book(tmp_path, content))
    package = Package.open(tmp_path / NAME)
    compare, reckoner = package.grid("Compare"), package.grid("Reckoner")
    column = next(cell.address[:-1] for cell in reckoner.values() if cell.row == 5 and cell.value == "Last year")
    shown = {
        cell.value: compare[f"D{cell.row}"].value
        for cell in compare.values()
        if cell.column == 1 and cell.row in range(7, 12)
    }
    typed = {
        cell.value: reckoner[f"{column}{cell.row}"].value
        for cell in reckoner.values()
        if cell.column == 1 and cell.row in range(6, 11)
    }
    was = achieved(content)
    known = {code: pytest.approx(float(was[code])) for code in ("VI-02", "VI-03")}
    assert shown == {**known, "HI-03": "not comparable", "CAN-02": "not comparable", "ACC-08": ""}
    assert typed == {**known, "HI-03": None, "CAN-02": None, "ACC-08": None}
    assert compare["A5"].value == "Not comparable: last year's indicator measured something else."


def test_a_figure_typed_for_last_year_stands_on_compare(tmp_path, capsys):
    from iif_reckoner.desk.recalculate import recalculated

    rollover(capsys, book(tmp_path, last()))
    package = Package.open(tmp_path / NAME)
    reckoner = package.grid("Reckoner")
    row = next(cell.row for cell in reckoner.values() if cell.value == "HI-03")
    column = next(cell.address[:-1] for cell in reckoner.values() if cell.row == 5 and cell.value == "Last year")
    found = Workbook(recalculated(package, {("Reckoner", f"{column}{row}"): 0.66}).package)
    assert found.content().last_year["HI-03"] == 0.66
    assert found.content().not_comparable == {"CAN-02"}


@pytest.mark.parametrize(
    ("old", "new", "same", "other"),
    [
        ("2021-22.v3", "2022/23", {"VI-01", "VI-02", "VI-03"}, set()),
        ("2023-24.v1", "2024-25.v1", {"HI-03", "CAN-02"}, set()),
        ("2024-25.v1", "2025/26", {"HI-03"}, {"CAN-04"}),
        ("2024-25.v2", "2025/26", {"HI-03", "CAN-04"}, set()),
        ("2025-26.v1", "2026/27", {"HI-03", "CAN-04"}, set()),
    ],
)
def test_other_years(tmp_path, capsys, old, new, same, other):
    content = engines.content(old)
    path = book(tmp_path, content, "book.xlsx")
    code, out, err = rollover(capsys, path, ruleset=new)
    assert code == 0, err
    found = Workbook.open(tmp_path / out.strip()).content()
    was = achieved(content)
    assert found.last_year == {code: float(was[code]) for code in same}
    assert found.not_comparable == other
    assert found.macros is False
    assumed = "note: numbers of 2026-27.v1 are not out; the workbook shows those of 2025-26.v1 as assumed"
    assert (assumed in err.splitlines()) == (new == "2026/27")


def test_a_year_that_is_not_over_says_so(tmp_path, capsys):
    content = last(months=9)
    _, out, err = rollover(capsys, book(tmp_path, content))
    assert (
        "note: Last year: 2 indicators, position at the end of Dec 2022, the newest month of 2022/23"
        in err.splitlines()
    )
    was = achieved(content, 9)
    assert Workbook.open(tmp_path / NAME).content().last_year == {code: float(was[code]) for code in ("VI-02", "VI-03")}


def test_a_year_without_figures(tmp_path, capsys):
    _, _, err = rollover(
        capsys, book(tmp_path, engines.content("2022-23.v2", "empty")), "--output", tmp_path / "new.xlsm"
    )
    assert err.splitlines()[:2] == [
        "note: list sizes used for 2023/24 are those of 2022/23, of a day that Start does not name",
        "note: no figures of 2022/23: Last year stays blank",
    ]
    assert Workbook.open(tmp_path / "new.xlsm").content().last_year == {}


def test_a_year_between_is_not_last_year(tmp_path, capsys):
    code, out, err = rollover(capsys, book(tmp_path, engines.content("2023-24.v1")), ruleset="2025/26")
    assert code == 0
    assert "note: 2023/24 is not the year before 2025/26: Last year stays blank" in err.splitlines()
    found = Workbook.open(tmp_path / out.strip()).content()
    assert (found.last_year, found.not_comparable) == ({}, frozenset())


def test_new_list_sizes(tmp_path, capsys):
    content = last()
    rows = [
        f"{practice.code},{practice.list_size + 100}" for practice in content.practices if practice.code != "X99005"
    ]
    lists = tmp_path / "lists.csv"
    lists.write_text("practice_code,list_size\n" + "\n".join(rows) + "\n")
    _, _, err = rollover(capsys, book(tmp_path, content), "--list-sizes", lists)
    found = {practice.code: practice.list_size for practice in Workbook.open(tmp_path / NAME).content().practices}
    old = {practice.code: practice.list_size for practice in content.practices if practice.code != "X99002"}
    assert found == {code: None if code == "X99005" else size + 100 for code, size in old.items()}
    lines = err.splitlines()
    assert lines[:2] == [
        "note: list sizes from lists.csv",
        "note: list sizes used for 2023/24 are those of lists.csv, which names no day",
    ]
    assert lines[2:4] == ["note: 1 practice has no list size in the file", "  X99005"]


def test_the_lists_of_a_published_file_bring_their_day(tmp_path, capsys, nhs_data):
    sizes = nhs_data / "gp-reg-pat-prac-quin-age.zip"
    _, _, err = rollover(capsys, book(tmp_path, last()), "--list-sizes", sizes)
    assert "note: list sizes of 1 July 2026 used for 2023/24" in err.splitlines()
    found = Workbook.open(tmp_path / NAME).content()
    assert found.lists_on == date(2026, 7, 1)
    assert {practice.list_size for practice in found.practices} == {None}


def test_a_name_that_no_file_can_have(tmp_path, capsys):
    path = book(tmp_path, last(pcn_name='North/South: "A" PCN?'))
    _, out, _ = rollover(capsys, path)
    assert out == f"{tmp_path / 'NorthSouth A PCN IIF 2023-24.xlsm'}\n"


def test_what_is_ones_own_stays_in_the_old_book(tmp_path, capsys):
    path = written(tmp_path / "book.xlsm", dressed(make(last())))
    code, _, err = rollover(capsys, path)
    assert code == 0
    assert f"note: in the old workbook only: sheets of your own ({OWN_SHEET})" in err.splitlines()


@pytest.mark.parametrize(
    ("more", "ruleset", "refused"),
    [
        ((), "2022-23.v1", (12, "book.xlsm: of 2022/23 already; for new rules of its year use `iif-reckoner update`")),
        ((), "2021/22", (12, "book.xlsm: of 2022/23, after 2021/22; give the rules of a later year")),
        ((), "2035/36", (11, None)),
        (("--output", "book.pdf"), "2023/24", (12, "--output: 'book.pdf' is no workbook's name; write one that ends in .xlsm or .xlsx")),
        (("--output", "book.xlsm", "--replace"), "2023/24", (12, "--output: book.xlsm is the workbook of 2022/23 itself; give another name")),
        (("--output", "there.xlsm"), "2023/24", (13, "there.xlsm: exists already; give another name, or --replace to overwrite it")),
    ],
)  # fmt: skip
def test_refused(tmp_path, capsys, monkeypatch, more, ruleset, refused):
    path = book(tmp_path, last())
    before = path.read_bytes()
    (tmp_path / "there.xlsm").write_bytes(b"mine")
    monkeypatch.chdir(tmp_path)
    found = rollover(capsys, path.relative_to(tmp_path), *more, ruleset=ruleset)
    code, line = refused
    assert found[:2] == (code, "")
    assert line is None or found[2] == f"{line}\n"
    assert (path.read_bytes(), (tmp_path / "there.xlsm").read_bytes()) == (before, b"mine")
    assert len(list(tmp_path.iterdir())) == 2
    assert rollover(capsys, path, "--output", tmp_path / "there.xlsm", "--replace")[0] == 0


def test_figures_that_cannot_be_are_refused_by_name(tmp_path, capsys):
    content = last()
    path = book(tmp_path, replace(content, counts={**content.counts, ("X99004", "VI-02", 12): (9, 3)}))
    assert rollover(capsys, path) == (
        12,
        "",
        "book.xlsm: Counts, X99004 at the end of Mar 2023: VI-02: numerator 9 is more than its denominator 3; "
        "check the two figures\n",
    )
    assert [file.name for file in tmp_path.iterdir()] == ["book.xlsm"]


def test_more_actions_than_the_log_has_room_for(tmp_path, capsys):
    path = book(tmp_path, last(actions=tuple(Action(what=f"Action {n}", state="open") for n in range(60))))
    path.write_bytes(set_cells(Package.open(path), {("Actions", "A66"): "One more"}).to_bytes())
    assert rollover(capsys, path) == (
        12,
        "",
        "book.xlsm: has 61 actions, and a workbook has room for 60; take out some that are done\n",
    )


def test_what_is_not_comparable_comes_back_whole():
    """A workbook that was read and made anew is the same, byte for byte."""
    for codes in (frozenset(), frozenset({"CAN-04"}), frozenset({"HI-03", "CAN-04"})):
        content = replace(engines.content("2025-26.v1"), not_comparable=codes)
        data = make(content)
        found = Workbook(Package.from_bytes(data, "book.xlsx")).content()
        assert found.not_comparable == codes
        assert make(found) == data


def test_the_workbook_rolled_over_agrees_with_the_core(tmp_path, capsys):
    """Every figure of the new book, worked out anew by an independent engine."""
    _, out, _ = rollover(capsys, book(tmp_path, last(), "book.xlsx"))
    package = Package.open(tmp_path / out.strip())
    cached = engines.formula_values(package)
    assert not engines.differences(cached, engines.by_formualizer(package, cached))


# Lists of headings

LIST = "ours,theirs\npractice_code,CDB\nindicator,Measure\nnumerator,Done\ndenominator,Of\nmonth,When\n"


def test_lists_of_headings_go_on_beside_the_new_workbook(tmp_path, capsys):
    path = book(tmp_path, last())
    fits, gone, there = (path.with_name(f"book headings {name}.csv") for name in ("emis", "old", "tpp"))
    fits.write_text(LIST + "VI-02,Flu 18 to 64\n")
    gone.write_text(LIST + "CVD-05,Anticoagulated\n")
    there.write_text(LIST)
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / "new headings tpp.csv").write_text("mine")
    code, _, err = rollover(capsys, path, "--output", tmp_path / "next" / "new.xlsm")
    assert code == 0
    assert err.splitlines()[:3] == [
        "note: book headings emis.csv goes on as new headings emis.csv",
        "note: book headings old.csv: row 7: no indicator 'CVD-05' in 2023-24.v1; the list stays behind, mend a "
        "copy and give it to `fill` with --headings",
        "note: new headings tpp.csv is there already and stays as it is",
    ]
    assert {file.name: file.read_text() for file in (tmp_path / "next").glob("*.csv")} == {
        "new headings emis.csv": fits.read_text(),
        "new headings tpp.csv": "mine",
    }
    assert sorted(file.name for file in tmp_path.glob("*.csv")) == [fits.name, gone.name, there.name]
