"""`rules list`, `show`, `check`, `compare`, `copy` and `schema`."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from iif_reckoner import model, rulesets
from iif_reckoner.cli import output
from iif_reckoner.cli.output import Format
from iif_reckoner.errors import FileProblemError, InputError, ReckonerError, RulesetError, unknown
from iif_reckoner.explain import Evidence, evidence, number, pounds
from iif_reckoner.package import write_file
from iif_reckoner.rulesets.checks import ID
from iif_reckoner.rulesets.evidence import KINDS, FundCheck, changes, fund_checks, standings, text_of

app = typer.Typer(no_args_is_help=True)

LETTER = {"primary": "P", "secondary": "S", "calculated": "C", "recalled": "R"}
LEGEND = "P primary (NHS England, CQRS), S secondary (press, supplier, LMC), C calculated, R recalled; ? not known"

RulesetArgument = Annotated[str, typer.Argument(help="A year (2022/23), a version (2022-23.v1) or a .toml file.")]
FormatOption = Annotated[Format, typer.Option("--format", help="table for people; csv or json for machines.")]


@app.command("list")
def list_rulesets(how: FormatOption = Format.table) -> None:
    """List every version of the scheme.

    Example: iif-reckoner rules list
    """
    loaded = rulesets.load_all()
    if how is not Format.table:
        output.data(pd.DataFrame([_listed(ruleset) for ruleset in loaded]), how)
        return
    rows = []
    for ruleset in loaded:
        known = standings(ruleset)
        rows.append(
            [
                ruleset.id,
                f"{ruleset.start:%d %b %Y} - {ruleset.end:%d %b %Y}",
                ruleset.status.replace("_", " "),
                str(len(ruleset.indicators)),
                _text(ruleset.points_total),
                pounds(ruleset.point_value_gbp) if ruleset.point_value_gbp is not None else "?",
                *(str(known[kind]) if known[kind] else "" for kind in KINDS),
            ]
        )
    headings = [("ruleset", "left"), ("in force", "left"), ("status", "left")]
    headings += [(name, "right") for name in ("indicators", "points", "a point", *KINDS)]
    caption = "The last five columns count the numbers that score by how sure they are."
    output.table("Rulesets of the Investment and Impact Fund", headings, rows, caption)


def _listed(ruleset: model.Ruleset) -> dict[str, Any]:
    known = standings(ruleset)
    return {
        "ruleset": ruleset.id,
        "year": ruleset.year,
        "status": ruleset.status,
        "from": ruleset.start.isoformat(),
        "to": ruleset.end.isoformat(),
        "indicators": len(ruleset.indicators),
        "points_total": None if ruleset.points_total is None else float(ruleset.points_total),
        "point_value_gbp": None if ruleset.point_value_gbp is None else float(ruleset.point_value_gbp),
        **{kind: known[kind] for kind in KINDS},
    }


@app.command()
def show(
    ruleset: RulesetArgument,
    indicator: Annotated[str | None, typer.Argument(help="Code of one indicator, for its words and sources.")] = None,
    no_assumed: Annotated[bool, typer.Option("--no-assumed", help="Leave out figures of an earlier year.")] = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Show a ruleset, or one indicator of it with its definition and sources.

    Example: iif-reckoner rules show 2022/23 CVD-05
    """
    found = rulesets.load(ruleset, assumed=not no_assumed)
    if indicator is not None:
        _show_indicator(found, find(found, indicator), how)
        return
    if how is not Format.table:
        output.data(pd.DataFrame([_fields(row) for row in found.indicators]), how)
        return
    headings = [(name, "left") for name in ("code", "name", "scoring", "better")]
    headings += [(name, "right") for name in ("points", "lower", "upper")] + [("prevalence", "left")]
    rows = [line for row in found.indicators for line in _lines(found, row)]
    total = f"{_text(found.points_total)} points in all"
    if found.points_unattributed:
        total += f", {number(found.points_unattributed, 2)} of them not attributed to an indicator"
    worth = (
        "value of a point not known" if found.point_value_gbp is None else f"{pounds(found.point_value_gbp)} a point"
    )
    assumed = f"\nFigures marked * are assumed: those of {found.assume_from}." if found.is_assumed else ""
    title = f"{found.id}: {found.summary}\n{total}; {worth}; {found.start:%d %B %Y} to {found.end:%d %B %Y}"
    output.table(title, headings, rows, LEGEND + assumed)
    if found.note:
        output.console().print(f"Note. {found.note}")


def find(ruleset: model.Ruleset, asked: str) -> model.Indicator:
    """Return the indicator of that code, however it is written.

    Raises:
        UnknownNameError: the ruleset has none; the text gives the nearest codes.
    """
    row = ruleset.find(asked)
    if row is None:
        raise unknown("indicator", asked, ruleset.codes, where=ruleset.id, bare=model.bare_code)
    return row


