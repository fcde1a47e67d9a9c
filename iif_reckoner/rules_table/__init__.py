"""A ruleset as the rows of a worksheet table, and back: what the workbook's Rules sheet holds and hands to Python.

One header row with the names of the fields, a row `SCHEME`, then a row per indicator. Thresholds are whole numbers on
the row's `scale`. A column `<field>_override` holds what the user typed instead, a column `<field>_assumed` an earlier
year's figure, used while `use_assumed` in the row `SCHEME` is yes.
"""

from iif_reckoner.rules_table.columns import (
    COLUMNS,
    MOST_PLACES_OF_POINTS,
    MOST_PLACES_OF_POUNDS,
    NO_PREVALENCE,
    OVERRIDABLE,
    SCHEME,
    SCHEME_OVERRIDABLE,
    Cell,
    Read,
    Row,
)
from iif_reckoner.rules_table.reading import from_rows
from iif_reckoner.rules_table.writing import to_rows

__all__ = [
    "COLUMNS",
    "MOST_PLACES_OF_POINTS",
    "MOST_PLACES_OF_POUNDS",
    "NO_PREVALENCE",
    "OVERRIDABLE",
    "SCHEME",
    "SCHEME_OVERRIDABLE",
    "Cell",
    "Read",
    "Row",
    "from_rows",
    "to_rows",
]
