"""`england`: every PCN of the published files, and how they are spread over the thresholds."""

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from iif_reckoner import model, rulesets, table
from iif_reckoner.cli import output
from iif_reckoner.cli.inputs import (
    Membership,
    Notes,
    counts_of_month,
    membership,
    practice_lists,
    say_adjustments,
    say_unmatched,
    working,
)
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.reckon import CountsOption, MappingOption, NamedOption, RulesetOption
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.errors import InputError
from iif_reckoner.package import check_writable
from iif_reckoner.sources import write_national

COLUMNS = ["indicator", "pcns", "below", "between", "at_upper", "short", "weak_link_pcns", "points", "value_gbp"]


def england(
    ruleset: RulesetOption,
    counts: CountsOption,
    members: Annotated[Path, typer.Option(help="Which practice belongs to which PCN.")],
    list_sizes: Annotated[Path | None, typer.Option(help="Registered patients of each practice.")] = None,
    month: Annotated[str | None, typer.Option(help="Such as 2024-03; left out: the newest in the files.")] = None,
    mapping: MappingOption = None,
    national: Annotated[
        Path | None, typer.Option("--write-national", help="Write average list, prevalences and deciles to this file.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite that file if it is there.")] = False,  # noqa: FBT002
    named: NamedOption = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Reckon every PCN from published files and show how they are spread over the thresholds.

    Example: iif-reckoner england --ruleset 2023/24 --counts IIF_indicators_annual_pub_2023_24.csv
    --members gp-reg-pat-prac-map.zip --list-sizes gp-reg-pat-prac-quin-age.zip
    """
    rules = rulesets.load(ruleset)
    notes = Notes(named)
    if national is not None and list_sizes is None:
        raise InputError("--write-national needs --list-sizes: the average list is worked out from them")
    if national is not None:
        if national.suffix.lower() != ".toml":
            raise InputError(f"--write-national: '{national.name}' is no name for them; write one that ends in .toml")
        check_writable(national, replace=replace)
    sizes = practice_lists(list_sizes, notes)
    known = membership(members, sizes, notes)
    rows = counts_of_month(rules, counts, month, mapping, notes)
    with working("Reckoning"):
        summed = table.by_pcn(rules, rows, known.rows)
        pcns = summed.pcns
        if known.lists is not None:
            pcns = pcns.assign(list_size=pcns["pcn_code"].map(known.lists).astype("Int64"))
        pcns = table.reckon_table(rules, pcns)
        practices = table.reckon_table(rules, summed.practices)
        links = table.weak_links(practices, pcns)
        found = table.england(rules, pcns, links)
    say_unmatched(summed, rows, known, notes)
    if summed.impossible:
        rows_have = "1 row has" if len(summed.impossible) == 1 else f"{len(summed.impossible):,} rows have"
        notes.say(f"{rows_have} more in a numerator than in its denominator; left out", summed.impossible)
    say_adjustments(rules, pcns, known, None, notes)
    if rules.is_assumed:
        notes.say(f"reckoned with assumed figures of {rules.assume_from}")
    if national is not None and list_sizes is not None and known.lists is not None:
        if known.lists.empty:
            raise InputError(f"--write-national: no PCN's list is whole in {list_sizes.name}; give list sizes of all")
        write_national(_national(rules, pcns, known, list_sizes.name, counts), national, replace=replace)
        notes.say(f"national figures written to {national}")
    if how is not Format.table:
        output.data(found[COLUMNS], how)
        return
    _show(rules, found, known)


def _national(
    rules: model.Ruleset, pcns: pd.DataFrame, known: Membership, list_file: str, counts: list[Path]
) -> model.National:
    """Work out the average list and pooled prevalences: sums over sums, PCNs without data left out of both."""
    lists = pd.Series(dtype="int64") if known.lists is None else known.lists
    pooled = {}
    cuts = {}
    source = ", ".join([*(file.name for file in counts), list_file])
    for row in rules.indicators:
        counted = pcns[(pcns["indicator"] == row.code) & pcns["achievement"].notna()]
        if counted.empty:
            continue
        cuts[row.code] = table.deciles(counted["achievement"])
        listed = counted[counted["list_size"].notna()]
        if row.prevalence is not None and row.prevalence.population == "denominator" and len(listed):
            pooled[row.code] = model.PooledPrevalence(
                denominator=int(listed["denominator"].sum()),
                patients=int(listed["list_size"].sum()),
                on=known.lists_on,
                source=source,
            )
    average = model.AverageList(patients=int(lists.sum()), pcns=len(lists), on=known.lists_on)
    return model.National(ruleset=rules.id, average_list_size=average, pooled=pooled, deciles=cuts, source=list_file)


def _show(rules: model.Ruleset, found: pd.DataFrame, known: Membership) -> None:
    headings = [("indicator", "left")]
    headings += [(name, "right") for name in ("PCNs", "below", "between", "at upper", "short", "weak link")]
    headings += [("points", "right"), ("pounds", "right"), ("", "left")]
    rows = [
        [
            row["indicator"],
            *(output.whole(row[name]) for name in COLUMNS[1:7]),
            output.decimal(row["points"], 0),
            output.pounds(row["value_gbp"]),
            _bar(row["below"], row["between"], row["at_upper"]),
        ]
        for row in found.to_dict("records")
    ]
    caption = (
        "below: nothing earned; between: part of the points; at upper: all of them; short: below or between; "
        "weak link: short, while at least one practice is at the upper threshold already.\n"
        "Bars: . below, - between, # at upper."
    )
    if known.lists is None:
        caption += "\nNo list sizes: pounds are those of average PCNs."
    output.table(f"All PCNs of the files under {rules.id}", headings, rows, caption)


def _bar(below: int, between: int, at_upper: int, width: int = 30) -> str:
    total = below + between + at_upper
    low, middle = round(width * below / total), round(width * (below + between) / total)
    return "." * low + "-" * (middle - low) + "#" * (width - middle)
