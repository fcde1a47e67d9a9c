"""What may leave the PCN: a workbook built anew, so that nothing goes along but what was asked for."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import takewhile

from iif_reckoner.build import make
from iif_reckoner.desk.as_typed import as_typed
from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.earned import shown_month
from iif_reckoner.desk.suppress import FEW, HIDDEN, Masks, masks
from iif_reckoner.desk.tables import Place, grid
from iif_reckoner.desk.values import Value, is_blank
from iif_reckoner.errors import unknown
from iif_reckoner.figures import counts
from iif_reckoner.figures.content import Action, Compared, Content, Practice
from iif_reckoner.figures.practice_shares import AVERAGE, SHARED
from iif_reckoner.figures.shown import VERDICT
from iif_reckoner.layout.sheets import BY_KEY, SHEETS
from iif_reckoner.package import (
    Package,
    column_letters,
    set_cells,
    set_recalculation,
    take_out_formulas,
    take_out_sheet,
)

_START, _RECKONER, _GAPS = (BY_KEY[key].title for key in ("start", "reckoner", "practice_gaps"))
_ALONE = {
    "Where the whole PCN stands": "Where this practice stands alone",
    "Patients the PCN needs": "Patients it needs alone",
    "The whole PCN": "This practice alone",
    **{words: words for words, _, _ in (*AVERAGE, *SHARED)},
    "Patients to share out": "Patients it needs alone",
}
"""What Practice gaps says of the PCN, and what it says in a copy of one practice."""

_BANNER = VERDICT.row
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the copy is to be: of one practice (its code as Practices has it), values alone, with names, masked."""

    practice: str | None = None
    values: bool = False
    names: bool = False
    suppress: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """A copy that may leave: its workbook, and what was masked in it."""

    package: Package
    masks: Masks | None = None


def with_pasted(book: Workbook, content: Content) -> tuple[Content, int]:
    """Return the content with what is picked up from Paste as if it were typed on Counts, and how much cannot be.

    The sheet itself takes anything, so its rows never go along.

    Raises:
        InputError: a sheet or a column is gone.
    """
    typed = as_typed(book)
    found, left = {}, 0
    for row in typed.rows:
        pair = [value for value in row.pasted if not is_blank(value)]
        left += sum(not _is_count(value) for value in pair)
        if pair and all(map(_is_count, pair)):
            numerator, denominator = (None if is_blank(value) else int(str(value)) for value in row.pasted)
            key = str(row.practice).strip().upper(), str(row.indicator).strip().upper(), row.pasted_month
            found[key] = numerator, denominator
    return replace(content, counts={**content.counts, **found}, pasted=(), pasted_month=""), left


