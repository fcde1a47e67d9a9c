"""Why the pounds of one position became those of another, taken apart in a fixed order so that the parts add up."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Literal, TypeVar

from iif_reckoner.model import Counts, Indicator, Ruleset
from iif_reckoner.plan.position import NOTHING, Position
from iif_reckoner.reckon import adjustments, applied, points, value

STEPS = ("practices missing", "rules", "list size", "prevalence", "denominator", "patients")
"""What is replaced, in this order: each step takes one thing of the second position and keeps the rest of the first.

Practices missing: what only one of the two has counted comes or goes. A baseline goes with the denominator.
"""

Change = Literal["", "new", "withdrawn"]
Number = TypeVar("Number", Fraction, Decimal)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One indicator before and after; None where it is not there, not counted or cannot be scored.

    `parts` are pounds, one for each of `STEPS`; they add up to the difference of the pounds, blank being nothing. They
    are None where there are pounds neither before nor after.
    """

    code: str
    change: Change
    points: tuple[Fraction | None, Fraction | None]
    pounds: tuple[Decimal | None, Decimal | None]
    parts: tuple[Decimal, ...] | None


def difference(before: Position, after: Position) -> tuple[Line, ...]:
    """Return what became of each indicator: those of the old rules in their order, then those that are new."""
    counts = _with_practices_of(before, after)
    middle = replace(before, counts=counts)
    return tuple(
        _line(code, before, middle, after) for code in dict.fromkeys((*before.rules.codes, *after.rules.codes))
    )


def total(lines: Sequence[Line]) -> Line:
    """Return the sums of lines that can be scored."""
    earned = ([line.points[at] for line in lines] for at in (0, 1))
    pounds = ([line.pounds[at] for line in lines] for at in (0, 1))
    (one, other), (won, wins) = (map(_sum, earned), map(_sum, pounds))
    known = [line.parts for line in lines if line.parts is not None]
    parts = tuple(sum(column, Decimal(0)) for column in zip(*known, strict=True)) if known else None
    return Line(code="all", change="", points=(one, other), pounds=(won, wins), parts=parts)


def _sum(figures: Sequence[Number | None]) -> Number | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known[1:], known[0]) if known else None


def _with_practices_of(before: Position, after: Position) -> Mapping[tuple[str, str], Counts]:
    """Return what the practices of the second position had counted in the first; who was not there has the new counts.

    An indicator that one of the two does not have comes or goes with the rules, not with a practice.
    """
    old, new = set(before.rules.codes), set(after.rules.codes)
    found = {}
    for key in {**before.counts, **after.counts}:
        own, other = before.counts.get(key, NOTHING), after.counts.get(key, NOTHING)
        both = own.numerator is not None and other.numerator is not None
        found[key] = own if key[1] not in new or (both and key[1] in old) else other
    return found


def _line(code: str, before: Position, middle: Position, after: Position) -> Line:
    old, new = (position.reckoned.get(code) for position in (before, after))
    pounds = (old.value_gbp if old else None, new.value_gbp if new else None)
    values = [pounds[0], *_between(code, before, middle, after), pounds[1]]
    known = any(each is not None for each in values)
    return Line(
        code=code,
        change="withdrawn" if new is None else "new" if old is None else "",
        points=(old.points if old else None, new.points if new else None),
        pounds=pounds,
        parts=_steps(values) if known else None,
    )


def _between(code: str, before: Position, middle: Position, after: Position) -> Iterator[Decimal | None]:
    """Yield the pounds after each step but the last."""
    old, new = (_indicator(position.rules, code) for position in (before, after))
    if old is None:
        yield None
    else:
        stayed = middle.whole(old)
        yield _pounds(before.rules, old, stayed, adjustments(before.rules, old, stayed, before.list_size))
    if new is None:
        yield from (None,) * (len(STEPS) - 2)
        return
    rules, stayed, now = after.rules, middle.whole(new), after.whole(new)
    was = adjustments(rules, new, stayed, before.list_size)
    yield _pounds(rules, new, stayed, was)
    is_now = adjustments(rules, new, now, after.list_size)
    yield _pounds(rules, new, stayed, (is_now[0], was[1]))
    yield _pounds(rules, new, stayed, is_now)
    yield _pounds(rules, new, replace(now, numerator=stayed.numerator), is_now)


def _indicator(rules: Ruleset, code: str) -> Indicator | None:
    return next((indicator for indicator in rules.indicators if indicator.code == code), None)


def _pounds(
    rules: Ruleset, indicator: Indicator, counts: Counts, known: tuple[Fraction | None, Fraction | None]
) -> Decimal | None:
    # Half way an old numerator may stand over a smaller new denominator: all is done then, and nothing is wrong.
    return value(rules, points(indicator, counts), *applied(known))


def _steps(values: Sequence[Decimal | None]) -> tuple[Decimal, ...]:
    plain = [each or Decimal(0) for each in values]
    return tuple(later - earlier for earlier, later in pairwise(plain))
