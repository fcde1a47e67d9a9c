"""Text in the cells of a workbook, measured with the letters of Liberation Sans: what of it is cut off.

Reads the parts of the file themselves, so that it knows nothing of how they were written.
"""

import functools
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from itertools import takewhile
from pathlib import Path

from fontTools.ttLib import TTFont

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
BLACK, WHITE = "000000", "FFFFFF"
DOT = 0.75
"""Points of a dot of Excel's screen."""

EDGES = 5 * DOT
"""What Excel keeps free of a cell's width: two dots on either side and the line."""

INDENT = 3
"""Spaces of Arial 10 in one step of indent."""

LINE = 1.149
"""Height of a line of Liberation Sans over the size of its letters."""


@functools.cache
def font(bold):
    """The file of Liberation Sans, or None where there is none."""
    style = "Bold" if bold else "Regular"
    command = ["fc-match", "-f", "%{family}|%{file}", f"Liberation Sans:style={style}"]
    try:
        family, _, file = subprocess.run(command, capture_output=True, text=True, check=True).stdout.partition("|")
    except FileNotFoundError:
        return None
    return TTFont(file) if family.startswith("Liberation Sans") and Path(file).exists() else None


@functools.cache
def letters(bold):
    """Widths by letter, in parts of the size; what the font lacks is as wide as its size."""
    found = font(bold)
    units, widths = found["head"].unitsPerEm, found["hmtx"]
    return {chr(code): widths[name][0] / units for code, name in found.getBestCmap().items()}


def width(text, size, bold):
    of = letters(bold)
    return size * sum(of.get(letter, 1) for letter in text)


def lines(text, room, size, bold):
    """How many lines a wrapped text takes, and whether a word is broken for it."""
    found, broken = 0, False
    for part in text.split("\n"):
        found, used = found + 1, 0
        for word in part.split(" "):
            left = word
            if used and used + width(word, size, bold) > room:
                found, used = found + 1, 0
            while width(left, size, bold) > room:
                # A name for programs has no place to be parted at.
                broken = broken or "_" not in word
                fits = next((n for n in range(len(left), 0, -1) if width(left[:n], size, bold) <= room), 1)
                left, found = left[fits:], found + 1
            used += width(left + " ", size, bold)
    return found, broken


@dataclass(frozen=True)
class Look:
    size: float
    bold: bool
    format: str
    align: str
    wrap: bool
    indent: int
    turned: bool


@dataclass(frozen=True)
class Cut:
    sheet: str
    cell: str
    text: str
    why: str


@dataclass(frozen=True)
class Table:
    name: str
    area: tuple[int, int, int, int]
    headings: tuple[str, ...]
    filters: str | None


def shown(value, code):
    """A number as Excel shows it in one of the formats that the workbook has."""
    if code in ("General", "@"):
        return f"{value:.10g}"
    if code == ";;;":
        return ""
    if code == "dd mmm yyyy_-":
        return f"{date(1899, 12, 30) + timedelta(days=int(value)):%d %b %Y}-"
    positive, *others = code.split(";")
    if others:
        positive = positive if value > 0 else others[0] if value < 0 else others[1]
        value = abs(value)
    match = re.fullmatch(r"([-+]?£?)(#,##)?0(?:\.(0*)(#*))?(%?)(?:_(-))?", positive)
    assert match, f"no test knows the number format {code}"
    sign, thousands, fixed, free, percent, kept_free = match.groups()
    value *= 100 if percent else 1
    text = f"{value:{',' if thousands else ''}.{len(fixed or '') + len(free or '')}f}"
    least = len(text) - len(free or "")
    while free and len(text) > least and text.endswith("0"):
        text = text[:-1]
    return sign + text + percent + (kept_free or "")


def address(ref):
    match = re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", ref)
    column = functools.reduce(lambda so_far, letter: so_far * 26 + ord(letter) - 64, match[1], 0)
    return int(match[2]), column


def block(ref):
    """First and last row and column of a reference such as B5:D9."""
    first, _, last = ref.partition(":")
    (top, left), (bottom, right) = address(first), address(last or first)
    return top, left, bottom, right


