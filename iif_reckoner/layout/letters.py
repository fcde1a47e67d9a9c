"""How much room text takes: the widths of Arial's letters, and from them the height of a row that cuts nothing off.

A workbook's maker has no Excel to ask. The widths are those of Arial, which Liberation Sans shares; a test compares
them with that font. What is not in the table (most letters of other alphabets) counts as 1,000.
"""

from collections.abc import Mapping
from functools import lru_cache

_WIDTHS: Mapping[int, str] = {
    191: "'", 222: "ijl\u2018\u2019", 260: "|", 278: " !,./:;I[\\]ft", 333: "()-`r“”·", 334: "{}", 355: '"', 389: "*",
    469: "^", 500: "Jcksvxyz", 556: "#$0123456789?L_abdeghnopqu£\u2013", 584: "+<=>~\u00d7", 611: "FTZ",
    667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1015: "@",
}  # fmt: skip
_BOLD: Mapping[int, str] = {
    238: "'", 278: " ,./I\\ijl\u2018\u2019", 280: "|", 333: "!()-:;[]`ft·", 389: "*r{}", 474: '"', 500: "z“”",
    556: "#$0123456789J_aceksvxy£\u2013", 584: "+<=>^~\u00d7", 611: "?FLTZbdghnopqu", 667: "EPSVXY", 722: "&ABCDHKNRU",
    778: "GOQw", 833: "M", 889: "%m", 944: "W", 975: "@",
}  # fmt: skip
"""By width in thousandths of the size of the letters."""

_OTHER = 1000
_OF = {
    bold: {letter: width for width, letters in table.items() for letter in letters}
    for bold, table in ((False, _WIDTHS), (True, _BOLD))
}

DIGIT = 5.25
"""Points of one unit of a column's width: seven dots, as Excel draws a digit of Arial 10."""

EDGES = 3.75
"""Points that a cell keeps free beside its text, both sides together."""

INDENT = 8.4
"""Points of one step of indent: three spaces of Arial 10."""

LINE = 1.28
"""Height of a line over the size of its letters: Excel's is the highest, LibreOffice's 1.15."""

_SURE = 0.97
"""The part of the room that is used: Excel's letters on the screen are up to a dot wider than on paper."""


def width(text: str, size: float = 10, *, bold: bool = False) -> float:
    """Return how wide a line of text is, in points.

    >>> round(width("watch and wait", 13), 1), round(width("watch and wait", 13, bold=True), 1)
    (86.0, 92.5)
    """
    of = _OF[bold]
    return sum(of.get(letter, _OTHER) for letter in text) * size / 1000


def room(column: float, *, indent: int = 0) -> float:
    """Return the points that text has in a column of that width."""
    return column * DIGIT - EDGES - indent * INDENT


@lru_cache(maxsize=1 << 14)
def lines(text: str, within: float, size: float = 10, bold: bool = False) -> int:  # noqa: FBT001, FBT002 (for the cache)
    """Return how many lines a text takes that is wrapped within so many points; long words are broken.

    >>> lines("Flu vaccine, 65+", 80), lines("Flu vaccine, 65+", 60), lines("Flu vaccine, 65+", 20)
    (1, 2, 5)
    """
    return sum(_lines(part, within, size, bold=bold) for part in text.split("\n"))


def _lines(text: str, within: float, size: float, *, bold: bool) -> int:
    found, used, space = 1, 0.0, width(" ", size, bold=bold)
    for word in text.split(" "):
        wide = width(word, size, bold=bold)
        if used and used + wide > within:
            found, used = found + 1, 0.0
        for letter in word if wide > within else ():
            own = width(letter, size, bold=bold)
            if used and used + own > within:
                found, used = found + 1, 0.0
            used += own
        if wide <= within:
            used += wide
        used += space
    return found


def height(
    *texts: tuple[str | None, float], size: float = 10, least: float = 15, bold: bool = False, indent: int = 1
) -> float:
    """Return the height of a row that shows each text, wrapped in a column of that width, in full.

    >>> height(("Flu vaccine, 65+", 34.0)), height(("a word " * 20, 34.0))
    (15, 66.0)
    """
    most = max(
        (lines(text, _SURE * room(column, indent=indent), size, bold) for text, column in texts if text), default=1
    )
    return max(least, round(2 + LINE * size * most, 2))
