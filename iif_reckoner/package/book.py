"""A workbook as a package of parts: its sheets, names and texts, and what has been changed in memory."""

import posixpath
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from iif_reckoner.errors import FileProblemError, InputError, shown, unknown
from iif_reckoner.package.address import Area, column_number, split_reference
from iif_reckoner.package.archive import Archive
from iif_reckoner.package.cells import MOST_CELLS, Cell, Reader
from iif_reckoner.package.markup import (
    ELSEWHERE,
    RELATION_SPACE,
    SAVE_AGAIN,
    SHEET_SPACE,
    cell_text,
    check_bounds,
    root_prefix,
    walk,
)
from iif_reckoner.package.opening import MOST_PARTS, open_archive, read_file

Seen = Literal["visible", "hidden", "veryHidden"]

_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
_STRICT = "http://purl.oclc.org/ooxml/"
_MOST_NAMES = 10_000
_SEEN: Mapping[str, Seen] = {"visible": "visible", "hidden": "hidden", "veryHidden": "veryHidden"}


@dataclass(frozen=True, slots=True)
class Link:
    """One relationship: its id, the last word of its type, and the part it leads to."""

    id: str
    kind: str
    part: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its title, its part, what kind it is and whether it is seen."""

    name: str
    part: str
    kind: str
    seen: Seen


class Package:
    """A workbook in memory. It never changes: a function that sets something returns another one."""

    def __init__(
        self,
        archive: Archive,
        name: str,
        changed: Mapping[str, bytes] | None = None,
        path: Path | None = None,
        dropped: frozenset[str] = frozenset(),
    ) -> None:
        self.name = name
        """The file's name, as messages give it."""
        self.path = path
        """The file that was read; None for a workbook that is not from a file."""
        self.source = archive.data
        """The bytes that were read."""
        self._archive = archive
        self._changed = dict(changed or {})
        self._dropped = dropped
        self._entries = {
            entry.filename.casefold(): entry
            for entry in archive.entries
            if not entry.filename.endswith("/") and entry.filename not in dropped
        }
        self._added = {part.casefold(): part for part in self._changed}
        self._read: dict[str, bytes] = {}
        self._workbook: str | None = None
        self._sheets: tuple[Sheet, ...] | None = None
        self._names: dict[str, str] = {}
        self._strings: list[str] | None = None
        self._filled: dict[str, tuple[Cell, ...]] = {}

    @classmethod
    def open(cls, path: Path | str) -> "Package":
        """Return the workbook in a file, whose parts are unpacked only when they are wanted.

        Raises:
            FileProblemError: the file is missing, cannot be read, is damaged or locked with a password.
            InputError: it is not a workbook of today's kind, or larger than is read.
        """
        path = Path(path)
        package = cls(open_archive(read_file(path), path.name), path.name, path=path)
        package._load()
        return package

    @classmethod
    def from_bytes(cls, data: bytes, name: str) -> "Package":
        """Return the workbook in bytes; `name` stands for a file's name in messages. Raises as `open`."""
        package = cls(open_archive(data, name), name)
        package._load()
        return package

    @property
    def sheets(self) -> list[Sheet]:
        """The sheets in the order of their tabs."""
        self._load()
        return list(self._sheets or ())

    @property
    def names(self) -> dict[str, str]:
        """The defined names of the whole workbook (not those of one sheet) and the text of each."""
        self._load()
        return dict(self._names)

    @property
    def workbook_part(self) -> str:
        """The name of the part that lists the sheets."""
        if self._workbook is None:
            links = [link for link in self.links("") if link.kind == "officeDocument"]
            if not links or not self.has(links[0].part):
                raise InputError(f"{self.name}: a zip file without a workbook in it; give an .xlsx or .xlsm file")
            self._workbook = links[0].part
        return self._workbook

    @property
    def parts(self) -> list[str]:
        """The names of all parts, in the order of the file."""
        return [entry.filename for entry in self._entries.values()] + [
            part for folded, part in self._added.items() if folded not in self._entries
        ]

    def has(self, part: str) -> bool:
        """Return whether there is such a part; large and small letters are the same, as in the standard."""
        return part.casefold() in self._entries or part.casefold() in self._added

    def part(self, part: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            InputError: there is no such part.
            FileProblemError: it is damaged.
        """
        folded = part.casefold()
        if folded in self._added:
            return self._changed[self._added[folded]]
        if folded not in self._entries:
            raise InputError(f"{self.name}: the part {shown(part)} is missing; {SAVE_AGAIN}")
        if folded not in self._read:
            try:
                self._read[folded] = self._archive.read(self._entries[folded])
            except ValueError:
                raise self._damaged(part) from None
        return self._read[folded]

    def with_parts(self, parts: Mapping[str, bytes]) -> "Package":
        """Return the package with these parts changed or added; one that stays the same is not touched."""
        changed = dict(self._changed)
        for part, data in parts.items():
            if not self.has(part) or self.part(part) != data:
                folded = part.casefold()
                stored = self._entries[folded].filename if folded in self._entries else self._added.get(folded, part)
                changed[stored] = data
        made = Package(self._archive, self.name, changed, self.path, self._dropped)
        touched = {part.casefold() for part in parts}
        made._read = {part: data for part, data in self._read.items() if part not in touched}
        if not any(part.endswith(".rels") or part == self.workbook_part.casefold() for part in touched):
            made._workbook, made._sheets, made._names = self._workbook, self._sheets, self._names
            made._strings = self._strings
        return made

    def without(self, parts: Collection[str]) -> "Package":
        """Return the package without these parts; what leads to them stays."""
        gone = {part.casefold() for part in parts}
        changed = {part: data for part, data in self._changed.items() if part.casefold() not in gone}
        dropped = self._dropped | {entry.filename for folded, entry in self._entries.items() if folded in gone}
        return Package(self._archive, self.name, changed, self.path, dropped)

    def sheet(self, name: str) -> Sheet:
        """Return the sheet with this title.

        Raises:
            UnknownNameError: there is none; the nearest titles are given.
        """
        self._load()
        for sheet in self._sheets or ():
            if sheet.name == name:
                return sheet
        raise unknown("sheet", name, [sheet.name for sheet in self._sheets or ()], hint=f"in {self.name}")

    def place(self, name: str) -> tuple[Sheet, Area]:
        """Return the sheet and the cells that a defined name stands for, however the sheet is called now.

        Raises:
            UnknownNameError: there is no such name, or its sheet is gone.
            InputError: the name stands for something else than cells.
        """
        names = {known.casefold(): text for known, text in self.names.items()}
        if name.casefold() not in names:
            raise unknown("name", name, self.names, hint=f"in {self.name}")
        try:
            sheet, cells = split_reference(names[name.casefold()])
        except ValueError:
            text = shown(names[name.casefold()])
            raise InputError(f"{self.name}: the name {name} stands for {text}, not for cells") from None
        return self.sheet(sheet), cells

    def cells(self, sheet: str, columns: Collection[str] | None = None, *, blank: bool = True) -> Iterator[Cell]:
        """Return the cells of a sheet, of these columns only, row by row.

        Blank ones with a style are among them unless `blank` is False; a sheet that is mostly blank is read many times
        as fast without.

        Raises:
            UnknownNameError: there is no such sheet.
            InputError: the sheet is damaged, too large or holds what no program writes; without blank ones only as far
                as it had to be read.
        """
        found = self.sheet(sheet)
        numbers = None if columns is None else {column_number(letters) for letters in columns}
        if not blank and sheet in self._filled:
            return (cell for cell in self._filled[sheet] if numbers is None or cell.column in numbers)
        return Reader(self.where(found), self.strings, numbers, blank=blank).read(self.part(found.part))

    def filled(self, sheet: str) -> tuple[Cell, ...]:
        """Return the cells of a sheet that hold something, read once for all who ask. Raises as `cells`."""
        if sheet not in self._filled:
            self._filled[sheet] = tuple(self.cells(sheet, blank=False))
            self._check_number(sum(map(len, self._filled.values())))
        return self._filled[sheet]

    def check_filled(self) -> None:
        """Check at a glance that `filled` may read all worksheets, before another program reads them.

        Raises:
            InputError: one is larger than is read, or all have more cells together than are kept, by how cells end.
        """
        cells = 0
        for sheet in self.sheets:
            if sheet.kind == "worksheet":
                data = self.part(sheet.part)
                check_bounds(data, self.where(sheet))
                cells += data.count(b"</" + (root_prefix(data, b"worksheet") or b"") + b"c")
        self._check_number(cells)

    def grid(self, sheet: str, columns: Collection[str] | None = None) -> dict[str, Cell]:
        """Return the cells of a sheet by address. Raises as `cells`."""
        return {cell.address: cell for cell in self.cells(sheet, columns)}

    def strings(self) -> list[str]:
        """Return the shared texts, each without its formats and without how it is spoken."""
        if self._strings is None:
            parts = [link.part for link in self.links(self.workbook_part) if link.kind == "sharedStrings"]
            self._strings = _texts(self.part(parts[0]), f"{self.name}: {parts[0]}") if parts else []
        return self._strings

    def links(self, part: str) -> list[Link]:
        """Return the relationships of a part inside the package; those of the package itself for ""."""
        rels = links_part(part)
        if not self.has(rels):
            return []
        found: list[Link] = []
        base = "/" + posixpath.dirname(part)

        def start(name: str, attributes: dict[str, str]) -> None:
            if name != _LINKS:
                return
            kind = attributes.get("Type", "")
            if kind.startswith(_STRICT) and kind.endswith("/officeDocument"):
                raise InputError(
                    f"{self.name}: a 'Strict Open XML' workbook; "
                    "in Excel save it as 'Excel Workbook (*.xlsx)', without 'Strict'"
                )
            if attributes.get("TargetMode") == "External":
                return
            if len(found) == MOST_PARTS:
                raise InputError(f"{self.name}: {rels}: more than the {MOST_PARTS:,} links that are read")
            target = posixpath.normpath(posixpath.join(base, unquote(attributes.get("Target", ""))))
            found.append(Link(attributes.get("Id", ""), kind.rpartition("/")[2], target.lstrip("/")))

        walk(self.part(rels), f"{self.name}: {rels}", start)
        return found

    def where(self, sheet: Sheet) -> str:
        """Return how messages name a sheet of this file."""
        return f"{self.name}: sheet {shown(sheet.name)}"

    def to_bytes(self) -> bytes:
        """Return the workbook's bytes: what was not changed lies there as it was, and equal input gives equal bytes."""
        if not self._changed and not self._dropped:
            return self.source
        return self._archive.rewritten(self._changed, dropped=self._dropped)

    def rebuilt(self, order: Collection[str]) -> bytes:
        """Return the workbook's bytes with these parts first and with fixed dates throughout."""
        return self._archive.rewritten(self._changed, order=tuple(order), dropped=self._dropped, fresh=True)

    def _load(self) -> None:
        if self._sheets is not None:
            return
        part = self.workbook_part
        links = {link.id: link for link in self.links(part)}
        sheets: list[Sheet] = []
        names: dict[str, str] = {}
        current: str | None = None
        text: list[str] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal current
            if len(sheets) + len(names) > _MOST_NAMES:
                raise InputError(f"{self.name}: more than the {_MOST_NAMES:,} sheets and names that are read")
            if name == f"{SHEET_SPACE} sheet":
                sheets.append(self._sheet(attributes, links))
            elif name == f"{SHEET_SPACE} definedName" and "localSheetId" not in attributes:
                current = attributes.get("name", "")
                text.clear()

        def end(name: str) -> None:
            nonlocal current
            if current is not None and name == f"{SHEET_SPACE} definedName":
                names[current] = "".join(text)
                current = None

        walk(self.part(part), f"{self.name}: {part}", start, end, lambda more: text.append(more) if current else None)
        titles = [sheet.name.casefold() for sheet in sheets]
        if not sheets or len(set(titles)) < len(titles):
            raise InputError(f"{self.name}: {'two sheets of one name' if sheets else 'no sheets'}; {SAVE_AGAIN}")
        self._sheets, self._names = tuple(sheets), names

    def _sheet(self, attributes: dict[str, str], links: Mapping[str, Link]) -> Sheet:
        name = attributes.get("name", "")
        link = links.get(attributes.get(f"{RELATION_SPACE} id", ""))
        if link is None or not self.has(link.part):
            raise InputError(f"{self.name}: the part of sheet {shown(name)} is missing; {SAVE_AGAIN}")
        seen = _SEEN.get(attributes.get("state", "visible"), "visible")
        return Sheet(name, link.part, link.kind, seen)

    def _check_number(self, cells: int) -> None:
        if cells > MOST_CELLS:
            raise InputError(f"{self.name}: more than the {MOST_CELLS:,} cells that are read; {ELSEWHERE}")

    def _damaged(self, part: str) -> FileProblemError:
        return FileProblemError(f"{self.name}: damaged: {part} cannot be unpacked; fetch or copy the file again")


def links_part(part: str) -> str:
    """Return the name of the part that holds another's relationships.

    >>> links_part("xl/workbook.xml"), links_part("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _texts(data: bytes, where: str) -> list[str]:
    found: list[str] = []
    kept: list[str] = []
    listening = spoken = False

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal listening, spoken
        if name == f"{SHEET_SPACE} t":
            listening = not spoken
        elif name == f"{SHEET_SPACE} rPh":
            spoken = True

    def end(name: str) -> None:
        nonlocal listening, spoken
        if name == f"{SHEET_SPACE} t":
            listening = False
        elif name == f"{SHEET_SPACE} si":
            found.append(cell_text("".join(kept)))
            kept.clear()
        elif name == f"{SHEET_SPACE} rPh":
            spoken = False

    walk(data, where, start, end, lambda text: kept.append(text) if listening else None)
    return found
