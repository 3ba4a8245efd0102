"""Four rates, each with its denominator, and each number the number of rows that it opens."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Mapping

import httpx
import pytest
import sqlalchemy as sa
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from api.platforms.duty.statistics import actions
from api.platforms.duty.statistics.records import (
    HANDLED,
    MEASURES,
    OF_PROMISES,
    Asked,
    AskedRows,
    Group,
    Year,
    counts_of,
    ordered,
    total,
)
from api.platforms.duty.tables import SUGGESTION
from api.web.forms import NotAccepted
from config.vocabulary.time import MINUTE_MS
from scripts.paper_template import suggestions_year
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.duty.handling_hands import DISSATISFIED, PROMISE_OF_WORKS, SATISFIED, Handling
from tests.api.duty.suggestion_hands import CLERK, HEAD, HOUSING, LEAD, SECOND, THIRD, WATER


@pytest.fixture
def work(centre: RunningCentre) -> Handling:
    """Nothing is written yet."""
    return Handling(centre)


def rated(work: Handling, item_id: str, by_lead: Mapping[str, str]) -> None:
    """Everybody rates, so that the window is over."""
    for who in (SECOND, THIRD):
        work.rate(who, item_id, **SATISFIED)
    work.rate(LEAD, item_id, **by_lead)


@pytest.fixture
def year(work: Handling) -> Handling:
    """Six suggestions: in hand; answered with the window open; silent; satisfied with a promise
    kept and one open; satisfied of class B; dissatisfied.
    """
    work.handled()
    open_window = work.answered()
    work.rate(SECOND, open_window, **SATISFIED)
    silent = work.answered()
    satisfied = work.answered(PROMISE_OF_WORKS, {**PROMISE_OF_WORKS, "measure": "公开结果"})
    rated(work, satisfied, SATISFIED)
    under_way = work.signed()
    work.assign(under_way, unit="water")
    work.take(WATER, under_way, "sign-for")
    return _finish(work, silent, satisfied, under_way)


def _finish(work: Handling, silent: str, satisfied: str, under_way: str) -> Handling:
    work.contact(under_way, by=WATER)
    work.reply(under_way, by=WATER, result="B")
    rated(work, under_way, SATISFIED)
    unhappy = work.answered()
    rated(work, unhappy, DISSATISFIED)
    with work.services.state.begin() as connection:
        gone = sa.update(SUGGESTION).where(SUGGESTION.c.id == int(silent))
        connection.execute(gone.values(state="closed"))
    first, _ = work.promises(LEAD, satisfied)
    work.promise(HOUSING, first.row["id"], "report", report="已完成", day=work.today)
    work.promise(LEAD, first.row["id"], "confirm")
    return work


def figures(work: Handling, who: str = CLERK, **asked: str) -> Mapping[str, int]:
    """The sum of what was chosen."""
    work.centre.clock.now_ms += 60_000
    groups = actions.found(work.services, work.people[who], Asked(**asked))  # type: ignore[arg-type]
    return total(groups)


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_year_then_each_figure_opens_exactly_its_rows(year: Handling) -> None:
    """For all that may be chosen, as every role that sees figures."""
    found = figures(year)
    assert {name: found[name] for name in ("assigned", "answered", "rated", "silent")} == {
        "assigned": 6,
        "answered": 5,
        "rated": 3,
        "silent": 1,
    }
    assert (found["satisfied"], found["dissatisfied"], found["class_a"]) == (2, 1, 4)
    assert found["confirmed"] == 1
    assert [found[name] for name in OF_PROMISES] == [2, 1, 1]
    chosen = ({}, {"unit": "water"}, {"year": "2026", "session": "between"}, {"topic": "other"})
    for who, asked, name in itertools.product((LEAD, CLERK, HEAD), chosen, MEASURES):
        lines, _ = actions.lines(year.services, year.people[who], AskedRows(measure=name, **asked))
        assert len(lines) == figures(year, who, **asked)[name], (who, asked, name)


def test_given_a_step_that_is_taken_back_then_it_counts_no_more(work: Handling) -> None:
    """And what went back to the office is in no unit's figures."""
    item_id = work.answered()
    assert figures(work)["answered"] == 1
    work.withdraw(HOUSING, item_id)
    assert figures(work)["answered"] == 0
    returned = work.assigned()
    assert figures(work)["assigned"] == 2
    work.take(HOUSING, returned, "ask-return", return_unit="water", article="三定", why="职责")
    work.take(CLERK, returned, "grant-return")
    assert figures(work)["assigned"] == 1


def test_given_an_open_window_then_no_figure_tells_how_it_was_rated(work: Handling) -> None:
    """Units read figures that others print."""
    item_id = work.answered()
    before = figures(work)
    work.rate(LEAD, item_id, **DISSATISFIED)
    assert figures(work) == before


