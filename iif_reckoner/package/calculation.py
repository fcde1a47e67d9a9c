"""Whether a workbook is worked out anew when it is opened, as its `calcPr` says."""

import re

from iif_reckoner.errors import InputError
from iif_reckoner.package.book import Package
from iif_reckoner.package.markup import SAVE_AGAIN, check, root_prefix, tag, view, with_attributes

CALCULATED_BY = "191029"
"""The number of the calculation engine of Excel 2019 and later: it trusts the values of a file that names it."""

# What may stand behind `calcPr`, in the standard's order.
_BEHIND = (
    b"oleSize", b"customWorkbookViews", b"pivotCaches", b"smartTagPr", b"smartTagTypes", b"webPublishing",
    b"fileRecoveryPr", b"webPublishObjects", b"extLst",
)  # fmt: skip


def set_recalculation(package: Package, *, on_open: bool, calculated_by: str | None = None) -> Package:
    """Return the package to be recalculated when it is opened, or not; `calculated_by` sets the engine's number too.

    Raises:
        InputError: the list of sheets is damaged.
    """
    part = package.workbook_part
    data = package.part(part)
    where = f"{package.name}: {part}"
    check(data, where)
    seen = view(data)
    prefix = root_prefix(seen, b"workbook")
    if prefix is None:
        raise InputError(f"{where}: not a workbook as Excel writes it; {SAVE_AGAIN}")
    wanted: dict[bytes, bytes | None] = {b"fullCalcOnLoad": b"1" if on_open else None}
    if calculated_by is not None:
        wanted = {b"calcId": calculated_by.encode(), **wanted}
    if match := tag(prefix, b"calcPr").search(seen):
        new = b"<" + prefix + b"calcPr" + with_attributes(match[1], wanted) + match[2] + b">"
        return package.with_parts({part: data[: match.start()] + new + data[match.end() :]})
    if not any(wanted.values()):
        return package
    new = b"<" + prefix + b"calcPr" + with_attributes(b"", wanted) + b"/>"
    names = b"|".join((*(b"<" + re.escape(prefix) + name for name in _BEHIND), b"</" + re.escape(prefix) + b"workbook"))
    behind = re.compile(b"(?:" + names + rb")[\s/>]")
    # The last `extLst` of names or sheets comes before, so the search begins behind them.
    begin = max(seen.rfind(b"</" + prefix + name) for name in (b"sheets", b"definedNames", b"externalReferences"))
    place = behind.search(seen, max(begin, 0))
    if place is None:
        raise InputError(f"{where}: has no end; {SAVE_AGAIN}")
    return package.with_parts({part: data[: place.start()] + new + data[place.start() :]})
