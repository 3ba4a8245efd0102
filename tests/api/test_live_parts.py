"""An open page is sent what changed, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import httpx
from fastapi import Request

from api.web import live_parts
from tests.api.conftest import RunningCentre, spill

PAGE = """<main><div id="a" data-live class="x"><div>one</div></div>
<p>between</p><section id="b" data-live>{}<section>inner</section></section><svg id="c" data-live>
</svg><p id="dead">never</p></main>"""


def ask(page: str, known: str = "") -> dict[str, Any]:
    """Its live parts that differ from those that are known."""
    request = Request({"type": "http", "headers": [(b"live-parts", known.encode())]})
    found: dict[str, Any] = json.loads(live_parts.changed(live_parts.parts(page), request, 7).body)
    return found


def digests(answer: dict[str, Any]) -> str:
    """As a page sends them."""
    return " ".join(part["digest"] for part in answer["parts"].values())


def test_a_page_that_knows_nothing_is_sent_every_live_part_whole() -> None:
    """With all that stands inside, and the server's time."""
    answer = ask(PAGE.format("two"))
    assert {name: part["html"] for name, part in answer["parts"].items()} == {
        "a": '<div id="a" data-live class="x"><div>one</div></div>',
        "b": '<section id="b" data-live>two<section>inner</section></section>',
        "c": '<svg id="c" data-live>\n</svg>',
    }
    assert answer["now"] == 7


def test_what_a_page_shows_already_is_not_sent_again() -> None:
    """Only the part that differs."""
    known = digests(ask(PAGE.format("two")))
    assert ask(PAGE.format("two"), known)["parts"] == {}
    assert list(ask(PAGE.format("three"), known)["parts"]) == ["b"]


def test_an_open_overview_is_sent_the_banner_when_an_alert_comes(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The river on the map stays where it is."""
    calm = deputy.get("/environment/", headers={"Live-Parts": ""})
    assert calm.headers["content-type"] == "application/json"
    known = {"Live-Parts": digests(calm.json())}
    assert deputy.get("/environment/", headers=known).json()["parts"] == {}

    centre.put(spill())
    centre.services.live.hear("qy/v1/tongzhou/alerts", b"{}")
    parts = deputy.get("/environment/", headers=known).json()["parts"]
    assert set(parts) == {"menu", "state", "marks", "stations"}
    assert "1 个站点有污染报警" in parts["state"]["html"]


def test_every_live_part_of_every_page_has_an_end(officer: httpx.Client) -> None:
    """As many parts are found as are marked."""
    for path in (
        "/",
        "/environment/stations/tonglv-pingchao",
        "/environment/stations/air-jinsha",
        "/environment/alerts",
        "/environment/operations",
    ):
        page = officer.get(path).text
        parts = ask(page)["parts"]
        assert len(parts) == page.count(" data-live")
        for part in parts.values():
            assert part["html"].count("<div") == part["html"].count("</div")
