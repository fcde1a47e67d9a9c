"""The formats of one workbook added to another's: what is there already is used again, nothing that is there moves."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from iif_reckoner.errors import InputError
from iif_reckoner.package.book import Package
from iif_reckoner.package.markup import (
    ATTRIBUTES,
    SAVE_AGAIN,
    SHEET_SPACE,
    attribute_bytes,
    check_bounds,
    number_in,
    parse,
    parser,
    root_prefix,
    view,
    with_attributes,
)

_LISTS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
"""The lists of a part of styles that are added to, in the order that they must stand in."""

_BEHIND = ("tableStyles", "colors", "extLst")
_FIRST_OWN = 164
"""The formats of numbers with smaller numbers are built into every spreadsheet program."""

_OPENING = re.compile(rb"<([^\s/>]++)(" + ATTRIBUTES + rb")\s*+(/?)>")

Shape = tuple[object, ...]
"""An element as a tuple of name, attributes, text and what is inside: equal where two elements say the same."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where formats of the one workbook stand in the other: those of cells, and those of conditional formats."""

    cells: Mapping[int, int]
    conditions: Mapping[int, int]


def add_formats(package: Package, other: Package) -> tuple[Package, Numbers]:
    """Return the package with the formats of another workbook, one that was just built, and where they stand now.

    A named style that the package has already stays as it is there; cells that wear it look as in the other workbook.

    Raises:
        InputError: the package has no formats as Excel writes them.
    """
    base, added = _Styles.of(package), _Styles.of(other)
    number_formats = _number_formats(base, added)
    marks = {name: base.add(name, added.items(name)) for name in ("fonts", "fills", "borders")}
    own: dict[str, Mapping[str, int]] = {
        "numFmtId": number_formats,
        "fontId": _as_texts(marks["fonts"]),
        "fillId": _as_texts(marks["fills"]),
        "borderId": _as_texts(marks["borders"]),
    }
    own["xfId"] = _named_styles(base, added, own)
    cells = base.add("cellXfs", (item.renumbered(own) for item in added.items("cellXfs")))
    conditions = base.add("dxfs", added.items("dxfs"))
    return package.with_parts({base.part: base.to_bytes()}), Numbers(cells, conditions)


def _as_texts(numbers: Mapping[int, int]) -> dict[str, int]:
    return {str(old): new for old, new in numbers.items()}


def _number_formats(base: "_Styles", added: "_Styles") -> dict[str, int]:
    """Add the formats of numbers; return the number of each in the base by that in the other."""
    known = {item.attributes.get("formatCode"): base.number(item, "numFmtId") for item in base.items("numFmts")}
    free = max([_FIRST_OWN - 1, *known.values()]) + 1
    found = {}
    for item in added.items("numFmts"):
        number = known.get(item.attributes["formatCode"])
        if number is None:
            number, free = free, free + 1
            base.add("numFmts", [item.with_attributes({"numFmtId": str(number)})])
        found[item.attributes["numFmtId"]] = number
    return found


