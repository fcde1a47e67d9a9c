"""The Python process as Excel would start it: xlwings' own server class and converters over `iif_reckoner.udfs`.

Only pywin32 below it is a stand-in. xlwings is changed for good by the loading, so it lives in a process of its own.
"""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from typing import Any

from iif_reckoner.vba.config import MODULE
from tests.vba_doubles import pywin32

MISSING = -2147352572
"""How an argument left out arrives from VBA: DISP_E_PARAMNOTFOUND."""

ERRORS = {"#N/A": -2146826246, "#VALUE!": -2146826273, "#DIV/0!": -2146826281, "#NAME?": -2146826259}
"""How an error value in a cell arrives from VBA."""


@cache
def server() -> Any:
    import xlwings

    with pywin32.installed():
        from xlwings import _xlwindows, com_server, udfs

    xlwings.engines.add(xlwings.Engine(impl=_xlwindows.engine))
    xlwings.engines.active = xlwings.engines["excel"]
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    sys.modules.pop(MODULE, None)  # decorated by what Linux has, should it be loaded
    return com_server.XLPython()


def call_udf(module: str, function: str, arguments: tuple[Any, ...]) -> Any:
    """What the bridge asks for: `engine.CallUDF(module, function, arguments)`."""
    return server().CallUDF(module, function, arguments)


def declared(function: str) -> dict[str, Any]:
    """What xlwings noted of a function, from which it would generate its own wrapper."""
    server()
    return dict(getattr(import_module(MODULE), function).__xlfunc__)


@contextmanager
def running() -> Iterator[Callable[..., Any]]:
    """Start the process; the function given asks it as COM would: a function of this module and its arguments."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield lambda function, *arguments: pool.submit(function, *arguments).result(timeout=60)
