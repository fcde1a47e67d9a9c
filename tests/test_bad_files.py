"""Every bad file is read exactly or refused in whole words, within its memory and time."""

import json
import mmap
import subprocess
import sys

from tests import bad_files


def test_each_is_read_exactly_or_refused_in_these_words():
    """In a process of its own, which holds nothing but the readers: what it takes is what a command takes."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bad_files", "--json"],
        check=False,
        capture_output=True,
        text=True,
        cwd=bad_files.ROOT,
    )
    found = [bad_files.Outcome(**each) for each in json.loads(done.stdout or "[]")]
    print(bad_files.in_words(found).rpartition("reader of book")[2])
    assert [each.name for each in found] == [case.name for case in bad_files.CASES]
    assert len({case.name for case in bad_files.CASES}) == len(found)
    assert [(each.name, each.words) for each in found if not each.right] == []
    assert {each.name: each.megabytes for each in found if each.megabytes > bad_files.MOST_MEGABYTES[each.reader]} == {}
    assert {each.name: each.seconds for each in found if each.seconds > bad_files.MOST_SECONDS} == {}


def test_a_reader_that_is_wrong_takes_too_much_or_dies_is_noticed(tmp_path, monkeypatch):
    case = next(case for case in bad_files.CASES if case.name == "spaces around a number")
    assert bad_files.measured(case, tmp_path)[:4] == (case.name, "counts", True, "read exactly")
    monkeypatch.setitem(bad_files.READERS, "counts", lambda _: [["A81001", "ACC-08", "2023-04", 55, 9]])
    wrong = bad_files.measured(case, tmp_path)
    assert (wrong.right, wrong.words) == (False, "read as [['A81001', 'ACC-08', '2023-04', 55, 9]]")

    def hungry(_):
        taken = b"x" * 500 * bad_files.MEGABYTE
        raise ValueError(f"traceback after {len(taken)}")

    monkeypatch.setitem(bad_files.READERS, "counts", hungry)
    # A process that has mapped much already, as one that ran many tests has, leaves the fault the same room.
    with mmap.mmap(-1, 4 << 30, prot=mmap.PROT_READ):
        wrong = bad_files.measured(case, tmp_path)
    assert (wrong.right, wrong.words) == (False, "ValueError: traceback after 524288000")
    assert wrong.megabytes > 500

    def endless(_):
        raise ValueError(f"traceback after {len(bytes(bad_files.mapped() + (4 << 30)))}")

    monkeypatch.setitem(bad_files.READERS, "counts", endless)
    assert bad_files.measured(case, tmp_path).words == "MemoryError: "
