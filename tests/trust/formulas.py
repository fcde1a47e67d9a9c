"""Mutants of the workbook's formulas: each sign, number, name and word of `native.py` changed once, judged on a few rows.

A mutation tester for Python changes what functions do, not what stands in formulas; and these are put together once, when
the module is loaded.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from iif_reckoner.figures.working import native
from tests import workbook_engines
from tests.trust import sheet
from tests.trust.differential import differing
from tests.trust.rows import Chunk, Columns, by_core, chunks, spoilt

ROWS, CHUNKS = 200, 4
_TOKEN = re.compile(r'\{[^{}]*\}|"[^"]*"|<=|>=|<>|[<>=+\-*/]|\d+|[A-Z]{2,}(?=\()')
_OTHERWISE = {
    "<=": "<", ">=": ">", "<": "<=", ">": ">=", "<>": "=", "=": "<>", "+": "-", "-": "+", "*": "/", "/": "*",
    "ROUNDUP": "ROUNDDOWN", "ROUNDDOWN": "ROUNDUP", "ROUND": "ROUNDUP", "ABS": "-ABS", '""': "0",
    "{num}": "{den}", "{den}": "{num}", "{bn}": "{bd}", "{bd}": "{bn}", "{lower}": "{upper}", "{upper}": "{lower}",
    "{red_lower}": "{red_upper}", "{red_upper}": "{red_lower}",
    "{list_adjustment}": "{prevalence}", "{prevalence}": "{list_adjustment}",
    "{rule_prevalence_list}": "{rule_prevalence_patients}", "{rule_prevalence_patients}": "{rule_prevalence_list}",
}  # fmt: skip
"""What stands in place of a piece of a formula; a number grows by 1, a word in quotes gets an x."""


class Mutant(NamedTuple):
    """A changed piece of a formula: where it stands, what it was and what it is, and all formulas with it."""

    where: str
    was: str
    became: str
    formulas: Mapping[str, str]

    @property
    def name(self) -> str:
        """How survivors are listed."""
        return f"native.py {self.where}: {self.was} -> {self.became}"


def mutants() -> Iterator[Mutant]:
    """Yield every mutant of the formulas, in the order of the source."""
    source = Path(native.__file__).read_text("utf-8")
    for place in range(len(_strings(ast.parse(source)))):
        tree = ast.parse(source)
        owner, constant = _strings(tree)[place]
        text = constant.value
        for found in _TOKEN.finditer(text):
            if (became := _otherwise(found[0])) is None:
                continue
            constant.value = text[: found.start()] + became + text[found.end() :]
            formulas = {**sheet.FORMULAS, **_formulas(tree)}
            if formulas != sheet.FORMULAS:
                around = text[max(0, found.start() - 18) : found.end() + 12]
                yield Mutant(f"{owner}, ...{around}...", found[0], became, formulas)


def _strings(tree: ast.Module) -> list[tuple[str, ast.Constant]]:
    """The pieces of text of a module that are no docstrings, with the name that they belong to."""
    found = []
    for statement in tree.body:
        owner = statement.name if isinstance(statement, ast.FunctionDef) else ast.unparse(statement).partition(" =")[0]
        told = {id(each.value) for each in ast.walk(statement) if isinstance(each, ast.Expr)}
        found += [
            (owner, each)
            for each in ast.walk(statement)
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in told
        ]
    return found


def _otherwise(piece: str) -> str | None:
    if piece.isdigit():
        return str(int(piece) + 1)
    if piece.startswith('"') and piece != '""':
        return f'{piece[:-1]}x"'
    return _OTHERWISE.get(piece)


def _formulas(tree: ast.Module) -> dict[str, str]:
    module = ModuleType("mutant")
    exec(compile(ast.fix_missing_locations(tree), "mutant", "exec"), module.__dict__)  # noqa: S102 (our own module)
    return {
        "prevalence": module.PREVALENCE,
        "state": module.STATE,
        "achievement": module.ACHIEVEMENT,
        "points": module.POINTS,
        "value": module.VALUE,
        "gap_lower": module.gap("lower"),
        "gap_upper": module.gap("upper"),
        "status": module.STATUS,
    }


def killed(mutant: Mutant, judges: Sequence[Chunk]) -> bool:
    """Whether some row tells the mutant from the core."""
    return any(differing(chunk, by_core(chunk), by_formulas(mutant.formulas, chunk)) for chunk in judges)


def by_formulas(formulas: Mapping[str, str], chunk: Chunk) -> Columns:
    """What formualizer makes of such formulas."""
    rows = len(chunk.rows)
    return sheet.from_values(workbook_engines.worked_out(sheet.in_cells(chunk, formulas), sheet.wanted(rows)), rows)


def oracle() -> list[Chunk]:
    """The rows that judge: as they come, some that no book should hold, and some under rules that are not known."""
    found = list(chunks(CHUNKS * ROWS, ROWS, seed=8))
    odd = [spoilt(chunk) for chunk in found[:2]]
    return [*found, *(chunk._replace(rows=chunk.rows[: 3 * ROWS]) for chunk in odd), *_unknown(found[0])]


def _unknown(chunk: Chunk) -> Iterator[Chunk]:
    """The same rows where nobody knows what a point is worth, and where nobody knows how it is scored."""
    yield chunk._replace(ruleset=replace(chunk.ruleset, point_value_gbp=None))
    rules = {row.code: replace(row, scoring=None) for row in chunk.ruleset.indicators}
    rows = [row._replace(indicator=rules[row.indicator.code]) for row in chunk.rows]
    yield Chunk(replace(chunk.ruleset, indicators=tuple(rules.values())), rows)
