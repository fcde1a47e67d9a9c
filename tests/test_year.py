"""A whole year with a workbook, as `demo --year` plays it: at every step the totals are those of the core."""

from pathlib import Path

import pytest

from iif_reckoner import fictitious, rulesets, table
from iif_reckoner.cli import year
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.keep import backups
from iif_reckoner.package import Package
from tests import desk_books as desk
from tests.workbook_engines import Found, spot

PCN = fictitious.pcn()
LISTS = int(PCN.practices["list_size"].sum())


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The folder, and what the workbook said after each command."""
    folder = tmp_path_factory.mktemp("year") / "played"
    book = folder / year.BOOK
    seen = []
    doing = year._run

    def run(*arguments):
        doing(*arguments)
        seen.append((arguments[0], Package.open(book)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(year, "_run", run)
        year.play(folder)
    return folder, seen


def by_core(version, month):
    """Points and pounds of the whole PCN for a month's counts, by the table and the exact core."""
    rules = rulesets.load(version)
    # New rules find what was counted under the old ones.
    rows = year.counted(year.counts(), month)
    rows = rows[rows["indicator"].isin(rules.codes)]
    found = table.reckon_table(rules, table.by_pcn(rules, rows, PCN.members).pcns.assign(list_size=LISTS))
    return sum(found["points"].dropna()), sum(found["value_gbp"].dropna())


def totals(package):
    found = package.grid("Working", ["B"])
    cells = (found[f"B{spot(name)[1]}"] for name in ("total_points", "total_won"))
    return tuple(Found(cell.kind, cell.value) for cell in cells)


def test_the_totals_are_the_cores_at_every_step(played):
    _, seen = played
    month, version, checked, waiting = 0, year.VERSIONS[1], 0, False
    for command, package in seen:
        month += command == "fill"
        # From filling until their copies are collected, two practices have not sent theirs.
        waiting = month == year.BY_HAND and (command == "fill" or (waiting and command != "collect"))
        if command == "update":
            version = year.VERSIONS[month + 1]
        if not month or waiting:
            continue
        points, won = by_core(version, month)
        found = totals(package)
        assert found[0].value == pytest.approx(points, rel=1e-9), (command, month)
        assert found[1] == Found("number", pytest.approx(won, abs=1e-6)), (command, month)
        checked += 1
    # Filled and shared each month but the one that was filled in part; updated twice; collected; rolled over.
    assert (month, checked) == (12, 12 * 2 - 1 + 2 + 1 + 1)


def test_what_is_shared_shows_the_same(played):
    folder, _ = played
    for month in range(1, 13):
        shared = Package.open(folder / f"{month:02}" / "shared.xlsx")
        points, won = by_core(year.version(month), month)
        found = totals(shared)
        assert (found[0].value, found[1].value) == (pytest.approx(points), pytest.approx(won))


def test_nothing_typed_is_lost_on_the_way(played):
    folder, _ = played
    book = Workbook.open(folder / year.BOOK)
    assert book.ruleset_id == year.VERSIONS[9]
    rows = year.counts()
    rows = rows[rows["indicator"].isin(book.ruleset.codes)]
    # The rules of December brought back no month that was filled before them.
    since = {code: 1 if code in rulesets.load(year.VERSIONS[1]).codes else 9 for code in book.ruleset.codes}
    wanted = {
        (row["organisation_code"], row["indicator"], row["place"]): (row["numerator"], row["denominator"])
        for row in rows.to_dict("records")
        if row["place"] >= since[row["indicator"]]
    }
    assert book.content().counts == wanted
    assert len(backups(folder / year.BOOK)) == 12 + 2 + 1


def test_next_year_begins_with_what_stays(played):
    folder, _ = played
    book = Workbook.open(folder / "Ashwater-and-Fernhill-2022-23.xlsm").content()
    assert [practice.list_size for practice in book.practices] == PCN.practices["list_size"].tolist()
    assert book.counts == {}
    assert set(book.last_year) == {"VI-01", "VI-02", "VI-03"}
    rules = rulesets.load(year.VERSIONS[9])
    rows = year.counts()
    pcns = table.by_pcn(rules, rows[(rows["place"] == 12) & rows["indicator"].isin(rules.codes)], PCN.members).pcns
    rates = table.reckon_table(rules, pcns.assign(list_size=LISTS)).set_index("indicator")["achievement"]
    assert book.last_year == {code: pytest.approx(rates[code]) for code in book.last_year}


def test_a_folder_with_files_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    code, out, err = desk.ran(capsys, "demo", "--year", tmp_path)
    assert (code, out) == (12, "")
    assert err == f"{tmp_path}: holds files already; give a new folder, or empty this one first\n"
    assert [path.name for path in Path(tmp_path).iterdir()] == ["mine.txt"]
