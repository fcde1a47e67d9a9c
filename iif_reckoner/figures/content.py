"""What a workbook is made from: a ruleset, a PCN with its practices, and counts if there are any."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from iif_reckoner.model import National, Ruleset

Month = int
"""A month's place in the scheme year: April is 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Practice:
    """A practice of the PCN; None where nobody said."""

    code: str
    name: str = ""
    list_size: int | None = None
    weighted_list: float | None = None
    system: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """Everything that goes into a fresh workbook.

    `counts` are numerator and denominator by organisation, indicator and month, `baselines` those of the baseline;
    `last_year` the achievement at the end of the year before, `medians` England's median, by indicator.
    """

    ruleset: Ruleset
    assumed: Ruleset
    pcn_code: str = ""
    pcn_name: str = ""
    practices: tuple[Practice, ...] = ()
    counts: Mapping[tuple[str, str, Month], tuple[int | None, int | None]] = field(default_factory=dict)
    baselines: Mapping[tuple[str, str], tuple[int | None, int | None]] = field(default_factory=dict)
    last_year: Mapping[str, float] = field(default_factory=dict)
    medians: Mapping[str, float] = field(default_factory=dict)
    national: National | None = None
    lists_on: date | None = None
    macros: bool = True

    @property
    def months(self) -> tuple[str, ...]:
        """The names of the twelve months of the scheme year, such as `Apr 2026`."""
        first = int(self.ruleset.year[:4])
        return tuple(f"{date(first if month < 9 else first + 1, (month + 3) % 12 + 1, 1):%b %Y}" for month in range(12))
