"""Hits of texts: made at once or kept, the same after any order of changes, judged by people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count as counting

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from api.platforms.documents.laws import repository as laws
from api.platforms.documents.laws.records import Entry
from api.platforms.documents.rulebook import actions as rulebook
from api.platforms.documents.rulebook import repository
from api.platforms.documents.rulebook.records import Hit, Judgement
from api.platforms.documents.rulebook.tables import HITS
from api.platforms.documents.texts import repository as texts
from documents.checks.documents import load
from documents.checks.engine import run
from documents.checks.records import CheckDocument
from documents.laws.records import Law
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered
from tests.api.deadline_rules import core_of
from tests.api.documents.test_texts import kept, sent
from tests.conftest import examples

both = pytest.mark.parametrize("kind", BOTH)
FINES = """通州区犬只管理办法

通政规〔2024〕7号

第一条 为了加强犬只管理，制定本办法。

第二条 养犬人不得携犬进入公园。违反本条规定的，处以二百元罚款。

第三条 违反本办法的，依照《中华人民共和国治安管理处罚法》第七十五条的规定处以罚款。

第四条 本办法自2024年5月1日起施行。
"""


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "lianluo")
        yield client


@pytest.fixture
def maker(address: str) -> Iterator[httpx.Client]:
    """Somebody of the unit that made the texts."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "shuili")
        yield client


def hits(centre: RunningCentre, text: int, version: int | None = None) -> tuple[Hit, ...]:
    """As a page has them."""
    with centre.services.state.read() as connection:
        return rulebook.hits(connection, centre.services, text, version)


def count(centre: RunningCentre) -> int:
    """Rows that are kept."""
    with centre.services.state.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(HITS)) or 0


