"""`check`: every check counts what its formula on the sheet counts; totals that are not the file's own are named."""

import csv
import io
import json
import random
import shutil

import pytest

from iif_reckoner import rulesets
from iif_reckoner.build.evaluate import loaded, plain
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.check import checked, findings
from iif_reckoner.desk.check_counts import COUNTED
from iif_reckoner.desk.side_by_side import FEW
from iif_reckoner.figures.checks import CHECKS
from iif_reckoner.layout.sheets import SHEETS
from iif_reckoner.package import Package, column_letters, set_cached
from tests import desk_books as desk
from tests import workbook_engines as engines
from tests.test_cli import run
from tests.test_workbook_checks import FAULTS, MADE_UP, OF, row_of
from tests.workbook_engines import PLACES, spot

TOTALS = ("total_points", "total_won", "total_to_win")
WORDS = {"total_points": "Points earned", "total_won": "Pounds won", "total_to_win": "Pounds still to win"}
VALUES = "Values in the file are up to date"
ANEW = "in Excel press Ctrl+Alt+F9 and save"


def found_in(data, name="book.xlsx"):
    """What the command finds, the last line apart: how many by check, and the last finding."""
    *of_sheet, last = findings(Workbook(Package.from_bytes(data, name)))
    return [finding.found for finding in of_sheet], last


def address(place):
    return place[0], f"{column_letters(place[2])}{place[1]}"


class OnSheet:
    """The made-up workbook in formualizer, in which cells are typed and put back."""

    def __init__(self, fill="full"):
        self.package = engines.package(MADE_UP, fill)
        self.rows = rows(self.package)
        self._book = loaded(self.package.to_bytes(), python=False)
        self._before = {
            (sheet, cell.row, cell.column): cell.value
            for sheet, cell in engines.cells(self.package)
            if not cell.is_formula
        }
        self._book.evaluate_all()

    def with_typed(self, cells):
        """The counts of all checks on the sheet and the totals, once these cells are typed; and the file so saved."""
        self._type(cells)
        self._book.evaluate_all()
        counts = [plain(self._book.get_value("Checks", row, 2)) for row in self.rows]
        totals = {address(spot(name)): plain(self._book.get_value(*spot(name))) for name in TOTALS}
        self._type({place: self._before.get(place) for place in cells})
        typed = Package.from_bytes(engines.changed(self.package, cells), "book.xlsx")
        return counts, set_cached(typed, totals).to_bytes()

    def _type(self, cells):
        for place, value in cells.items():
            self._book.set_value(*place, float(value) if isinstance(value, int) else value)


def rows(package):
    """The row of each check on the sheet, by its words."""
    said = {cell.value: cell.row for cell in package.cells("Checks", ["A"])}
    return [said[check.what] for check in CHECKS]


@pytest.fixture(scope="module")
def sheet():
    return OnSheet()


@pytest.fixture(scope="module")
def half_empty():
    return OnSheet("half-empty")


def test_every_check_of_the_sheet_is_counted_here():
    assert list(COUNTED) == [check.key for check in CHECKS]


@pytest.mark.parametrize("name", FAULTS)
def test_of_each_fault_as_many_are_found_as_on_the_sheet(name, sheet):
    cells, expected = FAULTS[name]
    counts, data = sheet.with_typed(cells)
    assert counts == [expected.get(place, 0) for place in range(len(CHECKS))]
    found, values = found_in(data)
    assert found == counts
    assert values.found == 0, values.where


FIGURES = (0, 1, 5, 12, 250, 3000, 90_000_000, -3, 0.5, 2.5, "1,234", "56", "many", None)
OVERRIDES = (0, -5, 5, 7.5, 65, 0.65, 6500, 8000, 9000, 12_000, "65", "6500", "many", None)
CODES = (None, "Y99999", OF.practices[0].code.lower(), OF.practices[1].code)


MEASURES = ("numerator", "denominator", "SLD-01 numerator", "Denominator", "PCAs", None)
ON_PASTE = ("paste_practice", "paste_indicator", "paste_measure", "paste_value")


def on_paste(row, practice, indicator, measure, value):
    """A row on Paste."""
    return {spot(name, row): cell for name, cell in zip(ON_PASTE, (practice, indicator, measure, value), strict=True)}


