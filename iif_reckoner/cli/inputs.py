"""The files a command is given, read and brought together; what the readers noticed goes to stderr."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd
from rich.console import Console

from iif_reckoner import model, rulesets, table
from iif_reckoner.cli import output
from iif_reckoner.errors import InputError, UnknownNameError, shown, unknown
from iif_reckoner.scheme_year import in_words
from iif_reckoner.sources import (
    CountsFile,
    ListSizes,
    Note,
    read_counts,
    read_list_sizes,
    read_members,
    read_national,
)

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Notes:
    """Prints remarks as they come, with the names behind each count when they were asked for."""

    named: bool

    def say(self, text: str, names: tuple[str, ...] = ()) -> None:
        """Print one remark."""
        output.note(text, names, named=self.named)

    def say_all(self, notes: tuple[Note, ...]) -> None:
        """Print what a reader noticed."""
        for item in notes:
            self.say(item.text, item.names)

    def count(self, names: tuple[str, ...], what: str, of: int | None = None) -> None:
        """Print how many practices something is true of, if any; `what` begins with its verb, or says `has|have`."""
        if names:
            total = "" if of is None else f" of {of:,}"
            one, _, many = what.partition("|") if "|" in what else (what, "", what)
            noun = "practice" if len(names) == 1 and of is None else "practices"
            self.say(f"{len(names):,}{total} {noun} {one if len(names) == 1 else many}", names)


def working(text: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 (rich's own context manager)
    """Show on a terminal that something is being done."""
    return Console(stderr=True).status(text)


def check_workbook_name(option: str, path: Path) -> None:
    """Refuse a name that no workbook has, given with an option."""
    if path.suffix.lower() not in (".xlsm", ".xlsx"):
        raise InputError(f"{option}: '{path.name}' is no workbook's name; write one that ends in .xlsm or .xlsx")


def check_month(month: str | None) -> None:
    """Refuse a month that is not written as the option --month has it."""
    if month is not None and not _MONTH.fullmatch(month):
        raise InputError(f"--month: '{month}' is not a month; write it as 2024-03")


def counts_of_month(
    ruleset: model.Ruleset, paths: list[Path], month: str | None, mapping: Path | None, notes: Notes
) -> pd.DataFrame:
    """Return the figures of one month from several files; without a month, of the newest in them."""
    check_month(month)
    files = []
    for path in paths:
        with working(f"Reading {path.name}"):
            files.append(read_counts(path, ruleset, mapping=mapping))
        notes.say_all(files[-1].notes)
    _refuse_nothing_usable(ruleset, files)
    rows = pd.concat([file.rows.assign(file=file.path.name) for file in files], ignore_index=True)
    newest = str(rows["month"].max())
    chosen = month or newest
    found = rows[rows["month"] == chosen]
    if found.empty:
        months = ", ".join(sorted(rows["month"].unique()))
        raise InputError(f"--month: no figures of {chosen} in the files; they have {months}")
    if month is None:
        notes.say(f"month {chosen}, the newest in the files")
    return each_once(found, notes)


def _refuse_nothing_usable(ruleset: model.Ruleset, files: list[CountsFile]) -> None:
    """Refuse files without one figure that scores, and say what they hold instead."""
    if any(len(file.rows) for file in files):
        return
    file = files[0]
    held = "; ".join(note.text.removeprefix(f"{file.path.name}: ") for note in file.notes)
    raise InputError(
        f"{file.path.name}: holds no numerator or denominator of {ruleset.id}"
        + (f"; what it has: {held}" if held else "")
    )


def each_once(rows: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Refuse two files that give different figures for one practice and indicator; drop equal ones."""
    key = ["organisation_code", "indicator", "month"]
    twice = rows.duplicated(key, keep=False)
    if not twice.any():
        return rows
    figures = rows.loc[twice].drop_duplicates([*key, *table.COUNTS])
    different = figures[figures.duplicated(key, keep=False)]
    if len(different):
        one, other = different.sort_values(key, kind="stable").head(2).astype(str).to_dict("records")
        figure = "{file}, row {row}: {organisation_code} {indicator} of {month} is {numerator} of {denominator}"
        raise InputError(
            f"{figure.format_map(other)}, but {one['file']}, row {one['row']} has {one['numerator']} of "
            f"{one['denominator']}; keep one of the two"
        )
    kept = rows.drop_duplicates(key)
    notes.say(f"{len(rows) - len(kept):,} figures stand in two files alike; counted once")
    return kept


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """Practices with their PCN, those without one, and registered patients where list sizes were given.

    `lists` has the PCNs of which every practice has a list size.
    """

    rows: pd.DataFrame
    unallocated: tuple[str, ...] = ()
    lists: "pd.Series[int] | None" = None
    lists_on: date | None = None

    def only(self, pcn: str) -> "Membership":
        """Return the membership of one PCN."""
        return replace(self, rows=self.rows[self.rows["pcn_code"] == pcn], unallocated=())


