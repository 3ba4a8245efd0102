"""A rule as a document writes it: what ``documents`` reads, of a rule that is there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import to_builtins

from alerting.rules.conditions.baseline import Departure
from alerting.rules.conditions.combined import Combined, Condition
from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.propagation import Arrival
from alerting.rules.conditions.standard import Standard
from alerting.rules.conditions.state import State
from alerting.rules.conditions.trend import Trend
from alerting.rules.conditions.window import Change, Mean
from alerting.rules.kinds import KEYS, ConditionText, CusumText, RuleText, duration, form_of
from alerting.rules.rule import Rule
from config.vocabulary.quality import Cause
from config.vocabulary.time import DAY_MS


def serialised(rule: Rule) -> dict[str, Any]:
    """A rule as written; read again it is the same one, but for its validity."""
    text = _text(rule)
    levels = [_level(limit, form_of(text)) for limit in rule.limits]
    found: dict[str, Any] = _bare(to_builtins(text))
    return found | {"level": levels}


def own(rule: Rule) -> dict[str, Any]:
    """What its kind has beside levels and indicator, as written; what is left to a default is
    written out.
    """
    names = ("condition" if key == "conditions" else key for key in KEYS[rule.kind])
    known = to_builtins(_text(rule))
    found: dict[str, Any] = _bare({name: known[name] for name in names if name != "indicator"})
    return found


def form(rule: Rule) -> str:
    """The key that says the limit of its levels; "limit" for above and below, "" for none."""
    keys = form_of(_text(rule))
    return "" if not keys else "limit" if "above" in keys else keys[0]


def _text(rule: Rule) -> RuleText:
    """Without its levels."""
    return RuleText(
        id=rule.id,
        name=rule.name,
        kind=rule.kind,
        reason=rule.reason,
        levels=[],
        indicator=rule.indicator or None,
        stations=rule.scope,
        version=rule.version,
        **_signal(rule),
    )


def _signal(rule: Rule) -> dict[str, Any]:
    signal = rule.signal
    found: dict[str, Any] = {}
    if isinstance(signal, Mean | Change | Trend | Departure | Arrival):
        found["window"] = duration(signal.window_ms)
    if isinstance(signal, Standard):
        found["averaging"] = signal.averaging
        found["target"] = signal.target if rule.scope.kind == "water" else None
    elif isinstance(signal, Trend):
        names = ("significance", "season", "limit", "towards")
        found |= {name: getattr(signal, name) for name in names}
    elif isinstance(signal, Departure) and signal.cusum:
        found["cusum"] = CusumText(signal.cusum.slack, duration(signal.cusum.over_ms))
    elif isinstance(signal, Arrival):
        found["travel"] = tuple(map(duration, signal.travel_ms))
    elif isinstance(signal, Combined):
        found["conditions"] = [_condition(row) for row in signal.conditions]
    elif isinstance(signal, State):
        found["states"] = [Cause(state).name.lower() for state in signal.states]
    return found


def _condition(row: Condition) -> ConditionText:
    return ConditionText(
        indicator=row.indicator,
        above=row.limit if row.sign > 0 else None,
        below=row.limit if row.sign < 0 else None,
        window=duration(row.window_ms) if row.window_ms else None,
        change=row.change,
    )


def _level(limit: Limit, keys: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "level": limit.level.name.lower(),
        "for": duration(limit.for_ms),
        "basis": limit.basis,
    }
    if not keys or limit.limit is None:
        return found
    side, good = ("above", "below") if limit.sign > 0 else ("below", "above")
    key = side if side in keys else keys[0]
    if key in ("by", "at_least"):
        found[key] = int(limit.limit) + 1
    elif key == "within":
        found[key] = duration(round(limit.limit * DAY_MS))
    else:
        found[key] = limit.limit
    return found | {"clear": {good: limit.clear_limit, "for": duration(limit.clear_for_ms)}}


def _bare(value: Any) -> Any:
    """Without what is left out."""
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if each is not None}
    return [_bare(each) for each in value] if isinstance(value, list) else value