def pasted_at_random(dice):
    """Some rows on Paste, and perhaps the month of all of them."""
    row = dice.randrange(12)
    practice, indicator = dice.choice(CODES), dice.choice([*OF.ruleset.codes[:4], "ZZ-1", None])
    cells = on_paste(row, practice, indicator, dice.choice(MEASURES), dice.choice(FIGURES))
    for kind, value in (("numerator", dice.choice((0, 12, 250))), ("denominator", dice.choice((0, 250, 3000)))):
        row += 12
        cells |= on_paste(row, practice, indicator, kind, value)
    return cells | ({spot("paste_month"): dice.choice(OF.months)} if dice.random() < 0.7 else {})


def typed_at_random(dice):
    """A cell that somebody may type in, and something in it that may be wrong."""
    used = len(OF.practices) * len(OF.ruleset.indicators) + 4
    row = dice.choice([dice.randrange(used), dice.randrange(40), 1600])
    practice = dice.randrange(len(OF.practices) + 3)
    rule = dice.choice([name for name in PLACES if name.startswith("rule_") and name.endswith("_override")])
    height = PLACES[rule].area.height
    place, value = dice.choice(
        [
            (spot("pairs", row, dice.randrange(24)), dice.choice(FIGURES)),
            (spot("pairs", row, dice.choice([22, 23])), dice.choice(FIGURES)),
            (spot(dice.choice(["base_num", "base_den"]), row), dice.choice(FIGURES)),
            (spot("practice_list", practice), dice.choice(FIGURES)),
            (spot("practice_code", practice), dice.choice(CODES)),
            (spot("count_practice", row), dice.choice([*CODES, OF.pcn_code])),
            (spot("count_indicator", row), dice.choice([None, "ZZ-1", *OF.ruleset.codes])),
            (spot(rule, dice.randrange(min(height, len(OF.ruleset.codes) + 1))), dice.choice(OVERRIDES)),
            (spot("counting"), dice.choice(["In month", "in month", "Cumulative"])),
            (spot("chosen_month"), dice.choice([*OF.months, "Newest", "some day", None])),
            (spot("pcn_code"), dice.choice([None, "U99999", OF.practices[0].code])),
        ]
    )
    return {place: value}


def at_random(seed):
    dice = random.Random(seed)
    cells = {}
    for _ in range(dice.choice([1, 1, 2, 3, 6])):
        cells |= typed_at_random(dice)
    for _ in range(dice.choice([0, 0, 1, 4, 12])):
        cells |= pasted_at_random(dice)
    return cells


@pytest.mark.parametrize("fill", ["full", "half-empty"])
def test_of_faults_at_random_as_many_are_found_as_on_the_sheet(fill, sheet, half_empty):
    of = sheet if fill == "full" else half_empty
    seen = set()
    for seed in range(40):
        cells = at_random(seed)
        counts, data = of.with_typed(cells)
        found, values = found_in(data)
        assert found == counts, cells
        # The functions refuse a table of Rules that the formulas still make something of.
        assert values.found == 0 or values.where.startswith("the figures cannot be reckoned: Rules table, row "), cells
        seen |= {key for key, count in zip(COUNTED, found, strict=True) if count}
    assert len(seen) > 8


FIRST, LATER = OF.practices[0].code, OF.months[8]


def both_on_paste(numerator, denominator, more=0, indicator="SLD-01"):
    return (
        on_paste(0, FIRST, indicator, "numerator", numerator)
        | on_paste(1, FIRST, indicator, "denominator", denominator)
        | on_paste(2, FIRST, indicator, "numerator", numerator if more else None)
        | {spot("paste_month"): LATER}
    )


HOLES = {"list_blank": 1, "falls": 12}
"""What is found in the half-empty workbook as it is: a month of which a practice has no figures falls."""

