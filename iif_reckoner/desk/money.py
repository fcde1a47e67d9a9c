"""The money of a workbook: how it would be split between the practices, and when it would arrive."""

from fractions import Fraction

from iif_reckoner.desk import reading
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.position import position
from iif_reckoner.desk.tables import grid
from iif_reckoner.errors import InputError
from iif_reckoner.exact import fraction
from iif_reckoner.figures.cash import AMOUNT, PART, SWITCH
from iif_reckoner.figures.split import COSTS, MINIMUM
from iif_reckoner.plan.cash import Cash, cash
from iif_reckoner.plan.position import Position
from iif_reckoner.plan.split import Split, split


def split_of(book: Workbook, costs: Fraction | None = None, minimum: Fraction | None = None) -> tuple[Position, Split]:
    """Return where the PCN stands and the money between its practices.

    `costs` and `minimum` are pounds; None takes those of the sheet Split.

    Raises:
        InputError: a count is none, or an amount on Split is below 0; the text says where.
    """
    sheet = grid(book.package, "split")
    now = position(book)
    return now, split(
        now,
        costs=_amount(book, COSTS, reading.number_beside(sheet, COSTS)) if costs is None else costs,
        minimum=_amount(book, MINIMUM, reading.number_beside(sheet, MINIMUM)) if minimum is None else minimum,
        blend={key: fraction(part) for key, part in reading.blend(sheet).items()},
    )


def cash_of(book: Workbook) -> tuple[Position, Cash]:
    """Return where the PCN stands and when its pounds would arrive, by the switch on the sheet Cash.

    Raises:
        InputError: a count is none, an amount is below 0 or a part no percentage; the text says where.
    """
    sheet = grid(book.package, "cash")
    part, amount = reading.number_beside(sheet, PART), reading.number_beside(sheet, AMOUNT)
    if part is not None and not 0 <= part <= 1:
        raise InputError(f"{book.name}: Cash, {PART}: {part:g}; write a percentage from 0% to 100%")
    now = position(book)
    return now, cash(
        now.won,
        book.ruleset.year,
        book.ruleset.paid_by,
        aspiration=reading.text_beside(sheet, SWITCH) == "On",
        part=None if part is None else fraction(part),
        amount=None if amount is None else _amount(book, AMOUNT, amount, "Cash"),
    )


def _amount(book: Workbook, label: str, pounds: float | None, sheet: str = "Split") -> Fraction:
    if pounds is not None and pounds < 0:
        raise InputError(f"{book.name}: {sheet}, {label}: {pounds:g}; write pounds from 0 up, such as 1500")
    return Fraction(0) if pounds is None else fraction(pounds)
