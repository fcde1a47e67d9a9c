"""Parts added to a workbook or taken out: the part, what kind it is, and the relationship that leads to it."""

import posixpath
import re
from collections.abc import Callable, Collection, Mapping
from xml.sax.saxutils import quoteattr

from iif_reckoner.errors import InputError, shown
from iif_reckoner.package.book import Package, links_part
from iif_reckoner.package.markup import (
    SAVE_AGAIN,
    attribute_bytes,
    attributes,
    check,
    root_prefix,
    tag,
    view,
    walk,
    with_attributes,
)

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK_WITH_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"

_RIBBON_LINK = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_VBA_LINK = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_VBA_TYPE = "application/vnd.ms-office.vbaProject"
_XML_TYPE = "application/xml"
_LINKS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_NO_LINKS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)


def add_part(package: Package, part: str, data: bytes, *, content_type: str, link: str, source: str = "") -> Package:
    """Return the package with a part added, or replaced, and the relationship of type `link` from `source` to it.

    `source` is the part that the relationship belongs to; "" is the package itself.

    Raises:
        InputError: the list of content types or of relationships is not one.
    """
    rels = links_part(source)
    parts = {part: data}
    if part not in {found.part for found in package.links(source)}:
        old = package.part(rels) if package.has(rels) else _NO_LINKS
        parts[rels] = _with_link(old, f"{package.name}: {rels}", part, link, source)
    changed = package.with_parts(parts)
    for name, kind in ((rels, _LINKS_TYPE), (part, content_type)):
        changed = set_content_type(changed, name, kind)
    return changed


def add_ribbon(package: Package, ribbon: bytes) -> Package:
    """Return the package with a ribbon of its own, for Excel 2010 and later. Raises as `add_part`."""
    part = "customUI/customUI14.xml"
    check(ribbon, part)
    return add_part(package, part, ribbon, content_type=_XML_TYPE, link=_RIBBON_LINK)


def add_macros(package: Package, project: bytes) -> Package:
    """Return the package as one with macros, which are to be saved as `.xlsm`. Raises as `add_part`."""
    workbook = package.workbook_part
    part = posixpath.join(posixpath.dirname(workbook), "vbaProject.bin")
    changed = add_part(package, part, project, content_type=_VBA_TYPE, link=_VBA_LINK, source=workbook)
    return set_content_type(changed, workbook, WORKBOOK_WITH_MACROS)


def set_content_type(package: Package, part: str, content_type: str) -> Package:
    """Return the package with the kind of a part stated; unchanged where it is, or its ending states it.

    Raises:
        InputError: the list of content types is not one.
    """
    data = package.part(CONTENT_TYPES)
    where = f"{package.name}: {CONTENT_TYPES}"
    check(data, where)
    seen = view(data)
    prefix = root_prefix(seen, b"Types")
    if prefix is None:
        raise InputError(f"{where}: not a list of content types")
    wanted = content_type.encode()
    for match in tag(prefix, b"Override").finditer(seen):
        given = attributes(match[1])
        if given.get(b"PartName", b"").decode().lstrip("/").casefold() == part.casefold():
            if given.get(b"ContentType") == wanted:
                return package
            text = with_attributes(match[1], {b"ContentType": wanted})
            new = b"<" + prefix + b"Override" + text + match[2] + b">"
            return package.with_parts({CONTENT_TYPES: data[: match.start()] + new + data[match.end() :]})
    ending = part.rpartition(".")[2].casefold()
    for match in tag(prefix, b"Default").finditer(seen):
        given = attributes(match[1])
        if given.get(b"Extension", b"").decode().casefold() == ending and given.get(b"ContentType") == wanted:
            return package
    new = b"<" + prefix + b'Override PartName="/' + attribute_bytes(part) + b'" ContentType="' + wanted + b'"/>'
    return package.with_parts({CONTENT_TYPES: _before_end(data, prefix + b"Types", new)})


def content_type(package: Package, part: str) -> str:
    """Return what kind of part this is, as the list of content types has it.

    Raises:
        InputError: the list does not have it.
    """
    ending = part.rpartition(".")[2].casefold()
    found: dict[str, str] = {}

    def start(_: str, given: dict[str, str]) -> None:
        name = given.get("PartName", "").lstrip("/").casefold() or "." + given.get("Extension", "").casefold()
        found[name] = given.get("ContentType", "")

    walk(package.part(CONTENT_TYPES), f"{package.name}: {CONTENT_TYPES}", start)
    kind = found.get(part.casefold()) or found.get(f".{ending}")
    if kind is None:
        raise InputError(f"{package.name}: {CONTENT_TYPES}: does not say what {shown(part)} is; {SAVE_AGAIN}")
    return kind


