"""Every kind of rule by its name, found in ``kinds``."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from alerting.rules import kinds
from alerting.rules.kind import Kind
from alerting.rules.rule import Rule


def _found() -> dict[str, Kind[Any, Any]]:
    modules = [
        import_module(f"{kinds.__name__}.{row.name}") for row in iter_modules(kinds.__path__)
    ]
    return {module.KIND.name: module.KIND for module in modules}


KINDS = _found()


def documented() -> list[str]:
    """The table of kinds in docs/rules.md, row by row; in brackets what may be left out."""
    rows = ["| kind | signal | instants | keys |", "|---|---|---|---|"]
    for name, kind in sorted(KINDS.items()):
        keys = (f"`{key}`" if needed else f"[`{key}`]" for key, needed in kind.keys.items())
        rows.append(f"| {name} | {kind.sees} | {kind.instants} | {', '.join(keys)} |")
    return rows


def kind_of(rule: Rule) -> Kind[Any, Any]:
    """The kind that a rule is of."""
    return KINDS[rule.kind]
