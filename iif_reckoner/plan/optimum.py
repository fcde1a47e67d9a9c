"""The best use of limited hours: which patients to see, of which indicators, so that the PCN wins most.

Up to the lower threshold nothing is earned, from there to the upper each patient brings the same, beyond nothing more;
some indicators pay all or nothing. So the best plan is a small problem in whole numbers, which HiGHS solves to the end;
working down a list by pounds per hour would not always find it. Best is by pounds before they are rounded to pennies.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import floor, lcm

from iif_reckoner.errors import InputError
from iif_reckoner.model import Counts, Indicator, Reckoning
from iif_reckoner.plan.position import Position
from iif_reckoner.plan.priorities import ALL_OR_NOTHING
from iif_reckoner.plan.shares import apportion
from iif_reckoner.reckon import routes

ZERO = Fraction(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What the best plan does for one indicator: patients in all and by practice, the hours, and what that wins."""

    indicator: Indicator
    patients: int
    shares: Mapping[str, int]
    hours: Fraction
    before: Reckoning
    after: Reckoning

    @property
    def wins(self) -> Decimal:
        """The pounds that these patients bring, as the scheme reckons them."""
        return (self.after.value_gbp or Decimal(0)) - (self.before.value_gbp or Decimal(0))


@dataclass(frozen=True, kw_only=True, slots=True)
class Optimum:
    """The best plan for so many hours, in official order; `without` are indicators that have no minutes per patient."""

    hours: Fraction
    steps: tuple[Step, ...]
    without: tuple[str, ...]

    @property
    def wins(self) -> Decimal:
        """The pounds that the plan brings."""
        return sum((step.wins for step in self.steps), Decimal(0))

    @property
    def needs(self) -> Fraction:
        """The hours that it takes."""
        return sum((step.hours for step in self.steps), ZERO)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """The share of the points that so many more patients earn on one route: `slope` times patients, plus `start`."""

    slope: Fraction
    start: Fraction


@dataclass(frozen=True, kw_only=True, slots=True)
class Chance:
    """What can be won of an indicator: up to `most` patients, `worth` pounds for all its points, minutes for each.

    The share of the points is that of the best of its lines, from 0 to 1; without lines it is 1 at `most` patients, and
    0 before.
    """

    indicator: Indicator
    most: int
    worth: Fraction
    minutes: Fraction
    lines: tuple[Line, ...]


def best(position: Position, minutes: Mapping[str, Fraction], hours: Fraction) -> Optimum:
    """Return the plan that wins most within so many hours; `minutes` for one patient are by indicator.

    Raises:
        InputError: the hours are none, no indicator that can win has minutes, or scipy is not installed.
    """
    if hours <= 0:
        raise InputError(f"hours: {float(hours):g} leave nothing to plan; write more than 0")
    everything = list(_chances(position, minutes))
    chances = [chance for chance in everything if chance.minutes > 0]
    without = tuple(chance.indicator.code for chance in everything if chance.minutes <= 0)
    if everything and not chances:
        raise InputError("no indicator that can still win has minutes per patient; write them on the sheet Plan")
    patients = _solved(chances, hours) if chances else []
    shares = {
        chance.indicator.code: _shared(position, chance.indicator, number)
        for chance, number in zip(chances, patients, strict=True)
    }
    reckoned = _with(position, shares).reckoned
    steps = []
    for chance, number in zip(chances, patients, strict=True):
        code = chance.indicator.code
        step = Step(
            indicator=chance.indicator,
            patients=number,
            shares=shares[code],
            hours=number * chance.minutes / 60,
            before=position.reckoned[code],
            after=reckoned[code],
        )
        # What is left of the hours may have gone into patients below a lower threshold, who bring nothing.
        if step.wins > 0:
            steps.append(step)
    found = Optimum(hours=hours, steps=tuple(steps), without=without)
    if found.needs > hours:
        raise AssertionError(f"the plan needs {found.needs} hours, more than the {hours} there are")
    return found


def _chances(position: Position, minutes: Mapping[str, Fraction]) -> Iterator[Chance]:
    """Yield the indicators that can still win, with what there is to know of each."""
    for indicator in position.rules.indicators:
        row, whole = position.reckoned[indicator.code], position.whole(indicator)
        price = position.rules.point_value_gbp
        if row.status not in ("Below", "Between") or price is None or indicator.points is None or not whole.denominator:
            continue
        room = sum(_rooms(position, indicator).values())
        most = room if row.gap_to_upper is None else min(room, row.gap_to_upper)
        if indicator.scoring in ALL_OR_NOTHING and (row.gap_to_upper is None or most < row.gap_to_upper):
            continue
        if most > 0:
            yield Chance(
                indicator=indicator,
                most=most,
                worth=indicator.points * price * row.list_size_adjustment * row.prevalence_adjustment,
                minutes=minutes.get(indicator.code, ZERO),
                lines=() if indicator.scoring in ALL_OR_NOTHING else tuple(_lines(indicator, whole)),
            )


