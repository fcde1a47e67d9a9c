"""What fuzzing once found stays mended, and each target runs some hundreds of times with a fixed seed."""

import pytest

from tests.fuzz import engine, targets

EXECUTIONS = 300


@pytest.mark.parametrize("path", [path for name in targets.TARGETS for path in engine.findings(name)],
                         ids=lambda path: f"{path.parent.name} {path.name}")  # fmt: skip
def test_what_was_found_once(path):
    assert engine.crash(path.parent.name, path.read_bytes()) is None


@pytest.mark.parametrize("target", targets.TARGETS)
def test_by_mutation(target):
    run = engine.by_mutation(target, EXECUTIONS)
    print(f"{target}: {run.executions} executions, {len(run.crashes)} crashes")
    assert run == (target, EXECUTIONS, ())


@pytest.mark.parametrize("target", targets.TARGETS)
def test_the_first_seed_gets_through(target):
    """A target that refused all that it begins with would find nothing behind its door."""
    assert targets.TARGETS[target].run(targets.TARGETS[target].seeds()[0])


def test_a_crash_is_noticed_and_named(monkeypatch):
    def broken(data):
        raise ZeroDivisionError(data)

    monkeypatch.setitem(targets.TARGETS, "part", targets.Target(broken, lambda: [b"seed"]))
    run = engine.by_mutation("part", 5)
    assert (run.executions, len(run.crashes)) == (5, 1)
    assert run.crashes[0].startswith("ZeroDivisionError in test_fuzz.py:")


def test_a_patch_that_touches_another_cell_is_noticed(monkeypatch):
    right = targets.set_cells

    def wrong(package, values):
        return right(package, {**values, ("Plain", "B9"): 1})

    monkeypatch.setattr(targets, "set_cells", wrong)
    assert str(engine.crash("patch", targets._sheets()[2])).startswith("AssertionError in targets.py:")
