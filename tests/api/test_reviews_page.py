"""The page on which an officer reviews and corrects: the same decisions as over the API."""

from __future__ import annotations

import re

import httpx
import pytest

from config.vocabulary.time import HOUR_MS
from tests.api.conftest import NOW_MS, RunningCentre
from tests.api.test_alerts import text_of

STATION = "tonglv-pingchao"
PAGE = f"/environment/stations/{STATION}/reviews"
SERIES = f"/api/v1/stations/{STATION}/series/w21003"
FORM = {
    "code": "w21003",
    "from_ms": str(NOW_MS - 1_800_000),
    "to_ms": str(NOW_MS),
    "begin": "2026-11-24T11:50:00",
    "end": "2026-11-24T12:00:01",
    "decision": "bad",
    "value": "",
    "why": "电极结垢",
}
ONE = {"decision": "correct", "value": "0.4", "begin": "2026-11-24T12:00:00"}


@pytest.fixture(autouse=True)
def readings(centre: RunningCentre) -> None:
    """Ammonia of the last half hour, the last reading just now, at 12:00."""
    centre.measured(f"{STATION}/w21003", [0.5, None, 2.5, 2.6])
    centre.clock.now_ms += 60_000


def test_a_span_is_reviewed_and_stands_in_the_list(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """With flag, span, reason and person; the page shows the view that the form was sent from."""
    answer = officer.post(PAGE, data=FORM)

    assert answer.status_code == 303
    text = text_of(officer.get(answer.headers["location"]))
    assert "已保存" in text
    assert "氨氮：标记为无效" in text
    assert "11:50:00 — 12:00:01" in text
    assert "电极结垢" in text
    assert "李岚 · 12:01:00" in text
    assert officer.get(SERIES).json()["quality"] == [1, 1, 4, 4]


def test_the_chip_of_the_span_that_is_seen_is_marked(officer: httpx.Client) -> None:
    """As on the list of alerts; another indicator keeps the span, and a span of one's own, to which
    a saved review leads back, is none of them.
    """
    marked = r'aria-current="page">([^<]+)<'
    for query, found in (
        ("", ["氨氮", "1 小时"]),
        ("?code=w01009&hours=24", ["溶解氧", "24 小时"]),
        (f"?code=w21003&from_ms={NOW_MS - 5000}&to_ms={NOW_MS}", ["氨氮"]),
    ):
        text = officer.get(PAGE + query).text.partition('<div class="split">')[2]
        assert re.findall(marked, text) == found
    text = officer.get(f"{PAGE}?hours=24").text
    assert 'href="?code=w01009&amp;hours=24"' in text
    assert f'data-from="{NOW_MS + 60_000 - 24 * HOUR_MS}"' in text
    assert "1 年" not in text
    text = officer.get(f"{PAGE}?to_ms={NOW_MS}").text
    assert f'data-from="{NOW_MS - HOUR_MS}" data-to="{NOW_MS}"' in text


def test_one_reading_is_corrected(centre: RunningCentre, officer: httpx.Client) -> None:
    """Its instant is found in the span."""
    assert officer.post(PAGE, data=FORM | ONE).status_code == 303
    series = officer.get(SERIES).json()
    assert (series["value"], series["cause"]) == ([0.5, None, 2.5, 0.4], [0, 0, 0, 61])
    assert "氨氮：订正为 0.400 mg/L" in text_of(officer.get(PAGE))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"begin": ""}, "begin", "时间没有填完整"),
        ({"end": "soon"}, "end", "时间没有填完整"),
        ({"begin": "2026-11-24T12:00:01"}, "begin", "请对调或修改"),
        ({"begin": "2026-10-01T00:00:00"}, "end", "最多处理 31 天"),
        ({"end": "2026-11-24T12:02"}, "end", "结束时间晚于现在"),
        ({"begin": "2026-11-24T11:00", "end": "2026-11-24T11:01"}, "begin", "没有监测数据"),
        ({"decision": ""}, "decision", "请选择一种"),
        ({"why": " \n"}, "why", "请写明原因"),
        ({"why": "长" * 501}, "why", "请写明原因"),
        (ONE | {"value": "abc"}, "value", "这不是一个数"),
        (ONE | {"value": "nan"}, "value", "这不是一个数"),
        (ONE | {"value": "301"}, "value", "氨氮不可能是这个数，请填 0 到 300 mg/L 之间的数"),
        (ONE | {"begin": "2026-11-24T11:50"}, "begin", "有 2 条监测数据，请缩小到一条"),
        (ONE | {"end": "2026-11-24T12:00:00.001", "begin": "2026-11-24T11:59"}, "", ""),
    ],
)
def test_what_does_not_hold_comes_back_with_its_field_and_all_that_was_written(
    centre: RunningCentre, officer: httpx.Client, changes: dict[str, str], field: str, words: str
) -> None:
    """The last one holds: a span that ends a millisecond behind its reading has just that one."""
    written = FORM | changes
    answer = officer.post(PAGE, data=written)

    if not field:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert f'id="wrong-{field}"' in answer.text
    assert f'aria-describedby="wrong-{field}"' in answer.text
    assert words in text_of(answer)
    assert f'name="begin" value="{written["begin"]}"' in answer.text
    assert f">{written['why']}</textarea>" in answer.text
    assert officer.get("/api/v1/corrections").json() == []


