"""Counts of indicators, from any of the layouts in which people have them."""

from pathlib import Path

from iif_reckoner.model import Ruleset
from iif_reckoner.sources.csv_table import CsvTable, open_table, recognise
from iif_reckoner.sources.figures import assemble
from iif_reckoner.sources.long_counts import LONG, LongLayout, read_long
from iif_reckoner.sources.own_counts import OWN, read_own
from iif_reckoner.sources.records import CountsFile


def read_counts(path: Path, ruleset: Ruleset, *, mapping: Path | None = None) -> CountsFile:
    """Return what a file counts for the indicators of a ruleset.

    The layout is told by the header: the annual publication of the fund, the monthly practice file of the Network
    Contract DES, a raw CQRS extract, or our own columns `practice_code, indicator, month, numerator, denominator[,
    baseline_numerator, baseline_denominator]`. `mapping` is NHS England's list of what the sentences in a CQRS extract
    mean (SERVICE_YEAR, IND_CODE, FIELD_NAME, SHORT_NAME). Indicators that the ruleset does not have, other years,
    exclusions and rows of the wrong level are left out and named in the notes.

    Raises:
        FileProblemError: a file cannot be opened.
        InputError: a file is of no known layout or of another year, or a figure in it cannot be right.
    """
    return counted(open_table(path), ruleset, mapping=mapping)


def counted(table: CsvTable, ruleset: Ruleset, *, mapping: Path | None = None) -> CountsFile:
    """Return what a table counts. Raises as `read_counts`."""
    layout = recognise(table, (OWN, *LONG), "counts")
    if isinstance(layout, LongLayout):
        figures, notes = read_long(table, layout, ruleset, mapping)
    else:
        figures, notes = read_own(table, ruleset)
    rows, more = assemble(figures, ruleset, table.name)
    return CountsFile(path=table.path, kind=layout.kind, rows=rows, notes=(*table.notes, *notes, *more))
