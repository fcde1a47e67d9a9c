"""Fair shares: a whole number of patients, or of pennies, split by weights so that the parts add up exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from iif_reckoner.exact import half_up
from iif_reckoner.model import Counts, Indicator
from iif_reckoner.plan.position import Member, Position
from iif_reckoner.reckon import Target

By = Literal["own gap", "list", "capacity", "equally"]
BY: tuple[By, ...] = ("own gap", "list", "capacity", "equally")
"""What the shares go by: the patients that each practice itself needs to the upper threshold, its registered list, the
hours that it can give, or nothing."""

TO: Mapping[Target, str] = {"upper": "upper threshold", "lower": "lower threshold"}
"""What the PCN needs the patients for."""

LACKS = {"list": "list", "capacity": "hours"}
"""What a practice must have where shares go by it."""

NO_OWN_GAP = "no own gap"
"""What is paid for a change on a baseline, or counted for the whole PCN only, is no practice's own gap."""

PARTS_OF_AN_HOUR = 100
"""Hours count to two places."""


def apportion(total: int, weights: Sequence[int | Fraction]) -> tuple[int, ...]:
    """Return a whole number in parts that are as near to the weights as whole numbers can be.

    Each part is first rounded down; what is left goes one by one to the largest remainders, and where those are equal
    to whoever stands first. A weight of 0 gets nothing. Where all weights are 0 nobody has more claim than another, and
    the parts are equal.

    >>> apportion(10, [1, 1, 1]), apportion(100, [Fraction(1, 2), Fraction(1, 3), 0]), apportion(3, [0, 0])
    ((4, 3, 3), (60, 40, 0), (2, 1))

    Raises:
        ValueError: the total or a weight is negative, or there is something to share and nobody to share it.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("neither the total nor a weight may be negative")
    if total and not weights:
        raise ValueError("there is nobody to share it")
    common = lcm(*(Fraction(weight).denominator for weight in weights))
    whole = [int(weight * common) for weight in weights]
    if not any(whole):
        whole = [1] * len(weights)
    parts, rests = zip(*(divmod(total * weight, sum(whole)) for weight in whole), strict=True) if whole else ((), ())
    left = total - sum(parts)
    # A sort keeps the order of equals, so the first of them comes first.
    up = set(sorted(range(len(rests)), key=lambda place: -rests[place])[:left])
    return tuple(part + (place in up) for place, part in enumerate(parts))


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """The patients that a practice takes on, None where it takes no part; `left` is how many it has left, if known."""

    member: Member
    patients: int | None
    left: int | None

    @property
    def is_too_many(self) -> bool:
        """Whether the share is more than the practice has left."""
        return self.patients is not None and self.left is not None and self.patients > self.left


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares:
    """The patients that the PCN needs on an indicator, shared out; `how` says by what, or what is not known."""

    indicator: Indicator
    patients: int
    how: str
    shares: tuple[Share, ...] = ()


def by_words(words: str) -> By:
    """Return what shares go by in the words of the switch, whatever their case; own gap where it says anything else.

    >>> by_words("Equally"), by_words("")
    ('equally', 'own gap')
    """
    return next((by for by in BY if by == words.strip().casefold()), "own gap")


def to_words(words: str) -> Target:
    """Return the threshold that the other switch names, the upper one where it says anything else.

    >>> to_words("Lower threshold"), to_words("")
    ('lower', 'upper')
    """
    return "lower" if words.strip().casefold() == TO["lower"] else "upper"


def weight(member: Member, by: By) -> int | None:
    """Return the weight of a practice, other than its own gap, as a whole number; None where it is not known.

    >>> weight(Member(code="A81001", hours=Fraction("7.5")), "capacity"), weight(Member(code="A81001"), "list")
    (750, None)
    """
    match by:
        case "list":
            return member.list_size or None
        case "capacity":
            known = member.hours is not None and member.hours >= 0
            return int(half_up(member.hours * PARTS_OF_AN_HOUR, 0)) if member.hours is not None and known else None
        case _:
            return 1


def lacking(position: Position, by: By) -> tuple[Member, ...]:
    """Return the practices of which it is not known what the shares go by."""
    return tuple(member for member in position.members if weight(member, by) is None)


def left(indicator: Indicator, own: Counts) -> int | None:
    """Return how many patients of a practice can still be done (or spared); None where there is no such limit."""
    if own.numerator is None or not own.denominator or not indicator.unit.bounded:
        return None
    return own.denominator - own.numerator if indicator.better == "higher" else own.numerator


def shares(position: Position, by: By = "own gap", to: Target = "upper") -> tuple[Shares, ...]:
    """Return the indicators on which the PCN still needs patients, in official order, each shared out.

    Practices with patients take part; where an indicator is counted for the whole PCN only, all do. Where practices
    have done a thing or not, it is for those to do that have not.
    """
    return tuple(
        _shared(position, indicator, patients, "own gap" if indicator.scoring == "binary" else by)
        for indicator in position.rules.indicators
        if (patients := _needed(position, indicator, to))
    )


def _needed(position: Position, indicator: Indicator, to: Target) -> int | None:
    now = position.reckoned[indicator.code]
    return now.gap_to_upper if to == "upper" else now.gap_to_lower


def _shared(position: Position, indicator: Indicator, patients: int, by: By) -> Shares:
    own = {member.code: position.of(member.code, indicator) for member in position.members}
    of_all = all(counts.numerator is None for counts in own.values())
    part = [member for member in position.members if of_all or own[member.code].denominator]
    if by == "own gap":
        weights = [position.alone(member.code, indicator).gap_to_upper or 0 for member in part]
    elif lacking(position, by):
        return Shares(indicator=indicator, patients=patients, how=f"no {LACKS[by]}")
    else:
        weights = [weight(member, by) or 0 for member in part]
    if not any(weights):
        return Shares(indicator=indicator, patients=patients, how=f"no {LACKS[by]}" if by in LACKS else NO_OWN_GAP)
    found = dict(zip((member.code for member in part), apportion(patients, weights), strict=True))
    return Shares(
        indicator=indicator,
        patients=patients,
        how=by,
        shares=tuple(
            Share(member=member, patients=found.get(member.code), left=left(indicator, own[member.code]))
            for member in position.members
        ),
    )
