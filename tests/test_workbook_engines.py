"""LibreOffice, macros off, and IronCalc work the workbook of every ruleset out anew and find every value it carries.

Everything is typed that can be: plan, actions, hours, costs, aspiration, what if, official figures; full, half-empty and
empty in turn, another month and another way of sharing for each. That the values are those of the Python functions is
for the tests of each sheet.
"""

from dataclasses import replace

import pytest

from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.figures.content import Sharing
from iif_reckoner.package import Package
from iif_reckoner.plan.shares import BY
from tests import workbook_engines as engines
from tests.test_agenda import content as met
from tests.test_cash import TYPED as PAID
from tests.test_compare import typed as compared
from tests.test_practice_gaps import HOURS
from tests.test_split import TYPED as DIVIDED
from tests.test_split import tied
from tests.workbook_engines import MADE_UP, Found, spot

FILLS = ("full", "half-empty", "full", "empty")
BOOKS = {name[-12:]: (name, FILLS[place % len(FILLS)], place) for place, name in enumerate((*rulesets.ids(), MADE_UP))}
ENDINGS = ("xlsm", "xlsx")
PLANTED = (spot("total_won"), spot("points", 0), spot("status", 1))
WRONG = 777_777


def everything(name, fill, place, *, macros):
    """The made-up PCN with all that a person may type."""
    of = compared(met(name, fill), busy=place % 2 == 0)
    members = zip(of.practices, HOURS, strict=False)
    return replace(
        of,
        practices=tuple(replace(practice, hours=hours) for practice, hours in members),
        sharing=Sharing(by=BY[place % len(BY)].capitalize(), to=("Upper threshold", "Lower threshold")[place % 2]),
        switches=replace(of.switches, month=of.months[6] if place % 3 == 2 else "Newest"),
        macros=macros,
        **(DIVIDED if fill == "full" else {}),
        **PAID[fill],
    )


@pytest.fixture(scope="module")
def sent():
    """Both forms of each workbook, and of one with wrong values in it."""
    made = {
        f"{label}.{ending}": Package.from_bytes(make(everything(*book, macros=ending == "xlsm")), f"{label}.{ending}")
        for label, book in BOOKS.items()
        for ending in ENDINGS
    }
    made["tied.xlsx"] = Package.from_bytes(make(replace(tied(), macros=False)), "tied.xlsx")
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


@pytest.mark.parametrize("name", [f"{label}.{ending}" for label in BOOKS for ending in ENDINGS] + ["tied.xlsx"])
def test_libreoffice_finds_every_value_again(sent, back, name):
    cached = engines.formula_values(sent[name])
    found = engines.all_values(back[name], cached)
    assert engines.differences(cached, found) == []
    assert {found[place] for place in engines.shown(sent[name], "engine")} == {Found("text", "Formulas")}


@pytest.mark.parametrize("label", [*BOOKS, "tied"])
def test_ironcalc_finds_every_value_again(sent, label):
    package = sent[f"{label}.xlsx"]
    cached = engines.formula_values(package)
    assert engines.differences(cached, engines.by_ironcalc(package.to_bytes(), cached)) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_planted_wrong_value_is_noticed(sent, back, ending):
    name = f"planted.{ending}"
    cached = engines.formula_values(sent[name])
    assert [cached[place].value for place in PLANTED] == [WRONG] * 3
    found = engines.all_values(back[name], cached)
    titles = [(sheet, wrong.value) for sheet, _, wrong, _ in engines.differences(cached, found)]
    assert sorted(titles) == [("Working", WRONG)] * 3
