"""The money between the practices: the pounds won, costs taken off first, divided by seven methods side by side.

All sums are in whole pennies. Weights are whole numbers: pennies, patients, hundredths of a weighted patient or of a
point; each method divides the pot by largest remainder, so that its parts add up to the penny.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from iif_reckoner.exact import half_up
from iif_reckoner.model import Counts, Indicator
from iif_reckoner.plan.position import Member, Position
from iif_reckoner.plan.shares import apportion
from iif_reckoner.reckon import points, reckon


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """A way to divide: its key for programs, its name, and in one line what it rewards."""

    key: str
    title: str
    rewards: str


METHODS = (
    Method(key="list", title="By list", rewards="How many patients a practice has registered."),
    Method(
        key="weighted",
        title="By weighted list",
        rewards="Patients weighted by need, as in the global sum: older and sicker patients count for more.",
    ),
    Method(key="equal", title="In equal parts", rewards="Taking part: each practice the same, however large it is."),
    Method(
        key="points",
        title="By points earned",
        rewards="Results: the points that each practice would earn alone, whatever its size.",
    ),
    Method(
        key="closed",
        title="By gap closed",
        rewards="Patients beyond the lower threshold: who carried each indicator. Counts of the whole PCN go by list.",
    ),
    Method(
        key="marginal",
        title="By difference made",
        rewards="What the PCN would lose without the practice, its counts and its list taken out.",
    ),
    Method(key="blend", title="Blend", rewards="The minimum for everyone, then the methods by the percentages above."),
)
"""The methods in the order of the sheet; the blend mixes those before it."""

MIXED = METHODS[:-1]
"""What the blend may be mixed of."""

DEFAULT_BLEND: Mapping[str, Fraction] = {"list": Fraction(1, 2), "points": Fraction(1, 2)}
"""The parts of the methods in the blend until somebody decides otherwise."""

MEASURED_ALONE = ("sliding", "single", "binary")
"""The ways of scoring in which a practice can be measured by its own counts; a change on a baseline cannot."""

NO_POUNDS = "No pounds won yet: fill in the counts first."
NO_PRACTICES = "No practices yet: fill in the sheet Practices first."
COSTS_WRONG = "Costs: write pounds from 0 up, such as 1500."
COSTS_TOO_HIGH = "Costs come to more than the pounds won: nothing is left to split."
NEEDS_LIST = "Left blank: it needs the registered list of every practice."
NEEDS_WEIGHTED = "Left blank: it needs the weighted list of every practice."
NO_POINTS = "Left blank: no practice has earned points by its own counts yet."
NO_GAP = "Left blank: no pounds have been won yet."
NO_DIFFERENCE = "Left blank: the PCN would win as much without any one practice."
PARTS_WRONG = "Left blank: write percentages from 0% to 100%."
PARTS_SUM = "Left blank: the percentages must add up to 100%."
PART_MISSING = "Left blank: it mixes in a method that is blank itself."
MINIMUM_WRONG = "Left blank: write the minimum as pounds from 0 up."
MINIMUM_TOO_HIGH = "Left blank: the minimum for every practice comes to more than there is to split."
"""What is said instead of pounds."""

_PENNIES = 100
_PARTS = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """What one method gives each practice, in pennies; None and a note in words where it cannot be worked out."""

    method: Method
    pennies: tuple[int, ...] | None
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """The money between the practices; `pot` is pennies, None where there is nothing yet. `note` says what is amiss."""

    members: tuple[Member, ...]
    pot: int | None
    note: str
    columns: tuple[Column, ...]


def split(
    position: Position,
    *,
    costs: Fraction = Fraction(0),
    minimum: Fraction = Fraction(0),
    blend: Mapping[str, Fraction] = DEFAULT_BLEND,
) -> Split:
    """Return the pounds won, less costs, divided between the practices by every method.

    `costs` and `minimum` are pounds from 0 up, the minimum for each practice in the blend alone; `blend` are the parts
    of the other methods in it, by key.
    """
    pot, note = _pot(position, pennies(costs))
    if pot is None or not position.members:
        words = NO_POUNDS if pot is None else NO_PRACTICES
        return Split(
            members=position.members,
            pot=pot,
            note=words,
            columns=tuple(Column(method=method, pennies=None, note=words) for method in METHODS),
        )
    columns = [_column(method, position, pot) for method in MIXED]
    columns.append(_blended(columns, pot, pennies(minimum), blend))
    return Split(members=position.members, pot=pot, note=note, columns=tuple(columns))


def pennies(pounds: Fraction | Decimal) -> int:
    """Return pounds as whole pennies.

    >>> pennies(Decimal("12.345")), pennies(Fraction(1, 3))
    (1235, 33)
    """
    return int(half_up(Fraction(pounds) * _PENNIES, 0))


def _pot(position: Position, costs: int) -> tuple[int | None, str]:
    if position.won is None:
        return None, NO_POUNDS
    left = pennies(position.won) - costs
    return max(0, left), COSTS_TOO_HIGH if left < 0 else ""


def _column(method: Method, position: Position, pot: int) -> Column:
    weights = _WEIGHTS[method.key](position)
    if isinstance(weights, str):
        return Column(method=method, pennies=None, note=weights)
    return Column(method=method, pennies=apportion(pot, weights))


def _blended(columns: Sequence[Column], pot: int, minimum: int, blend: Mapping[str, Fraction]) -> Column:
    """Return the minimum for everyone and the rest by the mix of the other columns' pounds."""
    parts = [int(half_up(blend.get(column.method.key, Fraction(0)) * _PARTS, 0)) for column in columns]
    used = [(part, column.pennies) for part, column in zip(parts, columns, strict=True) if part]
    note = ""
    everyone = max((len(column.pennies) for column in columns if column.pennies is not None), default=0)
    if any(part < 0 or part > _PARTS for part in parts):
        note = PARTS_WRONG
    elif sum(parts) != _PARTS:
        note = PARTS_SUM
    elif any(own is None for _, own in used):
        note = PART_MISSING
    elif minimum * everyone > pot:
        note = MINIMUM_TOO_HIGH
    if note:
        return Column(method=METHODS[-1], pennies=None, note=note)
    mixed = [
        int(half_up(Fraction(sum(part * own[place] for part, own in used if own), _PARTS), 0))
        for place in range(everyone)
    ]
    rest = apportion(pot - minimum * everyone, mixed)
    return Column(method=METHODS[-1], pennies=tuple(minimum + more for more in rest))


