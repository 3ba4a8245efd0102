"""Rules in words for officers: what they see, their levels, their versions; and the fields of a
kind as a form asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, get_args

from alerting.rules import serialising
from alerting.rules.conditions.combined import Combined, Condition
from alerting.rules.conditions.limit import Limit
from alerting.rules.kinds import milliseconds
from alerting.rules.rule import Rule
from alerting.wording.comparison import Seen
from alerting.wording.formats import exact_duration, water_class
from alerting.wording.phrases import Phrases
from api.platforms.environment.tuning.records import COUNTED, VersionLine
from api.services import Services
from api.web.forms import NotAccepted
from config.catalogue.shapes import WaterClass
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause

_CHOICES: dict[str, tuple[str, ...]] = {
    "averaging": ("hour", "day"),
    "season": ("none", "week"),
    "towards": ("above", "below"),
    "target": ("station", *get_args(WaterClass)),
}
_HINTS = ("window-trend", "window-baseline", "significance", "slack", "over", "travel")
"""Fields of which more is said than their name."""
_KEYS = ("limit", "for", "clear", "clear-for")
_OF_A_LEVEL = {"at_least": "at-least", "within": "within", "": "lasting"}
STATES = {cause.name.lower(): int(cause) for cause in Cause if 0 < cause < Cause.TIMEOUT}
"""In which an instrument may be, with their numbers."""


@dataclass(frozen=True, slots=True)
class Control:
    """A field of a kind in a form. ``path`` leads to it in the document; ``type`` is span (value
    in ms), number, choice or several, the last two of ``options``, each with its words.
    """

    path: str
    type: str
    label: str
    value: Any
    hint: str
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()


def phrases(services: Services) -> Phrases:
    """Phrases with exact durations: where a window is set it is not rounded."""
    return Phrases(services.words, partial(duration, services))


def seen(services: Services, rule: Rule) -> Seen:
    """What the chart of a rule shows."""
    if rule.kind == "absence":
        return Seen(services.words("tuning.silence"), services.words("tuning.unit-m"), 0)
    if rule.kind == "state":
        return Seen("", "", 0)
    return phrases(services).seen(rule)


def states(services: Services) -> dict[int, str]:
    """Every state of an instrument in words."""
    return {number: _said(services, "states", name) for name, number in STATES.items()}


def looked_at(services: Services, rule: Rule) -> str:
    """What a rule looks at, in words."""
    name = seen(services, rule).name
    if rule.kind == "state":
        return _said(services, "states", serialising.own(rule)["states"])
    if not isinstance(rule.signal, Combined):
        return name
    said = services.words.clauses(map(phrases(services).condition, rule.signal.conditions))
    return services.words("tuning.conditions", name=name, conditions=said)


def scope(services: Services, rule: Rule) -> str:
    """Which stations a rule names, in words."""
    of, known = rule.scope, services.catalogue
    found = [services.words(f"tuning.scope-{of.kind or 'all'}")]
    if of.river:
        name = known.rivers[of.river].name if of.river in known.rivers else of.river
        found.append(services.words("tuning.scope-river", name=name))
    if of.area:
        found.append(services.words.name(of.area))
    if of.id:
        found.append(known.stations[of.id].name if of.id in known.stations else of.id)
    return services.words("list.also").join(found)


def level(services: Services, rule: Rule, limit: Limit) -> str:
    """A level of a rule in words: when it fires, and when it ends."""
    words, form = services.words, serialising.form(rule)
    lasting, clearing = duration(services, limit.for_ms), duration(services, limit.clear_for_ms)
    if not form:
        return words(f"tuning.level-{rule.kind}", duration=lasting)
    key = form.replace("_", "-")
    if form == "limit":
        key = "above" if limit.sign > 0 else "below"
    at_once, clear = words("tuning.at-once"), _figure(limit.clear_limit)
    if form == "by":
        to = "target" if not limit.clear_limit else "class"
        clear = words(f"tuning.clear-to-{to}", n=clear)
    return words(
        f"tuning.level-{key}",
        limit=_figure(limit.limit, form),
        clear=clear,
        unit=seen(services, rule).tail,
        lasting=words("tuning.lasts", duration=lasting) if limit.for_ms else at_once,
        clearing=words("tuning.clears", duration=clearing) if limit.clear_for_ms else "",
    )


def duration(services: Services, span_ms: int) -> str:
    """A duration exactly."""
    return exact_duration(services.words, span_ms)


def version_lines(services: Services, rule_id: str) -> list[VersionLine]:
    """Every version of a rule with what it changed, the newest first."""
    versions = services.rule_repository.versions(rule_id)
    now_ms = services.now_ms()
    current = next(
        of.rule for of in versions if of.rule.valid_from_ms <= now_ms < of.rule.valid_until_ms
    )
    rows = []
    for target, version in enumerate(versions):
        before = versions[target - 1].rule if target else None
        lines = tuple(_changes(services, before, version.rule)) if before else ()
        holds = version.rule is current
        figures = None if holds else _figures(services, version.rule, current)
        rows.append(VersionLine(version, lines, holds, figures))
    return rows[::-1]


def _figures(services: Services, rule: Rule, current: Rule) -> dict[str, Any] | None:
    """What a form of the rule in force is filled with to draft an older version again."""
    signal = {field.path: field.value for field in controls(services, rule)}
    levels = [(limit.level, limit.sign) for limit in rule.limits]
    fits = signal.keys() == {field.path for field in controls(services, current)}
    if not fits or levels != [(limit.level, limit.sign) for limit in current.limits]:
        return None
    more = serialising.form(rule) in COUNTED
    terms = [
        {
            "limit": None if limit.limit is None else limit.limit + more,
            "for": limit.for_ms,
            "clear": limit.clear_limit,
            "clear-for": limit.clear_for_ms,
        }
        for limit in rule.limits
    ]
    return {"levels": terms, "look": signal}


def _changes(services: Services, before: Rule, after: Rule) -> Iterator[str]:
    """What is different in a version, in words."""
    was, becomes = (dict(_leaves(serialising.own(rule))) for rule in (before, after))
    for path in becomes | was:
        if was.get(path) != becomes.get(path):
            name = _label(services, after if path in becomes else before, path)
            old, new = (_said(services, path, of.get(path)) for of in (was, becomes))
            yield services.words("tuning.changed-look", name=name, old=old, new=new)
    tail = seen(services, after).tail
    for one, other in zip(before.limits, after.limits, strict=False):
        word = services.words(f"level.{other.level.name.lower()}")
        terms = zip(
            _KEYS, _terms(services, before, one), _terms(services, after, other), strict=True
        )
        for key, old, new in terms:
            if old != new:
                said = new if "for" in key else f"{new}{tail}"
                yield services.words(f"tuning.changed-{key}", level=word, old=old, new=said)


def _terms(services: Services, rule: Rule, limit: Limit) -> tuple[str, ...]:
    """The four terms of a level in words, without unit."""
    return (
        _figure(limit.limit, serialising.form(rule)),
        duration(services, limit.for_ms),
        _figure(limit.clear_limit),
        duration(services, limit.clear_for_ms),
    )


def _figure(value: float | None, form: str = "") -> str:
    """A limit as its kind says it: what is counted is beyond from the next one on."""
    return "—" if value is None else f"{value + (form in COUNTED):g}"


def controls(services: Services, rule: Rule) -> list[Control]:
    """The fields of a rule's kind for a form."""
    return [
        _control(services, rule, path, value) for path, value in _leaves(serialising.own(rule))
    ]


