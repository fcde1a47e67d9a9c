"""Which indicator of a ruleset a file's code means, and which service year a file's rows are of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from iif_reckoner.model import Ruleset, bare_code


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """The codes under which files know a ruleset's indicators; values are places in `ruleset.indicators`."""

    places: Mapping[str, int]

    def place(self, code: str) -> int | None:
        """Return the indicator's place for an official or CQRS code in any of its spellings."""
        return self.places.get(bare_code(code))


def known_codes(ruleset: Ruleset) -> KnownCodes:
    """Return how files may write the indicators of a ruleset.

    An official code counts with or without its hyphen, in capital or small letters; `indicator.cqrs` may name several
    codes with commas between them. A CQRS code of two indicators says nothing and is not known.
    """
    places: dict[str, int] = {}
    doubtful: set[str] = set()
    for place, indicator in enumerate(ruleset.indicators):
        for code in re.split(r"[,;\s]+", indicator.cqrs or ""):
            if code and places.setdefault(bare_code(code), place) != place:
                doubtful.add(bare_code(code))
    for key in doubtful:
        del places[key]
    places.update({bare_code(indicator.code): place for place, indicator in enumerate(ruleset.indicators)})
    return KnownCodes(places)


def service_year(service: str) -> str | None:
    """Return the year in a quality service, None where it names none.

    >>> service_year("NCD2324"), service_year("NCD 2024/25"), service_year("NCD")
    ('2023/24', '2024/25', None)
    """
    match = re.search(r"(?:20)?(\d{2})[/-]?(\d{2})\b", service, re.ASCII)
    return f"20{match[1]}/{match[2]}" if match and (int(match[1]) + 1) % 100 == int(match[2]) else None


def year_of_month(month: str) -> str:
    """Return the service year, from April to March, of a month.

    >>> year_of_month("2024-03"), year_of_month("2024-04")
    ('2023/24', '2024/25')
    """
    first = int(month[:4]) - (month[5:] < "04")
    return f"{first}/{(first + 1) % 100:02}"
