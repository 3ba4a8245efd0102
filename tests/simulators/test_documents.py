"""Documents that are not there: the same from the same seed, every label stands where it says, and
each kind of fault has its look-alikes.
"""

from __future__ import annotations

import ast
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import docx
import pytest

import simulators.documents
from simulators.documents.drawing import chinese
from simulators.documents.laws import citations, timely
from simulators.documents.planting import FORMAL, LOOK_ALIKES, clauses
from simulators.documents.records import AS_OF, Document, Label, Library
from simulators.documents.simulation import library
from simulators.documents.word import word_file
from simulators.documents.writing import markdown

SEEDS = (3, 4)
STANDARD = 80
FEWEST_PLANTS = 12
KINDS = set(FORMAL) | {kind for kind, texts in clauses().items() if "faults" in texts}


@cache
def made(seed: int, documents: int = STANDARD) -> Library:
    return library(seed, documents)


def labels(one: Library, kind: str, *, innocent: bool = False) -> list[Label]:
    return [label for label in one.labels if label.kind == kind and label.innocent is innocent]


def by_file(one: Library) -> dict[str, Document]:
    return {document.file: document for document in one.documents}


def articles(document: Document) -> list[str]:
    parts = dict.fromkeys(one.part for one in document.paragraphs)
    return [part for part in parts if part.endswith("条")]


def test_a_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    """Whatever the order of its sets is."""
    folders = [tmp_path / salt for salt in ("1", "2")]
    for folder in folders:
        command = [sys.executable, "-m", "simulators.documents", str(folder), "--seed", "3"]
        environment = os.environ | {"PYTHONHASHSEED": folder.name}
        subprocess.run([*command, "--documents", "12"], check=True, env=environment)
    first, second = (
        {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}
        for folder in folders
    )
    assert first == second
    assert len(json.loads(first["labels.json"])) > 100


def test_another_seed_gives_other_documents() -> None:
    first, second = (made(seed) for seed in SEEDS)
    assert markdown(first.documents[0]) != markdown(second.documents[0])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_words_of_a_label_stand_in_its_article(seed: int) -> None:
    files = by_file(made(seed))
    for label in made(seed).labels:
        assert label.words
        assert label.note
        assert label.words in files[label.file].part(label.article), label


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_planted_a_dozen_times_among_five_times_as_many_look_alikes(
    seed: int, kind: str
) -> None:
    faults = labels(made(seed), kind)
    innocent = labels(made(seed), kind, innocent=True)
    assert len(faults) >= FEWEST_PLANTS
    assert len(innocent) >= LOOK_ALIKES * len(faults)
    assert len({label.words for label in innocent}) >= len(innocent) / 3


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_of_articles_run_on_and_no_sign_is_left_open(seed: int) -> None:
    for document in made(seed).documents:
        parts = articles(document)
        assert parts == [f"第{chinese(at)}条" for at in range(1, len(parts) + 1)]
        assert not re.search(r"[{}\[\]«»¶|]", "".join(one.text for one in document.paragraphs))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_reference_to_an_own_article_is_wrong_where_planted_and_right_where_it_seems_so(
    seed: int,
) -> None:
    files = by_file(made(seed))
    for label in labels(made(seed), "own-article-missing"):
        first = re.findall("第([一二三四五六七八九十百]+)条", label.words)[0]
        assert f"第{first}条" not in articles(files[label.file])


@pytest.mark.parametrize("seed", SEEDS)
def test_no_document_names_a_law_before_its_day_and_a_repealed_one_only_as_planted(
    seed: int,
) -> None:
    known = {
        (label.file, label.article)
        for label in made(seed).labels
        if label.kind.startswith("cites-repealed")
    }
    repealed = [name for name, _, _ in citations()["repealed"]]
    for document in made(seed).documents:
        for one in document.paragraphs:
            on = document.published_on or AS_OF
            assert timely(one.text, on), one.text
            if any(name in one.text for name in repealed):
                assert (document.file, one.part) in known, one.text


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cited_law_was_repealed_before_the_document_was_published(seed: int) -> None:
    ends = {name: until for name, until, _ in citations()["repealed"]}
    files = by_file(made(seed))
    for label in labels(made(seed), "cites-repealed"):
        published = files[label.file].published_on or AS_OF
        name = next(name for name in ends if name in label.words)
        assert ends[name] <= published


@pytest.mark.parametrize("seed", SEEDS)
def test_documents_without_a_fault_of_their_dates_are_in_force_a_month_after_publication(
    seed: int,
) -> None:
    spoilt = {
        label.file
        for label in made(seed).labels
        if not label.innocent and label.kind.startswith(("in-force", "date"))
    }
    exempt = {label.file for label in labels(made(seed), "in-force-too-soon", innocent=True)}
    checked = 0
    for document in made(seed).documents:
        last = document.part(articles(document)[-1])
        found = re.search(r"自(\d+)年(\d+)月(\d+)日起", last)
        if document.file in spoilt or not found or document.published_on is None:
            continue
        days = (date(*map(int, found.groups())) - document.published_on).days
        assert days >= 30, document.file
        checked += 1
    assert checked > 20
    assert exempt


@pytest.mark.parametrize("seed", SEEDS)
def test_a_document_in_word_says_what_the_labels_say(seed: int) -> None:
    words = [one for one in made(seed).documents if one.word]
    assert {one.word for one in words} == {"typed", "automatic"}
    for document in words[:6]:
        content = word_file(document)
        assert content == word_file(document)
        body = docx.Document(io.BytesIO(content)).element.body
        kept = "".join(node.text or "" for node in body.iter(docx.oxml.ns.qn("w:t")))
        for label in made(seed).labels:
            if label.file == document.file:
                assert label.words in kept, label
        assert bool(body.xpath("//w:del")) == any(one.former for one in document.paragraphs)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_article_of_two_versions_has_one_succession(seed: int) -> None:
    kinds: Counter[str] = Counter()
    files = by_file(made(seed))
    for version in made(seed).earlier:
        rows = [row for row in made(seed).successions if row.earlier == version.file]
        kinds.update(row.kind for row in rows)
        before = [part for row in rows for part in row.earlier_articles]
        after = [part for row in rows for part in row.articles]
        assert sorted(before) == sorted(articles(version))
        assert sorted(after) == sorted(articles(files[rows[0].file]))
    assert set(kinds) == {"same", "moved", "merged", "reworded", "new", "gone"}


def test_too_few_documents_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 10"):
        library(1, 9)


def test_the_package_imports_nothing_of_the_product_but_the_configuration() -> None:
    """Whoever plants must not know how it is looked for."""
    product = {"budget", "documents", "tabular", "ingest", "alerting", "api", "broker", "qingyuan"}
    for path in Path(simulators.documents.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in product, path
