"""Weak links: worked cases, laws, and the command `weak-links`."""

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iif_reckoner.build import make
from iif_reckoner.figures.content import Sharing
from iif_reckoner.model import Counts
from iif_reckoner.plan.position import Member, Position
from iif_reckoner.plan.shares import left, shares
from iif_reckoner.plan.weak_links import to_average, weak_links
from tests import workbook_engines as engines
from tests.desk_books import ran, written
from tests.strategies import MADE_UP, SCORED

MEMBERS = tuple(Member(code=f"A{number}", name=f"Practice {number}", list_size=5_000) for number in range(1, 7))


def of(numerator, denominator):
    return Counts(numerator=numerator, denominator=denominator)


def a_position(found, members=3):
    """A PCN whose practices A1, A2 ... have counted these pairs, by indicator; U1 is the PCN itself."""
    counts = {
        (who, code): of(*pair)
        for code, pairs in found.items()
        for who, pair in (pairs.items() if isinstance(pairs, dict) else zip(("A1", "A2", "A3"), pairs, strict=False))
        if pair
    }
    return Position(rules=MADE_UP, month=9, members=MEMBERS[:members], counts=counts)


def test_who_is_below_the_average_and_what_it_would_bring():
    """180 of 260 are 69.2%; points begin at 60% and all 20 are earned at 85%.

    A2 needs 70 of 100 for 69.2% and has 60, A3 needs 42 of 60 and has 30. With them it is 202 of 260, 77.7%.
    """
    position = a_position({"SLD-01": [(90, 100), (60, 100), (30, 60)]})
    (found,) = weak_links(position)
    assert (found.indicator.code, found.held) == ("SLD-01", "")
    assert [link.achievement for link in found.links] == [Fraction(9, 10), Fraction(3, 5), Fraction(1, 2)]
    assert [(link.to_average, link.to_upper) for link in found.links] == [(0, 0), (10, 25), (12, 21)]
    # Most room to grow first.
    assert [link.member.code for link in found.below] == ["A3", "A2"]
    assert [link.member.code for link in found.there] == ["A1"]
    assert found.now.points == Fraction(20 * (180 * 100 - 60 * 260), 25 * 260)
    assert found.at_average.counts.numerator == 202
    assert found.at_average.points == Fraction(20 * (202 * 100 - 60 * 260), 25 * 260)
    # 7.3846 and 14.1538 points at £198.35, without list sizes.
    (found,) = weak_links(
        replace(position, members=tuple(replace(member, list_size=None) for member in position.members))
    )
    assert [found.now.value_gbp, found.at_average.value_gbp] == [Decimal("1464.74"), Decimal("2807.42")]
    assert found.gain == Decimal("1342.68")


def test_where_lower_is_better_fewer_patients_count():
    """40 of 200 are 20%; A1 has 30 of 100 and needs 10 fewer, which makes 15%, where all points are earned."""
    (found,) = weak_links(a_position({"SLD-02": [(30, 100), (10, 100)]}))
    assert [link.to_average for link in found.links] == [10, 0, None]
    assert (found.now.points, found.at_average.points) == (11, 22)


def test_what_is_done_or_not():
    (found,) = weak_links(a_position({"BIN-01": [(1, 1), (0, 1), (0, 1)]}))
    assert [link.member.code for link in found.below] == ["A2", "A3"]
    assert [link.member.code for link in found.there] == ["A1"]
    assert (found.now.points, found.at_average.points) == (0, 220)


def test_what_has_no_average_for_practices():
    position = a_position({"SLD-03": {"U1": (1, 1_000)}, "SLD-01": [(70, 100), None, (0, 0)], "SLD-05": [(90, 10)]})
    own = Counts(numerator=40, denominator=100, baseline_numerator=40, baseline_denominator=100)
    position = Position(rules=MADE_UP, month=9, members=MEMBERS[:3], counts={**position.counts, ("A1", "IMP-01"): own})
    found = {row.indicator.code: row for row in weak_links(position)}
    # SLD-05 is met, and nobody has counted the others.
    assert {code: row.held for code, row in found.items()} == {"SLD-01": "", "SLD-03": "PCN only", "IMP-01": "change"}
    # Nobody is in a practice without counts, or without patients.
    assert [(link.to_average, link.to_upper, link.is_there) for link in found["SLD-01"].links] == [
        (0, 15, False),
        (None, None, False),
        (None, None, False),
    ]
    assert found["SLD-03"].links == found["IMP-01"].links == ()
    assert found["IMP-01"].gain is None


