"""Figures on their way into Counts: what each would change, and what stands in its way."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from iif_reckoner.desk.reading import BASELINE, CountsTable, Key
from iif_reckoner.desk.tables import Place
from iif_reckoner.figures.content import Typed
from iif_reckoner.model import Ruleset

Outcome = Literal["new", "same", "replaced", "kept"]
"""What becomes of a figure: `kept` is one that differs from what is typed, which stays."""


class Figure(NamedTuple):
    """One figure from a file: whose, under which heading of Counts, and where it was read."""

    key: Key
    heading: str
    value: int
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A figure with its cell, what stands there, and what becomes of it."""

    figure: Figure
    place: Place
    old: Typed
    outcome: Outcome


def held_against(counts: CountsTable, figures: Iterable[Figure], *, replace: bool) -> list[Change]:
    """Return what figures would change in Counts, in their order; each has a row there."""
    changes = []
    for figure in figures:
        cell = counts.figure(figure.key, figure.heading)
        old: Typed = None if cell is None else cell.value
        outcome: Outcome = "replaced" if replace else "kept"
        if old is None:
            outcome = "new"
        elif old == figure.value:
            outcome = "same"
        place = counts.table.address(counts.rows[figure.key], figure.heading)
        changes.append(Change(figure=figure, place=place, old=old, outcome=outcome))
    return changes


def to_type(changes: Iterable[Change]) -> dict[Place, Typed]:
    """Return the figures that go in, by cell."""
    return {change.place: change.figure.value for change in changes if change.outcome in ("new", "replaced")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Odd:
    """Figures that go in although they are odd: those that fell, and those with more done than there are."""

    fell: tuple[str, ...]
    over: tuple[str, ...]


def oddities(counts: CountsTable, changes: Iterable[Change], ruleset: Ruleset, *, in_month: bool) -> Odd:
    """Return what is odd about Counts once the changes are made, only where they change something."""
    new = {(change.figure.key, change.figure.heading): change.figure.value for change in changes
           if change.outcome in ("new", "replaced")}  # fmt: skip
    bounded = {row.code for row in ruleset.indicators if row.unit.bounded}

    def value(key: Key, heading: str) -> int | float | None:
        if (key, heading) in new:
            return new[key, heading]
        cell = counts.figure(key, heading)
        return cell.value if cell is not None and isinstance(cell.value, int | float) else None

    fell: list[str] = []
    over: list[str] = []
    for key in dict.fromkeys(key for key, _ in new):
        numerators = [value(key, counts.heading(month, "numerator")) for month in range(1, len(counts.months) + 1)]
        highest: float | None = None
        for month, number in enumerate(numerators, start=1):
            touched = (key, counts.heading(month, "numerator")) in new
            if number is not None and highest is not None and number < highest and not in_month:
                fell.append(f"{' '.join(key)} {counts.months[month - 1]}: {number:g}, but {highest:g} before")
            if number is not None:
                highest = number if highest is None else max(highest, number)
            if not touched and (key, counts.heading(month, "denominator")) not in new:
                continue
            pair = number, value(key, counts.heading(month, "denominator"))
            over += _over(key, counts.months[month - 1], pair, bounded)
        if any((key, heading) in new for heading in BASELINE):
            pair = value(key, BASELINE[0]), value(key, BASELINE[1])
            over += _over(key, "baseline", pair, bounded)
    return Odd(fell=tuple(fell), over=tuple(over))


def _over(key: Key, when: str, pair: tuple[float | None, float | None], bounded: Collection[str]) -> Iterator[str]:
    numerator, denominator = pair
    if key[1] in bounded and numerator is not None and denominator is not None and numerator > denominator:
        yield f"{' '.join(key)} {when}: {numerator:g} of {denominator:g}"
