"""Filings and reviews in supervision cases: copies that say the same to whoever sees the thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from tests.api.conftest import RunningCentre, entered
from tests.api.documents.filing_hands import begun, registered, taken, town
from tests.api.documents.review_hands import CONSTITUTION, HEAD, Reviews

__all__ = ["town"]
CASES = "/api/v1/cases"
CONSTITUTION_OF_TOWN = replace(CONSTITUTION, words="村民委员会组织河道保洁")


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office, who keeps cases."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "lianluo")


def joined(client: httpx.Client, case: int, kind: str, item: int) -> httpx.Response:
    """A thing of this platform is joined to a case."""
    reference = {"platform": "documents", "kind": kind, "id": str(item)}
    return client.post(f"{CASES}/{case}/items", json={"item": reference, "why": "同一份文件"})


def test_given_a_filing_and_a_review_then_cases_keep_them_without_what_is_passed_up(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """A maker's draft is nobody else's, and a question of the constitution stands in no copy."""
    work = Reviews(centre)
    filing = registered(town, clerk)
    draft = begun(town, "平潮镇停车办法", title="平潮镇停车办法")
    review = work.review(filing["entry"]["text"])
    constitution = work.point(review, CONSTITUTION_OF_TOWN)
    work.settle("lianluo", constitution, "pass-up", addressee="省人大常委会", day=work.today)
    case = clerk.post(
        CASES, json={"title": "河道保洁", "matter": "文件合法性", "openness": "open"}
    ).json()["id"]
    assert joined(clerk, case, "filing", filing["id"]).status_code == 201
    assert joined(clerk, case, "review", review).status_code == 201
    assert joined(clerk, case, "filing", draft["id"]).status_code == 404
    assert joined(clerk, case, "point", constitution).status_code == 404
    first, second = clerk.get(f"{CASES}/{case}/items").json()
    assert "备〔2026〕1号" in first["copy"]["frozen"].encode().decode("unicode_escape")
    frozen = second["copy"]["frozen"].encode().decode("unicode_escape")
    assert "平潮镇农村河道保洁办法" in frozen
    for hidden in (CONSTITUTION.law, CONSTITUTION.why, "省人大常委会"):
        assert hidden not in frozen
    copies = [of["copy"]["frozen"] for of in deputy.get(f"{CASES}/{case}/items").json()]
    assert copies == [first["copy"]["frozen"], second["copy"]["frozen"]]
    taken(town, draft["id"], "drop", why="不再制定")
    work.step(HEAD, review, "clear", conclusion="没有问题")
    assert clerk.get(f"{CASES}/{case}/items").json()[1]["copy"]["differs"]
