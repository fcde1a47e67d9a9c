"""The content of the shipped workbooks: the made-up PCN filled to some month, or nothing but the rules."""

from typing import Any

import pandas as pd

from iif_reckoner import fictitious, rulesets
from iif_reckoner.figures.content import Content, Practice


def content(ruleset_id: str, months: int, *, practices: int = 12, macros: bool = True) -> Content:
    """Return the made-up PCN's workbook content with figures for the first `months` of the year.

    >>> content("2025-26.v1", 2, practices=3).counts["X99001", "HI-03", 2]
    (4, 68)
    """
    ruleset = rulesets.load(ruleset_id, assumed=False)
    pcn = fictitious.pcn(practices)
    counts, baselines = counts_of(ruleset.year, fictitious.counts(ruleset, months=max(months, 1), practices=practices))
    return Content(
        ruleset=ruleset,
        assumed=rulesets.load(ruleset_id),
        pcn_code=pcn.code,
        pcn_name=pcn.name,
        practices=practices_of(pcn.practices),
        counts=counts if months else {},
        baselines=baselines if months else {},
        macros=macros,
    )


def empty(ruleset_id: str, *, macros: bool = True) -> Content:
    """Return a workbook content that holds the rules and nothing else, ready to fill."""
    return Content(ruleset=rulesets.load(ruleset_id, assumed=False), assumed=rulesets.load(ruleset_id), macros=macros)


def practices_of(table: pd.DataFrame) -> tuple[Practice, ...]:
    """Return the practices of a table with the columns of our practices CSV; blank is None."""
    return tuple(
        Practice(
            code=str(row["practice_code"]),
            name=str(row.get("practice_name") or ""),
            list_size=None if pd.isna(row.get("list_size")) else int(row["list_size"]),
            weighted_list=None if pd.isna(row.get("weighted_list")) else float(row["weighted_list"]),
            system=str(row.get("system") or ""),
        )
        for row in table.to_dict("records")
    )


Pair = tuple[int | None, int | None]


def counts_of(year: str, rows: pd.DataFrame) -> tuple[dict[tuple[str, str, int], Pair], dict[tuple[str, str], Pair]]:
    """Return counts by organisation, indicator and place of the month in the scheme year, and the baselines."""
    first = int(year[:4])
    counts: dict[tuple[str, str, int], Pair] = {}
    baselines: dict[tuple[str, str], Pair] = {}
    for row in rows.to_dict("records"):
        calendar_year, month = (int(part) for part in str(row["month"]).split("-"))
        who, what = str(row["organisation_code"]), str(row["indicator"])
        counts[who, what, (calendar_year - first) * 12 + month - 3] = _pair(row["numerator"], row["denominator"])
        base = _pair(row["baseline_numerator"], row["baseline_denominator"])
        if base != (None, None):
            baselines[who, what] = base
    return counts, baselines


def _pair(numerator: Any, denominator: Any) -> Pair:
    return _whole(numerator), _whole(denominator)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(str(value))
