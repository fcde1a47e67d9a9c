"""The content of the shipped workbooks: the made-up PCN filled to some month, or nothing but the rules."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from iif_reckoner import fictitious, rulesets
from iif_reckoner.figures.content import Action, Content, Planned
from iif_reckoner.figures.gather import counts_of, practices_of

_MINUTES: Mapping[str, float] = {
    "VI-01": 6,
    "VI-02": 6,
    "VI-03": 8,
    "HI-02": 2,
    "CVD-01": 10,
    "CVD-02": 12,
    "CVD-03": 15,
    "CVD-04": 15,
    "CVD-05": 20,
    "CVD-06": 15,
    "PC-01": 12,
    "EHCH-01": 5,
    "EHCH-02": 40,
    "EHCH-04": 20,
    "AC-02": 60,
    "ACC-07": 5,
    "ACC-09": 5,
    "RESP-01": 15,
    "RESP-02": 15,
    "CAN-01": 10,
    "ES-01": 5,
    "ES-02": 5,
}
"""What one patient more takes of somebody's time: made up, as everything of this PCN is."""

_LEADS = (("VI", "Nurse lead", "Practice nurse"), ("CVD", "Pharmacist lead", "Pharmacy technician"),
          ("SMR", "Pharmacist lead", "Pharmacy technician"), ("RESP", "Pharmacist lead", "Practice nurse"),
          ("EHCH", "Care home lead", "Care coordinator"), ("", "Clinical director", "Practice manager"))  # fmt: skip
"""By the first letters of an indicator's code: who leads on the board, and who in each practice."""

_WINTER = (
    Action(what="Set up monthly pharmacy meetings", owner="Pharmacy technician", due=date(2022, 12, 15), state="open"),
    Action(what="Take on a second pharmacy technician", owner="PCN manager", due=date(2023, 1, 20), state="doing"),
    Action(
        what="One call and recall process for yearly reviews",
        indicator="CVD-01",
        owner="Care coordinator",
        due=date(2023, 2, 1),
        state="open",
    ),
    Action(what="Review the pharmacists' rota", owner="Clinical director", due=date(2022, 11, 30), state="done"),
)
"""What came out of a meeting, in the manner of the case study: roles, nobody's names."""

AUGUST = tuple(
    replace(action, due=day, state="open")
    for action, day in zip(
        _WINTER, (date(2022, 8, 26), date(2022, 9, 30), date(2022, 10, 14), date(2022, 9, 9)), strict=True
    )
)
"""The same after an earlier meeting, when nothing is done yet."""


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


def decided(of: Content, *, hours_left: float, hours_a_month: float, actions: tuple[Action, ...] = _WINTER) -> Content:
    """Return the same PCN once it has met: minutes, leads, hours and an actions log, and one tier of its own.

    >>> decided(content("2025-26.v1", 2, practices=3), hours_left=60, hours_a_month=5).practices[0].hours
    5
    """
    planned = {code: _planned(code) for code in of.ruleset.codes}
    if "EHCH-02" in planned and actions is _WINTER:
        planned["EHCH-02"] = replace(
            planned["EHCH-02"], tier="secondary", decided_by="PCN board", decided_on=date(2022, 12, 14)
        )
    return replace(
        of,
        practices=tuple(replace(practice, hours=hours_a_month) for practice in of.practices),
        planned=planned,
        hours_left=hours_left,
        actions=actions,
        outside=("A home visiting team for frailty has begun",),
    )


def _planned(code: str) -> Planned:
    _, board, practice = next(lead for lead in _LEADS if code.startswith(lead[0]))
    return Planned(minutes=_MINUTES.get(code), board_lead=board, practice_lead=practice)


def empty(ruleset_id: str, *, macros: bool = True) -> Content:
    """Return a workbook content that holds the rules and nothing else, ready to fill."""
    return Content(ruleset=rulesets.load(ruleset_id, assumed=False), assumed=rulesets.load(ruleset_id), macros=macros)
