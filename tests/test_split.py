"""The money between the practices: worked by hand, by law, in the cells of every ruleset, by three engines, by command."""

import csv
import io
import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.money import split_of
from iif_reckoner.desk.share import Asked, shared
from iif_reckoner.figures import split as sheet
from iif_reckoner.figures.working import split as working
from iif_reckoner.model import Counts
from iif_reckoner.package import Package
from iif_reckoner.plan import split as words
from iif_reckoner.plan.position import Member, Position
from iif_reckoner.plan.split import METHODS, split, without
from tests import workbook_engines as engines
from tests.test_cli import last, quick
from tests.workbook_engines import MADE_UP, PLACES, Found, spot

KEYS = [method.key for method in METHODS]
MIX = {"list": 0.2, "weighted": 0.1, "equal": 0.15, "points": 0.25, "closed": 0.1, "marginal": 0.2}
TYPED = {"costs": 1234.56, "minimum": 250.5, "blend": MIX}
RULES = rulesets.load("2025-26.v1")

COUNTED = {
    ("A", "HI-03"): (70, 100), ("B", "HI-03"): (40, 50), ("C", "HI-03"): (20, 50),
    ("A", "CAN-04"): (40, 50), ("B", "CAN-04"): (30, 40), ("C", "CAN-04"): (0, 10),
}  # fmt: skip
LISTS = {"A": (10_000, 11_000), "B": (6_000, Fraction("5500.5")), "C": (4_000, Fraction("3499.5"))}


def placed(counted=COUNTED, lists=LISTS, rules=RULES):
    return Position(
        rules=rules,
        month=1,
        members=tuple(Member(code=code, list_size=own, weighted_list=w) for code, (own, w) in lists.items()),
        counts={key: Counts(numerator=n, denominator=d) for key, (n, d) in counted.items()},
    )


def columns(found):
    return {column.method.key: column.pennies for column in found.columns}


def notes(found):
    return {column.method.key: column.note for column in found.columns if column.note}


# By hand


def test_worked_by_hand():
    """65% of HI-03 is 9 of 36 points, 70% of CAN-04 7 1/3 of 22: £1,782 and £1,452, less £234 for costs is £3,000."""
    found = split(placed(), costs=Fraction(234), minimum=Fraction(100))
    assert (found.pot, found.note) == (300_000, "")
    assert columns(found) == {
        "list": (150_000, 90_000, 60_000),
        # 825.075 and 524.925: the penny between them goes to the one that stands first.
        "weighted": (165_000, 82_508, 52_492),
        "equal": (100_000, 100_000, 100_000),
        # Alone A has 18 + 22 points, B 36 + 14.67, C none.
        "points": (132_348, 167_652, 0),
        # Beyond 60% A and B have 10 patients each; beyond 65% A has 7.5, B 4: £1,837.96 and £1,396.04.
        "closed": (170_497, 129_503, 0),
        # Without A nothing is won, without B £484, without C more than now.
        "marginal": (162_132, 137_868, 0),
        # £100 each, and £2,700 as 1,411.74 to 1,288.26 to 300.
        "blend": (137_057, 125_943, 37_000),
    }
    assert [without(placed(), member) for member in placed().members[:2]] == [0, 484]


def test_counts_of_the_whole_pcn_and_changes_go_by_list():
    """AC-02 and CVD-02 keep their points whoever leaves; what they won is shared by list."""
    rules = rulesets.load("2022-23.v2")
    rules = replace(rules, indicators=tuple(rules.find(code) for code in ("AC-02", "CVD-02")))
    now = replace(placed(rules=rules), counts={
        ("U00001", "AC-02"): Counts(numerator=1, denominator=1000, baseline_numerator=9, baseline_denominator=1000),
        **{(who, "CVD-02"): Counts(numerator=160, denominator=1000, baseline_numerator=140, baseline_denominator=1000)
           for who in LISTS},
    })  # fmt: skip
    found = columns(split(now))
    assert found["points"] is None
    assert found["closed"] == found["list"]
    assert sum(found["list"]) == 100 * now.won > 0
    assert without(now, now.members[0]) < now.won


def test_one_practice_has_it_all():
    now = placed({key: pair for key, pair in COUNTED.items() if key[0] == "B"}, {"B": LISTS["B"]})
    assert set(columns(split(now)).values()) == {(split(now).pot,)}


