"""`reckon`: what counts earn, for one PCN, all PCNs of a file, or each practice."""

from pathlib import Path
from typing import Annotated, Literal

import pandas as pd
import typer

from iif_reckoner import model, rulesets, table
from iif_reckoner.cli import output
from iif_reckoner.cli.inputs import Membership, Notes, counts_of_month, day, membership, practice_lists, say_unmatched
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.errors import InputError, unknown
from iif_reckoner.explain import number
from iif_reckoner.sources import ListSizes, read_national

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
    figures = read_national(national) if national else None
    sizes = practice_lists(list_sizes, notes)
    known = membership(members, sizes, notes) if members else None
    rows = counts_of_month(rules, counts, month, mapping, notes)
    if known is None:
        known = _one_pcn(rows, sizes, pcn)
        if pcn is None:
            notes.say("no membership file: the practices of the counts are taken as one PCN")
    if pcn is not None:
        _refuse_unknown_pcn(pcn, known.rows)
        known = known.only(pcn)
        rows = rows[rows["organisation_code"].isin([pcn, *known.rows["practice_code"]])]
    summed = table.by_pcn(rules, rows, known.rows)
    say_unmatched(summed, rows, known, notes)
    found = _with_lists(summed.pcns if level == "pcn" else summed.practices, known, level)
    if every:
        found = _every(rules, found)
    found = table.reckon_table(rules, found, national=figures)
    _refuse_impossible(found)
    if level == "practice":
        notes.say("points of a practice are what its achievement would earn a PCN; pounds are earned by the PCN alone")
        found[["value_gbp", "value_available_gbp", "awarded_gbp"]] = float("nan")
    elif list_sizes is None:
        notes.say("no list sizes: the list size adjustment is 1, as for an average PCN")
    elif figures is None and rules.average_list_size is None:
        notes.say(f"{rules.id} has no national average list size: the list size adjustment is 1; --national gives one")
    _say_prevalence(rules, found, figures, notes)
    if rules.is_assumed:
        notes.say(f"reckoned with assumed figures of {rules.assume_from}; --no-assumed leaves them out")
    if how is not Format.table:
        output.data(found.reindex(columns=COLUMNS), how)
        return
    show(rules, found, level)


def _one_pcn(rows: pd.DataFrame, sizes: ListSizes | None, code: str | None) -> Membership:
    own = rows.loc[rows["level"] == "pcn", "organisation_code"].unique()
    if code is None and len(own) > 1:
        raise InputError("the counts are of several PCNs; give --members, or one of them with --pcn")
    code = code or (str(own[0]) if len(own) else "PCN")
    practices = rows.loc[rows["level"] == "practice", "organisation_code"].unique()
    members = pd.DataFrame({"practice_code": practices}).assign(practice_name="", pcn_code=code, pcn_name="", system="")
    if sizes is None:
        return Membership(rows=members)
    lists, _ = table.pcn_lists(members, sizes.rows)
    return Membership(rows=members, lists=lists, list_date=day(sizes))


def _refuse_unknown_pcn(code: str, members: pd.DataFrame) -> None:
    codes = members["pcn_code"].unique()
    if code in codes:
        return
    if len(codes) and not code.startswith("U"):
        names = members.drop_duplicates("pcn_code").set_index("pcn_name")["pcn_code"]
        close = [name for name in names.index if code.casefold() in str(name).casefold()][:5]
        if close:
            said = ", ".join(f"{names[name]} {name}" for name in close)
            raise unknown("PCN", code, [], hint=f"give its code: {said}")
    raise unknown("PCN", code, codes)


def _with_lists(rows: pd.DataFrame, known: Membership, level: str) -> pd.DataFrame:
    if level == "pcn" and known.lists is not None:
        return rows.assign(list_size=rows["pcn_code"].map(known.lists).astype("Int64"))
    return rows


def _every(rules: model.Ruleset, rows: pd.DataFrame) -> pd.DataFrame:
    """Add a blank row for each indicator that an organisation has no counts of."""
    who = [name for name in ("pcn_code", "pcn_name", "practice_code", "list_size", "month") if name in rows]
    grid = rows[who].drop_duplicates().merge(pd.DataFrame({"indicator": list(rules.codes)}), how="cross")
    filled = grid.merge(rows, on=[*who, "indicator"], how="left")
    codes = [name for name in ("pcn_code", "practice_code") if name in rows]
    return table.in_order(rules, filled, *codes)


def _refuse_impossible(found: pd.DataFrame) -> None:
    wrong = found[found["problem"].notna()]
    if len(wrong):
        first = wrong.iloc[0]
        who = first.get("practice_code") or first["pcn_code"]
        more = f" ({len(wrong) - 1:,} more like it)" if len(wrong) > 1 else ""
        raise InputError(f"{who}: {first['problem']}{more}")


def _say_prevalence(rules: model.Ruleset, found: pd.DataFrame, national: model.National | None, notes: Notes) -> None:
    unadjusted = []
    scored = set(found.loc[found["points"].notna(), "indicator"])
    for row in rules.indicators:
        rule = row.prevalence
        if row.code not in scored or (rule is not None and rule.population is None):
            continue
        figure = None
        if rule is not None and rule.population == "denominator":
            figure = national.prevalence.get(row.code) if national else rule.national
        if figure is None:
            unadjusted.append(row.code)
    if unadjusted:
        notes.say(f"prevalence adjustment not known, so 1, for {', '.join(unadjusted)}")


def show(rules: model.Ruleset, found: pd.DataFrame, level: str) -> None:
    """Print a reckoning as people read it, with its totals."""
    many = found["pcn_code"].nunique() > 1 or level == "practice"
    who = [("practice" if level == "practice" else "PCN", "left")] if many else []
    headings = [*who, ("indicator", "left")]
    headings += [(name, "right") for name in ("numerator", "denominator", "achieved", "points", "of")]
    headings += [(name, "right") for name in ("won", "to win", "to lower", "to upper")] + [("status", "left")]
    percent = {row.code: row.unit.percent for row in rules.indicators}
    rows = []
    for row in found.to_dict("records"):
        achieved = row["achievement"]
        shown = output.decimal(achieved * 100, 1) + "%" if percent[row["indicator"]] else output.decimal(achieved, 4)
        rows.append(
            [
                *([str(row["practice_code"] if level == "practice" else row["pcn_code"])] if many else []),
                row["indicator"],
                output.whole(row["numerator"]),
                output.whole(row["denominator"]),
                "" if pd.isna(achieved) else shown,
                output.decimal(row["points"]),
                output.whole(row["points_available"]),
                output.pounds(row["value_gbp"]),
                output.pounds(row["value_available_gbp"] - row["value_gbp"]),
                output.whole(row["gap_to_lower"]),
                output.whole(row["gap_to_upper"]),
                row["status"],
            ]
        )
    name = "" if many else " ".join(str(found[column].iloc[0]) for column in ("pcn_code", "pcn_name")).strip()
    month = f", position of {found['month'].dropna().iloc[0]}" if found["month"].notna().any() else ""
    title = f"{name or 'All PCNs'} under {rules.id}{month}"
    output.table(title, headings, rows, _total(rules, found) if not many else "")


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
