"""Printed pages of the fullest workbook there is, beside typst setting an empty page with the same letters."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import fontpkg_arimo
import typst

from benchmarks.desk import FULL, Known
from benchmarks.measure import Result, seconds
from benchmarks.pace import in_time
from benchmarks.workbook import full
from iif_reckoner.build import make
from iif_reckoner.layout.sheets import PRACTICES
from iif_reckoner.package import Package
from iif_reckoner.paper.agenda import agenda
from iif_reckoner.paper.board import board
from iif_reckoner.paper.poster import poster
from iif_reckoner.paper.tear_off import tear_offs
from iif_reckoner.paper.typeset import typeset

_EMPTY = '#set document(title: "Empty")\n#set text(lang: "en", font: "Arimo")\nNothing'
_GOALS = (
    ("poster", poster, "the poster", 1.0),
    ("tear-off", tear_offs, f"the tear-offs of {PRACTICES} practices", 5.0),
    ("board", board, "the page for the board", 1.0),
    ("agenda", agenda, "the agenda", 1.0),
)


def paper() -> Iterator[Result]:
    content = full()
    data = make(content)
    peer = _empty()
    for page, of, what, goal in _GOALS:
        # A title of its own each time, so that typst cannot remember the page.
        turns = iter(range(100))

        def printed(page=page, of=of, turns=turns) -> bytes:
            found = of(Known(Package.from_bytes(data, "book.xlsx"), content.ruleset))
            return typeset(page, found | {"title": f"{found['title']} {next(turns)}"})

        took = seconds(printed, 3)
        yield in_time(
            what=f"`print`: {what} of a workbook ({FULL}), opened, read and set within one process, "
            f"against typst setting an empty page in {1000 * peer:.0f} ms",
            took=took,
            most=goal,
            detail=f" = {took / peer:.0f} times",
        )


def _empty() -> float:
    with TemporaryDirectory() as folder:
        path = Path(folder, "empty.typ")
        path.write_text(_EMPTY, encoding="utf-8")
        fonts = [str(fontpkg_arimo.ROOT)]
        return seconds(
            lambda: typst.compile(str(path), font_paths=fonts, ignore_system_fonts=True, pdf_standards=["ua-1"]), 5
        )


BENCHMARKS = (paper,)
