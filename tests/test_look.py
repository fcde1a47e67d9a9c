"""The look: contrast of every style, the A3 page of every year on paper, nothing smaller than 8 points."""

import os
import re
import shutil
import subprocess
from itertools import pairwise

import pytest

from iif_reckoner import rulesets
from iif_reckoner.build import example, make
from iif_reckoner.layout.look import STYLES, TINTS, WHITE

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


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """The workbook of every ruleset, the made-up PCN in it, printed by LibreOffice."""
    missing = [program for program in ("soffice", "pdftotext", "pdfinfo") if shutil.which(program) is None]
    if missing:
        assert not os.environ.get("CI"), f"{missing} not found"
        pytest.skip(f"{' and '.join(missing)} not found")
    folder = tmp_path_factory.mktemp("printed")
    for name in rulesets.ids():
        (folder / f"{name}.xlsx").write_bytes(make(example.content(name, 9, macros=False)))
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    files = [str(folder / f"{name}.xlsx") for name in rulesets.ids()]
    subprocess.run([*command, "--outdir", str(folder), *files], check=True, capture_output=True, timeout=300)
    return folder


def pages(path):
    found = subprocess.run(["pdfinfo", "-l", "99", str(path)], capture_output=True, text=True, check=True).stdout
    return [tuple(float(side) for side in match) for match in re.findall(r"size:\s+([\d.]+) x ([\d.]+)", found)]


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
