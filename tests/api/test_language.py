"""In which language somebody reads, and that nothing of another one is left on a page."""

from __future__ import annotations

import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.web.language import language_for
from config.catalogue.words import LANGUAGES
from tests.api.conftest import RunningCentre, spill
from tests.api.telling import Core

ENGLISH = {"Accept-Language": "en-GB,en;q=0.9"}
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
OURS = {"中文", "陈明", "李岚", "徐慧", "顾军"}
"""The name of the other language, and names of people."""


@pytest.mark.parametrize(
    ("account", "accepted", "language"),
    [
        ("", "", "zh-CN"),
        ("", "en", "en"),
        ("", "EN-us", "en"),
        ("", "zh-TW,en;q=0.5", "zh-CN"),
        ("", "en;q=0.5,zh-CN;q=0.8", "zh-CN"),
        ("", "fr,en;q=0.1", "en"),
        ("", "fr", "zh-CN"),
        ("", "en;q=0,fr", "zh-CN"),
        ("", "*,en;q=0.5", "zh-CN"),
        ("", "en;q=high", "zh-CN"),
        ("", "english", "zh-CN"),
        ("en", "zh-CN", "en"),
        ("zh-CN", "en", "zh-CN"),
    ],
)
def test_the_account_decides_then_the_browser_then_the_site(
    account: str, accepted: str, language: str
) -> None:
    """Weights count, regions do not."""
    assert language_for(account, accepted, "zh-CN") == language


@given(st.text(alphabet="enzhCN-;q=0.159,* \t"))
def test_any_header_leads_to_a_language(accepted: str) -> None:
    """No browser makes a page fail."""
    assert language_for("", accepted, "en") in LANGUAGES


def test_a_browser_is_answered_in_its_language(address: str) -> None:
    """Also before anybody signed in, and where the page does not exist."""
    page = httpx.get(f"{address}/sign-in", headers=ENGLISH).text
    assert '<html lang="en">' in page
    assert "User name" in page
    assert '<html lang="zh-CN">' in httpx.get(f"{address}/sign-in").text
    assert "was not found" in httpx.get(f"{address}/nowhere", headers=ENGLISH).text


def test_a_choice_holds_over_the_browser_and_after_signing_in_anew(
    centre: RunningCentre, address: str, deputy: httpx.Client
) -> None:
    """Until the person takes it back."""
    chosen = deputy.post(
        "/language",
        data={"language": "en"},
        headers={"Referer": f"{address}/environment/alerts?show=firing"},
    )
    assert chosen.headers["location"] == "/environment/alerts?show=firing"
    assert '<html lang="en">' in deputy.get("/environment/alerts").text
    assert '<html lang="zh-CN">' in httpx.get(f"{address}/sign-in").text
    deputy.post("/language", data={"language": ""})
    assert '<html lang="zh-CN">' in deputy.get("/environment/alerts").text
    assert centre.services.words.language == "zh-CN"


def test_a_choice_never_leads_to_another_site(address: str, deputy: httpx.Client) -> None:
    """Whatever page the form says that it stood on."""
    for page in (f"{address}//elsewhere.org/x", "http://elsewhere.org/x"):
        answer = deputy.post("/language", data={"language": ""}, headers={"Referer": page})
        assert answer.headers["location"] in ("/", "/elsewhere.org/x")


def test_only_a_language_that_we_speak_is_kept(deputy: httpx.Client) -> None:
    """Anything else is refused."""
    assert deputy.post("/language", data={"language": "fr"}).status_code == 422


def test_no_chinese_is_left_on_a_page_in_english(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Words, classes and names of the shipped data; not the names of people."""
    event = Core(centre).raised(spill())
    centre.measured("tonglv-pingchao/w21003", [2.5] * 12)
    for code in ("a34004", "a05024"):
        centre.measured("air-jinsha/" + code, [230.0] * 12)
    stations = centre.services.catalogue.stations
    pages = ["/", "/alerts", f"/alerts/{spill().id}", "/rules", "/operations"]
    pages += ["/events", f"/events/{event}", "/policies", "/silences", "/duty"]
    pages += ["/deliveries"]
    pages += [f"/rules/{rule.id}" for rule in centre.services.rules]
    for station in stations:
        pages += [f"/stations/{station}{of}" for of in ("", "/judging", "/reviews")]
    left = {
        path: found
        for path in pages
        if (found := _chinese(officer.get(f"/environment{path}", headers=ENGLISH)))
    }
    assert left == {}


def _chinese(page: httpx.Response) -> set[str]:
    assert page.status_code == 200
    assert '<html lang="en">' in page.text
    return set(CHINESE.findall(page.text)) - OURS


def test_a_frozen_copy_is_the_same_for_every_reader(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Its hash would tell two readers that they see two things."""
    centre.put(spill())
    path = f"/api/v1/items/environment/alert/{spill().id}"
    english, chinese = deputy.get(path, headers=ENGLISH), deputy.get(path)
    assert english.json()["hash"] == chinese.json()["hash"]
