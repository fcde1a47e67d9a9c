"""Which styles of a workbook show a number as something else than a number."""

import re
from typing import Literal

from iif_reckoner.package.book import Package
from iif_reckoner.package.markup import SHEET_SPACE, walk

Shown = Literal["date", "percentage"]

_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENTAGES = frozenset({9, 10})
"""The formats that every spreadsheet program knows by number (ECMA-376 part 1, 18.8.30)."""

_WORDS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_SIGNS = re.compile(r"[dmyhs]", re.IGNORECASE)


def shown_as(package: Package) -> dict[int, Shown]:
    """Return what the styles show a number as, by the style's number; those that show a number are left out.

    Raises:
        InputError: the workbook's list of styles is damaged.
    """
    parts = [link.part for link in package.links(package.workbook_part) if link.kind == "styles"]
    if not parts:
        return {}
    own: dict[str, str] = {}
    styles: list[str] = []
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if name == f"{SHEET_SPACE} numFmt":
            own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == f"{SHEET_SPACE} cellXfs":
            inside = True
        elif inside and name == f"{SHEET_SPACE} xf":
            styles.append(attributes.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != f"{SHEET_SPACE} cellXfs"

    walk(package.part(parts[0]), f"{package.name}: {parts[0]}", start, end)
    found = {style: _shown(number, own.get(number)) for style, number in enumerate(styles)}
    return {style: kind for style, kind in found.items() if kind is not None}


def _shown(number: str, code: str | None) -> Shown | None:
    """Return what a format shows; its code is of the workbook's own, else the number says it.

    >>> _shown("164", '[$-809]d mmm yyyy;@'), _shown("164", '#,##0" days"'), _shown("9", None), _shown("3", None)
    ('date', None, 'percentage', None)
    """
    if code is not None:
        signs = _WORDS.sub("", code)
        return "percentage" if "%" in signs else "date" if _DATE_SIGNS.search(signs) else None
    known = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0
    return "date" if known in _DATES else "percentage" if known in _PERCENTAGES else None
