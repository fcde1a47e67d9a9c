"""Sheets of a workbook drawn anew, while every part that belongs to its other sheets stays byte for byte."""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import count

from iif_reckoner.errors import InputError, shown
from iif_reckoner.package.book import Package, Sheet, links_part
from iif_reckoner.package.code_names import code_name
from iif_reckoner.package.links import add_part, content_type, set_content_type, take_out_links, take_out_parts
from iif_reckoner.package.markup import (
    ATTRIBUTES,
    RELATION_SPACE,
    SAVE_AGAIN,
    SHEET_SPACE,
    attribute_bytes,
    attributes,
    check,
    number_in,
    root_prefix,
    tag,
    view,
    walk,
    with_attributes,
)
from iif_reckoner.package.names import put_names
from iif_reckoner.package.reach import reached
from iif_reckoner.package.styles import Numbers, add_formats

_SHEET_LINK = f"{RELATION_SPACE}/worksheet"
_TABLE = f"{SHEET_SPACE} table"
_WORN = re.compile(rb'(<c r="[A-Z]+\d+" s="|<col [^>]*?\bstyle="|<cfRule [^>]*?\bdxfId=")(\d+)(?=")')
_CODE_NAME = re.compile(rb'(<sheetPr codeName=")[^"]*(?=")')
_VIEW = re.compile(rb"<sheetView(?=\s)")
_SELECTED = re.compile(rb"<(?:\w+:)?sheetView\s[^>]*\btabSelected\s*=\s*[\"'](?:1|true)[\"']")
_LINK = re.compile(rb"(?<=<Relationship)(?=\s)" + ATTRIBUTES)
_HEAD = 2**14


def redraw(package: Package, drawn: Package, titles: Sequence[str]) -> Package:
    """Return the package with these sheets as they are in `drawn`, a workbook that was just built.

    A sheet keeps its place among the tabs, whether it is seen and selected, and the name by which macros know it; one
    that the package does not have is put behind all others. Drawings, charts and tables of the old sheets go, unless
    another sheet has them too, and those of the new ones come. Formats and names are added to those of the package, in
    the place of names that are called the same; the chain of calculation goes, which Excel makes anew.

    Raises:
        InputError: a table of another sheet has a name that one of the new sheets' tables has, or the package is
            written in a way that is not patched.
    """
    _refuse_prefixed(package)
    there = {sheet.name for sheet in package.sheets}
    old = {title: package.sheet(title) for title in titles if title in there}
    own = [sheet for sheet in package.sheets if sheet.name not in old]
    tables = _Tables(package, old.values(), own)
    code_names = {title: code_name(package, title) for title in old}
    selected = {title: bool(_SELECTED.search(package.part(sheet.part)[:_HEAD])) for title, sheet in old.items()}
    package, numbers = add_formats(package, drawn)
    package, gone = _without_old(package, [sheet.part for sheet in old.values()])
    places = _places(package, drawn, titles, old, gone)
    parts: dict[str, bytes] = {}
    for title in titles:
        sheet = drawn.sheet(title)
        data = _renumbered(drawn.part(sheet.part), numbers)
        parts[sheet.part] = _as_it_was(data, code_names.get(title, ""), selected=selected.get(title, False))
        for part in reached(drawn, sheet.part):
            parts[part] = tables.numbered(drawn.part(part)) if part.startswith("xl/tables/") else drawn.part(part)
    package = take_out_parts(package, _lost(gone, places.values()))
    for part, data in parts.items():
        package = _put(package, drawn, part, data, places)
    for title in titles:
        if title not in old:
            package = _listed(package, title, places[drawn.sheet(title).part])
    return put_names(package, drawn, frozenset(titles))


def _refuse_prefixed(package: Package) -> None:
    data, where = package.part(package.workbook_part), f"{package.name}: {package.workbook_part}"
    check(data, where)
    if root_prefix(view(data), b"workbook") != b"":
        raise InputError(f"{where}: not a workbook as Excel writes it; {SAVE_AGAIN}")


def _without_old(package: Package, sheets: Collection[str]) -> tuple[Package, list[str]]:
    """Return the package without its chain of calculation, and the parts that the old sheets alone have."""
    book = package.workbook_part
    chain = [link.part for link in package.links(book) if link.kind == "calcChain"]
    package = take_out_parts(take_out_links(package, book, chain), [part for part in chain if package.has(part)])
    kept = {part.casefold() for part in reached(package, besides=sheets)}
    return package, [part for part in reached(package) if part.casefold() not in kept]


def _places(
    package: Package, drawn: Package, titles: Sequence[str], old: Mapping[str, Sheet], gone: Collection[str]
) -> dict[str, str]:
    """Return under what name each of the drawn parts goes into the package: its own where nothing else has that."""
    taken = {part.casefold() for part in package.parts} - {part.casefold() for part in gone}
    places = {drawn.sheet(title).part: old[title].part for title in titles if title in old}
    for title in titles:
        sheet = drawn.sheet(title).part
        for part in (sheet, *reached(drawn, sheet)):
            if part not in places:
                places[part] = next(name for name in _like(part) if name.casefold() not in taken)
                taken.add(places[part].casefold())
    return places