def test_given_secret_ones_then_they_count_for_those_who_see_them(work: Handling) -> None:
    """Sums and rows go by the same rule."""
    item_id = work.handled()
    with work.services.state.begin() as connection:
        connection.execute(sa.update(SUGGESTION).values(secrecy=2, openness="secret"))
    work.contact(item_id)
    work.reply(item_id)
    assert figures(work, LEAD)["assigned"] == 0
    assert figures(work, CLERK)["assigned"] == 1
    rows, _ = actions.lines(work.services, work.people[LEAD], AskedRows())
    assert rows == []


@given(
    state=st.sampled_from(HANDLED),
    answers=st.integers(0, 2),
    result=st.sampled_from([None, *"ABCD"]),
    outcome=st.sampled_from(["", "satisfied", "fairly", "dissatisfied"]),
    promised=st.lists(st.sampled_from(["open", "reported", "kept", "broken", "given-up"])),
)
def test_given_any_suggestion_then_no_part_is_more_than_its_whole(
    state: str, answers: int, result: str | None, outcome: str, promised: list[str]
) -> None:
    """Each rate lies within 0 and 1; who is silent is never among the rated."""
    found = counts_of({"state": state, "round": answers, "result": result}, outcome, promised)
    assert found["answered"] <= found["assigned"]
    assert found["rated"] + found["silent"] <= found["answered"]
    assert found["rated"] == found["satisfied"] + found["fairly"] + found["dissatisfied"]
    assert found["confirmed"] <= found["class_a"] <= found["answered"]
    assert found["kept"] <= found["claimed"] <= found["promised"]
    if state == "answered":
        assert not found["rated"] + found["silent"] + found["confirmed"]


@given(st.permutations(["water", "housing", "finance", "gone"]))
def test_given_units_in_any_order_then_they_stand_in_the_official_one(keys: list[str]) -> None:
    """A unit that the list knows no more stands last."""
    groups = [Group(key, {}) for key in keys]
    found = ordered("unit", groups, ["finance", "housing", "water"])
    assert [of.key for of in found] == ["finance", "housing", "water", "gone"]


def test_given_the_pages_then_nobody_sorts_by_a_rate_and_links_lead_to_their_rows(
    year: Handling, address: str
) -> None:
    """Neither the page nor the API knows a word for it."""
    with httpx.Client(base_url=address, timeout=60) as clerk:
        entered(clerk, CLERK)
        page = clerk.get("/duty/statistics").text
        for path in (
            "/duty/statistics",
            "/api/v1/duty/statistics",
            "/api/v1/duty/statistics/rows",
        ):
            for order in ("sort", "order", "rank", "by_rate"):
                assert clerk.get(path, params={order: "rate"}).status_code == 422, (path, order)
        groups = clerk.get("/api/v1/duty/statistics").json()["groups"]
        official = [of.id for of in actions.units(year.services.state)]
        assert [of["key"] for of in groups] == sorted(("housing", "water"), key=official.index)
        links = re.findall(r'href="(/duty/statistics/rows\?[^"]+)">(\d+)</a>', page)
        assert len(links) > 20
        for path, count in links[:12]:
            rows = clerk.get(path.replace("&amp;", "&").replace("/duty/", "/api/v1/duty/", 1))
            assert len(rows.json()["rows"]) == int(count), path
            assert clerk.get(path.replace("&amp;", "&")).status_code == 200
        assert clerk.get("/duty/statistics.xlsx").status_code == 200


def test_given_a_year_then_its_report_is_frozen_in_word(year: Handling, address: str) -> None:
    """The paper keeps its figures when the suggestions go on; no year that has not begun."""
    with httpx.Client(base_url=address, timeout=60) as clerk:
        entered(clerk, CLERK)
        body = {"kind": "duty.suggestions-year", "parameters": {"year": "2026"}}
        made = clerk.post("/api/v1/reports", json=body)
        assert made.status_code == 201, made.text
        path = f"/api/v1/reports/{made.json()['id']}/paper.docx"
        word = clerk.get(path)
        document = Document(io.BytesIO(word.content))
        text = "\n".join(of.text for of in document.paragraphs)
        assert "答复率83.3%（5 ÷ 6" in text
        assert "期满未评价 1 件" in text
        units = next(of for of in document.tables if of.rows[0].cells[0].text == "承办单位")
        assert len(units.rows) == 3
        year.centre.clock.now_ms += MINUTE_MS
        year.handled()
        assert figures(year)["assigned"] == 7
        assert clerk.get(path).content == word.content
    with pytest.raises(NotAccepted):
        actions.freeze(year.services, year.people[CLERK], Year("2031"))


def test_given_the_template_then_it_is_the_one_that_the_script_writes() -> None:
    """Whoever adds a figure writes it anew."""
    assert actions.KIND.template.read_bytes() == suggestions_year()
