"""Masked counts: read back from the shared file alone, no arithmetic of what is shown gives one of them away."""

import random
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from iif_reckoner import rulesets
from iif_reckoner.desk.share import Asked, shared
from iif_reckoner.desk.suppress import Masks, few, masks
from iif_reckoner.desk.suppress_money import TYPED
from iif_reckoner.desk.suppress_working import AVERAGES, PLANNED, SHARED_OUT
from iif_reckoner.figures import book, counts
from iif_reckoner.figures.content import Content, Practice, Switches
from iif_reckoner.figures.practice_gaps import TABLES
from iif_reckoner.figures.working import cash, compared, forecast, split
from iif_reckoner.figures.working import sheet as working
from iif_reckoner.package import column_letters
from tests import workbook_engines as engines

RULESET = "2022-23.v2"
PLACES = book.places()
MASKED = ("<8", "*")
COUNTED = {"pairs", "numerator", "denominator", "base_num", "base_den"}
"""The inputs that are counts of practices and patients."""

OPEN = {
    # What is counted here are months, practices and figures, or it is a word that says whether there are some.
    *("month_used", "latest", "month", "row_stray", "row_twice", "row_fraction"),
    # The chart of Trend shows rules here, and that it shows a change.
    *("trend_sign", "trend_place", "trend_factor", "trend_lower", "trend_upper"),
    # A copy has no rows on Paste: what they hold has gone into Counts.
    *("pasted_num", "pasted_den", "pasted_note"),
    # When actions are due, seen from the shown month, and which practices have figures at all.
    *("agenda_after", "agenda_next", "agenda_shown", "action_when", "agenda_silent"),
}


class Attack:
    """What a reader of the file knows: cells that hold numbers, masks, and how the workbook adds up."""

    def __init__(self, content, package):
        self.content = content
        self.in_month = content.switches.counting == "In month"
        self.cells = {
            (title, cell.row, cell.column): cell.value
            for title in ("Counts", "Working")
            for cell in package.cells(title)
        }
        self.rows = [(key[0], key[2]) for key in counts.keys(content)]
        self.month = int(self.at("month"))

    def at(self, name, down=0, right=0):
        area = PLACES[name].area
        return self.cells.get((area.sheet.title, area.row + down, area.column + right))

    def count(self, who, what, month, side):
        row = self.rows.index((who, what))
        if month:
            return self.at("pairs", row, 2 * (month - 1) + side)
        return self.at("base_den" if side else "base_num", row)

    def whose(self, what):
        return [who for who, code in self.rows if code == what]

    def members(self, what, month):
        """Whose counts are in the sum of a month: those who have both, and a baseline where somebody has one."""
        whose = self.whose(what)
        counted = [p for p in whose if None not in (self.count(p, what, month, 0), self.count(p, what, month, 1))]
        based = [p for p in counted if None not in (self.count(p, what, 0, 0), self.count(p, what, 0, 1))]
        compared = next(row for row in self.content.ruleset.indicators if row.code == what).needs_baseline
        return based if compared and based else counted

    def equations(self, what):
        """Sums with cells and what they come to: a number, or the name of what is masked itself."""
        down = self.content.ruleset.codes.index(what)
        of_side = ("num", "den")
        for side, name in enumerate(of_side):
            for month in range(1, 13):
                cells = [
                    (p, what, m, side)
                    for m in (range(1, month + 1) if self.in_month else (month,))
                    for p in self.members(what, m)
                ]
                yield cells, self.at(f"month_{name}", down, month - 1)
                if month == self.month:
                    yield cells, self.at(name, down)
                base = [(p, what, 0, side) for p in self.members(what, month)]
                compared = self.at(f"month_b{name[0]}", down, month - 1)
                if compared not in (None, ""):
                    yield base, compared
            for row, (who, code) in enumerate(self.rows):
                if code == what:
                    months = range(1, self.month + 1) if self.in_month else (self.month,)
                    own = [(who, what, m, side) for m in months]
                    yield own, self.at(f"row_{name}", row)
                    if who != self.content.pcn_code:
                        yield own, self.at(f"practice_{name}", self._practice(who), down)

    def _practice(self, who):
        return [practice.code for practice in self.content.practices].index(who)

    def linear(self, what):
        """All equations whose result is shown, over masked cells: coefficients and what they come to."""
        found = []
        for cells, result in self.equations(what):
            if isinstance(result, int | float):
                found.append(self._known(dict.fromkeys(cells, Fraction(1)), Fraction(result)))
        # Achievement and what is still needed say of the numerator what the denominator says, and the other way round.
        down = self.content.ruleset.codes.index(what)
        months = range(1, self.month + 1) if self.in_month else (self.month,)
        for who in self.whose(what):
            if who == self.content.pcn_code:
                continue
            share = self.at("practice_achievement", self._practice(who), down)
            gap = self.at("practice_gap", self._practice(who), down)
            own = [{(who, what, m, side): Fraction(1) for m in months} for side in (0, 1)]
            if isinstance(share, int | float):
                share = Fraction(share).limit_denominator(10**7)
                found.append(self._known({**own[0], **dict.fromkeys(own[1], -share)}, Fraction(0)))
            if isinstance(gap, int | float):
                found += [self._known(side, Fraction(0)) for side in own]
        return found

    def _known(self, terms, result):
        """Take out what is shown."""
        left = {}
        for (who, what, month, side), factor in terms.items():
            value = self.count(who, what, month, side)
            if value in MASKED:
                left[who, what, month, side] = factor
            elif isinstance(value, int | float):
                result -= factor * Fraction(value)
        return left, result

    def determined(self, what):
        """The masked cells that the equations leave one value for: unit rows of the reduced system."""
        rows = [dict(terms) for terms, _ in self.linear(what) if terms]
        reduced = []
        for row in rows:
            for pivot, other in reduced:
                if pivot in row:
                    _subtract(row, other, row[pivot])
            if row:
                pivot = next(iter(row))
                factor = row[pivot]
                whole = {cell: value / factor for cell, value in row.items()}
                for _, other in reduced:
                    if pivot in other:
                        _subtract(other, whole, other[pivot])
                reduced.append((pivot, whole))
        return [pivot for pivot, row in reduced if len(row) == 1]

    def narrowed(self, what):
        """Counts under 8 of which a single sum says more than that, whoever knows how masking works."""
        found = []
        for terms, result in self.linear(what):
            if any(factor != 1 for factor in terms.values()):
                continue
            for cell in terms:
                if self.count(*cell) == "<8":
                    others = [self.domain(other, most=int(result)) for other in terms if other != cell]
                    reach = _reach(others, int(result))
                    possible = {guess for guess in self.domain(cell, 7) if int(result) - guess in reach}
                    if possible != set(self.domain(cell, 7)):
                        found.append((cell, sorted(possible)))
        return found

    def domain(self, cell, most):
        if self.count(*cell) == "*":
            return [0, *range(8, most + 1)]
        return range(1, 8)


