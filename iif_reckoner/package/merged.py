"""The merged cells of a sheet: of a merged block only the first cell holds anything, whatever it seems to show."""

from collections.abc import Iterator

from iif_reckoner.errors import InputError, shown
from iif_reckoner.package.address import Area, area
from iif_reckoner.package.book import Package
from iif_reckoner.package.markup import SAVE_AGAIN, SHEET_SPACE, walk

_ANY = b"mergeCell"


def merged(package: Package, sheet: str) -> Iterator[Area]:
    """Yield the blocks of a sheet that are merged into one cell.

    Raises:
        UnknownNameError: there is no such sheet.
        InputError: the sheet is damaged.
    """
    found = package.sheet(sheet)
    data, where = package.part(found.part), package.where(found)
    if _ANY not in data:
        return
    references: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == f"{SHEET_SPACE} mergeCell":
            references.append(attributes.get("ref", ""))

    walk(data, where, start)
    for reference in references:
        try:
            yield area(reference)
        except ValueError:
            raise InputError(f"{where}: merges {shown(reference)}, which are no cells; {SAVE_AGAIN}") from None
