"""When the money arrives: worked by hand, by law, in the cells of every ruleset, by three engines, by command."""

import json
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
from iif_reckoner.desk.position import position
from iif_reckoner.figures.working import cash as working
from iif_reckoner.package import Package
from iif_reckoner.plan import cash as words
from iif_reckoner.plan.cash import Payment, cash
from tests import workbook_engines as engines
from tests.test_cli import last, quick
from tests.workbook_engines import MADE_UP, PLACES, Found, spot

PAID_BY = date(2026, 8, 31)
AUGUST = date(2026, 8, 1)

# By hand


def test_all_at_once_after_the_year():
    found = cash(Decimal("4957.75"), "2025/26", PAID_BY)
    assert found.payments == (Payment(month=AUGUST, what="achievement", value_gbp=Decimal("4957.75")),)
    assert found.note == words.AFTER_THE_YEAR
    assert cash(Decimal(1), "2026/27", None).payments[0].month is None
    assert cash(None, "2025/26", PAID_BY) == words.Cash(payments=(), note=words.NO_POUNDS)


def test_two_thirds_up_front():
    """Two-thirds of £1,000.00 are £666.67: twelve times £55.55 and a penny more in the first seven months."""
    found = cash(Decimal(1000), "2025/26", PAID_BY, aspiration=True, part=Fraction(2, 3))
    *months, balance = found.payments
    assert [own.value_gbp for own in months] == [Decimal("55.56")] * 7 + [Decimal("55.55")] * 5
    assert [own.month for own in months][::11] == [date(2025, 4, 1), date(2026, 3, 1)]
    assert (balance, found.note) == (
        Payment(month=AUGUST, what="balance", value_gbp=Decimal("333.33")),
        words.TOPPED_UP,
    )


@pytest.mark.parametrize(
    ("won", "amount", "balance", "note"),
    [
        (100, 1000, Decimal(-400), words.PAID_BACK),
        (500, 1000, Decimal(0), words.NOTHING_LEFT),
        (None, 1000, None, words.NO_POUNDS),
    ],
)
def test_a_yearly_amount_of_ones_own(won, amount, balance, note):
    own = None if won is None else Decimal(won)
    found = cash(own, "2025/26", PAID_BY, aspiration=True, part=Fraction(1, 2), amount=Fraction(amount))
    assert sum(payment.value_gbp for payment in found.payments[:12]) == 500
    assert [payment.value_gbp for payment in found.payments[12:]] == ([] if balance is None else [balance])
    assert found.note == note


def test_what_is_missing_is_said():
    for won, part, note in ((Decimal(1), None, words.NO_PART), (None, Fraction(1), words.NO_POUNDS)):
        assert cash(won, "2025/26", None, aspiration=True, part=part) == words.Cash(payments=(), note=note)


@given(
    won=st.integers(0, 10**8), part=st.fractions(0, 1, max_denominator=10_000), yearly=st.none() | st.integers(0, 10**8)
)
def test_all_payments_are_the_pounds_won(won, part, yearly):
    pounds = Decimal(won).scaleb(-2)
    amount = None if yearly is None else Fraction(yearly, 100)
    paid = [
        each.value_gbp for each in cash(pounds, "2025/26", PAID_BY, aspiration=True, part=part, amount=amount).payments
    ]
    assert sum(paid) == pounds
    assert max(paid[:12]) - min(paid[:12]) <= Decimal("0.01")
    assert paid[:12] == sorted(paid[:12], reverse=True)


# In the cells

TYPED = {
    "full": {"aspiration": ("On", 0.6667)},
    "half-empty": {"aspiration": ("On", 0.7), "aspiration_amount": 123_456.78},
    "empty": {},
}
SPOTS = [
    spot(figure.name, down, right)
    for figure in (*working.BOOK, *working.MONTHLY)
    for down in range(PLACES[figure.name].area.height)
    for right in range(PLACES[figure.name].area.width)
]


def wrong(of, data, values):
    """Every cell of the cash that is not the Python function's."""
    now = position(Workbook(Package.from_bytes(data, "book.xlsx")))
    switch, part = of.aspiration
    found = cash(
        now.won,
        of.ruleset.year,
        of.ruleset.paid_by,
        aspiration=switch == "On",
        part=None if part is None else Fraction(str(part)),
        amount=None if of.aspiration_amount is None else Fraction(str(of.aspiration_amount)),
    )
    by_what = {
        what: [float(p.value_gbp) for p in found.payments if p.what == what] for what in ("aspiration", "balance")
    }
    months = by_what["aspiration"] or [0.0] * 12
    after = [float(payment.value_gbp) for payment in found.payments if payment.what != "aspiration"]
    expected = {("cash_month", month): own for month, own in enumerate(months)}
    expected |= {("cash_so_far", month): round(sum(months[: month + 1]), 2) for month in range(12)}
    expected |= {("cash_balance", 0): after[0] if after else "", ("cash_note", 0): found.note}
    return {
        at: values[spot(at[0], 0, at[1])] for at, own in expected.items() if values[spot(at[0], 0, at[1])].value != own
    }


