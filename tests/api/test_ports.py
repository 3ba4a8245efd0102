"""What platforms show each other: items that can be kept, and conditions that are waited for."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import httpx
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.platforms.environment.evidence import EVIDENCE, InRange
from api.ports import EvidenceState, Item, Reference, canonical, freeze
from config.vocabulary.quality import Cause, quality_of
from config.vocabulary.time import DAY_MS, MINUTE_MS
from ingest.journal.columns import Columns
from ingest.store.protocol import bucket_ms
from tests.api.conftest import NOW_MS, RunningCentre, spill

STATION, CODE = "tonglv-pingchao", "w21003"
TODAY_MS = bucket_ms(NOW_MS, 24)
REFERENCE = Reference("toy", "note", "1")

SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text()
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    SCALARS | NUMBERS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
CONTENTS = st.dictionaries(st.text(max_size=3), VALUES, max_size=4)


def written_otherwise(value: Any) -> Any:
    """The same content: names in another order, tuples for lists, whole numbers as floats."""
    if isinstance(value, dict):
        return {name: written_otherwise(value[name]) for name in reversed(value)}
    if isinstance(value, list):
        return tuple(written_otherwise(of) for of in value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 2**53:
        return float(value)
    return value


@given(CONTENTS)
def test_the_same_content_has_the_same_hash_however_it_is_written(content: dict[str, Any]) -> None:
    """So that a copy can be held against what stands today."""
    one = freeze(REFERENCE, Item("a", "/", content))
    other = freeze(REFERENCE, Item("a", "/elsewhere", written_otherwise(content)))
    assert one == other
    assert one.hash == hashlib.sha256(one.body).hexdigest()
    assert canonical(json.loads(one.body)) == one.body


@given(CONTENTS, CONTENTS)
def test_another_content_has_another_hash(one: dict[str, Any], other: dict[str, Any]) -> None:
    """True is not 1, and a missing name is not an empty one."""
    hashes = {freeze(REFERENCE, Item("a", "/", content)).hash for content in (one, other)}
    assert (len(hashes) == 1) == (canonical(one) == canonical(other))


@given(CONTENTS, VALUES)
def test_any_change_changes_the_hash(content: dict[str, Any], added: Any) -> None:
    """Of content, title and reference."""
    whole = freeze(REFERENCE, Item("a", "/", content))
    more = freeze(REFERENCE, Item("a", "/", content | {"added": added}))
    renamed = freeze(REFERENCE, Item("b", "/", content))
    elsewhere = freeze(Reference("toy", "note", "2"), Item("a", "/", content))
    assert len({whole.hash, more.hash, renamed.hash, elsewhere.hash}) == 4


@pytest.mark.parametrize("content", [{"a": float("nan")}, {"a": float("inf")}])
def test_what_json_cannot_write_is_not_frozen(content: dict[str, Any]) -> None:
    """Another reader could not check the hash."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        freeze(REFERENCE, Item("a", "/", content))


def test_a_station_is_an_item_with_its_newest_readings(
    centre: RunningCentre, deputy: httpx.Client, stranger: httpx.Client
) -> None:
    """With names and units, so that the copy is understood where nothing else is at hand."""
    centre.measured(f"{STATION}/{CODE}", [0.4])
    path = f"/api/v1/items/environment/station/{STATION}"
    item = deputy.get(path).json()
    (reading,) = item["content"]["readings"]
    assert (reading["name"], reading["value"], reading["unit"]) == ("氨氮", 0.4, "mg/L")
    assert deputy.get(item["address"]).status_code == 200
    assert hashlib.sha256(item["frozen"].encode()).hexdigest() == item["hash"]
    assert stranger.get(path).status_code == 401


