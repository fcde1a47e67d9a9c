"""`update`: other rules within the year, and books of an earlier layout; nothing that was typed is lost without a word."""

import json
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.earned import earned, in_force, newest
from iif_reckoner.desk.keep import backups
from iif_reckoner.figures.content import Action, Pasted, Planned, Switches
from iif_reckoner.layout.sheets import LAYOUT
from iif_reckoner.package import Package, set_cells
from tests import workbook_engines as engines
from tests.desk_books import OWN_SHEET, by_openpyxl, dressed, ran, written
from tests.test_package_books import parts_of

DONE = 9


def rich(ruleset, *, months=DONE, **more):
    """A workbook's content with something of everything that people type."""
    of = engines.content(ruleset)
    codes = of.ruleset.codes
    practices = (replace(of.practices[0], lead="Dr Jo", start=date(2021, 4, 1)), *of.practices[1:])
    filled = {
        "practices": practices,
        "counts": {key: pair for key, pair in of.counts.items() if key[2] <= months},
        "last_year": {codes[0]: 0.75},
        "medians": {codes[1]: 0.5},
        "not_comparable": frozenset({codes[2]}) if len(codes) > 2 else frozenset(),
        "lists_on": date(2022, 1, 1),
        "planned": {codes[0]: Planned(tier="top", minutes=15, board_lead="Sam", practice_lead="Jo", helper="Al")},
        "actions": (
            Action(what="Send the invitations", indicator=codes[0], owner="Sam", due=date(2022, 12, 1), state="open"),
            Action(what="Ring the care homes", practice="X99001", state="done"),
        ),
        "switches": Switches(month="Newest", assumed="Yes"),
        "costs": 1200.5,
        "blend": {"equal": 0.25, "marginal": 0.75},
        "minimum": 100.0,
        "aspiration": ("On", 0.7),
        "aspiration_amount": 90_000.0,
        "macros": True,
    }
    return replace(of, **{**filled, **more})


def under(content, ruleset):
    """What becomes of a content under other rules, said once more by hand."""
    new = rulesets.load(ruleset, assumed=False)
    codes = set(new.codes)
    return replace(
        content,
        ruleset=new,
        assumed=rulesets.load(ruleset),
        counts={key: pair for key, pair in content.counts.items() if key[1] in codes},
        baselines={key: pair for key, pair in content.baselines.items() if key[1] in codes},
        **{name: {code: value for code, value in getattr(content, name).items() if code in codes}
           for name in ("last_year", "medians", "planned")},
        not_comparable=content.not_comparable & codes,
        overrides={key: value for key, value in content.overrides.items() if key[0] in codes | {"SCHEME"}},
    )  # fmt: skip


def book(tmp_path, content, name="book.xlsm"):
    return written(tmp_path / name, make(content))


def update(capsys, path, *more):
    return ran(capsys, "update", path, *more)


def plain(value):
    return None if value is None else pytest.approx(float(value), abs=1e-9)


def reckoned_by_the_core(content, ruleset=None):
    return engines.reckoned(content, newest(content), ruleset)


# What it earns


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2022-23.v1", "2022-23.v2"),
        ("2021-22.v1", "2021-22.v2"),
        ("2021-22.v2", "2021-22.v3"),
        ("2024-25.v1", "2024-25.v2"),
    ],
)
def test_before_and_after_are_those_of_the_core(tmp_path, capsys, old, new):
    content = rich(old)
    path = book(tmp_path, content)
    before = path.read_bytes()
    code, out, _ = update(capsys, path, "--ruleset", new, "--format", "json")
    assert code == 0
    expected = under(content, new)
    one, other = reckoned_by_the_core(content), reckoned_by_the_core(expected)
    assert json.loads(out) == [
        {
            "indicator": name,
            "points_before": plain(one[name].points) if name in one else None,
            "points_after": plain(other[name].points) if name in other else None,
            "value_before_gbp": plain(one[name].value_gbp) if name in one else None,
            "value_after_gbp": plain(other[name].value_gbp) if name in other else None,
            "change": "withdrawn" if name not in other else "" if name in one else "new",
        }
        for name in (*content.ruleset.codes, *(c for c in expected.ruleset.codes if c not in content.ruleset.codes))
    ]
    assert Workbook.open(path).content() == replace(expected, national=None)
    # Where nobody has put in anything of their own, it is the workbook that would be made anew.
    assert list(parts_of(path.read_bytes()).items()) == list(parts_of(make(expected)).items())
    (kept,) = backups(path)
    assert kept.read_bytes() == before


