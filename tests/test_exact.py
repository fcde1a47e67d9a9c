"""The door for numbers: what a cell or a text is taken for, what is refused in which words, how results are rounded."""

from decimal import Decimal
from fractions import Fraction

import pytest

from iif_reckoner.exact import MOST, count, fraction, half_up, product_half_up, significant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        (0.6, Fraction(3, 5)),
        (-0.1, Fraction(-1, 10)),
        (1e-7, Fraction(1, 10**7)),
        (7, Fraction(7)),
        (Decimal("0.034"), Fraction(17, 500)),
        (Fraction(1, 3), Fraction(1, 3)),
        (" 1.20 ", Fraction(6, 5)),
        ("-.5", Fraction(-1, 2)),
        ("+5.", Fraction(5)),
        ("2e3", Fraction(2_000)),
        ("2E-3", Fraction(1, 500)),
    ],
)
def test_what_a_person_sees(read, meant):
    assert fraction(read) == meant


@pytest.mark.parametrize(
    "read", [True, False, float("nan"), float("inf"), "", "77%", "1,234", "1/3", "1_0", "٣", "1e1000", "."]
)
def test_what_is_no_number(read):
    with pytest.raises(ValueError, match=r"^not a number$"):
        fraction(read)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        (None, None),
        ("", None),
        (" \t", None),
        (0, 0),
        (1, 1),
        (MOST, MOST),
        (0.0, 0),
        (56.0, 56),
        (float(MOST), MOST),
        (" 56 ", 56),
        ("0", 0),
        ("007", 7),
        ("5.00", 5),
        ("5.", 5),
        (str(MOST), MOST),
        (Decimal(12), 12),
        (Fraction(12), 12),
    ],
)
def test_what_is_a_count(read, meant):
    found = count(read)
    assert found == meant
    assert type(found) is type(meant)


@pytest.mark.parametrize(
    ("read", "words"),
    [
        *((each, "not a whole number") for each in (True, False, 2.5, -0.5, float("nan"), float("inf"), "1,234", "<5")),
        *((each, "not a whole number") for each in ("5.5", "-1", "1e3", "٣", Decimal("1.5"), Fraction(1, 2), [], b"5")),
        *((each, "not a whole number") for each in (Decimal("NaN"), Decimal("Infinity"))),
        *((each, "less than 0") for each in (-1, -1.0, Decimal(-3))),
        *((each, "larger than any count can be") for each in (MOST + 1, 1e13, str(MOST + 1), Decimal(10) ** 13)),
    ],
)
def test_what_is_no_count(read, words):
    with pytest.raises(ValueError, match=f"^{words}$"):
        count(read)


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("2.675", 2, "2.68"),
        ("-0.005", 2, "-0.01"),
        ("0.0049", 2, "0.00"),
        ("-0.0049", 2, "0.00"),
        ("2.5", 0, "3"),
        ("1.4999", 0, "1"),
        ("1.00005", 4, "1.0001"),
        ("0", 2, "0.00"),
    ],
)
def test_half_a_penny_goes_away_from_zero(value, places, rounded):
    found = half_up(Fraction(value), places)
    assert (found, found.as_tuple().exponent) == (Decimal(rounded), -places)


def test_a_product_is_rounded_once():
    assert product_half_up(2, Fraction(15, 2), Fraction(19_835, 100)) == Decimal("1487.63")
    assert product_half_up(2, Fraction(1, 3), Fraction(3, 200)) == Decimal("0.01")
    assert product_half_up(2, Fraction(-1, 3), Fraction(3, 200)) == Decimal("-0.01")
    assert product_half_up(0, Fraction(1, 2), Fraction(1, 2), Fraction(2)) == 1
    assert product_half_up(0) == 1


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (Fraction(0), 12, 0.0),
        (Fraction(1, 3), 12, 0.333333333333),
        (Fraction(-2, 3), 12, -0.666666666667),
        (Fraction(2, 3), 3, 0.667),
        (Fraction(1_234_565), 6, 1_234_570.0),
        (Fraction(1_234_564), 6, 1_234_560.0),
        (Fraction(-12_345), 2, -12_000.0),
        (Fraction(1_353, 100), 12, 13.53),
        (Fraction(1, 800), 2, 0.0013),
    ],
)
def test_significant_digits(value, digits, shown):
    found = significant(value, digits)
    assert found == shown
    assert isinstance(found, float)
    assert digits != 12 or significant(value) == found