def test_an_alert_is_an_item_that_is_the_same_tomorrow(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Its sentences name days, for a copy is read later; what people do with it changes it."""
    alert = centre.put(spill())
    path = f"/api/v1/items/environment/alert/{alert.id}"
    today = deputy.get(path).json()
    centre.clock.now_ms += DAY_MS
    assert deputy.get(path).json()["hash"] == today["hash"]
    deputy.post(f"/api/v1/alerts/{alert.id}/acknowledge")
    assert deputy.get(path).json()["hash"] != today["hash"]
    assert deputy.get(today["address"]).status_code == 200


@pytest.mark.parametrize("path", ["environment/alert/none", "environment/river/x", "toy/note/1"])
def test_a_reference_to_nothing_is_not_found(deputy: httpx.Client, path: str) -> None:
    """An unknown platform, kind or id."""
    assert deputy.get(f"/api/v1/items/{path}").status_code == 404


def asked(**changes: object) -> InRange:
    """Ammonia at or within class III for three days."""
    values = {"station": STATION, "indicator": CODE, "days": 3, "after_ms": 0, "target": "III"}
    return msgspec.convert(values | changes, InRange)


def days(centre: RunningCentre, *values: float | None) -> None:
    """A value for each of the last whole days, the newest last; None for a day without data."""
    there = [(row, value) for row, value in enumerate(values) if value is not None]
    starts = np.array([back(len(values) - row) for row, _ in there])
    t = (starts[:, None] + np.arange(1440) * MINUTE_MS).ravel()
    value = np.repeat([value for _, value in there], 1440)
    zeros = np.zeros(len(t), np.int64)
    columns = Columns(
        names=(f"{STATION}/{CODE}",),
        series=zeros.astype(np.uint32),
        t=t,
        value=value,
        quality=zeros.astype(np.uint8) + quality_of(Cause.NORMAL),
        cause=zeros.astype(np.uint8) + Cause.NORMAL,
        received=t,
        boots=("0" * 32,),
        boot=zeros.astype(np.uint16),
        seq=np.arange(len(t), dtype=np.int64),
    )
    centre.services.store.append(1, columns)


def state(centre: RunningCentre, parameters: InRange) -> EvidenceState:
    """How the condition stands now."""
    return EVIDENCE[0].check(centre.services, parameters, NOW_MS)


def back(count: int) -> int:
    """The midnight that began so many days ago."""
    return TODAY_MS - count * DAY_MS


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.9, 0.9, 0.9), EvidenceState(True, back(3), back(0))),
        ((0.9, 0.9, 0.9, 0.9), EvidenceState(True, back(3), back(0))),
        ((0.9, 0.9), EvidenceState(False, back(2), back(-1))),
        ((0.9, 1.2, 0.9), EvidenceState(False, back(1), back(-2))),
        ((0.9, 0.9, 1.2), EvidenceState(False)),
        ((0.9, None, 0.9), EvidenceState(False, back(1), back(-2))),
    ],
    ids=["long enough", "longer", "too short", "once out of range", "out of range now", "a gap"],
)
def test_an_indicator_is_in_range_for_days_on_end(
    centre: RunningCentre, values: tuple[float | None, ...], expected: EvidenceState
) -> None:
    """The row of days in range that ends today, and how long it must go on."""
    days(centre, *values)
    assert state(centre, asked()) == expected


def test_days_before_the_watch_began_do_not_count(centre: RunningCentre) -> None:
    """A day that had begun by then does not either."""
    days(centre, 0.9, 0.9, 0.9)
    assert state(centre, asked(after_ms=back(2))) == EvidenceState(False, back(2), back(-1))
    assert state(centre, asked(after_ms=back(2) + 1)) == EvidenceState(False, back(1), back(-2))
    assert state(centre, asked(after_ms=NOW_MS)) == EvidenceState(False)


def test_a_range_may_be_given_in_values(centre: RunningCentre) -> None:
    """Both ends included."""
    days(centre, 0.9, 0.9, 0.9)
    inside = {"target": None, "lowest": 0.9, "highest": 0.9}
    assert state(centre, asked(**inside)).true
    assert not state(centre, asked(target=None, lowest=1)).true
    assert not state(centre, asked(target=None, highest=0.5)).true


@pytest.mark.parametrize(
    "changes",
    [{"target": None}, {"highest": 1.0}, {"indicator": "a34004"}, {"days": 0}, {"target": "VI"}],
)
def test_a_range_that_is_none_cannot_be_waited_for(changes: dict[str, object]) -> None:
    """It would never be true, or always."""
    with pytest.raises(msgspec.ValidationError):
        asked(**changes)


def test_a_station_that_is_gone_proves_nothing(centre: RunningCentre) -> None:
    """The catalogue may change while somebody waits."""
    assert state(centre, asked(station="gone")) == EvidenceState(False)


def test_the_condition_is_told_in_a_sentence(centre: RunningCentre) -> None:
    """For the page on which it is waited for."""
    said = EVIDENCE[0].said
    assert "连续 3 天不劣于Ⅲ类" in said(centre.services, asked())
    limits = said(centre.services, asked(target=None, lowest=0.1, highest=0.5))
    assert "不低于 0.1 mg/L、不高于 0.5 mg/L" in limits
