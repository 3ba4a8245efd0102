"""Dead letters on page and API: looked at, sent again, let go of, by an officer alone."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from api.tables import AUDIT
from config.vocabulary import topics, wire
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from config.vocabulary.refusals import Details, Reason
from ingest.arrival.intake import Message
from ingest.arrival.replay import LocalDeadLetters
from ingest.journal.deadletters import DeadLetters
from ingest.journal.refusal import Chosen, Refusal
from qingyuan.maintenance.replay import RemoteDeadLetters
from tests.api.conftest import NOW_MS, RunningCentre

BOOT = "cd" * 16
STATION = "tonglv-jinsha"
GOOD = {"w21003": Measured(0.5, Cause.NORMAL)}
OLD_MS = NOW_MS - 40 * 86_400_000


@pytest.fixture
def local(centre: RunningCentre) -> LocalDeadLetters:
    """The dead letters that the pages use."""
    found = centre.services.deadletters
    assert isinstance(found, LocalDeadLetters)
    return found


@pytest.fixture
def kept(local: LocalDeadLetters) -> DeadLetters:
    """Three samples older than a spool keeps them, a torn one, and one on a topic of nobody."""
    body = wire.encode_live(Sample(OLD_MS, Clock.SYNCHRONISED, GOOD), oldest=1, sent_ms=0)
    local.committer.take(
        [
            *(
                Message(topics.readings_topic("tongzhou", STATION, BOOT, n), body)
                for n in (1, 2, 3)
            ),
            Message(topics.readings_topic("tongzhou", STATION, BOOT, 4), b'{"<script>": \xff'),
            Message("some/where", b"{}"),
        ]
    )
    return local.deadletters


def letters(client: httpx.Client, **asked: object) -> list[dict[str, object]]:
    """A page of the API."""
    answer = client.get("/api/v1/dead-letters", params=asked)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["letters"]
    return found


def audited(centre: RunningCentre) -> list[tuple[str, dict[str, object]]]:
    """What the audit says was done."""
    with centre.services.state.begin() as connection:
        rows = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id)).all()
    return [(row.action, json.loads(row.detail)) for row in rows if "letters" in row.action]


def test_given_refusals_when_listed_then_each_has_its_reason_particulars_and_body(
    officer: httpx.Client, kept: DeadLetters
) -> None:
    """By station, by reason, and a page at a time."""
    assert len(letters(officer)) == 5
    (torn,) = letters(officer, station=STATION, reason="unreadable")
    assert torn["body"] == '{"<script>": \\xff'
    assert torn["replayable"] is False
    (stray,) = letters(officer, station="-")
    assert (stray["reason"], stray["topic"]) == ("stray-topic", "some/where")
    old = letters(officer, reason="impossible-time")[0]
    assert old["details"] == {
        "reason": "impossible-time",
        "t": OLD_MS,
        "earliest": NOW_MS - 30 * 86_400_000,
        "latest": NOW_MS + 86_400_000,
    }
    page = officer.get("/api/v1/dead-letters", params={"most": 3}).json()
    rest = letters(officer, before=page["next"], most=3)
    assert len({one["id"] for one in [*page["letters"], *rest]}) == 5
    assert officer.get("/api/v1/dead-letters?reason=nonsense").status_code == 422


def test_given_refusals_when_the_page_is_opened_then_it_says_what_to_do_and_escapes_the_body(
    officer: httpx.Client, kept: DeadLetters
) -> None:
    """In plain words; no code of a stranger's runs on it."""
    page = officer.get(
        f"/environment/operations/refusals?station={STATION}&reason=unreadable"
    ).text
    assert "内容无法读取" in page
    assert "由工程师处理。" in page
    assert "<script>&#34;" not in page
    assert html.escape('{"<script>": \\xff', quote=True).replace("&quot;", "&#34;") in page
    old = officer.get("/environment/operations/refusals?reason=impossible-time").text
    assert "校准站点时钟" in old
    assert "处理后可以重新接收。" in old
    assert old.count('name="ids"') == 3


