"""What people leave in a workbook beside figures: sheets of their own, and remarks on cells."""

from collections.abc import Iterator

from iif_reckoner.layout.sheets import SHEETS
from iif_reckoner.package import Package
from iif_reckoner.package.markup import walk


def our_sheets(package: Package) -> dict[str, str]:
    """Return the titles of our sheets by their keys, as they are called in this workbook."""
    names = {name.casefold() for name in package.names}
    return {sheet.key: package.place(sheet.name)[0].name for sheet in SHEETS if sheet.name.casefold() in names}


def own_sheets(package: Package) -> tuple[str, ...]:
    """Return the titles of the sheets that are none of ours."""
    ours = our_sheets(package).values()
    return tuple(sheet.name for sheet in package.sheets if sheet.name not in ours)


def remarks(package: Package) -> Iterator[tuple[str, str, str]]:
    """Yield sheet, cell and text of each remark, old and new kinds alike."""
    for sheet in package.sheets:
        for link in package.links(sheet.part):
            if link.kind in ("comments", "threadedComment") and package.has(link.part):
                for cell, text in _texts(package, link.part):
                    yield sheet.name, cell, text


def _texts(package: Package, part: str) -> list[tuple[str, str]]:
    found: list[tuple[str, list[str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(" ")[2] in ("comment", "threadedComment"):
            found.append((attributes.get("ref", ""), []))

    def text(piece: str) -> None:
        if found:
            found[-1][1].append(piece)

    walk(package.part(part), f"{package.name}: {part}", start, text=text)
    return [(cell, " ".join("".join(pieces).split())) for cell, pieces in found]
