"""Papers as offices send them: Word files part by part, and PDFs."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import typst

from documents.text.reading import read
from documents.text.records import Document

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>'
)


def run(text: str, *properties: str) -> str:
    """A run of text."""
    inner = "".join(f"<w:{of}/>" for of in properties)
    return f'<w:r><w:rPr>{inner}</w:rPr><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r>'


def p(*runs: str, listed: tuple[int, int] | None = None, style: str = "", mark: str = "") -> str:
    """A paragraph: of a list (w:numId and level), of a style, with a tracked end."""
    inner = f'<w:pStyle w:val="{style}"/>' if style else ""
    if listed:
        inner += f'<w:numPr><w:ilvl w:val="{listed[1]}"/><w:numId w:val="{listed[0]}"/></w:numPr>'
    inner += f"<w:rPr><w:{mark}/></w:rPr>" if mark else ""
    content = "".join(of if of.startswith("<") else run(of) for of in runs)
    return f"<w:p><w:pPr>{inner}</w:pPr>{content}</w:p>"


def ins(text: str) -> str:
    """An insertion that is tracked."""
    return f"<w:ins>{run(text)}</w:ins>"


def gone(text: str) -> str:
    """A deletion that is tracked."""
    return (
        f"<w:del>{run(text).replace('w:t>', 'w:delText>').replace('<w:t ', '<w:delText ')}</w:del>"
    )


def table(*rows: Sequence[str]) -> str:
    """A table; a cell is a text, or paragraphs."""
    found = ""
    for cells in rows:
        inner = "".join(f"<w:tc>{of if of.startswith('<') else p(of)}</w:tc>" for of in cells)
        found += f"<w:tr>{inner}</w:tr>"
    return f"<w:tbl>{found}</w:tbl>"


def level(at: int, text: str, form: str = "chineseCountingThousand", more: str = "") -> str:
    """A level of a list; ``more`` stands before its text."""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*abstracts: str, nums: Iterable[tuple[int, int, str]]) -> str:
    """word/numbering.xml: abstract lists by their place, and nums (id, place, overrides)."""
    inner = "".join(
        f'<w:abstractNum w:abstractNumId="{at}">{of}</w:abstractNum>'
        for at, of in enumerate(abstracts)
    )
    inner += "".join(
        f'<w:num w:numId="{id_}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'
        for id_, of, more in nums
    )
    return f"<w:numbering {_W}>{inner}</w:numbering>"


def styles(*inner: str) -> str:
    """word/styles.xml."""
    return f"<w:styles {_W}>{''.join(inner)}</w:styles>"


def style(id_: str, inner: str = "", name: str = "", kind: str = "paragraph") -> str:
    """A style."""
    named = f'<w:name w:val="{name or id_}"/>'
    return f'<w:style w:type="{kind}" w:styleId="{id_}">{named}{inner}</w:style>'


def word(path: Path, *blocks: str, **parts: str) -> Path:
    """A Word file; further parts of word/ by their name."""
    body = f"<w:document {_W}><w:body>{''.join(blocks)}</w:body></w:document>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", _TYPES)
        packed.writestr("_rels/.rels", _RELATIONS)
        packed.writestr("word/document.xml", body)
        for name, content in parts.items():
            packed.writestr(f"word/{name}.xml", content)
    return path


def pdf(path: Path, source: str, *, indent: bool = True, head: str = "", size: int = 14) -> Path:
    """A PDF out of Typst, with page numbers."""
    amount = "2em" if indent else "0em"
    header = f"header: text(size: 9pt)[{escaped(head)}]," if head else ""
    path.with_suffix(".typ").write_text(
        f"""#set page(paper: "a4", margin: 2.5cm, {header}
  footer: align(center, context text(size: 9pt)[— #counter(page).display() —]))
#set text(font: "Noto Serif CJK SC", size: {size}pt, lang: "zh")
#set par(justify: true, leading: 1em, spacing: 1em,
  first-line-indent: (amount: {amount}, all: true))
{source}""",
        encoding="utf-8",
    )
    typst.compile(path.with_suffix(".typ"), output=path)
    return path


def escaped(text: str) -> str:
    """Text of Typst without its marks."""
    return "".join(f"\\{of}" if of in '\\#$*_@<>`[]~"/=+-' else of for of in text)


def labels(document: Document) -> list[str]:
    """Labels of the articles."""
    return [article.label for article in document.articles]


def texts(document: Document) -> dict[str, str]:
    """Text of each article by its label."""
    return {article.label: article.text for article in document.articles}


def chapters(document: Document) -> dict[str, str]:
    """Chapter of each article by its label."""
    return {article.label: article.chapter for article in document.articles}


def markdown(path: Path, text: str) -> Document:
    """The document in a text."""
    path.write_text(text, encoding="utf-8")
    return read(path)
