"""Copies that practices have filled and sent back, brought together in the PCN's workbook.

A figure that equals the one in the workbook says nothing. Of the others, those that fill a blank cell go in, and so
does a newer one over a typed figure, which is named; where two files differ, or the workbook was saved after the file,
somebody has to say which figure is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.changes import Change, Figure, Odd, held_against, oddities
from iif_reckoner.desk.copies import Copy
from iif_reckoner.desk.reading import Key
from iif_reckoner.figures.content import Typed

BOOK = "book"
FILES = "files"
"""Whom `prefer` may name besides a file: the figure that is typed, or the one that came."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """A cell that waits: what is typed there (None for nothing) and what each file says."""

    key: Key
    heading: str
    where: str
    typed: Typed
    figures: tuple[Figure, ...]
    why: Literal["files differ", "file is older"]

    def __str__(self) -> str:
        """Return the conflict as a line for people."""
        said = [] if self.typed is None else [f"{self.typed} typed"]
        said += [f"{figure.value} in {figure.source}" for figure in self.figures]
        return f"{self.where}, {' '.join(self.key)} {self.heading}: {', '.join(said)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Collecting:
    """What copies do to a workbook: changes, conflicts that wait, and what else was found in the files."""

    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    found: tuple[str, ...]
    odd: Odd


def collecting(book: Workbook, saved: datetime, copies: Sequence[Copy], *, prefer: str | None = None) -> Collecting:
    """Return what copies do to a workbook that was saved at a time; `prefer` names who is right in conflicts.

    Raises:
        InputError: the workbook's own Counts cannot be read.
    """
    said: dict[tuple[Key, str], list[tuple[Copy, Figure]]] = {}
    found: list[str] = []
    for copy in copies:
        found += copy.beside
        for figure in copy.figures:
            if figure.key not in book.counts.rows:
                found.append(f"{figure.source}: {figure.value} for {' '.join(figure.key)}, which has no row in Counts")
            else:
                said.setdefault((figure.key, figure.heading), []).append((copy, figure))
    going: list[Figure] = []
    conflicts: list[Conflict] = []
    for (key, heading), given in said.items():
        cell = book.counts.figure(key, heading)
        typed: Typed = None if cell is None else cell.value
        other = [(copy, figure) for copy, figure in given if figure.value != typed]
        if not other:
            continue
        differ = any(figure.value != other[0][1].value for _, figure in other[1:])
        older = typed is not None and any(copy.saved <= saved for copy, _ in other)
        # A copy whose figure is the typed one was mostly not changed there, so it speaks only where a cell waits.
        waits = differ or older
        chosen = _chosen([figure for _, figure in given], typed, prefer) if waits or prefer == BOOK else None
        if chosen is None and waits:
            conflicts.append(
                Conflict(
                    key=key,
                    heading=heading,
                    where=book.counts.table.where(book.counts.rows[key], heading),
                    typed=typed,
                    figures=tuple(figure for _, figure in other),
                    why="files differ" if differ else "file is older",
                )
            )
            continue
        figure = chosen or other[0][1]
        if figure.value != typed:
            going.append(figure)
    changes = held_against(book.counts, going, replace=True)
    return Collecting(
        changes=tuple(changes),
        conflicts=tuple(conflicts),
        found=tuple(found),
        odd=oddities(book.counts, changes, book.ruleset, in_month=book.in_month),
    )


def _chosen(figures: Sequence[Figure], typed: Typed, prefer: str | None) -> Figure | None:
    """Return the figure that `prefer` decides for; None where it does not decide."""
    if prefer is None:
        return None
    if prefer == BOOK and isinstance(typed, int):
        first = figures[0]
        return Figure(key=first.key, heading=first.heading, value=typed, source=BOOK)
    if prefer == FILES:
        other = [figure for figure in figures if figure.value != typed]
        return other[0] if len({figure.value for figure in other}) == 1 else None
    of_file = [figure for figure in figures if figure.source.startswith(f"{prefer}: ")]
    return of_file[0] if of_file else None
