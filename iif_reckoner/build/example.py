"""The content of the shipped workbooks: the made-up PCN filled to some month, or nothing but the rules."""

from iif_reckoner import fictitious, rulesets
from iif_reckoner.figures.content import Content
from iif_reckoner.figures.gather import counts_of, practices_of


def content(ruleset_id: str, months: int, *, practices: int = 12, macros: bool = True) -> Content:
    """Return the made-up PCN's workbook content with figures for the first `months` of the year.

    >>> content("2025-26.v1", 2, practices=3).counts["X99001", "HI-03", 2]
    (4, 68)
    """
    ruleset = rulesets.load(ruleset_id, assumed=False)
    pcn = fictitious.pcn(practices)
    counts, baselines = counts_of(ruleset.year, fictitious.counts(ruleset, months=max(months, 1), practices=practices))
    return Content(
        ruleset=ruleset,
        assumed=rulesets.load(ruleset_id),
        pcn_code=pcn.code,
        pcn_name=pcn.name,
        practices=practices_of(pcn.practices),
        counts=counts if months else {},
        baselines=baselines if months else {},
        macros=macros,
    )


def empty(ruleset_id: str, *, macros: bool = True) -> Content:
    """Return a workbook content that holds the rules and nothing else, ready to fill."""
    return Content(ruleset=rulesets.load(ruleset_id, assumed=False), assumed=rulesets.load(ruleset_id), macros=macros)