def _named_styles(base: "_Styles", added: "_Styles", own: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Add the named styles that the base does not have; return where the format of each stands."""
    known = {item.style_name: base.number(item, "xfId") for item in base.items("cellStyles")}
    formats = added.items("cellStyleXfs")
    found = {}
    for item in added.items("cellStyles"):
        old = item.attributes["xfId"]
        number = known.get(item.style_name)
        if number is None:
            (number,) = base.add("cellStyleXfs", [formats[int(old)].renumbered(own)]).values()
            base.add("cellStyles", [item.with_attributes({"xfId": str(number)})])
        found[old] = number
    return found


@dataclass(frozen=True, slots=True)
class _Item:
    """One format of a list: its bytes, what it says, and the attributes of its tag."""

    data: bytes
    shape: Shape
    attributes: Mapping[str, str]

    @property
    def style_name(self) -> str:
        """What a named style is known by: Excel gives the built-in ones names of its language."""
        return self.attributes.get("builtinId") or self.attributes.get("name", "").casefold()

    def with_attributes(self, wanted: Mapping[str, str]) -> "_Item":
        """Return the format with some attributes of its tag set."""
        changed = {name: value for name, value in wanted.items() if self.attributes.get(name) != value}
        match = _OPENING.match(self.data) if changed else None
        if match is None:
            return self
        new: dict[bytes, bytes | None] = {name.encode(): attribute_bytes(value) for name, value in changed.items()}
        data = self.data[: match.start(2)] + with_attributes(match[2], new) + self.data[match.end(2) :]
        given = {**self.attributes, **changed}
        return _Item(data, (self.shape[0], frozenset(given.items()), *self.shape[2:]), given)

    def renumbered(self, own: Mapping[str, Mapping[str, int]]) -> "_Item":
        """Return the format with other numbers for what it is made of; a number that is not named stays."""
        numbers = {name: own[name].get(value) for name, value in self.attributes.items() if name in own}
        return self.with_attributes({name: str(number) for name, number in numbers.items() if number is not None})


class _Styles:
    """A part of styles: its lists, what is added to each, and its bytes with that added."""

    def __init__(self, part: str, data: bytes, where: str) -> None:
        self.part = part
        self._data, self._where = data, where
        self._seen = view(data)
        if root_prefix(self._seen, b"styleSheet") != b"":
            raise self._fault()
        self._items: dict[str, list[_Item]] = {}
        self._places: dict[str, tuple[int, int]] = {}
        self._new: dict[str, list[bytes]] = {}
        self._read()
        self._known = {
            name: {item.shape: place for place, item in reversed(list(enumerate(items)))}
            for name, items in self._items.items()
        }

    @classmethod
    def of(cls, package: Package) -> "_Styles":
        """Return the formats of a workbook."""
        parts = [link.part for link in package.links(package.workbook_part) if link.kind == "styles"]
        if not parts:
            raise InputError(f"{package.name}: has no formats; {SAVE_AGAIN}")
        return cls(parts[0], package.part(parts[0]), f"{package.name}: {parts[0]}")

    def items(self, name: str) -> list[_Item]:
        """Return the formats of a list, those that were added among them."""
        return self._items.setdefault(name, [])

    def add(self, name: str, added: Iterator[_Item] | Sequence[_Item]) -> dict[int, int]:
        """Add formats to a list unless it has their like; return where each of them stands."""
        items, known = self.items(name), self._known.setdefault(name, {})
        found = {}
        for place, item in enumerate(added):
            if place < len(items) and items[place].shape == item.shape:
                found[place] = place
                continue
            if item.shape not in known:
                known[item.shape] = len(items)
                items.append(item)
                self._new.setdefault(name, []).append(item.data)
            found[place] = known[item.shape]
        return found

    def number(self, item: "_Item", name: str) -> int:
        """Return the number that an attribute of a format holds."""
        number = number_in(item.attributes.get(name))
        if number is None:
            raise self._fault()
        return number

    def to_bytes(self) -> bytes:
        """Return the part with all that was added, each behind what its list held, and the lists counted anew."""
        out, copied = [], 0
        missing: list[bytes] = []
        for name in (*_LISTS, *_BEHIND):
            new, place = self._new.get(name), self._places.get(name)
            if place is None:
                if new:
                    whole = b"".join(new)
                    missing.append(b'<%s count="%d">%s</%s>' % (name.encode(), len(new), whole, name.encode()))
                continue
            start, end = place
            if not (new or missing):
                continue
            out += [self._data[copied:start], *missing]
            copied = start
            missing.clear()
            if new:
                opening = _OPENING.match(self._seen, start)
                if opening is None:
                    raise self._fault()
                count = {b"count": str(len(self._items[name])).encode()} if b"count" in opening[2] else {}
                out.append(b"<" + opening[1] + with_attributes(opening[2], dict(count)) + b">")
                out += [b"" if opening[3] else self._data[opening.end() : end], *new, b"</" + opening[1] + b">"]
                copied = opening.end() if opening[3] else self._seen.index(b">", end) + 1
        if missing:
            place_of_end = self._seen.rindex(b"</")
            out += [self._data[copied:place_of_end], *missing]
            copied = place_of_end
        return b"".join([*out, self._data[copied:]])

    def _read(self) -> None:
        """Read the lists: where each begins and where its end stands, and the formats in it."""
        check_bounds(self._data, self._where)
        made = parser(self._where)
        open_ones: list[tuple[str, dict[str, str], list[Shape], list[str]]] = []
        starts: list[int] = []
        found: list[tuple[Shape, Mapping[str, str]]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if len(open_ones) == 1:
                starts.clear()
                found.clear()
                self._places[_local(name)] = (made.CurrentByteIndex, 0)
            elif len(open_ones) == 2:
                starts.append(made.CurrentByteIndex)
            open_ones.append((name, attributes, [], []))

        def end(_: str) -> None:
            name, attributes, inside, text = open_ones.pop()
            shape = (name, frozenset(attributes.items()), tuple(inside), "".join(text).strip())
            if len(open_ones) == 2:
                found.append((shape, attributes))
            elif len(open_ones) == 1:
                begin, at = self._places[_local(name)][0], made.CurrentByteIndex
                self._places[_local(name)] = (begin, at)
                spans = pairwise([*starts, at])
                self._items[_local(name)] = [
                    _Item(self._data[first:last].strip(), *item)
                    for (first, last), item in zip(spans, found, strict=True)
                ]
            if open_ones:
                open_ones[-1][2].append(shape)

        def text(piece: str) -> None:
            open_ones[-1][3].append(piece)

        made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = start, end, text
        parse(made, self._data, self._where)

    def _fault(self) -> InputError:
        return InputError(f"{self._where}: no formats as Excel writes them; {SAVE_AGAIN}")


def _local(name: str) -> str:
    """Return the name of a list, the whole name where it is none of a spreadsheet's."""
    return name.removeprefix(f"{SHEET_SPACE} ")
