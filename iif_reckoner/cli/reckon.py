"""`reckon`: what counts earn, for one PCN, all PCNs of a file, or each practice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
import typer

from iif_reckoner import model, rulesets, table
from iif_reckoner.cli import output
from iif_reckoner.cli.inputs import (
    Membership,
    Notes,
    counts_of_month,
    membership,
    national_figures,
    practice_lists,
    say_adjustments,
    say_unmatched,
    with_lists,
)
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.errors import InputError
from iif_reckoner.explain import number
from iif_reckoner.sources import ListSizes

COLUMNS = [
    "pcn_code",
    "pcn_name",
    "practice_code",
    "indicator",
    "numerator",
    "denominator",
    "achievement",
    "points",
    "points_available",
    "value_gbp",
    "value_available_gbp",
    "awarded_gbp",
    "gap_to_lower",
    "gap_to_upper",
    "status",
]

RulesetOption = Annotated[
    str, typer.Option("--ruleset", help="A year (2022/23), a version (2022-23.v1) or a .toml file.")
]
CountsOption = Annotated[list[Path], typer.Option("--counts", help="A file of counts; may be given several times.")]
MappingOption = Annotated[
    Path | None, typer.Option("--mapping", help="What the sentences of a raw CQRS extract mean (a published CSV).")
]
NamedOption = Annotated[bool, typer.Option("--named", help="Name the practices and rows behind each note.")]


def reckon(
    ruleset: RulesetOption,
    counts: CountsOption,
    members: Annotated[Path | None, typer.Option(help="Which practice belongs to which PCN.")] = None,
    list_sizes: Annotated[Path | None, typer.Option(help="Registered patients of each practice.")] = None,
    national: Annotated[Path | None, typer.Option(help="National figures, from england --write-national.")] = None,
    pcn: Annotated[str | None, typer.Option(help="Only this PCN, such as U00070.")] = None,
    level: Annotated[Literal["pcn", "practice"], typer.Option(help="Whom to reckon.")] = "pcn",
    month: Annotated[str | None, typer.Option(help="Such as 2024-03; left out: the newest in the files.")] = None,
    mapping: MappingOption = None,
    every: Annotated[bool, typer.Option("--all", help="Show indicators without counts as well.")] = False,  # noqa: FBT002
    no_assumed: Annotated[bool, typer.Option("--no-assumed", help="Leave out figures of an earlier year.")] = False,  # noqa: FBT002
    named: NamedOption = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Reckon what counts earn: achievement, points, pounds, and patients still needed.

    Without a membership file the practices of the counts are taken as one PCN.

    Example: iif-reckoner reckon --ruleset 2023/24 --counts IIF_indicators_annual_pub_2023_24.csv
    --members gp-reg-pat-prac-map.zip --list-sizes gp-reg-pat-prac-quin-age.zip --pcn U00070
    """
    rules = rulesets.load(ruleset, assumed=not no_assumed)
    notes = Notes(named)
    figures = national_figures(national, rules, notes) if national else None
    sizes = practice_lists(list_sizes, notes)
    known = membership(members, sizes, notes, pcn=pcn) if members else None
    rows = counts_of_month(rules, counts, month, mapping, notes)
    if known is None:
        known = _one_pcn(rows, sizes, pcn, notes)
    if pcn is not None:
        rows = rows[rows["organisation_code"].isin([pcn.strip().upper(), *known.rows["practice_code"]])]
    summed = table.by_pcn(rules, rows, known.rows)
    _refuse_impossible(summed)
    say_unmatched(summed, rows, known, notes)
    found = _with_lists(summed.pcns if level == "pcn" else summed.practices, known, level)
    if every:
        found = _every(rules, found, known if pcn is not None else None, level)
    if found.empty:
        raise InputError(_no_counts(pcn, known, counts))
    found = table.reckon_table(rules, found, national=figures)
    if level == "practice":
        notes.say("points of a practice are what its achievement would earn a PCN; pounds are earned by the PCN alone")
        found[["value_gbp", "value_available_gbp", "awarded_gbp"]] = float("nan")
    else:
        say_adjustments(rules, found, known, figures, notes)
    if rules.is_assumed:
        notes.say(f"reckoned with assumed figures of {rules.assume_from}; --no-assumed leaves them out")
    if how is not Format.table:
        output.data(found.reindex(columns=COLUMNS), how)
        return
    show(rules, found, level)


_MOST_PRACTICES = 40
"""More practices than any PCN has."""


def _one_pcn(rows: pd.DataFrame, sizes: ListSizes | None, asked: str | None, notes: Notes) -> Membership:
    """Take the practices of the counts as one PCN, where no membership file says otherwise."""
    own = rows.loc[rows["level"] == "pcn", "organisation_code"].unique()
    if asked is None and len(own) > 1:
        raise InputError("the counts are of several PCNs; give --members, or one of them with --pcn")
    code = asked.strip().upper() if asked else str(own[0]) if len(own) else "PCN"
    practices = rows.loc[rows["level"] == "practice", "organisation_code"].unique()
    if len(practices) > _MOST_PRACTICES:
        raise InputError(
            f"--counts: {len(practices):,} practices are more than one PCN has; give --members, "
            f"so that the practices of {code if asked else 'each PCN'} are known"
        )
    if len(practices):
        notes.say("no membership file: the practices of the counts are taken as one PCN")
    members = pd.DataFrame({"practice_code": practices}).assign(practice_name="", pcn_code=code, pcn_name="", system="")
    return with_lists(Membership(rows=members), sizes, notes)


