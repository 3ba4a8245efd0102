"""The actions that the code writes into the audit, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import config

ROOT = Path(config.__file__).parents[1]
ROOMS = ("alerting", "api", "qingyuan")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Call:
    """A call, the function in which it stands, and its file."""

    node: ast.Call
    inside: Function | None
    file: Path

    @property
    def name(self) -> str:
        """Of the function that is called."""
        called = self.node.func
        return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")

    def argument(self, of: Function, name: str) -> ast.expr | None:
        """The argument for a parameter; None where its default stands."""
        for keyword in self.node.keywords:
            if keyword.arg == name:
                return keyword.value
        names = [each.arg for each in of.args.args if each.arg not in ("self", "cls")]
        position = names.index(name) if name in names else len(self.node.args)
        return self.node.args[position] if position < len(self.node.args) else None


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def calls() -> tuple[Call, ...]:
    """Every call of the server's code."""
    files = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return tuple(
        call
        for file in files
        if "migrations" not in file.parts
        for call in _calls(_tree(file), None, file)
    )


def _calls(node: ast.AST, inside: Function | None, file: Path) -> Iterator[Call]:
    if isinstance(node, ast.Call):
        yield Call(node, inside, file)
    for child in ast.iter_child_nodes(node):
        deeper = node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else inside
        yield from _calls(child, deeper, file)


def recorded() -> set[str]:
    """Every action.

    Raises:
        AssertionError: one is made in a way that this does not follow.
    """
    found: set[str] = set()
    for call in calls():
        of = call.node.func
        if (
            isinstance(of, ast.Attribute)
            and of.attr in ("record", "record_all")
            and _is_audit(of.value)
        ):
            given = [each.value for each in call.node.keywords if each.arg == "action"]
            assert given, f"{call.file}:{call.node.lineno}: name the action where it is recorded"
            found |= texts(given[0], call)
    return found


def _is_audit(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "audit"


def texts(node: ast.expr, at: Call) -> set[str]:
    """All that an expression may be."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp():
            return texts(node.body, at) | texts(node.orelse, at)
        case ast.JoinedStr():
            return {"".join(parts) for parts in product(*(texts(of, at) for of in node.values))}
        case ast.FormattedValue():
            return texts(node.value, at)
        case ast.Name(id=name):
            return _named(name, at)
    raise AssertionError(
        f"{at.file}:{node.lineno}: cannot tell which action {ast.unparse(node)} is"
    )


@cache
def _knows(file: Path, other: Path) -> bool:
    """Whether a file is another one, or imports it or out of it."""
    parts = other.relative_to(ROOT).with_suffix("").parts
    module, (*room, name) = ".".join(parts), parts
    return file == other or any(
        node.module == module
        or (node.module == ".".join(room) and name in {of.name for of in node.names})
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.ImportFrom)
    )


def _defines(file: Path, name: str) -> bool:
    """Whether a file has a function of this name itself."""
    return any(isinstance(of, Function) and of.name == name for of in _tree(file).body)


def _named(name: str, at: Call) -> set[str]:
    function = at.inside
    if function and name in {of.arg for of in (*function.args.args, *function.args.kwonlyargs)}:
        found: set[str] = set()
        for call in calls():
            meant = call.name == function.name and _knows(call.file, at.file)
            if call.file != at.file and isinstance(call.node.func, ast.Name):
                meant = meant and not _defines(call.file, call.name)
            given = call.argument(function, name) if meant else None
            if given is not None:
                found |= texts(given, call)
        assert found, f"{at.file}: nobody calls {function.name} with {name}"
        return found
    for node in _tree(at.file).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=of)]) if of == name:
                return texts(node.value, at)
    raise AssertionError(f"{at.file}:{at.node.lineno}: {name} is no constant of the module")
