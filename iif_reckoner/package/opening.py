"""From a path or bytes to a zip that is a workbook of today's kind and within bounds; anything else is refused."""

import re
import zipfile
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from iif_reckoner.errors import FileProblemError, InputError, shown
from iif_reckoner.package.archive import Archive, packed_position
from iif_reckoner.package.markup import ELSEWHERE

MOST_FILE = 25 * 2**20
MOST_PART = 32 * 2**20
MOST_UNPACKED = 64 * 2**20
MOST_PARTS = 2_000
"""What a workbook may take on disk, in one part, in all, and how many parts.

A full workbook takes a tenth of each, and half when openpyxl has saved it; mail lets no larger file through, and more
could not be read in 300 MB.
"""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENTRY_MARK = b"PK\x01\x02"
_ENCRYPTED = 1
_TEXT_ENDINGS = (".csv", ".tsv", ".txt")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_NAME = re.compile(r"[^\x00-\x1f\\:*?\"<>|]+")
_SAVE_AS = "open it in Excel and save it as 'Excel Workbook (*.xlsx)'"
_OTHER_KINDS = {
    "xl/workbook.bin": f"a binary Excel workbook (.xlsb); {_SAVE_AS}",
    "word/document.xml": "a Word document, not an Excel workbook; give the workbook",
    "ppt/presentation.xml": "a PowerPoint file, not an Excel workbook; give the workbook",
    "content.xml": f"an OpenDocument file (.ods), not an Excel workbook; {_SAVE_AS}",
    "Index/Document.iwa": "a Numbers file, not an Excel workbook; export it from Numbers as Excel (.xlsx)",
}


def read_file(path: Path) -> bytes:
    """Return the bytes of a file that may be a workbook.

    Raises:
        FileProblemError: the file is missing, a folder or cannot be read.
        InputError: it is larger than is read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_FILE + 1)
    except FileNotFoundError:
        raise FileProblemError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise FileProblemError(f"{path}: a folder, not a workbook") from None
    except PermissionError:
        # Windows says this of folders too.
        if path.is_dir():
            raise FileProblemError(f"{path}: a folder, not a workbook") from None
        raise FileProblemError(f"{path}: cannot be read (no permission, or open in another program)") from None
    except OSError as error:
        raise FileProblemError(f"{path}: cannot be read ({error.strerror})") from None
    if len(data) > MOST_FILE:
        raise InputError(f"{path.name}: larger than the {_size(MOST_FILE)} that are read; {ELSEWHERE}")
    return data


def open_archive(data: bytes, name: str) -> Archive:
    """Return the zip that a workbook's bytes are; `name` is the file's name for messages.

    Nothing is unpacked but an OpenDocument file's own mark; what a part unpacks to is bounded by the directory.

    Raises:
        InputError: the bytes are something else, or more than is read.
        FileProblemError: the workbook is locked with a password, damaged or cut off.
    """
    if not data.startswith(_ZIP):
        raise _not_a_zip(data, name)
    # Each entry becomes an object of some 500 bytes, so they are counted first; a workbook may hold other zips.
    if data.count(_ENTRY_MARK) > 10 * MOST_PARTS:
        raise InputError(f"{name}: more than the {MOST_PARTS:,} parts that are read")
    try:
        directory = ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, OverflowError):
        raise _damaged(name) from None
    entries = directory.infolist()
    _check_names(entries, name)
    _check_kind(entries, name)
    _check_sizes(data, entries, name)
    return Archive(data, directory)


def _damaged(name: str) -> FileProblemError:
    return FileProblemError(f"{name}: damaged or cut off; fetch or copy the file again")


def _not_a_zip(data: bytes, name: str) -> InputError | FileProblemError:
    if data.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return FileProblemError(
                f"{name}: locked with a password; in Excel clear it under "
                "File > Info > Protect Workbook > Encrypt with Password, and save"
            )
        return InputError(f"{name}: an old Excel workbook (.xls); {_SAVE_AS}")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not data.strip(b"\0 \t\r\n"):
        return InputError(f"{name}: the file is empty")
    if start.startswith(b"%pdf"):
        return InputError(f"{name}: a PDF, not an Excel workbook; give the workbook")
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<table", b"<meta", b"<div", b"<style")):
        return InputError(f"{name}: a web page (HTML) with a workbook's name; {_SAVE_AS}")
    if start.startswith((b"<?xml", b"<workbook")):
        return InputError(f"{name}: an XML file with a workbook's name; {_SAVE_AS}")
    if name.lower().endswith(_TEXT_ENDINGS):
        return InputError(f"{name}: text, not an Excel workbook; give the workbook (`fill` takes files of figures)")
    if data.startswith(_UTF_16_MARKS) or b"\0" not in data[:65_536]:
        return InputError(f"{name}: text (CSV) with a workbook's name; give it the ending .csv, or {_SAVE_AS}")
    return InputError(f"{name}: not an Excel workbook; give an .xlsx or .xlsm file")


def _check_names(entries: list[ZipInfo], name: str) -> None:
    if len(entries) > MOST_PARTS:
        raise InputError(f"{name}: {len(entries):,} parts are more than the {MOST_PARTS:,} that are read")
    seen: set[str] = set()
    for entry in entries:
        part = entry.orig_filename
        steps = part.removesuffix("/").split("/")
        if entry.filename != part or not _NAME.fullmatch(part) or "" in steps or "." in steps or ".." in steps:
            raise InputError(f"{name}: a part with the unsafe name {shown(part)}; {_SAVE_AS}")
        # Programs differ in which of two they show, and in whether they tell large letters from small ones.
        if (folded := part.casefold()) in seen:
            raise InputError(f"{name}: two parts with the name {shown(part)}; {_SAVE_AS}")
        seen.add(folded)


def _check_sizes(data: bytes, entries: list[ZipInfo], name: str) -> None:
    total = 0
    for entry in entries:
        if entry.file_size > MOST_PART:
            raise InputError(
                f"{name}: {entry.filename} unpacks to {_size(entry.file_size)}, "
                f"more than the {_size(MOST_PART)} that are read; {ELSEWHERE}"
            )
        total += entry.file_size
        if entry.flag_bits & _ENCRYPTED:
            raise FileProblemError(f"{name}: a zip file locked with a password; unpack it and give the workbook")
        if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise InputError(f"{name}: packed in a way that workbooks are not; {_SAVE_AS}")
        try:
            packed_position(data, entry)
        except ValueError:
            raise _damaged(name) from None
    if total > MOST_UNPACKED:
        raise InputError(
            f"{name}: unpacks to {_size(total)}, more than the {_size(MOST_UNPACKED)} that are read; {ELSEWHERE}"
        )


def _check_kind(entries: list[ZipInfo], name: str) -> None:
    parts = {entry.filename for entry in entries}
    for part, words in _OTHER_KINDS.items():
        if part in parts:
            raise InputError(f"{name}: {words}")
    if not parts >= {"[Content_Types].xml", "_rels/.rels"}:
        raise InputError(f"{name}: a zip file that is not a workbook; unpack it and give the workbook in it")


def _size(count: int) -> str:
    return f"{count / 2**20:,.0f} MB"