IN_A_BLANK_MONTH = {
    "nothing else": ({}, {}),
    "half a patient in a baseline": (
        {spot("base_num", row_of("IMP-01")): 0.5},
        {"no_count": 1, "pcn_over": 1, "points_over": "#VALUE!"},
    ),
    "a pasted month below the one before": (both_on_paste(0, 900), {"falls": 13}),
    "a pasted practice with more done than there are": (
        both_on_paste(901, 900),
        {"pcn_over": 1, "practice_over": 1, "falls": 13, "points_over": "#VALUE!"},
    ),
    "a figure that is pasted twice": (both_on_paste(0, 900, more=1), {"pasted_twice": 1}),
    "a pasted figure that is none": (both_on_paste(0.5, 900), {"pasted_no_count": 1}),
    "pasted text": (both_on_paste("*", 900), {"pasted_no_count": 1}),
    "pasted under the code of CQRS": (
        both_on_paste(0, 900, indicator="IIF-1") | {spot("rule_cqrs"): "iif-1"},
        {"falls": 13},
    ),
    "pasted under a code that two have": (
        both_on_paste(0, 900, indicator="IIF-1") | {spot("rule_cqrs"): "iif-1", spot("rule_cqrs", 1): "IIF-1"},
        {"pasted_left": 2},
    ),
    "pasted without a month": (both_on_paste(0, 900) | {spot("paste_month"): None}, {"pasted_left": 2}),
    "pasted rows that nobody wants": (
        on_paste(0, FIRST, "ZZ-99", "numerator", 1)
        | on_paste(1, FIRST, None, "numerator", 1)
        | on_paste(2, "Y99999", "SLD-01", "numerator", 1)
        | on_paste(3, None, "SLD-01", "numerator", 1)
        | on_paste(4, FIRST, "SLD-01", "PCAs", 1)
        | on_paste(5, FIRST, "SLD-01", "sld-01 DENOMINATOR", 900)
        | on_paste(6, FIRST, "ZZ-99", "numerator", None)
        | {spot("paste_month"): LATER, spot("paste_below"): FIRST, spot("paste_below", 100, 3): 1},
        {"pasted_left": 7},
    ),
    "half of a pasted pair": (both_on_paste(None, 900), {}),
    "a pasted month counted alone": (
        both_on_paste(9_999, 1) | {spot("counting"): "In month"},
        {"pcn_over": 1, "practice_over": 2, "falls": 0, "points_over": "#VALUE!"},
    ),
}


@pytest.mark.parametrize("name", IN_A_BLANK_MONTH)
def test_what_is_pasted_counts_as_on_the_sheet(name, half_empty):
    cells, expected = IN_A_BLANK_MONTH[name]
    counts, data = half_empty.with_typed(cells | {spot("chosen_month"): LATER})
    found, values = found_in(data)
    assert found == counts
    assert values.found == 0, values.where
    assert dict(zip(COUNTED, found, strict=True)) == dict.fromkeys(COUNTED, 0) | HOLES | expected


@pytest.mark.parametrize("ruleset", rulesets.ids())
def test_shipped_rulesets_as_the_sheet_has_them(ruleset):
    for fill in engines.FILLS:
        package = engines.package(ruleset, fill)
        on_sheet = engines.formula_values(package)
        found, values = found_in(package.to_bytes())
        assert found == [on_sheet["Checks", row, 2].value for row in rows(package)]
        assert values.found == 0, values.where


BROKEN = {
    "a figure of the shown month": spot("pairs", 0, 23),
    "a figure of an earlier month": spot("pairs", 0, 2),
    "a baseline": spot("base_num", row_of("IMP-01")),
    "a list size": spot("practice_list"),
    "an indicator": spot("count_indicator"),
    "a practice": spot("count_practice"),
}


@pytest.fixture(scope="module")
def broken(sheet):
    """Workbooks with an error in a cell, which only a file can hold."""
    books = {}
    for name, place in BROKEN.items():
        title, at = address(place)
        part = sheet.package.sheet(title).part
        data = sheet.package.part(part)
        start = data.index(f'<c r="{at}"'.encode())
        end = data.index(b"</c>", start)
        cell = f'<c r="{at}" t="e"><v>#N/A</v>'.encode()
        books[f"{name}.xlsx"] = sheet.package.with_parts({part: data[:start] + cell + data[end:]}).to_bytes()
    return books


def test_an_error_in_a_cell_comes_out_where_libreoffice_has_it(broken, sheet, tmp_path):
    """formualizer passes over errors where it adds up."""
    wanted = [("Checks", row, 2) for row in sheet.rows]
    for name, package in engines.by_office(tmp_path, broken).items():
        values = engines.all_values(package, wanted)
        found, _ = found_in(broken[name])
        assert found == [values[place].value for place in wanted], name
        assert "#N/A" in found, name


def test_truth_in_a_cell_is_no_number(sheet):
    """As in Excel; formualizer and LibreOffice take TRUE for 1."""
    cells = {spot("pairs", 1600): True, spot("practice_list"): True, spot("rule_points_override"): True}
    found, _ = found_in(engines.changed(sheet.package, cells))
    wrong = {key: count for key, count in zip(COUNTED, found, strict=True) if count}
    assert wrong == {"text": 1, "no_list": 1, "list_blank": 1, "overrides": 1}


