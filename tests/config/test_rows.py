"""A row becomes its shape, or says at least one thing that is wrong with it."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue import rows
from config.catalogue.shapes import Station
from config.vocabulary.errors import Fault

ROW: dict[str, Any] = {
    "id": "upper",
    "name": "上游断面",
    "kind": "water",
    "area": "上镇",
    "position": [121.0, 32.0],
    "cadence_ms": 1000,
    "instruments": [{"instrument": "sonde", "unit": 1, "host": "localhost", "port": 1502}],
}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


STAND_INS = ROW | {"id": "stand-in"}


def holds(row: object) -> bool:
    """Whether the shape itself takes the row."""
    try:
        msgspec.convert(row, Station)
    except msgspec.ValidationError:
        return False
    return True


@given(key=st.sampled_from([*ROW, "river", "order", "elsewhere"]), value=ANYTHING)
def test_there_is_a_shape_or_a_fault_under_the_key(key: str, value: object) -> None:
    """Whatever stands under one key, a fault names that key and nothing else."""
    faults: list[Fault] = []
    found = rows.converted(ROW | {key: value}, Station, "f: s[1]", faults, STAND_INS)
    assert isinstance(found, Station)
    assert bool(faults) != holds(ROW | {key: value})
    assert all(fault.where.startswith(f"f: s[1].{key}") for fault in faults)


@given(row=ANYTHING)
def test_whatever_a_row_is_it_gives_a_shape_or_faults(row: object) -> None:
    """A row that is no table at all is a fault like another."""
    faults: list[Fault] = []
    rows.converted(row, Station, "f: s[1]", faults, STAND_INS)
    assert bool(faults) != holds(row)


def test_faults_deep_in_lists_are_counted_from_one() -> None:
    """The second instrument of a station is instruments[2]."""
    given_row = ROW | {"instruments": [*ROW["instruments"], {"host": "127.0.0.1", "unit": 300}]}
    faults: list[Fault] = []
    rows.converted(given_row, Station, "f: s[1]", faults, STAND_INS)
    assert {fault.where for fault in faults} == {
        "f: s[1].instruments[2].unit",
        "f: s[1].instruments[2].instrument",
    }


def test_what_holds_of_a_faulty_row_is_kept() -> None:
    """The rest of it can still be checked against other rows."""
    found = rows.converted(ROW | {"id": "No", "river": "sea"}, Station, "f: s[1]", [], STAND_INS)
    assert found is not None
    assert (found.id, found.river) == ("stand-in", "sea")
