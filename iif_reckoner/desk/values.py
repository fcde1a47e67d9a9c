"""What a cell may hold besides a figure, and what the formulas of a sheet make of it: text, errors, nothing."""

from collections.abc import Iterable
from fractions import Fraction

from iif_reckoner.exact import fraction
from iif_reckoner.package import Cell


class Fault(str):
    """An error such as `#N/A` that stands in a cell, or that a formula ends in."""

    __slots__ = ()


Value = Fault | str | int | float | bool | None
Number = int | float | Fault
"""What a formula gives that adds up: a number, or the error that came of it."""


Pair = tuple[Value, Value]
"""Numerator and denominator."""


def is_number(value: Value) -> bool:
    """Tell numbers from everything else, as ISNUMBER does."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_count(value: Value) -> bool:
    """Tell whether a value is a whole number from 0 up."""
    return is_whole(value) and isinstance(value, int | float) and value >= 0


def is_whole(value: Value) -> bool:
    """Tell whether a value is a number with nothing behind the point, and not too large to be one."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value % 1 == 0


def is_blank(value: Value) -> bool:
    """Tell whether a formula finds a cell equal to an empty text."""
    return value is None or value == ""


def fault_in(*values: Value) -> Fault | None:
    """Return the first error among values."""
    return next((value for value in values if isinstance(value, Fault)), None)


def total(values: Iterable[Value]) -> Number:
    """Return what SUM makes of values: numbers count, an error is the sum, all else is passed over.

    >>> total([1, "2", None, 3]), total([1, Fault("#N/A")])
    (4, '#N/A')
    """
    found: int | float = 0
    for value in values:
        if isinstance(value, Fault):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            found += value
    return found


def as_number(value: Value) -> Fraction | Fault:
    """Return what arithmetic makes of a value: text that is a number counts as one.

    >>> as_number("99999"), as_number("many")
    (Fraction(99999, 1), '#VALUE!')
    """
    if isinstance(value, Fault):
        return value
    try:
        return fraction(int(value) if isinstance(value, bool) else value or 0)
    except ValueError:
        return Fault("#VALUE!")


def alike(value: Value) -> str:
    """Return by what SUMIFS and COUNTIF compare a value: capital and small letters are the same.

    >>> alike("can-04") == alike("CAN-04"), alike(7) == alike(7.0)
    (True, True)
    """
    return f"{value:.15g}" if isinstance(value, int | float) else str(value or "").casefold()


def value_of(cell: Cell | None) -> Value:
    """Return what a cell holds; None where there is nothing."""
    if cell is None:
        return None
    return Fault(cell.value) if cell.kind == "error" else cell.value