# Weights


def _by_list(position: Position) -> list[int] | str:
    if position.list_size is None:
        return NEEDS_LIST
    return [member.list_size or 0 for member in position.members]


def _by_weighted_list(position: Position) -> list[int] | str:
    """Return hundredths of weighted patients."""
    lists = [member.weighted_list for member in position.members]
    known = [size for size in lists if size is not None and size > 0]
    return NEEDS_WEIGHTED if len(known) < len(lists) else [int(half_up(size * 100, 0)) for size in known]


def _equally(position: Position) -> list[int]:
    return [1] * len(position.members)


def _by_points(position: Position) -> list[int] | str:
    """Return hundredths of points, each indicator rounded for itself."""
    weights = [
        sum(int(half_up(own * 100, 0)) for row in position.rules.indicators if (own := _alone(position, member, row)))
        for member in position.members
    ]
    return weights if any(weights) else NO_POINTS


def _alone(position: Position, member: Member, indicator: Indicator) -> Fraction | None:
    if indicator.scoring not in MEASURED_ALONE:
        return None
    return points(indicator, position.of(member.code, indicator))


def _by_gap_closed(position: Position) -> list[int] | str:
    """Return pennies: those won on each indicator go by how far each practice is beyond its lower threshold.

    By list goes what is counted for the whole PCN, done or not done, or a change on a baseline, and an indicator that
    no practice is beyond its threshold of.
    """
    weights = [Fraction(0)] * len(position.members)
    by_list = 0
    for indicator in position.rules.indicators:
        won = position.reckoned[indicator.code].value_gbp
        if not won:
            continue
        beyond = [_beyond(indicator, position.of(member.code, indicator)) for member in position.members]
        if any(beyond):
            weights = [
                weight + Fraction(pennies(won) * own) / sum(beyond) for weight, own in zip(weights, beyond, strict=True)
            ]
        else:
            by_list += pennies(won)
    if by_list:
        if position.list_size is None:
            return NEEDS_LIST
        weights = [
            weight + Fraction(by_list * (member.list_size or 0), position.list_size)
            for weight, member in zip(weights, position.members, strict=True)
        ]
    whole = [int(half_up(weight, 0)) for weight in weights]
    return whole if any(whole) else NO_GAP


def _beyond(indicator: Indicator, counts: Counts) -> Fraction:
    """Return by how many patients a practice is past the lower threshold, or past the only one."""
    threshold = indicator.lower_threshold if indicator.scoring == "sliding" else indicator.upper_threshold
    known = indicator.scoring in ("sliding", "single") and not indicator.missing
    if not known or threshold is None or counts.numerator is None or not counts.denominator:
        return Fraction(0)
    past = counts.numerator - threshold * counts.denominator
    return max(Fraction(0), past if indicator.better == "higher" else -past)


def _by_difference_made(position: Position) -> list[int] | str:
    """Return pennies: what the PCN wins, less what it would win without a practice."""
    if position.list_size is None:
        return NEEDS_LIST
    won = pennies(position.won or Decimal(0))
    weights = [max(0, won - pennies(without(position, member))) for member in position.members]
    return weights if any(weights) else NO_DIFFERENCE


def without(position: Position, member: Member) -> Decimal:
    """Return the pounds that the PCN would win without the counts and the list of a practice.

    A change on a baseline and what is counted for the whole PCN keep their points; the list goes there as well.
    """
    left = (position.list_size or 0) - (member.list_size or 0)
    total = Decimal(0)
    for indicator in position.rules.indicators:
        counts = position.whole(indicator)
        if indicator.scoring in MEASURED_ALONE:
            counts = _less(counts, position.of(member.code, indicator))
        total += reckon(position.rules, indicator, counts, list_size=left).value_gbp or Decimal(0)
    return total


def _less(counts: Counts, own: Counts) -> Counts:
    if counts.numerator is None or counts.denominator is None or own.numerator is None or own.denominator is None:
        return counts
    return Counts(numerator=counts.numerator - own.numerator, denominator=counts.denominator - own.denominator)


_WEIGHTS: Mapping[str, Callable[[Position], list[int] | str]] = {
    "list": _by_list,
    "weighted": _by_weighted_list,
    "equal": _equally,
    "points": _by_points,
    "closed": _by_gap_closed,
    "marginal": _by_difference_made,
}
