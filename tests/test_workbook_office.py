"""LibreOffice opens the finished files with macros off, works them out anew and finds the values that they carry."""

import pytest

from tests import workbook_engines as engines
from tests.workbook_engines import MADE_UP, Found, spot

BOOKS = (("2022-23.v2", "full"), ("2026-27.v1", "half-empty"), ("2021-22.v3", "full"), (MADE_UP, "full"))
ENDINGS = ("xlsm", "xlsx")
PLANTED = (spot("total_won"), spot("points", 0), spot("status", 1))
WRONG = 777_777


@pytest.fixture(scope="module", params=[pytest.param(book, id=f"{book[0][-12:]} {book[1]}") for book in BOOKS])
def both(request, tmp_path_factory):
    """Both forms of a workbook, and the same after LibreOffice."""
    sent = {f"book.{ending}": engines.package(*request.param, macros=ending == "xlsm") for ending in ENDINGS}
    return sent, through_office(sent, tmp_path_factory)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Both forms with wrong values in them, and the same after LibreOffice."""
    sent = {}
    for ending in ENDINGS:
        package = engines.package(MADE_UP, macros=ending == "xlsm")
        for place in PLANTED:
            package = engines.planted(package, place, WRONG)
        sent[f"book.{ending}"] = package
    return sent, through_office(sent, tmp_path_factory)


def through_office(sent, tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    return engines.by_office(folder, {name: package.to_bytes() for name, package in sent.items()})


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_value_is_found_again(both, ending):
    sent, back = both
    cached = engines.formula_values(sent[f"book.{ending}"])
    found = engines.all_values(back[f"book.{ending}"], cached)
    assert engines.differences(cached, found) == []
    assert {found[place] for place in engines.shown(sent[f"book.{ending}"], "engine")} == {Found("text", "Formulas")}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_planted_wrong_value_is_noticed(planted, ending):
    sent, back = planted
    cached = engines.formula_values(sent[f"book.{ending}"])
    assert [cached[place].value for place in PLANTED] == [WRONG] * 3
    found = engines.all_values(back[f"book.{ending}"], cached)
    titles = [(sheet, wrong.value) for sheet, _, wrong, _ in engines.differences(cached, found)]
    assert sorted(titles) == [("Working", WRONG)] * 3
