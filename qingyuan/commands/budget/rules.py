"""`qingyuan budget rules`: every rule on money, with its source and its parameters."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from budget.detection import documents
from budget.detection.kinds import KINDS
from budget.detection.records import RuleDocument
from qingyuan.arguments import answering


def add(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verb and its options."""
    verb = verbs.add_parser("rules", help="every rule, its source and its parameters")
    verb.add_argument(
        "--rules", type=Path, default=documents.FOLDER, metavar="DIR", help="of another folder"
    )
    verb.add_argument("--json", action="store_true", help="as JSON, for a program")
    verb.set_defaults(answer=_answer)


def _answer(given: argparse.Namespace) -> int:
    rules = documents.load(given.rules)
    with answering():
        if given.json:
            print(json.dumps([_document(rule) for rule in rules], ensure_ascii=False, indent=1))
        else:
            print("\n".join(line for rule in rules for line in _lines(rule)))
    return 0


def _document(rule: RuleDocument) -> dict[str, Any]:
    """A rule with every parameter, also those that its file leaves as they are."""
    found: dict[str, Any] = msgspec.to_builtins(rule)
    needs = sorted(KINDS[rule.kind].needs)
    return found | {"parameters": _parameters(rule), "needs": needs}


def _parameters(rule: RuleDocument) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(documents.checked(rule))
    return found


def _lines(rule: RuleDocument) -> Iterator[str]:
    state = "" if rule.on else ", off"
    yield f"{rule.id} ({rule.kind}, version {rule.version}{state})"
    yield f"  source [{rule.mark}]: {rule.source}"
    for name, value in _parameters(rule).items():
        yield f"  {name} = {json.dumps(value, ensure_ascii=False)}"
    for one in rule.exclusions:
        yield f"  not where {one.column} {'is' if one.whole else 'has'} {one.text}: {one.reason}"
    for text in rule.false_alarms:
        yield f"  may be nothing: {text}"
