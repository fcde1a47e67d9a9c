"""Which figure a row holds: the meaning of MEASURE, and of the whole sentences that a CQRS extract has instead."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from iif_reckoner.errors import InputError, shown
from iif_reckoner.sources.csv_table import Layout, open_table, read_columns, recognise

FIGURES = ("numerator", "denominator", "baseline_numerator", "baseline_denominator")
"""The figures of a row, in the order of the table's columns; a figure is named by its place here."""

OTHER = -1
"""What stands for a row that is none of these: an exclusion, an adjustment, a register."""

_MEASURE = re.compile(r"(?:[a-z]+-?\d+[a-z]? )?(baseline )?(?:standardised )?(numerator|denominator)")
_SHORT = re.compile(r"[a-z0-9_]+")
_MAPPING = (Layout("CQRS mapping", ("service_year", "ind_code", "field_name", "short_name")),)


@dataclass(frozen=True, slots=True)
class Field:
    """One kind of row of a CQRS extract: its indicator's code there, its FIELD_NAME, and the first row that has it."""

    code: str
    name: str
    row: int


@dataclass(frozen=True, slots=True)
class FieldNames:
    """A mapping file: which figure a sentence means, by the indicator's code and the sentence as compared."""

    file: str
    figures: Mapping[tuple[str, str], int]


def figure(measure: str) -> int:
    """Return the figure that a MEASURE names, `OTHER` where it names none.

    >>> [figure(text) for text in ("Numerator", "ACC-08 Denominator", "ACC-10 baseline denominator", "LD_DAT")]
    [0, 1, 3, -1]
    """
    match = _MEASURE.fullmatch(_compared(measure))
    return FIGURES.index(f"{'baseline_' if match[1] else ''}{match[2]}") if match else OTHER


def measure_code(measure: str) -> str | None:
    """Return the indicator's code that stands before a MEASURE, None where there is none.

    >>> measure_code("ACC-08 Numerator"), measure_code("Numerator")
    ('ACC-08', None)
    """
    first, _, rest = measure.strip().partition(" ")
    return first if rest and re.fullmatch(r"[A-Za-z]+-?\d+[A-Za-z]?", first) else None


def read_field_names(path: Path, year: str) -> FieldNames:
    """Return a mapping file of NHS England: SERVICE_YEAR, IND_CODE, FIELD_NAME, SHORT_NAME.

    Where the file has rows of the ruleset's `year` ('2025/26'), only those count.

    Raises:
        FileProblemError, InputError: the file cannot be used, or gives one sentence two meanings.
    """
    table = open_table(path)
    recognise(table, _MAPPING, "field names")
    frame = read_columns(table, dict.fromkeys(_MAPPING[0].required, "text"))
    of_year = frame[frame["service_year"].str.replace("/", "-").str.strip() == year.replace("/", "-")]
    figures: dict[tuple[str, str], int] = {}
    rows = of_year if len(of_year) else frame
    for row, code, name, short in zip(
        rows.index, rows["ind_code"], rows["field_name"], rows["short_name"], strict=True
    ):
        meaning = figure(short)
        if figures.setdefault((code.strip().upper(), _compared(name)), meaning) != meaning:
            raise InputError(
                f"{table.name}: row {row}, FIELD_NAME: {shown(name)} has two meanings for {code}; keep one"
            )
    return FieldNames(table.name, figures)


def field_figures(fields: Sequence[Field], names: FieldNames | None, file: str) -> list[int]:
    """Return the figure of each field of an extract.

    A sentence counts by the mapping file; without it, or where it does not have it, a sentence that begins with 'Of
    the denominator' is the numerator, and the only other sentence of its indicator the denominator.

    Raises:
        InputError: two sentences of one indicator might be the same figure.
    """
    found = [_plain(field, names) for field in fields]
    numerators = _by_code(field for field, known in zip(fields, found, strict=True) if known is None and _part(field))
    others = _by_code(field for field, known in zip(fields, found, strict=True) if known is None and not _part(field))
    taken = {(field.code, known) for field, known in zip(fields, found, strict=True) if known is not None}
    for place, candidates in ((0, numerators), (1, others)):
        for code, sentences in candidates.items():
            texts = {_compared(field.name) for field in sentences}
            if len(texts) > 1 or (code, place) in taken:
                first = sentences[0]
                where = f"is not in {names.file}; add it there" if names else "may be one of several figures"
                advice = "" if names else "; give the mapping file (SERVICE_YEAR,IND_CODE,FIELD_NAME,SHORT_NAME) too"
                raise InputError(f"{file}: row {first.row}, FIELD_NAME: {shown(first.name)} of {code} {where}{advice}")
    return [
        known if known is not None else 0 if _part(field) else 1 for field, known in zip(fields, found, strict=True)
    ]


def _plain(field: Field, names: FieldNames | None) -> int | None:
    """Return the figure of a field that needs no guessing, None for a sentence that nothing explains."""
    text = _compared(field.name)
    if names is not None and (known := names.figures.get((field.code, text))) is not None:
        return known
    if (named := figure(field.name)) != OTHER:
        return named
    return OTHER if _SHORT.fullmatch(text) else None


def _by_code(fields: Iterable[Field]) -> dict[str, list[Field]]:
    grouped: dict[str, list[Field]] = {}
    for field in fields:
        grouped.setdefault(field.code, []).append(field)
    return grouped


def _part(field: Field) -> bool:
    return _compared(field.name).startswith("of the denominator")


def _compared(text: str) -> str:
    """Return a sentence as it is compared: extract and mapping differ in spaces, capital letters and the full stop."""
    return re.sub(r"\s+", " ", text).strip().removesuffix(".").strip().casefold()