def take_out_parts(package: Package, parts: Collection[str]) -> Package:
    """Return the package without these parts, what is said of their kind, and the relationships that lead from them."""
    gone = {part.casefold() for part in parts}

    def is_gone(given: Mapping[bytes, bytes]) -> bool:
        return given.get(b"PartName", b"").decode().lstrip("/").casefold() in gone

    left = package.without([*parts, *map(links_part, parts)])
    return _without(left, CONTENT_TYPES, b"Types", b"Override", is_gone) if gone else left


def take_out_links(package: Package, source: str, parts: Collection[str]) -> Package:
    """Return the package without the relationships that lead from a part to these."""
    gone = {part.casefold() for part in parts}
    ids = {link.id.encode() for link in package.links(source) if link.part.casefold() in gone}
    if not ids:
        return package
    return _without(
        package, links_part(source), b"Relationships", b"Relationship", lambda given: given.get(b"Id") in ids
    )


def relative_links(package: Package) -> Package:
    """Return the package with every target inside it given relative to its source, as Excel writes them."""
    parts = {}
    for rels in package.parts:
        if not rels.endswith(".rels"):
            continue
        data = package.part(rels)
        where = f"{package.name}: {rels}"
        check(data, where)
        seen = view(data)
        prefix = root_prefix(seen, b"Relationships")
        if prefix is None:
            raise InputError(f"{where}: not a list of relationships")
        base = "/" + posixpath.dirname(posixpath.dirname(rels))
        out, copied = [], 0
        for match in tag(prefix, b"Relationship").finditer(seen):
            given = attributes(match[1])
            target = given.get(b"Target", b"").decode()
            if given.get(b"TargetMode") == b"External" or not target.startswith("/"):
                continue
            text = with_attributes(match[1], {b"Target": posixpath.relpath(target, base).encode()})
            out += [data[copied : match.start(1)], text]
            copied = match.end(1)
        parts[rels] = b"".join([*out, data[copied:]])
    return package.with_parts(parts)


def _with_link(data: bytes, where: str, part: str, link: str, source: str) -> bytes:
    check(data, where)
    seen = view(data)
    prefix = root_prefix(seen, b"Relationships")
    if prefix is None:
        raise InputError(f"{where}: not a list of relationships")
    used = {attributes(match[1]).get(b"Id", b"") for match in tag(prefix, b"Relationship").finditer(seen)}
    number = next(number for number in range(1, len(used) + 2) if b"rId%d" % number not in used)
    target = quoteattr(posixpath.relpath("/" + part, "/" + posixpath.dirname(source))).encode()
    new = b'<%sRelationship Id="rId%d" Type="%s" Target=%s/>' % (prefix, number, link.encode(), target)
    return _before_end(data, prefix + b"Relationships", new)


def _without(
    package: Package, part: str, root: bytes, element: bytes, is_gone: Callable[[Mapping[bytes, bytes]], bool]
) -> Package:
    """Return the package with a list that no longer has the elements whose attributes are those of what is gone."""
    data = package.part(part)
    check(data, f"{package.name}: {part}")
    seen = view(data)
    prefix = root_prefix(seen, root)
    if prefix is None:
        raise InputError(f"{package.name}: {part}: not a list as Excel writes it; {SAVE_AGAIN}")
    out, copied = [], 0
    for match in tag(prefix, element).finditer(seen):
        if is_gone(attributes(match[1])):
            out.append(data[copied : match.start()])
            closing = match.end() if match[2] else seen.find(b"</" + prefix + element, match.end())
            copied = closing if match[2] else seen.index(b">", closing) + 1
    return package.with_parts({part: b"".join([*out, data[copied:]])})


def _before_end(data: bytes, name: bytes, new: bytes) -> bytes:
    closing = data.rfind(b"</" + name)
    if closing >= 0:
        return data[:closing] + new + data[closing:]
    # A list with nothing in it may be one empty tag, which is then the last of the part.
    match = re.compile(rb"\s*/>(\s*)\Z").search(data)
    if match is None:
        raise InputError(f"<{name.decode()}> has no end")
    return data[: match.start()] + b">" + new + b"</" + name + b">" + match[1]
