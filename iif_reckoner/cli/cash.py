"""`cash`: when the pounds won now would arrive, month by month."""

from itertools import accumulate
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from iif_reckoner.cli import output
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.money import cash_of
from iif_reckoner.plan.cash import Payment
from iif_reckoner.scheme_year import in_words, month_names


def cash(
    book: Annotated[Path, typer.Argument(help="A workbook.")],
    how: FormatOption = Format.table,
) -> None:
    """Show when the pounds won now would arrive: after the year, unless a part of them is agreed up front.

    The switch, the part and the yearly amount are those of the sheet Cash. Without a month, the last day of payment of
    that year is not known.

    Example: iif-reckoner cash "Our PCN.xlsm"
    """
    opened = Workbook.open(book)
    now, found = cash_of(opened)
    if now.won is not None:
        month = month_names(now.rules.year)[now.month - 1]
        output.note(f"the pounds won by the end of {month}, {output.pounds(float(now.won))}; not a forecast")
    output.note(found.note)
    day = opened.ruleset.paid_by
    output.note(
        f"the last day of payment for {opened.ruleset.year} is not known"
        if day is None
        else f"achievement is paid by {in_words(day)}"
    )
    if how is Format.table:
        _show(found.payments)
        return
    rows = [[_month(payment), payment.what, float(payment.value_gbp)] for payment in found.payments]
    output.data(pd.DataFrame(rows, columns=["month", "what", "value_gbp"], dtype=object), how)


def _month(payment: Payment) -> str | None:
    return None if payment.month is None else f"{payment.month:%Y-%m}"


def _show(payments: tuple[Payment, ...]) -> None:
    columns = [("month", "left"), ("what", "left"), ("paid", "right"), ("so far", "right")]
    so_far = accumulate(payment.value_gbp for payment in payments)
    rows = [
        [
            _month(payment) or "after the year",
            payment.what,
            output.pounds(float(payment.value_gbp)),
            output.pounds(float(sum_)),
        ]
        for payment, sum_ in zip(payments, so_far, strict=True)
    ]
    if rows:
        output.table("", columns, rows)
