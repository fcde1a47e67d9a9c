"""When the money arrives: achievement after the year and, where somebody has agreed to it, a part up front by month.

No page of the scheme was seen that pays anything up front; the part and its yearly amount are the reader's own.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from iif_reckoner.exact import half_up
from iif_reckoner.plan.shares import apportion
from iif_reckoner.plan.split import NO_POUNDS, pennies
from iif_reckoner.scheme_year import MONTHS, first_day

What = Literal["aspiration", "achievement", "balance"]

NO_PART = "Write the part that is paid up front, such as 66.67%, or turn aspiration off."
PART_WRONG = "Write the part paid up front as a percentage from 0% to 100%."
AMOUNT_WRONG = "Write the yearly amount as pounds from 0 up, or leave it blank for the pounds won now."
PAID_BACK = "More was paid up front than is won now: the difference has to be paid back."
TOPPED_UP = "The balance is what is won now and was not paid up front."
NOTHING_LEFT = "What was paid up front is what is won now: nothing is left to pay."
AFTER_THE_YEAR = "All that is won now is paid at once, after the year."
"""What is said of the payment after the year."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment:
    """A payment in a month, given as its first day; None where the month is not known. Pounds and pence."""

    month: date | None
    what: What
    value_gbp: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Cash:
    """All payments of a year in their order, and in words what the last one is, or why there is none."""

    payments: tuple[Payment, ...]
    note: str


def cash(
    won: Decimal | None,
    year: str,
    paid_by: date | None,
    *,
    aspiration: bool = False,
    part: Fraction | None = None,
    amount: Fraction | None = None,
) -> Cash:
    """Return when the pounds won now would arrive.

    With `aspiration` the `part` of a yearly amount (None: the pounds won now) is paid in twelve parts, equal to the
    penny, and the balance after the year; it may be negative. `paid_by` is the last day of payment, None if not known.

    >>> paid = cash(Decimal(1200), "2025/26", date(2026, 8, 31), aspiration=True, part=Fraction(1, 2)).payments
    >>> len(paid), paid[0].value_gbp, paid[-1].value_gbp, paid[-1].month
    (13, Decimal('50.00'), Decimal('600.00'), datetime.date(2026, 8, 1))
    """
    last = paid_by and paid_by.replace(day=1)
    if not aspiration:
        if won is None:
            return Cash(payments=(), note=NO_POUNDS)
        return Cash(payments=(Payment(month=last, what="achievement", value_gbp=won),), note=AFTER_THE_YEAR)
    if part is None:
        return Cash(payments=(), note=NO_PART)
    yearly = won if amount is None else amount
    if yearly is None:
        return Cash(payments=(), note=NO_POUNDS)
    up_front = up_front_pennies(part, pennies(yearly))
    payments = [
        Payment(month=first_day(year, place), what="aspiration", value_gbp=_pounds(own))
        for place, own in enumerate(apportion(up_front, [1] * MONTHS), start=1)
    ]
    if won is None:
        return Cash(payments=tuple(payments), note=NO_POUNDS)
    balance = pennies(won) - up_front
    payments.append(Payment(month=last, what="balance", value_gbp=_pounds(balance)))
    return Cash(payments=tuple(payments), note=PAID_BACK if balance < 0 else TOPPED_UP if balance else NOTHING_LEFT)


def up_front_pennies(part: Fraction, yearly: int) -> int:
    """Return the pennies that are paid up front.

    >>> up_front_pennies(Fraction(2, 3), 100)
    67
    """
    return int(half_up(part * yearly, 0))


def _pounds(value: int) -> Decimal:
    return Decimal(value).scaleb(-2)
