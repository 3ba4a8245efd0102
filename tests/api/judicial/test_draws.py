"""Draws of closed files: nobody chooses, everybody repeats them, and findings name nobody."""

from __future__ import annotations

import hashlib
import subprocess
from collections import Counter
from datetime import date

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from api.accounts.records import Account, Reach
from api.platforms.judicial.draws import actions
from api.platforms.judicial.draws.procedure import PROCEDURE
from api.platforms.judicial.draws.records import DrawRefused, NotDrawn, Repeated, draw, seed_of
from api.platforms.judicial.free_text import TextRefused
from api.platforms.judicial.permission import JudicialPermission
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Row
from api.procedures.refusals import (
    NotAllowed,
    NotFromHere,
    NotTheSamePerson,
    NotWithdrawn,
    NotYours,
)
from config.vocabulary.time import DAY_MS
from tests.api.conftest import BOTH, RunningCentre
from tests.api.duty.meeting_hands import hands
from tests.conftest import examples

HASH = hashlib.sha256(b"the list of the court").hexdigest()
SEE, CHECK, DECIDE = (
    JudicialPermission.SEE,
    JudicialPermission.CHECK,
    JudicialPermission.DECIDE,
)
CLERK = Account("clerk", "工作人员", reaches=(Reach(frozenset({SEE, CHECK})),))
HEAD = Account("head", "主任", reaches=(Reach(frozenset({SEE, CHECK, DECIDE})),))
COURT = Account(
    "court", "书记员", reaches=(Reach(frozenset({SEE, JudicialPermission.SUBMIT}), "court"),)
)
GIVEN = {
    "title": "民事案卷评查",
    "scope": "2026年上半年生效的民事案件",
    "unit": "court",
    "source": "福利彩票3D开奖号码",
    "number_day": "2026-11-26",
}


def announced(centre: RunningCentre, **changes: str) -> str:
    return actions.announce(centre.services, HEAD, GIVEN | changes, "5")


def step(centre: RunningCentre, account: Account, item: str, name: str, **given: str) -> None:
    with taking.acts(centre.services, PROCEDURE, account) as acting:
        taking.take(acting, item, name, given)


def row(centre: RunningCentre, item: str) -> Row:
    with centre.services.state.read() as connection:
        found = procedures.row(connection, PROCEDURE, item)
    assert found
    return found


@settings(max_examples=examples(200))
@given(st.text("0123456789abcdef", min_size=64, max_size=64), st.integers(1, 300), st.data())
def test_given_a_seed_then_the_draw_is_the_same_again_and_has_no_line_twice(
    seed: str, count: int, data: st.DataObject
) -> None:
    size = data.draw(st.integers(1, count))
    found = draw(seed, count, size)
    assert found == draw(seed, count, size)
    assert len(found.numbers) == len(set(found.numbers)) == size
    assert all(1 <= of <= count for of in found.numbers)
    digest = {
        line: hashlib.sha256(f"{seed}:{line}".encode()).hexdigest() for line in range(1, count + 1)
    }
    assert list(found.numbers) == sorted(sorted(digest, key=lambda of: digest[of])[:size])


def test_given_many_seeds_then_each_line_is_drawn_as_often_as_any_other() -> None:
    """Three of ten in 4,000 draws, on seeds that are fixed here."""
    drawn: Counter[int] = Counter()
    for number in range(4000):
        drawn.update(draw(seed_of(HASH, "2026-11-26", str(number)), 10, 3).numbers)
    assert sum(drawn.values()) == 12_000
    assert chisquare([drawn[line] for line in range(1, 11)]).pvalue > 0.001


def test_given_the_line_of_the_page_when_a_shell_runs_it_then_it_draws_the_same() -> None:
    asked = Repeated(list_hash=HASH, day="2026-11-26", number="７ 3 1", count="40", size="6")
    script = f"""H={HASH} D=2026-11-26 X=731 N=40 K=6
S=$(printf %s "$H:$D:$X" | sha256sum | cut -c1-64)
for i in $(seq $N); do printf "%s $i\\n" $(printf %s "$S:$i" | sha256sum | cut -c1-64); done \\
| sort | head -n $K | cut -d' ' -f2 | sort -n"""
    answer = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert [int(of) for of in answer.stdout.split()] == asked.drawn().numbers