def _lines(indicator: Indicator, whole: Counts) -> Iterator[Line]:
    """Yield the lines of an indicator that pays by degrees, one for each of its routes."""
    sign = 1 if indicator.better == "higher" else -1
    achieved = Fraction(whole.numerator or 0, whole.denominator or 1)
    for route in routes(indicator, whole):
        if route.lower is not None and route.upper is not None:
            way = route.upper - route.lower
            yield Line(slope=sign / (way * (whole.denominator or 1)), start=(achieved - route.lower) / way)


def _solved(chances: Sequence[Chance], hours: Fraction) -> list[int]:
    """Return the patients of each chance in the best plan."""
    try:
        import numpy as np  # noqa: PLC0415
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
        from scipy.sparse import coo_array  # noqa: PLC0415
    except ImportError:
        raise InputError("the best plan needs scipy; install it with `pip install iif-reckoner[plan]`") from None
    model = _Model()
    for chance in chances:
        model.add(chance)
    # Whole minutes, so that the sum is compared exactly.
    scale = lcm(*(chance.minutes.denominator for chance in chances))
    budget = {column: int(chance.minutes * scale) for column, chance in zip(model.patients, chances, strict=True)}
    model.at_most(budget, floor(hours * 60 * scale))
    at = [(row, column) for row, terms in enumerate(model.rows) for column in terms]
    values = np.array([float(value) for terms in model.rows for value in terms.values()])
    places = tuple(np.array(side) for side in zip(*at, strict=True))
    matrix: coo_array = coo_array((values, places), shape=(len(model.rows), len(model.gain)))
    found = milp(
        -np.array(model.gain),
        integrality=np.array(model.whole),
        bounds=Bounds(np.zeros(len(model.gain)), np.array(model.upper)),
        constraints=LinearConstraint(matrix.tocsr(), -np.inf, np.array(model.limits)),
        options={"mip_rel_gap": 0},
    )
    if not found.success:
        raise AssertionError(f"the solver found no plan: {found.message}")
    return [round(found.x[column]) for column in model.patients]


class _Model:
    """The problem as the solver takes it: columns with their gain, bound and kind; rows that are at most a limit."""

    def __init__(self) -> None:
        self.gain: list[float] = []
        self.upper: list[float] = []
        self.whole: list[int] = []
        self.rows: list[dict[int, Fraction | int]] = []
        self.limits: list[float] = []
        self.patients: list[int] = []

    def column(self, upper: int, gain: Fraction = ZERO, *, whole: bool = True) -> int:
        """Add a column from 0 to a bound and return its number."""
        self.gain.append(float(gain))
        self.upper.append(float(upper))
        self.whole.append(int(whole))
        return len(self.gain) - 1

    def at_most(self, terms: Mapping[int, Fraction | int], limit: Fraction | int) -> None:
        """Add a row."""
        self.rows.append(dict(terms))
        self.limits.append(float(limit))

    def add(self, chance: Chance) -> None:
        """Add the patients of a chance and what they win."""
        patients = self.column(chance.most)
        self.patients.append(patients)
        if not chance.lines:
            done = self.column(1, chance.worth)
            self.at_most({done: chance.most, patients: -1}, 0)
            return
        taken = []
        for line in chance.lines:
            share = self.column(1, chance.worth, whole=False)
            route = self.column(1)
            taken.append(route)
            self.at_most({share: 1, route: -1}, 0)
            # On the line once the route is taken; a dead zone, where it starts below 0, keeps it from being taken.
            if line.start < 0:
                self.at_most({share: 1, patients: -line.slope, route: -line.start}, 0)
            else:
                self.at_most({share: 1, patients: -line.slope}, line.start)
        self.at_most(dict.fromkeys(taken, 1), 1)


def _rooms(position: Position, indicator: Indicator) -> dict[str, int]:
    """Return how many patients more, or fewer where lower is better, each organisation that counts can have."""
    counted = {
        who: counts
        for (who, code), counts in position.counts.items()
        if code == indicator.code and counts.numerator is not None
    }
    if indicator.needs_baseline:
        complete = {who: counts for who, counts in counted.items() if counts.baseline_denominator is not None}
        counted = complete or counted
    return {who: _room(indicator, counts) for who, counts in counted.items()}


def _room(indicator: Indicator, counts: Counts) -> int:
    numerator, denominator = counts.numerator or 0, counts.denominator or 0
    if indicator.better == "lower" and indicator.scoring != "binary":
        return numerator
    # A ratio has no end; what it needs is a small part of this.
    return denominator - numerator if indicator.unit.bounded else 10**6 * denominator


def _shared(position: Position, indicator: Indicator, patients: int) -> dict[str, int]:
    """Return the patients by organisation, by the room that each has; whole ones that add up."""
    rooms = _rooms(position, indicator)
    if not any(rooms.values()):
        return {}
    return dict(zip(rooms, apportion(patients, list(rooms.values())), strict=True))


def _with(position: Position, shares: Mapping[str, Mapping[str, int]]) -> Position:
    """Return the position once these patients are seen, by indicator and organisation."""
    counts = dict(position.counts)
    for indicator in position.rules.indicators:
        sign = -1 if indicator.better == "lower" and indicator.scoring != "binary" else 1
        for who, patients in shares.get(indicator.code, {}).items():
            own = counts[who, indicator.code]
            counts[who, indicator.code] = replace(own, numerator=(own.numerator or 0) + sign * patients)
    return replace(position, counts=counts)
