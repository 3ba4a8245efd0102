"""Units as administrators see, make, change and end them."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from api.accounts.records import successors
from api.accounts.repositories.units import Units
from tests.api import administering
from tests.api.administering import API, UNIT_ADMINISTRATOR, signed_in
from tests.api.conftest import BOTH, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)
UNITS, PAGE = f"{API}/units", "/administration/units"
NEW = {"id": "women", "name": "妇女和儿童工作委员会", "kind": "committee", "parent": "npc"}


def listed(client: httpx.Client) -> dict[str, dict[str, object]]:
    """Every unit that somebody sees, in order."""
    return {unit["id"]: unit for unit in client.get(UNITS).json()}


def refused(answer: httpx.Response, status: int = 422) -> str:
    """The detail of a refusal."""
    assert answer.status_code == status, answer.text
    return str(answer.json()["detail"])


def test_given_the_demonstration_then_each_unit_stands_before_those_below_it(
    administrator: httpx.Client,
) -> None:
    """In the official order, with the people of both."""
    found = listed(administrator)
    order = list(found)
    assert order[:2] == ["npc", "npc-office"]
    assert order.index("dongshe-delegation") < order.index("government") < order.index("court")
    assert (found["npc"]["people"], found["deputies-committee"]["people"]) == (6, 2)
    page = administrator.get(PAGE).text
    assert page.index("区人大常委会办公室") < page.index("平潮镇代表团") < page.index("区政府")


def test_given_a_new_unit_then_it_stands_behind_its_sisters_and_can_be_chosen(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """Another place is given by its number."""
    answer = administrator.post(PAGE, data=NEW | {"order": ""}, follow_redirects=True)
    assert "已保存" in answer.text
    below = [of for of, unit in listed(administrator).items() if unit["parent"] == "npc"]
    assert below[-1] == "women"
    changed = {key: value for key, value in NEW.items() if key != "id"} | {"order": 1}
    assert administrator.put(f"{UNITS}/women", json=changed).status_code == 204
    below = [of for of, unit in listed(administrator).items() if unit["parent"] == "npc"]
    assert below[0] == "women"
    assert "妇女和儿童工作委员会" in administrator.get("/administration/people/new").text
    with centre.services.state.read() as connection:
        query = "select action from audit where subject = 'women' order by id"
        acts = connection.exec_driver_sql(query).scalars().all()
    assert acts == ["unit.create", "unit.change"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "Women"}, "id: does not hold"),
        ({"id": "npc"}, "id: is a unit's already"),
        ({"name": " "}, "name: does not hold"),
        ({"kind": "club"}, "kind: is none"),
        ({"parent": "moon"}, "parent: there is no unit"),
        ({"order": -1}, "order: is no place"),
        ({"from_day": "soon"}, "from_day: 'soon' is no day"),
    ],
)
def test_given_a_unit_that_does_not_hold_then_field_fault_and_remedy_are_said(
    administrator: httpx.Client, changes: Mapping[str, object], said: str
) -> None:
    """On the page beside what was written."""
    assert refused(administrator.post(UNITS, json={**NEW, **changes})).startswith(said)
    answer = administrator.post(PAGE, data={**NEW, **changes})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "women" not in listed(administrator)


def test_given_a_parent_below_the_unit_itself_then_the_circle_is_refused(
    administrator: httpx.Client,
) -> None:
    """Of any length."""
    body = {"name": "区人大常委会", "kind": "congress"}
    for parent in ("npc", "npc-office"):
        answer = administrator.put(f"{UNITS}/npc", json={**body, "parent": parent})
        assert "lies below the unit itself" in refused(answer)
    assert listed(administrator)["npc"]["parent"] is None


def test_given_a_unit_with_people_when_it_ends_then_it_is_kept_and_chosen_no_more(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """Until it goes on."""
    path = f"{PAGE}/jinsha-delegation/end"
    answer = administrator.post(path, data={"until_day": "2026-11-23"}, follow_redirects=True)
    assert "至 2026-11-23" in answer.text
    assert "不在存续期" in administrator.get(PAGE).text
    choosing = administrator.get("/administration/people/new").text
    assert 'value="jinsha-delegation"' not in choosing
    unit = Units(centre.services.state).get("jinsha-delegation")
    assert unit is not None
    assert unit.span.until_day == "2026-11-23"
    page = administrator.get("/administration/people/daibiao").text
    assert "金沙街道代表团" in page
    administrator.post(path, data={"until_day": ""})
    assert 'value="jinsha-delegation"' in administrator.get("/administration/people/new").text


def test_given_an_administrator_of_one_unit_then_only_those_below_are_theirs(
    centre: RunningCentre, address: str
) -> None:
    """Neither a new one elsewhere, nor one moved away."""
    administering.given(centre, "renda", UNIT_ADMINISTRATOR, units=("npc-office",))
    with signed_in(address, "renda") as client:
        found = listed(client)
        assert "npc-office" in found
        assert "finance" not in found
        assert client.post(UNITS, json=NEW).status_code == 204
        elsewhere = {**NEW, "id": "other", "parent": "government"}
        assert "not yours" in refused(client.post(UNITS, json=elsewhere), 403)
        alone = {**NEW, "id": "other", "parent": ""}
        assert "your units" in refused(client.post(UNITS, json=alone))
        moved = {"name": "妇女", "kind": "committee", "parent": "government"}
        assert "not yours" in refused(client.put(f"{UNITS}/women", json=moved), 403)
        assert client.put(f"{UNITS}/finance", json=moved).status_code == 404
        assert client.get(f"{PAGE}/finance").status_code == 404
        renamed = {"name": "人大", "kind": "congress", "parent": ""}
        assert client.put(f"{UNITS}/npc", json=renamed).status_code == 204


def test_given_an_auditor_then_units_are_seen_and_no_form(
    centre: RunningCentre, address: str
) -> None:
    """Neither in the tree nor on a unit's page."""
    with signed_in(address, "shenji") as client:
        assert "新建单位" not in client.get(PAGE).text
        assert "撤销单位" not in client.get(f"{PAGE}/npc").text


