"""`rollover`: next year's workbook from this year's."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iif_reckoner import rulesets
from iif_reckoner.cli.fill import BookArgument, few
from iif_reckoner.cli.inputs import Notes, check_workbook_name, practice_lists, working
from iif_reckoner.cli.reckon import NamedOption, RulesetOption
from iif_reckoner.cli.update import in_words as override_in_words
from iif_reckoner.desk.beside import carried, lists_beside
from iif_reckoner.desk.book import Workbook
from iif_reckoner.errors import InputError
from iif_reckoner.figures.content import Content
from iif_reckoner.model import Ruleset
from iif_reckoner.package import check_writable, write_file
from iif_reckoner.scheme_year import in_words
from iif_reckoner.sources import read_headings

if TYPE_CHECKING:
    from iif_reckoner.desk.rollover import Rollover

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')


def rollover(
    book: BookArgument,
    ruleset: RulesetOption,
    list_sizes: Annotated[
        Path | None, typer.Option(help="Registered patients of each practice; left out: those of BOOK.")
    ] = None,
    path: Annotated[
        Path | None, typer.Option("--output", help="The new workbook; left out: PCN and year as name, beside BOOK.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the file if it is there.")] = False,  # noqa: FBT002
    named: NamedOption = False,  # noqa: FBT002
) -> None:
    """Make next year's workbook: practices, lists, leads and open actions go on; last year's figures stand beside.

    Where an indicator measures something else than last year, Compare says 'not comparable', and its leads stay behind.
    Overrides stay behind too, and the switches are as in a new workbook. Lists of headings for `fill` that stand beside
    BOOK go on beside the new one. BOOK itself stays as it is.

    Example: iif-reckoner rollover west-merton.xlsm --ruleset 2026/27
    --list-sizes gp-reg-pat-prac-quin-age.zip --output west-merton-2026-27.xlsm
    """
    # Building brings openpyxl and formualizer, which the other commands should not wait for.
    from iif_reckoner.build import make  # noqa: PLC0415
    from iif_reckoner.desk.own import own  # noqa: PLC0415
    from iif_reckoner.desk.rollover import rolled_over  # noqa: PLC0415

    notes = Notes(named)
    plain = rulesets.load(ruleset, assumed=False)
    opened = Workbook.open(book)
    old = opened.content()
    place = path or book.with_name(_name(old, plain.year, book))
    check_workbook_name("--output", place)
    if os.path.realpath(place) == os.path.realpath(book):
        raise InputError(f"--output: {place.name} is the workbook of {old.ruleset.year} itself; give another name")
    sizes = practice_lists(list_sizes, notes)
    found = rolled_over(opened, plain, rulesets.load(ruleset), sizes, macros=place.suffix.lower() == ".xlsm")
    check_writable(place, replace=replace)
    with working(f"Making {place.name}"):
        data = make(found.content)
    write_file(place, data, replace=replace)
    _carry_lists(book, place, plain, notes)
    _say_lists(found.content, old, list_sizes, notes)
    _say(found, old, own(opened, old).in_words, notes)
    typer.echo(str(place))


def _carry_lists(book: Path, place: Path, ruleset: Ruleset, notes: Notes) -> None:
    """Copy the lists of headings that stand beside the old workbook, under the new one's name.

    One that the new rules cannot use would stop every `fill`, so it stays behind.
    """
    for path in lists_beside(book):
        new = carried(path, book, place)
        if new.exists():
            notes.say(f"{new.name} is there already and stays as it is")
            continue
        try:
            read_headings(path, ruleset)
        except InputError as error:
            notes.say(f"{error}; the list stays behind, mend a copy and give it to `fill` with --headings")
            continue
        write_file(new, path.read_bytes())
        notes.say(f"{path.name} goes on as {new.name}")


def _name(old: Content, year: str, book: Path) -> str:
    who = _NOT_IN_NAMES.sub("", old.pcn_name or old.pcn_code) or book.stem
    return f"{who} IIF {year.replace('/', '-')}{book.suffix}"


def _say_lists(new: Content, old: Content, file: Path | None, notes: Notes) -> None:
    """Say how old the lists are."""
    year = new.ruleset.year
    if new.lists_on:
        notes.say(f"list sizes of {in_words(new.lists_on)} used for {year}")
        return
    where = f"{file.name}, which names no day" if file else f"{old.ruleset.year}, of a day that Start does not name"
    notes.say(f"list sizes used for {year} are those of {where}")


def _say(found: "Rollover", old: Content, theirs: str, notes: Notes) -> None:
    """Say what stands beside, and what stays behind."""
    new, year, before = found.content, found.content.ruleset.year, old.ruleset.year
    few(notes, found.without_list, "practice has no list size in the file", "practices have no list size in the file")
    few(notes, found.closed, "practice that had left stays behind", "practices that had left stay behind")
    _say_last_year(found, before, notes)
    if found.new:
        notes.say(f"new in {year}: {', '.join(found.new)}")
    if found.gone:
        number = len(found.gone)
        notes.say(f"{number} indicator{'s' * (number != 1)} of {before} did not go on", found.gone)
    open_ones = len(new.actions)
    notes.say(
        f"{open_ones} open action{'s' * (open_ones != 1)} carried on; {found.finished} done or dropped stay behind"
    )
    homeless = tuple(f"{action.indicator}: {action.what}" for action in found.homeless)
    few(notes, homeless, f"of them is of an indicator that {year} does not have",
        f"of them are of indicators that {year} does not have")  # fmt: skip
    if found.leads:
        notes.say(f"leads stay behind of {', '.join(found.leads)}")
    overrides = tuple(override_in_words(key, value) for key, value in found.overrides.items())
    few(notes, overrides, "override stays behind", "overrides stay behind")
    if theirs:
        notes.say(f"in the old workbook only: {theirs}")
    if new.assumed.is_assumed:
        notes.say(
            f"numbers of {new.ruleset.id} are not out; the workbook shows those of {new.assumed.assume_from} as assumed"
        )


def _say_last_year(found: "Rollover", before: str, notes: Notes) -> None:
    if not found.follows:
        notes.say(f"{before} is not the year before {found.content.ruleset.year}: Last year stays blank")
        return
    if not found.until:
        notes.say(f"no figures of {before}: Last year stays blank")
    else:
        number = len(found.content.last_year)
        early = "" if found.whole_year else f", the newest month of {before}"
        notes.say(f"Last year: {number} indicator{'s' * (number != 1)}, position at the end of {found.until}{early}")
    other = tuple(
        f"{link.after}{'' if link.before == link.after else f', {link.before} in {before}'}: {link.why}"
        for link in found.links
        if not link.same
    )
    few(notes, other, "indicator not comparable", "indicators not comparable")
