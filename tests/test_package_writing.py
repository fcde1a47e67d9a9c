"""Saving: the whole new file or the old one, a dated copy, and refusals in words."""

import itertools
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from iif_reckoner.errors import FileProblemError
from iif_reckoner.package import Package, locks, save, set_cells, write, write_file
from tests import faults
from tests.test_package_books import COUNTS, hand_parts, zipped

NOW = datetime(2026, 11, 21, 14, 30, 5, tzinfo=UTC)


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "Book one.xlsx"
    path.write_bytes(zipped(hand_parts()))
    return path


def filled(path):
    return set_cells(Package.open(path), {(COUNTS, "A2"): 57})


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_is_written_whole(book, tmp_path):
    package = filled(book)
    assert save(package, tmp_path / "new.xlsx") is None
    assert (tmp_path / "new.xlsx").read_bytes() == package.to_bytes()
    assert names(tmp_path) == ["Book one.xlsx", "new.xlsx"]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new.xlsx").stat().st_mode) == 0o666 & ~mask


def test_an_existing_file_is_replaced_with_a_dated_copy_beside(book, tmp_path):
    old = book.read_bytes()
    book.chmod(0o640)
    os.utime(book, (1_600_000_000, 1_600_000_000))
    package = filled(book)
    kept = save(package, book, replace=True, backup=True, now=NOW)
    assert kept == tmp_path / "Book one backup 2026-11-21 143005.xlsx"
    assert kept.read_bytes() == old
    assert kept.stat().st_mtime == 1_600_000_000
    assert book.read_bytes() == package.to_bytes() != old
    assert stat.S_IMODE(book.stat().st_mode) == stat.S_IMODE(kept.stat().st_mode) == 0o640
    again = save(filled(book), book, replace=True, backup=True, now=NOW)
    assert again.name == "Book one backup 2026-11-21 143005 2.xlsx"
    assert kept.read_bytes() == old
    assert len(names(tmp_path)) == 3


def test_without_replace_an_existing_file_stays(book, tmp_path):
    old = book.read_bytes()
    with pytest.raises(FileProblemError) as error:
        save(filled(book), book)
    assert str(error.value) == f"{book}: exists already; give another name, or --replace to overwrite it"
    assert book.read_bytes() == old
    assert names(tmp_path) == ["Book one.xlsx"]


def test_a_file_that_appears_while_writing_is_not_overwritten(book, tmp_path, monkeypatch):
    package, target = filled(book), tmp_path / "new.xlsx"
    real = write._old

    def meanwhile(*given):
        found = real(*given)
        target.write_bytes(b"theirs")
        return found

    monkeypatch.setattr(write, "_old", meanwhile)
    with pytest.raises(FileProblemError) as error:
        save(package, target)
    assert str(error.value) == f"{target}: exists already; give another name, or --replace to overwrite it"
    assert target.read_bytes() == b"theirs"
    assert names(tmp_path) == ["Book one.xlsx", "new.xlsx"]


