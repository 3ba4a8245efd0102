"""The particulars of a refusal in words, and refusals as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alerting.formats import instant
from api.services import Services
from api.web.rendering import LAST_MS
from api.web.tables import Heads, Sheet, Value
from config.vocabulary.refusals import Details, Reason
from ingest.journal.refusal import Letter

COLUMNS = ("id", "received", "station", "reason", "part", "particulars", "boot", "seq")
HEADS = Heads("refusals.column", COLUMNS, {"received": "instant", "seq": "count"})


def particulars(services: Services, details: Details) -> list[tuple[str, str]]:
    """Each with what it is called, as far as the refusal has them."""
    words = services.words
    return [(words(f"refusals.{key}"), said) for key, said in _said(services, details) if said]


def _said(services: Services, details: Details) -> Iterator[tuple[str, str]]:
    yield "indicators", _indicators(services, details)
    yield "instant", _at(services, details.t)
    yield "earliest", _at(services, details.earliest)
    yield "latest", _at(services, details.latest)
    if details.reason is Reason.CONFLICT:
        missing = services.words("refusals.missing")
        yield "kept", missing if details.kept is None else f"{details.kept:g}"
        yield "refused-value", missing if details.refused is None else f"{details.refused:g}"
    yield "version", "" if details.version is None else str(details.version)
    yield "size", "" if details.size is None else str(details.size)
    yield "largest", "" if details.largest is None else str(details.largest)
    yield "fault", details.fault


def _indicators(services: Services, details: Details) -> str:
    sent = details.units or ("",) * len(details.indicators)
    named = [
        _indicator(services, code, unit)
        for code, unit in zip(details.indicators, sent, strict=True)
    ]
    if details.further:
        named.append(services.words("refusals.further", n=details.further))
    return services.words.listed(named)


def _indicator(services: Services, code: str, unit: str) -> str:
    known = services.words.indicators.get(code)
    if known is None:
        return code
    if not unit:
        return f"{known.name} {code}"
    return services.words("refusals.unit", name=known.name, sent=unit, unit=known.unit)


def _at(services: Services, at_ms: int | None) -> str:
    if at_ms is None:
        return ""
    if not 0 < at_ms <= LAST_MS:
        return str(at_ms)
    return instant(services.words, at_ms, services.now_ms())


def table(services: Services, letters: Iterable[Letter]) -> Sheet:
    """Letters for a spreadsheet, without what was sent."""
    t = services.words
    return HEADS.sheet(t, t("refusals.title"), _rows(services, letters))


def _rows(services: Services, letters: Iterable[Letter]) -> Iterator[list[Value]]:
    t, stations = services.words, services.catalogue.stations
    for letter in letters:
        of = letter.refusal
        known = stations.get(of.station)
        said = (f"{label} {value}" for label, value in particulars(services, of.details))
        yield [
            *(of.id, of.received_ms, known.name if known else of.station),
            *(t(f"refused.{of.reason}"), t("refusals.whole" if of.whole else "refusals.part")),
            *(t.clauses(said), of.boot, of.seq),
        ]
