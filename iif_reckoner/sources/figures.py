"""From single figures to one row per organisation, indicator and month, with what is odd about them noted."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from iif_reckoner.errors import InputError
from iif_reckoner.model import Ruleset
from iif_reckoner.sources.cells import BLANK, Mask, Numbers, Whole, is_pcn
from iif_reckoner.sources.measures import FIGURES
from iif_reckoner.sources.records import Note, number_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Single figures as columns of equal length, in the order of the file.

    `organisation`, `indicator`, `month` and `figure` are places in `organisations`, in the ruleset, in `months` and in
    `FIGURES`; `name` is the organisation's name on that row, or nothing where the layout has none.
    """

    organisations: tuple[str, ...]
    months: tuple[str, ...]
    organisation: Whole
    indicator: Whole
    month: Whole
    figure: Whole
    numbers: Numbers
    row: Whole
    name: pd.Series | None


def assemble(figures: Figures, ruleset: Ruleset, file: str) -> tuple[pd.DataFrame, list[Note]]:
    """Return the rows of a `CountsFile`, in the order in which they begin in the file, and the notes on them.

    Raises:
        InputError: one figure is given twice, differently.
    """
    key = (figures.organisation * len(ruleset.indicators) + figures.indicator) * len(figures.months) + figures.month
    of, first = _groups(key)
    values, repeats = _values(figures, ruleset, file, of, len(first))
    codes = pd.Index(figures.organisations, dtype="str")
    pcn = np.array([is_pcn(code) for code in figures.organisations], np.bool_)
    organisation = figures.organisation[first]
    level = pd.Categorical.from_codes(pcn[organisation].astype(np.int64), pd.Index(["practice", "pcn"]))
    rows = pd.DataFrame(
        {
            "organisation_code": codes.take(organisation),
            "organisation_name": "" if figures.name is None else figures.name.to_numpy()[first],
            "level": level,
            "indicator": pd.Index(ruleset.codes, dtype="str").take(figures.indicator[first]),
            "month": pd.Index(figures.months, dtype="str").take(figures.month[first]),
            **{name: pd.array(values[:, i], dtype="Int64") for i, name in enumerate(FIGURES)},
            "row": figures.row[first],
        }
    )
    for i, name in enumerate(FIGURES):
        rows.loc[values[:, i] == BLANK, name] = pd.NA
    rows["organisation_name"] = rows["organisation_name"].astype("str")
    notes = [*repeats, *_blanks(figures, ruleset, file), *_oddities(rows, values, figures, ruleset, file)]
    return rows, notes


def _groups(key: Whole) -> tuple[Whole, Whole]:
    """Return for each place its group, numbered in order of appearance, and the first place of each group."""
    of, found = pd.factorize(key)
    first = np.empty(len(found), np.int64)
    # Written from the end, so that the first place of each group is written last and stays.
    first[of[::-1]] = np.arange(len(key) - 1, -1, -1)
    return of, first


def _values(figures: Figures, ruleset: Ruleset, file: str, of: Whole, groups: int) -> tuple[Whole, list[Note]]:
    """Return the figures of each group as a row of four, and a note on figures that were given twice alike."""
    cell, first = _groups(of * len(FIGURES) + figures.figure)
    number = figures.numbers.values
    values = np.full((groups, len(FIGURES)), BLANK, np.int64)
    values[of[first], figures.figure[first]] = number[first]
    if len(first) == len(number):
        return values, []
    repeated = np.ones(len(number), np.bool_)
    repeated[first] = False
    differing = np.flatnonzero(repeated & (number != number[first[cell]]))
    if len(differing):
        later = int(differing[0])
        earlier = int(first[cell[later]])
        shown = [str(number[i]) if number[i] != BLANK else "blank" for i in (earlier, later)]
        raise InputError(
            f"{file}: rows {figures.row[earlier]} and {figures.row[later]}: {FIGURES[figures.figure[later]]} of "
            f"{_label(figures, ruleset, later)} is given twice, as {shown[0]} and {shown[1]}; keep the right row"
        )
    rows = sorted(set(figures.row[repeated].tolist()))
    text = f"{file}: {number_of(len(rows), 'row')} left out, the same figures as an earlier row"
    return values, [Note(text=text, names=tuple(f"row {row}" for row in rows))]


