"""The columns of a table: counts on the way in as floats with NaN for blank, results on the way out."""

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from iif_reckoner import model
from iif_reckoner.errors import InputError

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

STATUSES: tuple[str, ...] = get_args(model.Status)
COUNTS = ("numerator", "denominator", "baseline_numerator", "baseline_denominator")
NUMBERS = ("achievement", "points", "points_available", "value_gbp", "value_available_gbp", "awarded_gbp")
GAPS = ("gap_to_lower", "gap_to_upper")
RESULTS = (*NUMBERS, *GAPS, "status", "problem")
"""The columns that `reckon_table` adds."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the sums need of some rows; NaN is blank. Counts are whole numbers, which a float holds exactly."""

    numerator: Floats
    denominator: Floats
    baseline_numerator: Floats
    baseline_denominator: Floats
    list_size: Floats
    prevalence_adjustment: Floats

    def rows(self, which: slice | Whole) -> "Inputs":
        """Return some of the rows."""
        columns = (getattr(self, name) for name in self.__slots__)
        # A column that is blank throughout is one cell stretched: copying it out would cost as much as a real one.
        return Inputs(*(_blank(column, which) if column.strides == (0,) else column[which] for column in columns))


def _blank(column: Floats, which: slice | Whole) -> Floats:
    return column[which] if isinstance(which, slice) else column[: len(which)]


def read_inputs(counts: pd.DataFrame) -> Inputs:
    """Return the columns of a table that the sums need; one that is not there is blank throughout.

    Raises:
        InputError: a count or list size is not a whole number from 0 up, a list size is 0, or a prevalence adjustment
            is not above 0.
    """
    inputs = Inputs(*(_floats(counts, name) for name in Inputs.__slots__))
    for name in (*COUNTS, "list_size"):
        if name in counts:
            _refuse_wrong(name, getattr(inputs, name), whole=counts[name].dtype.kind in "iu")
    if (inputs.list_size == 0).any():
        raise InputError("column list_size: 0 is no list; write the registered patients or leave it blank")
    _refuse_no_factor("prevalence_adjustment", inputs.prevalence_adjustment)
    return inputs


def _floats(counts: pd.DataFrame, name: str) -> Floats:
    if name not in counts:
        return np.broadcast_to(np.float64(np.nan), len(counts))
    try:
        return counts[name].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise InputError(f"column {name}: holds something that is not a number; write whole numbers") from None


def _refuse_wrong(name: str, values: Floats, *, whole: bool) -> None:
    wrong = values < 0
    if not whole:
        wrong |= np.isinf(values) | (np.floor(values) != values) & ~np.isnan(values)
    if wrong.any():
        raise InputError(f"column {name}: {values[wrong][0]:g} is not a whole number from 0 up; write one")


def _refuse_no_factor(name: str, values: Floats) -> None:
    wrong = (values <= 0) | np.isinf(values)
    if wrong.any():
        raise InputError(f"column {name}: {values[wrong][0]:g} is not a number above 0; write one or leave it blank")


@dataclass(frozen=True, slots=True)
class Out:
    """The columns of the result; NaN, a gap of -1 and a status of -1 are blank."""

    achievement: Floats
    points: Floats
    points_available: Floats
    value_gbp: Floats
    value_available_gbp: Floats
    awarded_gbp: Floats
    gap_to_lower: Whole
    gap_to_upper: Whole
    status: npt.NDArray[np.int8]
    problem: npt.NDArray[np.object_]

    @classmethod
    def for_rows(cls, rows: int) -> "Out":
        """Return room for so many rows."""
        return cls(
            **{name: np.empty(rows) for name in NUMBERS},
            gap_to_lower=np.empty(rows, dtype=np.int64),
            gap_to_upper=np.empty(rows, dtype=np.int64),
            status=np.empty(rows, dtype=np.int8),
            problem=np.full(rows, None, dtype=object),
        )

    def rows(self, which: slice) -> "Out":
        """Return some of the rows, to be written through."""
        return Out(*(getattr(self, name)[which] for name in RESULTS))

    def columns(self, order: Whole | None, index: "pd.Index[Any]") -> dict[str, Any]:
        """Return the columns as pandas shows them, each row put back in its place; `index` is that of the rows."""
        found: dict[str, Any] = {name: getattr(self, name) for name in RESULTS}
        if order is not None:
            for name in (*NUMBERS, *GAPS, "status"):
                found[name] = np.empty_like(getattr(self, name))
                found[name][order] = getattr(self, name)
            found["problem"] = np.full(len(order), None, dtype=object)
            (refused,) = np.nonzero(self.status < 0)
            found["problem"][order[refused]] = self.problem[refused]
        for name in GAPS:
            found[name] = pd.arrays.IntegerArray(found[name], found[name] < 0)
        # Pandas looks through a column whose kind it is not told.
        found["problem"] = pd.Series(found["problem"], index=index, dtype=object, copy=False)
        found["status"] = pd.Categorical.from_codes(found["status"], categories=pd.Index(STATUSES))
        return found
