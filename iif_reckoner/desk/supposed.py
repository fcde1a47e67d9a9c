"""What if: what is typed for it on the sheet Compare of a workbook."""

from collections.abc import Iterator, Mapping

from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.reading import compared
from iif_reckoner.desk.values import is_count
from iif_reckoner.errors import InputError, shown, unknown
from iif_reckoner.exact import fraction
from iif_reckoner.figures.content import Typed
from iif_reckoner.plan.what_if import Supposed


def supposed(book: Workbook) -> Supposed:
    """Return what is typed into the yellow cells of What if.

    Raises:
        InputError: something is typed that is no number.
        UnknownNameError: the practice that leaves is none of the PCN's.
    """
    typed = compared(book.package, book.codes)
    pairs = {code: (numerator, denominator) for code, (numerator, denominator, _) in typed.tried.items()}
    return Supposed(
        list_size=_count(book, "List size", typed.list_size),
        point_value=None if typed.point_value is None else fraction(_number(book, "£ a point", typed.point_value)),
        counts=dict(_counts(book, pairs)),
        prevalence={
            code: fraction(_number(book, f"{code}, Prevalence if", factor))
            for code, (_, _, factor) in typed.tried.items()
            if factor is not None
        },
        leaves=leaving(book, typed.leaves) if typed.leaves else None,
        joins=_count(book, "Joins", typed.joins),
    )


def leaving(book: Workbook, code: str) -> str:
    """Return the code of a practice of the PCN, however its letters are written.

    Raises:
        UnknownNameError: there is none; the text gives the nearest codes.
    """
    wanted, codes = code.strip().upper(), [member.code for member in book.members]
    if wanted not in codes:
        raise unknown("practice", code, codes, where=book.name)
    return wanted


def _counts(
    book: Workbook, pairs: Mapping[str, tuple[Typed, Typed]]
) -> Iterator[tuple[str, tuple[int | None, int | None]]]:
    for code, (numerator, denominator) in pairs.items():
        pair = (
            _count(book, f"{code}, Numerator if", numerator, least=0),
            _count(book, f"{code}, Denominator if", denominator, least=0),
        )
        if pair != (None, None):
            yield code, pair


def _count(book: Workbook, where: str, value: Typed, least: int = 1) -> int | None:
    if value is None:
        return None
    if not is_count(value) or int(value) < least:
        raise InputError(
            f"{book.name}: Compare, {where}: {shown(value)} is no count; write a whole number from {least} up"
        )
    return int(value)


def _number(book: Workbook, where: str, value: Typed) -> int | float:
    if not isinstance(value, int | float) or value < 0:
        raise InputError(f"{book.name}: Compare, {where}: {shown(value)} is no such number; write one from 0 up")
    return value
