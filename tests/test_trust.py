"""A sample of what `make trust` runs in full: rows through every engine, and mutants of the formulas."""

from dataclasses import replace
from fractions import Fraction

import pytest

from iif_reckoner import rules_table
from tests import workbook_engines
from tests.trust import differential, formulas, mutants
from tests.trust.rows import FIELDS, chunks
from tests.vba_doubles import xlwings_server

ROWS = 1_000
ENGINES = [engine.name for engine in differential.engines(ask=None)]


def with_a_wrong_rule(chunk):
    """The same rows under rules of which one threshold, the points of one indicator or the pounds of a point are off."""
    rules = chunk.ruleset
    by_one = [
        replace(
            row,
            upper_threshold=row.upper_threshold
            + Fraction(1 if row.upper_threshold > (row.lower_threshold or 0) else -1, row.unit.scale),
        )
        if row.upper_threshold is not None and not row.unit.percent
        else row
        for row in rules.indicators
    ]
    return chunk._replace(ruleset=replace(rules, indicators=tuple(by_one)))


@pytest.fixture(scope="module")
def found():
    """What each engine says of two chunks of rows, and of the first of them with wrong rules; LibreOffice starts once."""
    workbook_engines.needed("ironcalc")
    honest = list(chunks(2 * ROWS, ROWS, seed=5))
    batch = [*honest, with_a_wrong_rule(honest[0])]
    with xlwings_server.running() as ask:
        said = {engine.name: list(engine.work(batch)) for engine in differential.engines(ask)}
    return honest, [differential.by_core(chunk) for chunk in honest], said


@pytest.mark.parametrize("engine", ENGINES)
def test_every_way_of_reckoning_says_what_the_core_says(found, engine):
    honest, core, said = found
    for chunk, ours, theirs in zip(honest, core, said[engine], strict=False):
        assert differential.differing(chunk, ours, theirs) == []
        assert set(theirs) == set(FIELDS)
        spoken = [field for field in FIELDS if any(cell is not None for cell in theirs[field])]
        assert set(FIELDS) - set(spoken) == ({"available"} if "functions" in engine else set())


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_that_goes_by_other_rules_is_noticed(found, engine):
    (chunk, _), (core, _), said = found
    words = differential.differing(chunk, core, said[engine][2])
    assert {word.partition(":")[0] for word in words} >= {"points", "gap_upper"}


@pytest.mark.parametrize("field", FIELDS)
def test_one_wrong_cell_is_noticed(found, field):
    (chunk, _), (core, _), _ = found
    place = next(place for place, cell in enumerate(core[field]) if cell not in ("", None))
    cell = core[field][place]
    wrong = {**core, field: [*core[field]]}
    wrong[field][place] = "Mett" if isinstance(cell, str) else cell * (1 + 1e-9) + 1e-9
    assert len(differential.differing(chunk, core, wrong)) == 1


def test_rows_are_the_same_for_the_same_seed_and_hold_what_is_awkward():
    first, again = next(chunks(ROWS, ROWS, seed=5)), next(chunks(ROWS, ROWS, seed=5))
    assert first.rows == again.rows
    assert {row.indicator.scoring for row in first.rows} >= {"sliding", "single", "binary", "improvement", "better_of"}
    assert {row.indicator.better for row in first.rows} == {"higher", "lower"}
    assert {row.counts.denominator for row in first.rows} >= {0, 1, 2, 3, None}
    assert sum(differential.is_tie(first.ruleset, row) for row in first.rows) >= 10


def test_the_functions_take_every_made_up_table_of_rules():
    """One that they refuse would be an error in each of its rows."""
    for chunk in chunks(100, 1, seed=1):
        assert rules_table.from_rows(rules_table.to_rows(chunk.ruleset)).codes == chunk.ruleset.codes


SAMPLE = 40


def test_a_sample_of_mutants_of_the_formulas_is_killed_or_listed():
    found = mutants.of_formulas(sample=SAMPLE, seed=1)
    assert found.tried == SAMPLE
    assert [mutant for mutant in found.survivors if mutant not in mutants.expected()] == []


def test_the_formulas_themselves_survive():
    unchanged = formulas.Mutant("nowhere", "", "", formulas.sheet.FORMULAS)
    assert not formulas.killed(unchanged, formulas.oracle())


def test_a_survivor_that_is_not_listed_is_red(monkeypatch, capsys):
    monkeypatch.setattr(mutants, "of_code", lambda *_: mutants.Verdict(100, 99, ["reckon.gap: this -> that"]))
    monkeypatch.setattr(mutants, "of_formulas", lambda *_: mutants.Verdict(100, 100, []))
    monkeypatch.setattr("sys.argv", ["mutants"])
    assert mutants.main() == 1
    assert "not listed: reckon.gap: this -> that" in capsys.readouterr().out
    monkeypatch.setattr(mutants, "of_code", lambda *_: mutants.Verdict(100, 100, []))
    assert mutants.main() == 0


def test_every_listed_survivor_has_its_reason_and_stands_once():
    groups = mutants.listed()
    names = [mutant for group in groups for mutant in group["mutants"]]
    assert len(names) == len(set(names))
    assert all(group["why"].endswith(".") for group in groups)
