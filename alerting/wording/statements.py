"""The clause of an alert: the comparison that holds, or held, and how it will end."""

from __future__ import annotations

from alerting.formats import spaced
from alerting.rules.clauses import figure
from alerting.rules.comparison import Case, zone
from alerting.rules.registry import kind_of
from alerting.wording.meaning import meaning


def clause(case: Case) -> str:
    """The comparison with its standard and meaning; back within the limit, how it will end."""
    kind, value, words = kind_of(case.rule), case.value, case.words
    if value is None or case.limit.limit is None:
        key = "alert.absent" if case.stands else "alert.absent-over"
        return words(key, duration=case.language.duration(kind.waited_ms(case)))
    found = kind.compared(case, value)
    if not kind.compares:
        return found
    if case.limit.basis:
        found += words("alert.basis", basis=words.name(case.limit.basis))
    found += kind.aside(case)
    seen = kind.seen(case.rule, case.language)
    if seen.code:
        found += meaning(words, case, seen.code, float(figure(case, seen, value)))
    return spaced(found + _outlook(case, value) if case.stands else found)


def _outlook(case: Case, value: float) -> str:
    """How long an alert that is back within its limit must stay so to end."""
    span_ms, words, kind = case.limit.clear_for_ms, case.words, kind_of(case.rule)
    where = zone(value, case.limit)
    if where == "beyond":
        return ""
    if where == "within":
        if not span_ms:
            return words("alert.outlook-now")
        lasting = case.language.duration(span_ms)
        return words("alert.outlook-within", duration=lasting, aim=kind.aim(case))
    lasting = words("alert.and-lasting", duration=case.language.duration(span_ms))
    duration = lasting if span_ms else ""
    return words("alert.outlook-between", duration=duration, aim=kind.aim(case))
