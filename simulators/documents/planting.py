"""Plants faults and what seems one in drafts: clauses, and faults of form."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from config.files import read_toml
from simulators.documents.drafting import Clause, Draft, insert, worded
from simulators.documents.laws import DATA, REMEDY

SHARE = 0.15
"""Plants of each kind for a document."""
LOOK_ALIKES = 5
"""For each plant."""
_JUDICIAL = ("cites", "own", "validity", "date", "in-force", "identity")
FORMAL: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "validity-expired": (("validity",),),
    "validity-too-long": (("validity",),),
    "validity-missing": (("validity",),),
    "in-force-before-published": (("force", "publication"),),
    "in-force-too-soon": (("force", "publication"),),
    "date-missing": (("publication",), ("force",)),
    "date-impossible": (("publication",), ("force",), ()),
    "identity-differs": (("identity",),),
}
"""Kinds of faults of form with what of a document each of their variants takes up."""
_CLEAN = 0.2
"""Of documents that have no fault of form."""
_POINTING = ("末条", "最后一条", "文首")
"""Words that send the reader to what a fault of form may have spoilt."""
_MOST = 5
"""Faults in a document."""
_SOURCES = ("powers.toml", "burdens.toml", "citations.toml", "formal.toml")


@cache
def clauses() -> Mapping[str, Mapping[str, Any]]:
    """Faults and innocents by kind, of all files."""
    found: dict[str, Mapping[str, Any]] = {}
    for source in _SOURCES:
        rows = read_toml(DATA / source, REMEDY)
        found |= {
            kind: row
            for kind, row in rows.items()
            if isinstance(row, dict) and {"faults", "innocents"} & row.keys()
        }
    return found


def plants(documents: int) -> int:
    """How many of each kind so many documents have."""
    return max(1, round(documents * SHARE))


def expired(documents: int, drawn: random.Random) -> set[int]:
    """Places of the documents that will have expired: none of a court's, they come last."""
    fitting = range(max(round(documents * (1 - _CLEAN)), 1))
    return set(drawn.sample(fitting, min(plants(documents), len(fitting))))


def plant(drafts: Sequence[Draft], old: set[int], drawn: random.Random) -> None:
    """All of them.

    Args:
        drafts: with ordinary text only.
        old: places of the documents that have expired.
        drawn: draws where.
    """
    count = plants(len(drafts))
    for at in sorted(old):
        drafts[at].formal["validity"] = "validity-expired"
    dirty = drafts[: max(round(len(drafts) * (1 - _CLEAN)), 1)]
    for kind in FORMAL:
        if kind != "validity-expired":
            for _ in range(count):
                _deform(kind, dirty, drawn)
    for kind, texts in clauses().items():
        if "faults" in texts:
            _spread(kind, texts["faults"], drafts, count, drawn)
        _spread(kind, texts["innocents"], drafts, count * LOOK_ALIKES, drawn, innocent=True)


def _deform(kind: str, drafts: Sequence[Draft], drawn: random.Random) -> None:
    takes = drawn.choice(FORMAL[kind])
    if not takes:
        _impossible_clause(drawn.choice(drafts), drawn)
        return
    free = [one for one in drafts if not set(takes) & one.formal.keys()]
    if len(takes) > 1:
        free = [one for one in free if one.formal.get("validity") != "validity-expired"]
    if not free:
        free = [one for one in drafts if not set(takes) & one.formal.keys()]
    if not free:
        return
    least = min(len(one.formal) for one in free)
    chosen = drawn.choice([one for one in free if len(one.formal) == least])
    chosen.formal |= dict.fromkeys(takes, kind)


def _impossible_clause(draft: Draft, drawn: random.Random) -> None:
    year = draft.published_on.year
    impossible = drawn.choice(
        (f"{year + 1}年2月30日", f"{year + 1}年11月31日", f"{year + 1}年13月1日", "每年的6月31日")
    )
    template = drawn.choice(
        (
            "{D}应当于«%s»前[汇总|报送]{A}情况。",
            "首次评估在«%s»前完成，[结果向社会公开|由{D}组织]。",
            "{T}台账以«%s»为基准日[建立|核对]。",
        )
    )
    said_of = worded(draft, [template % impossible], drawn)
    assert said_of is not None
    insert(draft, Clause(said_of[0], "date-impossible", "there is no such day"), drawn)


def _faults(draft: Draft) -> int:
    planted = [clause for _, part in draft.chapters for one in part for clause in one]
    return sum(bool(clause.kind) and not clause.innocent for clause in planted)


def _may(kind: str, draft: Draft, *, innocent: bool) -> bool:
    if draft.maker.judicial and not kind.startswith(_JUDICIAL):
        return False
    return innocent or _faults(draft) < _MOST


def _spread(
    kind: str,
    sentences: Sequence[Any],
    drafts: Sequence[Draft],
    count: int,
    drawn: random.Random,
    *,
    innocent: bool = False,
) -> None:
    """Each sentence has its turn before one comes again, so that all wordings are met."""
    used: set[str] = set()
    turns: list[Any] = []
    made = tries = 0
    while made < count and tries < count * 40:
        tries += 1
        draft = drawn.choice(drafts)
        if not _may(kind, draft, innocent=innocent):
            continue
        if not turns:
            turns = drawn.sample(sentences, len(sentences))
        said_of = worded(draft, [turns.pop()], drawn)
        if said_of is None or (said_of[0] in used and tries < count * 30):
            continue
        text, sentence = said_of
        if draft.formal and any(words in text for words in _POINTING):
            continue
        used.add(text)
        note = sentence[1] if innocent else _NOTES[kind]
        insert(draft, Clause(text, kind, note, innocent), drawn)
        made += 1


_NOTES = {
    "sets-penalty": "sets a penalty that only a law, a regulation or a rule can set",
    "sets-licence": "sets a licence that only a law or a regulation can set",
    "sets-compulsion": "sets a compulsory measure that only a law or a regulation can set",
    "charges": "charges a fee or a deposit without a basis",
    "proof-demand": "demands a paper without a law that asks for it",
    "market-limit": "limits the market or favours some firms",
    "cuts-rights": "cuts rights or adds duties without a basis",
    "cites-repealed": "cites a law that was repealed before",
    "cites-older-version": "cites a version of a law that was replaced before",
    "cites-missing-article": "cites an article beyond the last one of the law",
    "cites-vague": "rests on rules that it does not name",
    "own-article-missing": "refers to an article that the document does not have",
}
