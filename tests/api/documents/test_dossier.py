"""One text in all rooms: the links on its page, and the list of what waits for its review."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from api.deadlines.own.actions import reckoned
from api.platforms.documents.reviews.procedure.terms import REVIEW_OWN
from api.platforms.documents.texts import repository as texts
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.documents.filing_hands import TODAY, registered, text, town
from tests.api.documents.proposal_hands import Proposals
from tests.api.documents.review_hands import CLERK, Reviews

__all__ = ["town"]
WAITING = "/api/v1/documents/reviews/waiting"
FINE = "违反本办法的，处以二百元罚款。\n"


@pytest.fixture
def clerk(centre: RunningCentre, address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "lianluo")


def links(client: httpx.Client, number: int) -> list[tuple[str, str]]:
    """The links of a text's page, each with what it says."""
    page = client.get(f"/documents/texts/{number}").text
    strip = page.partition('id="links"')[2].partition("</nav>")[0]
    return re.findall(r'<a href="([^"]+)">([^<]+)</a>', strip)


def test_given_a_text_in_all_rooms_then_its_page_links_to_each_for_those_who_may_see_it(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Counts are those of the pages behind the links; hits and proposals are the office's."""
    filing = registered(town, clerk, text(more=FINE))
    number = filing["entry"]["text"]
    work, proposals = Reviews(centre), Proposals(centre)
    work.review(number)
    item, _ = proposals.received(text=str(number))
    proposals.received()
    found = links(clerk, number)
    assert [of[1] for of in found] == [
        "报备 备〔2026〕1号",
        "检查提示 1 条",
        "审查 1 件",
        "审查建议 1 件",
    ]
    for path, _ in found:
        assert clerk.get(path.replace("&amp;", "&")).status_code == 200
    listed = clerk.get(found[3][0].replace("&amp;", "&")).text
    assert f'data-key="{item}"' in listed
    assert listed.count("data-key=") == 1
    assert [of[1] for of in links(deputy, number)] == ["报备 备〔2026〕1号", "审查 1 件"]
    (hit,) = [
        of
        for of in clerk.get(f"/api/v1/documents/texts/{number}/checks").json()["hits"]
        if of["excluded"] is None
    ]
    said = {"hit": hit["key"], "verdict": "clear", "reason": "法律有规定"}
    clerk.post(f"/api/v1/documents/texts/{number}/checks", json=said)
    assert links(clerk, number)[1][1] == "检查提示 0 条"


@pytest.mark.parametrize("kind", BOTH)
def test_given_registered_documents_then_they_wait_for_a_review_until_one_is_opened(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """What is filed is reviewed: three months count from the registration. A document that was
    repealed since waits no more.
    """
    number = registered(town, clerk)["entry"]["text"]
    other = registered(town, clerk, text("平政规〔2026〕2号"), number="平政规〔2026〕2号")[
        "entry"
    ]["text"]
    work = Reviews(centre)
    waiting = clerk.get(WAITING).json()["documents"]
    assert [(of["text"], of["register_number"]) for of in waiting] == [(number, 1), (other, 2)]
    until = reckoned(centre.services, REVIEW_OWN, date.fromisoformat(TODAY))[1].due
    assert {of["until"] for of in waiting} == {until.isoformat()}
    page = clerk.get("/documents/reviews/waiting").text
    assert f"宜在 {until} 前审查" in page
    assert f"/documents/reviews/new?text={number}" in page
    assert 'name="reason"' in clerk.get(f"/documents/reviews/new?text={number}").text
    assert deputy.get(WAITING).status_code == 403
    review = work.review(number)
    assert [of["text"] for of in clerk.get(WAITING).json()["documents"]] == [other]
    work.step(CLERK, review, "clear", conclusion="没有问题")
    with centre.services.state.begin() as connection:
        texts.repeal(connection, other, TODAY, "镇政府决定")
    assert clerk.get(WAITING).json()["documents"] == []
