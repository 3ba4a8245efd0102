"""The rules to start from tell at every cadence what it can see, and miss only a silence."""

from __future__ import annotations

import pytest

from benchmarks.cadences import KINDS, WHOLE, Verdict, judged, made
from config.vocabulary.indicators import Kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "cadence_ms", "span_ms"), WHOLE, ids=[row[0] for row in WHOLE])
def test_given_stations_of_a_cadence_then_what_happens_is_told_and_nothing_else(
    kind: Kind, name: str, cadence_ms: int, span_ms: int
) -> None:
    """Every alert that should be, a message of each incident, and silence where one was made."""
    happened = made(kind, cadence_ms, span_ms, seed=34)
    assert judged(happened) == Verdict(len(happened.spans), (), (), ()), name
