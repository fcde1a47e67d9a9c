"""Pages set by typst: a template of ours and what stands in it, as a tagged PDF for screen readers too (PDF/UA).

The letters are Arimo, drawn as wide as Arial. They come with a package, and the machine's own fonts are left out, so
that a page looks the same on every machine.
"""

import json
import re
from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Any

from iif_reckoner.errors import InputError

STRANGE = re.compile(r"[^\n -~\u00a0-\u024f\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ac\u2116\u2122\u2190-\u2193\u2212\u2260\u2264\u2265]")  # fmt: skip  # noqa: E501
"""What is no letter of a European language, no figure and no common sign: it may be missing from the font."""


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Return a template's pages as PDF; the data reach it as JSON, so that no text of theirs is taken for markup.

    A character that the font may not have, such as a picture, is printed as □: a page that leaves it out in silence
    would not be PDF/UA.

    Raises:
        InputError: typst or the font is not installed; both come with the extra `pdf`.
    """
    try:
        import fontpkg_arimo  # noqa: PLC0415 (an extra: most commands do without)
        import typst  # noqa: PLC0415
    except ImportError:
        raise InputError(
            "printing needs typst and the font Arimo; install both with: pip install 'iif-reckoner[pdf]'"
        ) from None
    with as_file(files("iif_reckoner.paper") / "templates") as folder:
        found: bytes = typst.compile(
            str(folder / f"{template}.typ"),
            root=str(folder),
            font_paths=[str(fontpkg_arimo.ROOT)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(_printable(data), ensure_ascii=False)},
            pdf_standards=["ua-1"],
        )
    return found


def _printable(value: Any) -> Any:
    match value:
        case str():
            return STRANGE.sub("□", value)
        case Mapping():
            return {key: _printable(part) for key, part in value.items()}
        case list() | tuple():
            return [_printable(part) for part in value]
        case _:
            return value
