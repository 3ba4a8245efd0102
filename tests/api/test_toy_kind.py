"""A kind of rule that only a test has is shown, tried and saved as any other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from alerting.rules import documents
from alerting.rules.repository import RuleRepository
from alerting.wording.sentences import Wording
from tests.alerting.toy_kind import DOCUMENT, registered
from tests.api.conftest import NOW_MS, RunningCentre
from tests.api.test_alerts import text_of

LEVEL = {
    "level": "alarm", "limit": 1.0, "for_ms": 0, "clear_limit": 1.0, "clear_for_ms": 0,
}  # fmt: skip
SPAN = {"station": "tonglv-jinsha", "from_ms": NOW_MS - 3_600_000, "to_ms": NOW_MS}


@pytest.fixture(autouse=True)
def toy_rule(centre: RunningCentre, tmp_path: Path) -> Iterator[None]:
    services = centre.services
    with registered(services.words):
        (tmp_path / "rules.toml").write_text(DOCUMENT, encoding="utf-8")
        rules = documents.load(tmp_path / "rules.toml", services.catalogue)
        repository = RuleRepository(services.state, rules)
        wording = Wording(services.words, services.catalogue, repository.all)
        centre.services = replace(services, rule_repository=repository, wording=wording)
        centre.measured("tonglv-jinsha/w01001", [7.5, 8.7, 8.9, 7.5])
        yield


def test_the_pages_show_its_words_and_its_field(officer: httpx.Client) -> None:
    listed = text_of(officer.get("/environment/rules"))
    assert "偏离中间" in listed
    assert "pH值与 7.5 的距离" in listed
    page = officer.get("/environment/rules/apart").text
    assert "中间值" in page
    assert 'data-look="middle"' in page


def test_a_draft_of_it_is_drawn_and_tried(officer: httpx.Client) -> None:
    """The preview of the page."""
    body = {"levels": [LEVEL], "look": {"middle": 8.2}} | SPAN
    seen = officer.post("/api/v1/rules/apart/signal", json=body).json()
    assert seen["rows"][0]["value"] == [0.7, 0.5, 0.7]
    assert seen["name"] == "pH值与 8.2 的距离"
    trial = officer.post("/api/v1/rules/apart/trial", json=body).json()
    assert [trial[which]["counts"]["alerts"] for which in ("now", "draft")] == [1, 0]


def test_a_draft_that_its_kind_refuses_is_refused_in_words(officer: httpx.Client) -> None:
    body = {"levels": [LEVEL], "look": {"middle": -1.0}} | SPAN
    answer = officer.post("/api/v1/rules/apart/trial", json=body)
    assert (answer.status_code, answer.json()["where"]) == (422, "look.middle")
    assert "中间值" in answer.json()["words"]


def test_a_version_of_it_is_saved_and_says_its_change(officer: httpx.Client) -> None:
    body = {"levels": [LEVEL], "look": {"middle": 8.0}, "version": 1, "reason": "r"}
    saved = officer.post("/api/v1/rules/apart/versions", json=body)
    assert (saved.status_code, saved.json()["look"]) == (201, {"middle": 8.0})
    assert "中间值 7.5 → 8" in text_of(officer.get("/environment/rules/apart"))
