"""The names of rulesets: which ids a year or an id means, and how ids are sorted. Knows no files."""

import re
from collections.abc import Sequence

ID = re.compile(r"\d{4}-\d{2}\.v\d+", re.ASCII)

_YEAR = re.compile(r"(\d{4})[/-](\d{2}|\d{4})", re.ASCII)


def order(ruleset_id: str) -> tuple[str, int]:
    """Return what ruleset ids are sorted by: the year, then the version as a number.

    >>> order("2022-23.v9") < order("2022-23.v10") < order("2023-24.v1")
    True
    """
    year, _, version = ruleset_id.partition(".v")
    return year, int(version)


def year_of(ruleset_id: str) -> str:
    """Return the scheme year of a ruleset id.

    >>> year_of("2022-23.v2")
    '2022/23'
    """
    return f"{ruleset_id[:4]}/{ruleset_id[5:7]}"


def versions(asked: str, known: Sequence[str]) -> list[str]:
    """Return which of the known ids a year or an id means, in their order; none where it means none of them.

    >>> versions("2022/23", ["2021-22.v1", "2022-23.v1", "2022-23.v2"])
    ['2022-23.v1', '2022-23.v2']
    >>> versions("2022-23.v1", ["2022-23.v1", "2022-23.v2"]), versions("2022/24", ["2022-23.v1"])
    (['2022-23.v1'], [])
    """
    text = asked.strip()
    if text in known:
        return [text]
    match = _YEAR.fullmatch(text)
    if match is None or match[2][-2:] != f"{(int(match[1]) + 1) % 100:02}":
        return []
    return [name for name in known if name.startswith(f"{match[1]}-{match[2][-2:]}.")]
