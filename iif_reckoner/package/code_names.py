"""The names by which macros know sheets."""

from iif_reckoner.package.book import Package
from iif_reckoner.package.markup import SHEET_SPACE, check_bounds, parse, parser

_HEAD = 2**13
"""It stands in a sheet's first element."""


def code_name(package: Package, title: str) -> str:
    """Return the name by which macros know a sheet, "" where it has none.

    Raises:
        UnknownNameError: there is no such sheet.
        InputError: the sheet is damaged.
    """
    sheet = package.sheet(title)
    head, where = package.part(sheet.part)[:_HEAD], package.where(sheet)
    check_bounds(head, where)
    found: list[str] = []
    made = parser(where)

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == f"{SHEET_SPACE} sheetPr":
            found.append(attributes.get("codeName", ""))

    made.StartElementHandler = start
    parse(made, head, where, last=False)
    return found[0] if found else ""
