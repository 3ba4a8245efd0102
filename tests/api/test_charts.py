"""A curve as readings or means, in words and as a table; the address of its view."""

from __future__ import annotations

import csv
import re
from urllib.parse import quote

import httpx
import numpy as np
import pytest

from alerting.alert import Level, State
from api.platforms.environment.charts import actions
from config.catalogue.cadences import CadenceSpan
from config.vocabulary.quality import Cause
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS
from ingest.annotations.cadences import CadenceRecord
from ingest.store.protocol import bucket_ms
from tests.api.conftest import NOW_MS, RunningCentre, spill
from tests.api.telling import Core
from tests.api.test_alerts import text_of

STATION = "tonglv-pingchao"
PAGE = f"/environment/stations/{STATION}"
SERIES = f"/api/v1/stations/{STATION}/series/w21003"
TODAY_MS = bucket_ms(NOW_MS, 24)
CADENCE_MS = 5 * MINUTE_MS


def a_year_of(centre: RunningCentre, series: str) -> None:
    """A reading every five minutes of 365 whole days, that rises and falls with the days and the
    year, from 0.25 to 2.25.
    """
    begin_ms, (station, code) = TODAY_MS - 365 * DAY_MS, series.split("/")
    t = np.arange(begin_ms, TODAY_MS, CADENCE_MS, dtype=np.int64)
    days = (t - begin_ms) / DAY_MS
    value = 1.25 - 0.5 * np.cos(2 * np.pi * days / 365) - 0.5 * np.cos(2 * np.pi * days)
    centre.measured_at(series, t, value)
    span = CadenceSpan(code, begin_ms, TODAY_MS, CADENCE_MS, "import")
    CadenceRecord(centre.services.state).brought(station, [span])


@pytest.mark.parametrize(
    ("span_ms", "drawn"),
    [(8 * DAY_MS, "readings"), (9 * DAY_MS, "hour"), (63 * DAY_MS, "day")],
)
def test_the_longer_a_span_the_coarser_is_what_is_drawn(
    centre: RunningCentre, deputy: httpx.Client, span_ms: int, drawn: str
) -> None:
    """Unless somebody wishes otherwise; it is said in words."""
    path = f"{SERIES}?from_ms={NOW_MS - span_ms}&to_ms={NOW_MS}"
    words = {"readings": "逐条读数", "hour": "小时均值", "day": "日均值"}
    found = deputy.get(f"{path}&drawn=auto").json()
    assert (found["drawn"], found["words"]) == (drawn, words[drawn])
    assert found["summary"] == [f"{words[drawn]}：这段时间没有有效数据。"]
    assert deputy.get(path).json()["drawn"] == "readings"


