"""The form of a proposal as it is sent, by anybody or by the office."""

from __future__ import annotations

from collections.abc import Mapping

from api.open_forms.sending import form_key
from api.platforms.documents.proposals.records import (
    LONGEST_CONTACT,
    LONGEST_NAME,
    LONGEST_ORGAN,
    Identity,
    Written,
)

LONGEST = {"name": LONGEST_NAME, "contact": LONGEST_CONTACT, "organisation": LONGEST_ORGAN}


def written(fields: Mapping[str, str]) -> Written:
    """A proposal with who wrote it."""
    identity = Identity(*(fields.get(name, "").strip() for name in LONGEST))
    return Written(fields, identity, form_key(fields.get("key", "")))
