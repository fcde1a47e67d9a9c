"""The charts of a workbook: where they stand, what is said of them, and the values that they keep of their cells."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from xml.sax.saxutils import unescape

from iif_reckoner.errors import InputError, shown
from iif_reckoner.package.book import Package
from iif_reckoner.package.markup import (
    ATTRIBUTES,
    RELATION_SPACE,
    attribute_bytes,
    cell_bytes,
    check,
    root_prefix,
    view,
    walk,
    with_attributes,
)

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart chart"
_PROPERTIES = re.compile(rb"<(?:[^\s:<>/]+:)?cNvPr(" + ATTRIBUTES + rb")\s*+(/?)>")


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart on a sheet: its name and its description in the drawing, its part, and the cells that it shows."""

    sheet: str
    name: str
    description: str
    part: str
    references: tuple[str, ...]


def charts(package: Package, sheet: str) -> list[Chart]:
    """Return the charts on a sheet, in the order of its drawing.

    Raises:
        UnknownNameError: there is no such sheet.
        InputError: a drawing or a chart is damaged.
    """
    found: list[Chart] = []
    for drawing in _drawings(package, sheet):
        links = {link.id: link.part for link in package.links(drawing)}
        name = description = ""

        def start(tag: str, given: dict[str, str], links: Mapping[str, str] = links) -> None:
            nonlocal name, description
            if tag == f"{_DRAWING} cNvPr":
                name, description = given.get("name", ""), given.get("descr", "")
            elif tag == _CHART and (part := links.get(given.get(f"{RELATION_SPACE} id", ""))):
                found.append(Chart(sheet, name, description, part, _references(package, part)))

        walk(package.part(drawing), f"{package.name}: {drawing}", start)
    return found


def set_descriptions(package: Package, sheet: str, texts: Sequence[str]) -> Package:
    """Return the package with these descriptions (alt text) of what is drawn on a sheet, in the drawing's order.

    Raises:
        UnknownNameError: there is no such sheet.
        InputError: so many things are not drawn there, or the drawing is damaged.
    """
    left = list(texts)
    parts = {}
    for drawing in _drawings(package, sheet):
        data = package.part(drawing)
        check(data, f"{package.name}: {drawing}")
        out, copied = [], 0
        for match in _PROPERTIES.finditer(view(data)):
            if left:
                new = with_attributes(match[1], {b"descr": attribute_bytes(left.pop(0))})
                out += [data[copied : match.start(1)], new]
                copied = match.end(1)
        parts[drawing] = b"".join([*out, data[copied:]])
    if left:
        raise InputError(
            f"{package.where(package.sheet(sheet))}: {len(texts)} descriptions for {len(texts) - len(left)} drawings"
        )
    return package.with_parts(parts)


def set_chart_values(
    package: Package, part: str, values: Mapping[str, Sequence[int | float | Decimal | str | None]]
) -> Package:
    """Return the package with the values that a chart keeps of its cells, by the reference that stands in the chart.

    None is a blank, `#N/A` a gap. References that `values` does not name keep what they have.

    Raises:
        InputError: the chart is damaged or shows no such cells, or a value is none that a chart can keep.
    """
    data = package.part(part)
    where = f"{package.name}: {part}"
    check(data, where)
    seen = view(data)
    prefix = root_prefix(seen, b"chartSpace")
    if prefix is None:
        raise InputError(f"{where}: not a chart as Excel writes it")
    left = set(values)
    out, copied = [], 0
    for match in _kept(prefix).finditer(seen):
        reference = unescape(match[3].decode()).strip()
        if reference not in values:
            continue
        left.discard(reference)
        number = match[2] == b"num"
        try:
            new = _cache(prefix, match[5] or b"", values[reference], number=number)
        except ValueError as error:
            raise InputError(f"{where}: {reference} cannot hold {error}") from None
        out += [data[copied : match.end("head")], new]
        copied = match.end()
    if left:
        raise InputError(f"{where}: shows no {shown(min(left))}")
    return package.with_parts({part: b"".join([*out, data[copied:]])})


def _drawings(package: Package, sheet: str) -> list[str]:
    return [link.part for link in package.links(package.sheet(sheet).part) if link.kind == "drawing"]


def _references(package: Package, part: str) -> tuple[str, ...]:
    seen = view(package.part(part))
    prefix = root_prefix(seen, b"chartSpace")
    if prefix is None:
        return ()
    found = (unescape(match[3].decode()).strip() for match in _kept(prefix).finditer(seen))
    return tuple(dict.fromkeys(found))


@cache
def _kept(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    return re.compile(
        rb"(?P<head><" + p + rb"(num|str)Ref\s*>\s*<" + p + rb"f\s*>([^<]*)</" + p + rb"f\s*>)"
        rb"(\s*<" + p + rb"\2Cache\s*(?:/>|>(?:\s*<" + p + rb"formatCode\s*>([^<]*)</" + p + rb"formatCode\s*>)?"
        rb".*?</" + p + rb"\2Cache\s*>))?",
        re.S,
    )


def _cache(prefix: bytes, form: bytes, values: Sequence[int | float | Decimal | str | None], *, number: bool) -> bytes:
    kind = b"num" if number else b"str"
    points = []
    for index, value in enumerate(values):
        if value is None:
            continue
        if number and not isinstance(value, str):
            if not math.isfinite(value):
                raise ValueError(f"{value}")
            text = repr(float(value)).removesuffix(".0").encode()
        elif number and value != "#N/A":
            # Excel draws text among numbers as 0, and keeps it so.
            text = b"0"
        else:
            text = cell_bytes(str(value))
        points.append(b'<%spt idx="%d"><%sv>%s</%sv></%spt>' % (prefix, index, prefix, text, prefix, prefix))
    code = b"<%sformatCode>%s</%sformatCode>" % (prefix, form or b"General", prefix) if number else b""
    count = b'<%sptCount val="%d"/>' % (prefix, len(values))
    name = prefix + kind + b"Cache"
    return b"<" + name + b">" + code + count + b"".join(points) + b"</" + name + b">"