def test_figures_beyond_all_bounds(sheet):
    cells = {spot(name, row): 1e308 for row in (0, 1) for name in ("pairs", "practice_list", "rule_points_override")}
    found, values = found_in(engines.changed(sheet.package, cells))
    wrong = {key: count for key, count in zip(COUNTED, found, strict=True) if count}
    assert wrong == {"no_list": 1, "falls": 22}
    assert values.found == 3


# The totals in the file


def carrying(package, totals):
    return set_cached(package, {address(spot(name)): value for name, value in totals.items()})


def values_of(package):
    return list(findings(Workbook(package)))[-1]


@pytest.fixture(scope="module")
def totals(sheet):
    found = engines.formula_values(sheet.package)
    return {name: found[spot(name)].value for name in TOTALS}


@pytest.mark.parametrize("name", TOTALS)
@pytest.mark.parametrize("macros", [False, True])
def test_a_planted_total_is_named(name, macros, totals):
    package = engines.package(MADE_UP, macros=macros)
    finding = values_of(carrying(package, {name: 1234.5}))
    right = f"{round(totals[name], 6):,}"
    assert (finding.key, finding.what, finding.found, finding.where) == (
        "values",
        VALUES,
        1,
        f"{WORDS[name]} is 1,234.5 in the file and {right} by its figures; {ANEW}",
    )


@pytest.mark.parametrize("name", TOTALS)
def test_a_penny_is_seen_and_what_no_penny_shows_is_not(name, sheet, totals):
    assert values_of(carrying(sheet.package, {name: totals[name] + 0.01})).found == 1
    assert values_of(carrying(sheet.package, {name: totals[name] - 0.01})).found == 1
    assert values_of(carrying(sheet.package, {name: totals[name] * (1 + 1e-12)})).found == 0


@pytest.mark.parametrize(
    ("planted", "said"), [("see Checks", "'see Checks'"), ("#VALUE!", "'#VALUE!'"), (None, "blank")]
)
def test_a_total_that_is_none_is_named(planted, said, sheet, totals):
    finding = values_of(carrying(sheet.package, {"total_points": planted}))
    assert finding.where == (
        f"Points earned is {said} in the file and {round(totals['total_points'], 6):,} by its figures; {ANEW}"
    )


def test_a_new_figure_without_new_totals_is_seen(sheet):
    place = engines.count_spot(OF, OF.practices[0].code, "SLD-01", 12)
    typed = Package.from_bytes(engines.changed(sheet.package, {place: 0}), "book.xlsx")
    finding = values_of(typed)
    assert finding.found == 3
    assert finding.where.count(" in the file and ") == 3


def test_where_a_check_stops_the_totals_they_are_text(sheet, totals):
    typed = Package.from_bytes(engines.changed(sheet.package, {spot("pairs"): "1,234"}), "book.xlsx")
    finding = values_of(typed)
    said = [f"{WORDS[name]} is {round(totals[name], 6):,}" for name in TOTALS]
    assert finding.found == 3
    assert finding.where == f"{', '.join(said)} in the file, but a check stops the totals; {ANEW}"
    stopped = carrying(typed, dict.fromkeys(TOTALS, "see Checks"))
    assert values_of(stopped).found == 0
    broken = values_of(carrying(stopped, {"total_won": "#VALUE!"}))
    assert broken.where == f"Pounds won is '#VALUE!' in the file, but a check stops the totals; {ANEW}"


def test_a_table_of_rules_that_the_functions_refuse(sheet):
    cells = {spot("rule_point_value_gbp_override"): "many"}
    finding = values_of(Package.from_bytes(engines.changed(sheet.package, cells), "book.xlsx"))
    assert (finding.found, finding.where) == (
        3,
        "the figures cannot be reckoned: Rules table, row SCHEME, point_value_gbp_override: 'many' is not a number; "
        "write a number",
    )


def test_values_of_an_earlier_layout_are_not_compared(sheet):
    part = sheet.package.workbook_part
    text = sheet.package.part(part)
    assert text.count(b">1</definedName>") == 1
    earlier = sheet.package.with_parts({part: text.replace(b">1</definedName>", b">0</definedName>")})
    assert [finding.key for finding in findings(Workbook(earlier))] == list(COUNTED)


# Workbooks as people leave them