def _subtract(row, other, factor):
    for cell, value in other.items():
        row[cell] = row.get(cell, Fraction(0)) - factor * value
        if not row[cell]:
            del row[cell]


def _reach(domains, most):
    """Every sum up to `most` that can be made of one number from each domain."""
    reach = 1
    for domain in domains:
        reach = sum_of(reach, domain) & ((1 << most + 1) - 1)
    return {place for place in range(most + 1) if reach >> place & 1}


def sum_of(reach, domain):
    """Sets of numbers as bits: what is reached, moved on by each number of a domain."""
    found = 0
    for number in domain:
        found |= reach << number
    return found


def attacked(content):
    made = shared(content, Asked(suppress=True))
    return Attack(content, made.package), made


def check(content):
    attack, made = attacked(content)
    small = few(content)
    shown = {count for count in small if attack.count(*count) not in MASKED}
    assert not shown, "counts under 8 that are shown"
    patients = [row.code for row in content.ruleset.indicators if row.scoring != "binary"]
    for what in patients:
        assert attack.determined(what) == []
        assert attack.narrowed(what) == []
    check_averages_and_shares(attack)
    gone = check_nothing_left(attack)
    return attack, made, gone


def check_averages_and_shares(attack):
    """Where a count that is in them is masked, no average and no share holds a number; return the others that do."""
    held = set()
    for right, what in enumerate(attack.content.ruleset.codes):
        months = range(1, attack.month + 1) if attack.in_month else (attack.month,)
        counted = (
            attack.count(who, what, month, side) for who in attack.whose(what) for month in months for side in (0, 1)
        )
        found = {attack.at(figure.name, 0, right) for figure in AVERAGES}
        slots = range(len(attack.content.practices))
        found |= {attack.at(figure.name, down, right) for figure in SHARED_OUT for down in slots}
        if any(isinstance(value, int | float) for value in found):
            held.add(what)
            assert not any(value in MASKED for value in counted), what
    return held