def test_a_year_with_three_versions(tmp_path, capsys):
    content = rich("2021-22.v1")
    path = book(tmp_path, content)
    books = [path.read_bytes()]
    for version in ("2021-22.v2", "2021-22.v3"):
        assert update(capsys, path, "--ruleset", version)[0] == 0
        books.append(path.read_bytes())
    found = Workbook.open(path).content()
    assert found == under(under(content, "2021-22.v2"), "2021-22.v3")
    assert found.actions == content.actions
    assert {copy.read_bytes() for copy in backups(path)} == set(books[:2])


def test_the_workbook_shows_what_was_said(tmp_path, capsys):
    path = book(tmp_path, rich("2022-23.v1"))
    _, out, _ = update(capsys, path, "--ruleset", "2022-23.v2", "--format", "json")
    cells = Package.open(path).grid("Working")
    total = {name: cells[f"B{engines.PLACES[f'total_{name}'].area.row}"].value for name in ("points", "won")}
    lines = json.loads(out)
    assert total["points"] == pytest.approx(sum(line["points_after"] or 0 for line in lines))
    assert total["won"] == pytest.approx(sum(line["value_after_gbp"] or 0 for line in lines))


def test_what_is_pasted_counts_and_stays(tmp_path, capsys):
    content = rich("2022-23.v1", months=8)
    rows = [
        Pasted(practice=practice.code, indicator="PC-01", measure=kind, value=value)
        for practice in content.practices
        for kind, value in (("numerator", 130), ("denominator", 10_000))
    ]
    content = replace(content, pasted=tuple(rows), pasted_month="Dec 2022")
    path = book(tmp_path, content)
    _, out, _ = update(capsys, path, "--ruleset", "2022-23.v2", "--format", "json")
    line = next(line for line in json.loads(out) if line["indicator"] == "PC-01")
    # 1.3% lies a quarter of the way from 1.2% to 1.6%, and past the 1.2% of October.
    assert (line["points_before"], line["points_after"]) == (5, 20)
    found = Workbook.open(path)
    assert (found.content().pasted, found.content().pasted_month) == (content.pasted, "Dec 2022")
    cells = found.package.grid("Working")
    won = cells[f"B{engines.PLACES['total_won'].area.row}"].value
    assert won == pytest.approx(sum(line["value_after_gbp"] or 0 for line in json.loads(out)))


def test_the_table(tmp_path, capsys):
    content = rich("2024-25.v1")
    path = book(tmp_path, content)
    code, out, err = update(capsys, path, "--ruleset", "2024-25.v2")
    before = reckoned_by_the_core(content)
    points = {name: f"{float(row.points):,.2f}" for name, row in before.items()}
    pounds = {name: f"£{row.value_gbp:,.2f}" for name, row in before.items()}
    whole = [
        f"{float(sum(row.points for row in before.values())):,.2f}",
        f"£{sum(r.value_gbp for r in before.values()):,.2f}",
    ]
    lines = [line.split() for line in out.splitlines() if line.strip() and "─" not in line]
    assert lines == [
        "book.xlsm: 2024-25.v1 to 2024-25.v2, end of Dec 2024".split(),
        "indicator points before after won before after".split(),
        ["HI-03", points["HI-03"], points["HI-03"], pounds["HI-03"], pounds["HI-03"]],
        ["CAN-02", points["CAN-02"], pounds["CAN-02"], "withdrawn"],
        ["CAN-04", "new"],
        ["all", whole[0], points["HI-03"], whole[1], pounds["HI-03"]],
        ["No", "points", "can", "be", "worked", "out", "for", "CAN-04."],
    ]
    figures = 12 * DONE * 2
    assert err.splitlines() == [
        f"note: the workbook as it was is kept as {backups(path)[0].name}",
        f"note: in the kept copy only: {figures} figures of indicators that 2024-25.v2 does not use: CAN-02 {figures}",
        "note: in the kept copy only: what Plan, Reckoner and Compare held of CAN-02",
        "note: 1 indicator counts otherwise now; take its figures anew",
        "  CAN-04 for CAN-02: CAN-04 counts patients, CAN-02 counted referrals",
    ]


