"""Whatever a station may say within the bounds of the wire, pages and metrics answer."""

from __future__ import annotations

import json

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.centre import Centre
from config.vocabulary import topics
from config.vocabulary.bounds import BODY_BYTES, MOST, TEXT
from config.vocabulary.quality import Cause
from config.vocabulary.reports import Mishap, Pulse, StationPulse
from tests.api.conftest import NOW_MS, RunningCentre
from tests.conftest import examples

STATION = "tonglv-jinsha"
COUNTS = st.sampled_from([0, 1, NOW_MS, 253_402_300_799_999, MOST])
OFFSETS = st.sampled_from([-MOST, -60_001, 0, 60_001, MOST])
CAUSES = st.sampled_from([int(cause) for cause in Cause])
AMOUNTS = st.sampled_from([0.0, 0.5, float(MOST)])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=TEXT)
NAMES = st.sampled_from(["w21003", "all", "a@1", "a@1@b", "@", "", "{x}", "<b>", "A110000_0001"])


def some(required: str, optional: str, kinds: dict[str, st.SearchStrategy[object]]) -> object:
    """Objects with fields of these kinds, e.g. ``count: good failed``."""

    def fields(text: str) -> dict[str, st.SearchStrategy[object]]:
        rows = [row.partition(":") for row in text.split(";") if row]
        return {name: kinds[kind.strip()] for kind, _, names in rows for name in names.split()}

    return st.fixed_dictionaries(fields(required), optional=fields(optional))


KINDS: dict[str, st.SearchStrategy[object]] = {
    "count": COUNTS,
    "offset": OFFSETS,
    "cause": CAUSES,
    "amount": AMOUNTS,
    "text": TEXTS,
    "name": NAMES,
    "clock": st.integers(0, 3),
    "one": st.just(1),
    "boot": st.just("ab" * 16),
}
KINDS |= {
    "sensors": st.dictionaries(
        NAMES,
        some(
            "", "count: good failed late last_good_ms last_failed_ms; cause: cause failure", KINDS
        ),
        max_size=3,
    ),
    "devices": st.dictionaries(
        NAMES,
        some("", "count: answered silent mean_ms corrupt reconnects p95_ms", KINDS),
        max_size=3,
    ),
    "loggers": st.dictionaries(
        NAMES,
        st.fixed_dictionaries(
            {}, optional={"counts": st.dictionaries(NAMES, COUNTS), "behind_ms": OFFSETS}
        ),
        max_size=2,
    ),
    "declared": st.lists(
        some("cause: state; name: instrument; count: since_ms until_ms; text: by", "", KINDS),
        max_size=3,
    ),
    "uplink": some("", "count: reconnects resent; text: trouble", KINDS),
    "state": some("", "clock: state; count: steps; offset: stepped_ms", KINDS),
}
REPORTS = some(
    "one: v; count: t up_ms; boot: b; sensors: sensors; devices: devices",
    "count: late held oldest_ms given_up; amount: days_left rss_mb peak_mb; loggers: loggers;"
    "uplink: uplink; state: clock; declared: declared; text: switch_fault version",
    KINDS,
)
STATIONS = st.builds(
    StationPulse,
    arrived=COUNTS,
    lost=COUNTS,
    waiting=COUNTS,
    online=st.booleans(),
    behind_ms=st.none() | OFFSETS,
    heard_ms=st.none() | COUNTS,
    mishaps=st.lists(st.builds(Mishap, COUNTS, st.sampled_from(["broken", "copied"])), max_size=2),
)


@settings(max_examples=examples(15))
@given(report=REPORTS, said=STATIONS)
def test_given_any_report_and_any_numbers_within_bounds_the_pages_and_the_metrics_answer(
    centre: RunningCentre, officer: httpx.Client, report: dict[str, object], said: StationPulse
) -> None:
    """Every one decodes; none is passed over."""
    pulse = Pulse(1, NOW_MS, 1, 1, 1, stations={STATION: said})
    centre.services.centre.hear("", msgspec.json.encode(pulse))
    centre.services.centre.hear_health(
        topics.health_topic("tongzhou", STATION), json.dumps(report).encode()
    )
    heard = centre.services.centre.health(STATION)
    assert heard is not None
    assert heard.t == report["t"]
    for path in (f"/environment/stations/{STATION}", "/environment/operations", "/metrics"):
        assert officer.get(path).status_code == 200, path


def test_a_report_beyond_bounds_is_passed_over_and_the_one_before_stands(
    centre: RunningCentre,
) -> None:
    """Too large as a whole, or a number of 400 digits in it."""
    good = {"v": 1, "t": NOW_MS, "b": "", "up_ms": 1, "sensors": {}, "devices": {}}
    topic = topics.health_topic("tongzhou", STATION)
    centre.services.centre.hear_health(topic, json.dumps(good).encode())
    centre.services.centre.hear_health(topic, json.dumps(good | {"t": int("9" * 400)}).encode())
    centre.services.centre.hear_health(
        topic, b" " * BODY_BYTES + json.dumps(good | {"t": 1}).encode()
    )

    heard = centre.services.centre.health(STATION)
    assert heard is not None
    assert heard.t == NOW_MS


def test_thousands_of_reports_that_cannot_be_read_are_a_line_a_minute_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Of each sender its own, and the next one says how many there were."""
    now_ms = [NOW_MS]
    heard = Centre(lambda: now_ms[0])
    topic, other = (topics.health_topic("tongzhou", of) for of in (STATION, "another"))
    deep = b"[" * 30_000
    for _ in range(2000):
        heard.hear_health(topic, deep)
        heard.hear("", deep)
    heard.hear_health(other, b"{}")
    assert len(caplog.messages) == 3
    now_ms[0] += 60_000
    heard.hear_health(topic, b"{}")
    assert len(caplog.messages) == 4
    assert f"of {STATION} is passed over, after 1999 others" in caplog.messages[-1]
