"""The sheet Compare against the exact plans, in every year and every fill, in three engines; its inputs go on."""

from dataclasses import replace
from fractions import Fraction

import pytest

from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.desk.share import Asked, going
from iif_reckoner.desk.supposed import supposed
from iif_reckoner.desk.update import updated
from iif_reckoner.figures import compare
from iif_reckoner.figures.content import Compared, Switches
from iif_reckoner.model import Counts
from iif_reckoner.package import Package
from iif_reckoner.plan.difference import STEPS, difference, total
from iif_reckoner.plan.reconcile import reasons
from iif_reckoner.plan.register import one_more
from iif_reckoner.plan.what_if import what_if
from iif_reckoner.reckon import reckon
from tests import workbook_engines as engines
from tests.workbook_engines import MADE_UP, Found, spot

YEARS = (*rulesets.ids(), MADE_UP)
PARTS = dict(zip(STEPS, ("practices", None, None, "by_prevalence", "by_denominator", "by_patients"), strict=True))


def content(ruleset, fill="full"):
    """The made-up PCN whose registers grow by the month; one practice comes late, another's figures are missing."""
    of = engines.content(ruleset, fill)
    codes = [practice.code for practice in of.practices]
    binary = {row.code for row in of.ruleset.indicators if row.scoring == "binary"}
    counts = {}
    for (who, what, month), (numerator, denominator) in of.counts.items():
        place = codes.index(who) if who in codes else None
        if (place == 1 and month <= 4) or (place == 3 and month >= 5):
            continue
        grown = 0 if denominator in (None, 0) or what in binary else (place or 0) % 3 * month
        counts[who, what, month] = numerator, denominator and denominator + grown
    return replace(of, counts=counts)


def typed(of, *, busy=True):
    """The same with something in the yellow cells."""
    if not of.practices:
        return of
    codes = of.ruleset.codes
    tried = {codes[0]: (40, 60, None), codes[-1]: (None, None, 1.25)} if busy else {}
    official = {codes[0]: (30, 61), codes[-1]: (1, 2)}
    for row in of.ruleset.indicators[1:6]:
        official[row.code] = (20, 50)
    own = Compared(
        list_size=81_234 if busy else None,
        point_value=150.25 if busy else None,
        # In the half filled book this is the practice without a list, so that the rest have theirs.
        leaves=of.practices[9].code,
        joins=5_111,
        tried=tried,
        months=(of.months[3], "") if busy else ("", of.months[4]),
        official=official,
        evidence={codes[0]: "=Asked the supplier"},
    )
    return replace(of, compared=own)


def opened(of):
    return Workbook(Package.from_bytes(make(of), "book.xlsx"))


def is_text(found, value):
    return found == Found("text", value)


number, exact = engines.is_number, engines.is_exactly
SLOTS = ("if_points", "if_value", "if_gain", "more_gain", "done_gain", "more_words", "bridge_then", "bridge_now",
         "bridge_practices", "bridge_by_patients", "off_less_pounds", "awarded")  # fmt: skip


def against_plans(of, book):
    """Return every cell of Working that the exact plans do not give."""
    values = engines.formula_values(book.package)
    wrong = []

    def hold(name, down, holds, value):
        found = values[spot(name, down)]
        if not holds(found, value):
            wrong.append(f"{name} {down}: {found.value!r}, the plan says {value!r}")

    stands = position(book)
    used = len(stands.rules.indicators)
    for down in range(used, engines.PLACES["code"].area.height):
        for name in SLOTS:
            hold(name, down, is_text, "")
    supposing(stands, what_if(stands, supposed(book)), hold)
    bridging(of, book, stands.month, hold)
    for down, indicator in enumerate(stands.rules.indicators):
        beside(values, of, stands, indicator, down, hold)
    return wrong


def supposing(stands, lines, hold):
    """Hold what if, and one more patient, against the plans."""
    for down, (line, indicator) in enumerate(zip(lines, stands.rules.indicators, strict=True)):
        hold("if_num", down, exact, line.then.counts.numerator)
        hold("if_den", down, exact, line.then.counts.denominator)
        hold("if_points", down, number, line.then.points)
        hold("if_value", down, exact, line.then.value_gbp)
        hold("if_gain", down, exact, line.gain)
        more = one_more(stands, indicator)
        hold("more_gain", down, exact, more.waiting)
        hold("done_gain", down, exact, more.done)
        hold("more_words", down, is_text, more.words)
    gained = [line.gain for line in lines if line.gain is not None]
    hold("if_total_gain", 0, exact, sum(gained) if gained else None)
    then = [line.then.points for line in lines if line.then.points is not None]
    hold("if_total_points", 0, number, sum(then) if then else None)


