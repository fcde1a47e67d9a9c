"""What a freshly built workbook still lacks: relative links, fixed dates, described charts, a word on recalculation."""

import re
from collections.abc import Mapping, Sequence

from iif_reckoner.package.book import Package
from iif_reckoner.package.calculation import CALCULATED_BY, set_recalculation
from iif_reckoner.package.charts import set_descriptions
from iif_reckoner.package.links import CONTENT_TYPES, relative_links

_CORE = "docProps/core.xml"
_DATES = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:\2>)")


def tidy(
    built: bytes | Package,
    *,
    dated: str = "2000-01-01T00:00:00Z",
    recalculate_on_open: bool = False,
    descriptions: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """Return a workbook that openpyxl has written as it is shipped; the same input gives the same bytes.

    Args:
        built: what openpyxl wrote, or that with more set in it.
        dated: when it says that it was made and changed.
        recalculate_on_open: whether Excel works everything out anew when it opens the workbook.
        descriptions: for each sheet what its charts and pictures show, in the order of its drawing.

    Raises:
        UnknownNameError: there is no such sheet.
        InputError: it is not a workbook, or there are more descriptions than drawings.
    """
    package = Package.from_bytes(built, "the built workbook") if isinstance(built, bytes) else built
    package = set_recalculation(package, on_open=recalculate_on_open, calculated_by=CALCULATED_BY)
    for sheet, texts in (descriptions or {}).items():
        package = set_descriptions(package, sheet, texts)
    package = relative_links(package)
    if package.has(_CORE):
        dates = _DATES.sub(rb"\g<1>" + dated.encode() + rb"\g<3>", package.part(_CORE))
        package = package.with_parts({_CORE: dates})
    # Excel writes these two first, and what tells a file's kind by its first bytes looks for them there.
    return package.rebuilt((CONTENT_TYPES, "_rels/.rels"))
