"""The only door for numbers: text, cells and decimals become exact fractions; results are rounded here, once."""

import math
import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"\d+(\.0*)?", re.ASCII)

MOST = 10**12
"""No count, list size or amount of the scheme comes near this; larger figures are slips of the keyboard."""


def fraction(value: int | float | Decimal | Fraction | str) -> Fraction:
    """Return the number that a person sees, exactly.

    A binary float is read by its shortest decimal form, so a cell that shows 0.6 is three fifths.

    >>> fraction(0.6), fraction("1.20"), fraction(Decimal("0.034"))
    (Fraction(3, 5), Fraction(6, 5), Fraction(17, 500))
    >>> fraction("77%")
    Traceback (most recent call last):
    ValueError: not a number
    """
    if isinstance(value, bool):
        raise ValueError("not a number")
    if isinstance(value, float):
        return _of_float(value)
    if isinstance(value, str):
        text = value.strip()
        if not _DECIMAL.fullmatch(text):
            raise ValueError("not a number")
        return Fraction(text)
    return Fraction(value)


@lru_cache(maxsize=4096)
def _of_float(value: float) -> Fraction:
    if not math.isfinite(value):
        raise ValueError("not a number")
    return Fraction(repr(value))


def count(value: object) -> int | None:
    """Return a count of patients, practices or events: None for blank, else a whole number from 0 up.

    >>> count(56.0), count(" 56 "), count(""), count(None)
    (56, 56, None, None)
    >>> for wrong in ("1,234", 2.5, -1, True, "<5"):
    ...     try:
    ...         count(wrong)
    ...     except ValueError as error:
    ...         print(error)
    not a whole number
    not a whole number
    less than 0
    not a whole number
    not a whole number
    """
    # Nearly every cell is one of these two; the rest is looked at more closely.
    if type(value) is int and 0 <= value <= MOST:
        return value
    if type(value) is float and value.is_integer() and 0 <= value <= MOST:
        return int(value)
    return None if value is None or (isinstance(value, str) and not value.strip()) else _count(value)


def _count(value: object) -> int:
    if isinstance(value, str):
        text = value.strip()
        if not _WHOLE.fullmatch(text):
            raise ValueError("not a whole number")
        number = int(text.partition(".")[0])
    elif isinstance(value, int | float | Decimal | Fraction) and not isinstance(value, bool):
        try:
            number = int(value)
        except (ValueError, OverflowError):
            raise ValueError("not a whole number") from None
        if number != value:
            raise ValueError("not a whole number")
    else:
        raise ValueError("not a whole number")
    if number < 0:
        raise ValueError("less than 0")
    if number > MOST:
        raise ValueError("larger than any count can be")
    return number


def half_up(value: Fraction, places: int) -> Decimal:
    """Return the value rounded to so many decimal places, halves away from zero.

    >>> half_up(Fraction(2675, 1000), 2), half_up(Fraction(-5, 1000), 2), half_up(Fraction(5, 2), 0)
    (Decimal('2.68'), Decimal('-0.01'), Decimal('3'))
    """
    return product_half_up(places, value)


def product_half_up(places: int, *factors: Fraction) -> Decimal:
    """Return the product of some factors, rounded once, as `half_up` does.

    They are multiplied out in whole numbers, which is several times faster than reducing a fraction at each step.

    >>> product_half_up(2, Fraction(15, 2), Fraction(19835, 100))
    Decimal('1487.63')
    """
    top, bottom = 10**places, 1
    for factor in factors:
        numerator, denominator = factor.as_integer_ratio()
        top, bottom = top * numerator, bottom * denominator
    whole = (2 * abs(top) + bottom) // (2 * bottom)
    return Decimal(-whole if top < 0 else whole).scaleb(-places)


def significant(value: Fraction, digits: int = 12) -> float:
    """Return the value as a cell can hold it, rounded half up to so many significant digits.

    >>> significant(Fraction(1, 3)), significant(Fraction(1353, 100))
    (0.333333333333, 13.53)
    """
    top, bottom = abs(value.numerator), value.denominator
    if not top:
        return 0.0
    places = digits - 1 - math.floor(math.log10(top / bottom))
    up, down = int(10 ** max(places, 0)), int(10 ** max(-places, 0))
    rounded = (2 * top * up + bottom * down) // (2 * bottom * down) * down
    return (-rounded if value.numerator < 0 else rounded) / up
