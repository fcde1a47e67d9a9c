"""A position read from a workbook is what its sheets show: typed or pasted, cumulative or in each month alone."""

from dataclasses import replace

import pytest

from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.errors import InputError
from iif_reckoner.figures.content import Pasted, Switches
from iif_reckoner.package import Package
from tests import workbook_engines as engines
from tests.workbook_engines import MADE_UP, spot

BOOKS = [("2022-23.v2", "full"), (MADE_UP, "half-empty"), ("2025-26.v1", "full"), ("2026-27.v1", "empty")]


def opened(of):
    return Workbook(Package.from_bytes(make(of), "book.xlsx"))


@pytest.mark.parametrize(("ruleset", "fill"), BOOKS)
def test_what_the_sheets_show(ruleset, fill):
    of = engines.content(ruleset, fill)
    book = opened(of)
    values = engines.formula_values(book.package)
    found = position(book)
    assert found.month == engines.newest(of)
    assert dict(found.reckoned) == engines.reckoned(of, found.month)
    for name, total in (("total_points", found.points), ("total_won", found.won)):
        assert engines.is_number(values[spot(name)], total)


def test_each_month_up_to_the_shown_one():
    of = engines.content(MADE_UP)
    book = opened(of)
    found = [position(book, month) for month in range(1, 13)]
    assert [each.month for each in found] == list(range(1, 13))
    assert [dict(each.reckoned) for each in found] == [engines.reckoned(of, month) for month in range(1, 13)]


def test_in_month_figures_add_up_and_pasted_ones_count():
    of = replace(engines.content(MADE_UP), switches=Switches(counting="In month"))
    moved = {key: pair for key, pair in of.counts.items() if key[2] != 12}
    rows = tuple(
        Pasted(practice=who, indicator=what, measure=kind, value=value)
        for (who, what, month), pair in of.counts.items()
        if month == 12
        for kind, value in zip(("Numerator", "Denominator"), pair, strict=True)
    )
    found = position(opened(replace(of, counts=moved, pasted=rows, pasted_month=of.months[11])))
    assert dict(found.reckoned) == engines.reckoned(of, 12, in_month=True)


def test_practices_alone():
    of = engines.content("2022-23.v2")
    found = position(opened(of))
    expected = engines.reckoned_practices(of, 12, of.assumed)
    for (who, code), (indicator, row) in expected.items():
        assert found.alone(who, indicator) == row, (who, code)


def test_what_is_no_count_is_named():
    of = engines.content("2025-26.v1")
    key = (of.practices[0].code, "HI-03", 12)
    package = Package.from_bytes(make(of), "book.xlsx")
    for value, words in (
        (
            1.5,
            f"{key[0]} HI-03: 1.5 is no count; write a whole number from 0 up (`iif-reckoner check` lists all such cells)",
        ),
        (
            10**6,
            f"{key[0]}: HI-03: numerator 1,000,000 is more than its denominator {of.counts[key][1]:,}; check the two figures",
        ),
    ):
        data = engines.changed(package, {engines.count_spot(of, *key): value})
        with pytest.raises(InputError) as refused:
            position(Workbook(Package.from_bytes(data, "book.xlsx")))
        assert str(refused.value) == f"book.xlsx: Counts, {words}"
