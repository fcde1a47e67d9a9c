"""Printed pages: what stands on them is what the workbook's cells show, on one page, readable, for every year."""

import re
import shutil
import subprocess
from dataclasses import replace

import pytest

from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.figures.content import Planned
from iif_reckoner.package import Package, set_cached
from iif_reckoner.paper.poster import poster
from iif_reckoner.paper.tear_off import tear_offs
from iif_reckoner.paper.typeset import typeset
from tests import desk_books as desk
from tests import workbook_engines as engines
from tests.workbook_engines import spot

LEAST = 9
"""Points."""

ZOOM = 3
LONG = "The Very Long Named Surgery and Health Centre of Upper and Lower Fernhill with Ashwater Branch"


def book(of):
    return Workbook(Package.from_bytes(make(of), "book.xlsx"))


@pytest.fixture(scope="session", autouse=True)
def programs():
    for program in ("pdftotext", "pdfinfo", "pdftohtml"):
        if shutil.which(program) is None:
            engines.missing(f"{program} (poppler-utils) is not installed")


@pytest.fixture
def read(tmp_path):
    """Text, facts and the least size of letters of a PDF."""

    def of(data):
        path = tmp_path / "page.pdf"
        path.write_bytes(data)
        run = lambda *command: subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: E731
        facts = dict(re.findall(r"^(\w[\w ]*):\s+(.*)$", run("pdfinfo", str(path)), re.MULTILINE))
        drawn = run("pdftohtml", "-xml", "-stdout", "-i", "-zoom", str(ZOOM), str(path))
        least = min(int(size) / ZOOM for size in re.findall(r'<fontspec id="\d+" size="(\d+)"', drawn))
        return run("pdftotext", "-layout", str(path), "-"), facts, least

    return of


# The poster


def whole(value):
    return "" if value in (None, "") else f"{value:,.0f}"


def pounds(value):
    return "" if value in (None, "") else f"£{int(value + 0.5):,}"


def from_cells(values, down):
    """What must stand in a row of the poster, from the cells of the workbook."""
    found = {name: values[spot(name, down)].value for name in ("code", "num", "den", "points", "value", "to_win")}
    found |= {name: values[spot(name, down)].value for name in ("gap_upper", "status")}
    wanted = [found["code"], whole(found["num"]), whole(found["den"])]
    wanted += ["" if found["points"] == "" else f"{found['points']:,.2f}", pounds(found["value"])]
    wanted += [pounds(found["to_win"]), whole(found["gap_upper"]), found["status"]]
    return [part for part in wanted if part]


@pytest.mark.parametrize("name", rulesets.ids())
def test_a_poster_of_every_year_is_one_readable_a3_page_with_the_figures_of_the_cells(name, read):
    opened = book(engines.content(name, "full"))
    values = engines.formula_values(opened.package)
    text, facts, least = read(typeset("poster", poster(opened)))
    assert (facts["Pages"], facts["Page size"]) == ("1", "1190.55 x 841.89 pts (A3)")
    assert facts["Tagged"] == "yes"
    assert facts["Title"] == f"Ashwater and Fernhill PCN  U99901   {opened.ruleset.year}"
    assert least >= LEAST
    lines = text.splitlines()
    for down in range(len(opened.ruleset.indicators)):
        wanted = from_cells(values, down)
        line = next(line for line in lines if re.search(rf"(^|\s){re.escape(wanted[0])}\s", line))
        words, at = re.split(r"\s{1,}", line), -1
        for part in " ".join(wanted).split():
            at = words.index(part, at + 1)
    assert pounds(values[spot("total_won")].value) in text
    assert f"{values[spot('total_points')].value:,.2f}" in text


def test_without_figures_it_says_so_and_has_room_to_write(read):
    text, facts, _ = read(typeset("poster", poster(book(engines.content("2026-27.v1", "empty")))))
    assert facts["Pages"] == "1"
    assert "no figures yet; write them in by hand" in " ".join(text.split())
    assert len(re.findall(r"none yet(?!\.)", text)) == 3
    assert "What we agreed: who does what by when" in text


