"""The past judged anew, with the settings of now.

The quality worker judges what arrives and what stands around it. Settings that were changed since
say nothing of older readings until somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Quality
from ingest.annotations.as_of import AsOf
from ingest.annotations.findings import Findings, Judgement
from ingest.annotations.overlay import Said, lay
from ingest.journal.log import Journal
from ingest.quality.flagging import (
    Layer,
    Series,
    Station,
    lean_ms,
    leans_ms,
    partners,
    reach_ms,
)
from ingest.quality.judgement import judgement_of
from ingest.quality.spans import Span, wider
from ingest.standards.cadences import cadences_of
from ingest.store.protocol import Store, Track

TRIES = 5
"""So often a span is judged anew because readings of it arrived meanwhile."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Readings of a series by what would be said of them that is not said now."""

    doubted: int = 0
    """Suspect or bad, and were not."""
    cleared: int = 0
    """No longer suspect or bad."""
    reworded: int = 0
    """Another flag or cause, and as much in doubt as before."""

    def __add__(self, other: Changes) -> Changes:
        return Changes(
            self.doubted + other.doubted,
            self.cleared + other.cleared,
            self.reworded + other.reworded,
        )

    def __bool__(self) -> bool:
        return self != Changes()


@dataclass(frozen=True, slots=True)
class Rejudging:
    """Judges spans of stations; ``store`` is the original, without what was said of it."""

    journal: Journal
    store: Store
    findings: Findings
    catalogue: Catalogue

    def changes(self, series: str, span: Span, at_ms: int) -> Changes:
        """The changes that judging a span of a series anew would make; nothing is written."""
        n = self.journal.last
        track = self._history([series], n).track(series, span[0], span[1] + 1)
        said = self.findings.of(series, span[0], span[1] + 1)
        found = [row for of in self._judgements(series, span, n, at_ms) for row in of.found]
        return _difference(lay(track, Said(said)), lay(track, Said(found)))

    def judge(self, series: str, span: Span, at_ms: int) -> None:
        """Say of a span of a series what the checks say now. Alerts that rested on its flags are
        amended by the rule worker, as with late readings.
        """
        for _ in range(TRIES):
            n = self.journal.last
            self.findings.say(list(self._judgements(series, span, n, at_ms)))
            if not self._arrived(series.partition("/")[0], n):
                break

    def _judgements(self, series: str, span: Span, n: int, at_ms: int) -> Iterator[Judgement]:
        """By layer, far ones first, as findings are laid over a reading."""
        station, _, code = series.partition("/")
        asked = self.catalogue.checks[station]
        cadences = cadences_of(self.catalogue, station, code)
        cadence_ms = cadences.within(*span)
        for layer in Layer:
            if layer is Layer.FAR and not asked[code].excursion:
                continue
            others = partners(asked[code]) if layer is Layer.FAR else tuple(asked)
            codes = [code, *(of for of in others if of in asked and of != code)]
            reach = reach_ms(asked[code], cadence_ms, layer)
            around = wider(span, reach if layer is Layer.FAR else reach + lean_ms(asked[code]))
            above, below = self.catalogue.along(station)
            empty = Station({}, asked, cadence_ms, {}, {})
            beside = wider(span, leans_ms(cadence_ms))
            leant = [code] if layer is Layer.NEAR and asked[code].neighbours else []
            view = replace(
                empty,
                series=self._series(station, codes, around, n),
                above=self._series(above, leant, beside, n) if above else {},
                below=self._series(below, leant, beside, n) if below else {},
            )
            for first, last, each_ms in cadences.pieces(*span):
                part = replace(view, cadence_ms=each_ms)
                yield judgement_of(series, layer, part, (first, last), at_ms)

    def _series(
        self, station: str, codes: Sequence[str], span: Span, n: int
    ) -> Mapping[str, Series]:
        names = {
            code: f"{station}/{code}" for code in codes if code in self.catalogue.plans[station]
        }
        history = self._history(list(names.values()), n)
        found = {}
        for code, name in names.items():
            track = history.track(name, max(span[0], 0), span[1] + 1)
            found[code] = Series(track.t, track.value, track.quality, track.cause)
        return found

    def _history(self, names: Sequence[str], n: int) -> AsOf:
        return AsOf(n, self.journal, self.store, names)

    def _arrived(self, station: str, after: int) -> bool:
        """Whether readings of a station have arrived since a journal number."""
        return any(
            name.startswith(f"{station}/")
            for entry in self.journal.read(after)
            for name in entry.columns.names
        )


def _difference(before: Track, after: Track) -> Changes:
    def doubted(track: Track) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return np.isin(track.quality, (Quality.SUSPECT, Quality.BAD))

    was, becomes = doubted(before), doubted(after)
    other = (before.quality != after.quality) | (before.cause != after.cause)
    counts = becomes & ~was, was & ~becomes, other & (was == becomes)
    return Changes(*(int(np.count_nonzero(of)) for of in counts))
