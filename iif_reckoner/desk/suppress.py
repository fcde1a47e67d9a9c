"""Counts under 8, masked so that nothing that is shown gives one of them away.

Under 8 is what NHS England masks in its own publications: counts from 1 to 7. A 0 is published there (the annual file
of 2023/24 has thousands), so it is shown here. What counts practices instead of patients, done or not done, is no count
of patients and stays.

A masked count could be worked out from the sum of its PCN, so others of the same sum are hidden with it, until two
things are true of every sum that is shown. No cell of it is masked alone; and every number from 1 to 7 is still
possible for a count under 8, however the hidden ones are put together. What is hidden besides is hidden in every month,
as denominators hardly change from one month to the next. Where no hiding of practices would do, as in a sum that is
itself under 8, everything that the PCN has of this indicator and month is hidden, and the totals of that month with it:
in pounds and pence they could be taken apart again. What a practice has achieved and still needs goes where its
numerator or denominator does. Averages and shares are worked out from all practices at once, so of an indicator with
anything hidden they all go. The pounds by which practices share go as a whole where a single count behind them is
hidden: the parts and their sum would give it away. What if and the bridge are sums of some of the practices, or of one
patient more: where a single count is under 8, they all go.

What is not looked at: what people know from elsewhere, and two indicators that count the same patients.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from iif_reckoner.build.fresh import own_gaps, own_pages, shared_gaps
from iif_reckoner.desk.suppress_working import Hidden, belonging
from iif_reckoner.desk.tables import Place
from iif_reckoner.figures import book, counts, trend
from iif_reckoner.figures.content import Content
from iif_reckoner.layout.page import Page, Position
from iif_reckoner.layout.sheets import BY_KEY, SHEETS
from iif_reckoner.model import Indicator
from iif_reckoner.package import Area, area, column_letters, split_reference
from iif_reckoner.scheme_year import MONTHS

LEAST = 8
"""The least count of patients that is shown."""

FEW, HIDDEN = f"<{LEAST}", "*"
"""What stands for a count under 8, and for what would give one away."""

Count = tuple[str, str, int, int]
"""Practice (or PCN), indicator, month (0 is the baseline) and side: 0 the numerator, 1 the denominator."""

_Line = tuple[str, str, int, bool]
"""Practice, indicator, side, and whether it is of the baseline: what is hidden besides is hidden as a whole line."""

_UNUSED = "slot"
_TEXT = re.compile(r'"[^"]*"')
_REFERENCE = re.compile(r"(?:('[^']+'|[A-Za-z]\w*)!)?(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w(])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Masks:
    """What stands in the place of figures, by sheet title and address; how many counts are under 8, or hidden too."""

    cells: Mapping[Place, str]
    few: int
    besides: int

    @property
    def sheets(self) -> dict[str, int]:
        """How many cells are masked on each sheet, in the order of the tabs."""
        found = Counter(title for title, _ in self.cells)
        return {sheet.title: found[sheet.title] for sheet in SHEETS if found[sheet.title]}


@dataclass(frozen=True, slots=True)
class _Sum:
    """Counts of one indicator, month and side that the workbook adds up for the PCN."""

    indicator: str
    month: int
    cells: tuple[Count, ...]


def few(content: Content) -> frozenset[Count]:
    """Return the counts under 8 of a workbook."""
    return frozenset(count for count, value in _counts(content).items() if 0 < value < LEAST)


def masks(content: Content, month: int) -> Masks:
    """Return what has to be masked in the workbook that is made of this content and shows this month; 0 is none."""
    hiding = _Hiding(content)
    hiding.work_out()
    first = counts.places()
    rows = {(key[0], key[2]): down for down, key in enumerate(counts.keys(content))}
    cells: dict[tuple[str, Position], str] = {}
    for count in hiding.known:
        if hiding.is_hidden(count):
            who, what, at, side = count
            block = first["pairs"] if at else first["base_den" if side else "base_num"]
            right = 2 * (at - 1) + side if at else 0
            place = block.area.part(rows[who, what], right)
            cells[place.sheet.title, (place.row, place.column)] = FEW if count in hiding.few else HIDDEN
    typed = len(cells)
    cells |= dict.fromkeys(_working(content, month, hiding, rows), HIDDEN)
    cells |= dict.fromkeys(_repeated(content, cells), HIDDEN)
    return Masks(
        cells={(title, f"{column_letters(column)}{row}"): text for (title, (row, column)), text in cells.items()},
        few=len(hiding.few),
        besides=typed - len(hiding.few),
    )


def _patients(content: Content) -> list[Indicator]:
    """Return the indicators that count patients."""
    return [row for row in content.ruleset.indicators if row.scoring != "binary"]


def _counts(content: Content) -> dict[Count, int]:
    """Return every count of patients that the workbook shows."""
    patients = {row.code for row in _patients(content)}
    found: dict[Count, int] = {}
    for who, _, what, _ in counts.keys(content):
        if what in patients:
            for month in range(MONTHS + 1):
                for side, value in enumerate(_pair(content, who, what, month)):
                    if value is not None:
                        found[who, what, month, side] = value
    return found


def _pair(content: Content, who: str, what: str, month: int) -> tuple[int | None, int | None]:
    if month == 0:
        return content.baselines.get((who, what), (None, None))
    return content.counts.get((who, what, month), (None, None))


class _Hiding:
    """Which counts are hidden, and of which indicators and months everything that the PCN has (`gone`)."""

    def __init__(self, content: Content) -> None:
        self.known = _counts(content)
        self.few = few(content)
        # In month a half pair is in the sum of the year and in none of a month.
        self.gone = {
            (what, month)
            for who, what, month, _ in self.few
            if content.switches.counting == "In month" and month and None in _pair(content, who, what, month)
        }
        self._lines: set[_Line] = set()
        self._with_few = {_line(count) for count in self.few}
        self._sums = list(self._added_up(content))

    def is_hidden(self, count: Count) -> bool:
        """Tell whether a count is masked."""
        return count in self.few or _line(count) in self._lines

    def work_out(self) -> None:
        """Hide until nothing that is shown gives a count under 8 away."""
        changed = True
        while changed:
            changed = False
            for group in self._sums:
                changed |= self._hide_more(group)
        self._part_baselines()

    def _part_baselines(self) -> None:
        """Let a hidden baseline be in one sum only: where practices come and go, two would give it away."""
        widest: dict[tuple[str, int], tuple[Count, ...]] = {}
        for group in self._sums:
            if any(count[2] == 0 and self.is_hidden(count) for count in group.cells):
                key = group.indicator, group.cells[0][3]
                widest[key] = max(widest.get(key, ()), group.cells, key=len)
        for group in self._sums:
            if group.cells and group.cells[0][2] == 0:
                other = widest.get((group.indicator, group.cells[0][3]), group.cells)
                if group.cells != other:
                    self.gone.add((group.indicator, group.month))

    def _hide_more(self, group: _Sum) -> bool:
        """Hide what a sum still gives away; tell whether anything had to be."""
        if (group.indicator, group.month) in self.gone or self._is_safe(group.cells):
            return False
        if not self._is_safe(group.cells, group.cells):
            self.gone.add((group.indicator, group.month))
            return True
        while not self._is_safe(group.cells):
            shown = (count for count in group.cells if not self.is_hidden(count))
            self._lines.add(_line(min(shown, key=lambda count: self._worth(group, count))))
        return True

    def _worth(self, group: _Sum, count: Count) -> tuple[bool, bool, bool, int]:
        """Return how well a count serves to hide others, the best first: enough, anyway hidden elsewhere, small."""
        value = self.known[count]
        return not self._is_safe(group.cells, (count,)), _line(count) not in self._with_few, value == 0, value

    def _is_safe(self, cells: Iterable[Count], more: Collection[Count] = ()) -> bool:
        """Tell whether the hidden ones of these counts stay unknown beside their sum, with `more` of them hidden."""
        hidden = [count for count in cells if count in more or self.is_hidden(count)]
        others = sum(count in self.few for count in hidden) - 1
        if others < 0 or len(hidden) < 2:
            return len(hidden) != 1
        besides, left = len(hidden) > others + 1, self._sum(hidden)
        for guess in range(1, LEAST):
            rest = left - guess
            # The others under 8 are from 1 to 7 each; what is hidden besides may be 0, or from 8 up.
            if not (others <= rest <= others * (LEAST - 1) or (besides and rest >= others + LEAST)):
                return False
        return True

    def _sum(self, cells: Iterable[Count]) -> int:
        return sum(self.known[count] for count in cells)

    def _added_up(self, content: Content) -> Iterator[_Sum]:
        for row in _patients(content):
            whose = [who for who, _, what, _ in counts.keys(content) if what == row.code]
            based = [who for who in whose if row.needs_baseline and None not in _pair(content, who, row.code, 0)]
            for month in range(1, MONTHS + 1):
                counted = [who for who in whose if None not in _pair(content, who, row.code, month)]
                both = [who for who in counted if who in based]
                for side in (0, 1):
                    yield _Sum(row.code, month, tuple((who, row.code, month, side) for who in both or counted))
                    # Without figures of its own a month has the baseline of all.
                    yield _Sum(row.code, month, tuple((who, row.code, 0, side) for who in both or based))


def _line(count: Count) -> _Line:
    who, what, month, side = count
    return who, what, side, month == 0


def _working(
    content: Content, month: int, hiding: _Hiding, rows: Mapping[tuple[str, str], int]
) -> Iterator[tuple[str, Position]]:
    """Yield the cells of Working that belong to what is hidden."""
    in_month = content.switches.counting == "In month"
    months = range(1, month + 1) if in_month else range(month, month + 1)
    gone = set(hiding.gone)
    if in_month:
        # What is added up from month to month gives each month away by what it grows.
        gone = {(what, later) for what, first in gone for later in range(first, MONTHS + 1)}
    sides = {key: {side for at in months for side in (0, 1) if hiding.is_hidden((*key, at, side))} for key in rows}
    hidden = Hidden(
        codes=content.ruleset.codes,
        practices=tuple(practice.code for practice in content.practices),
        month=month,
        gone=frozenset(gone),
        rows=rows,
        sides={key: found for key, found in sides.items() if found},
        any_few=bool(hiding.few),
    )
    places = book.places()
    for name, down, right in belonging(hidden):
        place = places[name].area.part(down, right)
        yield place.sheet.title, (place.row, place.column)


def _repeated(content: Content, masked: Iterable[tuple[str, Position]]) -> set[tuple[str, Position]]:
    """Return the cells of other sheets whose formulas look at what is masked, at first or second hand."""
    pages = [*own_pages(content).values(), *_more_pages(content)]
    formulas = {
        (page.sheet.title, at): list(_looks_at(str(cell.value), page.sheet.title))
        for page in pages
        for at, cell in page.cells.items()
        if cell.formula and not cell.style.startswith(_UNUSED)
    }
    hidden: set[tuple[str, Position]] = set(masked)
    found: set[tuple[str, Position]] = set()
    while new := {at for at, seen in formulas.items() if at not in found and any(_meets(hidden, *one) for one in seen)}:
        found |= new
        hidden |= new
    return found


def _more_pages(content: Content) -> Iterator[Page]:
    gaps = shared_gaps(content)
    yield gaps
    yield own_gaps(gaps, content)
    page = Page(BY_KEY["trend"])
    trend.draw(page, content, book.places())
    yield page


def _looks_at(formula: str, title: str) -> Iterator[tuple[str, Area]]:
    """Yield the cells that a formula on a sheet refers to."""
    for sheet, cells in _REFERENCE.findall(_TEXT.sub('""', formula)):
        if sheet:
            yield split_reference(f"{sheet}!{cells}")
        else:
            yield title, area(cells)


def _meets(hidden: set[tuple[str, Position]], title: str, cells: Area) -> bool:
    top, left, bottom, right = cells
    if (top, left) == (bottom, right):
        return (title, (top, left)) in hidden
    return any(name == title and top <= row <= bottom and left <= column <= right for name, (row, column) in hidden)