def test_forty_indicators_with_names_as_long_as_any_stay_on_one_page(read):
    of = engines.content("2022-23.v1")
    longest = max((row.name for name in rulesets.ids() for row in rulesets.load(name).indicators), key=len)
    rows = tuple(
        replace(row, name=longest if place % 3 == 0 else longest[:60])
        for place, row in enumerate(of.ruleset.indicators)
    )
    rows += tuple(replace(rows[1], code=f"ZZ-{number:02}") for number in range(40 - len(rows)))
    opened = book(of)
    # A poster takes names from the rules, figures from the cells.
    opened.__dict__["ruleset"] = replace(of.ruleset, indicators=rows)
    text, facts, _ = read(typeset("poster", poster(opened)))
    assert facts["Pages"] == "1"
    assert all(part in text for part in longest.split())


def test_text_of_the_workbook_is_never_markup(read):
    of = engines.content("2025-26.v1")
    odd = '#panic("x") *bold* $x$ [y] \\ <z> @w = "q" // c'
    own = replace(of, pcn_name=odd, planned={"HI-03": Planned(board_lead="#1", practice_lead="_a_")})
    text, _, _ = read(typeset("poster", poster(book(own))))
    flat = " ".join(text.split())
    assert " ".join(odd.split()) in flat
    assert "#1" in flat
    assert "_a_" in flat


def test_a_workbook_whose_formulas_carry_no_values_is_worked_out_first(read):
    of = engines.content("2025-26.v1")
    package = Package.from_bytes(make(of), "book.xlsx")
    bare = {(title, cell.address): None for title, cell in engines.cells(package) if cell.is_formula}
    assert poster(Workbook(set_cached(package, bare))) == poster(Workbook(package))


def test_the_same_workbook_gives_the_same_bytes():
    opened = book(engines.content("2025-26.v1"))
    assert typeset("poster", poster(opened)) == typeset("poster", poster(opened))


# The tear-off


def of_page(text, number):
    return text.split("\f")[number]


@pytest.mark.parametrize(
    ("name", "fill"), [("2022-23.v1", "full"), ("2022-23.v2", "half-empty"), ("2025-26.v1", "full")]
)
def test_every_practice_has_a_page_with_the_figures_of_the_cells(name, fill, read):
    opened = book(engines.content(name, fill))
    values = engines.formula_values(opened.package)
    text, facts, least = read(typeset("tear-off", tear_offs(opened)))
    assert facts["Pages"] == "12"
    assert facts["Page size"].endswith("(A4)")
    assert least >= LEAST
    month = int(values[spot("month")].value)
    for down, member in enumerate(opened.members):
        page = of_page(text, down)
        assert member.name in page
        open_ones, there = [], []
        for right, indicator in enumerate(opened.ruleset.indicators):
            gap = values[spot("practice_gap", down, right)].value
            if gap == "":
                continue
            if gap == 0:
                there.append(indicator.code)
                continue
            num, den = (values[spot(f"practice_{side}", down, right)].value for side in ("num", "den"))
            line = next(line for line in page.splitlines() if re.match(rf"\s*{re.escape(indicator.code)}\s", line))
            words = line.split()
            was = opened.content().counts.get((member.code, indicator.code, month - 1), (None, None))
            since = [] if None in was else [f"{num - was[0]:+,.0f}" if num != was[0] else "0"]
            assert words[-1] == whole(gap)
            assert whole(num) in words
            assert whole(den) in words
            assert words[-2:-1] == since or not since
            open_ones.append(indicator.code)
        flat = " ".join(page.split())
        assert (f"At the upper threshold already: {', '.join(there)}." in flat) == bool(there)
        assert len(re.findall(r"^\s*[123]\. ", page, re.MULTILINE)) == min(3, len(open_ones))