def _is_count(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def going(content: Content, asked: Asked, file: str) -> Content:
    """Return what of a workbook's content goes along.

    Of one practice alone go its own rows, and nothing that is the PCN's: no counts for the whole PCN, no last year.

    Raises:
        UnknownNameError: there is no such practice.
    """
    if asked.practice is not None:
        practice = practice_of(content, asked.practice, file)
        content = replace(
            content,
            practices=(practice,),
            counts={key: pair for key, pair in content.counts.items() if key[0] == practice.code},
            baselines={key: pair for key, pair in content.baselines.items() if key[0] == practice.code},
            actions=_actions_of(content, practice),
            last_year={},
            not_comparable=frozenset(),
            costs=None,
            hours_left=None,
            outside=(),
            minimum=None,
            aspiration_amount=None,
            compared=Compared(),
        )
    if not asked.names:
        content = replace(
            content,
            practices=tuple(replace(practice, lead="") for practice in content.practices),
            planned={
                code: replace(own, board_lead="", practice_lead="", helper="", decided_by="")
                for code, own in content.planned.items()
            },
            actions=(),
            outside=(),
            compared=replace(content.compared, evidence={}),
        )
    if asked.suppress:
        # What might be otherwise, or what CQRS has, could be taken from what is shown.
        content = replace(content, compared=Compared())
    # Without macros nobody but Excel's own formulas can answer.
    return replace(content, macros=False, switches=replace(content.switches, engine="Automatic"))


def practice_of(content: Content, code: str, file: str) -> Practice:
    """Return the practice with this code.

    Raises:
        UnknownNameError: there is none; the text gives the nearest codes.
    """
    for practice in content.practices:
        if practice.code == code:
            return practice
    raise unknown("practice", code, [practice.code for practice in content.practices], where=file)


def _actions_of(content: Content, practice: Practice) -> tuple[Action, ...]:
    """Return the actions of a practice that name no other one."""
    others = [word.casefold() for other in content.practices if other != practice for word in (other.code, other.name)]
    return tuple(
        action
        for action in content.actions
        if action.practice.strip().casefold() in (practice.code.casefold(), practice.name.casefold())
        and not any(word and word in f"{action.what} {action.owner}".casefold() for word in others)
    )


def words_in(content: Content) -> dict[str, int]:
    """Return how much a workbook holds that goes along with names only: leads, actions, what people wrote."""
    leads = [practice.lead for practice in content.practices]
    leads += [
        name
        for own in content.planned.values()
        for name in (own.board_lead, own.practice_lead, own.helper, own.decided_by)
    ]
    return {
        "lead": sum(map(bool, leads)),
        "action": len(content.actions),
        "line on what is outside the scheme": len(content.outside),
        "line of evidence": len(content.compared.evidence),
    }


def strays(content: Content) -> list[str]:
    """Return the keys of figures in Counts that belong to no practice or indicator of the workbook."""
    rows = {(key[0], key[2]) for key in counts.keys(content)}
    keys = {(who, what) for who, what, _ in content.counts} | set(content.baselines)
    return [" ".join(key) for key in sorted(keys - rows)]


def file_name(content: Content, asked: Asked) -> str:
    """Return a speaking name: PCN, practice, year and version, month, and what was done to it.

    >>> from iif_reckoner.build import example
    >>> file_name(example.content("2022-23.v2", 9), Asked(values=True))
    'Ashwater-and-Fernhill-PCN-2022-23-v2-Dec-2022-values.xlsx'
    """
    month = shown_month(content)
    words = (
        _safe(content.pcn_name) or _safe(content.pcn_code) or "IIF",
        asked.practice or "",
        content.ruleset.id,
        content.months[month - 1] if month else "",
        "values" if asked.values or asked.suppress else "",
        "suppressed" if asked.suppress else "",
        "with names" if asked.names else "",
    )
    return "-".join(filter(None, map(_safe, words))) + ".xlsx"


def _safe(words: str) -> str:
    """Return words as part of a file's name that every system takes."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", plain).strip("-")


def shared(content: Content, asked: Asked) -> Shared:
    """Return the workbook of this content, which is what `going` gave, as it may leave."""
    package = Package.from_bytes(make(content), "the shared workbook")
    package = take_out_sheet(package, BY_KEY["config"].title)
    found: Masks | None = None
    said: dict[Place, str] = {}
    if asked.practice is not None:
        practice = content.practices[0]
        package = take_out_formulas(package, _RECKONER, only={"A1"})
        said |= _of_one_practice(package, content, practice)
    if asked.values or asked.suppress:
        for sheet in SHEETS:
            if not sheet.hidden:
                package = take_out_formulas(package, sheet.title)
        package = set_recalculation(package, on_open=False)
        said[_START, "A4"] = "Values only: figures in this copy do not follow when others change."
    if asked.suppress:
        found = masks(content, shown_month(content))
        said |= found.cells
        said |= _legends(package, found.sheets)
    if not asked.names:
        said |= _without_names(package)
    return Shared(package=set_cells(package, said), masks=found)


def _of_one_practice(package: Package, content: Content, practice: Practice) -> dict[Place, str]:
    """Return what says on a copy of one practice that it is one."""
    of = f"{practice.name} ({practice.code})" if practice.name else practice.code
    alone = f"{of} alone, reckoned with its own list; the PCN is paid for all its practices together."
    said = {
        (_START, "A2"): alone,
        (_RECKONER, "A1"): f"{practice.name or practice.code}  {practice.code}   {content.ruleset.year}",
    }
    for cell in package.cells(_GAPS, columns=("B",)):
        if cell.value in _ALONE:
            said |= {(_GAPS, cell.address): _ALONE[str(cell.value)], (_GAPS, f"A{cell.row}"): "Alone"}
    return said


def _legends(package: Package, titles: Iterable[str]) -> dict[Place, str]:
    """Return what explains the masks, on each sheet that has some, beside what the checks say in its third row."""
    legend = f"{FEW}: under 8, not shown. {HIDDEN}: hidden, as it would give one of those away."
    said: dict[Place, str] = {}
    for title in titles:
        top = takewhile(lambda cell: cell.row <= _BANNER, package.cells(title, columns=("A",)))
        words = "".join(str(cell.value) for cell in top if cell.row == _BANNER and cell.value)
        said[title, f"A{_BANNER}"] = f"{words}   {legend}".strip()
    return said


def _without_names(package: Package) -> dict[Place, str]:
    """Return what says that leads and actions were left out, where Start counts them."""
    start = grid(package, "start")
    place = start.beside("Overdue actions")
    if place is None:
        return {}
    return {
        (_START, f"{column_letters(place[1] + 1)}{place[0]}"): "Actions and names of leads are not in this copy.",
        (BY_KEY["actions"].title, "A2"): "The actions of the PCN are not in this copy.",
    }