def test_renamed_sheets_and_what_other_programs_save(sheet, totals):
    part = sheet.package.workbook_part
    text = sheet.package.part(part)
    for title in ("Counts", "Practices", "Rules", "Start", "Working", "Paste"):
        text = text.replace(f'name="{title}"'.encode(), f'name="My {title}"'.encode())
        text = text.replace(f">{title}!".encode(), f">'My {title}'!".encode())
    assert text.count(b"My Working") == 6
    renamed = sheet.package.with_parts({part: text})
    assert [finding.found for finding in findings(Workbook(renamed))] == [0] * (len(CHECKS) + 1)
    of, values = found_in(desk.by_openpyxl(sheet.package.to_bytes()))
    assert of == [0] * len(CHECKS)
    said = [f"{WORDS[name]} is blank in the file and {round(totals[name], 6):,} by its figures" for name in TOTALS]
    assert (values.found, values.where) == (3, f"{', '.join(said)}; {ANEW}")


def without(package, key):
    """A workbook from which somebody deleted a sheet."""
    mark = next(sheet.name for sheet in SHEETS if sheet.key == key)
    part = package.workbook_part
    return package.with_parts({part: package.part(part).replace(mark.encode(), b"GONE")})


@pytest.mark.parametrize(("key", "title"), [("counts", "Counts"), ("working", "Working"), ("paste", "Paste")])
def test_a_deleted_sheet_is_named(key, title, sheet, tmp_path):
    path = desk.written(tmp_path / "book.xlsx", without(sheet.package, key).to_bytes())
    problem = f"has no sheet {title} (its mark IIF_SHEET_{key.upper()} is gone); take an older copy"
    assert checked(path).problem == problem


# The command

FAULTY = {spot("pairs"): "1,234", spot("practice_list"): None}
ON_SHEET = [check.what for check in CHECKS]


@pytest.fixture(scope="module")
def files(tmp_path_factory, sheet):
    """Three workbooks of which two are well, a kept copy, what Excel keeps beside an open one, and others."""
    folder = tmp_path_factory.mktemp("books")
    well = sheet.package.to_bytes()
    (folder / "A well.xlsx").write_bytes(well)
    (folder / "B faulty.xlsx").write_bytes(engines.changed(sheet.package, FAULTY))
    (folder / "C well.XLSM").write_bytes(engines.made(MADE_UP, macros=True))
    (folder / "D cut.xlsx").write_bytes(well[:20_000])
    (folder / "A well backup 2031-05-01 120000.xlsx").write_bytes(b"a kept copy")
    (folder / "A well backup 2031-05-01 120000 2.xlsx").write_bytes(b"a kept copy")
    (folder / "~$A well.xlsx").write_bytes(b"Excel's own")
    (folder / "counts.csv").write_text("no workbook")
    return folder