def check_nothing_left(attack):
    """Where the PCN's own sum is masked, no figure that hangs on it holds a number."""
    gone = set()
    for down, what in enumerate(attack.content.ruleset.codes):
        for month in range(1, 13):
            if "*" in (attack.at("month_num", down, month - 1), attack.at("month_den", down, month - 1)):
                gone.add((what, month))
                names = [figure.name for figure in working.BY_MONTH]
                held = {name: attack.at(name, down, month - 1) for name in names}
                totals = ("month_total_points", "month_total_value", "month_total_to_win")
                held |= {name: attack.at(name, 0, month - 1) for name in totals}
                if month == attack.month:
                    held |= {figure.name: attack.at(figure.name, down) for figure in working.NOW}
                    held |= {name: attack.at(name) for name in ("total_points", "total_won", "total_to_win")}
                    held |= dict(of_money(attack))
                held.pop("reversed", None)
                assert {name: value for name, value in held.items() if isinstance(value, int | float)} == {}
    return gone


def of_money(attack):
    """What hangs on the pounds of the PCN: its split and its cash."""
    for figure in (*split.BOOK, *split.BY_PRACTICE, *cash.BOOK, *cash.MONTHLY):
        if figure.name not in TYPED:
            area = PLACES[figure.name].area
            for down in range(min(area.height, len(attack.content.practices))):
                for right in range(area.width):
                    yield (figure.name, down, right), attack.at(figure.name, down, right)


def made_up(seed, *, practices=4, months=3, counting="Cumulative", holes=False):
    """A PCN with many small figures: registers of a few, sums of a few, nobody at all."""
    chance = random.Random(seed)
    ruleset = rulesets.load(RULESET, assumed=False)
    members = tuple(Practice(code=f"X{n:05}", name=f"Practice {n}", list_size=2000 + n) for n in range(practices))
    found, baselines = {}, {}
    for row in ruleset.indicators:
        most = chance.choice((3, 9, 20, 60))
        whose = ["U00001"] if row.level == "pcn" else [practice.code for practice in members]
        for who in whose:
            whole = chance.randint(0, most)
            done = 0
            for month in range(1, months + 1):
                done = min(whole, done + chance.randint(0, 4)) if counting == "Cumulative" else chance.randint(0, 4)
                pair = (min(done, whole), whole)
                if holes and chance.random() < 0.1:
                    pair = chance.choice(((None, whole), (pair[0], None)))
                if not (holes and chance.random() < 0.1):
                    found[who, row.code, month] = pair
            if row.needs_baseline and not (holes and chance.random() < 0.3):
                baselines[who, row.code] = (min(whole, chance.randint(0, 9)), whole)
    return Content(
        ruleset=ruleset,
        assumed=ruleset,
        pcn_code="U00001",
        pcn_name="One PCN",
        practices=members,
        counts=found,
        baselines=baselines,
        switches=Switches(counting=counting),
        macros=False,
    )


def counted(found, *, practices=3):
    """A PCN with these counts and no others."""
    return replace(made_up(0, practices=practices), counts=found, baselines={})


@pytest.fixture(scope="module")
def example():
    of = engines.content(RULESET)
    return replace(of, counts={key: pair for key, pair in of.counts.items() if key[2] <= 9})


def test_the_example_cannot_be_worked_out(example):
    attack, made, gone = check(example)
    assert gone == set()
    assert isinstance(attack.at("total_won"), float)
    assert made.masks.few == len(few(example)) == 258


@pytest.mark.parametrize("counting", ["Cumulative", "In month"])
@pytest.mark.parametrize("seed", range(4))
def test_small_pcns_cannot_be_worked_out(seed, counting):
    content = made_up(seed, practices=2 + seed, counting=counting, holes=seed > 1)
    _, _, gone = check(content)
    assert gone


def test_the_attack_finds_what_is_not_hidden(example, monkeypatch):
    """The same attack on a file in which counts under 8 are masked, and nothing besides."""
    from iif_reckoner.desk import share

    def alone(content, month):
        found = masks(content, month)
        cells = {place: text for place, text in found.cells.items() if text == "<8"}
        return Masks(cells=cells, few=found.few, besides=0)

    monkeypatch.setattr(share, "masks", alone)
    attack, _ = attacked(example)
    worked_out = {cell for what in example.ruleset.codes for cell in attack.determined(what)}
    assert len(worked_out) > 10
    assert worked_out <= few(example)