def _no_counts(asked: str | None, known: Membership, files: list[Path]) -> str:
    who = asked.strip().upper() if asked else "any PCN of the membership file"
    if asked and len(known.rows) and (name := known.rows["pcn_name"].iloc[0]):
        who += f" {name}"
    return f"no counts of {who} in {', '.join(file.name for file in files)}; give a file that has them"


def _with_lists(rows: pd.DataFrame, known: Membership, level: str) -> pd.DataFrame:
    if level == "pcn" and known.lists is not None:
        return rows.assign(list_size=rows["pcn_code"].map(known.lists).astype("Int64"))
    return rows


def _every(rules: model.Ruleset, rows: pd.DataFrame, asked: Membership | None, level: str) -> pd.DataFrame:
    """Add a blank row for each indicator that an organisation has no counts of; `asked` is a PCN wanted whole."""
    codes = ["pcn_code", "practice_code"] if level == "practice" else ["pcn_code"]
    named = [*codes, "pcn_name", "list_size"]
    who = rows[[name for name in named if name in rows]].drop_duplicates(codes)
    if asked is not None and len(asked.rows):
        whole = _with_lists(asked.rows, asked, level)
        who = whole[[name for name in named if name in whole]].drop_duplicates(codes)
    grid = who.merge(pd.DataFrame({"indicator": list(rules.codes)}), how="cross")
    found = rows.drop(columns=[name for name in ("pcn_name", "list_size") if name in rows])
    return table.in_order(rules, grid.merge(found, on=[*codes, "indicator"], how="left"), *codes)


def _refuse_impossible(summed: table.PcnCounts) -> None:
    if summed.impossible:
        more = len(summed.impossible) - 1
        raise InputError(summed.impossible[0] + (f" ({more:,} more like it)" if more else ""))


def show(rules: model.Ruleset, found: pd.DataFrame, level: str) -> None:
    """Print a reckoning as people read it, with its totals."""
    one_pcn, by_practice = found["pcn_code"].nunique() == 1, level == "practice"
    columns = [column for column in _SHOWN if not (by_practice and column.of_pcns)]
    if by_practice or not one_pcn:
        columns.insert(0, _Column("practice" if by_practice else "PCN", "left", _who(by_practice=by_practice)))
    percent = frozenset(row.code for row in rules.indicators if row.unit.percent)
    rows = [[column.write(row, percent) for column in columns] for row in found.to_dict("records")]
    name = (
        " ".join(str(found[column].iloc[0]) for column in ("pcn_code", "pcn_name")).strip() if one_pcn else "All PCNs"
    )
    month = f", position of {found['month'].dropna().iloc[0]}" if found["month"].notna().any() else ""
    total = _total(rules, found) if one_pcn and not by_practice else ""
    headings = [(column.heading, column.side) for column in columns]
    output.table(f"{name} under {rules.id}{month}", headings, rows, total)


_Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as people read it: `write` is given a row and the indicators that are read as percentages."""

    heading: str
    side: str
    write: Callable[[_Row, frozenset[str]], str]
    of_pcns: bool = False


def _who(*, by_practice: bool) -> Callable[[_Row, frozenset[str]], str]:
    return lambda row, _: str(row["practice_code" if by_practice else "pcn_code"])


def _achieved(row: _Row, percent: frozenset[str]) -> str:
    if row["indicator"] not in percent:
        return output.decimal(row["achievement"], 4)
    text = output.decimal(row["achievement"] * 100, 1)
    return text and f"{text}%"


_SHOWN = (
    _Column("indicator", "left", lambda row, _: str(row["indicator"])),
    _Column("numerator", "right", lambda row, _: output.whole(row["numerator"])),
    _Column("denominator", "right", lambda row, _: output.whole(row["denominator"])),
    _Column("achieved", "right", _achieved),
    _Column("points", "right", lambda row, _: output.decimal(row["points"])),
    _Column("of", "right", lambda row, _: output.whole(row["points_available"])),
    _Column("won", "right", lambda row, _: output.pounds(row["value_gbp"]), of_pcns=True),
    _Column(
        "to win", "right", lambda row, _: output.pounds(row["value_available_gbp"] - row["value_gbp"]), of_pcns=True
    ),
    _Column("to lower", "right", lambda row, _: output.whole(row["gap_to_lower"])),
    _Column("to upper", "right", lambda row, _: output.whole(row["gap_to_upper"])),
    _Column("status", "left", lambda row, _: str(row["status"])),
)


def _total(rules: model.Ruleset, found: pd.DataFrame) -> str:
    """Say what all indicators earn together, and of how many that is."""
    scored = found[found["points"].notna()]
    won, available = scored["value_gbp"].sum(), scored["value_available_gbp"].sum()
    text = f"{scored['points'].sum():,.2f} points, £{won:,.2f} won and £{available - won:,.2f} still to win"
    text += f" on {len(scored)} of {len(rules.indicators)} indicators"
    unknown_points = [row.code for row in rules.indicators if row.missing]
    if unknown_points:
        text += f"; points of {len(unknown_points)} cannot be worked out ({', '.join(unknown_points)})"
    if rules.points_unattributed:
        text += f"; {number(rules.points_unattributed, 2)} points belong to no indicator by name"
    if scored["awarded_gbp"].notna().any():
        text += f"\nThe year was decided otherwise: £{scored['awarded_gbp'].sum():,.2f} was credited for " + ", ".join(
            scored.loc[scored["awarded_gbp"].notna(), "indicator"]
        )
    return text + (f"\nReckoned with assumed figures of {rules.assume_from}." if rules.is_assumed else "")
