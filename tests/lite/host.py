"""A double of xlwings Lite: registers the functions of a script, and hands cells over and takes them back as it does.

What it imitates is what https://lite.xlwings.org/custom_functions and the xlwings package say of custom functions:
every argument arrives as a block, a blank cell as None, an error as its text where `err_to_str` asks for it, an
argument left out as its default; a text that is an error value goes back as that error.
"""

import json
import sys
from types import ModuleType


def answers(plays):
    """Return what the functions answer: `plays` are pairs of a script and its calls, one after the other."""
    return [
        [call(registered[name], arguments) for name, arguments in calls]
        for script, calls in plays
        for registered in [run(script)]
    ]


def run(script):
    registered = {}

    def func(function):
        assert not function.__annotations__, "xlwings converts by type hints"
        registered[function.__name__] = function
        return function

    def arg(name, **options):
        def mark(function):
            function.__dict__.setdefault("options", {})[name] = options
            return function

        return mark

    sys.modules["xlwings"] = xlwings = ModuleType("xlwings")
    xlwings.func, xlwings.arg = func, arg
    sys.modules["main"] = main = ModuleType("main")
    exec(compile(script, "main.py", "exec"), main.__dict__)  # noqa: S102 (this is what the add-in does)
    return registered


def call(function, arguments):
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    given = {
        name: read(block, function.options[name]) for name, block in zip(names, arguments, strict=False) if block != []
    }
    found = function(**given)
    return found if isinstance(found, list) else [[found]]


def read(block, options):
    assert options["ndim"] == 2
    assert options["doc"]
    return [[cell(value, options) for value in row] for row in block]


def cell(value, options):
    if isinstance(value, dict):
        return value["basicValue"] if options["err_to_str"] else None
    return None if value == "" else value


if __name__ == "__main__":
    json.dump(answers(json.load(sys.stdin)), sys.stdout)
