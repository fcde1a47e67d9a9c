"""Weak links: which practices hold the PCN below its thresholds, and what it would earn with them at its average.

The average is the PCN's achievement as it is now. Where practices do a thing or not, there is no average: those that
have not done it yet would do it.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from iif_reckoner.model import Counts, Indicator, Reckoning
from iif_reckoner.plan.position import Member, Position
from iif_reckoner.reckon import reckon

MISSED = ("Below", "Between")
"""The status words of an indicator that is missed."""

BY_CHANGE, PCN_ONLY = "change", "PCN only"
"""Why practices are not held against the PCN's average: what is paid for is the change on a baseline, or it is counted
for the whole PCN alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A practice beside the PCN: patients to its average and to the upper threshold; None where it has no patients."""

    member: Member
    achievement: Fraction | None
    to_average: int | None
    to_upper: int | None

    @property
    def is_there(self) -> bool:
        """Whether the practice is at the upper threshold already."""
        return is_there(self.achievement, self.to_upper)


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """The practices of a missed indicator, and what the PCN earns with those short of its average at it.

    `held` says in a word why there is no average to hold them against; then there are no `links`, and nothing is earned
    `at_average`.
    """

    indicator: Indicator
    now: Reckoning
    held: str = ""
    links: tuple[Link, ...] = ()
    at_average: Reckoning | None = None

    @property
    def below(self) -> tuple[Link, ...]:
        """The practices that need patients to reach the average, those with most room to grow first."""
        return tuple(sorted((link for link in self.links if link.to_average), key=lambda link: -(link.to_average or 0)))

    @property
    def there(self) -> tuple[Link, ...]:
        """The practices that are at the upper threshold already: what works there may help the others."""
        return tuple(link for link in self.links if link.is_there)

    @property
    def gain(self) -> Decimal | None:
        """The pounds that would be won on top of those of now."""
        if self.at_average is None or self.at_average.value_gbp is None or self.now.value_gbp is None:
            return None
        return self.at_average.value_gbp - self.now.value_gbp


def is_there(achievement: object, gap_to_upper: int | None) -> bool:
    """Return whether a practice is at the upper threshold: it has patients, and needs no more of them.

    >>> is_there(0.8, 0), is_there(None, 0), is_there(0.8, None)
    (True, False, False)
    """
    return achievement is not None and gap_to_upper == 0


def to_average(indicator: Indicator, own: Counts, whole: Counts) -> int | None:
    """Return the fewest more patients (fewer, where lower is better) with which a practice reaches the PCN's average.

    None where either has no patients. A practice at the average or past it needs none.

    >>> from iif_reckoner.rulesets import load
    >>> of = lambda n, d: Counts(numerator=n, denominator=d)
    >>> to_average(load("2022-23.v2").find("CVD-01"), of(60, 101), of(700, 1_000))
    11
    """
    if own.numerator is None or not own.denominator or whole.numerator is None or not whole.denominator:
        return None
    if indicator.scoring == "binary":
        return own.denominator - own.numerator
    average = whole.numerator * own.denominator
    if indicator.better == "higher":
        return max(0, -(-average // whole.denominator) - own.numerator)
    return max(0, own.numerator - average // whole.denominator)


def weak_links(position: Position) -> tuple[Links, ...]:
    """Return the missed indicators in official order, each with the practices that hold the PCN below."""
    return tuple(
        _links(position, indicator, now)
        for indicator in position.rules.indicators
        if (now := position.reckoned[indicator.code]).status in MISSED
    )


def _links(position: Position, indicator: Indicator, now: Reckoning) -> Links:
    if indicator.needs_baseline:
        return Links(indicator=indicator, now=now, held=BY_CHANGE)
    if not any(position.of(member.code, indicator).numerator is not None for member in position.members):
        return Links(indicator=indicator, now=now, held=PCN_ONLY)
    whole = position.whole(indicator)
    links = tuple(_link(position, indicator, member, whole) for member in position.members)
    more = sum(link.to_average or 0 for link in links)
    done = (whole.numerator or 0) + (more if indicator.better == "higher" else -more)
    at_average = reckon(position.rules, indicator, replace(whole, numerator=done), list_size=position.list_size)
    return Links(indicator=indicator, now=now, links=links, at_average=at_average)


def _link(position: Position, indicator: Indicator, member: Member, whole: Counts) -> Link:
    alone = position.alone(member.code, indicator)
    known = alone.achievement is not None
    return Link(
        member=member,
        achievement=alone.achievement,
        to_average=to_average(indicator, position.of(member.code, indicator), whole),
        to_upper=alone.gap_to_upper if known else None,
    )
