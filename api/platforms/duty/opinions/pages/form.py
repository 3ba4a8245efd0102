"""The form of an opinion as it is sent, by a voter or by the office."""

from __future__ import annotations

from collections.abc import Mapping

from api.open_forms.sending import form_key
from api.platforms.duty.opinions.records import Identity, Written


def written(fields: Mapping[str, str]) -> Written:
    """An opinion with who wrote it."""
    identity = Identity(
        fields.get("name", "").strip(),
        fields.get("phone", "").strip(),
        for_office=fields.get("for_office") == "yes",
    )
    return Written(fields, identity, form_key(fields.get("key", "")))