@pytest.mark.parametrize("year", [*rulesets.ids(), MADE_UP], ids=lambda year: year[-12:])
def test_the_cells_are_the_functions(year):
    for fill, typed in TYPED.items():
        of = replace(engines.content(year, fill), **typed)
        data = make(of)
        values = engines.formula_values(Package.from_bytes(data, "book.xlsx"))
        assert wrong(of, data, values) == {}, fill
        shown = [found for place, found in values.items() if place[0] == "Cash"]
        assert {found.kind for found in shown} <= {"number", "text"}


SAID = (
    ({"aspiration": "On"}, words.NO_PART),
    ({"aspiration": "On", "aspiration_part": 1.5}, words.PART_WRONG),
    ({"aspiration": "On", "aspiration_part": "half"}, words.PART_WRONG),
    ({"aspiration": "On", "aspiration_part": 0.5, "aspiration_amount": -1}, words.AMOUNT_WRONG),
    ({"aspiration": "On", "aspiration_part": 0.5, "aspiration_amount": 10**6}, words.PAID_BACK),
    ({"aspiration": "Off", "aspiration_part": "half", "aspiration_amount": "lots"}, words.AFTER_THE_YEAR),
)


def test_what_is_typed_wrong_is_said_and_nothing_is_an_error():
    source = engines.package("2025-26.v1")
    wanted = [place for place in engines.formula_values(source) if place[0] == "Cash"] + SPOTS
    for typed, said in SAID:
        cells = {spot(name): value for name, value in typed.items()}
        found = engines.typed_in_formualizer(source, cells, wanted)
        assert found[spot("cash_note")] == Found("text", said), typed
        assert [place for place in wanted if found[place].kind == "error"] == []


def test_the_months_go_on_to_the_last_day_of_payment():
    for year, last_month, row in (("2025-26.v1", "Aug 2026", 29), ("2022-23.v2", "After the year", 25)):
        cells = {cell.address: cell.value for cell in engines.package(year).cells("Cash")}
        assert (cells[f"A{row}"], cells[f"A{row + 1}"], cells[f"D{row}"]) == (last_month, "In all", "Achievement")
    assert (cells["B5"], cells["C5"]) == ("not known", "For 2023/24 it was 20 August 2024.")


def test_what_is_typed_comes_back():
    of = replace(engines.content("2025-26.v1"), aspiration=("On", 0.6667), aspiration_amount=50_000.5)
    assert Workbook(Package.from_bytes(make(of), "book.xlsx")).content() == of


# The command


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("cash") / "book.xlsx"
    path.write_bytes(engines.made("2025-26.v1"))
    return path


def test_off(book):
    found = quick("cash", book)
    assert (found.returncode, found.stderr) == (
        0,
        "note: the pounds won by the end of Mar 2026, £4,957.75; not a forecast\n"
        f"note: {words.AFTER_THE_YEAR}\nnote: achievement is paid by 31 August 2026\n",
    )
    lines = [line.split() for line in found.stdout.splitlines() if line.strip()]
    assert [lines[0], lines[2]] == [
        ["month", "what", "paid", "so", "far"],
        ["2026-08", "achievement", *["£4,957.75"] * 2],
    ]
    rows = json.loads(quick("cash", book, "--format", "json").stdout)
    assert rows == [{"month": "2026-08", "what": "achievement", "value_gbp": 4957.75}]


def test_on(book, tmp_path):
    path = tmp_path / "book.xlsx"
    cells = {spot("aspiration"): "On", spot("aspiration_part"): 0.5, spot("aspiration_amount"): 12_000}
    path.write_bytes(engines.changed(Package.open(book), cells))
    found = quick("cash", path, "--format", "csv")
    months = [f"2025-{month:02},aspiration,500" for month in range(4, 13)]
    months += [f"2026-{month:02},aspiration,500" for month in range(1, 4)]
    lines = ["month,what,value_gbp", *months, "2026-08,balance,-1042.25"]
    assert found.stdout.splitlines() == lines
    assert f"note: {words.PAID_BACK}" in found.stderr.splitlines()


def test_wrong_cells_are_one_line(book, tmp_path):
    path = tmp_path / "book.xlsx"
    for name, value, line in (
        ("aspiration_part", 66, "book.xlsx: Cash, Part paid up front: 66; write a percentage from 0% to 100%"),
        ("aspiration_amount", -5, "book.xlsx: Cash, Yearly amount: -5; write pounds from 0 up, such as 1500"),
        ("aspiration_amount", "a", "book.xlsx: Cash B8: 'a' is not a number; write a number, without commas"),
    ):
        path.write_bytes(engines.changed(Package.open(book), {spot(name): value}))
        assert last(quick("cash", path), 12) == line


def test_an_empty_book_of_a_year_without_a_last_day(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(engines.made("2022-23.v2", "empty"))
    found = quick("cash", path)
    assert (found.returncode, found.stdout) == (0, "")
    assert found.stderr == f"note: {words.NO_POUNDS}\nnote: the last day of payment for 2022/23 is not known\n"
