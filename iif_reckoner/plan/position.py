"""Where a PCN stands at the end of a month: the rules in force, its practices, and what each of them has counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from iif_reckoner.model import Counts, Indicator, Reckoning, Ruleset
from iif_reckoner.reckon import reckon

NOTHING = Counts(numerator=None, denominator=None)
"""What an organisation has that has counted nothing."""

Pair = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A practice of the PCN; None where nobody said. Lists are patients, `hours` what it can give in a month."""

    code: str
    name: str = ""
    list_size: int | None = None
    weighted_list: Fraction | None = None
    hours: Fraction | None = None


@dataclass(frozen=True, kw_only=True)
class Position:
    """A PCN at the end of a month; `month` is its place in the scheme year, April is 1, 0 is before the first figure.

    `counts` are by organisation and indicator: of a practice, or of the PCN where an indicator is counted for the whole
    PCN only. They hold both numerator and denominator or neither, and both halves of a baseline or neither.
    """

    rules: Ruleset
    month: int
    members: tuple[Member, ...]
    counts: Mapping[tuple[str, str], Counts]

    @cached_property
    def list_size(self) -> int | None:
        """Registered patients of the PCN, None unless every practice has its list."""
        lists = [member.list_size for member in self.members]
        return sum(size for size in lists if size) if lists and all(lists) else None

    def of(self, who: str, indicator: Indicator) -> Counts:
        """Return what one organisation has counted of an indicator."""
        return self.counts.get((who, indicator.code), NOTHING)

    def whole(self, indicator: Indicator) -> Counts:
        """Return what the whole PCN has counted: the sums of all who have counted.

        Where a baseline is needed, those who have both are added up, unless there are none.
        """
        own = [counts for (_, code), counts in self.counts.items() if code == indicator.code]
        return added_up(indicator, own)

    @cached_property
    def reckoned(self) -> Mapping[str, Reckoning]:
        """What each indicator earns for the whole PCN, by code in official order."""
        return {
            indicator.code: reckon(self.rules, indicator, self.whole(indicator), list_size=self.list_size)
            for indicator in self.rules.indicators
        }

    def alone(self, who: str, indicator: Indicator) -> Reckoning:
        """Return where a practice stands alone; a change on a baseline is measured for the PCN only."""
        counts = self.of(who, indicator)
        bare = Counts(numerator=counts.numerator, denominator=counts.denominator)
        return reckon(self.rules, indicator, bare)

    @property
    def points(self) -> Fraction | None:
        """All points earned, None where no indicator has any to show."""
        earned = [row.points for row in self.reckoned.values() if row.points is not None]
        return sum(earned, Fraction(0)) if earned else None

    @property
    def won(self) -> Decimal | None:
        """All pounds won, None where no indicator has any to show."""
        won = [row.value_gbp for row in self.reckoned.values() if row.value_gbp is not None]
        return sum(won, Decimal(0)) if won else None


def added_up(indicator: Indicator, counts: Sequence[Counts]) -> Counts:
    """Return what organisations have counted of an indicator together."""
    rows = [(_pair(each.numerator, each.denominator), _base(indicator, each)) for each in counts]
    both = [row for row in rows if row[0] and row[1]]
    numerator, denominator = _sum([pair for pair, _ in both or rows])
    before, of = _sum([base for _, base in both or rows])
    return Counts(numerator=numerator, denominator=denominator, baseline_numerator=before, baseline_denominator=of)


def _base(indicator: Indicator, counts: Counts) -> Pair | None:
    return _pair(counts.baseline_numerator, counts.baseline_denominator) if indicator.needs_baseline else None


def _pair(numerator: int | None, denominator: int | None) -> Pair | None:
    return None if numerator is None or denominator is None else (numerator, denominator)


def _sum(pairs: Sequence[Pair | None]) -> tuple[int | None, int | None]:
    there = [pair for pair in pairs if pair is not None]
    return (sum(n for n, _ in there), sum(d for _, d in there)) if there else (None, None)
