"""Which parts of a workbook hang on which, by their relationships."""

from collections.abc import Collection

from iif_reckoner.package.book import Package


def reached(package: Package, start: str = "", *, besides: Collection[str] = ()) -> list[str]:
    """Return the parts that relationships lead to from a part, and on from there; from "" all that are in use.

    Relationships that lead on from the parts `besides` are not followed, nor those to a part that is not there.
    """
    found: dict[str, str] = {}
    closed = {part.casefold() for part in besides}
    waiting = [start]
    while waiting:
        source = waiting.pop(0)
        if source.casefold() in closed:
            continue
        closed.add(source.casefold())
        targets = [link.part for link in package.links(source) if package.has(link.part)]
        found.update((part.casefold(), part) for part in targets if part.casefold() not in found)
        waiting += targets
    return list(found.values())
