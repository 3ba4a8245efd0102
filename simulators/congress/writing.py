"""Title and body of a suggestion: a matter, in voices, in a deputy's manner."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from config.files import read_toml
from simulators.congress.grammar import said, with_synonyms, with_typo
from simulators.congress.localities import Locality, mentioned, part_of
from simulators.congress.matters import DATA, REMEDY, Matter
from simulators.congress.records import Deputy, Voice

_NUMERALS = "一二三"
_SECTIONS = ("存在的问题", "原因分析", "意见建议")


@cache
def phrases() -> Mapping[str, Any]:
    """Sentences that belong to no matter."""
    return read_toml(DATA / "phrases.toml", REMEDY)


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a text is about. ``like`` are other localities of the kind."""

    matter: Matter
    locality: Locality
    deputy: Deputy
    voices: tuple[Voice, ...]
    also: Matter | None
    again: int
    """The calendar year in which it was raised last, where the text says so; 0 where not."""
    like: Sequence[Locality]
    roads: Sequence[str]


def written(draft: Draft, drawn: random.Random) -> tuple[str, str]:
    """Title and body."""
    others = [one for one in draft.roads if one != draft.locality.name]
    part = part_of(draft.locality, drawn, others)
    named = {"P": mentioned(draft.locality, drawn) + (part if drawn.random() < 0.4 else "")}
    title = said(draft.matter.wording[draft.voices[0]].title, drawn, named)
    site = mentioned(draft.locality, drawn) + part
    title = with_synonyms(title, drawn, phrases()["synonyms"]["sets"], 0.5)
    return _titled(title, drawn), _finished(_body(draft, site, drawn), draft.deputy, drawn)


def _titled(title: str, drawn: random.Random) -> str:
    form = drawn.choices(("关于{}的建议", "{}", "关于{}的几点建议", "建议{}"), (80, 8, 7, 5))[0]
    return form.format(title)


def _finished(body: str, deputy: Deputy, drawn: random.Random) -> str:
    known = phrases()
    body = with_synonyms(body, drawn, known["synonyms"]["sets"], 0.5)
    if drawn.random() < deputy.typos:
        body = with_typo(body, drawn, known["synonyms"]["typos"])
    return body


def _body(draft: Draft, site: str, drawn: random.Random) -> str:
    problem, cause = _problem(draft, site, drawn), _cause(draft, drawn)
    requests = _requests(draft, drawn)
    closing = _frame("closing", draft, drawn) if draft.deputy.length > 1 else ""
    if draft.deputy.length == 3 and draft.deputy.numbered:
        heads = zip(_NUMERALS, _SECTIONS, (problem, cause, requests), strict=True)
        body = "\n".join(f"{numeral}、{head}\n{part}" for numeral, head, part in heads)
        opening = _frame("opening", draft, drawn)
        return "\n".join(part for part in (opening, body, closing) if part)
    lead_in = _frame("request", draft, drawn) if draft.deputy.length > 1 else "建议"
    opening = _frame("opening", draft, drawn) if drawn.random() < 0.4 * draft.deputy.length else ""
    parts = (opening + problem, cause, lead_in + requests, closing)
    joint = "" if draft.deputy.length == 1 else "\n"
    return joint.join(part for part in parts if part)


def _frame(name: str, draft: Draft, drawn: random.Random) -> str:
    return "".join(_frames(name, 1, draft, drawn))


def _frames(name: str, count: int, draft: Draft, drawn: random.Random) -> list[str]:
    """Sentences that belong to no matter, no two of them alike."""
    sentences = phrases()[name]
    known = sentences.get(draft.voices[0]) or sentences["any"]
    others = [one for one in draft.like if one.id != draft.locality.id]
    named = {
        "B": said(drawn.choice(draft.matter.background), drawn, {}),
        "P": draft.locality.full_name,
        "Q": drawn.choice(others).full_name,
        "T": draft.locality.town_name,
        "Y": f"{draft.again}年",
    }
    return [said(one, drawn, named) for one in drawn.sample(known, min(count, len(known)))]


def _problem(draft: Draft, site: str, drawn: random.Random) -> str:
    voice = draft.matter.wording[draft.voices[0]]
    chosen = list(voice.problems)
    if draft.deputy.length == 1 and "{P}" in voice.problems[0]:
        chosen = [voice.problems[0]]
    for more in draft.voices[1:]:
        # The name stands once; a second voice goes on from it.
        chosen.append(draft.matter.wording[more].problems[1].replace("{P}", "这里"))
    text = "".join(said(sentence, drawn, {"P": site}) for sentence in chosen)
    if site not in text:
        text = f"在{site}，{text}"
    count = drawn.choice(((0,), (0, 1), (1, 2))[draft.deputy.length - 1])
    text += "".join(_frames("evidence", count, draft, drawn))
    if draft.again:
        text += _frame("again", draft, drawn)
    if draft.also:
        other = drawn.choice(draft.also.wording[draft.voices[0]].problems)
        text += _frame("second", draft, drawn) + said(other, drawn, {"P": draft.locality.name})
    if drawn.random() < 0.12:
        text += _frame("side", draft, drawn)
    return text


def _cause(draft: Draft, drawn: random.Random) -> str:
    if draft.deputy.length == 1:
        return ""
    cause = said(
        draft.matter.wording[draft.voices[0]].cause, drawn, {"P": draft.locality.full_name}
    )
    return _frame("cause", draft, drawn) + cause


def _requests(draft: Draft, drawn: random.Random) -> str:
    sentences = list(draft.matter.wording[draft.voices[0]].requests)
    if draft.deputy.length == 1:
        sentences = [drawn.choice(sentences)]
    asked = [said(sentence, drawn, {"P": draft.locality.full_name}) for sentence in sentences]
    fillers = drawn.randint(*((0, 0), (0, 1), (2, 5))[draft.deputy.length - 1])
    asked += _frames("filler", fillers, draft, drawn)
    if not draft.deputy.numbered or len(asked) == 1:
        return "".join(asked)
    marks = drawn.choice(("{}. ", "（{}）"))
    return "\n".join(marks.format(at) + one for at, one in enumerate(asked, start=1))