def _blanks(figures: Figures, ruleset: Ruleset, file: str) -> list[Note]:
    notes = []
    for mask, words in ((figures.numbers.suppressed, "suppressed (*)"), (figures.numbers.empty, "empty")):
        if count := int(mask.sum()):
            names = dict.fromkeys(_label(figures, ruleset, i) for i in np.flatnonzero(mask).tolist())
            notes.append(Note(text=f"{file}: {number_of(count, 'value')} {words}", names=tuple(names)))
    return notes


def _oddities(rows: pd.DataFrame, values: Whole, figures: Figures, ruleset: Ruleset, file: str) -> list[Note]:
    """Return notes on figures that stand although they are odd."""
    if rows.empty:
        return []
    place = pd.Index(ruleset.codes).get_indexer(pd.Index(rows["indicator"]))
    bounded = np.array([indicator.unit.bounded for indicator in ruleset.indicators], np.bool_)[place]
    over = np.zeros(len(rows), np.bool_)
    zero = np.zeros(len(rows), np.bool_)
    for numerator, denominator in (values[:, :2].T, values[:, 2:].T):
        over |= bounded & (denominator != BLANK) & (numerator > denominator)
        zero |= denominator == 0
    notes = [
        _note(rows, over, f"{file}: {{}} larger than its denominator", f"{file}: {{}} larger than their denominators"),
        _note(rows, zero, f"{file}: {{}} with a denominator of 0", f"{file}: {{}} with a denominator of 0"),
        _note(rows, _falls(figures, rows, values), *[f"{file}: {{}} lower than in the month before"] * 2),
    ]
    counted = np.zeros((len(ruleset.indicators), 2), np.bool_)
    np.logical_or.at(counted, place, values[:, :2] != BLANK)
    for indicator, has in zip(ruleset.indicators, counted.tolist(), strict=True):
        if has[0] != has[1]:
            present, absent = ("numerators", "denominators") if has[0] else ("denominators", "numerators")
            notes.append(Note(text=f"{file}: {indicator.code} has {present} and no {absent}", names=(indicator.code,)))
    return [note for note in notes if note is not None]


def _falls(figures: Figures, rows: pd.DataFrame, values: Whole) -> Mask:
    """Mark the rows whose numerator is lower than that of the month before in the same file: counts are cumulative."""
    fallen = np.zeros(len(rows), np.bool_)
    if len(figures.months) < 2:
        return fallen
    known = np.flatnonzero(values[:, 0] != BLANK)
    of, _ = pd.factorize(pd.MultiIndex.from_frame(rows.iloc[known][["organisation_code", "indicator"]]))
    order = known[np.lexsort((rows["month"].to_numpy(dtype=object)[known].astype("U7"), of))]
    same = np.empty(len(rows), np.int64)
    same[known] = of
    earlier, later = order[:-1], order[1:]
    fallen[later[(same[earlier] == same[later]) & (values[later, 0] < values[earlier, 0])]] = True
    return fallen


def _note(rows: pd.DataFrame, mask: Mask, one: str, many: str) -> Note | None:
    count = int(mask.sum())
    if not count:
        return None
    found = rows.loc[mask, ["organisation_code", "indicator", "month"]]
    template, noun = (one, "numerator") if count == 1 else (many, "numerator")
    return Note(text=template.format(number_of(count, noun)), names=tuple(found.agg(" ".join, axis=1)))


def _label(figures: Figures, ruleset: Ruleset, place: int) -> str:
    code = figures.organisations[figures.organisation[place]]
    return f"{code} {ruleset.codes[figures.indicator[place]]} {figures.months[figures.month[place]]}"
