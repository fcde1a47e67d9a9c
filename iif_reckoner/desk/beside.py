"""Lists of headings that are kept beside a workbook under its name, for the files of EMIS and SystmOne."""

from pathlib import Path

_ENDING = ".csv"


def lists_beside(book: Path) -> list[Path]:
    """Return the lists that are kept beside a workbook, by name."""
    folder, mark = book.parent, _mark(book)
    return sorted(path for path in (folder.iterdir() if folder.is_dir() else ())
                  if path.name.startswith(mark) and path.suffix == _ENDING)  # fmt: skip


def place_beside(book: Path, given: Path) -> Path:
    """Return where a list that was given is kept beside a workbook; one that is kept there already stays.

    >>> place_beside(Path("west.xlsm"), Path("lists/emis.csv")).name
    'west headings emis.csv'
    """
    return given if given.name.startswith(_mark(book)) else book.with_name(f"{_mark(book)} {given.stem}{_ENDING}")


def carried(path: Path, old: Path, new: Path) -> Path:
    """Return where a list that is kept beside one workbook is to be kept beside another.

    >>> carried(Path("west headings emis.csv"), Path("west.xlsm"), Path("2027/west-merton.xlsm")).as_posix()
    '2027/west-merton headings emis.csv'
    """
    return new.with_name(_mark(new) + path.name.removeprefix(_mark(old)))


def _mark(book: Path) -> str:
    return f"{book.stem} headings"
