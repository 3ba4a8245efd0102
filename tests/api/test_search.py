"""One search over everything: who sees which hit, its rank, its paragraph, its page, its API."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.records import Account, Reach, Secrecy, Unit
from api.accounts.repositories.units import Units
from api.platforms.environment.searched import actions as searched
from api.roster import ROSTER
from api.search.index import LONGEST, Asked, Entry, Found, SearchIndex
from api.shape import Platform
from config.settings import Settings
from config.vocabulary.time import DAY_MS
from ingest.state import export
from ingest.state.database import open_state
from qingyuan.runtime.site import MIGRATIONS
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, spill
from tests.api.test_acting import DEPUTY, acting, clerk  # noqa: F401 - fixtures
from tests.api.toy import notes
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy.notes import Note
from tests.api.toy.permission import ToyPermission
from tests.api.toy_second import papers
from tests.api.toy_second.manifest import PLATFORM as PAPERS
from tests.api.toy_second.permission import PapersPermission
from tests.conftest import examples

pytestmark = pytest.mark.parametrize("kind", BOTH)
SEARCH = "/api/v1/search"
NAMES = tuple("abc")
READER = Account(
    "somebody", "某人", reaches=(Reach(frozenset({ToyPermission.READ, PapersPermission.READ})),)
)


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """Both toy platforms are there as well."""
    return (*ROSTER, TOY, PAPERS)


def asked(client: httpx.Client, q: str, **more: Any) -> dict[str, Any]:
    """The answer of the API."""
    answer = client.get(SEARCH, params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def found(centre: RunningCentre, text: str, **more: Any) -> Found:
    """The answer to one who sees whatever both platforms have."""
    return SearchIndex(centre.services.state).found(READER, Asked(text, **more))


def test_given_two_platforms_then_two_roles_find_different_hits_totals_and_facets(
    centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """A deputy reads notes alone; an officer papers too. Nothing tells of the hidden ones."""
    notes.write(centre.services, Note("河道边有异味", public=True))
    notes.write(centre.services, Note("河道清淤的内部意见", secrecy=Secrecy.RESTRICTED))
    papers.write(centre.services, "7", "河道管理办法", ["第一条", "整治河道。"])
    ours, theirs = asked(deputy, "河道"), asked(officer, "河道")
    assert [hit["title"] for hit in ours["hits"]] == ["河道边有异味"]
    assert (ours["total"], ours["platforms"]) == (1, {"toy": 1})
    assert ours["kinds"] == [{"platform": "toy", "kind": "note", "hits": 1}]
    assert {hit["title"] for hit in theirs["hits"]} >= {"河道边有异味", "河道管理办法"}
    assert theirs["platforms"]["papers"] == 1
    assert theirs["total"] == sum(theirs["platforms"].values())


@pytest.mark.parametrize("held", [(), ("toy",), ("toy", "papers")])
def test_given_no_permission_of_a_kind_then_nothing_of_it_is_found(
    centre: RunningCentre, held: tuple[str, ...]
) -> None:
    """Also where it was published: that is for those who may see the kind."""
    notes.write(centre.services, Note("河道", public=True))
    papers.write(centre.services, "7", "河道")
    granted = {"toy": ToyPermission.READ, "papers": PapersPermission.READ}
    account = Account("x", "x", reaches=tuple(Reach(frozenset({granted[of]})) for of in held))
    answer = SearchIndex(centre.services.state).found(account, Asked("河道"))
    assert set(answer.platforms) == set(held)
    assert answer.total == len(held)


things = st.lists(
    st.builds(
        Note,
        text=st.text(st.sampled_from("河道整"), min_size=1, max_size=4),
        unit=st.none() | st.sampled_from(NAMES),
        secrecy=st.sampled_from(Secrecy),
        public=st.booleans(),
        concerned=st.frozensets(st.sampled_from(NAMES), max_size=2),
    ),
    max_size=6,
)
reaches = st.lists(
    st.builds(
        Reach,
        st.sampled_from([frozenset(), frozenset({ToyPermission.READ})]),
        st.sampled_from(["", *NAMES]),
        st.sampled_from(Secrecy),
    ),
    max_size=3,
)


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(written=things, reaches=reaches, text=st.sampled_from(["河", "道", "河道", "整河"]))
def test_given_any_units_and_reaches_then_the_search_finds_what_the_list_shows(
    centre: RunningCentre, written: list[Note], reaches: list[Reach], text: str
) -> None:
    """The same predicate for hits, total and facets as for the list of the platform; b lies
    below a.
    """
    services, index = centre.services, SearchIndex(centre.services.state)
    with services.state.begin() as connection:
        for name in NAMES:
            unit = Unit(name, name, "other", "a" if name == "b" else None)
            Units(services.state).add(connection, unit)
    centre.clock.now_ms += 2 * DAY_MS
    notes.forget(_core(centre))
    for note in written:
        notes.write(services, note)
    account = Account("somebody", "某人", reaches=tuple(reaches))
    listed = notes.listing(services, account, text)
    answer = index.found(account, Asked(text), most=100)
    assert sorted(int(hit.subject.id) for hit in answer.hits) == [at for at, _ in listed]
    assert answer.total == sum(answer.platforms.values()) == sum(answer.kinds.values())
    assert answer.total == len(listed)


def _core(centre: RunningCentre) -> Any:
    return centre.services  # it has all that a job of the notes asks for


def test_given_marks_that_change_then_who_finds_it_changes_in_the_same_transaction(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """A paper that becomes restricted is gone for whom it is not meant; so is one removed."""
    papers.write(centre.services, "7", "河道管理办法")
    assert asked(officer, "管理办法")["total"] == 1
    papers.write(centre.services, "7", "河道管理办法", secrecy=Secrecy.RESTRICTED)
    restricted = asked(officer, "管理办法")["total"]
    papers.write(centre.services, "7", "湖泊管理办法")
    assert asked(officer, "湖泊")["total"] == 1
    assert asked(officer, "河道")["platforms"].get("papers", 0) == 0
    index = SearchIndex(centre.services.state)
    with centre.services.state.begin() as connection:
        index.remove(connection, papers.reference("7"))
        index.remove(connection, papers.reference("8"))
    assert asked(officer, "湖泊")["total"] == 0
    reach = centre.services.roles.by_id["officer"].secrecy
    assert restricted == int(reach >= Secrecy.RESTRICTED)


def test_given_a_word_at_character_20000_then_it_is_found_with_its_paragraph(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """In a text of two hundred paragraphs, and in one of a single one."""
    long = [f"第{at}段，" + "前" * 100 for at in range(200)]
    papers.write(centre.services, "1", "长文", [*long, "此处才说到河道整治。"])
    papers.write(centre.services, "2", "长段", ["前" * 20_000 + "河道整治" + "后" * 20_000])
    hits = {hit["id"]: hit for hit in asked(officer, "河道整治")["hits"]}
    assert (hits["1"]["paragraph"], hits["2"]["paragraph"]) == (201, 1)
    for hit in hits.values():
        assert [of["text"] for of in hit["snippet"] if of["marked"]] == ["河道整治"]
        assert len("".join(of["text"] for of in hit["snippet"])) < 200


def test_given_words_in_several_paragraphs_then_the_thing_is_found_where_most_of_them_stand(
    centre: RunningCentre,
) -> None:
    """All must stand in one thing, in its title or anywhere in its text."""
    papers.write(centre.services, "1", "关于河道", ["污水处理。", "污水与整治。"])
    papers.write(centre.services, "2", "关于河道", ["只说污水。"])
    (hit,) = found(centre, "河道 污水 整治").hits
    assert (hit.subject.id, hit.paragraph) == ("1", 2)


def test_given_hits_then_those_in_the_title_come_first_then_more_of_them_then_newer_ones(
    centre: RunningCentre,
) -> None:
    """Whatever was written first."""
    papers.write(centre.services, "once", "甲", ["河道。"], at_ms=3)
    papers.write(centre.services, "newer", "乙", ["河道。"], at_ms=4)
    papers.write(centre.services, "often", "丙", ["河道，河道，河道。"], at_ms=2)
    papers.write(centre.services, "title", "河道", at_ms=1)
    order = [hit.subject.id for hit in found(centre, "河道").hits]
    assert order == ["title", "often", "newer", "once"]


def test_given_a_platform_a_kind_a_time_or_a_unit_then_the_answer_is_narrowed(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """The end of the time is left out; a unit has those below it."""
    notes.write(centre.services, Note("河道", public=True))
    papers.write(centre.services, "1", "河道", at_ms=100)
    papers.write(centre.services, "2", "河道", at_ms=200, unit="jinsha-delegation")

    def ids(**more: Any) -> set[str]:
        return {hit["id"] for hit in asked(officer, "河道", **more)["hits"]}

    assert ids(platform="papers") == {"1", "2"}
    assert ids(platform="papers", kind="paper", from_ms=200) == {"2"}
    assert ids(platform="papers", until_ms=200) == {"1"}
    assert ids(unit="jinsha-delegation") == {"2"}
    assert ids(platform="none") == set()


def test_given_more_than_are_counted_then_the_answer_says_so_and_none_is_lost_to_a_narrower_one(
    centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The title that has the word comes first, though it was written before all others."""
    monkeypatch.setattr("api.search.index.COUNTED", 30)
    papers.write(centre.services, "title", "河道")
    index = SearchIndex(centre.services.state)
    assert index.put_all(_many(31)) == 31
    assert index.put_all(_many(32)) == 1
    answer = found(centre, "河道")
    assert (answer.total, answer.bounded) == (30, True)
    assert answer.hits[0].subject.id == "title"
    assert sum(answer.platforms.values()) == 30
    assert found(centre, "河道 第7号").total == 1
    assert not found(centre, "河道 第7号").bounded