def _like(part: str) -> Iterator[str]:
    """Yield a part's name, then others that differ from it in their number.

    >>> names = _like("xl/charts/chart7.xml")
    >>> next(names), next(names), next(names)
    ('xl/charts/chart7.xml', 'xl/charts/chart1.xml', 'xl/charts/chart2.xml')
    """
    yield part
    stem, ending = posixpath.splitext(part)
    yield from (f"{stem.rstrip('0123456789')}{number}{ending}" for number in count(1))


def _lost(gone: Collection[str], places: Collection[str]) -> list[str]:
    """Return the parts that go for good, those that nothing takes the place of."""
    again = {part.casefold() for part in places}
    return [part for part in gone if part.casefold() not in again]


def _put(package: Package, drawn: Package, part: str, data: bytes, places: Mapping[str, str]) -> Package:
    """Return the package with a drawn part in its place, and what leads on from there."""
    place, rels = places[part], links_part(part)
    package = set_content_type(package.with_parts({place: data}), place, content_type(drawn, part))
    if not drawn.has(rels):
        return package.without([links_part(place)])
    base = "/" + posixpath.dirname(place)
    targets = {link.id.encode(): "/" + places[link.part] for link in drawn.links(part)}

    def target(match: re.Match[bytes]) -> bytes:
        to = attribute_bytes(posixpath.relpath(targets[attributes(match[0])[b"Id"]], base))
        return with_attributes(match[0], {b"Target": to})

    return package.with_parts({links_part(place): _LINK.sub(target, drawn.part(rels))})


def _renumbered(data: bytes, numbers: Numbers) -> bytes:
    """Return a drawn sheet whose cells, columns and conditions wear the formats by their new numbers."""
    if all(old == new for of in (numbers.cells, numbers.conditions) for old, new in of.items()):
        return data
    cells, conditions = ({b"%d" % old: b"%d" % new for old, new in of.items()}
                         for of in (numbers.cells, numbers.conditions))  # fmt: skip

    def number(match: re.Match[bytes]) -> bytes:
        return match[1] + (conditions if match[1].startswith(b"<cf") else cells)[match[2]]

    return _WORN.sub(number, data)


def _as_it_was(data: bytes, code_name: str, *, selected: bool) -> bytes:
    """Return a drawn sheet with what a workbook as a whole says of it: else two sheets would be selected at once."""
    if code_name:
        data = _CODE_NAME.sub(lambda match: match[1] + attribute_bytes(code_name), data, count=1)
    return _VIEW.sub(b'<sheetView tabSelected="1"', data, count=1) if selected else data


def _listed(package: Package, title: str, part: str) -> Package:
    """Return the package with a sheet behind all others in the list of sheets."""
    book = package.workbook_part
    kind = content_type(package, part)
    package = add_part(package, part, package.part(part), content_type=kind, link=_SHEET_LINK, source=book)
    link = next(link.id for link in package.links(book) if link.part == part)
    data = package.part(book)
    seen = view(data)
    used = [number_in(attributes(match[1]).get(b"sheetId")) or 0 for match in tag(b"", b"sheet").finditer(seen)]
    new = b'<sheet name="%s" sheetId="%d" xmlns:r="%s" r:id="%s"/>' % (
        attribute_bytes(title), max(used) + 1, RELATION_SPACE.encode(), link.encode()
    )  # fmt: skip
    place = seen.rindex(b"</sheets")
    return package.with_parts({book: data[:place] + new + data[place:]})


class _Tables:
    """The tables of a workbook: the numbers and names that those of other sheets have taken."""

    def __init__(self, package: Package, old: Collection[Sheet], own: Collection[Sheet]) -> None:
        self._name = package.name
        self._before = {name.casefold(): number for sheet in old for name, number, _ in _tables(package, sheet)}
        theirs = [(name.casefold(), number, where) for sheet in own for name, number, where in _tables(package, sheet)]
        self._theirs = {name: where for name, _, where in theirs}
        self._used = {number for _, number, _ in theirs}
        # What looks at a table may know it by its number.
        self._kept = set(self._before.values()) - self._used

    def numbered(self, data: bytes) -> bytes:
        """Return a drawn table with a number that no other has: that of the old one of its name, if there was one.

        Raises:
            InputError: a table of another sheet has the same name.
        """
        match = tag(b"", b"table").search(data)
        if match is None:
            raise ValueError("a table of the drawn workbook is not written as we write it")
        name = attributes(match[1])[b"displayName"].decode()
        if (where := self._theirs.get(name.casefold())) is not None:
            raise InputError(f"{where}: a table called {shown(name)}, as one of ours is; give it another name")
        number = self._before.get(name.casefold())
        if number is None or number in self._used:
            number = next(free for free in count(1) if free not in self._used | self._kept)
        self._used.add(number)
        text = with_attributes(match[1], {b"id": b"%d" % number})
        return data[: match.start(1)] + text + data[match.end(1) :]


def _tables(package: Package, sheet: Sheet) -> Iterator[tuple[str, int, str]]:
    """Yield name and number of each table of a sheet, and where messages say that it is."""
    found: list[dict[str, str]] = []

    def start(name: str, given: dict[str, str]) -> None:
        if name == _TABLE:
            found.append(given)

    for link in package.links(sheet.part):
        if link.kind == "table" and package.has(link.part):
            walk(package.part(link.part), f"{package.name}: {link.part}", start)
    for given in found:
        yield given.get("displayName", ""), number_in(given.get("id")) or 0, package.where(sheet)