counted = [row for row in SCORED if not row.needs_baseline]


@st.composite
def positions(draw):
    row = draw(st.sampled_from(counted))
    found = {}
    for member in MEMBERS[: draw(st.integers(1, 6))]:
        whole = draw(st.integers(0, 1) if row.scoring == "binary" else st.integers(0, 400))
        most = whole if row.unit.bounded else 40 * whole
        if draw(st.integers(0, 9)):
            found[member.code] = (draw(st.integers(0, most)), whole)
    return row, a_position({row.code: found}, members=6)


@given(positions())
def test_the_average_is_reached_with_no_patient_too_many(drawn):
    row, position = drawn
    whole = position.whole(row)
    for links in weak_links(position):
        average = Fraction(whole.numerator, whole.denominator)
        for link in links.links:
            own = position.of(link.member.code, row)
            if link.to_average and row.scoring != "binary":
                sign = 1 if row.better == "higher" else -1
                reached = [
                    Fraction(own.numerator + sign * more, own.denominator)
                    for more in (link.to_average, link.to_average - 1)
                ]
                assert [sign * share >= sign * average for share in reached] == [True, False]
            if link.to_average:
                assert link.to_average <= (left(row, own) or link.to_average)
        assert links.at_average.points >= links.now.points
        assert bool(links.below) or links.at_average == links.now


@given(positions(), st.sampled_from(["own gap", "list", "capacity", "equally"]), st.sampled_from(["upper", "lower"]))
def test_shares_add_up_to_what_the_pcn_needs(drawn, by, to):
    row, position = drawn
    for found in shares(position, by, to):
        now = position.reckoned[row.code]
        assert found.patients == (now.gap_to_upper if to == "upper" else now.gap_to_lower) > 0
        if by == "capacity" and row.scoring != "binary":
            assert (found.how, found.shares) == ("no hours", ())
            continue
        assert found.how == ("own gap" if row.scoring == "binary" else by)
        assert sum(share.patients or 0 for share in found.shares) == found.patients
        for share in found.shares:
            assert (share.patients is None) == (not position.of(share.member.code, row).denominator)


def test_to_average_of_nothing_is_nothing():
    row = MADE_UP.find("SLD-01")
    assert to_average(row, of(None, None), of(1, 2)) is None
    assert to_average(row, of(0, 0), of(1, 2)) is None
    assert to_average(row, of(1, 2), of(None, None)) is None


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return written(tmp_path_factory.mktemp("book") / "book.xlsx", engines.made("2025-26.v1"))


def test_the_command(book, capsys):
    code, out, err = ran(capsys, "weak-links", book)
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines() if line.strip() and "─" not in line]
    assert lines == WEAK_LINKS


def test_the_command_for_machines(book, capsys):
    code, out, err = ran(capsys, "weak-links", book, "--indicator", "can04", "--format", "csv")
    assert (code, err, out.splitlines()[:2]) == (0, "", CSV)
    _, out, _ = ran(capsys, "weak-links", book, "--indicator", "can04", "--format", "json")
    assert list(json.loads(out)[0]) == CSV[0].split(",")


def test_what_the_command_says_where_there_is_nothing(book, tmp_path, capsys):
    assert ran(capsys, "weak-links", book, "--indicator", "HI-33") == (
        11,
        "",
        "no indicator 'HI-33' in 2025-26.v1; nearest: HI-03\n",
    )
    empty = written(tmp_path / "empty.xlsx", engines.made("2025-26.v1", "empty"))
    assert ran(capsys, "weak-links", empty) == (0, "", "note: nothing has been counted yet\n")
    assert ran(capsys, "weak-links", empty, "--indicator", "HI-03") == (
        0,
        "",
        "note: HI-03: No data, so no practice holds the PCN below\n",
    )
    earlier = written(tmp_path / "earlier.xlsx", engines.made("2022-23.v2"))
    code, out, err = ran(capsys, "weak-links", earlier, "--indicator", "CVD-02")
    words = "paid for a change on a baseline, so there is no average to hold practices against"
    assert (code, out, err) == (0, "", f"note: CVD-02: {words}\n")


