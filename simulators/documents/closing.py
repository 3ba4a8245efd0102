"""The last articles of a document: in force from when, and until when."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from simulators.documents.drafting import Clause, Draft
from simulators.documents.drawing import chinese, day, said
from simulators.documents.records import AS_OF

_LONGEST, _LONGEST_OF_TRIAL = 5, 2
_NOTICE = 30
"""Days between publication and the day in force that makers keep."""
_REASONS = (
    "因[汛情|疫情]防控急需，不立即施行将影响公共安全，",
    "为[与上位规划衔接|保障春耕补贴按时发放]，不立即施行有碍执行，",
)
_BLANKS = ("　　年　　月　　日", "    年  月  日", "×年×月×日")


@dataclass(frozen=True, slots=True)
class Words:
    """Of a closing: words, and what they are where they are a fault or seem one."""

    text: str
    kind: str = ""
    note: str = ""
    innocent: bool = False

    def clause(self, rest: str = "") -> Clause:
        """As a clause of its own."""
        marked = f"«{self.text}»" if self.kind else self.text
        return Clause(marked + rest, self.kind, self.note, self.innocent)


def years_after(on: date, years: int) -> date:
    """The day before the same day, so many years later."""
    return date(on.year + years, on.month, min(on.day, 28)) - timedelta(days=1)


def _in_force(draft: Draft, drawn: random.Random) -> date:
    fault = draft.formal.get("force")
    on = draft.published_on
    if fault == "in-force-before-published":
        return on - timedelta(days=drawn.choice((1, 3, 9, 20, 45, 70, 120, 200)))
    if fault == "in-force-too-soon":
        return on + timedelta(days=drawn.choice((1, 2, 5, 8, 12, 19, 25, 28)))
    first = on + timedelta(days=drawn.choice((_NOTICE, 31, 35, 45, 60, 75)))
    month = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first if drawn.random() < 0.4 else month


def _spoilt(draft: Draft, on: date, begins: str, drawn: random.Random) -> Words:
    fault, itself = draft.formal["force"], f"本{draft.word}"
    year = draft.published_on.year + 1
    if fault == "date-missing":
        if drawn.random() < 0.3:
            return Words(f"{itself}由制定机关负责解释", fault, "tells no day in force")
        return Words(f"{itself}自{drawn.choice(_BLANKS)}{begins}", fault, "its day is blank")
    if fault == "date-impossible":
        never = drawn.choice((f"{year}年2月30日", f"{year}年4月31日", f"{year}年13月1日"))
        return Words(f"{itself}自{never}{begins}", fault, "there is no such day")
    if fault == "in-force-before-published":
        return Words(f"{itself}自{day(on)}{begins}", fault, f"published on {draft.published_on}")
    at_once = drawn.choice(("自公布之日", "自印发之日", f"自{day(on)}", f"从{day(on)}"))
    note = "less than 30 days after publication, without a reason"
    return Words(f"{itself}{at_once}{begins}", fault, note)


def _force(draft: Draft, on: date, drawn: random.Random) -> Words:
    begins = drawn.choice(("起施行", "起实施", "起正式施行"))
    if "force" in draft.formal:
        return _spoilt(draft, on, begins, drawn)
    if not draft.formal.get("publication") and drawn.random() < 0.2:
        text = f"{said(drawn.choice(_REASONS), drawn, {})}本{draft.word}自公布之日{begins}"
        return Words(text, "in-force-too-soon", "at once, with the reason", innocent=True)
    return Words(f"本{draft.word}自{day(on)}{begins}")


def _stated(draft: Draft, on: date, years: int, drawn: random.Random) -> str:
    until = day(years_after(on, years))
    number = drawn.choice((chinese(years), str(years)))
    dated = draft.formal.get("force") not in {"date-missing", "date-impossible"}
    phrases = [f"有效期{number}年", f"有效期为{number}年", f"试行期{number}年"]
    phrases = phrases[2:] if draft.trial and drawn.random() < 0.4 else phrases[:2]
    return drawn.choice([*phrases, *([f"有效期至{until}", f"至{until}止"] if dated else [])])


def _too_long(draft: Draft, on: date, drawn: random.Random) -> Words:
    kind = "validity-too-long"
    if not draft.trial and drawn.random() < 0.2:
        text = drawn.choice(("长期有效", "有效期不限"))
        return Words(text, kind, "no end, and no reason for it")
    years = drawn.choice((3, 4, 5) if draft.trial else (6, 7, 8, 10, 15, 20))
    limit = _LONGEST_OF_TRIAL if draft.trial else _LONGEST
    return Words(_stated(draft, on, years, drawn), kind, f"{years} years, more than {limit}")


def _expired(draft: Draft, on: date, drawn: random.Random) -> Words:
    years = drawn.choice((2, 3, 4))
    ended = years_after(on, years)
    note = f"ended on {ended}, neither extended nor repealed by {AS_OF}"
    return Words(_stated(draft, on, years, drawn), "validity-expired", note)


def _validity(draft: Draft, on: date, drawn: random.Random) -> Words:
    fault = draft.formal.get("validity")
    if fault == "validity-too-long":
        return _too_long(draft, on, drawn)
    if fault == "validity-expired":
        return _expired(draft, on, drawn)
    roll = drawn.random()
    if not draft.trial and roll < 0.06:
        text = "系根据法律授权制定，经制定机关集体讨论并公开说明理由，确定长期有效"
        note = "no end where the maker may, with the reason"
        return Words(text, "validity-too-long", note, innocent=True)
    if not draft.trial and draft.published_on < date(2023, 8, 1) and roll < 0.4:
        until = years_after(on, 2)
        text = f"有效期至{day(until)}；经评估，有效期延长至{drawn.choice((2027, 2028))}年12月31日"
        return Words(text, "validity-expired", "extended by the maker", innocent=True)
    longest = _LONGEST_OF_TRIAL if draft.trial else _LONGEST
    lasting = [
        years
        for years in range(1, longest + 1)
        if years_after(on, years) > AS_OF + timedelta(days=30)
    ]
    years = drawn.choice([*lasting[-2:], longest]) if lasting else longest
    text = _stated(draft, on, years, drawn)
    if years == longest:
        note = "exactly as long as may be"
        return Words(text, "validity-too-long", note, innocent=True)
    return Words(text)


def close(draft: Draft, drawn: random.Random) -> None:
    """Add the last articles to the last chapter."""
    _, articles = draft.chapters[-1]
    if drawn.random() < 0.6:
        text = drawn.choice(("本{K}由{D}负责解释。", "本{K}的具体应用问题由{D}解释。"))
        articles.append([Clause(said(text, drawn, draft.named()))])
    on = _in_force(draft, drawn)
    force = _force(draft, on, drawn)
    abolished = ""
    if drawn.random() < 0.35:
        year = draft.published_on.year - drawn.randint(5, 8)
        former = f"《{draft.maker.region}{draft.topic.name}若干规定》"
        number = f"{draft.maker.sign}〔{year}〕{drawn.randint(1, 40)}号"
        abolished = f"{former}（{number}）同时废止。"
    if draft.formal.get("validity") == "validity-missing":
        _without_validity(force, abolished, articles)
        return
    validity = _validity(draft, on, drawn)
    apart = bool(force.kind and validity.kind) or drawn.random() < 0.25
    if apart and not validity.text.startswith("至"):
        articles.append(
            [
                force.clause("。"),
                Clause(f"本{draft.word}{validity.clause('。').text}", *_of(validity)),
            ]
        )
    elif force.kind and validity.kind:
        until = Clause(f"施行期限{validity.clause('。').text}", *_of(validity))
        articles.append([force.clause("。"), until])
    else:
        whole = f"{force.clause().text}，{validity.clause('。').text}"
        articles.append([Clause(whole, *_of(force if force.kind else validity))])
    if abolished:
        articles[-1].append(Clause(abolished))


def _of(words: Words) -> tuple[str, str, bool]:
    return words.kind, words.note, words.innocent


def _without_validity(force: Words, abolished: str, articles: list[list[Clause]]) -> None:
    """The whole of the last article shows that no validity is stated."""
    missing = Clause(f"{force.text}。", "validity-missing", "no validity is stated anywhere")
    rest = [Clause(abolished)] if abolished else []
    articles.append([missing, *rest])
    if force.kind:
        articles[-1][0] = force.clause("。")
        articles[-1].append(
            Clause(
                "本文件由制定机关负责组织实施。",
                "validity-missing",
                "no validity is stated anywhere",
            )
        )
