"""What a PCN would earn if something were otherwise: its list, the value of a point, its counts, its practices."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from iif_reckoner.errors import InputError
from iif_reckoner.exact import half_up
from iif_reckoner.model import Counts, Indicator, Reckoning
from iif_reckoner.plan.position import Position
from iif_reckoner.reckon import reckon

LISTS_NEEDED = "A practice that joins needs the list of every other practice."
"""What the sheet and the command say where the rates of the PCN cannot be worked out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Supposed:
    """What is otherwise; None, or not there, where it is as it is.

    `leaves` is the code of a practice whose counts and list are taken out. `joins` is the list of one that comes: it
    counts what the PCN counts per registered patient, rounded to whole patients; where practices are counted instead,
    it is one that has not done it yet. `counts` are numerator and denominator of the whole PCN, either of them None
    to leave it, `prevalence` the adjustment, both by indicator; they come last, as does `list_size`.
    """

    list_size: int | None = None
    point_value: Fraction | None = None
    counts: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    prevalence: Mapping[str, Fraction] = field(default_factory=dict)
    leaves: str | None = None
    joins: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One indicator as it is and as it would be."""

    real: Reckoning
    then: Reckoning

    @property
    def gain(self) -> Decimal | None:
        """The pounds that it would bring more, None where there are none either way."""
        if self.real.value_gbp is None and self.then.value_gbp is None:
            return None
        return (self.then.value_gbp or Decimal(0)) - (self.real.value_gbp or Decimal(0))


def what_if(position: Position, supposed: Supposed) -> tuple[Line, ...]:
    """Return each indicator as it is and as it would be, in official order.

    Raises:
        InputError: a numerator would be larger than its denominator, or a practice joins a PCN of unknown list.
    """
    rest = without(position, supposed.leaves)
    listed = rest.list_size
    if supposed.joins and listed is None:
        raise InputError(f"{LISTS_NEEDED[:-1]}; write it on Practices")
    size = supposed.list_size or (listed and listed + (supposed.joins or 0))
    rules = rest.rules
    if supposed.point_value is not None:
        rules = replace(rules, point_value_gbp=supposed.point_value)
    found = []
    for indicator in rest.rules.indicators:
        counts = _typed(_joined(indicator, rest, supposed.joins), supposed.counts.get(indicator.code, (None, None)))
        then = reckon(
            rules, indicator, counts, list_size=size, prevalence=supposed.prevalence.get(indicator.code)
        )  # fmt: skip
        found.append(Line(real=position.reckoned[indicator.code], then=then))
    return tuple(found)


def without(position: Position, practice: str | None) -> Position:
    """Return the position of a PCN that one practice has left, with its list and all that it has counted."""
    if practice is None:
        return position
    return replace(
        position,
        members=tuple(member for member in position.members if member.code != practice),
        counts={key: counts for key, counts in position.counts.items() if key[0] != practice},
    )


def _joined(indicator: Indicator, rest: Position, size: int | None) -> Counts:
    counts, listed = rest.whole(indicator), rest.list_size
    if not size or not listed:
        return counts
    if indicator.scoring == "binary":
        more = 0 if counts.denominator is None or indicator.level == "pcn" else 1
        return replace(counts, denominator=None if counts.denominator is None else counts.denominator + more)

    def grown(count: int | None) -> int | None:
        return None if count is None else count + int(half_up(Fraction(count * size, listed), 0))

    return Counts(
        numerator=grown(counts.numerator),
        denominator=grown(counts.denominator),
        baseline_numerator=grown(counts.baseline_numerator),
        baseline_denominator=grown(counts.baseline_denominator),
    )


def _typed(counts: Counts, typed: tuple[int | None, int | None]) -> Counts:
    numerator, denominator = typed
    return replace(
        counts,
        numerator=counts.numerator if numerator is None else numerator,
        denominator=counts.denominator if denominator is None else denominator,
    )
