"""The best plan for limited hours, for the largest PCN that a workbook has room for."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

from benchmarks.measure import Result, seconds
from benchmarks.pace import in_time
from iif_reckoner import rulesets
from iif_reckoner.layout.sheets import INDICATORS, PRACTICES
from iif_reckoner.model import Counts
from iif_reckoner.plan.optimum import best
from iif_reckoner.plan.position import Member, Position


def full(seed: int) -> Position:
    """Return 40 practices with figures for 40 indicators, the scored ones of 2022/23 in turn."""
    chance, rules = Random(seed), rulesets.load("2022-23.v2")  # noqa: S311 (made-up figures)
    scored = [row for row in rules.indicators if not row.missing]
    indicators = tuple(replace(scored[at % len(scored)], code=f"I-{at:02}") for at in range(INDICATORS))
    codes = [f"X{90_000 + at}" for at in range(PRACTICES)]
    counts = {}
    for row in indicators:
        for who in codes:
            whole, base = chance.randint(50, 400), chance.randint(50, 400)
            counts[who, row.code] = Counts(
                numerator=chance.randint(0, whole),
                denominator=whole,
                baseline_numerator=chance.randint(0, base) if row.needs_baseline else None,
                baseline_denominator=base if row.needs_baseline else None,
            )
    members = tuple(Member(code=code, list_size=9_000) for code in codes)
    return Position(rules=replace(rules, indicators=indicators), month=9, members=members, counts=counts)


def plan() -> Iterator[Result]:
    chance = Random(1)  # noqa: S311 (made-up figures)
    took = 0.0
    for seed, hours in enumerate((50, 400, 2_000)):
        at = full(seed)
        minutes = {row.code: Fraction(chance.randint(3, 45)) for row in at.rules.indicators}
        took = max(took, seconds(lambda at=at, minutes=minutes, hours=hours: best(at, minutes, Fraction(hours)), 2))
    yield in_time(
        what=f"`plan --hours`: the best plan for {INDICATORS} indicators and {PRACTICES} practices, slowest of three",
        took=took,
        most=2,
    )


BENCHMARKS = (plan,)
