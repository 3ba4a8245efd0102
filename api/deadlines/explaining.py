"""A rule, and how a due date came about, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from api.deadlines.trace import Code, Reckoned, TraceDay, Why
from config.catalogue.words import Words
from config.law import Rule, Term, Unit
from config.vocabulary.time import ZONE, day_of
from config.working_days import Day, Reason


def title(words: Words, rule: Rule) -> str:
    """The duty that it sets a term for."""
    return rule.title_zh if _in_chinese(words) else rule.title_en


def term(words: Words, rule: Rule) -> str:
    """How long, and from when or before which day."""
    starts = rule.starts_zh if _in_chinese(words) else rule.starts_en
    if rule.unit == "calendar":
        return _dates(words, rule)
    length = amount(words, rule.amount, rule.unit)
    if rule.direction == "before":
        return words("reckoning.before", amount=length, starts=starts)
    if rule.amount == 0:
        return words("reckoning.same-day", starts=starts)
    return words("reckoning.after", amount=length, starts=starts)


def amount(words: Words, count: int, unit: Unit) -> str:
    """A number of days, months or hours."""
    return words(f"reckoning.unit-{unit}", n=count)


def standing(words: Words, rule: Rule) -> str:
    """How sure the rule is, and whose it is."""
    parts = [words(f"reckoning.mark-{rule.mark}")]
    if rule.region:
        parts.append(words("reckoning.region", region=rule.region))
    if rule.confirmed_by:
        parts.append(words("reckoning.confirmed", who=rule.confirmed_by, on=rule.confirmed_on))
    elif not rule.verified:
        parts.append(words("reckoning.unconfirmed"))
    return words.clauses(parts)


def sentence(words: Words, step: TraceDay) -> str:
    """Everything about a day of a trace."""
    parts = [part for why in step.whys for part in _parts(words, why)]
    if step.day and step.day.provisional:
        parts.append(words("reckoning.provisional", year=step.day.awaits))
    return words.clauses(parts)


def explained(words: Words, rule: Rule, reckoned: Reckoned) -> Iterator[str]:
    """A due date line by line, with its rule and each day on the way."""
    yield words("reckoning.head", title=title(words, rule), rule=rule.id)
    yield words(
        "reckoning.basis", law=rule.law_zh, clause=rule.clause_zh, standing=standing(words, rule)
    )
    yield term(words, rule)
    start = date.fromisoformat(day_of(reckoned.started_ms))
    if not rule.in_force(start):
        yield words("reckoning.not-in-force", start=start)
    yield words("reckoning.due", due=due(words, rule, reckoned))
    for step in reckoned.trace:
        yield f"  {step.date}  {sentence(words, step)}"


def due(words: Words, rule: Rule, reckoned: Reckoned) -> str:
    """The due day, of hours the due instant; and whether it may still move."""
    when = _instant(reckoned.due_ms) if rule.unit == "hour" else str(reckoned.due)
    return words("reckoning.may-move", due=when) if reckoned.provisional else when


def _in_chinese(words: Words) -> bool:
    return words.language == "zh-CN"


def _dates(words: Words, given: Term) -> str:
    if given.period == "year" and (given.opens, given.until) != ("01-01", "12-31"):
        opens, until = _month_day(words, given.opens), _month_day(words, given.until)
        if given.opens == "01-01":
            return words("reckoning.until", until=until)
        return words("reckoning.window", opens=opens, until=until)
    return words(f"reckoning.each-{given.period}")


def _month_day(words: Words, text: str) -> str:
    month, day = (int(part) for part in text.split("-"))
    return words("reckoning.month-day", month=month, day=day)


def _parts(words: Words, why: Why) -> Iterator[str]:
    if why.code in (Code.EXTENDED, Code.EXTENDED_TO) and why.unit:
        yield words(f"reckoning.{why.code}", amount=amount(words, why.n, why.unit))
    elif why.code is Code.PAUSED:
        yield words("reckoning.paused-days", n=why.n) if why.n else words("reckoning.paused")
    elif why.code is Code.BETTER_BEFORE and why.day:
        before = _instant(why.at_ms)[:10]
        yield words("reckoning.better-before", kind=_kind(words, why.day), before=before)
    elif why.code in (Code.SKIPPED, Code.MOVED) and why.day:
        yield words(f"reckoning.{why.code}", kind=_kind(words, why.day))
    else:
        yield words(f"reckoning.{why.code}", n=why.n, at=_instant(why.at_ms) if why.at_ms else "")
        if why.day and why.day.reason is Reason.MAKE_UP:
            yield _kind(words, why.day)
    if why.by:
        yield words("reckoning.by", who=why.by)
    if why.reason:
        yield words("reckoning.reason", reason=why.reason)


def _kind(words: Words, day: Day) -> str:
    if day.reason is Reason.HOLIDAY:
        return words("reckoning.holiday", name=words.name(day.holiday))
    return words(f"reckoning.kind-{day.reason}")


def _instant(t_ms: int) -> str:
    return datetime.fromtimestamp(t_ms / 1000, ZONE).strftime("%Y-%m-%d %H:%M:%S")