def _control(services: Services, rule: Rule, path: str, value: Any) -> Control:
    name, options, kind = _name(rule, path), tuple[str, ...](), "number"
    if name in _CHOICES:
        kind, options = "choice", _CHOICES[name]
    elif name == "states":
        kind, options = "several", tuple(STATES)
    elif _is_span(path):
        kind, value = "span", milliseconds(value, path, [])
    return Control(
        path,
        kind,
        _label(services, rule, path),
        value,
        _hint(services, name),
        _unit(services, rule, path),
        tuple((option, _said(services, path, option)) for option in options),
    )


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Fields that may be set, each by the path to it in the document."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key not in ("indicator", "change"):
                yield from _leaves(each, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list | tuple) and path != "states":
        for target, each in enumerate(value):
            yield from _leaves(each, f"{path}.{target}")
    else:
        yield path, value


def _name(rule: Rule, path: str) -> str:
    """The field at a path, by which words are found."""
    names = path.split(".")
    first, last = names[0], names[-1]
    if first == "travel":
        return path.replace(".", "-")
    if first == "condition":
        return f"condition-{last}"
    return f"window-{rule.kind}" if last == "window" else last


def _is_span(path: str) -> bool:
    return path.startswith("travel") or path.endswith(("window", "over"))


def _label(services: Services, rule: Rule, path: str) -> str:
    name = _name(rule, path)
    if not path.startswith("condition"):
        return services.words(f"tuning.look-{name}")
    row = _condition(rule, path)
    of = services.words.indicators[row.indicator].name
    if path.endswith("window"):
        name = "condition-change" if row.change else "condition-mean"
    elif row.window_ms:
        of = services.words("tuning.changing" if row.change else "tuning.averaged", name=of)
    return services.words(f"tuning.look-{name}", name=of)


def _condition(rule: Rule, path: str) -> Condition:
    assert isinstance(rule.signal, Combined)
    return rule.signal.conditions[int(path.split(".")[1])]


def _unit(services: Services, rule: Rule, path: str) -> str:
    if path.endswith("slack"):
        return services.words("unit.deviations")
    if path == "limit":
        return INDICATORS[rule.indicator].unit
    return INDICATORS[_condition(rule, path).indicator].unit if "condition" in path else ""


def _hint(services: Services, name: str) -> str:
    known = "travel" if name == "travel-1" else name
    return services.words(f"tuning.hint-{known}") if known in _HINTS else ""


def _said(services: Services, path: str, value: Any) -> str:
    """The value of a field in words."""
    if value is None:
        return "—"
    if path == "states":
        states = [value] if isinstance(value, str) else value
        return services.words.listed(
            services.words(f"cause.{state.replace('_', '-')}") for state in states
        )
    if _is_span(path):
        return duration(services, milliseconds(value, path, []))
    if path == "target" and value != "station":
        return water_class(services.words, value)
    return services.words(f"tuning.{path}-{value}") if path in _CHOICES else f"{value:g}"


def refusal(services: Services, rule: Rule, refused: NotAccepted) -> str:
    """Why a draft does not hold, in words."""
    key, values = refused.key, refused.values
    if key == "level":
        key = _OF_A_LEVEL.get(serialising.form(rule), "number")
    if key == "look":
        first = re.split(r"[.\[]", str(values["path"]))
        name = first[-1] if first[0] == "cusum" else first[0]
        name = f"window-{rule.kind}" if name == "window" else name
        said, hint = services.words(f"tuning.look-{name}"), _hint(services, name)
        return services.words("tuning.wrong-look", name=said, hint=hint)
    return services.words(f"tuning.wrong-{key}", **values)
