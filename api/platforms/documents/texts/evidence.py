"""Conditions of normative documents that other platforms may wait for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from api.platforms.documents.texts import repository
from api.ports import EvidenceKind, EvidenceState
from api.services import Services
from config.vocabulary.time import begins_ms, day_of


class Amended(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A document, by 文号 or title, was amended or repealed: a new version of it was kept after
    ``after_ms``, UTC epoch ms, or it holds no more since a day not before that.
    """

    document: Annotated[str, Meta(min_length=2, max_length=300)]
    after_ms: Annotated[int, Meta(ge=0)]


def _check(services: Services, asked: Amended, now_ms: int) -> EvidenceState:
    with services.state.read() as connection:
        text = repository.known_as(connection, asked.document)
        if text is None:
            return EvidenceState(False)
        found = [
            of.kept_ms
            for of in repository.versions(connection, text.id)
            if of.version > 1 and of.kept_ms > asked.after_ms
        ]
    if text.repealed and day_of(asked.after_ms) <= text.repealed <= day_of(now_ms):
        found.append(begins_ms(date.fromisoformat(text.repealed)))
    if not found:
        return EvidenceState(False)
    return EvidenceState(True, min(found), min(found))


def _said(services: Services, asked: Amended) -> str:
    return services.words("documents.evidence.amended", document=asked.document)


def _unknown(services: Services, asked: Amended) -> str:
    with services.state.read() as connection:
        known = repository.known_as(connection, asked.document)
    return "" if known else asked.document


EVIDENCE = (EvidenceKind("amended", Amended, _check, _said, _unknown),)
