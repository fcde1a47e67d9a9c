"""The source of the modules that a module needs, in an order in which each finds what it imports."""

import ast
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from inspect import getsource

_PACKAGE = __name__.partition(".")[0]


def sources(name: str, standing_in: Mapping[str, str]) -> dict[str, str]:
    """Return the sources of a module and of all in this package that it imports, by name, what is imported first.

    `standing_in` names, for a module that is not to come along, the module whose source stands in its place.

    >>> list(sources("iif_reckoner.explain", {}))
    ['iif_reckoner.exact', 'iif_reckoner.model', 'iif_reckoner.errors', 'iif_reckoner.reckon', 'iif_reckoner.explain']
    """
    found: dict[str, str] = {}
    _add(name, standing_in, found)
    return found


def _add(name: str, standing_in: Mapping[str, str], found: dict[str, str]) -> None:
    source = getsource(import_module(standing_in.get(name, name)))
    for imported in _imports(source):
        if imported not in found:
            _add(imported, standing_in, found)
    found[name] = source


def _imports(source: str) -> Iterator[str]:
    """Yield the modules of this package that a source imports, at its top or later, as they stand in it."""
    for node in ast.walk(ast.parse(source)):
        match node:
            # Only `from` is used here for modules of one's own; what it names is a module or something in one.
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] == _PACKAGE:
                modules = [f"{module}.{alias.name}" for alias in node.names]
                inner = [name for name in modules if _is_module(module, name)]
                yield from inner if len(inner) == len(modules) else [module, *inner]
            case _:
                pass


def _is_module(package: str, name: str) -> bool:
    return hasattr(import_module(package), "__path__") and find_spec(name) is not None
