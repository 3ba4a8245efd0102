"""Files of the pages: addressed by their content, kept for ever, sent compressed."""

from __future__ import annotations

import gzip
import re

import httpx
import pytest

from api.web.assets import SHEETS, STATIC, Assets
from tests.api.conftest import RunningCentre


def addresses(page: str) -> set[str]:
    """The files that a page names."""
    return set(re.findall(r'"(/static/[^"]+)"', page))


@pytest.mark.parametrize(
    "path",
    ["/environment/", "/environment/stations/tonglv-pingchao", "/environment/rules", "/docs"],
)
def test_every_file_that_a_page_names_is_answered_and_kept_for_ever(
    officer: httpx.Client, path: str
) -> None:
    """Its address changes with its content, so no browser has to ask for it anew."""
    found = addresses(officer.get(path).text)
    assert found
    for address in found:
        answer = officer.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


def test_the_address_changes_with_the_content() -> None:
    """Of any file: a script may name another beside it."""
    before = Assets({"a.js": b"1", "b.js": b"2"})
    after = Assets({"a.js": b"1", "b.js": b"3"})
    assert before.address("a.js") != after.address("a.js")
    assert before.address("a.js") == Assets({"b.js": b"2", "a.js": b"1"}).address("a.js")


@pytest.mark.parametrize("path", ["0123456789abcdef/app.css", "{digest}/nothing.js"])
def test_no_other_address_is_answered(deputy: httpx.Client, path: str) -> None:
    """Neither with a digest gone by nor a file that is none."""
    digest = next(iter(addresses(deputy.get("/environment/").text))).split("/")[2]
    answer = deputy.get(f"/static/{path.format(digest=digest)}")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


def test_a_file_is_compressed_for_whoever_takes_it_so(deputy: httpx.Client) -> None:
    """Byte for byte the same."""
    address = next(
        of for of in addresses(deputy.get("/environment/").text) if of.endswith("app.css")
    )
    plain = deputy.get(address, headers={"Accept-Encoding": "identity"})
    with deputy.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as packed:
        body = b"".join(packed.iter_raw())
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == plain.content
    assert len(body) < len(plain.content) / 3


def test_pages_are_compressed_and_events_are_not(
    deputy: httpx.Client, centre: RunningCentre
) -> None:
    """A compressor would hold events back."""
    assert deputy.get("/environment/").headers["content-encoding"] == "gzip"
    with deputy.stream("GET", "/api/v1/live") as stream:
        assert "content-encoding" not in stream.headers
        lines = stream.iter_lines()
        next(lines)
        centre.services.live.hear("qy/v1/tongzhou/alerts", b'{"id":"a"}')
        assert "event: alert" in [next(lines), next(lines)]


def test_every_style_sheet_is_in_the_cascade() -> None:
    """None is forgotten."""
    assert {path.stem for path in STATIC.glob("css/*.css")} == set(SHEETS)


@pytest.mark.parametrize("sheet", [name for name in SHEETS if name != "map"])
def test_sizes_of_text_follow_the_readers_setting(sheet: str) -> None:
    """No font size in px, except in the units of the map's drawing."""
    fixed = re.findall(
        r"font(?:-size)?:[^;]*?\d+px",
        (STATIC / "css" / f"{sheet}.css").read_text(encoding="utf-8"),
    )
    assert fixed == []
