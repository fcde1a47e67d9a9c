"""What is taken out of a workbook that was just built: a sheet with all that leads to it, formulas for their values."""

import re
from collections.abc import Collection

from iif_reckoner.package.book import Package
from iif_reckoner.package.links import take_out_links, take_out_parts
from iif_reckoner.package.markup import attribute_bytes, cell_bytes

_RESULT = re.compile(
    rb'(<c r="([A-Z]+\d+)"(?: s="\d+")?)((?: t="\w+")?)>'
    rb"<f(?:\s[^>]*?)?(?:/>|>[^<]*</f>)((?:<v>[^<]*</v>|<v/>)?)</c>"
)
_TEXT = b' t="str"'


def take_out_sheet(package: Package, title: str) -> Package:
    """Return a workbook that was just built without its last sheet, nor any name or link that leads to it.

    Raises:
        ValueError: another sheet is the last.
    """
    if package.sheets[-1].name != title:
        raise ValueError(f"{title} is not the last sheet")
    part, book = package.sheets[-1].part, package.workbook_part
    quoted = cell_bytes("'" + title.replace("'", "''") + "'!")
    listed = rb"<sheet\s[^>]*\bname=" + re.escape(b'"' + attribute_bytes(title) + b'"') + rb"[^>]*/>"
    named = (
        rb"<definedName\s[^>]*>(?:"
        + re.escape(quoted)
        + rb"|"
        + re.escape(cell_bytes(title))
        + rb"!)[^<]*</definedName>"
    )
    package = take_out_parts(take_out_links(package, book, [part]), [part])
    return package.with_parts({book: re.sub(listed + rb"|" + named, b"", package.part(book))})


def take_out_formulas(package: Package, title: str, only: Collection[str] | None = None) -> Package:
    """Return a workbook that was just built with values for the formulas of a sheet, or of these cells alone.

    A formula that gives an empty text leaves an empty cell.
    """

    def value(match: re.Match[bytes]) -> bytes:
        if only is not None and match[2].decode() not in only:
            return match[0]
        start, kind, result = match[1], match[3], match[4].removeprefix(b"<v>").removesuffix(b"</v>")
        if not result or result == b"<v/>":
            return start + b"/>"
        if kind == _TEXT:
            # `str` says that a formula gave it.
            return start + b' t="inlineStr"><is><t xml:space="preserve">' + result + b"</t></is></c>"
        return start + kind + b">" + match[4] + b"</c>"

    part = package.sheet(title).part
    return package.with_parts({part: _RESULT.sub(value, package.part(part))})