def lines(text):
    """A table's lines without the spaces that only fill them up."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip(" ─")]


def test_one_workbook_that_is_well(files, capsys):
    code, out, err = desk.ran(capsys, "check", files / "A well.xlsx")
    assert (code, err) == (0, "")
    assert lines(out) == [
        "A well.xlsx",
        "check found result where to look",
        *(f"{what} 0 OK" for what in (*ON_SHEET, VALUES)),
        f"All {len(CHECKS) + 1} checks are OK",
    ]
    code, out, err = desk.ran(capsys, "check", files / "A well.xlsx", "--quiet")
    assert (code, out, err) == (0, f"All {len(CHECKS) + 1} checks are OK\n", "")


def test_one_workbook_that_needs_a_look(files, capsys, totals):
    code, out, err = desk.ran(capsys, "check", files / "B faulty.xlsx")
    assert (code, err) == (14, "")
    where = {check.key: check.where for check in CHECKS}
    said = ", ".join(f"{WORDS[name]} is {round(totals[name], 6):,}" for name in TOTALS)
    seen = {check.key: f"{check.what} 0 OK" for check in CHECKS}
    seen["text"] = f"{seen['text'][:-5]} 1 Look {where['text']}"
    seen["list_blank"] = f"{seen['list_blank'][:-5]} 1 Look {where['list_blank']}"
    assert " ".join(lines(out)) == " ".join(
        (
            "B faulty.xlsx check found result where to look",
            *seen.values(),
            f"{VALUES} 3 Look {said} in the file, but a check stops the totals; {ANEW}",
            f"3 of {len(CHECKS) + 1} checks need a look",
        )
    )
    _, out, _ = desk.ran(capsys, "check", files / "B faulty.xlsx", "--quiet")
    assert " OK" not in out
    assert lines(out)[-1] == f"3 of {len(CHECKS) + 1} checks need a look"


def in_short(path):
    return "; ".join(f"{finding.what} (found {finding.found})" for finding in checked(path).wrong)


def test_a_folder_and_a_file_that_is_not_there(files, capsys):
    absent = files / "not there.xlsm"
    faulty = files / "B faulty.xlsx"
    rows_of = {
        files / "A well.xlsx": "OK",
        faulty: f"{ON_SHEET[0]} (found 1); {ON_SHEET[5]} (found 1); {VALUES} (found 3)",
        files / "C well.XLSM": "OK",
        files / "D cut.xlsx": "damaged or cut off; fetch or copy the file again",
        absent: "no such file",
    }
    assert in_short(faulty) == rows_of[faulty]
    code, out, err = desk.ran(capsys, "check", files, absent, files / "A well.xlsx")
    assert (code, err) == (14, "")
    assert words_of(out) == words_of(
        "file checks that need a look "
        + " ".join(f"{path} {said}" for path, said in rows_of.items())
        + " 2 of 5 workbooks are well"
    )
    code, out, err = desk.ran(capsys, "check", files, "--quiet")
    assert code == 14
    assert "A well.xlsx" not in out
    assert lines(out)[-1] == "2 of 4 workbooks are well"


def words_of(text):
    """The letters of a table, which folds long names where its columns end."""
    return sorted("".join(text.replace("─", " ").split()))


def test_machines_get_a_row_for_each_check(files, capsys):
    code, out, _ = desk.ran(capsys, "check", files, "--format", "json")
    assert code == 14
    found = json.loads(out)
    well = [{"check": check.key, "what": check.what, "found": 0, "result": "OK", "where": None} for check in CHECKS]
    well.append({"check": "values", "what": VALUES, "found": 0, "result": "OK", "where": None})
    by_file = {}
    for row in found:
        by_file.setdefault(row.pop("file"), []).append(row)
    assert list(by_file) == [
        str(files / name) for name in ("A well.xlsx", "B faulty.xlsx", "C well.XLSM", "D cut.xlsx")
    ]
    assert by_file[str(files / "A well.xlsx")] == by_file[str(files / "C well.XLSM")] == well
    assert by_file[str(files / "D cut.xlsx")] == [
        {
            "check": "file",
            "what": "The file can be read",
            "found": None,
            "result": "Look",
            "where": "damaged or cut off; fetch or copy the file again",
        }
    ]
    wrong = [row for row in by_file[str(files / "B faulty.xlsx")] if row["result"] == "Look"]
    assert [(row["check"], row["found"]) for row in wrong] == [("text", 1), ("list_blank", 1), ("values", 3)]
    assert wrong[0]["where"] == CHECKS[0].where
    _, out, _ = desk.ran(capsys, "check", files, "--format", "csv", "--quiet")
    shown = list(csv.DictReader(io.StringIO(out)))
    assert [(row["check"], row["found"]) for row in shown] == [
        ("text", "1"),
        ("list_blank", "1"),
        ("values", "3"),
        ("file", ""),
    ]


def test_a_folder_without_a_workbook(tmp_path, capsys):
    code, out, err = desk.ran(capsys, "check", tmp_path)
    assert (code, out) == (13, "")
    assert err == f"{tmp_path}: no workbook in this folder; give the folder that holds .xlsm or .xlsx files\n"


def test_many_workbooks_are_spread_and_come_back_in_their_order(files, tmp_path):
    for number in range(FEW + 5):
        source = "B faulty.xlsx" if number % 10 == 3 else "D cut.xlsx" if number == 7 else "A well.xlsx"
        shutil.copy(files / source, tmp_path / f"{number:03}.xlsx")
    done = run("check", tmp_path, "--format", "json")
    assert (done.returncode, done.stderr) == (14, "")
    found = json.loads(done.stdout)
    expected = []
    for path in sorted(tmp_path.iterdir()):
        one = checked(path)
        expected += [(str(path), finding.key, finding.found) for finding in one.findings] or [(str(path), "file", None)]
    assert [(row["file"], row["check"], row["found"]) for row in found] == expected
    done = run("check", tmp_path)
    assert lines(done.stdout)[-1] == f"{FEW + 5 - 4} of {FEW + 5} workbooks are well"
