"""What the sheet Working makes of what is typed: what each indicator has counted, and the points that it earns."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from iif_reckoner.desk.as_typed import AsTyped, CountsRow, Rule
from iif_reckoner.desk.values import Fault, Pair, alike, as_number, is_blank, is_count, is_number, total
from iif_reckoner.model import THRESHOLDS, UNITS, Counts, Indicator
from iif_reckoner.reckon import points

State = Literal["counted", "nobody", "blank", "wrong"] | Fault
Sum = tuple[int | float, int | float] | Fault
"""Numerators and denominators added up, or the error that one of them is."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What is counted of an indicator in the shown month, and in its baseline; None where nothing is."""

    now: Sum | None = None
    baseline: Sum | None = None

    @property
    def counts(self) -> Counts:
        """The same as the core takes it, of sums without an error."""
        numerator, denominator = map(int, self.now) if self.now else (None, None)
        before, of = map(int, self.baseline) if self.baseline else (None, None)
        return Counts(numerator=numerator, denominator=denominator, baseline_numerator=before, baseline_denominator=of)


def compares(rule: Rule) -> bool:
    """Tell whether an indicator is held against a baseline."""
    return rule.cell("scoring") in ("improvement", "better_of")


def has_baseline(row: CountsRow) -> bool:
    """Tell whether something stands in both cells of a row's baseline."""
    return None not in row.baseline


def of_pcn(rule: Rule, typed: AsTyped) -> Sums:
    """Return what the whole PCN has counted of an indicator.

    Where a baseline is needed, the practices that have one are added up, unless none has.
    """
    rows = typed.by_indicator.get(alike(rule.cell("code")), ())
    if not compares(rule):
        return of_rows(rows, typed)
    complete = [row for row in rows if is_number(typed.now(row)[0]) and has_baseline(row)]
    based = complete or [row for row in rows if has_baseline(row)]
    now = of_rows(complete or rows, typed).now
    return Sums(now, _added_up([row.baseline for row in based]) if based else None)


def of_rows(rows: Sequence[CountsRow], typed: AsTyped) -> Sums:
    """Return what these rows have counted in the shown month."""
    pairs = [typed.now(row) for row in rows]
    return Sums(_added_up(pairs) if any(is_number(pair[0]) for pair in pairs) else None)


def _added_up(pairs: Sequence[Pair]) -> Sum:
    numerator, denominator = total(pair[0] for pair in pairs), total(pair[1] for pair in pairs)
    if isinstance(numerator, Fault):
        return numerator
    return denominator if isinstance(denominator, Fault) else (numerator, denominator)


def state(rule: Rule, sums: Sums) -> State:
    """Return what there is to reckon with."""
    base, now = sums.baseline, sums.now
    if isinstance(base, Fault):
        return base
    if base is not None and not (is_count(base[0]) and is_count(base[1])):
        return "wrong"
    if isinstance(now, Fault):
        return now
    if now is None:
        return "blank"
    if not (is_count(now[0]) and is_count(now[1])):
        return "wrong"
    if now[1] == 0:
        return "nobody"
    unit = UNITS.get(str(rule.cell("unit")))
    over = now[0] > now[1] or (base is not None and base[1] != 0 and base[0] > base[1])
    return "wrong" if over and unit is not None and unit.bounded else "counted"


def earned(rule: Rule, sums: Sums) -> Fraction | Fault | None:
    """Return the points of an indicator as its formula gives them: also by rules that no ruleset may hold."""
    found = state(rule, sums)
    if isinstance(found, Fault):
        return found
    if found == "wrong":
        return Fault("#VALUE!")
    needed = _needed(rule)
    if found == "blank" or needed is None:
        return None
    if isinstance(needed, Fault):
        return needed
    if found == "nobody":
        return Fraction(0)
    if compares(rule) and not sums.counts.baseline_denominator:
        return None
    figures: dict[str, Fraction] = {}
    for name in (*needed, "scale"):
        number = as_number(rule.cell(name) if name == "scale" else rule.counts(name))
        if isinstance(number, Fault):
            return number
        figures[name] = number
    scale = figures.pop("scale")
    pairs = [names for names in (THRESHOLDS[:2], THRESHOLDS[2:]) if all(name in figures for name in names)]
    if not scale or any(figures[lower] == figures[upper] for lower, upper in pairs):
        return Fault("#DIV/0!")
    fields: dict[str, Any] = {name: figure / (1 if name == "points" else scale) for name, figure in figures.items()}
    words: dict[str, Any] = {"scoring": rule.cell("scoring"), "better": rule.cell("better")}
    # Once thresholds are off their scale, points do not hang on the unit.
    return points(Indicator(code="", name="", unit=UNITS["proportion"], **words, **fields), sums.counts)


def _needed(rule: Rule) -> tuple[str, ...] | Fault | None:
    """Return the figures by which an indicator is scored; None where one of them is not known."""
    scoring = rule.cell("scoring")
    names: tuple[str, ...] = ("points", "upper_threshold", "lower_threshold", *THRESHOLDS[2:])
    if is_blank(scoring):
        return None
    if scoring != "better_of":
        names = names[: {"binary": 1, "single": 2}.get(str(scoring), 3)]
    for name in names:
        value = rule.counts(name)
        if isinstance(value, Fault) or is_blank(value):
            return value if isinstance(value, Fault) else None
    return names
