"""Rules in words: what they see, their levels, their versions; and the fields of a
kind as a form asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from alerting.formats import exact_duration
from alerting.proposals.laxity import Laxity, laxities
from alerting.proposals.repository import Proposals
from alerting.rules import serialising
from alerting.rules.comparison import Seen
from alerting.rules.conditions.limit import Limit
from alerting.rules.fields import Field
from alerting.rules.language import Language
from alerting.rules.registry import kind_of
from alerting.rules.rule import Rule
from api.accounts.records import Account
from api.platforms.environment.tuning.records import COUNTED, ProposalLine, VersionLine
from api.services import Services
from api.web.forms import NotAccepted

MOST_NAMED = 3
"""Stations that a sentence names."""
_KEYS = ("limit", "for", "clear", "clear-for")
_OF_A_LEVEL = {"at_least": "at-least", "within": "within", "": "lasting"}


def language(services: Services) -> Language:
    """Words with exact durations: where a window is set it is not rounded."""
    return Language(services.words, partial(duration, services))


def seen(services: Services, rule: Rule) -> Seen:
    """The subject of a rule's chart."""
    return kind_of(rule).charted(rule, language(services))


def looked_at(services: Services, rule: Rule) -> str:
    """The signal of a rule, in words."""
    return kind_of(rule).subject(rule, language(services))


def fields(services: Services, rule: Rule) -> list[Field]:
    """The fields of a rule's kind for a form."""
    return kind_of(rule).fields(rule, services.words)


def scope(services: Services, rule: Rule) -> str:
    """Which stations a rule names, in words."""
    of, known = rule.scope, services.catalogue
    found = [services.words(f"tuning.scope-{of.kind or 'all'}")]
    if of.lake is not None:
        found = [services.words(f"tuning.scope-{'lakes' if of.lake else 'rivers'}")]
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


def levels(services: Services, rule: Rule) -> list[tuple[Limit, str]]:
    """The levels of a rule, each with its words."""
    return [(limit, level(services, rule, limit)) for limit in rule.limits]


def duration(services: Services, span_ms: int) -> str:
    """A duration exactly."""
    return exact_duration(services.words, span_ms)


def version_lines(services: Services, rule_id: str) -> list[VersionLine]:
    """Every version of a rule with what it changed, the newest first."""
    versions = services.rule_repository.versions(rule_id)
    now_ms = services.now_ms()
    confirmed = {
        row.rule.version: row
        for row in Proposals(services.state).of(rule_id)
        if row.state == "confirmed"
    }
    current = next(
        of.rule for of in versions if of.rule.valid_from_ms <= now_ms < of.rule.valid_until_ms
    )
    rows = []
    for target, version in enumerate(versions):
        before = versions[target - 1].rule if target else None
        lines = tuple(_changes(services, before, version.rule)) if before else ()
        holds = version.rule is current
        figures = None if holds else _figures(services, version.rule, current)
        known = confirmed.get(version.version) if version.saved_ms else None
        rows.append(VersionLine(version, lines, holds, figures, known))
    return rows[::-1]


def proposal_lines(services: Services, rule_id: str, reader: Account) -> list[ProposalLine]:
    """The open proposals of a rule, the newest first."""
    last, known = services.rule_repository.versions(rule_id)[-1].rule, services.catalogue
    return [
        ProposalLine(
            row,
            tuple(_changes(services, last, row.rule)),
            tuple(laxer(services, row.rule, laxities(last, row.rule, known, services.now_ms()))),
            row.rule.version != last.version + 1,
            row.made_by(reader.username, reader.actor.who),
        )
        for row in Proposals(services.state).of(rule_id)
        if row.state == "open"
    ]


def laxer(services: Services, draft: Rule, found: Iterable[Laxity]) -> Iterator[str]:
    """Where a draft is laxer than the standard, in words."""
    words, subject = services.words, seen(services, draft)
    classes = serialising.form(draft) == "by"
    for row in found:
        names = [services.catalogue.stations[name].name for name in row.stations]
        stations = words.listed(names[:MOST_NAMED])
        if len(names) > MOST_NAMED:
            stations = words("tuning.laxer-more", stations=stations, n=len(names))
        yield words(
            f"tuning.laxer-{'class' if classes else 'limit'}",
            stations=stations,
            name=subject.name,
            limit=f"{row.limit:g}{subject.tail}",
            drafted=f"{row.drafted + classes:g}{subject.tail}",
        )


def _figures(services: Services, rule: Rule, current: Rule) -> dict[str, Any] | None:
    """The fields of the form that drafts an older version again."""
    signal = {field.path: field.value for field in fields(services, rule)}
    levels = [(limit.level, limit.sign) for limit in rule.limits]
    fits = signal.keys() == {field.path for field in fields(services, current)}
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
    """The differences of a version, in words."""
    was, becomes = (
        {field.path: field for field in fields(services, rule)} for rule in (before, after)
    )
    for path, field in (becomes | was).items():
        old, new = (_said(services, of.get(path)) for of in (was, becomes))
        if old != new:
            name = becomes.get(path, field).label
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


def _said(services: Services, field: Field | None) -> str:
    """The value of a field in words."""
    if field is None:
        return "—"
    if field.type == "span":
        return duration(services, field.value)
    if field.type == "number":
        return f"{field.value:g}"
    chosen = [field.value] if field.type == "choice" else field.value
    return services.words.listed(dict(field.options)[name] for name in chosen)


def refusal(services: Services, rule: Rule, refused: NotAccepted) -> str:
    """Why a draft does not hold, in words."""
    key, values = refused.key, refused.values
    if key == "level":
        key = _OF_A_LEVEL.get(serialising.form(rule), "number")
    if key == "look":
        name, hint = _wrong(services, rule, str(values["path"]))
        return services.words("tuning.wrong-look", name=name, hint=hint)
    return services.words(f"tuning.wrong-{key}", **values)


def _wrong(services: Services, rule: Rule, path: str) -> tuple[str, str]:
    """Label and hint of the field at a path, or of what it is a part of."""
    of_a_kind = fields(services, rule)
    exact = next((field for field in of_a_kind if field.path == path), None)
    if exact:
        return exact.label, exact.hint
    first = re.split(r"[.\[]", path)[0]
    return next(field.group for field in of_a_kind if field.path.split(".")[0] == first)
