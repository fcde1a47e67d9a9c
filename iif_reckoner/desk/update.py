"""A workbook that goes on under other rules of its year: what it earns before and after, and what stays behind."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.earned import in_force, shown_month, stood
from iif_reckoner.desk.share import with_pasted
from iif_reckoner.errors import InputError
from iif_reckoner.figures import paste
from iif_reckoner.figures.content import Content, Typed
from iif_reckoner.figures.counts import keys
from iif_reckoner.layout.sheets import ACTIONS, INDICATORS, LAYOUT, PRACTICES
from iif_reckoner.model import Ruleset
from iif_reckoner.plan.difference import Line, difference, total
from iif_reckoner.rules_table import OVERRIDABLE, SCHEME, SCHEME_OVERRIDABLE, to_rows
from iif_reckoner.rulesets.crosswalk import Link, links

Override = tuple[str, str]
"""Code (or `SCHEME`) and field."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """A workbook's content under other rules of the year, and what the change of rules does.

    `month` is the month that is reckoned, empty where there are no figures. `unused` are the figures of Counts, by
    indicator, that the new rules do not use, `strays` those of rows that belong to no practice of the workbook, by the
    row's key. `kept` and `dropped` are what was typed over the rules; `left` the indicators whose leads, tier or last
    year's figure has no place any more. `recount` are those that count something else now.
    """

    content: Content
    lines: tuple[Line, ...]
    month: str
    unused: Mapping[str, int]
    strays: Mapping[str, int]
    kept: Mapping[Override, Typed]
    dropped: Mapping[Override, Typed]
    left: tuple[str, ...]
    recount: tuple[Link, ...]

    @property
    def total(self) -> Line:
        """The sums of all indicators that can be scored."""
        return total(self.lines)


def is_current(book: Workbook, ruleset: Ruleset, content: Content) -> bool:
    """Return whether a workbook is of this ruleset, with the numbers that it has now, and of the newest layout."""
    if book.layout < LAYOUT or book.ruleset_id != ruleset.id:
        return False
    head, *rows = to_rows(ruleset, content.assumed if content.assumed.is_assumed else None, content.national)
    places = {book.rules.text(row, "code"): row for row in book.rules.rows("code")}
    names = [name for name in (*OVERRIDABLE, *SCHEME_OVERRIDABLE) if name in book.rules.columns]
    for row in rows:
        known = dict(zip(head, row, strict=True))
        place = places.get(str(known["code"]))
        if place is None or any(_held(book, place, name) != known[name] for name in names):
            return False
    return True


def _held(book: Workbook, row: int, name: str) -> Typed | bool:
    cell = book.rules.cell(row, name)
    return None if cell is None or cell.value == "" else cell.value


def updated(book: Workbook, ruleset: Ruleset, assumed: Ruleset) -> Update:
    """Return what becomes of a workbook under another ruleset of its year, or under its own drawn anew.

    `assumed` is the ruleset with an earlier year's figures where it has none of its own.

    Raises:
        InputError: the ruleset is of another year, the content does not fit into a workbook or cannot be reckoned, or
            an override does not fit the new rules.
    """
    old = book.content()
    if ruleset.year != old.ruleset.year:
        raise InputError(
            f"{book.name}: of {old.ruleset.year}, and {ruleset.id} is of {ruleset.year}; "
            "for another year use `iif-reckoner rollover`"
        )
    check_room(book.name, replace(old, ruleset=ruleset))
    found = links(old.ruleset, ruleset)
    new = _under(old, ruleset, assumed, found)
    counted, _ = with_pasted(book, old)
    month = shown_month(counted)
    try:
        rules = in_force(new)
    except InputError as error:
        raise InputError(f"{book.name}: with what is typed over {ruleset.id}: {error}") from None
    try:
        lines = difference(
            stood(counted, book.in_force, month), stood(_under(counted, ruleset, assumed, found), rules, month)
        )
    except InputError as error:
        raise InputError(f"{book.name}: {str(error).removeprefix(f'{book.name}: ')}") from None
    unused, strays = _not_used(old, new)
    codes = set(ruleset.codes)
    on_compare = (old.compared.tried, old.compared.official, old.compared.evidence)
    typed = dict.fromkeys(code for held in (old.planned, old.last_year, old.medians, *on_compare) for code in held)
    return Update(
        content=new,
        lines=lines,
        month=new.months[month - 1] if month else "",
        unused=unused,
        strays=strays,
        kept=new.overrides,
        dropped={key: value for key, value in old.overrides.items() if key not in new.overrides},
        left=tuple(code for code in typed if code not in codes),
        recount=tuple(link for link in found if not link.same),
    )


def check_room(name: str, content: Content) -> None:
    """Refuse a content that is larger than a workbook.

    Raises:
        InputError: there is more of something than it has room for.
    """
    for found, what, room, advice in (
        (content.ruleset.indicators, "indicators", INDICATORS, "give another ruleset"),
        (content.practices, "practices", PRACTICES, "keep one workbook for each half of the PCN"),
        (content.actions, "actions", ACTIONS, "take out some that are done"),
        (content.pasted, "rows on Paste", paste.ROWS, "take out those of earlier months"),
    ):
        if len(found) > room:
            raise InputError(f"{name}: has {len(found)} {what}, and a workbook has room for {room}; {advice}")


def _under(old: Content, ruleset: Ruleset, assumed: Ruleset, found: tuple[Link, ...]) -> Content:
    """Return a content with other rules, without what they have no place for."""
    codes = set(ruleset.codes)
    compared = old.not_comparable | old.last_year.keys()
    changed = {link.after for link in found if link.before != link.after and not link.same and link.before in compared}
    new = replace(
        old,
        ruleset=ruleset,
        assumed=assumed,
        last_year={code: value for code, value in old.last_year.items() if code in codes},
        medians={code: value for code, value in old.medians.items() if code in codes},
        not_comparable=(old.not_comparable & codes) | changed,
        national=old.national and replace(old.national, ruleset=ruleset.id),
        planned={code: own for code, own in old.planned.items() if code in codes},
        overrides={key: value for key, value in old.overrides.items() if key[0] in codes | {SCHEME}},
        compared=old.compared.of(codes),
    )
    places = {(who, what) for who, _, what, _ in keys(new)}
    return replace(
        new,
        counts={key: pair for key, pair in old.counts.items() if key[:2] in places},
        baselines={key: pair for key, pair in old.baselines.items() if key in places},
    )


def _not_used(old: Content, new: Content) -> tuple[Counter[str], Counter[str]]:
    """Return how many figures have no place any more: by indicator, and by row where a practice is not known."""
    unused: Counter[str] = Counter()
    strays: Counter[str] = Counter()
    left = {(*key, 0): pair for key, pair in old.baselines.items() if key not in new.baselines}
    left |= {key: pair for key, pair in old.counts.items() if key not in new.counts}
    for (who, what, _), pair in left.items():
        number = sum(figure is not None for figure in pair)
        if what in new.ruleset.codes:
            strays[f"{who} {what}"] += number
        else:
            unused[what] += number
    return unused, strays
