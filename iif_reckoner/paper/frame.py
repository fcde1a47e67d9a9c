"""What frames every page: whose it is, of which day, what its totals have to be read with, what it is called."""

from iif_reckoner.desk.book import Workbook
from iif_reckoner.paper.shown import Shown

NO_FIGURES = "no figures yet; write them in by hand"


def title(book: Workbook) -> str:
    """Return the PCN and the scheme year."""
    pcn = "  ".join(part for part in (str(book.fact("PCN") or ""), book.pcn_code) if part)
    return f"{pcn or 'IIF Ready Reckoner'}   {book.ruleset.year}"


def position(found: Shown) -> str:
    """Return the day that the figures are of, in words."""
    month = found.count("month")
    return f"position at the end of {found.text('month_label', 0, month - 1)}" if month else NO_FIGURES


def warning(found: Shown) -> str:
    """Return what totals have to be read with: a check that needs a look, assumed figures, a list not applied."""
    verdict = found.text("verdict")
    notes = [found.text(name) for name in ("assumed_note", "list_note")]
    parts = [part[0].upper() + part[1:] for part in ("" if all_well(found) else verdict, *notes) if part]
    return "   ".join(parts)


def all_well(found: Shown) -> bool:
    """Return whether none of the checks needs a look."""
    return found.text("verdict").startswith("All")


def footer(book: Workbook, what: str) -> str:
    """Return the line below every page: whose it is, by which rules, what it is."""
    return "   ".join(part for part in ("IIF Ready Reckoner", book.pcn_code, book.ruleset_id, what) if part)