def bridging(of, book, shown, hold):
    """Hold the bridge from month to month against the plan."""
    months = of.compared.months
    later = of.months.index(months[1]) + 1 if months[1] else shown
    earlier = of.months.index(months[0]) + 1 if months[0] else max(later - 1, 0)
    lines = difference(position(book, earlier), position(book, later))
    every = total(lines)
    for name, at in (("then", 0), ("now", 1)):
        for down, line in enumerate(lines):
            hold(f"bridge_{name}", down, exact, line.pounds[at])
        hold(f"bridge_total_{name}", 0, exact, every.pounds[at])
    for at, (step, name) in enumerate(PARTS.items()):
        if name is None:
            assert not any(line.parts[at] for line in lines if line.parts), step
            continue
        for down, line in enumerate(lines):
            hold(f"bridge_{name}", down, exact, line.parts and line.parts[at])
        hold(f"bridge_total_{name}", 0, exact, every.parts and every.parts[at])


def beside(values, of, stands, indicator, down, hold):
    """Hold what stands beside CQRS against the core."""
    ours = stands.reckoned[indicator.code]
    hold("awarded", down, exact, ours.awarded_gbp)
    pair = of.compared.official.get(indicator.code)
    if pair is None:
        hold("off_value", down, exact, None)
        return
    counted = replace(ours.counts, numerator=pair[0], denominator=pair[1])
    theirs = reckon(stands.rules, indicator, counted, list_size=stands.list_size)
    hold("off_value", down, exact, theirs.value_gbp)
    both = None not in (ours.value_gbp, theirs.value_gbp)
    hold("off_less_pounds", down, exact, theirs.value_gbp - ours.value_gbp if both else None)
    hold("off_less_points", down, number, theirs.points - ours.points if both else None)
    if ours.counts.numerator is not None:
        hold("off_less_num", down, exact, pair[0] - ours.counts.numerator)
        hold("off_less_den", down, exact, pair[1] - ours.counts.denominator)
        described = of.ruleset.find(indicator.code)
        why = reasons(described, Counts(numerator=ours.counts.numerator, denominator=ours.counts.denominator), counted)
        cell = values["Compare", compare.places()["official_num"].area.row + down, 13]
        assert cell == Found("text", "; ".join(why))


EVERY = [(fill, busy) for fill in ("full", "half-empty") for busy in (True, False)]


@pytest.mark.parametrize("ruleset", YEARS)
def test_every_figure_is_the_plans(ruleset):
    for fill, busy in EVERY if ruleset == MADE_UP else [("full", True), ("half-empty", False), ("empty", False)]:
        of = typed(content(ruleset, fill), busy=busy)
        book = opened(of)
        assert against_plans(of, book) == [], fill
        kinds = {value.kind for place, value in engines.formula_values(book.package).items() if place[0] == "Compare"}
        assert kinds <= {"number", "text"}


def test_months_that_are_counted_alone_are_added_up():
    of = typed(engines.content(MADE_UP), busy=False)
    of = replace(of, switches=Switches(counting="In month"))
    assert against_plans(of, opened(of)) == []


def test_what_cannot_be_is_said_in_words():
    of = content("2025-26.v1")
    wrong = Compared(
        list_size="many", leaves="X00000", joins="some", tried={"HI-03": (9, 2, "x"), "CAN-04": ("many", None, None)},
        months=("May 1999", ""), official={"HI-03": (3, 2), "CAN-04": (1, None)},
    )  # fmt: skip
    values = engines.formula_values(opened(replace(of, compared=wrong)).package)
    shown = {value.value for (title, _, _), value in values.items() if title == "Compare" and value.kind == "text"}
    assert {value.kind for (title, _, _), value in values.items() if title == "Compare"} == {"number", "text"}
    assert {"see counts", "see the yellow cells", "Practices has no practice with this code."} <= shown
    assert values[spot("if_total_value")] == Found("text", "see the yellow cells")
    assert values[spot("off_total_pounds")] == Found("text", "see the yellow cells")


def test_what_is_typed_is_read_back():
    of = typed(content("2022-23.v2"))
    book = opened(of)
    assert book.content() == of
    found = supposed(book)
    assert (found.list_size, found.point_value, found.joins) == (81_234, Fraction("150.25"), 5_111)
    assert found.counts == {of.ruleset.codes[0]: (40, 60)}
    assert found.prevalence == {of.ruleset.codes[-1]: Fraction(5, 4)}


def test_an_update_keeps_what_its_rules_have():
    of = typed(content("2022-23.v2"))
    new = rulesets.load("2022-23.v1", assumed=False)
    found = updated(opened(of), new, rulesets.load("2022-23.v1"))
    assert found.content.compared == of.compared.of(new.codes)
    assert found.content.compared.leaves == of.practices[9].code
    assert set(of.compared.official) - set(Compared(official=of.compared.official).of(["VI-01"]).official)


def test_evidence_leaves_only_with_names_and_nothing_of_the_pcn_with_one_practice():
    of = typed(content("2022-23.v2"))
    assert going(of, Asked(), "book").compared == replace(of.compared, evidence={})
    assert going(of, Asked(names=True), "book").compared == of.compared
    for asked in (Asked(practice=of.practices[0].code, names=True), Asked(suppress=True, names=True)):
        assert going(of, asked, "book").compared == Compared()
