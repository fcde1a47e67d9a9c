"""`demo`: the made-up PCN, reckoned in the terminal."""

import typer

from iif_reckoner import fictitious, rulesets, table
from iif_reckoner.cli import output
from iif_reckoner.cli.reckon import show

_SHOWN = (("2022/23", 9), ("", 7))
"""The richest year to December, and the newest year so far."""


def demo() -> None:
    """Reckon a made-up PCN with twelve practices for 2022/23 and for the newest year.

    Example: iif-reckoner demo
    """
    made_up = fictitious.pcn()
    members = made_up.members
    lists, _ = table.pcn_lists(members, made_up.practices)
    typer.echo(f"{made_up.name} is made up: twelve practices, {int(lists.sum()):,} patients, nobody's real figures.\n")
    for year, months in _SHOWN:
        rules = rulesets.load(year or rulesets.ids()[-1])
        rows = fictitious.counts(rules, months=months)
        rows = rows[rows["month"] == rows["month"].max()]
        pcns = table.by_pcn(rules, rows, members).pcns
        found = table.reckon_table(rules, pcns.assign(list_size=int(lists.sum())))
        show(rules, found, "pcn")
        if rules.is_assumed:
            output.note(f"{rules.id} has no numbers yet; reckoned with assumed figures of {rules.assume_from}")
