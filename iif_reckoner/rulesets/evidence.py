"""How well a ruleset is known: its values by standing, its published sums of money, and its changes from another."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from iif_reckoner import model
from iif_reckoner.explain import number, pounds, threshold_in_words

ABSENT = "absent"
KINDS = (*model.STANDINGS, ABSENT)


def standings(ruleset: model.Ruleset) -> Counter[str]:
    """Return how many of the numbers that score are primary, secondary, calculated, recalled and absent.

    Counted are the points and thresholds that each indicator needs, the value of a point and the total of points.

    >>> from iif_reckoner.rulesets import load
    >>> sorted(standings(load("2026/27", assumed=False)).items())
    [('absent', 8)]
    """
    found: Counter[str] = Counter()
    for indicator in ruleset.indicators:
        for name in indicator.needed:
            if name != "scoring":
                found[_standing(ruleset, indicator, name)] += 1
    for name in ("point_value_gbp", "points_total"):
        found[_standing(ruleset, ruleset, name)] += 1
    return found


def _standing(ruleset: model.Ruleset, record: model.Ruleset | model.Indicator, name: str) -> str:
    return ABSENT if getattr(record, name) is None else str(ruleset.standing(record.cite.get(name)))


@dataclass(frozen=True, kw_only=True, slots=True)
class FundCheck:
    """A published sum of money beside what the ruleset makes of it, in millions of pounds."""

    what: str
    published: Fraction
    reckoned: Fraction

    @property
    def difference(self) -> Fraction:
        """How far the reckoned sum is from the published one, as a share of it."""
        return self.reckoned / self.published - 1


def fund_checks(ruleset: model.Ruleset) -> list[FundCheck]:
    """Return each published sum beside share earned x PCNs x points x value of a point.

    >>> from iif_reckoner.rulesets import load
    >>> [f"{float(c.reckoned):.2f} of {float(c.published):.2f}" for c in fund_checks(load("2024-25.v1"))]
    ['12.92 of 13.00']
    """
    if ruleset.planning is None or ruleset.point_value_gbp is None:
        return []
    each = ruleset.planning.share * ruleset.planning.pcns * ruleset.point_value_gbp / 1_000_000
    by_code = {indicator.code: indicator.points or Fraction(0) for indicator in ruleset.indicators}
    return [
        FundCheck(
            what=fund.what, published=fund.gbp_million, reckoned=each * sum(by_code[code] for code in fund.indicators)
        )
        for fund in ruleset.funds
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One value that differs between two rulesets; empty text is 'not there' or 'not known'."""

    indicator: str
    field: str
    before: str
    after: str


_COMPARED = (
    "name",
    "scoring",
    "better",
    "points",
    *model.THRESHOLDS,
    "prevalence",
    "numerator_counts",
    "denominator_counts",
    "cqrs",
)


def changes(before: model.Ruleset, after: model.Ruleset) -> list[Change]:
    """Return what differs from one ruleset to another, in official order, the scheme first.

    >>> from iif_reckoner.rulesets import load
    >>> found = changes(load("2022-23.v1"), load("2022-23.v2"))
    >>> [(c.indicator, c.before, c.after) for c in found if c.field == "lower_threshold"]
    [('CVD-02', '+0.6 percentage points', '+0.4 percentage points'), ('PC-01', '1.2%', '0.8%')]
    """
    found = [
        Change(indicator="", field=name, before=said, after=says)
        for name, said, says in (
            ("points_total", _number(before.points_total), _number(after.points_total)),
            ("point_value_gbp", _gbp(before.point_value_gbp), _gbp(after.point_value_gbp)),
        )
        if said != says
    ]
    old = {indicator.code: indicator for indicator in before.indicators}
    new = {indicator.code: indicator for indicator in after.indicators}
    for code in [*old, *(code for code in new if code not in old)]:
        if code not in new or code not in old:
            there = old.get(code) or new[code]
            worth = f"{there.name}, {_number(there.points) or 'unknown'} points"
            gone = code not in new
            found.append(
                Change(indicator=code, field="indicator", before=worth if gone else "", after="" if gone else worth)
            )
            continue
        found += [
            Change(indicator=code, field=name, before=said, after=says)
            for name in _COMPARED
            if (said := text_of(old[code], name)) != (says := text_of(new[code], name))
        ]
    return found


def text_of(indicator: model.Indicator, name: str) -> str:
    """Return a field of an indicator in words, empty where nobody knows it."""
    value = getattr(indicator, name)
    if name == "prevalence":
        return "" if value is None else value.population or "none"
    if name == "points":
        return _number(value)
    if name in model.THRESHOLDS:
        return "" if value is None else threshold_in_words(indicator, value, 2 if indicator.unit.percent else None)
    return value or ""


def _number(value: Fraction | None) -> str:
    return "" if value is None else number(value, 2)


def _gbp(value: Fraction | None) -> str:
    return "" if value is None else pounds(value)
