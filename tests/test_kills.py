"""Every step that touches the disk ends the process or is refused: the workbook is the old or the new one, never neither.

A process that ends leaves what stands on the disk at that moment. So the folder is looked at before every such step;
that this is what is left is held against a child process that ends without a word half-way, and another at the last.
Then each step is refused once, for want of space, of permission or by a broken disk.
"""

import os
import sys
from pathlib import Path

import pytest

from iif_reckoner import build, cli
from iif_reckoner.build import make
from iif_reckoner.desk import mail, own, recalculate, redraw
from iif_reckoner.desk import rollover as next_year
from iif_reckoner.desk import share as sharing
from iif_reckoner.desk import update as updating
from iif_reckoner.package import Package, set_cells
from tests import desk_books as desk
from tests import faults
from tests import workbook_engines as engines

MONTH = desk.DONE + 1
WHOLE = desk.content(MONTH, macros=False)
HEADINGS = "ours,theirs\npractice_code,CDB\nindicator,Measure\nnumerator,Done\ndenominator,Of\nmonth,=2026-01\nCAN-04,FIT done\n"
KILLED = 77


def in_child(arguments, last):
    """Run a command in a child that ends at its step number `last`; return its exit code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    left = iter(range(last - 1))
    faults.Steps(pytest.MonkeyPatch(), lambda: next(left, None) is None and os._exit(KILLED))
    sys.argv = ["iif-reckoner", *map(str, arguments)]
    try:
        cli.main()
    except SystemExit as done:
        os._exit(int(done.code or 0))
    os._exit(0)


def killed_at_every_step(capsys, arguments, folder, watched):
    """Return how many steps there are; at each of them `watched(path bytes)` must hold."""
    before, seen = contents(folder), []
    with pytest.MonkeyPatch.context() as patch:
        faults.Steps(patch, lambda: seen.append(contents(folder)))
        code, _, err = desk.ran(capsys, *arguments)
    assert code == 0, err
    after = contents(folder)
    for found in (*seen, after):
        watched(found)
    for last in (len(seen) // 2, len(seen)):
        put_back(folder, before)
        assert in_child(arguments, last) == KILLED
        # Names that come from the clock or from chance differ.
        assert sorted(contents(folder).values()) == sorted(seen[last - 1].values())
    refused_at_every_step(capsys, arguments, folder, watched, len(seen), before)
    put_back(folder, after)
    return len(seen)


def refused_at_every_step(capsys, arguments, folder, watched, steps, before):
    """Let the system refuse each step in turn: one line says so and nothing is left half, or it goes without the step."""
    for number in range(1, steps + 1):
        # Each of them at each step: test_package_writing.py.
        code = faults.CODES[number % len(faults.CODES)]
        put_back(folder, before)
        with pytest.MonkeyPatch.context() as patch:
            faults.Steps(patch, faults.refusing(number, code))
            done, _, err = desk.ran(capsys, *arguments)
        found = contents(folder)
        watched(found)
        problems = [line for line in err.splitlines() if not line.startswith(("note: ", "  "))]
        assert (done, len(problems)) in ((13, 1), (0, 0)), (number, code, done, err)
        if done:
            assert str(folder) in problems[0]
            assert not [name for name in found if name.endswith(".tmp")], (number, code, sorted(found))
        faults.TALLY["faults"] += 1


def contents(folder):
    """The bytes of every file of a folder by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def without_backups(found):
    return {name: data for name, data in found.items() if " backup " not in name}


def put_back(folder, before):
    """Let a folder hold these files and no others, the workbook as old as it was."""
    for path in folder.iterdir():
        path.unlink()
    for name, data in before.items():
        (folder / name).write_bytes(data)
    os.utime(folder / "book.xlsx", (1_700_000_000, 1_700_000_000))


@pytest.fixture
def folder(tmp_path):
    made = desk.made(macros=False)
    (tmp_path / "book.xlsx").write_bytes(made)
    (tmp_path / "january.csv").write_text(desk.extract(desk.content(MONTH), MONTH), "utf-8")
    os.utime(tmp_path / "book.xlsx", (1_700_000_000, 1_700_000_000))
    return tmp_path


def old_or_new(found, before, after):
    """Every file is whole, as it was or as it will be; what a killed process left half has a name that none looks for.

    A copy that is kept gets its name from the clock, so it is told by what it holds.
    """
    lost = [name for name in before if name not in found]
    for name, data in found.items():
        if name.startswith("."):
            assert name.endswith(".tmp")
        elif name.startswith("book backup") and name not in before:
            lost += [name] * (data != before["book.xlsx"])
        else:
            lost += [name] * (data not in (before.get(name), after.get(name)))
    faults.TALLY["lost"] += len(lost)
    assert lost == []


def returned(code):
    """The copy of one practice with its figures of the new month typed in."""
    package = Package.from_bytes(desk.made(macros=False), "book.xlsx")
    cells = {}
    for (who, what, month), pair in WHOLE.counts.items():
        if (who, month) == (code, MONTH):
            for kind, value in zip(("numerator", "denominator"), pair, strict=True):
                sheet, row, column = engines.count_spot(WHOLE, who, what, month, kind)
                cells[sheet, f"{engines.column_letters(column)}{row}"] = value
    return set_cells(package, cells).to_bytes()


def worked_once(monkeypatch, *places):
    """Let slow functions, each named by its module and name, work once; children have what they gave."""
    for place, name in places:
        monkeypatch.setattr(place, name, _once(getattr(place, name)))


