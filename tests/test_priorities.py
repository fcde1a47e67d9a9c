"""Priorities: worked by hand, by law, and the sheet Plan of every year against the exact sums."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.planned import plan_of
from iif_reckoner.desk.position import position
from iif_reckoner.errors import InputError
from iif_reckoner.figures.content import Planned
from iif_reckoner.model import Counts
from iif_reckoner.package import Package
from iif_reckoner.plan.position import Member, Position
from iif_reckoner.plan.priorities import Decision, priorities
from tests import workbook_engines as engines
from tests.workbook_engines import MADE_UP, Found, spot

RULES = rulesets.load("2022-23.v2")


def standing(**counts):
    """One practice's counts by indicator, `VI_01=(700, 1000)`, and no list size: a point is worth the same for all."""
    pairs = {key.replace("_", "-"): pair for key, pair in counts.items()}
    return Position(
        rules=RULES,
        month=6,
        members=(Member(code="A81001", list_size=None),),
        counts={("A81001", code): Counts(numerator=n, denominator=d) for code, (n, d) in pairs.items()},
    )


def row(plan, code):
    return next(each for each in plan.rows if each.indicator.code == code)


# Worked by hand: 2022/23, a point is worth £200, neither list size nor prevalence is applied.
# VI-01: 40 points from 80% to 86%. 820 of 1,000 is a third of the way: £2,666.67 won, £5,333.33 to win, 40 patients.
# VI-03: 14 points from 45% to 82%. 400 of 1,000: nothing yet; 50 patients to 45%, 420 to 82%, £2,800 to win.
# VI-02: 88 points from 57% to 90%. 900 of 1,000: met.
# Of £8,133.33 to win VI-01 holds 65.57%, at £133.33 per patient; VI-03 brings £6.67.


def test_by_hand():
    at = standing(VI_01=(820, 1000), VI_03=(400, 1000), VI_02=(900, 1000))
    flu, children = priorities(at).open
    assert (flu.indicator.code, children.indicator.code) == ("VI-01", "VI-03")
    assert (flu.patients, flu.to_lower, children.patients, children.to_lower) == (40, 0, 420, 50)
    assert (flu.to_win, children.to_win) == (Decimal("5333.33"), Decimal("2800.00"))
    assert (flu.worth, children.worth) == (Decimal("133.33"), Decimal("6.67"))
    assert (flu.suggested, flu.reason) == ("top", "the most £ per patient")
    assert (children.suggested, children.before) == ("secondary", Decimal("5333.33"))
    assert children.reason == "65% of the £ to win bring more per patient; first 50 patients to the lower threshold"
    assert row(priorities(at), "VI-02").tier == "watch and wait"
    # 40 patients of 60 minutes bring £133.33 an hour, 420 of one minute £400: now the children are first.
    by_hour = priorities(at, {"VI-01": Fraction(60), "VI-03": Fraction(1)}, hours_left=Fraction(20))
    assert by_hour.by == "hour"
    assert [(each.indicator.code, each.hours, each.so_far, each.within) for each in by_hour.open] == [
        ("VI-03", 7, 7, "yes"),
        ("VI-01", 40, 47, "in part"),
    ]
    assert by_hour.note == "All that can still be won needs 47 hours: the hours left are enough for those marked yes."


