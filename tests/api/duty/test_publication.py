"""Two people release a suggestion, and the public reads that and nothing else of it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Connection
from starlette.datastructures import UploadFile

from api.files.contents import Contents
from api.files.tables import ATTACHMENT, FILE
from api.open_forms.sending import MOST_ASKED
from api.platforms.duty import tables
from api.platforms.duty.publication import actions
from api.platforms.duty.publication.procedure import PROCEDURE
from api.platforms.duty.publication.records import (
    MarksUnanswered,
    NotToPrepare,
    clean,
    marks,
    unanswered,
)
from api.platforms.duty.suggestions import actions as suggestions
from api.procedures import repository, taking
from api.procedures.events import Event
from api.procedures.procedure import Row
from api.procedures.refusals import NotAllowed, NotTheSamePerson, NotYours
from api.procedures.tables import EVENT
from api.tables import ACCOUNT, UNIT
from config.vocabulary.time import MINUTE_MS
from tests.api.audit_hands import hand
from tests.api.conftest import RunningCentre, entered
from tests.api.duty.handling_hands import SATISFIED, Handling
from tests.api.duty.suggestion_hands import CLERK, HEAD, LEAD, SECOND, THIRD
from tests.api.test_access_walk import VALUES, written

TEXTS = {
    "title": "治理河道异味",
    "body": "沿河居民反映异味。",
    "answer": "已完成截污。",
    "unit_name": "区住建局",
    "result": "A",
    "answered_day": "2026-11-24",
}
PUBLIC = ("public_number", *TEXTS)


@pytest.fixture
def work(centre: RunningCentre) -> Handling:
    """Nothing is written yet."""
    return Handling(centre)


def closed(work: Handling, **fields: str) -> str:
    """A suggestion with a file, signatures, a contact, a reply and ratings, closed."""
    item_id = work.drafted(**fields)
    file = UploadFile(io.BytesIO("现场照片说明".encode()), filename="哨兵附件.txt")
    suggestions.attach(work.services, work.people[LEAD], item_id, file)
    suggestions.invite(work.services, work.people[LEAD], item_id, [SECOND, THIRD])
    for username in (SECOND, THIRD):
        work.sign(username, item_id)
    work.submit(item_id)
    number = {"number": f"{item_id}号", "session": "between", "topic": "water"}
    work.take(CLERK, item_id, "accept", **number)
    work.assign(item_id)
    work.take("zhujian", item_id, "sign-for")
    work.contact(item_id)
    work.reply(item_id)
    for who in (LEAD, SECOND, THIRD):
        work.rate(who, item_id, **SATISFIED)
    assert work.row(item_id)["state"] == "closed"
    return item_id


def step(work: Handling, by: str, item: str, name: str, **given: str) -> Event:
    """A step of a release."""
    with taking.acts(work.services, PROCEDURE, work.people[by]) as acting:
        return taking.take(acting, item, name, given)


def row(work: Handling, item: str) -> Row:
    """Of a release."""
    with work.services.state.read() as connection:
        found = repository.row(connection, PROCEDURE, item)
    assert found is not None
    return found


def released(work: Handling, texts: Mapping[str, str] = TEXTS) -> str:
    """The id of a release that the public reads."""
    made = actions.prepare(work.services, work.people[CLERK], closed(work), texts)
    step(work, HEAD, made, "release")
    return made


def test_given_one_who_prepared_then_another_releases_and_anybody_takes_it_down(
    work: Handling,
) -> None:
    """The preparer may not decide, whatever else they may; a release stands for ever or is
    taken down with a reason.
    """
    item_id = closed(work)
    made = actions.prepare(work.services, work.people[CLERK], item_id, TEXTS)
    with pytest.raises(NotYours):
        step(work, CLERK, made, "release")
    with work.services.state.begin() as connection:
        both = sa.update(tables.RELEASE).values(preparer=HEAD)
        connection.execute(both.where(tables.RELEASE.c.id == int(made)))
    with pytest.raises(NotTheSamePerson):
        step(work, HEAD, made, "release")
    with work.services.state.begin() as connection:
        connection.execute(sa.update(tables.RELEASE).values(preparer=CLERK))
    with pytest.raises(NotToPrepare):
        actions.prepare(work.services, work.people[CLERK], item_id, TEXTS)
    step(work, HEAD, made, "release")
    step(work, CLERK, made, "recall", why="当事人要求")
    assert row(work, made)["state"] == "recalled"
    actions.prepare(work.services, work.people[CLERK], item_id, TEXTS)


@pytest.mark.parametrize("openness", ["not", "secret"])
def test_given_a_deputy_who_does_not_agree_then_nothing_is_prepared(
    work: Handling, openness: str
) -> None:
    """Nor released, where the wish was another one when it was prepared; nor before it is
    closed.
    """
    made = actions.prepare(work.services, work.people[CLERK], closed(work), TEXTS)
    with work.services.state.begin() as connection:
        connection.execute(sa.update(tables.SUGGESTION).values(openness=openness))
    with pytest.raises(NotAllowed):
        step(work, HEAD, made, "release")
    for item_id in (closed(work, openness=openness), work.handled()):
        with pytest.raises(NotToPrepare):
            actions.prepare(work.services, work.people[CLERK], item_id, TEXTS)


def test_given_names_and_numbers_then_each_is_taken_out_or_answered(work: Handling) -> None:
    """By the form, by the API and by the step itself alike."""
    item_id = closed(work)
    bad = {**TEXTS, "body": "陈明代表反映，联系人电话１３８ 1234-5678，住通吕路12号3幢401室。"}
    with pytest.raises(MarksUnanswered) as refused:
        actions.prepare(work.services, work.people[CLERK], item_id, bad)
    found = {of.kind: of.text for of in refused.value.marks}
    assert found["phone"] == "１３８ 1234-5678"
    assert {"name", "address"} <= found.keys()
    kept = "\n".join(of.text for of in refused.value.marks)
    made = actions.prepare(work.services, work.people[CLERK], item_id, {**bad, "kept": kept})
    worse = {**bad, "answer": "请联系 zhang@example.cn", "kept": kept}
    with pytest.raises(MarksUnanswered):
        step(work, CLERK, made, "edit", **worse)
    assert row(work, made)["answer"] == TEXTS["answer"]
    with pytest.raises(MarksUnanswered):
        step(work, CLERK, made, "edit", **{**TEXTS, "body": "看不见的\u200b字"})


PHONES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
IDENTITIES = st.from_regex(r"[1-6][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])[0-2][0-9]{4}[0-9X]", fullmatch=True)  # fmt: skip
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@given(number=PHONES | IDENTITIES, wide=st.booleans(), before=st.text("汉字，。 的", max_size=5))
def test_given_any_phone_or_identity_number_then_it_is_marked_where_it_stands(
    number: str, wide: bool, before: str
) -> None:
    """In wide digits too; and nothing is open once each mark is answered."""
    said = number.translate(WIDE) if wide else number
    found = marks({"body": f"{before}{said}，请核实"}, ())
    assert any(said == of.text for of in found), found
    assert not unanswered(found, "\n".join(of.text for of in found))


@given(st.text(max_size=60))
def test_given_any_text_then_what_is_cleaned_holds_no_sign_that_nobody_sees(text: str) -> None:
    """Such signs carry a text of their own."""
    assert not [of for of in marks({"body": clean(text)}, ()) if of.kind == "hidden"]


def test_given_the_pages_then_the_public_reads_what_two_people_released(
    work: Handling, address: str, stranger: httpx.Client
) -> None:
    """Until it is taken down: then it is gone from page, API and feed."""
    item_id = closed(work)
    with httpx.Client(base_url=address, timeout=60) as clerk:
        entered(clerk, CLERK)
        path = f"/duty/suggestions/{item_id}/release"
        assert "平潮段河道异味治理" in clerk.get(path).text
        faulty = clerk.post(path, data={**TEXTS, "body": "电话13812345678"})
        assert faulty.status_code == 422
        assert 'value="13812345678"' in faulty.text
        kept = {**TEXTS, "body": "电话13812345678", "kept": "13812345678"}
        done = clerk.post(path, data=kept)
        assert done.status_code == 303
        release = done.headers["location"]
        assert "checked" in clerk.get(f"{release}/edit").text
        edited = clerk.post(f"{release}/edit", data={**TEXTS, "version": "1"})
        assert edited.status_code == 303
        assert clerk.post(f"{release}/steps/release", data={}).status_code == 403
        assert clerk.get("/duty/releases").status_code == 200
        with httpx.Client(base_url=address, timeout=60) as head:
            entered(head, HEAD)
            assert head.post(f"{release}/steps/release", data={}).status_code == 303
        number = row(work, release.rpartition("/")[2])["public_number"]
        (listed,) = stranger.get("/api/v1/open/suggestions").json()["suggestions"]
        assert listed["number"] == number
        assert "已完成截污" in stranger.get(f"/open/suggestions/{number}").text
        feed = ET.fromstring(stranger.get("/open/feed.xml").content)
        assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 1
        taken = clerk.post(f"{release}/steps/recall", data={"why": "更正"})
        assert taken.status_code == 303
    work.centre.clock.now_ms += MINUTE_MS
    assert stranger.get("/api/v1/open/suggestions").json()["suggestions"] == []
    assert stranger.get(f"/open/suggestions/{number}").status_code == 404
    for _ in range(MOST_ASKED):
        answer = stranger.get("/api/v1/open/suggestions")
        if answer.status_code == 429:
            break
    assert answer.headers["retry-after"]


def test_given_anything_else_of_a_suggestion_then_no_public_answer_depends_on_it(
    work: Handling, stranger: httpx.Client
) -> None:
    """Every address that answers nobody in particular gives the same bytes and headers after all
    other fields of the suggestion, of its rows, files, events and people were exchanged, ids too.
    """
    made = released(work)
    number = row(work, made)["public_number"]
    paths = public_addresses(number)
    before = answers(work, stranger, paths)
    assert "已完成截污".encode() in before["/open/feed.xml"][1]
    exchange_everything_else(work, int(made))
    exchange_files_and_events(work)
    work.centre.clock.now_ms += MINUTE_MS
    after = answers(work, stranger, paths)
    assert after == before
    for path, (_, said) in after.items():
        assert "哨".encode() not in said, path
        assert b"/duty/" not in said or "/open/" not in path, path


def public_addresses(number: str) -> list[str]:
    """Of each route that lets nobody through, with the values of this release."""
    values = {**VALUES, "number": number}
    return [
        path.replace(":path}", "}").format(**values)
        for (method, path), who in written().items()
        if method == "GET" and who[0] == "yes" and path not in ("/healthz", "/metrics")
    ]


def answers(
    work: Handling, stranger: httpx.Client, paths: list[str]
) -> Mapping[str, tuple[Mapping[str, str], bytes]]:
    """Headers and body of each, but for the clock and the key that each form has anew."""
    now = str(work.centre.clock.now_ms).encode()
    key = re.compile(rb'name="key" value="[0-9a-f-]{36}"')
    found = {}
    for path in paths:
        answer = stranger.get(path, headers={"Accept-Encoding": "identity"})
        headers = {name: of for name, of in answer.headers.items() if name != "date"}
        found[path] = headers, key.sub(b"KEY", answer.content.replace(now, b"NOW"))
    return found


def exchange_everything_else(work: Handling, release: int) -> None:
    """Other values in every column of every row of the platform but the public ones of a release,
    and other names of people and units.
    """
    kept = {(tables.RELEASE.name, name) for name in (*PUBLIC, "state")}
    columns = [of for table in tables.METADATA.sorted_tables for of in table.c]
    with work.services.state.begin() as connection:
        connection.execute(sa.text("pragma defer_foreign_keys = on"))
        for column in (*columns, ACCOUNT.c.name, UNIT.c.name):
            table = column.table
            if (table.name, column.name) in kept or column.primary_key or column.foreign_keys:
                continue
            exchange(connection, column)
        moved = sa.update(tables.RELEASE).where(tables.RELEASE.c.id == release)
        connection.execute(moved.values(id=release + 4711))


def exchange_files_and_events(work: Handling) -> None:
    """Another name, content and hash of every file, and other values in all that the events of
    procedures keep, which the database itself lets nobody change.
    """
    with hand(work.services.state) as connection:
        for table in (FILE, ATTACHMENT, EVENT):
            assert connection.scalar(sa.select(sa.func.count()).select_from(table)), table
            for column in table.c:
                if column is not EVENT.c.id and column is not ATTACHMENT.c.id:
                    exchange(connection, column)
    contents = Contents(work.services.files)
    kept = list(contents.hashes())
    assert kept
    for sha256 in kept:
        for path in (contents.path(sha256), contents.found(sha256)):
            path.write_text("哨兵内容", encoding="utf-8")


def exchange(connection: Connection, column: sa.Column[Any]) -> None:
    """Another value of a column in every row."""
    table = column.table
    key = sa.cast(next(iter(table.primary_key)), sa.Text)
    other: Any = {
        str: sa.literal("哨") + key,
        int: sa.type_coerce(column, sa.Integer) + 1,
        date: date(2020, 2, 2),
        bool: True,
    }[column.type.python_type]
    connection.execute(sa.update(table).values({column.name: other}))
