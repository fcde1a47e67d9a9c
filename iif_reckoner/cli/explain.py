"""`explain`: one indicator, one set of counts, every step and source."""

from collections.abc import Iterator
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import typer

from iif_reckoner import explain as words
from iif_reckoner import model, rulesets
from iif_reckoner import reckon as sums
from iif_reckoner.cli import output
from iif_reckoner.cli.inputs import Notes, national_figures
from iif_reckoner.cli.output import Format
from iif_reckoner.cli.rules import FormatOption, find, show_evidence
from iif_reckoner.errors import InputError, shown
from iif_reckoner.exact import fraction
from iif_reckoner.model import Counts


def explain(
    ruleset: Annotated[str, typer.Option(help="A year, a version or a .toml file.")],
    indicator: Annotated[str, typer.Option(help="Code of the indicator, such as HI-03.")],
    numerator: Annotated[int, typer.Option(min=0, help="Patients who count as done.")],
    denominator: Annotated[int, typer.Option(min=0, help="Patients who count at all.")],
    list_size: Annotated[int | None, typer.Option(min=1, help="Registered patients of the PCN.")] = None,
    baseline_numerator: Annotated[int | None, typer.Option(min=0, help="For indicators that measure a change.")] = None,
    baseline_denominator: Annotated[int | None, typer.Option(min=0, help="The same.")] = None,
    national: Annotated[Path | None, typer.Option(help="National figures, from england --write-national.")] = None,
    prevalence: Annotated[str | None, typer.Option(help="The prevalence adjustment, such as 0.94.")] = None,
    no_assumed: Annotated[bool, typer.Option("--no-assumed", help="Leave out figures of an earlier year.")] = False,  # noqa: FBT002
    sources: Annotated[bool, typer.Option("--sources", help="Name the source of each number.")] = False,  # noqa: FBT002
    how: FormatOption = Format.table,
) -> None:
    """Explain in one sentence what counts earn and why.

    Example: iif-reckoner explain --ruleset 2025/26 --indicator CAN-04 --numerator 143 --denominator 200 --sources
    """
    rules = rulesets.load(ruleset, assumed=not no_assumed)
    row = find(rules, indicator)
    figures = national_figures(national, rules, Notes(named=False)) if national else None
    counts = Counts(
        numerator=numerator,
        denominator=denominator,
        baseline_numerator=baseline_numerator,
        baseline_denominator=baseline_denominator,
    )
    adjustment = _adjustment(prevalence)
    found = sums.reckon(rules, row, counts, list_size=list_size, prevalence=adjustment, national=figures)
    sentence = words.sentence(rules, row, found)
    if found.status == "No data" and None in (baseline_numerator, baseline_denominator):
        sentence += " Give --baseline-numerator and --baseline-denominator."
    evidence = tuple(_evidence(rules, row, figures, national))
    for flag in found.flags:
        output.note(flag)
    if how is not Format.table:
        output.record(_record(row, found, sentence, evidence, how), how)
        return
    output.console().print(sentence)
    if sources:
        show_evidence(evidence)


def _adjustment(text: str | None) -> Fraction | None:
    """Return the prevalence adjustment that was typed, exactly."""
    if text is None:
        return None
    try:
        value = fraction(text)
    except ValueError:
        value = Fraction(0)
    if value <= 0:
        raise InputError(f"--prevalence: {shown(text)} is not a number above 0; write it like 0.94")
    return value


def _evidence(
    rules: model.Ruleset, row: model.Indicator, figures: model.National | None, path: Path | None
) -> Iterator[words.Evidence]:
    """Give the sources of the ruleset, and of the national figures that take the place of some of them."""
    for item in words.evidence(rules, row):
        if figures is None or item.field != "average_list_size":
            yield item
    if figures is None or path is None:
        return
    average = figures.average_list_size
    said = f"{average.patients:,} patients of {average.pcns:,} PCNs"
    yield _of_file("average_list_size", words.number(average.size, 2), said, figures.source or path.name)
    pooled = figures.pooled.get(row.code)
    if pooled is not None:
        said = f"{pooled.denominator:,} of {pooled.patients:,} registered patients"
        share = f"{words.number(pooled.share * 100, 4)}%"
        yield _of_file("national_prevalence", share, said, pooled.source or path.name)


def _of_file(field: str, value: str, said: str, source: str) -> words.Evidence:
    return words.Evidence(
        field=field, value=value, standing="calculated", weakest="calculated", words=said, titles=(source,), urls=()
    )


def _record(
    row: model.Indicator, found: model.Reckoning, sentence: str, evidence: tuple[words.Evidence, ...], how: Format
) -> dict[str, Any]:
    """Return the columns of `reckon` with the sentence and its sources."""
    titles = dict.fromkeys(title for item in evidence for title in item.titles)
    return {
        "pcn_code": None,
        "pcn_name": None,
        "practice_code": None,
        "indicator": row.code,
        "numerator": found.counts.numerator,
        "denominator": found.counts.denominator,
        "achievement": found.achievement,
        "points": found.points,
        "points_available": found.points_available,
        "value_gbp": found.value_gbp,
        "value_available_gbp": found.value_available_gbp,
        "awarded_gbp": found.awarded_gbp,
        "gap_to_lower": found.gap_to_lower,
        "gap_to_upper": found.gap_to_upper,
        "status": found.status,
        "sentence": sentence,
        "sources": [asdict(item) for item in evidence] if how is Format.json else "; ".join(titles),
    }
