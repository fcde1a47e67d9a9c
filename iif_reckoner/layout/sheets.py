"""The sheets of the workbook in their order: names, code names, paper and tab colours."""

from dataclasses import dataclass

from iif_reckoner.layout import look

LAYOUT = 1
"""The number of this layout; a workbook carries it in the defined name `IIF_LAYOUT`."""

PRACTICES = 40
INDICATORS = 40
ACTIONS = 60
COUNT_ROWS = PRACTICES * INDICATORS + INDICATORS
"""Slots of every workbook, whatever is in use; the last 40 Counts rows are the PCN's own, actions those of the log."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One sheet: `key` for programs, `title` on its tab; `tables` are the names of its tables, as Excel knows them."""

    key: str
    title: str
    paper: str = "A4"
    landscape: bool = True
    tab: str = look.BLUE
    hidden: bool = False
    tables: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The defined name on its cell A1, by which readers find it when the tab was renamed."""
        return f"IIF_SHEET_{self.key.upper()}"

    @property
    def quoted(self) -> str:
        """Its title as a formula writes it."""
        return f"'{self.title}'" if " " in self.title or "." in self.title else self.title


SHEETS = (
    Sheet(key="start", title="Start", landscape=False, tab=look.DARK_BLUE),
    Sheet(key="reckoner", title="Reckoner", paper="A3", tab=look.DARK_BLUE, tables=("Reckoner",)),
    Sheet(key="practices", title="Practices", tab=look.WARM_YELLOW, tables=("Practices",)),
    Sheet(key="counts", title="Counts", tab=look.WARM_YELLOW, tables=("Counts",)),
    Sheet(key="paste", title="Paste", landscape=False, tab=look.WARM_YELLOW, tables=("Paste",)),
    Sheet(key="trend", title="Trend", tables=("Trend", "End_of_year", "Seasons")),
    Sheet(
        key="practice_gaps",
        title="Practice gaps",
        tables=("Patients_to_upper", "Achievement", "To_average", "Fair_shares"),
    ),
    Sheet(key="plan", title="Plan", tab=look.WARM_YELLOW, tables=("Plan", "Tiers_and_leads")),
    Sheet(key="actions", title="Actions", tab=look.WARM_YELLOW, tables=("Actions",)),
    Sheet(key="split", title="Split", tables=("Split_pounds", "Split_changes")),
    Sheet(key="cash", title="Cash", landscape=False, tables=("Cash",)),
    Sheet(key="compare", title="Compare", tables=("Now", "What_if", "One_more", "Bridge", "Beside_CQRS")),
    Sheet(key="rules", title="Rules", tables=("Rules",)),
    Sheet(key="checks", title="Checks", landscape=False, tables=("Checks", "Self_test")),
    Sheet(key="working", title="Working", tab=look.MID_GREY),
    Sheet(key="about", title="About", landscape=False, tab=look.MID_GREY),
    Sheet(key="config", title="xlwings.conf", tab=look.MID_GREY, hidden=True),
)
"""In the order of the tabs; the workbook's VBA project has one document module for each."""

BY_KEY = {sheet.key: sheet for sheet in SHEETS}
