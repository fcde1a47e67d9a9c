"""From practices to PCNs and to all England: sums, weak links, and how the PCNs are spread over the thresholds."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from iif_reckoner import model
from iif_reckoner.table.columns import COUNTS

_KEYS = ["pcn_code", "indicator", "month"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PcnCounts:
    """The counts of PCNs and of their practices, and what could not be placed.

    `pcns` and `practices` have the columns of counts with `pcn_code` and `pcn_name`; `practices` also `practice_code`.
    The three lists name practices: counted but in no PCN, in a PCN but not counted, and with a half of their figures
    blank (such a row is left out of its PCN's sum, since half a figure would bend it).
    """

    pcns: pd.DataFrame
    practices: pd.DataFrame
    not_in_a_pcn: tuple[str, ...]
    not_counted: tuple[str, ...]
    half_blank: tuple[str, ...]


def by_pcn(ruleset: model.Ruleset, counts: pd.DataFrame, members: pd.DataFrame) -> PcnCounts:
    """Return the sums of each PCN's practices, indicator by indicator.

    Args:
        ruleset: says which indicators are only ever counted for the whole PCN.
        counts: rows as the readers give them, all of one month: `organisation_code`, `level`, `indicator`, `month` and
            the columns of `COUNTS`.
        members: `practice_code`, `pcn_code`, `pcn_name`, one row per practice.

    A PCN's achievement is the sum of its practices' numerators over the sum of their denominators, not a mean of rates.
    """
    of_practices = counts[counts["level"] == "practice"].rename(columns={"organisation_code": "practice_code"})
    placed = of_practices.merge(
        members[["practice_code", "pcn_code", "pcn_name"]], on="practice_code", how="left", validate="many_to_one"
    )
    stray = placed["pcn_code"].isna()
    practices = placed[~stray]
    half = practices["numerator"].isna() != practices["denominator"].isna()
    whole = practices[~half]
    # min_count=1 keeps a sum of blanks blank.
    sums = whole.groupby(_KEYS, observed=True, sort=False)[list(COUNTS)].sum(min_count=1).reset_index()
    own = counts[counts["level"] == "pcn"].rename(columns={"organisation_code": "pcn_code"})
    whole_pcn = {indicator.code for indicator in ruleset.indicators if indicator.level == "pcn"}
    own = own[own["indicator"].isin(whole_pcn)]
    pcns = pd.concat([sums, own[[*_KEYS, *COUNTS]]], ignore_index=True) if len(own) else sums
    names = members.drop_duplicates("pcn_code").set_index("pcn_code")["pcn_name"]
    pcns["pcn_name"] = pcns["pcn_code"].map(names).fillna("")
    absent = members.loc[~members["practice_code"].isin(of_practices["practice_code"]), "practice_code"]
    return PcnCounts(
        pcns=in_order(ruleset, pcns, "pcn_code"),
        practices=in_order(ruleset, practices, "pcn_code", "practice_code"),
        not_in_a_pcn=tuple(sorted(placed.loc[stray, "practice_code"].unique())),
        not_counted=tuple(sorted(absent)),
        half_blank=tuple(sorted(practices.loc[half, "practice_code"].unique())),
    )


def in_order(ruleset: model.Ruleset, table: pd.DataFrame, *codes: str) -> pd.DataFrame:
    """Return a table sorted by organisation and by the official order of the indicators."""
    place = {code: position for position, code in enumerate(ruleset.codes)}
    keyed = table.assign(_place=table["indicator"].map(place).astype(int))
    return keyed.sort_values([*codes, "_place"], kind="stable", ignore_index=True).drop(columns="_place")


def pcn_lists(members: pd.DataFrame, list_sizes: pd.DataFrame) -> "tuple[pd.Series[int], tuple[str, ...]]":
    """Return the registered patients of each PCN, and the practices of a PCN that have no list size.

    The list of a PCN is the sum of its practices'; it is registered patients, not weighted.
    """
    merged = members.merge(list_sizes[["practice_code", "list_size"]], on="practice_code", how="left")
    missing = tuple(sorted(merged.loc[merged["list_size"].isna(), "practice_code"]))
    lists = merged.dropna(subset=["list_size"]).groupby("pcn_code")["list_size"].sum().astype("int64")
    return lists, missing


def weak_links(practices: pd.DataFrame, pcns: pd.DataFrame) -> pd.DataFrame:
    """Return the practices of each PCN that is short of an upper threshold, and which of them are there already.

    Args:
        practices: reckoned by `reckon_table`, with `pcn_code` and `practice_code`.
        pcns: reckoned by `reckon_table`, with `pcn_code`.

    Returns:
        One row per practice of a short PCN and indicator: `pcn_code, indicator, practice_code, achievement,
        there, gap_to_upper`; `there` says that the practice alone reaches the upper threshold, `gap_to_upper`
        how many patients it needs to get there itself.
    """
    short = pcns.loc[pcns["status"].isin(["Below", "Between"]), ["pcn_code", "indicator"]]
    found = practices.merge(short, on=["pcn_code", "indicator"])
    found = found[found["achievement"].notna()]
    there = (found["gap_to_upper"] == 0).fillna(value=False).astype(bool)
    columns = ["pcn_code", "indicator", "practice_code", "achievement", "there", "gap_to_upper"]
    return found.assign(there=there)[columns].reset_index(drop=True)


def england(ruleset: model.Ruleset, pcns: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return how all PCNs are spread over the thresholds, one row per indicator that was counted.

    Columns: `indicator`; `pcns` that were counted; `below` the lower threshold or just at it, `between`, `at_upper`;
    `short` of the upper; `weak_link_pcns`, the short ones of which at least one practice is already there; `points` and
    `value_gbp` of all of them together.
    """
    counted = pcns[pcns["achievement"].notna()]
    records = []
    for code in ruleset.codes:
        rows = counted[counted["indicator"] == code]
        if rows.empty:
            continue
        status = rows["status"].value_counts()
        weak = links[(links["indicator"] == code) & links["there"]]
        records.append(
            {
                "indicator": code,
                "pcns": len(rows),
                "below": int(status["Below"]),
                "between": int(status["Between"]),
                "at_upper": int(status["Met"]),
                "short": int(status["Below"] + status["Between"]),
                "weak_link_pcns": weak["pcn_code"].nunique(),
                "points": round(float(rows["points"].sum()), 2),
                "value_gbp": round(float(rows["value_gbp"].sum()), 2),
            }
        )
    return pd.DataFrame(records)


def deciles(achievements: "pd.Series[float]") -> tuple[Fraction, ...]:
    """Return the nine values below which a tenth, two tenths ... of the achievements lie, to four decimal places."""
    cuts = np.quantile(achievements.dropna().to_numpy(), np.arange(1, 10) / 10)
    return tuple(Fraction(round(float(cut), 4)).limit_denominator(10_000) for cut in cuts)
