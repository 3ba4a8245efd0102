"""The page on the ASVS has every requirement of levels 1 and 2, each with its proof or reason."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.test_rooms import ROOT

PAGE = ROOT / "docs" / "asvs.md"
STATES = ("met", "partly", "not met", "not applicable")
LEVELS = {
    "V1": ["22", "1111122223", "112222222223", "222", "123"],
    "V2": ["122", "112", "12223", "23"],
    "V3": ["3", "113", "12223", "11222233", "11122333", "3", "22333"],
    "V4": ["12233", "23333", "22", "1222"],
    "V5": ["2", "112333", "113", "222"],
    "V6": ["122", "111111112222", "11223333", "112233", "22222333", "2223", "33", "2222"],
    "V7": ["222", "1111", "22", "11222", "223", "22"],
    "V8": ["1233", "1123", "133", "23"],
    "V9": ["111", "1222"],
    "V10": ["22", "223", "22223", "1111122222233333", "22222", "22", "222"],
    "V11": ["2233", "22233", "11233", "1222", "23", "23", "33"],
    "V12": ["12233", "11", "22223"],
    "V13": ["2333", "222223", "2233", "1222233"],
    "V14": ["22", "12223333", "122"],
    "V15": ["12233", "12233", "1222222", "3333"],
    "V16": ["2", "22222", "2222", "222", "2223"],
    "V17": ["23", "22223333", "22"],
}
"""The level of each requirement of ASVS 5.0.0, by chapter and section, in order; from the list
that the standard's release carries as JSON.
"""
OF_LEVEL_1, OF_LEVEL_2 = 70, 183
DOCUMENTED = {"V2.1", "V5.1", "V6.1", "V7.1", "V8.1", "V11.1", "V13.1", "V14.1", "V15.1", "V16.1"}
"""Sections that ask for a document: a page of ours is the proof."""
_NAMED = re.compile(r"`((?:tests|docs|deploy)/[\w./@-]+)(?:::(\w+))?`")
_RANGE = re.compile(r"(V\d+\.\d+)\.(\d+)(?: to V\d+\.\d+\.(\d+))?")


class Row(NamedTuple):
    """A row of a chapter; ``requirements`` are one, or those of a range."""

    requirements: tuple[str, ...]
    level: str
    wording: str
    state: str
    proof: str


def standard() -> dict[str, str]:
    """Every requirement of levels 1 and 2 and its level."""
    return {
        f"{chapter}.{section}.{number}": level
        for chapter, sections in LEVELS.items()
        for section, levels in enumerate(sections, 1)
        for number, level in enumerate(levels, 1)
        if level in "12"
    }


def rows() -> list[Row]:
    """Rows of the page, in its order."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    found = [line.strip("|").split(" | ") for line in lines if _RANGE.match(line.strip("| "))]
    return [Row(tuple(_spanned(first.strip())), *map(str.strip, rest)) for first, *rest in found]


def _spanned(text: str) -> Iterator[str]:
    """The requirements from the first to the last, without those of level 3 between them."""
    match = _RANGE.fullmatch(text)
    assert match, text
    section, first, last = match.groups()
    numbers = range(int(first), int(last or first) + 1)
    known = [f"{section}.{number}" for number in numbers]
    yield from (each for each in known if not last or each in standard())


@cache
def functions(path: Path) -> frozenset[str]:
    """Of a file of tests."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_the_list_is_that_of_the_standard() -> None:
    """By its own count of either level."""
    assert Counter(standard().values()) == {"1": OF_LEVEL_1, "2": OF_LEVEL_2}


def test_every_requirement_has_one_row_in_its_chapter() -> None:
    """Neither more nor fewer, in the order of the standard."""
    assert list(chain(*(row.requirements for row in rows()))) == list(standard())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.requirements[0])
def test_a_row_has_level_wording_state_and_what_speaks_for_it(row: Row) -> None:
    """Whatever is met or partly met names what shows it, and that exists; the rest has a reason."""
    assert {standard()[each] for each in row.requirements} == set(row.level.split(", "))
    assert row.wording
    assert row.state in STATES
    named = _NAMED.findall(row.proof)
    for name, function in named:
        assert (ROOT / name).is_file(), name
        assert not function or function in functions(ROOT / name), (name, function)
    if row.state in ("met", "partly"):
        section = row.requirements[0].rpartition(".")[0]
        shown = ("tests/", "docs/", "deploy/") if section in DOCUMENTED else "tests/"
        assert any(name.startswith(shown) for name, _ in named)
    assert ("Lacks " in row.proof) is (row.state == "partly")
    if row.state.startswith("not"):
        assert len(row.proof) > len("none")


def test_the_summary_counts_the_rows() -> None:
    """By chapter and state, of requirements."""
    counted = {chapter: Counter[str]() for chapter in LEVELS}
    for row in rows():
        chapter = row.requirements[0].partition(".")[0]
        counted[chapter][row.state] += len(row.requirements)
    text = PAGE.read_text(encoding="utf-8")
    summary = {
        chapter: dict(zip(STATES, map(int, figures.split(" | ")), strict=True))
        for chapter, figures in re.findall(
            r"^\| (V\d+) [^|]+ \| ([\d| ]+) \|$", text, re.MULTILINE
        )
    }
    assert summary == {name: {of: count[of] for of in STATES} for name, count in counted.items()}
    total = Counter[str]()
    for count in counted.values():
        total += count
    figures = " | ".join(str(total[of]) for of in STATES)
    assert f"| all | {figures} |" in text