def _once(slow):
    known = []

    def quick(*given, **named):
        if not known:
            known.append(slow(*given, **named))
        return known[0]

    return quick


def ran_before(capsys, folder, arguments):
    """Run a command as it should end; return what it leaves by name, with everything put back as it was."""
    before = contents(folder)
    code, _, err = desk.ran(capsys, *arguments)
    assert code == 0, err
    after = contents(folder)
    put_back(folder, before)
    return after


def killed(capsys, folder, arguments, watched, *, least):
    """Kill a command at every step and say how many there are; at the end all is as after a run in peace."""
    steps = killed_at_every_step(capsys, arguments, folder, watched)
    with capsys.disabled():
        print(f"\n{arguments[0]}: killed at each of {steps} steps, and each refused", end=" ")
    faults.TALLY["kills"] += steps
    assert steps >= least


def in_place(before, after):
    """What must hold at every step of a command that changes a workbook: before it goes, it is kept."""

    def watched(found):
        old_or_new(found, before, after)
        kept = [name for name in found if name.startswith("book backup") and name not in before]
        assert kept or found["book.xlsx"] == before["book.xlsx"]

    return watched


IN_PLACE = {
    "fill": ("--counts", "january.csv"),
    "fill with headings": ("--counts", "emis.csv", "--headings", "emis list.csv"),
    "collect": ("X99001.xlsx", "X99002.xlsx"),
    "update": ("--ruleset", "2022-23.v2"),
    "practices": ("--add", "A81001", "--name", "Mill Lane Surgery", "--list-size", "8973"),
}


def prepared(case, folder):
    """Put beside the workbook what a command needs; return the command with its arguments."""
    command, path = case.split()[0], folder / "book.xlsx"
    if case == "fill with headings":
        (folder / "emis.csv").write_text("CDB,Measure,Done,Of\nX99001,FIT done,31,60\n")
        (folder / "emis list.csv").write_text(HEADINGS)
    if command == "collect":
        for practice in WHOLE.practices[:2]:
            (folder / f"{practice.code}.xlsx").write_bytes(returned(practice.code))
    if command == "update":
        path.write_bytes(make(desk.content(macros=False, ruleset="2022-23.v1")))
    return command, path, *(folder / each if (folder / each).exists() else each for each in IN_PLACE[case])


@pytest.mark.parametrize("case", IN_PLACE)
def test_in_place(case, folder, capsys, monkeypatch):
    """The workbook is the old or the new one, and once it is the new one the old is kept."""
    arguments = prepared(case, folder)
    worked_once(monkeypatch, (recalculate, "recalculated"), (updating, "updated"), (redraw, "redrawn"), (own, "own"))
    before, after = contents(folder), ran_before(capsys, folder, arguments)
    assert after["book.xlsx"] != before["book.xlsx"]
    killed(capsys, folder, arguments, in_place(before, after), least=10)
    assert without_backups(contents(folder)) == without_backups(after)


@pytest.mark.parametrize("case", IN_PLACE)
def test_open_in_excel_on_windows(case, folder, capsys, monkeypatch):
    """Windows lets nobody replace a file that a program has open, and no lock file need be there to tell before."""
    arguments = prepared(case, folder)
    path, before, replace = folder / "book.xlsx", contents(folder), os.replace

    def refused(source, place):
        if Path(place) == path:
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        replace(source, place)

    monkeypatch.setattr(os, "replace", refused)
    assert desk.ran(capsys, *arguments) == (
        13,
        "",
        f"{path}: cannot be written: open in another program, such as Excel, or no permission; "
        "close it there and try again\n",
    )
    assert contents(folder) == before


def test_undo(folder, capsys):
    """What stands there is kept before the copy comes back, and the copy itself stays."""
    path, older = folder / "book.xlsx", "book backup 2026-01-05 090000.xlsx"
    new = path.read_bytes()
    (folder / older).write_bytes(new)
    path.write_bytes(desk.made(1, macros=False))
    before = contents(folder)
    killed(capsys, folder, ("undo", path), in_place(before, {**before, "book.xlsx": new}), least=10)
    assert path.read_bytes() == new


def test_share(folder, capsys, monkeypatch):
    """The workbook stays; the copy of last month is there until the new one is, and so is the message."""
    worked_once(monkeypatch, (sharing, "shared"), (mail, "draft"))
    arguments = ("share", folder / "book.xlsx", "--output", folder / "copy.xlsx", "--email", "--replace")
    after = ran_before(capsys, folder, arguments)
    (folder / "copy.xlsx").write_bytes(desk.made(1, macros=False))
    (folder / "copy.eml").write_bytes(b"Subject: last month\r\n\r\n")
    before = contents(folder)
    killed(capsys, folder, arguments, lambda found: old_or_new(found, before, after), least=10)
    assert contents(folder) == after


def test_rollover(folder, capsys, monkeypatch):
    """The old year's workbook stays; next year's is not there at all until it is whole."""
    path = folder / "book.xlsx"
    path.write_bytes(make(desk.content(12, macros=False, ruleset="2022-23.v2")))
    worked_once(monkeypatch, (next_year, "rolled_over"), (build, "make"), (own, "own"))
    (folder / "book headings emis.csv").write_text(HEADINGS.replace("CAN-04,FIT done\n", ""))
    arguments = ("rollover", path, "--ruleset", "2023/24", "--output", folder / "next.xlsx")
    before, after = contents(folder), ran_before(capsys, folder, arguments)
    killed(capsys, folder, arguments, lambda found: old_or_new(found, before, after), least=12)
    assert contents(folder) == after


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
