"""Tables of practices and counts, as the readers give them, turned into what a workbook holds."""

from typing import Any

import pandas as pd

from iif_reckoner.figures.content import Practice
from iif_reckoner.scheme_year import place_of

Pair = tuple[int | None, int | None]


def practices_of(table: pd.DataFrame) -> tuple[Practice, ...]:
    """Return the practices of a table with the columns of our practices CSV; blank is None."""
    return tuple(
        Practice(
            code=str(row["practice_code"]),
            name=str(row.get("practice_name") or ""),
            list_size=None if pd.isna(row.get("list_size")) else int(row["list_size"]),
            weighted_list=None if pd.isna(row.get("weighted_list")) else float(row["weighted_list"]),
            system=str(row.get("system") or ""),
            hours=None if pd.isna(row.get("hours")) else float(row["hours"]),
        )
        for row in table.to_dict("records")
    )


def counts_of(year: str, rows: pd.DataFrame) -> tuple[dict[tuple[str, str, int], Pair], dict[tuple[str, str], Pair]]:
    """Return counts by organisation, indicator and place of the month in the scheme year, and the baselines."""
    counts: dict[tuple[str, str, int], Pair] = {}
    baselines: dict[tuple[str, str], Pair] = {}
    for row in rows.to_dict("records"):
        who, what = str(row["organisation_code"]), str(row["indicator"])
        counts[who, what, place_of(year, str(row["month"]))] = _pair(row["numerator"], row["denominator"])
        base = _pair(row["baseline_numerator"], row["baseline_denominator"])
        if base != (None, None):
            baselines[who, what] = base
    return counts, baselines


def _pair(numerator: Any, denominator: Any) -> Pair:
    return _whole(numerator), _whole(denominator)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(str(value))