WORDS = {
    "no pounds": ({}, LISTS, {}, dict.fromkeys(KEYS, words.NO_POUNDS)),
    "no practices": (COUNTED, {}, {}, dict.fromkeys(KEYS, words.NO_PRACTICES)),
    "no list": (
        COUNTED,
        {**LISTS, "C": (None, None)},
        {},
        {
            "list": words.NEEDS_LIST,
            "weighted": words.NEEDS_WEIGHTED,
            "marginal": words.NEEDS_LIST,
            "blend": words.PART_MISSING,
        },
    ),
    "no points": (
        dict.fromkeys(COUNTED, (0, 10)),
        LISTS,
        {},
        {
            "points": words.NO_POINTS,
            "closed": words.NO_GAP,
            "marginal": words.NO_DIFFERENCE,
            "blend": words.PART_MISSING,
        },
    ),
    "parts": (COUNTED, LISTS, {"blend": {"list": Fraction(3, 4)}}, {"blend": words.PARTS_SUM}),
    "part": (COUNTED, LISTS, {"blend": {"list": Fraction(-1), "equal": Fraction(2)}}, {"blend": words.PARTS_WRONG}),
    "minimum": (COUNTED, LISTS, {"minimum": Fraction(1079)}, {"blend": words.MINIMUM_TOO_HIGH}),
}


@pytest.mark.parametrize("case", WORDS)
def test_what_is_missing_is_said_and_the_others_go_on(case):
    counted, lists, more, expected = WORDS[case]
    found = split(placed(counted, lists), **more)
    assert notes(found) == expected
    assert {key for key, own in columns(found).items() if own is None} == set(expected)


def test_costs_above_the_pounds_leave_nothing():
    found = split(placed(), costs=Fraction(3235))
    assert (found.pot, found.note) == (0, words.COSTS_TOO_HIGH)
    assert set(columns(found).values()) == {(0, 0, 0)}


# By law

COUNTS = st.integers(1, 400).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))
PARTS = st.lists(st.integers(0, 9), min_size=6, max_size=6).filter(any)