def practice_lists(path: Path | None, notes: Notes) -> ListSizes | None:
    """Return the registered patients of each practice, if there is a file of them."""
    if path is None:
        return None
    with working(f"Reading {path.name}"):
        sizes = read_list_sizes(path)
    notes.say_all(sizes.notes)
    notes.say("list sizes" + (f" of {day(sizes)}" if sizes.on else "") + f" from {path.name}")
    return sizes


def day(sizes: ListSizes) -> str:
    """Return the day of list sizes in words, empty where the file does not say it."""
    return in_words(sizes.on) if sizes.on else ""


def membership(path: Path, sizes: ListSizes | None, notes: Notes, *, pcn: str | None = None) -> Membership:
    """Return who belongs where and how large each PCN is; with `pcn` (a code in any case) of that PCN alone.

    Raises:
        UnknownNameError: the file has no such PCN.
    """
    with working(f"Reading {path.name}"):
        file = read_members(path)
    notes.say_all(file.notes)
    known = Membership(rows=file.rows, unallocated=file.unallocated)
    if pcn is not None:
        known = known.only(known_pcn(pcn, file.rows))
    return with_lists(known, sizes, notes)


def known_pcn(asked: str, members: pd.DataFrame) -> str:
    """Return the code of a PCN of a membership, however its letters are written.

    Raises:
        UnknownNameError: there is no such PCN; the text says whose practice it is, or which codes are meant.
    """
    code = asked.strip().upper()
    if code in set(members["pcn_code"]):
        return code
    of = members[members["practice_code"] == code]
    if len(of):
        pcn, name = of.iloc[0][["pcn_code", "pcn_name"]]
        raise UnknownNameError(f"{code} is a practice of {pcn} {name}; write --pcn {pcn}")
    each = members.drop_duplicates("pcn_code")
    close = [
        f"{pcn} {name}"
        for pcn, name in zip(each["pcn_code"], each["pcn_name"], strict=True)
        if asked.strip().casefold() in str(name).casefold()
    ]
    if close:
        raise unknown("PCN", asked, [], hint=f"give its code: {', '.join(close[:_MOST_NAMED])}")
    raise unknown("PCN", asked, each["pcn_code"])


_MOST_NAMED = 5
"""Names that a line has room for."""


def with_lists(known: Membership, sizes: ListSizes | None, notes: Notes) -> Membership:
    """Return a membership with the list size of each PCN; where one is not whole, it is left out and named."""
    if sizes is None:
        return known
    lists, missing = table.pcn_lists(known.rows, sizes.rows)
    _say_without_lists(known.rows, missing, sizes, notes)
    return replace(known, lists=lists, lists_on=sizes.on)


def _say_without_lists(members: pd.DataFrame, missing: tuple[str, ...], sizes: ListSizes, notes: Notes) -> None:
    if not missing:
        return
    without = members[members["practice_code"].isin(missing)]
    pcns = without.drop_duplicates("pcn_code").sort_values("pcn_code")
    names = [f"{row['pcn_code']} {row['pcn_name']}".strip() for row in pcns.to_dict("records")]
    file, total = sizes.path.name, members["practice_code"].nunique()
    if len(missing) == total:
        notes.say(f"no practice of {_few(names)} has a list size in {file}; {_BOTH_1}", missing)
        return
    has = "has" if len(missing) == 1 else "have"
    # One PCN's practices are counted within it; of many PCNs, each is named.
    if members["pcn_code"].nunique() == 1:
        text = f"{len(missing)} of {total} practices of {names[0]} {has} no list size in {file}"
        notes.say(f"{text}; {_BOTH_1}", missing)
        return
    practices = "practice of a PCN" if len(missing) == 1 else "practices of PCNs"
    text = f"{len(missing):,} {practices} {has} no list size in {file}"
    codes = tuple(f"{row['pcn_code']} {row['practice_code']}" for row in without.to_dict("records"))
    notes.say(f"{text}; {_BOTH_1} for {_few(names)}", codes)


_BOTH_1 = "the adjustments for list size and prevalence are 1"


