"""Names are terms of the field; see docs/glossary.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = (
    "config", "tabular", "budget", "edge_agent", "simulators", "ingest", "alerting", "api", "broker",
    "qingyuan", "benchmarks", "scripts", "tests",
)  # fmt: skip
UNWANTED = {
    "told", "sight", "look", "place", "desk", "ground", "house", "errand", "courier", "keeper",
    "pledge", "storm", "switch", "past", "spelling",
}  # fmt: skip
ALLOWED = {
    "switch_fault": "a field of the report of health, on the wire",
    "look": "a key of the API of rules",
    "none_of_grounds": "a field of the API of suggestions",
}

NAME_THEIR_SUBJECT = ROOMS[:-1]
"""All but the tests, whose docstrings go on from their names."""
NO_SUBJECT = re.compile(r"(What|Whom|Whose|Whether what)\b")


def words_of(name: str) -> set[str]:
    """The words of an identifier, singular."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_")
    return set(apart) | {word.removesuffix("s") for word in apart}


def names_in(path: Path) -> Iterator[str]:
    """The module's, and those of its classes, functions, parameters and fields. The name of a test
    is a sentence.
    """
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            if not node.name.startswith("test_"):
                yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def is_unwanted(name: str) -> bool:
    """Whether a name has a word that nobody of the field would guess."""
    return bool(words_of(name) & UNWANTED) and name not in ALLOWED


def test_no_name_is_a_word_that_a_newcomer_would_not_guess() -> None:
    """Modules, classes, functions, parameters, fields."""
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for name in names_in(path)
        if is_unwanted(name)
    }
    assert found == set()


def test_no_table_has_such_a_name() -> None:
    """Tables are read from the code that declares them."""
    declared = {
        name
        for room in ("ingest", "alerting", "api")
        for path in (ROOT / room).rglob("*.py")
        for name in re.findall(
            r'(?:sa\.Table|create_table)\(\s*"(\w+)"', path.read_text(encoding="utf-8")
        )
    }
    assert declared, "no table is declared"
    assert not {name for name in declared if is_unwanted(name)}


@pytest.mark.parametrize("name", ["Courier", "_look_at", "places", "toldWhat", "STORMS"])
def test_an_unwanted_word_is_found_in_any_form(name: str) -> None:
    """Otherwise the tests before would pass on anything."""
    assert is_unwanted(name)


@pytest.mark.parametrize("name", ["placement", "ledger", "overlook", "replace"])
def test_a_word_that_only_contains_one_is_none(name: str) -> None:
    """Words count whole."""
    assert not is_unwanted(name)


def docstrings_in(path: Path) -> Iterator[str]:
    """Those of modules, classes and functions, and of the constants and fields above them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield text.strip()


def test_a_docstring_names_its_subject() -> None:
    """A reader of "what a store promises" has to find the noun: "the promises of a store"."""
    found = {
        f"{path.relative_to(ROOT)}: {text[:60]}"
        for folder in NAME_THEIR_SUBJECT
        for path in sorted((ROOT / folder).rglob("*.py"))
        for text in docstrings_in(path)
        if NO_SUBJECT.match(text)
    }
    assert found == set()


def test_a_docstring_without_a_subject_is_found() -> None:
    """Otherwise the test before would pass on anything."""
    assert NO_SUBJECT.match("What a store promises.")
    assert not NO_SUBJECT.match("Whatever a store promises.")
