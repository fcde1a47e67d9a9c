"""The look: contrast of every style, the A3 page of every year on paper, nothing smaller than 8 points."""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise

import pytest

from iif_reckoner import rulesets
from iif_reckoner.build import example, make
from iif_reckoner.layout import letters
from iif_reckoner.layout.look import STYLES, TINTS, WHITE
from iif_reckoner.package import Package
from tests import measured

LIBERATION = 1.149
"""Height of a line of Liberation Sans, which LibreOffice sets for Arial, over the size of its letters."""


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_reckoned_as_the_guidelines_do():
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("FFFFFF", "DA291C") == pytest.approx(4.87, abs=0.01)


@pytest.mark.parametrize("name", STYLES)
def test_every_style_has_enough_contrast(name):
    style = STYLES[name]
    assert contrast(style.colour, style.fill or WHITE) >= 4.5


@pytest.mark.parametrize("name", [name for name in TINTS if not name.startswith("shade")])
def test_every_tint_has_enough_contrast(name):
    tint = TINTS[name]
    assert contrast(tint.colour or "231F20", tint.fill or WHITE) >= 4.5


def test_shades_grow_darker_so_that_a_grey_printer_tells_them_apart():
    shades = [luminance(TINTS[f"shade_{step}"].fill) for step in range(5)]
    assert all(lighter > darker * 1.25 for lighter, darker in pairwise(shades))


def without(*programs):
    """Skip on a laptop where a program is missing; in CI that is a failure."""
    missing = [program for program in programs if shutil.which(program) is None]
    if missing:
        assert not os.environ.get("CI"), f"{missing} not found"
        pytest.skip(f"{' and '.join(missing)} not found")


@pytest.fixture(scope="module")
def font():
    """Liberation Sans, by which texts are measured."""
    without("fc-match")
    if measured.font(bold=False) is None:
        assert not os.environ.get("CI"), "Liberation Sans not found"
        pytest.skip("Liberation Sans not found")


@pytest.mark.parametrize("bold", [False, True])
def test_the_widths_of_letters_are_those_of_the_font(font, bold):
    known = measured.letters(bold)
    for letter in letters._OF[bold]:
        assert letters.width(letter, 1000, bold=bold) == pytest.approx(1000 * known[letter], abs=0.6), letter


@pytest.mark.parametrize("name", rulesets.ids())
def test_nothing_is_cut_off(every_year, font, name):
    book = measured.Measured(every_year[name])
    assert [cut for title in book.sheets if title != "Working" for cut in book.cut(title)] == []


def test_names_of_200_letters_are_not_cut_off_either(font):
    long = "The Old Rectory and Saint Bartholomew's Family Health Centre, incorporating Harbour View Surgery, formerly "
    long = (long + "known as the Ashwater, Fernhill, Brookside, Beacon Lane, Canal Street and Lower Meadow Group")[:196]
    content = example.decided(
        example.content("2022-23.v1", 9, practices=40, macros=False), hours_left=1, hours_a_month=1
    )
    practices = [replace(own, name=f"{long} {place:03}") for place, own in enumerate(content.practices)]
    book = measured.Measured(make(replace(content, pcn_name=f"{long} PCN", practices=tuple(practices))))
    assert [cut for title in book.sheets if title != "Working" for cut in book.cut(title)] == []


def with_changed(data, part, pattern, new):
    """The same workbook with one part changed."""
    package = Package.from_bytes(data, "a book")
    changed, times = re.subn(pattern, new, package.part(part))
    assert times == 1
    return package.with_parts({part: changed}).to_bytes()


@pytest.mark.parametrize(
    ("pattern", "new", "text"),
    [
        # The tier's column and the row of the longest name as narrow and as low as they once were.
        (rb'(<col width=")[\d.]+("[^>]*min="31" max="31")', rb"\g<1>8\2", "watch and wait"),
        (rb'(<row r="14" ht=")[\d.]+', rb"\g<1>38.1", "High cholesterol: secondary cause found"),
    ],
)
def test_what_is_cut_off_is_noticed(every_year, font, pattern, new, text):
    part = measured.Measured(every_year["2022-23.v2"]).sheets["Reckoner"]
    book = measured.Measured(with_changed(every_year["2022-23.v2"], part, pattern, new))
    assert any(cut.text.startswith(text) for cut in book.cut("Reckoner"))


@pytest.fixture(scope="module")
def printed(every_year, tmp_path_factory):
    """The workbook of every ruleset, printed by LibreOffice."""
    without("soffice", "pdftotext", "pdfinfo")
    folder = tmp_path_factory.mktemp("printed")
    for name, data in every_year.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    files = [str(folder / f"{name}.xlsx") for name in every_year]
    subprocess.run([*command, "--outdir", str(folder), *files], check=True, capture_output=True, timeout=600)
    return folder


def pages(path):
    found = subprocess.run(["pdfinfo", "-l", "999", str(path)], capture_output=True, text=True, check=True).stdout
    return [tuple(float(side) for side in match) for match in re.findall(r"size:\s+([\d.]+) x ([\d.]+)", found)]


def texts(path):
    """The text of each page."""
    command = ["pdftotext", "-layout", str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\f")[:-1]


FOOT = re.compile(r".*IIF Ready Reckoner (\S.*?) Page (\d+)$")
MEANT_TO_BE_WIDE = {"Counts", "Practice gaps", "Plan", "Rules"}


@pytest.mark.parametrize("name", rulesets.ids())
def test_every_sheet_prints_with_its_name_and_no_column_on_a_page_of_its_own(every_year, printed, name):
    pages_with_text = [" ".join(text.split()) for text in texts(printed / f"{name}.pdf")]
    feet = [FOOT.match(text) for text in pages_with_text]
    assert [int(foot[2]) for foot in feet] == list(range(1, len(feet) + 1)), "a page without its number"
    book = measured.Measured(every_year[name])
    assert list(dict.fromkeys(foot[1] for foot in feet)) == list(book.sheets)
    for title in book.sheets.keys() - MEANT_TO_BE_WIDE:
        starts = book.first_columns(title)
        for foot, text in zip(feet, pages_with_text, strict=True):
            if foot[1] == title:
                # What comes onto a page beside the one where a sheet begins has nothing of its first column.
                assert any(start in text for start in starts), f"{title}, page {foot[2]}"


@pytest.mark.parametrize("name", rulesets.ids())
def test_the_reckoner_is_one_a3_page_with_text_of_8_points(printed, name):
    sizes = pages(printed / f"{name}.pdf")
    wide = [number for number, (width, height) in enumerate(sizes, start=1) if width > 1_180 and height > 830]
    assert wide == [2]
    found = subprocess.run(
        ["pdftotext", "-bbox", "-f", "2", "-l", "2", str(printed / f"{name}.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    words = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)<', found)
    assert len(words) > 50
    small = {word: (float(low) - float(high)) / LIBERATION for high, low, word in words}
    assert min(small.values()) >= 8, min(small.items(), key=lambda item: item[1])
    text = " ".join(word for _, _, word in words)
    for code in rulesets.load(name).codes:
        assert code in text
