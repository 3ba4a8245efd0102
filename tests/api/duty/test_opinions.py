"""Opinions of voters: written without an account, answered by the deputy, and known to nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from api import audit
from api.accounts.records import Clerk
from api.deadlines.opening import deadlines_of
from api.open_forms.receipts import receipt, receipt_hash
from api.open_forms.sending import MOST_OF_ADDRESS
from api.platforms.duty.opinions import actions, repository, wording
from api.platforms.duty.opinions.procedure import PROCEDURE
from api.platforms.duty.opinions.records import (
    CLOSED,
    UNANSWERED,
    Identity,
    NotColleague,
    NotForYou,
    NotReceived,
    Written,
    without_identity,
)
from api.platforms.duty.opinions.tables import IDENTITY, OPINION
from api.ports import Reference
from api.procedures import taking
from api.procedures.part import NextStep, part_of
from api.procedures.ports import todos
from api.procedures.refusals import NotByHand, NotWithdrawn, UnknownThing
from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import DAY_MS
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.duty.opinion_hands import CODE, NAMES, TEXT, Opinions
from tests.api.duty.suggestion_hands import (
    CLERK,
    EVERYBODY,
    HEAD,
    HOUSING,
    LEAD,
    SECOND,
    THIRD,
)
from tests.conftest import examples

STATES = tuple(of.name for of in PROCEDURE.states)


@pytest.fixture
def work(centre: RunningCentre) -> Opinions:
    """Nothing is written yet."""
    return Opinions(centre)


@pytest.fixture
def clients(work: Opinions, address: str) -> Iterator[dict[str, httpx.Client]]:
    """Everybody, signed in."""
    found = {who: httpx.Client(base_url=address, timeout=60) for who in EVERYBODY}
    yield {who: entered(client, who) for who, client in found.items()}
    for client in found.values():
        client.close()


@pytest.mark.parametrize("kind", BOTH)
def test_given_the_page_without_an_account_then_a_voter_writes_and_reads_the_answer_by_the_code(
    work: Opinions, stranger: httpx.Client, address: str
) -> None:
    """A faulty form comes back with everything; sent twice it is one opinion with one code; the
    code shows the state and the answer, and lies in no table.
    """
    page = stranger.get(work.page())
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "第一选区" in page.text
    form = {**TEXT, **NAMES, "key": str(uuid.uuid4())}
    faulty = stranger.post(work.page(), data={**form, "title": "", "phone": "无"})
    assert faulty.status_code == 422
    assert 'id="wrong-title"' in faulty.text
    assert 'id="wrong-phone"' in faulty.text
    for said in (TEXT["body"], TEXT["location"], NAMES["name"], form["key"]):
        assert said in faulty.text
    sent = stranger.post(work.page(), data=form)
    assert sent.status_code == 200
    (code,) = CODE.findall(sent.text)
    assert code in stranger.post(work.page(), data=form).text, "sent twice"
    other = stranger.post(work.page(), data={**form, "body": "换了一段话，请代表过问。"})
    assert code not in other.text, "another text under the same key is another opinion"
    with work.services.state.read() as connection:
        (first, _) = connection.execute(sa.select(OPINION).order_by(OPINION.c.id)).mappings()
    assert code.replace("-", "") not in str(dict(first)).replace("-", "")
    assert (first["state"], first["deputy"]) == ("received", LEAD)
    with httpx.Client(base_url=address, timeout=60) as deputy:
        entered(deputy, LEAD)
        path = f"/duty/opinions/{first['id']}"
        assert TEXT["title"] in deputy.get("/duty/opinions").text
        assert TEXT["title"] in deputy.get("/").text, "it waits on the workbench"
        answer = {"answer": "已请供电所更换。"}
        assert deputy.post(f"{path}/steps/answer", data=answer).status_code == 303
    shown = stranger.post("/open/opinions", data={"code": code.lower().replace("-", " ")})
    assert "代表已答复" in shown.text
    assert "已请供电所更换。" in shown.text
    for hidden in (*TEXT.values(), *NAMES.values(), "陈明"):
        assert hidden not in shown.text
    wrong = stranger.post("/open/opinions", data={"code": "0000-0000-0000-0000"})
    assert wrong.status_code == 404
    assert "0000-0000-0000-0000" in wrong.text
    assert stranger.get("/open/deputies/zzzzzzzz").status_code == 404


def test_given_programs_and_floods_then_they_are_refused_and_people_lose_nothing(
    work: Opinions, stranger: httpx.Client
) -> None:
    """The hidden field comes back empty; too much from an address waits, with its text."""
    trapped = stranger.post(work.page(), data={**TEXT, "website": "http://spam"})
    assert trapped.status_code == 422
    assert "http://spam" not in trapped.text
    assert TEXT["body"] in trapped.text
    for n in range(MOST_OF_ADDRESS):
        data = {**TEXT, "body": f"第{n}次：{TEXT['body']}"}
        assert stranger.post(work.page(), data=data).status_code == 200
    flood = stranger.post(work.page(), data=TEXT)
    assert flood.status_code == 429
    assert int(flood.headers["retry-after"]) > 0
    assert TEXT["body"] in flood.text
    elsewhere = {"Origin": "https://evil.example"}
    assert stranger.post(work.page(), data=TEXT, headers=elsewhere).status_code == 403


def test_given_a_deputy_of_no_running_term_then_the_page_takes_nothing_and_says_so(
    work: Opinions, stranger: httpx.Client
) -> None:
    """The next term has codes of its own; what was written meanwhile is not lost."""
    page = work.page()
    work.centre.clock.now_ms -= 10 * 366 * DAY_MS
    assert stranger.get(page).status_code == 410
    refused = stranger.post(page, data=TEXT)
    assert refused.status_code == 410
    assert "任期" in refused.text


def own_steps(work: Opinions, item: str) -> list[tuple[str, NextStep]]:
    """Each step that is possible now, with everybody who may take it."""
    found = []
    for who in EVERYBODY:
        try:
            part = part_of(work.services, work.people[who], PROCEDURE, item)
        except UnknownThing:
            continue
        found += [(who, of) for of in part.following if of.against is None]
    return found


def assert_goes_on(work: Opinions, item: str) -> list[tuple[str, NextStep]]:
    """Somebody leads it on, and knows of it by a term or on the workbench; or it is an end, where
    no term runs.
    """
    state, steps = work.of(item)["state"], own_steps(work, item)
    running = [of for of in deadlines_of(work.services).of_subject(reference(item)) if of.open]
    if PROCEDURE.closed(state):
        assert not steps
        assert not running
        return []
    assert any(of.step.to not in ("", state) for _, of in steps), f"nobody leads on from {state}"
    if state in UNANSWERED:
        waits = [who for who in EVERYBODY if todos(work.services, work.people[who], PROCEDURE)]
        assert waits or running, f"in state {state} it waits for nobody"
    deputy = work.of(item)["deputy"]
    assert all(work.who(of) == (deputy,) for of in running)
    assert {who for who, _ in steps} <= {deputy, CLERK}
    return steps


def reference(item: str) -> Reference:
    """Points at an opinion."""
    return Reference("duty", "opinion", item)


WAYS_TO = {
    "received": (),
    "unassigned": ("not-mine",),
    "passing": ("ask-pass",),
    "passed": ("ask-pass", "pass-on"),
    "returned": ("pass", "outcome"),
    "suggested": ("suggest",),
    "answered": ("answer",),
    "closed": ("answer", "close"),
    "dismissed": ("not-mine", "dismiss"),
}


def walked(work: Opinions, state: str) -> str:
    """An opinion in a state, by the hands that may."""
    item = work.received()
    for name in WAYS_TO[state]:
        by = {of.step.name: who for who, of in assert_goes_on(work, item)}
        work.step(by[name], item, name, **work.values(name))
    assert work.of(item)["state"] == state
    return item


def test_given_any_state_then_it_is_reached_and_somebody_leads_on_or_it_is_an_end(
    work: Opinions,
) -> None:
    """All nine; the centre's own step is nobody's."""
    assert set(WAYS_TO) == set(STATES)
    assert set(STATES) == {*UNANSWERED, *CLOSED, "answered"}
    for state in STATES:
        item = walked(work, state)
        assert_goes_on(work, item)
        if state == "answered":
            with pytest.raises(NotByHand):
                work.step(CLERK, item, "expire")


@settings(max_examples=examples(20))
@given(data=st.data())
def test_whatever_likely_deeds_then_somebody_leads_on_and_the_voter_is_told_a_state(
    work: Opinions, data: st.DataObject
) -> None:
    """From any state on: steps by whoever may, and steps taken back. An answer is shown in the
    states that have one alone.
    """
    item = walked(work, data.draw(st.sampled_from(STATES)))
    for _ in range(data.draw(st.integers(1, 6))):
        steps = assert_goes_on(work, item)
        if not steps or (data.draw(st.booleans()) and data.draw(st.booleans())):
            with taking.acts(work.services, PROCEDURE, work.people[CLERK]) as acting:
                try:
                    taking.withdraw(acting, item, "误操作")
                except NotWithdrawn:
                    continue
        else:
            who, of = data.draw(st.sampled_from(steps))
            given = dict(work.values(of.step.name))
            if of.step.name == "reassign":
                row = work.of(item)
                given["deputy"] = actions.colleagues(work.services, row)[0].username
            work.step(who, item, of.step.name, **given)
    assert_goes_on(work, item)
    if work.of(item)["state"] == "answered":
        assert work.of(item)["answer"]


def test_given_a_voter_s_identity_then_nobody_but_the_deputy_sees_it_anywhere(
    work: Opinions, clients: dict[str, httpx.Client]
) -> None:
    """Units, other deputies, the office without consent; lists, exports, item, search, audit, the
    suggestion that it became, messages and events: all without it, also where the voter wrote it
    into the text. Looking at it is recorded, without it.
    """
    body = f"{TEXT['body']}我是{NAMES['name']}，电话138 7766 5544。"
    item = work.received(body=body)
    made = actions.suggest(work.services, work.people[LEAD], item, None)
    work.submit(made)
    path = f"/duty/opinions/{item}"
    assert "我是＊＊，电话＊＊。" in work.of(item)["body"]
    everywhere = [
        *(path, f"/api/v1{path}/procedure"),
        *("/", "/duty/opinions?show=all", "/duty/opinions.csv?show=all"),
        *("/api/v1/duty/opinions?show=all", f"/api/v1/items/duty/opinion/{item}"),
        *(f"/duty/suggestions/{made}", f"/api/v1/items/duty/suggestion/{made}"),
        "/duty/suggestions.csv",
        *(f"/duty/suggestions/new?source=duty/opinion/{item}", "/notifications/"),
    ]
    for who, client in clients.items():
        for asked in everywhere:
            shown = client.get(asked).text
            assert NAMES["name"] not in shown, (who, asked)
            assert "138 7766 5544" not in shown, (who, asked)
        for words in (NAMES["name"], "13877665544"):
            hits = client.get("/api/v1/search", params={"q": words}).json()["hits"]
            assert hits == [], (who, words)
        sees = {LEAD: 200, CLERK: 200, SECOND: 404, THIRD: 404}
        assert client.get(path).status_code == sees.get(who, 403), who
        looks = {LEAD: 200, SECOND: 404, THIRD: 404}
        assert client.post(f"{path}/identity").status_code == looks.get(who, 403), who
        api = client.post(f"/api/v1{path}/identity")
        assert api.status_code == looks.get(who, 403), who
        assert (NAMES["phone"] in api.text) is (who == LEAD), who
    assert NAMES["name"] in clients[LEAD].post(f"{path}/identity").text
    assert "选民意见第" in work.row(made)["body"]
    assert work.row(made)["source"] == f"duty/opinion/{item}"
    acting = replace(work.people[LEAD], clerk=Clerk(CLERK, "工作人员"))
    with pytest.raises(NotForYou):
        actions.identify(work.services, acting, item)
    looked = audit.search(work.services.state, action="duty.opinion-identity")
    assert {(of.who, of.subject) for of in looked} == {(LEAD, f"duty/opinion/{item}")}
    for of in audit.search(work.services.state, most=1000):
        assert not any(said in f"{of.detail}{of.subject}" for said in NAMES.values())
    for reader in EVERYBODY:
        assert not any(said in text for text in work.heard(reader) for said in NAMES.values())


def test_given_the_voter_s_consent_then_the_office_sees_who_wrote_and_nobody_else(
    work: Opinions, clients: dict[str, httpx.Client]
) -> None:
    """Supervisor and units neither."""
    item = work.received(for_office=True)
    shown = clients[CLERK].post(f"/duty/opinions/{item}/identity")
    assert NAMES["name"] in shown.text
    for who in (HEAD, HOUSING, SECOND):
        assert clients[who].post(f"/duty/opinions/{item}/identity").status_code in (403, 404)


@pytest.mark.parametrize("kind", BOTH)
def test_given_time_then_answered_opinions_close_and_identities_of_closed_ones_are_removed(
    work: Opinions,
) -> None:
    """By the district's own terms; an open one keeps its voter, and the audit says of which."""
    item, still = work.received(), work.received(body=f"{TEXT['body']}另一件。")
    work.step(LEAD, item, "answer", **work.values("answer"))
    work.centre.clock.now_ms += 29 * DAY_MS
    work.keep_terms()
    assert work.of(item)["state"] == "answered"
    work.centre.clock.now_ms += 2 * DAY_MS
    work.keep_terms()
    assert work.of(item)["state"] == "closed"
    work.centre.clock.now_ms += 179 * DAY_MS
    work.keep_terms()
    assert actions.may_identify(work.services, work.people[LEAD], work.of(item))
    work.centre.clock.now_ms += 2 * DAY_MS
    work.keep_terms()
    assert actions.may_identify(work.services, work.people[LEAD], work.of(item)) is None
    with work.services.state.read() as connection:
        left = connection.scalars(sa.select(IDENTITY.c.opinion)).all()
    assert left == [int(still)]
    (gone,) = audit.search(work.services.state, action="duty.opinion-forgotten")
    assert (gone.who, gone.subject) == ("", f"duty/opinion/{item}")


