"""Printed pages: what stands on them is what the workbook's cells show, on one page, readable, for every year."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdf
import pytest

from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.planned import agenda_of
from iif_reckoner.figures.content import Action, Planned
from iif_reckoner.layout import look
from iif_reckoner.package import Package, set_cached
from iif_reckoner.paper.agenda import agenda
from iif_reckoner.paper.board import board
from iif_reckoner.paper.poster import poster
from iif_reckoner.paper.tear_off import tear_offs
from iif_reckoner.paper.typeset import STRANGE, typeset
from iif_reckoner.plan.agenda import HEADINGS, LINES
from tests import desk_books as desk
from tests import workbook_engines as engines
from tests.workbook_engines import spot

LEAST = 9
"""Points."""

ZOOM = 3
LONG = (
    "The Very Long Named Surgery and Health Centre of Upper and Lower Fernhill with Ashwater Branch and Its Three Rural "
    "Dispensaries in Cooperation with the Community Trust of the Eastern Vale, North Site"
)
TEMPLATES = Path(__file__).parents[1] / "iif_reckoner" / "paper" / "templates"
PAGES = {"poster": poster, "tear-off": tear_offs, "board": board, "agenda": agenda}


def book(of):
    return Workbook(Package.from_bytes(make(of), "book.xlsx"))


def shipped(name, fill="full"):
    """A made-up workbook, made once for all tests that ask for it."""
    return Workbook(engines.package(name, fill))


@pytest.fixture(scope="session", autouse=True)
def programs():
    for program in ("pdftotext", "pdfinfo", "pdftohtml"):
        if shutil.which(program) is None:
            engines.missing(f"{program} (poppler-utils) is not installed")


@pytest.fixture
def read(tmp_path):
    """Text and facts of a PDF, which must be one that a screen reader can read."""

    def of(data):
        path = tmp_path / "page.pdf"
        path.write_bytes(data)
        run = lambda *command: subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: E731
        facts = dict(re.findall(r"^(\w[\w ]*):\s+(.*)$", run("pdfinfo", str(path)), re.MULTILINE))
        drawn = run("pdftohtml", "-xml", "-stdout", "-i", "-zoom", str(ZOOM), str(path))
        sound(data, [int(size) / ZOOM for size in re.findall(r'<fontspec id="\d+" size="(\d+)"', drawn)])
        return run("pdftotext", "-layout", str(path), "-"), facts

    return of


def sound(data, sizes):
    """Tagged, with title, language and headings of tables; no letter too small, none of a font that we do not bring."""
    pdf = pypdf.PdfReader(BytesIO(data))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    tags = set(tagged(root["/StructTreeRoot"]))
    assert {"/H1", "/Table", "/TH", "/TD"} <= tags
    assert min(sizes) >= LEAST
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2].partition("-")[0]
        for page in pdf.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts == {"Arimo"}


def tagged(element):
    """The kinds of the elements that a screen reader walks through."""
    element = element.get_object()
    if isinstance(element, list):
        for part in element:
            yield from tagged(part)
    elif isinstance(element, dict):
        if "/S" in element:
            yield element["/S"]
        if "/K" in element:
            yield from tagged(element["/K"])


def flat(text):
    return " ".join(text.split())


@pytest.mark.parametrize("page", PAGES)
def test_the_same_workbook_gives_the_same_bytes_and_the_fonts_of_the_machine_do_not_matter(page, tmp_path, monkeypatch):
    data = PAGES[page](shipped("2025-26.v1"))
    once = typeset(page, data)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "no fonts"))
    assert typeset(page, data) == once


def test_every_letter_of_europe_is_printed_and_what_may_be_missing_is_a_box(read):
    kept = " ".join(letter for letter in map(chr, range(32, 0x2270)) if not STRANGE.match(letter) and letter != " ")
    page = {**board(shipped("2025-26.v1", "empty")), "risks": [], "codes": []}
    text, _ = read(typeset("board", page | {"standing": f"start {kept} {chr(0x1F600)}{chr(7)}中 end"}))
    assert text.count("□") == 3
    assert "ŵ" in text


def test_colours_are_those_of_the_workbook_and_differ_in_greyscale_too():
    typst = (TEMPLATES / "look.typ").read_text("utf-8")
    colours = dict(re.findall(r'#let ([\w-]+) = rgb\("#(\w+)"\)', typst)) | {"white": "FFFFFF"}
    palette = {value for value in vars(look).values() if isinstance(value, str)}
    assert set(re.findall(r'rgb\("#(\w+)"\)', typst)) <= palette
    pairs = re.findall(r'"(\w+)": \(rgb\("#(\w+)"\), ([\w-]+)\)', typst)
    assert [word for word, _, _ in pairs] == ["Met", "Between", "Below"]
    pairs = [(fill, colours[letters]) for _, fill, letters in pairs]
    pairs += [
        (colours["pale-grey"], colours["dark-grey"]),
        (colours["dark-blue"], "FFFFFF"),
        ("FFFFFF", colours["dark-grey"]),
    ]
    # The contrast of WCAG goes by how light a colour is alone: what greyscale leaves of it.
    assert all(contrast(*pair) >= 4.5 for pair in pairs)


def contrast(one, other):
    light = sorted(map(lightness, (one, other)))
    return (light[1] + 0.05) / (light[0] + 0.05)


def lightness(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


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
    opened = shipped(name)
    values = engines.formula_values(opened.package)
    text, facts = read(typeset("poster", poster(opened)))
    assert (facts["Pages"], facts["Page size"]) == ("1", "1190.55 x 841.89 pts (A3)")
    assert facts["Title"] == f"Ashwater and Fernhill PCN  U99901   {opened.ruleset.year}"
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
    text, facts = read(typeset("poster", poster(shipped("2026-27.v1", "empty"))))
    assert facts["Pages"] == "1"
    assert "no figures yet; write them in by hand" in " ".join(text.split())
    assert len(re.findall(r"none yet(?!\.)", text)) == 3
    assert "What we agreed" in text
    assert "How to hold a workshop with this page" in text


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
    text, facts = read(typeset("poster", poster(opened)))
    assert facts["Pages"] == "1"
    assert "Meet again" in text
    assert all(part in text for part in longest.split())


def test_text_of_the_workbook_is_never_markup(read):
    of = engines.content("2025-26.v1")
    odd = '#panic("x") *bold* $x$ [y] \\ <z> @w = "q" // c'
    own = replace(of, pcn_name=odd, planned={"HI-03": Planned(board_lead="#1", practice_lead="_a_")})
    text, _ = read(typeset("poster", poster(book(own))))
    assert flat(odd) in flat(text)
    assert "#1" in text
    assert "_a_" in text


def test_a_workbook_whose_formulas_carry_no_values_is_worked_out_first(read):
    of = engines.content("2025-26.v1")
    package = Package.from_bytes(make(of), "book.xlsx")
    bare = {(title, cell.address): None for title, cell in engines.cells(package) if cell.is_formula}
    assert poster(Workbook(set_cached(package, bare))) == poster(Workbook(package))


# The tear-off


def of_page(text, number):
    return text.split("\f")[number]


@pytest.mark.parametrize(
    ("name", "fill"), [("2022-23.v1", "full"), ("2022-23.v2", "half-empty"), ("2025-26.v1", "full")]
)
def test_every_practice_has_a_page_with_the_figures_of_the_cells(name, fill, read):
    opened = shipped(name, fill)
    values = engines.formula_values(opened.package)
    text, facts = read(typeset("tear-off", tear_offs(opened)))
    assert facts["Pages"] == "12"
    assert facts["Page size"].endswith("(A4)")
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
            words = line.removesuffix(" fewer").split()
            assert line.endswith(" fewer") == (indicator.better == "lower")
            was = opened.content().counts.get((member.code, indicator.code, month - 1), (None, None))
            since = [] if None in was else [f"{num - was[0]:+,.0f}" if num != was[0] else "0"]
            assert words[-1] == whole(gap)
            assert whole(num) in words
            assert whole(den) in words
            assert words[-2:-1] == since or not since
            open_ones.append(indicator.code)
        already = flat(page).partition("At the goal already: ")[2].partition(".")[0]
        assert re.findall(r"[A-Z]+-\w+", already) == there
        assert page.count("by when") == min(3, len(open_ones))
        assert ("No figures of yours yet." in page) == (not open_ones and not there)


def test_the_three_steps_are_those_worth_most_for_a_patient():
    opened = shipped("2022-23.v1")
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


def test_what_changed_is_said_in_a_sentence():
    opened = shipped("2025-26.v1")
    page = tear_offs(opened, "X99001")["pages"][0]
    counts = opened.content().counts
    since = {code: counts["X99001", code, 12][0] - counts["X99001", code, 11][0] for code in opened.codes}
    most = max(since, key=lambda code: abs(since[code]))
    assert page["changed"] == (
        f"{sum(map(bool, since.values()))} counts of 2 moved since Feb 2026, most {most}, "
        f"{opened.ruleset.find(most).name}: {since[most]:+}."
    )


@pytest.fixture(scope="session")
def largest():
    """Forty practices and a PCN with names of two hundred letters."""
    of = engines.content("2022-23.v1")
    first = of.practices[0]
    many = tuple(replace(first, code=f"X{number}", name=f"{LONG} {number}") for number in range(40))
    counts = {
        (practice.code, what, month): pair
        for practice in many
        for (who, what, month), pair in of.counts.items()
        if who == first.code and month == 12
    }
    return book(replace(of, pcn_name=LONG, practices=many, counts=counts))


def test_forty_practices_with_long_names_have_a_page_each(largest, read):
    text, facts = read(typeset("tear-off", tear_offs(largest)))
    assert facts["Pages"] == "40"
    assert flat(of_page(text, 39)).startswith(f"{LONG} 39")


@pytest.mark.parametrize(("page", "pages"), [("poster", 1), ("board", 1), ("agenda", 2)])
def test_a_long_name_of_the_pcn_takes_no_page_more(page, pages, largest, read):
    text, facts = read(typeset(page, PAGES[page](largest)))
    assert facts["Pages"] == str(pages)
    assert all(word in text for word in LONG.split())


def test_a_practice_without_figures_has_a_page_to_write_on(read):
    of = replace(engines.content("2025-26.v1"), counts={})
    text, facts = read(typeset("tear-off", tear_offs(book(of))))
    assert facts["Pages"] == "12"
    page = of_page(text, 0)
    assert "No figures of yours yet." in page
    assert "no figures yet; write them in by hand" in page
    assert all(code in page for code in of.ruleset.codes)


# The board and the meeting


@pytest.fixture(scope="session")
def meeting():
    """A workbook with a log, minutes and hours: seven actions overdue, two due in the month after, six later."""
    of = engines.content("2022-23.v2", "half-empty")
    first = date(2022, 8, 25)
    days = [first + timedelta(at) for at in (*range(7), 7, 36, *range(37, 43))]
    log = [Action(what=f"Task {at:02}", owner="Sam" * (at % 2), due=due) for at, due in enumerate(days)]
    planned = {code: Planned(minutes=10.0, board_lead="Lee" * (code != "CVD-06")) for code in of.ruleset.codes}
    done = Action(what="Finished", due=date(2022, 8, 1), state="done")
    return book(replace(of, actions=(*log, done), planned=planned, hours_left=20.0, outside=("A new garden",)))


def total(values, name, places):
    return sum(values[spot(name, down)].value or 0 for down in places)


def numbers(values, name, most):
    return [down for down in range(most) if isinstance(values[spot(name, down)].value, int | float)]


@pytest.mark.parametrize(
    ("name", "fill"),
    [("2022-23.v1", "full"), ("2022-23.v2", "half-empty"), ("2025-26.v1", "full"), ("2026-27.v1", "full")],
)
def test_the_board_reads_the_figures_of_the_cells_and_no_practice(name, fill, read):
    opened = shipped(name, fill)
    values = engines.formula_values(opened.package)
    text, facts = read(typeset("board", board(opened)))
    said, rows = flat(text), len(opened.ruleset.indicators)
    assert facts["Pages"] == "1"
    assert facts["Page size"].endswith("(A4)")
    assert not [each for each in opened.members if each.name in said or each.code in said]
    assert f"{values[spot('total_points')].value:,.2f}" in said
    low, likely, high = (values[spot(f"end_total_value_{case}")].value for case in ("low", "likely", "high"))
    for amount in (values[spot("total_won")].value, values[spot("total_to_win")].value, low, likely, high):
        assert pounds(amount) in said
    told = numbers(values, "end_value_likely", rows)
    assert f"{pounds(total(values, 'available', told) - likely)} short of the" in said
    below = numbers(values, "agenda_below", rows)
    assert ("nothing yet" in said) == bool(below)
    if below:
        assert f"{len(below)} indicator{'s' * (len(below) > 1)} earn" in said
        assert f"{pounds(total(values, 'to_win', below))} at stake" in said
    still = [down for down in range(rows) if values[spot("plan_kind", down)].value == "open"]
    top = [down for down in still if values[spot("tier", down)].value == "top"]
    assert (
        f"({pounds(total(values, 'to_win', top))} of the {pounds(total(values, 'to_win', still))} still to win)" in said
    )
    assert ("assumed figures of 2025-26.v1" in said) == (name == "2026-27.v1")


def test_the_board_hears_of_what_stands_in_the_way_and_is_asked_for_what_is_missing(meeting, read):
    found = board(meeting)
    checks, below, silent, short, overdue = (what for what, _ in found["risks"])
    verdict = engines.formula_values(meeting.package)[spot("verdict")].value
    assert " need a look" in verdict
    assert checks == f"{verdict}: totals may change once they are put right."
    assert below.startswith("13 indicators earn nothing yet; ")
    assert silent == "1 practice has no figures yet, of 12: the PCN's achievement will move when they come."
    assert " short of the " in short
    assert overdue == "7 actions are past the day that was agreed."
    assert found["also"][0] == "the top tier needs more hours than are left"
    asked = [each for each in found["decisions"] if not each.startswith(("Work on", "Then on", "Leave these"))]
    assert asked[0] == "Name a board lead for CVD-06."
    assert asked[1].startswith("Name practice leads for ")
    assert asked[2:] == [
        "Agree new days for 7 overdue actions, or drop them.",
        "Note 8 open actions, 2 of them due in the month after.",
    ]
    text, facts = read(typeset("board", found))
    assert facts["Pages"] == "1"
    assert all(part in flat(text) for part in found["also"])


def test_the_board_is_told_why_it_is_too_early():
    nothing = board(shipped("2026-27.v1", "empty"))
    assert nothing["forecast"] == "Too early to tell: there are no figures yet."
    assert nothing["totals"][3]["figure"] == "Too early to tell"
    assert nothing["decisions"] == ["Agree who brings the figures every month, and by which day."]
    of = engines.content("2025-26.v1")
    april = board(book(replace(of, counts={key: pair for key, pair in of.counts.items() if key[2] == 1})))
    assert april["forecast"].startswith("Too early to tell: of no indicator is 25% of a year's work usually done")


def test_the_agenda_has_the_lines_of_the_sheet_and_of_the_command(meeting, read):
    text, facts = read(typeset("agenda", agenda(meeting)))
    said, values = flat(text), engines.formula_values(meeting.package)
    found = agenda_of(meeting)
    assert facts["Page size"].endswith("(A4)")
    at = [said.index(flat(heading)) for heading in HEADINGS]
    assert at == sorted(at)
    lists = {
        "Met: all points are won": ("met", [each.code for each in found.met]),
        "More points than the month before": ("risen", [each.indicator.code for each in found.risen]),
        "Overdue": ("overdue", [each.what for each in found.overdue]),
        "Due in the month after": ("due", [each.what for each in found.next]),
        "Top tier, most £ first": ("top", [each.indicator.code for each in found.top]),
        "Below the lower threshold, most £ first": ("below", [each.indicator.code for each in found.below]),
        "Practices without figures": ("silent", [each.code for each in found.silent]),
        "Fewer points than the month before": ("fallen", [each.indicator.code for each in found.fallen]),
    }
    for words, (name, items) in lists.items():
        assert (f"{words}: {len(items)}" in said) == bool(items), words
        part = said.partition(f"{words}: ")[2]
        places = [part.index(item) for item in items[:LINES]]
        assert places == sorted(places)
        assert len(items) <= LINES or f"and {len(items) - LINES} more" in part
        shown = [flat(str(values[spot(f"agenda_{name}_text", down)].value)) for down in range(LINES)]
        assert all(all(word in part for word in line.split()) for line in shown)
    assert "Open, due later or on no day: 6" in said
    assert [each.what for each in found.later if each.what in said] == [each.what for each in found.later[:LINES]]
    for name in ("total_points", "agenda_points_before"):
        assert f"{values[spot(name)].value:,.2f}" in said
    for name in ("total_won", "total_to_win", "agenda_won_before", "agenda_to_win_before"):
        assert pounds(values[spot(name)].value) in said
    assert f"{values[spot('agenda_hours_of_top')].value:,.1f}" in said
    assert "20.0" in said
    assert "A new garden" in said
    assert "Finished" not in said


def test_the_agenda_of_a_workbook_without_figures_is_there_to_write_on(read):
    text, facts = read(typeset("agenda", agenda(shipped("2026-27.v1", "empty"))))
    assert facts["Pages"] == "1"
    assert "No action is open." in text
    assert text.count("Decided") == len(HEADINGS)


# The command


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "west.xlsx").write_bytes(desk.made(macros=False))
    return tmp_path


@pytest.mark.parametrize("page", PAGES)
def test_every_page_stands_beside_the_book_under_a_speaking_name(page, folder, capsys):
    path = folder / f"west {page}.pdf"
    assert desk.ran(capsys, "print", folder / "west.xlsx", page) == (0, f"{path}\n", "")
    assert path.read_bytes().startswith(b"%PDF-")


def test_print_never_writes_over_a_file_unless_told(folder, capsys):
    path = folder / "west poster.pdf"
    assert desk.ran(capsys, "print", folder / "west.xlsx", "poster") == (0, f"{path}\n", "")
    assert path.read_bytes().startswith(b"%PDF-")
    code, out, err = desk.ran(capsys, "print", folder / "west.xlsx", "poster")
    assert (code, out) == (13, "")
    assert err == f"{path}: exists already; give another name, or --replace to overwrite it\n"
    assert desk.ran(capsys, "print", folder / "west.xlsx", "poster", "--replace")[0] == 0


@pytest.mark.parametrize("name", ["west.xlsx", "poster.txt"])
def test_print_writes_nothing_but_pdfs(name, folder, capsys):
    before = (folder / "west.xlsx").read_bytes()
    line = f"--output: '{name}' is no name of a PDF; write one that ends in .pdf\n"
    found = desk.ran(capsys, "print", folder / "west.xlsx", "poster", "--output", folder / name, "--replace")
    assert found == (12, "", line)
    assert (folder / "west.xlsx").read_bytes() == before
    assert not (folder / "poster.txt").exists()


@pytest.mark.parametrize("module", ["typst", "fontpkg_arimo"])
def test_without_typst_or_the_font_it_says_what_to_install(module, folder, capsys, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, module, None)
    code, _, err = desk.ran(capsys, "print", folder / "west.xlsx", "poster")
    assert (code, err) == (
        12,
        "printing needs typst and the font Arimo; install both with: pip install 'iif-reckoner[pdf]'\n",
    )
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


def test_what_is_no_workbook_of_ours_and_a_page_that_is_open_elsewhere_are_refused_in_a_line(folder, capsys):
    other = folder / "rota.xlsx"
    openpyxl.Workbook().save(other)
    code, _, err = desk.ran(capsys, "print", other, "board")
    assert (code, err) == (
        12,
        f"{other.name}: no workbook of the IIF Ready Reckoner; make one with `iif-reckoner new`\n",
    )
    code, _, err = desk.ran(capsys, "print", folder / "north.xlsx", "board")
    assert (code, err.count("\n")) == (13, 1)
    (folder / ".~lock.west board.pdf#").touch()
    code, _, err = desk.ran(capsys, "print", folder / "west.xlsx", "board")
    assert code == 13
    assert "west board.pdf: open in another program" in err
    assert not list(folder.glob("*.pdf"))