def test_given_a_selection_when_replayed_from_the_page_then_it_is_journaled_and_gone(
    officer: httpx.Client, kept: DeadLetters, local: LocalDeadLetters, centre: RunningCentre
) -> None:
    """One of a selection, then all of the reason; a replay is no loss, and audited with a name."""
    one, *_ = letters(officer, reason="impossible-time")
    answer = officer.post("/environment/operations/refusals/replay", data={"ids": [one["id"]]})
    assert answer.status_code == 303
    assert "已重新接收 1 条，入库数据 1 个" in officer.get(answer.headers["location"]).text

    every = {"reason": "impossible-time", "every": "yes", "ids": ["ab" * 8]}
    answer = officer.post("/environment/operations/refusals/replay", data=every)

    assert "letters=2&readings=2&again=0" in answer.headers["location"]
    assert {one.reason for one in kept.newest()} == {Reason.STRAY_TOPIC, Reason.UNREADABLE}
    assert len(local.committer.journal.read(0)[-1].columns) == 2
    assert local.committer.ledger.lost(STATION) == 0
    assert [action for action, _ in audited(centre)] == [
        "deadletters.replay",
        "deadletters.replayed",
    ] * 2


def test_given_what_still_does_not_hold_when_replayed_then_it_stays_with_its_reason(
    officer: httpx.Client, kept: DeadLetters
) -> None:
    """And what holds no sample is left as it is."""
    answer = officer.post("/api/v1/dead-letters/replay", json={"station": STATION})
    assert answer.json() == {"letters": 4, "readings": 3, "again": 1, "left": 0}
    assert [one["reason"] for one in letters(officer, station=STATION)] == ["unreadable"]
    answer = officer.post("/api/v1/dead-letters/replay", json={"station": "-"})
    assert answer.json() == {"letters": 0, "readings": 0, "again": 0, "left": 1}
    assert len(letters(officer, station="-")) == 1


def test_given_letters_nobody_needs_when_forgotten_then_the_reason_stands_in_the_audit(
    officer: httpx.Client, kept: DeadLetters, centre: RunningCentre
) -> None:
    """Without one nothing goes, on page and API."""
    (torn,) = letters(officer, reason="unreadable")
    for why in ("", "  "):
        answer = officer.post(
            "/environment/operations/refusals/forget", data={"ids": torn["id"], "why": why}
        )
        assert answer.status_code == 422
        assert "请写明不再需要的理由" in answer.text
    body = {"ids": [torn["id"]]}
    assert officer.post("/api/v1/dead-letters/forget", json=body).status_code == 422
    assert kept.count() == 5

    body |= {"why": "测试数据"}
    assert officer.post("/api/v1/dead-letters/forget", json=body).json()["letters"] == 1

    assert (torn["id"] in {one.id for one in kept.newest()}, kept.count()) == (False, 4)
    action, detail = audited(centre)[0]
    assert (action, detail["why"], detail["ids"]) == (
        "deadletters.forget",
        "测试数据",
        [torn["id"]],
    )


def test_given_letters_newer_than_the_page_when_all_are_forgotten_then_these_stay(
    officer: httpx.Client, kept: DeadLetters
) -> None:
    """Nobody has seen them. Of a later page only what is ticked is meant."""
    page = officer.get("/environment/operations/refusals?reason=impossible-time").text
    (before,) = re.findall(r'name="before" value="(\d+)"', page)
    new = replace(kept.listed(Chosen(reason=Reason.IMPOSSIBLE_TIME))[0].refusal, seq=9)
    kept.refuse([new])

    form = {"reason": "impossible-time", "before": before, "every": "yes", "why": "旧数据"}
    officer.post("/environment/operations/refusals/forget", data=form)

    assert [one for one in kept.newest() if one.reason is Reason.IMPOSSIBLE_TIME] == [new]
    assert 'name="every"' in page
    later = officer.get(
        f"/environment/operations/refusals?reason=stray-topic&before={before}"
    ).text
    assert 'name="ids"' in later
    assert 'name="every"' not in later


def test_given_nothing_named_then_nothing_is_done(
    officer: httpx.Client, kept: DeadLetters
) -> None:
    """All of everything is never meant by leaving out."""
    for path, form in (("replay", {}), ("forget", {"why": "w"}), ("replay", {"every": "yes"})):
        answer = officer.post(f"/environment/operations/refusals/{path}", data=form)
        assert answer.status_code == 422
        assert "请先选择" in answer.text
    assert officer.post("/api/v1/dead-letters/replay", json={}).status_code == 422
    assert kept.count() == 5


def test_a_deputy_neither_sees_nor_replays_them(
    deputy: httpx.Client, stranger: httpx.Client, kept: DeadLetters
) -> None:
    """Nor does anybody from another site, or who has not signed in."""
    assert deputy.get("/environment/operations/refusals").status_code == 403
    assert deputy.get("/api/v1/dead-letters").status_code == 403
    body = {"station": STATION, "why": "w"}
    for deed in ("replay", "forget"):
        assert deputy.post(f"/api/v1/dead-letters/{deed}", json=body).status_code == 403
        assert (
            deputy.post(f"/environment/operations/refusals/{deed}", data=body).status_code == 403
        )
        assert stranger.post(f"/api/v1/dead-letters/{deed}", json=body).status_code == 401
    assert kept.count() == 5