def test_averages_and_shares_are_hidden_with_what_they_would_give_away(example):
    attack, made = attacked(example)
    held = check_averages_and_shares(attack)
    assert 3 < len(held) < len(example.ruleset.codes) - 3
    # The sheet shows what Working does.
    shown = {(cell.row, cell.column): cell.value for cell in made.package.cells("Practice gaps")}
    for right, what in enumerate(example.ruleset.codes):
        own = {shown.get((first + down, 3 + right)) for first in (TABLES.average, TABLES.shares) for down in range(12)}
        assert any(isinstance(value, int | float) for value in own) <= (what in held)
        assert what in held or own == {"*"}


def test_other_figures_behind_the_masks_make_the_same_file(example, monkeypatch):
    """One patient more here and one fewer there, behind masks of one sum: no sheet shows any of it."""
    other = dict(example.counts)
    before = masks(example, 9)
    hidden = {count for count in _typed(example) if _mask(example, before, count) is not None}
    for row in example.ruleset.indicators:
        for month in range(1, 10):
            pair = [each.code for each in example.practices if (each.code, row.code, month, 0) in hidden]
            less = [who for who in pair if other[who, row.code, month][0] not in (0, 1, 8)]
            more = [who for who in pair if other[who, row.code, month][0] not in (0, 7, other[who, row.code, month][1])]
            moved = next(((one, two) for one in less for two in more if one != two), None)
            for who, by in zip(moved or (), (-1, 1), strict=False):
                done, whole = other[who, row.code, month]
                other[who, row.code, month] = (done + by, whole)
    changed = replace(example, counts=other)
    assert sum(other[key] != pair for key, pair in example.counts.items()) > 100
    from iif_reckoner.desk import share

    monkeypatch.setattr(share, "masks", lambda *_: before)
    one, two = (shared(each, Asked(suppress=True)).package.to_bytes() for each in (example, changed))
    assert one == two


def test_other_figures_behind_a_masked_sum_make_the_same_file():
    found = {("X00001", "HI-01", 1): (0, 30), ("X00000", "CVD-01", 1): (40, 50)}
    one, two = (
        shared(counted({**found, ("X00000", "HI-01", 1): (few, 20)}), Asked(suppress=True)).package.to_bytes()
        for few in (3, 4)
    )
    assert one == two


def _typed(content):
    return [(who, what, month, 0) for who, what, month in content.counts]


def _mask(content, found, count):
    who, what, month, side = count
    row = [(key[0], key[2]) for key in counts.keys(content)].index((who, what))
    title, at, column = engines.spot("pairs", row, 2 * (month - 1) + side)
    return found.cells.get((title, f"{column_letters(column)}{at}"))


def test_sums_of_two_say_no_more_than_under_8():
    """7 and 7 are 14: without a third practice nothing else is possible."""
    code = "HI-01"
    content = counted({(f"X0000{n}", code, 1): (value, 20) for n, value in enumerate((7, 7, 15))})
    attack, _, _ = check(content)
    assert [attack.count(f"X0000{n}", code, 1, 0) for n in range(3)] == ["<8", "<8", "*"]
    assert attack.at("num", content.ruleset.codes.index(code)) == 29


def test_nobody_is_shown():
    """NHS England publishes 0, and 0 of how few would follow from nothing that is shown."""
    pairs = ((0, 30), (0, 5), (29, 40))
    content = counted({(f"X0000{n}", "HI-01", 1): pair for n, pair in enumerate(pairs)})
    attack, _, gone = check(content)
    shown = [tuple(attack.count(f"X0000{n}", "HI-01", 1, side) for side in (0, 1)) for n in range(3)]
    assert shown == [(0, "*"), (0, "<8"), (29, 40)]
    assert gone == set()
    right = content.ruleset.codes.index("HI-01")
    assert [attack.at(name, 1, right) for name in ("practice_num", "practice_den", "practice_gap")] == [0, "*", "*"]


def test_what_is_hidden_besides_is_hidden_in_every_month():
    """A register that stays the same from month to month would come out in the next one."""
    sizes = ((5, 30, 40), (9, 30, 40))
    found = {(f"X0000{n}", "HI-01", month): (0, size) for month in (1, 2) for n, size in enumerate(sizes[month - 1])}
    attack, _, gone = check(counted(found))
    shown = [[attack.count(f"X0000{n}", "HI-01", month, 1) for n in range(3)] for month in (1, 2)]
    assert shown == [["<8", "*", 40], ["*", "*", 40]]
    assert gone == set()