def test_last_year_of_an_indicator_that_was_replaced_is_not_comparable(tmp_path, capsys):
    path = book(tmp_path, rich("2024-25.v1", last_year={"HI-03": 0.7, "CAN-02": 0.6}, not_comparable=frozenset()))
    assert update(capsys, path, "--ruleset", "2024-25.v2")[0] == 0
    found = Workbook.open(path).content()
    assert (dict(found.last_year), found.not_comparable) == ({"HI-03": 0.7}, {"CAN-04"})


def test_the_month_chosen_on_start_is_the_one_that_is_reckoned(tmp_path, capsys):
    content = rich("2022-23.v1", switches=Switches(month="Aug 2022"))
    path = book(tmp_path, content)
    _, out, _ = update(capsys, path, "--ruleset", "2022-23.v2", "--format", "json")
    core = engines.reckoned(content, 5)
    assert {line["indicator"]: line["points_before"] for line in json.loads(out) if line["change"] != "new"} == {
        name: plain(row.points) for name, row in core.items()
    }
    assert Workbook.open(path).fact("Month") == "Aug 2022"


@pytest.mark.parametrize(
    ("fill", "counting"),
    [("full", "Cumulative"), ("half-empty", "Cumulative"), ("empty", "Cumulative"), ("full", "In month")],
)
def test_the_sums_of_a_content_are_those_of_the_table(fill, counting):
    """With every ruleset; months of their own only where every figure is there, as the table takes blanks otherwise."""
    for name in rulesets.ids():
        content = engines.content(name, fill)
        content = replace(content, switches=replace(content.switches, counting=counting))
        for month in (newest(content), 3):
            expected = engines.reckoned(content, month, in_month=counting == "In month")
            for own in earned(content, in_force(content), month).values():
                other = expected[own.code]
                assert (own.counts, own.points, own.value_gbp) == (other.counts, other.points, other.value_gbp)


def test_a_change_is_summed_over_practices_with_counts_and_baseline_alone():
    content = engines.content("2022-23.v2")
    counts = {key: pair for key, pair in content.counts.items() if key[:2] != ("X99002", "CVD-02")}
    baselines = {key: pair for key, pair in content.baselines.items() if key != ("X99001", "CVD-02")}
    for half in (replace(content, counts=counts, baselines=baselines), replace(content, baselines={})):
        found, expected = earned(half, in_force(half), 12)["CVD-02"], engines.reckoned(half, 12)["CVD-02"]
        assert (found.counts, found.points) == (expected.counts, expected.points)


# Overrides


def test_overrides_go_on_where_the_indicator_is_still_there(tmp_path, capsys):
    overrides = {("PC-01", "upper_threshold"): 150, ("ACC-02", "points"): 20, ("SCHEME", "point_value_gbp"): 201.5}
    content = rich("2022-23.v1", overrides=overrides)
    path = book(tmp_path, content)
    code, out, err = update(capsys, path, "--ruleset", "2022-23.v2", "--format", "json")
    assert code == 0
    assert "\n".join(err.splitlines()[2:8]) == (
        "note: 2 overrides go on\n"
        "  the scheme, value of a point: 201.5, published: 200\n"
        "  PC-01, upper threshold: 150, published: 120\n"
        "note: 1 override dropped: 2022-23.v2 has no such indicator\n"
        "  ACC-02, points: 20\n"
        "note: 2 indicators count otherwise now; take their figures anew"
    )
    found = Workbook.open(path)
    assert found.content().overrides == {key: overrides[key] for key in overrides if key[0] != "ACC-02"}
    after = reckoned_by_the_core(under(content, "2022-23.v2"), found.in_force)
    assert next(line for line in json.loads(out) if line["indicator"] == "PC-01")["value_after_gbp"] == float(
        after["PC-01"].value_gbp
    )


def test_an_override_that_does_not_fit_the_new_rules_is_refused(tmp_path, capsys):
    # Right under April's 1.2% to 1.6%, and below October's lower threshold of 0.8%.
    path = book(tmp_path, rich("2022-23.v1", overrides={("PC-01", "lower_threshold"): 130}))
    before = path.read_bytes()
    assert update(capsys, path, "--ruleset", "2022-23.v2") == (
        12,
        "",
        "book.xlsm: with what is typed over 2022-23.v2: Rules table, row PC-01: 'higher' is better, but the upper "
        "threshold is the smaller one; correct one of the two\n",
    )
    assert path.read_bytes() == before
    assert not backups(path)


# What stays behind