def test_the_three_steps_are_those_worth_most_for_a_patient():
    opened = book(engines.content("2022-23.v1"))
    values = engines.formula_values(opened.package)
    page = tear_offs(opened, "X99001")["pages"][0]
    worth = {
        indicator.code: values[spot("per_patient", right)].value
        for right, indicator in enumerate(opened.ruleset.indicators)
        if values[spot("practice_gap", 0, right)].value not in ("", 0)
    }
    most = sorted(worth, key=lambda code: -(worth[code] or 0))[:3]
    assert [step.split(",")[0] for step in page["steps"]] == most
    assert page["steps"][0] == (
        "CVD-06, Edoxaban share of DOAC patients with atrial fibrillation: 6 more patients bring your practice to the "
        "upper threshold, worth about £187 each to the PCN"
    )


def test_forty_practices_with_long_names_have_a_page_each(read):
    of = engines.content("2022-23.v1")
    first = of.practices[0]
    many = tuple(replace(first, code=f"X{number}", name=f"{LONG} {number}") for number in range(40))
    counts = {
        (practice.code, what, month): pair
        for practice in many
        for (who, what, month), pair in of.counts.items()
        if who == first.code and month == 12
    }
    text, facts, _ = read(typeset("tear-off", tear_offs(book(replace(of, practices=many, counts=counts)))))
    assert facts["Pages"] == "40"
    assert " ".join(of_page(text, 39).split()).startswith(f"{LONG} 39")


def test_a_practice_without_figures_has_a_page_to_write_on(read):
    of = replace(engines.content("2025-26.v1"), counts={})
    text, facts, _ = read(typeset("tear-off", tear_offs(book(of))))
    assert facts["Pages"] == "12"
    assert "No figures of yours yet." in of_page(text, 0)
    assert "no figures yet; write them in by hand" in of_page(text, 0)


# The command


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "west.xlsx").write_bytes(desk.made(macros=False))
    return tmp_path


def test_print_writes_beside_the_book_and_never_over_a_file(folder, capsys):
    path = folder / "west poster.pdf"
    assert desk.ran(capsys, "print", folder / "west.xlsx", "poster") == (0, f"{path}\n", "")
    assert path.read_bytes().startswith(b"%PDF-")
    code, out, err = desk.ran(capsys, "print", folder / "west.xlsx", "poster")
    assert (code, out) == (13, "")
    assert err == f"{path}: exists already; give another name, or --replace to overwrite it\n"
    assert desk.ran(capsys, "print", folder / "west.xlsx", "poster", "--replace")[0] == 0


def test_without_typst_it_says_what_to_install(folder, capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    code, _, err = desk.ran(capsys, "print", folder / "west.xlsx", "poster")
    assert (code, err) == (12, "printing needs typst; install it with: pip install 'iif-reckoner[pdf]'\n")
    assert not (folder / "west poster.pdf").exists()


def test_a_book_of_an_earlier_layout_is_lifted_first(folder, capsys, monkeypatch):
    from iif_reckoner.paper import shown

    monkeypatch.setattr(shown, "LAYOUT", 2)
    code, _, err = desk.ran(capsys, "print", folder / "west.xlsx", "poster")
    assert code == 12
    assert err.startswith("west.xlsx: of an earlier layout; run `iif-reckoner update")


def test_one_practice_alone_and_one_that_is_not_there(folder, capsys):
    path = folder / "west tear-off X99002.pdf"
    assert desk.ran(capsys, "print", folder / "west.xlsx", "tear-off", "--practice", "x99002") == (0, f"{path}\n", "")
    code, _, err = desk.ran(capsys, "print", folder / "west.xlsx", "tear-off", "--practice", "X99020")
    assert (code, err) == (11, "no practice 'X99020' in west.xlsx; nearest: X99009, X99010, X99012\n")
    code, _, err = desk.ran(capsys, "print", folder / "west.xlsx", "poster", "--practice", "X99002")
    assert (code, err) == (12, "--practice: only a tear-off is of one practice, not poster\n")
