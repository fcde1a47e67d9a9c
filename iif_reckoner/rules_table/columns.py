"""The columns of the table, and what its cells may hold."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from iif_reckoner.model import THRESHOLDS

Cell = str | int | float | bool | None
Read = Cell | datetime
Row = Sequence[Read]

SCHEME = "SCHEME"
OVERRIDABLE = ("points", *THRESHOLDS)
SCHEME_OVERRIDABLE = ("point_value_gbp", "average_list_patients", "average_list_pcns")
NO_PREVALENCE = "none"
MOST_PLACES_OF_POINTS, MOST_PLACES_OF_POUNDS = 12, 4

COLUMNS = (
    "code",
    "name",
    "scoring",
    "better",
    "unit",
    "scale",
    *(f"{name}{suffix}" for name in OVERRIDABLE for suffix in ("", "_override", "_assumed")),
    "prevalence",
    "prevalence_patients",
    "prevalence_list",
    "level",
    "season",
    "awarded_share",
    "ruleset",
    "start",
    "end",
    *(f"{name}{suffix}" for name in SCHEME_OVERRIDABLE for suffix in ("", "_override", "_assumed")),
    "rounding_points",
    "rounding_pounds",
    "assume_from",
    "use_assumed",
)
"""The columns that the program reads; a sheet may have more."""


def plain(value: Fraction | None, scale: int = 1) -> int | float | None:
    """Return a number as a cell has it: whole where it is.

    >>> plain(Fraction(13, 20), 10000), plain(Fraction(1, 2))
    (6500, 0.5)
    """
    if value is None:
        return None
    scaled = value * scale
    return scaled.numerator if scaled.denominator == 1 else float(scaled)
