"""Fair shares: a whole number of patients, or of pennies, split by weights so that the parts add up exactly."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm


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
