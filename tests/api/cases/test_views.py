"""Combined views: a figure is that of the rows behind it, and nobody counts what they may not open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cases.views.reckoning import table
from api.cases.views.records import VIEWS, Asked, Rows
from api.platforms.judicial.letters.records import Petitioner
from api.ports import Fact
from config.vocabulary.time import DAY_MS
from tests.api.budget.test_projects import everything, taken_in
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered, spill
from tests.api.documents.review_hands import Reviews
from tests.api.duty.handling_hands import IN_RANGE, PROMISE_OF_WORKS, Handling
from tests.api.duty.suggestion_hands import HOUSING, LEAD
from tests.api.judicial.suit_hands import loaded as suits_loaded
from tests.api.judicial.test_letters import register

STATION = "tonglv-pingchao"
READERS = {
    "deputy": "daibiao",
    "officer": "huanbao",
    "handler of housing": "zhujian",
    "handler of water": "shuili",
    "clerk": "lianluo",
    "supervisor": "daigongwei",
}
"""Usernames of those who may see cases."""
State = dict[str, Any]
Figures = Mapping[str, Mapping[str, int | None]]
"""Values by key of the line and name of the column."""


@contextmanager
def signed_in(address: str, username: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, username)


def view(client: httpx.Client, name: str, **asked: str) -> State:
    """A view over the API."""
    answer = client.get(f"/api/v1/cases/views/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    found: State = answer.json()
    return found


def figures(found: State) -> Figures:
    """All figures of a view, of lines and of sums."""
    names = [of["name"] for of in found["columns"]]
    return {
        line["key"]: dict(zip(names, (of["value"] for of in line["cells"]), strict=True))
        for line in (*found["lines"], *found["sums"])
    }


def rows(client: httpx.Client, name: str, line: str, column: str, **asked: str) -> State:
    """The rows of a figure."""
    params = {**asked, "line": line, "column": column}
    answer = client.get(f"/api/v1/cases/views/{name}/rows", params=params)
    assert answer.status_code == 200, answer.text
    found: State = answer.json()
    return found


def test_given_payments_for_a_station_then_money_and_days_over_stand_before_and_after_them(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """The register of projects names the station; ammonia is over class III on three days."""
    everything(clerk)
    centre.measured_days(f"{STATION}/w21003", 3, 2.5)
    found = figures(view(deputy, "water", station=STATION))
    assert [key for key in found if "-" in key][:3] == ["2025-1", "2025-2", "2025-3"]
    paid = {key: of["paid"] for key, of in found.items() if of["payments"]}
    assert paid == {
        "2025-2": 410_000_000,
        "2025-3": 589_000_000,
        "2026-1": 429_970_000,
        "2026-2": 30_000,
        "between": 1_429_000_000,
    }
    days = {"payments": 0, "paid": 0, "days": 3, "over": 3, "share": 100}
    assert found["2026-4"] == found["behind"] == days
    assert found["before"]["share"] is None, "no day with data is no share of none"
    of_days = rows(deputy, "water", "behind", "over", station=STATION)
    assert [of["day"] for of in of_days["rows"]] == ["2026-11-23", "2026-11-22", "2026-11-21"]
    of_money = rows(deputy, "water", "2026-1", "paid", station=STATION)
    assert [of["amount_fen"] for of in of_money["rows"]] == [70_000, 429_900_000]
    assert "张三" not in str(of_money), "a payee may be a person"


def test_given_words_or_a_unit_then_the_projects_are_those_and_not_the_station_s(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """The name of a project holds the words; the treasury's unit is the one of the register."""
    everything(clerk)
    of_words = figures(view(deputy, "water", words="教材"))
    assert (of_words["2026-2"]["paid"], of_words["2026-2"]["payments"]) == (8_020, 1)
    of_unit = figures(view(deputy, "water", unit="water", words="改造"))
    assert of_unit["2025-2"]["payments"] == 1
    lacking = view(deputy, "water", unit="court")["lacking"]
    assert {of["series"]: of["why"] for of in lacking}["budget/payments"] == "empty"