def test_figures_that_the_new_rules_do_not_use_are_named(tmp_path, capsys):
    path = book(tmp_path, rich("2021-22.v2"))
    _, _, err = update(capsys, path, "--ruleset", "2021-22.v3")
    line = next(line for line in err.splitlines() if "does not use" in line)
    each = dict(re.findall(r"([A-Z]+-\d+) (\d+)", line.partition("use: ")[2]))
    of_practices, of_pcn = 12 * DONE * 2, DONE * 2
    assert each == {
        **dict.fromkeys(
            "HI-01 HI-02 CVD-01 PC-01 EHCH-01 EHCH-02 EHCH-03 EHCH-04 ACC-02 ES-01 ES-02".split(), str(of_practices)
        ),
        "CVD-02": str(of_practices + 24),
        "ACC-03": str(of_pcn),
        "ACC-04": str(of_pcn),
    }
    total = sum(map(int, each.values()))
    assert line.startswith(
        f"note: in the kept copy only: {total:,} figures of indicators that 2021-22.v3 does not use: "
    )


def test_rows_of_nobody_are_named(tmp_path, capsys):
    path = book(tmp_path, rich("2024-25.v1", last_year={}, medians={}, planned={}))
    package = Package.open(path)
    typed = {("Counts", "A30"): "Z99999", ("Counts", "C30"): "HI-03", ("Counts", "G30"): 5, ("Counts", "H30"): 9}
    path.write_bytes(set_cells(package, typed).to_bytes())
    _, _, err = update(capsys, path, "--ruleset", "2024-25.v2")
    assert (
        "note: in the kept copy only: 2 figures in rows that belong to no practice of the workbook: Z99999 HI-03 2"
        in err
    )


def test_cells_beside_our_tables_are_not_lost_without_a_word(tmp_path, capsys):
    path = book(tmp_path, rich("2024-25.v1"))
    typed = {("Actions", "G6"): "Sam said no", ("Plan", "A60"): "See the minutes"}
    path.write_bytes(set_cells(Package.open(path), typed).to_bytes())
    code, _, err = update(capsys, path, "--ruleset", "2024-25.v2")
    assert (code, err) == (
        12,
        "book.xlsm: has cells of your own (Plan A60, Actions G6): they would stay in the backup only; "
        "move them to a sheet of your own first, or add --leave-behind\n",
    )


def test_nor_is_a_table_that_is_none_of_ours(tmp_path, capsys):
    path = book(tmp_path, rich("2024-25.v1"))
    package = Package.open(path)
    part = next(link.part for link in package.links(package.sheet("Actions").part) if link.kind == "table")
    renamed = package.part(part).replace(b'displayName="Actions"', b'displayName="Rota"')
    path.write_bytes(package.with_parts({part: renamed}).to_bytes())
    code, _, err = update(capsys, path, "--ruleset", "2024-25.v2")
    assert code == 12
    assert err.startswith("book.xlsm: has pictures, shapes or tables of your own (Actions): they would stay")


# What changes nothing


def test_a_dry_run_shows_the_same_and_changes_nothing(tmp_path, capsys):
    path = book(tmp_path, rich("2022-23.v1"))
    before = path.read_bytes()
    shown = update(capsys, path, "--ruleset", "2022-23.v2", "--dry-run")
    assert shown[0] == 0
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["book.xlsm"]
    done = update(capsys, path, "--ruleset", "2022-23.v2")
    assert shown[1] == done[1]
    assert shown[2].splitlines() == done[2].splitlines()[1:]


@pytest.mark.parametrize("asked", [("--ruleset", "2022-23.v2"), ("--ruleset", "2022/23"), ()])
def test_the_ruleset_that_it_has_already(tmp_path, capsys, asked):
    path = book(tmp_path, rich("2022-23.v2", overrides={("PC-01", "upper_threshold"): 150}))
    before = path.read_bytes()
    assert update(capsys, path, *asked) == (
        0,
        "",
        "note: book.xlsm is of 2022-23.v2 already, in the newest layout; nothing to change\n",
    )
    assert path.read_bytes() == before


def test_numbers_of_its_ruleset_that_were_put_right_since(tmp_path, capsys):
    content = rich("2025-26.v1", months=12)
    first, second = content.ruleset.indicators
    wrong = replace(content.ruleset, indicators=(first, replace(second, points=Fraction(30))))
    path = book(tmp_path, replace(content, ruleset=wrong, assumed=wrong))
    code, out, _ = update(capsys, path, "--format", "json")
    assert code == 0
    one, other = (reckoned_by_the_core(content, rules)["CAN-04"] for rules in (wrong, content.ruleset))
    assert json.loads(out)[1] == {
        "indicator": "CAN-04",
        "points_before": plain(one.points),
        "points_after": plain(other.points),
        "value_before_gbp": plain(one.value_gbp),
        "value_after_gbp": plain(other.value_gbp),
        "change": "",
    }
    assert one.points != other.points
    assert parts_of(path.read_bytes()) == parts_of(make(content))


