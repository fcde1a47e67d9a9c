"""The grammar of a ruleset file: its records, their turn into `model.Ruleset`, and the wording of what is wrong."""

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from iif_reckoner import model
from iif_reckoner.errors import RulesetError, shown, unknown


def _citation(text: object) -> model.Citation:
    """Read `KEY, KEY: words` or `calculated from KEY, KEY: words`."""
    if not isinstance(text, str):
        raise ValueError("write the key of a source in quotes, such as 'A13'")
    head, _, words = text.partition(":")
    calculated = head.startswith("calculated from ")
    keys = tuple(key.strip() for key in head.removeprefix("calculated from ").split(","))
    if not all(re.fullmatch(r"[A-Z][A-Z0-9]*[a-z]?", key) for key in keys):
        raise ValueError("write keys of sources, such as 'A13' or 'calculated from A10, A12: 178 - 142'")
    return model.Citation(keys=keys, calculated=calculated, words=words.strip())


def _number(value: object) -> Decimal:
    """Take what TOML reads as a number; True, False, text, inf and nan are none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise ValueError("write a number without quotes")
    return Decimal(value)


Number = Annotated[Decimal, BeforeValidator(_number, json_schema_input_type=float)]
Threshold = Annotated[Number, Field(ge=0)]
Positive = Annotated[Number, Field(gt=0)]
Cite = Annotated[model.Citation, BeforeValidator(_citation, json_schema_input_type=str)]
Words = Annotated[str, Field(strict=True, min_length=1)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True, populate_by_name=True)


class _Source(_Record):
    standing: Literal["primary", "secondary", "recalled"]
    title: Words
    url: Words | None = None


class _Period(_Record):
    start: date | None = Field(None, alias="from")
    end: date = Field(alias="to")


class _Prevalence(_Record):
    population: Words | None
    national: Annotated[Number, Field(gt=0, lt=1)] | None = None


def _no_prevalence(value: object) -> object:
    """Take `false` as the statement that there is no adjustment."""
    if value is False:
        return _Prevalence.model_construct(population=None)
    if not isinstance(value, dict):
        raise ValueError('write false, or { population = "denominator" }')
    return value


def _none_word(word: str, written_as: Any) -> BeforeValidator:
    """Take one word as None, so that a number or list may stand in its place."""
    return BeforeValidator(lambda value: None if value == word else value, json_schema_input_type=written_as)


class _Award(_Record):
    share: Annotated[Number, Field(ge=0, le=1)]
    cite: Cite
    note: Words


class _AverageList(_Record):
    patients: Annotated[int, Field(gt=0)]
    pcns: Annotated[int, Field(gt=0)]
    on: date | None = None
    note: str = ""


class _Rounding(_Record):
    points: Annotated[Annotated[int, Field(ge=0, le=12)] | None, _none_word("none", int | Literal["none"])]
    pounds: Annotated[int, Field(ge=0, le=4)]


class _Codes(_Record):
    cqrs: Words


class _Fund(_Record):
    what: Words
    gbp_million: Positive
    indicators: Annotated[list[Words] | None, _none_word("all", list[str] | Literal["all"])]
    cite: Cite


class _Planning(_Record):
    share: Annotated[Number, Field(gt=0, le=1)]
    pcns: Annotated[int, Field(gt=0)]
    cite: Cite


class _Indicator(_Record):
    code: Words
    name: Words
    domain: str = ""
    area: str = ""
    scoring: Literal["sliding", "single", "binary", "improvement", "better_of"] | None = None
    better: Literal["higher", "lower"]
    unit: Words
    points: Positive | None = None
    lower_threshold: Threshold | None = None
    upper_threshold: Threshold | None = None
    reduction_lower_threshold: Threshold | None = None
    reduction_upper_threshold: Threshold | None = None
    prevalence: Annotated[
        _Prevalence | None, BeforeValidator(_no_prevalence, json_schema_input_type=_Prevalence | Literal[False])
    ] = None
    level: Literal["practice", "pcn"] | None = None
    season: model.Season | None = None
    period: _Period | None = None
    numerator_counts: str = ""
    denominator_counts: str = ""
    excluded: list[Words] = []
    personalised_care_adjustments: list[Words] = []
    data_source: str = ""
    codes: _Codes | None = None
    awarded: _Award | None = None
    note: str = ""
    unknown: dict[str, Words] = {}
    cite: dict[str, Cite] = {}


class File(_Record):
    """A ruleset file as TOML reads it."""

    schema_: Literal[1] = Field(alias="schema")
    id: Words
    year: Words
    status: Literal["in_force", "superseded", "closed"]
    effective: _Period
    supersedes: Words | None = None
    assume_from: Words | None = None
    summary: Words
    points_total: Positive | None = None
    points_unattributed: Annotated[Number, Field(ge=0)] = Decimal(0)
    point_value_gbp: Positive | None = None
    average_list_size: _AverageList | None = None
    paid_by: date | None = None
    rounding: _Rounding
    note: str = ""
    cite: dict[str, Cite] = {}
    source: dict[str, _Source]
    planning: _Planning | None = None
    fund: list[_Fund] = []
    indicator: list[_Indicator]


class _Of(_Record):
    year: Words
    code: Words


class _Pair(_Record):
    before: _Of
    after: _Of
    same: bool
    why: Words
    cite: Cite


class Crosswalk(_Record):
    """The file of indicators that go on from others, as TOML reads it."""

    schema_: Literal[1] = Field(alias="schema")
    pair: list[_Pair]
    source: dict[str, _Source]


def json_schema() -> str:
    """Return the JSON Schema of a ruleset file, for editors that help while typing."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **File.model_json_schema()}
    schema["title"] = "A ruleset of the Investment and Impact Fund"
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def _fraction(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def to_ruleset(file: File) -> model.Ruleset:
    """Return the record that the rest of the program works with."""
    sources = {key: model.Source(key=key, **vars(source)) for key, source in file.source.items()}
    average = file.average_list_size
    planning = file.planning
    return model.Ruleset(
        id=file.id,
        year=file.year,
        status=file.status,
        start=file.effective.start or file.effective.end,
        end=file.effective.end,
        summary=file.summary,
        supersedes=file.supersedes,
        assume_from=file.assume_from,
        point_value_gbp=_fraction(file.point_value_gbp),
        points_total=_fraction(file.points_total),
        points_unattributed=Fraction(file.points_unattributed),
        rounding=model.Rounding(points=file.rounding.points, pounds=file.rounding.pounds),
        average_list_size=None if average is None else model.AverageList(**vars(average)),
        paid_by=file.paid_by,
        planning=None
        if planning is None
        else model.Planning(share=Fraction(planning.share), pcns=planning.pcns, citation=planning.cite),
        funds=tuple(
            model.Fund(
                what=fund.what,
                gbp_million=Fraction(fund.gbp_million),
                indicators=tuple(i.code for i in file.indicator) if fund.indicators is None else tuple(fund.indicators),
                citation=fund.cite,
            )
            for fund in file.fund
        ),
        note=file.note,
        cite=file.cite,
        sources=sources,
        indicators=tuple(_indicator(indicator) for indicator in file.indicator),
    )


def _indicator(record: _Indicator) -> model.Indicator:
    plain = vars(record) | {name: _fraction(getattr(record, name)) for name in ("points", *model.THRESHOLDS)}
    del plain["codes"]
    if record.unit not in model.UNITS:
        raise RulesetError(
            f"indicator {record.code}, unit: {shown(record.unit)} is not a unit; write one of {', '.join(model.UNITS)}"
        )
    prevalence = record.prevalence and model.Prevalence(
        population=record.prevalence.population, national=_fraction(record.prevalence.national)
    )
    period, awarded = record.period, record.awarded
    return model.Indicator(
        **plain
        | {
            "unit": model.UNITS[record.unit],
            "prevalence": prevalence,
            "period": period and model.Period(start=period.start, end=period.end),
            "excluded": tuple(record.excluded),
            "personalised_care_adjustments": tuple(record.personalised_care_adjustments),
            "cqrs": record.codes.cqrs if record.codes else None,
            "awarded": awarded and model.Award(share=Fraction(awarded.share), citation=awarded.cite, note=awarded.note),
        }
    )


_WRITE = {
    "missing": "is missing; add it",
    "literal_error": "write one of {expected}",
    "greater_than": "write a number above {gt}",
    "greater_than_equal": "write a number from {ge} up",
    "less_than": "write a number below {lt}",
    "less_than_equal": "write a number up to {le}",
    "date_type": "write a day without quotes, such as 2022-10-01",
    "string_type": "write text in quotes",
    "string_too_short": "write some text or remove the line",
    "list_type": "write a list in square brackets",
    "dict_type": "write a table in braces",
    "model_type": "write a table in braces",
    "model_attributes_type": "write a table in braces",
    "int_type": "write a whole number without quotes",
    "bool_type": "write true or false",
}


def worded(error: ValidationError, data: Mapping[str, Any]) -> str:
    """Turn pydantic's first finding into: place, what was read, what to write instead."""
    finding = error.errors()[0]
    place = _place(finding["loc"], data)
    name = str(finding["loc"][-1])
    if finding["type"] == "extra_forbidden":
        known = _keys_at(finding["loc"])
        return f"{place}: {unknown('key', name, known, hint='remove it or correct its spelling')}"
    if finding["type"] in _WRITE:
        write = _WRITE[finding["type"]].format(**finding.get("ctx", {}))
    else:
        write = str(finding["msg"]).removeprefix("Value error, ")
    return f"{place}: {write}" if finding["type"] == "missing" else f"{place}: {shown(finding['input'])}; {write}"


_TABLES: Mapping[str, type[BaseModel]] = {
    "source": _Source,
    "effective": _Period,
    "period": _Period,
    "prevalence": _Prevalence,
    "awarded": _Award,
    "average_list_size": _AverageList,
    "rounding": _Rounding,
    "codes": _Codes,
    "fund": _Fund,
    "planning": _Planning,
    "indicator": _Indicator,
    "pair": _Pair,
    "before": _Of,
    "after": _Of,
}


def _keys_at(loc: tuple[int | str, ...]) -> list[str]:
    table = next((_TABLES[str(part)] for part in reversed(loc[:-1]) if part in _TABLES), File)
    return [field.alias or name for name, field in table.model_fields.items()]


def _place(loc: tuple[int | str, ...], data: Mapping[str, Any]) -> str:
    """Name a place as a reader of the file sees it: `indicator VI-01, upper_threshold`."""
    parts = [str(part) for part in loc]
    if loc[0] in ("indicator", "fund", "pair") and len(loc) > 1 and isinstance(loc[1], int):
        record = data[str(loc[0])][loc[1]]
        name = record.get("code" if loc[0] == "indicator" else "what") if isinstance(record, dict) else None
        parts[:2] = [f"{loc[0]} {name or 'number ' + str(loc[1] + 1)}"]
    elif loc[0] == "source" and len(loc) > 1:
        parts[:2] = [f"source {loc[1]}"]
    return ", ".join(parts)