class Measured:
    """A workbook whose texts can be measured."""

    def __init__(self, data):
        self._parts = zipfile.ZipFile(BytesIO(data))
        self._looks, self._bold_tints = self._read_looks()
        book = self.xml("xl/workbook.xml")
        links = {link.get("Id"): link.get("Target") for link in self.xml("xl/_rels/workbook.xml.rels")}
        self.sheets = {
            sheet.get("name"): "xl/" + links[sheet.get(f"{REL}id")].removeprefix("/xl/")
            for sheet in book.iter(f"{MAIN}sheet")
            if sheet.get("state") != "hidden"
        }
        self.names = [
            (name.get("name"), int(name.get("localSheetId", -1)), name.text) for name in book.iter(f"{MAIN}definedName")
        ]

    def xml(self, part):
        return ET.fromstring(self._parts.read(part))  # noqa: S314 (written a moment before)

    def parts(self):
        return self._parts.namelist()

    def look(self, cell):
        return self._looks[int(cell.get("s", 0))]

    def fill(self, style):
        return self._fills[style]

    def unlocked(self, style):
        return self._unlocked[style]

    def colours(self):
        """Every pair of a text's colour and what is behind it, of cells and of what they turn into."""
        tints = [
            (
                colour(one.find(f"{MAIN}font/{MAIN}color")) or BLACK,
                colour(one.find(f"{MAIN}fill/{MAIN}patternFill/{MAIN}bgColor")) or WHITE,
            )
            for one in self.xml("xl/styles.xml").iter(f"{MAIN}dxf")
            if one.find(f"{MAIN}font") is not None
        ]
        return sorted({*zip(self._colours, (fill or WHITE for fill in self._fills), strict=True), *tints})

    def areas(self, title):
        """The print areas of a sheet, as first and last row and column."""
        at = list(self.sheets).index(title)
        text = next(text for name, sheet, text in self.names if name == "_xlnm.Print_Area" and sheet == at)
        return [block(area.rpartition("!")[2]) for area in re.split(r",(?=')|,(?=[A-Z])", text)]

    def first_columns(self, title):
        """The texts in the first column of each print area of a sheet."""
        firsts = {area[1] for area in self.areas(title)}
        cells = self.xml(self.sheets[title]).iter(f"{MAIN}c")
        texts = [self.text(cell) for cell in cells if address(cell.get("r"))[1] in firsts]
        return {" ".join(text.split()) for text in texts if isinstance(text, str) and len(text) > 2}

    def tables(self, title):
        """The tables of a sheet, in its order."""
        part = self.sheets[title]
        links = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
        if links not in self._parts.namelist():
            return []
        at = {link.get("Id"): link.get("Target") for link in self.xml(links)}
        found = []
        for listed in self.xml(part).iter(f"{MAIN}tablePart"):
            table = self.xml("xl/" + at[listed.get(f"{REL}id")].removeprefix("../").removeprefix("/xl/"))
            names = tuple(column.get("name") for column in table.iter(f"{MAIN}tableColumn"))
            filters = table.find(f"{MAIN}autoFilter")
            found.append(
                Table(
                    table.get("displayName"), block(table.get("ref")), names, filters is not None and filters.get("ref")
                )
            )
        return found

    def _read_looks(self):
        styles = self.xml("xl/styles.xml")
        formats = {fmt.get("numFmtId"): fmt.get("formatCode") for fmt in styles.iter(f"{MAIN}numFmt")}
        built_in = {
            "0": "General",
            "1": "0",
            "2": "0.00",
            "3": "#,##0",
            "4": "#,##0.00",
            "9": "0%",
            "10": "0.00%",
            "49": "@",
        }
        fonts = [
            (float(one.find(f"{MAIN}sz").get("val")), is_on(one.find(f"{MAIN}b")))
            for one in styles.find(f"{MAIN}fonts")
        ]
        colours = [colour(one.find(f"{MAIN}color")) or BLACK for one in styles.find(f"{MAIN}fonts")]
        fills = [
            colour(one.find(f"{MAIN}patternFill/{MAIN}fgColor"))
            if one.find(f"{MAIN}patternFill").get("patternType") == "solid"
            else None
            for one in styles.find(f"{MAIN}fills")
        ]
        self._colours, self._fills, self._unlocked = [], [], []
        looks = []
        for cell in styles.find(f"{MAIN}cellXfs"):
            self._colours.append(colours[int(cell.get("fontId"))])
            self._fills.append(fills[int(cell.get("fillId"))])
            kept = cell.find(f"{MAIN}protection")
            self._unlocked.append(kept is not None and kept.get("locked") in ("0", "false"))
            placed = cell.find(f"{MAIN}alignment")
            placed = {} if placed is None else placed.attrib
            size, bold = fonts[int(cell.get("fontId"))]
            number = cell.get("numFmtId")
            looks.append(
                Look(
                    size=size,
                    bold=bold,
                    format=formats.get(number) or built_in[number],
                    align=placed.get("horizontal", "general"),
                    wrap=placed.get("wrapText") in ("1", "true"),
                    indent=int(placed.get("indent", 0)),
                    turned=placed.get("textRotation") == "90",
                )
            )
        tints = [is_on(one.find(f"{MAIN}font/{MAIN}b")) for one in styles.iter(f"{MAIN}dxf")]
        return looks, tints

    def cut(self, title):
        """What is cut off on a sheet."""
        sheet = self.xml(self.sheets[title])
        default = float(sheet.find(f"{MAIN}sheetFormatPr").get("defaultRowHeight", 15))
        widths = {}
        for column in sheet.iter(f"{MAIN}col"):
            for at in range(int(column.get("min")), min(int(column.get("max")), 200) + 1):
                widths[at] = 0 if column.get("hidden") in ("1", "true") else float(column.get("width"))
        bolds = [
            block(area)
            for format_ in sheet.iter(f"{MAIN}conditionalFormatting")
            if any(self._bold_tints[int(rule.get("dxfId"))] for rule in format_)
            for area in format_.get("sqref").split()
        ]
        right = max(area[3] for area in self.areas(title))
        for row in sheet.iter(f"{MAIN}row"):
            number = int(row.get("r"))
            if row.get("hidden") in ("1", "true"):
                continue
            high = float(row.get("ht", default))
            texts = {}
            for cell in row:
                text = self.text(cell)
                if text is not None:
                    texts[address(cell.get("r"))[1]] = text, self._looks[int(cell.get("s", 0))], cell
            for column, (text, look, cell) in texts.items():
                bold = look.bold or any(
                    top <= number <= bottom and left <= column <= last for top, left, bottom, last in bolds
                )
                if text and widths.get(column) != 0 and (why := Row(high, widths, texts, right).why(column, bold)):
                    yield Cut(title, cell.get("r"), text, why)

    def text(self, cell):
        """What a cell shows; None where it holds nothing. A formula that gives nothing holds something."""
        kind, value = cell.get("t", "n"), cell.find(f"{MAIN}v")
        if kind == "inlineStr":
            return "".join(cell.itertext())
        if value is None or value.text is None:
            return None if cell.find(f"{MAIN}f") is None else ""
        if kind in ("str", "e"):
            return value.text
        assert kind == "n", kind
        return float(value.text)


