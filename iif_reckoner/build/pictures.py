"""Pictures of the sheets of a workbook: `python -m iif_reckoner.build.pictures [FOLDER [WORKBOOK [SHEET...]]]`.

Left out: every sheet of the made-up PCN's workbook of 2022/23.
"""

import re
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from iif_reckoner.build import example, make
from iif_reckoner.figures.content import Content
from iif_reckoner.layout.sheets import SHEETS, Sheet

FOLDER = Path("docs/pictures")
MISSING = 13
"""The exit code where a program is missing that draws pages."""

_RULESET, _MONTHS = "2022-23.v2", 9
_DPI, _WALL_DPI = 110, 130
_FOOTER = re.compile(r"IIF Ready Reckoner\s+(\S.*?)\s+Page \d+")
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
    """Write the first page of each sheet (or of those with these keys) as `<key>.png`; return the files in order."""
    with TemporaryDirectory() as name:
        place = Path(name)
        (place / "demo.xlsx").write_bytes(workbook)
        profile = f"-env:UserInstallation=file://{place}/profile"
        _run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", name, str(place / "demo.xlsx"))
        printed = place / "demo.pdf"
        if not printed.exists():
            raise SystemExit("soffice: no PDF came of the workbook")
        first = first_pages(_run("pdftotext", "-layout", str(printed), "-"))
        return [_picture(printed, first[sheet.title], folder, sheet) for sheet in SHEETS
                if sheet.title in first and (not keys or sheet.key in keys)]  # fmt: skip


def first_pages(text: str) -> dict[str, int]:
    """Return the first page of each sheet from the text of all pages, by the footers.

    >>> footer = "IIF Ready Reckoner   Start   Page "
    >>> first_pages(chr(12).join([footer + "1", footer + "2"]))
    {'Start': 1}
    """
    titles = {"".join(sheet.title.split()): sheet.title for sheet in SHEETS if not sheet.hidden}
    found: dict[str, int] = {}
    for number, page in enumerate(text.split("\f"), start=1):
        if match := _FOOTER.search(page):
            title = titles.get("".join(match[1].split()))
            if title:
                found.setdefault(title, number)
    return found


def _picture(printed: Path, page: int, folder: Path, sheet: Sheet) -> Path:
    dpi = str(_WALL_DPI if sheet.paper == "A3" else _DPI)
    drawn = printed.with_name(sheet.key)
    _run("pdftoppm", "-r", dpi, "-singlefile", "-f", str(page), "-l", str(page), str(printed), str(drawn))
    path = folder / f"{sheet.key}.png"
    path.write_bytes(_png(drawn.with_suffix(".ppm").read_bytes()))
    return path


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