@both
def test_given_a_fine_and_one_by_law_when_asked_at_once_and_kept_then_the_same_hits_with_the_excuse(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """The job keeps a row a check; they change nothing of what a page says."""
    text = kept(clerk, FINES)
    at_once = hits(centre, text)
    assert count(centre) == 0
    rulebook.renew(core_of(centre))
    assert count(centre) > 10
    assert hits(centre, text) == at_once
    fines = [of for of in at_once if of.check == "penalty"]
    assert [(of.label, of.excluded is None) for of in fines] == [
        ("第二条", True),
        ("第三条", False),
    ]
    assert fines[0].words == "处以二百元罚款"
    assert (fines[0].law, fines[0].clause) == ("行政处罚法", "第十六条")


@both
def test_given_hits_when_people_judge_them_then_the_check_learns_how_often_it_is_right_and_no_deputy_sees(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client, maker: httpx.Client
) -> None:
    """A word stays while the article keeps its number and words; what was found worth a review is
    asked about in like clauses of other texts; taken back, it is as if nobody had said any.
    """
    text = kept(clerk, FINES)
    other = kept(clerk, FINES.replace("犬只", "宠物").replace("〔2024〕7", "〔2024〕8"))
    api = f"/api/v1/documents/texts/{text}/checks"
    fine = next(of for of in clerk.get(api).json()["hits"] if of["words"] == "处以二百元罚款")
    word = {"hit": fine["key"], "verdict": "fault", "reason": "没有法律依据的罚款"}
    assert clerk.post(api, json={**word, "hit": "0" * 20}).status_code == 404
    assert clerk.post(api, json={**word, "verdict": "guilty"}).status_code == 422
    said = clerk.post(api, json=word).json()["judged"]
    assert (said["verdict"], said["reason"]) == ("fault", "没有法律依据的罚款")
    check = clerk.get("/api/v1/documents/checks/penalty").json()
    assert (check["right"], check["wrong"]) == (1, 0)
    elsewhere = [of for of in hits(centre, other) if of.check == "alike"]
    assert [(of.label, "犬只管理办法" in of.why) for of in elsewhere] == [("第二条", True)]
    assert [of for of in hits(centre, text) if of.check == "alike"] == []
    amended = FINES.replace("制定本办法", "结合本区实际，制定本办法")
    assert sent(clerk, amended, of=text, after=1).status_code == 201
    page = clerk.get(f"/documents/texts/{text}/checks").text
    assert "认为值得审查：没有法律依据的罚款" in page
    assert clerk.post(api, json={**word, "verdict": "open", "reason": "看错了"}).status_code == 201
    assert [of for of in hits(centre, other) if of.check == "alike"] == []
    for person in (deputy, maker):
        assert person.get(api).status_code == 403
        assert person.get(f"/documents/texts/{text}/checks").status_code == 403
        assert person.get(f"/documents/texts/{text}/similar").status_code == 403
        assert "/checks" not in person.get(f"/documents/texts/{text}").text


CHECKS = {of.id: of for of in load()}
PENALTY, OVER = CHECKS["penalty"], CHECKS["validity-over"]
PHRASES: list[str] = list(PENALTY.parameters["phrases"])  # type: ignore[call-overload]
VARIANTS: dict[str, tuple[CheckDocument, ...]] = {
    "penalty": (
        PENALTY,
        replace(PENALTY, exclusions=()),
        replace(PENALTY, on=False),
        replace(PENALTY, parameters={**PENALTY.parameters, "phrases": (*PHRASES, "不得携犬")}),
    ),
    "validity-over": (OVER, replace(OVER, parameters={"years": 2})),
}
ADVERTS = Law(title="养犬条例", kind="local", source="区人大公告", mark="read")
LAWS = (ADVERTS, replace(ADVERTS, repealed=date(2025, 1, 1)))
DOGS = FINES.replace("制定本办法", "根据《养犬条例》，制定本办法").replace(
    "起施行", "起施行，有效期至2027年4月30日"
)
CHANGES = st.one_of(
    *(st.tuples(st.just(name), st.sampled_from(of)) for name, of in VARIANTS.items()),
    st.tuples(st.just("law"), st.sampled_from(LAWS)),
    st.tuples(st.just("fault"), st.sampled_from(["fault", "clear", "open"])),
    st.tuples(st.just("renew"), st.none()),
    st.tuples(st.just("day"), st.sampled_from([0, 300, 900])),
)


@given(
    changes=st.lists(CHANGES, max_size=8),
    last=st.tuples(
        st.sampled_from(VARIANTS["penalty"]),
        st.sampled_from(VARIANTS["validity-over"]),
        st.sampled_from(LAWS),
        st.sampled_from(["fault", "open"]),
        st.sampled_from([0, 300, 900]),
    ),
    order=st.permutations(range(5)),
    renewed=st.booleans(),
)
@settings(max_examples=examples(40))
def test_given_any_order_of_changes_that_ends_in_one_rulebook_then_the_hits_are_those_made_at_once(
    centre: RunningCentre,
    clerk: httpx.Client,
    changes: list[tuple[str, object]],
    last: tuple[object, ...],
    order: list[int],
    renewed: bool,
) -> None:
    """Hits that are kept between changes never show: what is given is what the engine finds by the
    checks, laws, faults and day at the end.
    """
    with centre.services.state.read() as connection:
        known = repository.count(connection)
    if not known:
        kept(clerk, DOGS)
        kept(clerk, FINES)
    names = ("penalty", "validity-over", "law", "fault", "day")
    ending = [(names[at], last[at]) for at in order]
    for name, value in [*changes, *ending, *([("renew", None)] if renewed else ())]:
        changed(centre, name, value)
    answered = [_plain(of) for of in hits(centre, 1)]
    with centre.services.state.read() as connection:
        book = repository.book(connection, rulebook.today(centre.services))
        document = texts.document(connection, texts.versions(connection, 1)[0].id)
    faulty = book.faulty_elsewhere(1)
    found = run(document, book.checks, book.table, book.on, faulty)
    assert answered == [(of.check, of.label, of.words, of.why, of.excluded) for of in found]


_NUMBERS = counting(2)


def changed(centre: RunningCentre, name: str, value: object) -> None:
    """One change, without its trial."""
    number = next(_NUMBERS)
    if name == "renew":
        rulebook.renew(core_of(centre))
    elif name == "day":
        centre.clock.now_ms = NOW_MS + int(str(value)) * 86_400_000
    else:
        with centre.services.state.begin() as connection:
            if isinstance(value, CheckDocument):
                repository.save(connection, replace(value, version=number), "lianluo", NOW_MS)
            elif isinstance(value, Law):
                laws.save(connection, Entry(value, number, saved_ms=NOW_MS))
            else:
                word = Judgement(2, "penalty", "k", str(value), "罚款", "第二条",  # type: ignore[arg-type]
                                 "养犬人不得携犬进入公园。", "别的办法", "陈明", NOW_MS)  # fmt: skip
                repository.judge(connection, word, 2, "lianluo")


def _plain(of: Hit) -> tuple[str, str, str, str, str | None]:
    return of.check, of.label, of.words, of.why, of.excluded
