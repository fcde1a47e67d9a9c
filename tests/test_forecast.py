"""The end of the year: worked cases, laws, made-up years, and the same in every cell of every template."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import forecast as tried
from iif_reckoner import rulesets
from iif_reckoner.build import make
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.figures.content import Pasted, Switches
from iif_reckoner.model import Counts
from iif_reckoner.package import Package, charts
from iif_reckoner.plan import forecast as plan
from iif_reckoner.plan.forecast import CASES, SHAPES, forecasts, nearest, total, year_end
from iif_reckoner.plan.position import Position
from iif_reckoner.scheme_year import MONTHS
from tests import workbook_engines as engines
from tests.desk_books import content, ran, written
from tests.strategies import MADE_UP as INVENTED
from tests.workbook_engines import FILLS, MADE_UP, Found, is_exactly, is_number, spot

APRIL, MAY, JUNE, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER, MARCH = 1, 2, 3, 5, 6, 7, 8, 9, 12


def counted(numerator, denominator):
    return Counts(numerator=numerator, denominator=denominator)


def at(month, code, numerator, denominator, ruleset="2022-23.v2"):
    counts = {("U1", code): counted(numerator, denominator)}
    return Position(rules=rulesets.load(ruleset), month=month, members=(), counts=counts)


def seen(*arguments, before=None, **named):
    found = forecasts(at(*arguments, **named), before)
    return next(each for each in found if each.code == arguments[1])


# Worked by hand


WORKED = [
    # 85 of 100 done, give or take 60 x 85 x 15 / 10,000 = 7.65: 700 / 0.93, / 0.85, / 0.77.
    ("VI-02", NOVEMBER, 700, 1_000, None, (1_000, (753, 824, 909))),
    # 48 of 100, give or take 14.98: 193 / 0.63, / 0.48, / 0.33 = 585, of whom there are 508.
    ("HI-01", NOVEMBER, 193, 508, None, (508, (306, 402, 508))),
    # The trend of 30 in three months would bring 30 in three more, and half of it is likely; 900 x 0.005 x 3 = 13.5.
    ("HI-02", DECEMBER, 900, 1_000, (870, 1_000), (1_000, (886, 915, 944))),
    # It falls: (900 x 960 - 930 x 1,000) / 960 = -68.75 in three months, of a register that grew.
    ("HI-02", DECEMBER, 900, 1_000, (930, 960), (1_000, (817, 865, 914))),
    # Nothing is known of three months before.
    ("HI-02", MAY, 900, 1_000, None, (1_000, (855, 900, 945))),
    # Both sides by 67 of 100: 746.27 and 405.97; 406 x 0.005 x 4 = 8.12.
    ("CAN-01", NOVEMBER, 272, 500, None, (746, (398, 406, 414))),
    # 50 of 100, give or take 15; more than the patients there are is possible here.
    ("ACC-09", SEPTEMBER, 4_000, 5_000, None, (5_000, (6_154, 8_000, 11_429))),
    # 60 x 58 x 42 / 10,000 = 14.6: 290 / 0.73, / 0.58, / 0.43.
    ("CVD-04", OCTOBER, 290, 2_000, None, (2_000, (397, 500, 674))),
    # What is all done stays done.
    ("VI-02", MARCH, 812, 1_000, (800, 1_000), (1_000, (812, 812, 812))),
    ("HI-02", MARCH, 900, 1_000, (930, 960), (1_000, (900, 900, 900))),
]


@pytest.mark.parametrize(("code", "month", "numerator", "denominator", "earlier", "expected"), WORKED)
def test_worked_by_hand(code, month, numerator, denominator, earlier, expected):
    indicator = rulesets.load("2022-23.v2").find(code)
    assert year_end(indicator, numerator, denominator, month, earlier and counted(*earlier)) == expected


def test_what_is_done_once_may_yet_be_done_by_all():
    once = INVENTED.find("BIN-01")
    assert year_end(once, 9, 12, NOVEMBER) == (12, (9, 9, 12))
    assert year_end(once, 9, 12, MARCH) == (12, (9, 9, 9))


def test_points_pounds_and_patients_of_a_forecast():
    """402 of 508 are 79.1%, of the way from 60% to 80% that is 95.7%: 34.44 of 36 points."""
    found = seen(NOVEMBER, "HI-03", 193, 508, ruleset="2025-26.v1")
    assert [row.counts.numerator for row in found.cases] == [306, 402, 508]
    assert found.likely.points == 36 * (Fraction(402, 508) - Fraction(60, 100)) / Fraction(20, 100)
    assert [round(float(row.points), 2) for row in found.cases] == [0.43, 34.44, 36]
    assert found.words == "Yearly checks: most in the last quarter"


def test_where_lower_is_better_the_low_case_has_the_larger_numerator():
    found = seen(DECEMBER, "ES-01", 400, 1_000)
    low, likely, high = (row.counts.numerator for row in found.cases)
    assert low > likely > high
    points = [row.points for row in found.cases]
    assert points == sorted(points)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((AUGUST, "VI-02", 300, 1_000), "Too early to tell"),
        ((SEPTEMBER, "VI-02", 300, 1_000), "Too early to tell"),
        ((OCTOBER, "VI-02", 300, 1_000), "Flu: from September to March"),
        ((AUGUST, "HI-01", 100, 500), "Too early to tell"),
        ((SEPTEMBER, "HI-01", 100, 500), "Yearly checks: most in the last quarter"),
        ((MAY, "PC-01", 100, 500), "Too early to tell"),
        ((JUNE, "PC-01", 100, 500), "Adds up evenly"),
        ((DECEMBER, "PC-01", 0, 500), "Too early to tell"),
        ((APRIL, "HI-02", 0, 500), "Stands, and moves slowly"),
        ((NOVEMBER, "CVD-04", 10, 500), "Season not known: straight line"),
        ((NOVEMBER, "HI-02", None, None), "No figures yet"),
        ((NOVEMBER, "HI-02", 0, 0), "No patients"),
    ],
)
def test_words_and_whether_there_are_numbers(arguments, words):
    found = seen(*arguments)
    assert found.words == words
    told = words not in ("Too early to tell", "No figures yet", "No patients")
    assert [row is not None for row in found.cases] == [told] * 3


def test_the_total_is_of_those_that_can_be_told():
    now = at(AUGUST, "HI-02", 900, 1_000)
    now = replace(now, counts={**now.counts, ("U1", "VI-02"): counted(5, 100), ("U1", "CVD-03"): counted(60, 100)})
    found = forecasts(now)
    for case, row in zip(CASES, zip(*(each.cases for each in found if each.likely), strict=True), strict=True):
        assert total(found, case).points == sum(each.points for each in row)
        assert total(found, case).value_gbp == sum(each.value_gbp for each in row)
    none = total(forecasts(at(AUGUST, "VI-02", 5, 100)), "likely")
    assert (none.points, none.value_gbp) == (None, None)


# Laws

_MONTH = st.integers(1, MONTHS)


@st.composite
def told(draw):
    indicator = draw(st.sampled_from(INVENTED.indicators))
    season = draw(st.sampled_from([None, *(name for name in SHAPES if name != plan.NOT_KNOWN)]))
    denominator = draw(st.integers(1, 200_000))
    numerator = draw(st.integers(0, denominator if indicator.unit.bounded else 20 * denominator))
    month = draw(_MONTH.filter(lambda month: SHAPES[season or plan.NOT_KNOWN].done[month - 1] >= plan.EARLIEST))
    before = draw(st.none() | st.builds(counted, st.integers(0, 200_000), st.integers(0, 200_000)))
    return replace(indicator, season=season), numerator, denominator, month, before


@given(told())
def test_the_range_holds_the_likely_and_nothing_impossible(case):
    indicator, numerator, denominator, month, before = case
    end, (fewest, likely, most) = year_end(indicator, numerator, denominator, month, before)
    assert 0 <= fewest <= likely <= most
    assert end >= denominator
    if indicator.unit.bounded:
        assert most <= end
    if indicator.season not in ("flat", "rate"):
        assert fewest >= numerator
    if month == MONTHS:
        assert (end, fewest, likely, most) == (denominator, numerator, numerator, numerator)


@given(told(), st.integers(1, 1_000))
def test_who_has_done_more_ends_with_no_less(case, more):
    indicator, numerator, denominator, month, before = case
    if indicator.season == "flat" or (indicator.unit.bounded and numerator + more > denominator):
        return
    one, other = (year_end(indicator, done, denominator, month, before)[1] for done in (numerator, numerator + more))
    assert all(ours <= theirs for ours, theirs in zip(one, other, strict=True))


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_nearest_is_half_away_from_zero(top, bottom):
    found, exact = nearest(top, bottom), Fraction(top, bottom)
    assert abs(found - exact) <= Fraction(1, 2)
    if abs(found - exact) == Fraction(1, 2):
        assert abs(found) > abs(exact)


def test_every_season_has_twelve_months_that_never_fall():
    for name, shape in SHAPES.items():
        assert len(shape.done) == MONTHS, name
        assert list(shape.done) == sorted(shape.done), name
        assert shape.done[-1] == 100, name


def test_every_indicator_has_a_season_but_those_that_nobody_can_tell():
    unsaid = {row.code for ruleset in rulesets.load_all() for row in ruleset.indicators if row.season is None}
    assert unsaid == {"CVD-04"}


# Made-up years


@pytest.mark.parametrize("kind", tried.KINDS, ids=lambda kind: kind.season)
def test_the_forecast_beats_a_straight_line_on_made_up_years(kind):
    assert rulesets.load(tried.RULESET).find(kind.code).season == kind.season
    found = list(tried.tried(kind, 60))
    ours, naive = tried.overall(found)
    assert ours < naive / 2
    assert all(row.ours < row.naive for row in found if row.ours is not None)
    assert all(row.held > 0.4 for row in found if row.held is not None)


# The sheets


def shown_at(of, month):
    return replace(of, switches=replace(of.switches, month=of.months[month - 1]))


def package(of):
    return Package.from_bytes(make(of), "book.xlsx")


def worked_out(made):
    book = Workbook(made)
    now = position(book)
    return forecasts(now, position(book, now.month - plan.LOOK_BACK) if now.month > plan.LOOK_BACK else None)


FIELDS = (
    ("num", is_exactly, lambda row: row.counts.numerator),
    ("achievement", is_number, lambda row: row.achievement),
    ("points", is_number, lambda row: row.points),
    ("value", is_exactly, lambda row: row.value_gbp),
)


def against(found, values):
    """Return every figure of the end of the year that the pure sums do not give."""
    return [*against_indicators(found, values), *against_totals(found, values)]


def against_indicators(found, values):
    wrong = []
    blank = plan.Forecast(code="", words="")
    for down in range(engines.PLACES["code"].area.height):
        own = found[down] if down < len(found) else blank
        if values[spot("end_words", down)] != Found("text", own.words):
            wrong.append(("words", down, values[spot("end_words", down)], own.words))
        for case, row in zip(CASES, own.cases, strict=True):
            for name, holds, of in FIELDS:
                cell, value = values[spot(f"end_{name}_{case}", down)], row and of(row)
                if not holds(cell, value):
                    wrong.append((name, case, down, cell, value))
        den = values[spot("end_den", down)]
        if not is_exactly(den, own.likely and own.likely.counts.denominator):
            wrong.append(("den", down, den))
    return wrong


def against_totals(found, values):
    wrong = []
    for case in CASES:
        sums = total(found, case)
        for name, value in (("points", sums.points), ("value", sums.value_gbp)):
            if not is_number(values[spot(f"end_total_{name}_{case}")], value):
                wrong.append(("total", name, case, value))
    for name, count in (
        ("end_told_rows", sum(each.likely is not None for each in found)),
        ("end_early_rows", sum(each.words == plan.TOO_EARLY for each in found)),
    ):
        if values[spot(name)] != Found("number", count):
            wrong.append((name, values[spot(name)], count))
    return wrong


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("ruleset", [*rulesets.ids(), MADE_UP], ids=lambda name: name[-12:])
def test_cells_are_the_pure_sums(ruleset, fill):
    of = engines.content(ruleset, fill)
    made = package(shown_at(of, NOVEMBER) if fill == "full" else of)
    values = engines.formula_values(made)
    assert against(worked_out(made), values) == []
    if fill == "empty":
        words = {values[spot("end_words", down)].value for down in range(len(of.ruleset.indicators))}
        assert words == {"No figures yet"}


@pytest.mark.parametrize("month", range(1, 13))
def test_in_every_month(month):
    made = package(shown_at(engines.content(MADE_UP), month))
    found = worked_out(made)
    assert against(found, engines.formula_values(made)) == []
    if month == MARCH:
        now = position(Workbook(made)).reckoned
        assert all(row == now[each.code] for each in found for row in each.cases if row is not None)


def test_where_each_month_is_counted_alone_and_from_paste():
    of = replace(engines.content(MADE_UP), switches=Switches(counting="In month"))
    counts = {key: pair for key, pair in of.counts.items() if key[2] < DECEMBER}
    rows = tuple(
        Pasted(practice=who, indicator=what, measure=kind, value=value)
        for (who, what, month), pair in of.counts.items()
        if month == DECEMBER
        for kind, value in zip(("Numerator", "Denominator"), pair, strict=True)
    )
    made = package(replace(of, counts=counts, pasted=rows, pasted_month=of.months[DECEMBER - 1]))
    assert against(worked_out(made), engines.formula_values(made)) == []


def ends(made):
    cached = engines.formula_values(made)
    area = [
        PLACES for name, PLACES in engines.PLACES.items() if name.startswith(("end_", "earlier_", "trend_forecast"))
    ]
    own = {
        (place.area.sheet.title, place.area.row + down, place.area.column + right)
        for place in area
        for down in range(place.area.height)
        for right in range(place.area.width)
    }
    return {place: found for place, found in cached.items() if place in own or place[0] == "Trend"}


def test_a_count_that_is_none_has_no_forecast_and_no_error():
    of = engines.content(MADE_UP)
    made = package(of)
    cells = {engines.count_spot(of, of.practices[0].code, "SLD-01", MARCH): 12.5}
    values = engines.typed_in_formualizer(made, cells, ends(made))
    assert values[spot("end_words")] == Found("text", "See Checks")
    way = {spot("trend_forecast", 0, right) for right in range(MONTHS)}
    kinds = {found.kind for place, found in values.items() if place[0] == "Working" and place not in way}
    assert kinds == {"number", "text"}
    assert values[spot("end_total_value_likely")].kind == "number"


def test_the_chart_goes_on_from_the_newest_month_to_the_likely_end():
    made = package(shown_at(engines.content("2022-23.v2"), NOVEMBER))
    values = engines.formula_values(made)
    way = [values[spot("trend_forecast", 0, right)] for right in range(MONTHS)]
    assert [point.kind for point in way] == ["error"] * 7 + ["number"] * 5
    assert way[NOVEMBER - 1].value == pytest.approx(values[spot("trend_achievement", 0, NOVEMBER - 1)].value)
    assert way[-1].value == pytest.approx(100 * values[spot("end_achievement_likely")].value)
    # December has 93 of 100, November 85: 8 of the 15 that are left.
    assert (way[8].value - way[7].value) / (way[11].value - way[7].value) == pytest.approx(8 / 15)
    area = engines.PLACES["trend_forecast"].area.absolute.replace("Working!", "'Working'!")
    assert [area in chart.references for chart in charts(made, "Trend")] == [False, False, True]


def test_the_sheet_says_how_each_is_told_and_what_the_seasons_are():
    made = package(shown_at(engines.content("2025-26.v1"), NOVEMBER))
    cells = {cell.address: cell.value for cell in made.cells("Trend")}
    rows = {cells.get(f"A{row}"): row for row in range(1, 80)}
    head = rows["At the end of the year"] + 3
    assert [cells[f"{column}{head}"] for column in "ABCDN"] == [
        "Indicator", "How it is told", "Done: low", "Done: likely", "£: high",
    ]  # fmt: skip
    assert [cells[f"{column}{head + 1}"] for column in "AB"] == ["All", "2 can be told; too early for 0"]
    assert [cells[f"{column}{head + 2}"] for column in "ABCDE"] == [
        "HI-03", "Yearly checks: most in the last quarter", 306, 402, 508,
    ]  # fmt: skip
    first = rows["flu"]
    assert [cells[f"{column}{first}"] for column in "CHIN"] == [0, 20, 70, 100]
    assert [cells[f"A{first + down}"] for down in range(len(SHAPES))] == [name.replace("_", " ") for name in SHAPES]


# The command


def book(tmp_path, months=NOVEMBER, **named):
    return written(tmp_path / "book.xlsx", make(content(months, macros=False, **named)))


NOTE = "note: the seasons are our own reading of the indicators and have not been tried on real months\n"


def test_the_command(tmp_path, capsys):
    code, out, err = ran(capsys, "forecast", book(tmp_path))
    lines = [line.split("  ") for line in out.splitlines() if line.strip() and "─" not in line]
    assert (code, err) == (0, NOTE)
    assert [[cell.strip() for cell in line if cell.strip()] for line in lines] == [
        ["U99901 Ashwater and Fernhill PCN: the end of the year, seen from Nov 2025"],
        ["indicator", "how it is told", "done", "achievement", "points", "£"],
        [
            *("HI-03", "Yearly checks: most in the last quarter", "402 (306 to 508)", "79.1% (60.2% to 100%)"),
            *("34.44 (0.43 to 36)", "£6,819 (£84 to £7,128)"),
        ],
        [
            *("CAN-04", "A rate: both sides add up evenly", "406 (398 to 414)", "54.4% (53.4% to 55.5%)", "0", "£0"),
        ],
        ["2 of 2 indicators can be told; likely 34.44 points, £6,819.31"],
        ["All lows together 0.43 points, £84.19; all highs 36 points, £7,128.00"],
    ]


def test_the_command_for_machines_and_for_one_indicator(tmp_path, capsys):
    path = book(tmp_path)
    code, out, err = ran(capsys, "forecast", path, "--indicator", "can04", "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out) == [
        {
            "indicator": "CAN-04",
            "season": "rate",
            "how": "A rate: both sides add up evenly",
            "month": "Nov 2025",
            "numerator": 272,
            "denominator": 500,
            "end_denominator": 746,
            "numerator_low": 398,
            "numerator_likely": 406,
            "numerator_high": 414,
            "achievement_low": 0.533512064343,
            "achievement_likely": 0.544235924933,
            "achievement_high": 0.554959785523,
            "points_low": 0,
            "points_likely": 0,
            "points_high": 0,
            "value_gbp_low": 0,
            "value_gbp_likely": 0,
            "value_gbp_high": 0,
        }
    ]
    path = book(tmp_path, months=AUGUST)
    code, out, err = ran(capsys, "forecast", path, "--indicator", "HI-03", "--format", "csv")
    assert out.splitlines()[1] == "HI-03,back_loaded,Too early to tell,Aug 2025,108,508,,,,,,,,,,,,,"
    _, out, _ = ran(capsys, "forecast", path, "--indicator", "HI-03")
    assert out.splitlines()[-1].strip() == "0 of 1 indicators can be told"


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    path = book(tmp_path)
    assert ran(capsys, "forecast", path, "--indicator", "CAN-05") == (
        11, "", "no indicator 'CAN-05' in 2025-26.v1; nearest: CAN-04\n",
    )  # fmt: skip
    path = book(tmp_path, months=0)
    assert ran(capsys, "forecast", path) == (
        12, "", "book.xlsx: Counts holds no figures yet; fill in a month first\n",
    )  # fmt: skip
    code, out, err = ran(capsys, "forecast", tmp_path / "none.xlsx")
    assert (code, out) == (13, "")
    assert err.startswith("none.xlsx") or "none.xlsx" in err


def test_assumed_figures_are_named(tmp_path, capsys):
    _, _, err = ran(capsys, "forecast", book(tmp_path, ruleset="2026-27.v1"))
    assert err == "note: reckoned with assumed figures of 2025-26.v1\n" + NOTE
