"""Which figures of Split and Cash have to be masked with the counts that they hang on."""

from collections.abc import Collection, Iterator

from iif_reckoner.figures.working import cash, split
from iif_reckoner.plan.split import MIXED
from iif_reckoner.scheme_year import MONTHS

_BY_COUNTS = ("points", "closed", "marginal", "blend")
"""The methods that go by the counts of each practice."""

TYPED = frozenset(
    (
        *("split_members", "split_costs", "split_minimum", "split_parts"),
        *(f"split_part_{method.key}" for method in MIXED),
        *("practice_list_left", "practice_adjustment_left"),
    )
)
"""What hangs on no count: what was typed, and lists."""

_OF_THE_PCN = ("split_past", "split_den", "split_won", "split_earned")
_OF_RULES = ("split_own", "split_sign", "split_from", "split_span", "split_available", "split_prevalence")

Cell = tuple[str, int, int]
"""Name of a figure, and how far down and to the right of its first cell."""


def money(practices: int, hidden: Collection[tuple[int, int]], gone: Collection[int]) -> Iterator[Cell]:
    """Yield the cells of Working to be masked.

    `hidden` are practice and indicator, by their places, of which a count of the shown month is hidden, `gone` the
    indicators of which everything that the PCN has is hidden. The parts of a method add up, so it goes as a whole where
    one of its weights does.
    """
    columns = {right for _, right in hidden} | set(gone)
    for down, right in hidden:
        yield from ((figure.name, down, right) for figure in split.PRACTICES)
    for right in columns:
        for figure in split.ACROSS:
            if figure.name not in _OF_RULES and (right in gone or figure.name not in _OF_THE_PCN):
                yield figure.name, 0, right
    for name in (figure.name for figure in split.BOOK):
        if name not in TYPED and (gone or (hidden and _sums_of_practices(name))):
            yield name, 0, 0
    for name in (figure.name for figure in split.BY_PRACTICE):
        if name not in TYPED and (gone or (hidden and _goes_by_counts(name))):
            yield from ((name, down, 0) for down in range(practices))
    if gone:
        yield from ((figure.name, 0, 0) for figure in cash.BOOK)
        yield from ((figure.name, 0, month) for figure in cash.MONTHLY for month in range(MONTHS))


def _goes_by_counts(name: str) -> bool:
    return any(name == f"split_{key}" or name.startswith(f"split_{key}_") for key in _BY_COUNTS)


def _sums_of_practices(name: str) -> bool:
    """Tell whether a figure of the workbook adds up weights; a note is words, and the same for all practices."""
    return name == "split_to_list" or (_goes_by_counts(name) and not name.endswith("_note"))
