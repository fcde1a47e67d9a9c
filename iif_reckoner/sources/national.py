"""Figures of all England from and to a TOML file: the average list, prevalences, and deciles of achievement."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import tomli_w

from iif_reckoner.errors import FileProblemError, InputError, shown
from iif_reckoner.exact import fraction, half_up
from iif_reckoner.model import AverageList, National, PooledPrevalence
from iif_reckoner.package import write_file

_MOST_BYTES = 2**20
_DECILES = 9
_PLACES = 6
"""Decimal places of a decile: a thousandth of what anybody reads off it."""


def read_national(path: Path) -> National:
    """Return the national figures of a file that `write_national` wrote or a person did.

    The file says `ruleset = "2023-24.v1"`, `list = { patients, pcns, date, source }`, for each indicator
    `prevalence.<CODE> = { denominator, patients, date, source }` and `deciles.<CODE> = [nine numbers, rising]`; dates
    and sources may be absent, and so may `prevalence` and `deciles`.

    Raises:
        FileProblemError: the file cannot be opened.
        InputError: it is no TOML or breaks this form; the text names the place.
    """
    file = path.name
    data = _toml(path)
    _only(data, ("ruleset", "list", "prevalence", "deciles"), file, "the file")
    ruleset = data.get("ruleset")
    if not isinstance(ruleset, str) or not ruleset:
        raise InputError(f'{file}: ruleset: {shown(ruleset)} is not a ruleset\'s id; write it like "2023-24.v1"')
    listed = _table(data.get("list"), file, "list")
    _only(listed, ("patients", "pcns", "date", "source"), file, "list")
    return National(
        ruleset=ruleset,
        average_list_size=AverageList(
            patients=_count(listed, "patients", file, "list"),
            pcns=_count(listed, "pcns", file, "list"),
            on=_day(listed, file, "list"),
        ),
        pooled={
            code: _prevalence(_table(entry, file, f"prevalence.{code}"), file, f"prevalence.{code}")
            for code, entry in _table(data.get("prevalence", {}), file, "prevalence").items()
        },
        deciles={
            code: _deciles(entry, file, f"deciles.{code}")
            for code, entry in _table(data.get("deciles", {}), file, "deciles").items()
        },
        source=_words(listed, file, "list"),
    )


def write_national(national: National, path: Path, *, replace: bool) -> None:
    """Write national figures so that `read_national` gives them back; deciles are rounded to six decimal places.

    The file is complete or not there at all, whatever interrupts the writing.

    Raises:
        FileProblemError: the file exists and `replace` is False, or it cannot be written.
    """
    average = national.average_list_size
    data: dict[str, Any] = {
        "ruleset": national.ruleset,
        "list": _entry({"patients": average.patients, "pcns": average.pcns}, average.on, national.source),
    }
    if national.pooled:
        data["prevalence"] = {
            code: _entry({"denominator": one.denominator, "patients": one.patients}, one.on, one.source)
            for code, one in national.pooled.items()
        }
    if national.deciles:
        data["deciles"] = {
            code: [half_up(value, _PLACES).normalize() + 0 for value in values]
            for code, values in national.deciles.items()
        }
    write_file(path, tomli_w.dumps(data).encode(), replace=replace)


def _entry(counts: dict[str, int], on: date | None, source: str) -> dict[str, object]:
    return {**counts, **({"date": on} if on else {}), **({"source": source} if source else {})}


def _toml(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"{path.name}: larger than any file of national figures; give the TOML file")
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"), parse_float=Decimal)
    except FileNotFoundError:
        raise FileProblemError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise InputError(f"{path.name}: not a text file in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: not TOML; {str(error)[:1].lower()}{str(error)[1:]}") from None
    except OSError as error:
        raise FileProblemError(f"{path}: cannot be read ({error.strerror})") from None


def _prevalence(entry: Mapping[str, Any], file: str, place: str) -> PooledPrevalence:
    _only(entry, ("denominator", "patients", "date", "source"), file, place)
    return PooledPrevalence(
        denominator=_count(entry, "denominator", file, place),
        patients=_count(entry, "patients", file, place),
        on=_day(entry, file, place),
        source=_words(entry, file, place),
    )


def _deciles(entry: object, file: str, place: str) -> tuple[Fraction, ...]:
    advice = f"write {_DECILES} numbers from 0 up, rising"
    if not isinstance(entry, list) or len(entry) != _DECILES:
        raise InputError(f"{file}: {place}: {shown(entry)} is not a list of {_DECILES} numbers; {advice}")
    for value in entry:
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            raise InputError(f"{file}: {place}: {shown(value)} is not a number; {advice}")
    values = tuple(fraction(value) for value in entry)
    if values[0] < 0 or list(values) != sorted(values):
        raise InputError(f"{file}: {place}: the numbers fall, or are less than 0; {advice}")
    return values


def _table(entry: object, file: str, place: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise InputError(f"{file}: {place}: {shown(entry)} is not a table; write [{place}] with its keys below")
    return entry


def _only(entry: Mapping[str, Any], known: tuple[str, ...], file: str, place: str) -> None:
    for key in entry:
        if key not in known:
            raise InputError(f"{file}: {place}: no key {shown(key)} is known; the keys are {', '.join(known)}")


def _count(entry: Mapping[str, Any], key: str, file: str, place: str) -> int:
    value = entry.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise InputError(f"{file}: {place}.{key}: {shown(value)} is not a count; write a whole number above 0")
    return value


def _day(entry: Mapping[str, Any], file: str, place: str) -> date | None:
    value = entry.get("date")
    if value is not None and (isinstance(value, datetime) or not isinstance(value, date)):
        raise InputError(
            f"{file}: {place}.date: {shown(value)} is not a date; write it like 2024-03-31, without quotes"
        )
    return value


def _words(entry: Mapping[str, Any], file: str, place: str) -> str:
    value = entry.get("source", "")
    if not isinstance(value, str):
        raise InputError(f"{file}: {place}.source: {shown(value)} is not text; write it in quotes")
    return value