def _many(count: int) -> list[Entry]:
    return [
        Entry(
            subject=papers.reference(str(at)),
            permission=PapersPermission.READ,
            words="papers.paper",
            title="公文",
            path="/papers/",
            paragraphs=[f"河道第{at}号"],
            at_ms=at,
        )
        for at in range(count)
    ]


def test_given_a_text_too_long_then_it_is_refused_whole(centre: RunningCentre) -> None:
    """Rather than found by its beginning alone."""
    with pytest.raises(ValueError, match="put it in parts"):
        papers.write(centre.services, "1", "长文", ["文" * LONGEST])


def test_given_a_clerk_who_acts_for_a_deputy_then_the_search_is_the_deputys(
    centre: RunningCentre,
    acting: httpx.Client,  # noqa: F811
) -> None:
    """王芳 alone has no permission; for 陈明 she reads notes, and no papers."""
    notes.write(centre.services, Note("河道边有异味", public=True))
    papers.write(centre.services, "7", "河道管理办法")
    assert asked(acting, "河道")["platforms"] == {"toy": 1}


def test_given_a_question_then_the_page_marks_it_and_writes_no_text_as_html(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Everything that people wrote is escaped; each hit leads to its page."""
    papers.write(centre.services, "7", "<b>河道</b>", ["<script>alert('河道')</script>"])
    page = officer.get("/search/", params={"q": "河道"}).text
    assert "<script>alert" not in page
    assert "&lt;b&gt;<mark>河道</mark>&lt;/b&gt;" in page
    assert 'href="/papers/7#p' in page
    assert "公文" in page
    assert 'value="河道"' in page
    assert "&lt;script&gt;" in officer.get("/search/", params={"q": "<script>"}).text


def test_given_nothing_found_then_the_page_advises_and_without_a_question_it_explains(
    deputy: httpx.Client,
) -> None:
    """The box stands in the head of every page."""
    assert "没有找到" in deputy.get("/search/", params={"q": "没有的词"}).text
    assert "没有找到" not in deputy.get("/search/").text
    assert 'action="/search/"' in deputy.get("/environment/").text
    assert asked(deputy, "   ")["total"] == 0
    assert deputy.get(SEARCH, params={"q": "长" * 201}).status_code == 422
    assert deputy.get(SEARCH).status_code == 422


def test_given_a_page_of_twenty_then_the_others_follow_and_each_hit_stands_on_one(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Narrowed in the same way."""
    SearchIndex(centre.services.state).put_all(_many(45))
    page = officer.get("/search/", params={"q": "河道", "kind": "paper", "page": 2}).text
    assert "第 2 页，共 3 页" in page
    assert page.count('<article class="card hit">') == 20
    assert "kind=paper&amp;page=3" in page
    ids = [
        hit["id"] for first in (0, 20, 40) for hit in asked(officer, "河道", first=first)["hits"]
    ]
    assert sorted(ids, key=int) == [str(at) for at in range(45)]


def test_given_a_backup_then_a_restored_centre_finds_everything_before_and_after_segments_are_made(
    centre: RunningCentre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The segments are no part of it: a restored database makes its own."""
    rooms = [*MIGRATIONS, *TOY.migrations]
    papers.write(centre.services, "7", "河道管理办法", ["整治。"])
    export.dump(centre.services.state, tmp_path / "dump")
    (tmp_path / "second").mkdir()
    second = open_state(Settings(data_dir=tmp_path / "second"))
    second.migrate(rooms)
    with second.begin() as connection:
        export.load(connection, tmp_path / "dump", rooms)
    index = SearchIndex(second)
    assert index.found(READER, Asked("整治")).total == 1
    monkeypatch.setattr("api.search.postings.DUE", 10**9)
    assert index.complete() == 1
    assert index.complete() == 0
    assert index.found(READER, Asked("整治")).total == 1
    with second.begin() as connection:
        index.remove(connection, papers.reference("7"))
    assert index.found(READER, Asked("整治")).total == 0
    second.close()


def test_given_stations_and_events_then_they_are_found_by_name_river_and_what_was_said(
    centre: RunningCentre, officer: httpx.Client, kind: str
) -> None:
    """The job follows the record; whoever may not see alerts finds none."""
    alert = centre.put(spill())
    services = centre.services
    with services.state.begin() as connection:
        services.events.of_alert(connection, alert, "river tonglv", "ammonia-over-class", NOW_MS)
    searched.follow(_core(centre))
    stations = asked(officer, "平潮")["hits"]
    assert "/environment/stations/tonglv-pingchao" in {hit["address"] for hit in stations}
    assert asked(officer, "tonglv-pingchao", kind="station")["total"] == 1
    (event,) = asked(officer, "氨氮超标 平潮", kind="event")["hits"]
    assert event["address"] == f"/environment/events/{alert.id}"
    assert officer.get(event["address"]).status_code == 200
    assert "预警事件" in officer.get("/search/", params={"q": "氨氮超标"}).text
    index = SearchIndex(services.state)
    before = index.count("environment")
    searched.fill(_core(centre))
    assert index.count("environment") == before
    assert index.found(READER, Asked("氨氮")).total == 0
