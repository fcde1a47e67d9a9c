"""Weak links and fair shares in the cells of Practice gaps, against Python, in every year and three engines."""

from dataclasses import replace

import pytest

from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.desk.rollover import rolled_over
from iif_reckoner.desk.update import updated
from iif_reckoner.errors import InputError
from iif_reckoner.figures.content import Sharing
from iif_reckoner.figures.practice_gaps import TABLES
from iif_reckoner.package import Package
from iif_reckoner.plan.shares import BY, TO, shares
from iif_reckoner.plan.weak_links import weak_links
from tests import workbook_engines as engines
from tests.test_workbook_figures import YEARS
from tests.workbook_engines import FILLS, MADE_UP, Found, spot

HOURS = (7.5, 0, 12, 3.25, 40, 1.005, 6, 6, 10, 0.5, 2, 30)
BLANK = Found("text", "")
CASES = [
    pytest.param(year, fill, BY[place % len(BY)], ("upper", "lower")[place // len(BY) % 2], id=f"{year[-12:]} {fill}")
    for place, year in enumerate(YEARS)
    for fill in FILLS
]
ALL_WAYS = [pytest.param(by, to, id=f"{by} {to}") for by in BY for to in TO]


def content(year, fill="full", by="own gap", to="upper", hours=HOURS):
    of = engines.content(year, fill)
    members = [
        replace(practice, hours=hours[place] if place < len(hours) else None)
        for place, practice in enumerate(of.practices)
    ]
    return replace(of, practices=tuple(members), sharing=Sharing(by=by.capitalize(), to=TO[to].capitalize()))


def expected(of):
    """What each cell must show: figure, place and value; blank where nothing is expected."""
    book = Workbook(Package.from_bytes(make(of), "book.xlsx"))
    found = position(book)
    by = next(by for by in BY if by.capitalize() == of.sharing.by)
    to = next(to for to, words in TO.items() if words.capitalize() == of.sharing.to)
    places = {code: right for right, code in enumerate(of.ruleset.codes)}
    cells = {}
    for row in weak_links(found):
        right, own = places[row.indicator.code], row.at_average
        cells["below_average", 0, right] = row.held or len(row.below)
        if own is None:
            continue
        cells |= {("at_upper", 0, right): len(row.there), ("average_points", 0, right): own.points}
        cells |= {("average_value", 0, right): own.value_gbp, ("average_gain", 0, right): row.gain}
        cells |= {("to_average", down, right): link.to_average for down, link in enumerate(row.links)}
    for row in shares(found, by, to):
        right = places[row.indicator.code]
        cells |= {("share_needed", 0, right): row.patients, ("share_how", 0, right): row.how}
        cells |= {("share_patients", down, right): share.patients for down, share in enumerate(row.shares)}
    return book.package, {key: value for key, value in cells.items() if value is not None}


NAMES = ("below_average", "at_upper", "average_points", "average_value", "average_gain", "to_average")
NAMES += ("share_needed", "share_how", "share_patients")
EXACTLY = {"average_value", "average_gain", "to_average", "share_needed", "share_patients", "at_upper"}


def spots():
    for name in NAMES:
        area = engines.PLACES[name].area
        for down in range(area.height):
            for right in range(area.width):
                yield (name, down, right), spot(name, down, right)


SHOWN_NOTE = ("Practice gaps", TABLES.shares_head - 2, 3)
WANTED = (*dict(spots()).values(), spot("share_note"), SHOWN_NOTE)


def worked_out(package):
    """What the file itself says."""
    return engines.all_values(package, WANTED)


def wrong(cells, values):
    """Every cell that shows something else than Python says."""
    found = []
    for key, at in spots():
        value, shown = cells.get(key), values[at]
        if isinstance(value, str):
            well = shown == Found("text", value)
        else:
            well = (engines.is_exactly if key[0] in EXACTLY else engines.is_number)(shown, value)
        if not well:
            found.append((key, shown, value))
    return found


@pytest.mark.parametrize(("year", "fill", "by", "to"), CASES)
def test_the_cells_are_what_python_says(year, fill, by, to):
    package, cells = expected(content(year, fill, by, to))
    assert wrong(cells, worked_out(package)) == []
    assert (cells != {}) == (fill != "empty")


@pytest.mark.parametrize(("by", "to"), ALL_WAYS)
@pytest.mark.parametrize("year", ["2022-23.v2", MADE_UP])
def test_every_way_of_sharing(year, by, to):
    of = content(year, "half-empty", by, to)
    if by == "list":
        # The made-up PCN half empty has a practice without a list.
        of = replace(of, practices=tuple(replace(own, list_size=own.list_size or 1_234) for own in of.practices))
    package, cells = expected(of)
    values = worked_out(package)
    assert wrong(cells, values) == []
    shared = {right for name, _, right in cells if name == "share_patients"}
    assert shared
    for right in shared:
        own = [value for (name, _, at), value in cells.items() if (name, at) == ("share_patients", right)]
        assert sum(own) == cells["share_needed", 0, right]


@pytest.mark.parametrize(("by", "words"), [("list", "list"), ("capacity", "hours")])
@pytest.mark.parametrize("lacking", [1, 2])
def test_what_is_missing_is_said_and_shares_stay_blank(by, words, lacking):
    of = content("2021-22.v3", "full", by)
    members = [
        replace(own, hours=None, list_size=None) if place < lacking else own for place, own in enumerate(of.practices)
    ]
    binary = [row.scoring == "binary" for row in of.ruleset.indicators].index(True)
    undone = {(of.practices[4].code, of.ruleset.codes[binary], 12): (0, 1)}
    package, cells = expected(replace(of, practices=tuple(members), counts={**of.counts, **undone}))
    values = worked_out(package)
    assert wrong(cells, values) == []
    # Who has not done a thing has to do it, whatever the others go by.
    assert {key: value for key, value in cells.items() if key[0] == "share_patients" and value} == {
        ("share_patients", 4, binary): 1
    }
    assert {value for (name, _, _), value in cells.items() if name == "share_how"} == {f"no {words}", "own gap"}
    said = "1 practice has no" if lacking == 1 else "2 practices have no"
    note = f"{said} {words} on Practices: once it is filled in there, the shares appear."
    assert values[spot("share_note")] == Found("text", note)
    assert values[SHOWN_NOTE] == Found("text", note)


def test_hours_that_are_all_nothing_are_said_too():
    package, cells = expected(content("2025-26.v1", "full", "capacity", hours=(0,) * 12))
    assert wrong(cells, worked_out(package)) == []
    assert {value for (name, _, _), value in cells.items() if name == "share_how"} == {"no hours"}


def test_what_is_typed_comes_back_and_goes_on():
    of = content("2025-26.v1", "full", "capacity", "lower")
    book = Workbook(Package.from_bytes(make(of), "book.xlsx"))
    assert book.content() == of
    own, assumed = rulesets.load("2025-26.v1", assumed=False), rulesets.load("2025-26.v1")
    assert updated(book, own, assumed).content == of
    own, assumed = rulesets.load("2026-27.v1", assumed=False), rulesets.load("2026-27.v1")
    next_year = rolled_over(book, own, assumed, None, macros=False).content
    assert next_year.sharing == of.sharing
    assert [practice.hours for practice in next_year.practices] == list(HOURS)


def test_hours_that_are_no_number_are_named():
    package = Package.from_bytes(make(content("2025-26.v1")), "book.xlsx")
    data = engines.changed(package, {spot("practice_hours", 2): "some"})
    words = "book.xlsx: Practices I9: 'some' is not a number; write a number, without commas"
    with pytest.raises(InputError, match=f"^{words}$"):
        position(Workbook(Package.from_bytes(data, "book.xlsx")))


def test_a_heading_that_is_gone_is_named():
    package = Package.from_bytes(make(content("2025-26.v1")), "book.xlsx")
    book = Workbook(Package.from_bytes(engines.changed(package, {("Practices", 6, 9): None}), "book.xlsx"))
    words = "book.xlsx: Practices: no column is headed 'Hours a month'; write it back over the column it belongs to"
    with pytest.raises(InputError, match=f"^{words}$"):
        book.content()


def test_without_their_labels_the_switches_are_as_they_come():
    package = Package.from_bytes(make(content("2025-26.v1")), "book.xlsx")
    cells = {("Practice gaps", 6, 1): None, ("Practice gaps", 7, 1): None}
    found = Workbook(Package.from_bytes(engines.changed(package, cells), "book.xlsx")).content()
    assert found.sharing == Sharing()
