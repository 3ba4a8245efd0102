"""The detector of rankings finds what was planted, and leaves innocent answers alone."""

from __future__ import annotations

import json

import pytest

from tests.api.judicial.rankings import Media, rankings, reordered

SUBJECTS = {
    "court": "court",
    "区法院": "court",
    "procuratorate": "procuratorate",
    "区检察院": "procuratorate",
    "housing": "housing",
    "住建局": "housing",
}
PLANTED: list[tuple[str, Media, str]] = [
    ("rows of a table", "html", ("<table><tr><th>单位</th><th>结案率</th></tr>"
     "<tr><td>区检察院</td><td>97.1%</td></tr><tr><td>区法院</td><td>95%</td></tr></table>")),
    ("rows with a place before the name", "html", ("<table><tr><th>名次</th><th>单位</th><th>新收</th>"
     "</tr><tr><td>1</td><td><a href='/x'>区法院</a></td><td>1,234</td></tr>"
     "<tr><td>2</td><td>区检察院</td><td>99</td></tr></table>")),
    ("columns of a table", "html", ("<table><tr><th></th><th>区法院</th><th>区检察院</th></tr>"
     "<tr><td>新收</td><td>7</td><td>9</td></tr></table>")),
    ("items of a list", "html", ("<ol><li><b>区检察院</b> 结案率 97.1%</li>"
     "<li>区法院 结案率 95.0%</li></ol>")),
    ("judges", "html", ("<table><tr><th>承办法官</th><th>结案数</th></tr><tr><td>周某</td><td>7</td>"
     "</tr><tr><td>吴某</td><td>9</td></tr></table>")),
    ("data of a chart", "html", ("<div data-chart='{\"labels\": [\"区法院\", \"区检察院\"], "
     "\"values\": [3, 9]}'></div>")),
    ("a script", "html", ('<script>[{"unit": "court", "late": 3}, '
     '{"unit": "housing", "late": 5}]</script>')),
    ("objects", "json", json.dumps([{"body": "court", "new": 5}, {"body": "housing", "new": 7}])),
    ("objects deep inside", "json", json.dumps(
        {"page": 1, "rows": [{"body": {"id": "court", "name": "区法院"}, "m": [{"new": 5}]},
                             {"body": {"id": "housing", "name": "住建局"}, "m": [{"new": 7}]}]})),
    ("named by their own name", "json", json.dumps(
        [{"name": "区法院", "rate": "95%"}, {"name": "区检察院", "rate": "97%"}])),
    ("keys", "json", json.dumps({"court": 5, "procuratorate": 7})),
    ("keys with objects", "json", json.dumps(
        {"by_body": {"court": {"new": 5}, "procuratorate": {"new": 7}}})),
    ("lists side by side", "json", json.dumps({"x": ["court", "procuratorate"], "y": [1, 2]})),
    ("judges of an API", "json", json.dumps(
        [{"id": 1, "judge": "周某", "closed": 5}, {"id": 2, "judge": "吴某", "closed": 7}])),
    ("a table to download", "csv", "\ufeff单位,新收\r\n区法院,5\r\n区检察院,7\r\n"),
    ("judges to download", "csv", "法院,法官,结案\r\n区法院,周某,5\r\n区法院,吴某,7\r\n"),
]  # fmt: skip
INNOCENT: list[tuple[str, Media, str]] = [
    ("names alone", "html", "<ul><li><a>区法院</a></li><li><a>区检察院</a></li></ul>"),
    ("one body over time", "html", ("<h1>区法院</h1><table><tr><th>月份</th><th>新收</th></tr>"
     "<tr><td>2026-09</td><td>5</td></tr><tr><td>2026-10</td><td>7</td></tr></table>")),
    ("kinds of cases of one body", "csv", "月份,项目,新收\r\n2026-10,民事,5\r\n2026-10,刑事,7\r\n"),
    ("things that name their unit", "html", ("<table><tr><th>标题</th><th>单位</th><th>名额</th></tr>"
     "<tr><td>旁听一起行政案件</td><td>区法院</td><td>10</td></tr>"
     "<tr><td>公开听证</td><td>区检察院</td><td>5</td></tr></table>")),
    ("things over the API", "json", json.dumps(
        [{"id": 3, "title": "旁听", "body": "court", "seats": 10},
         {"id": 4, "title": "听证", "body": "procuratorate", "seats": 5}])),
    ("days of things", "html", ("<ul><li>区法院 2026-10-03 上报</li><li>区检察院 2026年10月9日 上报</li>"
     "</ul>")),
    ("names and ids", "json", json.dumps([{"id": "court", "name": "区法院"},
                                          {"id": "procuratorate", "name": "区检察院"}])),
    ("the months of one body", "json", json.dumps(
        [{"month": "2026-09", "figures": {"civil": {"new": 5}}},
         {"month": "2026-10", "figures": {"civil": {"new": 7}}}])),
]  # fmt: skip


@pytest.mark.parametrize(("media", "text"), [of[1:] for of in PLANTED], ids=[of[0] for of in PLANTED])  # fmt: skip
def test_a_ranking_is_recognised_in_whatever_form(media: Media, text: str) -> None:
    found = rankings(text, media, SUBJECTS)
    assert found
    assert all(len(of.who) > 1 for of in found)


@pytest.mark.parametrize(("media", "text"), [of[1:] for of in INNOCENT], ids=[of[0] for of in INNOCENT])  # fmt: skip
def test_an_answer_of_one_body_or_of_things_is_none(media: Media, text: str) -> None:
    assert rankings(text, media, SUBJECTS) == []


def test_an_order_that_follows_a_wish_is_recognised() -> None:
    assert reordered("区法院 区检察院", "区检察院 区法院", SUBJECTS)
    assert reordered("区法院 区检察院 住建局", "住建局 区法院", SUBJECTS)
    assert not reordered("区法院 区检察院", "区法院 区检察院", SUBJECTS)
    assert not reordered("区法院 区检察院", "区检察院", SUBJECTS)
    assert not reordered("[]", "[]", SUBJECTS)
