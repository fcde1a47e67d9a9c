"""As much of PowerShell as `install.ps1` is written in, run over a folder that stands for drive C of a laptop.

The text is parsed by tree-sitter's grammar; what is not known here raises, so nothing is passed over. It is an imitation:
that the script runs here says what its text means, not that Windows PowerShell agrees.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from typing import Any

import tree_sitter
import tree_sitter_powershell

LANGUAGE = tree_sitter.Language(tree_sitter_powershell.language())


def parsed(source: bytes) -> tree_sitter.Tree:
    return tree_sitter.Parser(LANGUAGE).parse(source)


class Thrown(Exception):  # noqa: N818 (throw)
    pass


class Exited(Exception):  # noqa: N818 (exit)
    pass


class _Return(Exception):  # noqa: N818 (return)
    pass


class _Continue(Exception):  # noqa: N818 (continue)
    pass


class Laptop:
    """A drive C in a folder, known folders, processes, and programs: each is called with its arguments and answers
    with its exit code and what it prints."""

    def __init__(self, root: Path, known: dict[str, str], environment: dict[str, str]) -> None:
        self.root, self.known, self.environment = root, known, environment
        self.programs: dict[str, Callable[[list[str]], tuple[int, str]]] = {}
        self.processes: list[SimpleNamespace] = []
        self.ended: list[str] = []
        self.unblocked: list[str] = []
        self.said: list[str] = []
        self.asked: list[str] = []
        self.reply = "n"

    def real(self, path: str) -> Path:
        parts = PureWindowsPath(path).parts
        assert parts[0] == "C:\\", f"not a whole path: {path!r}"
        return self.root.joinpath(*parts[1:])

    def named(self, real: Path) -> str:
        return str(PureWindowsPath("C:\\", *real.relative_to(self.root).parts))


class Script:
    """A script that lies in a folder of the laptop."""

    def __init__(self, source: bytes, folder: str, laptop: Laptop) -> None:
        self.tree, self.laptop = parsed(source), laptop
        assert not self.tree.root_node.has_error
        self.functions: dict[str, Any] = {}
        state = SimpleNamespace(SessionState=SimpleNamespace(LanguageMode="FullLanguage"))
        self.scopes: list[dict[str, Any]] = [
            {"psscriptroot": folder, "lastexitcode": 0, "true": True, "false": False, "null": None,
             "executioncontext": state}
        ]  # fmt: skip

    def run(self, *switches: str) -> int:
        for name in ("remove", "network", "formulasonly"):
            self.scopes[0][name] = name in switches
        try:
            self.outputs(_child(self.tree.root_node, "statement_list"))
        except Exited as end:
            return end.args[0]
        return 0

    # --- Variables

    def get(self, name: str) -> Any:
        name = name.lstrip("$@").casefold()
        if name.startswith("env:"):
            return self.laptop.environment.get(name[4:].upper())
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        raise Thrown(f"the variable ${name} was never set")  # Set-StrictMode

    def set(self, name: str, value: Any) -> None:
        name = name.lstrip("$").casefold()
        if name.startswith("env:"):
            self.laptop.environment[name[4:].upper()] = value
        else:
            self.scopes[-1][name] = value

    # --- Statements

    def outputs(self, node: Any) -> list[Any]:
        """What a list of statements, a block or a pipeline hands on."""
        made: list[Any] = []
        for child in node.named_children:
            made += getattr(self, f"_{child.type}")(child)
        return made

    def _comment(self, _: Any) -> list[Any]:
        return []

    def _statement_list(self, node: Any) -> list[Any]:
        made: list[Any] = []
        for child in node.named_children:
            try:
                made += getattr(self, f"_{child.type}")(child)
            except _Return as end:
                raise _Return(made + end.args[0]) from None
        return made

    def _statement_block(self, node: Any) -> list[Any]:
        return self.outputs(node)

    def _function_statement(self, node: Any) -> list[Any]:
        self.functions[_child(node, "function_name").text.decode().casefold()] = _child(node, "script_block")
        return []

    def _if_statement(self, node: Any) -> list[Any]:
        branches = [
            node,
            *(
                clause
                for part in node.named_children
                if part.type == "elseif_clauses"
                for clause in part.named_children
            ),
        ]
        for branch in branches:
            if _true(self.value(_child(branch, "pipeline"))):
                return self.outputs(_child(branch, "statement_block"))
        other = [child for child in node.named_children if child.type == "else_clause"]
        return self.outputs(_child(other[0], "statement_block")) if other else []

    def _foreach_statement(self, node: Any) -> list[Any]:
        made: list[Any] = []
        for one in _list(self.value(_child(node, "pipeline"))):
            self.set(_child(node, "variable").text.decode(), one)
            try:
                made += self.outputs(_child(node, "statement_block"))
            except _Continue:
                continue
        return made

    def _try_statement(self, node: Any) -> list[Any]:
        try:
            return self.outputs(_child(node, "statement_block"))
        except Thrown as error:
            problem = SimpleNamespace(Exception=SimpleNamespace(Message=str(error)))
            before, self.scopes[-1]["_"] = self.scopes[-1].get("_"), problem
            self.scopes[-1]["caught"] = error
            made = self.outputs(_child(_child(_child(node, "catch_clauses"), "catch_clause"), "statement_block"))
            self.scopes[-1]["_"] = before
            return made

    def _flow_control_statement(self, node: Any) -> list[Any]:
        word = node.children[0].text.decode()
        values = self.outputs_of(node.named_children[0]) if node.named_children else []
        if word == "return":
            raise _Return(values)
        if word == "continue":
            raise _Continue
        if word == "exit":
            raise Exited(int(values[0]))
        assert word == "throw"
        raise Thrown(values[0]) if values else self.scopes[-1]["caught"]

    # --- Pipelines and commands

    def outputs_of(self, pipeline: Any) -> list[Any]:
        return self._pipeline(pipeline)

    def _pipeline(self, node: Any) -> list[Any]:
        inner = _squashed(node)
        if inner.type == "assignment_expression":
            target, operator, source = inner.named_children
            value = self.value(source)
            name = target.text.decode()
            self.set(name, value if operator.text == b"=" else _list(self.get(name)) + _list(value))
            return []
        steps = inner.named_children if inner.type == "pipeline_chain" else [inner]
        made: list[Any] = []
        for place, step in enumerate(steps):
            if step.type == "command":
                made = self.command(step, made if place else None)
            else:
                made = _list(self.expression(step))
        return made

    def value(self, node: Any) -> Any:
        """A pipeline as a value: nothing, the one thing it hands on, or a list."""
        inner = _squashed(node)
        if inner.type not in {"command", "pipeline_chain", "assignment_expression", "pipeline"}:
            return self.expression(inner)
        made = self.outputs_of(node)
        return made[0] if len(made) == 1 else (made or None)

    def command(self, node: Any, given: list[Any] | None) -> list[Any]:
        first = node.named_children[0]
        positional, named = self.arguments(_child(node, "command_elements", missing=True))
        if first.type == "command_invokation_operator":
            return self.program(self.command_target(node.named_children[1]), positional)
        name = first.text.decode()
        if name.casefold() in self.functions:
            return self.call(name.casefold(), named)
        return getattr(self, "do_" + name.replace("-", "_").casefold())(given, positional, named)

    def command_target(self, node: Any) -> str:
        node = _squashed(node)
        if node.type == "path_command_name":
            value = self.get(node.named_children[0].text.decode())
            for name in node.named_children[1].text.decode().strip(".").split("."):
                value = getattr(value, name)
            return str(value)
        return str(self.expression(node))

    def arguments(self, node: Any) -> tuple[list[Any], dict[str, Any]]:
        positional: list[Any] = []
        named: dict[str, Any] = {}
        waiting: str | None = None
        for child in [] if node is None else node.named_children:
            if child.type == "command_argument_sep" or child.text.startswith(b"2>"):
                continue
            if child.type == "command_parameter":
                waiting = child.text.decode().lstrip("-").casefold()
                named[waiting] = True
                positional.append(child.text.decode())
                continue
            inner = _squashed(child)
            text = child.text.decode()
            if inner.type == "variable" and text.startswith("@"):
                positional += _list(self.get(text))
            else:
                value = text if inner.type == "generic_token" else self.expression(inner)
                positional.append(value)
                if waiting:
                    named[waiting] = value
            waiting = None
        return positional, named

    def call(self, name: str, named: dict[str, Any]) -> list[Any]:
        block = self.functions[name]
        scope: dict[str, Any] = {}
        for parameter in _find(block, "script_parameter"):
            wanted = _child(parameter, "variable").text.decode().lstrip("$").casefold()
            scope[wanted] = named.pop(wanted)
        assert not named, f"{name} has no parameter {named}"
        self.scopes.append(scope)
        try:
            return self.outputs(_child(block, "script_block_body"))
        except _Return as end:
            return list(end.args[0])
        finally:
            self.scopes.pop()

    def program(self, target: str, arguments: list[Any]) -> list[Any]:
        code, printed = self.laptop.programs[target]([str(word) for word in arguments])
        self.scopes[0]["lastexitcode"] = code
        return printed.splitlines()

    # --- Expressions

    def expression(self, node: Any) -> Any:
        node = _squashed(node)
        return getattr(self, f"e_{node.type}")(node)

    def e_pipeline(self, node: Any) -> Any:
        return self.value(node)

    def e_variable(self, node: Any) -> Any:
        return self.get(node.text.decode())

    def e_simple_name(self, node: Any) -> str:
        return node.text.decode()

    def e_decimal_integer_literal(self, node: Any) -> int:
        return int(node.text)

    def e_real_literal(self, node: Any) -> float:
        return float(node.text)

    def e_verbatim_string_characters(self, node: Any) -> str:
        return node.text.decode()[1:-1].replace("''", "'")

    def e_verbatim_here_string_characters(self, node: Any) -> str:
        return node.text.decode()[2:-2].strip("\n")

    def e_expandable_string_literal(self, node: Any) -> str:
        text, start, made = node.text, node.start_byte, []
        at = 1
        for child in node.named_children:
            made.append(text[at : child.start_byte - start].decode())
            value = self.expression(child)
            made.append(" ".join(str(one) for one in _list(value)))
            at = child.end_byte - start
        made.append(text[at:-1].decode())
        assert "`" not in node.text.decode()
        return "".join(made)

    def e_string_literal(self, node: Any) -> str:
        return str(self.expression(node.named_children[0]))

    def e_sub_expression(self, node: Any) -> Any:
        made = self.outputs(_child(node, "statement_list"))
        return made[0] if len(made) == 1 else made

    def e_parenthesized_expression(self, node: Any) -> Any:
        return self.value(_child(node, "pipeline"))

    def e_array_expression(self, node: Any) -> list[Any]:
        return self.outputs(_child(node, "statement_list"))

    def e_array_literal_expression(self, node: Any) -> list[Any]:
        return [self.expression(child) for child in node.named_children]

    def e_additive_expression(self, node: Any) -> Any:
        left, right = (self.expression(child) for child in node.named_children)
        return _list(left) + _list(right) if isinstance(left, list) else left + right

    def e_comparison_expression(self, node: Any) -> Any:
        left, operator, right = node.named_children
        a, b = self.expression(left), self.expression(right)
        match operator.text.decode():
            case "-eq":
                return str(a).casefold() == str(b).casefold()
            case "-ne":
                return str(a).casefold() != str(b).casefold()
            case "-match":
                return re.search(b, a, re.IGNORECASE) is not None
            case "-replace":
                return re.sub(b[0], b[1], a, flags=re.IGNORECASE)

    def e_logical_expression(self, node: Any) -> bool:
        assert node.children[1].text == b"-and"
        return all(_true(self.expression(child)) for child in node.named_children)

    def e_expression_with_unary_operator(self, node: Any) -> bool:
        assert node.children[0].text == b"-not"
        return not _true(self.expression(node.named_children[0]))

    def e_cast_expression(self, node: Any) -> Any:
        assert node.named_children[0].text == b"[pscustomobject]"
        return SimpleNamespace(**self.expression(node.named_children[1]))

    def e_hash_literal_expression(self, node: Any) -> dict[str, Any]:
        entries = _find(node, "hash_entry")
        return {entry.named_children[0].text.decode(): self.value(entry.named_children[1]) for entry in entries}

    def e_element_access(self, node: Any) -> Any:
        return _list(self.expression(node.named_children[0]))[self.expression(node.named_children[1])]

    def e_member_access(self, node: Any) -> Any:
        return getattr(self.expression(node.named_children[0]), node.named_children[1].text.decode())

    def e_invokation_expression(self, node: Any) -> Any:
        target, member = node.named_children[0], node.named_children[1].text.decode()
        arguments = [self.expression(child) for child in _find(node.named_children[2], "argument_expression")]
        if member == "GetFolderPath":
            assert target.text == b"[Environment]"
            return self.laptop.known[arguments[0]]
        text, wanted = self.expression(target), arguments[0]
        if arguments[1:] == ["OrdinalIgnoreCase"]:
            text, wanted = text.casefold(), wanted.casefold()
        return {"StartsWith": str.startswith, "EndsWith": str.endswith}[member](text, wanted)

    # --- Commands of PowerShell's own

    def do_set_strictmode(self, *_: Any) -> list[Any]:
        return []

    def do_write_information(self, _: Any, __: Any, named: dict[str, Any]) -> list[Any]:
        self.laptop.said.append(str(named["messagedata"]))
        return []

    def do_read_host(self, _: Any, __: Any, named: dict[str, Any]) -> list[Any]:
        self.laptop.asked.append(named["prompt"])
        return [self.laptop.reply]

    def do_out_null(self, *_: Any) -> list[Any]:
        return []

    def do_join_path(self, _: Any, __: Any, named: dict[str, Any]) -> list[Any]:
        return [str(PureWindowsPath(named["path"], named["childpath"]))]

    def do_split_path(self, given: Any, *_: Any) -> list[Any]:
        return [PureWindowsPath(one).name for one in given]

    def do_test_path(self, _: Any, __: Any, named: dict[str, Any]) -> list[Any]:
        return [self.laptop.real(named["literalpath"]).exists()]

    def do_get_childitem(self, _: Any, __: Any, named: dict[str, Any]) -> list[Any]:
        folder = self.laptop.real(named["literalpath"])
        found = sorted(folder.rglob("*") if "recurse" in named else folder.glob(named.get("filter", "*")))
        found = [path for path in found if not ("file" in named and path.is_dir())]
        found = [path for path in found if not ("directory" in named and not path.is_dir())]
        return [SimpleNamespace(Name=path.name, FullName=self.laptop.named(path)) for path in found]

    def do_where_object(self, given: Any, _: Any, named: dict[str, Any]) -> list[Any]:
        return [one for one in given if _true(self.block(named["filterscript"], one))]

    def e_script_block_expression(self, node: Any) -> Any:
        return node

    def block(self, node: Any, this: Any) -> Any:
        self.scopes.append({"_": this})
        try:
            made = self.outputs(_find(node, "statement_list")[0])
        finally:
            self.scopes.pop()
        return made[0]

    def do_sort_object(self, given: Any, _: Any, named: dict[str, Any]) -> list[Any]:
        return sorted(given, key=lambda one: getattr(one, named["property"]), reverse="descending" in named)

    def do_select_object(self, given: Any, _: Any, named: dict[str, Any]) -> list[Any]:
        return given[: int(named["first"])] if "first" in named else given[int(named["skip"]) :]

    def do_get_command(self, _: Any, __: Any, named: dict[str, Any]) -> list[Any]:
        found = [path for path in self.laptop.programs if PureWindowsPath(path).name == named["name"]]
        return [SimpleNamespace(Path=path) for path in found if "IIF" not in path]

    def do_get_process(self, _: Any, __: Any, named: dict[str, Any]) -> list[Any]:
        return [one for one in self.laptop.processes if one.Name in _list(named["name"])]

    def do_stop_process(self, given: Any, *_: Any) -> list[Any]:
        self.laptop.ended += [one.Path for one in given]
        self.laptop.processes = [one for one in self.laptop.processes if one not in given]
        return given

    def do_wait_process(self, *_: Any) -> list[Any]:
        return []

    def do_unblock_file(self, given: Any, _: Any, named: dict[str, Any]) -> list[Any]:
        self.laptop.unblocked += [one.FullName for one in given or []] or [named["literalpath"]]
        return []

    def do_new_item(self, _: Any, __: Any, named: dict[str, Any]) -> list[Any]:
        assert named["itemtype"] == "Directory"
        self.laptop.real(named["path"]).mkdir(parents=True, exist_ok=True)
        return []

    def do_remove_item(self, _: Any, __: Any, named: dict[str, Any]) -> list[Any]:
        path = self.laptop.real(named["literalpath"])
        shutil.rmtree(path) if "recurse" in named else path.rmdir()
        return []

    def do_move_item(self, _: Any, __: Any, named: dict[str, Any]) -> list[Any]:
        source, target = (self.laptop.real(named[name]) for name in ("literalpath", "destination"))
        assert not target.exists()
        source.rename(target)
        return []

    def do_copy_item(self, _: Any, __: Any, named: dict[str, Any]) -> list[Any]:
        shutil.copy(self.laptop.real(named["literalpath"]), self.laptop.real(named["destination"]))
        return []


_WHOLE = {"command", "expandable_string_literal", "statement_list"}
"""Nodes that mean something themselves even with one child."""


def _squashed(node: Any) -> Any:
    while node.child_count == node.named_child_count == 1 and node.type not in _WHOLE:
        node = node.named_children[0]
    return node


def _child(node: Any, kind: str, *, missing: bool = False) -> Any:
    found = [child for child in node.named_children if child.type == kind]
    if not found and missing:
        return None
    return found[0]


def _find(node: Any, kind: str) -> list[Any]:
    """Every node of a kind below this one, the outermost only."""
    if node.type == kind:
        return [node]
    return [found for child in node.named_children for found in _find(child, kind)]


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _true(value: Any) -> bool:
    return bool(value) and value != [None]
