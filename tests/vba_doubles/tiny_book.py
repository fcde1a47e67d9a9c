"""A small macro-enabled workbook: cells, defined names, ribbon and a VBA project, put together part by part."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from iif_reckoner import vba

PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def write(
    path: Path,
    project: bytes,
    sheets: Mapping[str, Mapping[str, Any]],
    names: Mapping[str, str],
    code_names: Sequence[str],
) -> Path:
    """Write a workbook; `sheets` gives each sheet's cells by address, `names` each defined name's place."""
    book = Workbook()
    book.code_name = code_names[0]
    book.remove(book.active)
    for place, code_name in enumerate(code_names[1:]):
        title = list(sheets)[place] if place < len(sheets) else code_name
        sheet = book.create_sheet(title)
        sheet.sheet_properties.codeName = code_name
        for address, value in sheets.get(title, {}).items():
            sheet[address] = value
    for name, target in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=target)
    plain = BytesIO()
    book.save(plain)
    with ZipFile(plain) as source, ZipFile(path, "w", ZIP_DEFLATED) as target_file:
        for part in source.namelist():
            target_file.writestr(part, _with_macros(part, source.read(part).decode("utf-8")))
        target_file.writestr(vba.PROJECT_PART, project)
        target_file.writestr(vba.RIBBON_PART, vba.ribbon())
    return path


def _with_macros(part: str, text: str) -> str:
    if part == "[Content_Types].xml":
        text = text.replace(PLAIN, vba.WORKBOOK_CONTENT_TYPE)
        binary = f'<Default Extension="bin" ContentType="{vba.PROJECT_CONTENT_TYPE}"/>'
        return re.sub(r"(<Types[^>]*>)", rf"\1{binary}", text)
    if part == "xl/_rels/workbook.xml.rels":
        return _related(text, vba.PROJECT_RELATIONSHIP, "vbaProject.bin")
    if part == "_rels/.rels":
        return _related(text, vba.RIBBON_RELATIONSHIP, vba.RIBBON_PART)
    return text


def _related(text: str, kind: str, target: str) -> str:
    relationship = f'<Relationship Id="rIdIif" Type="{kind}" Target="{target}"/>'
    return text.replace("</Relationships>", relationship + "</Relationships>")
