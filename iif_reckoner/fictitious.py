"""A made-up PCN with twelve practices and a year of counts: the same figures every time, nobody's real ones."""

import hashlib
from dataclasses import dataclass

import pandas as pd

from iif_reckoner.model import Indicator, Ruleset
from iif_reckoner.scheme_year import written

PCN_CODE = "U99901"
PCN_NAME = "Ashwater and Fernhill PCN"

_PRACTICES = (
    ("Ashwater Surgery", 11_482, "EMIS"),
    ("Beacon Lane Medical Centre", 8_973, "EMIS"),
    ("Canal Street Practice", 6_410, "TPP"),
    ("Dovecote Health Centre", 13_250, "EMIS"),
    ("Elm Grove Surgery", 4_862, "TPP"),
    ("Fernhill Family Practice", 9_731, "EMIS"),
    ("Green Lane Surgery", 3_518, "TPP"),
    ("Harbour View Medical Centre", 7_204, "EMIS"),
    ("Ivy House Surgery", 5_397, "EMIS"),
    ("Jubilee Road Practice", 10_126, "TPP"),
    ("Kiln Court Surgery", 2_945, "EMIS"),
    ("Lower Meadow Health Centre", 6_688, "EMIS"),
)

_SHARES = {
    "VI-01": 0.18,
    "VI-02": 0.13,
    "VI-03": 0.022,
    "HI-01": 0.0054,
    "HI-03": 0.0054,
    "CVD-01": 0.06,
    "CVD-03": 0.05,
    "CVD-04": 0.004,
    "CVD-05": 0.02,
    "CVD-06": 0.014,
    "EHCH-01": 0.008,
    "EHCH-02": 0.007,
    "EHCH-03": 0.006,
    "EHCH-04": 0.007,
    "SMR-03": 0.015,
    "RESP-01": 0.06,
    "RESP-02": 0.055,
    "CAN-01": 0.006,
    "CAN-02": 0.006,
    "CAN-04": 0.0055,
    "ACC-07": 0.11,
    "ACC-08": 3.4,
    "ES-01": 0.2,
    "ES-02": 0.25,
}
"""Denominators as a share of the list, roughly as large as real ones; 2% where nothing is said."""

_WHOLE_LIST = ("registered", "list")


@dataclass(frozen=True, slots=True)
class FictitiousPcn:
    """The practices (`practice_code, practice_name, list_size, weighted_list, system`) and their membership."""

    code: str
    name: str
    practices: pd.DataFrame

    @property
    def members(self) -> pd.DataFrame:
        """The practices as a membership file lists them."""
        return self.practices[["practice_code", "practice_name", "system"]].assign(
            pcn_code=self.code, pcn_name=self.name
        )


def pcn(practices: int = 12) -> FictitiousPcn:
    """Return the made-up PCN, or a part of it.

    >>> pcn(2).practices["list_size"].tolist()
    [11482, 8973]
    """
    rows = [
        {
            "practice_code": f"X{99_001 + place}",
            "practice_name": name,
            "list_size": size,
            "weighted_list": round(size * (0.94 + 0.12 * _chance("weight", name))),
            "system": system,
        }
        for place, (name, size, system) in enumerate(_PRACTICES[:practices])
    ]
    return FictitiousPcn(PCN_CODE, PCN_NAME, pd.DataFrame(rows))


def counts(ruleset: Ruleset, months: int = 12, practices: int = 12) -> pd.DataFrame:
    """Return the position of every practice and indicator at the end of each of the first months of the year.

    Columns as the readers give them: `organisation_code, level, indicator, month, numerator, denominator,
    baseline_numerator, baseline_denominator`; cumulative, so a month never falls below the one before it.

    >>> from iif_reckoner.rulesets import load
    >>> counts(load("2025/26"), months=1)["numerator"].sum() > 0
    np.True_
    """
    made_up = pcn(practices)
    rows = []
    for indicator in ruleset.indicators:
        if indicator.level == "pcn":
            rows += _rows(indicator, ruleset, made_up.code, int(made_up.practices["list_size"].sum()), months)
            continue
        for practice in made_up.practices.itertuples():
            rows += _rows(indicator, ruleset, str(practice.practice_code), int(str(practice.list_size)), months)
    table = pd.DataFrame(rows)
    whole = ["numerator", "denominator", "baseline_numerator", "baseline_denominator"]
    return table.astype(dict.fromkeys(whole, "Int64"))


