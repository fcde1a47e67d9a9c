"""Decisions that the board is asked for, worked out from the plan: tiers, leads, hours, actions."""

from collections.abc import Iterator

from iif_reckoner.paper.risks import codes, to_win
from iif_reckoner.paper.shown import Shown
from iif_reckoner.paper.written import several
from iif_reckoner.plan.priorities import DISCOUNTED, OPEN, SECONDARY, TOP


def decisions(found: Shown) -> Iterator[str]:
    """Yield what is to be decided, one sentence each."""
    still = [down for down, kind in enumerate(found.column("plan_kind")) if kind == OPEN]
    tiers = {
        tier: [down for down in still if found.text("tier", down) == tier] for tier in (TOP, SECONDARY, DISCOUNTED)
    }
    if tiers[TOP]:
        yield (
            f"Work on these first: {codes(found, tiers[TOP])} ({to_win(found, tiers[TOP])} of the "
            f"{to_win(found, still)} still to win)."
        )
    if tiers[SECONDARY]:
        yield f"Then on these: {codes(found, tiers[SECONDARY])} ({to_win(found, tiers[SECONDARY])})."
    if tiers[DISCOUNTED]:
        yield f"Leave these aside this year: {codes(found, tiers[DISCOUNTED])} ({to_win(found, tiers[DISCOUNTED])})."
    for lead, words in (("board_lead", "a board lead"), ("practice_lead", "practice leads")):
        without = [down for down in (*tiers[TOP], *tiers[SECONDARY]) if not found.text(lead, down)]
        if without:
            yield f"Name {words} for {codes(found, without)}."
    if still and found.number("plan_hours_left") is None:
        yield "Say how many hours of staff time this work may take until the end of the year."
    yield from _actions(found)
    if not found.count("month"):
        yield "Agree who brings the figures every month, and by which day."


def _actions(found: Shown) -> Iterator[str]:
    overdue, due, later = (found.count(f"agenda_{name}_count") for name in ("overdue", "due", "later"))
    if overdue:
        yield f"Agree new days for {several(overdue, 'overdue action')}, or drop them."
    if due + later:
        yield f"Note {several(due + later, 'open action')}, {due} of them due in the month after."