@pytest.mark.parametrize(
    ("asked", "code", "line"),
    [
        (
            "2023/24",
            12,
            "book.xlsm: of 2022/23, and 2023-24.v1 is of 2023/24; for another year use `iif-reckoner rollover`",
        ),
        (
            "2021-22.v3",
            12,
            "book.xlsm: of 2022/23, and 2021-22.v3 is of 2021/22; for another year use `iif-reckoner rollover`",
        ),
        (
            "2022-23.v9",
            11,
            "no ruleset '2022-23.v9'; nearest: 2022-23.v1, 2022-23.v2; 'iif-reckoner rules list' shows all",
        ),
    ],
)
def test_refused(tmp_path, capsys, asked, code, line):
    path = book(tmp_path, rich("2022-23.v1"))
    before = path.read_bytes()
    found = update(capsys, path, "--ruleset", asked)
    assert found[:2] == (code, "")
    assert found[2].splitlines()[-1] == line or code == 11
    assert path.read_bytes() == before
    assert not backups(path)


def test_figures_that_cannot_be_are_refused_by_name(tmp_path, capsys):
    content = rich("2024-25.v1")
    counts = {**content.counts, ("X99003", "HI-03", DONE): (40, 30)}
    path = book(tmp_path, replace(content, counts=counts))
    before = path.read_bytes()
    assert update(capsys, path, "--ruleset", "2024-25.v2") == (
        12,
        "",
        "book.xlsm: Counts, X99003 at the end of Dec 2024: HI-03: numerator 40 is more than its denominator 30; "
        "check the two figures\n",
    )
    assert path.read_bytes() == before


def test_a_workbook_that_is_open_elsewhere(tmp_path, capsys):
    path = book(tmp_path, rich("2024-25.v1"))
    before = path.read_bytes()
    (tmp_path / "~$book.xlsm").touch()
    code, out, err = update(capsys, path, "--ruleset", "2024-25.v2")
    assert (code, out) == (13, "")
    assert "open in another program" in err
    assert path.read_bytes() == before


def test_one_that_changes_meanwhile_is_not_written_over(tmp_path, capsys, monkeypatch):
    from iif_reckoner.desk import redraw

    path = book(tmp_path, rich("2024-25.v1"))
    hers = make(rich("2024-25.v1", months=3))

    def and_meanwhile(content):
        path.write_bytes(hers)
        return make(content)

    monkeypatch.setattr(redraw, "make", and_meanwhile)
    code, out, err = update(capsys, path, "--ruleset", "2024-25.v2")
    assert (code, out) == (13, "")
    assert err.splitlines()[-1] == f"{path}: has changed since it was read; nothing written, run it again"
    assert path.read_bytes() == hers
    assert not backups(path)


# Earlier layouts

_ROW = re.compile(rb'<row r="(\d+)"(.*?)(?:/>|>(.*?)</row>)', re.S)
_CELL = re.compile(rb'<c r="([A-Z]+)\d+"(.*?)(?:/>|>(.*?)</c>)', re.S)
EARLIER = {
    "Practices": (2, {"A": "B", "B": "A", "D": "E", "E": "D"}),
    "Counts": (4, {"A": "C", "C": "A", "G": "H", "H": "G"}),
    "Plan": (1, {"J": "K", "K": "J", "G": "H", "H": "G"}),
    "Actions": (3, {"B": "E", "E": "B"}),
    "Rules": (2, {"A": "C", "C": "A"}),
    "Reckoner": (1, {"T": "U", "U": "T"}),
    "Start": (5, {}),
}
"""By how many rows each sheet lay lower, and which columns stood in each other's place."""


def of_layout_0(data):
    """The same workbook as an earlier program might have laid it out: tables further down, columns in another order."""
    package = Package.from_bytes(data, "book.xlsm")
    parts = {}
    for title, (down, columns) in EARLIER.items():
        part = package.sheet(title).part
        parts[part] = _ROW.sub(lambda row, down=down, columns=columns: _moved(row, down, columns), package.part(part))
    name = re.compile(rb'(<definedName name="IIF_LAYOUT"[^>]*>)\d+<')
    parts[package.workbook_part] = name.sub(rb"\g<1>0<", package.part(package.workbook_part))
    return package.with_parts(parts).to_bytes()