@pytest.mark.parametrize("kind", BOTH)
def test_given_not_mine_then_the_office_gives_it_to_another_of_the_constituency(
    work: Opinions,
) -> None:
    """With who wrote it; the first deputy sees it no more. Answered it is a fact of the other's."""
    item = work.received()
    work.step(LEAD, item, "not-mine", why="请同选区的徐代表处理")
    assert [of.username for of in actions.colleagues(work.services, work.of(item))] == [SECOND]
    with pytest.raises(NotColleague):
        work.step(CLERK, item, "reassign", deputy=THIRD)
    work.step(CLERK, item, "reassign", deputy=SECOND)
    assert work.heard(SECOND)
    with pytest.raises(UnknownThing):
        actions.opinion(work.services, work.people[LEAD], item)
    assert actions.identify(work.services, work.people[SECOND], item).name == NAMES["name"]
    work.step(SECOND, item, "answer", **work.values("answer"))
    with work.services.state.read() as connection:
        (fact,) = connection.execute(repository.answers()).mappings()
    assert (fact["username"], fact["title"]) == (SECOND, TEXT["title"])
    assert (fact["at_ms"], fact["link"]) == (work.centre.clock.now_ms, f"/duty/opinions/{item}")


def test_given_paper_or_a_call_then_the_office_enters_it_and_hands_the_code_out(
    work: Opinions, clients: dict[str, httpx.Client], stranger: httpx.Client
) -> None:
    """With every fault at once and nothing lost; over the API too; the card has the code."""
    form = {**TEXT, **NAMES, "way": "station", "received": work.today, "key": str(uuid.uuid4())}
    faulty = clients[CLERK].post("/duty/opinions/new", data={**form, "way": "page", "title": ""})
    assert faulty.status_code == 422
    for field in ("deputy", "way", "title"):
        assert f'id="wrong-{field}"' in faulty.text, field
    assert TEXT["body"] in faulty.text
    done = clients[CLERK].post("/duty/opinions/new", data={**form, "deputy": THIRD})
    assert done.status_code == 200
    (code,) = CODE.findall(done.text)
    assert "等待代表处理" in stranger.post("/open/opinions", data={"code": code}).text
    named = {name: of for name, of in form.items() if name != "key"}
    body = {**named, "deputy": LEAD, "key": str(uuid.uuid4())}
    made = clients[CLERK].post("/api/v1/duty/opinions", json=body)
    assert made.status_code == 201
    assert CODE.fullmatch(made.json()["receipt"])
    assert clients[CLERK].post("/api/v1/duty/opinions", json=body).json() == made.json()
    own = work.deputy()
    card = clients[LEAD].get(f"/duty/opinions/codes/{own.id}")
    assert f"/open/deputies/{own.code}" in card.text
    assert "<svg" in card.text
    assert clients[SECOND].get(f"/duty/opinions/codes/{own.id}").status_code == 404
    assert "顾军" in clients[CLERK].get("/duty/opinions/codes").text