@pytest.mark.parametrize(
    ("minutes", "left", "note"),
    [
        ({}, None, "2 of 2 indicators that can still win have no minutes per patient: the order is by £ per patient."),
        ({"VI-01": 0, "VI-03": 1}, 9,
         "1 of 2 indicators that can still win has no minutes per patient: the order is by £ per patient."),
        ({"VI-01": 60, "VI-03": 1}, None,
         "All that can still be won needs 47 hours. Write the hours left to see where they run out."),
        ({"VI-01": 60, "VI-03": 1}, 0, "All that can still be won needs 47 hours, and no hours are left."),
        ({"VI-01": 60, "VI-03": 1}, 47, "All that can still be won needs 47 hours: the hours left are enough for all."),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(minutes, left, note):
    at = standing(VI_01=(820, 1000), VI_03=(400, 1000))
    given_ = {code: Fraction(each) for code, each in minutes.items()}
    assert priorities(at, given_, None if left is None else Fraction(left)).note == note


def test_nothing_counted():
    plan = priorities(standing())
    assert (plan.open, plan.by, plan.hours) == ((), "", None)
    assert plan.note == "Nothing can be won as things stand, or nothing is counted yet."
    assert {each.tier for each in plan.rows} == {""}
    assert {each.reason for each in plan.rows} == {
        "its figures or its baseline are missing",
        "its points or thresholds are not known",
    }


def test_what_no_pounds_or_patients_can_change():
    at = standing(VI_01=(0, 0))
    assert row(priorities(at), "VI-01").reason == "there are no patients to count"
    priceless = replace(at, rules=replace(RULES, point_value_gbp=None), counts=standing(VI_01=(1, 9)).counts)
    found = row(priorities(priceless), "VI-01")
    assert (found.tier, found.reason) == ("", "the value of a point is not known")
    worthless = replace(at, rules=replace(RULES, point_value_gbp=Fraction(1, 1000)), counts=priceless.counts)
    found = row(priorities(worthless), "VI-01")
    assert found.kind == "open"
    worthless = replace(worthless, rules=replace(RULES, point_value_gbp=Fraction(1, 10**6)))
    found = row(priorities(worthless), "VI-01")
    assert (found.tier, found.reason) == ("discounted", "there are no pounds to win")


def test_a_managers_tier_goes_before_the_suggested_one():
    at = standing(VI_01=(820, 1000))
    decision = Decision(tier="discounted", by="Sam", on="3 Oct 2022")
    found = row(priorities(at, decisions={"VI-01": decision}), "VI-01")
    assert (found.suggested, found.tier, found.decision) == ("top", "discounted", decision)


pairs = st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
some = st.dictionaries(st.sampled_from([code.replace("-", "_") for code in RULES.codes]), pairs, min_size=1)


@given(some, st.integers(1, 90), st.integers(0, 500))
def test_order_and_tiers(counts, minutes, left):
    at = standing(**counts)
    plan = priorities(at, dict.fromkeys(RULES.codes, Fraction(minutes)), Fraction(left))
    order = ["top", "secondary", "watch and wait", "discounted"]
    assert [order.index(each.suggested) for each in plan.open] == sorted(
        order.index(each.suggested) for each in plan.open
    )
    assert [each.worth for each in plan.open] == sorted((each.worth for each in plan.open), reverse=True)
    assert not plan.open or plan.open[0].suggested == "top"
    whole = sum(each.to_win for each in plan.open)
    for each in plan.open:
        assert 0 <= each.before < whole
        assert each.to_lower <= each.patients
        assert (each.within == "yes") == (each.so_far <= left)
    # Whatever one patient takes, it is the same for all: the order by hours is the order by patients.
    codes = [each.indicator.code for each in priorities(at).open]
    assert sum(each.hours for each in plan.open) == sum(each.patients for each in plan.open) * Fraction(minutes, 60)
    assert set(codes) == {each.indicator.code for each in plan.open}


# The sheet

VARIANTS = {"full": (True, 60.0), "half-empty": (False, None), "empty": (True, 0.0)}
CASES = [
    pytest.param((year, fill), id=f"{year[-12:]} {fill}") for year in (*rulesets.ids(), MADE_UP) for fill in VARIANTS
]


def planned(of, *, every, hours):
    """Minutes for all indicators or for every other one, of which some are 0; some tiers decided, some leads."""
    own = {}
    for place, code in enumerate(of.ruleset.codes):
        minutes = float(5 + 7 * place % 40) if every else (0.0 if place % 4 == 0 else 12.0) if place % 2 == 0 else None
        mine = place % 5 == 2
        own[code] = Planned(
            minutes=minutes,
            tier=("discounted", "top")[place % 2] if mine else "",
            decided_by="Sam" if mine else "",
            decided_on=date(2026, 5, 1 + place % 28) if mine else None,
            board_lead="Dr Board" if place % 3 == 0 else "",
            practice_lead="Lee" if place % 3 == 1 else "",
            helper="Kim" if place % 4 == 1 else "",
        )
    return replace(of, planned={code: each for code, each in own.items() if each != Planned()}, hours_left=hours)


def wanted(plan):
    """What each figure of the plan is, by name and place down."""
    found = {}
    for down in range(40):
        each = plan.rows[down] if down < len(plan.rows) else None
        found["plan_kind", down] = each.kind if each else ""
        found["plan_to_lower", down] = each.to_lower if each else None
        found["plan_minutes_needed", down] = each.hours * 60 if each and each.hours is not None else None
        found["plan_hours", down] = each.hours if each else None
        found["plan_per_hour", down] = each.per_hour if each else None
        found["plan_worth", down] = each.worth if each else None
        found["plan_before", down] = each.before * 100 if each and each.before is not None else None
        found["plan_so_far", down] = each.so_far if each else None
        found["plan_within", down] = each.within if each else ""
        found["suggested", down] = each.suggested if each else ""
        found["plan_reason", down] = each.reason if each else ""
        found["tier", down] = each.tier if each else ""
    found["plan_by", 0] = plan.by
    found["plan_note", 0] = plan.note
    found["plan_all_hours", 0] = plan.hours
    return found


def against(plan, values):
    wrong = []
    for (name, down), value in wanted(plan).items():
        found = values[spot(name, down)]
        fits = found == Found("text", value) if isinstance(value, str) else engines.is_number(found, value)
        if name in ("plan_worth", "plan_before", "plan_to_lower", "plan_minutes_needed"):
            fits = engines.is_exactly(found, value)
        if not fits:
            wrong.append((name, down, found, value))
    return wrong


@pytest.mark.parametrize("case", CASES)
def test_the_sheet_is_the_plan(case):
    every, hours = VARIANTS[case[1]]
    book = Workbook(Package.from_bytes(make(planned(engines.content(*case), every=every, hours=hours)), "book.xlsx"))
    values = engines.formula_values(book.package)
    assert against(plan_of(book), values) == []
    on_plan = {place: found for place, found in values.items() if place[0] == "Plan"}
    assert {found.kind for found in on_plan.values()} <= {"text", "number"}


def test_what_is_typed_comes_back():
    of = planned(engines.content("2022-23.v2", "half-empty"), every=True, hours=0.0)
    found = Workbook(Package.from_bytes(make(of), "book.xlsx")).content()
    assert (found.planned, found.hours_left) == (of.planned, of.hours_left)


def test_what_is_no_figure_is_refused_by_its_cell():
    package = Package.from_bytes(make(planned(engines.content("2022-23.v2"), every=True, hours=7.5)), "book.xlsx")
    for name, value, words in (
        ("plan_minutes", "ten", "Plan H8: 'ten' is not a number; write a number, without commas"),
        ("plan_minutes", -5, "Plan, VI-01: -5 are no minutes per patient; write such as 20"),
        ("plan_hours_left", "many", "Plan B4: 'many' is not a number; write a number, without commas"),
    ):
        book = Workbook(Package.from_bytes(engines.changed(package, {spot(name): value}), "book.xlsx"))
        with pytest.raises(InputError) as refused:
            plan_of(book, position(book))
        assert str(refused.value) == f"book.xlsx: {words}"
