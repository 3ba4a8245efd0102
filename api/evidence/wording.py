"""Kinds of evidence as a form offers them, and evidence in a sentence."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from api.evidence.records import Evidence
from api.ports import EvidenceKind
from api.services import Services
from api.shape import Platform

TIME_FIELD = "after_ms"
"""The field of a kind from when on it is watched: the instant at which the paper was made."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of evidence as a form asks for it; ``options`` are values with their names."""

    name: str
    label: str
    kind: Literal["text", "number", "choice"]
    required: bool
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of evidence that a form offers; ``id`` is platform and kind."""

    id: str
    title: str
    fields: Sequence[Field]


def offers(services: Services, roster: Sequence[Platform]) -> Sequence[Offer]:
    """Every kind of evidence of the roster, with its fields."""
    return [
        Offer(
            f"{platform.slug}/{kind.name}",
            _title(services, platform.slug, kind),
            list(_fields(services, platform.slug, kind)),
        )
        for platform in roster
        for kind in platform.evidence
    ]


def said(services: Services, roster: Sequence[Platform], text: str | None) -> str:
    """The evidence that is watched as a sentence, empty where there is none, or where its
    platform is no more.
    """
    if not text:
        return ""
    evidence = Evidence.of(text)
    kind = kind_of(roster, evidence)
    if kind is None:
        return ""
    return kind.said(services, msgspec.convert(evidence.parameters, kind.parameters))


def kind_of(roster: Sequence[Platform], evidence: Evidence) -> EvidenceKind[Any] | None:
    """The kind of some evidence, None where no platform of the roster has it."""
    for platform in roster:
        if platform.slug == evidence.platform:
            return next((of for of in platform.evidence if of.name == evidence.kind), None)
    return None


def _title(services: Services, slug: str, kind: EvidenceKind[Any]) -> str:
    return services.words.texts.get(f"{slug}.evidence.name-{kind.name}", kind.name)


def _fields(services: Services, slug: str, kind: EvidenceKind[Any]) -> Iterator[Field]:
    hints = typing.get_type_hints(kind.parameters)
    for of in msgspec.structs.fields(kind.parameters):
        if of.name == TIME_FIELD:
            continue
        label = services.words.texts.get(f"{slug}.evidence.field-{of.name}", of.name)
        options = _options(services, of.name, hints[of.name])
        number = _is_number(hints[of.name])
        shape: Literal["text", "number", "choice"]
        shape = "choice" if options else "number" if number else "text"
        yield Field(of.name, label, shape, of.required, options)


def _options(services: Services, name: str, hint: Any) -> Sequence[tuple[str, str]]:
    """The choices of a field: its own, or the stations and indicators of the district."""
    choices = _literals(hint)
    if choices:
        return [(of, of) for of in choices]
    if name == "station":
        return [(of.id, of.name) for of in services.catalogue.stations.values()]
    if name == "indicator":
        measured = {code for plan in services.catalogue.plans.values() for code in plan}
        known = services.words.indicators
        return [(code, known[code].name) for code in sorted(measured) if code in known]
    return []


def _literals(hint: Any) -> tuple[str, ...]:
    if typing.get_origin(hint) is Literal:
        return typing.get_args(hint)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return next(filter(None, map(_literals, typing.get_args(hint))), ())
    return ()


def _is_number(hint: Any) -> bool:
    return hint in (int, float) or any(of in (int, float) for of in typing.get_args(hint))