def test_shares_as_a_command(book, tmp_path, capsys):
    code, out, err = ran(capsys, "shares", book, "--indicator", "can-04", "--by", "equally")
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines() if line.strip() and "─" not in line]
    assert lines == SHARES
    _, out, _ = ran(capsys, "shares", book, "--by", "list", "--format", "csv")
    head, *rows = out.splitlines()
    assert head == "indicator,practice_code,patients"
    assert sum(int(row.split(",")[2]) for row in rows if row.startswith("CAN-04")) == 8
    # Without options it is as Practice gaps has it.
    of_lower = engines.content("2025-26.v1", "half-empty")
    of_lower = written(
        tmp_path / "lower.xlsx", make(replace(of_lower, sharing=Sharing(by="Equally", to="Lower threshold")))
    )
    by_switch = ran(capsys, "shares", of_lower, "--format", "csv")
    assert by_switch == ran(capsys, "shares", of_lower, "--by", "equally", "--to", "lower", "--format", "csv")
    assert by_switch[1] != ran(capsys, "shares", of_lower, "--by", "equally", "--to", "upper", "--format", "csv")[1]


def test_what_shares_say(book, tmp_path, capsys):
    assert ran(capsys, "shares", book, "--by", "capacity", "--indicator", "HI-03", "--format", "csv") == (
        0,
        "indicator,practice_code,patients\n",
        "note: without hours on Practices: X99001, X99002, X99003, X99004, X99005, X99006, X99007, X99008, X99009, X99010, "
        "X99011, X99012; nothing is shared out by capacity before\n",
    )
    assert ran(capsys, "shares", book, "--to", "lower") == (
        0,
        "",
        "note: the PCN needs no patients to the lower threshold\n",
    )
    empty = written(tmp_path / "empty.xlsx", engines.made("2025-26.v1", "empty"))
    assert ran(capsys, "shares", empty) == (0, "", "note: nothing has been counted yet\n")
    assert ran(capsys, "shares", book, "--indicator", "HI-33") == (
        11,
        "",
        "no indicator 'HI-33' in 2025-26.v1; nearest: HI-03\n",
    )
    earlier = written(tmp_path / "earlier.xlsx", engines.made("2022-23.v2"))
    assert ran(capsys, "shares", earlier, "--indicator", "CVD-02") == (
        0,
        "",
        "note: CVD-02: 257 patients are not shared out: no practice has an own gap; share by list, capacity or equally\n",
    )
    code, _, err = ran(capsys, "shares", earlier, "--indicator", "RESP-01", "--by", "equally")
    assert (code, err) == (0, "note: RESP-01: more than these practices have left: X99010 10 of 8\n")


def words(text):
    return [line.split() for line in text.strip().splitlines()]


WEAK_LINKS = words("""
U99901 Ashwater and Fernhill PCN: practices with most room to grow
indicator practice name achievement PCN patients to the average to the upper threshold
HI-03 X99004 Dovecote Health Centre 53.8% 63.0% 8 21
HI-03 X99003 Canal Street Practice 53.1% 63.0% 4 9
HI-03 X99006 Fernhill Family Practice 57.4% 63.0% 4 13
HI-03 X99001 Ashwater Surgery 58.8% 63.0% 3 15
HI-03 X99007 Green Lane Surgery 55.6% 63.0% 2 5
HI-03 X99011 Kiln Court Surgery 53.3% 63.0% 2 4
CAN-04 X99004 Dovecote Health Centre 71.4% 78.4% 6 8
CAN-04 X99006 Fernhill Family Practice 71.7% 78.4% 4 4
CAN-04 X99008 Harbour View Medical Centre 70.6% 78.4% 3 4
CAN-04 X99001 Ashwater Surgery 75.4% 78.4% 2 3
CAN-04 X99003 Canal Street Practice 72.7% 78.4% 2 3
HI-03: 6 practices short of the PCN's average, none at the upper yet; with those at the average 13.54 points instead of 5.39, £1,613.63 more
CAN-04: 5 practices short of the PCN's average, 6 at the upper threshold already: what works there may help; with those at the average 22.00 points instead of 19.65, £464.64 more
""")
CSV = [
    "indicator,practice_code,practice_name,achievement,pcn_achievement,patients_to_average,patients_to_upper,points,"
    "points_at_average,value_gbp,value_at_average_gbp",
    "CAN-04,X99004,Dovecote Health Centre,0.714285714286,0.784,6,8,19.653333333333,22,3891.36,4356",
]
SHARES = words("""
U99901 Ashwater and Fernhill PCN: patients to the upper threshold, shared out
indicator needed shared by practice name patients
CAN-04 8 equally X99001 Ashwater Surgery 1
X99002 Beacon Lane Medical Centre 1
X99003 Canal Street Practice 1
X99004 Dovecote Health Centre 1
X99005 Elm Grove Surgery 1
X99006 Fernhill Family Practice 1
X99007 Green Lane Surgery 1
X99008 Harbour View Medical Centre 1
""")
