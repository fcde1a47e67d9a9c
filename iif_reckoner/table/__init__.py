"""The sums of the scheme over a pandas table, for many organisations; equal to `reckon` to penny and patient."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from iif_reckoner import model
from iif_reckoner.errors import InputError, unknown
from iif_reckoner.table.columns import COUNTS, RESULTS, STATUSES, Out, read_inputs
from iif_reckoner.table.pcns import PcnCounts, absent, by_pcn, deciles, england, in_order, pcn_lists, weak_links
from iif_reckoner.table.sums import reckon_rows

__all__ = [
    "COUNTS",
    "RESULTS",
    "STATUSES",
    "PcnCounts",
    "absent",
    "by_pcn",
    "deciles",
    "england",
    "in_order",
    "pcn_lists",
    "reckon_table",
    "weak_links",
]

_CHUNK = 1 << 15
"""Rows worked on at a time: what is held of them fits the processor's cache."""


def reckon_table(
    ruleset: model.Ruleset, counts: pd.DataFrame, *, national: model.National | None = None
) -> pd.DataFrame:
    """Return the counts with what they earn beside them.

    Args:
        ruleset: the rules.
        counts: one row per organisation and indicator with columns `indicator` (official code), `numerator`,
            `denominator`, and where there are any `baseline_numerator`, `baseline_denominator`, `list_size` and
            `prevalence_adjustment`; whole numbers, blank where nothing was counted.
        national: figures of all England for both adjustments, in place of the ruleset's own.

    Returns:
        The same rows and index with the columns of `RESULTS`: `achievement` and `points` as floats, pounds rounded
        to the penny, gaps as whole numbers, `problem` a sentence where an input is impossible (its results are blank).

    Raises:
        UnknownNameError: an indicator that the ruleset does not have.
        InputError: a count below 0 or not whole, or a list size of 0.

    >>> from iif_reckoner.rulesets import load
    >>> rows = pd.DataFrame({"indicator": ["CAN-04", "HI-03"], "numerator": [143, 90], "denominator": [200, 100]})
    >>> reckon_table(load("2025/26"), rows)[["points", "value_gbp", "gap_to_upper", "status"]].values.tolist()
    [[9.533333333333333, 1887.6, 17, 'Between'], [36.0, 7128.0, 0, 'Met']]
    """
    order, starts = _grouped(ruleset, counts["indicator"])
    inputs = read_inputs(counts)
    if order is not None:
        inputs = inputs.rows(order)
    out = Out.for_rows(len(counts))
    for indicator, start, end in zip(ruleset.indicators, starts, starts[1:], strict=False):
        for first in range(start, end, _CHUNK):
            part = slice(first, min(end, first + _CHUNK))
            reckon_rows(ruleset, indicator, inputs.rows(part), out.rows(part), national)
    found = pd.DataFrame(out.columns(order, counts.index), index=counts.index, copy=False)
    return pd.concat([counts.drop(columns=found.columns, errors="ignore"), found], axis=1)


def _grouped(ruleset: model.Ruleset, codes: "pd.Series[Any]") -> tuple[npt.NDArray[np.int64] | None, list[int]]:
    """Return the order that brings the rows of an indicator together (None: they are), and where each starts."""
    categories = codes.astype("category").cat
    places = {code: place for place, code in enumerate(ruleset.codes)}
    absent = [code for code in categories.categories if code not in places]
    if absent:
        raise unknown("indicator", str(absent[0]), ruleset.codes, hint=f"{ruleset.id} has {len(places)}")
    if (categories.codes < 0).any():
        raise InputError("a row has no indicator; write its code, such as HI-03")
    lookup = np.array([places[code] for code in categories.categories], dtype=np.int16)
    which = lookup[categories.codes.to_numpy()] if len(codes) else np.zeros(0, dtype=np.int16)
    order = None
    if (which[1:] < which[:-1]).any():
        order = np.argsort(which, kind="stable")
        which = which[order]
    return order, np.searchsorted(which, np.arange(len(places) + 1)).tolist()