@pytest.mark.parametrize("path", ["suggest", "reassign"])
def test_given_the_forms_of_a_step_then_they_lead_on_or_say_why_not(
    work: Opinions, clients: dict[str, httpx.Client], path: str
) -> None:
    """The draft opens for writing; another deputy is chosen of those listed."""
    item = work.received()
    address, who = f"/duty/opinions/{item}/{path}", LEAD if path == "suggest" else CLERK
    if path == "reassign":
        work.step(LEAD, item, "not-mine", why="不属于我的选区")
        assert "徐慧" in clients[who].get(address).text
        assert clients[who].post(address, data={"deputy": ""}).status_code == 422
        done = clients[who].post(address, data={"deputy": SECOND})
    else:
        assert f"选民意见第{item}号" in clients[who].get(address).text
        done = clients[who].post(address, data={"version": "1"})
        assert done.headers["location"].endswith("/edit")
        assert clients[who].get(done.headers["location"]).status_code == 200
    assert done.status_code == 303
    assert clients[who].post(address, data={"deputy": SECOND}).status_code == 409


def test_given_a_title_with_a_name_or_a_number_then_it_is_refused_with_the_remedy(
    work: Opinions,
) -> None:
    """Titles stand in messages that leave the centre."""
    for title in ("请打13877665544", f"{NAMES['name']}反映"):
        with pytest.raises(NotReceived) as refused:
            work.received(title=title)
        assert set(refused.value.wrong) == {"title"}


