"""Rulesets from their TOML files: find, read, check and hand over as `model.Ruleset`.

The grammar, in words, is `rulesets/README.md` at the top of the project. What the loader checks: every key is known;
every number has a citation of a declared source; thresholds fit their unit and direction; the points add up.
"""

import re
import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from iif_reckoner import model
from iif_reckoner.errors import FileProblemError, RulesetError, unknown
from iif_reckoner.rulesets.checks import ID, check, check_assume_from, order, year_of
from iif_reckoner.rulesets.grammar import File, json_schema, to_ruleset, worded

__all__ = ["FOLDER", "ids", "json_schema", "load", "load_all", "path_of", "read", "resolve", "year_of"]

_PACKAGE = Path(__file__).resolve().parents[1]
FOLDER = _PACKAGE / "ruleset_files" if (_PACKAGE / "ruleset_files").is_dir() else _PACKAGE.parent / "rulesets"
"""The rulesets that came with the program: inside a wheel, or at the top of a checkout."""

_YEAR = re.compile(r"(\d{4})[/-](\d{2}|\d{4})", re.ASCII)

Record = TypeVar("Record", model.Ruleset, model.Indicator)


def ids(folder: Path = FOLDER) -> list[str]:
    """Return the ids of the shipped rulesets, oldest first.

    >>> ids()[:3]
    ['2020-21.v1', '2021-22.v1', '2021-22.v2']
    """
    return sorted((path.stem for path in folder.glob("*.toml") if ID.fullmatch(path.stem)), key=order)


def resolve(asked: str, on: date | None = None) -> str:
    """Return the id that a year or an id means; a year means the version in force at `on`, else its last one.

    >>> resolve("2022/23"), resolve("2022-23.v1"), resolve("2022/23", date(2022, 5, 1))
    ('2022-23.v2', '2022-23.v1', '2022-23.v1')

    Raises:
        UnknownNameError: no shipped ruleset goes by that name.
    """
    text = asked.strip()
    known = ids()
    if text in known:
        return text
    if match := _YEAR.fullmatch(text):
        versions = [name for name in known if name.startswith(f"{match[1]}-{match[2][-2:]}.")]
        in_force = [name for name in versions if on is not None and _span(name)[0] <= on]
        if versions and match[2][-2:] == f"{(int(match[1]) + 1) % 100:02}":
            return (in_force or versions[:1] if on is not None else versions)[-1]
    years = sorted({year_of(name) for name in known})
    names = years if "/" in text or not known else [*known, *years]
    raise unknown("ruleset", text, names, hint="'iif-reckoner rules list' shows all")


@cache
def _span(ruleset_id: str) -> tuple[date, date]:
    ruleset = read(FOLDER / f"{ruleset_id}.toml")
    return ruleset.start, ruleset.end


def path_of(asked: str, on: date | None = None) -> Path:
    """Return the file of a ruleset by year, id or path; one's own file need not be there.

    Raises:
        UnknownNameError: no shipped ruleset goes by that name.
    """
    return Path(asked) if asked.strip().endswith(".toml") else FOLDER / f"{resolve(asked, on)}.toml"


@cache
def load(asked: str, *, assumed: bool = True, on: date | None = None) -> model.Ruleset:
    """Return a ruleset by year, id or path of a `.toml` file of one's own.

    `assumed` fills numbers that are not out yet from the version that the file names in `assume_from`, marked as such;
    `assume_from` of what is returned names the version that holds those numbers, however many stand between.

    >>> load("2025/26").point_value_gbp
    Fraction(198, 1)
    >>> load("2026/27").is_assumed, load("2026/27", assumed=False).point_value_gbp
    (True, None)

    Raises:
        UnknownNameError: no shipped ruleset goes by that name.
        RulesetError, FileProblemError: the file cannot be used.
    """
    ruleset = read(path_of(asked, on))
    if assumed and ruleset.assume_from:
        return _with_assumed(ruleset, load(ruleset.assume_from))
    return ruleset


def load_all() -> list[model.Ruleset]:
    """Return every shipped ruleset as its file says, nothing assumed, oldest first."""
    return [load(name, assumed=False) for name in ids()]


def read(path: Path) -> model.Ruleset:
    """Return the ruleset of one file, checked.

    Raises:
        FileProblemError: the file cannot be opened.
        RulesetError: the file breaks the grammar; the text names file, place, what was read and what to write.
    """
    name = f"rulesets/{path.name}" if path.parent == FOLDER else str(path)
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise FileProblemError(f"{name}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise RulesetError(f"{name}: not a text file in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise RulesetError(f"{name}: not TOML; {str(error)[:1].lower()}{str(error)[1:]}") from None
    try:
        ruleset = to_ruleset(File.model_validate(data))
        check(ruleset, path.stem)
        check_assume_from(ruleset, ids())
    except ValidationError as error:
        raise RulesetError(f"{name}: {worded(error, data)}") from None
    except RulesetError as error:
        raise RulesetError(f"{name}: {error}") from None
    return ruleset


def _with_assumed(ruleset: model.Ruleset, earlier: model.Ruleset) -> model.Ruleset:
    """Return the ruleset with what is not known taken from an earlier one, each such field named in `assumed`.

    What the earlier one has borrowed itself is said to be of the version that it was borrowed from.
    """
    by_code = {indicator.code: indicator for indicator in earlier.indicators}
    indicators = tuple(
        _filled(indicator, by_code[indicator.code], ("scoring", "points", *model.THRESHOLDS, "prevalence"))
        if indicator.code in by_code
        else indicator
        for indicator in ruleset.indicators
    )
    filled = _filled(replace(ruleset, indicators=indicators), earlier, ("point_value_gbp", "points_total"))
    borrowed = [(filled.assumed, earlier.assumed)]
    borrowed += [(row.assumed, by_code[row.code].assumed) for row in indicators if row.code in by_code]
    own = any(here - there for here, there in borrowed)
    passed_on = any(here & there for here, there in borrowed)
    holders = [earlier.assume_from or ""] * passed_on + [earlier.id] * own
    return replace(
        filled,
        assume_from=" and ".join(holders) or ruleset.assume_from,
        sources={**earlier.sources, **ruleset.sources},
    )


def _filled(record: Record, earlier: Record, names: tuple[str, ...]) -> Record:
    borrowed = {
        name: getattr(earlier, name)
        for name in names
        if getattr(record, name) is None and getattr(earlier, name) is not None
    }
    cite = {name: earlier.cite[name] for name in borrowed if name in earlier.cite}
    return replace(record, **borrowed, cite={**record.cite, **cite}, assumed=frozenset(borrowed))
