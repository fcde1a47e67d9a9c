"""The guide for who has Excel alone: its steps taken in the workbook without macros; links of all pages lead somewhere."""

import re

import pytest

from iif_reckoner import rulesets
from iif_reckoner.model import Counts
from iif_reckoner.package import Package
from iif_reckoner.reckon import reckon
from tests import workbook_engines as engines
from tests.conftest import ROOT
from tests.workbook_engines import spot

PAGES = sorted([ROOT / "README.md", ROOT / "rulesets" / "README.md", *(ROOT / "docs").glob("*.md")])
PRACTICES = {"X1": ("One", 6_000), "X2": ("Two", 9_000)}
APRIL = {("X1", "HI-03"): (4, 40), ("X1", "CAN-04"): (6, 8), ("X2", "HI-03"): (55, 60), ("X2", "CAN-04"): (9, 12)}
MAY = {key: (numerator + 3, denominator + 4) for key, (numerator, denominator) in APRIL.items()}
SHOWN = ("verdict", "keys_note", "total_points", "total_won", "month")


@pytest.fixture(scope="module")
def book():
    return Package.open(ROOT / "workbook" / "IIF_Ready_Reckoner.xlsx")


@pytest.fixture(scope="module")
def filled(book):
    """What is typed by the end of the first ten minutes, and the codes in the order in which Counts asked for them."""
    typed = {spot("pcn_code"): "U99901", spot("pcn_name"): "Our PCN"}
    for down, (code, (name, size)) in enumerate(PRACTICES.items()):
        of = zip(("practice_code", "practice_name", "practice_list"), (code, name, size), strict=True)
        typed |= {spot(input_, down): value for input_, value in of}
    asked = []
    while found := re.fullmatch(r"Write (\S+) and (\S+) into the next empty row: (\d) rows? (is|are) missing\.",
                                read(book, typed)["keys_note"]):  # fmt: skip
        assert int(found[3]) == len(APRIL) - len(asked)
        typed |= {spot("count_practice", len(asked)): found[1], spot("count_indicator", len(asked)): found[2]}
        asked.append((found[1], found[2]))
    for down, key in enumerate(asked):
        typed |= {spot("pairs", down, side): APRIL[key][side] for side in (0, 1)}
    return typed, asked


def read(book, typed):
    places = {name: spot(name) for name in SHOWN}
    values = engines.typed_in_formualizer(book, typed, places.values())
    return {name: values[place].value for name, place in places.items()}


def by_core(counts):
    """Points and pounds by the exact sums."""
    ruleset = rulesets.load("2026/27")
    size = sum(size for _, size in PRACTICES.values())
    rows = []
    for indicator in ruleset.indicators:
        own = [pair for (_, code), pair in counts.items() if code == indicator.code]
        whole = Counts(numerator=sum(n for n, _ in own), denominator=sum(d for _, d in own))
        rows.append(reckon(ruleset, indicator, whole, list_size=size))
    return pytest.approx(float(sum(row.points for row in rows)), rel=1e-11), float(sum(row.value_gbp for row in rows))


def test_counts_asks_for_every_row_and_the_figures_are_those_of_the_core(book, filled):
    typed, asked = filled
    assert sorted(asked) == sorted(APRIL)
    found = read(book, typed)
    assert (found["total_points"], found["total_won"]) == by_core(APRIL)
    assert found["verdict"].startswith("All ")
    assert (found["keys_note"], found["month"]) == ("", 1)


def test_the_next_month_by_copy_and_paste_and_all_of_it_in_libreoffice(book, filled, tmp_path):
    typed, _ = filled
    rows = [(practice, code.replace("-", ""), kind, pair[side])
            for (practice, code), pair in MAY.items() for side, kind in enumerate(("Numerator", "Denominator"))]  # fmt: skip
    typed = {**typed, spot("paste_month"): "May 2026"}
    for down, row in enumerate(rows):
        columns = ("paste_practice", "paste_indicator", "paste_measure", "paste_value")
        typed |= {spot(name, down): value for name, value in zip(columns, row, strict=True)}
    found = read(book, typed)
    assert (found["total_points"], found["total_won"]) == by_core(MAY)
    assert (found["verdict"][:4], found["month"]) == ("All ", 2)
    (back,) = engines.by_office(tmp_path, {"book.xlsx": engines.changed(book, typed)}).values()
    values = engines.all_values(back, [spot(name) for name in SHOWN])
    assert {name: values[spot(name)].value for name in SHOWN} == found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    text = page.read_text("utf-8")
    for target, anchor in re.findall(r"\]\((?!https?://|mailto:)([^)#\s]*)(#[^)\s]*)?\)", text):
        file = page.parent / target if target else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor and file.suffix == ".md":
            headings = re.findall(r"^#+ (.*)$", file.read_text("utf-8"), re.MULTILINE)
            known = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert anchor[1:] in known, f"{page.name}: {target}{anchor}"
