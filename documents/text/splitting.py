"""Lines of a document split into its articles."""

from __future__ import annotations

from collections.abc import Sequence

from documents.text.labels import ARTICLE
from documents.text.lines import Line
from documents.text.numerals import number_of
from documents.text.records import Article, Document


def document_of(lines: Sequence[Line]) -> Document:
    """The document that some lines make up."""
    articles = list[Article]()
    preamble = [line.text for line in lines[:1]]
    for line in lines:
        label = ARTICLE.match(line.text)
        number = number_of(label[1]) if label else None
        if label and number:
            text = line.text[label.end() :].strip()
            inserted = number_of(label[2] or "") or 0
            articles.append(Article(number, inserted, "".join(label[0].split()), text))
    return Document(title="".join(preamble), articles=tuple(articles))
