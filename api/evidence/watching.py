"""Evidence out of a form, and whether it is there by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from api.evidence.records import Evidence
from api.evidence.wording import TIME_FIELD, kind_of
from api.services import Services
from api.shape import Platform
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault


def chosen(
    services: Services, roster: Sequence[Platform], where: str, given: Mapping[str, str]
) -> Evidence | None:
    """The evidence that a form chose, watched from now on; None where it chose none. ``given`` has
    ``evidence``, platform and kind, and the fields of that kind as ``{platform}/{kind}/{field}``.

    Raises:
        NotAccepted: there is no such kind, or a field does not hold; at the field ``where``.
    """
    asked = given.get("evidence", "")
    if not asked:
        return None
    platform, _, name = asked.partition("/")
    kind = kind_of(roster, Evidence(platform, name, {}))
    if kind is None:
        fault = Fault(where, f"{asked[:40]!r} is none", "take one of the list")
        raise NotAccepted(fault, "evidence")
    fields = msgspec.structs.fields(kind.parameters)
    values: dict[str, Any] = {
        of.name: text for of in fields if (text := given.get(f"{asked}/{of.name}", "").strip())
    }
    if any(of.name == TIME_FIELD for of in fields):
        values[TIME_FIELD] = services.now_ms()
    try:
        parameters = msgspec.convert(values, kind.parameters, strict=False)
    except msgspec.ValidationError as error:
        fault = Fault(where, str(error), "fill in every field of the evidence")
        raise NotAccepted(fault, "evidence") from error
    if nobody := kind.unknown(services, parameters):
        fault = Fault(where, f"nothing is called {nobody!r}", "name one that the platform has")
        raise NotAccepted(fault, "evidence-unknown", named=nobody)
    return Evidence(platform, name, msgspec.to_builtins(parameters))


def proved(services: Services, roster: Sequence[Platform], evidence: Evidence) -> str | None:
    """The evidence as a sentence where it is there by now; None where it is not, or where no
    platform has its kind any more.
    """
    kind = kind_of(roster, evidence)
    if kind is None:
        return None
    parameters = msgspec.convert(evidence.parameters, kind.parameters)
    if not kind.check(services, parameters, services.now_ms()).true:
        return None
    return kind.said(services, parameters)