@given(
    digits=st.text("0123456789", min_size=8, max_size=18),
    wide=st.booleans(),
    around=st.text("路灯坏了，：", max_size=5),
)
def test_given_any_long_number_then_what_goes_on_to_others_leaves_it_out(
    digits: str, around: str, *, wide: bool
) -> None:
    """In wide digits too; the day of something stays."""
    said = (
        digits.translate(str.maketrans("0123456789", "０１２３４５６７８９")) if wide else digits
    )
    assert digits not in without_identity(f"{around}{said}{around}", Identity())
    assert without_identity("2026-11-24 在12号楼", Identity()) == "2026-11-24 在12号楼"


@given(seed=st.text(max_size=20), other=st.text(max_size=20))
def test_given_a_code_then_it_is_known_however_it_is_typed_and_is_of_one_form_alone(
    seed: str, other: str
) -> None:
    """Small letters, blanks, and O, I and L for the figures; with another site key it is none."""
    key = b"k" * 32
    code = receipt(key, seed)
    assert CODE.fullmatch(code)
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert receipt_hash(key, typed) == receipt_hash(key, code)
    assert receipt_hash(b"x" * 32, code) != receipt_hash(key, code)
    assert (receipt(key, other) == code) is (other == seed)


def test_given_a_district_s_own_terms_then_they_hold_and_a_fault_names_the_remedy(
    work: Opinions, tmp_path: Path
) -> None:
    """Two numbers of days."""
    own = tmp_path / "duty" / "opinions.toml"
    own.parent.mkdir()
    own.write_text("close_answered = 7\nforget_identity = 90\n", encoding="utf-8")
    assert actions.retention(tmp_path).forget_identity == 90
    actions.retention.cache_clear()
    own.write_text("close_answered = 0\n", encoding="utf-8")
    with pytest.raises(FaultyInput, match="give"):
        actions.retention(tmp_path)
    long = Written({**TEXT, "body": "长" * 2001}, Identity(), "")
    with pytest.raises(NotReceived) as refused:
        actions.check(work.services, long)
    assert "body" in refused.value.wrong
    row = work.of(work.received())
    assert wording.as_suggestion(work.services.words, row, Identity())["openness"] == "public"
