"""The actions that the code writes into the audit, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Literal, get_args, get_origin

import config

ROOT = Path(config.__file__).parents[1]
ROOMS = ("alerting", "api", "qingyuan")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Call:
    """A call, the functions in which it stands, the innermost first, and its file."""

    node: ast.Call
    inside: tuple[Function, ...]
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
        for call in _calls(_tree(file), (), file)
    )


def _calls(node: ast.AST, inside: tuple[Function, ...], file: Path) -> Iterator[Call]:
    if isinstance(node, ast.Call):
        yield Call(node, inside, file)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        inside = (node, *inside)
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, inside, file)


def recorded() -> set[str]:
    """Every action.

    Raises:
        AssertionError: one is made in a way that this does not follow.
    """
    found: set[str] = set()
    for call in calls():
        of = call.node.func
        if isinstance(of, ast.Attribute) and of.attr == "record" and _is_audit(of.value):
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


def _reaches(call: Call, function: Function, file: Path) -> bool:
    """Whether a call by its name is one of a function in a file: as a method of something, as a
    name that was imported, or out of its module.
    """
    parts = file.relative_to(ROOT).with_suffix("").parts
    module, room = ".".join(parts), ".".join(parts[:-1])
    imports = [of for of in ast.walk(_tree(call.file)) if isinstance(of, ast.ImportFrom)]
    knows = call.file == file or any(of.module == module for of in imports)
    modules = {name.name for of in imports if of.module == room for name in of.names}
    of, arguments = call.node.func, function.args.args
    if not isinstance(of, ast.Attribute):
        return knows
    on = of.value.id if isinstance(of.value, ast.Name) else ""
    if arguments and arguments[0].arg == "self":
        return knows and on not in {name.name for of in imports for name in of.names}
    return on == parts[-1] and on in modules


def _named(name: str, at: Call) -> set[str]:
    for function in at.inside:
        for of in (*function.args.args, *function.args.kwonlyargs):
            if of.arg == name:
                return _literals(of, at.file) or _given(function, name, at)
    for node in (node for function in at.inside for node in ast.walk(function)):
        match node:
            case ast.AnnAssign(target=ast.Name(id=of)) if of == name:
                return _literals(node, at.file)
    bodies = (*map(ast.walk, at.inside), _tree(at.file).body)
    for body in bodies:
        values = [
            node.value
            for node in body
            if isinstance(node, ast.Assign)
            and any(isinstance(of, ast.Name) and of.id == name for of in node.targets)
        ]
        if values:
            return set().union(*(texts(value, at) for value in values))
    raise AssertionError(f"{at.file}:{at.node.lineno}: cannot tell where {name} comes from")


def _literals(of: ast.arg | ast.AnnAssign, file: Path) -> set[str]:
    """All that a name may be, as far as its annotation says."""
    module = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    hint = getattr(module, ast.unparse(of.annotation), None) if of.annotation else None
    return set(get_args(hint)) if get_origin(hint) is Literal else set()


def _given(function: Function, name: str, at: Call) -> set[str]:
    """All that callers give for a parameter."""
    found: set[str] = set()
    for call in calls():
        meant = call.name == function.name and _reaches(call, function, at.file)
        given = call.argument(function, name) if meant else None
        if given is not None:
            found |= texts(given, call)
    assert found, f"{at.file}: nobody calls {function.name} with {name}"
    return found
