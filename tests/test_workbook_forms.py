"""The two forms of a workbook: the same cells in both, the rules of their files; formualizer opens the .xlsx anew."""

import hashlib
import os
import re
import subprocess
import sys
from random import Random

import pytest

from iif_reckoner import vba
from iif_reckoner.build import make
from iif_reckoner.figures.content import Content, Practice
from iif_reckoner.layout.sheets import LAYOUT, PRACTICES, SHEETS
from iif_reckoner.package import Package, code_name
from tests import workbook_engines as engines
from tests.workbook_engines import MADE_UP

BOOKS = (("2022-23.v2", "full"), ("2026-27.v1", "half-empty"), ("2021-22.v3", "full"), (MADE_UP, "full"))
MOST_BYTES = 1_000_000


@pytest.fixture(scope="module", params=[pytest.param(book, id=f"{book[0][-12:]} {book[1]}") for book in BOOKS])
def book(request):
    return request.param


@pytest.fixture(scope="module")
def share(book):
    return engines.package(*book)


@pytest.fixture(scope="module")
def cached(share):
    return engines.formula_values(share)


def test_both_forms_hold_the_same_cells(book, share):
    macros = engines.package(*book, macros=True)
    assert [sheet.name for sheet in share.sheets] == [sheet.name for sheet in macros.sheets]
    for sheet in share.sheets:
        plain = [cell for cell in share.cells(sheet.name) if cell.kind != "blank"]
        other = [cell for cell in macros.cells(sheet.name) if cell.kind != "blank"]
        if sheet.name == "About":
            # What there is of the macros, their speed and licences, stands below the rest.
            other = other[: len(plain)]
        assert len(plain) == len(other), sheet.name
        for one, two in zip(plain, other, strict=True):
            assert one[:5] == two[:5], f"{sheet.name} {one.address}"
            assert one.formula == two.formula or sheet.name == "Working", f"{sheet.name} {one.address}"
            assert "IIF_" not in one.formula
    assert share.names.items() == macros.names.items() - {(vba.BENCH_NAME, macros.names[vba.BENCH_NAME])}


def test_formualizer_finds_every_value_again(share, cached):
    assert engines.differences(cached, engines.by_formualizer(share, cached)) == []


def test_a_planted_wrong_value_is_noticed():
    planted = engines.planted(engines.package(MADE_UP), engines.spot("total_won"), 777_777)
    cached = engines.formula_values(planted)
    for found in (engines.by_formualizer(planted, cached), engines.by_ironcalc(planted.to_bytes(), cached)):
        titles = [(sheet, wrong.value) for sheet, _, wrong, _ in engines.differences(cached, found)]
        assert titles == [("Working", 777_777)]


@pytest.mark.parametrize("macros", [True, False])
def test_names_code_names_parts_and_recalculation(macros):
    package = engines.package(MADE_UP, macros=macros)
    titles = [sheet.title for sheet in SHEETS]
    assert [sheet.name for sheet in package.sheets] == titles
    assert [code_name(package, title) for title in titles] == list(vba.SHEET_CODE_NAMES)
    assert package.names["IIF_LAYOUT"] == str(LAYOUT)
    for sheet in SHEETS:
        found, area = package.place(sheet.name)
        assert (found.name, area.first_row, area.first_column) == (sheet.title, 1, 1)
    assert {name for name in package.names if name.startswith("IIF_SHEET_")} == {sheet.name for sheet in SHEETS}
    workbook = package.part(package.workbook_part).decode()
    assert f'codeName="{vba.BOOK_CODE_NAME}"' in workbook
    assert ('fullCalcOnLoad="1"' in workbook) is not macros
    assert 'calcId="191029"' in workbook or not macros
    assert package.has(vba.PROJECT_PART) is macros
    assert not [part for part in package.parts if "external" in part.casefold()]
    for part in package.parts:
        if part.endswith(".rels"):
            assert b"External" not in package.part(part), part
    assert not re.search(r"<f[ >][^<]*\b(?:NOW|TODAY|RAND|RANDBETWEEN|OFFSET|INDIRECT|CELL|INFO)\(", workbook)


@pytest.mark.parametrize("macros", [True, False])
def test_the_same_content_gives_the_same_bytes_in_another_process(macros):
    script = (
        "import hashlib; from tests import workbook_engines as e; "
        f"print(hashlib.sha256(e.made('2025-26.v1', macros={macros})).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    again = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert again.stdout.strip() == hashlib.sha256(engines.made("2025-26.v1", macros=macros)).hexdigest()


def test_the_largest_workbook_is_under_a_megabyte():
    of = engines.content("2022-23.v1", "empty")
    chance = Random(1)
    codes = [f"X{90_000 + place}" for place in range(PRACTICES)]
    counts = {}
    for code in codes:
        for indicator in of.ruleset.codes:
            for month in range(1, 13):
                denominator = chance.randint(1, 9_999)
                counts[code, indicator, month] = (chance.randint(0, denominator), denominator)
    practices = tuple(Practice(code=code, name=f"Practice {code}", list_size=9_000) for code in codes)
    for macros in (True, False):
        largest = Content(
            ruleset=of.ruleset,
            assumed=of.assumed,
            pcn_code="U99999",
            pcn_name="The largest",
            practices=practices,
            counts=counts,
            macros=macros,
        )
        data = make(largest)
        assert len(data) < MOST_BYTES
        assert Package.from_bytes(data, "largest").grid("Counts", ["G"])["G6"].value is not None
