"""One Python script that holds the core and one ruleset, for xlwings Lite: Python inside Office, without installing.

The sums are not written a second time: the script carries the source of the real modules, and in front of them the
functions as xlwings Lite finds them. It needs nothing beyond Python's own library.
"""

from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any

from iif_reckoner import __version__, functions
from iif_reckoner.lite.modules import sources
from iif_reckoner.rules_table import SCHEME, Row
from iif_reckoner.udfs import ARGUMENTS, excel_functions, wizard_text

_STANDING_IN = {"iif_reckoner.rulesets": "iif_reckoner.lite.one_ruleset"}

_ARGUMENTS = ARGUMENTS | {
    "rules": "The year or the id of this script's ruleset, or a Rules table; left out: this script's.",
}

_HEAD = '''\
"""The Excel functions of the IIF Ready Reckoner {version} with the ruleset {ruleset}, for xlwings Lite.

In Excel: Add-ins, xlwings Lite; put all of this into main.py, or into a file of its own beside it, and restart.
Then =IIF_POINTS("{code}", A2:A9, B2:B9) works out a column. The rules below are rows of the sheet Rules; change none
here, but make the script anew: iif-reckoner lite.

MIT licence, copyright (c) 2026 The IIF Ready Reckoner contributors.
"""

import sys
from types import ModuleType

from xlwings import arg, func

RULES = (
'''

_CORE = """\
)

# The modules of the program as they stand in it, each after those that it imports.
MODULES = {
"""

_FUNCTIONS = """\
}

for name, source in MODULES.items():
    module = sys.modules[name] = ModuleType(name)
    exec(compile(source, name, "exec"), module.__dict__)

functions = sys.modules["iif_reckoner.functions"]
sys.modules["iif_reckoner.rulesets"].carry(RULES)


def cells(found):
    # xlwings Lite turns a text such as #N/A into the error value.
    if isinstance(found, list):
        return [cells(cell) for cell in found]
    return found.kind if isinstance(found, functions.Problem) else found
"""


def script(rules: Sequence[Row]) -> str:
    """Return the script for the ruleset in these rows of a Rules table; the same text for the same rows.

    >>> from iif_reckoner.rules_table import to_rows
    >>> from iif_reckoner.rulesets import load
    >>> "def IIF_POINTS(indicator, numerator, denominator, rules=None" in script(to_rows(load("2025/26")))
    True
    """
    records = [dict(zip(rules[0], row, strict=True)) for row in rules[1:]]
    scheme = next(record for record in records if record["code"] == SCHEME)
    code = next(record["code"] for record in records if record["code"] != SCHEME)
    return "".join(
        [
            _HEAD.format(version=__version__, ruleset=scheme["ruleset"], code=code),
            *(f"    {tuple(row)!r},\n" for row in rules),
            _CORE,
            # No module of ours writes three apostrophes.
            *(
                f"    \"{name}\": r'''{source}''',\n"
                for name, source in sources(functions.__name__, _STANDING_IN).items()
            ),
            _FUNCTIONS,
            *(_function(name, getattr(functions, name)) for name in excel_functions()),
        ]
    )


def _function(name: str, function: Callable[..., Any]) -> str:
    """Return a function as xlwings Lite is to find it: two-dimensional arguments without type hints, which convert."""
    parameters = signature(function).parameters.values()
    declared = ", ".join(p.name if p.default is p.empty else f"{p.name}={p.default!r}" for p in parameters)
    lines = [
        "\n",
        "@func",
        *(f"@arg({p.name!r}, ndim=2, err_to_str=True, doc={_ARGUMENTS[p.name]!r})" for p in parameters),
        f"def {name}({declared}):",
        # The example there is of a year that this script need not carry.
        f'    """{wizard_text(function).partition(" Example: ")[0]}"""',
        f"    return cells(functions.{name}({', '.join(p.name for p in parameters)}))",
    ]
    return "\n".join(lines) + "\n"
