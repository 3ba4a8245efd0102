"""Reviews over pages and the API: what a fine becomes, and who sees what of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest

from api.platforms.documents.laws import actions as laws
from api.platforms.documents.reviews.actions import opening, reviewing
from api.platforms.documents.reviews.procedure.point import PROCEDURE as POINT
from api.platforms.documents.reviews.procedure.review import PROCEDURE
from api.platforms.documents.reviews.records import UnderReview, UnknownText
from api.platforms.documents.rulebook import actions as rulebook
from api.platforms.documents.texts import actions as texts
from api.ports import Reference
from api.procedures import taking
from api.procedures.refusals import StepRefused
from api.web.forms import NotAccepted
from config.vocabulary.time import DAY_MS
from documents.laws.records import Law, Version
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered
from tests.api.documents.review_hands import (
    CLERK,
    FINE,
    MAKER,
    POINT_OF_FINE,
    RULES,
    Reviews,
)

both = pytest.mark.parametrize("kind", BOTH)
API = "/api/v1/documents/reviews"
PAGES = "/documents/reviews"


@pytest.fixture
def work(centre: RunningCentre) -> Reviews:
    """Nothing is under review yet."""
    return Reviews(centre)


def opened(address: str, username: str) -> Iterator[httpx.Client]:
    """Somebody signed in."""
    with httpx.Client(base_url=address, timeout=60, follow_redirects=True) as client:
        entered(client, username)
        yield client


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    yield from opened(address, "lianluo")


@pytest.fixture
def head(address: str) -> Iterator[httpx.Client]:
    """Somebody who records what meetings decide."""
    yield from opened(address, "daigongwei")


@pytest.fixture
def water(address: str) -> Iterator[httpx.Client]:
    """Somebody of the maker."""
    yield from opened(address, "shuili")


@pytest.fixture
def housing(address: str) -> Iterator[httpx.Client]:
    """Somebody of another maker."""
    yield from opened(address, "zhujian")


def step(client: httpx.Client, review: int, name: str, **given: str) -> Mapping[str, Any]:
    """A step over the API; how the review stands."""
    answer = client.post(f"{API}/{review}/steps/{name}", json={"given": given})
    assert answer.status_code == 200, answer.text
    state: Mapping[str, Any] = answer.json()
    return state


def sent(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """A form as a page sends it."""
    return client.post(f"{PAGES}{path}", data=fields)


def check_asker_is_unread(review: int, water: httpx.Client, clerk: httpx.Client) -> None:
    """Nowhere the maker reads who asked for a review, and what they were told; the office does."""
    item = f"/api/v1/items/documents/review/{review}"
    for path in (f"{PAGES}/{review}", f"{API}/{review}", f"{API}/{review}/procedure", item):
        for said in ("区司法局", "常委会已撤销该规定"):
            assert said not in water.get(path).text, path
    assert "区司法局" in clerk.get(f"{PAGES}/{review}").text
    assert "区司法局" not in clerk.get(item).text, "copies of an item say the same to all"


@both
def test_given_a_fine_when_the_maker_promises_and_is_late_then_it_is_annulled_fed_back_and_archived(
    work: Reviews,
    clerk: httpx.Client,
    head: httpx.Client,
    water: httpx.Client,
    housing: httpx.Client,
) -> None:
    """Each step by the hand that has it; the form that raises the point began with a check."""
    text, day = work.text(), work.today
    answer = sent(
        clerk, "/new", text=str(text), mode="request", reason="涉嫌设定罚款",
        asked_by="区司法局", opened=day,
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    review = int(answer.url.path.rpartition("/")[2])
    found = clerk.get(f"{API}/{review}/found").json()["found"]
    fine = next(of for of in found if of["check"] == "penalty")
    form = clerk.get(f"{PAGES}/{review}/points/new?take={fine['hit']}")
    assert 'value="第三条"' in form.text
    assert fine["label"] == "第三条"
    given = {name: fine[name] for name in ("label", "words", "law", "law_article", "why")}
    answer = sent(clerk, f"/{review}/points/new", test="legality", check="penalty", **given)
    assert answer.url.path == f"{PAGES}/{review}", answer.text
    assert water.get(f"{PAGES}/{review}").status_code == 404, "nobody spoke to the maker yet"
    step(head, review, "opine", opinion="第三条设定罚款，应当修改。", day=day)
    assert housing.get(f"{PAGES}/{review}").status_code == 404
    page = water.get(f"{PAGES}/{review}").text
    assert "请区水利局研究书面审查意见" in page
    assert "第三条设定罚款，应当修改。" in page
    assert "罚款" in page
    assert "委员会的审查意见" not in page
    promised = work.in_days(10)
    sent(water, f"/{review}/steps/promise", promise="修改第三条", day=day, promised=promised)
    state = clerk.get(f"{API}/{review}").json()
    assert (state["state"], state["over"], state["promised"]) == ("suspended", False, promised)
    assert f"承诺在{promised}前处理，审查中止，没有结束" in clerk.get(f"{PAGES}/{review}").text
    work.later(11)
    for client, who in ((clerk, "lianluo"), (head, "daigongwei"), (water, "shuili")):
        entered(client, who)
    reviewing.lapse(work.services)
    assert "没有做到" in water.get(f"{PAGES}/{review}").text
    day = work.today
    step(head, review, "propose", proposed="annul", proposal="撤销第三条", day=day)
    step(head, review, "submit", meeting="第30次主任会议", day=day)
    step(head, review, "decide", meeting="第28次会议", day=day, result="annul", conclusion="撤销")
    refused = clerk.post(f"{API}/{review}/steps/archive", json={"given": {}})
    assert refused.status_code == 409
    step(clerk, review, "feed-back", feedback="常委会已撤销该规定。", day=day)
    refused = clerk.post(f"{API}/{review}/steps/archive", json={"given": {}})
    assert refused.status_code == 409, "on record the text still holds"
    texts.repeal(work.services, work.people[CLERK], text, day, "常委会决定")
    state = step(clerk, review, "archive")
    assert (state["state"], state["closed"]) == ("archived", True)
    assert not state["terms"]
    done = [of["step"] for of in state["events"]]
    assert done == [
        "open", "opine", "promise", "lapse", "propose", "submit", "decide", "feed-back", "archive",
    ]  # fmt: skip
    item = clerk.get(f"/api/v1/items/documents/review/{review}").json()
    assert item["content"]["maker"] == "区水利局"
    check_asker_is_unread(review, water, clerk)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"words": "处以一万元罚款"}, "words-not-there"),
        ({"label": "第二条"}, "words-not-there"),
        ({"label": "第九条"}, "label"),
        ({"label": "", "words": "全文都没有的话"}, "words-elsewhere"),
        ({"words": " "}, "words-missing"),
        ({"law_article": "第八百条"}, "law-missing"),
        ({"law_article": "十六"}, "law-article"),
    ],
)
def test_given_words_that_stand_elsewhere_or_no_such_article_of_a_law_then_the_field_says_so(
    work: Reviews, changed: Mapping[str, str], key: str
) -> None:
    """A point that cites what is not there is none."""
    review = work.review(work.text())
    with pytest.raises(NotAccepted) as refused:
        work.point(review, replace(POINT_OF_FINE, **changed))
    assert refused.value.key == key
    assert work.services.words(f"documents.reviews.wrong-{key}", **refused.value.values)


@pytest.mark.parametrize(
    ("changed", "checked"),
    [
        ({}, "law"),
        ({"law": "《行政处罚法》"}, "law"),
        ({"law": "本省没有的条例"}, "none"),
        ({"law": "中华人民共和国合同法"}, "repealed"),
        ({"label": "", "words": "第三条 对违反本规定的"}, "law"),
    ],
)
def test_given_a_higher_norm_then_the_point_says_how_far_it_was_found(
    work: Reviews, changed: Mapping[str, str], checked: str
) -> None:
    """A law whose text nobody read is known by its name and its number of articles alone."""
    point = work.point(work.review(work.text()), replace(POINT_OF_FINE, **changed))
    row = work.row(point, POINT)
    assert row["checked"] == checked
    assert (row["position"] is None) == (changed.get("label") == "")


@both
def test_given_a_special_review_of_two_makers_then_each_has_its_own_and_the_list_has_both(
    work: Reviews, clerk: httpx.Client, water: httpx.Client
) -> None:
    """One topic, several texts; a text that is under review already is refused."""
    two = [work.text(), work.text(maker="housing")]
    body = {"title": "涉企收费专项审查", "reason": "集中清理", "texts": two}
    answer = clerk.post(f"{API}/specials", json=body)
    assert answer.status_code == 201, answer.text
    special = answer.json()["id"]
    found = clerk.get(API, params={"special": special}).json()
    assert found["count"] == 2
    assert {of["maker"] for of in found["reviews"]} == {"water", "housing"}
    own = next(of["id"] for of in found["reviews"] if of["maker"] == "water")
    assert "涉企收费专项审查" in clerk.get(PAGES).text
    assert "涉企收费专项审查" not in water.get(PAGES).text, "nobody spoke to the maker yet"
    step(clerk, own, "talk", talked="电话沟通", day=work.today)
    assert [of["id"] for of in water.get(API).json()["reviews"]] == [own]
    assert clerk.post(f"{API}/specials", json=body).status_code == 409
    page = sent(clerk, "/special", title="", reason="x", texts=str(two[0]))
    assert page.status_code == 422
    assert "请填写主题" in page.text
    assert 'value="x"' in page.text or ">x<" in page.text


def test_given_a_room_in_which_somebody_asks_then_it_opens_a_review_in_its_own_transaction(
    work: Reviews,
) -> None:
    """All or nothing; the origin is kept, and the office is to feed back."""
    text = work.text()
    who, services = work.people[CLERK], work.services
    origin = Reference("documents", "text", str(text))
    with taking.acts(services, PROCEDURE, who) as acting:
        made = opening.open_review(
            acting.connection, services, who, text, "suggestion", "公民建议", origin
        )
    assert work.row(made)["origin"] == f"documents/text/{text}"
    with pytest.raises(UnknownText), services.state.begin() as connection:
        opening.open_review(connection, services, who, 999, "own", "没有这份文件")
    with pytest.raises(UnderReview), services.state.begin() as connection:
        opening.open_review(connection, services, who, text, "own", "已在审查")
    with pytest.raises(StepRefused), services.state.begin() as connection:
        opening.open_review(connection, services, work.people[MAKER], text, "request", "制定机关")
    assert len(work.terms(made)) == 1


def test_given_filters_then_suspended_is_counted_apart_and_the_table_has_the_rows(
    work: Reviews, clerk: httpx.Client
) -> None:
    """Whoever asks for what is over does not get what is suspended."""
    suspended, _ = work.opined()
    work.step(MAKER, suspended, "promise", promise="修改", day=work.today,
              promised=work.in_days(9))  # fmt: skip
    cleared = work.review(work.text(RULES.replace(FINE, "由区水利局批评教育。")))
    work.step(CLERK, cleared, "clear", conclusion="没有问题")
    for stage, wanted in (("suspended", [suspended]), ("over", [cleared]), ("archived", [])):
        found = clerk.get(API, params={"stage": stage}).json()["reviews"]
        assert [of["id"] for of in found] == wanted, stage
    assert "中止：制定机关已承诺限期处理" in clerk.get(f"{PAGES}?stage=suspended").text
    lines = list(csv.reader(io.StringIO(clerk.get(f"{PAGES}.csv?stage=suspended").text)))
    assert len(lines) == 2
    assert work.in_days(9) in lines[1]


def test_given_forms_with_faults_then_what_was_written_stays(
    work: Reviews, clerk: httpx.Client
) -> None:
    """Of the opening, of a point, and of the question to a committee."""
    text = work.text()
    answer = sent(clerk, "/new", text=str(text), mode="own", reason="", opened=work.in_days(3))
    assert answer.status_code == 422
    assert work.in_days(3) in answer.text
    answer = sent(clerk, "/new", text=str(text), mode="special", reason="单独一份")
    assert (answer.status_code, "单独一份" in answer.text) == (422, True), "it has several texts"
    review = work.review(text)
    wrong = {"test": "fitness", "label": "第三条", "words": "另一句话", "law": "行政处罚法",
             "law_article": "第十六条", "why": "无依据"}  # fmt: skip
    answer = sent(clerk, f"/{review}/points/new", **wrong)
    assert answer.status_code == 422
    assert "第三条中没有这句话" in answer.text
    assert all(of in answer.text for of in ("另一句话", "无依据"))
    answer = sent(clerk, f"/{review}/consultations", unit="", question="请研究", day=work.today)
    assert answer.status_code == 422
    assert "请研究" in answer.text


def test_given_what_waits_then_the_workbench_has_it_and_a_term_names_its_owner(
    work: Reviews, water: httpx.Client, clerk: httpx.Client
) -> None:
    """The maker sees its term, the office what to do next; both hear of it."""
    review, _ = work.opined()
    mine = water.get("/api/v1/deadlines").json()
    assert f"{PAGES}/{review}" in str(mine)
    work.step(MAKER, review, "refuse", why="有依据", day=work.today)
    done = work.review(work.text())
    work.step(CLERK, done, "clear", conclusion="没有问题")
    found = reviewing.todos(work.services, work.people[CLERK])
    assert f"{PAGES}/{done}" in [of.path for of in found]
    assert work.centre.clock.now_ms < NOW_MS + DAY_MS


def test_given_a_hit_judged_no_fault_and_a_check_and_a_law_of_the_office_then_points_begin_by_these(
    work: Reviews, clerk: httpx.Client
) -> None:
    """Rulebook and table of laws are those in force, not those of the product."""
    text = work.text()
    review = work.review(text)
    with work.services.state.read() as connection:
        hits = rulebook.hits(connection, work.services, text)
    found = clerk.get(f"{API}/{review}/found").json()["found"]
    assert [of["hit"] for of in found] == [
        of.key for of in sorted(hits, key=lambda of: of.excluded is not None)
    ]
    fine = next(of for of in hits if of.check == "penalty")
    rulebook.judge(work.services, work.people[CLERK], text, fine.key, "clear", "依法律规定")
    left = clerk.get(f"{API}/{review}/found").json()["found"]
    assert [of for of in found if of not in left] == [of for of in found if of["hit"] == fine.key]
    own = replace(POINT_OF_FINE, law="江苏省河道保洁条例", law_article="第二条")
    assert work.row(work.point(review, own), POINT)["checked"] == "none"
    versions = (Version(since=date(2020, 1, 1), articles=30),)
    law = Law(title=own.law, kind="local", versions=versions, source="省人大网站")
    laws.save(work.services, work.people[CLERK], law, after=0, reason="本省有规定")
    assert work.row(work.point(review, own), POINT)["checked"] == "law"