def test_more_readings_than_a_curve_may_have_are_refused_and_drawn_as_means_instead(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a curve of at most 2,000 readings and 2,016 of a week, when they are wished for, then
    API and table name the remedy; of what is chosen by the span, hours are drawn.
    """
    monkeypatch.setattr(actions, "MOST_READINGS", 2000)
    begin_ms = TODAY_MS - 7 * DAY_MS
    t = np.arange(begin_ms, TODAY_MS, CADENCE_MS, dtype=np.int64)
    centre.measured_at(f"{STATION}/w21003", t, np.full(len(t), 0.4))
    path = f"{SERIES}?to_ms={TODAY_MS}&from_ms="
    refused = deputy.get(f"{path}{begin_ms}")
    assert refused.status_code == 422
    assert refused.json()["detail"] == (
        "drawn=readings reads at most 2000 readings, and there are more: "
        "bring from_ms nearer to to_ms, or ask for drawn=hour"
    )
    found = deputy.get(f"{path}{begin_ms}&drawn=auto").json()
    assert (found["drawn"], len(found["t"])) == ("hour", 7 * 24)
    assert deputy.get(f"{path}{begin_ms + DAY_MS}").json()["drawn"] == "readings"

    table = deputy.get(f"{PAGE}/table?code=w21003&drawn=readings&hours=192")
    assert table.status_code == 422
    assert "请缩短时段，或选择均值" in table.text


def test_means_are_those_of_the_standard_and_say_how_complete_they_are(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """A whole day counts, one of a few hours stands apart; hours begin with those of the clock."""
    centre.measured_days(f"{STATION}/w21003", 2, 0.4)
    centre.measured(f"{STATION}/w21003", [1.6] * 6)
    span = f"from_ms={TODAY_MS - 3 * DAY_MS}&to_ms={NOW_MS + 1}"
    found = deputy.get(f"{SERIES}?{span}&drawn=day").json()
    assert found["t"] == [TODAY_MS - 2 * DAY_MS, TODAY_MS - DAY_MS, TODAY_MS]
    assert found["value"][:2] == [0.4, 0.4]
    assert (found["share"][:2], found["enough"]) == ([1, 1], [True, True, False])
    assert [line["level"] for line in found["lines"]] == ["standard"]

    hours = deputy.get(f"{SERIES}?{span}&drawn=hour").json()
    assert hours["t"][:2] == [TODAY_MS - 2 * DAY_MS, TODAY_MS - 2 * DAY_MS + HOUR_MS]
    assert hours["value"][:48] == [0.4] * 48


def test_a_year_is_drawn_by_days_and_its_readings_by_no_more_points_than_are_asked_for(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Given a reading every five minutes for a year, when it is drawn, then by means of its days
    unasked, and as readings with both extremes in a bounded answer.
    """
    a_year_of(centre, f"{STATION}/w21003")
    path = f"{SERIES}?from_ms={TODAY_MS - 365 * DAY_MS}&to_ms={TODAY_MS}&points=900"
    days = deputy.get(f"{path}&drawn=auto").json()
    assert (days["drawn"], len(days["t"]), sum(days["enough"])) == ("day", 365, 365)
    assert "数据完整率 100%" in "".join(days["summary"])

    answer = deputy.get(path)
    found = answer.json()
    assert len(found["t"]) <= 900
    assert (min(found["value"]), max(found["value"])) == pytest.approx((0.25, 2.25))
    assert "有效 105120 个，最低 0.250 mg/L" in "".join(found["summary"])
    assert len(answer.content) < 64_000


def test_a_day_of_ozone_is_its_largest_mean_of_eight_hours(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """As it is judged, beside the limit of days."""
    station = next(of for of in centre.services.catalogue.stations.values() if of.kind == "air")
    path = f"/api/v1/stations/{station.id}/series/a05024?from_ms={TODAY_MS - DAY_MS}"
    centre.measured_days(f"{station.id}/a05024", 1, 90.0)
    found = deputy.get(f"{path}&to_ms={TODAY_MS}&drawn=day").json()
    assert (found["words"], found["value"], found["enough"]) == ("日最大 8 小时平均", [90], [True])
    assert "日均限值" in found["lines"][0]["name"]
    hourly = deputy.get(f"{path}&to_ms={TODAY_MS}&drawn=hour").json()
    assert "小时限值" in hourly["lines"][0]["name"]


def test_a_summary_says_extremes_mean_and_how_many_lie_beyond_each_limit(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Of what is good; what is doubtful counts in nothing but completeness."""
    centre.measured(f"{STATION}/w21003", [0.5, None, 2.5, 1.5])
    said = "".join(deputy.get(SERIES).json()["summary"])
    assert "有效 3 个，最低 0.500 mg/L（11:30:00），最高 2.500 mg/L（11:50:00）" in said
    assert "平均 1.500 mg/L" in said
    assert "高于警告报警值 1 mg/L 的 2 个，占 66.7%。" in said
    assert "高于严重报警值 2 mg/L 的 1 个，占 33.3%。" in said
    assert "数据完整率 <0.1%。数据自 11:30:00 起。" in said


def test_a_limit_that_lies_below_is_counted_from_below(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Oxygen; and below detection is below every limit, shown with the limit of its detection."""
    centre.measured(f"{STATION}/w01009", [4.0, 7.0])
    found = deputy.get(SERIES.replace("w21003", "w01009")).json()
    assert "低于Ⅲ类标准 5 mg/L 的 1 个，占 50%。" in "".join(found["summary"])
    centre.measured(f"{STATION}/w21003", [0.01], cause=Cause.UNDETECTED)
    assert "最低 <0.020 mg/L" in "".join(deputy.get(SERIES).json()["summary"])


def test_alerts_stand_on_the_curve_of_their_indicator(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Those that stood within the span; whoever follows one finds its page."""
    ended = {"state": State.RESOLVED, "resolved_ms": NOW_MS - 50 * MINUTE_MS}
    centre.put(spill())
    centre.put(spill(id="b" * 20, began_ms=NOW_MS - HOUR_MS, fired_ms=NOW_MS - HOUR_MS, **ended))
    (first, second) = deputy.get(SERIES).json()["alerts"]
    assert (first["t"], first["until"]) == (NOW_MS - HOUR_MS, NOW_MS - 50 * MINUTE_MS)
    assert second["until"] is None
    assert second["words"].startswith("警告：氨氮超标")
    assert deputy.get(second["path"]).status_code == 200
    lately = deputy.get(f"{SERIES}?from_ms={NOW_MS - 10 * MINUTE_MS}").json()["alerts"]
    assert [of["t"] for of in lately] == [NOW_MS - 90_000]
    assert deputy.get(SERIES.replace("w21003", "w01010")).json()["alerts"] == []


def test_an_event_shows_its_deciding_curve_from_hours_before_it_until_its_end(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Given a spill and a graver one at another station, when its event is
    read, then the curve is that of the gravest, up to now while it stands, and to minutes behind
    its end; one of the centre itself has none.
    """
    core = Core(centre)
    first = spill()
    worst = spill(id="b" * 20, station="tonglv-jinsha", level=Level.CRITICAL)
    centre.put(first)
    page = f"/environment/events/{core.raised(worst)}"
    begin = f'data-from="{first.began_ms - 3 * HOUR_MS}"'
    text = deputy.get(page).text
    assert (
        f'data-station="tonglv-jinsha" data-code="w21003" data-hours="1" {begin} data-to=""'
        in text
    )
    assert 'data-hears="tonglv-jinsha"' in text

    ended_ms = centre.clock.now_ms
    core.over(first)
    core.over(worst)
    (_, until) = re.findall(r'data-(from|to)="(\d+)"', deputy.get(page).text)
    assert ended_ms < int(until[1]) - 5 * MINUTE_MS <= centre.clock.now_ms

    own = core.raised(spill(id="c" * 20, rule_id="clock-off", station="", indicator=""))
    assert "data-chart" not in deputy.get(f"/environment/events/{own}").text


def test_an_alert_that_stands_for_longer_than_a_chart_lasts_shows_its_last_part(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The view that its page asks for can be had."""
    begun_ms = NOW_MS - 500 * DAY_MS
    alert = spill(began_ms=begun_ms, fired_ms=begun_ms)
    centre.put(alert)
    text = deputy.get(f"/environment/alerts/{alert.id}").text
    found = re.search(r'data-from="(\d+)" data-to=""', text)
    assert found
    assert deputy.get(SERIES, params={"from_ms": found[1]}).status_code == 200


def test_the_address_of_a_view_fills_its_form_and_the_chart(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """In the district's time, so that it can be sent to somebody."""
    query = "?code=w21011&begin=2026-11-23T08:00&end=2026-11-24T08:00&drawn=hour"
    text = deputy.get(PAGE + query).text
    assert 'name="begin" value="2026-11-23T08:00"' in text
    assert f'data-from="{NOW_MS - 28 * HOUR_MS}" data-to="{NOW_MS - 4 * HOUR_MS}"' in text
    assert 'data-code="w21011" data-hours="1"' in text
    assert 'data-drawn="hour"' in text
    assert 'data-hours="720" aria-pressed="true"' in deputy.get(f"{PAGE}?hours=720").text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("begin=2026-11-24T09:00&end=2026-11-24T08:00", "起始时间必须早于终止时间"),
        ("begin=2026-11-24T13:00", "也不能晚于现在"),
        ("begin=2020-01-01T00:00", "时段最长 400 天"),
        ("begin=soon", "请把时间填完整"),
        ("end=0001-01-01T00:00", "请把时间填完整"),
    ],
)
def test_an_address_that_does_not_hold_is_answered_at_its_field(
    deputy: httpx.Client, query: str, said: str
) -> None:
    """On the page of the station and on that of the table, which still show the last hour; no
    file is handed out.
    """
    for page in (PAGE, f"{PAGE}/table"):
        answer = deputy.get(f"{page}?{query}")
        assert answer.status_code == 200
        assert said in text_of(answer)
    assert deputy.get(f"{PAGE}/table.csv?{query}").status_code == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{PAGE}?code=a34004", 404),
        (f"{PAGE}/table?code=a34004", 404),
        (f"{PAGE}/table?page=0", 422),
        (f"{PAGE}?drawn=week", 422),
        (f"{PAGE}?hours=0", 422),
        ("/environment/stations/nowhere/table", 404),
    ],
)
def test_a_wrong_address_is_refused(deputy: httpx.Client, path: str, status: int) -> None:
    """With a status."""
    assert deputy.get(path).status_code == status


def test_a_table_has_the_rows_of_the_curve_page_by_page(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The newest first; what is doubtful says so; the last page has what is left."""
    centre.measured(f"{STATION}/w21003", [0.5] * 130)
    query = "code=w21003&hours=24"
    first, second = (deputy.get(f"{PAGE}/table?{query}&page={n}") for n in (1, 2))
    assert first.text.count("<tr>") == 101
    assert second.text.count("<tr>") == 31
    assert text_of(first).index("12:00:00") < text_of(first).index("11:50:00")
    assert "第 2 页" in text_of(second)
    assert "这段时间没有数据" in text_of(deputy.get(f"{PAGE}/table?{query}&page=9"))


def test_readings_of_more_than_a_month_are_not_listed_one_by_one(deputy: httpx.Client) -> None:
    """Means are."""
    query = "hours=2000&drawn="
    assert "最多看 31 天" in text_of(deputy.get(f"{PAGE}/table?{query}readings"))
    assert "最多看 31 天" not in text_of(deputy.get(f"{PAGE}/table?{query}auto"))


def test_a_table_is_handed_out_by_time_with_flags_and_completeness(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Readings with what is to be said of each; of means how complete each is."""
    centre.measured(f"{STATION}/w21003", [0.5, None])
    centre.measured(f"{STATION}/w21011", [0.01], cause=Cause.UNDETECTED)
    rows = list(csv.reader(deputy.get(f"{PAGE}/table.csv?code=w21003").text.splitlines()))
    assert rows[0][1:] == ["氨氮 mg/L", "数据状况"]
    assert rows[1:] == [["2026-11-24 11:50:00", "0.5", ""], ["2026-11-24 12:00:00", "", "缺测"]]
    below = deputy.get(f"{PAGE}/table.csv?code=w21011").text
    assert "<0.020" in below
    begin, end = quote("2026-11-24T11:00"), quote("2026-11-24T12:00")
    means = deputy.get(f"{PAGE}/table.csv?begin={begin}&end={end}&code=w21003&drawn=hour").text
    (_, row) = csv.reader(means.splitlines())
    assert row[2] == "数据不足"
    assert deputy.get(f"{PAGE}/table.xlsx?code=w21003").content.startswith(b"PK")
