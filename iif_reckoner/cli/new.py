"""`new`: a workbook for one PCN, from published files or from one's own list of practices."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from iif_reckoner import rulesets
from iif_reckoner.cli.inputs import (
    Notes,
    check_workbook_name,
    day,
    membership,
    national_figures,
    practice_lists,
    working,
)
from iif_reckoner.cli.reckon import MappingOption, NamedOption, RulesetOption
from iif_reckoner.errors import InputError
from iif_reckoner.figures.content import Content
from iif_reckoner.figures.gather import counts_of, practices_of
from iif_reckoner.layout.sheets import INDICATORS, PRACTICES
from iif_reckoner.package import check_writable, write_file
from iif_reckoner.sources import read_counts, read_practices

_LONGEST_NAME = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def new(
    ruleset: RulesetOption,
    pcn: Annotated[str, typer.Option(help="Code of the PCN, such as U00070.")],
    members: Annotated[Path | None, typer.Option(help="Which practice belongs to which PCN.")] = None,
    list_sizes: Annotated[Path | None, typer.Option(help="Registered patients of each practice.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the PCN, where no membership file says it.")] = None,
    practices: Annotated[
        Path | None, typer.Option(help="CSV: practice_code, practice_name, list_size[, weighted_list, system, hours].")
    ] = None,
    counts: Annotated[list[Path] | None, typer.Option(help="A file of counts; may be given several times.")] = None,
    national: Annotated[Path | None, typer.Option(help="National figures, from england --write-national.")] = None,
    mapping: MappingOption = None,
    output: Annotated[
        Path | None, typer.Option(help="The workbook: .xlsm with the Excel functions, .xlsx without macros.")
    ] = None,
    replace_file: Annotated[bool, typer.Option("--replace", help="Overwrite the file if it is there.")] = False,  # noqa: FBT002
    no_assumed: Annotated[bool, typer.Option("--no-assumed", help="Switch assumed figures off.")] = False,  # noqa: FBT002
    named: NamedOption = False,  # noqa: FBT002
) -> None:
    """Make a workbook for one PCN: its practices, list sizes and counts so far.

    Example: iif-reckoner new --ruleset 2023/24 --pcn U00070 --members gp-reg-pat-prac-map.zip
    --list-sizes gp-reg-pat-prac-quin-age.zip --counts IIF_indicators_annual_pub_2023_24.csv --output west-merton.xlsm
    """
    # Building brings openpyxl and formualizer, which the other commands should not wait for.
    from iif_reckoner.build import make  # noqa: PLC0415

    if not _clean(pcn):
        raise InputError("--pcn: is blank; write the code of the PCN, such as U12345")
    if practices is not None and (members is not None or list_sizes is not None):
        raise InputError("give the practices once: --members with --list-sizes, or --practices with a CSV of your own")
    plain = rulesets.load(ruleset, assumed=False)
    notes = Notes(named)
    path = output or Path(f"{_clean(pcn)}-{plain.id}.xlsm")
    check_workbook_name("--output", path)
    check_writable(path, replace=replace_file)
    figures = national_figures(national, plain, notes) if national else None
    content = Content(
        ruleset=plain,
        assumed=plain if no_assumed else rulesets.load(ruleset),
        pcn_code=_clean(pcn),
        national=figures,
        # The fifth of the nine deciles is the median.
        medians={code: float(cuts[4]) for code, cuts in figures.deciles.items()} if figures else {},
        macros=path.suffix.lower() == ".xlsm",
    )
    content = _with_practices(content, members, list_sizes, practices, name, notes)
    if len(content.practices) > PRACTICES:
        raise InputError(
            f"{content.pcn_code} has {len(content.practices)} practices, and a workbook has room for {PRACTICES}; "
            "make one workbook for each half of the PCN"
        )
    if len(plain.indicators) > INDICATORS:
        raise InputError(f"{plain.id} has {len(plain.indicators)} indicators, and a workbook has room for {INDICATORS}")
    content = _with_counts(content, counts or [], mapping, notes)
    if content.assumed.is_assumed:
        notes.say(
            f"numbers of {plain.id} are not out; the workbook shows those of {content.assumed.assume_from} as assumed"
        )
    with working(f"Making {path.name}"):
        data = make(content)
    write_file(path, data, replace=replace_file)
    typer.echo(str(path))


def _with_practices(
    content: Content,
    members: Path | None,
    list_sizes: Path | None,
    practices: Path | None,
    name: str | None,
    notes: Notes,
) -> Content:
    if practices is not None:
        file = read_practices(practices)
        notes.say_all(file.notes)
        for code in file.rows.loc[file.rows["list_size"] == 0, "practice_code"]:
            raise InputError(
                f"{practices.name}: {code}, list_size: 0 is no list; write the registered patients or leave it blank"
            )
        return replace(content, pcn_name=_clean(name or ""), practices=practices_of(_cleaned(file.rows)))
    if members is None:
        raise InputError("give the practices: --members with --list-sizes, or --practices with a CSV of your own")
    sizes = practice_lists(list_sizes, notes)
    rows = membership(members, sizes, notes, pcn=content.pcn_code).rows
    if sizes is not None:
        rows = rows.merge(sizes.rows, on="practice_code", how="left")
        if sizes.on:
            notes.say(f"list sizes of {day(sizes)} used for {content.ruleset.year}")
    return replace(
        content,
        pcn_code=str(rows["pcn_code"].iloc[0]),
        pcn_name=_clean(name or str(rows["pcn_name"].iloc[0])),
        practices=practices_of(_cleaned(rows)),
        lists_on=sizes.on if sizes else None,
    )


def _with_counts(content: Content, paths: list[Path], mapping: Path | None, notes: Notes) -> Content:
    if not paths:
        return content
    files = []
    for path in paths:
        with working(f"Reading {path.name}"):
            files.append(read_counts(path, content.ruleset, mapping=mapping))
        notes.say_all(files[-1].notes)
    rows = pd.concat([file.rows for file in files], ignore_index=True)
    own = {practice.code for practice in content.practices} | {content.pcn_code}
    rows = rows[rows["organisation_code"].isin(own)]
    silent = tuple(sorted(own - set(rows["organisation_code"]) - {content.pcn_code}))
    notes.count(silent, "of the PCN has no counts in the files|of the PCN have no counts in the files")
    counts, baselines = counts_of(content.ruleset.year, rows)
    outside = [key for key in counts if not 1 <= key[2] <= 12]
    if outside:
        raise InputError(
            f"{paths[0].name}: figures of months outside {content.ruleset.year}; give the files of that year"
        )
    return replace(content, counts=counts, baselines=baselines)


def _clean(text: str) -> str:
    """Return a name without control characters and at most 200 characters long."""
    return " ".join(_CONTROL.sub(" ", text).split())[:_LONGEST_NAME]


def _cleaned(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(practice_name=[_clean(str(name)) for name in rows["practice_name"]])
