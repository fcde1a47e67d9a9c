"""From a path to the bytes of one CSV: a `.csv`, or a `.zip` that holds exactly one."""

import re
import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from iif_reckoner.errors import FileProblemError, InputError

MOST_BYTES = 90 * 2**20
"""The largest file that is read, unpacked: more of a published file than that does not fit in 400 MB of memory."""

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_UTF_8_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK_PART = "[Content_Types].xml"


def csv_bytes(path: Path) -> bytes:
    """Return the text of a `.csv`, or of the only `.csv` in a `.zip`, without its byte order mark.

    What the file is, is told from its first bytes, not from its name.

    Raises:
        FileProblemError: the file is missing, cannot be opened or is a damaged zip.
        InputError: it is something else than one CSV, empty or too large.
    """
    if not (is_zip := _head(path).startswith(_ZIP)) and (size := path.stat().st_size) > MOST_BYTES:
        raise InputError(f"{path.name}: {_size(size)} are more than the {_size(MOST_BYTES)} that are read")
    data = _only_csv(path) if is_zip else _whole(path)
    data = data.removeprefix(_UTF_8_MARK)
    if fault := _not_csv(data):
        raise InputError(f"{path.name}: {fault}")
    if not data.strip():
        raise InputError(f"{path.name}: the file is empty")
    if re.search(rb"\r(?!\n)", data):
        # For pandas this ends a row too; here rows are counted by their line feeds.
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.rstrip() + b"\n" if data.endswith((b"\n\n", b"\n\r\n")) else data


def is_workbook(path: Path) -> bool:
    """Return whether a file is an Excel workbook of today's kind, whatever its name.

    Raises:
        FileProblemError: the file is missing, cannot be opened or is a damaged zip.
        InputError: it is a workbook larger than is read.
    """
    if not _head(path).startswith(_ZIP):
        return False
    members = _members(path)
    if not any(member.filename == _WORKBOOK_PART for member in members):
        return False
    if (size := sum(member.file_size for member in members)) > MOST_BYTES:
        raise InputError(f"{path.name}: {_size(size)} unpacked are more than the {_size(MOST_BYTES)} that are read")
    return True


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(8)
    except FileNotFoundError:
        raise FileProblemError(f"{path}: no such file") from None
    except OSError as error:
        raise FileProblemError(f"{path}: cannot be read ({error.strerror})") from None


def _whole(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileProblemError(f"{path}: cannot be read ({error.strerror})") from None


def _members(path: Path) -> list[ZipInfo]:
    try:
        with ZipFile(path) as archive:
            return archive.infolist()
    except (BadZipFile, NotImplementedError, OSError, UnicodeDecodeError):
        raise FileProblemError(f"{path}: a damaged zip file; fetch it again") from None


def _only_csv(path: Path) -> bytes:
    members = [
        member
        for member in _members(path)
        # What macOS adds to every zip is not the user's.
        if not member.filename.endswith("/") and not member.filename.startswith("__MACOSX/")
    ]
    if any(member.filename == _WORKBOOK_PART for member in members):
        raise InputError(f"{path.name}: an Excel workbook, not CSV; in Excel save it as 'CSV UTF-8'")
    tables = [member for member in members if member.filename.lower().endswith(".csv")]
    if len(tables) != 1:
        held = ", ".join(member.filename for member in (tables or members)[:5]) or "nothing"
        count = f"{len(tables)} .csv files" if tables else "no .csv file"
        raise InputError(f"{path.name}: holds {count} ({held}); unpack it and give the one .csv that is meant")
    if tables[0].file_size > MOST_BYTES:
        raise InputError(
            f"{path.name}: {tables[0].filename} has {_size(tables[0].file_size)} unpacked, "
            f"more than the {_size(MOST_BYTES)} that are read"
        )
    try:
        with ZipFile(path) as archive:
            return archive.read(tables[0])
    except RuntimeError:
        raise FileProblemError(f"{path}: locked with a password; unpack it first") from None
    except (BadZipFile, NotImplementedError, EOFError, OSError, UnicodeDecodeError, zlib.error):
        raise FileProblemError(f"{path}: a damaged zip file; fetch it again") from None


def _not_csv(data: bytes) -> str | None:
    start = data[:1024].lstrip().lower()
    if data.startswith(_OLD_WORKBOOK):
        return "an old Excel workbook (.xls), not CSV; in Excel save it as 'CSV UTF-8'"
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<head", b"<?xml")):
        return "a web page (HTML or XML), not CSV; open it in Excel and save it as 'CSV UTF-8'"
    if start.startswith(b"%pdf"):
        return "a PDF, not CSV"
    if data.startswith(_UTF_16_MARKS):
        return "text in UTF-16; save it as 'CSV UTF-8'"
    if b"\0" in data[:4096]:
        return "not a text file; save it as 'CSV UTF-8'"
    return None


def _size(count: int) -> str:
    return f"{count / 2**20:,.0f} MB"
