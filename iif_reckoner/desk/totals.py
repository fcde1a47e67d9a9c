"""The totals of a workbook before and after its figures changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iif_reckoner.desk.recalculate import Recalculated
from iif_reckoner.desk.tables import Place
from iif_reckoner.figures import book
from iif_reckoner.layout.sheets import BY_KEY, LAYOUT
from iif_reckoner.package import Package, column_letters


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """Points and pounds won before and after; text where the workbook says that a check stops them.

    `months` are those whose figures were and are shown, empty where there are none.
    """

    months: tuple[str, str]
    points: tuple[float | str, float | str]
    won: tuple[float | str, float | str]

    @property
    def in_words(self) -> str:
        """The totals as a line for people."""
        points = " -> ".join(f"{each:,.2f}" if isinstance(each, float) else each or "none" for each in self.points)
        won = " -> ".join(f"£{each:,.2f}" if isinstance(each, float) else each or "none" for each in self.won)
        before, after = self.months
        moved = f"   (end of {before} -> end of {after})" if before and after and before != after else ""
        return f"Points {points}   Pounds won {won}{moved}"


def totals(package: Package, done: Recalculated) -> Totals | None:
    """Return the totals; None for a workbook of an earlier layout, or where nothing could be worked out."""
    names = {name.casefold(): text for name, text in package.names.items()}
    if names.get("iif_layout") != str(LAYOUT) or done.failed:
        return None
    title = package.place(BY_KEY["working"].name)[0].name
    found = {name: (_of(done.before, title, name), _of(done.after, title, name)) for name in ("points", "won")}
    return Totals(
        months=(_shown_month(done.before, title), _shown_month(done.after, title)),
        points=found["points"],
        won=found["won"],
    )


def _of(values: Mapping[Place, Any], title: str, name: str) -> float | str:
    area = book.places()[f"total_{name}"].area
    value = values[title, f"{column_letters(area.column)}{area.row}"]
    return float(value) if isinstance(value, int | float) else value or ""


def _shown_month(values: Mapping[Place, Any], title: str) -> str:
    places = book.places()
    area = places["month"].area
    number = values[title, f"{column_letters(area.column)}{area.row}"]
    if not isinstance(number, int | float) or not number:
        return ""
    area = places["month_label"].area
    return str(values[title, f"{column_letters(area.column + int(number) - 1)}{area.row}"])