@settings(deadline=None, max_examples=60)
@given(data=st.data(), parts=PARTS)
def test_every_method_adds_up_to_the_penny(data, parts):
    who = [f"P{n}" for n in range(data.draw(st.integers(1, 6)))]
    lists = {
        code: (data.draw(st.integers(1, 20_000)), Fraction(data.draw(st.integers(1, 2_000_000)), 100)) for code in who
    }
    counted = {(code, row): data.draw(COUNTS) for code in who for row in RULES.codes if data.draw(st.booleans())}
    costs, least = Fraction(data.draw(st.integers(0, 900_000)), 100), Fraction(data.draw(st.integers(0, 9_000)), 100)
    tenths = [10_000 * part // sum(parts) for part in parts]
    tenths[0] += 10_000 - sum(tenths)
    blend = {key: Fraction(part, 10_000) for key, part in zip(KEYS, tenths, strict=False)}
    found = split(placed(counted, lists), costs=costs, minimum=least, blend=blend)
    for column in found.columns:
        assert (column.pennies is None) == (column.note != "")
        if column.pennies is not None:
            assert sum(column.pennies) == found.pot
            assert min(column.pennies) >= (100 * least if column.method.key == "blend" else 0)
    by = columns(found)
    if by["list"] is not None:
        ranked = sorted(zip((lists[code][0] for code in who), by["list"], strict=True))
        # A larger list never has less, but for the penny of a tie.
        assert all(one[1] <= other[1] + (one[0] == other[0]) for one, other in pairwise(ranked))
        assert max(by["equal"]) - min(by["equal"]) <= 1


# In the cells

YEARS = (*rulesets.ids(), MADE_UP)
SPOTS = [
    spot(figure.name, down)
    for figure in (*working.BOOK, *working.BY_PRACTICE)
    for down in range(PLACES[figure.name].area.height)
]


def content(ruleset, fill):
    of = engines.content(ruleset, fill)
    return replace(of, **TYPED) if fill == "full" else of


def opened(data):
    return Workbook(Package.from_bytes(data, "book.xlsx"))


def wrong(book, values):
    """Every cell of the split that is not the Python function's."""
    now, found = split_of(book)
    pounds = {"split_pounds": "" if found.pot is None else found.pot / 100, "split_note": found.note}
    for column in found.columns:
        key = column.method.key
        pounds[f"split_{key}_note"] = column.note
        for down in range(PLACES["practice"].area.height):
            own = column.pennies[down] if column.pennies is not None and down < len(found.members) else None
            by_list = found.columns[0].pennies
            pounds[f"split_{key}", down] = "" if own is None else own / 100
            if key != "list":
                more = None if own is None or by_list is None else own - by_list[down]
                pounds[f"split_{key}_more", down] = "" if more is None else more / 100
    return {
        at: (values[spot(*at) if isinstance(at, tuple) else spot(at)].value, expected)
        for at, expected in pounds.items()
        if values[spot(*at) if isinstance(at, tuple) else spot(at)].value != expected
    }


@pytest.fixture(scope="module", params=YEARS, ids=lambda year: year[-12:])
def books(request):
    return {fill: make(content(request.param, fill)) for fill in engines.FILLS}


def test_the_cells_are_the_functions(books):
    for fill, data in books.items():
        book = opened(data)
        values = engines.formula_values(book.package)
        assert wrong(book, values) == {}, fill
        shown = {place: found for place, found in values.items() if place[0] == "Split"}
        assert {found.kind for found in shown.values()} <= {"number", "text"}
        if fill == "full" and values[spot("split_pounds")].value > 0:
            assert {values[spot(f"split_{key}_note")].value for key in KEYS} == {""}


def tied():
    """Seven practices of one list: pennies are left over, and all remainders are alike."""
    of = engines.content("2025-26.v1")
    alike = tuple(replace(each, list_size=5_000, weighted_list=5_000.5) for each in of.practices[:7])
    return replace(of, practices=alike)


SAID = {
    "costs": [(-5, words.COSTS_WRONG, "split_note"), ("many", words.COSTS_WRONG, "split_note"),
              (10**7, words.COSTS_TOO_HIGH, "split_note")],
    "minimum": [(-5, words.MINIMUM_WRONG, "split_blend_note"), ("some", words.MINIMUM_WRONG, "split_blend_note"),
                (10**6, words.MINIMUM_TOO_HIGH, "split_blend_note")],
    "blend_list": [(0.7, words.PARTS_SUM, "split_blend_note"), (-0.5, words.PARTS_WRONG, "split_blend_note"),
                   ("half", words.PARTS_WRONG, "split_blend_note"), (50, words.PARTS_WRONG, "split_blend_note"),
                   (None, words.PARTS_SUM, "split_blend_note")],
}  # fmt: skip


@pytest.mark.parametrize("name", SAID)
def test_what_is_typed_wrong_is_said_and_nothing_is_an_error(name):
    source = engines.package("2025-26.v1")
    cached = engines.formula_values(source)
    wanted = [place for place in cached if place[0] == "Split"] + SPOTS
    for value, said, where in SAID[name]:
        found = engines.typed_in_formualizer(source, {spot(name): value}, wanted)
        assert found[spot(where)] == Found("text", said), value
        assert [place for place in wanted if found[place].kind == "error"] == []


# Inputs


def test_what_is_typed_comes_back_and_goes_on():
    of = content("2022-23.v2", "full")
    assert opened(make(of)).content() == of
    cleared = replace(of, blend={}, minimum=None)
    assert opened(make(cleared)).content() == cleared


def test_masked_counts_do_not_come_out_of_the_money():
    of = content("2022-23.v2", "full")
    of = replace(of, counts={key: pair for key, pair in of.counts.items() if key[2] <= 9})
    cells = {cell.address: cell.value for cell in shared(of, Asked(suppress=True)).package.cells("Split")}
    row = next(int(at[1:]) for at, value in cells.items() if at[0] == "A" and value == "Ashwater Surgery")
    masked = {letter for letter in "DEFGHIJ" if cells[f"{letter}{row}"] == "*"}
    assert masked == set("GHIJ")
    assert cells["B4"] != "*"


# The command


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("split") / "book.xlsx"
    of = engines.content("2025-26.v1")
    lists = {"X99001": 10_000, "X99002": 6_000, "X99003": 4_000}
    weighted = {"X99001": 11_000.0, "X99002": 5_500.5, "X99003": 3_499.5}
    path.write_bytes(
        make(
            replace(
                of,
                practices=tuple(
                    replace(each, list_size=lists[each.code], weighted_list=weighted[each.code])
                    for each in of.practices[:3]
                ),
                counts={(f"X9900{'ABC'.index(who) + 1}", what, 1): pair for (who, what), pair in COUNTED.items()},
                costs=234.0,
                minimum=100.0,
            )
        )
    )
    return path


NOTE = "note: the pounds won by the end of Apr 2025, £3,234.00; not a forecast\n"


def test_for_people(book):
    found = quick("split", book)
    assert (found.returncode, found.stderr) == (0, NOTE)
    lines = [line.split() for line in found.stdout.splitlines() if line.strip()]
    assert (
        lines[0]
        == (
            "practice name list By list By weighted list In equal parts By points earned By gap closed "
            "By difference made Blend"
        ).split()
    )
    assert [" ".join(line) for line in lines[2:]] == [
        "X99001 Ashwater Surgery 10,000 £1,500.00 £1,650.00 £1,000.00 £1,323.48 £1,704.97 £1,621.32 £1,370.57",
        "X99002 Beacon Lane Medical Centre 6,000 £900.00 £825.08 £1,000.00 £1,676.52 £1,295.03 £1,378.68 £1,259.43",
        "X99003 Canal Street Practice 4,000 £600.00 £524.92 £1,000.00 £0.00 £0.00 £0.00 £370.00",
        "all £3,000.00 £3,000.00 £3,000.00 £3,000.00 £3,000.00 £3,000.00 £3,000.00",
    ]


def test_for_machines_with_other_costs_and_minimum(book):
    found = quick("split", book, "--costs", "0", "--minimum", "0", "--method", "list", "--method", "blend",
                  "--format", "csv")  # fmt: skip
    assert found.stdout == (
        "method,practice_code,value_gbp\nlist,X99001,1617\nlist,X99002,970.2\nlist,X99003,646.8\n"
        "blend,X99001,1521.85\nblend,X99002,1388.75\nblend,X99003,323.4\n"
    )
    rows = json.loads(quick("split", book, "--method", "equal", "--format", "json").stdout)
    assert rows == [{"method": "equal", "practice_code": f"X9900{n}", "value_gbp": 1000} for n in (1, 2, 3)]
    every = list(csv.DictReader(io.StringIO(quick("split", book, "--format", "csv").stdout)))
    assert {
        key: sum(round(100 * float(row["value_gbp"])) for row in every if row["method"] == key) for key in KEYS
    } == (dict.fromkeys(KEYS, 300_000))


@pytest.mark.parametrize(
    ("more", "code", "line"),
    [
        (["--costs", "1,500"], 12, "--costs: '1,500' is no amount; write pounds from 0 up, such as 1500"),
        (["--minimum", "-1"], 12, "--minimum: '-1' is no amount; write pounds from 0 up, such as 1500"),
        (
            ["--method", "lists"],
            11,
            "no method 'lists'; nearest: list; write one of list, weighted, equal, points, closed, marginal, blend",
        ),
    ],
)
def test_wrong_options_are_one_line(book, more, code, line):
    assert last(quick("split", book, *more), code) == line


def test_wrong_cells_are_one_line(book, tmp_path):
    source = Package.open(book)
    for name, value, line in (
        ("costs", -5, "book.xlsx: Split, Costs to take off first: -5; write pounds from 0 up, such as 1500"),
        ("minimum", -5, "book.xlsx: Split, Minimum for each practice: -5; write pounds from 0 up, such as 1500"),
        ("blend_equal", "half", "book.xlsx: Split B11: 'half' is not a number; write a number, without commas"),
    ):
        path = tmp_path / "book.xlsx"
        path.write_bytes(engines.changed(source, {spot(name): value}))
        assert last(quick("split", path), 12) == line


def test_what_is_blank_is_noted(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(engines.made("2022-23.v2", "half-empty"))
    found = quick("split", path, "--method", "weighted", "--method", "equal")
    assert (found.returncode, found.stderr.splitlines()[1:]) == (
        0, ["note: By weighted list: left blank: it needs the weighted list of every practice."]
    )  # fmt: skip
    path.write_bytes(engines.made("2022-23.v2", "empty"))
    found = quick("split", path)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", f"note: {words.NO_POUNDS}\n")
    assert sheet.COSTS in {cell.value for cell in Package.open(path).cells("Split")}
