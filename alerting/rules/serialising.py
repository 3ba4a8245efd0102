"""A rule as a document writes it: what ``documents`` reads, of a rule that is there. Pure."""

from __future__ import annotations

from typing import Any

from msgspec import to_builtins

from alerting.rules.levels import form_name, written
from alerting.rules.registry import kind_of
from alerting.rules.rule import Rule


def serialised(rule: Rule) -> dict[str, Any]:
    """A rule as written; read again it is the same one, but for its validity."""
    form = kind_of(rule).form(rule)
    found: dict[str, Any] = _bare(
        {
            "id": rule.id,
            "name": rule.name,
            "kind": rule.kind,
            "reason": rule.reason,
            "indicator": rule.indicator or None,
            "stations": to_builtins(rule.scope),
            "version": rule.version,
        }
    )
    return found | own(rule) | {"level": [written(limit, form) for limit in rule.limits]}


def own(rule: Rule) -> dict[str, Any]:
    """The keys of its kind beside levels and indicator, as written; what is left to a default is
    written out.
    """
    kind = kind_of(rule)
    found: dict[str, Any] = _bare(kind.written(kind.of(rule), rule))
    return found


def form(rule: Rule) -> str:
    """The key that says the limit of its levels; "limit" for above and below, "" for none."""
    return form_name(kind_of(rule).form(rule))


def _bare(value: Any) -> Any:
    """Without what is left out."""
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if each is not None}
    return [_bare(each) for each in value] if isinstance(value, list) else value
