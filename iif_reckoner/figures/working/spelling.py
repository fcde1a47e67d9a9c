"""Pieces of formulas that several figures are spelled with."""

from collections.abc import Iterable

from iif_reckoner.figures.records import Figure, Over
from iif_reckoner.model import UNITS

COUNTS = "{code},{num},{den}"
BASE = "{bn},{bd}"
"""What our functions take of an indicator: its counts, and its baseline."""


def figure(
    name: str, over: Over, words: str, unit: str, formula: str, function: str | None = None, **seen_as: str
) -> Figure:
    """Return a figure; its arguments in the order in which a table of them reads best."""
    return Figure(name=name, words=words, unit=unit, over=over, native=formula, function=function, seen_as=seen_as)


def copied(source: str) -> str:
    """Return the formula that repeats a cell and leaves blank what is blank there."""
    return f'IF({{{source}}}="","",{{{source}}})'


def picked(rule: str) -> str:
    """Return the formula of a rule that counts: what was typed over it, else the rule, else what is assumed."""
    return (
        f'IF({{{rule}_override}}<>"",{{{rule}_override}},IF({{{rule}}}<>"",{{{rule}}},'
        f'IF({{use_assumed}}="yes",IF({{{rule}_assumed}}="","",{{{rule}_assumed}}),"")))'
    )


def total(name: str, how: str = "all") -> str:
    """Return the formula of the sum of a block of figures, blank where none of them is a number."""
    return f'IF(COUNT({{{name}:{how}}})=0,"",SUM({{{name}:{how}}}))'


def one_of(cell: str, words: Iterable[str]) -> str:
    """Return the formula of 1 where a cell holds one of these words, else 0."""
    return "(" + "+".join(f'({cell}="{word}")' for word in words) + ")"


PERCENT = tuple(unit.name for unit in UNITS.values() if unit.percent)
BOUNDED = tuple(unit.name for unit in UNITS.values() if unit.bounded)
"""The units that people read as a percentage, and those whose numerator is a part of the denominator."""
