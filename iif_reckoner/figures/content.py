"""What a workbook is made from: a ruleset, a PCN with its practices, and counts if there are any."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from iif_reckoner.model import National, Ruleset
from iif_reckoner.plan.split import DEFAULT_BLEND
from iif_reckoner.scheme_year import month_names

Month = int
"""A month's place in the scheme year: April is 1."""


Typed = str | int | float | None
"""What a person typed into a cell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Practice:
    """A practice of the PCN; None where nobody said. It counts from one day to another, where they are given.

    `hours` are what it can give to the work of the scheme in a month.
    """

    code: str
    name: str = ""
    list_size: int | None = None
    weighted_list: float | None = None
    system: str = ""
    lead: str = ""
    start: date | None = None
    end: date | None = None
    hours: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """What the sheet Plan holds of one indicator; `tier` is the manager's own, with who decided it and when."""

    tier: str = ""
    minutes: float | None = None
    decided_by: str = ""
    decided_on: date | None = None
    board_lead: str = ""
    practice_lead: str = ""
    helper: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """One row of the log: what, of which indicator and practice, who, by when and how far."""

    what: str
    indicator: str = ""
    practice: str = ""
    owner: str = ""
    due: date | None = None
    state: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pasted:
    """One row of the sheet Paste, as an extract gave it."""

    practice: Typed = None
    indicator: Typed = None
    measure: Typed = None
    value: Typed = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Switches:
    """The switches on Start, in the words of their lists."""

    month: str = "Newest"
    counting: str = "Cumulative"
    engine: str = "Automatic"
    assumed: str = "Yes"


def default_blend() -> dict[str, float]:
    """Return the parts of the methods of Split in its blend, until somebody types others."""
    return {key: float(part) for key, part in DEFAULT_BLEND.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sharing:
    """The switches on Practice gaps, in the words of their lists: what shares go by, and up to which threshold."""

    by: str = "Own gap"
    to: str = "Upper threshold"


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """What is typed on the sheet Compare.

    What if: `list_size`, `point_value`, the code of a practice that `leaves`, the list of one that `joins`, and by
    indicator `tried` numerator, denominator and prevalence adjustment. `months` are the earlier and the later month of
    the bridge, empty for the default. `official` are CQRS's numerators and denominators of the PCN, `evidence` what is
    said to a difference, by indicator.
    """

    list_size: Typed = None
    point_value: Typed = None
    leaves: str = ""
    joins: Typed = None
    tried: Mapping[str, tuple[Typed, Typed, Typed]] = field(default_factory=dict)
    months: tuple[str, str] = ("", "")
    official: Mapping[str, tuple[Typed, Typed]] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)

    def of(self, codes: Collection[str]) -> "Compared":
        """Return what is typed of these indicators."""
        return replace(
            self,
            tried={code: typed for code, typed in self.tried.items() if code in codes},
            official={code: pair for code, pair in self.official.items() if code in codes},
            evidence={code: words for code, words in self.evidence.items() if code in codes},
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """Everything that goes into a fresh workbook, or that was read from one.

    `counts` are numerator and denominator by organisation, indicator and month, `baselines` those of the baseline;
    `last_year` the achievement at the end of the year before, `medians` England's median, `planned` the sheet Plan, by
    indicator, `hours_left` the hours for all its work until the end of the year; `outside` is what was achieved outside
    the scheme; those that measured something else the year before are `not_comparable`. `overrides` is what was typed
    over the rules, by code (or `SCHEME`) and field; `costs` what Split takes off first, `blend` the parts of its
    methods in the blend and `minimum` what each practice has there; `aspiration` whether Cash pays a part up front, and
    which, `aspiration_amount` of how many pounds a year (None: what is won now). `pasted` are the rows of the sheet
    Paste, `pasted_month` the month they are of; `compared` is what was typed on Compare.
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
    not_comparable: frozenset[str] = frozenset()
    national: National | None = None
    lists_on: date | None = None
    planned: Mapping[str, Planned] = field(default_factory=dict)
    hours_left: float | None = None
    outside: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    overrides: Mapping[tuple[str, str], Typed] = field(default_factory=dict)
    switches: Switches = Switches()
    sharing: Sharing = Sharing()
    costs: float | None = None
    blend: Mapping[str, float] = field(default_factory=default_blend)
    minimum: float | None = None
    aspiration: tuple[str, float | None] = ("Off", None)
    aspiration_amount: float | None = None
    pasted: tuple[Pasted, ...] = ()
    pasted_month: str = ""
    compared: Compared = Compared()
    macros: bool = True

    @property
    def months(self) -> tuple[str, ...]:
        """The names of the twelve months of the scheme year, such as `Apr 2026`."""
        return month_names(self.ruleset.year)


_DAY_1 = date(1899, 12, 30)


def serial(day: date | None) -> int | None:
    """Return a day as the number by which a sheet holds it.

    >>> serial(date(2026, 4, 1))
    46113
    """
    return None if day is None else (day - _DAY_1).days
