"""`explain`: one indicator, one set of counts, every step and source."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from iif_reckoner import explain as words
from iif_reckoner import reckon as sums
from iif_reckoner import rulesets
from iif_reckoner.cli import output
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption
from iif_reckoner.errors import unknown
from iif_reckoner.model import Counts


def explain(
    ruleset: Annotated[str, typer.Option(help="A year, a version or a .toml file.")],
    indicator: Annotated[str, typer.Option(help="Code of the indicator, such as HI-03.")],
    numerator: Annotated[int, typer.Option(min=0, help="Patients who count as done.")],
    denominator: Annotated[int, typer.Option(min=0, help="Patients who count at all.")],
    list_size: Annotated[int | None, typer.Option(min=1, help="Registered patients of the PCN.")] = None,
    baseline_numerator: Annotated[int | None, typer.Option(min=0, help="For indicators that measure a change.")] = None,
    baseline_denominator: Annotated[int | None, typer.Option(min=0, help="The same.")] = None,
    no_assumed: Annotated[bool, typer.Option("--no-assumed", help="Leave out figures of an earlier year.")] = False,  # noqa: FBT002
    sources: Annotated[bool, typer.Option("--sources", help="Name the source of each number.")] = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Explain in one sentence what counts earn and why.

    Example: iif-reckoner explain --ruleset 2025/26 --indicator CAN-04 --numerator 143 --denominator 200 --sources
    """
    rules = rulesets.load(ruleset, assumed=not no_assumed)
    row = rules.find(indicator)
    if row is None:
        raise unknown("indicator", indicator, rules.codes, hint=f"in {rules.id}")
    counts = Counts(
        numerator=numerator,
        denominator=denominator,
        baseline_numerator=baseline_numerator,
        baseline_denominator=baseline_denominator,
    )
    found = sums.reckon(rules, row, counts, list_size=list_size)
    sentence = words.sentence(rules, row, found)
    evidence = words.evidence(rules, row)
    if how is Format.table:
        page = output.console()
        page.print(sentence)
        for flag in found.flags:
            output.note(flag)
        if sources:
            rows = [[e.field.replace("_", " "), e.value, e.standing, "; ".join((*e.titles, *e.urls))] for e in evidence]
            output.table("", [("value", "left"), ("", "right"), ("standing", "left"), ("source", "left")], rows)
        return
    record: dict[str, Any] = {
        "pcn_code": None,
        "pcn_name": None,
        "practice_code": None,
        "indicator": row.code,
        "numerator": numerator,
        "denominator": denominator,
        "achievement": None if found.achievement is None else float(found.achievement),
        "points": None if found.points is None else float(found.points),
        "points_available": None if found.points_available is None else float(found.points_available),
        "value_gbp": None if found.value_gbp is None else float(found.value_gbp),
        "value_available_gbp": None if found.value_available_gbp is None else float(found.value_available_gbp),
        "awarded_gbp": None if found.awarded_gbp is None else float(found.awarded_gbp),
        "gap_to_lower": found.gap_to_lower,
        "gap_to_upper": found.gap_to_upper,
        "status": found.status,
        "sentence": sentence,
        "sources": [asdict(item) for item in evidence] if how is Format.json else "; ".join(i.field for i in evidence),
    }
    output.record(record, how)
