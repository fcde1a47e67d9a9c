"""All checks in their order: what the later ones need comes first."""

from collections.abc import Iterator

from iif_reckoner import functions
from iif_reckoner.doctor import defender, engine, excel, python, workbook
from iif_reckoner.doctor.book import Book
from iif_reckoner.doctor.finding import Finding, note, ok
from iif_reckoner.doctor.machine import Machine
from iif_reckoner.vba.config import WAY_KEY, Way, way_of

_ELSEWHERE = {
    "Darwin": "On a Mac Excel cannot call Python functions: the workbook's figures are its own formulas, all the same. "
    "Every command works.",
    "Linux": "There is no Excel here: LibreOffice shows the workbook by its own formulas, all the same. "
    "Every command works.",
}


def examined(machine: Machine, book: Book | None) -> tuple[Finding, ...]:
    """Return what every check found; those of the workbook only where one is given."""
    return tuple(_on_windows(machine, book) if machine.system == "Windows" else _elsewhere(machine, book))


def _on_windows(machine: Machine, book: Book | None) -> Iterator[Finding]:
    way = Way.excel if book is None or book.config is None else way_of(book.config.get(WAY_KEY, ""))
    yield from excel.excel(machine)
    yield from python.python(machine)
    yield from python.packages(machine)
    yield from engine.dll(machine)
    yield from engine.quarantine(machine)
    yield from excel.macros(machine)
    yield from defender.defender(machine, book, way)
    if book is not None:
        yield from _of_the_book(machine, book)
    yield from engine.running(machine)
    yield from engine.answers(machine, way)


def _of_the_book(machine: Machine, book: Book) -> Iterator[Finding]:
    if not book.macros:
        yield note("Workbook", "has no macros: its figures are formulas and need no Python")
    else:
        yield from workbook.versions(machine, book)
        yield from workbook.configuration(machine, book)
    yield from workbook.mark(machine, book)
    yield from workbook.place(machine, book)


def _elsewhere(machine: Machine, book: Book | None) -> Iterator[Finding]:
    yield note("What works here", _ELSEWHERE.get(machine.system, _ELSEWHERE["Linux"]))
    yield ok("Python", python.described(machine))
    yield from python.packages(machine)
    yield ok("Python answers", f"{functions.IIF_ENGINE()}, asked directly; through xlwings only on Windows")
    if book is not None and book.macros:
        yield from workbook.versions(machine, book)
        yield from workbook.configuration(machine, book)
