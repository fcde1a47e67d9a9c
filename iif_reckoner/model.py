"""What a ruleset, a set of counts and a result are: frozen records, standard library only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Standing = Literal["primary", "secondary", "calculated", "recalled"]
Scoring = Literal["sliding", "single", "binary", "improvement", "better_of"]
Better = Literal["higher", "lower"]
Level = Literal["practice", "pcn"]
Season = Literal["flu", "back_loaded", "second_half", "even", "flat", "rate", "once"]
Status = Literal["Met", "Between", "Below", "No patients", "No data", "Not scored"]

STANDINGS: tuple[Standing, ...] = ("primary", "secondary", "calculated", "recalled")
"""How sure a number is, surest first."""

THRESHOLDS = (
    "lower_threshold",
    "upper_threshold",
    "reduction_lower_threshold",
    "reduction_upper_threshold",
)
"""The threshold fields of an indicator; the two `reduction_` ones belong to `better_of` alone."""


_BETWEEN = re.compile("[\\s_\u00ad\u2010-\u2015\u2212-]+")


def bare_code(code: str) -> str:
    """Return an indicator code without case, hyphens and spaces, to compare by; pages copied from have other hyphens.

    >>> bare_code(" can-04") == bare_code("CAN04") == bare_code("CAN\u201104")
    True
    """
    return _BETWEEN.sub("", code).casefold()


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """What an achievement is measured in.

    `scale` makes every threshold of the unit a whole number (80% on 10,000 is 8,000), `bounded` says that the
    numerator is a part of the denominator, `percent` that people read it as a percentage.
    """

    name: str
    scale: int
    bounded: bool
    percent: bool
    words: str


UNITS: Mapping[str, Unit] = {
    unit.name: unit
    for unit in (
        Unit(name="proportion", scale=10_000, bounded=True, percent=True, words="of the denominator"),
        Unit(name="percentage_points", scale=10_000, bounded=True, percent=True, words="percentage points gained"),
        Unit(name="per_bed", scale=10_000, bounded=False, percent=True, words="of beds; may pass 100%"),
        Unit(name="per_patient", scale=10_000, bounded=False, percent=False, words="per registered patient"),
        Unit(name="ratio", scale=10_000, bounded=False, percent=False, words="one count per another"),
        Unit(name="mean", scale=100, bounded=False, percent=False, words="average per resident"),
        Unit(name="kg_co2e", scale=100, bounded=False, percent=False, words="kg CO2e per inhaler"),
        Unit(name="practices", scale=1, bounded=True, percent=True, words="practices that have done it"),
    )
}
"""The closed list of units that a ruleset may use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A page or file that says what a number is, and how far it can be trusted."""

    key: str
    standing: Standing
    title: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """Where a number comes from: the keys of its sources, and whether it was worked out from them."""

    keys: tuple[str, ...]
    calculated: bool = False
    words: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The days that an indicator counts; without `start` it is the position at `end`."""

    start: date | None
    end: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Prevalence:
    """Whose prevalence adjusts the payment: `population` is `denominator` or the name of another population.

    `population` None is the cited statement that the indicator has no prevalence adjustment. `national` is the
    national prevalence as a fraction of registered patients, None where it is not known.
    """

    population: str | None
    national: Fraction | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Award:
    """What was credited in the end, where a year was decided otherwise than by its counts."""

    share: Fraction
    citation: Citation
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Indicator:
    """One indicator of one ruleset; None means that nobody knows.

    `season` is how its count grows through the year: our own reading of what it counts, no number of the scheme.
    """

    code: str
    name: str
    scoring: Scoring | None
    better: Better
    unit: Unit
    points: Fraction | None = None
    lower_threshold: Fraction | None = None
    upper_threshold: Fraction | None = None
    reduction_lower_threshold: Fraction | None = None
    reduction_upper_threshold: Fraction | None = None
    prevalence: Prevalence | None = None
    level: Level | None = None
    season: Season | None = None
    period: Period | None = None
    domain: str = ""
    area: str = ""
    numerator_counts: str = ""
    denominator_counts: str = ""
    excluded: tuple[str, ...] = ()
    personalised_care_adjustments: tuple[str, ...] = ()
    data_source: str = ""
    cqrs: str | None = None
    awarded: Award | None = None
    note: str = ""
    unknown: Mapping[str, str] = field(default_factory=dict)
    cite: Mapping[str, Citation] = field(default_factory=dict)
    assumed: frozenset[str] = frozenset()

    @property
    def needs_baseline(self) -> bool:
        """Whether the score compares with an earlier count."""
        return self.scoring in ("improvement", "better_of")

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields without which nothing can be scored."""
        match self.scoring:
            case None:
                return ("scoring", "points", "lower_threshold", "upper_threshold")
            case "binary":
                return ("points",)
            case "single":
                return ("points", "upper_threshold")
            case "better_of":
                return ("points", *THRESHOLDS)
            case _:
                return ("points", "lower_threshold", "upper_threshold")

    @property
    def missing(self) -> tuple[str, ...]:
        """The needed fields that nobody knows; empty when the indicator can be scored."""
        return tuple(name for name in self.needed if getattr(self, name) is None)


@dataclass(frozen=True, kw_only=True, slots=True)
class AverageList:
    """A national average PCN list size as an exact pair."""

    patients: int
    pcns: int
    on: date | None = None
    note: str = ""

    @property
    def size(self) -> Fraction:
        """Registered patients of the average PCN."""
        return Fraction(self.patients, self.pcns)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rounding:
    """Decimal places of points (None: not rounded) and of pounds."""

    points: int | None
    pounds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Fund:
    """A published sum of money for all England, to hold the points and the value of a point against."""

    what: str
    gbp_million: Fraction
    indicators: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True, kw_only=True, slots=True)
class Planning:
    """What the published sums assumed: the share of the points that is earned, and the number of PCNs."""

    share: Fraction
    pcns: int
    citation: Citation


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ruleset:
    """One version of the scheme, whole; None means that nobody knows. Compared by identity: each is read once.

    `paid_by` is the last day on which achievement is paid.
    """

    id: str
    year: str
    status: str
    start: date
    end: date
    summary: str
    supersedes: str | None
    assume_from: str | None
    point_value_gbp: Fraction | None
    points_total: Fraction | None
    points_unattributed: Fraction
    rounding: Rounding
    average_list_size: AverageList | None
    planning: Planning | None
    funds: tuple[Fund, ...]
    note: str
    cite: Mapping[str, Citation]
    sources: Mapping[str, Source]
    indicators: tuple[Indicator, ...]
    paid_by: date | None = None
    assumed: frozenset[str] = frozenset()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its indicators, in official order."""
        return tuple(indicator.code for indicator in self.indicators)

    def find(self, asked: str) -> Indicator | None:
        """Return the indicator of that code, however it is written: CAN-04, CAN04, can-04."""
        wanted = bare_code(asked)
        return next((indicator for indicator in self.indicators if bare_code(indicator.code) == wanted), None)

    @property
    def is_assumed(self) -> bool:
        """Whether any number was borrowed from an earlier year."""
        return bool(self.assumed) or any(indicator.assumed for indicator in self.indicators)

    def standing(self, citation: Citation | None) -> Standing | None:
        """Return how sure a cited number is: the surest of its sources, or `calculated`."""
        if citation is None:
            return None
        if citation.calculated:
            return "calculated"
        return min((self.sources[key].standing for key in citation.keys), key=STANDINGS.index)

    def weakest(self, citation: Citation | None) -> Standing | None:
        """Return what a number rests on: for a calculated one the least sure of its inputs."""
        if citation is None or not citation.calculated:
            return self.standing(citation)
        return max((self.sources[key].standing for key in citation.keys), key=STANDINGS.index)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What an organisation has counted for one indicator; None is blank. Whole numbers."""

    numerator: int | None
    denominator: int | None
    baseline_numerator: int | None = None
    baseline_denominator: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reckoning:
    """What a set of counts earns on one indicator.

    `achievement` is numerator over denominator; `points` are exact; pounds are rounded once; gaps are patients (for
    `binary`, practices). None is blank. `flags` are the reservations that belong beside the pounds.
    """

    code: str
    counts: Counts
    achievement: Fraction | None
    points: Fraction | None
    points_available: Fraction | None
    list_size_adjustment: Fraction
    prevalence_adjustment: Fraction
    value_gbp: Decimal | None
    value_available_gbp: Decimal | None
    awarded_gbp: Decimal | None
    gap_to_lower: int | None
    gap_to_upper: int | None
    status: Status
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PooledPrevalence:
    """A national prevalence as an exact pair: all denominators of an indicator over all registered patients."""

    denominator: int
    patients: int
    on: date | None = None
    source: str = ""

    @property
    def share(self) -> Fraction:
        """The prevalence as a fraction of registered patients."""
        return Fraction(self.denominator, self.patients)


@dataclass(frozen=True, kw_only=True, slots=True)
class National:
    """Figures of all England, worked out from published files: average list, prevalences, deciles of achievement.

    `source` says where the average list comes from; each pooled prevalence has its own.
    """

    ruleset: str
    average_list_size: AverageList
    pooled: Mapping[str, PooledPrevalence]
    deciles: Mapping[str, tuple[Fraction, ...]]
    source: str

    @property
    def prevalence(self) -> Mapping[str, Fraction]:
        """The national prevalence by indicator code, as a fraction of registered patients."""
        return {code: pooled.share for code, pooled in self.pooled.items()}
