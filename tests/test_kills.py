"""The process ends at every step that touches the disk: the workbook is the old one or the new one, never neither.

A child process runs the command and ends without a word at its n-th such step; so for every n until it gets through.
What is worked out before the first step is worked out once, so that only the writing is repeated.
"""

import os
import sys
from pathlib import Path

import pytest

from iif_reckoner import cli
from iif_reckoner.desk import recalculate
from iif_reckoner.package import Package
from tests import desk_books as desk

MONTH = desk.DONE + 1
STEPS = ("open", "fsync", "replace", "rename", "link", "unlink", "chmod", "utime", "mkdir", "remove", "write")
KILLED = 77
MOST = 60


class Killer:
    """Counts the steps of this process that touch the disk, and ends it at one of them."""

    def __init__(self, last):
        self.taken, self.last = 0, last
        for name in STEPS:
            setattr(os, name, self.counted(getattr(os, name)))
        self.opened, os.fdopen = os.fdopen, self.in_halves

    def is_last(self):
        self.taken += 1
        return self.taken == self.last

    def counted(self, step):
        def call(*given, **named):
            reads = step.__name__ == "open" and not given[1] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if not reads and self.is_last():
                os._exit(KILLED)
            return step(*given, **named)

        return call

    def in_halves(self, *given, **named):
        """Open a file of which, at the end of this process, half is written."""
        file = self.opened(*given, **named)
        write = file.write

        def half(data):
            if self.is_last():
                write(data[: len(data) // 2])
                file.flush()
                os._exit(KILLED)
            return write(data)

        if "w" in file.mode:
            file.write = half
        return file


def in_child(arguments, last):
    """Run a command in a child that ends at its step number `last`; return its exit code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    Killer(last)
    sys.argv = ["iif-reckoner", *map(str, arguments)]
    try:
        cli.main()
    except SystemExit as done:
        os._exit(int(done.code or 0))
    os._exit(0)


def killed_at_every_step(arguments, folder, watched):
    """Return how many steps there are; at each of them `watched(path bytes)` must hold of every workbook's name."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for last in range(1, MOST):
        code = in_child(arguments, last)
        watched({path.name: path.read_bytes() for path in folder.iterdir()})
        if code != KILLED:
            assert code == 0
            return last - 1
        for path in folder.iterdir():
            path.unlink()
        for name, data in before.items():
            (folder / name).write_bytes(data)
    raise AssertionError(f"more than {MOST} steps")


@pytest.fixture
def folder(tmp_path):
    made = desk.made(macros=False)
    (tmp_path / "book.xlsx").write_bytes(made)
    (tmp_path / "january.csv").write_text(desk.extract(desk.content(MONTH), MONTH), "utf-8")
    os.utime(tmp_path / "book.xlsx", (1_700_000_000, 1_700_000_000))
    return tmp_path


def whole_books(data):
    """Every workbook that stands there is whole; files that a killed process left are no workbooks by name."""
    for name, content in data.items():
        if Path(name).suffix in (".xlsx", ".xlsm"):
            Package.from_bytes(content, name).grid("Counts")


def once(monkeypatch, place, name):
    """Let a slow function of a module work once for each workbook; children have what it gave."""
    slow, known = getattr(place, name), {}

    def quick(*given, **named):
        key = repr(given)
        if key not in known:
            known[key] = slow(*given, **named)
        return known[key]

    monkeypatch.setattr(place, name, quick)
    return known


def test_fill(folder, capsys, monkeypatch):
    path, old = folder / "book.xlsx", (folder / "book.xlsx").read_bytes()
    arguments = ("fill", path, "--counts", folder / "january.csv")
    assert desk.ran(capsys, *arguments)[0] == 0
    new = path.read_bytes()
    for left in folder.glob("book backup*"):
        left.unlink()
    path.write_bytes(old)
    done = recalculate.Recalculated(package=Package.from_bytes(new, "book.xlsx"), failed="(worked out before)")
    monkeypatch.setattr(recalculate, "recalculated", lambda *_: done)

    def watched(found):
        whole_books(found)
        assert found["book.xlsx"] in (old, new)
        kept = [data for name, data in found.items() if name.startswith("book backup")]
        assert all(data == old for data in kept)
        assert kept or found["book.xlsx"] == old

    steps = killed_at_every_step(arguments, folder, watched)
    print(f"fill: killed at each of {steps} steps")
    assert steps >= 6
    assert path.read_bytes() == new


def test_two_processes_fill_one_book_and_one_of_them_says_so(folder, capsys, monkeypatch):
    """Both have read the workbook before either writes: one wins, the other changes nothing and says why."""
    path, old = folder / "book.xlsx", (folder / "book.xlsx").read_bytes()
    ready, go, words = os.pipe(), os.pipe(), os.pipe()
    slow = recalculate.recalculated

    def at_once(*given):
        done = slow(*given)
        os.write(ready[1], b".")
        os.read(go[0], 1)
        return done

    monkeypatch.setattr(recalculate, "recalculated", at_once)
    children = []
    for _ in range(2):
        child = os.fork()
        if not child:
            os.dup2(words[1], 2)
            sys.argv = ["iif-reckoner", "fill", str(path), "--counts", str(folder / "january.csv"), "--format", "csv"]
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            sys.stderr = sys.__stderr__
            try:
                cli.main()
            except SystemExit as done:
                os._exit(int(done.code or 0))
            os._exit(0)
        children.append(child)
    for _ in children:
        assert os.read(ready[0], 1) == b"."
    os.write(go[1], b"..")
    codes = sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)
    said = os.read(words[0], 100_000).decode()
    assert codes == [0, 13]
    assert f"{path}: has changed since it was read; nothing written, run it again" in said.replace("\n", "")
    assert [kept.read_bytes() for kept in folder.glob("book backup*")] == [old]
    assert path.read_bytes() != old
