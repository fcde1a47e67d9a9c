"""LibreOffice opens the finished files with macros off, works them out anew and finds the values that they carry."""

import pytest

from tests import workbook_engines as engines
from tests.workbook_engines import MADE_UP, Found, spot

BOOKS = (("2022-23.v2", "full"), ("2026-27.v1", "half-empty"), ("2021-22.v3", "full"), (MADE_UP, "full"))
ENDINGS = ("xlsm", "xlsx")
PLANTED = (spot("total_won"), spot("points", 0), spot("status", 1))
WRONG = 777_777


@pytest.fixture(scope="module")
def sent():
    """Both forms of each workbook, and of one with wrong values in it."""
    made = {
        f"{place}.{ending}": engines.package(*book, macros=ending == "xlsm")
        for place, book in enumerate(BOOKS)
        for ending in ENDINGS
    }
    for ending in ENDINGS:
        package = engines.package(MADE_UP, macros=ending == "xlsm")
        for place in PLANTED:
            package = engines.planted(package, place, WRONG)
        made[f"planted.{ending}"] = package
    return made


@pytest.fixture(scope="module")
def back(sent, tmp_path_factory):
    """The same after LibreOffice, which is started once."""
    folder = tmp_path_factory.mktemp("office")
    return engines.by_office(folder, {name: package.to_bytes() for name, package in sent.items()})


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("place", range(len(BOOKS)), ids=[f"{book[0][-12:]} {book[1]}" for book in BOOKS])
def test_every_value_is_found_again(sent, back, place, ending):
    name = f"{place}.{ending}"
    cached = engines.formula_values(sent[name])
    found = engines.all_values(back[name], cached)
    assert engines.differences(cached, found) == []
    assert {found[spot] for spot in engines.shown(sent[name], "engine")} == {Found("text", "Formulas")}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_planted_wrong_value_is_noticed(sent, back, ending):
    name = f"planted.{ending}"
    cached = engines.formula_values(sent[name])
    assert [cached[place].value for place in PLANTED] == [WRONG] * 3
    found = engines.all_values(back[name], cached)
    titles = [(sheet, wrong.value) for sheet, _, wrong, _ in engines.differences(cached, found)]
    assert sorted(titles) == [("Working", WRONG)] * 3
