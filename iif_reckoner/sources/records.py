"""What the readers hand over: tables with the notes that belong to them."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Something counted that the user should know; never an error.

    `text` is one line with the count and the file's name, `names` the practices, codes or rows behind the count.
    """

    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CountsFile:
    """The figures of one file for the indicators of one ruleset.

    `kind` is the layout that was recognised. `rows` has one row per organisation, indicator and month:
    `organisation_code`, `organisation_name` (may be ''), `level` ('practice' or 'pcn'), `indicator` (the official
    code), `month` ('YYYY-MM'), `numerator`, `denominator`, `baseline_numerator`, `baseline_denominator` (`Int64`, blank
    is `<NA>`) and `row`, the row of the file where the first of these figures stands, the header being row 1.
    """

    path: Path
    kind: str
    rows: pd.DataFrame
    notes: tuple[Note, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Members:
    """Which practice belongs to which PCN, on a day where the file says which.

    `rows` has one row per practice: `practice_code`, `practice_name`, `pcn_code`, `pcn_name`, `system` (may be '').
    `unallocated` are the practices that the file lists without a PCN; they are not in `rows`.
    """

    path: Path
    rows: pd.DataFrame
    on: date | None
    unallocated: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ListSizes:
    """How many patients each practice has registered, on a day where the file says which.

    `rows` has one row per practice: `practice_code`, `list_size` (`int64`).
    """

    path: Path
    rows: pd.DataFrame
    on: date | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Practices:
    """The practices of one PCN, from a file of its own.

    `rows` has one row per practice: `practice_code`, `practice_name`, `list_size` (`Int64`), `weighted_list`
    (`float64`; may have decimals), `system` (may be ''), `hours` a month (`float64`); blank is `<NA>` or NaN.
    """

    path: Path
    rows: pd.DataFrame
    notes: tuple[Note, ...]


def number_of(count: int, noun: str) -> str:
    """Return a count with its noun.

    >>> number_of(1, "row"), number_of(12588, "row"), number_of(2, "repeat of a row")
    ('1 row', '12,588 rows', '2 repeats of a row')
    """
    first, space, rest = noun.partition(" ")
    return f"{count:,} {first if count == 1 else first + 's'}{space}{rest}"
