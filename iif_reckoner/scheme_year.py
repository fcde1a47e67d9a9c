"""The months of a scheme year: places, April being 1, names on the sheets, writing in files; and days in words."""

from datetime import date

MONTHS = 12


def first_day(year: str, place: int) -> date:
    """Return the first day of a month of a scheme year; a place beyond 12 is in the year after.

    >>> first_day("2022/23", 12), first_day("2022/23", 13)
    (datetime.date(2023, 3, 1), datetime.date(2023, 4, 1))
    """
    years, month = divmod(place + 2, 12)
    return date(int(year[:4]) + years, month + 1, 1)


def month_names(year: str) -> tuple[str, ...]:
    """Return the names of the twelve months of a scheme year.

    >>> month_names("2026/27")[0], month_names("2026/27")[11]
    ('Apr 2026', 'Mar 2027')
    """
    return tuple(f"{first_day(year, place):%b %Y}" for place in range(1, MONTHS + 1))


def written(year: str, place: int) -> str:
    """Return a month as files have it.

    >>> written("2022/23", 12)
    '2023-03'
    """
    return f"{first_day(year, place):%Y-%m}"


def in_words(on: date) -> str:
    """Return a day as people write it.

    >>> in_words(date(2026, 7, 1))
    '1 July 2026'
    """
    return f"{on.day} {on:%B %Y}"


def place_of(year: str, month: str) -> int:
    """Return the place of a month that is written as files have it, below 1 or beyond 12 in another year.

    >>> place_of("2022/23", "2023-03"), place_of("2022/23", "2022-03")
    (12, 0)
    """
    calendar_year, calendar_month = month.split("-")
    return (int(calendar_year) - int(year[:4])) * 12 + int(calendar_month) - 3
