"""Whatever articles a document has, each form of file gives them back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from documents.text.numerals import counted, digits, number_of
from documents.text.reading import read
from documents.text.records import Document
from tests.conftest import examples
from tests.documents import papers
from tests.documents.papers import escaped, lists, p

_WORDS = st.text("居民应当可以按照规定申请登记公示费用设施管理人和", min_size=4, max_size=60)
_SENTENCES = st.builds(lambda begin, rest: f"本{begin}，{rest}。", _WORDS, _WORDS)
_SPACES = st.sampled_from(["　", " ", "  ", "　　", "\u00a0"])


@dataclass(frozen=True)
class Drafted:
    """Chapters with their articles: paragraphs, and items under the last of them."""

    chapters: list[tuple[str, list[tuple[list[str], list[str]]]]]
    space: str

    def articles(self) -> list[tuple[int, str, str]]:
        """Number, chapter and text as they must be read."""
        found = list[tuple[int, str, str]]()
        for at, (title, of) in enumerate(self.chapters, 1):
            chapter = f"第{counted(at)}章 {title}" if title else ""
            for paragraphs, items in of:
                listed = [f"（{counted(n)}）{item}" for n, item in enumerate(items, 1)]
                found.append((len(found) + 1, chapter, "\n".join([*paragraphs, *listed])))
        return found

    def lines(self) -> list[tuple[str, str]]:
        """Kind and text of each line, with labels."""
        found, number = list[tuple[str, str]](), 0
        for at, (title, of) in enumerate(self.chapters, 1):
            if title:
                found.append(("chapter", f"第{counted(at)}章{self.space}{title}"))
            for paragraphs, items in of:
                number += 1
                first, *rest = paragraphs
                found.append(("text", f"第{counted(number)}条{self.space}{first}"))
                found += [("text", of) for of in rest]
                found += [("text", f"（{counted(n)}）{item}") for n, item in enumerate(items, 1)]
        return found


_ARTICLES = st.lists(
    st.tuples(st.lists(_SENTENCES, min_size=1, max_size=2), st.lists(_SENTENCES, max_size=3)),
    min_size=1,
    max_size=6,
)
_TITLES = st.text("总则附监督管理保障与罚", min_size=2, max_size=8)
DRAFTED = st.builds(
    Drafted,
    st.one_of(
        st.lists(st.tuples(_TITLES, _ARTICLES), min_size=1, max_size=4),
        st.lists(st.tuples(st.just(""), _ARTICLES), min_size=1, max_size=1),
    ),
    _SPACES,
)


def same(document: Document, drafted: Drafted) -> None:
    """The articles are those that were drafted, down to items."""
    found = [(of.number, of.chapter, of.text) for of in document.articles]
    assert found == drafted.articles()
    items = [len(article.paragraphs[-1].items) for article in document.articles]
    assert items == [len(items) for _, of in drafted.chapters for _, items in of]
    assert document.title == "云溪区公共设施管理办法"


@given(DRAFTED)
@settings(max_examples=examples(60))
def test_markdown_gives_articles_back(tmp_path: Path, drafted: Drafted) -> None:
    lines = ["# 云溪区公共设施管理办法"]
    lines += [f"## {text}" if kind == "chapter" else text for kind, text in drafted.lines()]
    path = tmp_path / "a.md"
    path.write_text("\n\n".join(lines), encoding="utf-8")
    same(read(path), drafted)


@given(DRAFTED, st.booleans())
@settings(max_examples=examples(60))
def test_word_gives_articles_back(tmp_path: Path, drafted: Drafted, by_list: bool) -> None:
    """With labels in the text, and with automatic numbers."""
    blocks = [p("云溪区公共设施管理办法")]
    if not by_list:
        blocks += [p(text) for _, text in drafted.lines()]
    else:
        for title, of in drafted.chapters:
            blocks += [p(title, listed=(1, 0))] if title else []
            for (first, *rest), items in of:
                blocks += [p(first, listed=(1, 1)), *map(p, rest)]
                blocks += [p(item, listed=(1, 2)) for item in items]
    levels = papers.level(0, "第%1章") + papers.level(
        1, "第%2条", more='<w:lvlRestart w:val="0"/>'
    )
    numbering = lists(levels + papers.level(2, "（%3）"), nums=[(1, 0, "")])
    same(read(papers.word(tmp_path / "a.docx", *blocks, numbering=numbering)), drafted)


@given(DRAFTED)
@settings(max_examples=examples(24))
def test_pdf_gives_articles_back(tmp_path: Path, drafted: Drafted) -> None:
    """A preamble over two lines shows where the margins are."""
    source = f"#align(center, text(size: 20pt)[云溪区公共设施管理办法])\n\n{'前言' * 40}。\n\n"
    for kind, text in drafted.lines():
        source += f"#align(center)[{text}]\n\n" if kind == "chapter" else f"{escaped(text)}\n\n"
    same(read(papers.pdf(tmp_path / "a.pdf", source)), drafted)


@given(st.integers(1, 9999))
def test_a_number_is_read_as_it_was_written(number: int) -> None:
    assert number_of(counted(number)) == number_of(digits(number)) == number
