"""Sheets of a workbook that was just built under other titles, as their users call them."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import unescape

from iif_reckoner.package.book import Package
from iif_reckoner.package.markup import attribute_bytes, cell_bytes

_FORMULA = re.compile(rb"(<(f|formula[12]?|definedName)(?:\s[^>]*)?>)([^<]+)(?=</\2>)")
_LOCATION = re.compile(rb'(<hyperlink\s[^>]*?\blocation=")([^"]+)(?=")')
_SHEET = re.compile(rb'(<sheet name=")([^"]+)(?=")')
_WORDS = re.compile(r"""("(?:[^"]|"")*")|(?:'((?:[^']|'')+)'|([\w.]+))!""")
"""A text in a formula, which is left alone, or the title of a sheet in front of a cell."""

_QUOTES = {"&quot;": '"', "&apos;": "'"}


def with_titles(package: Package, titles: Mapping[str, str]) -> Package:
    """Return the workbook with these sheets, by the title that they have, called otherwise wherever it speaks of them.

    That is in the list of sheets, in formulas, names and links, and in what charts, conditions and choices look at;
    what is written in cells stays.
    """
    if not titles:
        return package

    def formula(match: re.Match[bytes]) -> bytes:
        return match[1] + cell_bytes(_renamed(unescape(match[3].decode()), titles))

    def location(match: re.Match[bytes]) -> bytes:
        return match[1] + attribute_bytes(_renamed(unescape(match[2].decode(), _QUOTES), titles))

    def sheet(match: re.Match[bytes]) -> bytes:
        title = unescape(match[2].decode(), _QUOTES)
        return match[1] + attribute_bytes(titles.get(title, title))

    parts = {}
    for part in package.parts:
        if part.startswith("xl/") and part.endswith(".xml"):
            parts[part] = _LOCATION.sub(location, _FORMULA.sub(formula, package.part(part)))
    book = package.workbook_part
    return package.with_parts({**parts, book: _SHEET.sub(sheet, parts[book])})


def _renamed(formula: str, titles: Mapping[str, str]) -> str:
    """Return a formula that calls sheets by their new titles.

    >>> print(_renamed('''IF('Practice gaps'!A1="Trend!",Trend!B2,Plan!C3)''', {"Trend": "Jo's trend"}))
    IF('Practice gaps'!A1="Trend!",'Jo''s trend'!B2,Plan!C3)
    """

    def word(match: re.Match[str]) -> str:
        title = match[2].replace("''", "'") if match[2] else match[3]
        if match[1] or title not in titles:
            return match[0]
        return "'" + titles[title].replace("'", "''") + "'!"

    return _WORDS.sub(word, formula)
