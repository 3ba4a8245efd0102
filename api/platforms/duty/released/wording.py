"""Released suggestions as a feed for readers of news (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from xml.etree.ElementTree import Element, SubElement, tostring

from api.platforms.duty.released.records import Released
from config.catalogue.words import Words

_ATOM = "http://www.w3.org/2005/Atom"
PATH = "/open/suggestions"


def atom(words: Words, site: str, issuer: str, found: Sequence[Released]) -> bytes:
    """The feed. ``site`` names the district in the ids of its entries, ``issuer`` is its name."""
    feed = Element("feed", xmlns=_ATOM)
    _text(feed, "id", f"tag:{site},2020:released")
    _text(feed, "title", words("duty.released.title"))
    _text(feed, "updated", _instant(found[0].day if found else None))
    SubElement(feed, "link", rel="self", href="/open/feed.xml")
    _text(SubElement(feed, "author"), "name", issuer)
    for of in found:
        entry = SubElement(feed, "entry")
        _text(entry, "id", f"tag:{site},2020:released/{of.number}")
        _text(entry, "title", of.title)
        _text(entry, "updated", _instant(of.day))
        SubElement(entry, "link", href=f"{PATH}/{of.number}")
        _text(entry, "summary", words.listed([of.unit, result(words, of)]))
        _text(entry, "content", f"{of.body}\n\n{of.answer}")
    content: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def result(words: Words, of: Released) -> str:
    """What came of it, in words."""
    return words(f"duty.publication.result-{of.result}")


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _instant(day: date | None) -> str:
    return f"{(day or date(2020, 1, 1)).isoformat()}T00:00:00+08:00"