def _moved(row, down, columns):
    # The title in A1 and the line of the checks stay where they are.
    number = int(row[1]) + (down if int(row[1]) > 3 else 0)
    cells = {columns.get(cell[1].decode(), cell[1].decode()): cell for cell in _CELL.finditer(row[3] or b"")}
    written = [
        b'<c r="%s%d"%s' % (letters.encode(), number, cell[2])
        + (b"/>" if cell[3] is None else b">" + cell[3] + b"</c>")
        for letters, cell in sorted(cells.items(), key=lambda item: (len(item[0]), item[0]))
    ]
    return b'<row r="%d"%s>' % (number, row[2]) + b"".join(written) + b"</row>"


@pytest.mark.parametrize("new", [None, "2022-23.v2"])
def test_a_book_of_an_earlier_layout_is_lifted(tmp_path, capsys, new):
    content = rich("2022-23.v1", overrides={("PC-01", "upper_threshold"): 150})
    path = written(tmp_path / "book.xlsm", of_layout_0(make(content)))
    before = path.read_bytes()
    opened = Workbook.open(path)
    assert (opened.layout, opened.practices.head, opened.counts.table.columns["Practice code"]) == (0, 8, 3)
    assert opened.content() == content
    code, _, err = update(capsys, path, *(("--ruleset", new) if new else ()))
    assert code == 0
    assert f"note: book.xlsm is of layout 0, an earlier one; the newest is {LAYOUT}" in err.splitlines()
    assert path.read_bytes() == make(under(content, new) if new else content)
    assert Workbook.open(path).layout == LAYOUT
    (kept,) = backups(path)
    assert kept.read_bytes() == before


def test_sheets_of_ones_own_in_one_of_an_earlier_layout_are_not_lost_without_a_word(tmp_path, capsys):
    path = written(tmp_path / "book.xlsm", of_layout_0(dressed(make(rich("2022-23.v1")))))
    before = path.read_bytes()
    code, out, err = update(capsys, path)
    assert (code, out, err) == (
        12,
        "",
        f"book.xlsm: has sheets of your own ({OWN_SHEET}): they would stay in the backup only; "
        "move them to another workbook first, or add --leave-behind\n",
    )
    assert path.read_bytes() == before
    code, _, err = update(capsys, path, "--leave-behind")
    assert code == 0
    assert f"note: in the kept copy only: sheets of your own ({OWN_SHEET})" in err.splitlines()
    assert [copy.read_bytes() for copy in backups(path)] == [before]


def test_one_of_a_later_layout_is_refused_in_words(tmp_path, capsys):
    data = make(rich("2024-25.v1"))
    package = Package.from_bytes(data, "book.xlsm")
    part = package.workbook_part
    later = re.sub(rb'(<definedName name="IIF_LAYOUT"[^>]*>)\d+<', rb"\g<1>99<", package.part(part))
    path = written(tmp_path / "book.xlsm", package.with_parts({part: later}).to_bytes())
    assert update(capsys, path) == (
        12,
        "",
        f"book.xlsm: made by a newer version of the program (layout 99, this one knows up to {LAYOUT}); "
        "install the newer version\n",
    )


def test_lists_of_a_day_that_is_none_are_said(tmp_path, capsys):
    path = book(tmp_path, rich("2024-25.v1"))
    row = next(c.row for c in Package.open(path).cells("Start") if c.column == 1 and c.value == "List sizes of")
    path.write_bytes(set_cells(Package.open(path), {("Start", f"B{row}"): "spring"}).to_bytes())
    _, _, err = update(capsys, path, "--ruleset", "2024-25.v2")
    assert "note: 'spring' beside 'List sizes of' on Start is no day such as 1 January 2026; it is blank now" in err


def test_a_book_that_openpyxl_saved_holds_all_that_was_typed():
    """It keeps no values of formulas, so Plan, Reckoner and Compare do not say which indicator a row is of."""
    content = rich("2022-23.v1", overrides={("VI-02", "points"): 100}, macros=False)
    saved = by_openpyxl(make(content))
    assert {cell.value for cell in Package.from_bytes(saved, "book").cells("Plan", ["A"]) if cell.is_formula} == {None}
    assert Workbook(Package.from_bytes(saved, "book.xlsx")).content() == content
