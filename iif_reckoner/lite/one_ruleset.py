"""Stands for `iif_reckoner.rulesets` in a script: the one ruleset that it carries, in place of files."""

from collections.abc import Sequence

from iif_reckoner.errors import unknown
from iif_reckoner.model import Ruleset
from iif_reckoner.rules_table import Row, from_rows
from iif_reckoner.rulesets.names import versions

_CARRIED: list[Ruleset] = []


def carry(rows: Sequence[Row]) -> None:
    """Take the rows of a Rules table as the one ruleset that there is."""
    _CARRIED[:] = [from_rows(rows)]


def ids() -> list[str]:
    """Return the id of the ruleset."""
    return [ruleset.id for ruleset in _CARRIED]


def load(asked: str) -> Ruleset:
    """Return the ruleset by its year or id.

    Raises:
        UnknownNameError: another one is asked for.
    """
    if not versions(asked, ids()):
        raise unknown("ruleset", asked, [], hint=f"this script carries {' and '.join(ids())} alone")
    return _CARRIED[0]