def test_a_sum_under_8_takes_what_hangs_on_it_along():
    """One practice has 3 patients on a register: its list and its totals in pounds would say so."""
    found = {("X00000", "HI-01", 1): (3, 20), ("X00001", "HI-01", 1): (0, 30)}
    found |= {(f"X0000{n}", code, 1): (40, 50) for n in range(2) for code in ("CVD-01", "CVD-03")}
    attack, made, gone = check(counted(found, practices=2))
    assert gone == {("HI-01", 1)}
    # With the sum gone, the figures of the other practice can stay.
    shown = [[attack.count(f"X0000{n}", "HI-01", 1, side) for side in (0, 1)] for n in range(2)]
    assert shown == [["<8", 20], [0, 30]]
    shown = {cell.address: cell.value for cell in made.package.cells("Split")}
    assert [shown[cell] for cell in ("B4", "B6", "D22", "D23")] == ["*"] * 4
    # The slots below the practices are empty as ever.
    assert shown["D24"] is None
    shown = {cell.address: cell.value for cell in made.package.cells("Cash")}
    assert [shown[cell] for cell in ("B4", "B13", "B25", "B26")] == ["*"] * 4


def test_a_trend_does_not_give_away_the_month_that_it_starts_from():
    found = {("X00000", "HI-02", 1): (3, 20), ("X00001", "HI-02", 1): (0, 30)}
    found |= {(f"X0000{n}", "HI-02", 4): (40, 50) for n in range(2)}
    attack, made, gone = check(counted(found, practices=2))
    assert (gone, attack.month) == ({("HI-02", 1)}, 4)
    down = attack.content.ruleset.codes.index("HI-02")
    assert [attack.at(name, down) for name in ("num", "end_season")] == [80, "flat"]
    hidden = ("earlier_num", "end_trend", "end_num_likely", "end_achievement_likely", "end_value_high")
    assert {attack.at(name, down) for name in hidden} == {"*"}
    assert attack.at("end_total_value_likely") == "*"


def test_practices_that_did_it_are_no_patients():
    ruleset = rulesets.load("2021-22.v3", assumed=False)
    binary = next(row for row in ruleset.indicators if row.scoring == "binary")
    content = replace(made_up(0, months=1), ruleset=ruleset, assumed=ruleset, baselines={})
    content = replace(content, counts={("X00000", binary.code, 1): (1, 1)})
    assert few(content) == frozenset()


def test_every_figure_that_hangs_on_counts_is_masked_or_known_to_be_open():
    """A figure that is added to Working later is either masked or looked at here."""
    reading = {figure.name: _names(figure) for group in _groups() for figure in group}
    tainted = set(COUNTED)
    while more := {name for name, reads in reading.items() if name not in tainted | OPEN and reads & tainted}:
        tainted |= more
    groups = (working.NOW, working.BY_MONTH, working.PRACTICES, AVERAGES)
    masked = {figure.name for group in groups for figure in group}
    masked |= {"total_points", "total_won", "total_to_win"}
    masked |= {"month_total_points", "month_total_value", "month_total_to_win"}
    masked |= {figure.name for group in (compared.INDICATORS, compared.ROWS, compared.TOTALS) for figure in group}
    masked |= {figure.name for group in (split.BOOK, split.ACROSS, split.BY_PRACTICE) for figure in group}
    masked |= {figure.name for group in (cash.BOOK, cash.MONTHLY) for figure in group}
    masked |= {figure.name for figure in forecast.BOOK}
    masked -= TYPED
    masked |= {"row_num", "row_den", "trend_achievement", "trend_forecast", "trend_baseline", "gaps_achievement"}
    masked |= {figure.name for figure in PLANNED}
    assert tainted - COUNTED <= masked


def _groups():
    return (
        *(working.BOOK, working.MONTHLY, working.RULES, working.ROWS, working.NOW),
        *(working.BY_MONTH, working.ACROSS, working.PRACTICES, working.CHOSEN),
        *(working.agenda.ACTIONS, working.agenda.LISTS),
    )


def _names(figure):
    seen = {**working._SEEN_AS.get(figure.over, {}), **figure.seen_as}
    return {seen.get(name, name) for name in re.findall(r"\{(\w+)", figure.native)}