def _lines(ruleset: model.Ruleset, row: model.Indicator) -> list[list[str]]:
    """Return the lines of one indicator: one, and a second where it can be earned by a second route."""
    first = [
        row.code,
        row.name,
        (row.scoring or "?").replace("_", " "),
        row.better,
        *(_marked(ruleset, row, name) for name in ("points", "lower_threshold", "upper_threshold")),
        text_of(row, "prevalence") or "?",
    ]
    if row.scoring != "better_of":
        return [first]
    fall = [_marked(ruleset, row, name) for name in ("reduction_lower_threshold", "reduction_upper_threshold")]
    return [first, ["", "or by how far it fell from its baseline", "", "", "", *fall, ""]]


_COLUMNS = ["code", "name", "scoring", "better", "points", *model.THRESHOLDS, "prevalence", "cqrs"]


def _fields(row: model.Indicator) -> dict[str, Any]:
    record: dict[str, Any] = {name: getattr(row, name) or None for name in _COLUMNS}
    for name in ("points", *model.THRESHOLDS):
        value = getattr(row, name)
        record[name] = None if value is None else float(value)
    record["prevalence"] = text_of(row, "prevalence") or None
    return record


def _text(value: Any) -> str:
    return "?" if value is None else number(value, 2)


def _marked(ruleset: model.Ruleset, row: model.Indicator, name: str) -> str:
    """Write a number with the letter of its standing, or ? where nobody knows it."""
    if row.scoring == "binary" and name != "points":
        return "all"
    if row.scoring == "single" and name == "lower_threshold":
        return "one only"
    text = text_of(row, name)
    if not text:
        return "?"
    letter = LETTER.get(ruleset.standing(row.cite.get(name)) or "", "")
    return f"{text} {letter}" + ("*" if name in row.assumed else "")


def _show_indicator(ruleset: model.Ruleset, row: model.Indicator, how: Format) -> None:
    found = evidence(ruleset, row)
    if how is not Format.table:
        records = [asdict(item) | {"titles": "; ".join(item.titles), "urls": "; ".join(item.urls)} for item in found]
        output.data(pd.DataFrame(records), how)
        return
    page = output.console()
    page.print(f"{row.code}  {row.name}", style="bold")
    lines = [
        ("Domain", row.domain + (f", {row.area}" if row.area else "")),
        ("Scoring", f"{(row.scoring or 'not known').replace('_', ' ')}; {row.better} is better; {row.unit.words}"),
        ("Counts as done", row.numerator_counts),
        ("Out of", row.denominator_counts),
        ("Left out", " ".join(row.excluded)),
        ("Personalised care adjustments", " ".join(row.personalised_care_adjustments)),
        ("Data", row.data_source),
        ("CQRS code", row.cqrs or ""),
        ("Award", row.awarded.note if row.awarded else ""),
        ("Note", row.note),
    ]
    for heading, text in lines:
        if text:
            page.print(f"{heading}: {text}")
    for name, text in row.unknown.items():
        page.print(f"Not known: {output.words(name)}. {text}")
    show_evidence(found)


def show_evidence(found: Iterable[Evidence]) -> None:
    """Print where each number comes from: how sure it is, and the words, titles and addresses of its sources."""
    rows = [
        [
            output.words(item.field),
            item.value,
            item.standing if item.standing == item.weakest else f"{item.standing} from {item.weakest}",
            "\n".join(["; ".join(item.titles) + (f" ({item.words})" if item.words else ""), *item.urls]),
        ]
        for item in found
    ]
    output.table("", [("value", "left"), ("", "right"), ("standing", "left"), ("source", "left")], rows)


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Ruleset files; left out: all that came along.")] = None,
    how: FormatOption = Format.table,
) -> None:
    """Check ruleset files, count their numbers by standing, and hold them against published sums of money.

    Example: iif-reckoner rules check rulesets/2026-27.v1.toml
    """
    paths = files or [rulesets.FOLDER / f"{name}.toml" for name in rulesets.ids()]
    read: list[tuple[Path, model.Ruleset | ReckonerError]] = [(path, _read(path)) for path in paths]
    good = [ruleset for _, ruleset in read if isinstance(ruleset, model.Ruleset)]
    bad = [error for _, error in read if isinstance(error, ReckonerError)]
    if how is Format.table:
        _show_checked(good)
    else:
        output.data(pd.DataFrame([_checked(path, found, how) for path, found in read]), how)
    for ruleset in good:
        for item in fund_checks(ruleset):
            if abs(item.difference) > _FAR_OFF:
                money = f"reckoned £{number(item.reckoned, 2)}m, published £{number(item.published, 2)}m"
                output.note(f"{ruleset.id}: {item.what}: {money}, {_percent(item)}: more than 3% off")
    for error in bad:
        typer.echo(str(error), err=True)
    typer.echo(f"{len(good)} of {len(paths)} rulesets are in order", err=bool(bad) or how is not Format.table)
    if bad:
        # A file that cannot be opened says nothing about the rules in it.
        raise typer.Exit(13 if all(isinstance(error, FileProblemError) for error in bad) else 14)


