"""Suits against units: loaded by the office, read one unit at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import httpx
import pytest

from api.roster import ROSTER
from tests.api.conftest import BOTH, RunningCentre
from tests.api.duty.meeting_hands import hands
from tests.api.judicial.suit_hands import loaded, sent
from tests.api.judicial.test_no_ranking import judicial, known, walked
from tests.api.test_access_walk import VALUES

UNITS = "/api/v1/judicial/suits"
MONTHS = (
    "2026-09,区水利局,12,3,7",
    "2026-10,南通市通州区水利局,4,0,",
    "2026-10,区市场监督管理局,6,1,5",
)


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Of the office, who loads tables."""
    with hands(address, "lianluo") as (office,):
        yield office


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_table_of_the_court_then_each_unit_has_its_months_by_itself(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """The end of a longer name is the unit; what the table does not say is not zero."""
    loaded(clerk, *MONTHS, "合计,,22,4,")
    units = [of["id"] for of in deputy.get(UNITS).json()]
    assert units == ["water", "market"], "in the official order"
    assert deputy.get(f"{UNITS}/water").json() == [
        {"month": "2026-10", "concluded": 4, "lost": 0, "attended": None},
        {"month": "2026-09", "concluded": 12, "lost": 3, "attended": 7},
    ]
    text = deputy.get("/judicial/suits/water.csv").text.removeprefix("\ufeff")
    heads, *lines = csv.reader(io.StringIO(text))
    assert heads == ["审结月份", "审结件数", "败诉件数", "负责人出庭件数"]
    assert lines == [["2026-10", "4", "0", ""], ["2026-09", "12", "3", "7"]]
    page = deputy.get("/judicial/suits/water").text
    assert "待与区人民法院商定" in page
    assert "市场监督管理局" not in page
    assert deputy.get(f"{UNITS}/housing").status_code == 404


@pytest.mark.parametrize(
    ("line", "key", "column"),
    [
        ("2026-10,区林业局,6,1,5", "unit-unknown", "被诉行政机关"),
        ("2026-10,区市场监督管理局,6,7,5", "beyond", "败诉件数"),
        ("2026-10,区市场监督管理局,6,1,8", "beyond", "负责人出庭件数"),
        ("2026-10,区市场监督管理局,6,-1,5", "below", "败诉件数"),
        ("2026-09,通州区水利局,6,1,5", "twice", "被诉行政机关"),
        ("合计,,17,3,", "sum", "审结件数"),
    ],
)
def test_given_a_line_that_does_not_hold_then_nothing_is_loaded_and_the_line_has_its_remedy(
    clerk: httpx.Client, line: str, key: str, column: str
) -> None:
    """All other lines hold."""
    answer = sent(clerk, *MONTHS[:2], line)
    assert answer.status_code == 422
    (fault,) = answer.json()["listed"]
    assert (fault["row"], fault["column"], fault["key"]) == (4, column, key)
    assert fault["remedy"].endswith("。")
    assert clerk.get(UNITS).json() == []


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_corrected_table_then_it_counts_until_it_is_withdrawn(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Also where the court writes the unit's name otherwise the second time."""
    loaded(clerk, "2026-09,区水利局,12,3,7")
    again = loaded(clerk, "2026-09,南通市通州区水利局,12,2,7")
    assert [of["lost"] for of in deputy.get(f"{UNITS}/water").json()] == [2]
    path = f"/api/v1/imports/loads/{again['id']}/withdraw"
    assert clerk.post(path, json={"why": "法院更正"}).is_success
    assert [of["lost"] for of in deputy.get(f"{UNITS}/water").json()] == [3]


def test_given_a_unit_that_is_renamed_then_its_months_stay(
    clerk: httpx.Client, administrator: httpx.Client, deputy: httpx.Client
) -> None:
    """Rows have the id of the unit from the load on."""
    loaded(clerk, *MONTHS)
    renamed = {"name": "区水务局", "kind": "department", "parent": "government"}
    answer = administrator.put("/api/v1/administration/units/water", json=renamed)
    assert answer.status_code == 204, answer.text
    assert "区水务局行政应诉" in deputy.get("/judicial/suits/water").text
    assert len(deputy.get(f"{UNITS}/water").json()) == 2


def test_no_answer_of_suits_ranks_units(
    centre: RunningCentre, clerk: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of three units with figures, asked with every wish."""
    monkeypatch.setitem(VALUES, "unit_id", "water")
    routes = [of for of in judicial(centre, ROSTER) if "/suits" in str(of.path)]
    assert len(routes) == 5
    loaded(clerk, *MONTHS, "2026-10,区住房和城乡建设局,9,2,1")
    assert len(clerk.get(UNITS).json()) == 3
    found, _ = walked(clerk, routes, known(centre))
    assert found == []
