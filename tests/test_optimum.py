"""The best plan for limited hours: by hand, against every other plan there is, and what is said where there is none."""

import sys
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import product
from random import Random

import pytest

from iif_reckoner import rulesets
from iif_reckoner.errors import InputError
from iif_reckoner.model import Counts
from iif_reckoner.plan.optimum import best
from iif_reckoner.plan.position import Member, Position
from iif_reckoner.reckon import points
from tests.workbook_engines import MADE_UP

RULES = rulesets.load("2022-23.v2")
KINDS = rulesets.load(MADE_UP)


def position(rules, counts):
    members = tuple(Member(code=code) for code in sorted({who for who, _ in counts}))
    return Position(rules=rules, month=6, members=members, counts=counts)


def whole(**pairs):
    return {("A81001", code.replace("_", "-")): Counts(numerator=n, denominator=d) for code, (n, d) in pairs.items()}


# Worked by hand: 2022/23, a point is worth £200. VI-01: 40 points from 80% to 86%; of 1,000 each patient over 800 is
# worth £133.33. VI-03: 14 points from 45% to 82%; of 1,000 each patient over 450 is worth £7.57.
# Ten hours of 6 minutes are 100 patients. With 760 and 440 done, VI-01 needs 40 before anything is earned and 100 for
# all £8,000; VI-03 would bring 90 patients' worth, £681.08. So VI-01 takes them all, though its first 40 bring nothing.
# Three hours are 30 patients: not enough to get VI-01 off the ground. VI-03 gets them: 10 to 45%, 20 more bring £151.35.


@pytest.mark.parametrize(
    ("hours", "patients", "wins"),
    [(10, {"VI-01": 100}, "8000.00"), (3, {"VI-03": 30}, "151.35"), (12, {"VI-01": 100, "VI-03": 20}, "8075.68")],
)
def test_by_hand(hours, patients, wins):
    at = position(RULES, whole(VI_01=(760, 1000), VI_03=(440, 1000)))
    found = best(at, dict.fromkeys(RULES.codes, Fraction(6)), Fraction(hours))
    assert {step.indicator.code: step.patients for step in found.steps} == patients
    assert (found.wins, found.needs, found.without) == (Decimal(wins), hours, ())


def test_patients_go_to_practices_by_their_room():
    counts = {
        ("A81001", "VI-01"): Counts(numerator=500, denominator=900),
        ("A81002", "VI-01"): Counts(numerator=300, denominator=400),
        ("A81003", "VI-01"): Counts(numerator=0, denominator=0),
    }
    (step,) = best(position(RULES, counts), {"VI-01": Fraction(1)}, Fraction(1000)).steps
    # To 86% of 1,300 it takes 318 of the 500 who are left: 400 of them here, 100 there.
    assert (step.patients, step.shares) == (318, {"A81001": 254, "A81002": 64, "A81003": 0})


def random_case(chance):
    """Two practices and three indicators of any kind, with few patients."""
    indicators = tuple(chance.sample([row for row in KINDS.indicators if not row.missing], 3))
    counts = {}
    for row in indicators:
        for who in ("A81001", "A81002"):
            of = chance.randint(1, 1 if row.scoring == "binary" else 7)
            done = chance.randint(0, of) if row.unit.bounded else chance.randint(0, 2 * of)
            base_of = chance.randint(1, 20)
            base = (chance.randint(0, base_of), base_of) if row.needs_baseline else (None, None)
            counts[who, row.code] = Counts(
                numerator=done, denominator=of, baseline_numerator=base[0], baseline_denominator=base[1]
            )
    minutes = {row.code: Fraction(chance.choice([5, 10, 15, 20, 45])) for row in indicators}
    return position(replace(KINDS, indicators=indicators), counts), minutes, Fraction(chance.randint(1, 16), 4)


def pounds(at, done):
    """The exact pounds once so many patients more (fewer, where lower is better) are done; None where there are not."""
    found = Fraction(0)
    for row, more in zip(at.rules.indicators, done, strict=True):
        counts = at.whole(row)
        sign = -1 if row.better == "lower" else 1
        after = counts.numerator + sign * more
        if after < 0 or (row.unit.bounded and after > counts.denominator):
            return None
        earned = points(row, replace(counts, numerator=after)) or 0
        own = at.reckoned[row.code]
        found += earned * at.rules.point_value_gbp * own.list_size_adjustment * own.prevalence_adjustment
    return found


def test_no_plan_of_all_is_better():
    chance = Random(20260401)
    worse, won = [], 0
    for number in range(300):
        at, minutes, hours = random_case(chance)
        found = best(at, minutes, hours)
        done = {step.indicator.code: step.patients for step in found.steps}
        mine = pounds(at, [done.get(row.code, 0) for row in at.rules.indicators])
        room = [int(hours * 60 // minutes[row.code]) for row in at.rules.indicators]
        highest = max(
            value
            for plan in product(*(range(min(most, 21) + 1) for most in room))
            if sum(n * minutes[row.code] for n, row in zip(plan, at.rules.indicators, strict=True)) <= hours * 60
            and (value := pounds(at, plan)) is not None
        )
        won += bool(found.steps)
        if mine < highest:
            worse.append((number, float(mine), float(highest)))
        assert found.needs <= hours
        assert all(sum(step.shares.values()) == step.patients for step in found.steps)
        for step in found.steps:
            assert step.after.value_gbp > step.before.value_gbp
    assert worse == []
    assert won > 200


def test_what_has_no_minutes_is_named_and_left_out():
    at = position(RULES, whole(VI_01=(760, 1000), VI_03=(440, 1000)))
    found = best(at, {"VI-01": Fraction(6), "VI-03": Fraction(0)}, Fraction(12))
    assert ([step.indicator.code for step in found.steps], found.without) == (["VI-01"], ("VI-03",))


@pytest.mark.parametrize(
    ("minutes", "hours", "words"),
    [
        ({"VI-01": 6}, 0, "hours: 0 leave nothing to plan; write more than 0"),
        ({"VI-01": 6}, -2, "hours: -2 leave nothing to plan; write more than 0"),
        ({}, 5, "no indicator that can still win has minutes per patient; write them on the sheet Plan"),
    ],
)
def test_what_cannot_be_planned(minutes, hours, words):
    at = position(RULES, whole(VI_01=(760, 1000)))
    with pytest.raises(InputError) as refused:
        best(at, {code: Fraction(each) for code, each in minutes.items()}, Fraction(hours))
    assert str(refused.value) == words


def test_nothing_counted_is_nothing_to_do():
    found = best(position(RULES, {}), {"VI-01": Fraction(6)}, Fraction(5))
    assert (found.steps, found.wins, found.without) == ((), 0, ())


def test_without_scipy_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    at = position(RULES, whole(VI_01=(760, 1000)))
    with pytest.raises(InputError) as refused:
        best(at, {"VI-01": Fraction(6)}, Fraction(5))
    assert str(refused.value) == "the best plan needs scipy; install it with `pip install iif-reckoner[plan]`"