def test_a_decision_is_withdrawn_by_whoever_comes_first(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """It stays in the list with who took it back; the second person is told."""
    officer.post(PAGE, data=FORM)
    (made,) = officer.get("/api/v1/corrections").json()
    view = {name: FORM[name] for name in ("code", "from_ms", "to_ms")}

    answers = [officer.post(f"{PAGE}/{made['id']}/withdraw", data=view) for _ in range(2)]

    said = [text_of(officer.get(answer.headers["location"])) for answer in answers]
    assert "已撤回。" in said[0]
    assert "李岚 于 12:01:00 撤回" in said[0]
    assert "已有人先于您撤回" in said[1]
    assert officer.get(SERIES).json()["quality"] == [1, 1, 1, 1]
    assert officer.post(f"{PAGE}/77/withdraw", data=view).status_code == 404


def test_the_page_takes_the_view_of_the_chart(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """In the district's time and whole seconds; without a view it is the last hour."""
    view = f"?code=w21003&from_ms={NOW_MS - 5_500}&to_ms={NOW_MS - 500}"
    text = officer.get(PAGE + view).text
    assert 'name="begin" value="2026-11-24T11:59:54"' in text
    assert 'name="end" value="2026-11-24T12:00:00"' in text
    text = officer.get(PAGE).text
    assert 'name="begin" value="2026-11-24T11:01:00"' in text
    assert "氨氮：怎样处理" in text


def test_the_page_is_for_officers(
    centre: RunningCentre, officer: httpx.Client, deputy: httpx.Client
) -> None:
    """A deputy is told so in words, finds no link to it, and changes nothing by it."""
    answer = deputy.get(PAGE)
    assert answer.status_code == 403
    assert "没有“复核与订正监测数据”的权限。有此权限的是：生态环境工作人员。" in answer.text
    assert deputy.post(PAGE, data=FORM).status_code == 403
    assert deputy.post(f"{PAGE}/1/withdraw", data=FORM).status_code == 403
    assert PAGE not in deputy.get(f"/environment/stations/{STATION}").text
    assert PAGE in officer.get(f"/environment/stations/{STATION}").text
    assert officer.get("/api/v1/corrections").json() == []


def test_a_form_of_another_site_is_refused(centre: RunningCentre, officer: httpx.Client) -> None:
    """And the page says why."""
    answer = officer.post(PAGE, data=FORM, headers={"origin": "http://evil"})
    assert (answer.status_code, "请求来自其他网站" in answer.text) == (403, True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/environment/stations/nowhere/reviews", 404),
        (f"{PAGE}?code=a34004", 404),
        (f"{PAGE}?from_ms=x", 422),
        (f"{PAGE}?done=%3Cb%3E", 200),
    ],
)
def test_a_wrong_address_is_answered(officer: httpx.Client, path: str, status: int) -> None:
    """With a page, never a stack."""
    assert officer.get(path).status_code == status


def test_a_form_without_a_known_indicator_is_refused(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Nothing is kept."""
    assert officer.post(PAGE, data=FORM | {"code": "a34004"}).status_code == 404
    assert officer.post(PAGE, data=FORM | {"code": ""}).status_code == 422
