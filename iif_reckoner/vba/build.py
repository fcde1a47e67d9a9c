"""Build `vbaProject.bin` from our sources, the functions and the pinned xlwings: the same input gives the same bytes.

pyOpenVBA writes the format ([MS-OVBA] in [MS-CFB]). Two things are put right after it, both from the specification: the
project says that it holds source only, so that Office compiles it when it opens, and the `dir` stream ends where it
should (pyOpenVBA writes four zero bytes more). Run as a command, it writes the file that the package ships.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, cast
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from pyopenvba import ExcelFile, VBAModuleKind
from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

from iif_reckoner.vba import BOOK_CODE_NAME, SHEET_CODE_NAMES, SOURCE_ONLY, generated, stock

Kind = Literal["standard", "class", "document"]

_DIR_END = bytes.fromhex("1000 00000000")
_DIR_SURPLUS = bytes(4)


@dataclass(frozen=True)
class Module:
    """A VBA module: its name, its kind and its text, which for a document module has no header of attributes."""

    name: str
    kind: Kind
    text: str


def build(sheet_codenames: Sequence[str]) -> bytes:
    """Return `vbaProject.bin` for a workbook whose sheets have these code names, in their order.

    Raises:
        ValueError: a code name is not one, or a name is there twice.
        UnicodeEncodeError: a source holds a character outside Windows-1252.
    """
    return assemble(modules(sheet_codenames))


def modules(sheet_codenames: Sequence[str]) -> tuple[Module, ...]:
    """Return every module of the project, documents first."""
    return (
        Module(BOOK_CODE_NAME, "document", _ours("ThisWorkbook.cls")),
        *(Module(name, "document", "") for name in sheet_codenames),
        Module("IifBridge", "standard", _ours("IifBridge.bas")),
        Module(generated.FUNCTIONS_MODULE, "standard", generated.wrappers_module()),
        Module(generated.HELP_MODULE, "standard", generated.help_module()),
        Module("IifRibbon", "standard", _ours("IifRibbon.bas")),
        Module("IifBench", "standard", _ours("IifBench.bas")),
        Module("xlwings", "standard", stock.xlwings_module()),
        Module("Dictionary", "class", stock.dictionary_class()),
    )


def assemble(parts: Sequence[Module]) -> bytes:
    """Return `vbaProject.bin` with these modules; the workbook's document comes first, the sheets' follow it.

    Raises:
        ValueError: a name is not a module's name, or is there twice.
        UnicodeEncodeError: a source holds a character outside Windows-1252.
    """
    names = [part.name for part in parts]
    for name in names:
        if not (name.isidentifier() and name.isascii() and len(name) <= 31):
            raise ValueError(f"'{name}' is not a name of a VBA module")
        if sum(name.casefold() == other.casefold() for other in names) > 1:
            raise ValueError(f"two modules are named '{name}'")
    for part in parts:
        part.text.encode("cp1252")  # pyOpenVBA would put question marks
    return _corrected(_written(parts))


def _written(parts: Sequence[Module]) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "book.xlsm")
        path.write_bytes(_empty_book([part.name for part in parts[1:] if part.kind == "document"]))
        with ExcelFile(path) as book:
            project = book.add_vba_project()
            for part in parts:
                text = part.text.replace("\r\n", "\n").replace("\n", "\r\n")
                if part.kind == "document":
                    book.set_module(part.name, text)
                else:
                    kind = VBAModuleKind.standard if part.kind == "standard" else VBAModuleKind.other
                    project.add_module(part.name, text, kind=kind)
            book.save(path)
        with ZipFile(path) as package:
            return package.read("xl/vbaProject.bin")


def _empty_book(sheet_codenames: Sequence[str]) -> bytes:
    """Return a workbook of nothing but code names; the project takes its document modules from them."""
    book = Workbook(write_only=True)
    for name in sheet_codenames:
        cast("Worksheet", book.create_sheet()).sheet_properties.codeName = name
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _corrected(project: bytes) -> bytes:
    file = CFB.from_bytes(project)
    file.write_stream_in_storage("VBA", "_VBA_PROJECT", SOURCE_ONLY)
    listing = decompress(file.get_stream_in_storage("VBA", "dir"))
    if listing.endswith(_DIR_END + _DIR_SURPLUS):
        listing = listing.removesuffix(_DIR_SURPLUS)
    file.write_stream_in_storage("VBA", "dir", compress(listing))
    return bytes(file.to_bytes())


def _ours(name: str) -> str:
    return files("iif_reckoner.vba").joinpath("sources", name).read_text(encoding="ascii")


def main() -> None:
    """Write the project for the workbook's sheets beside this module."""
    path = Path(__file__).with_name("vbaProject.bin")
    path.write_bytes(build(SHEET_CODE_NAMES))
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
