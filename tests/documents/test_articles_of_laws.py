"""Real laws and the cases of a reading, where they lie beside the repository."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import config
from documents.text.reading import read

BESIDE = Path(config.__file__).parents[2] / "shared"
LAWS = sorted((BESIDE / "data" / "civic" / "laws" / "text").glob("*.md"))
CASES = sorted((BESIDE / "cases" / "civic" / "documents").glob("s*.json"))
_LABEL = re.compile(
    r"^(第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?) (.*)", re.MULTILINE
)


@pytest.mark.skipif(not LAWS, reason="the laws do not lie beside the repository")
def test_given_the_laws_then_each_article_is_found_once_in_order_and_none_invented() -> None:
    found, expected = {}, {}
    for path in LAWS:
        document = read(path)
        found[path.name] = [(of.label, of.text.split("\n")[0]) for of in document.articles]
        expected[path.name] = _LABEL.findall(path.read_text(encoding="utf-8"))
        numbers = [(of.number, of.inserted) for of in document.articles]
        assert numbers == sorted(set(numbers))
        assert document.title.endswith(("法", "条例", "规定", "办法", "决定")), path.name
    assert {name: [label for label, _ in of] for name, of in found.items()} == {
        name: [label for label, _ in of] for name, of in expected.items()
    }
    assert found == {
        name: [(label, text.strip()) for label, text in of] for name, of in expected.items()
    }


@pytest.mark.skipif(not CASES, reason="the cases do not lie beside the repository")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_given_a_case_then_its_articles_are_as_it_says(case: Path) -> None:
    expected = json.loads(case.read_text(encoding="utf-8"))
    document = read(case.parent / expected["file"])
    found = [
        {
            "label": of.label,
            "number": of.number,
            "first": of.text[:10],
            "chapter": of.chapter or None,
        }
        for of in document.articles
    ]
    assert found == expected["articles"]
