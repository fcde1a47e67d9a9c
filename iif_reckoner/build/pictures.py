"""Pictures of the sheets of a workbook: `python -m iif_reckoner.build.pictures [FOLDER [WORKBOOK [SHEET...]]]`.

Left out: every sheet of the made-up PCN's workbook of 2022/23.
"""

import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from iif_reckoner.build import example, make
from iif_reckoner.figures import book
from iif_reckoner.figures.content import Content
from iif_reckoner.layout.sheets import SHEETS, Sheet

FOLDER = Path("docs/pictures")
MISSING = 13
"""The exit code where a program is missing that draws pages."""

_RULESET, _MONTHS = "2022-23.v2", 9
_DPI, _WALL_DPI = 110, 130
_FOOTER = re.compile(r"IIF Ready Reckoner\s+(\S.*?)\s+Page \d+")
_BEGINS = "title", "section"
_LONGEST = 180


def main(arguments: list[str]) -> int:
    """Draw the pictures into the folder; return the exit code."""
    missing = [program for program in ("soffice", "pdftoppm", "pdftotext") if shutil.which(program) is None]
    if missing:
        sys.stderr.write(
            f"{' and '.join(missing)} not found: pictures need LibreOffice (soffice) and poppler-utils (pdftoppm)\n"
        )
        return MISSING
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    workbook = Path(arguments[1]).read_bytes() if arguments[1:] else make(_demo())
    for path in pictures(workbook, folder, arguments[2:]):
        sys.stdout.write(f"{path}\n")
    return 0


def _demo() -> Content:
    return example.decided(example.content(_RULESET, _MONTHS, macros=False), hours_left=400, hours_a_month=12)


def pictures(workbook: bytes, folder: Path, keys: Sequence[str] = ()) -> list[Path]:
    """Draw the sheets (or those with these keys) as `<key>.png`, `<key>-2.png` ...; return the files in order.

    Of a sheet's pages those are drawn that begin something: on which a title or the heading of a section first stands.
    """
    with TemporaryDirectory() as name:
        place = Path(name)
        (place / "demo.xlsx").write_bytes(workbook)
        profile = f"-env:UserInstallation=file://{place}/profile"
        _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", name, str(place / "demo.xlsx"))
        printed = place / "demo.pdf"
        if not printed.exists():
            raise SystemExit("soffice: no PDF came of the workbook")
        pages = pages_of_sheets(_run("pdftotext", "-layout", str(printed), "-"))
        headings = _headings()
        found = []
        for sheet in SHEETS:
            if sheet.title in pages and (not keys or sheet.key in keys):
                for old in folder.glob(f"{sheet.key}-[0-9]*.png"):
                    old.unlink()
                for number, page in enumerate(beginnings(pages[sheet.title], headings[sheet.key]), start=1):
                    path = folder / (f"{sheet.key}-{number}.png" if number > 1 else f"{sheet.key}.png")
                    path.write_bytes(_picture(printed, page, sheet))
                    found.append(path)
        return found


def _headings() -> dict[str, list[str]]:
    """Return the titles and the headings of sections of each sheet, by its key."""
    return {
        page.sheet.key: [str(cell.value) for _, cell in sorted(page.cells.items()) if cell.style in _BEGINS]
        for page in book.pages(_demo(), None)
    }


def pages_of_sheets(text: str) -> dict[str, dict[int, str]]:
    """Return the text of each page by its number, for each sheet, from the text of all pages, by the footers.

    >>> footer = "IIF Ready Reckoner   Start   Page "
    >>> pages_of_sheets(chr(12).join([footer + "1", footer + "2"]))["Start"].keys()
    dict_keys([1, 2])
    """
    titles = {"".join(sheet.title.split()): sheet.title for sheet in SHEETS if not sheet.hidden}
    found: dict[str, dict[int, str]] = {}
    for number, page in enumerate(text.split("\f"), start=1):
        if (match := _FOOTER.search(page)) and (title := titles.get("".join(match[1].split()))):
            found.setdefault(title, {})[number] = page
    return found


def beginnings(pages: Mapping[int, str], headings: Sequence[str]) -> list[int]:
    """Return the first page, and those on which one of the headings first stands.

    >>> beginnings({4: "Trend", 5: "more of it", 6: "Seasons", 7: "Seasons"}, ["Trend", "Seasons"])
    [4, 6]
    """
    first = {next((number for number, page in pages.items() if heading in page), None) for heading in headings}
    return [number for place, number in enumerate(pages) if place == 0 or number in first]


def _picture(printed: Path, page: int, sheet: Sheet) -> bytes:
    dpi = str(_WALL_DPI if sheet.paper == "A3" else _DPI)
    drawn = printed.with_name(sheet.key)
    _run("pdftoppm", "-r", dpi, "-singlefile", "-f", str(page), "-l", str(page), str(printed), str(drawn))
    return _png(drawn.with_suffix(".ppm").read_bytes())


def _png(drawn: bytes) -> bytes:
    """Return a drawn page (PPM) as a PNG of its 256 most frequent colours: a third of the size, no visible change."""
    _, size, _, points = drawn.split(b"\n", 3)
    width, height = (int(part) for part in size.split())
    rgb = np.frombuffer(points, dtype=np.uint8).reshape(-1, 3).astype(np.int64)
    colours, where, count = np.unique(rgb @ (65536, 256, 1), return_inverse=True, return_counts=True)
    apart = np.stack([colours >> 16, colours >> 8 & 255, colours & 255], axis=1)
    common = np.argsort(-count, kind="stable")[:256]
    nearest = [int(((apart[common] - own) ** 2).sum(axis=1).argmin()) for own in apart]
    lines = np.array(nearest, dtype=np.uint8)[where].reshape(height, width)
    data = np.pad(lines, ((0, 0), (1, 0))).tobytes()
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    palette = apart[common].astype(np.uint8).tobytes()
    parts = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(data, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=_LONGEST).stdout  # noqa: S603


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
