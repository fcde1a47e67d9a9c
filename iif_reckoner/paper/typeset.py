"""Pages set by typst: a template of ours and what stands in it, as a tagged PDF for screen readers too (PDF/UA)."""

import json
from collections.abc import Mapping
from importlib.resources import as_file, files
from typing import Any

from iif_reckoner.errors import InputError


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Return a template's pages as PDF; the data reach it as JSON, so that no text of theirs is taken for markup.

    Raises:
        InputError: typst is not installed, which comes with the extra `pdf`.
    """
    try:
        import typst  # noqa: PLC0415 (an extra: most commands do without)
    except ImportError:
        raise InputError("printing needs typst; install it with: pip install 'iif-reckoner[pdf]'") from None
    with as_file(files("iif_reckoner.paper") / "templates") as folder:
        found: bytes = typst.compile(
            str(folder / f"{template}.typ"),
            root=str(folder),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=["ua-1"],
        )
    return found