def ended(client: httpx.Client, unit: str, last_day: str, successor: str = "") -> httpx.Response:
    """A unit is ended over the API."""
    body = {"until_day": last_day, "successor": successor}
    return client.post(f"{UNITS}/{unit}/end", json=body)


def test_given_a_unit_that_was_merged_then_both_name_each_other_and_the_chain_is_followed(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """Other values of it leave the successor; a successor that ends later is succeeded too."""
    data = {"until_day": "2026-11-22", "successor": "housing"}
    page = administrator.post(f"{PAGE}/transport/end", data=data, follow_redirects=True).text
    names = {of.id: of.name for of in Units(centre.services.state).all()}
    assert f"职能由{names['housing']}承接" in page
    assert f"承接了{names['transport']}的职能" in administrator.get(f"{PAGE}/housing").text
    body = {"name": "交通局", "kind": "department", "parent": "government"}
    assert administrator.put(f"{UNITS}/transport", json=body).status_code == 204
    assert listed(administrator)["transport"]["successor"] == "housing"
    assert ended(administrator, "housing", "2026-11-23", "water").status_code == 204
    units = Units(centre.services.state).all()
    assert successors(units, "2026-11-24") == {"transport": "water", "housing": "water"}
    assert successors(units, "2026-11-23") == {"transport": "housing"}
    assert not successors(units, "2026-11-22")


@pytest.mark.parametrize(
    ("last_day", "successor", "said"),
    [
        ("", "housing", "until_day: is empty"),
        ("2026-11-23", "moon", "successor: there is no unit"),
        ("2026-11-23", "transport", "successor: leads back to the unit itself"),
        ("2026-11-23", "water", "successor: leads back to the unit itself"),
        ("2026-11-23", "urban-management", "successor: 'urban-management' is not there"),
    ],
)
def test_given_a_successor_that_does_not_hold_then_field_fault_and_remedy_are_said(
    administrator: httpx.Client, last_day: str, successor: str, said: str
) -> None:
    """A circle of any length, and a unit that itself is gone."""
    assert ended(administrator, "water", "2026-11-22", "transport").status_code == 204
    assert ended(administrator, "urban-management", "2026-11-20").status_code == 204
    assert refused(ended(administrator, "transport", last_day, successor)).startswith(said)
    data = {"until_day": last_day, "successor": successor}
    answer = administrator.post(f"{PAGE}/transport/end", data=data)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert listed(administrator)["transport"]["successor"] is None