def test_given_fields_that_do_not_hold_then_each_is_named() -> None:
    with pytest.raises(NotDrawn) as refused:
        Repeated(list_hash="x", day="26.11.", number="1; rm", count="3", size="4").drawn()
    assert set(refused.value.wrong) == {"list_hash", "day", "number", "size"}


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_list_fixed_in_time_then_two_people_draw_and_what_was_found_is_counted_by_kind(
    centre: RunningCentre,
) -> None:
    item = announced(centre)
    with pytest.raises(NotFromHere):
        step(centre, HEAD, item, "draw", again="731")
    with pytest.raises(DrawRefused):
        step(centre, COURT, item, "fix", count="4", list_hash=HASH)
    with pytest.raises(DrawRefused):
        step(centre, COURT, item, "fix", count="40", list_hash=HASH[1:])
    step(centre, COURT, item, "fix", count="40", list_hash=f"{HASH.upper()}  list.xlsx")
    with pytest.raises(NotAllowed):
        step(centre, CLERK, item, "type", number="731")
    centre.clock.now_ms += 2 * DAY_MS
    with pytest.raises(NotAllowed):
        step(centre, HEAD, item, "drop", why="换一批")
    step(centre, CLERK, item, "type", number="731")
    with pytest.raises(NotYours):
        step(centre, CLERK, item, "draw", again="731")
    with pytest.raises(TextRefused), taking.acts(centre.services, PROCEDURE, HEAD) as acting:
        taking.withdraw(acting, item, "原告张三来电，改录")
    with pytest.raises(DrawRefused):
        step(centre, HEAD, item, "draw", again="713")
    step(centre, HEAD, item, "draw", again="731")
    found = row(centre, item)
    expected = draw(seed_of(HASH, "2026-11-26", "731"), 40, 5)
    assert (found["seed"], actions.numbers(found)) == (expected.seed, expected.numbers)
    assert actions.repeated(found).drawn() == expected
    with pytest.raises(NotWithdrawn), taking.acts(centre.services, PROCEDURE, HEAD) as acting:
        taking.withdraw(acting, item, "重抽")
    with pytest.raises(DrawRefused):
        step(centre, CLERK, item, "review", service="6")
    with pytest.raises(TextRefused):
        step(centre, CLERK, item, "review", service="2", note="(2026)苏0612民初123号未送达")
    step(centre, CLERK, item, "review", service="2", note="送达回证填写不全")
    assert actions.found(row(centre, item)) == {
        **dict.fromkeys(("term", "document", "reasoning", "archive", "conduct"), 0),
        "service": 2,
    }
    content = actions.content(centre.services, row(centre, item))
    assert (content["body"], content["findings"]["送达、告知不规范（件）"]) == ("区人民法院", 2)
    step(centre, COURT, item, "answer", measures="开展送达专项检查")
    step(centre, HEAD, item, "close")
    assert row(centre, item)["state"] == "closed"


def test_given_the_day_has_come_then_no_list_is_taken_and_a_later_number_is_needed(
    centre: RunningCentre,
) -> None:
    with pytest.raises(DrawRefused):
        announced(centre, number_day="2026-11-24")
    item = announced(centre)
    with pytest.raises(NotAllowed):
        step(centre, HEAD, item, "postpone", number_day="2026-12-09")
    centre.clock.now_ms += 2 * DAY_MS
    with pytest.raises(NotAllowed):
        step(centre, COURT, item, "fix", count="40", list_hash=HASH)
    with pytest.raises(DrawRefused):
        step(centre, HEAD, item, "postpone", number_day="2026-11-25")
    step(centre, HEAD, item, "postpone", number_day="2026-12-09")
    step(centre, COURT, item, "fix", count="40", list_hash=HASH)
    found = row(centre, item)
    assert (found["state"], found["number_day"]) == ("fixed", date(2026, 12, 9))


def test_given_one_person_who_may_all_then_they_do_not_type_and_draw(
    centre: RunningCentre,
) -> None:
    item = announced(centre)
    step(centre, COURT, item, "fix", count="40", list_hash=HASH)
    centre.clock.now_ms += 2 * DAY_MS
    step(centre, HEAD, item, "type", number="731")
    with pytest.raises(NotTheSamePerson):
        step(centre, HEAD, item, "draw", again="731")


def test_journey_of_a_head_who_announces_and_a_deputy_who_repeats_a_draw(
    address: str, centre: RunningCentre, deputy: httpx.Client
) -> None:
    with hands(address, "daigongwei") as (head,):
        assert head.get("/judicial/draws/new").status_code == 200
        bad = head.post("/judicial/draws/new", data=GIVEN | {"size": "5", "scope": "张三诉李四案"})
        assert bad.status_code == 422
        assert "福利彩票3D开奖号码" in bad.text
        made = head.post("/judicial/draws/new", data=GIVEN | {"size": "5"})
        assert made.status_code == 303
        path = made.headers["location"]
    assert "民事案卷评查" in deputy.get("/judicial/draws").text
    step(centre, COURT, path.rpartition("/")[2], "fix", count="40", list_hash=HASH)
    assert HASH in deputy.get(path).text
    asked = {"list_hash": HASH, "day": "2026-11-26", "number": "731", "count": "40", "size": "5"}
    numbers = draw(seed_of(HASH, "2026-11-26", "731"), 40, 5).numbers
    page = deputy.get("/judicial/draws/repeat", params=asked)
    assert "、".join(map(str, numbers)) in page.text
    assert deputy.get("/judicial/draws/repeat", params=asked | {"size": "41"}).status_code == 422
    found = deputy.get("/api/v1/judicial/draws/repeat", params=asked).json()
    assert found["numbers"] == numbers
    assert deputy.get("/api/v1/judicial/draws").json()["draws"][0]["drawn"] == []
