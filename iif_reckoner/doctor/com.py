"""Asking xlwings' server a function through COM, as Excel asks it."""

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, Protocol

from iif_reckoner.vba.config import MODULE

ENGINE: Final = "{506e67c3-55b5-48c3-a035-eed5deea7d6d}"
"""The class under which xlwings' server answers when a user starts it; the workbook's VBA connects to the same."""

OWN: Final = "{0a4c9c0e-7b58-4f0b-9d3e-2f1a6f6d1e11}"
"""The class of the server that the doctor starts for its question."""

PATIENCE: Final = 10.0
"""Seconds in which a server that was started must answer."""

_PAUSE = 0.05


class Unreachable(Exception):  # noqa: N818 (it says what is the case)
    """No server answers; the text says why."""


class Started(Protocol):
    """A server that was started, as `subprocess.Popen` gives it."""

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""

    def kill(self) -> None:
        """End it."""


def serving(interpreter: str) -> tuple[str, ...]:
    """Return the command that starts a server as Excel's does, but under the doctor's own class."""
    return (interpreter, "-B", "-c", f"import xlwings; xlwings.serve('{OWN}')")


def asked(
    activate: Callable[[str], Any],
    start: Callable[[], Started] | None,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> str:
    """Return the answer of `IIF_ENGINE`; a server that was started for it is ended.

    Raises:
        Unreachable: nobody answers, or what answers is wrong.
    """
    if start is None:
        return _answer(activate(ENGINE))
    try:
        process = start()
    except OSError as error:
        raise Unreachable(f"Python could not be started: {error.strerror or error}") from None
    try:
        until = clock() + PATIENCE
        while True:
            try:
                server = activate(OWN)
                break
            except Unreachable:
                if process.poll() is not None:
                    raise Unreachable(f"Python ended at once (exit code {process.poll()})") from None
                if clock() > until:
                    raise Unreachable(f"Python did not answer within {PATIENCE:.0f} seconds") from None
                pause(_PAUSE)
        return _answer(server)
    finally:
        process.kill()


def activated(class_id: str) -> Any:
    """Return the server's object of this class; Windows only.

    Raises:
        Unreachable: no such server runs, or pywin32 cannot be loaded.
    """
    try:
        pythoncom = import_module("pythoncom")
        pywintypes = import_module("pywintypes")
        dispatch = import_module("win32com.client").Dispatch
    except ImportError as error:
        raise Unreachable(f"pywin32 cannot be loaded: {error}") from None
    pythoncom.CoInitialize()
    try:
        # CreateInstance of a local server that is not registered fails at once, it starts nothing.
        found = pythoncom.CoCreateInstance(
            pywintypes.IID(class_id), None, pythoncom.CLSCTX_LOCAL_SERVER, pythoncom.IID_IDispatch
        )
    except pythoncom.com_error as error:
        raise Unreachable(f"no engine runs ({error.args[1] if len(error.args) > 1 else error})") from None
    return dispatch(found)


def _answer(server: Any) -> str:
    try:
        words = server.CallUDF(MODULE, "IIF_ENGINE", ())
    except Exception as error:  # noqa: BLE001 (whatever the other process raised arrives as an error of COM)
        raise Unreachable(f"the engine runs, but the functions fail: {error}") from None
    if not str(words).startswith("Python "):
        raise Unreachable(f"the engine answers {words!r}")
    return str(words)