def _rows(
    indicator: Indicator, ruleset: Ruleset, code: str, list_size: int, months: int
) -> list[dict[str, str | int | None]]:
    level = "pcn" if code == PCN_CODE else "practice"
    return [
        {
            "organisation_code": code,
            "level": level,
            "indicator": indicator.code,
            "month": written(ruleset.year, month),
            **_counted(indicator, code, list_size, month),
        }
        for month in range(1, months + 1)
    ]


def _counted(indicator: Indicator, code: str, list_size: int, month: int) -> dict[str, int | None]:
    if indicator.scoring == "binary":
        done = month >= 3 + round(9 * _chance("done", indicator.code, code))
        return {"numerator": int(done), "denominator": 1, "baseline_numerator": None, "baseline_denominator": None}
    words = indicator.denominator_counts.casefold()
    whole_list = indicator.code not in _SHARES and any(word in words for word in _WHOLE_LIST)
    share = 1.0 if whole_list else _SHARES.get(indicator.code, 0.02)
    denominator = max(1, round(list_size * share * (0.85 + 0.3 * _chance("size", indicator.code, code))))
    if whole_list:
        denominator = list_size
    rate = _rate(indicator, code, month)
    if indicator.needs_baseline:
        before = 0.13 + 0.02 * _chance("before", code) if indicator.unit.bounded else _level(indicator) * 1.1
        base = round(list_size * before)
        after = (
            round(base + list_size * rate) if indicator.unit.bounded else round(list_size * _rate(indicator, code, 12))
        )
        return {
            "numerator": after,
            "denominator": list_size,
            "baseline_numerator": base,
            "baseline_denominator": list_size,
        }
    most = denominator if indicator.unit.bounded else denominator * 50
    numerator = min(most, round(denominator * rate))
    return {
        "numerator": numerator,
        "denominator": denominator,
        "baseline_numerator": None,
        "baseline_denominator": None,
    }


def _level(indicator: Indicator) -> float:
    """Return about where the upper threshold lies; 60% where nobody knows."""
    return float(indicator.upper_threshold) if indicator.upper_threshold is not None else 0.6


def _rate(indicator: Indicator, code: str, month: int) -> float:
    """Return how far a practice is by the end of a month: flu from September, registers steadily, the rest between."""
    upper = _level(indicator)
    lower = float(indicator.lower_threshold) if indicator.lower_threshold is not None else upper * 0.75
    at_year_end = upper + (upper - lower) * (0.5 - 1.5 * _chance("indicator", indicator.code)) * 0.8
    at_year_end += (upper - lower) * 1.2 * (_chance("practice", indicator.code, code) - 0.5)
    starts = indicator.period.start if indicator.period else None
    if indicator.better == "lower":
        return max(0.0, at_year_end)
    if starts is not None and starts.month == 9:
        done = 0.0 if month < 6 else min(1.0, ((month - 5) / 7) ** 0.45)
    elif indicator.code.startswith("ACC-08") or starts is None:
        done = 0.97 + 0.03 * month / 12
    else:
        done = (month / 12) ** (1.25 if indicator.code.startswith("HI") else 0.9)
    return max(0.0, at_year_end * done)


def _chance(*words: str) -> float:
    """Return a number from 0 to 1 that depends on the words alone, on every machine and for ever."""
    digest = hashlib.sha256("/".join(("fictitious", *words)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48
