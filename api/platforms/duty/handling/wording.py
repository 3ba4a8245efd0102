"""Contacts, contributions and replies in plain words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from api.deadlines.wording import Line
from api.platforms.duty.handling.records import Change, Contact, Reply, ResultClass
from api.procedures.procedure import Row
from config.catalogue.words import Words
from config.files import read_toml

_SHIPPED = Path(__file__).parent / "data" / "classes.toml"
_OWN = Path("duty") / "classes.toml"
"""Below the folder of the district."""
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact on the page: ``standing`` says whether the deputy confirms it. ``may_say`` is
    whether the reader has a word in it.
    """

    contact: Contact
    way: str
    unit: str
    standing: str
    tone: str
    may_say: bool


@dataclass(frozen=True, slots=True)
class ContributionLine:
    """The part of a further unit on the page, with how its term stands or ended."""

    row: Row
    unit: str
    part: str
    state: str
    term: Line | None


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """A reply on the page; ``label`` is that of its class. ``changes`` are its sentences against
    the reply before it.
    """

    reply: Reply
    unit: str
    label: str
    changes: Sequence[Change]


def contact_line(
    words: Words, units: Mapping[str, str], contact: Contact, *, may_say: bool
) -> ContactLine:
    """A contact as one reader sees it."""
    state = "claimed" if contact.lead is None else "denied" if contact.denied else "confirmed"
    tone = {"claimed": "gray", "denied": "red", "confirmed": "green"}[state]
    return ContactLine(
        contact,
        words(f"duty.contact.way-{contact.way}"),
        units.get(contact.unit, contact.unit),
        words(f"duty.contact.standing-{state}"),
        tone,
        may_say,
    )


def contribution_line(
    words: Words, units: Mapping[str, str], row: Row, term: Line | None
) -> ContributionLine:
    """A contribution as it stands."""
    return ContributionLine(
        row,
        units.get(row["unit"], row["unit"]),
        words(f"duty.contribution.part-{row['part']}"),
        words(f"duty.contribution.state-{row['state']}"),
        term,
    )


def reply_lines(
    words: Words, district: Path, units: Mapping[str, str], replies: Sequence[Reply]
) -> Sequence[ReplyLine]:
    """The replies, each against the one before it."""
    before = ["", *(of.text for of in replies)]
    return [
        ReplyLine(
            of,
            units.get(of.unit, of.unit),
            class_label(words, district, of.result),
            changes(old, of.text) if of.round > 1 else (),
        )
        for old, of in zip(before, replies, strict=False)
    ]


def changes(before: str, after: str) -> Sequence[Change]:
    """The sentences of two texts: those of both, those that are gone, those that were added."""
    old, new = _sentences(before), _sentences(after)
    found: list[Change] = []
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for kind, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if kind == "equal":
            found += [Change("same", of) for of in old[from_old:to_old]]
            continue
        found += [Change("gone", of) for of in old[from_old:to_old]]
        found += [Change("added", of) for of in new[from_new:to_new]]
    return found


def _sentences(text: str) -> list[str]:
    return [of for of in _SENTENCE.findall(text) if of]


@cache
def classes(district: Path) -> Sequence[ResultClass]:
    """The classes of results, with the district's words where it has a file of its own.

    Raises:
        FaultyInput: its file cannot be read.
    """
    own = district / _OWN
    path = own if own.exists() else _SHIPPED
    found = read_toml(path, "write it like that of the product")["class"]
    return [
        ResultClass(
            of["letter"],
            {"zh": of["label_zh"], "en": of["label_en"]},
            {"zh": of["meaning_zh"], "en": of["meaning_en"]},
        )
        for of in found
    ]


def class_label(words: Words, district: Path, letter: str) -> str:
    """The label of a class, or its letter where the district has none such."""
    language = words.language[:2]
    known = {of.letter: of.labels[language] for of in classes(district)}
    return known.get(letter, letter)