def _few(names: Iterable[str]) -> str:
    listed = list(names)
    more = len(listed) - _MOST_NAMED
    return ", ".join(listed[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def national_figures(path: Path, ruleset: model.Ruleset, notes: Notes) -> model.National:
    """Return national figures that fit a ruleset; those of another version of its year are used, and that is said.

    Raises:
        InputError: the figures are of another year, or of an indicator that there is not.
    """
    figures = read_national(path)
    codes = set(ruleset.codes)
    if figures.ruleset != ruleset.id:
        year = rulesets.year_of(figures.ruleset)
        if year != ruleset.year:
            raise InputError(
                f"{path.name}: ruleset: {shown(figures.ruleset)} is not of {ruleset.year}; "
                f"give the national figures of {ruleset.id}"
            )
        notes.say(f"{path.name} is of {figures.ruleset}, another version of {year}; used for {ruleset.id}")
        if figures.ruleset in rulesets.ids():
            codes |= set(rulesets.load(figures.ruleset, assumed=False).codes)
    for place, found in (("prevalence", figures.pooled), ("deciles", figures.deciles)):
        for code in found:
            if code not in codes:
                error = unknown("indicator", code, ruleset.codes, where=ruleset.id, bare=model.bare_code)
                raise InputError(f"{path.name}: {place}.{code}: {error}")
    return figures


def say_adjustments(
    ruleset: model.Ruleset, found: pd.DataFrame, known: Membership, figures: model.National | None, notes: Notes
) -> None:
    """Say which adjustment of a reckoning was not applied, or rests on figures of two dates."""
    average = figures.average_list_size if figures else ruleset.average_list_size
    if known.lists is None:
        notes.say("no list sizes: the list size adjustment is 1, as for an average PCN")
    elif average is None:
        notes.say(
            f"{ruleset.id} has no national average list size: the list size adjustment is 1; "
            "reckon --national takes one from england --write-national"
        )
    elif known.lists_on and average.on and abs((known.lists_on - average.on).days) > _YEAR:
        notes.say(
            f"list sizes of {in_words(known.lists_on)} are divided by an average of {in_words(average.on)}; "
            "take both of about one day, the average with reckon --national"
        )
    unadjusted = _without_prevalence(ruleset, found, figures)
    if unadjusted:
        notes.say(f"prevalence adjustment not known, so 1, for {', '.join(unadjusted)}")


_YEAR = 366
"""Days by which two dates may differ before it is worth a note."""


def _without_prevalence(ruleset: model.Ruleset, found: pd.DataFrame, figures: model.National | None) -> list[str]:
    """Return the indicators that should have a prevalence adjustment and for which none is known."""
    unadjusted = []
    scored = set(found.loc[found["points"].notna(), "indicator"])
    listed = "list_size" in found and bool(found["list_size"].notna().any())
    for row in ruleset.indicators:
        rule = row.prevalence
        if row.code not in scored or (rule is not None and rule.population is None):
            continue
        figure = None
        if rule is not None and rule.population == "denominator" and listed:
            figure = figures.prevalence.get(row.code) if figures else rule.national
        if figure is None:
            unadjusted.append(row.code)
    return unadjusted


def say_unmatched(summed: table.PcnCounts, rows: pd.DataFrame, known: Membership, notes: Notes) -> None:
    """Say which practices are in one file and not in the other."""
    alone = set(known.unallocated)
    counted = rows.loc[rows["level"] == "practice", "organisation_code"].nunique()
    listed = len(known.rows) + len(alone)
    not_listed = tuple(code for code in summed.not_in_a_pcn if code not in alone)
    notes.count(
        not_listed,
        "counted is not in the membership file; left out|counted are not in the membership file; left out",
        counted,
    )
    notes.count(
        tuple(code for code in summed.not_in_a_pcn if code in alone), "counted in no PCN (unallocated); left out"
    )
    codes = set(rows["organisation_code"])
    silent = (*summed.not_counted, *(code for code in known.unallocated if code not in codes))
    notes.count(tuple(sorted(silent)), "of the membership file without counts", listed)
    notes.count(
        summed.half_blank,
        "with half of a figure or of its baseline blank; that indicator is left out of the PCN's sum",
    )
    _say_absent(summed, known.rows, notes)


def _say_absent(summed: table.PcnCounts, members: pd.DataFrame, notes: Notes) -> None:
    """Say which sums lack practices: of one PCN indicator by indicator, of many in one line."""
    pcns = summed.pcns
    lacking = pcns[(pcns["practices_counted"] < pcns["practices"]).fillna(value=False)]
    if lacking.empty:
        return
    absent = table.absent(summed, members) if notes.named else None
    if pcns["pcn_code"].nunique() > 1:
        names = () if absent is None else tuple(" ".join(row) for row in absent.to_numpy())
        notes.say(f"{len(lacking):,} of {len(pcns):,} sums of PCNs do not count every practice", names)
        return
    for row in lacking.to_dict("records"):
        text = f"{row['indicator']}: {row['practices_counted']} of {row['practices']} practices counted"
        of = () if absent is None else tuple(absent.loc[absent["indicator"] == row["indicator"], "practice_code"])
        notes.say(text, of)
