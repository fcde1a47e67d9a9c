"""The targets: each takes any bytes and raises only where there is a bug."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

from iif_reckoner import functions, rulesets
from iif_reckoner.errors import FileProblemError, InputError, ReckonerError, RulesetError
from iif_reckoner.functions import Problem
from iif_reckoner.package import Package, set_cells
from iif_reckoner.sources import (
    read_counts,
    read_headings,
    read_list_sizes,
    read_members,
    read_national,
    read_practices,
)
from tests.test_package_books import MAIN, hand_parts, zipped

TESTS = Path(__file__).parents[1]
MADE_UP = TESTS / "made_up" / "2031-32.v1.toml"
PLAIN = "xl/worksheets/sheet2.xml"


class Target(NamedTuple):
    """What is run on bytes, which tells whether it got through them, and the bytes to begin with."""

    run: Callable[[bytes], bool]
    seeds: Callable[[], list[bytes]]


# --- Workbooks

PARTS = (PLAIN, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "_rels/.rels")


@cache
def _hand_parts() -> dict[str, bytes]:
    parts = {name: part.encode() if isinstance(part, str) else part for name, part in hand_parts().items()}
    return {name: part for name, part in parts.items() if name != "xl/media/picture.png"}


def _with(part: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, held in (_hand_parts() | {part: data}).items():
            archive.writestr(zipfile.ZipInfo(name), held)
    return out.getvalue()


def _read(data: bytes) -> None:
    package = Package.from_bytes(data, "book.xlsx")
    for sheet in package.sheets:
        every = list(package.cells(sheet.name))
        filled = [cell for cell in every if cell.kind != "blank" or cell.is_formula]
        assert list(package.filled(sheet.name)) == filled


def archive(data: bytes) -> bool:
    """A whole file; what can be read can be written again and holds the same."""
    try:
        _read(data)
        package = Package.from_bytes(data, "book.xlsx")
        parts = {name: package.part(name) for name in package.parts}
        again = Package.from_bytes(package.rebuilt(()), "book.xlsx")
        assert {name: again.part(name) for name in again.parts} == parts
    except (InputError, FileProblemError):
        return False
    return True


def part(data: bytes) -> bool:
    """One part of a workbook; the first byte says which."""
    try:
        _read(_with(PARTS[(data[0] if data else 0) % len(PARTS)], data[1:]))
    except (InputError, FileProblemError):
        return False
    return True


def patch(data: bytes) -> bool:
    """A sheet into which values are put: they are read back, and every other cell is what it was."""
    wanted = {"B2": 56, "C3": "=1+1", "A1": None, "AA9": True}
    try:
        before = Package.from_bytes(_with(PLAIN, data), "book.xlsx")
        after = set_cells(before, {("Plain", address): value for address, value in wanted.items()})
        old, new = before.grid("Plain"), Package.from_bytes(after.to_bytes(), "book.xlsx").grid("Plain")
    except InputError:
        return False
    assert all(type(new[address].value) is type(value) and new[address].value == value
               for address, value in wanted.items() if value is not None)  # fmt: skip
    assert "A1" not in new or new["A1"].value is None
    assert not any(new[address].is_formula for address in wanted if address in new)
    rest = old.keys() - wanted.keys()
    assert {address: new.get(address) for address in rest} == {address: old[address] for address in rest}
    assert new.keys() - wanted.keys() == rest
    return True


def _sheet(cells: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><dimension ref="A1:B2"/><sheetData>{cells}</sheetData></worksheet>'.encode()


def _sheets() -> list[bytes]:
    rows = (
        '<row r="1"><c r="A1" s="1" t="s"><v>1</v></c><c r="B1"><f>A1*2</f><v>3.5</v></c></row>'
        '<row r="2" spans="1:2"><c r="B2" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c></row>',
        '<row r="3"><c r="C3" t="str"><v>x</v><extLst><ext uri="{1}"/></extLst></c></row>',
        '<row r="1"><c r="A1"><f t="array" ref="A1:B2">C1:D2</f><v>1</v></c><c r="B1"><v>2</v></c></row>',
        "<row><c><v>1e5</v></c><c t='b'><v>1</v></c></row><row/>",
        "",
    )
    return [_hand_parts()[PLAIN], _hand_parts()["xl/worksheets/sheet1.xml"], *map(_sheet, rows)]


# --- Tables and rulesets


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzz", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))  # noqa: S108


def _file(name: str, data: bytes) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path


def counts(data: bytes) -> bool:
    """A file of counts."""
    try:
        found = read_counts(_file("counts.csv", data), _rules()).rows
    except (InputError, FileProblemError):
        return False
    for kind in ("numerator", "denominator"):
        assert all(value >= 0 for value in found[kind].dropna())
    return True


READERS: Sequence[Callable[[Path], object]] = (
    read_members,
    read_list_sizes,
    read_practices,
    lambda path: read_headings(path, _rules()),
)


def tables(data: bytes) -> bool:
    """Another table; the first byte says of what."""
    try:
        READERS[(data[0] if data else 0) % len(READERS)](_file("table.csv", data[1:]))
    except (InputError, FileProblemError):
        return False
    return True


def ruleset(data: bytes) -> bool:
    """A ruleset's file, or one of national figures."""
    with suppress(ReckonerError):
        read_national(_file("national.toml", data))
    try:
        rulesets.read(_file("2031-32.v1.toml", data))
    except (RulesetError, FileProblemError):
        return False
    return True