def test_a_drive_that_knows_no_second_names(book, tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    save(filled(book), tmp_path / "new.xlsx")
    assert names(tmp_path) == ["Book one.xlsx", "new.xlsx"]


@pytest.mark.parametrize("lock", ["~$Book one.xlsx", ".~lock.Book one.xlsx#"])
def test_open_in_another_program(book, lock):
    (book.parent / lock).write_bytes(b"x")
    old = book.read_bytes()
    with pytest.raises(FileProblemError) as error:
        save(filled(book), book, replace=True)
    assert str(error.value) == (
        f"{book}: open in another program (it keeps '{lock}'); close it there and try again, "
        "or delete that file if nobody has the workbook open"
    )
    assert book.read_bytes() == old
    assert [path.name for path in locks(book)] == [lock]
    assert names(book.parent) == sorted(["Book one.xlsx", lock])


def test_read_only(book):
    book.chmod(0o444)
    old = book.read_bytes()
    with pytest.raises(FileProblemError) as error:
        save(filled(book), book, replace=True)
    assert str(error.value) == (f"{book}: read-only; take the write protection off or save a copy under another name")
    assert book.read_bytes() == old


def test_no_folder_and_a_folder(book, tmp_path):
    with pytest.raises(FileProblemError) as error:
        save(filled(book), tmp_path / "none" / "new.xlsx")
    assert str(error.value) == f"{tmp_path / 'none' / 'new.xlsx'}: there is no folder {tmp_path / 'none'}"
    with pytest.raises(FileProblemError) as error:
        save(filled(book), tmp_path, replace=True)
    assert str(error.value) == f"{tmp_path}: a folder; give a file in it"


def test_a_file_that_changed_or_went_since_it_was_read(book, tmp_path):
    package = filled(book)
    theirs = set_cells(Package.open(book), {(COUNTS, "A2"): 99}).to_bytes()
    book.write_bytes(theirs)
    with pytest.raises(FileProblemError) as error:
        save(package, book, replace=True, backup=True)
    assert str(error.value) == f"{book}: has changed since it was read; nothing written, run it again"
    assert book.read_bytes() == theirs
    assert names(tmp_path) == ["Book one.xlsx"]
    book.unlink()
    with pytest.raises(FileProblemError) as error:
        save(package, book, replace=True, backup=True)
    assert str(error.value) == f"{book}: has gone since it was read; nothing written, run it again"
    assert names(tmp_path) == []


def test_another_file_may_be_replaced_whatever_it_holds(book, tmp_path):
    other = tmp_path / "other.xlsx"
    other.write_bytes(b"theirs")
    package = filled(book)
    save(package, other, replace=True)
    assert other.read_bytes() == package.to_bytes()


def test_a_link_stays_a_link(book, tmp_path):
    link = tmp_path / "link.xlsx"
    link.symlink_to(book)
    package = filled(link)
    save(package, link, replace=True)
    assert link.is_symlink()
    assert book.read_bytes() == package.to_bytes()


FAULTS = [
    ("fsync", OSError(28, "No space left on device"), "cannot be written (No space left on device); nothing changed"),
    (
        "replace",
        PermissionError(13, "The process cannot access the file because it is being used by another process"),
        "cannot be written: open in another program, such as Excel, or no permission; close it there and try again",
    ),
    ("replace", OSError(5, "Input/output error"), "cannot be written (Input/output error); nothing changed"),
    ("open", OSError(30, "Read-only file system"), "cannot be written (Read-only file system); nothing changed"),
    ("utime", OSError(5, "Input/output error"), "cannot be written (Input/output error); nothing changed"),
]


@pytest.mark.parametrize(("call", "fault", "words"), FAULTS)
def test_when_the_system_refuses_the_old_file_stays_and_nothing_is_left(book, monkeypatch, call, fault, words):
    package, old = filled(book), book.read_bytes()

    def refuse(*_, **__):
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        with pytest.raises(FileProblemError) as error:
            save(package, book, replace=True, backup=True)
    assert str(error.value) == f"{book}: {words}"
    assert book.read_bytes() == old
    assert names(book.parent) == ["Book one.xlsx"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_an_interruption_leaves_the_old_file_and_nothing_else(book, monkeypatch, call):
    package, old = filled(book), book.read_bytes()

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, call, interrupt)
        with pytest.raises(KeyboardInterrupt):
            save(package, book, replace=True, backup=True)
    assert book.read_bytes() == old
    assert names(book.parent) == ["Book one.xlsx"]


KILLED = """
import os, sys
from pathlib import Path
from iif_reckoner.package import Package, save, set_cells
path, limit = Path(sys.argv[1]), int(sys.argv[2])
package = set_cells(Package.open(path), {("Jo's counts & more", "A2"): 57})
calls = 0
def counted(event, args):
    global calls
    if event in {"open", "os.rename", "os.remove", "os.chmod", "os.utime", "os.link"} and str(path.parent) in str(args):
        calls += 1
        if calls == limit:
            os._exit(9)
sys.addaudithook(counted)
save(package, path, replace=True, backup=True)
"""


def test_killed_at_any_step_the_file_is_the_old_or_the_new_one(book):
    old, new = book.read_bytes(), filled(book).to_bytes()
    seen = []
    for limit in range(1, 30):
        book.write_bytes(old)
        done = subprocess.run([sys.executable, "-c", KILLED, str(book), str(limit)], check=False, capture_output=True)
        assert done.returncode in {0, 9}, done.stderr
        seen.append(book.read_bytes())
        assert seen[-1] in {old, new}
        if done.returncode == 0:
            break
    assert done.returncode == 0
    assert seen[-1] == new
    assert seen.count(old) >= 4


@pytest.mark.parametrize("replace", [True, False])
def test_whatever_the_system_refuses_at_any_step_one_line_says_whether_it_was_written(tmp_path, replace):
    """No space, no permission and a broken disk at each step: written and silent, or not written and said so."""
    path, old, new = tmp_path / "Book one.xlsx", b"old" * 99, b"new" * 99

    outcomes = set()
    for number, code in itertools.product(range(1, 30), faults.CODES):
        for leftover in tmp_path.iterdir():
            leftover.unlink()
        if replace:
            path.write_bytes(old)
        words = ""
        with pytest.MonkeyPatch.context() as patch:
            faults.Steps(patch, faults.refusing(number, code))
            try:
                write_file(path, new, replace=replace, backup=True)
            except FileProblemError as error:
                words = f"{error}\n"
        held = path.read_bytes() if path.exists() else None
        outcomes.add((words.count("\n"), held))
        faults.TALLY["faults"] += 1
        faults.TALLY["lost"] += held not in (old if replace else None, new)
        kept = [each.read_bytes() for each in tmp_path.glob("Book one backup*")]
        assert kept in ([], [old])
        assert held != new or not replace or kept
    assert outcomes == {(0, new), (1, old if replace else None)}
