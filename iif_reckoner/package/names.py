"""Defined names put in the place of those that a workbook had from an earlier drawing."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple
from xml.sax.saxutils import unescape

from iif_reckoner.package.book import Package
from iif_reckoner.package.markup import attributes, number_in, tag, view, with_attributes

_OF_PROGRAMS = "_xlnm."
"""How the names begin that spreadsheet programs give themselves: print areas, titles, filters."""

_BEFORE = re.compile(
    rb"</(?:externalReferences|functionGroups|sheets)\s*>|<(?:externalReferences|functionGroups)[^>]*/>"
)
_END = b"</definedName"


class _Name(NamedTuple):
    """A defined name: its bytes, itself, and the number of the sheet that it belongs to, if it is one's alone."""

    data: bytes
    name: str
    sheet: int | None


def put_names(package: Package, drawn: Package, titles: Collection[str]) -> Package:
    """Return the package with the names of another workbook, those of one sheet only where `titles` has it.

    They take the place of the names of the whole workbook that are called the same, and on these sheets of those that
    programs keep for printing and filtering; all other names stay as they are. The list of sheets is one whose tags
    have no prefix.
    """
    part = package.workbook_part
    data = package.part(part)
    own, places = _numbers(package), {name: number for number, name in _numbers(drawn).items()}
    numbers = {places[title]: number for number, title in own.items() if title in titles}
    coming = [name for name in _names(drawn.part(drawn.workbook_part)) if name.sheet is None or name.sheet in numbers]
    called = {name.name.casefold() for name in coming if name.sheet is None}

    def goes(name: _Name) -> bool:
        if name.sheet is None:
            return name.name.casefold() in called
        return name.name.startswith(_OF_PROGRAMS) and own.get(name.sheet) in titles

    new = [_of_sheet(name, numbers) for name in coming] + [name.data for name in _names(data) if not goes(name)]
    whole = b"<definedNames>" + b"".join(new) + b"</definedNames>"
    start, end = _place(view(data))
    return package.with_parts({part: data[:start] + whole + data[end:]})


def _numbers(package: Package) -> dict[int, str]:
    return {number: sheet.name for number, sheet in enumerate(package.sheets)}


def _of_sheet(name: _Name, numbers: dict[int, int]) -> bytes:
    """Return a name's bytes with the number that its sheet has in the other workbook."""
    if name.sheet is None:
        return name.data
    match = tag(b"", b"definedName").match(name.data)
    if match is None:
        raise ValueError("a name of the drawn workbook is not written as we write it")
    text = with_attributes(match[1], {b"localSheetId": str(numbers[name.sheet]).encode()})
    return b"<definedName" + text + name.data[match.end(1) :]


def _names(data: bytes) -> Iterator[_Name]:
    seen = view(data)
    for match in tag(b"", b"definedName").finditer(seen):
        given = attributes(match[1])
        end = match.end() if match[2] else seen.index(b">", seen.index(_END, match.end())) + 1
        sheet = number_in(given.get(b"localSheetId"))
        yield _Name(data[match.start() : end], unescape(given.get(b"name", b"").decode()), sheet)


def _place(seen: bytes) -> tuple[int, int]:
    """Return where the names begin and end, or where they belong if there are none yet."""
    if (opening := tag(b"", b"definedNames").search(seen)) is not None:
        end = opening.end() if opening[2] else seen.index(b">", seen.index(b"</definedNames", opening.end())) + 1
        return opening.start(), end
    *_, behind = _BEFORE.finditer(seen)
    return behind.end(), behind.end()