_FAR_OFF = Fraction(3, 100)
"""How far a reckoned sum may lie from the published one before it is worth a note."""


def _read(path: Path) -> model.Ruleset | ReckonerError:
    try:
        return rulesets.read(path)
    except (RulesetError, FileProblemError) as error:
        return error


def _checked(path: Path, found: model.Ruleset | ReckonerError, how: Format) -> dict[str, Any]:
    """Return what is found of one file as a record; in CSV the sums of money are one text."""
    good = isinstance(found, model.Ruleset)
    known = standings(found) if isinstance(found, model.Ruleset) else {}
    sums = fund_checks(found) if isinstance(found, model.Ruleset) else []
    return {
        "file": path.name,
        "ruleset": found.id if isinstance(found, model.Ruleset) else None,
        "in_order": "yes" if good else "no",
        "problem": None if good else str(found),
        **{kind: known.get(kind, 0) if good else None for kind in KINDS},
        "sums": [
            {
                "what": item.what,
                "published_gbp_million": float(item.published),
                "reckoned_gbp_million": float(item.reckoned),
                "difference": round(float(item.difference), 6),
            }
            for item in sums
        ]
        if how is Format.json
        else "; ".join(f"{item.what} {_percent(item)}" for item in sums),
    }


def _show_checked(good: Sequence[model.Ruleset]) -> None:
    rows, money = [], []
    for ruleset in good:
        known = standings(ruleset)
        rows.append([ruleset.id, *(str(known[kind]) for kind in KINDS)])
        money += [
            [ruleset.id, item.what, f"£{number(item.published, 2)}m", f"£{number(item.reckoned, 2)}m", _percent(item)]
            for item in fund_checks(ruleset)
        ]
    if rows:
        output.table("Numbers that score, by standing", [("ruleset", "left"), *((k, "right") for k in KINDS)], rows)
    if money:
        headings = [("ruleset", "left"), ("published sum", "left")]
        headings += [(name, "right") for name in ("published", "reckoned", "difference")]
        caption = "Reckoned as share earned x PCNs x points x value of a point, as the ruleset's [planning] says."
        output.table("Published sums of money", headings, money, caption)


def _percent(item: FundCheck) -> str:
    return f"{float(item.difference) * 100:+.1f}%"


@app.command()
def compare(before: RulesetArgument, after: RulesetArgument, how: FormatOption = Format.table) -> None:
    """Show what changed from one ruleset to another.

    Example: iif-reckoner rules compare 2022-23.v1 2022-23.v2
    """
    first, second = rulesets.load(before, assumed=False), rulesets.load(after, assumed=False)
    found = changes(first, second)
    columns = ["indicator", "field", "before", "after"]
    if how is not Format.table:
        output.data(pd.DataFrame([asdict(item) for item in found], columns=columns), how)
        return
    if not found:
        typer.echo(f"{first.id} and {second.id} say the same")
        return
    rows = [[i.indicator or "scheme", output.words(i.field), i.before or "-", i.after or "-"] for i in found]
    output.table(f"From {first.id} to {second.id}", [(name, "left") for name in columns], rows)


@app.command()
def copy(
    ruleset: RulesetArgument,
    file: Annotated[Path, typer.Argument(help="The copy, named after the version that it becomes.")],
    replace: Annotated[bool, typer.Option("--replace", help="Overwrite the file if it is there.")] = False,  # noqa: FBT002
) -> None:
    """Copy the file of a ruleset, to correct a number or to begin the next year with.

    Example: iif-reckoner rules copy 2026/27 2027-28.v1.toml
    """
    source = rulesets.path_of(ruleset)
    if file.suffix != ".toml" or not ID.fullmatch(file.stem):
        raise InputError(f"{file.name}: no name for a ruleset; write year and version, such as 2027-28.v1.toml")
    rulesets.read(source)
    write_file(file, source.read_bytes(), replace=replace)
    if file.stem != source.stem:
        output.note(f'write id = "{file.stem}" in it, change what changed, then: iif-reckoner rules check {file}')


@app.command()
def schema() -> None:
    """Print the JSON Schema of ruleset files, for editors that help while typing.

    Example: iif-reckoner rules schema > rulesets/ruleset.schema.json
    """
    typer.echo(rulesets.json_schema(), nl=False)
