"""From practices to PCNs and to all England: sums, weak links, and how the PCNs are spread over the thresholds."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from iif_reckoner import model
from iif_reckoner.plan.weak_links import is_there
from iif_reckoner.table.columns import COUNTS

_KEYS = ["pcn_code", "indicator", "month"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PcnCounts:
    """The counts of PCNs and of their practices, and what could not be placed or added.

    `pcns` and `practices` have the columns of counts with `pcn_code` and `pcn_name`; `practices` also `practice_code`,
    and `pcns` how many `practices` the PCN has and how many are `practices_counted` in the sum (blank where figures
    are the PCN's own). `added` are the rows of practices (`pcn_code`, `indicator`, `practice_code`) that were added.

    The other four name practices: counted but in no PCN, in a PCN but not counted, with a half of their figures or of
    their baseline blank, and with more in a numerator than in its denominator (a sentence each). Rows of the last two
    kinds are left out of their PCN's sum, which they would bend.
    """

    pcns: pd.DataFrame
    practices: pd.DataFrame
    added: pd.DataFrame
    not_in_a_pcn: tuple[str, ...]
    not_counted: tuple[str, ...]
    half_blank: tuple[str, ...]
    impossible: tuple[str, ...]


def by_pcn(ruleset: model.Ruleset, counts: pd.DataFrame, members: pd.DataFrame) -> PcnCounts:
    """Return the sums of each PCN's practices, indicator by indicator.

    Args:
        ruleset: says which indicators are only ever counted for the whole PCN, and which need a baseline.
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
    wrong, half = _impossible(ruleset, practices), _half_blank(ruleset, practices)
    whole = practices[~half & ~wrong]
    there = whole["numerator"].notna()
    # min_count=1 keeps a sum of blanks blank.
    by_key = whole.assign(practices_counted=there.astype("Int64")).groupby(_KEYS, sort=False)
    sums = by_key[[*COUNTS, "practices_counted"]].sum(min_count=1).reset_index()
    sums["practices"] = sums["pcn_code"].map(members["pcn_code"].value_counts()).astype("Int64")
    own = counts[counts["level"] == "pcn"].rename(columns={"organisation_code": "pcn_code"})
    whole_pcn = {indicator.code for indicator in ruleset.indicators if indicator.level == "pcn"}
    own = own[own["indicator"].isin(whole_pcn)]
    own_wrong = _impossible(ruleset, own)
    problems = (*_worded(practices[wrong], "practice_code"), *_worded(own[own_wrong], "pcn_code"))
    own = own[~own_wrong]
    pcns = pd.concat([sums, own[[*_KEYS, *COUNTS]]])
    names = members.drop_duplicates("pcn_code").set_index("pcn_code")["pcn_name"]
    pcns["pcn_name"] = pcns["pcn_code"].map(names).fillna("")
    silent = members.loc[~members["practice_code"].isin(of_practices["practice_code"]), "practice_code"]
    return PcnCounts(
        pcns=in_order(ruleset, pcns, "pcn_code"),
        practices=in_order(ruleset, practices, "pcn_code", "practice_code"),
        added=whole.loc[there, ["pcn_code", "indicator", "practice_code"]],
        not_in_a_pcn=tuple(sorted(placed.loc[stray, "practice_code"].unique())),
        not_counted=tuple(sorted(silent)),
        half_blank=tuple(sorted(practices.loc[half, "practice_code"].unique())),
        impossible=problems,
    )


_PAIRS = (("numerator", "denominator"), ("baseline_numerator", "baseline_denominator"))


def _impossible(ruleset: model.Ruleset, rows: pd.DataFrame) -> "pd.Series[bool]":
    """Mark the rows whose numerator is larger than the denominator that it is a part of."""
    bounded = rows["indicator"].isin({row.code for row in ruleset.indicators if row.unit.bounded})
    found = pd.Series(data=False, index=rows.index)
    for part, whole in _PAIRS:
        found |= (rows[part] > rows[whole]).fillna(value=False)
    return found & bounded


def _worded(rows: pd.DataFrame, code: str) -> tuple[str, ...]:
    """Say of each impossible row whose it is and which figure is too large."""
    return tuple(
        f"{row[code]} {row['indicator']}: {part.replace('_', ' ')} {row[part]:,} is more than its denominator "
        f"{row[whole]:,}; check the two figures"
        for row in rows.to_dict("records")
        for part, whole in _PAIRS
        if pd.notna(row[part]) and pd.notna(row[whole]) and row[part] > row[whole]
    )


def _half_blank(ruleset: model.Ruleset, rows: pd.DataFrame) -> "pd.Series[bool]":
    """Mark the rows with half of what their PCN's sum needs: of the counts, of the baseline, or of the two.

    Where no practice of a PCN has a baseline yet, or none has counts, the sum is not bent and all rows stay.
    """
    blank = rows[list(COUNTS)].isna()
    half = blank["numerator"] != blank["denominator"]
    compared = rows["indicator"].isin({row.code for row in ruleset.indicators if row.needs_baseline})
    if not compared.any():
        return half
    half |= compared & (blank["baseline_numerator"] != blank["baseline_denominator"])
    both = pd.DataFrame({"counts": ~blank["numerator"] & ~half, "baseline": ~blank["baseline_numerator"] & ~half})
    somewhere = both.groupby([rows[name] for name in _KEYS]).transform("any")
    return half | compared & (both["counts"] != both["baseline"]) & somewhere["counts"] & somewhere["baseline"]


def absent(summed: PcnCounts, members: pd.DataFrame) -> pd.DataFrame:
    """Return the practices that a sum of their PCN does not count: `pcn_code`, `indicator`, `practice_code`."""
    lacking = (summed.pcns["practices_counted"] < summed.pcns["practices"]).fillna(value=False).astype(bool)
    wanted = summed.pcns.loc[lacking, ["pcn_code", "indicator"]]
    wanted = wanted.merge(members[["pcn_code", "practice_code"]].sort_values("practice_code"), on="pcn_code")
    there = pd.MultiIndex.from_frame(summed.added[["indicator", "practice_code"]])
    found = ~pd.MultiIndex.from_frame(wanted[["indicator", "practice_code"]]).isin(there)
    return wanted[found].reset_index(drop=True)


def in_order(ruleset: model.Ruleset, table: pd.DataFrame, *codes: str) -> pd.DataFrame:
    """Return a table sorted by organisation and by the official order of the indicators."""
    place = {code: position for position, code in enumerate(ruleset.codes)}
    keyed = table.assign(_place=table["indicator"].map(place).astype(int))
    return keyed.sort_values([*codes, "_place"], ignore_index=True).drop(columns="_place")


def pcn_lists(members: pd.DataFrame, list_sizes: pd.DataFrame) -> "tuple[pd.Series[int], tuple[str, ...]]":
    """Return the registered patients of each PCN, and the practices of a PCN that have no list size.

    The list of a PCN is the sum of its practices'; it is registered patients, not weighted. A PCN of which one practice
    has no list size is left out: a part of its list would make its payment too small.
    """
    merged = members.merge(list_sizes[["practice_code", "list_size"]], on="practice_code", how="left")
    unknown = merged["list_size"].isna()
    whole = merged[~merged["pcn_code"].isin(merged.loc[unknown, "pcn_code"])]
    lists = whole.groupby("pcn_code")["list_size"].sum().astype("int64")
    return lists, tuple(sorted(merged.loc[unknown, "practice_code"]))


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
    gaps = found["gap_to_upper"].astype(object).where(found["gap_to_upper"].notna(), None)
    there = [is_there(*practice) for practice in zip(found["achievement"], gaps, strict=True)]
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
    """Return the nine values below which a tenth, two tenths ... of the achievements lie, not rounded."""
    cuts = np.quantile(achievements.dropna().to_numpy(), np.arange(1, 10) / 10)
    return tuple(Fraction(float(cut)) for cut in cuts)