@pytest.mark.parametrize("kind", BOTH)
def test_given_suggestions_and_a_budget_then_a_topic_has_both_by_function(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """2110302 is environment, 2050299 education; a change replaces what was approved."""
    Handling(centre).answered()
    taken_in(clerk, "lines", LINES)
    found = figures(view(deputy, "topics"))
    money = {key: of["budget"] for key, of in found.items() if of["lines"]}
    assert money == {
        "environment": 1_300_000_000,
        "education": 50_000_000,
        "": 1_000_000,
        "total": 1_351_000_000,
    }
    assert (found["water"]["suggestions"], found["water"]["answered"]) == (1, 1)
    assert found["environment"]["suggestions"] == 0
    (row,) = rows(deputy, "topics", "education", "lines")["rows"]
    assert deputy.get(row["path"]).status_code == 200
    narrowed = figures(view(deputy, "topics", topic="education"))
    assert narrowed["total"] == {"suggestions": 0, "answered": 0, "lines": 1, "budget": 50_000_000}


LINES = (
    "年度,单位编码,项目编码,支出功能分类,部门经济分类,预算单位,项目名称,年初批复数,变动后预算数,决算数",
    "2026,101,P1,2110302,31005,水利局,泵站改造,8000000,9000000,",
    "2026,101,P1,2110302,30201,水利局,泵站改造,4000000,,",
    "2026,102,,2050299,30201,教育局,,500000,500000,",
    "2026,102,,2290000,30201,教育局,,10000,10000,",
    "2025,102,,2050299,30201,教育局,,1,1,",
)


@pytest.mark.parametrize("kind", BOTH)
def test_given_the_court_s_table_then_a_unit_s_suits_stand_beside_its_documents(
    centre: RunningCentre, clerk: httpx.Client, address: str
) -> None:
    """Units in the official order; who has none of anything has no line."""
    suits_loaded(clerk, "2026-09,区水利局,12,3,7", "2026-10,区水利局,4,0,2", "2025-10,区水利局,9,9,9",
                 "2026-10,区市场监督管理局,6,1,")  # fmt: skip
    reviews = Reviews(centre)
    reviews.point(reviews.review(reviews.text(maker="water")))
    with signed_in(address, "daigongwei") as supervisor:
        found = figures(view(supervisor, "documents"))
        one = figures(view(supervisor, "documents", unit="market"))
        behind = rows(supervisor, "documents", "water", "lost")
        earlier = figures(view(supervisor, "documents", year="2025"))
    suits = {"concluded": 16, "lost": 3}
    assert found["water"] == {**suits, "force": 1, "texts": 1, "points": 1}
    none = {"force": 0, "texts": 0, "points": 0}
    assert found["market"] == one["total"] == {"concluded": 6, "lost": 1, **none}
    assert list(found) == ["water", "market", "total"]
    assert [(of["period"], of["number"]) for of in behind["rows"]] == [("2026-09", 3)]
    assert behind["rows"][0]["path"] == "/judicial/suits/water"
    assert (earlier["water"]["lost"], earlier["water"]["force"]) == (9, None)


def test_given_letters_of_a_quarter_then_a_town_has_no_other_count_than_the_platform_shows(
    centre: RunningCentre, address: str
) -> None:
    """Low counts stay hidden, and so does every sum that would tell them."""
    for days, few in ((130, 0), (100, 2), (70, 0)):
        centre.clock.now_ms = NOW_MS - days * DAY_MS
        for town, many in (("pingchao", 9), ("jinsha", 8), ("shigang", few)):
            for _ in range(many):
                register(centre, Petitioner(), received="2026-07-10", town=town)
    centre.clock.now_ms = NOW_MS
    centre.put(spill(fired_ms=NOW_MS - 100 * DAY_MS, began_ms=NOW_MS - 100 * DAY_MS))
    with signed_in(address, "daibiao") as deputy:
        answer = deputy.get("/api/v1/judicial/letters/counts", params={"quarter": "2026-3"})
        found = view(deputy, "towns")
        running = view(deputy, "towns", year="2026", quarter="4")
        page = deputy.get("/cases/views/towns").text
    assert (found["first"], found["last"]) == ("2026-07-01", "2026-09-30"), "the last that ended"
    shown = {of["key"]: of["cells"][0] for of in found["lines"]}
    official = {of["id"]: of["counts"][-1] for of in answer.json()["by_town"]}
    assert {key: of["value"] for key, of in shown.items()} == {key: official[key] for key in shown}
    assert (shown["pingchao"]["value"], shown["jinsha"]["value"]) == (27, 24)
    assert shown["shigang"] == {"value": None, "rows": 1, "hidden": True}
    assert "不公开" in page
    assert figures(found)["pingchao"]["alerts"] == 1
    assert figures(found)["total"]["petitions"] is None
    assert {of["series"] for of in running["lacking"]} == {
        "judicial/petitions",
        "environment/alerts",
    }


@pytest.fixture
def promised(centre: RunningCentre) -> Handling:
    """Three promises of housing: one kept by data, one by word, one overdue."""
    work = Handling(centre)
    late = {"measure": "公开整治结果", "due_day": "2026-11-25"}
    item_id = work.answered(PROMISE_OF_WORKS, IN_RANGE, late)
    by_word, by_data, _ = (of.row["id"] for of in work.promises(LEAD, item_id))
    work.promise(HOUSING, by_word, "report", report="管网已通。", day=work.today)
    work.promise(LEAD, by_word, "confirm")
    work.later(4)
    work.measured_days(2, 0.4)
    work.watch_promises()
    work.promise(LEAD, by_data, "confirm")
    return work


@pytest.mark.parametrize("kind", BOTH)
def test_given_promises_then_those_kept_by_data_stand_apart_from_those_kept_by_word(
    promised: Handling, address: str
) -> None:
    """The centre's own report proves one; the unit's word that the deputy confirmed another."""
    with signed_in(address, "lianluo") as clerk:
        found = figures(view(clerk, "promises"))
        of_data = rows(clerk, "promises", "housing", "data")["rows"]
    counts = {"data": 1, "word": 1, "reported": 0, "open": 0, "overdue": 1, "not": 0}
    assert found == {"housing": {"made": 3, **counts}, "total": {"made": 3, **counts}}
    assert [IN_RANGE["measure"] in of["title"] for of in of_data] == [True]
    with signed_in(address, "shuili") as other:
        unseen = view(other, "promises")
    assert unseen["lines"] == []
    assert unseen["lacking"] == [{"series": "duty/promises", "why": "empty"}]


@pytest.fixture
def full(centre: RunningCentre, promised: Handling, address: str) -> RunningCentre:
    """Something in every series, some of it for few people."""
    with signed_in(address, "lianluo") as clerk:
        everything(clerk)
        suits_loaded(clerk, "2026-10,区水利局,4,1,2")
    reviews = Reviews(centre)
    reviews.point(reviews.review(reviews.text(maker="water")))
    secret = promised.drafted(openness="secret")
    promised.submit(secret)
    centre.put(spill())
    register(centre, Petitioner())
    return centre


def test_when_anybody_opens_every_figure_then_each_row_behind_it_opens_and_they_add_up(
    full: RunningCentre, address: str
) -> None:
    """Whatever a reader may not open is in no figure; a series they may not see has none."""
    seen: dict[str, set[str]] = {}
    for who, username in READERS.items():
        with signed_in(address, username) as client:
            paths = {of for name in VIEWS for of in opened(client, name)}
            answers = {of: client.get(of).status_code for of in sorted(paths)}
        assert {of: code for of, code in answers.items() if code != 200} == {}, who
        seen[who] = paths
    secret = {of for of in seen["supervisor"] if "/suggestions/" in of}
    assert seen["handler of water"] & secret < seen["handler of housing"] & secret < secret
    assert not any("/budget/" in of for of in seen["officer"])
    assert any("/points/" in of for of in seen["handler of water"] ^ seen["supervisor"])


def opened(client: httpx.Client, name: str) -> Iterator[str]:
    """The paths of all rows behind the figures of a view, which have as many as they say."""
    asked = {"year": "2026", **({"quarter": "4"} if name == "towns" else {})}
    found = view(client, name, **asked)
    refused = {of["series"] for of in found["lacking"]}
    for at, column in enumerate(found["columns"]):
        cells = {line["key"]: line["cells"][at] for line in (*found["lines"], *found["sums"])}
        if column["series"] in refused:
            assert all(of == {"value": None, "rows": 0, "hidden": False} for of in cells.values())
        sums = {line["key"]: cells[line["key"]] for line in found["sums"]}
        of_lines = sum(of["rows"] for key, of in cells.items() if key not in sums)
        assert of_lines == sum(of["rows"] for of in sums.values())
        for key, cell in sums.items():
            if cell["rows"]:
                behind = rows(client, name, key, column["name"], **asked)
                assert behind["total"] == cell["rows"]
                if column["kind"] == "money":
                    assert cell["value"] == sum(of["amount_fen"] for of in behind["rows"])
                yield from (of["path"] for of in behind["rows"])


def test_given_a_role_without_a_platform_then_its_figures_are_unknown_and_the_page_says_so(
    clerk: httpx.Client, officer: httpx.Client
) -> None:
    """An officer of the environment sees no money: that is not nothing paid."""
    everything(clerk)
    found = view(officer, "water", year="2026")
    page = officer.get("/cases/views/water").text
    assert {"series": "budget/payments", "why": "not-permitted"} in found["lacking"]
    assert {of["paid"] for of in figures(found).values()} == {None}
    assert "您没有查看“项目支付”的权限" in page
    assert "只统计您有权查看的记录" in page


def test_given_nothing_loaded_then_each_view_says_which_table_is_missing_and_where_it_comes_in(
    clerk: httpx.Client,
) -> None:
    """No empty chart, and no zero that nobody counted."""
    for name in VIEWS:
        page = clerk.get(f"/cases/views/{name}")
        assert page.status_code == 200
        assert page.text.count("所选范围内没有您能看到的") >= (name != "towns"), name
        assert ("<table" in page.text) == (name == "towns"), name
        assert "<figure" not in page.text
    assert 'href="/imports/"' in clerk.get("/cases/views/water").text


def test_given_no_year_and_a_table_that_is_late_then_the_year_before_is_shown_and_named(
    clerk: httpx.Client,
) -> None:
    """Whoever chooses the year gets it, with what it lacks."""
    suits_loaded(clerk, "2025-10,区水利局,9,9,9")
    found = view(clerk, "documents")
    assert found["last"] == "2025-12-31"
    assert rows(clerk, "documents", "water", "lost")["total"] == 1
    assert "现在显示：2025年" in clerk.get("/cases/views/documents").text
    chosen = clerk.get("/cases/views/documents", params={"year": "2026", "unit": "water"}).text
    assert "现在显示：2026年、区水利局" in chosen
    assert "没有您能看到的“行政应诉”" in chosen


def test_given_a_view_and_a_figure_then_both_go_out_as_tables_with_the_filters(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Money in yuan; the table has the lines of the page, the sums last."""
    taken_in(clerk, "lines", LINES)
    answer = clerk.get("/cases/views/topics.csv", params={"topic": "education"})
    heads, *lines = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert heads == ["主题", "建议件数", "已答复件数", "预算条数", "预算金额（元）"]
    assert lines[-1] == ["合计", "", "", "1", "500000"]
    query = {"line": "education", "column": "budget"}
    behind = clerk.get("/cases/views/topics/rows.csv", params=query).text
    assert len(behind.splitlines()) == 2
    assert clerk.get("/cases/views/topics.xlsx").content.startswith(b"PK")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("views/nothing", 404),
        ("views/topics/rows?line=nothing&column=lines", 404),
        ("views/topics/rows?line=education&column=nothing", 404),
        ("views/topics?year=20x6", 422),
        ("views/water?year=1999", 422),
    ],
)
def test_a_view_line_or_column_that_is_none_is_refused(
    deputy: httpx.Client, path: str, status: int
) -> None:
    """On the page in words, over the API by its status."""
    assert deputy.get(f"/api/v1/cases/{path}").status_code == status
    assert deputy.get(f"/cases/{path}").status_code == status


FACTS = st.lists(
    st.builds(
        Fact,
        st.just("一条"),
        st.just("/somewhere"),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        state=st.sampled_from(("data", "word", "open")),
        unit=st.sampled_from(("water", "housing", "", None)),
        number=st.sampled_from((1, 7, None)),
    ),
    max_size=12,
)


@given(facts=FACTS, unit=st.sampled_from(("", "water", "court")))
def test_whatever_the_rows_each_is_counted_once_in_a_line_and_once_in_the_sum(
    facts: list[Fact], unit: str
) -> None:
    """Where one is hidden, so is each figure of which it is a part; none other is."""
    asked, of = Asked(year="2026", unit=unit), VIEWS["promises"]
    days = date(2026, 1, 1), date(2026, 12, 31)
    found = table(of, Rows(*days, {"duty/promises": facts}, ()), asked, ("water", "housing"))
    meant = [one for one in facts if unit in ("", one.unit) or one.unit is None]
    for at, column in enumerate(of.columns):
        counted = [one for one in meant if not column.states or one.state in column.states]
        assert sum(line.cells[at].rows for line in found.lines) == len(counted)
        (whole,) = (line.cells[at] for line in found.sums)
        hidden = any(one.number is None for one in counted)
        assert (whole.rows, whole.hidden) == (len(counted), hidden)
        assert hidden is (whole.value is None)
        for line in found.lines:
            own = [one for one in counted if (one.unit or "") == line.key]
            assert line.cells[at].hidden == any(one.number is None for one in own)
