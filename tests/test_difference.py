"""Why pounds changed, what if, one more patient, beside official figures: worked by hand, and laws."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iif_reckoner import rulesets
from iif_reckoner.errors import InputError
from iif_reckoner.model import UNITS, AverageList, Counts, Indicator, Prevalence
from iif_reckoner.plan import reconcile as reasons
from iif_reckoner.plan.difference import STEPS, difference, total
from iif_reckoner.plan.position import Member, Position
from iif_reckoner.plan.reconcile import reconcile
from iif_reckoner.plan.register import BETWEEN_WITHOUT, EARNS_NOTHING, MET, OneMore, one_more
from iif_reckoner.plan.what_if import Supposed, what_if
from tests import strategies as made

REGISTER = Indicator(
    code="REG",
    name="A register",
    scoring="sliding",
    better="higher",
    unit=UNITS["proportion"],
    points=Fraction(10),
    lower_threshold=Fraction(4, 10),
    upper_threshold=Fraction(8, 10),
    prevalence=Prevalence(population="denominator", national=Fraction(1, 10)),
    level="practice",
    numerator_counts="Patients of the denominator who were seen.",
    denominator_counts="Patients on the register.",
)
RULES = replace(
    rulesets.load("2025-26.v1"),
    id="made up",
    point_value_gbp=Fraction(100),
    average_list_size=AverageList(patients=1000, pcns=1),
    indicators=(REGISTER,),
)


def stands(*, rules=RULES, lists=(600, 400), month=1, **counted):
    """A PCN of practices A, B ..., each with what it has counted; None has not."""
    return Position(
        rules=rules,
        month=month,
        members=tuple(Member(code=code, list_size=size) for code, size in zip("ABC", lists, strict=False)),
        counts={(who, "REG"): Counts(numerator=pair[0], denominator=pair[1]) for who, pair in counted.items() if pair},
    )


BOTH = {"A": (30, 50), "B": (30, 50)}


def parts(before, after):
    (line,) = difference(before, after)
    return dict(zip(STEPS, map(float, line.parts), strict=True))


def test_a_practice_is_missing_and_the_other_has_grown():
    # 60 of 100 is half way from 40% to 80%: 5 points, prevalence 100/1000 over 1/10 = 1: £500.
    # Without B 30 of 50 are 5 points at prevalence 0.5: £250; at 60/1000: £300; 30 of 60 are 2.5 points: £150;
    # 42 of 60 are 7.5 points at 0.6: £450.
    before, after = stands(**BOTH), stands(A=(42, 60))
    assert before.won == 500
    assert after.won == 450
    assert parts(before, after) == {
        "practices missing": -250, "rules": 0, "list size": 0, "prevalence": 50, "denominator": -150, "patients": 300,
    }  # fmt: skip


def test_other_rules_and_a_longer_list_that_cancels_in_the_prevalence():
    rules = replace(RULES, point_value_gbp=Fraction(110))
    found = parts(stands(**BOTH), stands(rules=rules, lists=(700, 400), **BOTH))
    assert found == {
        "practices missing": 0, "rules": 50, "list size": 55, "prevalence": -55, "denominator": 0, "patients": 0,
    }  # fmt: skip


def test_a_practice_that_comes_and_one_that_had_nothing():
    assert parts(stands(A=(30, 50)), stands(**BOTH))["practices missing"] == 250
    assert parts(stands(), stands(**BOTH))["practices missing"] == 500
    assert parts(stands(**BOTH), stands())["practices missing"] == -500


def test_an_indicator_that_only_one_of_the_rules_has_comes_and_goes_with_the_rules():
    none = replace(RULES, indicators=())
    (gone,) = difference(stands(**BOTH), stands(rules=none))
    (came,) = difference(stands(rules=none), stands(**BOTH))
    assert (gone.change, dict(zip(STEPS, gone.parts, strict=True))["rules"]) == ("withdrawn", -500)
    assert (came.change, dict(zip(STEPS, came.parts, strict=True))["rules"]) == ("new", 500)


def test_nothing_counted_has_no_parts():
    (line,) = difference(stands(), stands())
    assert line.parts is None
    assert total([line]).pounds == (None, None)


@st.composite
def positions(draw):
    """Positions of a made-up ruleset in which practices, lists and counts differ."""
    members = tuple(Member(code=code, list_size=draw(st.integers(1, 90_000))) for code in "AB")
    counts = {}
    for indicator in made.MADE_UP.indicators:
        for who in ("A", "B", "C"):
            if draw(st.booleans()):
                counts[who, indicator.code] = draw(made.counts(indicator))
    return Position(rules=made.MADE_UP, month=1, members=members, counts=counts)


@given(positions(), positions())
def test_the_parts_add_up_to_the_penny(before, after):
    lines = difference(before, after)
    for line in (*lines, total(lines)):
        whole = (line.pounds[1] or Decimal(0)) - (line.pounds[0] or Decimal(0))
        assert sum(line.parts or ()) == whole
    assert total(lines).pounds == (before.won, after.won)


@given(positions())
def test_what_is_the_same_has_no_difference_and_supposing_nothing_changes_nothing(one):
    assert all(not any(line.parts or ()) for line in difference(one, one))
    for line in what_if(one, Supposed()):
        assert line.then == line.real


def supposed(**otherwise):
    (line,) = what_if(stands(**BOTH), Supposed(**otherwise))
    return line.then.value_gbp


def test_what_if_by_hand():
    # Without B: 5 points, list 0.6, prevalence 50/600 over 1/10; with 500 patients more the PCN is half as large again.
    assert supposed(leaves="B") == 250
    assert supposed(joins=500) == 750
    # 50 of 83: 10 * (50 - 0.4 * 83) / 0.4 at a list as it was.
    assert supposed(leaves="B", joins=400) == 420
    # The list cancels in the prevalence, and counts on its own where the prevalence is typed.
    assert supposed(list_size=2000) == 500
    assert supposed(list_size=2000, prevalence={"REG": Fraction(1)}) == 1000
    assert supposed(point_value=Fraction(50)) == 250
    assert supposed(counts={"REG": (80, None)}) == 1000
    assert supposed(counts={"REG": (None, 0)}) == 0


def test_a_practice_of_rounded_patients_joins_and_one_that_has_not_done_it_where_practices_are_counted():
    (line,) = what_if(stands(A=(7, 9), B=(1, 2)), Supposed(joins=500))
    # Half of 8 and of 11 patients more; 5.5 is 6.
    assert (line.then.counts.numerator, line.then.counts.denominator) == (12, 17)
    done = replace(RULES, indicators=(replace(REGISTER, scoring="binary", unit=UNITS["practices"]),))
    (line,) = what_if(stands(rules=done, A=(1, 1), B=(1, 1)), Supposed(joins=500))
    assert (line.then.counts.numerator, line.then.counts.denominator) == (2, 3)


def test_what_cannot_be_supposed():
    with pytest.raises(InputError, match="REG: numerator 200 is more than its denominator 100; check the two figures"):
        supposed(counts={"REG": (200, None)})
    with pytest.raises(InputError) as refused:
        what_if(stands(lists=(600, None), **BOTH), Supposed(joins=10))
    said = "A practice that joins needs the list of every other practice; write it on Practices"
    assert str(refused.value) == said


def test_one_more_patient_on_the_register():
    # 60 of 101 earn 1,000 * (60 - 0.4 * 101) / 40 = £490, 61 of 101 £515; two found in five pays for three not yet.
    found = one_more(stands(**BOTH), REGISTER)
    words = "Brings money if more than 40% of those found are done."
    assert found == OneMore(code="REG", waiting=Decimal(-10), done=Decimal(15), words=words)
    assert 2 * found.done + 3 * found.waiting == 0


def test_when_it_pays_to_find_patients():
    assert one_more(stands(A=(90, 100)), REGISTER).words == MET
    assert one_more(stands(A=(90, 100)), REGISTER).waiting > 0
    assert one_more(stands(A=(10, 100)), REGISTER).words == EARNS_NOTHING
    without = replace(REGISTER, prevalence=Prevalence(population=None))
    rules = replace(RULES, indicators=(without,))
    assert one_more(stands(rules=rules, **BOTH), without).words == BETWEEN_WITHOUT
    assert one_more(stands(), REGISTER) == OneMore(code="REG", waiting=None, done=None, words="")


def test_official_figures_beside_ours():
    ours = stands(**BOTH)
    official = {
        ("A", "REG"): Counts(numerator=30, denominator=50),
        ("B", "REG"): Counts(numerator=26, denominator=50),
        ("Z", "REG"): Counts(numerator=1, denominator=1),
    }
    found = reconcile(ours, official, RULES)
    (whole,) = found.wholes
    # 56 of 100 are 4 points.
    assert (whole.beside.less, whole.points, whole.pounds) == ((-4, 0), -1, -100)
    assert [(each.who, each.less, each.reasons) for each in found.practices] == [
        ("A", (0, 0), ()),
        ("B", (-4, 0), (reasons.LATE,)),
    ]
    assert dict(zip(STEPS, whole.parts.parts, strict=True))["patients"] == -100


def test_a_practice_without_official_figures_and_an_indicator_without_any():
    ours = stands(**BOTH)
    found = reconcile(ours, {("A", "REG"): Counts(numerator=30, denominator=50)}, RULES)
    assert [(each.who, each.reasons) for each in found.practices] == [("A", ()), ("B", (reasons.NOT_OFFICIAL,))]
    found = reconcile(stands(A=(30, 50)), {("B", "REG"): Counts(numerator=30, denominator=50)}, RULES)
    assert [(e.who, e.reasons) for e in found.practices] == [("A", (reasons.NOT_OFFICIAL,)), ("B", (reasons.NOT_OURS,))]
    assert reconcile(ours, {}, RULES).absent == ("REG",)


@pytest.mark.parametrize(
    ("ruleset", "code", "numerator", "denominator"),
    [
        ("2023-24.v1", "ACC-08", (reasons.SLOTS,), (reasons.MEMBERSHIP,)),
        ("2022-23.v2", "EHCH-01", (reasons.LATE,), (reasons.BEDS,)),
        ("2022-23.v2", "EHCH-04", (reasons.SLOTS, reasons.ACTIVITY), (reasons.MEMBERSHIP,)),
        ("2022-23.v2", "PC-01", (reasons.ACTIVITY, reasons.LATE), (reasons.MEMBERSHIP,)),
        ("2025-26.v1", "HI-03", (reasons.LATE,), (reasons.MEMBERSHIP, reasons.ADJUSTMENTS)),
    ],
)
def test_what_a_difference_may_come_from(ruleset, code, numerator, denominator):
    indicator = rulesets.load(ruleset).find(code)
    assert reasons.of_numerator(indicator) == numerator
    assert reasons.of_denominator(indicator)[: len(denominator)] == denominator


def test_an_award_stands_beside_what_the_counts_earn():
    rules = rulesets.load("2023-24.v1")
    ours = Position(
        rules=rules,
        month=12,
        members=(Member(code="A", list_size=50_000),),
        counts={("A", "ACC-08"): Counts(numerator=80, denominator=100)},
    )
    found = reconcile(ours, {("A", "ACC-08"): Counts(numerator=85, denominator=100)}, rules)
    (whole,) = found.wholes
    assert whole.ours.value_gbp == 0
    assert whole.ours.awarded_gbp == whole.ours.value_available_gbp > 0


def test_another_baseline_is_a_difference_with_its_reason():
    changed = replace(REGISTER, scoring="improvement", prevalence=None)
    ours = Counts(numerator=60, denominator=100, baseline_numerator=55, baseline_denominator=100)
    theirs = replace(ours, baseline_numerator=58)
    assert reasons.reasons(changed, ours, theirs) == (reasons.BASELINE,)
    assert reasons.reasons(changed, ours, replace(theirs, numerator=61)) == (reasons.LATE, reasons.BASELINE)
    assert reasons.reasons(changed, ours, ours) == ()
    here = Position(
        rules=replace(RULES, indicators=(changed,)),
        month=1,
        members=(Member(code="A", list_size=600),),
        counts={("A", "REG"): ours},
    )
    found = reconcile(here, {("A", "REG"): theirs}, here.rules)
    assert [whole.beside.reasons for whole in found.different] == [(reasons.BASELINE,)]
