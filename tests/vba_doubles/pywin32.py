"""Just enough of pywin32 for the Windows half of xlwings to be imported anywhere."""

import ctypes
import datetime as dt
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock


class ComError(Exception):
    hresult = 0


class TimeType(dt.datetime):
    pass


def not_ours(value: Any) -> Any:
    raise TypeError(f"{value!r} is not a wrapped Python object")


NOTHING = ("win32api", "win32con", "win32event", "win32gui", "win32process", "win32timezone", "win32com")
NOTHING += tuple(f"win32com.server{part}" for part in ("", ".dispatcher", ".policy", ".exception"))

MODULES: dict[str, dict[str, Any]] = {
    **{name: {} for name in NOTHING},
    "pywintypes": {"com_error": ComError, "TimeType": TimeType, "Time": TimeType, "IID": str},
    "pythoncom": {
        "com_error": ComError,
        "IID_IDispatch": "IDispatch",
        "IID_IEnumVARIANT": "enum",
        "TypeIIDs": {"IDispatch": type("PyIDispatch", (), {})},
        "CoInitialize": lambda: None,
        "__file__": "pythoncom.py",
    },
    "win32com.server.util": {"wrap": lambda value, *_, **__: value, "unwrap": not_ours},
    "win32com.client": {
        "Dispatch": lambda value=None, **_: value,
        "DispatchEx": lambda *_, **__: None,
        **{name: type(name, (), {}) for name in ("CDispatch", "DispatchBaseClass", "CoClassBaseClass")},
    },
    "win32com.client.gencache": {"EnsureModule": lambda *_, **__: None},
    "win32com.client.dynamic": {"CDispatch": type("CDispatch", (), {})},
}


@contextmanager
def installed() -> Iterator[None]:
    """Let the modules be imported; ctypes gets Windows' loaders for as long as the block lasts."""
    for name, members in MODULES.items():
        module = types.ModuleType(name)
        vars(module).update(members)
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
    with (
        mock.patch.object(ctypes, "PyDLL", mock.MagicMock()),
        mock.patch.object(ctypes, "windll", mock.MagicMock(), create=True),
        mock.patch.object(ctypes, "oledll", mock.MagicMock(), create=True),
    ):
        yield