@dataclass(frozen=True)
class Row:
    """A row whose texts are measured: its height, the columns' widths, what stands where, the last that prints."""

    high: float
    widths: dict
    texts: dict
    right: int

    def room(self, column):
        return self.widths.get(column, 9.0) * 7 * DOT

    def why(self, column, bold):
        """Why the text of a cell is cut off; None where it is not."""
        text, look, _ = self.texts[column]
        own = self.room(column) - EDGES - look.indent * INDENT * width(" ", 10, False)
        if not isinstance(text, str):
            return too_wide(shown(text, look.format), own, look.size, bold)
        if look.turned:
            fits = width(text, look.size, bold) <= self.high - 2 and LINE * look.size <= self.room(column)
            return None if fits else "turned"
        if look.wrap:
            return self.why_wrapped(text, own, look.size, bold)
        if LINE * look.size > self.high:
            return "too high"
        return too_wide(text, own + self.beside(column, look.align), look.size, bold)

    def why_wrapped(self, text, own, size, bold):
        found, broken = lines(text, own, size, bold)
        if found * LINE * size > self.high + 0.01:
            return f"{found} lines of {size:g} points in {self.high:g}"
        return "a word is broken" if broken and len(text) < 150 else None

    def beside(self, column, align):
        """The room of the empty cells into which a text runs over."""
        after = takewhile(lambda at: at not in self.texts, range(column + 1, self.right + 1))
        before = takewhile(lambda at: at not in self.texts, range(column - 1, 0, -1))
        return (align != "right") * sum(map(self.room, after)) + (align in ("right", "center")) * sum(
            map(self.room, before)
        )


def too_wide(text, own, size, bold):
    wide = width(text, size, bold)
    return f"{wide:.0f} of {own:.0f} points wide" if wide > own else None


def colour(element):
    """Six digits of a colour that is given as such; None where it is not given, or by a number of Excel's own."""
    return element.get("rgb")[-6:] if element is not None and element.get("rgb") else None


def is_on(element):
    return element is not None and element.get("val", "1") in ("1", "true")