def test_a_page_of_another_site_replays_nothing(officer: httpx.Client, kept: DeadLetters) -> None:
    """Whoever follows a link there is signed in here."""
    headers = {"Origin": "http://elsewhere"}
    for path in ("/environment/operations/refusals/replay", "/api/v1/dead-letters/replay"):
        answer = officer.post(path, json={"station": STATION}, headers=headers)
        assert answer.status_code == 403
    assert kept.count() == 5


@pytest.fixture
def away(centre: RunningCentre, tmp_path: Path) -> Iterator[None]:
    """The pages are a process of their own, and the core's machine is another one."""
    local = centre.services.deadletters
    centre.services = replace(centre.services, deadletters=RemoteDeadLetters(tmp_path / "nobody"))
    yield
    centre.services = replace(centre.services, deadletters=local)


def test_given_a_core_out_of_reach_then_page_and_api_say_so(
    away: None, officer: httpx.Client
) -> None:
    """Plainly, and never as a list without letters."""
    for answer in (
        officer.get("/environment/operations/refusals"),
        officer.post(
            "/environment/operations/refusals/replay", data={"station": STATION, "every": "yes"}
        ),
    ):
        assert answer.status_code == 503
        assert "暂时无法访问中心接收程序" in answer.text
        assert "没有符合条件" not in answer.text
    assert officer.get("/api/v1/dead-letters").status_code == 503
    for deed, why in (("replay", {}), ("forget", {"why": "w"})):
        answer = officer.post(f"/api/v1/dead-letters/{deed}", json={"station": STATION, **why})
        assert (answer.status_code, answer.json()["detail"][:15]) == (503, "no core listens")


def test_given_a_batch_of_an_unknown_station_when_replayed_then_all_its_samples_are_taken(
    officer: httpx.Client, local: LocalDeadLetters
) -> None:
    """The content of all stands with the first letter; the others go with it."""
    rows = [Numbered(BOOT, n, Sample(NOW_MS - n, Clock.SYNCHRONISED, GOOD)) for n in range(1, 9)]
    body = wire.encode_history(rows, oldest=1, sent_ms=0)
    unknown = topics.history_topic("tongzhou", "unbuilt", BOOT, 1, 8)
    local.committer.take([Message(unknown, body)])
    assert {one.reason for one in local.deadletters.newest()} == {Reason.UNKNOWN_STATION}
    built = topics.history_topic("tongzhou", STATION, BOOT, 1, 8)
    found = local.deadletters.newest()
    local.deadletters.remove(Chosen())
    local.deadletters.refuse(replace(one, topic=built, station=STATION) for one in found)

    answer = officer.post("/api/v1/dead-letters/replay", json={"reason": "unknown-station"})

    assert answer.json() == {"letters": 8, "readings": 8, "again": 0, "left": 7}
    assert local.deadletters.count() == 0


@pytest.mark.parametrize(
    "body", [b'"\\ud800"', b"[" * 9000, b"9" * 6000, b"NaN", b"\0\x1b[31m", b"", "水".encode()]
)
def test_given_any_body_then_page_and_api_show_it(
    officer: httpx.Client, local: LocalDeadLetters, body: bytes
) -> None:
    """Whatever anybody published."""
    local.deadletters.refuse([Refusal(NOW_MS, "t", "", "", 0, Details(Reason.UNREADABLE), body)])
    assert officer.get("/environment/operations/refusals").status_code == 200
    assert len(letters(officer)) == 1


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_with_all_particulars_has_a_page(
    officer: httpx.Client, local: LocalDeadLetters, reason: Reason
) -> None:
    """Whatever stands in them, no calendar's instants and no known indicators included."""
    details = Details(
        reason,
        ("w21003", "nobody-knows"),
        ("ppm", "ppm"),
        further=90,
        t=2**53,
        earliest=0,
        latest=NOW_MS,
        kept=None,
        refused=1.5,
        version=2,
        size=70_000,
        largest=65_536,
        fault="<b>",
    )
    one = Refusal(NOW_MS, "t", "unbuilt", BOOT, 1, details, b"[" * 9000)
    local.deadletters.refuse([one])
    page = officer.get(f"/environment/operations/refusals?reason={reason}").text
    assert "另有 90 个指标" in page
    assert "&lt;b&gt;" in page
