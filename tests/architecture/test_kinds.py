"""What a kind of rule is stands in its own file; all others ask its object."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from alerting.rules.conditions.signal import Signal
from alerting.rules.registry import KINDS

ROOT = Path(__file__).parents[2]
SOURCE = ("alerting", "api", "qingyuan", "benchmarks")
KIND_FILES = ROOT / "alerting" / "rules" / "kinds"


def signals(of: type[Signal] = Signal) -> set[str]:
    """Names of all classes of signals."""
    found = {of.__name__}
    return found.union(*(signals(below) for below in of.__subclasses__()))


def asked(tree: ast.AST) -> Iterator[str]:
    """Where something is asked for its signal's class, or its kind's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance":
            named = {of.id for of in ast.walk(node.args[1]) if isinstance(of, ast.Name)}
            if named & signals():
                yield ast.unparse(node)
        if isinstance(node, ast.Compare) and ".kind" in ast.unparse(node):
            named = {of.value for of in ast.walk(node) if isinstance(of, ast.Constant)}
            if named & KINDS.keys():
                yield ast.unparse(node)


def test_nobody_tells_kinds_apart_by_class_or_name() -> None:
    """So that a new kind is one file."""
    found = {
        f"{path.relative_to(ROOT)}: {text}"
        for room in SOURCE
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.parent != KIND_FILES
        for text in asked(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set()


@pytest.mark.parametrize(
    "text",
    [
        "isinstance(rule.signal, Trend)",
        "isinstance(signal, Mean | Combined)",
        'rule.kind == "absence"',
        'case.rule.kind in ("state", "absence")',
    ],
)
def test_such_a_question_is_known_when_seen(text: str) -> None:
    """Otherwise the test before would pass on anything."""
    assert list(asked(ast.parse(text)))