@cache
def _rules():
    return rulesets.load("2023-24.v1")


def _tables() -> list[bytes]:
    heads = (
        ("PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME,EXTRACT_DATE", "A81001,ONE,U12345,PCN,01Jul2026"),
        ("PUBLICATION,EXTRACT_DATE,TYPE,CCG_CODE,ONS_CCG_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS",
         "GP,01APR2023,GP,00L,E38,A81001,TS1,ALL,ALL,4000"),
        ("practice_code,practice_name,list_size,weighted_list,system,hours", "A81001,One,4000,4100.5,EMIS,12.5"),
        ("ours,theirs", "practice_code,CDB\nindicator,Search\nnumerator,Done\ndenominator,Of\nmonth,=2023-10\nCAN-02,FIT"),
    )  # fmt: skip
    return [bytes([number]) + f"{head}\n{row}\n".encode() for number, (head, row) in enumerate(heads)]


def _counts() -> list[bytes]:
    return [
        b"practice_code,indicator,month,numerator,denominator\nA81001,ACC-08,2023-04,5,9\n'A81002, acc-08,Apr-23,*,\n",
        b"\xef\xbb\xbfpractice_code,indicator,month,numerator,denominator,baseline_numerator,baseline_denominator\r\n"
        b'A81001,"ACC-08",2023-04,5.0,9,1,2\r\n',
        b"ORGANISATION_TYPE,ORGANISATION_CODE,ORGANISATION_NAME,QUALITY_SERVICE,ACH_DATE,IND_CODE,MEASURE,VALUE\n"
        b"PRACTICE,A81001,ONE,NCD2324,31/03/2024,NCD107,Numerator,5\n",
        b"PRACTICE_CODE,PRACTICE_NAME,QUALITY_SERVICE,ACH_DATE,IND_CODE,MEASURE,VALUE\n"
        b"A81001,ONE,NCD2324,31/03/2024,NCD003,Denominator,9\n",
        zipped({"counts.csv": "practice_code,indicator,month,numerator,denominator\nA81001,ACC-08,2023-04,5,9\n"}),
    ]


# --- What Excel hands over

CALLS = (
    functions.IIF_POINTS,
    functions.IIF_VALUE,
    functions.IIF_GAP,
    functions.IIF_ACHIEVEMENT,
    functions.IIF_STATUS,
    functions.IIF_EXPLAIN,
)
CELLS: tuple[object, ...] = (
    None, "", " ", "ACC-08", "CAN-02", "VI-9", "#N/A", "1,234", "<5", "2023/24", "2022-23.v1", "9999/00", "upper",
    True, False, 0, 1, -1, 5, 100, 0.5, 1e300, -0.0, float("nan"), float("inf"), 10**30, b"x", object(), (), [], {},
    [[]], ((), ()), "\x00", "=1+1", "numerator",
)  # fmt: skip


def coercion(data: bytes) -> bool:
    """Arguments of a function: never an exception, always the shape of the arguments."""
    bytes_ = iter(data)

    def take() -> int:
        return next(bytes_, 0)

    def cell() -> object:
        kind = take()
        if kind < 4:
            return int.from_bytes(bytes(take() for _ in range(kind + 1)), "big")
        if kind < 8:
            return bytes(take() for _ in range(take() % 12)).decode("latin-1")
        return CELLS[kind % len(CELLS)]

    def argument() -> object:
        shape = take()
        if shape % 4 == 0:
            return [cell() for _ in range(shape // 4 % 5)]
        if shape % 4 == 1:
            return tuple(tuple(cell() for _ in range(shape // 16 % 4)) for _ in range(shape // 4 % 4))
        return cell()

    call = CALLS[take() % len(CALLS)]
    given = [argument() for _ in range(3 + take() % 5)]
    found = call(*given[: call.__code__.co_argcount])
    for value in _flat(found):
        assert isinstance(value, Problem | str | int | float)
        assert not isinstance(value, str) or len(value) <= 255
        assert str(value) is not None
    return True


def _flat(found: object) -> list[object]:
    return [cell for each in found for cell in _flat(each)] if isinstance(found, list) else [found]


TARGETS = {
    "archive": Target(archive, lambda: [zipped(hand_parts()), _with(PLAIN, _sheets()[2])]),
    "part": Target(part, lambda: [bytes([n]) + _hand_parts()[name] for n, name in enumerate(PARTS)]),
    "patch": Target(patch, _sheets),
    "counts": Target(counts, _counts),
    "tables": Target(tables, _tables),
    "ruleset": Target(ruleset, lambda: [MADE_UP.read_bytes(), *(
        (each / "2031-32.v1.toml").read_bytes() for each in sorted((TESTS / "bad_rulesets").iterdir())[:3]
        if (each / "2031-32.v1.toml").is_file())]),
    "coercion": Target(coercion, lambda: [bytes(range(n, n + 40)) for n in range(0, 200, 9)]),
}  # fmt: skip
