"""The formulas of a sheet, and which sheets, names and tables a formula speaks of."""

import re
from collections.abc import Iterator

from iif_reckoner.package.book import Package
from iif_reckoner.package.markup import SHEET_SPACE, walk

_TEXT = re.compile(r'"(?:[^"]|"")*"')
_QUOTED = re.compile(r"'((?:[^']|'')+)'!")
_BRACKETS = re.compile(r"\[[^\[\]]*\]")
"""The columns of a table, or the number of another workbook."""

_WORD = re.compile(r"(?<![\w.\]])([^\W\d][\w.]*)")


def formulas(package: Package, title: str) -> Iterator[tuple[str, str]]:
    """Yield the cells that each formula of a sheet gives, as `B2` or `B2:B9`, and its text.

    A formula that cells have in common, or that gives a block, comes once.
    """
    found: list[tuple[str, list[str]]] = []
    address, inside = "", False

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal address, inside
        if name == f"{SHEET_SPACE} c":
            address = given.get("r", "")
        elif name == f"{SHEET_SPACE} f":
            inside = True
            found.append((given.get("ref", address), []))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != f"{SHEET_SPACE} f"

    def text(piece: str) -> None:
        if inside:
            found[-1][1].append(piece)

    sheet = package.sheet(title)
    walk(package.part(sheet.part), package.where(sheet), start, end, text)
    return ((cells, "".join(pieces)) for cells, pieces in found if pieces)


def mentions(formula: str) -> frozenset[str]:
    """Return the words of a formula that may be sheets, names or tables of its workbook, in small letters.

    >>> sorted(mentions("SUM('Practice gaps'!A1:A9,Trend:Plan!B2)+IIF_RULES*Rota[Week]"))
    ['a1', 'a9', 'b2', 'iif_rules', 'plan', 'practice gaps', 'rota', 'sum', 'trend']
    >>> sorted(mentions("'[Other.xlsx]Trend'!A1+[1]Trend!A1+'Trend:Plan'!A1"))
    ['a1', 'plan', 'trend']
    >>> mentions('"Cash!A1"')
    frozenset()
    """
    left = _TEXT.sub(" ", formula)
    quoted = [title.replace("''", "'") for title in _QUOTED.findall(left)]
    titles = [title for whole in quoted if "[" not in whole for title in whole.split(":")]
    plain = _QUOTED.sub(" ", left)
    while "[" in plain and (inner := _BRACKETS.sub("]", plain)) != plain:
        plain = inner
    return frozenset(word.casefold() for word in (*titles, *_WORD.findall(plain)))
