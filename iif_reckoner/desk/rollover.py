"""Next April: a workbook of the new year with what goes on from the old one, and last year's figures beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from iif_reckoner.desk.book import Workbook
from iif_reckoner.desk.earned import earned, newest
from iif_reckoner.desk.share import with_pasted
from iif_reckoner.desk.update import Override, check_room
from iif_reckoner.errors import InputError
from iif_reckoner.figures.content import Action, Content, Planned, Practice, Typed
from iif_reckoner.model import Ruleset
from iif_reckoner.plan.agenda import FINISHED
from iif_reckoner.rulesets.crosswalk import Link, links
from iif_reckoner.sources import ListSizes


@dataclass(frozen=True, kw_only=True, slots=True)
class Rollover:
    """The content of the new year's workbook, and what stays behind in the old one.

    `follows` says that the one year is the year before the other. `until` is the month that last year's figures are
    of, empty where there are none, `whole_year` whether it is the last. `links` are the indicators that go on from one
    of last year, `new` those that do not, `gone` those of last year that none goes on from. `closed` are practices that
    had left, `without_list` those that the new list sizes do not have. `finished` counts the actions left behind,
    `homeless` are open ones of an indicator that the new year does not have. `leads` are the indicators whose leads
    stay behind, `overrides` what was typed over the old rules.
    """

    content: Content
    follows: bool
    until: str
    whole_year: bool
    links: tuple[Link, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    closed: tuple[str, ...]
    without_list: tuple[str, ...]
    finished: int
    homeless: tuple[Action, ...]
    leads: tuple[str, ...]
    overrides: Mapping[Override, Typed]


def rolled_over(
    book: Workbook, ruleset: Ruleset, assumed: Ruleset, sizes: ListSizes | None, *, macros: bool
) -> Rollover:
    """Return what becomes of a workbook in a later year; the workbook itself stays as it is.

    Raises:
        InputError: the ruleset is of no later year, or the content does not fit into a workbook or cannot be reckoned.
    """
    old = book.content()
    if ruleset.year == old.ruleset.year:
        raise InputError(f"{book.name}: of {ruleset.year} already; for new rules of its year use `iif-reckoner update`")
    if ruleset.year < old.ruleset.year:
        raise InputError(f"{book.name}: of {old.ruleset.year}, after {ruleset.year}; give the rules of a later year")
    found = links(old.ruleset, ruleset)
    counted, _ = with_pasted(book, old)
    month = newest(counted)
    follows = int(ruleset.year[:4]) == int(old.ruleset.year[:4]) + 1
    practices = [practice for practice in old.practices if practice.end is None or practice.end > ruleset.start]
    content = Content(
        ruleset=ruleset,
        assumed=assumed,
        pcn_code=old.pcn_code,
        pcn_name=old.pcn_name,
        practices=tuple(_with_lists(practices, sizes)),
        last_year=_last_year(book, counted, found, month) if follows and month else {},
        not_comparable=frozenset(link.after for link in found if follows and not link.same),
        lists_on=sizes.on if sizes else old.lists_on,
        planned={link.after: own for link in found if link.same and (own := _led(old, link.before)) != Planned()},
        actions=tuple(action for action in old.actions if action.state.casefold() not in FINISHED),
        sharing=old.sharing,
        blend=old.blend,
        minimum=old.minimum,
        macros=macros,
    )
    check_room(book.name, content)
    came = {link.before for link in found}
    carried = {link.before for link in found if link.same}
    return Rollover(
        content=content,
        follows=follows,
        until=old.months[month - 1] if month and follows else "",
        whole_year=month == len(old.months),
        links=found,
        new=tuple(code for code in ruleset.codes if code not in {link.after for link in found}),
        gone=tuple(code for code in old.ruleset.codes if code not in came),
        closed=tuple(practice.code for practice in old.practices if practice not in practices),
        without_list=tuple(practice.code for practice in content.practices if sizes and practice.list_size is None),
        finished=len(old.actions) - len(content.actions),
        homeless=tuple(a for a in content.actions if a.indicator and ruleset.find(a.indicator) is None),
        leads=tuple(code for code in old.planned if _led(old, code) != Planned() and code not in carried),
        overrides=old.overrides,
    )


def _with_lists(practices: Sequence[Practice], sizes: ListSizes | None) -> Iterator[Practice]:
    """Yield the practices with new list sizes; those of two days do not go together, so none is kept."""
    known = {} if sizes is None else dict(zip(sizes.rows["practice_code"], sizes.rows["list_size"], strict=True))
    for practice in practices:
        size = int(known[practice.code]) if practice.code in known else None
        yield practice if sizes is None else replace(practice, list_size=size)


def _last_year(book: Workbook, counted: Content, found: tuple[Link, ...], month: int) -> dict[str, float]:
    """Return the achievement of the whole PCN at the end of a month, by the code that it has in the new year."""
    try:
        reckoned = earned(counted, book.in_force, month)
    except InputError as error:
        raise InputError(f"{book.name}: {str(error).removeprefix(f'{book.name}: ')}") from None
    achieved = {link.after: reckoned[link.before].achievement for link in found if link.same}
    return {code: float(share) for code, share in achieved.items() if share is not None}


def _led(old: Content, code: str) -> Planned:
    """Return who leads an indicator, without what is planned for it."""
    own = old.planned.get(code, Planned())
    return Planned(board_lead=own.board_lead, practice_lead=own.practice_lead, helper=own.helper)
