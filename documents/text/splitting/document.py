"""A document out of its lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from documents.text.labels import (
    Label,
    begins_with_label,
    heading_of,
    is_heading,
    point_of,
    within,
)
from documents.text.lines import Line
from documents.text.records import Article, Document, Part
from documents.text.splitting import attached, bodies, chains, closings, contents, fronts, points

_MOST_LINES = 3
"""Further lines of a heading."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """The heading of lines ``at`` to ``end``, its title whole."""

    at: int
    end: int
    label: Label
    title: str

    def part(self, first: int) -> Part:
        """The part above the article of an index."""
        of = self.label
        return Part(of.kind, of.level, of.number, of.inserted, of.label, self.title, first=first)


def document_of(lines: Sequence[Line]) -> Document:
    """The document that some lines make up, with its attachments.

    Where it does no more than to issue another one (关于印发《…》的通知), the issued one is the
    document, and the notice its preamble.
    """
    main, *others = (_whole(section) for section in attached.sections(contents.without(lines)))
    issued = next((at for at, of in enumerate(others) if of.articles), None)
    if main.articles or issued is None or not _issues(main):
        return replace(main, attachments=tuple(others))
    body = others[issued]
    notice = (main.title, *main.preamble, *_texts(main.parts), *main.closing)
    return replace(
        body,
        number=body.number or main.number,
        maker=body.maker or main.maker,
        preamble=(*filter(None, notice), *body.preamble),
        attachments=(*others[:issued], *others[issued + 1 :]),
        label="",
    )


def _issues(main: Document) -> bool:
    texts = (main.title, *main.preamble)
    return not main.parts or fronts.issues([Line(text) for text in texts])


def _texts(parts: Sequence[Part]) -> list[str]:
    return [text for part in parts for text in (part.heading, part.text)]


def _whole(section: attached.Section) -> Document:
    lines = contents.without(section.lines) if section.label else section.lines
    chain = chains.Chains(chains.candidates(lines)).articles()
    if not chain:
        return _of_points(section.label, lines)
    starts = [of.at for of in chain]
    headings = _headings(lines, starts)
    begin = min([starts[0], *(of.at for of in headings)])
    front = fronts.front_of(lines[:begin])
    articles, closing = _articles(lines, chain, headings)
    return Document(
        front.title, front.number, front.maker or _signer(closing), front.preamble,
        tuple(of.part(sum(at < of.at for at in starts)) for of in headings), articles, closing, (),
        section.label,
    )  # fmt: skip


def _of_points(label: str, lines: Sequence[Line]) -> Document:
    begin = points.first(lines)
    end = begin + closings.begin(lines[begin:]) if begin < len(lines) else len(lines)
    if begin == len(lines):
        end = begin = closings.begin(lines)
    front = fronts.front_of(lines[:begin])
    closing = tuple(line.text for line in lines[end:])
    parts = points.parts_of(lines[begin:end])
    return Document(
        front.title, front.number, front.maker or _signer(closing), front.preamble, parts, (),
        closing, (), label,
    )  # fmt: skip


def _signer(closing: Sequence[str]) -> str:
    """Who signed: the line in front of the date."""
    for name, date in pairwise(closing):
        if closings.is_date(Line(date)) and is_heading(name):
            return within(name)
    return ""


def _headings(lines: Sequence[Line], starts: Sequence[int]) -> list[_Heading]:
    """编, 章, 节 and, where they stand right above an article, points that are headings."""
    found, taken = list[_Heading](), set(starts)
    for at, line in enumerate(lines):
        if at in taken or line.apart:
            continue
        label = heading_of(line.text, surely=line.surely)
        if label is None and at + 1 in taken:
            label = _point_above(line)
        if label:
            end, title = _title(lines, at + 1, label, taken)
            found.append(_Heading(at, end, label, title))
    return _from_the_last(found, starts[0])


def _point_above(line: Line) -> Label | None:
    """一、总则 right above an article."""
    label = point_of(line.text)
    fits = label is not None and label.level == 1 and is_heading(label.rest) and label.rest
    return label if fits else None


def _title(lines: Sequence[Line], at: int, label: Label, taken: set[int]) -> tuple[int, str]:
    """Where a heading ends, and its title, which may go on over lines until the next label."""
    end = at
    while end < min(len(lines), at + _MOST_LINES) and end not in taken and _names(lines[end]):
        end += 1
    labelled = end in taken or (end < len(lines) and heading_of(lines[end].text) is not None)
    if not labelled:
        end = min(end, at + (not label.rest))
    return end, label.rest + "".join(within(line.text) for line in lines[at:end])


def _names(line: Line) -> bool:
    """Whether a line may be a piece of a title."""
    return is_heading(line.text) and not line.apart and not begins_with_label(line.text)


def _from_the_last(found: list[_Heading], first: int) -> list[_Heading]:
    """Headings without those of contents, which come again before the first article."""
    before = [of for of in found if of.at < first]
    keys = [(of.label.kind, of.label.level, of.label.number) for of in before]
    if keys and keys.count(keys[0]) > 1:
        again = len(keys) - 1 - keys[::-1].index(keys[0])
        return [*before[again:], *(of for of in found if of.at >= first)]
    return found


def _articles(
    lines: Sequence[Line], chain: Sequence[chains.Candidate], headings: Sequence[_Heading]
) -> tuple[tuple[Article, ...], tuple[str, ...]]:
    """The articles, and what stands behind the last."""
    found = list[Article]()
    closing: tuple[str, ...] = ()
    for one, following in zip(chain, [*chain[1:], None], strict=True):
        end = following.at if following else len(lines)
        end = min([of.at for of in headings if one.at < of.at < end] or [end])
        body = list(lines[one.at + 1 : end])
        if following is None:
            last = closings.begin(body)
            closing = tuple(line.text for line in body[last:])
            body = body[:last]
        if one.label.rest:
            body.insert(0, Line(one.label.rest))
        found.append(_article(one, body, _above(headings, one.at)))
    return tuple(found), closing


def _above(headings: Sequence[_Heading], at: int) -> dict[int, str]:
    """Headings that stand above a line, by their level."""
    above = dict[int, str]()
    for heading in headings:
        if heading.at < at:
            level = heading.label.level if heading.label.kind != "point" else 3
            above = {of: text for of, text in above.items() if of < level}
            above[level] = heading.part(0).heading
    return above


def _article(one: chains.Candidate, body: Sequence[Line], above: dict[int, str]) -> Article:
    return Article(
        number=one.label.number,
        inserted=one.label.inserted,
        label=one.label.label,
        text=bodies.text_of(body),
        paragraphs=bodies.paragraphs_of(body),
        rows=bodies.rows_of(body),
        book=" ".join(above[level] for level in (1, 2) if level in above),
        chapter=above.get(3, ""),
        section=above.get(4, ""),
    )
